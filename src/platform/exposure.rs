//! What weather beyond its limits costs a vehicle. See [`Exposures`].
//!
//! An aircraft in more wind, or a craft in a higher sea, than its class operates in may be lost, the
//! sooner the worse it is. Each unit survives a certain exposure: a draw of the exponential
//! distribution, named by the unit alone, so that neither the tick nor anybody else's weather moves it
//! (a Poisson process with the rate of the moment, by its time transform; Cox and Isham 1980, §2.1).

use std::collections::BTreeMap;

use bevy::prelude::{Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    ambient::Medium,
    damage::{Damage, Harm},
    truth::Truth,
    vehicle::{Fleet, Vehicle},
};
use crate::{
    environment::{Landscape, Tide, Weather},
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        math,
        random::{DrawKey, RunSeed, Stream},
        time::Clock,
    },
};

/// Losses per hour of an aircraft in wind whose pressure is twice that of its limit (notional, 0.5
/// to 8).
const WIND_LOSSES_PER_H: f64 = 2.0;

/// Losses per hour of a craft one sea state above its limit (notional, 0.1 to 2).
const SEA_LOSSES_PER_H: f64 = 0.5;

/// Seconds between two reckonings.
const PERIOD_S: f64 = 1.0;

/// What each unit has been exposed to so far: the expected number of its losses. Those who never were
/// beyond their limits have no entry.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Exposures(BTreeMap<UnitIx, f64>);

/// Expected losses per hour of a vehicle in the air or on the sea, in a wind, m/s, and a sea state.
#[must_use]
pub fn losses_per_h(vehicle: &Vehicle, wind_m_s: f64, sea_state: f64) -> f64 {
    let kinematics = &vehicle.kinematics;
    let wind = kinematics.wind_max_m_s().map_or(0.0, |most| {
        let ratio = wind_m_s / most.max(0.1);
        WIND_LOSSES_PER_H * (ratio * ratio - 1.0).max(0.0)
    });
    let sea = kinematics
        .sea_state_max()
        .map_or(0.0, |most| SEA_LOSSES_PER_H * (sea_state - most).max(0.0));
    wind + sea
}

/// Exposure that a unit survives: −ln(1 − u).
#[must_use]
pub fn endurance(unit: UnitId, seed: u64) -> f64 {
    let draw = DrawKey::new(Stream::Exposure, unit.0, 0, 0).uniform(seed);
    -math::log(1.0 - draw)
}

/// Adds up exposures once a second, and takes who has had too much.
pub(super) fn expose(
    (clock, seed, landscape): (Res<'_, Clock>, Option<Res<'_, RunSeed>>, Res<'_, Landscape>),
    (weather, tide): (Res<'_, Weather>, Res<'_, Tide>),
    (fleet, index): (Res<'_, Fleet>, Res<'_, UnitIndex>),
    mut exposures: ResMut<'_, Exposures>,
    mut units: Query<'_, '_, (&Truth, &mut Damage)>,
) {
    let medium = Medium::new(&weather, &tide, clock.now());
    let (wind_m_s, sea_state) = (medium.wind_m_s(), f64::from(weather.sea_state));
    for (ix, row) in index.iter() {
        if !clock.is_due(PERIOD_S, u64::from(ix.0)) {
            continue;
        }
        let rate_per_h = losses_per_h(fleet.vehicle(ix), wind_m_s, sea_state);
        if rate_per_h <= 0.0 {
            continue;
        }
        let Ok((truth, mut damage)) = units.get_mut(row.entity) else {
            continue;
        };
        let at = truth.0.position;
        let surface_m = landscape.terrain.surface_m(at.x, at.y);
        let is_parked = fleet.vehicle(ix).is_air() && at.z <= surface_m;
        if is_parked || damage.is_destroyed() {
            continue;
        }
        let exposure = exposures.0.entry(ix).or_default();
        *exposure += rate_per_h * PERIOD_S / 3600.0;
        let seed = seed.as_ref().map_or(0, |seed| seed.0);
        if *exposure > endurance(row.id, seed) {
            damage.add(Harm::Catastrophic, clock.now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    fn vehicle(name: &str) -> Vehicle {
        Vehicle::new(Catalogue::shipped().class(name).unwrap(), 0.0, 0.2).unwrap()
    }

    #[test]
    fn nobody_is_lost_within_limits_and_more_beyond() {
        let (micro, boat, tank) = (
            vehicle("uav-micro"),
            vehicle("interceptor-boat"),
            vehicle("main-battle-tank"),
        );
        assert!(losses_per_h(&micro, 7.0, 9.0) <= 0.0);
        let doubled = losses_per_h(&micro, 7.0 * core::f64::consts::SQRT_2, 0.0);
        assert!((doubled - WIND_LOSSES_PER_H).abs() < 1e-9);
        assert!(losses_per_h(&boat, 40.0, 4.0) <= 0.0);
        assert!((losses_per_h(&boat, 0.0, 6.0) - 2.0 * SEA_LOSSES_PER_H).abs() < 1e-12);
        assert!(losses_per_h(&tank, 50.0, 9.0) <= 0.0);
    }

    /// Endurances are exponential with a mean of one: of 4000, mean 1 ± 4/√4000 and a share of
    /// 1/e ± 4 √(0.368 · 0.632 / 4000) above 1.
    #[test]
    fn endurances_are_exponential() {
        let all: Vec<f64> = (0..4000).map(|id| endurance(UnitId(id), 7)).collect();
        let mean = all.iter().sum::<f64>() / 4000.0;
        let above = f64::from(u32::try_from(all.iter().filter(|it| **it > 1.0).count()).unwrap());
        assert!((mean - 1.0).abs() < 0.063, "{mean}");
        assert!((above / 4000.0 - 0.3679).abs() < 0.0305, "{above}");
    }
}
