//! Missiles against a ship that defends itself, with its own radars and its own crews: the whole way in a
//! whole run, and all of it computed again.

use tercio::accounting::adjudication::{CrewLine, Line, ShotResult, UnitLine};
use tercio::accounting::recompute::{Recomputed, Reference, check, check_leave};
use tercio::app::RunOutput;

use super::support::{catalogue, events_of, load, run};

/// Seeds of the runs.
const SEEDS: core::ops::RangeInclusive<u64> = 1..=4;

/// Runs under settings.
fn runs(settings: &[&str]) -> Vec<RunOutput> {
    let loaded = load("missile-defence", settings);
    SEEDS.map(|seed| run(&loaded, seed, 900.0)).collect()
}

/// Everything in a log decided again.
fn again(output: &RunOutput, seed: u64) -> Recomputed {
    let lines = &output.adjudications;
    let unit = |line: &'_ Line| match line {
        Line::Unit(unit) => Some(unit.clone()),
        _ => None,
    };
    let units: Vec<UnitLine> = lines.iter().filter_map(unit).collect();
    let reference = Reference::new(seed, units.iter(), catalogue());
    let mut all = check_leave(lines);
    for line in lines {
        all.add(check(line, &reference));
    }
    all
}

/// Decisions of crews.
fn crews(output: &RunOutput) -> Vec<&CrewLine> {
    let crew = |line: &'_ &Line| matches!(line, Line::Crew(_));
    let lines = output.adjudications.iter().filter(crew);
    lines
        .filter_map(|line| match line {
            Line::Crew(crew) => Some(crew.as_ref()),
            _ => None,
        })
        .collect()
}

/// Missiles fired, destroyed in flight, and arrived.
fn fates(outputs: &[RunOutput]) -> [usize; 3] {
    let lines = || outputs.iter().flat_map(|output| &output.adjudications);
    let ends = |is_it: fn(ShotResult) -> bool| {
        let is_it = |line: &&Line| matches!(line, Line::Impact(it) if is_it(it.result));
        lines().filter(is_it).count()
    };
    let fired = lines().filter(|line| matches!(line, Line::Shot(_))).count();
    let arrived = |it| {
        !matches!(
            it,
            ShotResult::Intercepted | ShotResult::Recalled | ShotResult::Spent
        )
    };
    [
        fired,
        ends(|it| it == ShotResult::Intercepted),
        ends(arrived),
    ]
}

#[test]
fn crews_decide_shoot_and_stop_missiles_and_all_of_it_comes_out_again() {
    let outputs = runs(&[]);
    for (output, seed) in outputs.iter().zip(SEEDS) {
        let found = again(output, seed);
        assert_eq!(found.differences, Vec::<String>::new());
        for crew in crews(output) {
            assert!(crew.takes_s >= crew.service.floor_s, "{crew:?}");
            assert!(crew.waited_s >= crew.service.floor_s, "{crew:?}");
        }
        let other = again(output, seed + 100);
        assert!(
            !other.differences.is_empty(),
            "another seed draws otherwise"
        );
    }
    let [fired, intercepted, _] = fates(&outputs);
    assert!(
        fired >= 8 && intercepted >= fired / 2,
        "{:?}",
        fates(&outputs)
    );
    let told = outputs.iter().flat_map(|output| &output.adjudications);
    let told = told
        .filter(|line| matches!(line, Line::Guidance(_)))
        .count();
    assert!(told >= fired, "{told} words to {fired} missiles");
}

#[test]
fn without_weapons_or_without_eyes_nothing_is_stopped() {
    let arms = "units.target.effectors=[(effector: \"naval-gun\", rounds: 80)]";
    for setting in [arms, "units.target.sensors=[]"] {
        let outputs = runs(&[setting]);
        let [fired, intercepted, arrived] = fates(&outputs);
        assert!(fired > 0 && arrived > 0, "{setting}");
        assert_eq!(intercepted, 0, "{setting}");
        for output in &outputs {
            assert_eq!(events_of(output, "interception").len(), 0, "{setting}");
        }
    }
}

#[test]
fn a_changed_line_of_the_defence_does_not_come_out_again() {
    let mut outputs = runs(&[]);
    let output = &mut outputs[0];
    let seed = *SEEDS.start();
    let changes: [fn(&mut Line) -> bool; 5] = [
        |line| match line {
            Line::Crew(it) => {
                it.leave = None;
                true
            }
            _ => false,
        },
        |line| match line {
            Line::Interception(it) => {
                it.is_hit = !it.is_hit;
                true
            }
            _ => false,
        },
        |line| match line {
            Line::Interception(it) => {
                it.distance_m += 1.0;
                true
            }
            _ => false,
        },
        |line| match line {
            Line::Defence(it) => {
                it.place_m[0] += 1e5;
                true
            }
            _ => false,
        },
        |line| match line {
            Line::Sight(it) => {
                it.probability *= 0.5;
                true
            }
            _ => false,
        },
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let whole = output.adjudications.clone();
        let changed = output.adjudications.iter_mut().any(change);
        assert!(changed, "change {at} finds its line");
        assert!(!again(output, seed).differences.is_empty(), "change {at}");
        output.adjudications = whole;
    }
}
