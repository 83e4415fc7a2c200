//! One small sound plan per autopilot, for documentation, tests and trying clients out.

use glam::DVec2;

use super::approach::approach;
use super::exportable::VehicleFacts;
use super::fence::moved;
use super::mission::{
    Capture, Finish, Geofence, Launch, Leg, LegKind, LinkNeed, LostLink, LostLinkAction,
    MissionPlan, Pointing, TimeWindow,
};
use super::place::{Altitude, Autopilot, Position, Site, Waypoint};

/// A small sound plan: transit, a look, a relay stay, a loiter and the way back, within 3 km.
///
/// ```
/// # use tercio::plan::{Autopilot, ExportableVehicle, sample};
/// let plan = sample::sample(Autopilot::ArdupilotCopter);
/// let facts = sample::sample_facts(plan.autopilot);
/// assert!(ExportableVehicle::new(plan, facts).is_ok());
/// ```
#[must_use]
pub fn sample(autopilot: Autopilot) -> MissionPlan {
    let home = sample_home(autopilot);
    let at = |east_m, north_m| sample_waypoint(autopilot, home, DVec2::new(east_m, north_m));
    MissionPlan {
        unit: "sample".into(),
        class: "sample".into(),
        vehicle_kind: kind_of(autopilot).into(),
        autopilot,
        home,
        launch: Launch {
            site: home,
            climb_m: if autopilot.is_aerial() { 50.0 } else { 0.0 },
            at_s: 0.0,
        },
        recovery: home,
        legs: sample_legs(autopilot, home),
        geofence: Geofence {
            keep_in: corners(home, 3000.0, DVec2::new(0.0, 1000.0)),
            keep_out: vec![corners(home, 150.0, DVec2::new(-1500.0, 3000.0))],
            ceiling_m: Some(home.elevation_m + 500.0),
            depth_max_m: None,
        },
        rally: vec![at(-300.0, 300.0)],
        lost_link: LostLink {
            after_s: 30.0,
            action: LostLinkAction::Return,
        },
        cruise_speed_m_s: sample_speed_m_s(autopilot),
        endurance_s: 14_400.0,
        reserve_fraction: 0.2,
        link: Some(LinkNeed {
            margin_min_db: 6.0,
            gap_max_s: 60.0,
        }),
    }
}

/// The legs of the sample plan.
fn sample_legs(autopilot: Autopilot, home: Site) -> Vec<Leg> {
    let at = |east_m, north_m| sample_waypoint(autopilot, home, DVec2::new(east_m, north_m));
    let leg = |kind, waypoints| Leg {
        kind,
        ..Leg::navigate(waypoints)
    };
    let aim = Waypoint {
        altitude: Altitude::AboveMeanSea(home.elevation_m),
        ..at(500.0, 2500.0)
    };
    let is_fixed_wing = autopilot.is_fixed_wing();
    let way_back = if is_fixed_wing {
        approach(home, core::f64::consts::PI, 40.0).to_vec()
    } else {
        vec![at(-300.0, 400.0)]
    };
    let finish = if autopilot.is_aerial() {
        Finish::Land
    } else {
        Finish::Recover
    };
    let pointing = if autopilot.is_aerial() {
        Pointing::Nadir
    } else {
        Pointing::Fixed
    };
    let capture = Capture::StillsByDistance { spacing_m: 25.0 };
    let stay = LegKind::Loiter {
        hold_s: 30.0,
        radius_m: if is_fixed_wing { 80.0 } else { 0.0 },
    };
    let mut legs = vec![
        Leg::navigate(vec![at(300.0, 800.0), at(900.0, 1200.0)]),
        leg(
            LegKind::Sense { pointing, capture },
            vec![
                at(1000.0, 1500.0),
                at(1000.0, 2500.0),
                at(1300.0, 2500.0),
                at(1300.0, 1500.0),
            ],
        ),
        leg(LegKind::Relay { hold_s: 45.0 }, vec![at(400.0, 1800.0)]),
        leg(
            LegKind::Sense {
                pointing: Pointing::At(aim),
                capture: Capture::Video,
            },
            vec![at(-200.0, 2000.0), at(-600.0, 2000.0)],
        ),
        leg(stay, vec![at(-600.0, 1200.0)]),
        leg(LegKind::Return { finish }, way_back),
    ];
    legs[1].speed_m_s = Some(0.8 * sample_speed_m_s(autopilot));
    legs[2].window = Some(TimeWindow {
        not_before_s: 300.0,
        not_after_s: 7200.0,
    });
    legs
}

/// The facts of an unarmed, uncrewed vehicle with this autopilot.
#[must_use]
pub fn sample_facts(autopilot: Autopilot) -> VehicleFacts {
    VehicleFacts {
        is_munition: false,
        carries_effector: false,
        is_crewed: false,
        is_oracle_planned: false,
        autopilot,
    }
}

/// Home on land in the hills of Tennessee, on the water in the strait of Juan de Fuca.
fn sample_home(autopilot: Autopilot) -> Site {
    if is_on_water(autopilot) {
        Site {
            lat_deg: 48.26,
            lon_deg: -123.5,
            elevation_m: 0.0,
        }
    } else {
        Site {
            lat_deg: 36.59,
            lon_deg: -84.25,
            elevation_m: 412.5,
        }
    }
}

/// Whether the autopilot's vehicles are on or under water.
fn is_on_water(autopilot: Autopilot) -> bool {
    matches!(
        autopilot,
        Autopilot::ArdupilotBoat | Autopilot::ArdupilotSub | Autopilot::Moos | Autopilot::Imc
    )
}

