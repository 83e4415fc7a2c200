//! Figures as inline SVG: step curves over time and horizontal bars.

use std::fmt::Write as _;

use super::html::{escape, number, round_step};
use crate::accounting::summary::SideCurve;

/// Colours of Okabe and Ito (Color Universal Design, 2008), which most colour-blind readers tell
/// apart.
pub(crate) const COLOURS: [&str; 6] = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9",
];

/// Dashes beside the colours, for print in grey.
const DASHES: [&str; 6] = ["none", "7 3", "2 2", "9 3 2 3", "4 4", "1 3"];

/// Width of a figure in pixels.
pub(super) const WIDTH: f64 = 620.0;

/// Height of a curve figure in pixels.
const HEIGHT: f64 = 300.0;

/// Room for axes in pixels: left, right, top, bottom.
const MARGIN: [f64; 4] = [58.0, 16.0, 30.0, 44.0];

/// Least top of a value axis without a given one, so that counts get whole ticks.
const FEWEST: f64 = 4.0;

/// Height of one bar with its gap in pixels.
const BAR: f64 = 26.0;

/// Room left of the bars for their labels in pixels.
const BAR_LABEL: f64 = 130.0;

/// Room right of the bars for their values in pixels.
const BAR_VALUE: f64 = 150.0;

/// Colour of axes and text.
pub(super) const INK: &str = "#222";

/// A figure of step curves over time.
pub(super) struct StepChart<'a> {
    /// What it shows, for readers who do not see it.
    pub(super) title: &'a str,
    /// What the time counts from.
    pub(super) time_label: &'a str,
    /// What the height means.
    pub(super) value_label: &'a str,
    /// End of the time axis in seconds.
    pub(super) end_s: f64,
    /// Top of the value axis; by the data if none.
    pub(super) top: Option<f64>,
    /// One curve per side.
    pub(super) curves: &'a [SideCurve],
}

/// Where data go on the page.
struct Frame {
    /// Seconds per unit of the time axis.
    unit_s: f64,
    /// End of the time axis in seconds.
    end_s: f64,
    /// Top of the value axis.
    top: f64,
}

impl Frame {
    /// Horizontal place of a time in pixels.
    fn x(&self, time_s: f64) -> f64 {
        let share = (time_s / self.end_s).clamp(0.0, 1.0);
        MARGIN[0] + share * (WIDTH - MARGIN[0] - MARGIN[1])
    }

    /// Vertical place of a value in pixels.
    fn y(&self, value: f64) -> f64 {
        let share = (value / self.top).clamp(0.0, 1.0);
        HEIGHT - MARGIN[3] - share * (HEIGHT - MARGIN[2] - MARGIN[3])
    }
}

/// Appends formatted text.
macro_rules! put {
    ($svg:expr, $($argument:tt)*) => {
        writeln!($svg, $($argument)*).expect("a string takes any text")
    };
}

impl StepChart<'_> {
    /// The figure as SVG.
    pub(super) fn svg(&self) -> String {
        let (unit, unit_s) = match self.end_s {
            end_s if end_s <= 300.0 => ("s", 1.0),
            end_s if end_s <= 10_800.0 => ("min", 60.0),
            _ => ("h", 3600.0),
        };
        let highest = self
            .curves
            .iter()
            .flat_map(|curve| &curve.points)
            .map(|point| point[1]);
        let top = self
            .top
            .unwrap_or_else(|| highest.fold(FEWEST, f64::max) * 1.08);
        let frame = Frame {
            unit_s,
            end_s: self.end_s.max(1.0),
            top,
        };
        let mut svg = open(self.title, HEIGHT);
        self.axes(&frame, unit, &mut svg);
        for (index, curve) in self.curves.iter().enumerate() {
            draw_curve(&frame, index, curve, &mut svg);
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// Axes, grid and labels.
    fn axes(&self, frame: &Frame, unit: &str, svg: &mut String) {
        let (left, right) = (frame.x(0.0), frame.x(frame.end_s));
        let (bottom, above) = (frame.y(0.0), frame.y(frame.top));
        for value in ticks(frame.top, 5.0) {
            let (y, label) = (frame.y(value), tick(value));
            put!(
                svg,
                "<path d=\"M{left:.1} {y:.1}H{right:.1}\" stroke=\"#ddd\"/>"
            );
            let (x, y) = (left - 6.0, y + 4.0);
            put!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{label}</text>"
            );
        }
        for time in ticks(frame.end_s / frame.unit_s, 7.0) {
            let (x, label) = (frame.x(time * frame.unit_s), tick(time));
            put!(svg, "<path d=\"M{x:.1} {bottom:.1}v5\" stroke=\"{INK}\"/>");
            let y = bottom + 18.0;
            put!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{label}</text>"
            );
        }
        put!(
            svg,
            "<path d=\"M{left:.1} {above:.1}V{bottom:.1}H{right:.1}\" stroke=\"{INK}\"/>"
        );
        let (middle, foot) = ((left + right) / 2.0, HEIGHT - 8.0);
        let label = escape(self.time_label);
        put!(
            svg,
            "<text x=\"{middle:.1}\" y=\"{foot:.1}\" text-anchor=\"middle\">{label} ({unit})</text>"
        );
        let (height, label) = ((above + bottom) / 2.0, escape(self.value_label));
        put!(
            svg,
            "<text x=\"14\" y=\"{height:.1}\" text-anchor=\"middle\" \
             transform=\"rotate(-90 14 {height:.1})\">{label}</text>"
        );
    }
}

