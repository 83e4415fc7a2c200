//! Satellites taken away and counterfeited, in whole runs.

use glam::DVec2;
use tercio::app::Simulation;
use tercio::cyber_ew::model::gate;
use tercio::cyber_ew::model::lock::Lock;
use tercio::cyber_ew::receiver::{GATE_ALPHA, GATE_S};
use tercio::cyber_ew::{Jammers, Receiver};
use tercio::kernel::ids::{UnitIndex, UnitIx};
use tercio::platform::aiding::Drift;
use tercio::platform::class::Catalogue;
use tercio::platform::navigation::NavSolution;
use tercio::platform::truth::Board;
use tercio::scenario::read::read_scenario;

use super::support::{catalogue, edited, load_text, run, start, unit};

/// An aircraft on its way past a small jammer, 500 m abeam half-way.
const PAST: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "past", title: "Past a jammer", duration_s: 1000,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.0, lon_deg: -84.0),
    terrain: Flat(height_m: 100, half_extent_m: (40000, 15000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [(id: "wing", name: "Wing", side: "blue", nation: "blueland", service: "air",
              echelon: Platoon),
             (id: "cell", name: "Cell", side: "red", nation: "redland", service: "army",
              echelon: Team)],
    units: [
        (id: "uav", class: "uav-group-3", force: "wing", at_m: (-15000, 0), heading_deg: 90,
         altitude_m: 300, route: (waypoints_m: [(25000, 0)])),
        (id: "man", class: "dismount", force: "cell", at_m: (0, 500),
         jammers: ["jammer-gnss-small"]),
    ],
)"#;

/// What one unit is and takes itself to be.
#[derive(Debug, Clone, Copy)]
struct Own {
    at_s: f64,
    lock: Lock,
    cn0_db_hz: f64,
    is_captured: bool,
    sigma_m: f64,
    truth: DVec2,
    belief: DVec2,
}

impl Own {
    /// Distance between where it is and where it takes itself to be, m.
    fn error_m(&self) -> f64 {
        self.truth.distance(self.belief)
    }
}

/// A unit now.
fn own(simulation: &Simulation, unit: UnitIx) -> Own {
    let world = simulation.world();
    let entity = world.resource::<UnitIndex>().entity(unit);
    let (receiver, navigation) = (
        world.get::<Receiver>(entity).unwrap(),
        world.get::<NavSolution>(entity).unwrap(),
    );
    Own {
        at_s: simulation.now_s(),
        lock: receiver.lock(),
        cn0_db_hz: receiver.cn0_db_hz(),
        is_captured: receiver.is_captured(),
        sigma_m: navigation.sigma_m,
        truth: world.resource::<Board>().piece(unit).position.truncate(),
        belief: navigation.position.truncate(),
    }
}

/// A unit in every second of a run.
fn story(text: &str, name: &str, until_s: f64) -> Vec<Own> {
    let mut simulation = start(&load_text(text), 1, until_s);
    let ix = unit(&simulation, name);
    let mut story = Vec::new();
    while !simulation.is_over() {
        simulation.step().expect("no invariant is broken");
        if simulation.ticks_done().is_multiple_of(10) {
            story.push(own(&simulation, ix));
        }
    }
    story
}

#[test]
fn an_aircraft_loses_its_satellites_near_a_jammer_and_finds_them_behind_it() {
    let story = story(PAST, "uav", 1000.0);
    let mut locks: Vec<Lock> = story.iter().map(|own| own.lock).collect();
    locks.dedup();
    let there_and_back = [
        Lock::Locked,
        Lock::Degraded,
        Lock::Lost,
        Lock::Degraded,
        Lock::Locked,
    ];
    assert_eq!(locks, there_and_back);
    let first = |lock: Lock| story.iter().position(|own| own.lock == lock).unwrap();
    let (degraded, lost) = (first(Lock::Degraded), first(Lock::Lost));
    let found = lost
        + story[lost..]
            .iter()
            .position(|own| own.lock != Lock::Lost)
            .unwrap();
    // In free space 28 dB-Hz are left at 2.57 km and 33 dB-Hz at 4.66 km.
    let gap_m = |own: &Own| own.truth.distance(DVec2::new(0.0, 500.0));
    let (lost_m, found_m) = (gap_m(&story[lost]), gap_m(&story[found]));
    println!("lost at {lost_m:.0} m, found at {found_m:.0} m");
    assert!((2400.0..2650.0).contains(&lost_m), "{lost_m}");
    assert!((4600.0..5100.0).contains(&found_m), "{found_m}");
    let clear_m = story[0].sigma_m;
    let worse = &story[degraded..lost];
    assert!(
        worse
            .windows(2)
            .all(|pair| pair[0].sigma_m <= pair[1].sigma_m + 0.3)
    );
    assert!(worse.last().unwrap().sigma_m > clear_m + 0.5);
    let blind = &story[lost..found];
    assert!(
        blind
            .windows(2)
            .all(|pair| pair[0].sigma_m < pair[1].sigma_m)
    );
    // Dead reckoning by 1.5 m/s with a time constant of 30 s.
    let last = blind.last().unwrap();
    let blind_s = last.at_s - blind[0].at_s + 1.0;
    let drift_m = 1.5 * (blind_s - 30.0);
    println!(
        "blind for {blind_s} s: {:.0} m off, {drift_m:.0} m of drift",
        last.error_m()
    );
    assert!(
        (last.error_m() - drift_m).abs() < 25.0,
        "{}",
        last.error_m()
    );
    // It flies where it takes itself to be, so that the error is one of the way that it really went.
    assert!(
        last.belief.y.abs() < 30.0 && last.truth.y.abs() > 10.0,
        "{last:?}"
    );
    let end = story.last().unwrap();
    assert!((end.sigma_m - clear_m).abs() < 0.05, "{end:?}");
    // What free space leaves of 45 dB-Hz at 21 km: the noise that leaves 28 at 2.57 km, weaker by the
    // square of the distances.
    assert!(
        end.error_m() < 4.0 * clear_m && (end.cn0_db_hz - 42.6).abs() < 0.2,
        "{end:?}"
    );
}

/// Bits of where everybody is and takes itself to be at the end.
fn ends(text: &str, until_s: f64) -> Vec<[u64; 4]> {
    let mut simulation = start(&load_text(text), 1, until_s);
    simulation.run().expect("no invariant is broken");
    let index = simulation.world().resource::<UnitIndex>();
    let bits = |ix: UnitIx| {
        let own = own(&simulation, ix);
        [own.truth.x, own.truth.y, own.belief.x, own.belief.y].map(f64::to_bits)
    };
    index.iter().map(|(ix, _)| bits(ix)).collect()
}

#[test]
fn behind_a_ridge_or_switched_off_a_jammer_changes_nothing() {
    let ridge = edited(
        PAST,
        &[
            (
                "Flat(height_m: 100, half_extent_m: (40000, 15000))",
                "Ridges(base_m: 100, spacing_m: 100, half_extent_m: (40000, 15000),
                 ridges: [(at_m: (0, 4000), heading_deg: 90, height_m: 900, sigma_m: 600)])",
            ),
            ("at_m: (0, 500)", "at_m: (0, 8000)"),
            ("altitude_m: 300", "altitude_m: 100"),
        ],
    );
    let off = |text: &str| edited(text, &[("jammers: [", "jammers_on: false, jammers: [")]);
    assert_eq!(ends(&ridge, 500.0), ends(&off(&ridge), 500.0));
    // Without the ridge the same jammer is felt.
    let plain = edited(PAST, &[("at_m: (0, 500)", "at_m: (0, 8000)")]);
    assert_ne!(ends(&plain, 500.0), ends(&off(&plain), 500.0));
}

