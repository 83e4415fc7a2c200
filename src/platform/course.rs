//! What a unit is doing: its plan and how far it is. See [`Course`].
//!
//! Plans enter through [`PlanInbox`], from the scenario, from tasking that arrived, or from the
//! unit's own need to replenish.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use glam::DVec2;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{
    kinematics::{Ambient, Demand, MotionState, Route, guidance},
    leg::{AtEnd, LocalLeg, localise},
    together::Transit,
    vehicle::Vehicle,
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::BufferAppExt,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
    },
    plan::MissionPlan,
};

/// A plan for a unit to adopt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanOrder {
    /// Who.
    pub to: UnitIx,
    /// What.
    pub plan: MissionPlan,
    /// Whether to begin anew after the last leg.
    pub repeat: bool,
}

/// Plans that wait to be adopted in the phase `Act`.
#[derive(Debug, Clone, Default, Resource, Serialize, Deserialize)]
pub struct PlanInbox(pub Vec<PlanOrder>);

/// A unit finished its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanDone {
    /// Who.
    pub unit: UnitIx,
}

/// The plan of one unit and its progress.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct Course {
    plan: Option<MissionPlan>,
    legs: Vec<LocalLeg>,
    at: usize,
    route: Option<Route>,
    /// When it arrived at the end of the leg, s.
    arrived_s: Option<f64>,
    station: Option<DVec2>,
    repeat: bool,
    finished: bool,
}

impl Course {
    /// The plan that it follows, if any.
    #[must_use]
    pub fn plan(&self) -> Option<&MissionPlan> {
        self.plan.as_ref()
    }

    /// Whether it has nothing to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.plan.is_none() || self.finished
    }

    /// Number of the leg that it is on.
    #[must_use]
    pub fn leg(&self) -> usize {
        self.at
    }

    /// Id of the task that it serves now.
    #[must_use]
    pub fn task(&self) -> Option<&str> {
        self.legs.get(self.at).and_then(|leg| leg.task.as_deref())
    }

    /// What it is on its way to; none where it stays or looks.
    pub(super) fn transit(&self) -> Option<Transit> {
        let leg = self.legs.get(self.at).filter(|_| !self.finished)?;
        let is_under_way = leg.is_transit && self.arrived_s.is_none();
        let goal = leg.waypoints.last().filter(|_| is_under_way)?;
        Some(Transit {
            task: xxh3_64(leg.task.as_deref().unwrap_or_default().as_bytes()),
            goal: goal.position,
        })
    }

    /// Takes on a plan from where it is.
    fn adopt(&mut self, order: PlanOrder, landscape: &Landscape) {
        *self = Self {
            legs: localise(&order.plan, landscape),
            plan: Some(order.plan),
            repeat: order.repeat,
            ..Self::default()
        };
    }

    /// Where to go now; holds its station where there is nothing to do. The flag says that the plan
    /// was finished by this call.
    pub(super) fn demand(
        &mut self,
        vehicle: &Vehicle,
        state: &MotionState,
        ambient: &Ambient,
        (now_s, dt_s): (f64, f64),
    ) -> (Demand, bool) {
        let was_finished = self.finished;
        while let Some(leg) = self.legs.get(self.at).filter(|_| !self.finished) {
            if now_s < leg.not_before_s {
                break;
            }
            let route = self
                .route
                .get_or_insert_with(|| Route::from(state.horizontal()));
            if self.arrived_s.is_none() {
                let next = route.follow(&leg.waypoints, &vehicle.kinematics, state, ambient, dt_s);
                if let Some(demand) = next {
                    self.station = None;
                    return (demand, false);
                }
                self.arrived_s = Some(now_s);
                self.station = leg.waypoints.last().map(|waypoint| waypoint.position);
            }
            let since_s = now_s - self.arrived_s.unwrap_or(now_s);
            match leg.at_end {
                AtEnd::Stay(hold_s) if since_s < hold_s => break,
                AtEnd::Finish => self.finished = true,
                AtEnd::Pass | AtEnd::Stay(_) => self.go_on(),
            }
        }
        if self.at >= self.legs.len() && self.plan.is_some() {
            self.finished = true;
        }
        (
            self.stay(vehicle, state, ambient, dt_s),
            self.finished && !was_finished,
        )
    }

    /// Moves to the next leg, or to the first again.
    fn go_on(&mut self) {
        self.at += 1;
        if self.repeat && self.at >= self.legs.len() {
            self.at = 0;
        }
        self.route = None;
        self.arrived_s = None;
    }

    /// Stays where it is, or circles there; an aircraft whose plan is finished comes down.
    fn stay(
        &mut self,
        vehicle: &Vehicle,
        state: &MotionState,
        ambient: &Ambient,
        dt_s: f64,
    ) -> Demand {
        if vehicle.kinematics.can_stop() && self.plan.is_none() {
            return Demand::hold(state.position.z);
        }
        let is_parked = state.speed_m_s <= 0.0 && state.position.z <= ambient.ground_height_m + 1.0;
        if vehicle.is_air() && (self.finished || self.plan.is_none()) && is_parked {
            return Demand::hold(state.position.z);
        }
        let station = *self.station.get_or_insert(state.horizontal());
        let altitude_m = match self
            .legs
            .get(self.at.min(self.legs.len().saturating_sub(1)))
        {
            Some(_) if self.finished && vehicle.is_air() => ambient.ground_height_m.max(0.0),
            Some(leg) => leg.waypoints.last().map_or(state.position.z, |waypoint| {
                waypoint.height.above_sea_m(ambient)
            }),
            None => state.position.z,
        };
        guidance::keep_station(
            &vehicle.kinematics,
            state,
            station,
            altitude_m,
            ambient,
            dt_s,
        )
    }
}

/// Hands plans to the units they are for.
fn adopt_plans(
    mut inbox: ResMut<'_, PlanInbox>,
    index: Res<'_, UnitIndex>,
    landscape: Res<'_, Landscape>,
    mut courses: Query<'_, '_, &mut Course>,
) {
    for order in inbox.0.drain(..) {
        if let Ok(mut course) = courses.get_mut(index.entity(order.to)) {
            course.adopt(order, &landscape);
        }
    }
}

/// Adopts plans in the phase `Act`.
#[derive(Debug)]
pub struct CoursePlugin;

impl Plugin for CoursePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<PlanInbox>()
            .add_buffer::<PlanDone>()
            .register_state::<Course>()
            .register_state_resource::<PlanInbox>()
            .add_systems(SimTick, adopt_plans.in_set(Phase::Act));
    }
}
