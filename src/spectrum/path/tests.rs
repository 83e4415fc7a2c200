//! Against the models it is made of, and as a unit on the move feels it.

use std::sync::Arc;

use glam::DVec2;
use proptest::prelude::*;

use super::*;
use crate::{
    geo::{Extent, LocalFrame, Procedural, analytic},
    spectrum::model::itm::point_to_point,
};

/// Frequencies of radios, Hz.
const RADIOS_HZ: [f64; 4] = [53e6, 455e6, 1_350e6, 4_965e6];

/// A landscape of a terrain.
fn land(terrain: Terrain) -> Landscape {
    Landscape {
        cover: Arc::default(),
        terrain: Arc::new(terrain),
        frame: LocalFrame::new(36.3, -84.2).unwrap(),
        undulation_m: 0.0,
    }
}

/// A landscape of a formula.
fn formula(profile: analytic::Profile, path_m: f64) -> Landscape {
    land(profile.terrain(path_m, 500.0, 100.0).unwrap())
}

/// Mountains, made once.
static HILLS: LazyLock<Landscape> = LazyLock::new(|| {
    let country = Procedural {
        seed: 7,
        base_m: 100.0,
        relief_m: 250.0,
        width_m: 6_000.0,
        octaves: 5,
        ridges: 0.4,
    };
    let extent = Extent::about(DVec2::ZERO, 12_000.0);
    land(country.terrain(extent, 90.0).unwrap())
});

/// A point on the x axis above the surface.
fn above(landscape: &Landscape, x_m: f64, height_m: f64) -> DVec3 {
    landscape
        .terrain
        .above_surface(DVec2::new(x_m, 0.0), height_m)
}

