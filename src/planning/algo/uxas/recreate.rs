//! Better solutions by taking a few tasks out and putting them back. See [`improve`].

use super::Nodes;
use super::algebra::{Expression, Operator};
use super::problem::{NEVER, Objective, Problem, Solution};
use crate::kernel::math::{exp, pow};
use crate::kernel::random::{DrawKey, Draws, Stream};
use crate::planning::algo::draw_below;

/// Temperatures at the start and at the end, as shares of what an atom takes on average.
const TEMPERATURES: (f64, f64) = (0.1, 0.003);
/// How much the mean of the vehicles' times counts beside the longest.
const MEAN_SHARE: f64 = 0.3;
/// Probability that a place is overlooked, so that the same ruins are not always rebuilt alike.
const OVERLOOKED: f64 = 0.03;

/// Probabilities of exchanging ends of routes and of moving strings; otherwise it recreates.
const CROSSED: f64 = 0.35;
const SHIFTED: f64 = 0.4;

/// Routes and their times.
#[derive(Clone, Debug)]
struct Plan {
    /// For each vehicle its atoms.
    routes: Vec<Vec<usize>>,
    /// For each vehicle its time, ms.
    times: Vec<i64>,
    /// Atoms done.
    done: Vec<bool>,
}

/// What a plan is worth: its cost, and what its vehicles' times add up to.
type Worth = (i64, i64);

/// A place for an atom: the worth of the plan then, the atom, vehicle, place in its route, its time.
type Place = (Worth, usize, usize, usize, i64);

/// Improves a solution until it meets the bound or the nodes are used.
pub(super) fn improve(
    problem: &Problem,
    best: &mut Solution,
    bound_ms: i64,
    seed: u64,
    nodes: &mut Nodes<'_>,
) {
    let mut draws = DrawKey::new(Stream::Placement, 11, 0, 0).draws(seed);
    let mut kept = Plan::new(problem, &best.routes);
    let mut best_worth = kept.worth(problem);
    let mut energy = kept.energy(problem);
    let atoms: usize = kept.routes.iter().map(Vec::len).sum();
    let scale = as_f64(best_worth.1) / as_f64(atoms.max(1) as i64);
    let given = as_f64(i64::try_from(nodes.left).unwrap_or(i64::MAX));
    while best.cost_ms > bound_ms && nodes.left > 0 && atoms > 0 {
        let mut plan = kept.clone();
        let is_whole = match draws.uniform() {
            drawn if drawn < CROSSED => plan.cross(problem, &mut draws, nodes),
            drawn if drawn < CROSSED + SHIFTED => plan.shift(problem, &mut draws, nodes),
            _ => {
                plan.ruin(problem, &mut draws);
                plan.recreate(problem, &mut draws, nodes)
            }
        };
        if !is_whole {
            if !nodes.spend(1) {
                return;
            }
            continue;
        }
        let passed = 1.0 - as_f64(i64::try_from(nodes.left).unwrap_or(i64::MAX)) / given;
        let (first, last) = TEMPERATURES;
        let temperature = scale * first * pow(last / first, passed);
        let now = plan.energy(problem);
        let rise = now - energy;
        if rise <= 0.0 || draws.uniform() < exp(-rise / temperature.max(1e-9)) {
            (kept, energy) = (plan, now);
            let worth = kept.worth(problem);
            if worth < best_worth {
                best_worth = worth;
                *best = Solution {
                    cost_ms: worth.0,
                    routes: kept.routes.clone(),
                };
            }
        }
    }
}

/// A time as a number; exact, as times are below 2^53.
#[expect(clippy::cast_precision_loss, reason = "for annealing alone")]
fn as_f64(ms: i64) -> f64 {
    ms as f64
}

