//! The round of planning that gives missions to vehicles. See [`plan_missions`].

use glam::DVec2;

use super::{
    algo::matching::{Matched, Matching},
    choice::{best, choose},
    missions::{Assigned, Means, TaskState},
    parts::compose,
    routes::RouteBook,
    slots::{Slot, slots},
};
use crate::{
    kernel::{assignment::Assigner, ids::UnitIx, time::SimTime},
    picture::{BlueEntry, BluePicture, TrackStore},
    plan::MissionPlan,
};

/// A plan for a vehicle.
#[derive(Debug)]
pub struct Given {
    /// Who.
    pub unit: UnitIx,
    /// Number of the mission that it serves.
    pub mission: usize,
    /// The plan.
    pub plan: MissionPlan,
    /// Where the vehicle does what it is to do, at the end of that, m.
    pub goal: DVec2,
    /// How long it should take to get there, s.
    pub takes_s: f64,
}

/// What one round of mission planning yields.
#[derive(Debug, Default)]
pub struct Round {
    /// Vehicles with their plans.
    pub plans: Vec<Given>,
    /// Worth of what was given out.
    pub objective: f64,
    /// Bound on the worth of the first round.
    pub bound: f64,
    /// Greatest worth that the same question has.
    pub best: f64,
    /// Vehicles for which no way was found.
    pub barred: Vec<UnitIx>,
    /// What could not be done, and why.
    pub why: Vec<String>,
}

impl Round {
    /// Worth of what was given out, and the greatest that the same question has, in points.
    #[must_use]
    pub fn worth(&self) -> (f64, f64) {
        (self.objective, self.best)
    }
}

/// Time after which a vehicle that reports itself idle is believed, s: its order needs to arrive.
pub(super) const SETTLE_S: f64 = 90.0;

/// Price of a second of a vehicle's way, in units of missions' value.
const PRICE_PER_S: f64 = 1e-4;

/// Whether a post may count on a unit for something new.
fn is_free(entry: &BlueEntry, assigned: Option<&Assigned>) -> bool {
    let Some(status) = &entry.status else {
        return false;
    };
    let is_over = |given: &Assigned| status.is_idle && status.at.since_s(given.since) > SETTLE_S;
    status.can_move && assigned.is_none_or(is_over)
}

/// A mission that a post can give to somebody now.
struct Open {
    mission: usize,
    /// Its stage.
    stage: usize,
    /// Units that may do it and are free.
    units: Vec<UnitIx>,
    /// How many of them are still wanted.
    wanted: usize,
}

/// The missions of a post that are on, and why nobody can be given one that is left out.
fn open_missions(
    post: UnitIx,
    free: &[&BlueEntry],
    state: &TaskState,
    now: SimTime,
    means: &Means<'_>,
    why: &mut Vec<String>,
) -> Vec<Open> {
    let is_free = |unit: &UnitIx| free.iter().any(|entry| entry.unit == *unit);
    let mut open = Vec::new();
    for (at, mission) in means.missions_of(post) {
        let (from_s, to_s) = mission.window_s;
        let progress = state.progress(at);
        if now.as_s() >= to_s || progress.ended.is_some() {
            continue;
        }
        if now.as_s() < from_s {
            why.push(format!("{}: begins at {from_s:.0} s", mission.id));
            continue;
        }
        if !progress.is_on(mission) {
            why.push(format!("{}: waits for an order", mission.id));
            continue;
        }
        let stage = progress.stage_of(mission);
        let all = means.candidates(mission, stage);
        let mut units = all.clone();
        units.retain(&is_free);
        let is_busy = |(unit, given): &(&UnitIx, &Assigned)| {
            given.mission == at && all.contains(unit) && !is_free(unit)
        };
        let busy = state.assigned.iter().filter(is_busy).count();
        let asked = if mission.units.is_empty() {
            mission.vehicles as usize
        } else {
            all.len()
        };
        let wanted = asked.saturating_sub(busy).min(units.len());
        if wanted > 0 {
            open.push(Open {
                mission: at,
                stage: progress.stage,
                units,
                wanted,
            });
        } else if all.is_empty() {
            why.push(format!("{}: no unit of the force can do it", mission.id));
        } else if busy == 0 {
            why.push(format!(
                "{}: none of the units that can do it is free and heard of by {}",
                mission.id,
                means.index.name(post)
            ));
        }
    }
    open
}

/// What a post could give out now: the question that a planner answers.
pub(super) struct Asked<'a> {
    /// Vehicles that are free, the bidders.
    pub(super) free: Vec<&'a BlueEntry>,
    /// Parts of missions that are open, the lots.
    pub(super) parts: Vec<Slot>,
    /// What each part is worth to each vehicle.
    pub(super) problem: Matching,
    /// What could not be asked, and why.
    why: Vec<String>,
}

