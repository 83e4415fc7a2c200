//! Weapon-locating radars of units, worked out from the catalogue once. See [`Locators`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;

use super::suite::{Beam, RangeBearing, SensorUnit, Works, half_sector};
use crate::{
    kernel::math::{TAU, from_db, to_db},
    platform::class::{SensorKind, SensorSpec, TargetClass},
};

/// Circular error probable of a circular normal error with a deviation of one on each axis: √(2 ln 2),
/// the median of a Rayleigh distribution.
pub(super) const CEP_PER_SIGMA: f64 = 1.177_410_022_515_474_7;

/// Share of the time of flight at which the piece of a trajectory that a radar has to see begins; it ends
/// at the highest point. At a quarter a shell has three quarters of its height (notional, 0.1 to 0.35).
pub(super) const SEEN_FROM: f64 = 0.25;

/// What a radar knows of one kind of munition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Greatest distance of a weapon that it locates by it, m.
    pub range_max_m: f64,
    /// What a weapon is taken for that fires it.
    pub weapon: TargetClass,
}

/// A weapon-locating radar of a unit, besides what it has in common with other sensors.
#[derive(Debug, Clone, PartialEq)]
pub struct Locator {
    /// Number of the sensor on its unit.
    pub sensor: u32,
    /// Probability that it locates the weapon by one round, where it sees the piece of trajectory that
    /// it needs.
    pub per_round: f64,
    /// Munitions by their class in the catalogue.
    pub bands: BTreeMap<String, Band>,
}

impl Locator {
    /// Works a catalogue sensor out that has this number on its unit; `None` for what is no
    /// weapon-locating radar.
    #[must_use]
    pub fn from_spec(spec: &SensorSpec, sensor: u32) -> Option<Self> {
        let SensorKind::WeaponLocating {
            bands,
            round_probability,
            ..
        } = &spec.kind
        else {
            return None;
        };
        let band = |it: &crate::platform::class::LocatingBand| {
            let band = Band {
                range_max_m: it.range_max_m.value(),
                weapon: it.weapon,
            };
            (it.munition.clone(), band)
        };
        Some(Self {
            sensor,
            per_round: round_probability.value(),
            bands: bands.iter().map(band).collect(),
        })
    }
}

/// What a weapon-locating radar has in common with other sensors.
pub(super) fn sensor_unit(kind: &SensorKind) -> Option<SensorUnit> {
    let SensorKind::WeaponLocating {
        frequency_ghz,
        power_peak_w,
        gain_db,
        bandwidth_mhz,
        scan_period_s,
        field_of_regard_deg,
        range_min_m,
        bands,
        cep_fraction,
        antenna_height_m,
        ..
    } = kind
    else {
        return None;
    };
    let far_m = bands.iter().map(|band| band.range_max_m.value());
    let sigma = cep_fraction.value() / CEP_PER_SIGMA;
    // Beamwidth from gain: G ≈ 4π / θ² for a pencil beam (Skolnik 2008, ch. 9).
    let beam_rad = (2.0 * TAU / from_db(gain_db.value())).sqrt();
    let sector_rad = field_of_regard_deg.value().to_radians();
    Some(SensorUnit {
        works: Works::Locating,
        height_m: antenna_height_m.value(),
        period_s: scan_period_s.value().max(1.0),
        range_m: [range_min_m.value(), far_m.fold(0.0, f64::max)],
        half_sector_rad: half_sector(field_of_regard_deg.value()),
        // As much along the line of sight as across it: a circle that grows with range.
        sigma: RangeBearing {
            range_m: 0.0,
            range_share: sigma,
            bearing_rad: sigma,
        },
        false_alarms: 0.0,
        clutter: None,
        beam: Some(Beam {
            centre_hz: frequency_ghz.value() * 1e9,
            width_hz: bandwidth_mhz.value() * 1e6,
            eirp_dbm: to_db(power_peak_w.value()) + 30.0 + gain_db.value(),
            share: (beam_rad / sector_rad).min(1.0),
        }),
    })
}

/// The weapon-locating radars of all units by rank. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Locators(pub Vec<Vec<Locator>>);

impl Locators {
    /// Whether nobody has any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::{
        kernel::{
            dist,
            math::{log, sincos},
            random::{DrawKey, Stream},
        },
        platform::class::Catalogue,
    };

    /// The radar of the catalogue.
    fn radar() -> SensorUnit {
        let catalogue = Catalogue::shipped();
        let spec = catalogue.sensor("weapon-locating-radar").unwrap();
        SensorUnit::from_spec(spec, 2.0).unwrap()
    }

    /// Half of all errors lie within the circular error probable, at every range, in whatever direction;
    /// and half of half within the radius that a Rayleigh distribution puts there.
    #[test]
    fn half_of_all_fixes_lie_within_the_share_of_range_that_the_catalogue_states() {
        let cep_share = CEP_PER_SIGMA * radar().sigma.range_share;
        for (range_m, bearing) in [(4000.0, 0.3), (14_000.0, 2.1)] {
            let (sin, cos) = sincos(bearing);
            let relative = DVec2::new(sin, cos) * range_m;
            let error = radar().sigma.at(range_m);
            let n = 4000_u64;
            let miss_m = |shell: u64| {
                let mut draws = DrawKey::new(Stream::WeaponFix, 7, shell, 0).draws(3);
                let measured = error.measured(relative, dist::standard_normal_pair(&mut draws));
                measured.distance(relative)
            };
            let share_within = |radius_m: f64| {
                let within = (0..n).filter(|shell| miss_m(*shell) <= radius_m).count();
                within as f64 / n as f64
            };
            let cep_m = cep_share * range_m;
            // Four standard errors of a half and of a quarter in 4000.
            assert!((share_within(cep_m) - 0.5).abs() < 0.0317, "{range_m} m");
            // 1 − exp(−r²/2σ²) = 1/4 at r = σ √(2 ln 4/3).
            let quarter_m = cep_m * (log(4.0 / 3.0) / log(2.0)).sqrt();
            let quarter = share_within(quarter_m);
            assert!((quarter - 0.25).abs() < 0.0274, "{range_m} m: {quarter}");
            // What it owns up to is what it does.
            let owned = error.covariance(relative).major_sigma();
            assert!((owned * CEP_PER_SIGMA / cep_m - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn it_radiates_and_reaches_as_far_as_its_farthest_band() {
        let catalogue = Catalogue::shipped();
        let spec = catalogue.sensor("weapon-locating-radar").unwrap();
        let locator = Locator::from_spec(spec, 3).unwrap();
        assert_eq!(locator.sensor, 3);
        let far = locator.bands.values().map(|band| band.range_max_m);
        let far = far.fold(0.0, f64::max);
        let radar = radar();
        assert!(radar.works.radiates() && radar.beam.is_some());
        assert!((radar.range_m[1] - far).abs() < 1e-9 && radar.range_m[0] < far);
        assert!(Locator::from_spec(catalogue.sensor("eye").unwrap(), 0).is_none());
    }
}
