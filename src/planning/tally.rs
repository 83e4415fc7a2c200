//! What the choices of posts were worth, round by round. See [`Tally`].

use bevy::prelude::Resource;

use crate::kernel::{ids::UnitIx, time::SimTime};

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Who does which mission.
    Tasks,
    /// Who is proposed to engage what.
    Fires,
}

/// One round of one post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tallied {
    /// Who chose.
    pub post: UnitIx,
    /// When.
    pub at: SimTime,
    /// What.
    pub kind: Kind,
    /// Worth of what was chosen, in points.
    pub objective: f64,
    /// Greatest worth that the same question has, in points.
    pub best: f64,
}

/// The rounds of a run in which anything could be chosen. Read by nobody who acts: no state.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub struct Tally(pub Vec<Tallied>);

impl Tally {
    /// Adds a round, by its objective and the best there is; one in which nothing could be chosen is
    /// none.
    pub(super) fn add(
        &mut self,
        (post, at, kind): (UnitIx, SimTime, Kind),
        (objective, best): (f64, f64),
    ) {
        if best > 0.0 {
            self.0.push(Tallied {
                post,
                at,
                kind,
                objective,
                best,
            });
        }
    }
}
