//! The solvers. See [`passage`], [`passage_within`] and [`trade_offs`].

use glam::{DVec2, DVec3};
use thiserror::Error;

use super::{
    field::{PassageField, Prices, Toll},
    labels::{Within, within},
    lattice::Lattice,
    search::{Ends, cheapest, joined},
    straighten::{Aim, straightened},
};
use crate::kernel::{budget::Budget, math};

/// A way with what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// Corner points from start to goal, m.
    pub points: Vec<DVec3>,
    /// What it costs.
    pub toll: Toll,
    /// What the lattice's own way cost before it was straightened.
    pub lattice_toll: Toll,
}

impl Passage {
    /// Length, m.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        let legs = self.points.windows(2);
        legs.map(|leg| leg[0].distance(leg[1])).sum()
    }

    /// Chance of being detected at least once on the way, of independent chances along it.
    #[must_use]
    pub fn detected(&self) -> f64 {
        -math::expm1(-self.toll.exposure)
    }
}

/// A way under a budget of energy.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounded {
    /// The way; it keeps the budget.
    pub passage: Passage,
    /// No way over the lattice that keeps the budget costs less, s. The way itself has left the lattice
    /// and may.
    pub lattice_bound_s: f64,
    /// Whether the lattice's own way met the bound; not so where the work ended first, or where no way
    /// over the lattice kept the budget and a straightened one does.
    pub is_proven: bool,
}

/// Why there is no way.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum PassageError {
    /// The start is closed or off the lattice.
    #[error("the start {0} cannot be left")]
    Start(DVec3),
    /// The goal is closed or off the lattice.
    #[error("the goal {0} cannot be entered")]
    Goal(DVec3),
    /// Both ends are open but nothing joins them.
    #[error("no way from {0} to {1} on this lattice")]
    Cut(DVec3, DVec3),
    /// Every way that was found takes more energy than there is.
    #[error("the most frugal way takes {least_j:.0} J, {:.0} J more than there is", least_j - energy_max_j)]
    Energy {
        /// Energy of the most frugal way, J.
        least_j: f64,
        /// Energy that there is, J.
        energy_max_j: f64,
    },
}

/// Ties both ends to the lattice.
fn tied(
    field: &impl PassageField,
    lattice: &Lattice,
    (start, goal): (DVec3, DVec3),
) -> Result<Ends, PassageError> {
    let ends = Ends::tie(field, lattice, (start, goal));
    if ends.straight.is_none() && ends.first.is_empty() {
        return Err(PassageError::Start(start));
    }
    if ends.straight.is_none() && ends.last.is_empty() {
        return Err(PassageError::Goal(goal));
    }
    Ok(ends)
}

/// The way of least cost. It costs no more than the best way over the lattice, whose own detour is at
/// most 2.8 % where the ground is the same everywhere (8.3 % with eight neighbours). `O(n log n)` in
/// the points that are looked at.
///
/// # Errors
/// [`PassageError`] but for `Energy`.
pub fn passage(
    field: &impl PassageField,
    lattice: &Lattice,
    ends: (DVec3, DVec3),
    prices: Prices,
) -> Result<Passage, PassageError> {
    let tied = tied(field, lattice, ends)?;
    let found = cheapest(field, lattice, &tied, prices);
    let found = found.ok_or(PassageError::Cut(ends.0, ends.1))?;
    let aim = Aim {
        lattice,
        prices,
        energy_max_j: f64::INFINITY,
    };
    let lattice_toll = found.toll;
    let found = straightened(field, aim, found);
    Ok(Passage {
        points: found.points,
        toll: found.toll,
        lattice_toll,
    })
}

/// The way of least cost that takes no more than `energy_max_j`. One is found wherever one over the
/// lattice keeps the budget, and mostly where only one off the lattice does; a step of `budget` is a
/// label. The number of labels can grow with the power of the points, but seldom does.
///
/// # Errors
/// [`PassageError`]; `Energy` says how much is missing.
pub fn passage_within(
    field: &impl PassageField,
    lattice: &Lattice,
    ends: (DVec3, DVec3),
    (prices, energy_max_j): (Prices, f64),
    budget: &mut impl Budget,
) -> Result<Bounded, PassageError> {
    let tied = tied(field, lattice, ends)?;
    let cut = PassageError::Cut(ends.0, ends.1);
    let mut aim = Aim {
        lattice,
        prices,
        energy_max_j,
    };
    let (way, bound_s, is_proven) =
        match within(field, (lattice, &tied), prices, energy_max_j, budget) {
            Within::Cut => return Err(cut),
            Within::Short(way) => (way, f64::INFINITY, false),
            Within::Fits {
                way,
                bound_s,
                is_proven,
            } => (way, bound_s, is_proven),
        };
    let mut found = joined(field, lattice, &tied, &way).ok_or(cut)?;
    let lattice_toll = found.toll;
    if found.toll.energy_j > energy_max_j {
        found = straightened(
            field,
            Aim {
                prices: FRUGAL,
                energy_max_j: f64::INFINITY,
                ..aim
            },
            found,
        );
        if found.toll.energy_j > energy_max_j {
            let least_j = found.toll.energy_j;
            return Err(PassageError::Energy {
                least_j,
                energy_max_j,
            });
        }
    }
    aim.energy_max_j = energy_max_j;
    let found = straightened(field, aim, found);
    Ok(Bounded {
        passage: Passage {
            points: found.points,
            toll: found.toll,
            lattice_toll,
        },
        lattice_bound_s: bound_s,
        is_proven,
    })
}

/// Prices under which energy outweighs everything else.
const FRUGAL: Prices = Prices {
    exposure_s: 0.0,
    energy_s_per_j: 1e6,
};

/// For each of some rising prices of exposure (s for an expected detection) the cheapest of all ways
/// found for any of them, so that exposure never rises and time never falls along the list.
///
/// # Errors
/// [`PassageError`] but for `Energy`.
pub fn trade_offs(
    field: &impl PassageField,
    lattice: &Lattice,
    ends: (DVec3, DVec3),
    prices: Prices,
    exposure_s: &[f64],
) -> Result<Vec<Passage>, PassageError> {
    let priced = |exposure_s: f64| Prices {
        exposure_s,
        ..prices
    };
    let ways = exposure_s
        .iter()
        .map(|price| passage(field, lattice, ends, priced(*price)))
        .collect::<Result<Vec<_>, _>>()?;
    let cheapest = |price: &f64| {
        let cost = |way: &&Passage| priced(*price).cost_s(way.toll);
        let least = |a: &&Passage, b: &&Passage| {
            let by_cost = cost(a).total_cmp(&cost(b));
            by_cost.then(a.toll.exposure.total_cmp(&b.toll.exposure))
        };
        ways.iter().min_by(least).cloned()
    };
    Ok(exposure_s.iter().filter_map(cheapest).collect())
}

/// The nearest point of the map to `at` at which `is_open` holds, on rings of eight and more directions about
/// it `step_m` apart, up to `reach_m`.
#[must_use]
pub fn nearest_open(
    at: DVec2,
    (step_m, reach_m): (f64, f64),
    is_open: impl Fn(DVec2) -> bool,
) -> Option<DVec2> {
    if is_open(at) {
        return Some(at);
    }
    let mut radius_m = step_m;
    while radius_m <= reach_m {
        for bearing in 0..32 {
            let (sin, cos) = math::sincos(math::TAU * f64::from(bearing) / 32.0);
            let place = at + DVec2::new(sin, cos) * radius_m;
            if is_open(place) {
                return Some(place);
            }
        }
        radius_m += step_m;
    }
    None
}