#[test]
fn it_is_the_irregular_terrain_model_on_the_same_profile() {
    for kind in [
        analytic::Profile::Ridge150,
        analytic::Profile::TwoHills,
        analytic::Profile::Rolling,
    ] {
        let landscape = formula(kind, 10_000.0);
        let ground_m: Vec<f64> = (0_u32..=100)
            .map(|number| kind.height_m(100.0 * f64::from(number), 10_000.0))
            .collect();
        let profile = Profile {
            step_m: 100.0,
            heights_m: &ground_m,
        };
        for frequency_hz in RADIOS_HZ {
            let want = point_to_point(
                &profile,
                [2.0, 12.0],
                frequency_hz / 1e6,
                &Surroundings::default(),
                &Percentiles::default(),
            );
            let ends = (
                above(&landscape, 0.0, 2.0),
                above(&landscape, 10_000.0, 12.0),
            );
            let got_db = ground_loss_db(frequency_hz, ends, &landscape);
            assert!(
                (got_db - want.loss_db).abs() < 0.02,
                "{kind:?} at {frequency_hz}: {got_db} against {want:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]
    #[test]
    fn both_directions_give_the_same_bits_and_never_less_than_free_space(
        ends in prop::array::uniform4(-13_000.0_f64..13_000.0),
        above_m in prop::array::uniform2(0.0_f64..1.0),
        log_hz in 7.0_f64..10.5,
        budget_db in 60.0_f64..250.0,
    ) {
        let frequency_hz = math::pow(10.0, log_hz);
        let point = |x: f64, y: f64, share: f64| {
            HILLS.terrain.above_surface(DVec2::new(x, y), 5_000.0 * math::pow(share, 6.0))
        };
        let (a, b) = (point(ends[0], ends[1], above_m[0]), point(ends[2], ends[3], above_m[1]));
        let there_db = ground_loss_db(frequency_hz, (a, b), &HILLS);
        let back_db = ground_loss_db(frequency_hz, (b, a), &HILLS);
        prop_assert_eq!(there_db.to_bits(), back_db.to_bits());
        prop_assert!(there_db.is_finite());
        prop_assert!(there_db >= free_space_loss_db(frequency_hz, a.distance(b)));
        let within = ground_loss_within(frequency_hz, (a, b), &HILLS, budget_db);
        prop_assert_eq!(within, (there_db <= budget_db).then_some(there_db));
    }
}

#[test]
fn strange_ends_give_finite_losses() {
    let here = above(&HILLS, 100.0, 2.0);
    let ends = [
        here,
        here + DVec3::Z * 1e-9,
        here + DVec3::Z * 50.0,
        here + DVec3::X * 1e-9,
        here - DVec3::Z * 30.0,
        DVec3::new(1e5, -1e5, 10.0),
        DVec3::new(0.0, 0.0, 40_000.0),
    ];
    for there in ends {
        for frequency_hz in [1e3, 53e6, 30e9] {
            let loss_db = ground_loss_db(frequency_hz, (here, there), &HILLS);
            assert!(loss_db.is_finite() && loss_db >= 0.0, "{there}: {loss_db}");
        }
    }
}

/// Largest change of the loss, dB, from one place to the next of a unit on the move.
fn largest_step_db(
    landscape: &Landscape,
    frequency_hz: f64,
    base: DVec3,
    way: impl Iterator<Item = DVec3>,
) -> f64 {
    let losses: Vec<f64> = way
        .map(|at| ground_loss_db(frequency_hz, (base, at), landscape))
        .collect();
    let steps = losses.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    steps.fold(0.0, f64::max)
}

/// Ten metres on, less than a decibel more over a plain: from 200 m to 16 km, and straight up to 4 km.
/// In a valley the model's count of samples shows, too.
#[test]
fn a_moving_unit_feels_no_step() {
    let places = [
        (formula(analytic::Profile::Flat(20.0), 20_000.0), 1.0),
        (formula(analytic::Profile::Valley, 20_000.0), 3.0),
    ];
    for (landscape, bound_db) in &places {
        let base = above(landscape, 1_000.0, 5.0);
        for frequency_hz in RADIOS_HZ {
            for height_m in [2.0, 10.0, 100.0, 400.0] {
                let drive = (0_u32..1_580)
                    .map(|step| 1_200.0 + 10.0 * f64::from(step))
                    .map(|x_m| above(landscape, x_m, height_m));
                let step_db = largest_step_db(landscape, frequency_hz, base, drive);
                assert!(step_db < *bound_db, "{frequency_hz} {height_m}: {step_db}");
            }
            for x_m in [1_500.0, 3_000.0, 9_000.0] {
                let climb = (10_u32..400)
                    .map(|step| above(landscape, 1_000.0 + x_m, 10.0 * f64::from(step)));
                let step_db = largest_step_db(landscape, frequency_hz, base, climb);
                assert!(step_db < *bound_db, "{frequency_hz} {x_m}: {step_db}");
            }
        }
    }
}

#[test]
fn behind_a_ridge_it_is_quieter_than_before_it() {
    let landscape = formula(analytic::Profile::Ridge150, 10_000.0);
    let base = above(&landscape, 0.0, 5.0);
    for frequency_hz in RADIOS_HZ {
        let loss_db = |x_m: f64| {
            ground_loss_db(
                frequency_hz,
                (base, above(&landscape, x_m, 3.0)),
                &landscape,
            )
        };
        let farther_db = 20.0 * math::log10(6_500.0 / 4_300.0);
        assert!(loss_db(6_500.0) > loss_db(4_300.0) + farther_db + 6.0);
    }
}

#[test]
fn near_ends_behind_a_spur_lose_an_edge() {
    let spur = Terrain::from_fn(Extent::about(DVec2::ZERO, 2_000.0), 20.0, true, |at| {
        40.0 * math::exp(-(at.x / 60.0) * (at.x / 60.0))
    });
    let landscape = land(spur.unwrap());
    let loss_db = |x_m: f64| {
        let ends = (
            above(&landscape, -300.0, 10.0),
            above(&landscape, x_m, 10.0),
        );
        ground_loss_db(455e6, ends, &landscape)
    };
    assert!(loss_db(300.0) > loss_db(-900.0) + 15.0);
}

#[test]
fn high_aircraft_see_each_other_through_free_space() {
    let ends = (
        above(&HILLS, -10_000.0, 2_000.0),
        above(&HILLS, 10_000.0, 2_200.0),
    );
    let loss_db = ground_loss_db(1_350e6, ends, &HILLS);
    let free_db = free_space_loss_db(1_350e6, ends.0.distance(ends.1));
    assert!(
        (loss_db - free_db).abs() < 1e-9,
        "{loss_db} against {free_db}"
    );
}

#[test]
fn the_sea_carries_low_frequencies_farther() {
    let sea = formula(analytic::Profile::Flat(-50.0), 10_000.0);
    let plain = formula(analytic::Profile::Flat(0.0), 10_000.0);
    let loss_db = |landscape: &Landscape, x_m: f64| {
        let ends = (above(landscape, 0.0, 3.0), above(landscape, x_m, 3.0));
        ground_loss_db(53e6, ends, landscape)
    };
    for x_m in [800.0, 9_000.0] {
        assert!(loss_db(&sea, x_m) < loss_db(&plain, x_m) - 6.0, "{x_m}");
    }
}
