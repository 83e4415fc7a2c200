//! Tests of the report on a made-up run.

use std::collections::BTreeMap;

use super::*;
use crate::accounting::kill_chain::{KillChain, STAGES, Stage, TargetOutcome, TargetTimeline};
use crate::accounting::network::report::{DeadZone, NetworkReport, ShapeSample, SideShape};
use crate::accounting::summary::{
    BlueForce, Cost, DeskRow, EnergyUse, Engagements, Expenditure, Losses, NetworkSummary,
    ScenarioIdentity, SideCurve, SideKillChain, SideTimelines, TrackQuality,
};
use crate::accounting::target::Fate;

/// Targets of a made-up side: the n-th reaches n % 9 stages.
fn targets(number: u32) -> Vec<TargetTimeline> {
    (0..number)
        .map(|n| {
            let reached = (n % 9) as usize;
            let mut times_s = [None; STAGES];
            for (stage, time_s) in times_s.iter_mut().take(reached).enumerate() {
                *time_s = Some(f64::from(n) * 40.0 + stage as f64 * (20.0 + f64::from(n)));
            }
            TargetTimeline {
                target: format!("red-{n}"),
                times_s,
                outcome: match reached {
                    0 | 1 => TargetOutcome::NeverDetected,
                    2 => TargetOutcome::Open,
                    3 => TargetOutcome::Lost,
                    4..=6 => TargetOutcome::Expired,
                    7 => TargetOutcome::Engaged,
                    _ => TargetOutcome::Assessed,
                },
                ended_s: 3600.0,
                broke_at: Stage::ALL.get(reached).copied(),
                why: if reached < 8 {
                    "queue < full & closed".to_owned()
                } else {
                    String::new()
                },
                effect_s: None,
                fate: Fate::Open,
                fate_s: 3600.0,
                end_s: 3600.0,
            }
        })
        .collect()
}

/// A made-up run with two sides.
fn report() -> RunReport {
    let timelines = [("blue", 30), ("red", 12)].map(|(side, number)| SideTimelines {
        side: side.to_owned(),
        targets: targets(number),
    });
    let chains = timelines.clone().map(|side| SideKillChain {
        kill_chain: KillChain::from_targets(&side.targets, 3600.0),
        side: side.side,
    });
    let curve = |side: &str, times_s: &[f64]| SideCurve {
        side: side.to_owned(),
        points: times_s
            .iter()
            .enumerate()
            .map(|(n, time_s)| [*time_s, n as f64])
            .collect(),
    };
    RunReport {
        summary: summary(chains.to_vec()),
        timelines: timelines.to_vec(),
        losses: vec![
            curve("blue", &[0.0, 700.0, 710.0, 2500.0]),
            curve(
                "red",
                &[0.0, 300.0, 350.0, 500.0, 1200.0, 1300.0, 2000.0, 3100.0],
            ),
        ],
        network: network(),
    }
}

/// A made-up network over time, and a map.
fn network() -> NetworkReport {
    let sample = |t_s, reach| ShapeSample {
        t_s,
        reach: Some(reach),
        giant_component: Some(0.9),
        ..Default::default()
    };
    NetworkReport {
        sides: vec![SideShape {
            side: "blue".to_owned(),
            samples: vec![sample(0.0, 1.0), sample(600.0, 0.4), sample(1200.0, 0.8)],
        }],
        networks: Vec::new(),
        dead_zones: vec![DeadZone {
            side: "blue".to_owned(),
            network: "net<1>".to_owned(),
            post: "cp".to_owned(),
            antenna_m: 2.0,
            extent_m: [0.0, 0.0, 1000.0, 1000.0],
            rows: vec!["#.".to_owned(), "..".to_owned()],
            post_m: [250.0, 250.0],
            hearers_m: vec![[500.0, 500.0]],
            dead_zone_share: 0.25,
        }],
    }
}

/// A measure that is met, one that is not, one without a value.
fn measures_of_both_directions() -> Vec<Measure> {
    vec![
        Measure::new("targets_engaged", "1", Some(7.0), Direction::Up, Some(5.0)),
        Measure::new("blue_losses", "1", Some(3.0), Direction::Down, Some(2.0)),
        Measure::new("latency", "s", None, Direction::Down, None),
    ]
}

/// Processor seconds of some phases.
fn costs_of_four_phases() -> BTreeMap<String, f64> {
    BTreeMap::from(
        [
            ("Move", 0.4),
            ("Sense", 1.9),
            ("Communicate", 1.1),
            ("Plan", 0.05),
        ]
        .map(|(phase, cpu_s)| (phase.to_owned(), cpu_s)),
    )
}

