//! What lies on the ground and what the sky does, seen in whole runs.

use glam::{DVec2, DVec3};
use tercio::accounting::adjudication::{Line, LookLine};
use tercio::app::{RunOutput, Simulation};
use tercio::comms::{Links, NetworkIx};
use tercio::environment::{Landscape, NoGoAreas};
use tercio::kernel::factor::product;
use tercio::kernel::ids::UnitIndex;
use tercio::planning::routes::RouteBook;
use tercio::platform::damage::Damage;
use tercio::platform::mover::EnergyLeft;
use tercio::platform::truth::Board;
use tercio::platform::vehicle::Fleet;

use super::support::{edited, load, load_text, run, start, tutorial, unit};

/// A plain; `UNITS`, `LAND` and the environment are put in by each test.
const PLAIN: &str = r#"#![enable(implicit_some)]
(
    format_version: 1, name: "plain", title: "A plain", duration_s: 1800,
    start_utc: "2030-06-01T12:00:00Z", origin: (lat_deg: 48.0, lon_deg: 0.0),
    terrain: Flat(height_m: 100, half_extent_m: (12000, 12000)),
    environment: (ENVIRONMENT),
    LAND
    sides: [(id: "blue", hostile_to: ["red"]), (id: "red", hostile_to: ["blue"])],
    forces: [
        (id: "own", side: "blue", nation: "blueland", service: "army", echelon: Platoon),
        (id: "other", side: "red", nation: "redland", service: "army", echelon: Platoon),
    ],
    units: [UNITS],
    networks: [NETWORKS],
)"#;

/// The plain with units, what lies on it, and the environment.
fn plain(units: &str, land: &str, environment: &str) -> String {
    edited(
        PLAIN,
        &[
            ("UNITS", units),
            ("LAND", land),
            ("ENVIRONMENT", environment),
            ("NETWORKS", ""),
        ],
    )
}

/// A run on the plain.
fn run_plain(units: &str, land: &str, environment: &str, until_s: f64) -> RunOutput {
    run(&load_text(&plain(units, land, environment)), 1, until_s)
}

/// The first looks by which blue found red units.
fn found(output: &RunOutput) -> Vec<&LookLine> {
    let looks = output.adjudications.iter().filter_map(|line| match line {
        Line::Look(look) => Some(look.as_ref()),
        _ => None,
    });
    looks
        .filter(|look| look.target.starts_with("target"))
        .collect()
}

/// Where a unit is.
fn place(simulation: &Simulation, name: &str) -> DVec3 {
    let board = simulation.world().resource::<Board>();
    board.piece(unit(simulation, name)).position
}

/// Where a unit is at the end of a run on the plain, and its energy.
fn goes(text: &str, name: &str, until_s: f64) -> (DVec3, f64) {
    let mut simulation = start(&load_text(text), 1, until_s);
    simulation.run().expect("no invariant is broken");
    let world = simulation.world();
    let entity = world
        .resource::<UnitIndex>()
        .entity(unit(&simulation, name));
    let left = world
        .get::<EnergyLeft>(entity)
        .expect("it has energy")
        .0
        .share;
    (place(&simulation, name), left)
}

/// Whether a unit is lost at the end of a run.
fn is_lost(text: &str, name: &str, until_s: f64) -> bool {
    let mut simulation = start(&load_text(text), 1, until_s);
    simulation.run().expect("no invariant is broken");
    let world = simulation.world();
    let entity = world
        .resource::<UnitIndex>()
        .entity(unit(&simulation, name));
    world
        .get::<Damage>(entity)
        .expect("it can break")
        .is_destroyed()
}

/// A rectangle of a cover.
fn cover(class: &str, low: (f64, f64), high: (f64, f64)) -> String {
    let ((west, south), (east, north)) = (low, high);
    format!(
        "land_cover: [(id: \"area\", class: {class}, area_m: \
         [({west}, {south}), ({east}, {south}), ({east}, {north}), ({west}, {north})])],"
    )
}

