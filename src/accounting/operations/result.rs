//! What command amounts to in a run's result. See [`SideOperations`].

use bevy::prelude::World;
use serde::{Deserialize, Serialize};

use super::{MissionAccount, Operations};
use crate::{
    accounting::stats::{mean, median, quantile},
    command::{
        DecisionPoints,
        staff::{StaffState, Staffs},
    },
    kernel::{ids::UnitIndex, time::SimTime},
    org::{OrderOfBattle, SideIx},
    planning::missions::{Missions, Outcome},
};

/// A mission in the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MissionRow {
    /// Its id.
    pub id: String,
    /// Its verb.
    pub verb: String,
    /// Its force.
    pub force: String,
    /// Whether it waits for an order.
    pub on_order: bool,
    /// Its window as planned, from and to, in seconds.
    pub window_s: [f64; 2],
    /// When the first plan of it was given out, in seconds; none if never.
    pub begun_s: Option<f64>,
    /// When the first vehicle had its plan, in seconds.
    pub started_s: Option<f64>,
    /// Stages that it went over to, and when, in seconds.
    pub stages: Vec<(usize, f64)>,
    /// When its objective was held to be secured, in seconds.
    pub secured_s: Option<f64>,
    /// When it was over, in seconds.
    pub ended_s: Option<f64>,
    /// How it ended; none if it did not.
    pub outcome: Option<Outcome>,
}

/// A decision in the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// The post that takes it.
    pub at: String,
    /// When the tracks that it rests on were first seen, in seconds; none where it rests on none.
    pub seen_s: Option<f64>,
    /// When the post believed what it asks for, in seconds; none if never.
    pub met_s: Option<f64>,
    /// When it was taken, in seconds.
    pub decided_s: Option<f64>,
    /// When the last of its orders was carried out, in seconds.
    pub carried_s: Option<f64>,
}

/// The load of a staff in the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Its post.
    pub at: String,
    /// Officers; none where nothing takes time.
    pub officers: Option<u32>,
    /// Decisions and orders handled.
    pub handled: u64,
    /// Mean time from arrival to handled, in seconds.
    pub mean_s: Option<f64>,
    /// Longest such time, in seconds.
    pub longest_s: f64,
    /// Share of the officers' time that they worked, 0 to 1.
    pub utilisation: Option<f64>,
}

/// One stage of the cycle in the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CycleStage {
    /// Its name.
    pub stage: String,
    /// Cycles that went through it.
    pub count: usize,
    /// Mean time, in seconds; conditional on having gone through it, as are the other two.
    pub mean_s: Option<f64>,
    /// Median time, in seconds.
    pub median_s: Option<f64>,
    /// 90th percentile, in seconds.
    pub p90_s: Option<f64>,
}

/// Command of one side in the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideOperations {
    /// The side.
    pub side: String,
    /// The course of action that it took.
    pub course: Option<String>,
    /// Its missions.
    pub missions: Vec<MissionRow>,
    /// Its decision points.
    pub decisions: Vec<DecisionRow>,
    /// Its staffs.
    pub staffs: Vec<StaffRow>,
    /// Stages of its cycles, from collecting to the next decision.
    pub cycle: Vec<CycleStage>,
}

/// The stages of a cycle, in order.
pub const STAGES: [&str; 6] = ["collect", "analyse", "plan", "start", "execute", "next"];

/// Seconds of a time.
fn s(at: Option<SimTime>) -> Option<f64> {
    at.map(SimTime::as_s)
}

/// What the books are read with.
struct Reader<'a> {
    world: &'a World,
    operations: &'a Operations,
    order: &'a OrderOfBattle,
    index: &'a UnitIndex,
    missions: &'a Missions,
    points: &'a DecisionPoints,
    end: SimTime,
}

