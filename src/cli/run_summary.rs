//! What came of a run, for people.

use std::fmt::Write as _;

use comfy_table::{Cell, Color};

use super::text::{NONE, clock, lines, list, number, numbers, optional, right, table};
use super::{run_summary_auctions, run_summary_desks, run_summary_network, run_summary_programs};
use crate::accounting::kill_chain::{KillChain, Stage};
use crate::accounting::span::Span;
use crate::accounting::summary::{Direction, Measure, RunReport, RunSummary, SideKillChain};

/// Most reasons for broken chains that are shown for a side.
const BREAKS_MAX: usize = 3;

/// Least share of the processor time for a phase to be named, per cent.
const PHASE_SHARE_MIN: f64 = 3.0;

/// The whole summary. Parts about which the run has nothing to say are left out.
pub(super) fn text(title: &str, report: &RunReport, is_colorful: bool) -> String {
    let summary = &report.summary;
    let parts = [
        heading(title, summary),
        measures(&summary.measures, is_colorful),
        kill_chains(&summary.kill_chain_by_side),
        sides(summary),
        run_summary_desks::lines(summary),
        run_summary_auctions::lines(&summary.auctions),
        run_summary_programs::lines(summary),
        footer(summary),
    ];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n")
}

/// Which run it was.
fn heading(title: &str, summary: &RunSummary) -> String {
    format!(
        "{}, seed {}: {title}\n{} simulated with {} units\n",
        summary.scenario.name,
        summary.seed,
        clock(summary.sim_s),
        summary.entities
    )
}

/// The scenario's measures.
fn measures(all: &[Measure], is_colorful: bool) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut table = table(&["measure", "value", "unit", "better", "threshold", "met"]);
    for measure in all {
        let better = match measure.direction {
            Direction::Up => "more",
            Direction::Down => "less",
        };
        let (met, color) = match measure.met {
            Some(true) => ("yes", Some(Color::Green)),
            Some(false) => ("no", Some(Color::Red)),
            None => (NONE, None),
        };
        let met = Cell::new(met);
        table.add_row([
            Cell::new(&measure.name),
            right(optional(measure.value)),
            Cell::new(&measure.unit),
            Cell::new(better),
            right(optional(measure.threshold)),
            match color.filter(|_| is_colorful) {
                Some(color) => met.fg(color),
                None => met,
            },
        ]);
    }
    lines(&table)
}

