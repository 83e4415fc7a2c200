//! What becomes of an engagement that was fired: sensors are asked to look, and the post concludes
//! from what its picture then shows. See `AftermathPlugin`.
//!
//! Nothing here knows what a shot did; all comes back through sensors.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::{DVec2, DVec3};

use super::{
    fires::{FiresState, Open, SILENCE_S, Stage},
    oracle::OracleViews,
    view::TrackView,
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        schedule::{PlanSystems, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    physics::{ObstacleField, SightMemo},
    picture::{BluePicture, TrackStore},
    platform::damage::Damage,
    sensing::{SensorSuites, cue::Cue, suite::Works},
    wire::{Audience, MessageSizes, Outbox, Posted, Precedence},
};

/// Time after an impact until which its effect is waited for, s (notional, 30 to 180).
const ASSESS_S: f64 = 90.0;

/// Time before an impact at which sensors are asked to look, s: the request has to get there.
const LEAD_S: f64 = 10.0;

/// Time between two such requests as long as nothing can be concluded, s.
const AGAIN_S: f64 = 45.0;

/// Most units that are asked to look at one place.
const OBSERVERS: usize = 4;

/// Age of a report of the own side up to which a unit is taken to be where it was, s.
const FRESH_S: f64 = 120.0;

/// A post's conclusion on the effect of an engagement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessed {
    /// Who concluded.
    pub post: UnitIx,
    /// When.
    pub at: SimTime,
    /// Whether the target is believed to be out of action.
    pub is_destroyed: bool,
    /// For scoring.
    pub tag: ScoringTag,
}

/// What a post reads to find out who could look.
struct Watch<'a> {
    now: SimTime,
    picture: &'a BluePicture,
    suites: &'a SensorSuites,
    landscape: &'a Landscape,
    field: &'a ObstacleField,
}

impl Watch<'_> {
    /// The units nearest to a place whose cameras could see it by the map.
    fn observers(&self, place: DVec2, memo: &mut SightMemo) -> Vec<UnitIx> {
        let surface_m = self.landscape.terrain.surface_m(place.x, place.y);
        let to = place.extend(surface_m + 1.5);
        let fresh = self.picture.entries().iter();
        let fresh = fresh.filter(|entry| self.now.since_s(entry.heard()) <= FRESH_S);
        let mut near: Vec<(f64, UnitIx, DVec3)> = fresh
            .filter_map(|entry| {
                let from = entry.position_at(self.now);
                let far_m = from.truncate().distance(place);
                let mut suite = self.suites.of(entry.unit).iter();
                let camera = suite.find(|sensor| {
                    matches!(sensor.works, Works::Optical { .. }) && sensor.range_m[1] >= far_m
                })?;
                Some((far_m, entry.unit, from + DVec3::Z * camera.height_m))
            })
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let sees =
            |eye: &DVec3, memo: &mut SightMemo| memo.is_clear(*eye, to, self.landscape, self.field);
        near.into_iter()
            .filter(|(_, _, eye)| sees(eye, memo))
            .map(|(_, unit, _)| unit)
            .take(OBSERVERS)
            .collect()
    }
}

/// Posts ask sensors to look at what they have fired at.
fn cue_sensors(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (suites, sizes): (Res<'_, SensorSuites>, Res<'_, MessageSizes>),
    (landscape, field): (Res<'_, Landscape>, Res<'_, ObstacleField>),
    (views, mut memo): (Res<'_, OracleViews>, ResMut<'_, SightMemo>),
    mut outbox: ResMut<'_, Outbox<Cue>>,
    mut posts: Query<'_, '_, (&TrackStore, &BluePicture, &mut FiresState, &Damage)>,
) {
    let now = clock.now();
    let is_due = |open: &Open| {
        let is_over = |asked: SimTime| now.since_s(asked) >= AGAIN_S;
        matches!(open.stage, Stage::Fired(impact) if now.plus_s(LEAD_S) >= impact)
            && open.asked.is_none_or(is_over)
    };
    for (post, _) in &order.desks {
        let Ok((store, picture, mut state, damage)) = posts.get_mut(index.entity(*post)) else {
            continue;
        };
        let is_idle = views.are_for(*post) || !state.open.iter().any(is_due);
        if damage.is_destroyed() || is_idle {
            continue;
        }
        let watch = Watch {
            now,
            picture,
            suites: &suites,
            landscape: &landscape,
            field: &field,
        };
        for open in state.open.iter_mut().filter(|open| is_due(open)) {
            open.asked = Some(now);
            let Some(track) = store.get(open.track) else {
                continue;
            };
            let there = track.at(now.max(track.updated));
            let cue = Cue {
                position: there.position_m,
                velocity: there.velocity_m_s,
                as_of: now,
                until: now.plus_s(LEAD_S + AGAIN_S),
            };
            for observer in watch.observers(there.position_m, &mut memo) {
                let posted = Posted {
                    author: (index.id(*post), *post),
                    audience: Audience::Unit(observer),
                    precedence: Precedence::Immediate,
                    size_bytes: sizes.tasking_bytes,
                    created: now,
                    valid_s: AGAIN_S,
                    is_latest: false,
                };
                outbox.post(posted, cue);
            }
        }
    }
}

/// Concludes what can be concluded of engagements that are over.
pub(super) fn assess(
    post: UnitIx,
    tracks: &[TrackView],
    state: &mut FiresState,
    now: SimTime,
    assessed: &mut Buffer<Assessed>,
) {
    state.open.retain(|open| {
        let Stage::Fired(impact) = open.stage else {
            return now.since_s(open.since) < SILENCE_S;
        };
        if now < impact {
            return true;
        }
        let track = tracks.iter().find(|track| track.number == open.track);
        let conclude = |is_destroyed| Assessed {
            post,
            at: now,
            is_destroyed,
            tag: open.tag,
        };
        match track {
            Some(track) if track.is_wreck => assessed.write(conclude(true)),
            Some(track) if track.seen > impact && now.since_s(impact) >= ASSESS_S => {
                assessed.write(conclude(false));
            }
            _ => return now.since_s(impact) < 4.0 * ASSESS_S,
        }
        false
    });
}

/// Asks sensors to look before the planners run.
#[derive(Debug)]
pub(super) struct AftermathPlugin;

impl Plugin for AftermathPlugin {
    fn build(&self, app: &mut App) {
        app.add_buffer::<Assessed>()
            .add_systems(SimTick, cue_sensors.in_set(PlanSystems::View));
    }
}