impl Reader<'_> {
    /// Missions of a side.
    fn missions(&self, side: SideIx) -> Vec<MissionRow> {
        let all = self.missions.list.iter().enumerate();
        let own = all.filter(|(_, it)| self.order.forces[it.force.at()].side == side);
        own.map(|(at, mission)| {
            let none = MissionAccount::default();
            let account = self.operations.missions.get(&at).unwrap_or(&none);
            let stages = account.stages.iter();
            MissionRow {
                id: mission.id.clone(),
                verb: mission.verb.to_owned(),
                force: self.order.forces[mission.force.at()].id.clone(),
                on_order: mission.is_on_order,
                window_s: mission.window_s.into(),
                begun_s: s(account.begun),
                started_s: s(account.started),
                stages: stages.map(|(stage, at)| (*stage, at.as_s())).collect(),
                secured_s: s(account.secured),
                ended_s: s(account.ended.map(|(at, _)| at)),
                outcome: account.ended.map(|(_, outcome)| outcome),
            }
        })
        .collect()
    }

    /// Decision points of a side.
    fn decisions(&self, side: SideIx) -> Vec<DecisionRow> {
        let all = self.points.0.iter().enumerate();
        let own = all.filter(|(_, it)| self.order.unit(it.at).side == side);
        own.map(|(at, point)| {
            let account = self.operations.decisions.get(&at).copied();
            let account = account.unwrap_or_default();
            DecisionRow {
                id: point.id.clone(),
                title: point.title.clone(),
                at: self.index.name(point.at).to_owned(),
                seen_s: s(account.seen),
                met_s: s(account.met),
                decided_s: s(account.decided),
                carried_s: s(account.carried),
            }
        })
        .collect()
    }

    /// Staffs of a side that had something to do, or officers to do it.
    fn staffs(&self, side: SideIx) -> Vec<StaffRow> {
        let staffs = &self.world.resource::<Staffs>().0;
        let row = |(post, _)| {
            let officers = staffs.iter().find(|(at, ..)| *at == post).map(|it| it.1);
            let account = self.operations.staffs.get(&post).copied();
            let is_meant = officers.is_some() || account.is_some();
            let account = account
                .filter(|_| is_meant)
                .or(officers.map(|_| super::StaffAccount::default()))?;
            let state = self.world.get::<StaffState>(self.index.entity(post));
            let busy_s = state.map_or(0.0, |state| state.busy_s(self.end));
            Some(StaffRow {
                at: self.index.name(post).to_owned(),
                officers,
                handled: account.handled,
                mean_s: (account.handled > 0).then(|| account.took_s / account.handled as f64),
                longest_s: account.longest_s,
                utilisation: officers.map(|n| busy_s / (f64::from(n) * self.end.as_s().max(1.0))),
            })
        };
        let units = self.index.iter();
        let own = units.filter(|(ix, _)| self.order.unit(*ix).side == side);
        own.filter_map(row).collect()
    }

    /// Times of the stages of every cycle of a side.
    fn cycles(&self, side: SideIx) -> [Vec<f64>; 6] {
        let mut times: [Vec<f64>; 6] = Default::default();
        let mut put = |stage: usize, from: Option<SimTime>, to: Option<SimTime>| {
            if let (Some(from), Some(to)) = (from, to)
                && to >= from
            {
                times[stage].push(to.since_s(from));
            }
        };
        for (at, account) in &self.operations.decisions {
            let post = self.points.0[*at].at;
            if self.order.unit(post).side != side {
                continue;
            }
            put(0, account.seen, account.met);
            put(1, account.met, account.decided);
            let missions = self.operations.missions.values();
            let led = missions.filter(|it| it.ordered.is_some_and(|(by, _)| by == *at));
            for mission in led {
                put(2, account.decided, mission.begun);
                put(3, mission.begun, mission.started);
                put(4, mission.started, mission.secured);
                put(5, mission.secured, self.next_met(post, mission.secured));
            }
        }
        times
    }

    /// When a post first believed what another of its decisions asks for, after a time.
    fn next_met(
        &self,
        post: crate::kernel::ids::UnitIx,
        after: Option<SimTime>,
    ) -> Option<SimTime> {
        let decisions = self.operations.decisions.iter();
        let own = decisions.filter(|(at, _)| self.points.0[**at].at == post);
        own.filter_map(|(_, account)| account.met)
            .filter(|met| after.is_some_and(|after| *met > after))
            .min()
    }

    /// Everything about a side.
    fn side(&self, side: SideIx) -> SideOperations {
        let cycle = STAGES
            .iter()
            .zip(self.cycles(side))
            .map(|(stage, times)| CycleStage {
                stage: (*stage).to_owned(),
                count: times.len(),
                mean_s: mean(&times),
                median_s: median(&times),
                p90_s: quantile(&times, 0.9),
            });
        SideOperations {
            side: self.order.sides[side.at()].id.clone(),
            course: self.order.sides[side.at()].course.clone(),
            missions: self.missions(side),
            decisions: self.decisions(side),
            staffs: self.staffs(side),
            cycle: cycle.collect(),
        }
    }
}

/// Command of every side that has missions or decision points, at the end of a run.
pub(in crate::accounting) fn operations(world: &World, end: SimTime) -> Vec<SideOperations> {
    let reader = Reader {
        world,
        operations: world.resource::<Operations>(),
        order: world.resource::<OrderOfBattle>(),
        index: world.resource::<UnitIndex>(),
        missions: world.resource::<Missions>(),
        points: world.resource::<DecisionPoints>(),
        end,
    };
    let sides = (0..=u8::MAX).map(SideIx).take(reader.order.sides.len());
    sides
        .map(|side| reader.side(side))
        .filter(|side| !side.missions.is_empty() || !side.decisions.is_empty())
        .collect()
}