/// The kill chains of all sides beside each other, then what became of their targets.
fn kill_chains(sides: &[SideKillChain]) -> String {
    if sides.is_empty() {
        return String::new();
    }
    let mut header = vec!["stage".to_owned()];
    for SideKillChain { side, .. } in sides {
        header.extend([
            format!("{side}: targets"),
            "median s (of those)".to_owned(),
            "90 % s".to_owned(),
        ]);
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = table(&header);
    for stage in Stage::ALL {
        let of_side = |side: &SideKillChain| match side.kill_chain.stages.get(stage.index()) {
            Some(at) => [
                at.count.to_string(),
                optional(at.median_s),
                optional(at.p90_s),
            ],
            None => [NONE; 3].map(str::to_owned),
        };
        table.add_row(numbers(stage.name(), sides.iter().flat_map(of_side)));
    }
    let mut text = lines(&table);
    for SideKillChain { side, kill_chain } in sides {
        text.push('\n');
        text.push_str(&account(side, kill_chain));
    }
    text
}

/// What became of the targets of one side.
fn account(side: &str, chain: &KillChain) -> String {
    let counts = &chain.outcomes;
    let outcomes = [
        (counts.assessed, "assessed"),
        (counts.engaged, "engaged and not assessed"),
        (counts.expired, "expired"),
        (counts.lost, "lost"),
        (counts.left, "left"),
        (counts.killed, "killed otherwise"),
        (counts.never_detected, "never detected"),
        (counts.open, "open at the end"),
    ];
    let outcomes = outcomes.into_iter().filter(|(count, _)| *count > 0);
    let outcomes: Vec<String> = outcomes
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let targets = chain.targets;
    let mut text = match targets {
        0 => return format!("{side} had no targets\n"),
        _ => format!("{side}, {targets} targets: {}\n", list(&outcomes)),
    };
    let latency = &chain.sensor_to_shooter;
    if let (Some(mean_s), Some(p)) = (latency.restricted_mean_s, latency.p_engaged_by_horizon) {
        let (n, horizon) = (latency.n, clock(latency.horizon_s));
        let percent = 100.0 * p;
        write!(text, "  detected to engaged: {} s, mean over {n} targets restricted to {horizon}; {percent:.0} % engaged by then", number(mean_s))
            .expect("a string takes any text");
        if let Some(median_s) = latency.median_of_engaged_s {
            let events = latency.events;
            write!(
                text,
                "; median conditional on engagement, of {events}, {} s",
                number(median_s)
            )
            .expect("a string takes any text");
        }
        text.push('\n');
    }
    text.push_str(&other_times(chain));
    for broken in chain.breaks.iter().take(BREAKS_MAX) {
        let (stage, count, why) = (broken.stage.name(), broken.count, &broken.why);
        writeln!(text, "  {count} not {stage}: {why}").expect("a string takes any text");
    }
    text
}

/// Restricted means and shares by the horizon of the times around the headline.
fn other_times(chain: &KillChain) -> String {
    let shown = [Span::Detection, Span::Sharing, Span::SensorToEffect];
    let times = chain.times.iter().filter(|it| shown.contains(&it.time));
    let said = times.filter_map(|it| {
        let (mean_s, percent) = (number(it.restricted_mean_s?), 100.0 * it.p_by_horizon?);
        Some(format!("{} {mean_s} s, {percent:.0} %", it.time.name()))
    });
    match said.collect::<Vec<_>>().join("; ") {
        said if said.is_empty() => said,
        said => format!("  likewise {said}\n"),
    }
}

/// Engagements, losses, rounds and cost by side.
fn sides(summary: &RunSummary) -> String {
    if summary.engagements.is_empty() && summary.losses.is_empty() {
        return String::new();
    }
    let mut names: Vec<&str> = summary
        .engagements
        .iter()
        .map(|it| it.side.as_str())
        .collect();
    names.extend(summary.losses.iter().map(|it| it.side.as_str()));
    let mut shown = Vec::new();
    let mut table = table(&[
        "side",
        "proposed",
        "authorised",
        "refused",
        "lapsed",
        "fired",
        "kills",
        "wrong",
        "lost",
        "rounds",
        "kWh",
        "fuel kg",
        "cost USD",
    ]);
    for side in names {
        if shown.contains(&side) {
            continue;
        }
        shown.push(side);
        let fights = summary.engagements.iter().find(|it| it.side == side);
        let fights = fights.map_or([NONE; 7].map(str::to_owned), |it| {
            [
                it.proposed,
                it.authorised,
                it.refused,
                it.lapsed,
                it.fired,
                it.kills,
                it.wrong,
            ]
            .map(|count| count.to_string())
        });
        let losses = summary.losses.iter().find(|it| it.side == side);
        let rounds = summary.expenditure.iter().find(|it| it.side == side);
        let energy = summary.energy.iter().find(|it| it.side == side);
        let cost = summary.cost.iter().find(|it| it.side == side);
        let count = |count: Option<u64>| count.map_or_else(|| NONE.to_owned(), |it| it.to_string());
        let rest = [
            count(losses.map(|it| it.units)),
            count(rounds.map(|it| it.rounds)),
            optional(energy.map(|it| it.kwh)),
            optional(energy.map(|it| it.fuel_kg)),
            optional(cost.map(|it| it.usd)),
        ];
        table.add_row(numbers(side, fights.into_iter().chain(rest)));
    }
    lines(&table)
}

/// Network, speed, hash and where the record is.
fn footer(summary: &RunSummary) -> String {
    let mut text = String::new();
    for line in run_summary_network::lines(&summary.network) {
        text.push_str(&line);
        text.push('\n');
    }
    writeln!(
        text,
        "Speed: {} s wall, {} s CPU; {} simulated seconds per CPU second, {} unit steps per CPU second",
        number(summary.wall_s),
        number(summary.cpu_s),
        number(summary.sim_s_per_cpu_s),
        number(steps_per_cpu_s(summary)),
    )
    .expect("a string takes any text");
    let phases = phases(summary);
    if !phases.is_empty() {
        writeln!(text, "Phases: {}", phases.join(", ")).expect("a string takes any text");
    }
    writeln!(text, "State {}", summary.state_hash).expect("a string takes any text");
    if let Some(path) = &summary.run_dir {
        writeln!(
            text,
            "The record is in {path}; begin with {path}/report.html"
        )
        .expect("a string takes any text");
    }
    text
}

/// Units times ticks per second of processor time.
fn steps_per_cpu_s(summary: &RunSummary) -> f64 {
    let steps = summary.entity_steps as f64;
    if summary.cpu_s > 0.0 {
        steps / summary.cpu_s
    } else {
        0.0
    }
}

/// The phases that cost most, with their share.
fn phases(summary: &RunSummary) -> Vec<String> {
    let total_s: f64 = summary.phase_cpu_s.values().sum();
    let share = |cpu_s: f64| {
        if total_s > 0.0 {
            100.0 * cpu_s / total_s
        } else {
            0.0
        }
    };
    let shares = summary
        .phase_cpu_s
        .iter()
        .map(|(name, cpu_s)| (name, share(*cpu_s)));
    let mut shares: Vec<_> = shares
        .filter(|(_, share)| *share >= PHASE_SHARE_MIN)
        .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
        .into_iter()
        .map(|(name, share)| format!("{name} {share:.0} %"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::kill_chain::{STAGES, TargetOutcome, TargetTimeline};
    use crate::accounting::target::Fate;

    /// A report as a run leaves it, through its JSON form, which has every key.
    fn report() -> RunReport {
        let mut times_s = [None; STAGES];
        for (time, at) in times_s.iter_mut().zip([10.0, 51.0, 60.0]) {
            *time = Some(at);
        }
        let target = |name: &str, outcome, broke_at: Option<Stage>| TargetTimeline {
            target: name.into(),
            times_s,
            outcome,
            ended_s: 3600.0,
            broke_at,
            why: "no link to the battery".into(),
            effect_s: None,
            fate: Fate::Open,
            fate_s: 3600.0,
            end_s: 3600.0,
        };
        let targets = [
            target("t1", TargetOutcome::Expired, Some(Stage::Shared)),
            target("t2", TargetOutcome::Lost, Some(Stage::Shared)),
        ];
        let chain = serde_json::to_value(KillChain::from_targets(&targets, 3600.0)).unwrap();
        let mut blue = chain.clone();
        blue["side"] = "blue".into();
        let summary = serde_json::json!({
            "tercio": "0.1.0", "git": "abc", "scenario": {"name": "demo", "hash": "00"},
            "seed": 7, "dt_ms": 100, "ticks": 36000, "sim_s": 3600.0, "wall_s": 5.0, "cpu_s": 4.0,
            "real_time_factor": 720.0, "sim_s_per_cpu_s": 900.0, "entities": 120,
            "entity_steps": 4_320_000, "phase_cpu_s": {"Move": 1.0, "Sense": 3.0, "Learn": 0.0},
            "state_hash": "00ff", "measures": [
                {"name": "targets_engaged", "unit": "1", "value": 7.0, "direction": "up",
                 "threshold": 5.0, "met": true},
                {"name": "losses", "unit": "1", "value": null, "direction": "down",
                 "threshold": null, "met": null}],
            "kill_chain": chain, "kill_chain_by_side": [blue],
            "network": {"delivery_ratio": 0.93, "delay_median_s": 1.4},
            "track_quality": [], "blue_force": [],
            "engagements": [{"side": "blue", "proposed": 9, "authorised": 8, "refused": 1,
                "lapsed": 2, "fired": 6, "hits": 5, "kills": 4, "wrong": 0}],
            "losses": [{"side": "blue", "units": 3, "usd": 1e6}], "expenditure": [], "energy": [],
            "cost": [{"side": "blue", "usd": 2.5e6}], "run_dir": "runs/demo-7"
        });
        let report = serde_json::json!({"summary": summary, "timelines": [], "losses": []});
        serde_json::from_value(report).unwrap()
    }

    #[test]
    fn the_summary_says_what_came_of_the_run() {
        let text = text("A demonstration", &report(), false);
        for part in [
            "demo, seed 7: A demonstration",
            "1:00:00 simulated with 120 units",
            "targets_engaged",
            "blue: targets",
            "first detectable",
            "blue, 2 targets: 1 expired and 1 lost",
            "2 not shared: no link to the battery",
            "93.0 % delivered, median delay 1.40 s",
            "900 simulated seconds per CPU second",
            "Sense 75 %, Move 25 %",
            "State 00ff",
            "runs/demo-7/report.html",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
        assert!(
            !text.contains("Learn") && !text.contains('\u{1b}'),
            "{text}"
        );
    }

    #[test]
    fn an_empty_run_has_a_short_summary() {
        let mut report = report();
        let summary = &mut report.summary;
        summary.measures.clear();
        summary.kill_chain_by_side.clear();
        summary.engagements.clear();
        summary.losses.clear();
        summary.network.delivery_ratio = None;
        summary.cpu_s = 0.0;
        let text = text("A demonstration", &report, true);
        assert!(text.lines().count() < 9, "{text}");
    }
}
