//! Sides are symmetric: no system looks at the name of a side or at its number.

use tercio::app::Simulation;
use tercio::platform::truth::Board;
use tercio::scenario::load::LoadedScenario;

use super::support::{edited, events_of, load_text, run, start, text_of};

/// How long, s.
const UNTIL_S: f64 = 600.0;

/// Where everything is, tick by tick.
fn motion(loaded: &LoadedScenario) -> Vec<[u64; 3]> {
    let mut simulation = start(loaded, 1, UNTIL_S);
    let mut places = Vec::new();
    while !simulation.is_over() {
        simulation.step().expect("no invariant is broken");
        if simulation.ticks_done().is_multiple_of(10) {
            places.extend(positions(&simulation));
        }
    }
    places
}

/// Bits of every unit's position, in the order of unit ids, which know no side.
fn positions(simulation: &Simulation) -> impl Iterator<Item = [u64; 3]> {
    let board = simulation.world().resource::<Board>();
    board
        .iter()
        .map(|(_, piece)| piece.position.to_array().map(f64::to_bits))
}

/// The tutorial in which the first side is called red and the second blue.
fn renamed() -> String {
    edited(
        &text_of("tutorial"),
        &[
            ("\"blue\"", "\"other\""),
            ("\"red\"", "\"blue\""),
            ("\"other\"", "\"red\""),
        ],
    )
}

/// The tutorial with its sides and forces listed the other way round.
fn reordered() -> String {
    let blue = "(id: \"blue\", hostile_to: [\"red\"]),";
    let red = "(id: \"red\", hostile_to: [\"blue\"]),";
    edited(
        &text_of("tutorial"),
        &[(blue, "FIRST"), (red, blue), ("FIRST", red)],
    )
}

#[test]
fn names_and_numbers_of_sides_change_nothing() {
    let as_written = load_text(&text_of("tutorial"));
    let truth = motion(&as_written);
    assert!(
        truth == motion(&load_text(&renamed())),
        "a name of a side decided something"
    );
    assert!(
        truth == motion(&load_text(&reordered())),
        "the number of a side decided something"
    );
    let shots = |loaded: &LoadedScenario| -> Vec<String> {
        let output = run(loaded, 1, UNTIL_S);
        events_of(&output, "shot")
            .iter()
            .map(|row| format!("{row:?}"))
            .collect()
    };
    assert_eq!(shots(&as_written), shots(&load_text(&reordered())));
    let slower = edited(&text_of("tutorial"), &[("wind_m_s: 4", "wind_m_s: 6")]);
    assert!(
        truth != motion(&load_text(&slower)),
        "the comparison sees nothing"
    );
}
