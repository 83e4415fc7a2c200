//! The section on times over all detectable targets.

use super::figures::{self, Panel, Row};
use super::page::DRAWN_MAX;
use crate::accounting::span::Span;
use crate::accounting::stats::{Episode, Outcome};
use crate::record::chart::COLOURS;
use crate::record::html::{Cell, escape, number, optional, table};
use crate::record::replications::EpisodeRow;
use crate::study::results::{Interval, PointResult, Results, TimeDifference, TimeResult};
use crate::study::stats::incidence::{Curve, incidence_curve};
use crate::study::times::COMPETING;

/// Times at which curves are drawn.
const TIMES: u32 = 160;

/// The times that are drawn, each with its heading; the others stand in tables.
const DRAWN: [(Span, &str); 4] = [
    (Span::Detection, "Detection"),
    (Span::Sharing, "Sharing"),
    (Span::SensorToShooter, "Sensor to shooter"),
    (Span::SensorToEffect, "Sensor to effect"),
];

/// What the section is about.
const NOTE: &str = "Each time is asked of every target that a sensor could have detected, not of \
    those alone to which it came: curves are cumulative incidences (Aalen-Johansen) with expiry, \
    loss, leaving and destruction by other hands as competing ends, and with targets censored that \
    the end of the run caught on the way. A time since detection also counts the targets that were \
    never detected: their clock never started. The restricted mean is the mean time up to the \
    horizon, where a target to which it never came counts with the whole horizon. Intervals and \
    bands take the replication, not the target, as the unit that varies; bands are pointwise. \
    Medians are conditional on the event: they leave out every other target, so a way of fighting \
    that engages only easy targets has a short one.";

/// Cumulative incidences, restricted means and what competed, for every side that had targets.
pub(super) fn times(results: &Results, episodes: &[EpisodeRow]) -> String {
    let mut sides: Vec<&str> = Vec::new();
    for row in &results.times {
        if !sides.contains(&row.side.as_str()) {
            sides.push(&row.side);
        }
    }
    if sides.is_empty() {
        return String::new();
    }
    let mut html = format!(
        "<h2>Times over all detectable targets</h2>\n<p class=\"note\">{NOTE} Horizon {} s, \
         intervals at {} %.</p>\n",
        number(results.times_horizon_s),
        number(100.0 * results.confidence)
    );
    for side in &sides {
        html.push_str(&of_side(results, episodes, side));
    }
    html
}

/// The times of one side.
fn of_side(results: &Results, episodes: &[EpisodeRow], side: &str) -> String {
    let rows = |time: Span| -> Vec<&TimeResult> {
        let of_side = results.times.iter().filter(|it| it.side == side);
        of_side.filter(|it| it.time == time).collect()
    };
    let mut html = format!("<h3>Targets of {}</h3>\n", escape(side));
    for (time, heading) in DRAWN {
        html.push_str(&format!("<h4>{heading}: {}</h4>\n", time.name()));
        if rows(time).iter().all(|it| it.events == 0) {
            html.push_str(&format!("<p>No target was {}.</p>\n", time.to()));
        } else {
            let panels = panels(results, episodes, (side, time));
            html.push_str(&legend(&panels));
            html.push_str("<div class=\"row\">\n");
            html.push_str(&figures::incidence(&panels, results.times_horizon_s));
            html.push_str("</div>\n");
        }
        html.push_str(&time_table(&rows(time)));
    }
    let is_other = |time: &Span| DRAWN.iter().all(|(drawn, _)| drawn != time);
    html.push_str("<details><summary>Other times</summary>\n");
    for time in Span::ALL.into_iter().filter(is_other) {
        html.push_str(&format!("<h4>{}</h4>\n", time.name()));
        html.push_str(&time_table(&rows(time)));
    }
    html.push_str("</details>\n");
    html.push_str(&differences(results, side));
    html
}

/// A figure for each combination of the levels of all factors but the first, whose levels are its
/// curves.
fn panels(results: &Results, episodes: &[EpisodeRow], (side, time): (&str, Span)) -> Vec<Panel> {
    let mut panels: Vec<Panel> = Vec::new();
    let mut colours: Vec<&str> = Vec::new();
    for point in results.points.iter().take(DRAWN_MAX) {
        let name = point
            .levels
            .first()
            .map_or(point.id.as_str(), String::as_str);
        let colour = colours.iter().position(|it| *it == name);
        let colour = colour.unwrap_or_else(|| {
            colours.push(name);
            colours.len() - 1
        });
        let title = point.levels.get(1..).unwrap_or_default().join(", ");
        let curve = curve(results, episodes, (point, side, time));
        let at = panels.iter().position(|it| it.title == title);
        let panel = match at {
            Some(at) => &mut panels[at],
            None => {
                panels.push(Panel {
                    title,
                    time_label: format!("time since {}", time.from()),
                    value_label: format!("share {}", time.to()),
                    curves: Vec::new(),
                });
                panels.last_mut().expect("one was pushed")
            }
        };
        panel.curves.push((name.to_owned(), colour, curve));
    }
    panels
}

