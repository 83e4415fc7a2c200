//! Radio around a smooth earth (ITU-R P.526-15, §3.1.1 and §4.5.2).

use super::propagation::{Ground, Polarization};
use crate::kernel::math::{PI, acos, cbrt, cos, log10, pow};

/// A path over a smooth earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SphericalPath {
    /// Wavelength, m.
    pub wavelength_m: f64,
    /// Distance, m.
    pub distance_m: f64,
    /// Heights of the antennas over the earth, m, positive.
    pub heights_m: [f64; 2],
    /// Effective radius of the earth, m.
    pub earth_m: f64,
}

impl SphericalPath {
    /// Loss by diffraction beyond free space, dB (§3.2): zero where the first Fresnel zone is free
    /// enough, the residue series' first term beyond the horizon, interpolated between.
    #[must_use]
    pub fn loss_db(&self, ground: &Ground, polarization: Polarization) -> f64 {
        let roots = self.heights_m[0].sqrt() + self.heights_m[1].sqrt();
        let horizon_m = (2.0 * self.earth_m).sqrt() * roots;
        if self.distance_m >= horizon_m {
            return self.first_term_db(ground, polarization);
        }
        let (clearance_m, needed_m) = self.clearance_m();
        if clearance_m > needed_m {
            return 0.0;
        }
        // The earth on whose horizon the path would lie.
        let marginal_m = self.distance_m / roots;
        let marginal = Self {
            earth_m: 0.5 * marginal_m * marginal_m,
            ..*self
        };
        let full_db = marginal.first_term_db(ground, polarization).max(0.0);
        (1.0 - clearance_m / needed_m) * full_db
    }

    /// The smallest height of the path over the earth, and the height that loses nothing, m.
    fn clearance_m(&self) -> (f64, f64) {
        let (d, [near_m, far_m]) = (self.distance_m, self.heights_m);
        let sum_m = near_m + far_m;
        let lean = (near_m - far_m) / sum_m;
        let bend = d * d / (4.0 * self.earth_m * sum_m);
        let grown = bend + 1.0;
        let angle = 1.5 * lean * (3.0 * bend / (grown * grown * grown)).sqrt();
        let third = PI / 3.0 + acos(angle.clamp(-1.0, 1.0)) / 3.0;
        let shift = 2.0 * (grown / (3.0 * bend)).sqrt() * cos(third);
        let first_m = 0.5 * d * (1.0 + shift);
        let second_m = d - first_m;
        let over = |height_m: f64, away_m: f64| height_m - away_m * away_m / (2.0 * self.earth_m);
        let clearance_m = (over(near_m, first_m) * second_m + over(far_m, second_m) * first_m) / d;
        let needed_m = 0.552 * (first_m * second_m * self.wavelength_m / d).sqrt();
        (clearance_m, needed_m)
    }

    /// First term of the residue series, dB.
    fn first_term_db(&self, ground: &Ground, polarization: Polarization) -> f64 {
        let admittance = self.admittance(ground, polarization);
        let square = admittance * admittance;
        let beta = (1.0 + square * (1.6 + 0.67 * square)) / (1.0 + square * (4.5 + 1.53 * square));
        let ratio = PI / self.wavelength_m;
        let distance = beta * self.distance_m * cbrt(ratio / (self.earth_m * self.earth_m));
        let height = 2.0 * beta * cbrt(ratio * ratio / self.earth_m);
        let over_distance_db = if distance >= 1.6 {
            11.0 + 10.0 * log10(distance) - 17.6 * distance
        } else {
            -20.0 * log10(distance) - 5.6488 * pow(distance, 1.425)
        };
        let least_db = 2.0 + 20.0 * log10(admittance);
        let of_height = |height_m: f64| height_gain_db(height * height_m).max(least_db);
        let [near_db, far_db] = self.heights_m.map(of_height);
        -over_distance_db - near_db - far_db
    }

    /// Normalised surface admittance K.
    fn admittance(&self, ground: &Ground, polarization: Polarization) -> f64 {
        let frequency_mhz = super::propagation::LIGHT_SPEED_M_S / self.wavelength_m / 1e6;
        let loss = 18_000.0 * ground.conductivity_s_m / frequency_mhz;
        let permittivity = ground.permittivity;
        let less = permittivity - 1.0;
        let wave_number = 2.0 * PI / self.wavelength_m;
        let horizontal =
            1.0 / (cbrt(wave_number * self.earth_m) * pow(less * less + loss * loss, 0.25));
        match polarization {
            Polarization::Horizontal => horizontal,
            Polarization::Vertical => {
                horizontal * (permittivity * permittivity + loss * loss).sqrt()
            }
        }
    }
}

/// Gain by a normalised height times β, dB.
fn height_gain_db(height: f64) -> f64 {
    if height > 2.0 {
        let over = height - 1.1;
        17.6 * over.sqrt() - 5.0 * log10(over) - 8.0
    } else {
        20.0 * log10(height + 0.1 * height * height * height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path over an earth of 4/3 of its radius.
    fn path(frequency_hz: f64, distance_m: f64, heights_m: [f64; 2]) -> SphericalPath {
        SphericalPath {
            wavelength_m: super::super::propagation::wavelength_m(frequency_hz),
            distance_m,
            heights_m,
            earth_m: 4.0 / 3.0 * 6_371_000.0,
        }
    }

    #[test]
    fn a_smooth_earth_agrees_with_pycraf() {
        // pycraf 2.1.0 over flat ground, horizontal polarisation, where a smooth earth is all there is.
        for (d_m, f_hz, heights_m, want_db) in [
            (5e3, 400e6, [2.0, 2.0], 36.3),
            (10e3, 400e6, [10.0, 2.0], 29.5),
            (20e3, 400e6, [2.0, 2.0], 53.43),
            (20e3, 5e9, [2.0, 2.0], 40.45),
            (20e3, 5e9, [100.0, 2.0], 0.0),
        ] {
            let path = path(f_hz, d_m, heights_m);
            let got = path.loss_db(&Ground::AVERAGE, Polarization::Horizontal);
            assert!((got - want_db).abs() < 0.05, "{path:?}: {got}");
        }
    }

    #[test]
    fn loss_joins_at_the_horizon() {
        let heights_m = [30.0, 10.0];
        let horizon_m = (2.0_f64 * 4.0 / 3.0 * 6_371_000.0).sqrt()
            * (f64::sqrt(heights_m[0]) + f64::sqrt(heights_m[1]));
        let at = |factor: f64| {
            path(400e6, factor * horizon_m, heights_m)
                .loss_db(&Ground::AVERAGE, Polarization::Vertical)
        };
        let (near, far) = (at(0.999_999), at(1.000_001));
        assert!(near > 10.0 && (near - far).abs() < 0.01, "{near}, {far}");
        assert!(at(1.5) > far && at(0.5) < near);
    }

    #[test]
    fn upright_waves_cling_to_the_sea() {
        let path = path(30e6, 100e3, [10.0, 10.0]);
        let [upright, level] = [Polarization::Vertical, Polarization::Horizontal]
            .map(|polarization| path.loss_db(&Ground::SEA, polarization));
        assert!(upright + 20.0 < level, "{upright} against {level}");
    }
}
