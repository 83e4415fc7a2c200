//! Legs of a plan in the local frame: how the simulator reads a [`MissionPlan`].

use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::kinematics::{Height, Waypoint};
use crate::{
    environment::Landscape,
    plan::{self, Altitude, LegKind, MissionPlan},
};

/// What a unit does at the end of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum AtEnd {
    /// Go on with the next leg.
    Pass,
    /// Stay for this many seconds.
    Stay(f64),
    /// The plan is over: stay, landed if it flies.
    Finish,
}

/// A leg in the local frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalLeg {
    /// Points on the way.
    pub waypoints: Vec<Waypoint>,
    /// Not before this many seconds after the scenario's start.
    pub not_before_s: f64,
    /// What comes then.
    pub at_end: AtEnd,
    /// Task that it serves.
    pub task: Option<String>,
    /// Whether it only leads somewhere.
    pub is_transit: bool,
}

/// Height of a waypoint as the guidance knows it.
fn height(altitude: Altitude, home_m: f64) -> Height {
    match altitude {
        Altitude::AboveMeanSea(m) => Height::AboveSea(m),
        Altitude::AboveHome(m) => Height::AboveSea(home_m + m),
        Altitude::AboveGround(m) => Height::AboveGround(m),
        Altitude::Depth(m) => Height::Depth(m),
        Altitude::Surface => Height::AboveGround(0.0),
    }
}

/// A geodetic waypoint in the local frame.
fn local(waypoint: plan::Waypoint, speed_m_s: f64, home_m: f64, landscape: &Landscape) -> Waypoint {
    Waypoint {
        position: landscape.local(waypoint.lat_deg, waypoint.lon_deg),
        height: height(waypoint.altitude, home_m),
        speed_m_s,
    }
}

/// All legs of a plan in the local frame.
#[must_use]
pub fn localise(plan: &MissionPlan, landscape: &Landscape) -> Vec<LocalLeg> {
    let home_m = plan.home.elevation_m;
    let convert = |leg: &plan::Leg| {
        let speed = leg.speed_m_s.unwrap_or(plan.cruise_speed_m_s);
        let mut waypoints: Vec<Waypoint> = leg
            .waypoints
            .iter()
            .map(|w| local(*w, speed, home_m, landscape))
            .collect();
        let at_end = match leg.kind {
            LegKind::Navigate | LegKind::Sense { .. } => AtEnd::Pass,
            LegKind::Relay { hold_s } | LegKind::Loiter { hold_s, .. } => AtEnd::Stay(hold_s),
            LegKind::Return { .. } => {
                let height_m = plan.launch.climb_m.max(0.0);
                waypoints.push(local(
                    plan.recovery.waypoint(height_m),
                    speed,
                    home_m,
                    landscape,
                ));
                AtEnd::Finish
            }
        };
        let not_before_s = leg.window.map_or(0.0, |window| window.not_before_s);
        LocalLeg {
            waypoints,
            not_before_s,
            at_end,
            task: leg.task.clone(),
            is_transit: matches!(leg.kind, LegKind::Navigate),
        }
    };
    plan.legs.iter().map(convert).collect()
}

/// Length of the legs from one on, m, beginning at a position.
#[must_use]
pub fn length_m(legs: &[LocalLeg], from: DVec2) -> f64 {
    let points = legs
        .iter()
        .flat_map(|leg| &leg.waypoints)
        .map(|waypoint| waypoint.position);
    points
        .fold((0.0, from), |(sum, at), point| {
            (sum + at.distance(point), point)
        })
        .0
}