/// One curve with its entry in the legend.
fn draw_curve(frame: &Frame, index: usize, curve: &SideCurve, svg: &mut String) {
    let (colour, dash) = (COLOURS[index % COLOURS.len()], DASHES[index % DASHES.len()]);
    let style = format!("stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"");
    let start = curve
        .points
        .first()
        .filter(|point| point[0] <= 0.0)
        .map_or(0.0, |point| point[1]);
    let mut path = format!("M{:.1} {:.1}", frame.x(0.0), frame.y(start));
    for point in curve.points.iter().filter(|point| point[0] <= frame.end_s) {
        write!(path, "H{:.1}V{:.1}", frame.x(point[0]), frame.y(point[1]))
            .expect("a string takes any text");
    }
    let (right, side) = (frame.x(frame.end_s), escape(&curve.side));
    put!(
        svg,
        "<path d=\"{path}H{right:.1}\" {style}><title>{side}</title></path>"
    );
    let x = MARGIN[0] + 120.0 * index as f64;
    put!(svg, "<path d=\"M{x:.1} 14h24\" {style}/>");
    put!(svg, "<text x=\"{:.1}\" y=\"18\">{side}</text>", x + 30.0);
}

/// Round values from zero up to `end`, at most `parts` of them above zero.
fn ticks(end: f64, parts: f64) -> impl Iterator<Item = f64> {
    let step = round_step(end, parts);
    (0_u32..)
        .map(move |n| f64::from(n) * step)
        .take_while(move |value| *value <= end * 1.000_001)
}

/// A tick's number without zeros at its end.
fn tick(value: f64) -> String {
    let label = number(value);
    if label.contains('.') {
        label.trim_end_matches('0').to_owned()
    } else {
        label
    }
}

/// One bar.
pub(super) struct Bar {
    /// What it stands for.
    pub(super) label: String,
    /// Its length, not negative.
    pub(super) value: f64,
    /// What is written behind it.
    pub(super) note: String,
}

/// Horizontal bars, one below the other, the length `full` filling the room.
pub(super) fn bars(title: &str, full: f64, bars: &[Bar]) -> String {
    let mut svg = open(title, BAR * bars.len() as f64 + 8.0);
    let room = WIDTH - BAR_LABEL - BAR_VALUE;
    for (row, bar) in bars.iter().enumerate() {
        let share = if full > 0.0 {
            (bar.value / full).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let (top, length, height) = (4.0 + BAR * row as f64, share * room, BAR - 6.0);
        let (line, label) = (top + height / 2.0 + 4.0, escape(&bar.label));
        let (before, after) = (BAR_LABEL - 8.0, BAR_LABEL + length + 8.0);
        put!(
            svg,
            "<text x=\"{before:.1}\" y=\"{line:.1}\" text-anchor=\"end\">{label}</text>"
        );
        put!(
            svg,
            "<rect x=\"{BAR_LABEL:.1}\" y=\"{top:.1}\" width=\"{length:.1}\" height=\"{height:.1}\" \
             fill=\"{}\"/>",
            COLOURS[0]
        );
        put!(
            svg,
            "<text x=\"{after:.1}\" y=\"{line:.1}\">{}</text>",
            escape(&bar.note)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Opening of a figure of the usual width.
pub(super) fn open(title: &str, height: f64) -> String {
    let title = escape(title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"none\">\n\
         <title>{title}</title>\n<style>text{{fill:{INK}}}</style>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_steps_at_its_points_and_ends_at_the_edge() {
        let curves = [SideCurve {
            side: "blue".to_owned(),
            points: vec![[0.0, 0.0], [1800.0, 0.5], [7200.0, 1.0]],
        }];
        let chart = StepChart {
            title: "t",
            time_label: "since detection",
            value_label: "share",
            end_s: 3600.0,
            top: Some(1.0),
            curves: &curves,
        };
        // Half of the way along, half of the way up; what lies beyond the end is left out.
        let (x, y) = ((58.0 + 604.0) / 2.0, (30.0 + 256.0) / 2.0);
        let path = format!("M58.0 256.0H58.0V256.0H{x:.1}V{y:.1}H604.0");
        let svg = chart.svg();
        assert!(svg.contains(&path), "{svg}");
        assert!(svg.contains("since detection (min)"));
        assert!(svg.contains(">0.2</text>"), "{svg}");
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        let bar = |value: f64| Bar {
            label: "<x>".to_owned(),
            value,
            note: String::new(),
        };
        let svg = bars("t", 4.0, &[bar(4.0), bar(1.0), bar(0.0)]);
        for width in ["width=\"340.0\"", "width=\"85.0\"", "width=\"0.0\""] {
            assert!(svg.contains(width), "{svg}");
        }
        assert!(svg.contains("&lt;x&gt;"));
    }
}
