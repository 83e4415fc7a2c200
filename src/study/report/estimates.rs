//! The sections on measures and on paired differences.

use super::figures::{self, Row};
use super::page::DRAWN_MAX;
use crate::record::html::{Cell, table};
use crate::study::results::{DifferenceResult, MeasureResult, PointResult, Results};

/// Both ends, where there are both.
fn ends(low: Option<f64>, high: Option<f64>) -> Option<[f64; 2]> {
    low.zip(high).map(|(low, high)| [low, high])
}

/// A measure's name with its unit.
fn named(name: &str, unit: &str) -> String {
    if unit == "1" {
        name.to_owned()
    } else {
        format!("{name} ({unit})")
    }
}

/// Every measure: figures of means, then a table.
pub(super) fn measures(results: &Results) -> String {
    let mut figures = String::new();
    let mut rows = Vec::new();
    for measure in &results.measures {
        let of_points = results.points.iter().enumerate();
        let found: Vec<(usize, &PointResult, &MeasureResult)> = of_points
            .filter_map(|(at, point)| Some((at, point, point.measures.get(&measure.name)?)))
            .collect();
        let drawn = found.iter().take(DRAWN_MAX).map(|(at, point, it)| Row {
            label: point.id.clone(),
            value: it.mean,
            ends: ends(it.low, it.high),
            colour: *at,
        });
        let is_flat = found.iter().all(|(_, _, it)| it.mean.abs() <= 0.0);
        if !is_flat {
            let heading = named(&measure.name, &measure.unit);
            figures.push_str(&figures::intervals(
                &heading,
                &drawn.collect::<Vec<_>>(),
                false,
            ));
        }
        rows.extend(
            found
                .iter()
                .map(|(_, point, it)| measure_row(&measure.name, &measure.unit, point, it)),
        );
    }
    let headings = [
        "Measure",
        "Unit",
        "Design point",
        "n",
        "Mean",
        "Low",
        "High",
        "Deviation",
        "Median",
        "Low",
        "High",
        "Threshold met",
    ];
    format!(
        "<h2>Measures</h2>\n<p class=\"note\">Means over replications with t intervals, medians \
         with intervals of order statistics, the share of replications that meet the scenario's \
         threshold with its Wilson interval. Measures that are zero everywhere are not \
         drawn.</p>\n<div class=\"row\">\n{figures}</div>\n{}",
        table(&headings, &rows)
    )
}

/// A row of the table of measures.
fn measure_row(name: &str, unit: &str, point: &PointResult, it: &MeasureResult) -> Vec<Cell> {
    let met = it.met.as_ref().map_or_else(String::new, |met| {
        let percent = |share: f64| format!("{:.0}", 100.0 * share);
        format!(
            "{} % [{}, {}]",
            percent(met.share),
            percent(met.low),
            percent(met.high)
        )
    });
    vec![
        Cell::text(name),
        Cell::text(unit),
        Cell::text(point.id.as_str()),
        Cell::count(it.n as u64),
        Cell::number(it.mean),
        Cell::optional(it.low),
        Cell::optional(it.high),
        Cell::optional(it.deviation),
        Cell::number(it.median),
        Cell::optional(it.median_low),
        Cell::optional(it.median_high),
        Cell::text(met),
    ]
}

/// Paired differences: figures, then a table.
pub(super) fn differences(results: &Results) -> String {
    if results.differences.is_empty() {
        return String::new();
    }
    let label = |it: &DifferenceResult| format!("{} \u{2212} {}", it.first, it.second);
    let mut figures = String::new();
    for measure in &results.measures {
        let of_measure = results
            .differences
            .iter()
            .filter(|it| it.measure == measure.name);
        let rows: Vec<Row> = of_measure
            .take(DRAWN_MAX)
            .map(|it| Row {
                label: label(it),
                value: it.mean,
                ends: ends(it.low, it.high),
                colour: 0,
            })
            .collect();
        let is_flat = rows.iter().all(|row| row.value.abs() <= 0.0);
        if !is_flat {
            let heading = named(&measure.name, &measure.unit);
            figures.push_str(&figures::intervals(&heading, &rows, true));
        }
    }
    let row = |it: &DifferenceResult| {
        vec![
            Cell::text(it.measure.as_str()),
            Cell::text(label(it)),
            Cell::count(it.n as u64),
            Cell::number(it.mean),
            Cell::optional(it.low),
            Cell::optional(it.high),
            Cell::optional(it.variance_reduction),
        ]
    };
    let rows: Vec<_> = results.differences.iter().map(row).collect();
    let headings = [
        "Measure",
        "Difference",
        "Pairs",
        "Mean",
        "Low",
        "High",
        "Variance reduced",
    ];
    format!(
        "<h2>Paired differences</h2>\n<p class=\"note\">First less second, over replications that \
         ran with the same random numbers. The last column says how many times fewer replications \
         that took than independent runs. Each interval holds by itself: among many, some leave \
         zero out by chance.</p>\n<div class=\"row\">\n{figures}</div>\n{}",
        table(&headings, &rows)
    )
}
