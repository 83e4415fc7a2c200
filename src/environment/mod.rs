//! F2: weather, sea state, light, the ground, obstacles and forbidden areas.

pub mod landscape;
pub mod obstacles;
pub mod seawater;
pub mod weather;

pub use landscape::{Landscape, NoGo, NoGoAreas};
pub use weather::{EnvironmentPlugin, Light, Weather};
