//! The sections of a run's report.

use super::chart::{Bar, StepChart, bars};
use super::html::{Cell, clock, escape, number, table};
use crate::accounting::kill_chain::{KillChain, Stage};
use crate::accounting::summary::{RunReport, RunSummary, SideTimelines};

/// The kill chain of every side: a figure, its table, and where it broke.
pub(super) fn kill_chains(report: &RunReport) -> String {
    if report.summary.kill_chain_by_side.is_empty() {
        return String::new();
    }
    let mut html = String::from(
        "<h2>Kill chain</h2>\n<p class=\"note\">Targets that reached each stage. A stage's time \
         runs from the last earlier stage that was reached; its median and percentile are \
         conditional on both, they say nothing of the targets that did not get there. The times \
         over all targets are below.</p>\n",
    );
    for side in &report.summary.kill_chain_by_side {
        let chain = &side.kill_chain;
        let name = escape(&side.side);
        html.push_str(&format!(
            "<h3>{name}: {} targets</h3>\n<div class=\"row\">\n",
            chain.targets
        ));
        html.push_str(&funnel(&side.side, chain));
        html.push_str("<div>\n");
        html.push_str(&stage_table(chain));
        html.push_str("</div>\n</div>\n");
        html.push_str(&outcome_line(chain));
        html.push_str(&break_table(chain));
    }
    html
}

/// A bar per stage.
fn funnel(side: &str, chain: &KillChain) -> String {
    let all = chain.targets as f64;
    let bar = |(stage, count): (Stage, usize)| {
        let share = if count > 0 {
            100.0 * count as f64 / all
        } else {
            0.0
        };
        Bar {
            label: stage.name().to_owned(),
            value: count as f64,
            note: format!("{count} ({share:.0} %)"),
        }
    };
    let rows: Vec<_> = chain
        .stages
        .iter()
        .map(|stage| bar((stage.stage, stage.count)))
        .collect();
    bars(&format!("Targets of {side} by stage"), all, &rows)
}

/// Count and times of every stage.
fn stage_table(chain: &KillChain) -> String {
    let rows: Vec<_> = chain
        .stages
        .iter()
        .map(|stage| {
            vec![
                Cell::text(stage.stage.name()),
                Cell::count(stage.count as u64),
                Cell::optional(stage.median_s),
                Cell::optional(stage.p90_s),
            ]
        })
        .collect();
    table(
        &[
            "Stage",
            "Targets",
            "Median conditional on it (s)",
            "90th percentile (s)",
        ],
        &rows,
    )
}

/// What became of the targets, in a sentence.
fn outcome_line(chain: &KillChain) -> String {
    let o = &chain.outcomes;
    format!(
        "<p>{} assessed, {} engaged and not assessed, {} expired, {} lost, {} left, {} killed \
         otherwise, {} never detected, {} still open.</p>\n",
        o.assessed, o.engaged, o.expired, o.lost, o.left, o.killed, o.never_detected, o.open
    )
}

/// Where the chain broke.
fn break_table(chain: &KillChain) -> String {
    let rows: Vec<_> = chain
        .breaks
        .iter()
        .map(|b| {
            vec![
                Cell::text(b.stage.name()),
                Cell::text(b.why.as_str()),
                Cell::count(b.count as u64),
            ]
        })
        .collect();
    table(&["Broke before", "Why", "Targets"], &rows)
}

/// Latency from detected to engaged.
pub(super) fn latency(report: &RunReport) -> String {
    let chains = &report.summary.kill_chain_by_side;
    let Some(first) = chains.first() else {
        return String::new();
    };
    let rows: Vec<_> = chains
        .iter()
        .map(|side| {
            let latency = &side.kill_chain.sensor_to_shooter;
            vec![
                Cell::text(side.side.as_str()),
                Cell::count(latency.n as u64),
                Cell::count(latency.events as u64),
                Cell::optional(latency.restricted_mean_s),
                Cell::number(latency.horizon_s),
                Cell::optional(latency.p_engaged_by_horizon),
                Cell::optional(latency.median_of_engaged_s),
            ]
        })
        .collect();
    let headings = [
        "Side",
        "Detectable",
        "Engaged",
        "Restricted mean (s)",
        "Horizon (s)",
        "P(engaged by horizon)",
        "Median conditional on engagement (s)",
    ];
    let figure = StepChart {
        title: "Cumulative incidence of engagement since detection",
        time_label: "time since detection",
        value_label: "share of detectable targets engaged",
        end_s: first.kill_chain.sensor_to_shooter.horizon_s,
        top: Some(1.0),
        curves: &report.engagement_curves(),
    };
    format!(
        "<h2>Sensor to shooter</h2>\n<p class=\"note\">From detected to engaged, over every target \
         that became detectable, with expiry, loss and leaving as competing outcomes \
         (Aalen-Johansen). The restricted mean counts a target that is never engaged, or never \
         detected, with the whole horizon.</p>\n{}{}",
        table(&headings, &rows),
        figure.svg()
    )
}

/// What became of engagements.
pub(super) fn engagements(summary: &RunSummary) -> String {
    let rows: Vec<_> = summary
        .engagements
        .iter()
        .map(|side| {
            let counts = [
                side.proposed,
                side.authorised,
                side.refused,
                side.lapsed,
                side.fired,
                side.hits,
                side.kills,
                side.wrong,
                side.wrong_proposed,
                side.wrong_authorised,
                side.abandoned,
            ];
            let mut row = vec![Cell::text(side.side.as_str())];
            row.extend(counts.map(Cell::count));
            row
        })
        .collect();
    let headings = [
        "Side",
        "Proposed",
        "Authorised",
        "Refused",
        "Lapsed",
        "Fired",
        "Hits",
        "Kills",
        "Wrong",
        "Wrongly proposed",
        "Wrongly authorised",
        "Abandoned",
    ];
    section("Engagements", &table(&headings, &rows))
}