/// Which scenario the made-up run was of.
fn identity() -> ScenarioIdentity {
    ScenarioIdentity {
        name: "high<land>".to_owned(),
        hash: "00112233aabbccdd".to_owned(),
    }
}

/// The desk of the made-up run.
fn desk() -> DeskRow {
    DeskRow {
        side: "blue".to_owned(),
        at: "battery<1>".to_owned(),
        operators: 2,
        utilisation: Some(0.61),
        ..Default::default()
    }
}

/// What blue's companies knew.
fn quality() -> TrackQuality {
    TrackQuality {
        side: "blue".to_owned(),
        echelon: "company".to_owned(),
        completeness: Some(0.61),
        age_s: Some(34.2),
        nees: Some(4.8),
        overconfident: Some(0.07),
    }
}

/// The result of the made-up run.
fn summary(chains: Vec<SideKillChain>) -> RunSummary {
    let both = |make: &dyn Fn(&str) -> Losses| vec![make("blue"), make("red")];
    RunSummary {
        tercio: "0.1.0".to_owned(),
        git: "0123abcd".to_owned(),
        scenario: identity(),
        seed: 1,
        dt_ms: 100,
        ticks: 36_000,
        sim_s: 3600.0,
        wall_s: 5.1,
        cpu_s: 4.9,
        real_time_factor: 705.9,
        sim_s_per_cpu_s: 734.7,
        entities: 124,
        entity_steps: 4_464_000,
        phase_cpu_s: costs_of_four_phases(),
        state_hash: "00ff00ff00ff00ff".to_owned(),
        measures: measures_of_both_directions(),
        kill_chain: chains.first().map(|side| side.kill_chain.clone()),
        kill_chain_by_side: chains,
        targets: Vec::new(),
        network: NetworkSummary {
            delivery_ratio: Some(0.93),
            delay_median_s: Some(1.4),
            ..Default::default()
        },
        track_quality: vec![quality()],
        blue_force: vec![BlueForce {
            side: "blue".to_owned(),
            error_m: Some(81.0),
            age_s: Some(12.5),
            located: Some(0.42),
        }],
        engagements: vec![Engagements {
            side: "blue".to_owned(),
            proposed: 21,
            ..Default::default()
        }],
        losses: both(&|side| Losses {
            side: side.to_owned(),
            units: 3,
            usd: 12_400_000.0,
        }),
        operations: Vec::new(),
        auctions: Vec::new(),
        suppression: Vec::new(),
        defence: Vec::new(),
        desks: vec![desk()],
        programs: Vec::new(),
        expenditure: vec![Expenditure {
            side: "blue".to_owned(),
            rounds: 44,
            usd: 310_000.0,
        }],
        energy: vec![EnergyUse {
            side: "blue".to_owned(),
            kwh: 14.2,
            fuel_kg: 912.0,
        }],
        cost: ["blue", "red"]
            .map(|side| Cost {
                side: side.to_owned(),
                usd: 12_710_000.0,
            })
            .to_vec(),
        run_dir: Some("runs/highland-1".to_owned()),
    }
}

#[test]
fn the_page_stands_alone_and_shows_the_numbers() {
    let html = page(&report());
    for part in [
        "<td>targets_engaged</td><td class=\"n\">7</td>",
        "\u{2717} not met",
        "00ff00ff00ff00ff",
        "high&lt;land&gt;",
        "Cumulative incidence of engagement since detection",
        "queue &lt; full &amp; closed",
        "<h3>red: 12 targets</h3>",
        "<td>blue</td><td>battery&lt;1&gt;</td><td class=\"n\">2</td>",
        "<h3>Units with a way to the command post above them</h3>",
        "<h3>blue: dead zones of net&lt;1&gt;</h3>",
        "does not reach cp through any member of the network: 25 % of the",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(
        !html.contains("<script") && !html.contains("src="),
        "nothing is fetched or run"
    );
    let links = html.matches("http").count() - html.matches("http-equiv").count();
    assert_eq!(links, html.matches("http://www.w3.org/2000/svg").count());
    assert!(!html.contains("NaN") && !html.contains(">inf<"));
}

#[test]
fn every_element_is_closed() {
    let html = page(&report());
    for tag in [
        "table", "tr", "td", "th", "svg", "text", "h2", "details", "div", "p", "title",
    ] {
        let opened =
            html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn a_run_without_targets_or_measures_still_has_a_page() {
    let mut empty = report();
    empty.timelines.clear();
    empty.losses.clear();
    empty.summary.kill_chain = None;
    empty.summary.kill_chain_by_side.clear();
    empty.summary.measures.clear();
    empty.summary.phase_cpu_s.clear();
    let html = page(&empty);
    assert!(html.contains("State hash") && !html.contains("NaN"));
    assert!(!html.contains("Processor time by phase") && !html.contains("Kill chain"));
}
