//! What a shot does. See [`ImpactPlugin`].
//!
//! A shot lands where its aim was believed to be. Whoever really is there and nearest is hit or
//! missed, friend, foe or neutral; if nobody is, the shot is wasted. One draw per shot, named by
//! shooter, victim and the number of the shooter's shots at that victim, decides.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::{
    alarm::{BEARING_SIGMA_RAD, NEAR_M, NearImpact},
    arrival::Arrival,
    effect::{Effect, Fall, Met, nearest},
    fire::{AIM_HEIGHT_M, Ends, InFlight, Shot},
    held::FireState,
    model::DamageShares,
    tables::KillTables,
};
use crate::{
    environment::Landscape,
    kernel::{
        dist,
        ids::{UnitIndex, UnitIx},
        math,
        messages::{Buffer, BufferAppExt},
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{EngageSystems, SimTick},
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    platform::{
        class::{Domain, Fire},
        damage::{Damage, Harm},
        stance::Stillness,
        stores::EffectorIx,
        suppression::Suppression,
        truth::Board,
        vehicle::Fleet,
    },
};

/// Height above the surface up to which an aircraft counts as on the ground, m.
const LOW_M: f64 = 15.0;

/// How a shot ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// Nobody was there.
    NobodyThere,
    /// Called off in flight: recalled, its link lost, or where it would arrive not allowed.
    Recalled,
    /// Destroyed in flight by this unit.
    Intercepted(UnitIx),
    /// It could not fly as far as its target went.
    Spent,
    /// It missed.
    Miss,
    /// It did harm.
    Hit(Harm),
}

/// How a shot was decided: everything that the outcome follows from.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjudication {
    /// When.
    pub at: SimTime,
    /// The shot, with the leave under which it was fired.
    pub shot: Shot,
    /// Who was hit or missed.
    pub victim: Option<UnitIx>,
    /// How it looked for somebody to meet.
    pub fall: Fall,
    /// Whom it could meet within its reach.
    pub met: Vec<Met>,
    /// What its effect followed from, and the draw with its name; none where it met nobody.
    pub decided: Option<Decided>,
    /// What came of it.
    pub outcome: Outcome,
    /// The victim's damage before any harm of this tick.
    pub damage: Option<Damage>,
    /// Whom it pinned down.
    pub pins: Vec<Pin>,
}

/// A unit that an impact pins down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    /// Who.
    pub unit: UnitIx,
    /// Its distance from the impact, m.
    pub distance_m: f64,
    /// Time that this adds to its suppression, s.
    pub adds_s: f64,
}

impl Adjudication {
    /// Who fired.
    #[must_use]
    pub fn shooter(&self) -> UnitIx {
        self.shot.order.authorisation().shooter
    }

    /// Number of the authorisation under which it was fired.
    #[must_use]
    pub fn authorisation(&self) -> u64 {
        self.shot.order.authorisation().id
    }

    /// With what.
    #[must_use]
    pub fn effector(&self) -> EffectorIx {
        self.shot.order.authorisation().effector
    }
}

/// What the effect of a shot followed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// Range, weapon and damage.
    pub effect: Effect,
    /// Kill probability.
    pub probability: f64,
    /// Name of the draw.
    pub key: DrawKey,
    /// The draw.
    pub draw: f64,
}

/// How often each shooter has fired at each victim: part of the names of draws.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct ShotCounts(BTreeMap<(UnitIx, UnitIx), u64>);

/// Harm to be done in this tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Blow {
    victim: UnitIx,
    harm: Harm,
    at: SimTime,
}

/// Whom a shot can meet: the units in reach of what guides it that a shot of its kind can meet at
/// all. A gunner or seeker that follows something in the air does not take something on the ground
/// for it, and passes over its own side, which answers to identification friend or foe as it does to
/// sensors. A shell falls on whoever is there, but not on what flies above.
fn met(
    shot: &Shot,
    fall: &Fall,
    (board, fleet, landscape): (&Board, &Fleet, &Landscape),
    is_own: impl Fn(UnitIx) -> bool,
) -> Vec<Met> {
    let is_shell = fall.fire == Fire::Indirect;
    let is_air = shot.order.domain() == Domain::Air && !is_shell;
    let mut near = Vec::new();
    board.near_into(shot.aim, fall.reach_m(), &mut near);
    let shooter = shot.order.authorisation().shooter;
    let is_met = |ix: &UnitIx| {
        let place = board.piece(*ix).position;
        let surface_m = landscape.terrain.surface_m(place.x, place.y);
        let is_aircraft = fleet.vehicle(*ix).class.domain == Domain::Air;
        if is_air {
            is_aircraft
        } else {
            !is_aircraft || place.z - surface_m <= LOW_M
        }
    };
    near.into_iter()
        .map(UnitIx)
        .filter(|ix| *ix != shooter && board.piece(*ix).is_alive && is_met(ix))
        .filter(|ix| is_shell || !is_own(*ix))
        .map(|unit| Met {
            unit,
            distance_m: board.piece(unit).position.truncate().distance(shot.aim),
        })
        .collect()
}

