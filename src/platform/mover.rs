//! Motion, energy and own position, every tick. See [`MoverPlugin`].

use bevy::prelude::{App, Component, IntoScheduleConfigs, Local, Plugin, Query, Res, ResMut, With};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    aiding::{Aiding, AidingSystems, Drift, steers_by_fix},
    ambient::{Medium, ambient_at, heed_ground},
    class::Domain,
    course::{Course, PlanDone},
    damage::{Damage, Harm},
    energy::EnergyStore,
    exposure::{Exposures, expose},
    group::{Agent, Avoidance},
    kinematics::{Ambient, Demand, MotionState},
    navigation::NavSolution,
    suppression::Suppression,
    together::{Groups, Member, Transit},
    truth::{Board, Truth},
    vehicle::{Fleet, Vehicle},
};
use crate::{
    environment::{Landscape, Tide, Weather},
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx},
        messages::Buffer,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::{Clock, SimTime},
    },
};

/// Energy left on board.
#[derive(Debug, Clone, Copy, PartialEq, Component, Serialize, Deserialize)]
pub struct EnergyLeft(pub EnergyStore);

/// Time for which vehicles keep clear of one another, s (notional, 2 to 8).
const AVOID_HORIZON_S: f64 = 4.0;
/// Greatest number of neighbours heeded.
const AVOID_NEIGHBOURS: usize = 6;
/// Greatest distance at which a neighbour is heeded, m.
const AVOID_REACH_M: f64 = 120.0;

/// Memory of the motion of groups and of the avoidance, kept between ticks for its allocations only.
struct Scratch {
    avoidance: Avoidance,
    near: Vec<u32>,
    agents: Vec<Agent>,
    transit: Vec<Option<Transit>>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            avoidance: Avoidance::new(AVOID_HORIZON_S, AVOID_NEIGHBOURS, AVOID_REACH_M),
            near: Vec::new(),
            agents: Vec::new(),
            transit: Vec::new(),
        }
    }
}

impl Scratch {
    /// Notes what the members of groups are on their way to.
    fn note_transits<'a>(
        &mut self,
        groups: &Groups,
        courses: impl Iterator<Item = (UnitIx, &'a Course)>,
    ) {
        if groups.is_empty() {
            return;
        }
        self.transit.clear();
        for (unit, course) in courses {
            if self.transit.len() <= unit.at() {
                self.transit.resize(unit.at() + 1, None);
            }
            if groups.of(unit).is_some() {
                self.transit[unit.at()] = course.transit();
            }
        }
    }

    /// The demand, bent so that it keeps clear of neighbours. Positions are those of the last tick
    /// for everybody, so that the order of units does not matter.
    fn keep_clear(
        &mut self,
        own: UnitIx,
        demand: Demand,
        (board, fleet, index): (&Board, &Fleet, &UnitIndex),
        dt_s: f64,
    ) -> Demand {
        let piece = board.piece(own);
        let speed_m_s = piece.velocity.truncate().length().max(demand.speed_m_s);
        let reach_m = (2.0 * speed_m_s * AVOID_HORIZON_S + 10.0).min(AVOID_REACH_M);
        board.near_into(piece.position.truncate(), reach_m, &mut self.near);
        if self.near.len() <= 1 {
            return demand;
        }
        let agent = |ix: UnitIx| {
            let (piece, vehicle) = (board.piece(ix), fleet.vehicle(ix));
            Agent {
                id: index.id(ix).0,
                position: piece.position.truncate(),
                velocity: piece.velocity.truncate(),
                radius_m: vehicle.radius_m,
                yields: piece.is_alive && vehicle.kinematics.can_travel(),
            }
        };
        let height_m = piece.position.z;
        self.agents.clear();
        for near in &self.near {
            let other = UnitIx(*near);
            let gap_m = (board.piece(other).position.z - height_m).abs();
            if other != own && gap_m < VERTICAL_GAP_M {
                self.agents.push(agent(other));
            }
        }
        if self.agents.is_empty() {
            return demand;
        }
        let vehicle = fleet.vehicle(own);
        let speed_max = demand.speed_m_s.max(vehicle.kinematics.speed_cruise_m_s());
        let velocity = self.avoidance.velocity(
            &agent(own),
            demand.velocity(),
            speed_max,
            &self.agents,
            dt_s,
        );
        Demand::from_velocity(velocity, demand.altitude_m)
    }
}

