//! A shorter tick and finer terrain change no finding.

use bevy::prelude::{App, IntoScheduleConfigs, Res, ResMut, Resource};
use glam::DVec2;
use tercio::accounting::summary::RunSummary;
use tercio::engagement::{Adjudication, Aim, Renewal};
use tercio::kernel::messages::Buffer;
use tercio::kernel::schedule::{Phase, SimTick};
use tercio::kernel::time::{Clock, SimTime};
use tercio::platform::class::{Aspect, Catalogue, Fire, FlightSpec, Profile};
use tercio::scenario::load::LoadedScenario;
use tercio::study::measure::measures_of;
use tercio::study::stats::mean::moments;

use super::micro::{Field, PLENTY, exact, gun};
use super::support::{catalogue, load, run};

/// Runs at each length of a tick, with the same seeds.
const SEEDS: u64 = 8;

/// Where a run ends, s: both intruders are seen, and mostly fired at.
const UNTIL_S: f64 = 1100.0;

/// The largest share by which a headline measure may move; what hangs on what people decide, by four
/// standard errors more.
const SHARE_MAX: f64 = 0.02;

/// Headline measures of one run: targets detected, mean time of detection in seconds, share of
/// messages that arrived, and time from detection to the first shot in seconds, restricted.
fn headlines(loaded: &LoadedScenario, summary: &RunSummary) -> [f64; 4] {
    let measures = measures_of(&loaded.read.scenario, summary);
    let value = |name: &str| {
        let found = measures.iter().find(|it| it.name == name);
        found.and_then(|it| it.value).expect("every run has it")
    };
    let sides = summary.targets.iter().filter(|it| it.side == "blue");
    let detected_s: Vec<f64> = sides
        .flat_map(|it| &it.targets)
        .filter_map(|it| it.detected_s)
        .collect();
    [
        detected_s.len() as f64,
        detected_s.iter().sum::<f64>() / detected_s.len() as f64,
        value("blue_delivery_ratio"),
        value("sensor_to_shooter"),
    ]
}

/// Headline measures of every seed at a length of a tick.
fn at_tick(dt_ms: u32) -> Vec<[f64; 4]> {
    let loaded = load("tutorial", &[&format!("dt_ms={dt_ms}")]);
    let seeds = 1..=SEEDS;
    seeds
        .map(|seed| headlines(&loaded, &run(&loaded, seed, UNTIL_S).report.summary))
        .collect()
}

#[test]
fn halving_the_tick_twice_moves_what_is_sensed_by_two_per_cent_at_most_and_shots_within_chance() {
    let coarse = at_tick(100);
    for dt_ms in [50, 25] {
        let fine = at_tick(dt_ms);
        for (at, name) in [
            "detected",
            "time of detection",
            "delivered",
            "sensor to shooter",
        ]
        .into_iter()
        .enumerate()
        {
            let of = |runs: &[[f64; 4]]| runs.iter().map(|run| run[at]).collect::<Vec<_>>();
            let (before, after) = (of(&coarse), of(&fine));
            let pairs = before.iter().zip(&after);
            let moved: Vec<f64> = pairs.map(|(before, after)| after - before).collect();
            let (mean, variance) = moments(&moved);
            // What a person decides hangs on little, and eight runs are few: times of shots may be
            // off by chance as well.
            let chance = if name == "sensor to shooter" {
                4.0 * (variance / moved.len() as f64).sqrt()
            } else {
                0.0
            };
            let bound = SHARE_MAX * moments(&before).0 + chance;
            assert!(
                mean.abs() <= bound,
                "{name} at {dt_ms} ms: {mean} of at most {bound}"
            );
        }
    }
}

#[test]
fn finer_terrain_does_not_turn_the_finding_round() {
    // Of the highland's first ten minutes: who shares more engages more, at either spacing.
    for spacing_m in [60, 30] {
        let engaged = ["Meshed", "Stovepiped"].map(|regime| {
            let loaded = load(
                "highland-screen",
                &[
                    &format!("terrain.spacing_m={spacing_m}"),
                    &format!("sharing.regime={regime}"),
                ],
            );
            let output = run(&loaded, 1, 600.0);
            let measures = measures_of(&loaded.read.scenario, &output.report.summary);
            let found = measures.iter().find(|it| it.name == "targets_engaged");
            found.and_then(|it| it.value).expect("every run has it")
        });
        assert!(engaged[0] > engaged[1], "{spacing_m} m: {engaged:?}");
    }
}

