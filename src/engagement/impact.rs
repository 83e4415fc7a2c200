//! What a shot does. See [`ImpactPlugin`].
//!
//! A shot lands where its aim was believed to be. Whoever really is there and nearest is hit or
//! missed, friend, foe or neutral; if nobody is, the shot is wasted. One draw per shot, named by
//! shooter, victim and the number of the shooter's shots at that victim, decides.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    alarm::{BEARING_SIGMA_RAD, NEAR_M, NearImpact},
    fire::{InFlight, Shot},
    held::FireState,
    model::{DamageShares, KillCurve},
};
use crate::{
    environment::Landscape,
    kernel::{
        curve::Curve,
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
        class::{Domain, EffectorSpec, Fire, TargetClass},
        damage::{Damage, Harm},
        stores::EffectorIx,
        truth::Board,
        vehicle::Fleet,
    },
};

/// Least radius about the aim within which a weapon that follows its target finds one, m.
const ACQUIRE_MIN_M: f64 = 40.0;
/// Greatest, m: what a gunner or seeker has in view.
const ACQUIRE_MAX_M: f64 = 300.0;

/// Height above the surface up to which an aircraft counts as on the ground, m.
const LOW_M: f64 = 15.0;

/// How a shot ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// Nobody was there.
    NobodyThere,
    /// Called off in flight: recalled, or its link lost.
    Recalled,
    /// It missed.
    Miss,
    /// It did harm.
    Hit(Harm),
}

/// One line of the adjudication log: everything that the outcome follows from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Adjudication {
    /// When.
    pub at: SimTime,
    /// Who fired.
    pub shooter: UnitIx,
    /// Under which authorisation.
    pub authorisation: u64,
    /// With what.
    pub effector: EffectorIx,
    /// Who was hit or missed.
    pub victim: Option<UnitIx>,
    /// Range, m.
    pub range_m: f64,
    /// Kill probability.
    pub probability: f64,
    /// Name of the draw.
    pub key: Option<DrawKey>,
    /// The draw.
    pub draw: f64,
    /// What came of it.
    pub outcome: Outcome,
}

/// Kill curves of every effector by class of target, worked out once.
#[derive(Debug, Clone, Default, Resource)]
pub struct KillTables(Vec<BTreeMap<TargetClass, KillCurve>>);

impl KillTables {
    /// The tables of the effectors of a fleet, in the order of their indices.
    #[must_use]
    pub fn new<'a>(effectors: impl Iterator<Item = &'a EffectorSpec>) -> Self {
        let table = |effector: &EffectorSpec| {
            let far = effector.range_max_m.value();
            let curve = |points: &Vec<crate::platform::class::KillPoint>| {
                let pairs = points
                    .iter()
                    .map(|point| (point.0 * far, point.1.value()))
                    .collect();
                Curve::new(pairs).ok().map(|probability| KillCurve {
                    range_min_m: effector.range_min_m.value(),
                    range_max_m: far,
                    probability,
                })
            };
            effector
                .kill_probability
                .iter()
                .filter_map(|(class, points)| Some((*class, curve(points)?)))
                .collect()
        };
        Self(effectors.map(table).collect())
    }

    /// Kill probability of one shot; none if the effector is no weapon against the class.
    #[must_use]
    pub fn probability(
        &self,
        effector: EffectorIx,
        class: TargetClass,
        range_m: f64,
    ) -> Option<f64> {
        self.0
            .get(effector.at())?
            .get(&class)
            .map(|curve| curve.at(range_m))
    }
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

/// The unit that a shot meets: the nearest to the aim, in reach of what guides it, that a shot of
/// its kind can meet at all. A gunner or seeker that follows something in the air does not take
/// something on the ground for it, and passes over its own side, which answers to identification
/// friend or foe as it does to sensors. A shell falls on whoever is there, but not on what flies
/// above.
fn victim(
    shot: &Shot,
    effector: &EffectorSpec,
    (board, fleet, landscape): (&Board, &Fleet, &Landscape),
    is_own: impl Fn(UnitIx) -> bool,
) -> Option<UnitIx> {
    let reach_m = match effector.fire {
        Fire::Direct | Fire::Guided => (3.0 * shot.sigma_m).clamp(ACQUIRE_MIN_M, ACQUIRE_MAX_M),
        Fire::Indirect => (3.0 * effector.cep_m.value()).max(ACQUIRE_MIN_M),
    };
    let is_shell = effector.fire == Fire::Indirect;
    let is_air = shot.order.domain() == Domain::Air && !is_shell;
    let mut near = Vec::new();
    board.near_into(shot.aim, reach_m, &mut near);
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
    let distance = |ix: &UnitIx| board.piece(*ix).position.truncate().distance(shot.aim);
    near.into_iter()
        .map(UnitIx)
        .filter(|ix| *ix != shooter && board.piece(*ix).is_alive && is_met(ix))
        .filter(|ix| is_shell || !is_own(*ix))
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// The shares of damage of an effector.
fn shares(effector: &EffectorSpec) -> DamageShares {
    DamageShares {
        catastrophic: effector.damage.catastrophic.value(),
        firepower: effector.damage.firepower.value(),
        mobility: effector.damage.mobility.value(),
    }
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
    shooters: Query<'_, '_, &FireState>,
) {
    while let Some((at, shot)) = in_flight.pop_before(clock.next()) {
        let allowed = *shot.order.authorisation();
        let effector = fleet.effector(allowed.effector);
        let mut line = Adjudication {
            at,
            shooter: allowed.shooter,
            authorisation: allowed.id,
            effector: allowed.effector,
            victim: None,
            range_m: shot.from.truncate().distance(shot.aim),
            probability: 0.0,
            key: None,
            draw: 0.0,
            outcome: Outcome::NobodyThere,
        };
        let side = order.unit(allowed.shooter).side;
        let is_own = |unit: UnitIx| order.unit(unit).side == side;
        let is_recalled = effector.fire == Fire::Guided
            && shooters
                .get(index.entity(allowed.shooter))
                .is_ok_and(|state| state.is_void(allowed.id));
        if is_recalled {
            line.outcome = Outcome::Recalled;
        } else if let Some(victim) = victim(&shot, effector, (&board, &fleet, &landscape), is_own) {
            let count = counts.0.entry((allowed.shooter, victim)).or_default();
            let ids = [allowed.shooter, victim].map(|ix| index.id(ix).0);
            let key = DrawKey::new(Stream::Shot, ids[0], ids[1], *count);
            *count += 1;
            let class = fleet.vehicle(victim).class.protection;
            let chance = tables
                .probability(allowed.effector, class, line.range_m)
                .unwrap_or(0.0);
            line.victim = Some(victim);
            line.probability = chance;
            line.key = Some(key);
            line.draw = key.uniform(seed.0);
            line.outcome = Outcome::Miss;
            if let Some(harm) = shares(effector).harm(chance, line.draw) {
                line.outcome = Outcome::Hit(harm);
                blows.write(Blow { victim, harm, at });
            }
        }
        if line.outcome != Outcome::Recalled {
            near_impacts(
                (&shot, at),
                effector.fire != Fire::Indirect,
                (&board, &order, &index),
                seed.0,
                |impact| sensed.write(impact),
            );
        }
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
                    apply.in_set(EngageSystems::Damage),
                ),
            );
    }
}
