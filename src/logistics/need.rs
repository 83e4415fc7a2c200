//! When a unit has to go to a depot, and to which. See [`ReturnRules`] and [`choose`].

use bevy::prelude::Resource;
use glam::DVec2;

use super::depot::{Depot, DepotIx, Depots, Stock, Stocks};
use crate::{
    org::SideIx,
    platform::{energy::EnergyStore, stores::Magazine, vehicle::Vehicle},
};

/// Least share of its cruise speed that an aircraft counts with against the wind (notional): beyond
/// it no rest of energy brings it home.
const AGAINST_WIND_MIN: f64 = 0.2;

/// When units go to a depot. Static.
#[derive(Debug, Clone, Copy, PartialEq, Resource)]
pub struct ReturnRules {
    /// Energy left, as a share of capacity, beyond what the way back takes.
    pub energy_fraction: f64,
    /// Rounds left of any of its effectors, as a share of that effector's capacity.
    pub rounds_fraction: f64,
}

impl Default for ReturnRules {
    /// A fifth of the energy (notional) or nothing left to fire.
    fn default() -> Self {
        Self {
            energy_fraction: 0.2,
            rounds_fraction: 0.0,
        }
    }
}

/// What a unit knows of itself when it decides whether to go.
#[derive(Debug, Clone, Copy)]
pub struct Condition<'a> {
    /// What it is.
    pub vehicle: &'a Vehicle,
    /// Its side.
    pub side: SideIx,
    /// Where it believes to be, m.
    pub position: DVec2,
    /// Energy left.
    pub energy: &'a EnergyStore,
    /// Rounds left.
    pub magazine: &'a Magazine,
    /// Where the air goes, m/s.
    pub wind: DVec2,
}

impl Condition<'_> {
    /// Share of the capacity that the way to a place takes at cruise in a straight line. An
    /// aircraft counts with the wind along it where that is against it.
    #[must_use]
    pub fn way_share(&self, to: DVec2) -> f64 {
        let (vehicle, way) = (self.vehicle, to - self.position);
        let model = &vehicle.energy;
        let cruise_m_s = vehicle.kinematics.speed_cruise_m_s();
        let full = EnergyStore::default();
        let lasts_s = model.remaining_time_s(&full, cruise_m_s, false, vehicle.equipment_w);
        if cruise_m_s <= 0.0 || lasts_s <= 0.0 {
            return 0.0;
        }
        let tail_m_s = if vehicle.is_air() {
            self.wind.dot(way.normalize_or_zero())
        } else {
            0.0
        };
        let made_good_m_s = (cruise_m_s + tail_m_s.min(0.0)).max(AGAINST_WIND_MIN * cruise_m_s);
        way.length() / made_good_m_s * (full.share - model.reserve_fraction) / lasts_s
    }

    /// Whether it has to go now if the depot for it is there.
    fn is_low(&self, rules: &ReturnRules, depot: DVec2) -> bool {
        let least = rules.energy_fraction.max(self.vehicle.return_share);
        self.energy.share <= least + self.way_share(depot)
    }

    /// Whether a stock holds what it has run out of.
    fn is_rearmed_by(&self, rules: &ReturnRules, stock: &Stock) -> bool {
        self.magazine.tubes.iter().any(|tube| {
            let least = rules.rounds_fraction * f64::from(tube.capacity);
            tube.rounds < tube.capacity
                && f64::from(tube.rounds) <= least
                && stock.rounds_of(tube.effector) > 0
        })
    }
}

/// The depot to go to now, if any: the nearest that gives energy, if energy is low, else the
/// nearest that has rounds for what is empty. `places` are the depots' positions, none for one that
/// is lost.
#[must_use]
pub fn choose(
    condition: &Condition<'_>,
    rules: &ReturnRules,
    (depots, stocks, places): (&Depots, &Stocks, &[Option<DVec2>]),
) -> Option<DepotIx> {
    let nearest = |is_usable: &dyn Fn(&Depot, &Stock) -> bool| {
        let reachable = depots.iter().filter_map(|(ix, depot)| {
            let place = places[ix.at()]?;
            let is_right = depot.side == condition.side && is_usable(depot, &stocks.0[ix.at()]);
            is_right.then(|| (ix, place, condition.position.distance_squared(place)))
        });
        reachable
            .min_by(|a, b| a.2.total_cmp(&b.2))
            .map(|(ix, place, _)| (ix, place))
    };
    let supply = &condition.vehicle.energy.supply;
    let power = nearest(&|depot, stock| stock.can_power(depot, supply));
    let for_power = power.filter(|(_, place)| condition.is_low(rules, *place));
    let rearm = || nearest(&|_, stock| condition.is_rearmed_by(rules, stock));
    for_power.or_else(rearm).map(|(ix, _)| ix)
}
