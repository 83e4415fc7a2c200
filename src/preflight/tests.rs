//! Each rule on plans for which the answer is plain.

use glam::DVec2;

use super::{Limits, Timeline, World, check};
use crate::kernel::finding::{Finding, Severity};
use crate::plan::fence::{distance_m, moved};
use crate::plan::sample::sample;
use crate::plan::{
    Altitude, Autopilot, Capture, Leg, LegKind, MissionPlan, Pointing, Position, TimeWindow,
};

/// The codes for plans over flat ground at home's height, without tracks, with a perfect link.
fn codes(plans: &[MissionPlan]) -> Vec<String> {
    codes_near(plans, &[])
}

/// The same with tracks.
fn codes_near(plans: &[MissionPlan], tracks: &[Position]) -> Vec<String> {
    let ground = |_: Position| 412.5;
    let link = |_: &str, _: f64, _: Position, _: f64| 40.0;
    let world = World {
        ground: &ground,
        link: Some(&link),
        tracks,
    };
    only_codes(check(plans, &world, &Limits::default()))
}

/// The codes of findings.
fn only_codes(findings: Vec<Finding>) -> Vec<String> {
    let mut codes: Vec<String> = findings.into_iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

/// The sample plan after a change.
fn changed(autopilot: Autopilot, change: impl FnOnce(&mut MissionPlan)) -> MissionPlan {
    let mut plan = sample(autopilot);
    change(&mut plan);
    plan
}

#[test]
fn sample_plans_pass_on_their_own_ground() {
    for autopilot in [
        Autopilot::ArdupilotCopter,
        Autopilot::Px4Fw,
        Autopilot::ArdupilotRover,
        Autopilot::Nav2,
    ] {
        assert_eq!(
            codes(&[sample(autopilot)]),
            Vec::<String>::new(),
            "{autopilot:?}"
        );
    }
    for autopilot in [Autopilot::ArdupilotBoat, Autopilot::ArdupilotSub] {
        let sea = |_: Position| -60.0;
        let world = World {
            ground: &sea,
            link: None,
            tracks: &[],
        };
        let findings = check(&[sample(autopilot)], &world, &Limits::default());
        assert!(
            findings.iter().all(|finding| finding.code == "P1113"),
            "{findings:?}"
        );
    }
}

#[test]
fn the_timeline_takes_the_time_that_the_way_takes() {
    let mut plan = sample(Autopilot::ArdupilotRover);
    let home = plan.home.position();
    let point = moved(home, DVec2::new(0.0, 600.0));
    let mut waypoint = plan.legs[0].waypoints[0];
    (waypoint.lat_deg, waypoint.lon_deg) = (point.lat_deg, point.lon_deg);
    let finish = plan.legs.pop().unwrap().kind;
    let stay = LegKind::Relay { hold_s: 100.0 };
    plan.legs = vec![
        Leg {
            kind: stay,
            ..Leg::navigate(vec![waypoint])
        },
        Leg {
            kind: finish,
            speed_m_s: Some(6.0),
            ..Leg::navigate(vec![])
        },
    ];
    let way = Timeline::of(&plan, &|_: Position| 0.0, &Limits::default()).unwrap();
    // 600 m at 3 m/s, 100 s of holding, 600 m at 6 m/s.
    assert!(
        (way.leg_ends_s[0] - 300.0).abs() < 0.01,
        "{:?}",
        way.leg_ends_s
    );
    assert!(
        (way.leg_ends_s[1] - 400.0).abs() < 0.01,
        "{:?}",
        way.leg_ends_s
    );
    let end = way.samples.last().unwrap();
    assert!(distance_m(end.at, home) < 0.01);
}

#[test]
fn leaving_the_fence_is_found_even_between_waypoints() {
    let rover = Autopilot::ArdupilotRover;
    let outside = changed(rover, |plan| plan.legs[0].waypoints[0].lat_deg += 0.03);
    assert_eq!(codes(&[outside]), ["P1101"]);
    let hole = changed(rover, |plan| {
        let home = plan.home.position();
        let corner = |x, y| moved(home, DVec2::new(x, y));
        // Across the way from (300, 800) to (900, 1200), holding neither.
        let area = vec![
            corner(580.0, 900.0),
            corner(620.0, 900.0),
            corner(600.0, 1100.0),
        ];
        plan.geofence.keep_out.push(area);
    });
    assert_eq!(codes(&[hole]), ["P1101"]);
    let rally = changed(rover, |plan| plan.rally[0].lon_deg += 1.0);
    assert_eq!(codes(&[rally]), ["P1101"]);
}

#[test]
fn heights_keep_to_ceiling_and_ground() {
    let high = changed(Autopilot::Px4Mc, |plan| {
        plan.legs[1].waypoints[1].altitude = Altitude::AboveHome(501.0);
    });
    assert_eq!(codes(&[high]), ["P1102"]);
    let low = changed(Autopilot::Px4Mc, |plan| {
        plan.legs[1].waypoints[1].altitude = Altitude::AboveMeanSea(412.5 + 19.0);
    });
    assert_eq!(codes(&[low]), ["P1104"]);
    // A ridge between two waypoints that are both clear of it.
    let plan = sample(Autopilot::Px4Mc);
    let ridge_at = moved(plan.home.position(), DVec2::new(1000.0, 2000.0));
    let ridge = move |at: Position| {
        if distance_m(at, ridge_at) < 100.0 {
            460.0
        } else {
            412.5
        }
    };
    let world = World {
        ground: &ridge,
        link: None,
        tracks: &[],
    };
    let findings = only_codes(check(&[plan], &world, &Limits::default()));
    assert_eq!(findings, ["P1104", "P1113"]);
}

#[test]
fn following_the_ground_clears_the_ridge() {
    let mut plan = sample(Autopilot::ArdupilotCopter);
    let ways = plan
        .legs
        .iter_mut()
        .flat_map(|leg| leg.waypoints.iter_mut());
    ways.for_each(|waypoint| waypoint.altitude = Altitude::AboveGround(60.0));
    let hill_at = moved(plan.home.position(), DVec2::new(1000.0, 2000.0));
    let hill = move |at: Position| 412.5 + (300.0 - distance_m(at, hill_at)).max(0.0);
    let world = World {
        ground: &hill,
        link: None,
        tracks: &[],
    };
    assert_eq!(
        only_codes(check(&[plan], &world, &Limits::default())),
        ["P1113"]
    );
}

#[test]
fn boats_need_water_and_rovers_land() {
    assert!(codes(&[sample(Autopilot::ArdupilotBoat)]).contains(&"P1112".to_owned()));
    let sea = |_: Position| -3.0;
    let world = World {
        ground: &sea,
        link: None,
        tracks: &[],
    };
    for (autopilot, code) in [
        (Autopilot::Px4Rover, "P1112"),
        (Autopilot::ArdupilotSub, "P1104"),
    ] {
        let found = only_codes(check(&[sample(autopilot)], &world, &Limits::default()));
        assert!(found.contains(&code.to_owned()), "{autopilot:?} {found:?}");
    }
}

#[test]
fn the_reserve_is_kept() {
    let plan = sample(Autopilot::Px4Mc);
    let way = Timeline::of(&plan, &|_: Position| 412.5, &Limits::default()).unwrap();
    let (start_s, end_s) = way.span_s();
    let with = |endurance_s: f64| changed(Autopilot::Px4Mc, |plan| plan.endurance_s = endurance_s);
    assert_eq!(
        codes(&[with((end_s - start_s) / 0.8 + 1.0)]),
        Vec::<String>::new()
    );
    assert_eq!(codes(&[with((end_s - start_s) / 0.8 - 1.0)]), ["P1103"]);
}

#[test]
fn windows_are_met() {
    let late = changed(Autopilot::Px4Mc, |plan| {
        plan.legs[0].window = Some(TimeWindow {
            not_before_s: 0.0,
            not_after_s: 20.0,
        });
    });
    assert_eq!(codes(&[late]), ["P1108"]);
}

#[test]
fn two_vehicles_in_one_place_are_found_and_shifts_in_height_or_time_cure_it() {
    let twin = |change: fn(&mut MissionPlan)| {
        let mut plan = sample(Autopilot::Px4Mc);
        plan.unit = "twin".into();
        change(&mut plan);
        plan
    };
    let first = sample(Autopilot::Px4Mc);
    let found = codes(&[first.clone(), twin(|_| ())]);
    assert_eq!(found, ["P1105"]);
    let later = twin(|plan| plan.launch.at_s = 7200.0);
    let shifted = MissionPlan {
        legs: first.legs.clone(),
        ..later
    };
    let shifted = changed_windows(shifted);
    assert_eq!(codes(&[first.clone(), shifted]), Vec::<String>::new());
    let higher = twin(|plan| {
        let ways = plan
            .legs
            .iter_mut()
            .flat_map(|leg| leg.waypoints.iter_mut());
        ways.for_each(|waypoint| waypoint.altitude = Altitude::AboveHome(90.0));
        plan.launch.climb_m = 90.0;
    });
    // Both still start at one place at one time: that is for their crews, a warning.
    let ground = |_: Position| 412.5;
    let world = World {
        ground: &ground,
        link: None,
        tracks: &[],
    };
    let findings = check(&[first, higher], &world, &Limits::default());
    assert!(findings.iter().any(|finding| finding.code == "P1105"));
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity == Severity::Warning),
        "{findings:?}"
    );
}

