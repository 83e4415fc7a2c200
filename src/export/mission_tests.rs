//! What a plan becomes, item by item, and what is refused.

use serde_json::Value;

use super::{ExportError, Exporter, Profile, QgcPlan};
use crate::plan::fence::moved;
use crate::plan::sample::{sample, sample_facts};
use crate::plan::{Altitude, Autopilot, ExportableVehicle, Finish, LegKind, MissionPlan};

/// The file of a sample plan after a change.
fn encode(
    autopilot: Autopilot,
    exporter: QgcPlan,
    change: impl FnOnce(&mut MissionPlan),
) -> Result<Value, ExportError> {
    let mut plan = sample(autopilot);
    change(&mut plan);
    let vehicle = ExportableVehicle::new(plan, sample_facts(autopilot)).unwrap();
    let bytes = exporter.encode(&vehicle)?;
    assert_eq!(exporter.check("x.plan", &bytes), []);
    Ok(serde_json::from_slice(&bytes).unwrap())
}

/// The code with which a changed sample plan is refused.
fn refusal(autopilot: Autopilot, change: impl FnOnce(&mut MissionPlan)) -> &'static str {
    encode(autopilot, QgcPlan::default(), change)
        .expect_err("has to be refused")
        .code()
}

/// The commands of a file, in order.
fn commands(file: &Value) -> Vec<u64> {
    let items = file["mission"]["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["command"].as_u64().unwrap())
        .collect()
}

/// The finish of a plan.
fn set_finish(plan: &mut MissionPlan, finish: Finish) {
    plan.legs.last_mut().unwrap().kind = LegKind::Return { finish };
}

#[test]
fn a_copter_takes_off_sets_its_speed_looks_stays_and_lands() {
    let file = encode(Autopilot::Px4Mc, QgcPlan::default(), |_| ()).unwrap();
    let expected = [
        22, 178, 16, 16, // take-off, cruise, transit
        178, 16, 1000, 206, 16, 16, 16, 206, 1000, // slower, look down, stills, back to level
        178, 19, // cruise, relay stay
        16, 195, 2500, 16, 2501, 197, // look at a place with video
        19, 16, 21, // loiter, way back, landing
    ];
    assert_eq!(commands(&file), expected);
    let speed = &file["mission"]["items"][4]["params"];
    assert_eq!(
        (speed[0].as_f64(), speed[1].as_f64(), speed[2].as_f64()),
        (Some(1.0), Some(6.4), Some(-1.0))
    );
    assert_eq!(file["mission"]["items"][14]["params"][0], 45.0);
    assert!(
        file["mission"]["items"][2]["params"][3].is_null(),
        "PX4 would face north"
    );
}

#[test]
fn heights_are_above_home_and_depths_below_it() {
    let file = encode(Autopilot::ArdupilotCopter, QgcPlan::default(), |plan| {
        plan.legs[0].waypoints[0].altitude = Altitude::AboveMeanSea(412.5 + 33.25);
    });
    let file = file.unwrap();
    assert_eq!(file["mission"]["plannedHomePosition"][2], 412.5);
    assert_eq!(file["mission"]["items"][2]["params"][6], 33.25);
    assert_eq!(file["mission"]["items"][2]["Altitude"], 33.25);
    let file = encode(Autopilot::ArdupilotSub, QgcPlan::default(), |plan| {
        plan.legs[0].waypoints[0].altitude = Altitude::Surface;
    });
    let items = file.unwrap()["mission"]["items"].clone();
    assert_eq!(items[1]["params"][6], -0.1);
    assert_eq!(items[2]["params"][6], -10.0);
}

#[test]
fn ground_frames_are_for_ardupilot_aircraft_on_request() {
    let low = |plan: &mut MissionPlan| {
        plan.legs[0].waypoints[0].altitude = Altitude::AboveGround(50.0);
    };
    let by_ground = QgcPlan { by_ground: true };
    let file = encode(Autopilot::ArdupilotPlane, by_ground, low).unwrap();
    assert_eq!(file["mission"]["items"][2]["frame"], 10);
    assert_eq!(file["mission"]["items"][2]["AltitudeMode"], 4);
    assert_eq!(file["mission"]["globalPlanAltitudeMode"], 0);
    assert_eq!(refusal(Autopilot::ArdupilotPlane, low), "X1102");
    let px4 = encode(Autopilot::Px4Fw, by_ground, low).expect_err("PX4 has no terrain frame");
    assert_eq!(px4.code(), "X1102");
}

#[test]
fn each_vehicle_ends_in_its_own_way() {
    let last = |autopilot, finish| {
        let file = encode(autopilot, QgcPlan::default(), |plan| {
            set_finish(plan, finish);
        });
        *commands(&file.unwrap()).last().unwrap()
    };
    assert_eq!(last(Autopilot::ArdupilotCopter, Finish::ReturnToHome), 20);
    assert_eq!(last(Autopilot::Px4Mc, Finish::ReturnToHome), 21);
    assert_eq!(last(Autopilot::ArdupilotPlane, Finish::ReturnToHome), 21);
    assert_eq!(last(Autopilot::ArdupilotRover, Finish::ReturnToHome), 20);
    assert_eq!(last(Autopilot::ArdupilotBoat, Finish::Recover), 16);
    assert_eq!(last(Autopilot::ArdupilotSub, Finish::Recover), 21);
    assert_eq!(last(Autopilot::ArdupilotSub, Finish::ReturnToHome), 20);
    assert_eq!(
        refusal(Autopilot::Px4Rover, |plan| set_finish(plan, Finish::Land)),
        "X1105"
    );
    assert_eq!(
        refusal(Autopilot::Px4Mc, |plan| set_finish(plan, Finish::Recover)),
        "X1105"
    );
}

#[test]
fn a_fixed_wing_needs_an_approach_that_it_can_fly() {
    let none = |plan: &mut MissionPlan| plan.legs.last_mut().unwrap().waypoints.clear();
    let steep = |plan: &mut MissionPlan| {
        let gate = plan.legs.last_mut().unwrap().waypoints.last_mut().unwrap();
        gate.altitude = Altitude::AboveMeanSea(412.5 + 60.0);
    };
    for autopilot in [Autopilot::ArdupilotPlane, Autopilot::Px4Fw] {
        assert_eq!(refusal(autopilot, none), "X1106");
        assert_eq!(refusal(autopilot, steep), "X1106");
    }
}

#[test]
fn what_an_autopilot_would_take_and_not_do_is_refused() {
    let boat = Autopilot::ArdupilotBoat;
    let height =
        |altitude| move |plan: &mut MissionPlan| plan.legs[0].waypoints[0].altitude = altitude;
    assert_eq!(refusal(boat, height(Altitude::AboveMeanSea(0.0))), "X1102");
    let sub = Autopilot::ArdupilotSub;
    assert_eq!(refusal(sub, height(Altitude::AboveMeanSea(-5.0))), "X1102");
    assert_eq!(refusal(sub, height(Altitude::AboveHome(-5.0))), "X1102");
    assert_eq!(
        refusal(Autopilot::Px4Mc, height(Altitude::Depth(5.0))),
        "X1102"
    );
    assert_eq!(
        refusal(Autopilot::Px4Mc, |plan| plan.launch.climb_m = 11.0),
        "X1104"
    );
    assert_eq!(
        refusal(Autopilot::Px4Mc, |plan| plan.launch.site.lat_deg += 0.001),
        "X1103"
    );
    assert_eq!(
        refusal(boat, |plan| plan.legs[2].kind =
            LegKind::Relay { hold_s: 70_000.0 }),
        "X1111"
    );
    assert_eq!(refusal(Autopilot::Nav2, |_| ()), "X1101");
}

#[test]
fn fence_length_and_reach_are_kept() {
    let mc = Autopilot::Px4Mc;
    assert_eq!(
        refusal(mc, |plan| plan.legs[0].waypoints[0].lat_deg += 0.03),
        "X1107"
    );
    assert_eq!(refusal(mc, |plan| plan.rally[0].lat_deg += 0.1), "X1107");
    let homeless = |plan: &mut MissionPlan| {
        let home = plan.home.position();
        let corner = |x, y| moved(home, glam::DVec2::new(x, y));
        let away = corner(-300.0, 600.0);
        (plan.recovery.lat_deg, plan.recovery.lon_deg) = (away.lat_deg, away.lon_deg);
        plan.geofence.keep_in = vec![
            corner(-3000.0, 150.0),
            corner(3000.0, 150.0),
            corner(3000.0, 4000.0),
            corner(-3000.0, 4000.0),
        ];
    };
    assert_eq!(refusal(Autopilot::ArdupilotBoat, homeless), "X1107");
    let through = |plan: &mut MissionPlan| {
        let centre = glam::DVec2::new(1000.0, 2000.0);
        let corner = |x, y| moved(plan.home.position(), centre + glam::DVec2::new(x, y));
        let area = vec![corner(-50.0, -9.0), corner(50.0, -9.0), corner(0.0, 9.0)];
        plan.geofence.keep_out.push(area);
    };
    assert_eq!(refusal(mc, through), "X1108");
    let long = |plan: &mut MissionPlan| {
        let waypoint = plan.legs[0].waypoints[0];
        plan.legs[0].waypoints = vec![waypoint; 700];
    };
    assert_eq!(refusal(mc, long), "X1109");
    let far = |plan: &mut MissionPlan| {
        let home = plan.home.position();
        let corner = |x, y| moved(home, glam::DVec2::new(x, y));
        let (low, high) = (-20_000.0, 20_000.0);
        plan.geofence.keep_in = vec![
            corner(low, low),
            corner(high, low),
            corner(high, high),
            corner(low, high),
        ];
        let point = corner(0.0, 10_500.0);
        (
            plan.legs[0].waypoints[0].lat_deg,
            plan.legs[0].waypoints[0].lon_deg,
        ) = (point.lat_deg, point.lon_deg);
    };
    assert_eq!(refusal(mc, far), "X1110");
}

#[test]
fn numbers_have_the_form_that_every_reader_takes() {
    for profile in Profile::ALL {
        let file = encode(profile.autopilot(), QgcPlan::default(), |_| ()).unwrap();
        let mission = &file["mission"];
        assert!(file["version"].is_u64() && mission["version"].is_u64());
        assert!(mission["cruiseSpeed"].is_u64() && mission["hoverSpeed"].is_u64());
        for item in mission["items"].as_array().unwrap() {
            assert_eq!(item["params"].as_array().unwrap().len(), 7);
            assert!(item["frame"].is_u64() && item["autoContinue"].is_boolean());
            let lat = item["params"][4].to_string();
            assert!(
                lat.split('.')
                    .nth(1)
                    .is_none_or(|decimals| decimals.len() <= 8),
                "{lat}"
            );
        }
    }
}
