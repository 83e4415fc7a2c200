//! How much a radio signal loses between two points of the real ground. See [`ground_loss_db`].
//!
//! Two models share the work, and where one hands over to the other their decibels are mixed by a
//! weight that runs smoothly from 0 to 1, so that a unit on the move feels no step:
//!
//! | model | where |
//! |---|---|
//! | irregular terrain (Longley and Rice; [`itm`](super::model::itm)) on the profile between the two | 20 MHz to 20 GHz, from 2 km on, flatter than 0.1, both ends at most 2500 m above ground, some ground near the line |
//! | direct sight: two rays over plane earth or one edge of the profile (Bullington), whichever loses more | under 1 km, steeper than 0.2, an end above 3000 m, or all ground more than 5.7 first Fresnel radii below the line |
//!
//! Medians (50 % of time, places, circumstances), vertical polarisation, continental temperate
//! climate, a refractivity of 301 N-units at sea level (the usual choice of Longley–Rice programs;
//! ITU-R P.453 has 280 to 400 over the earth), average ground or, where most of the path is over
//! water, sea water (ITU-R P.527).
//!
//! The profile is read from the terrain's own posts, as far apart as they are, but never more than
//! [`MOST_STEPS`] steps. Antennas stand above the ground of the same posts, so that no end is buried
//! in, or floats over, what another layer of relief adds.
//!
//! The irregular terrain model has a step of its own, of 5 to 30 dB and more at higher frequencies,
//! where ground first cuts the line between the ends: there it turns from one form of its curve to
//! another. It is kept, since losses are to be those of the published model.
//!
//! Never less than free space, always finite, and the same to the last bit from either end.
//!
//! Where the scenario has land cover, each end loses besides by the leaves on its side of the path and by the
//! roofs about it ([`clutter`](super::model::clutter)).
//!
//! Left out: rain, single buildings, fading, ducts, and the round earth for pairs of which one
//! is above 3000 m, whose horizon is taken for a knife edge.

mod edge;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use glam::DVec3;

use super::model::{
    clutter::{roof_loss_db, woodland_loss_db},
    itm::{Climate, Deviates, Lie, Percentiles, Profile, Surroundings},
    propagation::{Ground, Polarization, free_space_loss_db, two_ray_ground_loss_db},
};
use crate::{
    environment::Landscape,
    geo::{
        Terrain,
        canopy::{EndCover, about_end},
    },
    kernel::math,
};
use edge::Bullington;

/// Most steps of a profile: 9.6 km at posts 60 m apart; longer paths take longer steps.
pub const MOST_STEPS: usize = 160;

/// Fewest steps of a profile, however close the ends.
const FEWEST_STEPS: usize = 8;

/// Least height of an antenna above the ground, m: the least of the irregular terrain model.
const LEAST_HEIGHT_M: f64 = 0.5;

/// Frequencies of the irregular terrain model, Hz.
const IRREGULAR_HZ: core::ops::RangeInclusive<f64> = 20e6..=20e9;

/// Distances over which the irregular terrain model takes over, m: it begins at 1 km.
const NEAR_M: [f64; 2] = [1_000.0, 2_000.0];

/// Slopes over which it gives way: its rays leave at small angles, up to 0.2 rad.
const STEEP: [f64; 2] = [0.1, 0.2];

/// Heights above ground over which it gives way, m: it ends at 3000 m.
const HIGH_M: [f64; 2] = [2_500.0, 3_000.0];

/// Diffraction parameters −ν of all ground over which it gives way: clearances of 2.8 and 5.7 first
/// Fresnel radii, the smallest of which leaves less than a hundredth of the field to the ground.
const CLEAR: [f64; 2] = [4.0, 8.0];

/// Shares of a path over water between which the ground turns into sea.
const SEA_SHARE: [f64; 2] = [0.4, 0.6];

/// Half of all times and circumstances.
static MEDIANS: LazyLock<Deviates> = LazyLock::new(|| Deviates::new(&Percentiles::default()));

/// A path over the ground, at any frequency.
///
/// Worked out once where several networks share a pair of ends.
#[derive(Debug, Clone, Copy)]
pub struct GroundPath {
    /// Distance between the antennas, m.
    distance_m: f64,
    /// Heights of the antennas above the surface, m.
    heights_m: [f64; 2],
    /// The edge that stands for the profile.
    edge: Bullington,
    /// The ground.
    ground: Ground,
    /// The path as irregular terrain, with the weight that it has but for frequency and clearance.
    irregular: Option<(Lie, f64)>,
    /// What covers the ends, where anything does.
    cover: Option<[EndCover; 2]>,
}

