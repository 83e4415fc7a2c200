//! Regimes of sharing say who may pass what to whom, and nothing else.

use tercio::app::{RunOutput, Simulation};
use tercio::kernel::time::SimTime;
use tercio::picture::BluePicture;
use tercio::scenario::load::LoadedScenario;

use super::lockstep::run_to;
use super::support::{events_of, load, run, start, unit};

/// All regimes.
const REGIMES: [&str; 3] = ["Stovepiped", "Joint", "Meshed"];

/// The highland with all of blue in one service of one nation, and links that never fail.
fn one_service(regime: &str) -> LoadedScenario {
    let regime = format!("sharing.regime={regime}");
    load(
        "highland-screen",
        &[
            "forces.brigade.subordinates.guns.service=\"army\"",
            "forces.brigade.subordinates.air-det.service=\"army\"",
            "forces.brigade.subordinates.partner.service=\"army\"",
            "forces.brigade.subordinates.partner.nation=\"blueland\"",
            "sharing.releases=[]",
            "sharing.ideal_links=true",
            &regime,
        ],
    )
}

/// The adjudication log of a run, line by line.
fn adjudications(output: &RunOutput) -> Vec<String> {
    let rows = events_of(output, "adjudication");
    rows.iter().map(|row| format!("{row:?}")).collect()
}

#[test]
fn with_one_service_and_ideal_links_every_regime_gives_the_same_adjudication_log() {
    let runs = REGIMES.map(|regime| run(&one_service(regime), 1, 1500.0));
    let logs = runs.each_ref().map(adjudications);
    assert!(!logs[0].is_empty(), "without a shot the test says nothing");
    assert_eq!(logs[0], logs[1]);
    assert_eq!(logs[0], logs[2]);
    let states = runs.map(|run| run.report.summary.state_hash);
    assert_eq!(states[0], states[1]);
    assert_eq!(states[0], states[2]);
}

/// The tutorial with a drone of another service, which is a gateway or nothing.
fn two_services(regime: &str, drone_roles: &str) -> Simulation {
    let settings = [
        "forces.blue-team.subordinates=[(id: \"wing\", service: \"air-force\", echelon: Team)]"
            .to_owned(),
        "units.drone.force=\"wing\"".to_owned(),
        format!("units.drone.roles=[{drone_roles}]"),
        "sharing.ideal_links=true".to_owned(),
        format!("sharing.regime={regime}"),
    ];
    let mut simulation = start(
        &load("tutorial", &settings.each_ref().map(String::as_str)),
        1,
        240.0,
    );
    run_to(&mut simulation, 2400);
    simulation
}

/// Whether the command post was told where a unit is, since the start.
fn is_known(simulation: &Simulation, name: &str) -> bool {
    let world = simulation.world();
    let index = world.resource::<tercio::kernel::ids::UnitIndex>();
    let post = index.entity(unit(simulation, "cp"));
    let picture = world
        .get::<BluePicture>(post)
        .expect("a post has a picture");
    let entry = picture.get(unit(simulation, name));
    // At the start everybody knows where everybody is.
    entry.is_some_and(|entry| entry.place.at > SimTime::ZERO)
}

#[test]
fn between_services_only_a_regime_that_lets_it_pass_brings_the_report() {
    let cases = [
        ("Stovepiped", "", false),
        ("Stovepiped", "Gateway", false),
        ("Stovepiped", "Liaison", true),
        ("Joint", "", false),
        ("Joint", "Liaison", false),
        ("Joint", "Gateway", true),
        ("Meshed", "", true),
    ];
    for (regime, roles, wanted) in cases {
        let simulation = two_services(regime, roles);
        assert!(
            is_known(&simulation, "scout"),
            "{regime}: the own service is heard"
        );
        assert_eq!(
            is_known(&simulation, "drone"),
            wanted,
            "{regime} with the role `{roles}`"
        );
    }
}
