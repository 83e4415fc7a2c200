//! The one edge of a terrain profile, found once for all frequencies. See [`Bullington`].

use crate::{
    geo::{sight::STANDARD_K, wgs84::MEAN_RADIUS_M},
    kernel::math,
    spectrum::model::{diffraction::knife_edge_loss_db, propagation::wavelength_m},
};

/// Twice the effective radius of the earth, m.
const DIAMETER_M: f64 = 2.0 * STANDARD_K * MEAN_RADIUS_M;

/// The one edge that stands for a whole terrain profile at any frequency: Bullington's construction
/// (ITU-R P.526-15, §4.5.1, eqs. 50–58), where the steepest sights of both ends meet, over a 4/3 earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bullington {
    /// Diffraction parameter times the root of the wavelength, √m.
    nu_root_m: f64,
    /// Length of the path, m.
    distance_m: f64,
}

impl Bullington {
    /// The edge of a profile.
    ///
    /// `profile` gives (distance from the transmitter in m, height above sea in m) strictly between
    /// the ends; the antennas stand at `from_m` and `to_m` above sea, `distance_m` apart.
    #[must_use]
    pub(super) fn over(
        profile: impl Iterator<Item = (f64, f64)>,
        from_m: f64,
        to_m: f64,
        distance_m: f64,
    ) -> Self {
        let direct_slope = (to_m - from_m) / distance_m;
        let mut slopes = [f64::NEG_INFINITY; 2];
        let mut obstruction = f64::NEG_INFINITY;
        for (d, h) in profile {
            let beyond_m = distance_m - d;
            let lengths_m2 = d * beyond_m;
            let raised_m = h + lengths_m2 / DIAMETER_M;
            let over_m = raised_m - (from_m + direct_slope * d);
            slopes[0] = slopes[0].max((raised_m - from_m) / d);
            slopes[1] = slopes[1].max((raised_m - to_m) / beyond_m);
            obstruction = obstruction.max(over_m * over_m.abs() / lengths_m2);
        }
        if slopes[0] >= direct_slope {
            let meet_m = (to_m - from_m + slopes[1] * distance_m) / (slopes[0] + slopes[1]);
            let over_m = (slopes[0] - direct_slope) * meet_m;
            obstruction = over_m * over_m.abs() / (meet_m * (distance_m - meet_m));
        }
        Self {
            nu_root_m: (2.0 * distance_m * obstruction.abs())
                .sqrt()
                .copysign(obstruction),
            distance_m,
        }
    }

    /// Diffraction parameter ν at a frequency, Hz.
    #[must_use]
    pub(super) fn nu(&self, frequency_hz: f64) -> f64 {
        self.nu_root_m / wavelength_m(frequency_hz).sqrt()
    }

    /// Loss in dB at a frequency, Hz: that of the edge, and the empirical correction.
    #[must_use]
    pub(super) fn loss_db(&self, frequency_hz: f64) -> f64 {
        let edge_db = knife_edge_loss_db(self.nu(frequency_hz));
        if edge_db <= 0.0 {
            return 0.0;
        }
        edge_db + (1.0 - math::exp(-edge_db / 6.0)) * (10.0 + 0.02 * self.distance_m / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::model::diffraction::bullington_loss_db;

    /// The construction done anew for each frequency, on hills with the ends at many heights.
    #[test]
    fn it_is_the_construction_at_each_frequency() {
        let profile = (1_u32..100).map(|number| {
            let d = 100.0 * f64::from(number);
            (d, 60.0 + 50.0 * math::sin(d / 700.0))
        });
        for (from_m, to_m) in [(62.0, 80.0), (100.0, 90.0), (150.0, 120.0), (400.0, 500.0)] {
            let edge = Bullington::over(profile.clone(), from_m, to_m, 10_000.0);
            for frequency_hz in [53e6, 455e6, 4_965e6] {
                let got_db = edge.loss_db(frequency_hz);
                let want_db =
                    bullington_loss_db(profile.clone(), from_m, to_m, 10_000.0, frequency_hz);
                assert!(
                    (got_db - want_db).abs() < 1e-3,
                    "{got_db} against {want_db}"
                );
            }
        }
    }
}
