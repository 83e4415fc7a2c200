//! Crews that decide on munitions in flight. See [`CrewPlugin`].
//!
//! A munition that a crew's own sensors have seen, and that will come within reach of one of its
//! weapons, becomes a case before the people of that weapon: they take cases in order of arrival, each
//! takes a drawn time with a floor, and they may say no. A yes is an authorisation like any other: of a
//! person, for this munition, this weapon, an area and a time; it is entered in the ledger. A weapon
//! without people beside it has nobody to say yes. A munition that was lost and is seen again is a new
//! case, with a number and draws of its own, once neither a decision nor leave is open.

use std::collections::BTreeMap;

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{approval::CAUTION, authorisation::authorise_defence, ledger::Ledger};
use crate::{
    engagement::{Authorisation, DefenceOrder, STALE_S, Sighted},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{FuseSystems, Phase, SimTick},
        time::{Clock, SimTime},
    },
    org::{ServiceLaw, ServiceTime},
    platform::{
        class::{DecisionSpec, DefenceSpec},
        damage::Damage,
        navigation::NavSolution,
        stores::{EffectorIx, Magazine},
        vehicle::Fleet,
    },
    sensing::Inbound,
};

/// Share of the time for which leave holds within which a munition has to come within reach to become
/// a case: leave for what is farther off would run out.
const AHEAD: f64 = 0.5;

/// Odd number that tells the numbers of cases about one munition apart: 2⁶⁴ over the golden ratio.
const AGAIN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a crew knows of a munition.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// When it was first seen.
    pub first: SimTime,
    /// When it was last seen.
    pub last: SimTime,
    /// How often.
    pub looks: u32,
    /// Where it seemed to be then, m.
    pub position: DVec2,
    /// Its velocity, m/s.
    pub velocity: DVec2,
    /// Deviation of the position, m.
    pub sigma_m: f64,
}

impl Seen {
    /// Where it is by now, as far as the crew knows, m.
    #[must_use]
    pub fn at(&self, now: SimTime) -> DVec2 {
        self.position + self.velocity * now.since_s(self.last)
    }

    /// Time until it comes within a distance of a place, s; none if it never does.
    #[must_use]
    pub fn reaches_in_s(&self, place: DVec2, reach_m: f64, now: SimTime) -> Option<f64> {
        let away = self.at(now) - place;
        let gap = away.length_squared() - reach_m * reach_m;
        if gap <= 0.0 {
            return Some(0.0);
        }
        let (speed2, along) = (self.velocity.length_squared(), away.dot(self.velocity));
        let root2 = along * along - speed2 * gap;
        (along < 0.0 && root2 >= 0.0).then(|| (-along - root2.sqrt()) / speed2)
    }
}

/// A munition before the people of a weapon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Case {
    effector: EffectorIx,
    munition: u64,
    /// Which of the cases about this munition and weapon it is, from zero.
    ordinal: u16,
    arrived: SimTime,
}

/// What has been before the people of a weapon about one munition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct History {
    /// How many cases.
    cases: u16,
    /// Whether the crew has had it in view since the last of them became one.
    is_followed: bool,
    /// Until when the last leave holds.
    until: SimTime,
    /// When it was last in view.
    last: SimTime,
}

/// Time after which a munition that nobody has seen is no longer in flight, s.
const OVER_S: f64 = 900.0;

/// What the crews of one unit have seen, what waits, what is being decided.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct CrewState {
    seen: BTreeMap<u64, Seen>,
    waiting: Vec<Case>,
    deciding: Vec<(SimTime, Case)>,
    /// What has been a case already.
    known: BTreeMap<(EffectorIx, u64), History>,
}

impl CrewState {
    /// Takes a look in.
    fn see(&mut self, inbound: &Inbound) {
        let seen = self.seen.entry(inbound.munition).or_insert(Seen {
            first: inbound.at,
            last: inbound.at,
            looks: 0,
            position: inbound.position,
            velocity: inbound.velocity,
            sigma_m: inbound.sigma_m,
        });
        seen.last = inbound.at;
        seen.looks += 1;
        seen.position = inbound.position;
        seen.velocity = inbound.velocity;
        seen.sigma_m = inbound.sigma_m;
    }

    /// Lets go of what has not been seen for long.
    fn forget(&mut self, now: SimTime) {
        self.seen
            .retain(|_, seen| now.since_s(seen.last) <= STALE_S);
        let seen = &self.seen;
        for ((_, munition), history) in &mut self.known {
            let is_in_view = seen.contains_key(munition);
            history.is_followed &= is_in_view;
            if is_in_view {
                history.last = now;
            }
        }
        self.known
            .retain(|_, history| now.since_s(history.last) <= OVER_S);
        self.waiting
            .retain(|case| seen.contains_key(&case.munition));
    }

