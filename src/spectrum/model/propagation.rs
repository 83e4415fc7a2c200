//! Radio path loss without obstacles: free space, and the ray that the ground reflects.
//!
//! Left out: clutter, fading, rain and the troposphere.

use serde::{Deserialize, Serialize};

use crate::kernel::math::{PI, TAU, log10, pow, sincos};

/// Speed of light in m/s.
pub const LIGHT_SPEED_M_S: f64 = 299_792_458.0;

/// Permittivity of the vacuum in F/m (CODATA 2018).
const VACUUM_PERMITTIVITY_F_M: f64 = 8.854_187_812_8e-12;

/// Wavelength in metres.
#[must_use]
pub fn wavelength_m(frequency_hz: f64) -> f64 {
    debug_assert!(frequency_hz > 0.0, "a frequency is positive");
    LIGHT_SPEED_M_S / frequency_hz
}

/// Free-space loss in dB between isotropic antennas: 20 log₁₀(4πd/λ) (Friis 1946; ITU-R P.525),
/// never negative.
#[must_use]
pub fn free_space_loss_db(frequency_hz: f64, distance_m: f64) -> f64 {
    let ratio = 4.0 * PI * distance_m / wavelength_m(frequency_hz);
    if ratio <= 1.0 {
        0.0
    } else {
        20.0 * log10(ratio)
    }
}

/// Distance in metres at which free space loses this much: the range beyond which no link of that
/// budget exists, whatever the terrain.
#[must_use]
pub fn free_space_range_m(frequency_hz: f64, loss_db: f64) -> f64 {
    wavelength_m(frequency_hz) / (4.0 * PI) * pow(10.0, loss_db / 20.0)
}

/// Log-distance loss in dB (Rappaport 2002, ch. 4): `reference_db` at 1 m, 10·n·log₁₀(d) beyond.
#[must_use]
pub fn log_distance_loss_db(reference_db: f64, exponent: f64, distance_m: f64) -> f64 {
    reference_db + 10.0 * exponent * log10(distance_m.max(1.0))
}

/// Distance in metres at which free space and plane earth lose the same: 4π·h₁·h₂/λ.
#[must_use]
pub fn crossover_m(frequency_hz: f64, height_1_m: f64, height_2_m: f64) -> f64 {
    4.0 * PI * height_1_m * height_2_m / wavelength_m(frequency_hz)
}

/// Loss in dB over ground: free space up to the crossover, plane earth 40 log₁₀ d − 20 log₁₀(h₁h₂)
/// beyond it (Rappaport 2002, ch. 4; the two-ray ground model of ns-3).
///
/// The two branches meet at the crossover, so that the loss never falls with distance. Heights are
/// above ground, at least 0.1 m; the distance is that between the antennas.
#[must_use]
pub fn two_ray_ground_loss_db(
    frequency_hz: f64,
    distance_m: f64,
    height_1_m: f64,
    height_2_m: f64,
) -> f64 {
    let heights_m2 = height_1_m.max(0.1) * height_2_m.max(0.1);
    if distance_m * wavelength_m(frequency_hz) <= 4.0 * PI * heights_m2 {
        return free_space_loss_db(frequency_hz, distance_m);
    }
    (20.0 * log10(distance_m * distance_m / heights_m2)).max(0.0)
}

/// Direction of the electric field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Polarization {
    /// In the plane of incidence: whip antennas.
    Vertical,
    /// Across it.
    Horizontal,
}

/// What reflects: ground or sea.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// Relative permittivity.
    pub permittivity: f64,
    /// Conductivity in S/m.
    pub conductivity_s_m: f64,
}

impl Ground {
    /// Average ground (ITU-R P.527 and the usual choice of Longley–Rice programs).
    pub const AVERAGE: Self = Self {
        permittivity: 15.0,
        conductivity_s_m: 0.005,
    };
    /// Sea water.
    pub const SEA: Self = Self {
        permittivity: 81.0,
        conductivity_s_m: 5.0,
    };

