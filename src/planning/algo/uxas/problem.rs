//! Tasks, vehicles and times in the form that the searches use. See [`Problem`].

use std::collections::BTreeMap;

use thiserror::Error;

use super::algebra::{Expression, Operator};
use super::automaton::Automaton;

/// Largest time or cost, ms: thirty years; sums stay far from overflow.
const LONGEST_MS: i64 = 1_000_000_000_000;
/// Most times to go that are kept.
const MOST_LEGS: usize = 10_000_000;
/// No way.
pub(super) const NEVER: i64 = i64::MAX / 4;

/// What is to be small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// The time of the vehicle that is longest under way.
    #[default]
    MinMax,
    /// The sum of the vehicles' times.
    Cumulative,
}

/// An option of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskOption {
    /// Its id across tasks.
    pub id: i64,
    /// How long it takes, ms.
    pub cost_ms: i64,
    /// Vehicles that may do it; all, if empty.
    pub eligible: Vec<i64>,
}

/// A time to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The vehicle.
    pub vehicle: i64,
    /// The option it comes from; `None` from where the vehicle is at first.
    pub from: Option<i64>,
    /// The option it goes to.
    pub to: i64,
    /// How long it takes, ms; below zero if it cannot be done.
    pub time_ms: i64,
}

/// Why a problem was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProblemError {
    /// The algebra names an option that there is none of, or one is given twice.
    #[error("option {0} of the algebra is not among the task options exactly once")]
    Option(i64),
    /// A time or cost out of range.
    #[error("{0} ms is out of range: at most {LONGEST_MS}, costs not below zero")]
    Time(i64),
    /// One word would do an option twice.
    #[error("option {0} could be done twice: it stands in two parts of a sequence or parallel")]
    Repeated(i64),
    /// A time to go is given twice.
    #[error("the time of vehicle {0} to option {1} is given twice")]
    Leg(i64, i64),
    /// Too large to be kept in memory.
    #[error("{0} vehicles and {1} options need more than {MOST_LEGS} times")]
    Size(usize, usize),
}

/// Who does what in which order, what it costs, and an interleaving that the algebra allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// What it costs, ms.
    pub cost_ms: i64,
    /// For each vehicle its atoms in order.
    pub routes: Vec<Vec<usize>>,
}

/// A problem that has been checked. Atoms are counted as in the expression, vehicles by id.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What is to be small.
    pub(super) objective: Objective,
    /// The algebra.
    pub(super) automaton: Automaton,
    /// Ids of the vehicles, ascending.
    vehicles: Vec<i64>,
    /// For each vehicle and predecessor (the last one is the start) the time to go to each atom and
    /// do it.
    legs: Vec<i64>,
    /// For each atom, as bits, the atoms that come before it if they are done at all.
    before: Vec<Vec<u64>>,
}

