//! Planners in any language: a program beside the simulator is asked, and answers. See [`Program`].
//!
//! A side whose planner is [`Planner::External`](crate::org::Planner::External) asks its program in
//! every round of a post. [`request`] is what the post believes, as one line of JSON; [`answer`] reads
//! one line back and holds it against what was asked; [`dialogue`] remembers what waits to take effect,
//! and counts. How long the program thought delays the effect of its answer by as much simulated time,
//! and what it names is looked at once more when that is over: `tasks` for vehicles, `fires` for
//! shooters. [`playback`] answers from the record of another run.
//!
//! **Architecture invariant:** nobody here starts a process or reads a clock. Both is done behind
//! [`Program`], and what came of it is recorded, so that a run repeats without the program.

pub mod answer;
pub mod dialogue;
pub(super) mod fires;
pub mod playback;
pub mod program;
pub mod request;
pub(super) mod tasks;

pub use dialogue::{Dialogues, Liaison, ProgramSummary};
pub use playback::Playback;
pub use program::{DEADLINE_S, Exchange, Failed, Failure, Program, Programs, Said};

use bevy::prelude::App;

use crate::kernel::registry::StateAppExt;

/// Gives a world what is needed to ask programs.
pub(super) fn register(app: &mut App) {
    app.init_resource::<Programs>()
        .init_resource::<Dialogues>()
        .register_state_resource_if_used::<Dialogues>();
}
