//! The oracle: planners that read the truth, as an upper bound to compare with. See [`OracleViews`].
//!
//! Off unless a side's planner is [`Planner::Oracle`]; plans made under it are never exported.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};

use super::view::TrackView;
use crate::{
    kernel::{
        ids::UnitIx,
        schedule::{Phase, SimTick},
        scoring::ScoringTag,
        time::Clock,
    },
    org::{OrderOfBattle, Planner},
    platform::{truth::Board, vehicle::Fleet},
};

/// The truth as each post with a desk would track it, for the sides that read it. Made anew each
/// tick: no state.
#[derive(Debug, Clone, Default, Resource)]
pub struct OracleViews(BTreeMap<UnitIx, Vec<TrackView>>);

impl OracleViews {
    /// Whether a post reads the truth.
    #[must_use]
    pub fn are_for(&self, post: UnitIx) -> bool {
        self.0.contains_key(&post)
    }

    /// One track of a post.
    #[must_use]
    pub fn track(&self, post: UnitIx, number: u32) -> Option<TrackView> {
        let tracks = self.0.get(&post)?;
        tracks.iter().find(|track| track.number == number).copied()
    }

    /// The tracks of a post; none without the oracle.
    #[must_use]
    pub fn tracks_of(&self, post: UnitIx) -> Option<Vec<TrackView>> {
        self.0.get(&post).cloned()
    }
}

/// Deviation of a position that is known, m.
const KNOWN_SIGMA_M: f64 = 1.0;

/// Log-odds of an allegiance that is known.
const KNOWN_LLR: f64 = 7.0;

/// Draws the truth up as tracks; a track's number is the unit's rank.
fn reveal_all(
    clock: Res<'_, Clock>,
    (order, board, fleet): (Res<'_, OrderOfBattle>, Res<'_, Board>, Res<'_, Fleet>),
    mut views: ResMut<'_, OracleViews>,
) {
    if board.is_empty() {
        return;
    }
    for (post, _) in &order.desks {
        let own = order.unit(*post).side;
        if order.sides[own.at()].planner != Planner::Oracle {
            continue;
        }
        let hostile = |ix: &UnitIx| order.are_hostile(own, order.unit(*ix).side);
        let pieces = board.iter().filter(|(ix, _)| hostile(ix));
        let tracks = pieces.map(|(ix, piece)| {
            let class = &fleet.vehicle(ix).class;
            TrackView {
                number: ix.0,
                position: piece.position.truncate(),
                velocity: piece.velocity.truncate(),
                sigma_m: KNOWN_SIGMA_M,
                hostile_llr: KNOWN_LLR,
                confidence: 1.0,
                is_wreck: !piece.is_alive,
                seen: clock.now(),
                heard: None,
                target: class.protection,
                domain: class.domain,
                tag: ScoringTag::seal(Some(ix)),
            }
        });
        views.0.insert(*post, tracks.collect());
    }
}

/// Draws the truth up before desks sit and planners run.
#[derive(Debug)]
pub struct OraclePlugin;

impl Plugin for OraclePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<OracleViews>()
            .add_systems(SimTick, reveal_all.in_set(Phase::Environment));
    }
}