    /// Puts a munition before the people of a weapon: when they first see it, and again when they had
    /// lost it and neither a decision nor leave is open.
    fn consider(&mut self, effector: EffectorIx, munition: u64, now: SimTime) {
        let is_it = |case: &Case| (case.effector, case.munition) == (effector, munition);
        let mut deciding = self.deciding.iter();
        let is_open = self.waiting.iter().any(is_it) || deciding.any(|(_, case)| is_it(case));
        let history = self.known.entry((effector, munition)).or_default();
        let is_allowed = history.cases > 0 && now <= history.until;
        if is_open || is_allowed || history.is_followed {
            return;
        }
        self.waiting.push(Case {
            effector,
            munition,
            ordinal: history.cases,
            arrived: now,
        });
        history.cases += 1;
        history.is_followed = true;
    }

    /// Notes how long leave for a munition holds.
    fn allow(&mut self, case: &Case, until: SimTime) {
        let history = self.known.entry((case.effector, case.munition));
        history.or_default().until = until;
    }
}

/// A crew decided on a munition, for those who count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrewRuled {
    /// Whose crew.
    pub unit: UnitIx,
    /// Of which weapon.
    pub effector: EffectorIx,
    /// On which munition.
    pub munition: u64,
    /// Number of the case, which is that of the leave.
    pub number: u64,
    /// When.
    pub at: SimTime,
    /// Time from its becoming a case, s.
    pub waited_s: f64,
    /// What the crew knew of it; none if it had lost it.
    pub seen: Option<Seen>,
    /// The leave that was given.
    pub leave: Option<Authorisation>,
    /// Name of the draw behind the answer.
    pub key: DrawKey,
    /// The draw: below the share of caution, the answer is no all the same.
    pub draw: f64,
    /// Distribution of the time that it takes.
    pub service: ServiceTime,
    /// The time that it took, s.
    pub takes_s: f64,
    /// The draw behind that time, of the same parties.
    pub service_draw: f64,
}

/// The time that people need for a decision.
#[must_use]
pub fn service_of(spec: &DecisionSpec) -> ServiceTime {
    ServiceTime {
        median_s: spec.median_s.value(),
        sigma_log: spec.sigma_log.value(),
        floor_s: spec.floor_s.value(),
        law: ServiceLaw::default(),
    }
}

/// Crews take in what their sensors see, and what of it will come within reach becomes a case.
fn notice(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (inbound, mut sighted): (Res<'_, Buffer<Inbound>>, ResMut<'_, Buffer<Sighted>>),
    mut crews: Query<'_, '_, (&mut CrewState, &Magazine, &NavSolution)>,
) {
    let now = clock.now();
    for look in inbound.read() {
        let is_crewed = fleet.vehicle(look.observer).class.crewed;
        let Ok((mut state, magazine, place)) = crews.get_mut(index.entity(look.observer)) else {
            continue;
        };
        if !is_crewed {
            continue;
        }
        state.see(look);
        sighted.write(Sighted {
            unit: look.observer,
            munition: look.munition,
            at: look.at,
        });
        let seen = state.seen[&look.munition];
        for tube in &magazine.tubes {
            let Some(spec) = &fleet.effector(tube.effector).defence else {
                continue;
            };
            let reach_m = spec.reach_m.value();
            let comes_s = seen.reaches_in_s(place.position.truncate(), reach_m, now);
            let is_case = comes_s.is_some_and(|s| s <= AHEAD * spec.valid_s.value());
            if is_case {
                state.consider(tube.effector, look.munition, now);
            }
        }
    }
}

/// The crews of one unit in one tick.
struct Station<'a> {
    unit: UnitIx,
    id: u64,
    now: SimTime,
    until: SimTime,
    seed: u64,
    fleet: &'a Fleet,
}

