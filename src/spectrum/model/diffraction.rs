//! Radio over a ridge: a single knife edge, and Bullington's edge for a whole profile.
//!
//! Left out: rounded tops, several edges in a row beyond Bullington's construction, smooth earth.

use crate::kernel::math::{exp, log10};

use super::propagation::wavelength_m;

/// Effective radius of the earth in metres for median refraction, k = 4/3 (ITU-R P.453).
const EFFECTIVE_EARTH_RADIUS_M: f64 = 4.0 / 3.0 * 6_371_000.0;

/// Diffraction parameter ν = h √(2 (d₁ + d₂) / (λ d₁ d₂)) (ITU-R P.526-15, eq. 26): `height_m` is
/// that of the edge over the line between the antennas, negative when the line clears it.
#[must_use]
pub fn fresnel_parameter(height_m: f64, near_m: f64, far_m: f64, wavelength_m: f64) -> f64 {
    height_m * (2.0 * (near_m + far_m) / (wavelength_m * near_m * far_m)).sqrt()
}

/// Radius in metres of the first Fresnel zone (ITU-R P.526-15, eq. 2a): √(λ d₁ d₂ / (d₁ + d₂)).
#[must_use]
pub fn fresnel_radius_m(near_m: f64, far_m: f64, wavelength_m: f64) -> f64 {
    (wavelength_m * near_m * far_m / (near_m + far_m)).sqrt()
}

/// Loss in dB over a single knife edge (ITU-R P.526-15, eq. 31): 0 below ν = −0.78, within 0.14 dB
/// of the Fresnel integrals (eq. 30) above −0.7.
#[must_use]
pub fn knife_edge_loss_db(nu: f64) -> f64 {
    if nu <= -0.78 {
        return 0.0;
    }
    let shifted = nu - 0.1;
    (6.9 + 20.0 * log10((shifted * shifted + 1.0).sqrt() + shifted)).max(0.0)
}

/// Loss in dB over the edge that obstructs a path most, as a line-of-sight march reports it.
#[must_use]
pub fn single_edge_loss_db(height_m: f64, near_m: f64, far_m: f64, frequency_hz: f64) -> f64 {
    if near_m <= 0.0 || far_m <= 0.0 {
        return 0.0;
    }
    knife_edge_loss_db(fresnel_parameter(
        height_m,
        near_m,
        far_m,
        wavelength_m(frequency_hz),
    ))
}

/// Loss in dB over a terrain profile by Bullington's construction (ITU-R P.526-15, §4.5.1, eqs.
/// 50–58): the one edge where the steepest sights of both ends meet, and the empirical correction.
///
/// `profile` gives (distance from the transmitter in m, height above sea in m) strictly between the
/// ends; the antennas stand at `from_m` and `to_m` above sea, `distance_m` apart.
pub fn bullington_loss_db<P>(
    profile: P,
    from_m: f64,
    to_m: f64,
    distance_m: f64,
    frequency_hz: f64,
) -> f64
where
    P: Iterator<Item = (f64, f64)> + Clone,
{
    let wavelength_m = wavelength_m(frequency_hz);
    let raised = |(d, h): (f64, f64)| {
        (
            d,
            h + d * (distance_m - d) / (2.0 * EFFECTIVE_EARTH_RADIUS_M),
        )
    };
    let direct_slope = (to_m - from_m) / distance_m;
    let slope_from = profile
        .clone()
        .map(raised)
        .map(|(d, h)| (h - from_m) / d)
        .fold(f64::NEG_INFINITY, f64::max);
    let edge_db = if slope_from < direct_slope {
        let nu = profile
            .map(raised)
            .map(|(d, h)| {
                let line_m = from_m + direct_slope * d;
                fresnel_parameter(h - line_m, d, distance_m - d, wavelength_m)
            })
            .fold(f64::NEG_INFINITY, f64::max);
        knife_edge_loss_db(nu)
    } else {
        let slope_to = profile
            .map(raised)
            .map(|(d, h)| (h - to_m) / (distance_m - d))
            .fold(f64::NEG_INFINITY, f64::max);
        let meet_m = (to_m - from_m + slope_to * distance_m) / (slope_from + slope_to);
        let height_m = slope_from * meet_m - direct_slope * meet_m;
        knife_edge_loss_db(fresnel_parameter(
            height_m,
            meet_m,
            distance_m - meet_m,
            wavelength_m,
        ))
    };
    edge_db + (1.0 - exp(-edge_db / 6.0)) * (10.0 + 0.02 * distance_m / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_knife_edge_agrees_with_the_fresnel_integrals() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/knife_edge_p526.csv"
        ));
        for line in table.lines().skip(2) {
            let row: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
            let got = knife_edge_loss_db(row[0]);
            assert!((got - row[2]).abs() < 1e-4, "eq. 31 at {line}: {got}");
            if row[0] > -0.7 {
                assert!((got - row[1]).abs() < 0.14, "eq. 30 at {line}: {got}");
            }
        }
    }

    #[test]
    fn geometry_agrees_with_the_worked_example() {
        // 20 m over the middle of 10 km at 400 MHz: ν = 0.6534, J = 11.42 dB.
        let lambda_m = wavelength_m(400e6);
        let nu = fresnel_parameter(20.0, 5000.0, 5000.0, lambda_m);
        assert!((nu - 0.6534).abs() < 1e-4, "{nu}");
        let loss = single_edge_loss_db(20.0, 5000.0, 5000.0, 400e6);
        assert!((loss - 11.42).abs() < 0.1, "{loss}");
        assert!((fresnel_radius_m(5000.0, 5000.0, lambda_m) - 43.29).abs() < 0.01);
    }

    /// The `ridge150` profile of the reference tables, every 50 m over `d_m`.
    fn ridge(d_m: f64) -> impl Iterator<Item = (f64, f64)> + Clone {
        (1_u32..)
            .map(|i| 50.0 * f64::from(i))
            .take_while(move |&x| x < d_m)
            .map(move |x| {
                let u = (x - 0.5 * d_m) / (0.08 * d_m);
                (x, 150.0 * exp(-u * u))
            })
    }

    #[test]
    fn bullington_is_the_edge_itself_for_a_single_spike() {
        // One spike 20 m above the line once the earth's bulge is taken away.
        let bulge_m = 5000.0 * 5000.0 / (2.0 * EFFECTIVE_EARTH_RADIUS_M);
        let profile = [
            (2500.0, -500.0),
            (5000.0, 120.0 - bulge_m),
            (7500.0, -500.0),
        ];
        let got = bullington_loss_db(profile.into_iter(), 100.0, 100.0, 10_000.0, 400e6);
        let edge = single_edge_loss_db(20.0, 5000.0, 5000.0, 400e6);
        let want = edge + (1.0 - exp(-edge / 6.0)) * 10.2;
        assert!((got - want).abs() < 1e-6, "{got} against {want}");
    }

    #[test]
    fn bullington_over_a_ridge_lies_in_the_band_of_the_other_models() {
        // pycraf's P.452 delta-Bullington gives 36.7 dB, NTIA's ITM 44.6 dB, a single edge 26.6 dB.
        let got = bullington_loss_db(ridge(10_000.0), 2.0, 2.0, 10_000.0, 400e6);
        assert!((got - 36.7).abs() < 1.5, "{got}");
    }

    #[test]
    fn a_high_path_loses_nothing() {
        let flat = (1_u32..200).map(|i| (50.0 * f64::from(i), 0.0));
        let got = bullington_loss_db(flat, 300.0, 300.0, 10_000.0, 400e6);
        assert!(got.abs() < 1e-12, "{got}");
    }
}