const SCOUT: &str = r#"(id: "scout", class: "reconnaissance-vehicle", force: "own",
    at_m: (0, 0), heading_deg: 90),"#;
const TARGET: &str = r#"(id: "target", class: "truck", force: "other", at_m: (1500, 0)),"#;
const DRONE: &str = r#"(id: "drone", class: "uav-multirotor", force: "own",
    at_m: (1400, 0), heading_deg: 90, altitude_m: 200),"#;

#[test]
fn a_forest_hides_from_the_ground_and_less_from_above() {
    let forest = cover("Forest", (1200.0, -400.0), (1900.0, 400.0));
    let units = [SCOUT, TARGET].concat();
    let in_open = run_plain(&units, "", "", 120.0);
    assert_eq!(found(&in_open).len(), 1, "in the open it is found");
    let in_wood = run_plain(&units, &forest, "", 120.0);
    assert!(found(&in_wood).is_empty(), "300 m of wood hide it");
    let from_above = run_plain(&[DRONE, TARGET].concat(), &forest, "", 600.0);
    let looks = found(&from_above);
    let look = looks.first().expect("from above it is found");
    // 17 m of canopy at 63° and 0.03 per metre: e^(−0.57).
    let passed = look.glance.cover;
    assert!((0.5..0.65).contains(&passed), "{passed}");
    let made_of = product(&look.glance.factors(&look.works));
    assert!((made_of - look.probability).abs() < 1e-12);
}

#[test]
fn a_forest_weakens_a_link_and_closes_it_farther_out() {
    let units = |x: f64| {
        format!(
            "(id: \"a\", class: \"dismount\", force: \"own\", at_m: (0, 0), networks: [\"net\"]),\
             (id: \"b\", class: \"dismount\", force: \"own\", at_m: ({x}, 0), networks: [\"net\"]),"
        )
    };
    let forest = cover("Forest", (-500.0, -500.0), (700.0, 500.0));
    let snr_db = |x: f64, land: &str| {
        let text = edited(
            PLAIN,
            &[
                ("UNITS", &*units(x)),
                ("LAND", land),
                ("ENVIRONMENT", ""),
                ("NETWORKS", "(id: \"net\", radio: \"uhf-handheld\")"),
            ],
        );
        let mut simulation = start(&load_text(&text), 1, 3.0);
        simulation.run().expect("no invariant is broken");
        let links = simulation.world().resource::<Links>();
        links.of(NetworkIx(0)).get(0, 1).map(|link| link.snr_db)
    };
    let (bare, wooded) = (snr_db(1500.0, ""), snr_db(1500.0, &forest));
    let lost_db = bare.expect("a link") - wooded.unwrap_or(f64::NEG_INFINITY);
    assert!(lost_db > 10.0, "{bare:?} and {wooded:?}");
    let reach = |land: &str| {
        let places = (1_u32..=11).map(|step| 1000.0 * f64::from(step));
        places.take_while(|x| snr_db(*x, land).is_some()).count()
    };
    let (bare, wooded) = (reach(""), reach(&forest));
    assert!(wooded < bare, "{wooded} km in the wood, {bare} km without");
}

/// A vehicle that drives east along the axis.
fn driver(class: &str) -> String {
    format!(
        "(id: \"driver\", class: \"{class}\", force: \"own\", at_m: (0, 0), heading_deg: 90, \
         route: (waypoints_m: [(9000, 0)])),"
    )
}