/// Who senses an impact close by. Those whose own side fired expect it.
fn near_impacts(
    (shot, at): (&Shot, SimTime),
    is_direct: bool,
    (board, order, index): (&Board, &OrderOfBattle, &UnitIndex),
    seed: u64,
    mut sensed: impl FnMut(NearImpact),
) {
    let allowed = shot.order.authorisation();
    let side = order.unit(allowed.shooter).side;
    let mut near = Vec::new();
    board.near_into(shot.aim, NEAR_M, &mut near);
    let others = near.into_iter().map(UnitIx);
    for unit in others.filter(|ix| board.piece(*ix).is_alive && order.unit(*ix).side != side) {
        let ids = [unit, allowed.shooter].map(|ix| index.id(ix).0);
        let number = allowed.id.wrapping_add(u64::from(shot.ordinal));
        let mut draws = DrawKey::new(Stream::Measurement, ids[0], ids[1], number).draws(seed);
        let way = shot.from - board.piece(unit).position;
        let error = BEARING_SIGMA_RAD * dist::standard_normal_pair(&mut draws)[0];
        let bearing = math::wrap_pi(math::bearing(way.x, way.y) + error);
        sensed(NearImpact {
            unit,
            at,
            bearing_rad: is_direct.then_some(bearing),
        });
    }
}

/// What arrivals are decided by.
struct Bench<'a> {
    seed: u64,
    index: &'a UnitIndex,
    board: &'a Board,
    fleet: &'a Fleet,
    landscape: &'a Landscape,
    tables: &'a KillTables,
    order: &'a OrderOfBattle,
}

impl Bench<'_> {
    /// What comes of a shot that was not called off.
    fn decide(
        &self,
        (at, shot): (SimTime, Shot),
        counts: &mut ShotCounts,
        halted_s: impl Fn(UnitIx) -> Option<f64>,
    ) -> Adjudication {
        let allowed = *shot.order.authorisation();
        let mut line = self.open(at, shot);
        line.pins = self.pins(&shot);
        let side = self.order.unit(allowed.shooter).side;
        let is_own = |unit: UnitIx| self.order.unit(unit).side == side;
        let scene = (self.board, self.fleet, self.landscape);
        line.met = met(&shot, &line.fall, scene, is_own);
        let Some(first) = nearest(line.met.iter().map(|met| met.distance_m)) else {
            return line;
        };
        let victim = line.met[first].unit;
        let count = counts.0.entry((allowed.shooter, victim)).or_default();
        let ids = [allowed.shooter, victim].map(|ix| self.index.id(ix).0);
        let key = DrawKey::new(Stream::Shot, ids[0], ids[1], *count);
        *count += 1;
        let spec = &self.fleet.vehicle(victim).class;
        let class = spec.protection;
        let piece = self.board.piece(victim);
        let arrival = Arrival::new(
            self.way(&shot, piece.position),
            piece.heading_rad,
            halted_s(victim),
            spec.domain == Domain::Land,
        );
        let rules = self.fleet.catalogue().vulnerability.as_ref();
        let effect = Effect {
            range_m: shot.from.truncate().distance(shot.aim),
            curve: self.tables.curve(allowed.effector, class).cloned(),
            shares: DamageShares::of(&self.fleet.effector(allowed.effector).damage),
            exposure: arrival.exposure((class, line.fall.fire), rules),
            arrival,
        };
        let draw = key.uniform(self.seed);
        line.victim = Some(victim);
        line.outcome = effect.harm(draw).map_or(Outcome::Miss, Outcome::Hit);
        line.decided = Some(Decided {
            probability: effect.probability(),
            effect,
            key,
            draw,
        });
        line
    }

    /// Which way a shot comes in on a victim at a place: from its end back along its path, m. A guided
    /// munition has a path of its own, which does not hang on where in its basket the victim is; any
    /// other round comes straight from the muzzle.
    fn way(&self, shot: &Shot, victim: DVec3) -> DVec3 {
        let effector = self.fleet.effector(shot.order.authorisation().effector);
        if effector.flight.is_none() {
            return shot.via - victim;
        }
        let surface_m = self.landscape.terrain.surface_m(shot.aim.x, shot.aim.y);
        shot.via - shot.aim.extend(surface_m + AIM_HEIGHT_M)
    }

    /// A line about a shot that meets nobody, until more is known.
    fn open(&self, at: SimTime, shot: Shot) -> Adjudication {
        let effector = self.fleet.effector(shot.order.authorisation().effector);
        Adjudication {
            at,
            shot,
            victim: None,
            fall: Fall {
                fire: effector.fire,
                sigma_m: shot.sigma_m,
                cep_m: effector.cep_m.value(),
                basket_m: effector.flight.as_ref().map(|it| it.basket_m.value()),
            },
            met: Vec::new(),
            decided: None,
            outcome: Outcome::NobodyThere,
            damage: None,
            pins: Vec::new(),
        }
    }

    /// Whom an impact pins down, friend and foe.
    fn pins(&self, shot: &Shot) -> Vec<Pin> {
        let effector = self.fleet.effector(shot.order.authorisation().effector);
        let rules = self.fleet.catalogue().vulnerability.as_ref();
        let Some((round, rules)) = effector.suppression.as_ref().zip(rules) else {
            return Vec::new();
        };
        let mut near = Vec::new();
        self.board
            .near_into(shot.aim, round.radius_m.value(), &mut near);
        let pin = |unit: UnitIx| {
            let distance_m = self
                .board
                .piece(unit)
                .position
                .truncate()
                .distance(shot.aim);
            let class = self.fleet.vehicle(unit).class.protection;
            Pin {
                unit,
                distance_m,
                adds_s: rules.suppression.adds_s(class, round, distance_m),
            }
        };
        near.into_iter()
            .map(UnitIx)
            .filter(|unit| self.board.piece(*unit).is_alive)
            .map(pin)
            .filter(|pin| pin.adds_s > 0.0)
            .collect()
    }
}

