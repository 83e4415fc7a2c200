//! The section of a run's report on times over all detectable targets.

use super::html::{Cell, escape, number, table};
use crate::accounting::span::SpanAccount;
use crate::accounting::summary::{RunReport, SideKillChain};

/// Every time of every side.
pub(super) fn times(report: &RunReport) -> String {
    let body: String = report
        .summary
        .kill_chain_by_side
        .iter()
        .map(of_side)
        .collect();
    if body.is_empty() {
        return body;
    }
    format!(
        "<h2>Times over all detectable targets</h2>\n<p class=\"note\">Each time over every target \
         that became detectable, with the shares that ended otherwise within the horizon \
         (Aalen-Johansen) and the mean up to the horizon, where a target to which it never came \
         counts with the whole horizon. Medians are conditional on the event: they leave out every \
         other target.</p>\n{body}"
    )
}

/// The times of one side.
fn of_side(side: &SideKillChain) -> String {
    let chain = &side.kill_chain;
    let row = |it: &SpanAccount| {
        let ends = it.competing;
        let mut cells = vec![
            Cell::text(it.time.name()),
            Cell::count(it.n as u64),
            Cell::count(it.events as u64),
            Cell::optional(it.p_by_horizon),
            Cell::optional(it.restricted_mean_s),
        ];
        let shares = [ends.expired, ends.lost, ends.left, ends.killed, ends.never];
        cells.extend(shares.map(Cell::number));
        cells.push(Cell::optional(it.median_conditional_s));
        cells
    };
    let rows: Vec<_> = chain.times.iter().map(row).collect();
    let headings = [
        "Time",
        "Detectable",
        "Events",
        "P(by horizon)",
        "Restricted mean (s)",
        "Expired",
        "Lost",
        "Left",
        "Killed otherwise",
        "Never detected",
        "Median conditional on the event (s)",
    ];
    let horizon_s = chain.sensor_to_shooter.horizon_s;
    format!(
        "<h3>Targets of {}, horizon {} s</h3>\n{}",
        escape(&side.side),
        number(horizon_s),
        table(&headings, &rows)
    )
}
