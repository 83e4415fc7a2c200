//! The systems in a small world that is told what happens.

#[path = "tests_story.rs"]
mod story;

use story::{FAR_TANK, POST, ROBOT, TANK, mistaken, told};

use crate::{
    accounting::{
        kill_chain::{Stage, TargetOutcome},
        summary::Measure,
        target::Fate,
    },
    kernel::{
        ids::UnitIx,
        random::{DrawKey, Stream},
    },
    platform::{energy::Supply, stores::EffectorIx, vehicle::Fleet},
};

/// Whether two numbers agree.
fn near(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() < 1e-9)
}

#[test]
fn the_chain_of_a_target_is_followed_to_its_end() {
    let (report, _, _) = told();
    let blue = &report.timelines[0];
    assert_eq!((blue.side.as_str(), blue.targets.len()), ("blue", 2));
    let tank = &blue.targets[0];
    let expected = [1.0, 3.0, 5.0, 6.0, 8.0, 10.5, 12.0, 20.0];
    for (stage, at_s) in Stage::ALL.into_iter().zip(expected) {
        assert!(
            near(tank.time_s(stage), at_s),
            "{stage:?} {:?}",
            tank.time_s(stage)
        );
    }
    assert_eq!(
        (tank.outcome, tank.broke_at),
        (TargetOutcome::Assessed, None)
    );
    assert_eq!(
        (tank.fate, tank.effect_s),
        (Fate::Killed, Some(tank.fate_s))
    );
    let far = &blue.targets[FAR_TANK.at() - TANK.at()];
    assert_eq!(
        (far.outcome, far.broke_at),
        (TargetOutcome::NeverDetected, Some(Stage::FirstDetectable))
    );
    // Red never saw anything; white has no hostiles.
    assert_eq!(report.timelines.len(), 2);
    assert!(
        report.timelines[1]
            .targets
            .iter()
            .all(|target| target.times_s == [None; 8])
    );
    // What nobody could see has no record.
    let targets = &report.summary.targets[0].targets;
    assert_eq!(targets.as_slice(), [tank.record().unwrap()]);
    let chain = report.summary.kill_chain.as_ref().unwrap();
    assert_eq!(
        (chain.sensor_to_shooter.n, chain.sensor_to_shooter.events),
        (1, 1)
    );
    assert!(near(chain.sensor_to_shooter.restricted_mean_s, 9.0));
}

#[test]
fn fires_losses_and_cost_add_up() {
    let (report, _, world) = told();
    let fleet = world.resource::<Fleet>();
    let (summary, price) = (&report.summary, |ix: UnitIx| &fleet.vehicle(ix).class.cost);
    let blue = &summary.engagements[0];
    assert_eq!(
        (blue.proposed, blue.authorised, blue.refused, blue.lapsed),
        (1, 1, 0, 0)
    );
    assert_eq!(
        (blue.fired, blue.hits, blue.kills, blue.wrong),
        (1, 1, 1, 1)
    );
    let losses: Vec<u64> = summary.losses.iter().map(|side| side.units).collect();
    assert_eq!(losses, [1, 1, 0]);
    let tank_usd = price(TANK).acquisition_usd.value();
    assert!(near(Some(summary.losses[1].usd), tank_usd));
    assert_eq!(
        report.losses[1].points,
        [[0.0, 0.0], [14.5, 1.0], [30.0, 1.0]]
    );
    let round_usd = fleet.effector(EffectorIx(0)).round_cost_usd.value();
    assert_eq!(summary.expenditure[0].rounds, 10);
    assert!(near(Some(summary.expenditure[0].usd), 10.0 * round_usd));
    let hours = |ix, s: f64| price(ix).operating_usd_per_h.value() * s / 3600.0;
    let blue_usd = price(ROBOT).acquisition_usd.value()
        + 10.0 * round_usd
        + hours(POST, 30.0)
        + hours(ROBOT, 26.0);
    assert!(
        (summary.cost[0].usd - blue_usd).abs() < 1e-6,
        "{}",
        summary.cost[0].usd
    );
    let Supply::Battery { capacity_wh, .. } = fleet.vehicle(ROBOT).energy.supply else {
        panic!("the armed robot runs on a battery")
    };
    assert!(near(
        Some(summary.energy[0].kwh),
        0.25 * capacity_wh / 1000.0 + 0.25
    ));
}

