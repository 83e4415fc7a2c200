//! `tercio calc`: numbers against published ones, and what is refused, with which exit code.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Exit code of wrong usage.
const USAGE: Option<i32> = Some(2);

/// Exit code of refused input (`EX_DATAERR` of `sysexits.h`).
const BAD_INPUT: Option<i32> = Some(65);

/// Exit code of missing input (`EX_NOINPUT`).
const MISSING: Option<i32> = Some(66);

/// Runs `tercio calc` with words.
fn calc(words: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tercio"))
        .arg("calc")
        .args(words.split_whitespace())
        .args(more)
        .output()
        .unwrap()
}

/// The result of a model as JSON.
fn json(words: &str, more: &[&str]) -> Value {
    let output = calc(words, &[more, &["--json"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{words}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Asserts that each key has its number within a tolerance.
fn assert_keys(words: &str, more: &[&str], wanted: &[(&str, f64)], tolerance: f64) {
    let result = json(words, more);
    for (key, want) in wanted {
        let got = result[key].as_f64();
        assert!(
            got.is_some_and(|got| (got - want).abs() < tolerance),
            "{words}: {key} is {got:?}, not {want}"
        );
    }
}

#[test]
fn models_of_radio_give_published_numbers() {
    for (words, wanted) in [
        (
            "pathloss-free-space --freq-mhz 400 --distance-m 10000",
            &[("loss_db", 104.49)][..],
        ),
        (
            "pathloss-two-ray --freq-mhz 400 --distance-m 10000 --tx-m 2 --rx-m 2",
            &[
                ("loss_db", 147.10),
                ("free_space_db", 104.49),
                ("ground_loss_db", 147.96),
                ("crossover_m", 67.07),
            ],
        ),
        (
            "pathloss-two-ray --freq-mhz 400 --distance-m 10000 --tx-m 2 --rx-m 2 \
             --polarization horizontal",
            &[("loss_db", 147.95)],
        ),
        (
            "pathloss-knife-edge --freq-mhz 400 --height-m 20 --d1-m 5000 --d2-m 5000",
            &[
                ("loss_db", 11.49),
                ("nu", 0.6534),
                ("fresnel_radius_m", 43.29),
                ("total_db", 115.98),
            ],
        ),
        (
            "pathloss-knife-edge --freq-mhz 400 --height-m -40 --d1-m 5000 --d2-m 5000",
            &[("loss_db", 0.0), ("nu", -1.3068)],
        ),
        (
            "pathloss-itm-area --freq-mhz 400 --distance-m 10000 --tx-m 2 --rx-m 2 \
             --irregularity-m 0",
            &[("loss_db", 151.98)],
        ),
        (
            "pathloss-log-distance --freq-mhz 2398.34 --distance-m 10 --sigma-db 8 --deviate 1.2816",
            &[("median_db", 70.046), ("loss_db", 80.298)],
        ),
        (
            "rain --freq-ghz 35 --rain-mm-h 25 --distance-m 2000",
            &[("attenuation_db_km", 6.2067), ("loss_db", 12.4134)],
        ),
        (
            "rain --freq-ghz 12 --rain-mm-h 25 --polarization vertical",
            &[("attenuation_db_km", 0.9077)],
        ),
        (
            "clutter --freq-mhz 949 --leaves-m 100000 --roofs-m 0",
            &[("woodland_db", 24.388), ("roofs_db", 0.0)],
        ),
        (
            "sun --utc 2003-10-17T19:30:30Z --lat-deg 39.742476 --lon-deg -105.1786",
            &[("elevation_deg", 39.872)],
        ),
        (
            "sea-clutter --freq-ghz 9.3 --grazing-deg 1 --sea-state 3",
            &[("reflectivity_db", -43.83)],
        ),
        (
            "noise-floor --bandwidth-hz 25000 --noise-figure-db 7",
            &[("noise_dbm", -123.0)],
        ),
    ] {
        assert_keys(words, &[], wanted, 0.02);
    }
}

#[test]
fn models_of_cities_give_published_numbers() {
    // ns-3's own tolerance.
    for (words, wanted) in [
        (
            "pathloss-hata --freq-mhz 869 --distance-m 2000 --base-m 30 --mobile-m 1",
            &[("loss_db", 137.93)][..],
        ),
        (
            "pathloss-p1411 --freq-mhz 2114 --distance-m 900 --base-m 30 --mobile-m 1 --way rooftop \
             --street-angle-deg 80",
            &[("loss_db", 141.59)],
        ),
        (
            "pathloss-p1411 --freq-mhz 2114 --distance-m 100 --base-m 30 --mobile-m 1",
            &[("loss_db", 81.005)],
        ),
        ("pathloss-kun --distance-m 2000", &[("loss_db", 121.83)]),
    ] {
        assert_keys(words, &[], wanted, 0.1);
    }
}

#[test]
fn models_of_sound_jamming_and_delay_give_published_numbers() {
    for (words, wanted, tolerance) in [
        (
            "thorp --freq-khz 10 --distance-m 2000",
            &[("absorption_db_km", 1.187), ("loss_db", 51.889)][..],
            0.001,
        ),
        (
            "sound-speed --temperature-c 25 --salinity-ppt 35 --depth-m 1000",
            &[("sound_speed_m_s", 1550.744), ("delay_s_km", 0.6449)],
            0.001,
        ),
        ("wenz --freq-khz 25", &[("noise_db", 38.55)], 0.01),
        (
            "jam-ratio --jammer-w 100 --transmitter-w 5 --jammer-m 20000 --transmitter-m 2000",
            &[("jam_ratio_db", -6.99)],
            0.01,
        ),
        (
            "jam-ratio --jammer-w 100 --transmitter-w 5 --jammer-m 20000 --transmitter-m 2000 \
             --exponent 4 --jammer-gain-dbi -3",
            &[("jam_ratio_db", -29.99)],
            0.01,
        ),
        ("gnss-jam", &[("jam_ratio_max_db", 32.0)], 0.05),
        ("gnss-jam --q 2.22", &[("range_m", 25_500.0)], 50.0),
        (
            "cable-delay --distance-m 1000000",
            &[("delay_s", 0.004_897), ("delay_us_km", 4.8967)],
            1e-4,
        ),
        (
            "satellite-link --elevation-deg 90",
            &[("delay_s", 0.119_369), ("hop_delay_s", 0.238_738)],
            1e-6,
        ),
    ] {
        assert_keys(words, &[], wanted, tolerance);
    }
}

/// Writes the ridge of the reference tables, 10 km, every 50 m.
fn write_ridge(path: &Path) {
    let mut text = "50\n".to_owned();
    for step in 0..=200 {
        let off = (f64::from(step) * 0.05 - 5.0) / 0.8;
        text += &format!("{}\n", 150.0 * libm::exp(-off * off));
    }
    std::fs::write(path, text).unwrap();
}

#[test]
fn models_over_a_profile_give_published_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ridge.txt");
    write_ridge(&file);
    let file = file.to_str().unwrap();
    let with = ["--profile", file];
    let itm = "pathloss-itm --freq-mhz 400 --tx-m 2 --rx-m 2";
    assert_keys(
        itm,
        &with,
        &[("loss_db", 149.12), ("free_space_db", 104.49)],
        0.01,
    );
    assert_eq!(json(itm, &with)["mode"], "diffraction");
    let diffraction = "pathloss-diffraction --freq-mhz 400 --tx-m 2 --rx-m 2";
    let wanted = [("delta_bullington_db", 36.74), ("loss_db", 141.23)];
    assert_keys(diffraction, &with, &wanted, 0.02);
    let text = calc(itm, &with);
    assert_eq!(
        String::from_utf8(text.stdout).unwrap(),
        "149.12 dB over 10.00 km, by diffraction; 104.49 dB of it in free space\n"
    );
}

#[test]
fn what_is_no_profile_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profile.txt");
    for (bytes, why) in [
        (&b""[..], "the file is empty"),
        (b"50\n1\n", "at least 3 elevations"),
        (b"50\n1\nNaN\n2\n", "line 3: `NaN` is no number"),
        (b"50\n1\n1e9\n2\n", "no ground is"),
        (b"\xff\xfe\x00\x01", "no text in UTF-8"),
        (b"\x1b[2J\n1\n2\n3\n", "line 1: `\\u{1b}[2J` is no number"),
        (&b"7\n".repeat(1_100_000), "at most 1000000"),
        (&b" ".repeat((32 << 20) + 1), "more than"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        for model in ["pathloss-itm", "pathloss-diffraction"] {
            let words = format!("{model} --freq-mhz 400 --tx-m 2 --rx-m 2 --json");
            let output = calc(&words, &["--profile", file.to_str().unwrap()]);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), BAD_INPUT, "{said}");
            assert!(output.stdout.is_empty() && said.contains(why), "{said}");
        }
    }
    let words = "pathloss-itm --freq-mhz 400 --tx-m 2 --rx-m 2 --profile /nowhere/profile.txt";
    let output = calc(words, &[]);
    assert_eq!(output.status.code(), MISSING);
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no file"));
}

#[test]
fn arguments_out_of_bounds_are_refused() {
    for (words, code) in [
        ("", USAGE),
        ("pathloss-two-ray --freq-mhz 400", USAGE),
        ("pathloss-free-space --freq-mhz NaN --distance-m 1", USAGE),
        ("pathloss-free-space --freq-mhz 400 --distance-m 0", USAGE),
        ("pathloss-free-space --freq-mhz 400 --distance-m inf", USAGE),
        ("thorp --freq-khz -1", USAGE),
        ("noise-floor --bandwidth-hz 1e999", USAGE),
        ("gnss-jam --threshold-dbhz 50", BAD_INPUT),
        (
            "pathloss-p1411 --freq-mhz 900 --distance-m 500 --base-m 30 --mobile-m 25 --way rooftop",
            BAD_INPUT,
        ),
    ] {
        let output = calc(words, &[]);
        assert_eq!(output.status.code(), code, "{words}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}
