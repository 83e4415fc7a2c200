//! Command: orders go down the echelons, missions go through their stages.

use tercio::accounting::operations::result::{MissionRow, SideOperations};
use tercio::app::{RunOutput, Simulation};
use tercio::platform::truth::Board;

use super::lockstep::run_to;
use super::support::{edited, events_of, load_text, run, start, unit};

/// A battalion with one company on a plain; red stands far off to the north.
const PLAIN: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "command", title: "Command", duration_s: 1800,
    start_utc: "2030-06-01T08:00:00Z",
    origin: (lat_deg: 48, lon_deg: 11),
    terrain: Flat(height_m: 100, half_extent_m: (9000, 9000)),
    sides: [(id: "blue", hostile_to: ["red"] SIDE), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "bn", side: "blue", nation: "b", service: "army", echelon: Battalion,
         command: "bn-cp", doctrine: "standard",
         subordinates: [(id: "coy", echelon: Company, command: "coy-cp")]),
        (id: "foe", side: "red", nation: "r", service: "army", echelon: Company,
         command: "foe-cp", doctrine: "standard"),
    ],
    units: [
        (id: "bn-cp", class: "command-vehicle", force: "bn", at_m: (0, -4000), networks: ["mesh"],
         roles: [Command]),
        (id: "coy-cp", class: "command-vehicle", force: "coy", at_m: (0, -2000),
         networks: ["mesh"], roles: [Command, Relay]),
        (id: "car", class: "reconnaissance-vehicle", force: "coy", count: 4, at_m: (0, -1000),
         formation: (shape: Line, spacing_m: 200), networks: ["mesh"]),
        (id: "foe-cp", class: "command-vehicle", force: "foe", at_m: (FOE), networks: ["foe-net"],
         roles: [Command]),
        (id: "foe-car", class: "armoured-carrier", force: "foe", count: 6, at_m: (FOE),
         heading_deg: 180, formation: (shape: Line, spacing_m: 200), networks: ["foe-net"]),
    ],
    networks: [(id: "mesh", radio: "mesh-wideband"), (id: "foe-net", radio: "mesh-wideband")],
    control_measures: [
        (id: "pl-north", side: "blue", shape: PhaseLine(line_m: [(-1500, 1500), (1500, 1500)])),
        (id: "pl-south", side: "blue", shape: PhaseLine(line_m: [(-1500, -1500), (1500, -1500)])),
        (id: "axis", side: "blue", shape: Route(route_m: [(0, -1000), (0, 1500)])),
        (id: "hill", side: "blue",
         shape: Area(area_m: [(-400, 1600), (400, 1600), (400, 2400), (-400, 2400)])),
        (id: "far", side: "blue",
         shape: Area(area_m: [(-8000, 3000), (8000, 3000), (8000, 8500), (-8000, 8500)])),
    ],
    staffs: [
        (at: "bn-cp", officers: 1, service: (median_s: 60)),
        (at: "coy-cp", officers: 1, service: (median_s: 30)),
    ],
    MORE
)
"#;

/// The plain with missions and decisions, the foe's place, and what else stands in blue's side.
pub(crate) fn plain(more: &str, foe: &str, side: &str) -> String {
    edited(PLAIN, &[("MORE", more), ("FOE", foe), ("SIDE", side)])
}

/// Blue's command in the result of a run.
pub(crate) fn blue(output: &RunOutput) -> &SideOperations {
    let all = &output.report.summary.operations;
    all.iter()
        .find(|side| side.side == "blue")
        .expect("blue has missions")
}

/// A mission of blue.
pub(crate) fn mission<'a>(output: &'a RunOutput, id: &str) -> &'a MissionRow {
    let rows = &blue(output).missions;
    rows.iter()
        .find(|row| row.id == id)
        .expect("the mission is there")
}

/// Where a unit is, m.
pub(crate) fn place(simulation: &Simulation, name: &str) -> [f64; 2] {
    let ix = unit(simulation, name);
    let at = simulation.world().resource::<Board>().piece(ix).position;
    [at.x, at.y]
}

/// Distance between two places, m.
fn gap_m(a: [f64; 2], b: [f64; 2]) -> f64 {
    glam::DVec2::from(a).distance(glam::DVec2::from(b))
}

pub(crate) const FAR: &str = "0, 8800";

