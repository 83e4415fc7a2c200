//! How far a mission is, by what its post believes: stages begin and end, objectives are secured.
//! `advance` carries them on by a round of planning.

use bevy::prelude::{App, Plugin};
use glam::DVec2;

use super::{
    missions::{Assigned, Means, Mission, Outcome, Progress, TaskState, Until},
    round::SETTLE_S,
};
use crate::{
    kernel::{ids::UnitIx, messages::BufferAppExt, time::SimTime},
    picture::{BluePicture, Track, TrackStore},
    plan::TaskKind,
};

/// A mission is switched on or off at its post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// Post that commands it.
    pub post: UnitIx,
    /// Its number.
    pub mission: usize,
    /// On or off.
    pub is_on: bool,
}

/// What became of a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its first plan was given out.
    Begun,
    /// A vehicle says that it has begun a part that it took by agreement.
    Started,
    /// It went over to this stage.
    Stage(usize),
    /// Its objective is held to be secured.
    Secured,
    /// It is over.
    Ended(Outcome),
}

/// News of a mission at the post that commands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissionNews {
    /// The post.
    pub post: UnitIx,
    /// The mission's number.
    pub mission: usize,
    /// When.
    pub at: SimTime,
    /// What.
    pub step: Step,
}

/// Silence of all its vehicles after which a mission is given up, s (notional, 600 to 1800).
const GIVEN_UP_S: f64 = 900.0;

/// Distance from its goal within which a vehicle has arrived, m (notional, 100 to 300).
const ARRIVED_M: f64 = 150.0;

/// Age of a track after which it presses nobody any more, s (notional, 60 to 300).
const PRESSING_S: f64 = 180.0;

/// Deviation of a track's position up to which it is a place and not only a direction, m (notional, 300
/// to 1000).
const PLACED_M: f64 = 500.0;

/// Live hostile tracks whose place is known: confirmed, no wreck, seen lately.
pub fn hostile_tracks(tracks: &TrackStore, now: SimTime) -> impl Iterator<Item = &Track> + '_ {
    let counts = move |track: &&Track| {
        track.confirmed
            && track.hostile_llr > 0.0
            && !track.is_wreck()
            && track.sigma_m(now.max(track.updated)) <= PLACED_M
            && now.since_s(track.updated) <= PRESSING_S
    };
    tracks.tracks().iter().filter(counts)
}

/// Where live hostile tracks are believed to be, m.
pub fn hostile_places(tracks: &TrackStore, now: SimTime) -> impl Iterator<Item = DVec2> + '_ {
    let live = hostile_tracks(tracks, now);
    live.map(move |track| track.at(now.max(track.updated)).position_m)
}

/// What a post believes when it asks how far its missions are.
#[derive(Clone, Copy)]
struct Belief<'a> {
    picture: &'a BluePicture,
    tracks: &'a TrackStore,
    now: SimTime,
    means: &'a Means<'a>,
}

impl Belief<'_> {
    /// Believed places of those vehicles of a mission that it still counts on, m.
    fn places(&self, state: &TaskState, mission: usize) -> Vec<DVec2> {
        let given = state.assigned.iter();
        let own = given.filter(|(_, given)| given.mission == mission);
        own.filter_map(|(unit, _)| self.picture.get(*unit))
            .filter(|entry| self.means.is_alive(entry, self.now))
            .map(|entry| entry.position_at(self.now).truncate())
            .collect()
    }

    /// Notes which vehicles of a mission have arrived; says whether all have.
    fn have_arrived(
        &self,
        state: &mut TaskState,
        (mission, kind): (usize, &TaskKind),
        who: &[UnitIx],
    ) -> bool {
        let is_look = matches!(kind, TaskKind::Search { .. } | TaskKind::Patrol { .. });
        let (mut any, mut all) = (false, true);
        for (unit, given) in &mut state.assigned {
            let is_meant = given.mission == mission && who.contains(unit);
            let Some(entry) = self.picture.get(*unit).filter(|_| is_meant) else {
                continue;
            };
            if !self.means.is_alive(entry, self.now) {
                continue;
            }
            let is_there = entry.place.at > given.since
                && entry.place.position.truncate().distance(given.goal) <= ARRIVED_M;
            let settled = |status: &crate::picture::Status| {
                is_look && status.is_idle && status.at.since_s(given.since) > SETTLE_S
            };
            // Who does not report its place is taken to be where the plan says.
            let is_due = !self.means.plan.is_free(*unit) && self.now >= given.due;
            given.has_arrived |= is_there || is_due || entry.status.as_ref().is_some_and(settled);
            any = true;
            all &= given.has_arrived;
        }
        any && all
    }

    /// Whether the stage of a mission is over.
    fn is_over(
        &self,
        state: &mut TaskState,
        (at, mission): (usize, &Mission),
        progress: &mut Progress,
    ) -> bool {
        let stage = progress.stage_of(mission);
        match &stage.until {
            Until::Ended => false,
            Until::Arrived => {
                let who = self.means.candidates(mission, stage);
                self.have_arrived(state, (at, &stage.kind), &who)
            }
            Until::Held(for_s) => self.now.since_s(progress.since) >= *for_s,
            Until::Pressed { within_m } => {
                let own = self.places(state, at);
                hostile_places(self.tracks, self.now)
                    .any(|foe| own.iter().any(|place| place.distance(foe) <= *within_m))
            }
            Until::Clear { area, for_s } => {
                let is_in = |place: &DVec2| area.contains(*place);
                let is_clear = self.places(state, at).iter().any(is_in)
                    && !hostile_places(self.tracks, self.now).any(|foe| area.contains(foe));
                let since = progress.clear_since.unwrap_or(self.now);
                progress.clear_since = is_clear.then_some(since);
                is_clear && self.now.since_s(since) >= *for_s
            }
        }
    }

    /// Whether none of a mission's vehicles is left.
    fn is_lost(&self, mission: &Mission) -> bool {
        let stage = &mission.stages[0];
        let all = if mission.units.is_empty() {
            self.means.candidates(mission, stage)
        } else {
            mission.units.clone()
        };
        let lives = |unit: &UnitIx| {
            let entry = self.picture.get(*unit);
            entry.is_some_and(|entry| {
                let since = self.means.plan.expected_since(*unit, entry.heard());
                let is_heard = self.now.since_s(since) <= GIVEN_UP_S;
                entry.can_move() && (is_heard || self.means.plan.is_silent(*unit))
            })
        };
        !all.iter().any(lives)
    }
}

