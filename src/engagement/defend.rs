//! Defensive fire against munitions in flight. See [`DefendPlugin`].
//!
//! A crew that was given leave for one munition fires at it with one weapon for as long as leave holds,
//! rounds last, the munition is within reach and in sight, and the crew's own sensors have seen it
//! lately. One draw per shot, named by the unit, the munition, the weapon and the numbers of the case and
//! of the shot, decides when the round is there. A munition that arrives in the tick of its interception
//! has arrived.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    fire::{Ends, InFlight, Shot},
    flight::Flights,
    model::KillCurve,
    order::{DefenceOrder, STALE_S, Sighted},
};
use crate::{
    environment::Landscape,
    kernel::{
        delay::DelayQueue,
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{EngageSystems, SimTick},
        time::{Clock, SimTime},
    },
    physics::{ObstacleField, SightMemo},
    platform::{
        class::{DefenceSpec, EffectorSpec},
        damage::Damage,
        stores::{Magazine, Tube},
        truth::Truth,
        vehicle::Fleet,
    },
};

/// Leave in the hands of a crew.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Held {
    order: DefenceOrder,
    shots: u32,
    /// From when on the next shot at this munition may be fired: after the effect of the last, where
    /// the crew looks in between.
    free: SimTime,
    /// When the last shot is there.
    due: SimTime,
    /// When the crew last saw the munition.
    seen: SimTime,
}

impl Held {
    /// Leave that has just come in.
    fn new(order: DefenceOrder, now: SimTime) -> Self {
        Self {
            order,
            shots: 0,
            free: now,
            due: now,
            seen: order.seen(),
        }
    }

    /// Whether a shot is on its way.
    fn is_engaged(&self, now: SimTime) -> bool {
        now < self.due
    }
}

/// What the crews of one unit have leave to fire at, in the order in which it was given.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct Guard {
    held: Vec<Held>,
}

impl Guard {
    /// Takes in that the crew has just seen a munition.
    fn see(&mut self, sighted: &Sighted) {
        let held = self.held.iter_mut();
        for held in held.filter(|held| held.order.munition() == sighted.munition) {
            held.seen = held.seen.max(sighted.at);
        }
    }
}

/// A defensive shot on its way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DefenceShot {
    /// Under which leave.
    pub order: DefenceOrder,
    /// When.
    pub fired: SimTime,
    /// When it is there.
    pub due: SimTime,
    /// Distance of the munition when it was fired, m.
    pub distance_m: f64,
    /// Place of the munition then, m.
    pub place: DVec2,
    /// Rounds that it took.
    pub rounds: u32,
    /// Which of the shots under its leave, from one.
    pub ordinal: u32,
}

/// What came of a defensive shot.
#[derive(Debug, Clone, PartialEq)]
pub struct Interception {
    /// The shot.
    pub shot: DefenceShot,
    /// At what shot of the other side; none if it was gone.
    pub target: Option<Shot>,
    /// Probability that it destroys the munition.
    pub probability: f64,
    /// Name of the draw.
    pub key: DrawKey,
    /// The draw.
    pub draw: f64,
}

impl Interception {
    /// Whether it destroyed the munition.
    #[must_use]
    pub fn is_hit(&self) -> bool {
        self.target.is_some() && self.draw < self.probability
    }
}

/// Kill curve of a defensive weapon over distance, within its reach.
#[must_use]
pub fn defence_curve(spec: &DefenceSpec) -> Option<KillCurve> {
    let far = spec.reach_m.value();
    let points = spec.kill_probability.iter();
    let pairs = points.map(|point| (point.0 * far, point.1.value()));
    let probability = crate::kernel::curve::Curve::new(pairs.collect()).ok()?;
    Some(KillCurve {
        range_min_m: spec.reach_min_m.value(),
        range_max_m: far,
        probability,
    })
}

/// What the crews of a unit see and have.
struct Post<'a> {
    now: SimTime,
    unit: UnitIx,
    from: glam::DVec3,
    flights: &'a Flights,
    fleet: &'a Fleet,
    landscape: &'a Landscape,
    field: &'a ObstacleField,
    memo: &'a mut SightMemo,
}

