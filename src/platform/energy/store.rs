//! Stores of energy: how a class is supplied and what a unit has left.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::law::PowerLaw;
use crate::platform::class::{Energy, Motion};
use crate::platform::kinematics::{Ambient, MotionState};

/// Joules in a watt-hour.
const J_PER_WH: f64 = 3600.0;

/// Why a class has no energy model.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EnergyError {
    /// The published range cannot become a consumption.
    #[error("a range in kilometres needs a cruise speed above zero; give hours instead")]
    NoCruiseSpeed,
}

/// What a class is driven by.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Supply {
    /// Electric.
    Battery {
        /// Usable energy when full, Wh.
        capacity_wh: f64,
        /// Load that does not propel, W.
        hotel_w: f64,
    },
    /// Burns fuel.
    Fuel {
        /// Usable fuel when full, kg.
        capacity_kg: f64,
        /// Consumption at cruise, kg/s.
        cruise_kg_s: f64,
        /// Consumption standing still, as a share of that at cruise.
        idle_fraction: f64,
        /// Propulsion power at cruise, W on the scale of the power law.
        cruise_w: f64,
    },
    /// Does not run out.
    Unlimited,
}

/// The energy model of a class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnergyModel {
    /// Propulsion power.
    pub law: PowerLaw,
    /// Where it comes from.
    pub supply: Supply,
    /// Share of the capacity kept for the way home, 0 to 1.
    pub reserve_fraction: f64,
}

/// What a unit has left, as a share of its class's capacity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnergyStore {
    /// Share left, 0 to 1.
    pub share: f64,
}

impl Default for EnergyStore {
    /// Full.
    fn default() -> Self {
        Self { share: 1.0 }
    }
}

impl EnergyModel {
    /// The model of a class with its mass, kg. Laws without a scale of their own are scaled so that
    /// a full store lasts as long as published at cruise.
    ///
    /// # Errors
    /// If the endurance is a range and the class has no cruise speed.
    pub fn from_class(energy: &Energy, motion: &Motion, mass_kg: f64) -> Result<Self, EnergyError> {
        let cruise_m_s = motion.cruise().map(crate::platform::class::Figure::value);
        let (cruise_w, supply) = match energy {
            Energy::Battery {
                capacity_wh,
                hotel_w,
                endurance,
                ..
            } => {
                let lasts_s = endurance
                    .seconds(cruise_m_s)
                    .ok_or(EnergyError::NoCruiseSpeed)?;
                let (capacity_wh, hotel_w) = (capacity_wh.value(), hotel_w.value());
                let mean_w = capacity_wh * J_PER_WH / lasts_s;
                (
                    (mean_w - hotel_w).max(0.0),
                    Supply::Battery {
                        capacity_wh,
                        hotel_w,
                    },
                )
            }
            Energy::Fuel {
                capacity_kg,
                idle_fraction,
                endurance,
                ..
            } => {
                let lasts_s = endurance
                    .seconds(cruise_m_s)
                    .ok_or(EnergyError::NoCruiseSpeed)?;
                let law = PowerLaw::from_class(motion, mass_kg, 1.0);
                let capacity_kg = capacity_kg.value();
                let supply = Supply::Fuel {
                    capacity_kg,
                    cruise_kg_s: capacity_kg / lasts_s,
                    idle_fraction: idle_fraction.value(),
                    cruise_w: law.level_w(cruise_m_s.unwrap_or(0.0), endurance.on_road()),
                };
                (1.0, supply)
            }
            Energy::Human { .. } | Energy::Unlimited | Energy::Expendable => {
                (0.0, Supply::Unlimited)
            }
        };
        let law = PowerLaw::from_class(motion, mass_kg, cruise_w);
        Ok(Self {
            law,
            supply,
            reserve_fraction: energy.reserve_fraction(),
        })
    }

    /// Share of the capacity used in a second; `extra_w` is the load of radios, sensors and other
    /// equipment on the battery (an engine's generator carries it without notice).
    #[must_use]
    pub fn draw_per_s(&self, state: &MotionState, ambient: &Ambient, extra_w: f64) -> f64 {
        let off = self.law.shut_down(state, ambient);
        self.draw_at_power(self.law.propulsion_w(state, ambient), off, extra_w)
    }

