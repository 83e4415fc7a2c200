//! Against NTIA's own program, version 1.3, on paths that it was run on (`tests/reference` says how):
//! within 0.1 dB on every row.

use super::*;

/// Rows of a table as text.
pub(in crate::spectrum::model) fn rows(
    table: &'static str,
) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table.lines().skip(2);
    lines.map(|line| line.split(',').collect())
}

/// A column of a row as a number.
pub(in crate::spectrum::model) fn column(row: &[&str], at: usize) -> f64 {
    row[at].parse().unwrap()
}

/// Height of the ground of a kind at a place, m, of a path of a length, km.
fn ground_m(kind: &str, x: f64, length: f64) -> f64 {
    let hill = |height_m: f64, centre: f64, width: f64| {
        let off = (x - centre) / width;
        height_m * math::exp(-off * off)
    };
    match kind {
        "flat" => 0.0,
        "ridge150" => hill(150.0, 0.5 * length, 0.08 * length),
        "two_hills" => {
            hill(120.0, 0.3 * length, 0.05 * length) + hill(90.0, 0.7 * length, 0.06 * length)
        }
        "rolling" => {
            40.0 + 30.0 * math::sin(math::TAU * x / 3.1)
                + 12.0 * math::sin(math::TAU * x / 0.9 + 1.0)
        }
        "valley" => {
            let off = 2.0 * (x / length - 0.5);
            150.0 * off * off
        }
        other => panic!("no ground is called {other}"),
    }
}

/// Heights of the ground of a kind every `step_m`, m.
pub(in crate::spectrum::model) fn heights_m(kind: &str, length_km: f64, step_m: f64) -> Vec<f64> {
    (0..)
        .map(|number: u32| f64::from(number) * step_m / 1000.0)
        .take_while(|x| *x < length_km + 1e-6)
        .map(|x| ground_m(kind, x, length_km))
        .collect()
}

#[test]
fn point_to_point_is_that_of_the_ntia_on_every_row() {
    const TABLE: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/itm_p2p.csv"
    ));
    let mut count = 0;
    for row in rows(TABLE) {
        let (length_km, step_m) = (column(&row, 1), column(&row, 2));
        let heights_m = heights_m(row[0], length_km, step_m);
        let profile = Profile {
            step_m,
            heights_m: &heights_m,
        };
        let ends_m = [column(&row, 4), column(&row, 5)];
        let loss = point_to_point(
            &profile,
            ends_m,
            column(&row, 3),
            &Surroundings::default(),
            &Percentiles::default(),
        );
        assert!(
            (loss.loss_db - column(&row, 7)).abs() < 0.1,
            "{row:?}: {loss:?}"
        );
        assert!(
            (loss.free_space_db - column(&row, 6)).abs() < 0.01,
            "{row:?}: {loss:?}"
        );
        count += 1;
    }
    assert!(count >= 200, "{count} rows");
}

#[test]
fn area_is_that_of_the_ntia_on_every_row() {
    const TABLE: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/itm_area.csv"
    ));
    let mut count = 0;
    for row in rows(TABLE) {
        let loss = area(
            (column(&row, 0), 1000.0 * column(&row, 2)),
            ([column(&row, 3), column(&row, 4)], [Siting::Random; 2]),
            column(&row, 1),
            &Surroundings::default(),
            &Percentiles::default(),
        );
        assert!(
            (loss.loss_db - column(&row, 6)).abs() < 0.1,
            "{row:?}: {loss:?}"
        );
        count += 1;
    }
    assert!(count >= 150, "{count} rows");
}

#[test]
fn more_certainty_costs_more() {
    let heights_m = [0.0; 401];
    let profile = Profile {
        step_m: 50.0,
        heights_m: &heights_m,
    };
    let loss_db = |time, situation| {
        let percentiles = Percentiles {
            time,
            location: 50.0,
            situation,
        };
        let surroundings = Surroundings::default();
        point_to_point(&profile, [2.0, 2.0], 400.0, &surroundings, &percentiles).loss_db
    };
    let median_db = loss_db(50.0, 50.0);
    assert!(loss_db(95.0, 50.0) > median_db + 0.1 && loss_db(50.0, 95.0) > median_db + 5.0);
    assert!(loss_db(5.0, 50.0) < median_db);
}

#[test]
fn the_reference_attenuation_of_a_path_beyond_all_horizons_is_scatter() {
    let heights_m = [0.0; 801];
    let profile = Profile {
        step_m: 500.0,
        heights_m: &heights_m,
    };
    let surroundings = Surroundings::default();
    let loss = point_to_point(
        &profile,
        [30.0, 30.0],
        400.0,
        &surroundings,
        &Percentiles::default(),
    );
    assert_eq!(loss.mode, Mode::Troposcatter, "{loss:?}");
    assert!(loss.loss_db > loss.free_space_db + 60.0, "{loss:?}");
}

#[test]
fn a_path_behind_a_ridge_is_diffracted() {
    let mode = |height_m: f64| {
        let heights_m: Vec<f64> = (0..=200)
            .map(|step| height_m * f64::from(u8::from((90..110).contains(&step))))
            .collect();
        let profile = Profile {
            step_m: 50.0,
            heights_m: &heights_m,
        };
        let (air, sure) = (Surroundings::default(), Percentiles::default());
        point_to_point(&profile, [10.0, 10.0], 400.0, &air, &sure).mode
    };
    assert_eq!(mode(0.0), Mode::LineOfSight);
    assert_eq!(mode(50.0), Mode::Diffraction);
}

#[test]
fn ground_that_no_earth_has_still_gives_a_number() {
    for heights_m in [
        [-12e3, -9e3, -11e3, -10e3],
        [-4e3, -18e3, 100.0, -5e3],
        [9e3, -9e3, 9e3, -9e3],
    ] {
        for step_m in [0.1, 50.0, 60e3] {
            let profile = Profile {
                step_m,
                heights_m: &heights_m,
            };
            let (air, sure) = (Surroundings::default(), Percentiles::default());
            for ends_m in [[0.5, 0.5], [3000.0, 0.5], [3000.0, 3000.0]] {
                for frequency_mhz in [20.0, 20e3] {
                    let loss = point_to_point(&profile, ends_m, frequency_mhz, &air, &sure);
                    assert!(loss.loss_db.is_finite(), "{profile:?}: {loss:?}");
                }
            }
        }
    }
}