impl Plan {
    /// The plan of routes.
    fn new(problem: &Problem, routes: &[Vec<usize>]) -> Self {
        let times = routes
            .iter()
            .enumerate()
            .map(|(v, route)| problem.time(v, route));
        let mut done = vec![false; problem.atoms()];
        routes.iter().flatten().for_each(|&atom| done[atom] = true);
        Self {
            times: times.collect(),
            routes: routes.to_vec(),
            done,
        }
    }

    /// Its worth.
    fn worth(&self, problem: &Problem) -> Worth {
        (problem.cost(&self.times), self.times.iter().sum())
    }

    /// What annealing brings down: the cost, and beside the longest time also their mean.
    fn energy(&self, problem: &Problem) -> f64 {
        let (cost, sum) = self.worth(problem);
        match problem.objective {
            Objective::Cumulative => as_f64(sum),
            Objective::MinMax => {
                as_f64(cost) + MEAN_SHARE * as_f64(sum) / as_f64(self.times.len() as i64)
            }
        }
    }

    /// Moves a string of atoms, as it is, to the best other place; false if there is none or the
    /// nodes are used.
    fn shift(&mut self, problem: &Problem, draws: &mut Draws, nodes: &mut Nodes<'_>) -> bool {
        let Some((vehicle, at)) = self.drawn(draws) else {
            return false;
        };
        let length = (1 + draw_below(draws, 3)).min(self.routes[vehicle].len() - at);
        if !nodes.spend(self.routes.len() + problem.atoms()) {
            return false;
        }
        let string: Vec<usize> = self.routes[vehicle].drain(at..at + length).collect();
        self.times[vehicle] = problem.time(vehicle, &self.routes[vehicle]);
        let mut places = Vec::new();
        self.places(problem, &string, draws, &mut places);
        places.retain(|place| (place.2, place.3) != (vehicle, at));
        let Some((_, _, to, at, time_ms)) = self.first_ordered(problem, &string, places) else {
            return false;
        };
        self.routes[to].splice(at..at, string);
        self.times[to] = time_ms;
        true
    }

    /// Exchanges what follows an atom of one vehicle for the best end of another's route (Potvin and
    /// Rousseau 1995, 2-opt*); false if there is none or the nodes are used.
    fn cross(&mut self, problem: &Problem, draws: &mut Draws, nodes: &mut Nodes<'_>) -> bool {
        let Some((own, at)) = self.drawn(draws) else {
            return false;
        };
        let cut = at + draw_below(draws, 2);
        if !nodes.spend(self.routes.len() + problem.atoms()) {
            return false;
        }
        let mut found = Vec::new();
        for other in (0..self.routes.len()).filter(|&other| other != own) {
            let (mine, theirs) = (&self.routes[own], &self.routes[other]);
            let prefix = problem.time(own, &mine[..cut]);
            let end = inner(problem, other, &mine[cut..]);
            let mut before = 0;
            let ends: Vec<i64> = ends(problem, own, theirs);
            for (other_cut, end_by_own) in ends.into_iter().enumerate() {
                let last = other_cut.checked_sub(1).map(|last| theirs[last]);
                if let Some(last) = last {
                    let from = other_cut.checked_sub(2).map(|from| theirs[from]);
                    before += problem.leg(other, from, last);
                }
                let join = |by, from: Option<&usize>, to: Option<&usize>| {
                    to.map_or(0, |&to| problem.leg(by, from.copied(), to))
                };
                let own_ms = prefix
                    .saturating_add(join(own, mine[..cut].last(), theirs.get(other_cut)))
                    .saturating_add(end_by_own);
                let other_ms = before
                    .saturating_add(join(other, last.as_ref(), mine.get(cut)))
                    .saturating_add(end);
                let is_same = cut == mine.len() && other_cut == theirs.len();
                if own_ms >= NEVER || other_ms >= NEVER || is_same || draws.uniform() < OVERLOOKED {
                    continue;
                }
                let old = (self.times[own], self.times[other]);
                (self.times[own], self.times[other]) = (own_ms, other_ms);
                found.push((self.worth(problem), other, other_cut, own_ms, other_ms));
                (self.times[own], self.times[other]) = old;
            }
        }
        found.sort_unstable();
        found
            .into_iter()
            .any(|(_, other, other_cut, own_ms, other_ms)| {
                let tail = self.routes[own].split_off(cut);
                let other_tail = self.routes[other].split_off(other_cut);
                self.routes[own].extend(&other_tail);
                self.routes[other].extend(&tail);
                if problem.is_ordered(&self.routes) {
                    (self.times[own], self.times[other]) = (own_ms, other_ms);
                    return true;
                }
                self.routes[own].truncate(cut);
                self.routes[other].truncate(other_cut);
                self.routes[own].extend(tail);
                self.routes[other].extend(other_tail);
                false
            })
    }