#[test]
fn mistakes_are_told_from_what_was_right_and_what_was_left_half_done() {
    let report = mistaken();
    let blue = &report.summary.engagements[0];
    assert_eq!((blue.proposed, blue.authorised), (3, 3));
    assert_eq!((blue.wrong_proposed, blue.wrong_authorised), (1, 1));
    // The leave on the far tank ran out; that on the other one still holds; the truck is no target.
    assert_eq!((blue.abandoned, blue.wrong), (1, 0));
    let (story, _, _) = told();
    let blue = &story.summary.engagements[0];
    assert_eq!(
        (blue.wrong_proposed, blue.wrong_authorised, blue.abandoned),
        (0, 0, 0)
    );
    let desk = &story.summary.desks[0];
    assert_eq!((desk.at.as_str(), desk.operators), ("unit-0", 1));
    assert!(near(desk.wait_mean_s, 2.5) && desk.service_mean_s.is_none());
}

#[test]
fn pictures_and_messages_are_measured_against_the_truth() {
    let (report, _, _) = told();
    let quality = &report.summary.track_quality[0];
    assert_eq!(
        (quality.side.as_str(), quality.echelon.as_str()),
        ("blue", "platoon")
    );
    // Samples at 0, 10 and 20 s: none of two, one of two, none of the one that is left.
    assert!(near(quality.completeness, 0.5 / 3.0), "{quality:?}");
    assert!(near(quality.age_s, 4.0), "{quality:?}");
    let blue = &report.summary.blue_force[0];
    assert!(
        near(blue.error_m, 50.0) && near(blue.age_s, 2.0),
        "{blue:?}"
    );
    // Of the one other unit the post knows nothing at 0 and 10 s, at 20 s where it is within 50 m.
    assert!(near(blue.located, 1.0 / 3.0), "{blue:?}");
    assert_eq!(report.summary.blue_force[1].error_m, None);
    let network = &report.summary.network;
    assert!(near(network.delivery_ratio, 0.75) && near(network.delay_median_s, 0.4));
}

#[test]
fn measures_asked_for_come_before_those_of_every_run() {
    let (report, _, _) = told();
    let measures = &report.summary.measures;
    let find = |name: &str| measures.iter().find(|m| m.name == name).unwrap();
    assert_eq!(measures[0].name, "arrived");
    // The robot stands in the area, the tank of the other side does not count.
    assert!(near(measures[0].value, 1.0));
    assert_eq!(
        (measures[0].met, measures[1].met),
        (Some(false), Some(true))
    );
    assert!(near(measures[1].value, 1.0));
    assert!(near(find("blue_targets_destroyed").value, 1.0));
    assert!(near(find("white_losses").value, 0.0));
    let is_unknown = |m: &Measure| m.name == "white_targets_engaged";
    assert!(!measures.iter().any(is_unknown), "white has no hostiles");
}

#[test]
fn the_log_is_in_order_and_outcomes_can_be_recomputed_from_it() {
    let (report, events, _) = told();
    assert!(
        events
            .windows(2)
            .all(|pair| pair[0].time_us <= pair[1].time_us)
    );
    let words: Vec<&str> = events.iter().map(|row| row.kind.as_ref()).collect();
    let expected = [
        "detection",
        "track",
        "shared",
        "proposal",
        "ruling",
        "shot",
        "shot",
        "adjudication",
        "loss",
        "adjudication",
        "replenished",
        "assessment",
        "damage",
        "loss",
    ];
    assert_eq!(words, expected);
    let row = &events[7];
    assert_eq!(
        (row.subject.as_str(), row.object.as_str()),
        ("unit-1", "unit-2")
    );
    let key = row
        .detail
        .split_once("key=")
        .unwrap()
        .1
        .split_once(' ')
        .unwrap()
        .0;
    let parts: Vec<u64> = key
        .split('/')
        .map(|n| u64::from_str_radix(n, 16).unwrap())
        .collect();
    let draw = DrawKey::new(Stream::Shot, parts[1], parts[2], parts[3]).uniform(7);
    assert_eq!(draw.to_bits(), row.value.to_bits());
    assert_eq!(events[8].detail, "by=blue");
    let again = told();
    assert_eq!((again.0, again.1), (report, events));
}
