//! Symbols, markers and labels, painted over the picture. Nothing that is painted here overlaps: what
//! finds no room is drawn smaller, or counted where its neighbours stand.

use bevy_egui::egui::{self, Color32, FontId, Painter, Pos2, Rect, Stroke, StrokeKind};

use super::{
    super::{
        declutter::{Area, Room},
        ground::Ground,
        marks::{Affiliation, Mark, Subject},
        view::{Layer, View},
    },
    atlas::{Atlas, Symbol},
    project::Eye,
};
use glam::DVec3;

/// Height of a symbol's lower edge over its place, points.
const STEM: f32 = 9.0;
/// Farthest that a mark is counted with another's symbol, points.
const JOIN: f32 = 70.0;
/// Time that the line ahead of a mark shows, s.
const AHEAD_S: f64 = 60.0;
/// Ink of lines and letters.
pub(crate) const INK: Color32 = Color32::from_rgb(24, 26, 30);

/// A symbol that found room.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    /// Index of its mark.
    pub(crate) mark: usize,
    /// Where its thing is on the screen.
    pub(crate) anchor: Pos2,
    /// Where it is drawn.
    pub(crate) rect: Rect,
    /// Its part of the atlas.
    symbol: Symbol,
    /// Whether ground stands before it.
    is_hidden: bool,
    /// Comrades that it stands for.
    others: u32,
}

/// Marks on the screen: those with a symbol, and those that are drawn as small markers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    /// With a symbol.
    pub(crate) placed: Vec<Placed>,
    /// Without: index of the mark and place.
    pub(crate) small: Vec<(usize, Pos2)>,
}

/// A rectangle of the room.
fn area(rect: Rect) -> Area {
    Area {
        x: rect.min.x,
        y: rect.min.y,
        w: rect.width(),
        h: rect.height(),
    }
}

/// Finds room for symbols, the selected unit's first, then the weightiest.
#[must_use]
pub(crate) fn lay_out(
    marks: &[Mark],
    (eye, ground, atlas): (&Eye<'_>, &Ground, &Atlas),
    selected: Option<usize>,
    room: &mut Room,
) -> Layout {
    let is_selected =
        |mark: &Mark| selected.is_some_and(|unit| mark.subject == Subject::Unit(unit));
    let first = marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| is_selected(mark));
    let rest = marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| !is_selected(mark));
    let mut layout = Layout::default();
    for (at, mark) in first.chain(rest) {
        let place = ground.stand(mark.at);
        let Some(anchor) = eye.project(place) else {
            continue;
        };
        let Some(symbol) = atlas.symbol(&mark.function, mark.affiliation) else {
            continue;
        };
        let centre = anchor - egui::vec2(0.0, STEM + 0.5 * symbol.size.y);
        let rect = Rect::from_center_size(centre, symbol.size);
        if room.take(area(rect)) {
            layout.placed.push(Placed {
                mark: at,
                anchor,
                rect,
                symbol,
                is_hidden: ground.hides(place, eye.position()),
                others: 0,
            });
            continue;
        }
        layout.small.push((at, anchor));
        let stands_for = |placed: &&mut Placed| {
            let other = &marks[placed.mark];
            (other.group, other.affiliation) == (mark.group, mark.affiliation)
                && placed.anchor.distance(anchor) < JOIN
        };
        if let Some(other) = layout.placed.iter_mut().find(stands_for) {
            other.others += 1;
        }
    }
    // Labels keep off the markers, which in turn may lie close together.
    for (_, anchor) in &layout.small {
        room.block(area(Rect::from_center_size(
            *anchor,
            egui::Vec2::splat(9.0),
        )));
    }
    layout
}

/// A colour of an affiliation.
#[must_use]
pub(crate) fn color(affiliation: Affiliation) -> Color32 {
    let [r, g, b] = affiliation.rgb();
    Color32::from_rgb(r, g, b)
}

