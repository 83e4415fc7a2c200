//! What a run says of its network is what happened to it.

use std::collections::BTreeSet;

use tercio::accounting::network::report::{ShapeSample, SideNetwork};
use tercio::accounting::summary::{NetworkSummary, RunReport};
use tercio::app::RunOutput;

use super::support::{highland, load, run, start};

/// A side's figures.
fn side<'a>(report: &'a RunReport, name: &str) -> &'a SideNetwork {
    let mut sides = report.summary.network.sides.iter();
    sides
        .find(|it| it.side == name)
        .expect("every side is there")
}

/// The share of a side's units with a way to their post, as it was at a time in seconds.
fn reach_at(output: &RunOutput, name: &str, t_s: f64) -> f64 {
    let mut sides = output.report.network.sides.iter();
    let shape = sides.find(|it| it.side == name).expect("it is followed");
    let before = |it: &&ShapeSample| it.t_s <= t_s;
    let sample = shape.samples.iter().rfind(before);
    sample.and_then(|it| it.reach).expect("it has a post")
}

/// Whether two numbers agree.
fn near(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() < 1e-9)
}

#[test]
fn a_network_that_fails_is_a_fall_that_ends_when_it_is_back() {
    let down = "(at_s: 200, what: NetworkDown(network: \"mesh\"))";
    let up = "(at_s: 260, what: NetworkUp(network: \"mesh\"))";
    let loaded = load("tutorial", &[&format!("injects=[{down}, {up}]")]);
    let output = run(&loaded, 1, 300.0);
    let blue = side(&output.report, "blue");
    let held = blue
        .resilience
        .as_ref()
        .expect("blue had a way at the start");
    assert!(reach_at(&output, "blue", 199.0) > 0.99, "{blue:?}");
    assert!(reach_at(&output, "blue", 230.0) < 1e-9, "{blue:?}");
    assert!(
        near(held.fell_s, 200.0) && near(held.recovery_s, 60.0),
        "{held:?}"
    );
    assert!(
        near(Some(held.mean), 0.8) && near(Some(held.depth), 1.0),
        "{held:?}"
    );
    // The other side's network is untouched: two vehicles, both with a way.
    let red = side(&output.report, "red");
    assert!(
        near(red.resilience.as_ref().map(|it| it.mean), 1.0),
        "{red:?}"
    );
    let names: Vec<&str> = output
        .report
        .summary
        .measures
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    for name in ["blue_network_reach", "red_network_resilience"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[test]
fn the_parts_of_the_traffic_add_up() {
    let output = run(highland(), 1, 120.0);
    let network = &output.report.summary.network;
    let count = |parts: Vec<(u64, u64)>| {
        let add = |sum: (u64, u64), part: (u64, u64)| (sum.0 + part.0, sum.1 + part.1);
        parts.into_iter().fold((0, 0), add)
    };
    let classes = network
        .by_class
        .iter()
        .map(|it| (it.traffic.sent, it.traffic.delivered));
    let all = count(classes.collect());
    let precedences = network.by_precedence.iter();
    assert_eq!(
        count(
            precedences
                .map(|it| (it.traffic.sent, it.traffic.delivered))
                .collect()
        ),
        all
    );
    let echelons = network.by_echelon.iter();
    assert_eq!(
        count(
            echelons
                .map(|it| (it.traffic.sent, it.traffic.delivered))
                .collect()
        ),
        all
    );
    assert!(all.0 > 100 && near(network.delivery_ratio, all.1 as f64 / all.0 as f64));
    assert!(network.delay_median_s <= network.delay_p90_s);
    let positions = &network.age_of_information[0];
    assert!(
        positions.class == "position" && positions.pairs > 50,
        "{positions:?}"
    );
    assert!(positions.mean_s > Some(0.0), "{positions:?}");
    assert!(positions.peak_s > Some(0.0), "{positions:?}");
    let ids: BTreeSet<&str> = network
        .networks
        .iter()
        .map(|it| it.network.as_str())
        .collect();
    assert_eq!(ids.len(), highland().read.scenario.networks.len());
    assert!(
        network
            .networks
            .iter()
            .any(|it| it.utilisation > 0.0 && it.data_bytes > 0)
    );
    let json = serde_json::to_string(network).expect("plain data");
    let back: NetworkSummary = serde_json::from_str(&json).expect("its own form");
    assert_eq!(&back, network);
}

#[test]
fn summaries_of_before_can_still_be_read() {
    let old = r#"{"delivery_ratio": 0.93, "delay_median_s": 1.4}"#;
    let network: NetworkSummary = serde_json::from_str(old).expect("the rest has defaults");
    assert!(near(network.delivery_ratio, 0.93) && network.by_class.is_empty());
}

#[test]
fn dead_zones_are_where_no_member_hears() {
    let mut simulation = start(highland(), 1, 1.0);
    assert!(
        simulation.dead_zones().is_empty(),
        "nothing was measured yet"
    );
    simulation.run().expect("no invariant is broken");
    let zones = simulation.dead_zones();
    assert!(!zones.is_empty());
    for zone in &zones {
        let cells = zone.rows.concat();
        assert_eq!((zone.rows.len(), cells.len()), (64, 64 * 64));
        let dead = cells.matches('#').count() as f64 / 4096.0;
        assert!((dead - zone.dead_zone_share).abs() < 1e-9);
        assert!(dead > 0.0 && dead < 1.0, "{} of {}", dead, zone.side);
        // Whoever hears for the post is not in a dead zone itself.
        let [west_m, south_m, east_m, north_m] = zone.extent_m;
        let cell = |share: f64| {
            let mut edges = 1..64_u8;
            let beyond = edges.position(|edge| f64::from(edge) > 64.0 * share);
            beyond.unwrap_or(63)
        };
        let heard = zone.hearers_m.iter().filter(|[x_m, y_m]| {
            let column = cell((x_m - west_m) / (east_m - west_m));
            let row = cell((north_m - y_m) / (north_m - south_m));
            zone.rows[row].as_bytes()[column] == b'.'
        });
        assert!(heard.count() * 2 > zone.hearers_m.len(), "{}", zone.side);
    }
    assert_eq!(
        simulation.dead_zones(),
        zones,
        "a second look sees the same"
    );
}