    /// An atom that is done, as vehicle and place in its route.
    fn drawn(&self, draws: &mut Draws) -> Option<(usize, usize)> {
        let mut at = draw_below(draws, self.routes.iter().map(Vec::len).sum());
        for (vehicle, route) in self.routes.iter().enumerate() {
            if at < route.len() {
                return Some((vehicle, at));
            }
            at -= route.len();
        }
        None
    }

    /// Takes out a few atoms that follow each other, and some from elsewhere.
    fn ruin(&mut self, problem: &Problem, draws: &mut Draws) {
        let strings = 1 + draw_below(draws, 2);
        for _ in 0..strings {
            let Some((vehicle, at)) = self.drawn(draws) else {
                return;
            };
            let length = 1 + draw_below(draws, 3_usize.div_ceil(strings));
            let route = &mut self.routes[vehicle];
            let end = route.len().min(at + length);
            for atom in route.drain(at..end) {
                self.done[atom] = false;
            }
            self.times[vehicle] = problem.time(vehicle, &self.routes[vehicle]);
        }
    }

    /// Puts back what is missing, in an order that is drawn, each at its best place; false if something has no place or the nodes are used.
    fn recreate(&mut self, problem: &Problem, draws: &mut Draws, nodes: &mut Nodes<'_>) -> bool {
        let mut missing = Vec::new();
        lacking(
            problem.automaton.expression(),
            &mut 0,
            &self.done,
            draws,
            &mut missing,
        );
        let mut order: Vec<(f64, Vec<usize>)> = missing
            .into_iter()
            .map(|choice| (draws.uniform(), choice))
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, choice) in order {
            let work = choice.len() * (self.routes.len() + problem.atoms());
            if !nodes.spend(work) {
                return false;
            }
            let mut places = Vec::new();
            for &atom in &choice {
                self.places(problem, &[atom], draws, &mut places);
            }
            let Some((_, atom, vehicle, at, time_ms)) = self.first_ordered(problem, &[], places)
            else {
                return false;
            };
            self.routes[vehicle].insert(at, atom);
            self.times[vehicle] = time_ms;
            self.done[atom] = true;
        }
        true
    }

    /// The places for a string of atoms.
    fn places(
        &mut self,
        problem: &Problem,
        string: &[usize],
        draws: &mut Draws,
        places: &mut Vec<Place>,
    ) {
        let (first, last) = (string[0], string[string.len() - 1]);
        for vehicle in 0..self.routes.len() {
            let own_ms = std::mem::replace(&mut self.times[vehicle], 0);
            let others = self.worth(problem);
            self.times[vehicle] = own_ms;
            let legs = string
                .windows(2)
                .map(|pair| problem.leg(vehicle, Some(pair[0]), pair[1]));
            let inner = legs.fold(0, i64::saturating_add);
            let route = &self.routes[vehicle];
            for at in 0..=route.len() {
                let from = at.checked_sub(1).map(|before| route[before]);
                let mut added = inner.saturating_add(problem.leg(vehicle, from, first));
                if let Some(&next) = route.get(at) {
                    let on = problem.leg(vehicle, Some(last), next);
                    added = added.saturating_add(on - problem.leg(vehicle, from, next));
                }
                // A way that does not exist any more may give back what can never be had.
                if own_ms.saturating_add(added) >= NEVER || draws.uniform() < OVERLOOKED {
                    continue;
                }
                let time_ms = own_ms + added;
                let cost = match problem.objective {
                    Objective::MinMax => others.0.max(time_ms),
                    Objective::Cumulative => others.0 + time_ms,
                };
                places.push(((cost, others.1 + time_ms), first, vehicle, at, time_ms));
            }
        }
    }

    /// The best of the places, for this string or for each its own atom, that keep the algebra's
    /// order.
    fn first_ordered(
        &mut self,
        problem: &Problem,
        string: &[usize],
        mut places: Vec<Place>,
    ) -> Option<Place> {
        while let Some((best, _)) = places.iter().enumerate().min_by_key(|(_, place)| **place) {
            let place = places.swap_remove(best);
            let (_, atom, vehicle, at, _) = place;
            let own = [atom];
            let atoms = if string.is_empty() { &own[..] } else { string };
            self.routes[vehicle].splice(at..at, atoms.iter().copied());
            let is_ordered = problem.is_ordered(&self.routes);
            self.routes[vehicle].drain(at..at + atoms.len());
            if is_ordered {
                return Some(place);
            }
        }
        None
    }
}