/// Sides on which munitions came in.
#[derive(Debug, Clone, Default, Resource)]
struct Sides(Vec<Aspect>);

/// Notes them.
fn note(arrivals: Res<'_, Buffer<Adjudication>>, mut sides: ResMut<'_, Sides>) {
    let met = arrivals.read().iter().filter_map(|it| it.decided.as_ref());
    sides.0.extend(met.map(|it| it.effect.exposure.aspect));
}

/// A tank that heads north amid four others that fire a munition at it, all 2 km off: one before it,
/// one on either side, one behind.
fn surrounded(dt_ms: u32, profile: &Profile) -> Field {
    let mut missile = gun(Fire::Guided, 0.0, 0.001);
    missile.speed_m_s = exact(200.0);
    missile.flight = Some(FlightSpec {
        profile: profile.clone(),
        basket_m: exact(50.0),
    });
    let ways = [DVec2::Y, DVec2::X, DVec2::NEG_X, DVec2::NEG_Y];
    let shooters = ways.map(|way| (0, 2000.0 * way));
    let places = shooters.into_iter().chain([(1, DVec2::ZERO)]).collect();
    let arms = vec![(missile, PLENTY)];
    let more = |app: &mut App| {
        app.init_resource::<Sides>()
            .add_systems(SimTick, note.in_set(Phase::Record));
    };
    Field::ticking(dt_ms, (Catalogue::clone(catalogue()), arms), places, more)
}

/// The sides on which a munition from each of them comes in, in turn: aimed so far off, and told just
/// before it arrives that the target is where it is, or not.
fn sides(field: &mut Field, off: DVec2, is_corrected: bool) -> Vec<Aspect> {
    field.world.insert_resource(Sides::default());
    for shooter in 0..4 {
        field.begin(1);
        let order = field.allow(shooter, off, 1);
        field.tick(&[order]);
        let now_s = |field: &Field| field.world.resource::<Clock>().now().as_s();
        let mut is_told = !is_corrected;
        while now_s(field) < 14.0 {
            // The flight takes 10 s.
            if !is_told && now_s(field) >= 9.0 {
                is_told = true;
                let aim = Aim {
                    position: DVec2::ZERO,
                    velocity: DVec2::ZERO,
                    sigma_m: 5.0,
                    as_of: SimTime::from_s(9.0),
                };
                let authorisation = order.authorisation().id;
                field.renew(shooter, Renewal { authorisation, aim });
            }
            field.tick(&[]);
        }
    }
    field.world.resource::<Sides>().0.clone()
}

#[test]
fn the_side_on_which_a_munition_comes_in_hangs_on_neither_tick_nor_aim() {
    let steep = Profile::Cruise {
        height_m: exact(150.0),
        terminal_m: exact(100.0),
    };
    let flat = [Aspect::Front, Aspect::Flank, Aspect::Flank, Aspect::Rear];
    for dt_ms in [1000, 100, 25] {
        let mut field = surrounded(dt_ms, &Profile::Straight);
        // On the target, and within the basket on every side of it.
        for off in [
            DVec2::ZERO,
            DVec2::new(40.0, 0.0),
            DVec2::new(-40.0, 0.0),
            DVec2::new(0.0, 40.0),
            DVec2::new(0.0, -40.0),
            DVec2::new(2.5, -2.5),
        ] {
            for is_corrected in [false, true] {
                let found = sides(&mut field, off, is_corrected);
                assert_eq!(found, flat, "{dt_ms} ms, {off}, corrected: {is_corrected}");
            }
        }
        let mut field = surrounded(dt_ms, &steep);
        let found = sides(&mut field, DVec2::new(30.0, 10.0), false);
        assert_eq!(found, [Aspect::Top; 4], "{dt_ms} ms");
    }
}
