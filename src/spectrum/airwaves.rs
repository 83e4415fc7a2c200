//! Who radiates what, from where, of late. See [`Airwaves`].
//!
//! Jammers are written by `cyber_ew`, radars by `sensing`, radios by `comms`; direction finders read.
//! Who is silent sends nothing and so is not in it. Left out: sonars, which radiate into the water,
//! satellite terminals, whose beams go up, and transponders.

use bevy::prelude::Resource;
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::model::intercept::intercept_probability;
use crate::kernel::{ids::UnitIx, math};

/// What kind of emitter a signal comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Source {
    /// A jammer or spoofer.
    Jammer,
    /// A radar.
    Radar,
    /// A radio of a network.
    Radio,
}

/// What one emitter of a unit puts on the air.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Who carries it.
    pub unit: UnitIx,
    /// What kind it is.
    pub source: Source,
    /// Which of the unit's emitters of this kind it is.
    pub number: u16,
    /// Its antenna: east, north, height above mean sea level, m.
    pub at: DVec3,
    /// Middle of its channel, Hz.
    pub centre_hz: f64,
    /// Width of its channel, Hz.
    pub width_hz: f64,
    /// Power times antenna gain, dBm, where its beam points.
    pub eirp_dbm: f64,
    /// Share of the time that it was on the air of late, as one hears it who stands in its sector.
    pub on_air: f64,
    /// Length of one burst, s.
    pub burst_s: f64,
    /// Middle and half of the sector into which it radiates, rad clockwise from north.
    pub sector_rad: [f64; 2],
}

impl Signal {
    /// Whether it radiates into this direction, rad clockwise from north.
    #[must_use]
    pub fn radiates_towards(&self, bearing_rad: f64) -> bool {
        let [middle, half] = self.sector_rad;
        math::wrap_pi(bearing_rad - middle).abs() <= half
    }

    /// Its power in a receiver's channel of this width, dBm, if it were next to it: what is wider than
    /// the channel leaves only its share there.
    #[must_use]
    pub fn in_channel_dbm(&self, channel_hz: f64) -> f64 {
        self.eirp_dbm - math::to_db((self.width_hz / channel_hz).max(1.0))
    }

    /// Whether any of it lies in a band from the first to the second frequency, Hz.
    #[must_use]
    pub fn is_within(&self, band_hz: [f64; 2]) -> bool {
        let half = 0.5 * self.width_hz;
        self.centre_hz + half >= band_hz[0] && self.centre_hz - half <= band_hz[1]
    }

    /// Probability that it is on the air during a dwell on its channel, s.
    #[must_use]
    pub fn intercept_probability(&self, dwell_s: f64) -> f64 {
        intercept_probability(self.on_air, self.burst_s, dwell_s)
    }
}

/// Everything on the air of late. State, since radios of one tick are heard in the next.
///
/// Where nobody carries a direction finder, nobody writes it.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Airwaves {
    is_heard: bool,
    signals: Vec<Signal>,
}

impl Airwaves {
    /// An empty spectrum, and whether anybody listens to it.
    #[must_use]
    pub fn new(is_heard: bool) -> Self {
        Self {
            is_heard,
            signals: Vec::new(),
        }
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn is_heard(&self) -> bool {
        self.is_heard
    }

    /// Replaces what emitters of one kind put on the air.
    pub fn put(&mut self, source: Source, signals: impl IntoIterator<Item = Signal>) {
        self.signals.retain(|signal| signal.source != source);
        self.signals.extend(signals);
        self.signals
            .sort_by_key(|signal| (signal.unit, signal.source, signal.number));
    }

    /// All signals, unit by unit.
    #[must_use]
    pub fn signals(&self) -> &[Signal] {
        &self.signals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A radar that looks north, 60° to each side.
    fn radar(unit: u32) -> Signal {
        Signal {
            unit: UnitIx(unit),
            source: Source::Radar,
            number: 0,
            at: DVec3::ZERO,
            centre_hz: 9.5e9,
            width_hz: 40e6,
            eirp_dbm: 70.0,
            on_air: 0.01,
            burst_s: 0.03,
            sector_rad: [0.0, math::TAU / 6.0],
        }
    }

    #[test]
    fn a_kind_replaces_its_own_and_leaves_the_others() {
        let mut airwaves = Airwaves::new(true);
        airwaves.put(Source::Radar, [radar(4), radar(2)]);
        let radio = Signal {
            source: Source::Radio,
            ..radar(3)
        };
        airwaves.put(Source::Radio, [radio]);
        let units = |airwaves: &Airwaves| -> Vec<u32> {
            airwaves.signals().iter().map(|it| it.unit.0).collect()
        };
        assert_eq!(units(&airwaves), [2, 3, 4]);
        airwaves.put(Source::Radar, []);
        assert_eq!(units(&airwaves), [3]);
    }

    #[test]
    fn power_direction_and_band_decide_what_is_heard() {
        let signal = radar(0);
        assert!(signal.radiates_towards(-1.0) && !signal.radiates_towards(3.0));
        // Half of the power of 40 MHz falls into 20 MHz, all of it into 100 MHz.
        assert!((signal.in_channel_dbm(20e6) - 66.9897).abs() < 1e-4);
        assert!((signal.in_channel_dbm(100e6) - 70.0).abs() < 1e-12);
        assert!(signal.is_within([2e9, 18e9]) && !signal.is_within([20e6, 3e9]));
    }
}