impl Post<'_> {
    /// Distance and place of a munition that can be engaged now: leave covers it, it is within reach
    /// and in sight, and the crew has seen it lately.
    fn mark(&mut self, held: &Held, spec: &DefenceSpec) -> Option<(f64, DVec2)> {
        let munition = self.flights.0.get(&held.order.munition())?.position;
        let (place, distance_m) = (munition.truncate(), self.from.distance(munition));
        let reach = spec.reach_min_m.value()..=spec.reach_m.value();
        let is_one = self.now.since_s(held.seen) <= STALE_S
            && held.order.authorisation().allows(place, self.now)
            && reach.contains(&distance_m)
            && self
                .memo
                .is_clear(self.from, munition, self.landscape, self.field);
        is_one.then_some((distance_m, place))
    }

    /// A shot at a munition that can be engaged, if the weapon is ready for it.
    fn shoot(
        &self,
        held: &mut Held,
        (distance_m, place): (f64, DVec2),
        (effector, spec): (&EffectorSpec, &DefenceSpec),
        tube: &mut Tube,
    ) -> Option<DefenceShot> {
        let (now, allowed) = (self.now, *held.order.authorisation());
        let is_ready = now >= tube.ready && now >= held.free && held.shots < allowed.shots;
        if !is_ready || tube.rounds < effector.rounds_per_shot {
            return None;
        }
        let due = now.plus_s(distance_m / effector.speed_m_s.value());
        tube.rounds -= effector.rounds_per_shot;
        tube.ready = now.plus_s(effector.cycle_time_s.value());
        held.shots += 1;
        held.free = if spec.looks { due } else { now };
        held.due = held.due.max(due);
        Some(DefenceShot {
            order: held.order,
            fired: now,
            due,
            distance_m,
            place,
            rounds: effector.rounds_per_shot,
            ordinal: held.shots,
        })
    }

    /// Crews of a unit fire; each weapon at no more munitions at once than it has channels. A munition
    /// takes one while a shot is on its way to it, and while it can be engaged.
    fn defend(
        &mut self,
        guard: &mut Guard,
        magazine: &mut Magazine,
        mut fired: impl FnMut(DefenceShot),
    ) {
        let fleet = self.fleet;
        for tube in &mut magazine.tubes {
            let effector = fleet.effector(tube.effector);
            let Some(spec) = &effector.defence else {
                continue;
            };
            let (weapon, now) = (tube.effector, self.now);
            let is_own = |held: &Held| held.order.authorisation().effector == weapon;
            let engaged = guard.held.iter();
            let engaged = engaged
                .filter(|it| is_own(it) && it.is_engaged(now))
                .count();
            let mut channels = (spec.channels as usize).saturating_sub(engaged);
            for held in guard.held.iter_mut().filter(|held| is_own(held)) {
                debug_assert_eq!(held.order.authorisation().shooter, self.unit);
                let is_engaged = held.is_engaged(now);
                if !is_engaged && channels == 0 {
                    continue;
                }
                let Some(mark) = self.mark(held, spec) else {
                    continue;
                };
                channels -= usize::from(!is_engaged);
                if let Some(shot) = self.shoot(held, mark, (effector, spec), tube) {
                    fired(shot);
                }
            }
        }
    }
}

/// Drops leave that is over: the munition is gone; or the time is up or the shots are spent, and none is
/// on its way.
fn keep(guard: &mut Guard, flights: &Flights, now: SimTime) {
    guard.held.retain(|held| {
        let allowed = held.order.authorisation();
        let is_over = now > allowed.until || held.shots >= allowed.shots;
        (!is_over || held.is_engaged(now)) && flights.0.contains_key(&held.order.munition())
    });
}

/// Defensive shots on their way.
type OnTheWay = DelayQueue<DefenceShot>;