impl Station<'_> {
    /// Number of a case, unique in a run.
    fn number(&self, case: &Case) -> u64 {
        let weapon = u64::from(case.effector.0).rotate_left(48);
        let again = u64::from(case.ordinal).wrapping_mul(AGAIN);
        self.id.rotate_left(11) ^ case.munition ^ weapon ^ again
    }

    /// The rules of a weapon.
    fn spec(&self, effector: EffectorIx) -> Option<&DefenceSpec> {
        self.fleet.effector(effector).defence.as_ref()
    }

    /// Free people take the next cases of their weapon.
    fn begin(&self, state: &mut CrewState) {
        let waiting = core::mem::take(&mut state.waiting);
        for case in waiting {
            let Some(spec) = self.spec(case.effector) else {
                continue;
            };
            let busy = state.deciding.iter();
            let busy = busy.filter(|(_, it)| it.effector == case.effector).count();
            if busy >= spec.operators as usize {
                state.waiting.push(case);
                continue;
            }
            let takes_s = self.takes_s(spec, &case);
            let begun = self.now.max(case.arrived);
            state.deciding.push((begun.plus_s(takes_s), case));
        }
    }

    /// Time that a case takes, s.
    fn takes_s(&self, spec: &DefenceSpec, case: &Case) -> f64 {
        service_of(&spec.decision).draw_s(self.seed, self.id, self.number(case))
    }

    /// People who are done say yes or no.
    fn finish(
        &self,
        state: &mut CrewState,
        ledger: &mut Ledger,
        (orders, ruled): (&mut Buffer<DefenceOrder>, &mut Buffer<CrewRuled>),
    ) {
        let (done, busy): (Vec<_>, Vec<_>) = state
            .deciding
            .iter()
            .copied()
            .partition(|(at, _)| *at < self.until);
        state.deciding = busy;
        for (at, case) in done {
            let Some(spec) = self.spec(case.effector) else {
                continue;
            };
            let number = self.number(&case);
            let key = DrawKey::new(Stream::Decision, self.id, number, 0);
            let draw = key.uniform(self.seed);
            let seen = state.seen.get(&case.munition).copied();
            let leave = seen.filter(|_| draw >= CAUTION).map(|seen| {
                let of = (self.unit, case.effector, case.munition);
                authorise_defence((number, case.ordinal), of, (&seen, spec), self.now)
            });
            if let Some(order) = leave {
                state.allow(&case, order.authorisation().until);
                ledger.enter_defence(&order);
                orders.write(order);
            }
            let service_key = DrawKey::new(Stream::Handling, self.id, number, 0);
            ruled.write(CrewRuled {
                unit: self.unit,
                effector: case.effector,
                munition: case.munition,
                number,
                at,
                waited_s: at.since_s(case.arrived),
                seen,
                leave: leave.map(|order| *order.authorisation()),
                key,
                draw,
                service: service_of(&spec.decision),
                takes_s: self.takes_s(spec, &case),
                service_draw: service_key.uniform(self.seed),
            });
        }
    }
}

/// Every crew works for one tick.
fn decide(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    fleet: Res<'_, Fleet>,
    mut ledger: ResMut<'_, Ledger>,
    (mut orders, mut ruled): (
        ResMut<'_, Buffer<DefenceOrder>>,
        ResMut<'_, Buffer<CrewRuled>>,
    ),
    mut crews: Query<'_, '_, (&mut CrewState, &Damage)>,
) {
    let is_idle = |state: &CrewState| state.seen.is_empty() && state.deciding.is_empty();
    if crews.iter().all(|(state, _)| is_idle(state)) {
        return;
    }
    for (unit, row) in index.iter() {
        let Ok((mut state, damage)) = crews.get_mut(row.entity) else {
            continue;
        };
        if is_idle(&state) {
            continue;
        }
        let station = Station {
            unit,
            id: row.id.0,
            now: clock.now(),
            until: clock.next(),
            seed: seed.0,
            fleet: &fleet,
        };
        state.forget(station.now);
        if damage.is_destroyed() {
            state.waiting.clear();
            state.deciding.clear();
            continue;
        }
        station.begin(&mut state);
        station.finish(&mut state, &mut ledger, (&mut orders, &mut ruled));
    }
}

/// Lets crews decide in the phase `Command`.
#[derive(Debug)]
pub struct CrewPlugin;

impl Plugin for CrewPlugin {
    fn build(&self, app: &mut App) {
        app.add_buffer::<CrewRuled>()
            .add_buffer::<DefenceOrder>()
            .add_buffer::<Inbound>()
            .add_buffer::<Sighted>()
            .register_state::<CrewState>()
            .add_systems(
                SimTick,
                decide.in_set(Phase::Command).after(super::desk::sit),
            )
            .add_systems(SimTick, notice.in_set(FuseSystems::Receive));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_near_is_told_from_what_passes() {
        let seen = |x: f64, velocity: DVec2| Seen {
            first: SimTime::ZERO,
            last: SimTime::ZERO,
            looks: 1,
            position: DVec2::new(x, 10_000.0),
            velocity,
            sigma_m: 5.0,
        };
        let south = DVec2::new(0.0, -200.0);
        let comes_s = |seen: Seen| seen.reaches_in_s(DVec2::ZERO, 2000.0, SimTime::ZERO);
        assert!((comes_s(seen(0.0, south)).unwrap() - 40.0).abs() < 1e-9);
        assert_eq!(comes_s(seen(2500.0, south)), None, "it passes");
        assert_eq!(comes_s(seen(0.0, -south)), None, "it goes away");
        let later = seen(0.0, south).reaches_in_s(DVec2::ZERO, 2000.0, SimTime::from_s(45.0));
        assert_eq!(later, Some(0.0), "it is within reach");
    }
}