/// Paints what was laid out.
pub(crate) fn paint(
    painter: &Painter,
    marks: &[Mark],
    layout: &Layout,
    (eye, ground): (&Eye<'_>, &Ground),
    texture: egui::TextureId,
) {
    for (at, anchor) in &layout.small {
        marker(
            painter,
            *anchor,
            marks[*at].affiliation,
            marks[*at].is_ghost,
        );
    }
    for placed in &layout.placed {
        let mark = &marks[placed.mark];
        ahead(painter, mark, placed.anchor, (eye, ground));
        let stem = [placed.anchor, placed.rect.center_bottom()];
        painter.line_segment(stem, Stroke::new(1.2, INK.gamma_multiply(0.8)));
        painter.circle_filled(placed.anchor, 2.0, INK);
        let opacity = match (mark.is_ghost, placed.is_hidden) {
            (true, _) => 0.50,
            (false, true) => 0.70,
            (false, false) => 1.0,
        };
        let white = Color32::WHITE.gamma_multiply(opacity);
        painter.image(texture, placed.rect, placed.symbol.uv, white);
        if mark.is_ghost {
            dashed_frame(painter, placed.rect.expand(1.5));
        }
        if mark.is_wreck {
            cross(painter, placed.rect, 2);
        } else if mark.is_damaged {
            cross(painter, placed.rect, 1);
        }
    }
}

/// A small mark: round for friends, a diamond for hostiles, a square for others.
pub(crate) fn marker(painter: &Painter, at: Pos2, affiliation: Affiliation, is_ghost: bool) {
    const R: f32 = 4.0;
    let fill = color(affiliation).gamma_multiply(if is_ghost { 0.5 } else { 1.0 });
    let stroke = Stroke::new(1.2, INK);
    let diamond = vec![
        at - egui::vec2(0.0, R + 1.5),
        at + egui::vec2(R + 1.5, 0.0),
        at + egui::vec2(0.0, R + 1.5),
        at - egui::vec2(R + 1.5, 0.0),
    ];
    match affiliation {
        Affiliation::Friend => {
            painter.circle(at, R, fill, stroke);
        }
        Affiliation::Hostile => {
            painter.add(egui::Shape::convex_polygon(diamond, fill, stroke));
        }
        Affiliation::Neutral | Affiliation::Unknown => {
            let rect = Rect::from_center_size(at, egui::Vec2::splat(1.8 * R));
            painter.rect(rect, 0.0, fill, stroke, StrokeKind::Middle);
        }
    }
}

/// The way that a mark goes in the next minute.
fn ahead(painter: &Painter, mark: &Mark, anchor: Pos2, (eye, ground): (&Eye<'_>, &Ground)) {
    if mark.velocity.length() < 0.5 || mark.is_wreck {
        return;
    }
    let there: DVec3 = mark.at + (mark.velocity * AHEAD_S).extend(0.0);
    if let Some(end) = eye.project(ground.stand(there))
        && anchor.distance(end) > 3.0
    {
        painter.line_segment([anchor, end], Stroke::new(3.0, INK.gamma_multiply(0.7)));
        painter.line_segment([anchor, end], Stroke::new(1.4, color(mark.affiliation)));
    }
}

/// A broken frame about what is only remembered.
fn dashed_frame(painter: &Painter, rect: Rect) {
    let corners = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    let stroke = Stroke::new(1.2, INK);
    painter.extend(egui::Shape::dashed_line(&corners, stroke, 4.0, 3.0));
}

/// Strokes through what is damaged (one) or destroyed (two), as APP-6 has it.
fn cross(painter: &Painter, rect: Rect, strokes: u8) {
    let stroke = Stroke::new(2.4, INK);
    painter.line_segment([rect.left_bottom(), rect.right_top()], stroke);
    if strokes > 1 {
        painter.line_segment([rect.left_top(), rect.right_bottom()], stroke);
    }
}

/// Paints labels beside symbols where there is room for them.
pub(crate) fn labels(
    painter: &Painter,
    marks: &[Mark],
    layout: &Layout,
    view: &View,
    room: &mut Room,
) {
    if !view.layers.has(Layer::Labels) {
        return;
    }
    for placed in &layout.placed {
        let mark = &marks[placed.mark];
        let more = match placed.others {
            0 => String::new(),
            others => format!(" +{others}"),
        };
        let name = format!("{}{more}", mark.name);
        let mut galleys = vec![painter.layout_no_wrap(name, FontId::proportional(12.5), INK)];
        if !mark.note.is_empty() {
            let note = mark.note.clone();
            galleys.push(painter.layout_no_wrap(note, FontId::proportional(10.5), INK));
        }
        let width = galleys.iter().map(|it| it.size().x).fold(0.0, f32::max);
        let height: f32 = galleys.iter().map(|it| it.size().y - 1.0).sum();
        let Some(free) = room.beside(&area(placed.rect), [width + 4.0, height]) else {
            continue;
        };
        let is_left = free.x < placed.rect.min.x;
        let mut y = free.y;
        for galley in galleys {
            let x = if is_left {
                free.x + free.w - 2.0 - galley.size().x
            } else {
                free.x + 2.0
            };
            let step = galley.size().y - 1.0;
            halo(painter, egui::pos2(x, y), &galley);
            y += step;
        }
    }
}

/// Letters with a light rim, so that they are read on any ground.
fn halo(painter: &Painter, at: Pos2, galley: &std::sync::Arc<egui::Galley>) {
    let rim = Color32::from_rgba_unmultiplied(250, 250, 245, 205);
    for (x, y) in [
        (-1.0, 0.0),
        (1.0, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (-0.8, -0.8),
        (0.8, 0.8),
        (-0.8, 0.8),
        (0.8, -0.8),
    ] {
        let there = at + egui::vec2(x, y);
        painter.galley_with_override_text_color(there, galley.clone(), rim);
    }
    painter.galley_with_override_text_color(at, galley.clone(), INK);
}
