//! Matrices, labels, classes of message and what they do to whole runs.

use tercio::app::{RunOutput, Simulation};
use tercio::kernel::ids::UnitIndex;
use tercio::kernel::time::SimTime;
use tercio::picture::BluePicture;

use super::lockstep::run_to;
use super::support::{load, load_text, run, start, unit};

/// Five scouts with cameras, of which four patrol, eight lorries and a mortar on one narrowband net, and
/// an intruder. The net carries 16 kbit/s at best.
const NARROW: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "narrow", title: "A narrowband net", duration_s: 600, dt_ms: 200,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.3, lon_deg: -84.2),
    terrain: Flat(height_m: 100, half_extent_m: (6000, 6000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "outpost", side: "blue", nation: "blueland", service: "army", echelon: Platoon,
         command: "cp", doctrine: "watchful"),
        (id: "intruders", side: "red", nation: "redland", service: "militia", echelon: Section,
         command: "intruder", doctrine: "sneak"),
    ],
    units: [
        (id: "cp", class: "command-vehicle", force: "outpost", at_m: (0, 1500),
         radios: ["vhf-vehicle"], networks: ["net"], roles: [Command]),
        (id: "eye", class: "ugv-scout", force: "outpost", at_m: (0, 0), heading_deg: 180,
         radios: ["vhf-vehicle"], networks: ["net"]),
        (id: "scout", class: "ugv-scout", force: "outpost", count: 4, at_m: (0, 200), heading_deg: 180,
         radios: ["vhf-vehicle"], networks: ["net"]),
        (id: "mortar", class: "mortar-carrier", force: "outpost", at_m: (200, 1400),
         heading_deg: 180, radios: ["vhf-vehicle"], networks: ["net"]),
        (id: "lorry", class: "truck", force: "outpost", count: 8, at_m: (400, 1600),
         radios: ["vhf-vehicle"], networks: ["net"]),
        (id: "intruder", class: "reconnaissance-vehicle", force: "intruders", at_m: (0, -1500),
         heading_deg: 0, networks: ["red-net"], roles: [Command]),
    ],
    networks: [(id: "net", radio: "vhf-vehicle"), (id: "red-net", radio: "vhf-vehicle")],
    sharing: (position_reports: ByInterval, position_report_interval_s: 2,
              status_report_interval_s: 60),
    desks: [
        (at: "cp", operators: 1, service: (median_s: 8, sigma_log: 0.4, floor_s: 2),
         accept_confidence: 0.3, authorisation_valid_s: 180, proposal_valid_s: 240,
         lost_link_s: 20),
    ],
    doctrines: [
        (id: "watchful", posture: WeaponsFree, engage_confidence: 0.5, engage_sigma_max_m: 400,
         rounds_per_target_max: 12, plan_interval_s: 10),
        (id: "sneak", posture: WeaponsHold, engage_confidence: 0.9, engage_sigma_max_m: 100,
         rounds_per_target_max: 1),
    ],
    missions: [
        (id: "watch", force: "outpost", units: ["scout"], vehicles: 4, value: 1,
         task: Patrol(route_m: [(0, 0), (300, 0), (300, 300), (0, 300)])),
        (id: "drive-north", force: "intruders", units: ["intruder"], value: 1,
         task: Infiltrate(route_m: [(0, 3000)])),
    ],
)"#;

/// Sent and delivered of a class or precedence.
fn traffic(output: &RunOutput, name: &str) -> [u64; 2] {
    let network = &output.report.summary.network;
    let classes = network
        .by_class
        .iter()
        .map(|row| (&row.class, &row.traffic));
    let urgencies = network.by_precedence.iter();
    let urgencies = urgencies.map(|row| (&row.precedence, &row.traffic));
    let mut rows = classes.chain(urgencies);
    let row = rows.find(|(known, _)| *known == name);
    row.map_or([0; 2], |(_, row)| [row.sent, row.delivered])
}

/// Delivered over sent.
fn ratio([sent, delivered]: [u64; 2]) -> f64 {
    assert!(sent > 0, "nothing was sent");
    delivered as f64 / sent as f64
}

/// Seeds whose messages are counted together.
const SEEDS: core::ops::RangeInclusive<u64> = 1..=4;

