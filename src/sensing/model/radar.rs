//! Radar: the signal-to-noise ratio of an echo, and what is detected at it.
//!
//! Left out: clutter, rain, multipath lobing; line of sight and horizon belong to `geo`.

use serde::{Deserialize, Serialize};

use crate::kernel::math::{PI, exp, from_db, log, log10, pow, to_db};

/// Boltzmann's constant times 290 K, to which noise figures refer, in W/Hz.
const BOLTZMANN_T0_W_HZ: f64 = 1.380_649e-23 * 290.0;

/// Speed of light in m/s.
const LIGHT_SPEED_M_S: f64 = 299_792_458.0;

/// What the radar equation needs of a radar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RadarParameters {
    /// Average transmitted power in W.
    pub average_power_w: f64,
    /// Antenna gain in dBi, the same for transmitting and receiving.
    pub antenna_gain_db: f64,
    /// Carrier frequency in Hz.
    pub frequency_hz: f64,
    /// Time on target that is integrated coherently, in s.
    pub integration_time_s: f64,
    /// Receiver noise figure in dB.
    pub noise_figure_db: f64,
    /// All other losses in dB.
    pub loss_db: f64,
    /// Probability of a false alarm in one resolution cell and scan.
    pub false_alarm_probability: f64,
}

/// A radar with the constants of its equation worked out, so that one look costs one exponential.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Radar {
    /// Signal-to-noise ratio of 1 m² at 1 m.
    unit_snr: f64,
    /// Natural logarithm of the false-alarm probability.
    log_false_alarm: f64,
}

impl Radar {
    /// Works out the constants: SNR = P̄ G² λ² σ T / ((4π)³ R⁴ k T₀ F L) (Skolnik 2001, ch. 2, the
    /// energy form with average power).
    #[must_use]
    pub fn new(parameters: &RadarParameters) -> Self {
        let wavelength_m = LIGHT_SPEED_M_S / parameters.frequency_hz;
        let gain = from_db(parameters.antenna_gain_db);
        let signal = parameters.average_power_w
            * gain
            * gain
            * wavelength_m
            * wavelength_m
            * parameters.integration_time_s;
        let noise =
            BOLTZMANN_T0_W_HZ * from_db(parameters.noise_figure_db) * from_db(parameters.loss_db);
        let log_false_alarm = log(parameters.false_alarm_probability);
        debug_assert!(
            log_false_alarm < 0.0,
            "a false-alarm probability lies between 0 and 1"
        );
        Self {
            unit_snr: signal / (pow(4.0 * PI, 3.0) * noise),
            log_false_alarm,
        }
    }

    /// Signal-to-noise ratio (not in dB) of a target of this radar cross section at this range.
    #[must_use]
    pub fn snr(&self, rcs_m2: f64, range_m: f64) -> f64 {
        let range2 = range_m * range_m;
        self.unit_snr * rcs_m2 / (range2 * range2).max(1.0)
    }

    /// Probability that one scan detects a fluctuating target (Swerling 1) of mean signal-to-noise
    /// ratio `snr`; `jam_to_noise` adds interference to the noise (0 for none).
    #[must_use]
    pub fn detection_probability(&self, snr: f64, jam_to_noise: f64) -> f64 {
        exp(self.log_false_alarm / (1.0 + snr / (1.0 + jam_to_noise)))
    }

    /// Range in metres at which a target gives this signal-to-noise ratio: R ∝ σ^¼.
    #[must_use]
    pub fn range_at_snr_m(&self, rcs_m2: f64, snr_db: f64) -> f64 {
        (self.unit_snr * rcs_m2 / from_db(snr_db)).sqrt().sqrt()
    }
}

/// Probability of detection of a Swerling 1 target in a single pulse or coherent interval:
/// Pfa^(1/(1+SNR)) (Swerling 1954; Richards 2014, ch. 6).
#[must_use]
pub fn swerling1_detection(snr: f64, false_alarm_probability: f64) -> f64 {
    exp(log(false_alarm_probability) / (1.0 + snr))
}

/// Single-pulse signal-to-noise ratio in dB that a steady target needs (Albersheim 1981; Tufts &
/// Cann 1983), with `pulses` integrated non-coherently behind a linear detector.
///
/// Within 0.3 dB for 10⁻⁷ ≤ Pfa ≤ 10⁻³ and 0.5 ≤ Pd ≤ 0.9; nearly 2 dB low at Pd = 0.1.
#[must_use]
pub fn albersheim_snr_db(detection: f64, false_alarm: f64, pulses: f64) -> f64 {
    let a = log(0.62 / false_alarm);
    let b = log(detection / (1.0 - detection));
    -5.0 * log10(pulses) + (6.2 + 4.54 / (pulses + 0.44).sqrt()) * log10(a + 0.12 * a * b + 1.7 * b)
}

/// How a target's echo fluctuates (Swerling 1954).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fluctuation {
    /// Not at all (case 0 or 5).
    Steady,
    /// Many scatterers, from scan to scan (case 1).
    Swerling1,
    /// Many scatterers, from pulse to pulse (case 2).
    Swerling2,
    /// One dominant scatterer, from scan to scan (case 3).
    Swerling3,
    /// One dominant scatterer, from pulse to pulse (case 4).
    Swerling4,
}