#[test]
fn injects_switch_a_jammer_on_and_off_and_a_dead_jammer_is_silent() {
    let injects = |list: &str| {
        edited(
            PAST,
            &[("units: [", &format!("injects: [{list}], units: ["))],
        )
    };
    let near = |text: &str| edited(text, &[("at_m: (-15000, 0)", "at_m: (-1000, 0)")]);
    let lost = |text: &str| -> Vec<f64> {
        let story = story(&near(text), "uav", 40.0);
        let lost = story.iter().filter(|own| own.lock == Lock::Lost);
        lost.map(|own| own.at_s).collect()
    };
    let off = injects("(at_s: 10, what: JammerOff(unit: \"man\"))");
    let lost_off = lost(&off);
    assert!(
        lost_off[0] < 3.0 && *lost_off.last().unwrap() < 18.0,
        "{lost_off:?}"
    );
    let on = edited(
        &injects("(at_s: 20, what: JammerOn(unit: \"man\"))"),
        &[("jammers: [", "jammers_on: false, jammers: [")],
    );
    let lost_on = lost(&on);
    assert!(lost_on[0] > 20.0 && lost_on.len() >= 18, "{lost_on:?}");
    let dead = lost(&injects("(at_s: 10, what: Destroy(unit: \"man\"))"));
    assert_eq!(dead, lost_off);
}

/// Aircraft far apart that a spoofer pulls east at this speed from the tenth second on.
fn spoofed(pull_m_s: f64, count: u32) -> String {
    let pull = format!(
        "injects: [(at_s: 10, what: SpoofOn(unit: \"man\", heading_deg: 90,
        pull_m_s: {pull_m_s}))], units: ["
    );
    let many = format!(
        "count: {count}, formation: (shape: Line, spacing_m: 300), at_m: (0, -14000), heading_deg: 0"
    );
    edited(
        PAST,
        &[
            ("units: [", &pull),
            ("at_m: (-15000, 0), heading_deg: 90", &many),
            ("waypoints_m: [(25000, 0)]", "waypoints_m: [(0, 14000)]"),
            ("jammer-gnss-small", "spoofer-gnss"),
        ],
    )
}

