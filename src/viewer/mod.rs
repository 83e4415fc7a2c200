//! F14: the simulation as a person sees it, in a window or on a picture; the only room that draws.
//!
//! The simulation runs as a world of its own on its own thread (`runner`); what may be drawn is
//! copied out of it (`extract`) into plain data (`frame`), and everything else reads that. Drawing
//! shares no entity with the simulation and cannot change it: the state hash is the same with and
//! without a viewer.
//!
//! | File | What |
//! |---|---|
//! | [`frame`], [`extract`], [`runner`] | the world as plain data; how it is made; the thread |
//! | [`marks`], [`chains`], [`declutter`], [`view`], [`request`] | pure: what stands on the map, what happens, who gets room, what was chosen |
//! | `ground`, `camera`, `state`, `input` | the drawn ground, the eye, the moment, keys |
//! | `draw` | three dimensions |
//! | `overlay` | symbols, labels, legend |
//! | `panels` | everything around the picture |
//! | `stage` | [`open`] a window, [`take_picture`] without one |

mod camera;
pub mod chains;
pub mod declutter;
mod draw;
mod error;
pub mod extract;
pub mod frame;
mod ground;
mod input;
pub mod marks;
mod narrow;
mod overlay;
mod panels;
pub mod request;
pub mod runner;
mod stage;
mod state;
pub mod view;

pub use error::ViewError;
pub use stage::{Picture, Source, open, take_picture};
