//! The synchronisation matrix of a run: who did what when, as planned and as it went. See [`svg`].

use std::fmt::Write as _;

use super::chart::{COLOURS, INK};
use super::html::{escape, round_step};
use crate::accounting::operations::result::{DecisionRow, MissionRow, SideOperations};

/// Width of the figure in pixels.
const WIDTH: f64 = 980.0;
/// Room for names at the left in pixels.
const LEFT: f64 = 270.0;
/// Room at the right in pixels.
const RIGHT: f64 = 20.0;
/// Height of a row in pixels.
const ROW: f64 = 20.0;
/// Room for the time axis above and below in pixels.
const EDGE: f64 = 34.0;
/// Colour of what was planned.
const PLANNED: &str = "#e4e7eb";

/// Appends formatted text.
macro_rules! put {
    ($svg:expr, $($argument:tt)*) => {
        writeln!($svg, $($argument)*).expect("a string takes any text")
    };
}

/// One row of the figure.
enum Row<'a> {
    Side(&'a SideOperations),
    Decision(&'a DecisionRow),
    Mission(&'a MissionRow),
}

/// The rows of all sides: first what is decided, then what is done.
fn rows(sides: &[SideOperations]) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for side in sides {
        rows.push(Row::Side(side));
        rows.extend(side.decisions.iter().map(Row::Decision));
        rows.extend(side.missions.iter().map(Row::Mission));
    }
    rows
}

/// Horizontal place of a time in pixels.
fn x(time_s: f64, end_s: f64) -> f64 {
    LEFT + (time_s / end_s).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
}

/// A bar from one time to another.
fn bar(svg: &mut String, [from, to]: [f64; 2], top: f64, height: f64, colour: &str, note: &str) {
    let (width, note) = ((to - from).max(1.0), escape(note));
    put!(
        svg,
        "<rect x=\"{from:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" \
         fill=\"{colour}\"><title>{note}</title></rect>"
    );
}

/// A diamond at a time.
fn diamond(svg: &mut String, at: f64, middle: f64, colour: &str, note: &str) {
    let note = escape(note);
    put!(
        svg,
        "<path d=\"M{at:.1} {:.1}l6 6l-6 6l-6 -6z\" fill=\"{colour}\"><title>{note}</title></path>",
        middle - 6.0
    );
}

/// A name at the left.
fn name(svg: &mut String, text: &str, middle: f64, weight: &str) {
    let text = escape(text);
    put!(
        svg,
        "<text x=\"8\" y=\"{:.1}\" font-weight=\"{weight}\">{text}</text>",
        middle + 4.0
    );
}

/// A decision: from the first sight of its tracks over the belief and the decision to the last order
/// carried out.
fn decision(svg: &mut String, row: &DecisionRow, middle: f64, end_s: f64) {
    name(
        svg,
        &format!("◆ {} ({})", row.title, row.at),
        middle,
        "normal",
    );
    let Some(met_s) = row.met_s else {
        return;
    };
    let at = |time_s: f64| x(time_s, end_s);
    let last_s = row.carried_s.or(row.decided_s).unwrap_or(end_s);
    if let Some(seen_s) = row.seen_s {
        let note = format!("seen from {seen_s:.0} s on");
        bar(
            svg,
            [at(seen_s), at(met_s)],
            middle - 1.5,
            3.0,
            COLOURS[5],
            &note,
        );
    }
    let note = format!("handled until {last_s:.0} s");
    bar(
        svg,
        [at(met_s), at(last_s)],
        middle - 3.0,
        6.0,
        COLOURS[4],
        &note,
    );
    diamond(
        svg,
        at(met_s),
        middle,
        COLOURS[4],
        &format!("believed at {met_s:.0} s"),
    );
    if let Some(decided_s) = row.decided_s {
        let note = format!("decided at {decided_s:.0} s");
        diamond(svg, at(decided_s), middle, COLOURS[1], &note);
    }
}

/// A mission: its window, and above it what was done.
fn mission(svg: &mut String, row: &MissionRow, middle: f64, end_s: f64) {
    let label = format!("{}: {} ({})", row.id, row.verb, row.force);
    name(svg, &label, middle, "normal");
    let at = |time_s: f64| x(time_s, end_s);
    let window = row.window_s.map(at);
    let planned = if row.on_order { "on order" } else { "planned" };
    bar(svg, window, middle - 8.0, 16.0, PLANNED, planned);
    let Some(begun_s) = row.begun_s else {
        return;
    };
    let ended_s = row.ended_s.unwrap_or(end_s);
    let note = format!("{begun_s:.0} s to {ended_s:.0} s");
    bar(
        svg,
        [at(begun_s), at(ended_s)],
        middle - 4.0,
        8.0,
        COLOURS[0],
        &note,
    );
    for (stage, since_s) in &row.stages {
        let (place, top) = (at(*since_s), middle - 7.0);
        put!(
            svg,
            "<path d=\"M{place:.1} {top:.1}v14\" stroke=\"{INK}\"><title>stage {stage} at \
             {since_s:.0} s</title></path>"
        );
    }
    if let Some(secured_s) = row.secured_s {
        let note = format!("secured at {secured_s:.0} s");
        diamond(svg, at(secured_s), middle, COLOURS[2], &note);
    }
}

/// The axis of time at the top and lines through all rows.
fn axis(svg: &mut String, end_s: f64, height: f64) {
    let step_min = round_step(end_s / 60.0, 10.0);
    let marks = (0_u32..).map(|n| f64::from(n) * step_min);
    for minutes in marks.take_while(|minutes| minutes * 60.0 <= end_s) {
        let at = x(minutes * 60.0, end_s);
        let bottom = height - 8.0;
        put!(
            svg,
            "<path d=\"M{at:.1} {EDGE:.1}V{bottom:.1}\" stroke=\"#ddd\"/>"
        );
        put!(
            svg,
            "<text x=\"{at:.1}\" y=\"22\" text-anchor=\"middle\">{minutes} min</text>"
        );
    }
}

/// The figure for the sides of a run of this length; none where no side has a mission or decision.
#[must_use]
pub fn svg(sides: &[SideOperations], end_s: f64) -> Option<String> {
    let rows = rows(sides);
    if rows.is_empty() {
        return None;
    }
    let end_s = end_s.max(1.0);
    let height = 2.0 * EDGE + ROW * rows.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"Synchronisation matrix\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"none\">\n\
         <title>Synchronisation matrix</title>\n<style>text{{fill:{INK}}}</style>\n"
    );
    axis(&mut svg, end_s, height);
    for (n, row) in rows.iter().enumerate() {
        let middle = EDGE + ROW * (n as f64 + 0.5);
        match row {
            Row::Side(side) => {
                let course = side.course.as_deref().map(|it| format!(", course {it}"));
                let label = format!("{}{}", side.side, course.unwrap_or_default());
                name(&mut svg, &label, middle, "bold");
            }
            Row::Decision(row) => decision(&mut svg, row, middle, end_s),
            Row::Mission(row) => mission(&mut svg, row, middle, end_s),
        }
    }
    legend(&mut svg, height - 14.0);
    svg.push_str("</svg>\n");
    Some(svg)
}

