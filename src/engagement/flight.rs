//! Guided munitions in flight. See [`FlightPlugin`].
//!
//! A guided shot flies as a munition of its own: each tick it goes on at the speed of its class
//! towards the point where it meets its aim as its shooter last heard it. The aim moves on by the
//! renewals of leave that really reach the shooter; without them the munition flies to where the target
//! was expected to be, and has to find it there within its basket. Leave that is void calls it off at
//! once, and so does an aim outside the area or the time for which leave was given.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    fire::{AIM_HEIGHT_M, Ends, InFlight, Shot},
    held::FireState,
    order::Aim,
    steer::{height_m, meet_s},
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::UnitIndex,
        math,
        messages::{Buffer, BufferAppExt},
        registry::StateAppExt,
        schedule::{EngageSystems, SimTick},
        time::{Clock, SimTime},
    },
    platform::{
        airborne::{Airborne, AirbornePlugin, Munition},
        class::{EffectorSpec, FlightSpec, Profile},
        vehicle::Fleet,
    },
};

/// Distance that a munition can fly, as a share of its weapon's greatest range (notional, 1 to 1.3).
const ENDURANCE_SHARE: f64 = 1.1;

/// Length of the end of its way over which it is seen how a munition comes in, m (notional, 20 to 100).
const APPROACH_M: f64 = 50.0;

/// A guided munition on its way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Flight {
    pub(super) shot: Shot,
    /// Where its target is, as its shooter last heard.
    pub(super) aim: Aim,
    pub(super) position: DVec3,
    flown_m: f64,
    /// Which way it has flown lately: the mean direction of its way, in which what lies a length of
    /// [`APPROACH_M`] back counts e times less. Of a straight way it is the direction, whatever a tick.
    course: DVec2,
}

/// Guided munitions in flight by number.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub(super) struct Flights(pub(super) BTreeMap<u64, Flight>);

impl Flights {
    /// Sends a munition on its way.
    pub(super) fn launch(&mut self, shot: Shot, aim: Aim) {
        let flight = Flight {
            shot,
            aim,
            position: shot.from,
            flown_m: 0.0,
            course: DVec2::ZERO,
        };
        self.0.insert(shot.munition(), flight);
    }
}

/// A munition in flight was told where its target is by now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guidance {
    /// The shot, with how often it has been told.
    pub shot: Shot,
    /// When.
    pub at: SimTime,
    /// What.
    pub aim: Aim,
}

/// What a munition does in a tick.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    /// It flies on, and expects to arrive in so many seconds.
    On(f64),
    /// It arrives after so many seconds, at this place.
    There(f64, DVec2),
    /// It can fly no farther.
    Spent,
}

impl Flight {
    /// Turns by a straight piece of way.
    fn turn(&mut self, way: DVec2) {
        let kept = math::exp(-way.length() / APPROACH_M);
        self.course = self.course * kept + way.normalize_or_zero() * (1.0 - kept);
    }

    /// Where it comes from when it arrives at a place, seen from there over the end of its way: back
    /// along its course, on the height of its profile.
    fn approach(&self, place: DVec2, profile: &Profile, landscape: &Landscape) -> DVec3 {
        let surface_m = |at: DVec2| landscape.terrain.surface_m(at.x, at.y);
        let aim_m = surface_m(place) + AIM_HEIGHT_M;
        let flown_m = self.flown_m + self.position.truncate().distance(place);
        let back_m = APPROACH_M.min(flown_m);
        let there = place - self.course.normalize_or_zero() * back_m;
        let ways_m = [flown_m - back_m, back_m];
        let ends_m = [self.shot.from.z, aim_m];
        there.extend(height_m(profile, ways_m, ends_m, surface_m(there)))
    }