#[test]
fn mud_slows_wheels_more_than_tracks_and_marsh_stops_them() {
    let east =
        |class: &str, land: &str| goes(&plain(&driver(class), land, ""), "driver", 200.0).0.x;
    let mud = "ground: (wetness: 1),";
    let truck = [east("truck", ""), east("truck", mud)];
    let tank = [east("main-battle-tank", ""), east("main-battle-tank", mud)];
    assert!(truck[1] < 0.6 * truck[0], "{truck:?}");
    assert!(
        tank[1] < 0.9 * tank[0] && tank[1] / tank[0] > truck[1] / truck[0],
        "{tank:?}"
    );
    let marsh = cover("Marsh", (600.0, -3000.0), (2000.0, 3000.0));
    let stopped = east("truck", &marsh);
    assert!((550.0..605.0).contains(&stopped), "{stopped}");
    let slowed = east("main-battle-tank", &marsh);
    assert!(
        slowed > 700.0 && slowed < tank[0] - 300.0,
        "{slowed} of {}",
        tank[0]
    );
}

#[test]
fn a_road_quickens_saves_energy_and_bridges_a_marsh() {
    let road = "roads: [(id: \"road\", class: Highway, line_m: [(0, 0), (9000, 0)])],";
    let marsh = cover("Marsh", (600.0, -3000.0), (2000.0, 3000.0));
    let truck = |land: &str| goes(&plain(&driver("truck"), land, ""), "driver", 200.0);
    let (field, on_road) = (truck(""), truck(road));
    assert!(
        on_road.0.x > 1.6 * field.0.x,
        "{} and {}",
        on_road.0.x,
        field.0.x
    );
    let per_metre = |(at, left): (DVec3, f64)| (1.0 - left) / at.x;
    assert!(per_metre(on_road) < 0.8 * per_metre(field));
    let bridged = truck(&[road, &marsh].concat());
    assert!(bridged.0.x > 2000.0, "{}", bridged.0.x);
    let walk = |land: &str| {
        goes(&plain(&driver("dismount"), land, ""), "driver", 200.0)
            .0
            .x
    };
    assert!((walk(road) / walk("") - 5.0 / 3.0).abs() < 0.05);
}

#[test]
fn planned_ways_take_the_road_and_go_round_water() {
    let lake = cover("Water", (2000.0, -4000.0), (2400.0, 6000.0));
    let detour = "roads: [(id: \"road\", class: Road, \
                  line_m: [(0, 0), (0, 1500), (5000, 1500), (5000, 0)])],";
    let way = |land: &str| {
        let text = plain(&driver("truck"), land, "");
        let simulation = start(&load_text(&text), 1, 1.0);
        let world = simulation.world();
        let ix = unit(&simulation, "driver");
        let ground = (world.resource::<Landscape>(), world.resource::<NoGoAreas>());
        let ends = (DVec2::ZERO, DVec2::new(5000.0, 0.0));
        let vehicle = world.resource::<Fleet>().vehicle(ix);
        RouteBook::default()
            .way(vehicle, 0, ends, &[], ground)
            .expect("there is a way")
    };
    let highest = |way: &[DVec2]| {
        way.iter()
            .fold(f64::NEG_INFINITY, |most, at| at.y.max(most))
    };
    let lowest = |way: &[DVec2]| way.iter().fold(f64::INFINITY, |most, at| at.y.min(most));
    let straight = way("");
    assert!(
        highest(&straight) < 1.0 && lowest(&straight) > -1.0,
        "{straight:?}"
    );
    let around = way(&lake);
    assert!(lowest(&around) < -3990.0, "{around:?}");
    let over = way(&[&lake, detour].concat());
    assert!(
        lowest(&over) > -1.0 && (highest(&over) - 1500.0).abs() < 1.0,
        "{over:?}"
    );
}

