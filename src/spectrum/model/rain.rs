//! Rain in the path of radio waves: specific attenuation by ITU-R P.838-3.
//!
//! Left out: how much of a path the rain covers (ITU-R P.530), snow and hail.

use core::f64::consts::FRAC_PI_2;

use glam::DVec3;

use crate::kernel::math::{atan2, cos, exp, log10, pow};

/// A fit of the recommendation: Gaussian bumps (height, centre, width) over the logarithm of the
/// frequency, and a line (slope, offset).
struct Fit<const N: usize> {
    /// The bumps.
    bumps: [(f64, f64, f64); N],
    /// The line.
    line: (f64, f64),
}

impl<const N: usize> Fit<N> {
    /// Value at the logarithm of a frequency in GHz (ITU-R P.838-3, eq. 2 and 3).
    fn at(&self, log_f: f64) -> f64 {
        let bump = |(height, centre, width): &(f64, f64, f64)| {
            let off = (log_f - centre) / width;
            height * exp(-off * off)
        };
        self.bumps.iter().map(bump).sum::<f64>() + self.line.0 * log_f + self.line.1
    }
}

/// Logarithm of k for horizontal polarisation (table 1).
const K_HORIZONTAL: Fit<4> = Fit {
    bumps: [
        (-5.339_80, -0.100_08, 1.130_98),
        (-0.353_51, 1.269_70, 0.454_00),
        (-0.237_89, 0.860_36, 0.153_54),
        (-0.941_58, 0.645_52, 0.168_17),
    ],
    line: (-0.189_61, 0.711_47),
};

/// Logarithm of k for vertical polarisation (table 2).
const K_VERTICAL: Fit<4> = Fit {
    bumps: [
        (-3.805_95, 0.569_34, 0.810_61),
        (-3.449_65, -0.229_11, 0.510_59),
        (-0.399_02, 0.730_42, 0.118_99),
        (0.501_67, 1.073_19, 0.271_95),
    ],
    line: (-0.163_98, 0.632_97),
};

/// α for horizontal polarisation (table 3).
const ALPHA_HORIZONTAL: Fit<5> = Fit {
    bumps: [
        (-0.143_18, 1.824_42, -0.551_87),
        (0.295_91, 0.775_64, 0.198_22),
        (0.321_77, 0.637_73, 0.131_64),
        (-5.376_10, -0.962_30, 1.478_28),
        (16.172_1, -3.299_80, 3.439_90),
    ],
    line: (0.678_49, -1.955_37),
};

/// α for vertical polarisation (table 4).
const ALPHA_VERTICAL: Fit<5> = Fit {
    bumps: [
        (-0.077_71, 2.338_40, -0.762_84),
        (0.567_27, 0.955_45, 0.540_39),
        (-0.202_38, 1.145_20, 0.268_09),
        (-48.299_1, 0.791_669, 0.116_226),
        (48.583_3, 0.791_459, 0.116_479),
    ],
    line: (-0.053_739, 0.834_33),
};

/// How a wave meets the rain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RainPath {
    /// Frequency, GHz, from 1 to 1000.
    pub frequency_ghz: f64,
    /// Elevation of the path over the horizon, rad.
    pub elevation_rad: f64,
    /// Tilt of the polarisation against the horizon, rad: 0 horizontal, π/2 vertical, π/4 circular.
    pub tilt_rad: f64,
}

impl RainPath {
    /// k and α of the power law (ITU-R P.838-3, eq. 4 and 5).
    #[must_use]
    pub fn coefficients(&self) -> (f64, f64) {
        debug_assert!(self.frequency_ghz > 0.0, "a frequency is positive");
        let log_f = log10(self.frequency_ghz);
        let horizontal = pow(10.0, K_HORIZONTAL.at(log_f));
        let vertical = pow(10.0, K_VERTICAL.at(log_f));
        let [along, across] = [ALPHA_HORIZONTAL.at(log_f), ALPHA_VERTICAL.at(log_f)];
        let level = cos(self.elevation_rad);
        let weight = level * level * cos(2.0 * self.tilt_rad);
        let k = 0.5 * (horizontal + vertical + (horizontal - vertical) * weight);
        let (first, second) = (horizontal * along, vertical * across);
        let alpha = (first + second + (first - second) * weight) / (2.0 * k);
        (k, alpha)
    }

    /// Attenuation by rain, dB/km (ITU-R P.838-3, eq. 1): k·R^α for a rate in mm/h.
    #[must_use]
    pub fn attenuation_db_km(&self, rain_mm_h: f64) -> f64 {
        debug_assert!(rain_mm_h >= 0.0, "rain falls");
        let (k, alpha) = self.coefficients();
        k * pow(rain_mm_h, alpha)
    }
}

