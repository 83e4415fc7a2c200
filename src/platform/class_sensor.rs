//! Sensors and reporters of the catalogue. See [`SensorSpec`].
//!
//! Ranges are results of the sensing models, not entries here.

use serde::{Deserialize, Serialize};

use super::{class_effector::TargetClass, figure::Figure};

/// A sensor or reporter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SensorSpec {
    /// Unique name in kebab case.
    pub name: String,
    /// Name for a reader.
    pub title: String,
    /// Electric power in use, W.
    pub draw_w: Figure,
    /// What it is and its parameters.
    pub kind: SensorKind,
}

/// What a sensor does, with the parameters of its model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum SensorKind {
    /// Pulse or continuous-wave radar, by the radar equation with average power
    /// (Skolnik 2008, §1.2).
    Radar {
        /// Carrier, GHz.
        frequency_ghz: Figure,
        /// Peak transmitted power, W.
        power_peak_w: Figure,
        /// Share of the time in which it transmits: average over peak power.
        duty_fraction: Figure,
        /// Antenna gain, one way, dB.
        gain_db: Figure,
        /// Receiver noise figure, dB.
        noise_figure_db: Figure,
        /// All losses together, dB.
        losses_db: Figure,
        /// Coherent integration time on a target in one scan, s.
        integration_time_s: Figure,
        /// Probability of false alarm in one resolution cell.
        false_alarm_probability: Figure,
        /// Time between looks in the same direction, s.
        scan_period_s: Figure,
        /// Least range, m.
        range_min_m: Figure,
        /// Greatest unambiguous or displayed range, m.
        range_max_m: Figure,
        /// Standard deviation of range, m.
        range_sigma_m: Figure,
        /// Standard deviation of azimuth, degrees.
        azimuth_sigma_deg: Figure,
        /// Sector that is searched about the heading, degrees; 360 is all round.
        field_of_regard_deg: Figure,
        /// Least radial speed seen against clutter, m/s; zero when standing targets are seen.
        speed_min_m_s: Figure,
        /// What it can see.
        targets: Vec<RadarTarget>,
    },
    /// Camera, image intensifier, thermal imager or eye, by the Johnson criteria (Johnson 1958).
    ElectroOptical {
        /// Wavelength band.
        band: Band,
        /// Horizontal field of view, degrees.
        hfov_deg: Figure,
        /// Resolved picture elements across the field of view.
        pixels: Figure,
        /// Cycles across the target for 50 % detection.
        n50_detection: Figure,
        /// Cycles for 50 % recognition.
        n50_recognition: Figure,
        /// Cycles for 50 % identification.
        n50_identification: Figure,
        /// Sector that is searched about the heading, degrees.
        field_of_regard_deg: Figure,
        /// Time to search that sector once, s.
        scan_period_s: Figure,
        /// Standard deviation of azimuth, degrees.
        azimuth_sigma_deg: Figure,
        /// Standard deviation of range, as a share of range (small with a laser range-finder).
        range_sigma_fraction: Figure,
    },
    /// Hydrophone or array, by the passive sonar equation (Urick 1983, ch. 2).
    PassiveSonar {
        /// Middle of the listening band, kHz.
        frequency_khz: Figure,
        /// Width of the listening band, Hz.
        bandwidth_hz: Figure,
        /// Array gain, dB.
        array_gain_db: Figure,
        /// Signal-to-noise ratio for 50 % detection, dB.
        detection_threshold_db: Figure,
        /// Own noise level in the band, dB re 1 µPa²/Hz.
        self_noise_db: Figure,
        /// Time of one look, s.
        scan_period_s: Figure,
        /// Standard deviation of bearing, degrees.
        azimuth_sigma_deg: Figure,
    },
    /// Active or imaging sonar, by the noise-limited active sonar equation (Urick 1983, ch. 2).
    ActiveSonar {
        /// Carrier, kHz.
        frequency_khz: Figure,
        /// Source level, dB re 1 µPa at 1 m.
        source_level_db: Figure,
        /// Width of the receiving band, Hz.
        bandwidth_hz: Figure,
        /// Array gain, dB.
        array_gain_db: Figure,
        /// Signal-to-noise ratio for 50 % detection, dB.
        detection_threshold_db: Figure,
        /// Greatest range setting, m.
        range_max_m: Figure,
        /// Sector covered, degrees.
        field_of_regard_deg: Figure,
        /// Time between pings in the same direction, s.
        scan_period_s: Figure,
        /// Standard deviation of bearing, degrees.
        azimuth_sigma_deg: Figure,
        /// Standard deviation of range, m.
        range_sigma_m: Figure,
    },
    /// Direction finder: it hears who radiates, and from which bearing. Not how far away.
    DirectionFinder {
        /// Lowest frequency that it hears, MHz.
        frequency_low_mhz: Figure,
        /// Highest frequency that it hears, MHz.
        frequency_high_mhz: Figure,
        /// Width of its channels, kHz: what is wider leaves only its share in one.
        channel_khz: Figure,
        /// Power in a channel, antenna gain included, from which on it takes a bearing, dBm.
        sensitivity_dbm: Figure,
        /// Standard deviation of bearing, degrees.
        bearing_sigma_deg: Figure,
        /// Time between two looks at the same channel, s.
        scan_period_s: Figure,
        /// Time that it listens to each channel in a scan, s.
        dwell_s: Figure,
        /// Height of its antenna above the unit's reference point, m.
        antenna_height_m: Figure,
    },
    /// Weapon-locating radar: it sees shells in flight and places the weapon that fired them. It sees
    /// nothing else.
    WeaponLocating {
        /// Carrier, GHz.
        frequency_ghz: Figure,
        /// Peak transmitted power, W.
        power_peak_w: Figure,
        /// Antenna gain, one way, dB.
        gain_db: Figure,
        /// Width of its signal, MHz.
        bandwidth_mhz: Figure,
        /// Time in which its beam passes along the horizon of its sector once, s.
        scan_period_s: Figure,
        /// Sector that is watched about the heading, degrees.
        field_of_regard_deg: Figure,
        /// Least distance of a weapon, m.
        range_min_m: Figure,
        /// What it follows, each kind of munition as far as it says.
        bands: Vec<LocatingBand>,
        /// Circular error probable of the weapon's place, as a share of its distance.
        cep_fraction: Figure,
        /// Probability that it places the weapon by one round in reach and sight.
        round_probability: Figure,
        /// Height of its antenna above the unit's reference point, m.
        antenna_height_m: Figure,
    },
    /// Automatic identification system; intervals of Recommendation ITU-R M.1371.
    Ais {
        /// Class A (true) or class B (false) intervals.
        class_a: bool,
        /// Standard deviation of the reported position, m.
        position_sigma_m: Figure,
    },
    /// Tells its own position when a time has passed or a way was made.
    BlueForceReporter {
        /// Longest time between reports, s.
        interval_s: Figure,
        /// Way after which a report is due, m.
        distance_m: Figure,
        /// Shortest time between reports, s.
        interval_least_s: Figure,
        /// Standard deviation of the reported position, m.
        position_sigma_m: Figure,
    },
    /// Wearable that tells the state of its bearer.
    Wearable {
        /// Time between reports, s.
        interval_s: Figure,
    },
}

