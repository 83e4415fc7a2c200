//! Direction finders of units, worked out from the catalogue once. See [`Finders`].

use bevy::prelude::Resource;
use glam::DVec2;

use super::{detection::Bearing, model::measurement::Covariance2};
use crate::{
    kernel::math,
    platform::class::{SensorKind, SensorSpec},
    spectrum::Signal,
};

/// Standard deviation of the logarithm of a guessed range: 7 dB of doubt about power and path at 40 dB
/// a decade (notional, 0.2 to 0.7).
const GUESS_SIGMA_LOG: f64 = 0.4;

/// Standard deviation of a guessed range that is owned up to, as a share of it: a guess of half the
/// range is as likely as one of twice (notional, 0.5 to 1).
const GUESS_SHARE: f64 = 0.75;

/// A direction finder of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finder {
    /// Lowest and highest frequency, Hz.
    pub band_hz: [f64; 2],
    /// Width of a channel, Hz.
    pub channel_hz: f64,
    /// Power in a channel from which on it takes a bearing, dBm.
    pub sensitivity_dbm: f64,
    /// Standard deviation of a bearing, rad.
    pub bearing_sigma_rad: f64,
    /// Time between two looks, s.
    pub period_s: f64,
    /// Time that it listens to each channel in a look, s.
    pub dwell_s: f64,
    /// Height of its antenna above the unit's reference point, m.
    pub antenna_m: f64,
}

impl Finder {
    /// Works a catalogue sensor out; `None` for what is no direction finder.
    #[must_use]
    pub fn from_spec(spec: &SensorSpec) -> Option<Self> {
        let SensorKind::DirectionFinder {
            frequency_low_mhz,
            frequency_high_mhz,
            channel_khz,
            sensitivity_dbm,
            bearing_sigma_deg,
            scan_period_s,
            dwell_s,
            antenna_height_m,
        } = &spec.kind
        else {
            return None;
        };
        Some(Self {
            band_hz: [frequency_low_mhz, frequency_high_mhz].map(|it| it.value() * 1e6),
            channel_hz: channel_khz.value() * 1e3,
            sensitivity_dbm: sensitivity_dbm.value(),
            bearing_sigma_rad: bearing_sigma_deg.value().to_radians(),
            period_s: scan_period_s.value(),
            dwell_s: dwell_s.value(),
            antenna_m: antenna_height_m.value(),
        })
    }

    /// By how much a signal exceeds the sensitivity after a loss on its way, dB.
    pub(super) fn excess_db(&self, signal: &Signal, loss_db: f64) -> f64 {
        signal.in_channel_dbm(self.channel_hz) - loss_db - self.sensitivity_dbm
    }

    /// The detection of an emitter at a place relative to the finder, m, by draws of two normals for
    /// this look, of which the second errs in bearing, and of one for all looks, which errs in range.
    pub(super) fn measure(
        &self,
        (from, relative): (DVec2, DVec2),
        (bearing_normal, range_normal): (f64, f64),
    ) -> (DVec2, Covariance2, Bearing) {
        let true_rad = math::bearing(relative.x, relative.y);
        let bearing_rad = true_rad + self.bearing_sigma_rad * bearing_normal;
        let range_m = relative.length() * math::exp(GUESS_SIGMA_LOG * range_normal);
        let (sin, cos) = math::sincos(bearing_rad);
        let bearing = Bearing {
            from,
            bearing_rad,
            sigma_rad: self.bearing_sigma_rad,
        };
        let covariance = Covariance2::along_bearing(
            bearing_rad,
            (GUESS_SHARE * range_m).max(1.0),
            (range_m * self.bearing_sigma_rad).max(1.0),
        );
        (from + range_m * DVec2::new(sin, cos), covariance, bearing)
    }
}

/// The direction finders of all units by rank. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Finders(pub Vec<Vec<Finder>>);

impl Finders {
    /// Whether nobody has any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernel::{
            dist,
            ids::UnitIx,
            random::{DrawKey, Stream},
        },
        platform::class::Catalogue,
        spectrum::Source,
    };
    use glam::DVec3;

    /// The finder of this name.
    fn finder(name: &str) -> Finder {
        Finder::from_spec(Catalogue::shipped().sensor(name).unwrap()).unwrap()
    }

    #[test]
    fn a_finder_hears_a_handheld_radio_and_no_radar_and_the_other_way_about() {
        let [radios, radars] = ["df-vehicle", "esm-radar"].map(finder);
        let signal = |centre_hz, width_hz, eirp_dbm| Signal {
            unit: UnitIx(1),
            source: Source::Radio,
            number: 0,
            at: DVec3::ZERO,
            centre_hz,
            width_hz,
            eirp_dbm,
            on_air: 1.0,
            burst_s: 1.0,
            sector_rad: [0.0, 0.5 * math::TAU],
        };
        let (radio, radar) = (signal(53e6, 25e3, 37.0), signal(9.4e9, 4e6, 104.0));
        assert!(radio.is_within(radios.band_hz) && !radio.is_within(radars.band_hz));
        assert!(radar.is_within(radars.band_hz) && !radar.is_within(radios.band_hz));
        // 5 W reach -107 dBm after 144 dB; a 25 kW magnetron with 30 dB reaches -65 dBm after 169 dB.
        assert!((radios.excess_db(&radio, 144.0)).abs() < 1e-9);
        assert!((radars.excess_db(&radar, 169.0)).abs() < 1e-9);
    }

    /// Bearings err as the catalogue says, and ranges by the same factor at every look.
    #[test]
    fn bearings_average_out_and_ranges_do_not() {
        let finder = finder("df-vehicle");
        let relative = DVec2::new(3000.0, 4000.0);
        let (n, guess) = (4000_u64, 1.0);
        let (mut sum, mut squares) = (0.0, 0.0);
        for look in 0..n {
            let mut draws = DrawKey::new(Stream::Measurement, 1, 2, look).draws(9);
            let noise = dist::standard_normal(&mut draws);
            let (position, covariance, bearing) =
                finder.measure((DVec2::ZERO, relative), (noise, guess));
            let error_rad = math::wrap_pi(bearing.bearing_rad - math::bearing(3000.0, 4000.0));
            sum += error_rad;
            squares += error_rad * error_rad;
            assert!((position.length() / 5000.0 - math::exp(0.4)).abs() < 1e-9);
            assert!(covariance.major_sigma() > 0.7 * position.length());
        }
        let sigma_rad = finder.bearing_sigma_rad;
        let count = 4000.0_f64;
        // Four standard errors of a mean and of a standard deviation.
        assert!((sum / count).abs() < 4.0 * sigma_rad / count.sqrt());
        let found = (squares / count).sqrt();
        assert!((found / sigma_rad - 1.0).abs() < 4.0 / (2.0 * count).sqrt());
    }
}
