//! The page of a study's report. See [`page`].

use super::{effects, estimates, times};
use crate::record::html::{self, Cell, clock, escape, number, table};
use crate::record::replications::EpisodeRow;
use crate::study::gate::State;
use crate::study::results::{Failure, GateResult, PointResult, Results};

/// Most design points, or differences of a measure, that are drawn: more would be no figure.
pub(super) const DRAWN_MAX: usize = 24;

/// The whole page.
#[must_use]
pub fn page(results: &Results, episodes: &[EpisodeRow]) -> String {
    let parts = [
        header(results),
        times::times(results, episodes),
        gates(results),
        estimates::measures(results),
        estimates::differences(results),
        effects::decompositions(results),
        effects::break_evens(results),
        failures(results),
        design(results),
    ];
    html::page(
        &format!("{}: {}", results.study, results.title),
        &parts.concat(),
    )
}

/// Which study it was.
fn header(results: &Results) -> String {
    let row = |name: &str, value: String| vec![Cell::text(name), Cell::text(value)];
    let runs = results.replications * results.points.len() as u64;
    let rows = [
        row("Study", format!("{}, hash {}", results.study, results.hash)),
        row(
            "Scenario",
            format!("{}, hash {}", results.scenario.name, results.scenario.hash),
        ),
        row(
            "Runs",
            format!(
                "{runs}: {} replications of {} design points, {} each",
                results.replications,
                results.points.len(),
                clock(Some(results.horizon_s))
            ),
        ),
        row(
            "Intervals",
            format!("at {} % confidence", number(100.0 * results.confidence)),
        ),
        row(
            "Program",
            format!("tercio {}, revision {}", results.tercio, results.git),
        ),
    ];
    format!(
        "<h1>{}</h1>\n{}",
        escape(&results.title),
        table(&["Study", ""], &rows)
    )
}

/// The gates.
fn gates(results: &Results) -> String {
    if results.gates.is_empty() {
        return String::new();
    }
    let row = |gate: &GateResult| {
        let state = match gate.state {
            State::Pass => "\u{2713} pass",
            State::Undecided => "? undecided",
            State::Fail => "\u{2717} fail",
        };
        vec![
            Cell::text(gate.gate.as_str()),
            Cell::text(gate.point.as_str()),
            Cell::optional(gate.value),
            Cell::optional(gate.low),
            Cell::optional(gate.high),
            Cell::text(state),
        ]
    };
    let rows: Vec<_> = results.gates.iter().map(row).collect();
    let headings = ["Gate", "Design point", "Found", "Low", "High", ""];
    format!(
        "<h2>Gates</h2>\n<p class=\"note\">A gate passes where its whole interval satisfies it, \
         fails where none of it does, and is undecided otherwise.</p>\n{}",
        table(&headings, &rows)
    )
}

/// Replications that failed.
fn failures(results: &Results) -> String {
    if results.failures.is_empty() {
        return String::new();
    }
    let row = |it: &Failure| {
        vec![
            Cell::text(it.point.as_str()),
            Cell::count(it.replication),
            Cell::Number(it.seed.to_string()),
            Cell::text(it.error.as_str()),
        ]
    };
    let rows: Vec<_> = results.failures.iter().map(row).collect();
    let headings = ["Design point", "Replication", "Seed", "Error"];
    format!("<h2>Failed replications</h2>\n{}", table(&headings, &rows))
}

/// The design points, and how to repeat one run of them.
fn design(results: &Results) -> String {
    let row = |point: &PointResult| {
        let settings: Vec<String> = point
            .settings
            .iter()
            .map(|it| format!("--set {it}"))
            .collect();
        vec![
            Cell::text(point.id.as_str()),
            Cell::count(point.n as u64),
            Cell::count(point.failed as u64),
            Cell::text(settings.join(" ")),
        ]
    };
    let rows: Vec<_> = results.points.iter().map(row).collect();
    let headings = ["Design point", "Done", "Failed", "Settings"];
    format!(
        "<h2>Design</h2>\n{}<p class=\"note\">To repeat one run: <code>tercio run SCENARIO --seed \
         SEED</code> with the settings of its design point and the seed of its replication, which \
         <code>runs.parquet</code> names; its state hash is the same.</p>\n",
        table(&headings, &rows)
    )
}
