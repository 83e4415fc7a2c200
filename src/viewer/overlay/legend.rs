//! Title, time, legend, scale and north: what a picture needs to be read without its window.

use bevy_egui::egui::{
    self, Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2,
};
use glam::DVec2;

use super::{
    super::{
        chains::Step,
        draw::{
            network::{LINK_RGB, STEP_RGB},
            tint::{contour_step_m, round_up},
        },
        frame::{Frame, RunState, Setting},
        ground::Ground,
        marks::{Affiliation, Mark},
        narrow::f32_of,
        view::{Layer, View, Viewpoint},
    },
    project::Eye,
    symbols::{INK, marker},
};

/// Ground of boxes.
const PAPER: Color32 = Color32::from_rgba_premultiplied(226, 227, 223, 228);
/// Space inside boxes, points.
const PAD: f32 = 9.0;

/// Simulated time as a clock shows it.
#[must_use]
pub(crate) fn clock(time_s: f64) -> String {
    let s = crate::viewer::narrow::ticks_of(time_s.max(0.0));
    format!("T+{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

/// One row of the legend: a sample and what it means.
enum Sample {
    /// A small marker.
    Mark(Affiliation),
    /// A broken frame.
    Ghost,
    /// A line: colour, width, whether it is broken.
    Line(Color32, f32, bool),
    /// An ellipse.
    Ellipse,
    /// A tinted area.
    Fill(Color32),
    /// A stroke through a frame.
    Cross,
}

/// A box with rounded corners.
fn paper(painter: &Painter, rect: Rect) {
    let rim = Stroke::new(1.0, INK.gamma_multiply(0.25));
    painter.rect(rect, 5.0, PAPER, rim, StrokeKind::Inside);
}

/// Paints everything into the corners of `screen`, and gives the rectangles that are taken.
#[must_use]
pub(crate) fn paint(
    painter: &Painter,
    screen: Rect,
    (setting, frame, marks): (&Setting, &Frame, &[Mark]),
    (eye, ground, focus): (&Eye<'_>, &Ground, DVec2),
    (view, steps): (&View, &[Step]),
) -> Vec<Rect> {
    if !view.layers.has(Layer::Legend) {
        return Vec::new();
    }
    let mut taken = vec![
        title(painter, screen, (setting, frame), view),
        key(painter, screen, (setting, frame, marks), (view, steps)),
    ];
    taken.extend(scale(painter, screen, (eye, ground, focus)));
    taken
}

/// Title, whose picture, time.
fn title(
    painter: &Painter,
    screen: Rect,
    (setting, frame): (&Setting, &Frame),
    view: &View,
) -> Rect {
    let line =
        |text: String, size: f32| painter.layout_no_wrap(text, FontId::proportional(size), INK);
    let state = match &frame.state {
        RunState::Ready => String::new(),
        RunState::Over => "   end of the run".to_owned(),
        RunState::Broken(_) => "   stopped: an invariant is broken".to_owned(),
    };
    let lines = [
        line(setting.title.clone(), 17.0),
        line(view.viewpoint.title(setting), 14.0),
        line(format!("{}{state}", clock(frame.time_s)), 14.0),
    ];
    let width = lines.iter().map(|it| it.size().x).fold(0.0, f32::max);
    let height: f32 = lines.iter().map(|it| it.size().y + 1.0).sum();
    let origin = screen.min + vec2(12.0, 12.0);
    let rect = Rect::from_min_size(origin, vec2(width + 2.0 * PAD, height + 2.0 * PAD - 4.0));
    paper(painter, rect);
    let mut at = origin + vec2(PAD, PAD - 2.0);
    for galley in lines {
        let step = galley.size().y + 1.0;
        painter.galley(at, galley, INK);
        at.y += step;
    }
    rect
}

/// Rows of the legend for what is really shown.
fn rows(
    setting: &Setting,
    frame: &Frame,
    marks: &[Mark],
    (view, steps): (&View, &[Step]),
) -> Vec<(Sample, String)> {
    let mut rows = Vec::new();
    let has = |layer| view.layers.has(layer);
    let own = view.viewpoint.side(setting);
    for affiliation in Affiliation::ALL {
        if !marks.iter().any(|mark| mark.affiliation == affiliation) {
            continue;
        }
        let sides: Vec<&str> = (0..setting.sides.len())
            .filter(|side| Affiliation::between(own, *side, setting) == affiliation)
            .map(|side| setting.sides[side].id.as_str())
            .collect();
        let is_truth = view.viewpoint == Viewpoint::Truth;
        let what = match affiliation {
            Affiliation::Unknown => "not identified".to_owned(),
            Affiliation::Friend => format!("friend: {}", sides.join(", ")),
            _ if is_truth => format!("{}: {}", affiliation.name(), sides.join(", ")),
            _ => format!("believed {}", affiliation.name()),
        };
        rows.push((Sample::Mark(affiliation), what));
    }
    if marks.iter().any(|mark| mark.is_ghost) {
        rows.push((Sample::Ghost, "ghost: no news when due".to_owned()));
    }
    if marks.iter().any(|mark| mark.is_wreck || mark.is_damaged) {
        rows.push((Sample::Cross, "damaged; crossed twice: lost".to_owned()));
    }
    if has(Layer::Ellipses) && marks.iter().any(|mark| mark.covariance.is_some()) {
        rows.push((Sample::Ellipse, "track lies within, 95 %".to_owned()));
    }
    if has(Layer::Truth) && view.viewpoint != Viewpoint::Truth {
        let red = color32([180, 80, 40]);
        rows.push((
            Sample::Line(red, 3.0, false),
            "x  where others really are".to_owned(),
        ));
    }
    if has(Layer::Footprints) {
        rows.push((
            Sample::Fill(color32(Affiliation::Friend.rgb())),
            "seen by sensors".to_owned(),
        ));
    }
    if has(Layer::Links) && !frame.links.is_empty() {
        let words = ["link, 90 % of packets or more", "60 to 90 %", "20 to 60 %"];
        for (class, words) in words.iter().enumerate() {
            let width = if class == 0 { 3.0 } else { 1.8 };
            rows.push((
                Sample::Line(color32(LINK_RGB[class]), width, false),
                (*words).to_owned(),
            ));
        }
    }
    for step in Step::ALL.into_iter().filter(|step| steps.contains(step)) {
        let is_dashed = step != Step::Fired;
        let sample = Sample::Line(color32(STEP_RGB[step as usize]), 2.5, is_dashed);
        rows.push((sample, format!("chain: {}", step.name())));
    }
    rows
}

/// A colour of bytes.
fn color32([r, g, b]: [u8; 3]) -> Color32 {
    Color32::from_rgb(r, g, b)
}

/// The legend, at the lower left.
fn key(
    painter: &Painter,
    screen: Rect,
    (setting, frame, marks): (&Setting, &Frame, &[Mark]),
    shown: (&View, &[Step]),
) -> Rect {
    const ROW: f32 = 17.0;
    let rows = rows(setting, frame, marks, shown);
    if rows.is_empty() {
        return Rect::from_min_size(screen.min, vec2(0.0, 0.0));
    }
    let lines: Vec<_> = rows
        .into_iter()
        .map(|(sample, text)| {
            let galley = painter.layout_no_wrap(text, FontId::proportional(12.0), INK);
            (sample, galley)
        })
        .collect();
    let width = lines.iter().map(|(_, it)| it.size().x).fold(0.0, f32::max);
    let height = f32_of(crate::viewer::narrow::f64_of(lines.len())) * ROW;
    let size = vec2(width + 34.0 + 2.0 * PAD, height + 2.0 * PAD - 2.0);
    let rect = Rect::from_min_size(
        pos2(screen.min.x + 12.0, screen.max.y - 12.0 - size.y),
        size,
    );
    paper(painter, rect);
    let mut y = rect.min.y + PAD - 1.0;
    for (what, galley) in lines {
        sample(painter, pos2(rect.min.x + PAD + 12.0, y + 0.5 * ROW), &what);
        let x = rect.min.x + PAD + 32.0;
        painter.galley(pos2(x, y + 0.5 * (ROW - galley.size().y)), galley, INK);
        y += ROW;
    }
    rect
}

/// One sample of the legend.
fn sample(painter: &Painter, at: Pos2, sample: &Sample) {
    let (left, right) = (at - vec2(11.0, 0.0), at + vec2(11.0, 0.0));
    match sample {
        Sample::Mark(affiliation) => marker(painter, at, *affiliation, false),
        Sample::Ghost => {
            let rect = Rect::from_center_size(at, vec2(15.0, 10.0));
            let corners = [
                rect.left_top(),
                rect.right_top(),
                rect.right_bottom(),
                rect.left_bottom(),
                rect.left_top(),
            ];
            painter.extend(egui::Shape::dashed_line(
                &corners,
                Stroke::new(1.2, INK),
                3.0,
                2.0,
            ));
        }
        Sample::Line(color, width, is_dashed) => {
            let line = [left, right];
            if *is_dashed {
                let stroke = Stroke::new(*width, *color);
                painter.extend(egui::Shape::dashed_line(&line, stroke, 5.0, 3.0));
            } else {
                painter.line_segment(line, Stroke::new(width + 1.6, INK.gamma_multiply(0.55)));
                painter.line_segment(line, Stroke::new(*width, *color));
            }
        }
        Sample::Ellipse => {
            let fill = color32(Affiliation::Hostile.rgb()).gamma_multiply(0.35);
            let stroke = Stroke::new(1.2, color32([155, 70, 32]));
            painter.add(egui::Shape::Ellipse(egui::epaint::EllipseShape {
                center: at,
                radius: vec2(10.0, 5.0),
                fill,
                stroke,
                angle: 0.0,
            }));
        }
        Sample::Fill(color) => {
            let rect = Rect::from_center_size(at, vec2(20.0, 10.0));
            painter.rect_filled(rect, 1.0, color.gamma_multiply(0.55));
        }
        Sample::Cross => {
            let rect = Rect::from_center_size(at, vec2(14.0, 9.0));
            painter.rect_stroke(rect, 0.0, Stroke::new(1.0, INK), StrokeKind::Middle);
            let stroke = Stroke::new(1.8, INK);
            painter.line_segment([rect.left_bottom(), rect.right_top()], stroke);
        }
    }
}

/// A scale for the middle of the picture, the way north, and how heights are drawn, at the lower
/// right.
fn scale(
    painter: &Painter,
    screen: Rect,
    (eye, ground, focus): (&Eye<'_>, &Ground, DVec2),
) -> Option<Rect> {
    let right = eye.transform.right();
    let right = DVec2::new(f64::from(right.x), -f64::from(right.z));
    let probe_m = 0.01 * ground.extent_m();
    let here = eye.project(ground.over(focus, 0.0))?;
    let there =
        eye.project(ground.over(focus, 0.0) + ground.to_view((right * probe_m).extend(0.0)))?;
    let per_m = f64::from(here.distance(there)) / probe_m;
    if per_m <= 0.0 {
        return None;
    }
    let length_m = round_up(80.0 / per_m);
    let length = f32_of(length_m * per_m);
    let words = if length_m >= 1000.0 {
        format!("{} km", length_m / 1000.0)
    } else {
        format!("{length_m} m")
    };
    let note = format!(
        "contours every {} m, heights ×{}",
        contour_step_m(&ground.terrain),
        ground.exaggeration
    );
    let note = painter.layout_no_wrap(note, FontId::proportional(11.0), INK);
    let size = vec2(length.max(note.size().x) + 40.0 + 2.0 * PAD, 52.0);
    let rect = Rect::from_min_size(screen.max - vec2(12.0, 12.0) - size, size);
    paper(painter, rect);
    let left = pos2(rect.min.x + PAD, rect.min.y + 24.0);
    let end = left + vec2(length, 0.0);
    painter.line_segment([left, end], Stroke::new(2.0, INK));
    for tick in [left, end] {
        painter.line_segment(
            [tick - vec2(0.0, 4.0), tick + vec2(0.0, 4.0)],
            Stroke::new(2.0, INK),
        );
    }
    let middle = left.lerp(end, 0.5) - vec2(0.0, 3.0);
    painter.text(
        middle,
        Align2::CENTER_BOTTOM,
        words,
        FontId::proportional(12.0),
        INK,
    );
    painter.galley(
        pos2(left.x, rect.max.y - PAD - note.size().y + 3.0),
        note,
        INK,
    );
    let north = DVec2::Y * probe_m;
    if let Some(tip) = eye.project(ground.over(focus, 0.0) + ground.to_view(north.extend(0.0))) {
        arrow(
            painter,
            pos2(rect.max.x - 22.0, rect.min.y + 24.0),
            (tip - here).normalized(),
        );
    }
    Some(rect)
}

/// An arrow to the north.
fn arrow(painter: &Painter, at: Pos2, direction: egui::Vec2) {
    let side = direction.rot90();
    let tip = at + direction * 13.0;
    let points = vec![tip, at - direction * 9.0 + side * 6.0, at - direction * 4.0];
    let other = vec![tip, at - direction * 4.0, at - direction * 9.0 - side * 6.0];
    painter.add(egui::Shape::convex_polygon(points, INK, Stroke::NONE));
    painter.add(egui::Shape::convex_polygon(
        other,
        Color32::WHITE,
        Stroke::new(1.0, INK),
    ));
    let letter = at + direction * 19.0;
    painter.text(
        letter,
        Align2::CENTER_CENTER,
        "N",
        FontId::proportional(11.0),
        INK,
    );
}