/// The names of the curves of all panels, each once in its colour.
fn legend(panels: &[Panel]) -> String {
    let curves = panels.iter().flat_map(|panel| &panel.curves);
    let mut named: Vec<(usize, &str)> = curves.map(|(name, at, _)| (*at, name.as_str())).collect();
    named.sort_unstable();
    named.dedup();
    let entry = |(at, name): (usize, &str)| {
        let colour = COLOURS[at % COLOURS.len()];
        let name = escape(name);
        format!("<span style=\"color:{colour}\">\u{25ac}</span> {name}")
    };
    let entries: Vec<String> = named.into_iter().map(entry).collect();
    format!("<p>{}</p>\n", entries.join(" &nbsp; "))
}

/// The curve of a time of a side at a design point.
fn curve(
    results: &Results,
    episodes: &[EpisodeRow],
    (point, side, time): (&PointResult, &str, Span),
) -> Curve {
    let times_s: Vec<f64> = (0..=TIMES)
        .map(|at| results.times_horizon_s * f64::from(at) / f64::from(TIMES))
        .collect();
    let runs = usize::try_from(results.replications).unwrap_or(0);
    let mut replications: Vec<Vec<Episode>> = vec![Vec::new(); runs];
    for row in episodes {
        if row.point != point.id || row.side != side {
            continue;
        }
        let at = usize::try_from(row.replication.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(replication) = replications.get_mut(at) {
            replication.push(time.episode(&row.record));
        }
    }
    incidence_curve(&replications, &times_s, results.confidence)
}

/// An estimate with its interval.
fn interval(it: &Interval) -> Cell {
    let value = number(it.value);
    Cell::Number(match it.low.zip(it.high) {
        Some((low, high)) => format!("{value} [{}, {}]", number(low), number(high)),
        None => value,
    })
}

/// A row per design point: what came to pass within the horizon, what competed with it.
fn time_table(rows: &[&TimeResult]) -> String {
    let share = |row: &TimeResult, outcome: Outcome| row.competing.get(outcome.key()).copied();
    let is_there = |outcome: &Outcome| {
        let mut shares = rows.iter().filter_map(|row| share(row, *outcome));
        shares.any(|it| it.value > 0.0)
    };
    let shown: Vec<Outcome> = COMPETING.into_iter().filter(is_there).collect();
    let mut headings = vec![
        "Design point",
        "Targets",
        "By the horizon",
        "Restricted mean (s)",
    ];
    headings.extend(shown.iter().map(|outcome| match outcome {
        Outcome::Expired => "Expired",
        Outcome::Lost => "Lost",
        Outcome::Left => "Left",
        Outcome::Killed => "Killed otherwise",
        _ => "Never detected",
    }));
    headings.extend([
        "Nothing yet",
        "Cut off by the end",
        "Median conditional on the event (s)",
    ]);
    let row = |it: &&TimeResult| {
        let ended: f64 = it.competing.values().map(|share| share.value).sum();
        let mut cells = vec![
            Cell::text(it.point.as_str()),
            Cell::count(it.targets as u64),
            interval(&it.incidence),
            interval(&it.restricted_mean_s),
        ];
        let shares = shown.iter().map(|outcome| share(it, *outcome));
        cells.extend(shares.map(|share| share.map_or_else(|| Cell::text(""), |it| interval(&it))));
        let open = 1.0 - it.incidence.value - ended;
        cells.push(Cell::number(if open < 1e-9 { 0.0 } else { open }));
        cells.push(Cell::count(it.censored as u64));
        cells.push(Cell::Number(format!(
            "{} (of {})",
            optional(it.median_conditional_s),
            it.events
        )));
        cells
    };
    table(&headings, &rows.iter().map(row).collect::<Vec<_>>())
}

/// Paired differences of the times of a side: figures of restricted means, then a table.
fn differences(results: &Results, side: &str) -> String {
    let of_side = || results.time_differences.iter().filter(|it| it.side == side);
    if of_side().next().is_none() {
        return String::new();
    }
    let label = |it: &TimeDifference| format!("{} \u{2212} {}", it.first, it.second);
    let mut figures = String::new();
    for (time, _) in DRAWN {
        let rows: Vec<Row> = of_side()
            .filter(|it| it.time == time)
            .take(DRAWN_MAX)
            .map(|it| Row {
                label: label(it),
                value: it.restricted_mean_s.value,
                ends: it
                    .restricted_mean_s
                    .low
                    .zip(it.restricted_mean_s.high)
                    .map(<[f64; 2]>::from),
                colour: 0,
            })
            .collect();
        if rows.iter().any(|row| row.value.abs() > 0.0) {
            let heading = format!("restricted mean, {} (s)", time.name());
            figures.push_str(&figures::intervals(&heading, &rows, true));
        }
    }
    let row = |it: &TimeDifference| {
        vec![
            Cell::text(it.time.name()),
            Cell::text(label(it)),
            Cell::count(it.pairs as u64),
            interval(&it.incidence),
            interval(&it.restricted_mean_s),
        ]
    };
    let rows: Vec<_> = of_side().map(row).collect();
    let headings = [
        "Time",
        "Difference",
        "Pairs",
        "Share by the horizon",
        "Restricted mean (s)",
    ];
    format!(
        "<h4>Paired differences</h4>\n<p class=\"note\">First less second, over replications that \
         ran with the same random numbers; a restricted mean below zero says that the first is \
         quicker or reaches more targets.</p>\n<div class=\"row\">\n{figures}</div>\n\
         <details><summary>Table of differences</summary>\n{}</details>\n",
        table(&headings, &rows)
    )
}