impl Problem {
    /// Checks and gathers everything.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(
        expression: Expression,
        options: &[TaskOption],
        legs: &[Leg],
        objective: Objective,
    ) -> Result<Self, ProblemError> {
        if let Some(id) = expression.repeated() {
            return Err(ProblemError::Repeated(id));
        }
        let automaton = Automaton::new(expression);
        let mut by_id = BTreeMap::new();
        for option in options {
            if !(0..=LONGEST_MS).contains(&option.cost_ms) {
                return Err(ProblemError::Time(option.cost_ms));
            }
            if by_id.insert(option.id, option).is_some() {
                return Err(ProblemError::Option(option.id));
            }
        }
        let of_atom = |id: &i64| by_id.get(id).copied().ok_or(ProblemError::Option(*id));
        let of_atoms: Vec<&TaskOption> = automaton
            .ids()
            .iter()
            .map(of_atom)
            .collect::<Result<_, _>>()?;
        let mut vehicles: Vec<i64> = legs.iter().map(|leg| leg.vehicle).collect();
        vehicles.sort_unstable();
        vehicles.dedup();
        let atoms = automaton.ids().len();
        let size = vehicles
            .len()
            .saturating_mul((atoms + 1).saturating_mul(atoms));
        if size > MOST_LEGS {
            return Err(ProblemError::Size(vehicles.len(), atoms));
        }
        let mut problem = Self {
            objective,
            before: order(automaton.expression(), atoms, Operator::Sequence),
            automaton,
            vehicles,
            legs: vec![NEVER; size],
        };
        problem.fill(&of_atoms, legs)?;
        Ok(problem)
    }

    /// Writes the times into their places.
    fn fill(&mut self, options: &[&TaskOption], legs: &[Leg]) -> Result<(), ProblemError> {
        let mut atoms_of: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (atom, option) in options.iter().enumerate() {
            atoms_of.entry(option.id).or_default().push(atom);
        }
        let start = [options.len()];
        let excluded = order(
            self.automaton.expression(),
            options.len(),
            Operator::Alternative,
        );
        let has = |bits: &[u64], atom: usize| bits[atom / 64] >> (atom % 64) & 1 == 1;
        let mut seen = std::collections::BTreeSet::new();
        for leg in legs {
            if leg.time_ms > LONGEST_MS {
                return Err(ProblemError::Time(leg.time_ms));
            }
            if !seen.insert((leg.vehicle, leg.from, leg.to)) {
                return Err(ProblemError::Leg(leg.vehicle, leg.to));
            }
            let Ok(vehicle) = self.vehicles.binary_search(&leg.vehicle) else {
                continue;
            };
            let from = match leg.from {
                Some(id) => atoms_of.get(&id).map_or(&[][..], |atoms| atoms),
                None => &start,
            };
            for &to in atoms_of.get(&leg.to).map_or(&[][..], |atoms| atoms) {
                let eligible = &options[to].eligible;
                if leg.time_ms < 0 || !eligible.is_empty() && !eligible.contains(&leg.vehicle) {
                    continue;
                }
                for &from in from {
                    // Nobody comes from what is another choice, or from what is to be done later.
                    let cannot_come = from < options.len()
                        && (has(&excluded[from], to)
                            || has(&excluded[to], from)
                            || has(&self.before[from], to));
                    if cannot_come {
                        continue;
                    }
                    let at = (vehicle * (options.len() + 1) + from) * options.len() + to;
                    self.legs[at] = leg.time_ms + options[to].cost_ms;
                }
            }
        }
        Ok(())
    }

    /// Number of atoms.
    pub(super) fn atoms(&self) -> usize {
        self.before.len()
    }

    /// Ids of the vehicles, in the order of routes.
    #[must_use]
    pub fn vehicles(&self) -> &[i64] {
        &self.vehicles
    }

    /// Id of each atom.
    #[must_use]
    pub fn ids(&self) -> &[i64] {
        self.automaton.ids()
    }

    /// Time of a vehicle to go from an atom (its start, if none) to an atom and do it, ms; at least
    /// [`NEVER`] if it cannot.
    pub(super) fn leg(&self, vehicle: usize, from: Option<usize>, to: usize) -> i64 {
        let atoms = self.before.len();
        self.legs[(vehicle * (atoms + 1) + from.unwrap_or(atoms)) * atoms + to]
    }

    /// What times of the vehicles cost together.
    pub(super) fn cost(&self, times: &[i64]) -> i64 {
        match self.objective {
            Objective::MinMax => times.iter().copied().max().unwrap_or(0),
            Objective::Cumulative => times.iter().sum(),
        }
    }

    /// Time of a vehicle on a route.
    pub(super) fn time(&self, vehicle: usize, route: &[usize]) -> i64 {
        let mut from = None;
        let mut time_ms = 0_i64;
        for &to in route {
            time_ms = time_ms.saturating_add(self.leg(vehicle, from, to));
            from = Some(to);
        }
        time_ms
    }

    /// Whether routes can be interleaved as the algebra's order asks; which atoms they have is not
    /// looked at.
    pub(super) fn is_ordered(&self, routes: &[Vec<usize>]) -> bool {
        if self
            .before
            .iter()
            .all(|before| before.iter().all(|&bits| bits == 0))
        {
            return true;
        }
        let mut waiting = vec![0_u64; self.atoms().div_ceil(64)];
        for &atom in routes.iter().flatten() {
            waiting[atom / 64] |= 1 << (atom % 64);
        }
        let mut at = vec![0; routes.len()];
        loop {
            let mut moved = false;
            for (route, at) in routes.iter().zip(&mut at) {
                while let Some(&atom) = route.get(*at) {
                    if self.before[atom]
                        .iter()
                        .zip(&waiting)
                        .any(|(a, b)| a & b != 0)
                    {
                        break;
                    }
                    waiting[atom / 64] &= !(1 << (atom % 64));
                    *at += 1;
                    moved = true;
                }
            }
            if !moved {
                return waiting.iter().all(|&bits| bits == 0);
            }
        }
    }
}

/// For each atom those of earlier parts of the nodes with this operator that it stands in.
fn order(root: &Expression, atoms: usize, of: Operator) -> Vec<Vec<u64>> {
    /// Walks an expression whose first atom is `first`; the number of its atoms.
    fn walk(
        expression: &Expression,
        first: usize,
        of: Operator,
        earlier: &mut [Vec<u64>],
    ) -> usize {
        let Expression::Node(operator, parts) = expression else {
            return 1;
        };
        let mut at = first;
        for part in parts {
            let count = walk(part, at, of, earlier);
            if *operator == of {
                for later in &mut earlier[at..at + count] {
                    (first..at).for_each(|atom| later[atom / 64] |= 1 << (atom % 64));
                }
            }
            at += count;
        }
        at - first
    }
    let mut earlier = vec![vec![0; atoms.div_ceil(64)]; atoms];
    walk(root, 0, of, &mut earlier);
    earlier
}