    /// Share of the capacity used in a second at a propulsion power, W, engine off or on.
    fn draw_at_power(&self, propulsion_w: f64, off: bool, extra_w: f64) -> f64 {
        match self.supply {
            Supply::Battery {
                capacity_wh,
                hotel_w,
            } => (propulsion_w + hotel_w + extra_w) / (capacity_wh * J_PER_WH),
            Supply::Fuel {
                capacity_kg,
                cruise_kg_s,
                idle_fraction,
                cruise_w,
            } => {
                if off {
                    return 0.0;
                }
                let load = if cruise_w > 0.0 {
                    propulsion_w / cruise_w
                } else {
                    1.0
                };
                cruise_kg_s * (idle_fraction + (1.0 - idle_fraction) * load) / capacity_kg
            }
            Supply::Unlimited => 0.0,
        }
    }

    /// Uses energy for `dt_s` seconds; false when the store is empty.
    pub fn drain(
        &self,
        store: &mut EnergyStore,
        state: &MotionState,
        ambient: &Ambient,
        extra_w: f64,
        dt_s: f64,
    ) -> bool {
        let used = self.draw_per_s(state, ambient, extra_w) * dt_s;
        debug_assert!(used.is_finite() && used >= 0.0);
        store.share = (store.share - used).max(0.0);
        store.share > 0.0 || matches!(self.supply, Supply::Unlimited)
    }

    /// Electric power drawn now, W; zero for what does not run on a battery.
    #[must_use]
    pub fn power_w(&self, state: &MotionState, ambient: &Ambient, extra_w: f64) -> f64 {
        match self.supply {
            Supply::Battery { hotel_w, .. } => {
                self.law.propulsion_w(state, ambient) + hotel_w + extra_w
            }
            Supply::Fuel { .. } | Supply::Unlimited => 0.0,
        }
    }

    /// Seconds that the store lasts in level motion at a speed, m/s, before the reserve is touched;
    /// infinite where nothing is used. `on_road` matters to ground vehicles only.
    #[must_use]
    pub fn remaining_time_s(
        &self,
        store: &EnergyStore,
        speed_m_s: f64,
        on_road: bool,
        extra_w: f64,
    ) -> f64 {
        let usable = (store.share - self.reserve_fraction).max(0.0);
        let used = self.draw_at_power(self.law.level_w(speed_m_s, on_road), false, extra_w);
        if used > 0.0 {
            usable / used
        } else {
            f64::INFINITY
        }
    }

    /// Distance that the store reaches in level motion at a speed, m/s, in still air and water
    /// before the reserve is touched, m.
    #[must_use]
    pub fn remaining_range_m(
        &self,
        store: &EnergyStore,
        speed_m_s: f64,
        on_road: bool,
        extra_w: f64,
    ) -> f64 {
        if speed_m_s <= 0.0 {
            return 0.0;
        }
        speed_m_s * self.remaining_time_s(store, speed_m_s, on_road, extra_w)
    }

    /// Whether only the reserve is left.
    #[must_use]
    pub fn on_reserve(&self, store: &EnergyStore) -> bool {
        !matches!(self.supply, Supply::Unlimited) && store.share <= self.reserve_fraction
    }

    /// Amount that fills the store, Wh for batteries, kg for fuel, zero for the rest.
    #[must_use]
    pub fn to_fill(&self, store: &EnergyStore) -> f64 {
        (1.0 - store.share) * self.capacity()
    }

    /// Capacity, Wh for batteries, kg for fuel, zero for the rest.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        match self.supply {
            Supply::Battery { capacity_wh, .. } => capacity_wh,
            Supply::Fuel { capacity_kg, .. } => capacity_kg,
            Supply::Unlimited => 0.0,
        }
    }

    /// Puts an amount (Wh or kg) into the store and returns what it took.
    pub fn fill(&self, store: &mut EnergyStore, amount: f64) -> f64 {
        let taken = amount.clamp(0.0, self.to_fill(store));
        if taken > 0.0 {
            store.share = (store.share + taken / self.capacity()).min(1.0);
        }
        taken
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
