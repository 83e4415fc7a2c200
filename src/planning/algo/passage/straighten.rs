//! Corners pulled straight and moved off the lattice. See [`straightened`].

use glam::DVec3;

use super::{
    field::{PassageField, Prices, Toll, leg_toll},
    lattice::Lattice,
    search::{Found, toll_of},
};
use crate::planning::algo::route::pull;

/// How often the string is pulled and its corners are moved.
const ROUNDS: usize = 3;
/// Smallest move of a corner, as a share of the lattice's step.
const MOVE_MIN: f64 = 1.0 / 32.0;
/// Most moves of the corners of one way in one round.
const MOVES_MAX: usize = 400;
/// What rounding alone can gain is no reason to move.
const WORTH_WHILE: f64 = 1.0 - 1e-9;

/// Eight directions over the map, and up and down.
const DIRECTIONS: [DVec3; 10] = [
    DVec3::X,
    DVec3::Y,
    DVec3::NEG_X,
    DVec3::NEG_Y,
    DVec3::new(0.7, 0.7, 0.0),
    DVec3::new(-0.7, 0.7, 0.0),
    DVec3::new(-0.7, -0.7, 0.0),
    DVec3::new(0.7, -0.7, 0.0),
    DVec3::new(0.0, 0.0, 0.25),
    DVec3::new(0.0, 0.0, -0.25),
];

/// What a way is made cheaper under.
#[derive(Clone, Copy)]
pub(super) struct Aim<'a> {
    /// The points' lattice.
    pub(super) lattice: &'a Lattice,
    /// What exposure and energy cost.
    pub(super) prices: Prices,
    /// Most energy, J.
    pub(super) energy_max_j: f64,
}

impl Aim<'_> {
    /// Whether one toll is better than another that it would replace.
    fn is_better(&self, new: Toll, old: Toll) -> bool {
        self.prices.cost_s(new) < WORTH_WHILE * self.prices.cost_s(old)
            && new.energy_j <= self.energy_max_j
    }
}

/// The way with its corners pulled straight and moved where that costs less and keeps the energy.
pub(super) fn straightened(field: &impl PassageField, aim: Aim<'_>, mut found: Found) -> Found {
    let sample_m = aim.lattice.sample_m();
    for _ in 0..ROUNDS {
        let cost_s = aim.prices.cost_s(found.toll);
        let leg = |from, to| {
            let toll = leg_toll(field, from, to, sample_m)?;
            Some(aim.prices.cost_s(toll))
        };
        let points = pull(&found.points, &leg);
        if let Some(toll) = toll_of(field, &points, sample_m)
            && toll.energy_j <= aim.energy_max_j
            && aim.prices.cost_s(toll) <= cost_s
        {
            found = Found { points, toll };
        }
        move_corners(field, aim, &mut found);
        if aim.prices.cost_s(found.toll) >= WORTH_WHILE * cost_s {
            break;
        }
    }
    found
}

/// Moves corners one after the other, by steps that halve once none of them gains.
fn move_corners(field: &impl PassageField, aim: Aim<'_>, found: &mut Found) {
    let sample_m = aim.lattice.sample_m();
    let (mut move_m, mut moves) = (0.5 * aim.lattice.step_m(), 0);
    while move_m >= MOVE_MIN * aim.lattice.step_m() && moves < MOVES_MAX {
        let mut has_moved = false;
        for corner in 1..found.points.len().saturating_sub(1) {
            let (before, at, after) = (
                found.points[corner - 1],
                found.points[corner],
                found.points[corner + 1],
            );
            let through = |at: DVec3| toll_of(field, &[before, at, after], sample_m);
            let Some(old) = through(at) else {
                continue;
            };
            // What the rest of the way leaves of the energy.
            let rest_j = found.toll.energy_j - old.energy_j;
            let here = Aim {
                energy_max_j: aim.energy_max_j - rest_j,
                ..aim
            };
            let places = DIRECTIONS.map(|direction| at + direction * move_m);
            let tolls = places.map(|at| through(at).map(|toll| (at, toll)));
            let better = tolls
                .into_iter()
                .flatten()
                .filter(|(_, toll)| here.is_better(*toll, old));
            let best = better.min_by(|a, b| {
                let cost = |toll| aim.prices.cost_s(toll);
                cost(a.1).total_cmp(&cost(b.1))
            });
            if let Some((at, _)) = best {
                found.points[corner] = at;
                (has_moved, moves) = (true, moves + 1);
                if let Some(toll) = toll_of(field, &found.points, sample_m) {
                    found.toll = toll;
                }
            }
        }
        if !has_moved {
            move_m *= 0.5;
        }
    }
}
