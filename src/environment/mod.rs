//! F2: weather, sea state, light, tide, the ground, obstacles and forbidden areas.

pub mod landscape;
pub mod obstacles;
pub mod seawater;
pub mod sun;
pub mod tide;
pub mod weather;

pub use landscape::{Landscape, NoGo, NoGoAreas};
pub use sun::Sun;
pub use tide::Tide;
pub use weather::{EnvironmentPlugin, Light, Weather};