/// Lowest frequency of ITU-R P.838-3, Hz. Below it rain costs less than 0.001 dB/km at 100 mm/h.
const LEAST_HZ: f64 = 1e9;

/// Attenuation in dB by the same rain everywhere along a straight line between two points, local east,
/// north and up in m, for vertical polarisation; 0 below 1 GHz.
#[must_use]
pub fn rain_loss_db(frequency_hz: f64, (a, b): (DVec3, DVec3), rain_mm_h: f64) -> f64 {
    if rain_mm_h <= 0.0 || frequency_hz < LEAST_HZ {
        return 0.0;
    }
    let line = b - a;
    let path = RainPath {
        frequency_ghz: frequency_hz / 1e9,
        elevation_rad: atan2(line.z.abs(), line.truncate().length()),
        tilt_rad: FRAC_PI_2,
    };
    path.attenuation_db_km(rain_mm_h) * line.length() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math::PI;

    #[test]
    fn rain_costs_by_length_and_nothing_below_a_gigahertz() {
        let ends = (DVec3::ZERO, DVec3::new(3000.0, 4000.0, 0.0));
        // 12 GHz, vertical, 25 mm/h: 0.9077 dB/km over 5 km.
        assert!((rain_loss_db(12e9, ends, 25.0) - 4.5385).abs() < 1e-3);
        assert!((rain_loss_db(12e9, (ends.1, ends.0), 25.0) - 4.5385).abs() < 1e-3);
        assert!(rain_loss_db(12e9, ends, 0.0).abs() < 1e-12);
        assert!(rain_loss_db(0.9e9, ends, 100.0).abs() < 1e-12);
    }

    #[test]
    fn horizontal_polarisation_agrees_with_the_table() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/p838_rain.csv"
        ));
        let mut count = 0;
        for line in table.lines().skip(2) {
            let row: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
            let path = RainPath {
                frequency_ghz: row[0],
                elevation_rad: 0.0,
                tilt_rad: 0.0,
            };
            let (k, alpha) = path.coefficients();
            assert!((k - row[2]).abs() < 1e-6 && (alpha - row[3]).abs() < 1e-4);
            let got = path.attenuation_db_km(row[1]);
            assert!((got - row[4]).abs() < 1e-4, "{line}: {got}");
            count += 1;
        }
        assert_eq!(count, 15);
    }

    #[test]
    fn any_polarisation_and_elevation_agrees_with_itur() {
        // itur 0.4.0 at 25 mm/h: GHz, elevation and tilt in degrees, k, α, dB/km.
        for (f, elevation, tilt, k, alpha, want) in [
            (1.0, 0.0, 90.0, 3.079_736e-5, 0.859_221, 0.000_489_387),
            (5.0, 60.0, 20.0, 2.269_086e-4, 1.625_481, 0.042_479_2),
            (12.0, 0.0, 90.0, 0.024_548_33, 1.121_594, 0.907_702_4),
            (12.0, 60.0, 20.0, 0.024_136_94, 1.157_444, 1.001_656_1),
            (20.0, 30.0, 45.0, 0.093_876_94, 1.019_878, 2.501_996_3),
            (35.0, 0.0, 90.0, 0.322_376_05, 0.876_142, 5.409_495_0),
            (100.0, 60.0, 20.0, 1.367_487_67, 0.679_465, 12.183_559_3),
        ] {
            let path = RainPath {
                frequency_ghz: f,
                elevation_rad: f64::to_radians(elevation),
                tilt_rad: f64::to_radians(tilt),
            };
            let got = path.coefficients();
            assert!((got.0 / k - 1.0).abs() < 1e-5, "{f} GHz: {got:?}");
            assert!((got.1 - alpha).abs() < 1e-5, "{f} GHz: {got:?}");
            let loss = path.attenuation_db_km(25.0);
            assert!((loss / want - 1.0).abs() < 1e-5, "{f} GHz: {loss}");
        }
    }

    #[test]
    fn no_rain_costs_nothing_and_circular_lies_between() {
        let at = |tilt_rad, rain_mm_h| {
            let path = RainPath {
                frequency_ghz: 30.0,
                elevation_rad: 0.2,
                tilt_rad,
            };
            path.attenuation_db_km(rain_mm_h)
        };
        assert!(at(0.0, 0.0).abs() < 1e-12);
        let (level, circular, upright) = (at(0.0, 40.0), at(PI / 4.0, 40.0), at(PI / 2.0, 40.0));
        assert!(upright < circular && circular < level);
    }
}
