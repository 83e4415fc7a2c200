//! Sensors of units, worked out from the catalogue once. See [`SensorSuites`].

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{
    locator,
    model::{
        measurement::{PolarError, false_alarm_mean, resolution_cells},
        optical::{Band, Discrimination, OpticalParameters},
        radar::{Radar, RadarParameters},
        sea_clutter::ClutterCell,
        sonar::SonarParameters,
    },
};
use crate::{
    kernel::{
        ids::UnitIx,
        math::{TAU, from_db, to_db},
    },
    platform::class::{self, Domain, RadarTarget, SensorKind, SensorSpec},
    spectrum::model::propagation::LIGHT_SPEED_M_S,
};

/// Standard deviation of the signal excess of a sonar, dB: 5 to 10 in practice (Urick 1983, ch. 12).
const EXCESS_SIGMA_DB: f64 = 8.0;

/// Largest thing that a camera's reach is worked out for, m: square root of a frigate's side.
const LARGEST_M: f64 = 25.0;

/// What a sensor works by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Works {
    /// Radar: constants of its equation, domains it is built for, slowest speed that it sees.
    Radar {
        /// Worked-out equation.
        radar: Radar,
        /// Whether it sees things on land, on the sea, in the air.
        sees: [bool; 3],
        /// Slowest speed, m/s, against clutter.
        speed_min_m_s: f64,
    },
    /// Camera, thermal imager or goggles.
    Optical {
        /// Imager.
        optics: OpticalParameters,
        /// Cycles wanted.
        n50: Discrimination,
        /// Time that one field of view is looked at in a scan, s.
        dwell_s: f64,
    },
    /// Passive sonar.
    Passive {
        /// Array.
        sonar: SonarParameters,
    },
    /// Active sonar.
    Active {
        /// Array.
        sonar: SonarParameters,
        /// Source level, dB re µPa at 1 m.
        source_level_db: f64,
    },
    /// Weapon-locating radar: it looks for shells only (`sensing::weapon_locating`).
    Locating,
}

impl Works {
    /// Whether it looks for units.
    #[must_use]
    pub const fn looks(&self) -> bool {
        !matches!(self, Self::Locating)
    }

    /// Whether it radiates to find something.
    #[must_use]
    pub const fn radiates(&self) -> bool {
        matches!(
            self,
            Self::Radar { .. } | Self::Active { .. } | Self::Locating
        )
    }
}

/// One sensor of a unit.
#[derive(Debug, Clone, Copy)]
pub struct SensorUnit {
    /// What it works by.
    pub works: Works,
    /// Height above the unit's reference point, m.
    pub height_m: f64,
    /// Time between two looks all around, s.
    pub period_s: f64,
    /// Nearest and farthest range, m.
    pub range_m: [f64; 2],
    /// Half the sector that it looks at, about the bow, rad; π is all around.
    pub half_sector_rad: f64,
    /// Error of range in m plus a share of range, and of bearing in rad.
    pub sigma: RangeBearing,
    /// Mean number of false alarms in a look.
    pub false_alarms: f64,
    /// Its resolution cell on a rough sea; none for what is no radar.
    pub clutter: Option<ClutterCell>,
    /// What others hear of it while it works; none of what is silent, or radiates into water.
    pub beam: Option<Beam>,
}

/// What a radar puts on the air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beam {
    /// Carrier, Hz.
    pub centre_hz: f64,
    /// Width of its signal, Hz.
    pub width_hz: f64,
    /// Peak power times gain, dBm, in the main beam. Sidelobes are left out.
    pub eirp_dbm: f64,
    /// Share of the time that the main beam points at one who stands in the sector.
    pub share: f64,
}

/// Errors of range and bearing.
#[derive(Debug, Clone, Copy)]
pub struct RangeBearing {
    /// Constant part of the range's deviation, m.
    pub range_m: f64,
    /// Part that grows with range, a share.
    pub range_share: f64,
    /// Bearing's deviation, rad.
    pub bearing_rad: f64,
}

impl RangeBearing {
    /// The error at a range.
    #[must_use]
    pub fn at(&self, range_m: f64) -> PolarError {
        PolarError {
            range_sigma_m: self.range_m + self.range_share * range_m,
            bearing_sigma_rad: self.bearing_rad,
        }
    }
}

/// Sensors of all units by rank. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct SensorSuites(pub Vec<Vec<SensorUnit>>);