/// Loss between isotropic antennas over real ground, dB. Never less than free space.
///
/// `frequency_hz` is positive; the points are local east, north and height above mean sea level, m.
#[must_use]
pub fn ground_loss_db(frequency_hz: f64, ends: (DVec3, DVec3), landscape: &Landscape) -> f64 {
    GroundPath::new(ends, landscape).loss_db(frequency_hz)
}

/// [`ground_loss_db`] where it is at most `max_loss_db`. Does not look at the ground where free space
/// alone is more.
#[must_use]
pub fn ground_loss_within(
    frequency_hz: f64,
    ends: (DVec3, DVec3),
    landscape: &Landscape,
    max_loss_db: f64,
) -> Option<f64> {
    if free_space_loss_db(frequency_hz, distance_m(ends)) > max_loss_db {
        return None;
    }
    let loss_db = ground_loss_db(frequency_hz, ends, landscape);
    (loss_db <= max_loss_db).then_some(loss_db)
}

/// Distance of two antennas, m: at least one metre.
fn distance_m((a, b): (DVec3, DVec3)) -> f64 {
    a.distance(b).max(1.0)
}

/// 0 up to the first number, 1 from the second on, without a step or a kink between.
fn ramp(at: f64, [from, to]: [f64; 2]) -> f64 {
    let share = ((at - from) / (to - from)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

impl GroundPath {
    /// Looks at the ground between two points.
    #[must_use]
    pub fn new((a, b): (DVec3, DVec3), landscape: &Landscape) -> Self {
        // One order for both directions.
        let (a, b) = if (b.x, b.y, b.z) < (a.x, a.y, a.z) {
            (b, a)
        } else {
            (a, b)
        };
        let terrain = &landscape.terrain;
        let (from, to) = (a.truncate(), b.truncate());
        let length_m = from.distance(to);
        let mut heights_m = [0.0; MOST_STEPS + 1];
        let ground_m = &mut heights_m[..=steps(terrain, length_m)];
        terrain.transect_m(from, to, ground_m);
        let sea_share = flood(ground_m);
        let last = ground_m.len() - 1;
        let antennas_m = [a.z - ground_m[0], b.z - ground_m[last]].map(|h| h.max(LEAST_HEIGHT_M));
        let tops_m = [ground_m[0] + antennas_m[0], ground_m[last] + antennas_m[1]];
        let slope = (tops_m[1] - tops_m[0]).abs() / length_m.max(1.0);
        let weight = ramp(length_m, NEAR_M)
            * (1.0 - ramp(slope, STEEP))
            * (1.0 - ramp(antennas_m[0].max(antennas_m[1]), HIGH_M));
        let surroundings = surroundings(sea_share);
        let step_m = length_m / float(last);
        let irregular = (weight > 0.0).then(|| {
            let profile = Profile {
                step_m,
                heights_m: ground_m,
            };
            (Lie::new(&profile, antennas_m, &surroundings), weight)
        });
        Self {
            distance_m: distance_m((a, b)),
            heights_m: antennas_m,
            edge: edge(ground_m, tops_m, step_m),
            ground: surroundings.ground,
            irregular,
            cover: cover((a, b), landscape),
        }
    }

    /// Loss between isotropic antennas at a frequency, Hz, dB, as [`ground_loss_db`] gives it.
    #[must_use]
    pub fn loss_db(&self, frequency_hz: f64) -> f64 {
        let bare_db = self.bare_loss_db(frequency_hz);
        match &self.cover {
            Some(ends) => ends.iter().fold(bare_db, |sum_db, end| {
                let roofs_db = end.roof_share * roof_loss_db(frequency_hz, end.roofs_m);
                sum_db + roofs_db + woodland_loss_db(frequency_hz, end.leaves_m)
            }),
            None => bare_db,
        }
    }

    /// The loss over bare ground, dB.
    fn bare_loss_db(&self, frequency_hz: f64) -> f64 {
        debug_assert!(frequency_hz > 0.0, "a frequency is positive");
        let free_db = free_space_loss_db(frequency_hz, self.distance_m);
        let weight = self.weight(frequency_hz);
        let Some((lie, _)) = self.irregular.as_ref().filter(|_| weight > 0.0) else {
            return self.direct_db(frequency_hz, free_db);
        };
        let irregular = lie.loss(frequency_hz / 1e6, &MEDIANS);
        let excess_db = (irregular.loss_db - irregular.free_space_db).max(0.0);
        let irregular_db = free_db + excess_db;
        if weight >= 1.0 {
            return irregular_db;
        }
        let direct_db = self.direct_db(frequency_hz, free_db);
        direct_db + weight * (irregular_db - direct_db)
    }

    /// Share of the irregular terrain model at a frequency, Hz.
    fn weight(&self, frequency_hz: f64) -> f64 {
        if !IRREGULAR_HZ.contains(&frequency_hz) {
            return 0.0;
        }
        let weight = self.irregular.as_ref().map_or(0.0, |(_, weight)| *weight);
        weight * (1.0 - ramp(-self.edge.nu(frequency_hz), CLEAR))
    }

    /// Loss by direct sight, dB: two rays between antennas as high as the surface wave makes them, or
    /// the edge.
    fn direct_db(&self, frequency_hz: f64, free_db: f64) -> f64 {
        let least_m = self.ground.surface_height_m(frequency_hz);
        let [a, b] = self.heights_m.map(|h| (h * h + least_m * least_m).sqrt());
        let two_ray_db = two_ray_ground_loss_db(frequency_hz, self.distance_m, a, b);
        two_ray_db.max(free_db + self.edge.loss_db(frequency_hz))
    }
}

/// What covers the ends of a path; none where nothing does.
fn cover((a, b): (DVec3, DVec3), landscape: &Landscape) -> Option<[EndCover; 2]> {
    let (covers, terrain) = (&*landscape.cover, &*landscape.terrain);
    if covers.is_clear() {
        return None;
    }
    let ends = [(a, b), (b, a)].map(|(end, other)| about_end(covers, terrain, end, other));
    ends.iter()
        .any(|end| *end != EndCover::default())
        .then_some(ends)
}

/// Steps of a profile of a length, m.
fn steps(terrain: &Terrain, length_m: f64) -> usize {
    let posts = (length_m / terrain.spacing_m()).ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and NaN gives 0"
    )]
    let posts = posts as usize;
    posts.clamp(FEWEST_STEPS, MOST_STEPS)
}