#[test]
fn video_chokes_a_narrowband_net_and_flash_still_passes() {
    let narrow = |video_bit_s: u32| -> Vec<RunOutput> {
        let setting = format!("video_bit_s: {video_bit_s}, position_reports");
        let loaded = load_text(&NARROW.replace("position_reports", &setting));
        SEEDS
            .map(|seed| run(&loaded, seed, f64::INFINITY))
            .collect()
    };
    let all = |runs: &[RunOutput], name: &str| {
        let sums = runs.iter().map(|run| traffic(run, name));
        sums.fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]])
    };
    let [position, flash, video] = ["position", "flash", "image"];
    let (without, with) = (narrow(0), narrow(16_000));
    assert_eq!(all(&without, video), [0, 0]);
    let [free, choked] = [&without, &with].map(|it| ratio(all(it, position)));
    let [flash_free, flash_choked] = [&without, &with].map(|it| ratio(all(it, flash)));
    let sent = all(&with, flash)[0] as f64;
    let seen = format!(
        "positions {free:.3} and {choked:.3}, flash {flash_free:.3} and {flash_choked:.3} of {sent}, \
         video {:?}",
        all(&with, video),
    );
    assert!(ratio(all(&with, video)) < 0.5, "{seen}");
    assert!(free > 0.97 && choked < 0.93, "{seen}");
    assert!(flash_free > 0.97 && flash_choked > 0.97, "{seen}");
    assert!(1.0 - flash_choked < 0.5 * (1.0 - choked), "{seen}");
}

#[test]
fn a_regime_is_no_more_than_its_matrix() {
    let rules = [
        (
            "Joint",
            "[(between: [OwnService], by: Direct), (by: Gateway)]",
        ),
        ("Meshed", "[(by: Direct)]"),
    ];
    for (regime, rules) in rules {
        let named = load("highland-screen", &[&format!("sharing.regime={regime}")]);
        let custom = [
            "sharing.regime=Custom".to_owned(),
            format!("sharing.rules={rules}"),
        ];
        let custom = load("highland-screen", &custom.each_ref().map(String::as_str));
        let [named, custom] = [named, custom].map(|loaded| run(&loaded, 1, 120.0));
        let hash = |output: &RunOutput| output.report.summary.state_hash.clone();
        assert_eq!(hash(&named), hash(&custom), "{regime}");
    }
}

#[test]
fn every_class_that_a_battle_needs_is_sent_and_arrives() {
    let loaded = load(
        "highland-screen",
        &["sharing.regime=Meshed", "sharing.image_interval_s=60"],
    );
    let output = run(&loaded, 1, 900.0);
    let wanted = [
        "detection",
        "track",
        "image",
        "position",
        "status",
        "plan",
        "fires",
        "authorisation",
    ];
    for class in wanted {
        let [_, delivered] = traffic(&output, class);
        let rows = &output.report.summary.network.by_class;
        assert!(delivered > 0, "{class}: {rows:?}");
    }
}

/// The tutorial with a drone of another nation, whose reports carry this label.
fn partner_drone(label: &str) -> Simulation {
    let settings = [
        format!(
            "forces.blue-team.subordinates=[(id: \"wing\", nation: \"otherland\", \
             service: \"air-force\", echelon: Team{label})]"
        ),
        "units.drone.force=\"wing\"".to_owned(),
        "sharing.regime=Meshed".to_owned(),
        "sharing.releases=[(from: \"otherland\", to: \"blueland\", classes: [Position])]"
            .to_owned(),
        "sharing.ideal_links=true".to_owned(),
    ];
    let loaded = load("tutorial", &settings.each_ref().map(String::as_str));
    let mut simulation = start(&loaded, 1, 240.0);
    run_to(&mut simulation, 2400);
    simulation
}

#[test]
fn a_label_keeps_national_what_the_nation_releases_otherwise() {
    let cases = [
        ("", true),
        (", releasable_to: []", false),
        (", releasable_to: [\"blueland\"]", true),
    ];
    for (label, wanted) in cases {
        let simulation = partner_drone(label);
        let world = simulation.world();
        let post = world
            .resource::<UnitIndex>()
            .entity(unit(&simulation, "cp"));
        let picture = world
            .get::<BluePicture>(post)
            .expect("a post has a picture");
        let entry = picture.get(unit(&simulation, "drone"));
        // At the start everybody knows where everybody is.
        let is_known = entry.is_some_and(|entry| entry.place.at > SimTime::ZERO);
        assert_eq!(is_known, wanted, "label `{label}`");
    }
}