/// Crews fire at what they have leave for.
fn defend(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (landscape, field): (Res<'_, Landscape>, Res<'_, ObstacleField>),
    (flights, orders, sighted): (
        Res<'_, Flights>,
        Res<'_, Buffer<DefenceOrder>>,
        Res<'_, Buffer<Sighted>>,
    ),
    (mut memo, mut on_the_way): (ResMut<'_, SightMemo>, ResMut<'_, OnTheWay>),
    mut shots: ResMut<'_, Buffer<DefenceShot>>,
    mut units: Query<'_, '_, (&mut Guard, &mut Magazine, &Truth, &Damage)>,
) {
    // What is held for munitions that are gone is dropped when the next one flies.
    if flights.0.is_empty() {
        return;
    }
    let now = clock.now();
    for order in orders.read() {
        let shooter = order.authorisation().shooter;
        if let Ok((mut guard, ..)) = units.get_mut(index.entity(shooter)) {
            guard.held.push(Held::new(*order, now));
        }
    }
    for sighted in sighted.read() {
        if let Ok((mut guard, ..)) = units.get_mut(index.entity(sighted.unit)) {
            guard.see(sighted);
        }
    }
    for (unit, row) in index.iter() {
        let Ok((mut guard, mut magazine, truth, damage)) = units.get_mut(row.entity) else {
            continue;
        };
        if guard.held.is_empty() {
            continue;
        }
        keep(&mut guard, &flights, now);
        if !damage.can_fire() || !damage.can_see() {
            continue;
        }
        let height_m = 0.8 * fleet.vehicle(unit).class.height_m.value();
        let mut post = Post {
            now,
            unit,
            from: truth.0.position + glam::DVec3::Z * height_m,
            flights: &flights,
            fleet: &fleet,
            landscape: &landscape,
            field: &field,
            memo: &mut memo,
        };
        post.defend(&mut guard, &mut magazine, |shot| {
            shots.write(shot);
            on_the_way.post(shot.due, shot);
        });
    }
}

/// Decides defensive shots that are there in this tick.
fn intercept(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    fleet: Res<'_, Fleet>,
    (mut on_the_way, mut flights): (ResMut<'_, OnTheWay>, ResMut<'_, Flights>),
    mut in_flight: ResMut<'_, InFlight>,
    mut log: ResMut<'_, Buffer<Interception>>,
) {
    while let Some((at, shot)) = on_the_way.pop_before(clock.next()) {
        let (allowed, munition) = (*shot.order.authorisation(), shot.order.munition());
        let effector = fleet.effector(allowed.effector);
        let curve = effector.defence.as_ref().and_then(defence_curve);
        let case = u64::from(shot.order.case()) << 48;
        let n = case | u64::from(allowed.effector.0) << 32 | u64::from(shot.ordinal);
        let key = DrawKey::new(
            Stream::Interception,
            index.id(allowed.shooter).0,
            munition,
            n,
        );
        let line = Interception {
            shot,
            target: flights.0.get(&munition).map(|flight| flight.shot),
            probability: curve.map_or(0.0, |curve| curve.at(shot.distance_m)),
            key,
            draw: key.uniform(seed.0),
        };
        if line.is_hit()
            && let Some(flight) = flights.0.remove(&munition)
        {
            let mut lost = flight.shot;
            lost.ends = Ends::Intercepted(allowed.shooter);
            lost.impact = at;
            lost.aim = flight.position.truncate();
            in_flight.post(at, lost);
        }
        log.write(line);
    }
}

/// Defends in the phase `Engage`.
#[derive(Debug)]
pub struct DefendPlugin;

impl Plugin for DefendPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<OnTheWay>()
            .add_buffer::<DefenceOrder>()
            .add_buffer::<DefenceShot>()
            .add_buffer::<Sighted>()
            .add_buffer::<Interception>()
            .register_state::<Guard>()
            .register_state_resource::<OnTheWay>()
            .add_systems(
                SimTick,
                (defend, intercept).chain().in_set(EngageSystems::Defend),
            );
    }
}
