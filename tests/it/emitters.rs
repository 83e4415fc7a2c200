//! Who radiates is heard and found; who falls silent is lost; who lies about its place is believed.

use bevy::prelude::{App, IntoScheduleConfigs, Res, ResMut, Resource};
use glam::DVec2;
use tercio::app::Simulation;
use tercio::environment::Weather;
use tercio::kernel::ids::{UnitIndex, UnitIx};
use tercio::kernel::messages::{Buffer, BufferAppExt};
use tercio::kernel::random::{DrawKey, Stream};
use tercio::kernel::schedule::{Phase, SimTick};
use tercio::kernel::time::SimTime;
use tercio::kernel::{dist, math};
use tercio::picture::{Track, TrackStore};
use tercio::platform::class::{Catalogue, Fire};
use tercio::platform::damage::{Damage, Harm};
use tercio::platform::emission::Emissions;
use tercio::platform::truth::Board;
use tercio::sensing::direction_finder::DirectionFinderPlugin;
use tercio::sensing::{Caught, Detection, Finder, Finders, Opportunity, SensorSuites, SensorUnit};
use tercio::spectrum::Airwaves;

use super::lockstep::run_to;
use super::micro::{Field, PLENTY, gun};
use super::support::{catalogue, edited, load_text, start, unit};

/// Two direction finders 6 km apart, joined to their post by cable, before a radio that calls one who
/// does not answer. Nobody sees anything.
const PLAIN: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "emitters", title: "Emitters", duration_s: 2400,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 48, lon_deg: 11),
    terrain: Flat(height_m: 100, half_extent_m: (12000, 12000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "ew", side: "blue", nation: "b", service: "army", echelon: Company, command: "cp"),
        (id: "foe", side: "red", nation: "r", service: "army", echelon: Company,
         command: "talker", subordinates: [(id: "mute", echelon: Platoon, doctrine: "quiet")]),
    ],
    doctrines: [(id: "quiet", posture: WeaponsTight, engage_confidence: 0.9,
                 engage_sigma_max_m: 50, rounds_per_target_max: 2, emcon: Silent)],
    units: [
        (id: "cp", class: "command-post", force: "ew", at_m: (0, -500), sensors: [],
         networks: ["cable"], roles: [Command]),
        (id: "west", class: "radio-node", force: "ew", at_m: (-3000, 0), sensors: ["df-vehicle"],
         networks: ["cable"]),
        (id: "east", class: "radio-node", force: "ew", at_m: (3000, 0), sensors: [EAST],
         networks: ["cable"]),
        (id: "talker", class: "command-vehicle", force: "foe", at_m: (0, 4000), sensors: [],
         networks: ["net"], roles: [Command] JAMMERS),
        (id: "listener", class: "truck", force: "mute", at_m: (3000, 9000), sensors: [],
         networks: ["net"]),
    ],
    networks: [(id: "cable", radio: "fibre"), (id: "net", radio: "vhf-vehicle")],
    traffic: [(id: "talk", from: ["talker"], to: ["listener"], size_bytes: 400, interval_s: 4)],
    MORE
)
"#;

/// The plain with both finders and an order, if any.
fn plain(more: &str) -> String {
    edited(
        PLAIN,
        &[("MORE", more), ("EAST", "\"df-vehicle\""), (" JAMMERS", "")],
    )
}

/// The order to fall silent.
const HUSH: &str = r#"decisions: [(id: "hush", at: "talker", when: After(at_s: 600),
                                  then: [Emit(force: "foe", emcon: Silent)])]"#;

/// Where a unit is, m.
fn place(simulation: &Simulation, unit: UnitIx) -> DVec2 {
    let board = simulation.world().resource::<Board>();
    board.piece(unit).position.truncate()
}

/// The confirmed tracks of a unit.
fn tracks(simulation: &Simulation, name: &str) -> Vec<Track> {
    let index = simulation.world().resource::<UnitIndex>();
    let entity = index.entity(unit(simulation, name));
    let store = simulation.world().get::<TrackStore>(entity).unwrap();
    let confirmed = store.tracks().iter().filter(|track| track.confirmed);
    confirmed.cloned().collect()
}

