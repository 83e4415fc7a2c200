//! Figures of a study as inline SVG, drawn with plotters.

use core::ops::Range;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::record::chart::COLOURS;
use crate::record::html::{number, round_step};
use crate::study::stats::incidence::Curve;

/// Width and height of a panel of incidence, pixels.
const INCIDENCE_SIZE: (u32, u32) = (560, 340);

/// Width of a figure of intervals, pixels.
const INTERVALS_WIDTH: u32 = 460;

/// Room for a row of a figure of intervals, pixels.
const ROW: u32 = 28;

/// Room for its heading and its axis, pixels.
const FRAME: (u32, u32) = (32, 36);

/// Least and greatest room for its labels, pixels.
const LABELS: (usize, usize) = (60, 230);

/// Width of a character of a label, pixels: a little more than most have.
const CHARACTER: usize = 8;

/// Size of text as plotters counts it: 1.24 of these are a pixel.
const TEXT: i32 = 17;

/// Colour of axes and text.
const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);

/// Colour of grids.
const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);

/// What drawing into a text gives.
type Drawn<'a> = Result<(), DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

/// A place to draw on.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The n-th colour.
fn colour(at: usize) -> RGBColor {
    let code = COLOURS[at % COLOURS.len()].trim_start_matches('#');
    let part = |from: usize| u8::from_str_radix(&code[from..from + 2], 16).unwrap_or(0);
    RGBColor(part(0), part(2), part(4))
}

/// Text of the usual size.
fn text(size: i32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// What `draw` draws into an SVG of a size.
fn svg(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Result<(), String>) -> String {
    let mut svg = String::new();
    let outcome = {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&root).and_then(|()| root.present().map_err(|error| error.to_string()))
    };
    match outcome {
        Ok(()) => svg,
        // Drawing into a text fails on coordinates that are no numbers only: leave the figure out.
        Err(_) => String::new(),
    }
}

/// A figure of curves of cumulative incidence, each with its band.
#[derive(Debug, Clone)]
pub(super) struct Panel {
    /// What all its curves have in common; empty for nothing.
    pub(super) title: String,
    /// What its time is.
    pub(super) time_label: String,
    /// What its values are.
    pub(super) value_label: String,
    /// Name, colour and points of each curve.
    pub(super) curves: Vec<(String, usize, Curve)>,
}

/// What the panels of a figure share.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// End of the axis of time, in its unit.
    end: f64,
    /// That unit.
    unit: &'static str,
    /// Its length, s.
    unit_s: f64,
    /// End of the axis of shares.
    top: f64,
}

/// Panels beside each other on one scale.
pub(super) fn incidence(panels: &[Panel], horizon_s: f64) -> String {
    let (unit, unit_s) = match horizon_s {
        end_s if end_s <= 300.0 => ("s", 1.0),
        end_s if end_s <= 10_800.0 => ("min", 60.0),
        _ => ("h", 3600.0),
    };
    let curves = panels.iter().flat_map(|panel| &panel.curves);
    let highest = curves
        .flat_map(|(_, _, curve)| &curve.points)
        .map(|point| point[3].max(point[1]))
        .fold(0.05, f64::max);
    let step = round_step(highest, 5.0);
    let scale = Scale {
        end: horizon_s / unit_s,
        unit,
        unit_s,
        top: ((highest / step).ceil() * step).min(1.0),
    };
    let panel = |panel: &Panel| {
        svg(INCIDENCE_SIZE, |root| {
            draw_incidence(root, panel, scale).map_err(|error| error.to_string())
        })
    };
    panels.iter().map(panel).collect()
}

/// Draws a panel.
fn draw_incidence<'a>(root: &Area<'a>, panel: &Panel, scale: Scale) -> Drawn<'a> {
    root.draw(&Text::new(panel.title.clone(), (8, 4), text(TEXT + 1)))?;
    let mut chart = ChartBuilder::on(root)
        .margin_right(18)
        .margin_top(if panel.title.is_empty() { 10 } else { 28 })
        .x_label_area_size(52)
        .y_label_area_size(68)
        .build_cartesian_2d(0.0..scale.end, 0.0..scale.top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(text(TEXT))
        .axis_desc_style(text(TEXT))
        .x_desc(format!("{} ({})", panel.time_label, scale.unit))
        .y_desc(panel.value_label.as_str())
        .x_labels(8)
        .y_labels(6)
        .x_label_formatter(&|value| plain(*value))
        .y_label_formatter(&|value| plain(*value))
        .draw()?;
    for (_, shade, curve) in &panel.curves {
        let upper = steps(curve, scale.unit_s, 3);
        let lower = steps(curve, scale.unit_s, 2);
        let band: Vec<(f64, f64)> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        chart.draw_series([Polygon::new(band, colour(*shade).mix(0.16).filled())])?;
    }
    for (_, shade, curve) in &panel.curves {
        let line = steps(curve, scale.unit_s, 1);
        chart.draw_series(LineSeries::new(line, colour(*shade).stroke_width(2)))?;
    }
    Ok(())
}