#[test]
fn an_order_takes_the_time_of_every_staff_on_its_way() {
    let text = plain(
        r#"missions: [(id: "go", force: "coy", units: ["car"], on_order: true,
                       task: Screen(line: "pl-north"))],
           decisions: [(id: "dp", at: "bn-cp", when: After(at_s: 100), then: [Begin(mission: "go")])]"#,
        FAR,
        "",
    );
    let output = run(&load_text(&text), 1, 400.0);
    let decision = &blue(&output).decisions[0];
    let met = decision.met_s.expect("the clock shows it");
    assert!((100.0..101.1).contains(&met), "{met}");
    assert!(
        (decision.decided_s.unwrap() - met - 60.0).abs() < 0.2,
        "{decision:?}"
    );
    let carried = decision.carried_s.expect("the company carries it out");
    // Thirty seconds of the company's officer and what the message took on the air.
    let rest = carried - met - 90.0;
    assert!((0.0..10.0).contains(&rest), "{decision:?}");
    let begun = mission(&output, "go").begun_s.expect("the cars are sent");
    assert!(
        (carried..carried + 1.0).contains(&begun),
        "{begun} after {carried}"
    );
    let staffs = &blue(&output).staffs;
    let mut handled: Vec<(&str, u64)> = staffs
        .iter()
        .map(|it| (it.at.as_str(), it.handled))
        .collect();
    handled.sort_unstable();
    assert_eq!(handled, [("bn-cp", 1), ("coy-cp", 1)]);
    let orders = events_of(&output, "command");
    let words: Vec<&str> = orders.iter().map(|row| row.detail.as_str()).collect();
    assert_eq!(
        words,
        ["met", "decided", "handled begin=go", "carried begin=go"]
    );
}

#[test]
fn without_an_order_nobody_moves_and_an_order_calls_off_what_it_began() {
    let more = r#"missions: [(id: "go", force: "coy", units: ["car"], on_order: true,
                              task: Screen(line: "pl-north"))],
                  decisions: [
                    (id: "begin", at: "bn-cp", when: After(at_s: 1000), then: [Begin(mission: "go")]),
                    (id: "end", at: "bn-cp",
                     when: All([Begun(mission: "go"), After(at_s: 1150)]), then: [End(mission: "go")]),
                  ]"#;
    let loaded = load_text(&plain(more, FAR, ""));
    let mut simulation = start(&loaded, 1, 1800.0);
    let before = place(&simulation, "car-1");
    run_to(&mut simulation, 10_000);
    let there = gap_m(place(&simulation, "car-1"), before);
    assert!(there < 1e-9, "it was not told to, and went {there} m");
    run_to(&mut simulation, 15_000);
    let halted = place(&simulation, "car-1");
    assert!(halted[1] > before[1] + 300.0, "{halted:?}");
    run_to(&mut simulation, 17_900);
    let later = place(&simulation, "car-1");
    let moved = gap_m(later, halted);
    assert!(moved < 100.0, "called off, and yet it went {moved} m");
    let output = {
        simulation.run().expect("no invariant is broken");
        simulation.finish()
    };
    assert_eq!(
        format!("{:?}", mission(&output, "go").outcome),
        "Some(CalledOff)"
    );
}

#[test]
fn a_screen_spreads_along_its_line() {
    let more =
        r#"missions: [(id: "go", force: "coy", units: ["car"], task: Screen(line: "pl-north"))]"#;
    let mut simulation = start(&load_text(&plain(more, FAR, "")), 1, 900.0);
    run_to(&mut simulation, 8000);
    let mut east: Vec<f64> = (1..=4)
        .map(|n| place(&simulation, &format!("car-{n}")))
        .inspect(|at| assert!((at[1] - 1500.0).abs() < 60.0, "{at:?}"))
        .map(|at| at[0])
        .collect();
    east.sort_by(f64::total_cmp);
    for (got, want) in east.iter().zip([-1125.0, -375.0, 375.0, 1125.0]) {
        assert!((got - want).abs() < 60.0, "{east:?}");
    }
}