/// Single-pulse signal-to-noise ratio in dB that a target needs (Shnidman 2002, "Determination of
/// required SNR values", IEEE Trans. AES 38; Richards 2014, ch. 6).
///
/// Within 0.6 dB for 0.1 ≤ Pd ≤ 0.95 on steady targets, for 0.5 ≤ Pd ≤ 0.9 on fluctuating ones;
/// 10⁻⁹ ≤ Pfa ≤ 10⁻³ and up to 100 pulses.
#[must_use]
pub fn shnidman_snr_db(
    detection: f64,
    false_alarm: f64,
    pulses: f64,
    fluctuation: Fluctuation,
) -> f64 {
    let inverse_k = match fluctuation {
        Fluctuation::Steady => 0.0,
        Fluctuation::Swerling1 => 1.0,
        Fluctuation::Swerling2 => 1.0 / pulses,
        Fluctuation::Swerling3 => 0.5,
        Fluctuation::Swerling4 => 0.5 / pulses,
    };
    let alpha = if pulses < 40.0 { 0.0 } else { 0.25 };
    let side = if detection >= 0.5 { 1.0 } else { -1.0 };
    let spread = |p: f64| (-0.8 * log(4.0 * p * (1.0 - p))).max(0.0).sqrt();
    let eta = spread(false_alarm) + side * spread(detection);
    let x_infinite = eta * (eta + 2.0 * (pulses / 2.0 + (alpha - 0.25)).sqrt());
    let p = detection;
    let mut correction_db = (((17.7006 * p - 18.4496) * p + 14.5339) * p - 3.525) * inverse_k;
    if p > 0.872 {
        correction_db += inverse_k
            * (exp(27.31 * p - 25.14)
                + (p - 0.8) * (0.7 * log(1e-5 / false_alarm) + (2.0 * pulses - 20.0) / 80.0));
    }
    correction_db + to_db(x_infinite / pulses)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The radar of the range-scaling example: 20 W average, 28 dBi, 9.5 GHz, 20 ms, NF 5, L 8 dB.
    fn example() -> Radar {
        Radar::new(&RadarParameters {
            average_power_w: 20.0,
            antenna_gain_db: 28.0,
            frequency_hz: 9.5e9,
            integration_time_s: 0.02,
            noise_figure_db: 5.0,
            loss_db: 8.0,
            false_alarm_probability: 1e-6,
        })
    }

    #[test]
    fn range_scales_with_the_fourth_root_of_cross_section() {
        let radar = example();
        for (rcs_m2, range_km) in [(0.01, 4.73), (0.1, 8.41), (1.0, 14.96), (10.0, 26.61)] {
            let got_km = radar.range_at_snr_m(rcs_m2, 13.0) / 1000.0;
            assert!(
                (got_km - range_km).abs() < 0.006,
                "{rcs_m2} m2: {got_km} km"
            );
            assert!((to_db(radar.snr(rcs_m2, got_km * 1000.0)) - 13.0).abs() < 1e-9);
        }
    }

    #[test]
    fn jamming_lowers_the_signal_that_counts() {
        let radar = example();
        let clear = radar.detection_probability(100.0, 0.0);
        assert!((clear - swerling1_detection(100.0, 1e-6)).abs() < 1e-12);
        let jammed = radar.detection_probability(100.0, 9.0);
        assert!((jammed - swerling1_detection(10.0, 1e-6)).abs() < 1e-12);
    }

    #[test]
    fn required_snr_agrees_with_the_tables() {
        let table = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/reference/radar_required_snr.csv"
        ));
        for line in table.lines().skip(2) {
            let row: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
            let [pfa, n, pd] = [row[0], row[1], row[2]];
            // Against the same formula by another hand: rounding only.
            let albersheim = albersheim_snr_db(pd, pfa, n);
            assert!(
                (albersheim - row[4]).abs() < 0.001,
                "Albersheim {line}: {albersheim}"
            );
            let steady = shnidman_snr_db(pd, pfa, n, Fluctuation::Steady);
            assert!(
                (steady - row[5]).abs() < 0.001,
                "Shnidman 0 {line}: {steady}"
            );
            let slow = shnidman_snr_db(pd, pfa, n, Fluctuation::Swerling1);
            assert!((slow - row[7]).abs() < 0.001, "Shnidman 1 {line}: {slow}");
            let fast = shnidman_snr_db(pd, pfa, n, Fluctuation::Swerling2);
            assert!((fast - row[9]).abs() < 0.001, "Shnidman 2 {line}: {fast}");
            // Against the exact values, inside the ranges that the doc comments state.
            assert!((steady - row[3]).abs() < 0.6, "Shnidman 0 {line}: {steady}");
            if (0.5..=0.9).contains(&pd) {
                assert!(
                    (albersheim - row[3]).abs() < 0.3,
                    "Albersheim {line}: {albersheim}"
                );
                assert!((slow - row[6]).abs() < 0.6, "Shnidman 1 {line}: {slow}");
                assert!((fast - row[8]).abs() < 0.6, "Shnidman 2 {line}: {fast}");
            }
            // One pulse: the closed form is exact.
            if n < 1.5 {
                let closed = swerling1_detection(from_db(row[6]), pfa);
                assert!((closed - pd).abs() < 1e-3, "closed form {line}: {closed}");
            }
        }
    }
}