impl SensorSuites {
    /// The sensors of a unit.
    #[must_use]
    pub fn of(&self, ix: UnitIx) -> &[SensorUnit] {
        &self.0[ix.at()]
    }
}

/// Index of a domain among land, sea and air, for radars.
#[must_use]
pub fn radar_domain(domain: Domain) -> Option<usize> {
    match domain {
        Domain::Land | Domain::Fixed => Some(0),
        Domain::Surface => Some(1),
        Domain::Air => Some(2),
        Domain::Subsurface => None,
    }
}

/// Half of a sector in degrees, in radians.
pub(super) fn half_sector(degrees: f64) -> f64 {
    0.5 * degrees.to_radians()
}

impl SensorUnit {
    /// Works a catalogue sensor out; `None` for pure reporters, which see nothing.
    #[must_use]
    pub fn from_spec(spec: &SensorSpec, height_m: f64) -> Option<Self> {
        let kind = &spec.kind;
        Self::radar(kind, height_m)
            .or_else(|| Self::optical(kind, height_m))
            .or_else(|| Self::passive_sonar(kind, height_m))
            .or_else(|| Self::active_sonar(kind, height_m))
            .or_else(|| locator::sensor_unit(kind))
    }

    /// A radar.
    fn radar(kind: &SensorKind, height_m: f64) -> Option<Self> {
        let SensorKind::Radar {
            frequency_ghz,
            power_peak_w,
            duty_fraction,
            gain_db,
            noise_figure_db,
            losses_db,
            integration_time_s,
            false_alarm_probability,
            scan_period_s,
            range_min_m,
            range_max_m,
            range_sigma_m,
            azimuth_sigma_deg,
            field_of_regard_deg,
            speed_min_m_s,
            targets,
        } = kind
        else {
            return None;
        };
        let radar = Radar::new(&RadarParameters {
            average_power_w: power_peak_w.value() * duty_fraction.value(),
            antenna_gain_db: gain_db.value(),
            frequency_hz: frequency_ghz.value() * 1e9,
            integration_time_s: integration_time_s.value(),
            noise_figure_db: noise_figure_db.value(),
            loss_db: losses_db.value(),
            false_alarm_probability: false_alarm_probability.value(),
        });
        let (near, far) = (range_min_m.value(), range_max_m.value());
        let sector_rad = field_of_regard_deg.value().to_radians();
        // Beamwidth from gain: G ≈ 4π / θ² for a pencil beam (Skolnik 2008, ch. 9).
        let beam_rad = (2.0 * TAU / from_db(gain_db.value())).sqrt();
        let cells = resolution_cells(
            far - near,
            2.0 * range_sigma_m.value(),
            sector_rad,
            beam_rad,
        );
        Some(Self {
            works: Works::Radar {
                radar,
                sees: [RadarTarget::Ground, RadarTarget::Surface, RadarTarget::Air]
                    .map(|kind| targets.contains(&kind)),
                speed_min_m_s: speed_min_m_s.value(),
            },
            height_m,
            period_s: scan_period_s.value().max(1.0),
            range_m: [near, far],
            half_sector_rad: half_sector(field_of_regard_deg.value()),
            sigma: RangeBearing {
                range_m: range_sigma_m.value(),
                range_share: 0.0,
                bearing_rad: azimuth_sigma_deg.value().to_radians(),
            },
            false_alarms: false_alarm_mean(cells, false_alarm_probability.value()),
            clutter: Some(ClutterCell {
                frequency_ghz: frequency_ghz.value(),
                beam_rad,
                length_m: 2.0 * range_sigma_m.value(),
            }),
            beam: Some(Beam {
                centre_hz: frequency_ghz.value() * 1e9,
                // ΔR = c / 2B (Skolnik 2008, §1.2), with cells of two standard deviations of range.
                width_hz: LIGHT_SPEED_M_S / (4.0 * range_sigma_m.value()),
                eirp_dbm: to_db(power_peak_w.value()) + 30.0 + gain_db.value(),
                share: (beam_rad / sector_rad).min(1.0),
            }),
        })
    }