/// Losses, expenditure, consumption and cost by side, and losses over time.
pub(super) fn losses(report: &RunReport) -> String {
    let summary = &report.summary;
    let sides = sides_with_costs(summary);
    let rows: Vec<_> = sides
        .iter()
        .map(|side| {
            let lost = summary.losses.iter().find(|x| x.side == *side);
            let shot = summary.expenditure.iter().find(|x| x.side == *side);
            let used = summary.energy.iter().find(|x| x.side == *side);
            let cost = summary.cost.iter().find(|x| x.side == *side);
            vec![
                Cell::text(*side),
                Cell::optional(lost.map(|x| x.units as f64)),
                Cell::optional(lost.map(|x| x.usd)),
                Cell::optional(shot.map(|x| x.rounds as f64)),
                Cell::optional(shot.map(|x| x.usd)),
                Cell::optional(used.map(|x| x.kwh)),
                Cell::optional(used.map(|x| x.fuel_kg)),
                Cell::optional(cost.map(|x| x.usd)),
            ]
        })
        .collect();
    let headings = [
        "Side",
        "Units lost",
        "Their price (USD)",
        "Rounds",
        "Their price (USD)",
        "Energy (kWh)",
        "Fuel (kg)",
        "Cost (USD)",
    ];
    let figure = StepChart {
        title: "Units lost over time",
        time_label: "time",
        value_label: "units lost",
        end_s: summary.sim_s,
        top: None,
        curves: &report.losses,
    };
    let figure = if report.losses.is_empty() {
        String::new()
    } else {
        figure.svg()
    };
    section("Losses and cost", &(table(&headings, &rows) + &figure))
}

/// Every side that lost, shot, used or cost something, once, in the order of first mention.
fn sides_with_costs(summary: &RunSummary) -> Vec<&str> {
    let lost = summary.losses.iter().map(|row| row.side.as_str());
    let shot = summary.expenditure.iter().map(|row| row.side.as_str());
    let used = summary.energy.iter().map(|row| row.side.as_str());
    let cost = summary.cost.iter().map(|row| row.side.as_str());
    let mut sides = Vec::new();
    for side in lost.chain(shot).chain(used).chain(cost) {
        if !sides.contains(&side) {
            sides.push(side);
        }
    }
    sides
}

/// What nodes knew.
pub(super) fn knowledge(summary: &RunSummary) -> String {
    let tracks: Vec<_> = summary
        .track_quality
        .iter()
        .map(|row| {
            vec![
                Cell::text(row.side.as_str()),
                Cell::text(row.echelon.as_str()),
                Cell::optional(row.completeness),
                Cell::optional(row.age_s),
                Cell::optional(row.nees),
                Cell::optional(row.overconfident),
            ]
        })
        .collect();
    let own: Vec<_> = summary
        .blue_force
        .iter()
        .map(|row| {
            vec![
                Cell::text(row.side.as_str()),
                Cell::optional(row.error_m),
                Cell::optional(row.age_s),
                Cell::optional(row.located),
            ]
        })
        .collect();
    let tables = [
        table(
            &[
                "Side",
                "Echelon",
                "Track completeness",
                "Age of information (s)",
                "NEES (4 is honest)",
                "Beyond 95 % of honest tracks",
            ],
            &tracks,
        ),
        table(
            &[
                "Side",
                "Own-force position error (m)",
                "Age (s)",
                "Located within 100 m",
            ],
            &own,
        ),
    ];
    section("What the nodes knew", &tables.concat())
}

/// Processor time by phase, the most expensive first.
pub(super) fn phases(summary: &RunSummary) -> String {
    let mut phases: Vec<_> = summary.phase_cpu_s.iter().collect();
    phases.sort_by(|a, b| b.1.total_cmp(a.1));
    let all_s: f64 = summary.phase_cpu_s.values().sum();
    let rows: Vec<_> = phases
        .iter()
        .map(|(phase, cpu_s)| Bar {
            label: (*phase).clone(),
            value: **cpu_s,
            note: format!(
                "{} s ({:.0} %)",
                number(**cpu_s),
                100.0 * **cpu_s / all_s.max(1e-12)
            ),
        })
        .collect();
    let Some(most) = rows.first().map(|bar| bar.value) else {
        return String::new();
    };
    section(
        "Processor time by phase",
        &bars("Processor time by phase", most, &rows),
    )
}

/// Every target's times, folded away.
pub(super) fn timelines(report: &RunReport) -> String {
    let body: String = report.timelines.iter().map(timeline).collect();
    section("Targets one by one", &body)
}

/// The targets of one side.
fn timeline(side: &SideTimelines) -> String {
    let rows: Vec<_> = side
        .targets
        .iter()
        .map(|target| {
            let mut row = vec![Cell::text(target.target.as_str())];
            row.extend(target.times_s.map(|time_s| Cell::Number(clock(time_s))));
            row.push(Cell::text(target.outcome.name()));
            row.push(Cell::text(target.broke_at.map_or("", Stage::name)));
            row.push(Cell::text(target.why.as_str()));
            row
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut headings = vec!["Target"];
    headings.extend(Stage::ALL.map(Stage::name));
    headings.extend(["outcome", "broke before", "why"]);
    let name = escape(&side.side);
    format!(
        "<details><summary>{name}: {} targets</summary>\n{}</details>\n",
        rows.len(),
        table(&headings, &rows)
    )
}

/// A section with a heading; nothing if it is empty.
pub(super) fn section(heading: &str, body: &str) -> String {
    if body.is_empty() {
        String::new()
    } else {
        format!("<h2>{heading}</h2>\n{body}")
    }
}