#[test]
fn halves_bound_by_turns() {
    let more = r#"missions: [(id: "go", force: "coy", units: ["car"],
                              task: Bound(route: "axis", bound_m: 800))]"#;
    let mut simulation = start(&load_text(&plain(more, FAR, "")), 1, 1800.0);
    let (mut both, mut any) = (0_u32, 0_u32);
    for s in 1..1500_u64 {
        run_to(&mut simulation, 10 * s);
        let board = simulation.world().resource::<Board>();
        let moves = |n: u32| {
            let ix = unit(&simulation, &format!("car-{n}"));
            board.piece(ix).velocity.length() > 1.0
        };
        let halves = [moves(1) || moves(2), moves(3) || moves(4)];
        any += u32::from(halves[0] || halves[1]);
        both += u32::from(halves[0] && halves[1]);
    }
    assert!(any > 200, "they went for {any} s");
    assert!(both * 20 < any, "both halves moved for {both} of {any} s");
    simulation.run().expect("no invariant is broken");
    let output = simulation.finish();
    let row = mission(&output, "go");
    assert_eq!(format!("{:?}", row.outcome), "Some(Done)", "{row:?}");
    assert!(row.stages.len() >= 3 && row.secured_s.is_some(), "{row:?}");
}

#[test]
fn a_delay_falls_back_when_it_is_pressed() {
    let more = r#"missions: [
            (id: "go", force: "coy", units: ["car"],
             task: Delay(lines: ["pl-north", "pl-south"], pressed_m: 2500)),
            (id: "come", force: "foe", units: ["foe-car"], task: Move(route_m: [(0, -3000)]))]"#;
    let text = plain(more, "0, 7000", "");
    let pressed = run(&load_text(&text), 1, 1500.0);
    let row = mission(&pressed, "go");
    assert_eq!(row.stages.len(), 1, "{row:?}");
    // Nobody comes, nobody goes.
    let alone = edited(
        &text,
        &[("\"foe-car\"], task", "\"foe-car\"], on_order: true, task")],
    );
    let calm = run(&load_text(&alone), 1, 1500.0);
    assert!(
        mission(&calm, "go").stages.is_empty(),
        "{:?}",
        mission(&calm, "go")
    );
}

#[test]
fn an_objective_is_secured_and_consolidated_before_the_mission_is_done() {
    let more = r#"missions: [(id: "go", force: "coy", units: ["car"],
                              task: Secure(area: "hill", clear_s: 60))],
                  decisions: [(id: "next", at: "bn-cp", when: Secured(mission: "go"),
                               then: [End(mission: "go")])]"#;
    let output = run(&load_text(&plain(more, FAR, "")), 1, 1800.0);
    let row = mission(&output, "go");
    let (begun, secured) = (
        row.begun_s.unwrap(),
        row.secured_s.expect("nobody is there"),
    );
    assert!(secured > begun + 60.0, "{row:?}");
    // The battalion hears of it and acts, before the doctrine's consolidation of three minutes ends.
    let heard = blue(&output).decisions[0]
        .met_s
        .expect("the report arrives");
    assert!(
        (secured..secured + 20.0).contains(&heard),
        "{heard} after {secured}"
    );
    assert_eq!(format!("{:?}", row.outcome), "Some(CalledOff)", "{row:?}");
    let cycle = &blue(&output).cycle;
    let of = |name: &str| cycle.iter().find(|it| it.stage == name).expect("a stage");
    assert_eq!(
        (of("analyse").count, of("analyse").median_s.map(f64::round)),
        (1, Some(60.0))
    );
}

#[test]
fn a_course_is_drawn_by_its_weight_and_brings_its_missions_and_doctrine() {
    let side = r#", course: "drawn", courses: [
        (id: "sneak", title: "Sneak", weight: 3, doctrines: [("bn", "infiltrate")]),
        (id: "rush", title: "Rush")]"#;
    let more = r#"missions: [
        (id: "creep", force: "coy", units: ["car"], courses: ["sneak"], task: Screen(line: "pl-north")),
        (id: "drive", force: "coy", units: ["car"], courses: ["rush"], task: Screen(line: "pl-south")),
        (id: "always", force: "coy", units: ["coy-cp"], task: Hold(at_m: (0, -2000), radius_m: 50))]"#;
    let loaded = load_text(&plain(more, FAR, side));
    let mut sneaks = 0_u32;
    for seed in 0..60 {
        let output = start(&loaded, seed, 0.1).finish();
        let side = blue(&output);
        let ids: Vec<&str> = side.missions.iter().map(|row| row.id.as_str()).collect();
        match side.course.as_deref() {
            Some("sneak") => {
                sneaks += 1;
                assert_eq!(ids, ["creep", "always"]);
            }
            Some("rush") => assert_eq!(ids, ["drive", "always"]),
            other => panic!("{other:?}"),
        }
    }
    // Binomial of 60 draws with 3/4: 45 and four deviations of 3.35.
    assert!((32..=58).contains(&sneaks), "{sneaks}");
}