/// The tracks of a post on what was heard, with the distance of each from a unit and its deviation, m.
fn fixes(simulation: &Simulation, post: &str, target: &str) -> Vec<(f64, f64)> {
    let truth = place(simulation, unit(simulation, target));
    let now = SimTime::from_s(simulation.now_s());
    let heard = tracks(simulation, post).into_iter();
    let heard = heard.filter(|track| track.heard.is_some());
    heard
        .map(|track| {
            let state = track.at(now.max(track.updated));
            (state.position_m.distance(truth), state.position_sigma_m())
        })
        .collect()
}

#[test]
fn two_finders_fix_a_radio_and_lose_it_when_it_falls_silent() {
    let mut simulation = start(&load_text(&plain(HUSH)), 1, 2400.0);
    run_to(&mut simulation, 6000);
    let fixed = fixes(&simulation, "cp", "talker");
    println!("while it talks: {fixed:?}");
    let [(error_m, sigma_m)] = fixed[..] else {
        panic!("one emitter is one track, not {fixed:?}");
    };
    // Alone either of them is off by kilometres.
    assert!(sigma_m < 600.0, "{sigma_m}");
    assert!(error_m < 4.0 * sigma_m, "{error_m} m at {sigma_m} m");
    run_to(&mut simulation, 15_000);
    for post in ["cp", "west", "east"] {
        assert_eq!(
            fixes(&simulation, post, "talker"),
            [],
            "{post} still has it"
        );
    }
    // It is the silence that loses it.
    let mut talks_on = start(&load_text(&plain("")), 1, 2400.0);
    run_to(&mut talks_on, 15_000);
    assert_eq!(fixes(&talks_on, "cp", "talker").len(), 1);
}

#[test]
fn one_finder_that_stands_still_knows_the_bearing_and_not_the_range() {
    let alone = edited(PLAIN, &[("MORE", ""), ("EAST", ""), (" JAMMERS", "")]);
    let mut simulation = start(&load_text(&alone), 1, 1200.0);
    run_to(&mut simulation, 9000);
    let heard = tracks(&simulation, "west");
    let [track] = &heard[..] else {
        panic!("one emitter is one track, not {heard:?}");
    };
    let (from, truth) = (DVec2::new(-3000.0, 0.0), DVec2::new(0.0, 4000.0));
    let way = track.state.position_m - from;
    // The sine of the angle between the track and the truth, against that of four deviations of 2°.
    let off = way.normalize().perp_dot((truth - from).normalize());
    assert!(off.abs() < 0.139, "the sine of the error is {off}");
    // After 900 looks it knows no more of the range than it guessed at the first.
    assert!(track.state.position_sigma_m() > 1000.0, "{track:?}");
    assert!(track.target.is_none() && track.domain.is_none() && !track.is_wreck());
}

#[test]
fn a_jammer_is_heard_by_whomever_it_does_not_belong_to() {
    let quiet = |jammers: &str| {
        edited(
            PLAIN,
            &[
                ("MORE", ""),
                ("EAST", "\"df-vehicle\""),
                (" JAMMERS", jammers),
                ("networks: [\"net\"], roles", "roles"),
                (
                    "traffic: [(id: \"talk\", from: [\"talker\"], to: [\"listener\"], size_bytes: 400, interval_s: 4)],",
                    "",
                ),
            ],
        )
    };
    let on = quiet(", jammers: [\"jammer-gnss\"]");
    let mut simulation = start(&load_text(&on), 1, 600.0);
    run_to(&mut simulation, 3000);
    let fixed = fixes(&simulation, "cp", "talker");
    let [(error_m, sigma_m)] = fixed[..] else {
        panic!("one emitter is one track, not {fixed:?}");
    };
    assert!(error_m < 4.0 * sigma_m && sigma_m < 600.0, "{fixed:?}");
    let off = quiet(", jammers: [\"jammer-gnss\"], jammers_on: false");
    let mut simulation = start(&load_text(&off), 1, 600.0);
    run_to(&mut simulation, 3000);
    assert_eq!(fixes(&simulation, "cp", "talker"), []);
}