/// A waypoint `offset` metres east and north of home, at the vehicle's working height or depth.
fn sample_waypoint(autopilot: Autopilot, home: Site, offset: DVec2) -> Waypoint {
    let place = moved(home.position(), offset);
    let altitude = if autopilot.is_aerial() {
        Altitude::AboveHome(60.0)
    } else if autopilot == Autopilot::ArdupilotSub || autopilot == Autopilot::Imc {
        Altitude::Depth(10.0)
    } else {
        Altitude::Surface
    };
    Waypoint {
        lat_deg: place.lat_deg,
        lon_deg: place.lon_deg,
        altitude,
    }
}

/// A square with half-width `half_m` about the point `centre` metres from home.
fn corners(home: Site, half_m: f64, centre: DVec2) -> Vec<Position> {
    let signs = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    let corner = |(x, y): (f64, f64)| moved(home.position(), centre + DVec2::new(x, y) * half_m);
    signs.into_iter().map(corner).collect()
}

/// An ordinary cruise speed, metres per second.
fn sample_speed_m_s(autopilot: Autopilot) -> f64 {
    match autopilot {
        Autopilot::ArdupilotPlane | Autopilot::Px4Fw => 18.0,
        Autopilot::ArdupilotCopter | Autopilot::Px4Mc => 8.0,
        Autopilot::ArdupilotSub | Autopilot::Imc => 1.5,
        _ => 3.0,
    }
}

/// The kind of vehicle in a word.
fn kind_of(autopilot: Autopilot) -> &'static str {
    match autopilot {
        Autopilot::None => "none",
        Autopilot::ArdupilotCopter | Autopilot::Px4Mc => "copter",
        Autopilot::ArdupilotPlane | Autopilot::Px4Fw => "plane",
        Autopilot::ArdupilotRover | Autopilot::Px4Rover | Autopilot::Nav2 => "rover",
        Autopilot::ArdupilotBoat | Autopilot::Moos => "boat",
        Autopilot::ArdupilotSub | Autopilot::Imc => "sub",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::exportable::{ExportableVehicle, NotExportable};
    use crate::plan::flaw::flaws;

    /// The code with which a changed plan or changed facts are refused.
    fn refusal(change: impl FnOnce(&mut MissionPlan, &mut VehicleFacts)) -> Option<&'static str> {
        let autopilot = Autopilot::Px4Mc;
        let (mut plan, mut facts) = (sample(autopilot), sample_facts(autopilot));
        change(&mut plan, &mut facts);
        ExportableVehicle::new(plan, facts)
            .err()
            .as_ref()
            .map(NotExportable::code)
    }

    #[test]
    fn samples_are_sound() {
        for autopilot in [
            Autopilot::ArdupilotPlane,
            Autopilot::ArdupilotSub,
            Autopilot::Nav2,
        ] {
            assert_eq!(flaws(&sample(autopilot)), []);
        }
        assert_eq!(refusal(|_, _| ()), None);
    }

    #[test]
    fn what_must_stay_inside_stays_inside() {
        assert_eq!(refusal(|_, facts| facts.is_munition = true), Some("X1001"));
        assert_eq!(
            refusal(|_, facts| facts.carries_effector = true),
            Some("X1002")
        );
        assert_eq!(refusal(|_, facts| facts.is_crewed = true), Some("X1003"));
        assert_eq!(
            refusal(|_, facts| facts.is_oracle_planned = true),
            Some("X1004")
        );
        assert_eq!(
            refusal(|_, facts| facts.autopilot = Autopilot::None),
            Some("X1005")
        );
        assert_eq!(
            refusal(|_, facts| facts.autopilot = Autopilot::Px4Fw),
            Some("X1006")
        );
    }

    #[test]
    fn unsound_plans_stay_inside() {
        assert_eq!(refusal(|plan, _| plan.legs.truncate(2)), Some("X1007"));
        assert_eq!(
            refusal(|plan, _| plan.legs[0].waypoints.clear()),
            Some("X1007")
        );
        assert_eq!(
            refusal(|plan, _| plan.reserve_fraction = 0.0),
            Some("X1007")
        );
        assert_eq!(
            refusal(|plan, _| plan.endurance_s = f64::NAN),
            Some("X1007")
        );
        assert_eq!(refusal(|plan, _| plan.home.lat_deg = 91.0), Some("X1007"));
        assert_eq!(
            refusal(|plan, _| plan.geofence.keep_in.truncate(2)),
            Some("X1007")
        );
        assert_eq!(
            refusal(|plan, _| plan.geofence.keep_in.swap(0, 1)),
            Some("X1007")
        );
        let deep = |plan: &mut MissionPlan| {
            plan.legs[0].waypoints[0].altitude = Altitude::Depth(-3.0);
        };
        assert_eq!(refusal(|plan, _| deep(plan)), Some("X1007"));
        let two_returns = |plan: &mut MissionPlan| {
            let last = plan.legs[plan.legs.len() - 1].clone();
            plan.legs.push(last);
        };
        assert_eq!(refusal(|plan, _| two_returns(plan)), Some("X1007"));
    }

    #[test]
    fn plans_survive_their_text_form_and_refuse_unknown_keys() {
        let plan = sample(Autopilot::ArdupilotSub);
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<MissionPlan>(&text).unwrap(), plan);
        let armed = text.replacen("{", r#"{"weapon":"any","#, 1);
        assert!(serde_json::from_str::<MissionPlan>(&armed).is_err());
    }

    #[test]
    fn heights_above_ground_resolve() {
        let mut plan = sample(Autopilot::Px4Mc);
        plan.legs[0].waypoints[0].altitude = Altitude::AboveGround(40.0);
        plan.resolve_ground(|_| 500.0);
        assert_eq!(
            plan.legs[0].waypoints[0].altitude,
            Altitude::AboveMeanSea(540.0)
        );
    }
}