/// The plan without time windows.
fn changed_windows(mut plan: MissionPlan) -> MissionPlan {
    plan.legs.iter_mut().for_each(|leg| leg.window = None);
    plan
}

#[test]
fn crossing_ways_are_found_only_when_the_times_agree() {
    // Two rovers cross at right angles 300 m from each start.
    let crossing = |unit: &str, delay_s: f64, from: DVec2, to: DVec2| {
        let mut plan = sample(Autopilot::ArdupilotRover);
        plan.unit = unit.into();
        let origin = plan.home.position();
        let at = |offset: DVec2| moved(origin, offset);
        let mut waypoint = plan.legs[0].waypoints[0];
        (waypoint.lat_deg, waypoint.lon_deg) = (at(to).lat_deg, at(to).lon_deg);
        for site in [&mut plan.launch.site, &mut plan.home] {
            (site.lat_deg, site.lon_deg) = (at(from).lat_deg, at(from).lon_deg);
        }
        (plan.recovery.lat_deg, plan.recovery.lon_deg) = (at(to).lat_deg, at(to).lon_deg);
        plan.launch.at_s = delay_s;
        let finish = plan.legs.pop().unwrap().kind;
        plan.legs = vec![
            Leg::navigate(vec![waypoint]),
            Leg {
                kind: finish,
                ..Leg::navigate(vec![])
            },
        ];
        plan
    };
    let east = crossing(
        "east",
        0.0,
        DVec2::new(-300.0, 500.0),
        DVec2::new(300.0, 500.0),
    );
    let north = |delay_s| {
        crossing(
            "north",
            delay_s,
            DVec2::new(0.0, 200.0),
            DVec2::new(0.0, 800.0),
        )
    };
    assert_eq!(codes(&[east.clone(), north(0.0)]), ["P1105"]);
    // 3 m/s: 20 s later the first one is 60 m past the crossing, and the closest is 42 m.
    assert_eq!(codes(&[east, north(20.0)]), Vec::<String>::new());
}

