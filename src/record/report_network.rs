//! The network's part of a run's report.

use super::chart::StepChart;
use super::html::{Cell, escape, number, optional, table};
use super::raster;
use super::report_sections::section as headed;
use crate::accounting::network::report::{
    DeadZone, NetworkSummary, ShapeSample, SideShape, TrafficSummary,
};
use crate::accounting::summary::{RunReport, SideCurve};

/// Traffic, age, shape, use and dead zones.
pub(super) fn section(report: &RunReport) -> String {
    let network = &report.summary.network;
    let body = [
        traffic(network),
        ages(network),
        shapes(report),
        used(network),
        report.network.dead_zones.iter().map(dead_zone).collect(),
    ];
    headed("Network", &body.concat())
}

/// What became of messages.
fn traffic(network: &NetworkSummary) -> String {
    let row = |kind: &str, name: &str, traffic: &TrafficSummary| {
        vec![
            Cell::text(kind),
            Cell::text(name),
            Cell::count(traffic.sent),
            Cell::count(traffic.delivered),
            Cell::optional(traffic.delivery_ratio),
            Cell::optional(traffic.delay_median_s),
            Cell::optional(traffic.delay_p90_s),
        ]
    };
    let classes = network.by_class.iter();
    let mut rows: Vec<_> = classes
        .map(|it| row("class", &it.class, &it.traffic))
        .collect();
    let precedences = network.by_precedence.iter();
    rows.extend(precedences.map(|it| row("precedence", &it.precedence, &it.traffic)));
    let echelons = network.by_echelon.iter();
    rows.extend(echelons.map(|it| row("reader's echelon", &it.echelon, &it.traffic)));
    let headings = [
        "By",
        "",
        "Sent",
        "Delivered",
        "Share",
        "Median delay (s)",
        "90th percentile (s)",
    ];
    format!(
        "<p>Messages delivered: {} of those sent, each counted once for every reader; median delay \
         {} s, nine tenths within {} s.</p>\n{}",
        optional(network.delivery_ratio),
        optional(network.delay_median_s),
        optional(network.delay_p90_s),
        table(&headings, &rows)
    )
}

/// Age of information.
fn ages(network: &NetworkSummary) -> String {
    let of_some = network.age_of_information.iter().filter(|it| it.pairs > 0);
    let rows: Vec<_> = of_some
        .map(|age| {
            vec![
                Cell::text(age.class.as_str()),
                Cell::count(age.pairs),
                Cell::count(age.updates),
                Cell::optional(age.mean_s),
                Cell::optional(age.peak_s),
                Cell::optional(age.interval_s),
            ]
        })
        .collect();
    let headings = [
        "Age of information",
        "Pairs",
        "Updates",
        "Mean (s)",
        "Mean peak (s)",
        "Interval (s)",
    ];
    table(&headings, &rows)
}

/// The shape of every side's network, over time and in the mean.
fn shapes(report: &RunReport) -> String {
    let sides = report.summary.network.sides.iter();
    let rows: Vec<_> = sides
        .filter(|side| side.giant_component.is_some())
        .map(|side| {
            let held = side.resilience.as_ref();
            vec![
                Cell::text(side.side.as_str()),
                Cell::optional(side.reach),
                Cell::optional(side.giant_component),
                Cell::optional(side.articulation_nodes),
                Cell::optional(side.vertex_connectivity),
                Cell::optional(side.algebraic_connectivity),
                Cell::optional(held.map(|it| it.mean)),
                Cell::optional(held.map(|it| it.depth)),
                Cell::optional(held.and_then(|it| it.fell_s)),
                Cell::optional(held.and_then(|it| it.recovery_s)),
                Cell::optional(side.dead_zone_share),
            ]
        })
        .collect();
    let headings = [
        "Side",
        "Reach",
        "Largest component",
        "Articulation nodes",
        "Vertex connectivity",
        "\u{3bb}\u{2082}",
        "Resilience",
        "Depth",
        "Fell at (s)",
        "Recovered after (s)",
        "Dead zone",
    ];
    let figures = [
        figure(
            report,
            "Units with a way to the command post above them",
            |it| it.reach,
        ),
        figure(report, "Units in the largest component", |it| {
            it.giant_component
        }),
    ];
    table(&headings, &rows) + &figures.concat()
}

/// A share of every side's units over time.
fn figure(report: &RunReport, title: &str, value: fn(&ShapeSample) -> Option<f64>) -> String {
    let curve = |side: &SideShape| SideCurve {
        side: side.side.clone(),
        points: side
            .samples
            .iter()
            .filter_map(|it| Some([it.t_s, value(it)?]))
            .collect(),
    };
    let curves: Vec<SideCurve> = report.network.sides.iter().map(curve).collect();
    let curves: Vec<SideCurve> = curves
        .into_iter()
        .filter(|curve| !curve.points.is_empty())
        .collect();
    if curves.is_empty() {
        return String::new();
    }
    let chart = StepChart {
        title,
        time_label: "time",
        value_label: "share of units",
        end_s: report.summary.sim_s,
        top: Some(1.0),
        curves: &curves,
    };
    format!("<h3>{}</h3>\n{}", escape(title), chart.svg())
}

/// The use of every network.
fn used(network: &NetworkSummary) -> String {
    let rows: Vec<_> = network
        .networks
        .iter()
        .map(|it| {
            vec![
                Cell::text(it.network.as_str()),
                Cell::count(it.members),
                Cell::number(it.utilisation),
                Cell::count(it.data_bytes),
                Cell::count(it.control_bytes),
                Cell::optional(it.control_share),
                Cell::count(it.overflowed),
                Cell::count(it.expired),
                Cell::count(it.failed),
            ]
        })
        .collect();
    let headings = [
        "Network",
        "Members",
        "Air time",
        "Data (bytes)",
        "Control (bytes)",
        "Share of control",
        "Overflowed",
        "Expired",
        "Failed hops",
    ];
    table(&headings, &rows)
}

/// One map.
fn dead_zone(zone: &DeadZone) -> String {
    format!(
        "<h3>{}: dead zones of {}</h3>\n<p class=\"note\">At the end of the run. Dark where a radio \
         {} m above the ground does not reach {} through any member of the network: {} % of the \
         terrain.</p>\n{}",
        escape(&zone.side),
        escape(&zone.network),
        number(zone.antenna_m),
        escape(&zone.post),
        number((1000.0 * zone.dead_zone_share).round() / 10.0),
        raster::map(zone)
    )
}