    /// A camera, imager or goggles.
    fn optical(kind: &SensorKind, height_m: f64) -> Option<Self> {
        let SensorKind::ElectroOptical {
            band,
            hfov_deg,
            pixels,
            n50_detection,
            n50_recognition,
            n50_identification,
            field_of_regard_deg,
            scan_period_s,
            azimuth_sigma_deg,
            range_sigma_fraction,
        } = kind
        else {
            return None;
        };
        let optics = OpticalParameters {
            band: match band {
                class::Band::Visible => Band::Visible,
                class::Band::NightVision => Band::NightVision,
                class::Band::ThermalInfrared => Band::ThermalLongwave,
            },
            field_of_view_rad: hfov_deg.value().to_radians(),
            pixels: pixels.value(),
        };
        let n50 = Discrimination {
            detection: n50_detection.value(),
            recognition: n50_recognition.value(),
            identification: n50_identification.value(),
        };
        let period_s = scan_period_s.value().max(1.0);
        let share = (hfov_deg.value() / field_of_regard_deg.value()).min(1.0);
        // Below a quarter of N50 the target transform is under 2 %: nothing to look for.
        let reach_m = optics.cycles(LARGEST_M, 1.0) / (0.25 * n50.detection);
        Some(Self {
            works: Works::Optical {
                optics,
                n50,
                dwell_s: period_s * share,
            },
            height_m,
            period_s,
            range_m: [1.0, reach_m],
            half_sector_rad: half_sector(field_of_regard_deg.value()),
            sigma: RangeBearing {
                range_m: 1.0,
                range_share: range_sigma_fraction.value(),
                bearing_rad: azimuth_sigma_deg.value().to_radians(),
            },
            false_alarms: 0.0,
            clutter: None,
            beam: None,
        })
    }

    /// A passive sonar measures bearings; its range is guessed from the level, with a deviation of
    /// half of it (notional, 0.3 to 0.8).
    fn passive_sonar(kind: &SensorKind, height_m: f64) -> Option<Self> {
        let SensorKind::PassiveSonar {
            frequency_khz,
            bandwidth_hz,
            array_gain_db,
            detection_threshold_db,
            self_noise_db,
            scan_period_s,
            azimuth_sigma_deg,
            ..
        } = kind
        else {
            return None;
        };
        Some(Self {
            works: Works::Passive {
                sonar: sonar_parameters(
                    [frequency_khz.value(), bandwidth_hz.value()],
                    array_gain_db.value(),
                    detection_threshold_db.value(),
                    self_noise_db.value(),
                ),
            },
            height_m,
            period_s: scan_period_s.value().max(1.0),
            range_m: [0.0, 40_000.0],
            half_sector_rad: 0.5 * TAU,
            sigma: RangeBearing {
                range_m: 0.0,
                range_share: 0.5,
                bearing_rad: azimuth_sigma_deg.value().to_radians(),
            },
            false_alarms: 0.0,
            clutter: None,
            beam: None,
        })
    }

    /// An active sonar.
    fn active_sonar(kind: &SensorKind, height_m: f64) -> Option<Self> {
        let SensorKind::ActiveSonar {
            frequency_khz,
            source_level_db,
            bandwidth_hz,
            array_gain_db,
            detection_threshold_db,
            range_max_m,
            field_of_regard_deg,
            scan_period_s,
            azimuth_sigma_deg,
            range_sigma_m,
            ..
        } = kind
        else {
            return None;
        };
        Some(Self {
            works: Works::Active {
                sonar: sonar_parameters(
                    [frequency_khz.value(), bandwidth_hz.value()],
                    array_gain_db.value(),
                    detection_threshold_db.value(),
                    0.0,
                ),
                source_level_db: source_level_db.value(),
            },
            height_m,
            period_s: scan_period_s.value().max(1.0),
            range_m: [0.0, range_max_m.value()],
            half_sector_rad: half_sector(field_of_regard_deg.value()),
            sigma: RangeBearing {
                range_m: range_sigma_m.value(),
                range_share: 0.0,
                bearing_rad: azimuth_sigma_deg.value().to_radians(),
            },
            false_alarms: 0.0,
            clutter: None,
            beam: None,
        })
    }
}

/// The figures of a sonar: middle and width of the band (kHz, Hz), array gain, threshold and own
/// noise (dB).
fn sonar_parameters(
    [frequency_khz, bandwidth_hz]: [f64; 2],
    array_gain_db: f64,
    detection_threshold_db: f64,
    self_noise_db: f64,
) -> SonarParameters {
    SonarParameters {
        frequency_khz,
        bandwidth_hz,
        array_gain_db,
        detection_threshold_db,
        self_noise_db,
        excess_sigma_db: EXCESS_SIGMA_DB,
    }
}