    /// Height in m that the surface wave lends to a vertical antenna on the ground: λ/2π · |ε/√(ε − 1)|
    /// with the complex permittivity ε (Bullington 1947, "Radio propagation at frequencies above
    /// 30 megacycles", the minimum effective height).
    #[must_use]
    pub fn surface_height_m(&self, frequency_hz: f64) -> f64 {
        let loss = self.conductivity_s_m / (TAU * frequency_hz * VACUUM_PERMITTIVITY_F_M);
        let norm2 = |re: f64| re * re + loss * loss;
        let modulus = (norm2(self.permittivity) / norm2(self.permittivity - 1.0).sqrt()).sqrt();
        wavelength_m(frequency_hz) / TAU * modulus
    }

    /// Fresnel's reflection coefficient as real and imaginary parts at this grazing angle, given by
    /// its sine and squared cosine (Jordan & Balmain 1968, ch. 16; time factor e^{+jωt}).
    #[must_use]
    pub fn reflection(
        &self,
        polarization: Polarization,
        frequency_hz: f64,
        sin: f64,
        cos2: f64,
    ) -> [f64; 2] {
        let loss = self.conductivity_s_m / (TAU * frequency_hz * VACUUM_PERMITTIVITY_F_M);
        let permittivity = [self.permittivity, -loss];
        let root = complex_root([self.permittivity - cos2, -loss]);
        let direct = match polarization {
            Polarization::Vertical => [permittivity[0] * sin, permittivity[1] * sin],
            Polarization::Horizontal => [sin, 0.0],
        };
        complex_quotient(
            [direct[0] - root[0], direct[1] - root[1]],
            [direct[0] + root[0], direct[1] + root[1]],
        )
    }
}

/// Principal square root of a complex number with positive real part.
fn complex_root([re, im]: [f64; 2]) -> [f64; 2] {
    let root_re = (0.5 * ((re * re + im * im).sqrt() + re)).sqrt();
    [root_re, 0.5 * im / root_re]
}

/// Quotient of two complex numbers.
fn complex_quotient(above: [f64; 2], below: [f64; 2]) -> [f64; 2] {
    let scale = 1.0 / (below[0] * below[0] + below[1] * below[1]);
    [
        (above[0] * below[0] + above[1] * below[1]) * scale,
        (above[1] * below[0] - above[0] * below[1]) * scale,
    ]
}