#[test]
fn a_spoofed_aircraft_goes_astray_until_its_gate_finds_out() {
    let one = |pull_m_s: f64| edited(&spoofed(pull_m_s, 1), &[("count: 1, ", "")]);
    // At 0.4 m/s a look finds out with a probability of 0.4 %: nobody notices.
    let slow = story(&one(0.4), "uav", 300.0);
    let last = slow.last().unwrap();
    assert!(last.is_captured && last.lock == Lock::Locked, "{last:?}");
    let (off_m, usual_m) = (0.4 * 290.0, 10.0);
    assert!(
        (last.belief.x - last.truth.x - off_m).abs() < usual_m,
        "{last:?}"
    );
    assert!(
        last.truth.x < -60.0,
        "it flies west to stay where it thinks that it is: {last:?}"
    );
    assert!(last.sigma_m < usual_m, "and knows nothing of it");
    // At 20 m/s the first look finds out, and what was pulled until then is taken back.
    let fast = story(&one(20.0), "uav", 300.0);
    assert!(fast.iter().any(|own| own.is_captured));
    let last = fast.last().unwrap();
    assert!(!last.is_captured && last.lock == Lock::Lost, "{last:?}");
    assert!(
        last.error_m() < 1.5 * 260.0 + usual_m && last.sigma_m > 100.0,
        "{last:?}"
    );
}

#[test]
fn the_gate_finds_out_as_often_as_the_noncentral_chi_square_says() {
    let (count, pull_m_s) = (80, 2.0);
    let mut simulation = start(&load_text(&spoofed(pull_m_s, count)), 1, 43.0);
    simulation.run().expect("no invariant is broken");
    let world = simulation.world();
    let mut found = 0.0;
    let mut sigma_m: f64 = 0.0;
    for (_, row) in world.resource::<UnitIndex>().iter() {
        if row.name.starts_with("uav") {
            let receiver = world.get::<Receiver>(row.entity).unwrap();
            assert!(receiver.refuses() || receiver.is_captured());
            found += f64::from(u8::from(receiver.refuses()));
            sigma_m = world.get::<NavSolution>(row.entity).unwrap().fix_sigma_m();
        }
    }
    let class = Catalogue::shipped().class("uav-group-3").unwrap().clone();
    let drift_m = Drift::of(&class).error_m(0.0, GATE_S);
    let offset_m = pull_m_s * GATE_S;
    let noncentrality = offset_m * offset_m / (sigma_m * sigma_m + drift_m * drift_m);
    let wanted = gate::detection(noncentrality, gate::threshold(GATE_ALPHA));
    let (n, share) = (f64::from(count), found / f64::from(count));
    println!(
        "{found} of {n} found out, {wanted:.3} wanted at a noncentrality of {noncentrality:.2}"
    );
    assert!((0.3..0.7).contains(&wanted), "{wanted}");
    assert!((share - wanted).abs() < 4.0 * (wanted * (1.0 - wanted) / n).sqrt());
}

#[test]
fn a_run_with_jammers_goes_on_from_a_snapshot_with_equal_hashes() {
    let loaded = load_text(PAST);
    let whole = run(&loaded, 1, 450.0);
    let mut first = start(&loaded, 1, 450.0);
    while first.now_s() < 380.0 {
        first.step().expect("no invariant is broken");
    }
    assert_eq!(first.world().resource::<Jammers>().active().len(), 1);
    let mut second = start(&loaded, 1, 450.0);
    second
        .restore(&first.snapshot())
        .expect("it is of this scenario");
    second.run().expect("no invariant is broken");
    let second = second.finish();
    assert_eq!(
        second.report.summary.state_hash,
        whole.report.summary.state_hash
    );
}

#[test]
fn a_unit_that_is_to_jam_carries_a_jammer() {
    let codes = |injects: &str| -> Vec<String> {
        let text = edited(
            PAST,
            &[("units: [", &format!("injects: [{injects}], units: ["))],
        );
        let read = read_scenario("test.ron", &text, &[]).expect("the text is a scenario");
        let findings = tercio::scenario::validate::validate(&read, catalogue(), None);
        let codes = findings.into_iter().map(|it| it.code);
        codes.filter(|code| code.starts_with("S117")).collect()
    };
    assert_eq!(codes("(at_s: 1, what: JammerOn(unit: \"man\"))"), [""; 0]);
    assert_eq!(codes("(at_s: 1, what: JammerOn(unit: \"uav\"))"), ["S1177"]);
    assert_eq!(
        codes("(at_s: 1, what: JammerOff(unit: \"nan\"))"),
        ["S1176"]
    );
    assert_eq!(
        codes("(at_s: 1, what: SpoofOn(unit: \"man\", heading_deg: 400, pull_m_s: 0))"),
        ["S1177", "S1178", "S1178"]
    );
}
