//! Sensor-to-shooter planning at posts with a desk. See [`FiresPlugin`].
//!
//! A post pairs the tracks that it believes in with the shooters that it may task and writes
//! proposals. Nothing fires on a proposal: it goes to a desk.

use std::collections::BTreeMap;

use bevy::prelude::{App, Component, IntoScheduleConfigs, Local, Mut, Plugin, Query, Res, ResMut};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    aftermath::{AftermathPlugin, Assessed, assess},
    algo::matching::Matched,
    auction::Auctioneer,
    choice::{best, choose},
    engage,
    external::{self, Dialogues, Liaison, Programs, dialogue::Pending, fires::Names},
    fire_control::FireControl,
    oracle::OracleViews,
    pen::Pen,
    proposal::{Decision, Proposal, Proposed, Ruling},
    tally::{Kind, Tally},
    tasks::plan_tasks,
    view::{ShooterView, TrackView},
};
use crate::{
    engagement::{FireReport, FiredUpon, tables::KillTables},
    environment::Landscape,
    kernel::{
        assignment::Assigner,
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        registry::StateAppExt,
        schedule::{FuseSystems, PlanSystems, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    org::{Doctrine, OrderOfBattle, Planner, Posture},
    physics::{ObstacleField, SightMemo},
    picture::{BluePicture, TrackStore},
    platform::{
        damage::Damage,
        emission::{EmissionPlan, Emissions},
        vehicle::Fleet,
    },
    wire::{Delivered, MessageSizes, Outbox, PayloadAppExt},
};

/// Time after which a proposal that nobody answered counts as lost, s.
pub(super) const SILENCE_S: f64 = 600.0;

/// Where an engagement stands as far as the post knows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Proposed.
    Proposed,
    /// Authorised; the shooter has not answered.
    Ordered,
    /// Fired; the last shot arrives then.
    Fired(SimTime),
}

/// An engagement that a post has under way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) proposal: u64,
    pub(super) track: u32,
    pub(super) shooter: UnitIx,
    pub(super) stage: Stage,
    pub(super) since: SimTime,
    /// When sensors were last asked to look what came of it.
    pub(super) asked: Option<SimTime>,
    pub(super) tag: ScoringTag,
}

/// What a post with a desk remembers of its fires.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct FiresState {
    pub(super) open: Vec<Open>,
    rounds: BTreeMap<u32, u32>,
    /// Last impact at each track that was fired at.
    impacts: BTreeMap<u32, SimTime>,
    /// The last report of each unit that was fired upon.
    alarms: BTreeMap<UnitIx, FiredUpon>,
    planned: Option<SimTime>,
    news: u64,
    pub(super) proposed: u64,
}

impl FiresState {
    /// Whether it is time to plan: the doctrine's interval is over, or there is news.
    fn is_due(&self, news: u64, doctrine: &Doctrine, now: SimTime) -> bool {
        self.planned.is_none_or(|last| {
            let since_s = now.since_s(last);
            since_s >= doctrine.plan_interval_s || news != self.news && since_s >= 1.0
        })
    }

    /// Rounds that may still be spent on a track.
    pub(super) fn rounds_left(&self, track: u32, doctrine: &Doctrine) -> u32 {
        let spent = self.rounds.get(&track).copied().unwrap_or(0);
        doctrine.rounds_per_target_max.saturating_sub(spent)
    }

    /// Whether a track may be taken on: nothing is under way against it, rounds may be spent on it, and it
    /// is still there.
    pub(super) fn may_take(&self, track: &TrackView, doctrine: &Doctrine) -> bool {
        !self.is_at(track.number)
            && self.rounds_left(track.number, doctrine) > 0
            && self.is_there(track)
    }

    /// Whether anything is under way against a track.
    pub(super) fn is_at(&self, track: u32) -> bool {
        self.open.iter().any(|open| open.track == track)
    }

    /// Whether a shooter has anything under way.
    pub(super) fn is_busy(&self, shooter: UnitIx) -> bool {
        self.open.iter().any(|open| open.shooter == shooter)
    }

    /// Whether a shooter has something under way against a track.
    pub(super) fn has_open(&self, track: u32, shooter: UnitIx) -> bool {
        let mut open = self.open.iter();
        open.any(|open| (open.track, open.shooter) == (track, shooter))
    }

    /// Whether something was seen at a track since it was last fired at, so that it is not an empty
    /// place that is fired at again.
    fn is_there(&self, track: &TrackView) -> bool {
        let impact = self.impacts.get(&track.number);
        impact.is_none_or(|impact| track.seen > *impact)
    }
}

/// Time for which being fired upon allows self-defence, s (notional, 120 to 600).
const DEFENCE_S: f64 = 300.0;