/// Loss in dB of the direct ray and the one that flat ground reflects, added as waves (Jordan &
/// Balmain 1968, ch. 16): exact for a smooth plane between isotropic antennas, nulls included.
///
/// `distance_m` is along the ground, heights are above it.
#[must_use]
pub fn two_ray_loss_db(
    frequency_hz: f64,
    distance_m: f64,
    height_1_m: f64,
    height_2_m: f64,
    ground: &Ground,
    polarization: Polarization,
) -> f64 {
    let wavelength_m = wavelength_m(frequency_hz);
    let distance2 = distance_m * distance_m;
    let difference_m = height_1_m - height_2_m;
    let sum_m = height_1_m + height_2_m;
    let direct_m = (distance2 + difference_m * difference_m).sqrt();
    let reflected2 = distance2 + sum_m * sum_m;
    let reflected_m = reflected2.sqrt();
    let [gamma_re, gamma_im] = ground.reflection(
        polarization,
        frequency_hz,
        sum_m / reflected_m,
        distance2 / reflected2,
    );
    // r₂ − r₁ without cancellation: (r₂² − r₁²)/(r₂ + r₁), the numerator being 4 h₁ h₂.
    let detour_m = 4.0 * height_1_m * height_2_m / (reflected_m + direct_m);
    let (sin, cos) = sincos(-TAU * detour_m / wavelength_m);
    let re = 1.0 / direct_m + (gamma_re * cos - gamma_im * sin) / reflected_m;
    let im = (gamma_re * sin + gamma_im * cos) / reflected_m;
    let amplitude = wavelength_m / (4.0 * PI) * (re * re + im * im).sqrt();
    -20.0 * log10(amplitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The carrier of ns-3's propagation test suite, in Hz: a wavelength of 0.125 m.
    const NS3_HZ: f64 = 2_398_339_664.0;

    /// Its transmitted power in W.
    const NS3_W: f64 = 0.050_357_02;

    /// The rows of a reference table as numbers, without its two header lines.
    fn rows(text: &str) -> impl Iterator<Item = Vec<f64>> + '_ {
        text.lines()
            .skip(2)
            .map(|line| line.split(',').map(|x| x.parse().unwrap()).collect())
    }

    /// Received power in W behind this loss.
    fn received_w(loss_db: f64) -> f64 {
        NS3_W * pow(10.0, -loss_db / 10.0)
    }

    #[test]
    fn free_space_agrees_with_the_table() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/fspl.csv"
        ));
        for row in rows(table) {
            let got = free_space_loss_db(row[0] * 1e6, row[1] * 1000.0);
            assert!((got - row[2]).abs() < 0.01, "{row:?}: {got}");
            let back_m = free_space_range_m(row[0] * 1e6, got);
            assert!((back_m / (row[1] * 1000.0) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn friis_agrees_with_ns3() {
        let cases = [
            (100.0, 4.98265e-10),
            (500.0, 1.99306e-11),
            (1e3, 4.98265e-12),
            (2e3, 1.24566e-12),
        ];
        for (d_m, want_w) in cases {
            let got_w = received_w(free_space_loss_db(NS3_HZ, d_m));
            assert!((got_w / want_w - 1.0).abs() < 1e-5, "{d_m} m: {got_w} W");
        }
    }

    #[test]
    fn log_distance_agrees_with_ns3() {
        let cases = [
            (10.0, 4.98265e-9),
            (20.0, 6.22831e-10),
            (40.0, 7.78539e-11),
            (80.0, 9.73173e-12),
        ];
        for (d_m, want_w) in cases {
            let got_w = received_w(log_distance_loss_db(40.045_997, 3.0, d_m));
            assert!((got_w / want_w - 1.0).abs() < 1e-5, "{d_m} m: {got_w} W");
        }
    }

    #[test]
    fn two_ray_ground_agrees_with_ns3() {
        // (x, z of the second antenna's mount, received power); antennas 1.5 m above the mounts.
        let cases: [(f64, f64, f64); 7] = [
            (100.0, 0.0, 4.98265e-10),
            (500.0, 0.0, 4.078_918_62e-12),
            (1000.0, 0.0, 2.549_324_137_5e-13),
            (2000.0, 0.0, 1.593_327_585_938e-14),
            (500.0, 1.0, 1.133_032_95e-11),
            (1000.0, 4.0, 3.427_424_673_75e-12),
            (2000.0, 10.0, 9.365_225_477_34e-13),
        ];
        for (x_m, z_m, want_w) in cases {
            let d_m = (x_m * x_m + z_m * z_m).sqrt();
            let got_w = received_w(two_ray_ground_loss_db(NS3_HZ, d_m, 1.5, 1.5 + z_m));
            // ns-3's vectors take the way along the ground; the slant costs at most 0.0005 dB here.
            assert!(
                (got_w / want_w - 1.0).abs() < 1.2e-4,
                "{x_m} m, {z_m} m: {got_w} W"
            );
        }
    }

    #[test]
    fn two_ray_ground_is_continuous_and_never_falls() {
        let crossover_m = crossover_m(400e6, 3.0, 10.0);
        let step = two_ray_ground_loss_db(400e6, crossover_m * (1.0 + 1e-9), 3.0, 10.0)
            - two_ray_ground_loss_db(400e6, crossover_m * (1.0 - 1e-9), 3.0, 10.0);
        assert!(step.abs() < 1e-6, "a step of {step} dB");
    }

    #[test]
    fn two_rays_agree_with_the_table() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/tworay.csv"
        ));
        // A perfect mirror: infinite conductivity turns the horizontal coefficient into −1.
        let mirror = Ground {
            permittivity: 1.0,
            conductivity_s_m: 1e12,
        };
        for row in rows(table) {
            let loss = |ground, polarization| {
                two_ray_loss_db(row[0] * 1e6, row[1], row[2], row[3], ground, polarization)
            };
            let got = [
                loss(&mirror, Polarization::Horizontal),
                loss(&Ground::AVERAGE, Polarization::Vertical),
                loss(&Ground::AVERAGE, Polarization::Horizontal),
            ];
            for (got, want) in got.iter().zip(&row[6..9]) {
                assert!((got - want).abs() < 0.05, "{row:?}: {got} against {want}");
            }
            let crossover = crossover_m(row[0] * 1e6, row[2], row[3]);
            assert!(
                (crossover / row[10] - 1.0).abs() < 0.002,
                "{row:?}: {crossover}"
            );
        }
    }
}