/// A watch that has nothing but a receiver, and three ships.
const SEA: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "liars", title: "Ships that say nothing, or lies", duration_s: 600,
    start_utc: "2030-06-01T08:00:00Z", origin: (lat_deg: 36.0, lon_deg: -30.0),
    terrain: Flat(height_m: -200, half_extent_m: (20000, 20000)),
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"]), (id: "civil")],
    forces: [
        (id: "watch", side: "blue", nation: "b", service: "navy", echelon: Platoon,
         command: "watcher"),
        (id: "shipping", side: "civil", nation: "none", service: "none", echelon: Team),
    ],
    units: [
        (id: "watcher", class: "patrol-boat", force: "watch", at_m: (0, 0), roles: [Command],
         sensors: ["ais-class-a"]),
        (id: "honest", class: "merchant-ship", force: "shipping", at_m: (6000, 3000),
         route: (speed_m_s: 5, waypoints_m: [(6000, 15000)])),
        (id: "dark", class: "merchant-ship", force: "shipping", at_m: (-6000, 3000),
         transponder: Off, route: (speed_m_s: 5, waypoints_m: [(-6000, 15000)])),
        (id: "liar", class: "merchant-ship", force: "shipping", at_m: (0, -8000),
         transponder: Spoofed(offset_m: (5000, -2000)),
         route: (speed_m_s: 5, waypoints_m: [(12000, -8000)])),
    ],
)"#;

#[test]
fn who_switches_its_station_off_is_not_heard_and_who_lies_is_believed() {
    let mut simulation = start(&load_text(SEA), 1, 600.0);
    run_to(&mut simulation, 3000);
    let now = SimTime::from_s(simulation.now_s());
    let told: Vec<DVec2> = tracks(&simulation, "watcher")
        .iter()
        .map(|track| track.at(now.max(track.updated)).position_m)
        .collect();
    let gap_m = |name: &str, offset: DVec2| {
        let at = place(&simulation, unit(&simulation, name)) + offset;
        told.iter()
            .map(|it| it.distance(at))
            .fold(f64::INFINITY, f64::min)
    };
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(gap_m("honest", DVec2::ZERO) < 50.0);
    assert!(gap_m("liar", DVec2::new(5000.0, -2000.0)) < 50.0);
    assert!(gap_m("liar", DVec2::ZERO) > 4000.0 && gap_m("dark", DVec2::ZERO) > 4000.0);
}

/// What a finder heard.
#[derive(Debug, Clone, Default, Resource)]
struct Bearings(Vec<Detection>);

/// Notes it.
fn note(found: Res<'_, Buffer<Detection>>, mut bearings: ResMut<'_, Bearings>) {
    bearings.0.extend(found.read().iter().cloned());
}

/// What a receiver hears in a minute of a radar 3 km off, if those of this pair are blind.
fn heard(blind: &[usize]) -> Vec<Detection> {
    let named = |name: &str| catalogue().sensor(name).unwrap();
    let radar = SensorUnit::from_spec(named("radar-naval"), 10.0).unwrap();
    let finder = Finder::from_spec(named("esm-radar")).unwrap();
    let more = |app: &mut App| {
        app.insert_resource(Airwaves::new(true))
            .insert_resource(Finders(vec![vec![finder], Vec::new()]))
            .insert_resource(SensorSuites(vec![Vec::new(), vec![radar]]))
            .init_resource::<Weather>()
            .init_resource::<Emissions>()
            .init_resource::<Bearings>()
            .add_buffer::<Detection>()
            .add_buffer::<Opportunity>()
            .add_buffer::<Caught>()
            .add_plugins(DirectionFinderPlugin)
            .add_systems(SimTick, note.in_set(Phase::Record));
    };
    let arms = vec![(gun(Fire::Direct, 0.0, 1.0), PLENTY)];
    let places = vec![(0, DVec2::ZERO), (1, DVec2::X * 3000.0)];
    let mut field = Field::with(Catalogue::clone(catalogue()), arms, places, more);
    field.world.insert_resource(Bearings::default());
    for at in blind {
        field.change(*at, |damage: &mut Damage| {
            damage.add(Harm::Sensor, SimTime::ZERO);
        });
    }
    for _ in 0..60 {
        field.tick(&[]);
    }
    field.world.resource::<Bearings>().0.clone()
}