/// Takes vehicles from a mission, so that they can be given something new.
fn release(state: &mut TaskState, mission: usize, who: &[UnitIx]) {
    state
        .assigned
        .retain(|unit, given| given.mission != mission || !who.contains(unit));
}

/// Lets go the escorts that have fallen too far behind whom they accompany, so that they are led to
/// where it is now.
fn catch_up(state: &mut TaskState, at: usize, mission: &Mission, stage: usize, belief: Belief<'_>) {
    let TaskKind::Escort { distance_m, .. } = mission.stages[stage].kind else {
        return;
    };
    let place = |unit: UnitIx| {
        let entry = belief.picture.get(unit)?;
        Some(entry.position_at(belief.now).truncate())
    };
    let Some(with) = mission.with.and_then(place) else {
        return;
    };
    let is_behind = |unit: UnitIx| place(unit).is_some_and(|at| at.distance(with) > distance_m);
    let stale = |given: &Assigned| given.goal.distance(with) > distance_m;
    state
        .assigned
        .retain(|unit, given| given.mission != at || !(is_behind(*unit) && stale(given)));
}

/// Carries the missions of a post on by one round of planning, and says what became of them.
pub(super) fn advance(
    post: UnitIx,
    state: &mut TaskState,
    (picture, tracks): (&BluePicture, &TrackStore),
    now: SimTime,
    means: &Means<'_>,
    tell: &mut impl FnMut(usize, Step),
) {
    let belief = Belief {
        picture,
        tracks,
        now,
        means,
    };
    for (at, mission) in means.missions_of(post) {
        let mut progress = state.progress(at);
        let is_late = now.as_s() >= mission.window_s.1;
        if !progress.is_on(mission) || progress.begun.is_none() && !is_late {
            continue;
        }
        let end = if is_late {
            Some(Outcome::Lapsed)
        } else if belief.is_lost(mission) {
            Some(Outcome::Failed)
        } else if belief.is_over(state, (at, mission), &mut progress) {
            if progress.stage_of(mission).is_objective {
                tell(at, Step::Secured);
            }
            progress.stage += 1;
            progress.since = now;
            progress.clear_since = None;
            (progress.stage >= mission.stages.len()).then_some(Outcome::Done)
        } else {
            state.progress.insert(at, progress);
            catch_up(state, at, mission, progress.stage, belief);
            continue;
        };
        progress.ended = end;
        if let Some(outcome) = end {
            tell(at, Step::Ended(outcome));
            state.assigned.retain(|_, given| given.mission != at);
        } else {
            tell(at, Step::Stage(progress.stage));
            let next = means.candidates(mission, progress.stage_of(mission));
            release(state, at, &next);
        }
        state.progress.insert(at, progress);
    }
}

/// Switches a mission on or off. What is switched on begins anew, and takes the vehicles that it names
/// from what they are at.
pub(super) fn switch(
    state: &mut TaskState,
    (mission, units): (usize, &[UnitIx]),
    is_on: bool,
) -> Option<Step> {
    let was = state.progress(mission);
    let progress = Progress {
        ordered: Some(is_on),
        ended: (!is_on).then_some(Outcome::CalledOff),
        ..Progress::default()
    };
    if was.ordered == Some(is_on) && was.ended == progress.ended {
        return None;
    }
    state.progress.insert(mission, progress);
    state.planned = None;
    if is_on {
        let is_taken =
            |unit: &UnitIx, given: &Assigned| given.mission == mission || units.contains(unit);
        state.assigned.retain(|unit, given| !is_taken(unit, given));
    }
    let is_news = !is_on && was.ended.is_none();
    is_news.then_some(Step::Ended(Outcome::CalledOff))
}

/// Ends all missions of a post that go on, as when it breaks off.
pub(super) fn end_all(
    post: UnitIx,
    state: &mut TaskState,
    means: &Means<'_>,
    tell: &mut impl FnMut(usize, Step),
) {
    for (at, mission) in means.missions_of(post) {
        let progress = state.progress.entry(at).or_default();
        if progress.is_on(mission) {
            progress.ended = Some(Outcome::CalledOff);
            tell(at, Step::Ended(Outcome::CalledOff));
        }
    }
    state.assigned.clear();
}

/// Buffers of what is ordered of missions and what becomes of them.
#[derive(Debug)]
pub(super) struct ProgressPlugin;

impl Plugin for ProgressPlugin {
    fn build(&self, app: &mut App) {
        app.add_buffer::<Switch>().add_buffer::<MissionNews>();
    }
}