/// What a post can give out now, on what it believes.
pub(super) fn ask<'a>(
    post: UnitIx,
    picture: &'a BluePicture,
    state: &TaskState,
    now: SimTime,
    means: &Means<'_>,
) -> Asked<'a> {
    let mut why = Vec::new();
    let free: Vec<&BlueEntry> = picture
        .entries()
        .iter()
        .filter(|entry| is_free(entry, state.live(entry.unit)))
        .filter(|entry| !state.barred.contains_key(&entry.unit))
        .collect();
    let open = open_missions(post, &free, state, now, means, &mut why);
    let mut parts: Vec<Slot> = Vec::new();
    for open in &open {
        let first = free.iter().find(|entry| entry.unit == open.units[0]);
        let mission = &means.missions.list[open.mission];
        let Some(first) = first else {
            continue;
        };
        let part = (open.mission, open.stage);
        let counts = |unit| {
            let entry = picture.get(unit);
            !open.units.contains(&unit) && entry.is_some_and(|it| means.is_alive(it, now))
        };
        let held = state.goals_of(open.mission, counts);
        let cut = slots(part, (open.wanted, &held), first, picture, means);
        if cut.is_empty() {
            why.push(format!(
                "{}: has no place for {}",
                mission.id,
                means.index.name(first.unit)
            ));
        }
        parts.extend(cut);
    }
    for (slot, layer) in parts.iter_mut().zip((0..LAYERS).cycle()) {
        slot.layer = layer;
    }
    let problem = worths(&parts, &open, &free, now, means);
    Asked {
        free,
        parts,
        problem,
        why,
    }
}

/// Plans what a post can give out now, where the post itself chooses.
pub fn plan_missions(
    post: UnitIx,
    (picture, tracks): (&BluePicture, &TrackStore),
    state: &TaskState,
    now: SimTime,
    means: &Means<'_>,
    (book, assigner): (&mut RouteBook, &mut Assigner),
) -> Round {
    let asked = ask(post, picture, state, now, means);
    let planner = means.order.side_of(post).planner;
    let mut round = Round::default();
    if asked.parts.is_empty() {
        round.why = asked.why;
        return round;
    }
    match choose(planner, &asked.problem, assigner) {
        Ok(matched) => {
            round.best = best(planner, &asked.problem, &matched, assigner);
            give_out(&matched, &asked, (tracks, now, means, book), &mut round);
        }
        Err(cause) => round.why.push(cause.to_string()),
    }
    round.why.splice(0..0, asked.why);
    round
}

/// How much longer than straight ahead at cruise a way is taken to be (notional, 1.2 to 2).
const DETOUR: f64 = 1.5;

/// Turns a matching into plans, and says what was left and why.
fn give_out(
    matched: &Matched,
    asked: &Asked<'_>,
    belief: (&TrackStore, SimTime, &Means<'_>, &mut RouteBook),
    round: &mut Round,
) {
    round.objective = matched.objective;
    round.bound = matched.bound;
    let (tracks, now, means, book) = belief;
    for (entry, lot) in asked.free.iter().zip(&matched.lot_of) {
        let Some(slot) = lot.map(|lot| &asked.parts[lot]) else {
            continue;
        };
        match give(entry, slot, (tracks, now, means, &mut *book)) {
            Some(given) => round.plans.push(given),
            None => {
                round.barred.push(entry.unit);
                round.why.push(format!(
                    "{}: no way for {}",
                    means.missions.list[slot.mission].id,
                    means.index.name(entry.unit)
                ));
            }
        }
    }
    let is_left = |(lot, _): &(usize, &Slot)| !matched.lot_of.contains(&Some(*lot));
    for (_, slot) in asked.parts.iter().enumerate().filter(is_left) {
        let mission = &means.missions.list[slot.mission];
        round.why.push(format!(
            "{}: a part is left out, since every free unit that can do it has something worthier to \
             do, or gets there after {:.0} s",
            mission.id, mission.window_s.1
        ));
    }
}

/// The plan of a vehicle for a part; none where there is no way.
pub(super) fn give(
    entry: &BlueEntry,
    slot: &Slot,
    (tracks, now, means, book): (&TrackStore, SimTime, &Means<'_>, &mut RouteBook),
) -> Option<Given> {
    let (plan, goal) = compose(entry, slot, tracks, now, means, book)?;
    let way_m = entry.place.position.truncate().distance(goal);
    let vehicle = means.fleet.vehicle(entry.unit);
    let speed = vehicle.kinematics.speed_cruise_m_s();
    Some(Given {
        unit: entry.unit,
        mission: slot.mission,
        plan,
        goal,
        takes_s: DETOUR * way_m / speed.max(0.1),
    })
}

/// What each part is worth to each free vehicle: its mission's value, less the price of the time until
/// it is there; parts that it may not do, or comes to too late, are none.
fn worths(
    parts: &[Slot],
    open: &[Open],
    free: &[&BlueEntry],
    now: SimTime,
    means: &Means<'_>,
) -> Matching {
    let may = |part: &Slot, unit: UnitIx| {
        let of = open.iter().find(|open| open.mission == part.mission);
        of.is_some_and(|open| open.units.contains(&unit))
    };
    let worth = |entry: &BlueEntry, part: &Slot| {
        may(part, entry.unit)
            .then(|| worth_of(part, entry, now, means))
            .flatten()
    };
    let pairs = free
        .iter()
        .map(|entry| parts.iter().map(|part| worth(entry, part)));
    Matching {
        bidders: free.len(),
        lots: parts.len(),
        worth: pairs.flatten().collect(),
    }
}

/// What a part is worth to a vehicle that may do it; nothing where it comes too late.
pub(super) fn worth_of(
    part: &Slot,
    entry: &BlueEntry,
    now: SimTime,
    means: &Means<'_>,
) -> Option<f64> {
    let mission = &means.missions.list[part.mission];
    let vehicle = means.fleet.vehicle(entry.unit);
    let speed = vehicle.kinematics.speed_cruise_m_s();
    if speed <= 0.0 {
        return None;
    }
    let way_m = entry.place.position.truncate().distance(part.entry);
    let there_s = now.as_s() + way_m / speed;
    let price = (there_s - now.as_s()) * PRICE_PER_S;
    (there_s <= mission.window_s.1).then_some(mission.value - price)
}

/// How many layers.
const LAYERS: u8 = 5;