/// Decides shots that arrive in this tick.
fn adjudicate(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (board, fleet, landscape): (Res<'_, Board>, Res<'_, Fleet>, Res<'_, Landscape>),
    (tables, order): (Res<'_, KillTables>, Res<'_, OrderOfBattle>),
    (mut in_flight, mut counts): (ResMut<'_, InFlight>, ResMut<'_, ShotCounts>),
    (mut log, mut blows, mut sensed): (
        ResMut<'_, Buffer<Adjudication>>,
        ResMut<'_, Buffer<Blow>>,
        ResMut<'_, Buffer<NearImpact>>,
    ),
    units: Query<'_, '_, (Option<&FireState>, &Damage, Option<&Stillness>)>,
) {
    let bench = Bench {
        seed: seed.0,
        index: &index,
        board: &board,
        fleet: &fleet,
        landscape: &landscape,
        tables: &tables,
        order: &order,
    };
    while let Some((at, shot)) = in_flight.pop_before(clock.next()) {
        let allowed = *shot.order.authorisation();
        let fire = fleet.effector(allowed.effector).fire;
        let is_void = fire == Fire::Guided
            && units
                .get(index.entity(allowed.shooter))
                .is_ok_and(|(state, ..)| state.is_some_and(|state| state.is_void(allowed.id)));
        let ended = match shot.ends {
            Ends::Intercepted(by) => Some(Outcome::Intercepted(by)),
            Ends::Spent => Some(Outcome::Spent),
            Ends::CalledOff => Some(Outcome::Recalled),
            Ends::Arrives => is_void.then_some(Outcome::Recalled),
        };
        if let Some(outcome) = ended {
            let mut line = bench.open(at, shot);
            line.outcome = outcome;
            log.write(line);
            continue;
        }
        let halted_s = |unit| {
            let stillness = units.get(index.entity(unit)).ok()?.2;
            stillness.map_or(Some(0.0), |stillness| stillness.halted_s(at))
        };
        let mut line = bench.decide((at, shot), &mut counts, halted_s);
        let victim = line.victim.map(|victim| (victim, index.entity(victim)));
        line.damage = victim.and_then(|(_, entity)| Some(*units.get(entity).ok()?.1));
        if let (Some((victim, _)), Outcome::Hit(harm)) = (victim, line.outcome) {
            blows.write(Blow { victim, harm, at });
        }
        near_impacts(
            (&shot, at),
            fire != Fire::Indirect,
            (&board, &order, &index),
            seed.0,
            |impact| sensed.write(impact),
        );
        log.write(line);
    }
}

/// Applies harm.
fn apply(
    (index, blows): (Res<'_, UnitIndex>, Res<'_, Buffer<Blow>>),
    mut units: Query<'_, '_, &mut Damage>,
) {
    for blow in blows.read() {
        if let Ok(mut damage) = units.get_mut(index.entity(blow.victim)) {
            damage.add(blow.harm, blow.at);
        }
    }
}

/// Pins down whom impacts came close to.
fn suppress(
    (index, fleet): (Res<'_, UnitIndex>, Res<'_, Fleet>),
    log: Res<'_, Buffer<Adjudication>>,
    mut units: Query<'_, '_, &mut Suppression>,
) {
    let Some(rules) = &fleet.catalogue().vulnerability else {
        return;
    };
    for line in log.read() {
        for pin in &line.pins {
            if let Ok(mut pinned) = units.get_mut(index.entity(pin.unit)) {
                pinned.pin(pin.adds_s, line.at, &rules.suppression);
            }
        }
    }
}

/// Decides shots and applies harm in the phase `Engage`.
#[derive(Debug)]
pub struct ImpactPlugin;

impl Plugin for ImpactPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<KillTables>()
            .init_resource::<ShotCounts>()
            .add_buffer::<Adjudication>()
            .add_buffer::<Blow>()
            .register_state_resource::<ShotCounts>()
            .add_systems(
                SimTick,
                (
                    adjudicate.in_set(EngageSystems::Impact),
                    (apply, suppress).in_set(EngageSystems::Damage),
                ),
            );
    }
}