/// A number of steps, as a float.
#[expect(clippy::cast_precision_loss, reason = "at most MOST_STEPS")]
fn float(steps: usize) -> f64 {
    steps as f64
}

/// Raises the bottom of the sea to its surface; the share of the samples that it was raised at.
fn flood(ground_m: &mut [f64]) -> f64 {
    let mut wet = 0.0;
    for height_m in ground_m.iter_mut() {
        if *height_m < 0.0 {
            *height_m = 0.0;
            wet += 1.0;
        }
    }
    wet / float(ground_m.len())
}

/// Air and ground of a path of which a share is over the sea.
fn surroundings(sea_share: f64) -> Surroundings {
    let weight = ramp(sea_share, SEA_SHARE);
    let ground = if weight <= 0.0 {
        Ground::AVERAGE
    } else {
        let mixed = |land: f64, sea: f64| land * math::pow(sea / land, weight);
        Ground {
            permittivity: mixed(Ground::AVERAGE.permittivity, Ground::SEA.permittivity),
            conductivity_s_m: mixed(
                Ground::AVERAGE.conductivity_s_m,
                Ground::SEA.conductivity_s_m,
            ),
        }
    };
    Surroundings {
        climate: Climate::ContinentalTemperate,
        refractivity: 301.0,
        ground,
        polarization: Polarization::Vertical,
    }
}

/// The edge that stands for a profile between antennas at two heights above mean sea level, m.
fn edge(ground_m: &[f64], tops_m: [f64; 2], step_m: f64) -> Bullington {
    // Ends one above the other have no ground between them.
    let step_m = step_m.max(1e-3);
    let last = ground_m.len() - 1;
    let profile = ground_m[1..last].iter().enumerate();
    let profile = profile.map(|(number, height_m)| (step_m * float(number + 1), *height_m));
    Bullington::over(profile, tops_m[0], tops_m[1], step_m * float(last))
}
