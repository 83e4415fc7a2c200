//! How much of a channel a jammer covers, in frequency and in time. See [`Waveform`].
//!
//! Kinds of jamming after Poisel 2011, "Modern Communications Jamming Principles and Techniques".
//! Spectra are flat. Left out: the fall of a real spectrum beyond its edge, and where a sweep
//! stands when a packet begins: the share is the mean over all such moments.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{kernel::math::to_db, spectrum::model::propagation::LIGHT_SPEED_M_S};

/// Thermal noise at 290 K, dBm in 1 Hz: k·T.
const THERMAL_DBM_HZ: f64 = -173.975;

/// A stretch of the spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Middle, Hz.
    pub centre_hz: f64,
    /// Width, Hz.
    pub width_hz: f64,
}

impl Band {
    /// Width that two bands have in common, Hz.
    #[must_use]
    pub fn overlap_hz(&self, other: &Self) -> f64 {
        let half = |band: &Self| 0.5 * band.width_hz;
        let low = (self.centre_hz - half(self)).max(other.centre_hz - half(other));
        let high = (self.centre_hz + half(self)).min(other.centre_hz + half(other));
        (high - low).max(0.0)
    }
}

/// What a jammer does with its power.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Waveform {
    /// Noise over the whole band at once.
    Barrage {
        /// Where.
        band: Band,
    },
    /// Noise of the width of one channel.
    Spot {
        /// Where.
        band: Band,
    },
    /// Noise in a window that runs over the band again and again.
    Sweep {
        /// Where.
        band: Band,
        /// Width of the window, Hz; at most that of the band.
        window_hz: f64,
    },
    /// Noise on the channel on which it has just heard a transmission.
    Follower {
        /// Where it listens.
        band: Band,
        /// Width of its noise, Hz.
        width_hz: f64,
        /// Time from hearing to jamming, s.
        reaction_s: f64,
    },
    /// Counterfeit signals of satellites: they lead a receiver astray and jam no radio.
    Counterfeit {
        /// Velocity, east and north, at which they pull fixes away from the truth, m/s.
        pull_m_s: DVec2,
    },
}

/// What falls into a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Share of the jammer's power that falls into the channel while it is covered, 0 to 1.
    pub power: f64,
    /// Share of the time on the air that is covered, 0 to 1.
    pub duty: f64,
}

impl Waveform {
    /// Where it may put power; `None` for counterfeit signals, which jam no radio.
    #[must_use]
    pub fn band(&self) -> Option<Band> {
        match self {
            Self::Barrage { band }
            | Self::Spot { band }
            | Self::Sweep { band, .. }
            | Self::Follower { band, .. } => Some(*band),
            Self::Counterfeit { .. } => None,
        }
    }

    /// The part of a channel that the jammer covers during a transmission of `air_time_s`; `None`
    /// where that is nothing. `detour_s` is how much longer the way from the transmitter over the
    /// jammer to the receiver takes than the way without it, s: only a follower asks.
    #[must_use]
    pub fn coverage(&self, channel: Band, air_time_s: f64, detour_s: f64) -> Option<Coverage> {
        let whole = |power: f64| Coverage { power, duty: 1.0 };
        let coverage = match self {
            Self::Barrage { band } | Self::Spot { band } => {
                whole(band.overlap_hz(&channel) / band.width_hz)
            }
            Self::Sweep { band, window_hz } => {
                let overlap_hz = band.overlap_hz(&channel);
                // Power times duty is overlap over band: the window is in the band all the time.
                Coverage {
                    power: (overlap_hz / window_hz).min(1.0),
                    duty: (overlap_hz.max(*window_hz) / band.width_hz).min(1.0),
                }
            }
            Self::Follower {
                band,
                width_hz,
                reaction_s,
            } => {
                let overlap_hz = band.overlap_hz(&channel);
                Coverage {
                    power: (overlap_hz / width_hz).min(1.0),
                    duty: follower_share(air_time_s, *reaction_s, detour_s),
                }
            }
            Self::Counterfeit { .. } => return None,
        };
        (coverage.power > 0.0 && coverage.duty > 0.0).then_some(coverage)
    }
}

/// Share of a transmission that a follower covers: all but its reaction and the detour over it
/// (Torrieri 1989, "Fundamental limitations on repeater jamming of frequency-hopping
/// communications"), 0 to 1.
#[must_use]
pub fn follower_share(air_time_s: f64, reaction_s: f64, detour_s: f64) -> f64 {
    if air_time_s <= 0.0 {
        return 0.0;
    }
    (1.0 - (reaction_s + detour_s) / air_time_s).clamp(0.0, 1.0)
}