#[test]
fn an_order_to_begin_begins_anew_what_any_vehicle_may_do() {
    let more = r#"missions: [(id: "go", force: "coy", vehicles: 2, task: Secure(area: "hill", clear_s: 30))],
                  decisions: [(id: "again", at: "coy-cp", when: After(at_s: 100),
                               then: [Begin(mission: "go")])]"#;
    let output = run(&load_text(&plain(more, FAR, "")), 1, 1500.0);
    let row = mission(&output, "go");
    assert!(row.begun_s.is_some_and(|begun| begun > 100.0), "{row:?}");
    assert!(row.secured_s.is_some(), "{row:?}");
}

#[test]
fn what_never_began_lapses_and_can_be_called_off() {
    let more = r#"missions: [
            (id: "late", force: "foe", units: ["foe-cp"], window: (not_after_s: 200),
             task: Screen(line: "pl-north")),
            (id: "busy", force: "coy", units: ["car-1"], value: 9, task: Screen(line: "pl-south")),
            (id: "never", force: "coy", units: ["car-1"], window: (not_after_s: 200),
             task: Screen(line: "pl-north")),
            (id: "off", force: "coy", units: ["car-2"], on_order: true,
             task: Screen(line: "pl-north"))],
        decisions: [
            (id: "call-off", at: "bn-cp", when: After(at_s: 100), then: [End(mission: "off")]),
            (id: "over", at: "bn-cp", when: All([Over(mission: "never"), Over(mission: "off")]),
             then: [End(mission: "busy")])]"#;
    let output = run(&load_text(&plain(more, FAR, "")), 1, 500.0);
    let outcome = |id: &str| format!("{:?}", mission(&output, id).outcome);
    assert_eq!(outcome("never"), "Some(Lapsed)");
    assert_eq!(outcome("off"), "Some(CalledOff)");
    let over = &blue(&output).decisions[1];
    assert!(
        over.met_s.is_some(),
        "both are over, and the battalion hears it: {over:?}"
    );
}

#[test]
fn officers_never_work_more_than_all_of_their_time() {
    let more = r#"decisions: [(id: "dp", at: "bn-cp", when: After(at_s: 50),
                               then: [Emit(force: "coy", emcon: Free)])]"#;
    let long = edited(&plain(more, FAR, ""), &[("median_s: 60", "median_s: 600")]);
    let output = run(&load_text(&long), 1, 100.0);
    let staff = blue(&output).staffs.iter().find(|it| it.at == "bn-cp");
    let load = staff
        .and_then(|it| it.utilisation)
        .expect("it has an officer");
    // One officer at work from 50 s to the end at 100 s.
    assert!((0.48..=0.51).contains(&load), "{load}");
}

#[test]
fn a_post_that_has_broken_off_calls_off_what_it_is_ordered_to_begin() {
    let more = r#"doctrines: [(id: "brittle", posture: WeaponsTight, engage_confidence: 0.9,
                               engage_sigma_max_m: 50, rounds_per_target_max: 2, break_off_fraction: 0.3)],
        injects: [(at_s: 60, what: Destroy(unit: "car-1")), (at_s: 60, what: Destroy(unit: "car-2"))],
        missions: [(id: "late", force: "coy", on_order: true, task: Screen(line: "pl-south"))],
        decisions: [(id: "dp", at: "coy-cp", when: After(at_s: 600), then: [Begin(mission: "late")])]"#;
    let brittle = [(
        "(id: \"coy\", echelon: Company, command: \"coy-cp\")",
        "(id: \"coy\", echelon: Company, command: \"coy-cp\", doctrine: \"brittle\")",
    )];
    let output = run(
        &load_text(&edited(&plain(more, FAR, ""), &brittle)),
        1,
        900.0,
    );
    let row = mission(&output, "late");
    assert_eq!(format!("{:?}", row.outcome), "Some(CalledOff)", "{row:?}");
}