#[test]
fn broken_sensors_neither_radiate_nor_listen() {
    assert!(heard(&[]).len() > 10);
    assert_eq!(heard(&[0]).len(), 0, "a finder is a sensor");
    assert_eq!(heard(&[1]).len(), 0, "a radar is a sensor");
}

#[test]
fn bearings_err_by_draws_of_their_own() {
    let finder = Finder::from_spec(catalogue().sensor("esm-radar").unwrap()).unwrap();
    // The first finder of the first unit, which looks once a second at the second unit.
    for found in heard(&[]) {
        let look = found.at.0 / SimTime::from_s(finder.period_s).0;
        let [own, cameras] = [Stream::Bearing, Stream::Measurement].map(|stream| {
            let mut draws = DrawKey::new(stream, 1_u64.rotate_left(1), 2, look).draws(0);
            math::PI / 2.0 + finder.bearing_sigma_rad * dist::standard_normal(&mut draws)
        });
        let bearing_rad = found.bearing.unwrap().bearing_rad;
        assert!((bearing_rad - own).abs() < 1e-9, "{bearing_rad}, not {own}");
        assert!((bearing_rad - cameras).abs() > 1e-9, "as a camera errs");
    }
}

/// The plain with mortars beside the finders, whose force hunts what radiates, and a hostile post that
/// calls somebody, or has ordered silence at the first second.
fn hunt(is_silent: bool) -> String {
    let courses = r#"(id: "blue", hostile_to: ["red"], course: "hunt-emissions", courses: [
        (id: "hunt-emissions", title: "Listen and fire", doctrines: [("ew", "hunt-emissions")])])"#;
    let mortars = r#"(id: "mortar", class: "mortar-carrier", force: "ew", count: 2, at_m: (0, -300),
         sensors: [], radios: ["fibre"], networks: ["cable"]),
        (id: "talker""#;
    let desk = r#"desks: [(at: "cp", operators: 1, service: (median_s: 10, sigma_log: 0.3, floor_s: 5),
         accept_confidence: 0.45, authorisation_valid_s: 180, proposal_valid_s: 240)],"#;
    let hush = HUSH.replace("at_s: 600", "at_s: 1");
    let order = if is_silent { hush.as_str() } else { "" };
    edited(
        PLAIN,
        &[
            ("(id: \"blue\", hostile_to: [\"red\"])", courses),
            ("(id: \"talker\"", mortars),
            ("MORE", &[desk, order].concat()),
            ("EAST", "\"df-vehicle\""),
            (" JAMMERS", ""),
            // Whoever is silent by then has radiated for half a minute at most, which makes no fix.
            ("interval_s: 4)", "interval_s: 4, start_s: 30)"),
        ],
    )
}

#[test]
fn who_hunts_emissions_fires_at_a_post_that_talks_and_not_at_one_that_is_silent() {
    let hunted = |is_silent| {
        let loaded = load_text(&hunt(is_silent));
        let runs = (1..=4_u64).map(|seed| {
            let output = super::support::run(&loaded, seed, 900.0);
            // Until the order has reached everybody the post is heard; what was heard is lost in two
            // minutes.
            let at_least = |kind, from_us: u64| {
                let rows = super::support::events_of(&output, kind);
                rows.iter().filter(|row| row.time_us >= from_us).count()
            };
            (
                at_least("proposal", 120_000_000),
                at_least("shot", 240_000_000),
            )
        });
        runs.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    let (proposed, shots) = hunted(false);
    println!("{proposed} proposed, {shots} shots");
    assert!(proposed > 0 && shots > 0);
    assert_eq!(hunted(true), (0, 0));
}
