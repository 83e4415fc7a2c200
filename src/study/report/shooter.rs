//! The section on the time from sensor to shooter.

use super::figures;
use super::page::DRAWN_MAX;
use crate::accounting::stats::{Episode, Outcome};
use crate::record::html::{Cell, escape, number, table};
use crate::record::replications::EpisodeRow;
use crate::study::results::{PointResult, Results};
use crate::study::stats::incidence::{Curve, incidence_curve};

/// Times at which curves are drawn.
const TIMES: u32 = 240;

/// Cumulative incidence of engagement by design point, for every side that had targets.
pub(super) fn sensor_to_shooter(results: &Results, episodes: &[EpisodeRow]) -> String {
    let mut sides: Vec<&str> = Vec::new();
    for row in episodes {
        if !sides.contains(&row.side.as_str()) {
            sides.push(&row.side);
        }
    }
    if sides.is_empty() {
        return String::new();
    }
    let mut html = String::from("<h2>Sensor to shooter</h2>\n");
    for side in &sides {
        html.push_str(&of_side(results, episodes, side));
    }
    html.push_str(&format!(
        "<p class=\"note\">Cumulative incidence of the first engagement since detection \
         (Aalen-Johansen) over all targets that a sensor could have detected, not the engaged \
         alone: a target that is never detected, expires in a queue, is lost or leaves keeps its \
         share of the population and is never engaged. Bands are pointwise at {} % and take the \
         replication, not the target, as the unit that varies.</p>\n",
        number(100.0 * results.confidence)
    ));
    html
}

/// The curves of one side with what became of its targets.
fn of_side(results: &Results, episodes: &[EpisodeRow], side: &str) -> String {
    let times_s: Vec<f64> = (0..=TIMES)
        .map(|at| results.horizon_s * f64::from(at) / f64::from(TIMES))
        .collect();
    let curve = |point: &PointResult| {
        let replications = replications(results, episodes, (&point.id, side));
        incidence_curve(&replications, &times_s, results.confidence)
    };
    let points = results.points.iter();
    let curves: Vec<(String, Curve)> = points.map(|it| (it.id.clone(), curve(it))).collect();
    let rows: Vec<_> = curves
        .iter()
        .map(|(id, curve)| end_row(episodes, (id, side), curve))
        .collect();
    let heading = format!("<h3>Targets of {}</h3>\n", escape(side));
    let is_flat = |(_, curve): &(String, Curve)| curve.points.iter().all(|it| it[1] <= 0.0);
    let figure = if curves.iter().all(is_flat) {
        format!("<p>{} engaged nobody.</p>\n", escape(side))
    } else {
        figures::incidence(&curves[..curves.len().min(DRAWN_MAX)], results.horizon_s)
    };
    let headings = [
        "Design point",
        "Targets",
        "Engaged by the end",
        "Low",
        "High",
        "Engaged",
        "Expired",
        "Lost",
        "Left",
        "Never detected",
        "Open at the end",
    ];
    format!("{heading}{figure}{}", table(&headings, &rows))
}

/// The episodes of a side at a design point, by replication.
fn replications(
    results: &Results,
    episodes: &[EpisodeRow],
    (point, side): (&str, &str),
) -> Vec<Vec<Episode>> {
    let runs = usize::try_from(results.replications).unwrap_or(0);
    let mut all = vec![Vec::new(); runs];
    for row in episodes
        .iter()
        .filter(|row| row.point == point && row.side == side)
    {
        let at = usize::try_from(row.replication.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(replication) = all.get_mut(at) {
            replication.push(Episode {
                time_s: row.time_s,
                outcome: row.outcome,
            });
        }
    }
    all
}

/// What became of the targets at a design point.
fn end_row(episodes: &[EpisodeRow], (point, side): (&str, &str), curve: &Curve) -> Vec<Cell> {
    let [_, value, low, high] = curve.points.last().copied().unwrap_or_default();
    let ours = || {
        episodes
            .iter()
            .filter(|row| row.point == point && row.side == side)
    };
    let mut cells = vec![
        Cell::text(point),
        Cell::count(curve.n as u64),
        Cell::number(value),
        Cell::number(low),
        Cell::number(high),
    ];
    cells.extend(Outcome::ALL.into_iter().map(|outcome| {
        let count = ours().filter(|row| row.outcome == outcome).count();
        Cell::count(count as u64)
    }));
    cells
}
