//! The report of a run: one HTML page that needs neither script nor network.

use super::html::{self, Cell, clock, escape, number, table};
use super::report_network as network;
use super::report_operations as operations;
use super::report_sections as sections;
use super::report_times;
use crate::accounting::summary::{Direction, Measure, RunReport, RunSummary};

/// The whole page.
#[must_use]
pub fn page(report: &RunReport) -> String {
    let summary = &report.summary;
    let parts = [
        header(summary),
        measures(&summary.measures),
        sections::kill_chains(report),
        sections::latency(report),
        report_times::times(report),
        operations::section(summary),
        sections::engagements(summary),
        operations::desks(summary),
        sections::losses(report),
        sections::knowledge(summary),
        network::section(report),
        sections::phases(summary),
        sections::timelines(report),
    ];
    let title = format!("{}, seed {}", summary.scenario.name, summary.seed);
    html::page(&title, &parts.concat())
}

/// Which run it was.
fn header(summary: &RunSummary) -> String {
    let row = |name: &str, value: String| vec![Cell::text(name), Cell::text(value)];
    let mut rows = vec![
        row(
            "Scenario",
            format!("{}, hash {}", summary.scenario.name, summary.scenario.hash),
        ),
        row("Seed", summary.seed.to_string()),
        row("State hash", summary.state_hash.clone()),
        row(
            "Program",
            format!("tercio {}, revision {}", summary.tercio, summary.git),
        ),
        row(
            "Simulated",
            format!(
                "{} in {} ticks of {} ms, {} units",
                clock(Some(summary.sim_s)),
                summary.ticks,
                summary.dt_ms,
                summary.entities
            ),
        ),
        row(
            "Speed",
            format!(
                "{} s wall, {} s processor: {} times real time, {} simulated seconds per \
                 processor second",
                number(summary.wall_s),
                number(summary.cpu_s),
                number(summary.real_time_factor),
                number(summary.sim_s_per_cpu_s)
            ),
        ),
    ];
    if let Some(run_dir) = &summary.run_dir {
        rows.push(row("Folder", run_dir.clone()));
    }
    let name = escape(&summary.scenario.name);
    format!(
        "<h1>{name}, seed {}</h1>\n{}",
        summary.seed,
        table(&["Run", ""], &rows)
    )
}

/// The scenario's own measures.
fn measures(measures: &[Measure]) -> String {
    if measures.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = measures
        .iter()
        .map(|measure| {
            let better = match measure.direction {
                Direction::Up => "more",
                Direction::Down => "less",
            };
            let met = match measure.met {
                Some(true) => "\u{2713} met",
                Some(false) => "\u{2717} not met",
                None => "",
            };
            vec![
                Cell::text(measure.name.as_str()),
                Cell::optional(measure.value),
                Cell::text(measure.unit.as_str()),
                Cell::text(better),
                Cell::optional(measure.threshold),
                Cell::text(met),
            ]
        })
        .collect();
    let headings = ["Measure", "Value", "Unit", "Better", "Threshold", ""];
    format!("<h2>Measures</h2>\n{}", table(&headings, &rows))
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