/// Time of a vehicle within a piece of a route, without the way to its first atom.
fn inner(problem: &Problem, vehicle: usize, piece: &[usize]) -> i64 {
    let legs = piece
        .windows(2)
        .map(|pair| problem.leg(vehicle, Some(pair[0]), pair[1]));
    legs.fold(0, i64::saturating_add)
}

/// [`inner`] of every end of a route, from the whole to nothing.
fn ends(problem: &Problem, vehicle: usize, route: &[usize]) -> Vec<i64> {
    let mut ends = vec![0_i64; route.len() + 1];
    for at in (0..route.len().saturating_sub(1)).rev() {
        let leg = problem.leg(vehicle, Some(route[at]), route[at + 1]);
        ends[at] = ends[at + 1].saturating_add(leg);
    }
    ends
}

/// Whether any atom of an expression whose first atom is `at` is done.
fn is_begun(expression: &Expression, at: usize, done: &[bool]) -> bool {
    done[at..at + expression.atoms().len()].contains(&true)
}

/// Gathers what an expression lacks, as choices of which one atom is to be done each; where nothing
/// of an alternative is done, single atoms are a choice and other parts are drawn.
fn lacking(
    expression: &Expression,
    at: &mut usize,
    done: &[bool],
    draws: &mut Draws,
    missing: &mut Vec<Vec<usize>>,
) {
    let Expression::Node(operator, parts) = expression else {
        if !done[*at] {
            missing.push(vec![*at]);
        }
        *at += 1;
        return;
    };
    if *operator != Operator::Alternative {
        parts
            .iter()
            .for_each(|part| lacking(part, at, done, draws, missing));
        return;
    }
    let first = *at;
    *at += expression.atoms().len();
    let mut starts = Vec::with_capacity(parts.len());
    let mut next = first;
    for part in parts {
        starts.push(next);
        next += part.atoms().len();
    }
    let begun = (0..parts.len()).find(|&part| is_begun(&parts[part], starts[part], done));
    let single = |part: &usize| matches!(parts[*part], Expression::Atom(_));
    let drawn = begun.unwrap_or_else(|| draw_below(draws, parts.len()));
    if begun.is_none() && single(&drawn) {
        missing.push(
            (0..parts.len())
                .filter(single)
                .map(|part| starts[part])
                .collect(),
        );
        return;
    }
    lacking(
        &parts[drawn],
        &mut starts[drawn].clone(),
        done,
        draws,
        missing,
    );
}
