//! What motion costs, how long the stores last, how far they reach.
//!
//! [`EnergyModel`] is made from a class, [`EnergyStore`] is what a unit has left; `model` holds the
//! formulas.

mod law;
mod model;
mod store;

pub use law::PowerLaw;
pub use model::{
    best_range_speed_m_s, fixed_wing_load, ground_power_w, hover_power_w, rotor_power_w,
    underwater_power_w,
};
pub use store::{EnergyError, EnergyModel, EnergyStore, Supply};
