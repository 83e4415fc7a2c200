//! Radio over real terrain by the delta-Bullington method: the edge where the sights of both ends meet,
//! corrected by what a smooth earth loses over Bullington's edge on it (ITU-R P.526-15, §4.5).
//!
//! Left out: sub-path effects of vegetation and buildings, ducts, scatter.

use serde::Serialize;

use super::diffraction::{EFFECTIVE_EARTH_RADIUS_M, bullington_loss_db};
use super::itm::Profile;
use super::propagation::{Ground, Polarization, wavelength_m};
use super::spherical_earth::SphericalPath;

/// Losses by diffraction over a profile, dB, each beyond free space.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TerrainLoss {
    /// By the delta-Bullington method.
    pub delta_bullington_db: f64,
    /// Of it, Bullington's edge over the profile.
    pub bullington_db: f64,
    /// What a smooth earth that fits the profile would lose.
    pub spherical_earth_db: f64,
}

/// Loss over a profile between antennas `heights_m` above the ground at its ends (ITU-R P.526-15,
/// §4.5.3): Bullington's over the profile, and what a smooth earth loses more than Bullington's edge on
/// it.
#[must_use]
pub fn delta_bullington(
    profile: &Profile<'_>,
    heights_m: [f64; 2],
    frequency_hz: f64,
    ground: &Ground,
    polarization: Polarization,
) -> TerrainLoss {
    let length_m = profile.length_m();
    let ends_m = profile.ends_m();
    let tops_m = [0, 1].map(|end| ends_m[end] + heights_m[end]);
    let bullington_db = bullington_loss_db(
        profile.between(),
        tops_m[0],
        tops_m[1],
        length_m,
        frequency_hz,
    );
    let smooth_m = smooth_earth_m(profile, tops_m);
    let effective_m = [0, 1].map(|end| tops_m[end] - smooth_m[end].min(ends_m[end]));
    let flat = profile.between().map(|(away_m, _)| (away_m, 0.0));
    let smooth_db =
        bullington_loss_db(flat, effective_m[0], effective_m[1], length_m, frequency_hz);
    let sphere = SphericalPath {
        wavelength_m: wavelength_m(frequency_hz),
        distance_m: length_m,
        heights_m: effective_m,
        earth_m: EFFECTIVE_EARTH_RADIUS_M,
    };
    let spherical_earth_db = sphere.loss_db(ground, polarization);
    TerrainLoss {
        delta_bullington_db: bullington_db + (spherical_earth_db - smooth_db).max(0.0),
        bullington_db,
        spherical_earth_db,
    }
}

/// Heights at both ends of the smooth surface that stands for the profile, m above sea (ITU-R P.452-16, attachment 2, §5.1.6), lowered where obstacles rise over
/// the line between the antennas, whose heights above sea are `tops_m`.
fn smooth_earth_m(profile: &Profile<'_>, tops_m: [f64; 2]) -> [f64; 2] {
    let length_m = profile.length_m();
    let (step_m, heights_m) = (profile.step_m, profile.heights_m);
    let (mut area, mut moment) = (0.0, 0.0);
    let mut away_m = 0.0;
    for pair in heights_m.windows(2) {
        let next_m = away_m + step_m;
        area += step_m * (pair[0] + pair[1]);
        moment += step_m * (pair[1] * (2.0 * next_m + away_m) + pair[0] * (next_m + 2.0 * away_m));
        away_m = next_m;
    }
    let length2 = length_m * length_m;
    let fit_m = [
        (2.0 * area * length_m - moment) / length2,
        (moment - area * length_m) / length2,
    ];
    let mut obstacle_m = f64::NEG_INFINITY;
    let mut slopes = [f64::NEG_INFINITY; 2];
    for (away_m, ground_m) in profile.between() {
        let back_m = length_m - away_m;
        let over_m = ground_m - (tops_m[0] * back_m + tops_m[1] * away_m) / length_m;
        obstacle_m = obstacle_m.max(over_m);
        slopes = [
            slopes[0].max(over_m / away_m),
            slopes[1].max(over_m / back_m),
        ];
    }
    if obstacle_m <= 0.0 {
        return fit_m;
    }
    let sum = slopes[0] + slopes[1];
    [0, 1].map(|end| fit_m[end] - obstacle_m * slopes[end] / sum)
}

#[cfg(test)]
mod tests {
    use super::super::itm::tests::{column, heights_m, rows};
    use super::*;

    /// The loss over heights every 50 m at a frequency in MHz.
    fn loss(heights_m: &[f64], ends_m: [f64; 2], frequency_mhz: f64) -> TerrainLoss {
        let profile = Profile {
            step_m: 50.0,
            heights_m,
        };
        let (ground, field) = (Ground::AVERAGE, Polarization::Horizontal);
        delta_bullington(&profile, ends_m, 1e6 * frequency_mhz, &ground, field)
    }

    #[test]
    fn every_profile_agrees_with_pycraf() {
        const TABLE: &str = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/p452_diffraction.csv"
        ));
        let mut count = 0;
        for row in rows(TABLE) {
            let heights_m = heights_m(row[0], column(&row, 1), 50.0);
            let ends_m = [column(&row, 3), column(&row, 4)];
            let got = loss(&heights_m, ends_m, column(&row, 2)).delta_bullington_db;
            // pycraf's earth is a little less bent: 0.03 dB around the smooth one.
            assert!((got - column(&row, 6)).abs() < 0.05, "{row:?}: {got}");
            count += 1;
        }
        assert_eq!(count, 81);
    }

    #[test]
    fn a_path_is_the_same_from_both_ends() {
        let heights_m = heights_m("two_hills", 20.0, 50.0);
        let turned: Vec<f64> = heights_m.iter().rev().copied().collect();
        let there = loss(&heights_m, [100.0, 2.0], 400.0);
        let back = loss(&turned, [2.0, 100.0], 400.0);
        assert!((there.delta_bullington_db - back.delta_bullington_db).abs() < 1e-9);
        assert!((there.spherical_earth_db - back.spherical_earth_db).abs() < 1e-9);
    }

    #[test]
    fn ground_above_the_sea_costs_what_it_costs_at_the_sea() {
        let low_m = heights_m("ridge150", 20.0, 50.0);
        let high_m: Vec<f64> = low_m.iter().map(|height_m| height_m + 1500.0).collect();
        let [low, high] = [low_m, high_m].map(|it| loss(&it, [10.0, 2.0], 400.0));
        assert!((low.delta_bullington_db - high.delta_bullington_db).abs() < 1e-9);
    }
}
