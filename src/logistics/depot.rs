//! Depots and what they hold. See [`Depots`] and [`Stocks`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::ids::UnitIx,
    org::SideIx,
    platform::{
        energy::{EnergyModel, EnergyStore, Supply},
        stores::{EffectorIx, Magazine},
    },
};

/// Watt-hours in a kilowatt-hour.
const WH_PER_KWH: f64 = 1000.0;

/// Seconds in an hour.
const S_PER_H: f64 = 3600.0;

/// Index of a depot in [`Depots`] and [`Stocks`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DepotIx(pub u16);

impl DepotIx {
    /// The index for arrays.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// A place that replenishes: what does not change during a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Depot {
    /// The unit that it is.
    pub unit: UnitIx,
    /// The side that it serves.
    pub side: SideIx,
    /// Distance within which it serves, m.
    pub radius_m: f64,
    /// Units served at the same time.
    pub bays: u32,
    /// Time that any visit takes besides the transfer, s.
    pub turnaround_s: f64,
    /// Electric power given to one unit, W; zero swaps batteries within the turnaround.
    pub charge_w: f64,
    /// Fuel given to one unit, kg/s; zero gives none.
    pub refuel_kg_s: f64,
    /// Time for one round, s.
    pub reload_s: f64,
}

/// All depots, in the order of the scenario. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Depots(pub Vec<Depot>);

impl Depots {
    /// All depots with their indices.
    pub fn iter(&self) -> impl Iterator<Item = (DepotIx, &Depot)> {
        let index = |at| DepotIx(u16::try_from(at).expect("units that are depots are few"));
        self.0
            .iter()
            .enumerate()
            .map(move |(at, depot)| (index(at), depot))
    }

    /// One depot.
    #[must_use]
    pub fn get(&self, ix: DepotIx) -> &Depot {
        &self.0[ix.at()]
    }

    /// Whether a unit is a depot.
    #[must_use]
    pub fn has(&self, unit: UnitIx) -> bool {
        self.0.iter().any(|depot| depot.unit == unit)
    }
}

/// What one depot holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stock {
    /// Electric energy, kWh.
    pub energy_kwh: f64,
    /// Fuel, kg.
    pub fuel_kg: f64,
    /// Rounds by effector.
    pub rounds: BTreeMap<EffectorIx, u32>,
}

/// What the depots hold, in the order of [`Depots`].
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Stocks(pub Vec<Stock>);

/// What is set aside for one visit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Electric energy, kWh.
    pub energy_kwh: f64,
    /// Fuel, kg.
    pub fuel_kg: f64,
    /// Rounds by effector.
    pub rounds: Vec<(EffectorIx, u32)>,
}

impl Load {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.energy_kwh <= 0.0 && self.fuel_kg <= 0.0 && self.rounds.is_empty()
    }

    /// How long a visit takes that hands this over, s. Fuel or energy and rounds come one after the
    /// other, since nobody rearms what is being refuelled.
    #[must_use]
    pub fn service_s(&self, depot: &Depot) -> f64 {
        let per = |amount: f64, rate: f64| if rate > 0.0 { amount / rate } else { 0.0 };
        let charge_s = per(self.energy_kwh * WH_PER_KWH * S_PER_H, depot.charge_w);
        let refuel_s = per(self.fuel_kg, depot.refuel_kg_s);
        let rounds: f64 = self
            .rounds
            .iter()
            .map(|(_, number)| f64::from(*number))
            .sum();
        depot.turnaround_s + charge_s + refuel_s + rounds * depot.reload_s
    }

    /// Puts the load aboard, as far as there is room, and returns what went aboard and what is
    /// left.
    #[must_use]
    pub fn hand_over(
        self,
        model: &EnergyModel,
        energy: &mut EnergyStore,
        magazine: &mut Magazine,
    ) -> (Self, Self) {
        let (mut aboard, mut left) = (Self::default(), Self::default());
        let taken = model.fill(
            energy,
            match model.supply {
                Supply::Battery { .. } => self.energy_kwh * WH_PER_KWH,
                Supply::Fuel { .. } => self.fuel_kg,
                Supply::Unlimited => 0.0,
            },
        );
        match model.supply {
            Supply::Battery { .. } => aboard.energy_kwh = taken / WH_PER_KWH,
            Supply::Fuel { .. } => aboard.fuel_kg = taken,
            Supply::Unlimited => {}
        }
        left.energy_kwh = (self.energy_kwh - aboard.energy_kwh).max(0.0);
        left.fuel_kg = (self.fuel_kg - aboard.fuel_kg).max(0.0);
        for (effector, number) in self.rounds {
            let loaded = magazine.tube_mut(effector).map_or(0, |tube| {
                let loaded = number.min(tube.capacity.saturating_sub(tube.rounds));
                tube.rounds += loaded;
                loaded
            });
            for (load, part) in [(&mut aboard, loaded), (&mut left, number - loaded)] {
                if part > 0 {
                    load.rounds.push((effector, part));
                }
            }
        }
        (aboard, left)
    }
}

impl Stock {
    /// Whether a depot with this stock can give energy or fuel to a unit with this supply.
    #[must_use]
    pub fn can_power(&self, depot: &Depot, supply: &Supply) -> bool {
        match supply {
            Supply::Battery { .. } => self.energy_kwh > 0.0,
            Supply::Fuel { .. } => self.fuel_kg > 0.0 && depot.refuel_kg_s > 0.0,
            Supply::Unlimited => false,
        }
    }

    /// Rounds of an effector.
    #[must_use]
    pub fn rounds_of(&self, effector: EffectorIx) -> u32 {
        self.rounds.get(&effector).copied().unwrap_or(0)
    }

    /// Takes out what fills a unit up, as far as there is any.
    #[must_use]
    pub fn set_aside(
        &mut self,
        depot: &Depot,
        model: &EnergyModel,
        energy: &EnergyStore,
        magazine: &Magazine,
    ) -> Load {
        let mut load = Load::default();
        if self.can_power(depot, &model.supply) {
            let need = model.to_fill(energy);
            match model.supply {
                Supply::Battery { .. } => {
                    load.energy_kwh = (need / WH_PER_KWH).min(self.energy_kwh);
                }
                Supply::Fuel { .. } => load.fuel_kg = need.min(self.fuel_kg),
                Supply::Unlimited => {}
            }
        }
        self.energy_kwh -= load.energy_kwh;
        self.fuel_kg -= load.fuel_kg;
        for tube in &magazine.tubes {
            let held = self
                .rounds
                .get_mut(&tube.effector)
                .filter(|held| **held > 0);
            if let Some(held) = held {
                let number = tube.capacity.saturating_sub(tube.rounds).min(*held);
                *held -= number;
                if number > 0 {
                    load.rounds.push((tube.effector, number));
                }
            }
        }
        load
    }

    /// Takes back what was set aside and not handed over.
    pub fn take_back(&mut self, load: &Load) {
        self.energy_kwh += load.energy_kwh;
        self.fuel_kg += load.fuel_kg;
        for (effector, number) in &load.rounds {
            *self.rounds.entry(*effector).or_insert(0) += number;
        }
    }
}
