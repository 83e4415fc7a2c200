//! Command in figures: missions, decisions, staffs, and the cycle from collecting to the next
//! decision. See [`Operations`].
//!
//! A cycle begins when the tracks on which a decision rests are first seen. Its stages follow each
//! other: *collect* until the post believes what the decision asks for, *analyse* until an officer
//! has decided, *plan* until the post that carries the order out gives out the first plan of the
//! mission (queues, staffs and links on the way included), *start* until the first vehicle has its
//! plan, *execute* until the objective is held to be secured, *next* until the same post meets its
//! next decision.

pub mod result;

use std::collections::BTreeMap;

use bevy::prelude::{Res, ResMut, Resource};

use super::log::{EventKind, EventLog};
use crate::{
    command::{
        Act, DecisionPoints,
        staff::{StaffNews, StaffStep},
    },
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        time::{Clock, SimTime},
    },
    planning::{
        missions::{Missions, Outcome},
        progress::{MissionNews, Step},
        tasks::TaskOrder,
    },
    wire::Delivered,
};

/// What happened to a mission, the last time that it ran.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct MissionAccount {
    /// Decision that ordered it, and when the order was carried out.
    ordered: Option<(usize, SimTime)>,
    begun: Option<SimTime>,
    started: Option<SimTime>,
    stages: Vec<(usize, SimTime)>,
    secured: Option<SimTime>,
    ended: Option<(SimTime, Outcome)>,
}

/// What happened to a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct DecisionAccount {
    /// Since when its tracks were seen.
    seen: Option<SimTime>,
    met: Option<SimTime>,
    decided: Option<SimTime>,
    carried: Option<SimTime>,
}

/// What a staff did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct StaffAccount {
    handled: u64,
    took_s: f64,
    longest_s: f64,
}

/// What commanders, staffs and missions did. It influences nothing, so it is no state.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub struct Operations {
    pub(super) missions: BTreeMap<usize, MissionAccount>,
    pub(super) decisions: BTreeMap<usize, DecisionAccount>,
    pub(super) staffs: BTreeMap<UnitIx, StaffAccount>,
}

impl Operations {
    /// Books a step of a mission.
    fn step(&mut self, mission: usize, step: Step, at: SimTime) {
        let account = self.missions.entry(mission).or_default();
        match step {
            Step::Begun => {
                let ordered = account.ordered;
                *account = MissionAccount {
                    ordered,
                    begun: Some(at),
                    ..MissionAccount::default()
                };
            }
            Step::Started => account.started = account.started.or(Some(at)),
            Step::Stage(stage) => account.stages.push((stage, at)),
            Step::Secured => account.secured = Some(at),
            Step::Ended(outcome) => account.ended = Some((at, outcome)),
        }
    }

    /// Books what a staff did.
    fn book(&mut self, news: &StaffNews) {
        let decision = self.decisions.entry(news.decision).or_default();
        match news.what {
            StaffStep::Met(seen) => (decision.seen, decision.met) = (seen, Some(news.at)),
            StaffStep::Decided(_) => decision.decided = Some(news.at),
            StaffStep::Handled(..) => {}
            StaffStep::Carried(act) => {
                decision.carried = decision.carried.max(Some(news.at));
                if let Act::Mission(mission, true) = act {
                    let account = self.missions.entry(mission).or_default();
                    account.ordered = Some((news.decision, news.at));
                }
            }
        }
        if let StaffStep::Decided(took_s) | StaffStep::Handled(_, took_s) = news.what {
            let staff = self.staffs.entry(news.post).or_default();
            staff.handled += 1;
            staff.took_s += took_s;
            staff.longest_s = staff.longest_s.max(took_s);
        }
    }
}

/// An order in words.
fn words(act: Act, missions: &Missions, index: &UnitIndex) -> String {
    match act {
        Act::Mission(mission, true) => format!("begin={}", missions.list[mission].id),
        Act::Mission(mission, false) => format!("end={}", missions.list[mission].id),
        Act::Emit(_, level, _) | Act::Obey(_, level, _) => format!("emit={level:?}"),
        Act::Jam(unit, on) => format!("jam={} on={on}", index.name(unit)),
    }
}

/// A step of a mission in words.
fn step_words(step: Step) -> String {
    match step {
        Step::Begun => "begun".to_owned(),
        Step::Started => "started".to_owned(),
        Step::Stage(stage) => format!("stage={stage}"),
        Step::Secured => "secured".to_owned(),
        Step::Ended(Outcome::Done) => "done".to_owned(),
        Step::Ended(Outcome::Failed) => "failed".to_owned(),
        Step::Ended(Outcome::Lapsed) => "lapsed".to_owned(),
        Step::Ended(Outcome::CalledOff) => "called-off".to_owned(),
    }
}

/// Follows decisions, orders and missions.
pub(super) fn follow(
    (clock, index): (Res<'_, Clock>, Res<'_, UnitIndex>),
    (missions, points): (Res<'_, Missions>, Res<'_, DecisionPoints>),
    (steps, staffs): (Res<'_, Buffer<MissionNews>>, Res<'_, Buffer<StaffNews>>),
    orders: Res<'_, Delivered<TaskOrder>>,
    (mut operations, mut log): (ResMut<'_, Operations>, ResMut<'_, EventLog>),
) {
    for news in staffs.read() {
        operations.book(news);
        let (detail, value) = match news.what {
            StaffStep::Met(_) => ("met".to_owned(), 0.0),
            StaffStep::Decided(took_s) => ("decided".to_owned(), took_s),
            StaffStep::Handled(act, took_s) => {
                (format!("handled {}", words(act, &missions, &index)), took_s)
            }
            StaffStep::Carried(act) => (format!("carried {}", words(act, &missions, &index)), 0.0),
        };
        let names = (index.name(news.post), points.0[news.decision].id.as_str());
        log.note(news.at, EventKind::Command, names, value, detail);
    }
    for news in steps.read() {
        operations.step(news.mission, news.step, news.at);
        let names = (
            index.name(news.post),
            missions.list[news.mission].id.as_str(),
        );
        log.note(
            news.at,
            EventKind::Mission,
            names,
            0.0,
            step_words(news.step),
        );
    }
    for delivery in orders.read() {
        let task = delivery
            .body
            .0
            .legs
            .iter()
            .find_map(|leg| leg.task.as_deref());
        let mission = task.and_then(|task| missions.list.iter().position(|it| it.id == task));
        let account = mission.and_then(|mission| operations.missions.get_mut(&mission));
        if let Some(account) = account {
            let at = delivery.at.max(clock.now());
            account.started = account.started.or(Some(at));
        }
    }
}