/// Vehicles this far apart in height do not heed one another, m (notional).
const VERTICAL_GAP_M: f64 = 15.0;

/// Depth of water in which what cannot move drifts, m (notional, 0.5 to 5).
const AFLOAT_M: f64 = 2.0;

/// What one unit needs to move.
type MoverQuery<'a> = (
    &'a UnitIx,
    &'a UnitId,
    &'a mut Truth,
    &'a mut Course,
    &'a mut EnergyLeft,
    &'a mut NavSolution,
    &'a mut Damage,
    Option<&'a mut Aiding>,
    Option<&'a Suppression>,
);

/// Moves every unit by one tick.
fn move_units(
    (clock, landscape): (Res<'_, Clock>, Res<'_, Landscape>),
    (weather, tide): (Res<'_, Weather>, Res<'_, Tide>),
    (board, fleet, index): (Res<'_, Board>, Res<'_, Fleet>, Res<'_, UnitIndex>),
    groups: Res<'_, Groups>,
    mut done: ResMut<'_, Buffer<PlanDone>>,
    mut scratch: Local<'_, Scratch>,
    mut units: Query<'_, '_, MoverQuery<'_>, With<UnitId>>,
) {
    let (now, dt_s) = (clock.now(), clock.dt_s());
    let medium = Medium::new(&weather, &tide, now);
    scratch.note_transits(
        &groups,
        units.iter().map(|(ix, _, _, course, ..)| (*ix, course)),
    );
    let pinning = fleet.catalogue().vulnerability.as_ref();
    for (
        ix,
        _,
        mut truth,
        mut course,
        mut energy,
        mut navigation,
        mut damage,
        mut aiding,
        pinned,
    ) in &mut units
    {
        let vehicle = fleet.vehicle(*ix);
        if damage.is_destroyed() || !is_active(vehicle, &course, &truth) {
            continue;
        }
        let ambient = ambient_at(&landscape, &medium, vehicle, truth.0.position);
        let state = &mut truth.0;
        let steering = aiding.as_deref().filter(|_| steers_by_fix(&vehicle.class));
        let believed = steering.map_or(*state, |aiding| aiding.believed(state));
        let (mut demand, is_done) = course.demand(vehicle, &believed, &ambient, (now.as_s(), dt_s));
        if is_done {
            done.write(PlanDone { unit: *ix });
        }
        if let (Some(pinned), Some(rules)) = (pinned, pinning) {
            let domain = vehicle.class.domain;
            demand.speed_m_s *= pinned.speed_share(now, domain, &rules.suppression);
        }
        let barred = heed_ground(&landscape, vehicle, state, &ambient, &mut demand);
        if damage.can_move() && energy.0.share > 0.0 {
            if !board.is_empty() && demand.speed_m_s > 0.0 {
                if !groups.is_empty() {
                    let member = Member {
                        unit: *ix,
                        vehicle,
                        groups: &groups,
                        board: &board,
                        transit: &scratch.transit,
                    };
                    demand = member.keep_together(demand);
                }
                demand = scratch.keep_clear(*ix, demand, (&board, &fleet, &index), dt_s);
            }
            vehicle.kinematics.step(state, &demand, &ambient, dt_s);
            state.obstructed |= barred;
        } else {
            come_to_rest(vehicle, state, &ambient, &mut damage, (now, dt_s));
        }
        vehicle
            .energy
            .drain(&mut energy.0, state, &ambient, vehicle.equipment_w, dt_s);
        navigate(
            vehicle,
            state,
            (&mut navigation, aiding.as_deref_mut()),
            dt_s,
        );
    }
}

/// Carries the own position of a unit on.
fn navigate(
    vehicle: &Vehicle,
    state: &MotionState,
    (navigation, aiding): (&mut NavSolution, Option<&mut Aiding>),
    dt_s: f64,
) {
    match aiding {
        Some(aiding) => {
            navigation.update_aided(state, aiding, Drift::of(&vehicle.class), dt_s);
        }
        None => navigation.update(state, dt_s),
    }
}

/// Whether a unit has anything to compute: what stands and has nothing to do only burns its idle
/// load, which [`idle`] does once a second.
fn is_active(vehicle: &Vehicle, course: &Course, truth: &Truth) -> bool {
    let moves = truth.0.velocity.length_squared() > 0.0 || !vehicle.kinematics.can_stop();
    vehicle.kinematics.can_travel() && (moves || !course.is_idle())
}

/// What one unit needs to stand.
type IdlerQuery<'a> = (
    &'a UnitIx,
    &'a Truth,
    &'a Course,
    &'a Damage,
    &'a mut EnergyLeft,
    &'a mut NavSolution,
    Option<&'a mut Aiding>,
);

