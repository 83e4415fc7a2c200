//! Detections become tracks on the node whose sensor made them. See [`TrackerPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Local, Plugin, Query, Res};

use super::store::TrackStore;
use crate::{
    kernel::{
        assignment::Assigner,
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::Clock,
    },
    sensing::Detection,
};

/// Time between two agings of a node's tracks, s.
const AGE_PERIOD_S: f64 = 5.0;

/// Solver of the association, kept for its buffers only.
#[derive(Default)]
struct Solver(Assigner);

/// Gives detections to the tracks of their observers.
fn update_tracks(
    (clock, index): (Res<'_, Clock>, Res<'_, UnitIndex>),
    detections: Res<'_, Buffer<Detection>>,
    mut solver: Local<'_, Solver>,
    mut stores: Query<'_, '_, &mut TrackStore>,
) {
    // Looks are written observer by observer, so equal neighbours make up one look; what was heard is
    // another look than what was seen.
    let is_same = |a: &Detection, b: &Detection| {
        a.observer == b.observer && a.bearing.is_some() == b.bearing.is_some()
    };
    for look in detections.read().chunk_by(is_same) {
        if let Ok(mut store) = stores.get_mut(index.entity(look[0].observer)) {
            store.take(look, &mut solver.0);
        }
    }
    let due = |ix: UnitIx| clock.is_due(AGE_PERIOD_S, u64::from(ix.0));
    for (ix, row) in index.iter().filter(|(ix, _)| due(*ix)) {
        debug_assert_eq!(index.entity(ix), row.entity);
        if let Ok(mut store) = stores.get_mut(row.entity) {
            store.age(clock.now());
        }
    }
}

/// Updates tracks in the phase `Fuse`.
#[derive(Debug)]
pub struct TrackerPlugin;

impl Plugin for TrackerPlugin {
    fn build(&self, app: &mut App) {
        app.register_state::<TrackStore>()
            .add_systems(SimTick, update_tracks.in_set(FuseSystems::Update));
    }
}