/// Power that a follower needs to find a transmission of this width, dBm: thermal noise at 290 K, a noise
/// figure of 10 dB (notional, 6 to 12) and 10 dB above it (notional, 6 to 15).
#[must_use]
pub fn sensitivity_dbm(bandwidth_hz: f64) -> f64 {
    THERMAL_DBM_HZ + to_db(bandwidth_hz) + 10.0 + 10.0
}

/// How much longer the way over the jammer takes, s, for distances in metres from transmitter to
/// jammer, from jammer to receiver, and from transmitter to receiver.
#[must_use]
pub fn detour_s(to_jammer_m: f64, from_jammer_m: f64, direct_m: f64) -> f64 {
    (to_jammer_m + from_jammer_m - direct_m).max(0.0) / LIGHT_SPEED_M_S
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A band from its edges in MHz.
    fn mhz(low: f64, high: f64) -> Band {
        Band {
            centre_hz: 0.5e6 * (low + high),
            width_hz: 1e6 * (high - low),
        }
    }

    /// Power and duty in a channel.
    fn covered(waveform: Waveform, channel: Band) -> Option<(f64, f64)> {
        let coverage = waveform.coverage(channel, 0.01, 0.0)?;
        Some((coverage.power, coverage.duty))
    }

    /// Whether two pairs are equal to 1e-9.
    fn same(found: Option<(f64, f64)>, power: f64, duty: f64) -> bool {
        found.is_some_and(|(p, d)| (p - power).abs() < 1e-9 && (d - duty).abs() < 1e-9)
    }

    #[test]
    fn a_barrage_spreads_its_power_and_a_spot_keeps_it_together() {
        let channel = mhz(50.0, 50.025);
        let barrage = Waveform::Barrage {
            band: mhz(30.0, 80.0),
        };
        // 25 kHz of 50 MHz: 33 dB less.
        assert!(same(covered(barrage, channel), 0.0005, 1.0));
        let spot = Waveform::Spot { band: channel };
        assert!(same(covered(spot, channel), 1.0, 1.0));
        assert!(same(covered(spot, mhz(50.0125, 50.0375)), 0.5, 1.0));
        assert_eq!(covered(spot, mhz(60.0, 60.025)), None);
        assert_eq!(covered(barrage, mhz(90.0, 91.0)), None);
    }

    #[test]
    fn a_sweep_gives_the_same_mean_power_as_a_barrage_over_its_band() {
        let band = mhz(30.0, 80.0);
        for channel in [mhz(50.0, 50.025), mhz(50.0, 55.0), mhz(79.0, 81.0)] {
            let sweep = Waveform::Sweep {
                band,
                window_hz: 1e6,
            };
            let (power, duty) = covered(sweep, channel).unwrap();
            let (mean, _) = covered(Waveform::Barrage { band }, channel).unwrap();
            assert!((power * duty - mean).abs() < 1e-12);
        }
        let sweep = Waveform::Sweep {
            band,
            window_hz: 1e6,
        };
        assert!(same(covered(sweep, mhz(50.0, 50.025)), 0.025, 0.02));
        assert!(same(covered(sweep, mhz(50.0, 55.0)), 1.0, 0.1));
    }

    #[test]
    fn a_follower_comes_too_late_for_a_short_packet_and_from_far_away() {
        let follower = Waveform::Follower {
            band: mhz(30.0, 88.0),
            width_hz: 25e3,
            reaction_s: 1e-3,
        };
        let channel = mhz(50.0, 50.025);
        let duty = |air_time_s: f64, detour_s: f64| {
            let coverage = follower.coverage(channel, air_time_s, detour_s);
            coverage.map_or(0.0, |coverage| coverage.duty)
        };
        assert!((duty(10e-3, 0.0) - 0.9).abs() < 1e-12);
        assert!(duty(0.9e-3, 0.0).abs() < 1e-12);
        // 30 km to the jammer and 30 km on, instead of 10 km: 0.1668 ms more.
        let late_s = detour_s(30e3, 30e3, 10e3);
        assert!((late_s - 1.6678e-4).abs() < 1e-8, "{late_s}");
        assert!((duty(10e-3, late_s) - (0.9 - 0.016_678)).abs() < 1e-6);
        assert!(duty(0.0, 0.0).abs() < 1e-12);
    }

    #[test]
    fn counterfeit_signals_jam_no_radio() {
        let channel = mhz(1570.0, 1580.0);
        let counterfeit = Waveform::Counterfeit { pull_m_s: DVec2::X };
        assert_eq!(counterfeit.coverage(channel, 1.0, 0.0), None);
    }
}