#[test]
fn night_blinds_the_eye_but_not_the_radar() {
    let target = edited(
        TARGET,
        &[(
            "at_m: (1500, 0)",
            "at_m: (1500, 0), heading_deg: 90, \
        route: (waypoints_m: [(9000, 0)])",
        )],
    );
    let eye = edited(
        SCOUT,
        &[(
            "heading_deg: 90",
            "heading_deg: 90, sensors: [\"turret-day\"]",
        )],
    );
    let radar = r#"(id: "mast", class: "sensor-mast", force: "own", at_m: (0, 0),
        heading_deg: 90, sensors: ["radar-ground-surveillance"]),"#;
    let counts = |observer: &str, hour: &str| {
        let text = plain(&[observer, &target].concat(), "", "light: FromSun");
        let text = edited(&text, &[("T12:00", hour)]);
        found(&run(&load_text(&text), 1, 120.0)).len()
    };
    assert_eq!([counts(&eye, "T12:00"), counts(&eye, "T00:00")], [1, 0]);
    assert_eq!([counts(radar, "T12:00"), counts(radar, "T00:00")], [1, 1]);
}

const MICRO: &str = r#"(id: "micro", class: "uav-micro", force: "own", at_m: (0, 0),
    heading_deg: 90, altitude_m: START, route: (waypoints_m: [(6000, 0)])),"#;

#[test]
fn wind_grounds_the_small_aircraft_and_brings_it_down() {
    let parked = edited(MICRO, &[("START", "0")]);
    let height = |units: &str, land: &str, environment: &str| {
        goes(&plain(units, land, environment), "micro", 120.0).0.z - 100.0
    };
    assert!(
        height(&parked, "", "wind_m_s: 3") > 5.0,
        "it takes off in a breeze"
    );
    assert!(
        height(&parked, "", "wind_m_s: 9").abs() < 0.1,
        "it stays in a fresh wind"
    );
    let flying = edited(MICRO, &[("START", "80")]);
    let freshens = "injects: [(at_s: 60, what: Weather(wind_m_s: 9))],";
    assert!(
        height(&flying, freshens, "wind_m_s: 3").abs() < 0.1,
        "it lands"
    );
}

#[test]
fn storms_take_small_aircraft_and_boats_over_the_sea() {
    let sea = |units: &str, environment: &str| {
        let text = plain(units, "", environment);
        edited(&text, &[("height_m: 100", "height_m: -60")])
    };
    let flying = edited(MICRO, &[("START", "80")]);
    let boat = "(id: \"boat\", class: \"interceptor-boat\", force: \"own\", at_m: (0, 0)),";
    // Expected losses of 14.3 per hour in half an hour: all but one in 1300 are lost.
    assert!(is_lost(&sea(&flying, "wind_m_s: 20"), "micro", 1800.0));
    assert!(!is_lost(&sea(&flying, "wind_m_s: 6"), "micro", 600.0));
    let boats = boat.replace("boat\", class", "boat\", count: 40, class");
    let lost = |state: u8| {
        let environment = format!("sea_state: {state}");
        let mut simulation = start(&load_text(&sea(&boats, &environment)), 1, 1800.0);
        simulation.run().expect("no invariant is broken");
        let mut damages = simulation
            .world()
            .try_query::<&Damage>()
            .expect("units can break");
        damages
            .iter(simulation.world())
            .filter(|it| it.is_destroyed())
            .count()
    };
    assert_eq!(lost(4), 0);
    // 2 states too high, half an hour at 1 per hour: 1 − e^(−½) = 0.393 of 40 boats, ± 4 · 3.1.
    let in_storm = lost(6);
    assert!((4..=28).contains(&in_storm), "{in_storm}");
}

#[test]
fn the_tide_drifts_what_dives() {
    let diver = r#"(id: "diver", class: "uuv-survey", force: "own", at_m: (0, 0), depth_m: 10,
        ENERGY route: (waypoints_m: [(0, 4000)])),"#;
    let at = |energy: &str, land: &str| {
        let text = plain(&edited(diver, &[("ENERGY", energy)]), land, "");
        let text = edited(&text, &[("height_m: 100", "height_m: -60")]);
        goes(&text, "diver", 300.0)
    };
    // Half tide at the start: high water in a quarter of a period.
    let tide =
        "tide: (amplitude_m: 1, period_h: 12, phase_h: 3, stream_m_s: 0.8, towards_deg: 90),";
    let dead = "energy_fraction: 0,";
    let (still, drifted) = (at(dead, "").0, at(dead, tide).0);
    assert!(still.x.abs() < 1e-9, "{still}");
    // The stream of 0.8 m/s changes by less than 0.3 % in five minutes about half tide.
    assert!((drifted.x - 240.0).abs() < 2.0, "{drifted}");
    let (calm, crossing) = (at("", ""), at("", tide));
    assert!(crossing.0.y < calm.0.y, "it spends speed on the stream");
    let (ebb, flood) = (
        tide.replace("towards_deg: 90", "towards_deg: 180"),
        tide.replace("90", "0"),
    );
    assert!(at("", &ebb).0.y < calm.0.y && calm.0.y <= at("", &flood).0.y + 1.0);
}

