//! F6: who sees what: radar, cameras and goggles, passive and active sonar, transponders.
//!
//! [`suite`] works out each unit's sensors from the catalogue; [`look`] lets them look in the phase
//! `Sense`, by the chances of a [`Glance`], and [`cue`] tells them where to look longer; [`transponder`] lets ships say where they
//! are, and [`direction_finder`] hears who radiates; [`inbound`] sees munitions in flight, and
//! [`weapon_locating`] from where shells were fired. What is found
//! is a [`Detection`], of which a camera may take a [`Still`]. Formulas stand in [`model`].

mod caught;
pub mod cue;
mod detection;
pub mod direction_finder;
mod evidence;
mod false_alarm;
mod finder;
mod glance;
pub mod inbound;
mod locator;
pub mod look;
pub mod model;
mod still;
pub mod suite;
pub mod transponder;
mod veil;
pub mod weapon_locating;

pub use caught::{Act, Caught};
pub use detection::{Bearing, Detection, Opportunity};
pub use evidence::{Evidence, View};
pub use finder::{Finder, Finders};
pub use glance::{Glance, Sighting};
pub use inbound::Inbound;
pub use locator::{Locator, Locators};
pub use look::SensingPlugin;
pub use still::Still;
pub use suite::{SensorSuites, SensorUnit, Works};