/// Energy and own position of units that stand idle, once a second.
fn idle(
    (clock, landscape): (Res<'_, Clock>, Res<'_, Landscape>),
    (weather, tide): (Res<'_, Weather>, Res<'_, Tide>),
    fleet: Res<'_, Fleet>,
    mut units: Query<'_, '_, IdlerQuery<'_>>,
) {
    let medium = Medium::new(&weather, &tide, clock.now());
    for (ix, truth, course, damage, mut energy, mut navigation, aiding) in &mut units {
        let vehicle = fleet.vehicle(*ix);
        let is_due = clock.is_due(1.0, u64::from(ix.0));
        if !is_due || damage.is_destroyed() || is_active(vehicle, course, truth) {
            continue;
        }
        let ambient = ambient_at(&landscape, &medium, vehicle, truth.0.position);
        vehicle
            .energy
            .drain(&mut energy.0, &truth.0, &ambient, vehicle.equipment_w, 1.0);
        // An undisturbed fix of what stands stays what it is.
        if let Some(mut aiding) = aiding {
            let own = (&mut *navigation, Some(&mut *aiding));
            navigate(vehicle, &truth.0, own, 1.0);
        }
    }
}

/// What cannot drive stops, or drifts with the water; what can no longer fly is lost.
fn come_to_rest(
    vehicle: &Vehicle,
    state: &mut MotionState,
    ambient: &Ambient,
    damage: &mut Damage,
    (now, dt_s): (SimTime, f64),
) {
    let surface_m = ambient.ground_height_m.max(0.0);
    let is_airborne = vehicle.is_air() && state.position.z > surface_m + 1.0;
    if is_airborne {
        state.position.z = surface_m;
        damage.add(Harm::Catastrophic, now);
    }
    state.velocity = glam::DVec3::ZERO;
    state.speed_m_s = 0.0;
    let is_afloat = matches!(vehicle.class.domain, Domain::Surface | Domain::Subsurface)
        && ambient.water_depth_m > AFLOAT_M;
    if is_afloat && ambient.current != DVec2::ZERO {
        state.velocity = ambient.current.extend(0.0);
        state.position += state.velocity * dt_s;
    }
}

/// Moves units in the phase `Move`.
#[derive(Debug)]
pub struct MoverPlugin;

impl Plugin for MoverPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Groups>()
            .init_resource::<Tide>()
            .init_resource::<Exposures>()
            .register_state_resource_if_used::<Exposures>()
            .register_state::<EnergyLeft>()
            .register_state::<NavSolution>()
            .add_systems(
                SimTick,
                (move_units, idle, expose)
                    .chain()
                    .after(AidingSystems)
                    .in_set(Phase::Move),
            );
    }
}
