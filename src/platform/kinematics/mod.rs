//! How platforms move: one pure model per kind, one call for all, and guidance along legs.
//!
//! [`Kinematics`] holds the limits of one class and moves a [`MotionState`] by one tick towards a
//! [`Demand`] in an [`Ambient`]. [`guidance`] makes demands from points, lines, circles and routes.
//! Everything is f64, without allocation, and integrated in closed form within the tick.

mod aerostat;
mod any;
mod fixed_wing;
mod foot;
mod from_class;
mod ground;
pub mod guidance;
mod multirotor;
mod route;
mod sail;
mod state;
mod steering;
mod surface;
mod underwater;

pub use aerostat::Aerostat;
pub use any::{Kinematics, Pace};
pub use fixed_wing::{FixedWing, load_factor, turn_radius_m};
pub use foot::{Foot, tobler_m_s};
pub use ground::{Ground, power_per_weight_m_s};
pub use multirotor::Multirotor;
pub use route::{Height, Route, Waypoint};
pub use sail::Sail;
pub use state::{AIR_DENSITY_KG_M3, Ambient, Demand, GRAVITY_M_S2, MotionState};
pub use surface::Surface;
pub use underwater::{Glider, Underwater};