    /// Flies for a tick of so many seconds from now.
    fn go_on(
        &mut self,
        (now, dt_s): (SimTime, f64),
        (effector, spec): (&EffectorSpec, &FlightSpec),
        landscape: &Landscape,
    ) -> Way {
        let speed_m_s = effector.speed_m_s.value();
        let here = self.position.truncate();
        let target = self.aim.at(now);
        let meets_s = meet_s(target - here, self.aim.velocity, speed_m_s);
        // What it cannot catch it chases.
        let (to_go_s, place) = meets_s.map_or_else(
            || (here.distance(target) / speed_m_s, target),
            |s| (s, target + self.aim.velocity * s),
        );
        if to_go_s <= dt_s {
            self.turn(place - here);
            return Way::There(to_go_s, place);
        }
        if self.flown_m > ENDURANCE_SHARE * effector.range_max_m.value() {
            return Way::Spent;
        }
        let step_m = speed_m_s * dt_s;
        let there = here + (place - here).normalize_or_zero() * step_m;
        self.turn(there - here);
        self.flown_m += step_m;
        let surface_m = |at: DVec2| landscape.terrain.surface_m(at.x, at.y);
        let ends_m = [self.shot.from.z, surface_m(place) + AIM_HEIGHT_M];
        let ways_m = [self.flown_m, there.distance(place)];
        let height_m = height_m(&spec.profile, ways_m, ends_m, surface_m(there));
        self.position = there.extend(height_m);
        Way::On(to_go_s)
    }
}

/// Flies every guided munition for a tick.
fn fly(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    landscape: Res<'_, Landscape>,
    (mut flights, mut in_flight): (ResMut<'_, Flights>, ResMut<'_, InFlight>),
    mut told: ResMut<'_, Buffer<Guidance>>,
    mut shooters: Query<'_, '_, &mut FireState>,
) {
    let (now, dt_s) = (clock.now(), clock.dt_s());
    flights.0.retain(|_, flight| {
        let allowed = *flight.shot.order.authorisation();
        let effector = fleet.effector(allowed.effector);
        let Some(spec) = &effector.flight else {
            return false;
        };
        let mut shooter = shooters.get_mut(index.entity(allowed.shooter)).ok();
        if let Some(state) = &shooter {
            if state.is_void(allowed.id) {
                flight.shot.ends = Ends::CalledOff;
                flight.shot.impact = now;
                in_flight.post(now, flight.shot);
                return false;
            }
            if let Some(aim) = state.aim(allowed.id)
                && aim.as_of > flight.aim.as_of
            {
                flight.aim = aim;
                flight.shot.told = aim.as_of;
                flight.shot.sigma_m = aim.sigma_m;
                flight.shot.updates += 1;
                told.write(Guidance {
                    shot: flight.shot,
                    at: now,
                    aim,
                });
            }
        }
        let way = flight.go_on((now, dt_s), (effector, spec), &landscape);
        let (after_s, place) = match way {
            Way::On(to_go_s) => {
                if let Some(state) = &mut shooter {
                    state.expect(allowed.id, now.plus_s(to_go_s));
                }
                return true;
            }
            Way::There(after_s, place) => (after_s, place),
            Way::Spent => (0.0, flight.position.truncate()),
        };
        let mut shot = flight.shot;
        shot.impact = now.plus_s(after_s);
        shot.ends = if way == Way::Spent {
            Ends::Spent
        } else if allowed.allows(place, shot.impact) {
            Ends::Arrives
        } else {
            Ends::CalledOff
        };
        shot.aim = place;
        shot.via = flight.approach(place, &spec.profile, &landscape);
        in_flight.post(shot.impact, shot);
        false
    });
}

/// Shows everybody what flies.
fn show(clock: Res<'_, Clock>, flights: Res<'_, Flights>, mut airborne: ResMut<'_, Airborne>) {
    if flights.0.is_empty() && airborne.0.is_empty() {
        return;
    }
    let before = core::mem::take(&mut airborne.0);
    let munition = |(number, flight): (&u64, &Flight)| {
        let allowed = flight.shot.order.authorisation();
        let from = before
            .get(number)
            .map_or(flight.shot.from, |it| it.position);
        let munition = Munition {
            shooter: allowed.shooter,
            effector: allowed.effector,
            position: flight.position,
            velocity: (flight.position - from) / clock.dt_s(),
        };
        (*number, munition)
    };
    airborne.0 = flights.0.iter().map(munition).collect();
}

/// Flies munitions in the phase `Engage`.
#[derive(Debug)]
pub struct FlightPlugin;

impl Plugin for FlightPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins(AirbornePlugin)
            .init_resource::<Flights>()
            .add_buffer::<Guidance>()
            .register_state_resource_if_used::<Flights>()
            .add_systems(
                SimTick,
                (
                    fly.in_set(EngageSystems::Fly),
                    show.in_set(EngageSystems::Report),
                ),
            );
    }
}
