//! Radio over several ridges: Deygout's three edges.
//!
//! Left out: rounded tops, more than three edges. Edges that stand close together are counted too
//! dearly; [`delta_bullington`](super::delta_bullington) is the safer guide over smooth hills.

use super::diffraction::{fresnel_parameter, knife_edge_loss_db, raised_m};
use super::itm::Profile;
use super::propagation::wavelength_m;

/// A point of a path.
#[derive(Debug, Clone, Copy)]
struct Point {
    /// Distance from the transmitter, m.
    away_m: f64,
    /// Height over the chord of the earth, m.
    height_m: f64,
}

/// The point between two that obstructs the line between them most, and its ν.
fn main_edge(points: &[Point], [from, to]: [Point; 2], wavelength_m: f64) -> Option<(usize, f64)> {
    let length_m = to.away_m - from.away_m;
    let slope = (to.height_m - from.height_m) / length_m;
    let nu = |point: &Point| {
        let near_m = point.away_m - from.away_m;
        let line_m = from.height_m + slope * near_m;
        fresnel_parameter(
            point.height_m - line_m,
            near_m,
            length_m - near_m,
            wavelength_m,
        )
    };
    points
        .iter()
        .map(nu)
        .enumerate()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// Loss in dB by diffraction over the three edges of Deygout (1966, "Multiple knife-edge diffraction
/// of microwaves"): that which obstructs most, and on both sides of it the one that obstructs the way
/// to it most. Nothing is lost where the first Fresnel zone is free of the main edge (ν ≤ −0.78).
///
/// Antennas stand `heights_m` above the ground at the ends of the profile.
#[must_use]
pub fn deygout_loss_db(profile: &Profile<'_>, heights_m: [f64; 2], frequency_hz: f64) -> f64 {
    let wavelength_m = wavelength_m(frequency_hz);
    let length_m = profile.length_m();
    let points: Vec<Point> = profile
        .between()
        .map(|(away_m, ground_m)| Point {
            away_m,
            height_m: raised_m(away_m, ground_m, length_m),
        })
        .collect();
    let ends_m = profile.ends_m();
    let ends = [
        Point {
            away_m: 0.0,
            height_m: ends_m[0] + heights_m[0],
        },
        Point {
            away_m: length_m,
            height_m: ends_m[1] + heights_m[1],
        },
    ];
    let Some((main, nu)) = main_edge(&points, ends, wavelength_m) else {
        return 0.0;
    };
    if nu <= -0.78 {
        return 0.0;
    }
    let side_db = |points: &[Point], ends| {
        main_edge(points, ends, wavelength_m).map_or(0.0, |(_, nu)| knife_edge_loss_db(nu))
    };
    knife_edge_loss_db(nu)
        + side_db(&points[..main], [ends[0], points[main]])
        + side_db(&points[main + 1..], [points[main], ends[1]])
}

#[cfg(test)]
mod tests {
    use super::super::diffraction::single_edge_loss_db;
    use super::*;

    /// Height of the earth's bulge at a place, m.
    fn bulge_m(away_m: f64, length_m: f64) -> f64 {
        raised_m(away_m, 0.0, length_m)
    }

    /// Ground of 41 points every 500 m with spikes up to heights over the chord, deep elsewhere.
    fn spikes(heights: &[(usize, f64)]) -> Vec<f64> {
        let mut heights_m = vec![-3000.0; 41];
        (heights_m[0], heights_m[40]) = (0.0, 0.0);
        for &(at, height_m) in heights {
            let away_m = 500.0 * f64::from(u32::try_from(at).unwrap());
            heights_m[at] = height_m - bulge_m(away_m, 20e3);
        }
        heights_m
    }

    /// Loss over these spikes at 400 MHz between antennas of 50 m.
    fn loss_db(heights: &[(usize, f64)]) -> f64 {
        let heights_m = spikes(heights);
        let profile = Profile {
            step_m: 500.0,
            heights_m: &heights_m,
        };
        deygout_loss_db(&profile, [50.0, 50.0], 400e6)
    }

    #[test]
    fn one_spike_is_a_knife_edge() {
        let want = single_edge_loss_db(40.0, 8000.0, 12e3, 400e6);
        assert!((loss_db(&[(16, 90.0)]) - want).abs() < 1e-9);
        assert!(loss_db(&[(16, -100.0)]).abs() < 1e-12);
    }

    #[test]
    fn two_and_three_spikes_add_the_ways_to_the_main_edge() {
        // The main edge: 60 m over the line in the middle. From 50 m up to 110 m over 10 km, the line
        // is at 80 m half way: the second edge stands 10 m over it.
        let main = single_edge_loss_db(60.0, 10e3, 10e3, 400e6);
        let side = single_edge_loss_db(10.0, 5000.0, 5000.0, 400e6);
        let two = loss_db(&[(10, 90.0), (20, 110.0)]);
        assert!((two - main - side).abs() < 1e-9, "{two}");
        let three = loss_db(&[(10, 90.0), (20, 110.0), (30, 90.0)]);
        assert!((three - main - 2.0 * side).abs() < 1e-9, "{three}");
        // In figures: J(1.386) = 16.19 dB and J(0.3267) = 8.85 dB.
        assert!((two - 25.04).abs() < 0.01, "{two}");
    }

    #[test]
    fn a_path_is_the_same_from_both_ends() {
        let heights_m = spikes(&[(7, 120.0), (19, 140.0), (33, 90.0)]);
        let turned: Vec<f64> = heights_m.iter().rev().copied().collect();
        let loss_db = |heights_m: &[f64], ends_m| {
            let profile = Profile {
                step_m: 500.0,
                heights_m,
            };
            deygout_loss_db(&profile, ends_m, 900e6)
        };
        let there = loss_db(&heights_m, [10.0, 40.0]);
        let back = loss_db(&turned, [40.0, 10.0]);
        assert!((there - back).abs() < 1e-9, "{there} and {back}");
    }
}