#[test]
fn the_stand_off_is_kept_and_cannot_be_lowered() {
    let plan = sample(Autopilot::Px4Mc);
    let near = |m: f64| [moved(plan.home.position(), DVec2::new(1300.0 + m, 2000.0))];
    assert_eq!(
        codes_near(core::slice::from_ref(&plan), &near(501.0)),
        Vec::<String>::new()
    );
    assert_eq!(
        codes_near(core::slice::from_ref(&plan), &near(499.0)),
        ["P1106"]
    );
    assert!(Limits::default().with_stand_off(199.9).is_err());
    assert!(Limits::default().with_stand_off(f64::NAN).is_err());
    let least = Limits::default().with_stand_off(200.0).unwrap();
    let ground = |_: Position| 412.5;
    let world = World {
        ground: &ground,
        link: None,
        tracks: &near(499.0),
    };
    assert_eq!(only_codes(check(&[plan], &world, &least)), ["P1113"]);
}

#[test]
fn a_plan_cannot_look_at_a_track() {
    let plan = changed(Autopilot::Px4Mc, |plan| {
        let far = moved(plan.home.position(), DVec2::new(9000.0, 9000.0));
        let mut point = plan.legs[0].waypoints[0];
        (point.lat_deg, point.lon_deg) = (far.lat_deg, far.lon_deg);
        let pointing = Pointing::At(point);
        plan.legs[1].kind = LegKind::Sense {
            pointing,
            capture: Capture::None,
        };
    });
    let track = [moved(plan.home.position(), DVec2::new(9000.0, 9100.0))];
    assert_eq!(codes_near(&[plan], &track), ["P1111"]);
}

#[test]
fn a_long_gap_in_the_link_is_found() {
    let plan = sample(Autopilot::Px4Mc);
    let shadow_at = moved(plan.home.position(), DVec2::new(1000.0, 2000.0));
    let gap = |radius_m: f64| {
        let plan = plan.clone();
        let ground = |_: Position| 412.5;
        let link = move |_: &str, _: f64, at: Position, _: f64| {
            if distance_m(at, shadow_at) < radius_m {
                f64::NAN
            } else {
                20.0
            }
        };
        let world = World {
            ground: &ground,
            link: Some(&link),
            tracks: &[],
        };
        only_codes(check(&[plan], &world, &Limits::default()))
    };
    // At 6.4 m/s a shadow of 2 x 100 m lasts about 31 s, one of 2 x 250 m 78 s; 60 s are allowed.
    assert_eq!(gap(100.0), Vec::<String>::new());
    assert_eq!(gap(250.0), ["P1107"]);
}

#[test]
fn flawed_and_doubled_plans_are_named() {
    let flawed = changed(Autopilot::Px4Mc, |plan| plan.cruise_speed_m_s = f64::NAN);
    assert_eq!(codes(&[flawed]), ["P1001"]);
    let found = codes(&[sample(Autopilot::Px4Mc), sample(Autopilot::Px4Mc)]);
    assert!(found.contains(&"P1110".to_owned()));
}

#[test]
fn the_whole_circle_of_a_fixed_wing_keeps_its_distance() {
    let circling = |radius_m: f64| {
        changed(Autopilot::Px4Fw, |plan| {
            plan.legs[4].kind = LegKind::Loiter {
                hold_s: 60.0,
                radius_m,
            };
        })
    };
    let plan = circling(80.0);
    let track = [moved(
        plan.home.position(),
        DVec2::new(-600.0 - 600.0, 1200.0),
    )];
    assert_eq!(codes_near(&[plan], &track), Vec::<String>::new());
    assert_eq!(codes_near(&[circling(120.0)], &track), ["P1106"]);
}
