//! The report of a run: one HTML page that needs neither script nor network.

use super::html::{Cell, clock, escape, number, table};
use super::report_sections as sections;
use crate::accounting::summary::{Direction, Measure, RunReport, RunSummary};

/// The page's style.
const STYLE: &str = "\
body{font:15px/1.45 system-ui,sans-serif;color:#222;background:#fff;max-width:76rem;\
margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .2rem}h2{font-size:1.2rem;margin:1.8rem 0 .5rem;\
border-bottom:1px solid #ccc}h3{font-size:1rem;margin:1rem 0 .3rem}
table{border-collapse:collapse;margin:.3rem 0 .8rem}
th,td{padding:.2rem .7rem;border-bottom:1px solid #e3e3e3;text-align:left;vertical-align:top}
th{background:#f4f4f4;font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}
.row{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}.wide{overflow-x:auto}
.note{color:#555;font-size:.9rem;max-width:46rem}svg{max-width:100%;height:auto}
code{font-size:.95em}
";

/// The whole page.
#[must_use]
pub fn page(report: &RunReport) -> String {
    let summary = &report.summary;
    let name = escape(&summary.scenario.name);
    let parts = [
        header(summary),
        measures(&summary.measures),
        sections::kill_chains(report),
        sections::latency(report),
        sections::engagements(summary),
        sections::losses(report),
        sections::knowledge(summary),
        sections::phases(summary),
        sections::timelines(report),
    ];
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{name}, seed {seed}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\
         </body>\n</html>\n",
        seed = summary.seed,
        body = parts.concat(),
    )
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
