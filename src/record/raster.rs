//! A map of dead zones as inline SVG.

use std::fmt::Write as _;

use super::chart::{COLOURS, INK, WIDTH, open};
use super::html::{number, round_step};
use crate::accounting::summary::DeadZone;

/// Width of a map in pixels; its height keeps the shape of the terrain.
const MAP: f64 = 420.0;

/// Least and greatest height of a map over its width.
const SHAPE: [f64; 2] = [0.25, 2.0];

/// Room above and below the map in pixels.
const MARGIN: [f64; 2] = [8.0, 40.0];

/// Colour of cells that are heard and of those that are not; they differ in grey too.
const CELLS: [&str; 2] = ["#d7ebf7", "#8c4a1f"];

/// The map: dead cells dark, members that hear as dots, the command post as a
/// larger one, a scale below.
pub(super) fn map(zone: &DeadZone) -> String {
    let [west_m, south_m, east_m, north_m] = zone.extent_m;
    let (across_m, along_m) = ((east_m - west_m).max(1.0), (north_m - south_m).max(1.0));
    let height = MAP * (along_m / across_m).clamp(SHAPE[0], SHAPE[1]);
    let title = format!("Dead zones of {} on {}", zone.side, zone.network);
    let mut svg = open(&title, MARGIN[0] + height + MARGIN[1]);
    let top = MARGIN[0];
    put(
        &mut svg,
        &format!(
            "<path d=\"M0 {top:.1}h{MAP:.1}v{height:.1}h-{MAP:.1}z\" fill=\"{}\"/>",
            CELLS[0]
        ),
    );
    let cells = dead_cells(zone, height);
    put(
        &mut svg,
        &format!("<path d=\"{cells}\" fill=\"{}\"/>", CELLS[1]),
    );
    let hearers = zone.hearers_m.iter().map(|at| (at, 3.0, COLOURS[0]));
    for ([x_m, y_m], size, fill) in hearers.chain([(&zone.post_m, 5.0, COLOURS[4])]) {
        let x = (x_m - west_m) / across_m * MAP;
        let y = top + (north_m - y_m) / along_m * height;
        put(
            &mut svg,
            &format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{size}\" fill=\"{fill}\" stroke=\"#fff\"/>"
            ),
        );
    }
    scale(&mut svg, across_m, top + height + 14.0);
    svg.push_str("</svg>\n");
    svg
}

/// Appends a line.
fn put(svg: &mut String, line: &str) {
    svg.push_str(line);
    svg.push('\n');
}

/// The dead cells as one path, a rectangle for each run of them in a row.
fn dead_cells(zone: &DeadZone, height: f64) -> String {
    let mut path = String::new();
    let deep = height / zone.rows.len().max(1) as f64;
    for (row, cells) in zone.rows.iter().enumerate() {
        let wide = MAP / cells.len().max(1) as f64;
        let y = MARGIN[0] + row as f64 * deep;
        let mut column = 0;
        for run in cells.as_bytes().chunk_by(|a, b| a == b) {
            if run[0] == b'#' {
                let (x, length) = (column as f64 * wide, run.len() as f64 * wide);
                write!(path, "M{x:.2} {y:.2}h{length:.2}v{deep:.2}h-{length:.2}z")
                    .expect("a string takes any text");
            }
            column += run.len();
        }
    }
    path
}

/// A scale of a round length, and what the colours mean.
fn scale(svg: &mut String, across_m: f64, y: f64) {
    let round_m = round_step(across_m, 4.0);
    let length = round_m / across_m * MAP;
    put(
        svg,
        &format!("<path d=\"M1 {y:.1}v6h{length:.1}v-6\" stroke=\"{INK}\"/>"),
    );
    let (label, x, line) = (number(round_m / 1000.0), length + 8.0, y + 8.0);
    put(
        svg,
        &format!("<text x=\"{x:.1}\" y=\"{line:.1}\">{label} km</text>"),
    );
    let words = ["heard", "dead", "command post", "who hears for it"];
    let colours = [CELLS[0], CELLS[1], COLOURS[4], COLOURS[0]];
    for (at, (word, colour)) in words.into_iter().zip(colours).enumerate() {
        let (x, y) = (MAP + 20.0, 20.0 + 22.0 * at as f64);
        debug_assert!(x < WIDTH, "the legend is on the page");
        put(
            svg,
            &format!("<path d=\"M{x:.1} {y:.1}h14v12h-14z\" fill=\"{colour}\" stroke=\"{INK}\"/>"),
        );
        let (x, y) = (x + 22.0, y + 10.0);
        put(
            svg,
            &format!("<text x=\"{x:.1}\" y=\"{y:.1}\">{word}</text>"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_dead_cells_are_one_rectangle_each() {
        let zone = DeadZone {
            side: "<blue>".to_owned(),
            network: "net".to_owned(),
            extent_m: [0.0, 0.0, 4000.0, 2000.0],
            rows: vec!["##..".to_owned(), "#.##".to_owned()],
            hearers_m: vec![[4000.0, 2000.0]],
            ..DeadZone::default()
        };
        let svg = map(&zone);
        // 105 pixels a cell across, and as many down.
        for part in [
            "M0.00 8.00h210.00v105.00h-210.00z",
            "M0.00 113.00h105.00v105.00h-105.00z",
            "M210.00 113.00h210.00v105.00h-210.00z",
            "cx=\"420.0\" cy=\"8.0\"",
            "&lt;blue&gt;",
            ">1 km</text>",
        ] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
    }
}