/// The corners of a column of a curve, which holds its value from each time to the next.
fn steps(curve: &Curve, unit_s: f64, column: usize) -> Vec<(f64, f64)> {
    let (mut corners, mut last): (Vec<(f64, f64)>, _) = (Vec::new(), (0.0, 0.0));
    for point in &curve.points {
        let (time, value) = (point[0] / unit_s, point[column]);
        let before = corners.last().map_or(value, |(_, before)| *before);
        if corners.is_empty() || (value - before).abs() > 0.0 {
            corners.extend([(time, before), (time, value)]);
        }
        last = (time, value);
    }
    corners.push(last);
    corners
}

/// A number on an axis, without zeros at its end.
fn plain(value: f64) -> String {
    let text = number(if value.abs() < 1e-12 { 0.0 } else { value });
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// One row of a figure of intervals.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What it is of.
    pub(super) label: String,
    /// The estimate.
    pub(super) value: f64,
    /// Its interval.
    pub(super) ends: Option<[f64; 2]>,
    /// Which colour.
    pub(super) colour: usize,
}

/// Estimates with their intervals, one below the other, on one axis; `with_zero` draws the line of
/// no difference.
pub(super) fn intervals(heading: &str, rows: &[Row], with_zero: bool) -> String {
    let ends = rows
        .iter()
        .flat_map(|row| row.ends.unwrap_or([row.value; 2]));
    let ends = ends.chain(with_zero.then_some(0.0));
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| {
        (low.min(end), high.max(end))
    });
    if !low.is_finite() || !high.is_finite() {
        return String::new();
    }
    let room = if high > low {
        (high - low) * 0.06
    } else {
        high.abs().max(1.0) * 0.1
    };
    let height = FRAME.0 + FRAME.1 + ROW * u32::try_from(rows.len()).unwrap_or(1);
    svg((INTERVALS_WIDTH, height), |root| {
        draw_intervals(root, (heading, rows), low - room..high + room, with_zero)
            .map_err(|error| error.to_string())
    })
}

/// Draws a figure of intervals.
fn draw_intervals<'a>(
    root: &Area<'a>,
    (heading, rows): (&str, &[Row]),
    range: Range<f64>,
    with_zero: bool,
) -> Drawn<'a> {
    let longest = rows
        .iter()
        .map(|row| row.label.chars().count())
        .max()
        .unwrap_or(0);
    let labels = (longest * CHARACTER + 14).clamp(LABELS.0, LABELS.1);
    let labels = i32::try_from(labels).unwrap_or(i32::MAX);
    root.draw(&Text::new(heading.to_owned(), (4, 4), text(TEXT + 1)))?;
    let mut chart = ChartBuilder::on(root)
        .margin_top(FRAME.0)
        .margin_left(labels)
        .margin_right(16)
        .x_label_area_size(FRAME.1)
        .build_cartesian_2d(range, 0.0..rows.len() as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(text(TEXT - 1))
        .x_labels(5)
        .x_label_formatter(&|value| plain(*value))
        .draw()?;
    if with_zero {
        let line = [(0.0, 0.0), (0.0, rows.len() as f64)];
        chart.draw_series([PathElement::new(line, INK)])?;
    }
    for (at, row) in rows.iter().enumerate() {
        let height = (rows.len() - at) as f64 - 0.5;
        draw_row(&mut chart, row, height)?;
        let (_, y) = chart.backend_coord(&(row.value, height));
        let style = text(TEXT - 1).pos(Pos::new(HPos::Right, VPos::Center));
        root.draw(&Text::new(row.label.clone(), (labels - 8, y), style))?;
    }
    Ok(())
}

/// Draws one interval.
fn draw_row<'a>(
    chart: &mut ChartContext<'_, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    row: &Row,
    height: f64,
) -> Drawn<'a> {
    let style = colour(row.colour).stroke_width(2);
    if let Some([low, high]) = row.ends {
        let cap = |at: f64| PathElement::new([(at, height - 0.16), (at, height + 0.16)], style);
        let line = PathElement::new([(low, height), (high, height)], style);
        chart.draw_series([line, cap(low), cap(high)])?;
    }
    let dot = Circle::new((row.value, height), 4, colour(row.colour).filled());
    chart.draw_series([dot])?;
    Ok(())
}