/// Forty men on a plain with posts far apart: some stand in folds of the ground that the map does not
/// have, fewer the finer it is.
#[test]
fn unresolved_folds_hide_fewer_as_posts_come_closer() {
    let men = r#"(id: "target", class: "dismount", count: 40, force: "other", at_m: (1200, -1500),
        formation: (shape: Line, spacing_m: 75), heading_deg: 270),"#;
    let seen = |spacing_m: u32, masking: f64| {
        let land = format!("ground: (masking: {masking}),");
        let text = plain(&[SCOUT, men].concat(), &land, "");
        let ground = format!("Ridges(base_m: 100, spacing_m: {spacing_m}, ridges: [], ");
        let text = edited(&text, &[("Flat(height_m: 100, ", &*ground)]);
        found(&run(&load_text(&text), 1, 240.0)).len()
    };
    let all = seen(200, 0.0);
    let by_spacing = [200, 100, 50, 25].map(|spacing_m| seen(spacing_m, 2.0));
    assert!(by_spacing[0] + 5 < all, "{by_spacing:?} of {all}");
    assert!(by_spacing[0] < by_spacing[3], "{by_spacing:?} of {all}");
    assert!(by_spacing[3] + 2 >= all, "{by_spacing:?} of {all}");
}

#[test]
fn layers_that_say_nothing_change_nothing() {
    let same = [
        "land_cover=[]",
        "roads=[]",
        "ground=(wetness: 0, masking: 0)",
        "tide=(period_h: 10, phase_h: 2, towards_deg: 40)",
    ];
    let bare = run(tutorial(), 3, 120.0);
    assert_eq!(bare.hashes, run(&load("tutorial", &same), 3, 120.0).hashes);
    let masked = run(
        &load("tutorial", &["ground.masking=2", "ground.wetness=1"]),
        3,
        120.0,
    );
    assert_ne!(bare.hashes, masked.hashes, "factors of a study act");
}

#[test]
fn a_rough_sea_echoes_and_costs_the_radar_chances() {
    let units = r#"(id: "watch", class: "coastal-radar", force: "own", at_m: (0, 0),
        heading_deg: 90, sensors: ["radar-marine"]),
        (id: "target", class: "interceptor-boat", force: "other", at_m: (9000, 0)),"#;
    let look = |state: u8| {
        let text = plain(units, "", &format!("sea_state: {state}"));
        let shore = "Ridges(base_m: -40, spacing_m: 100, ridges: \
                     [(at_m: (-300, 0), heading_deg: 0, height_m: 60, sigma_m: 600)], ";
        let text = edited(&text, &[("Flat(height_m: 100, ", shore)]);
        let output = run(&load_text(&text), 1, 300.0);
        found(&output)
            .first()
            .map(|look| (look.probability, look.glance.clutter_m2))
    };
    let (calm, rough) = (look(1).expect("seen on a calm sea"), look(6));
    assert!(calm.1 <= 0.0);
    let (chance, clutter_m2) = rough.unwrap_or((0.0, 1.0));
    assert!(
        chance < calm.0 - 0.05 && clutter_m2 > 0.0,
        "{rough:?} against {calm:?}"
    );
}