impl SensorKind {
    /// The physical figures of the device, which a data sheet states: band, power, aperture, field
    /// of view, resolution, noise, scan, error of position. These should cite a source.
    ///
    /// Left out are choices of the model (thresholds, losses, false alarms, integration time, the
    /// errors of one look) and orders to the operator (sector searched and time for it with a
    /// camera, way and shortest time after which a report is due, interval of a wearable): these may
    /// be notional.
    #[must_use]
    pub fn physical_figures(&self) -> Vec<&Figure> {
        match self {
            Self::Radar {
                frequency_ghz,
                power_peak_w,
                duty_fraction,
                gain_db,
                noise_figure_db,
                scan_period_s,
                range_max_m,
                ..
            } => vec![
                frequency_ghz,
                power_peak_w,
                duty_fraction,
                gain_db,
                noise_figure_db,
                scan_period_s,
                range_max_m,
            ],
            Self::ElectroOptical {
                hfov_deg, pixels, ..
            } => vec![hfov_deg, pixels],
            Self::PassiveSonar {
                frequency_khz,
                bandwidth_hz,
                array_gain_db,
                self_noise_db,
                ..
            } => vec![frequency_khz, bandwidth_hz, array_gain_db, self_noise_db],
            Self::ActiveSonar {
                frequency_khz,
                source_level_db,
                bandwidth_hz,
                array_gain_db,
                range_max_m,
                ..
            } => vec![
                frequency_khz,
                source_level_db,
                bandwidth_hz,
                array_gain_db,
                range_max_m,
            ],
            Self::DirectionFinder {
                frequency_low_mhz,
                frequency_high_mhz,
                channel_khz,
                sensitivity_dbm,
                bearing_sigma_deg,
                ..
            } => vec![
                frequency_low_mhz,
                frequency_high_mhz,
                channel_khz,
                sensitivity_dbm,
                bearing_sigma_deg,
            ],
            Self::WeaponLocating { .. } => self.locating_figures(),
            Self::Ais {
                position_sigma_m, ..
            } => vec![position_sigma_m],
            Self::BlueForceReporter {
                interval_s,
                position_sigma_m,
                ..
            } => vec![interval_s, position_sigma_m],
            Self::Wearable { .. } => Vec::new(),
        }
    }

    /// Those of a weapon-locating radar; none of anything else.
    fn locating_figures(&self) -> Vec<&Figure> {
        let Self::WeaponLocating {
            frequency_ghz,
            power_peak_w,
            gain_db,
            scan_period_s,
            field_of_regard_deg,
            bands,
            cep_fraction,
            ..
        } = self
        else {
            return Vec::new();
        };
        let own = [
            frequency_ghz,
            power_peak_w,
            gain_db,
            scan_period_s,
            field_of_regard_deg,
            cep_fraction,
        ];
        let ranges = bands.iter().map(|band| &band.range_max_m);
        own.into_iter().chain(ranges).collect()
    }

    /// Whether it tells its bearer's own state instead of looking for others.
    #[must_use]
    pub const fn is_reporter(&self) -> bool {
        matches!(
            self,
            Self::Ais { .. } | Self::BlueForceReporter { .. } | Self::Wearable { .. }
        )
    }
}

/// How far a weapon-locating radar places weapons that fire one kind of munition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocatingBand {
    /// Class of the munition.
    pub munition: String,
    /// Greatest distance of the weapon, m.
    pub range_max_m: Figure,
    /// What is taken for the target that fires it.
    pub weapon: TargetClass,
}

/// What a radar can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RadarTarget {
    /// Things on the ground.
    Ground,
    /// Things on the sea.
    Surface,
    /// Things in the air.
    Air,
}

/// Wavelength band of an imaging sensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Band {
    /// Daylight, 0.4–0.7 µm.
    Visible,
    /// Image intensifier or low-light camera, to 0.9 µm.
    NightVision,
    /// Thermal, 3–5 or 8–12 µm.
    ThermalInfrared,
}