/// Units of a post that are under fire: where each is, and how far its weapons reach, m.
pub(super) fn under_fire(
    state: &FiresState,
    reach_m: impl Fn(UnitIx) -> f64,
    now: SimTime,
) -> Vec<(DVec2, f64)> {
    let alarms = state.alarms.values();
    let fresh = alarms.filter(|alarm| now.since_s(alarm.at) <= DEFENCE_S);
    fresh
        .map(|alarm| (alarm.position.truncate(), reach_m(alarm.unit)))
        .collect()
}

/// Whether doctrine lets a track be proposed.
pub(super) fn may_propose(
    doctrine: &Doctrine,
    track: &TrackView,
    under_fire: &[(DVec2, f64)],
) -> bool {
    let is_sure = track.confidence >= doctrine.engage_confidence;
    let mut threatened = under_fire.iter();
    let is_defence = threatened.any(|(place, reach_m)| place.distance(track.position) <= *reach_m);
    let by_posture = match doctrine.posture {
        Posture::WeaponsHold => is_sure && is_defence,
        Posture::WeaponsTight => is_sure,
        Posture::WeaponsFree => track.hostile_llr > -1.0,
    };
    by_posture && !track.is_wreck && track.sigma_m <= doctrine.engage_sigma_max_m
}

/// How far the weapons of a unit reach, m.
pub(super) fn reach_m(unit: UnitIx, shooters: &[ShooterView], fleet: &Fleet) -> f64 {
    let own = shooters.iter().filter(|shooter| shooter.unit == unit);
    own.map(|shooter| fleet.effector(shooter.effector).range_max_m.value())
        .fold(0.0, f64::max)
}

/// What a post with a desk knows, and what it remembers.
type Post<'a> = (
    &'a TrackStore,
    &'a BluePicture,
    &'a mut FiresState,
    &'a Damage,
    Option<&'a mut Auctioneer>,
);