/// What the marks mean, below the figure.
fn legend(svg: &mut String, middle: f64) {
    let marks = [
        (COLOURS[4], "◆", "believed"),
        (COLOURS[1], "◆", "decided"),
        (COLOURS[0], "▬", "under way"),
        (COLOURS[2], "◆", "secured"),
        ("#9aa5b1", "▬", "window"),
        (INK, "|", "next stage"),
    ];
    for (n, (colour, mark, words)) in marks.iter().enumerate() {
        let at = LEFT + 110.0 * n as f64;
        put!(
            svg,
            "<text x=\"{at:.1}\" y=\"{:.1}\"><tspan style=\"fill:{colour}\">{mark}</tspan> \
             {words}</text>",
            middle + 4.0
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A side with one decision and one mission.
    fn side() -> SideOperations {
        SideOperations {
            side: "blue".into(),
            course: Some("wait".into()),
            missions: vec![MissionRow {
                id: "take-<hill>".into(),
                verb: "secure".into(),
                force: "a-coy".into(),
                on_order: true,
                window_s: [0.0, 1200.0],
                begun_s: Some(300.0),
                started_s: Some(310.0),
                stages: vec![(1, 600.0)],
                secured_s: Some(600.0),
                ended_s: None,
                outcome: None,
            }],
            decisions: vec![DecisionRow {
                id: "dp-1".into(),
                title: "Go".into(),
                at: "cp".into(),
                seen_s: None,
                met_s: Some(120.0),
                decided_s: Some(180.0),
                carried_s: Some(240.0),
            }],
            staffs: Vec::new(),
            cycle: Vec::new(),
        }
    }

    #[test]
    fn bars_stand_where_their_times_are() {
        let svg = svg(&[side()], 1200.0).unwrap();
        // A quarter of the way from the left edge of the axis at 270 over its width of 690 pixels.
        assert!(svg.contains("x=\"442.5\""), "begun at 300 s: {svg}");
        // From there to the end, since the mission is not over.
        assert!(svg.contains("width=\"517.5\""), "{svg}");
        assert!(svg.contains("M615.0"), "secured at 600 s: {svg}");
        assert!(svg.contains("M339.0"), "believed at 120 s: {svg}");
        assert!(svg.contains("take-&lt;hill&gt;: secure (a-coy)"), "{svg}");
        assert!(svg.contains("blue, course wait"), "{svg}");
    }

    #[test]
    fn what_never_happened_is_not_drawn() {
        let mut idle = side();
        idle.missions[0].begun_s = None;
        idle.decisions[0].met_s = None;
        let svg = svg(&[idle], 1200.0).unwrap();
        assert!(
            !svg.contains(COLOURS[0]) || svg.matches(COLOURS[0]).count() == 1,
            "{svg}"
        );
        assert!(super::svg(&[], 1200.0).is_none());
    }
}
