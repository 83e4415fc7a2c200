//! Command in the report of a run: the synchronisation matrix, the cycle, and the load of staffs.

use super::html::{Cell, escape, table};
use super::sync_matrix;
use crate::accounting::operations::result::SideOperations;
use crate::accounting::summary::{DeskRow, RunSummary};

/// The load of desks; nothing where there are none.
pub(super) fn desks(summary: &RunSummary) -> String {
    if summary.desks.is_empty() {
        return String::new();
    }
    let row = |desk: &DeskRow| {
        vec![
            Cell::text(desk.side.as_str()),
            Cell::text(desk.at.as_str()),
            Cell::count(u64::from(desk.operators)),
            Cell::count(desk.arrivals),
            Cell::count(desk.served),
            Cell::count(desk.refused),
            Cell::count(desk.lapsed),
            Cell::optional(desk.wait_mean_s),
            Cell::optional(desk.wait_p90_s),
            Cell::optional(desk.service_mean_s),
            Cell::optional(desk.utilisation.map(|share| 100.0 * share)),
            Cell::count(desk.queue_max),
        ]
    };
    let rows: Vec<_> = summary.desks.iter().map(row).collect();
    let headings = [
        "Side",
        "Desk",
        "Operators",
        "Proposals",
        "Decided",
        "Refused",
        "Lapsed",
        "Mean wait (s)",
        "90th percentile (s)",
        "Mean service (s)",
        "At work (%)",
        "Longest queue",
    ];
    format!(
        "<h2>Desks</h2>\n<p class=\"note\">Waits are those of proposals that somebody decided, up to \
         when that was begun.</p>\n{}",
        table(&headings, &rows)
    )
}

/// The section; nothing where no side has missions.
pub(super) fn section(summary: &RunSummary) -> String {
    let sides = &summary.operations;
    let Some(matrix) = sync_matrix::svg(sides, summary.sim_s) else {
        return String::new();
    };
    let mut html = format!(
        "<h2>Command</h2>\n<p class=\"note\">The synchronisation matrix: grey what was planned, \
         coloured what came of it, by the belief of the posts.</p>\n{matrix}"
    );
    for side in sides {
        html.push_str(&cycle(side));
        html.push_str(&staffs(side));
    }
    html
}

/// Times of the stages of a side's cycles.
fn cycle(side: &SideOperations) -> String {
    if side.cycle.iter().all(|stage| stage.count == 0) {
        return String::new();
    }
    let row = |stage: &crate::accounting::operations::result::CycleStage| {
        vec![
            Cell::text(stage.stage.as_str()),
            Cell::count(stage.count as u64),
            Cell::optional(stage.mean_s),
            Cell::optional(stage.median_s),
            Cell::optional(stage.p90_s),
        ]
    };
    let rows: Vec<_> = side.cycle.iter().map(row).collect();
    let headings = [
        "Stage of the cycle",
        "Cycles",
        "Mean (s)",
        "Median (s)",
        "90th percentile (s)",
    ];
    let name = escape(&side.side);
    format!(
        "<h3>{name}: from collecting to the next decision</h3>\n<p class=\"note\">Each time is \
         conditional on the stage having been gone through.</p>\n{}",
        table(&headings, &rows)
    )
}

/// The load of a side's staffs.
fn staffs(side: &SideOperations) -> String {
    if side.staffs.is_empty() {
        return String::new();
    }
    let row = |staff: &crate::accounting::operations::result::StaffRow| {
        vec![
            Cell::text(staff.at.as_str()),
            staff
                .officers
                .map_or_else(|| Cell::text("no limit"), |n| Cell::count(u64::from(n))),
            Cell::count(staff.handled),
            Cell::optional(staff.mean_s),
            Cell::number(staff.longest_s),
            Cell::optional(staff.utilisation.map(|share| 100.0 * share)),
        ]
    };
    let rows: Vec<_> = side.staffs.iter().map(row).collect();
    let headings = [
        "Staff",
        "Officers",
        "Handled",
        "Mean time (s)",
        "Longest (s)",
        "At work (%)",
    ];
    let name = escape(&side.side);
    format!("<h3>{name}: staffs</h3>\n{}", table(&headings, &rows))
}