/// Posts plan their fires.
pub(super) fn plan_fires(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (fleet, tables, sizes): (Res<'_, Fleet>, Res<'_, KillTables>, Res<'_, MessageSizes>),
    (landscape, field): (Res<'_, Landscape>, Res<'_, ObstacleField>),
    control: Res<'_, FireControl>,
    (views, mut memo): (Res<'_, OracleViews>, ResMut<'_, SightMemo>),
    (mut outbox, mut proposed): (ResMut<'_, Outbox<Proposal>>, ResMut<'_, Buffer<Proposed>>),
    mut assessed: ResMut<'_, Buffer<Assessed>>,
    (mut programs, mut dialogues): (ResMut<'_, Programs>, ResMut<'_, Dialogues>),
    (mut assigner, mut tally): (Local<'_, Solver>, ResMut<'_, Tally>),
    (plan, emissions): (Res<'_, EmissionPlan>, Res<'_, Emissions>),
    mut posts: Query<'_, '_, Post<'_>>,
) {
    let now = clock.now();
    let mut liaison = Liaison::new(&mut programs, &mut dialogues);
    let names = Names {
        order: &order,
        index: &index,
        fleet: &fleet,
        landscape: &landscape,
    };
    for (post, _) in &order.desks {
        let answer = external::fires::due(*post, now, &mut liaison);
        let Ok((store, picture, mut state, damage, auctioneer)) =
            posts.get_mut(index.entity(*post))
        else {
            continue;
        };
        let doctrine = &order.force_of(*post).doctrine;
        let is_due = state.is_due(store.news(), doctrine, now);
        let is_asking = is_due && !external::fires::is_waiting(*post, &liaison);
        if damage.is_destroyed() || answer.is_none() && !is_asking {
            continue;
        }
        if answer.is_none() {
            (state.planned, state.news) = (Some(now), store.news());
        }
        let tracks = views
            .tracks_of(*post)
            .unwrap_or_else(|| TrackView::of_store(store, now));
        assess(*post, &tracks, &mut state, now, &mut assessed);
        let (shooters, free) = candidates((*post, now), tracks, picture, &state, &names);
        let waits = |it: &Mut<'_, Auctioneer>| it.is_at_fires();
        let is_calling = auctioneer.as_ref().is_some_and(waits);
        if answer.is_none() && (free.is_empty() || shooters.is_empty() || is_calling) {
            continue;
        }
        let mut means = engage::Means {
            post: *post,
            now,
            doctrine,
            order: &order,
            control: &control,
            fleet: &fleet,
            tables: &tables,
            landscape: &landscape,
            field: &field,
            memo: &mut memo,
        };
        let asked = engage::ask(shooters, free, &mut means);
        if let Some(mut auctioneer) = auctioneer.filter(|_| !emissions.0.is_silent(*post)) {
            auctioneer.call_tracks(*post, &asked, now, (&order, plan.known_to(*post)));
            continue;
        }
        let answered = (answer, now, &mut liaison);
        let found = pair(*post, &asked, answered, &names, &mut assigner.0);
        let Some((matched, best)) = found else {
            continue;
        };
        tally.add((*post, now, Kind::Fires), (matched.objective, best));
        let mut pen = Pen {
            post: (index.id(*post), *post),
            now,
            fleet: &fleet,
            doctrine,
            store: (!views.are_for(*post)).then_some(store),
            fires_bytes: sizes.fires_bytes,
            outbox: &mut outbox,
            proposed: &mut proposed,
        };
        pen.write_all(&mut state, &asked, &matched.lot_of);
    }
}

/// Shooters of a post that have nothing under way, and tracks that they may be proposed for.
fn candidates(
    (post, now): (UnitIx, SimTime),
    tracks: Vec<TrackView>,
    picture: &BluePicture,
    state: &FiresState,
    names: &Names<'_>,
) -> (Vec<ShooterView>, Vec<TrackView>) {
    let doctrine = &names.order.force_of(post).doctrine;
    let may_task = |unit: UnitIx| names.order.desk_for(unit) == Some(post);
    let mut shooters = ShooterView::of_picture(picture, now, may_task);
    let threatened = under_fire(state, |unit| reach_m(unit, &shooters, names.fleet), now);
    let free = tracks
        .into_iter()
        .filter(|track| may_propose(doctrine, track, &threatened))
        .filter(|track| state.may_take(track, doctrine))
        .collect();
    shooters.retain(|shooter| !state.is_busy(shooter.unit));
    (shooters, free)
}

/// Who is to engage what as the planner of a post's side chooses, and the greatest worth that there is;
/// none where its program was asked, whose answer comes later.
fn pair(
    post: UnitIx,
    asked: &engage::Asked,
    (answer, now, liaison): (Option<Pending>, SimTime, &mut Liaison<'_>),
    names: &Names<'_>,
    assigner: &mut Assigner,
) -> Option<(Matched, f64)> {
    let planner = names.order.side_of(post).planner;
    let matched = match (planner, answer) {
        (Planner::External, None) => {
            external::fires::ask_program(post, asked, now, names, liaison);
            return None;
        }
        (_, Some(answer)) => external::fires::matched(&answer, asked, names, liaison),
        (planner, None) => choose(planner, &asked.problem, assigner).unwrap_or_default(),
    };
    let best = best(planner, &asked.problem, &matched, assigner);
    Some((matched, best))
}

/// Solver of the pairing, kept for its buffers only.
#[derive(Default)]
pub(super) struct Solver(Assigner);

/// Posts hear what became of their proposals and orders.
fn hear(
    index: Res<'_, UnitIndex>,
    (decisions, reports, alarms): (
        Res<'_, Delivered<Decision>>,
        Res<'_, Delivered<FireReport>>,
        Res<'_, Delivered<FiredUpon>>,
    ),
    clock: Res<'_, Clock>,
    mut posts: Query<'_, '_, &mut FiresState>,
) {
    for delivery in alarms.read() {
        if let Ok(mut state) = posts.get_mut(index.entity(delivery.to)) {
            state.alarms.insert(delivery.body.unit, delivery.body);
        }
    }
    for delivery in decisions.read() {
        let Ok(mut state) = posts.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        let Decision { proposal, ruling } = delivery.body;
        if ruling == Ruling::Authorised {
            let open = state.open.iter_mut().find(|open| open.proposal == proposal);
            if let Some(open) = open {
                open.stage = Stage::Ordered;
                open.since = clock.now();
            }
        } else {
            state.open.retain(|open| open.proposal != proposal);
        }
    }
    for delivery in reports.read() {
        let Ok(mut state) = posts.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        let report = delivery.body;
        if report.shots == 0 {
            state
                .open
                .retain(|open| open.proposal != report.authorisation);
            continue;
        }
        *state.rounds.entry(report.track.number).or_default() += report.rounds;
        let impact = state.impacts.entry(report.track.number).or_default();
        *impact = report.impact.max(*impact);
        let open = state
            .open
            .iter_mut()
            .find(|open| open.proposal == report.authorisation);
        if let Some(open) = open {
            open.stage = Stage::Fired(report.impact);
        }
    }
}

/// Plans fires in the phase `Plan`.
#[derive(Debug)]
pub struct FiresPlugin;

impl Plugin for FiresPlugin {
    fn build(&self, app: &mut App) {
        external::register(app);
        app.init_resource::<FireControl>()
            .add_payload::<Proposal>()
            .add_payload::<Decision>()
            .add_buffer::<Proposed>()
            .register_state::<FiresState>()
            .add_plugins(AftermathPlugin)
            .init_resource::<Tally>()
            .add_systems(
                SimTick,
                plan_fires.in_set(PlanSystems::Decide).after(plan_tasks),
            )
            .add_systems(SimTick, hear.in_set(FuseSystems::Receive));
    }
}

#[cfg(test)]
#[path = "fires_tests.rs"]
mod tests;
