//! Lines over the ground: trails, routes, headings, areas, what really is. See [`LinesPlugin`].

use bevy::prelude::*;
use glam::{DVec2, DVec3};

use super::{
    super::{
        ground::Ground,
        marks::{Affiliation, Mark},
        narrow::{f32_of, f64_of},
        state::{Chosen, Now, Scene},
        view::{Layer, Viewpoint},
    },
    mesh::rgba,
};
use crate::kernel::math::{TAU, sincos};

/// Height of lines over the ground as a share of its width, so that they are not cut by the mesh.
const LIFT_SHARE: f64 = 4e-4;
/// Points of a circle.
const CIRCLE: usize = 48;

/// Lines of ordinary width.
#[derive(Debug, Default, Reflect, GizmoConfigGroup)]
pub(crate) struct Thin;

/// Lines that stand out.
#[derive(Debug, Default, Reflect, GizmoConfigGroup)]
pub(crate) struct Bold;

/// Broken lines.
#[derive(Debug, Default, Reflect, GizmoConfigGroup)]
pub(crate) struct Dashed;

/// Draws lines.
#[derive(Debug)]
pub(crate) struct LinesPlugin;

impl Plugin for LinesPlugin {
    fn build(&self, app: &mut App) {
        app.init_gizmo_group::<Thin>()
            .init_gizmo_group::<Bold>()
            .init_gizmo_group::<Dashed>()
            .add_systems(Startup, set_widths)
            .add_systems(
                PostUpdate,
                (
                    draw_trails,
                    draw_routes,
                    draw_areas,
                    draw_truth,
                    draw_selection,
                ),
            );
    }
}

/// Widths in pixels.
fn set_widths(mut store: ResMut<'_, GizmoConfigStore>) {
    let (thin, _) = store.config_mut::<Thin>();
    (thin.line.width, thin.depth_bias) = (1.8, -0.0006);
    let (bold, _) = store.config_mut::<Bold>();
    (bold.line.width, bold.depth_bias) = (3.2, -0.0006);
    let (dashed, _) = store.config_mut::<Dashed>();
    (dashed.line.width, dashed.depth_bias) = (2.0, -0.0006);
    dashed.line.style = GizmoLineStyle::Dashed {
        gap_scale: 3.0,
        line_scale: 5.0,
    };
}

/// Height of lines over the ground, m.
#[must_use]
pub(crate) fn lift_m(ground: &Ground) -> f64 {
    LIFT_SHARE * ground.extent_m()
}

/// A colour with an opacity.
#[must_use]
pub(crate) fn color(rgb: [u8; 3], alpha: f32) -> Color {
    let [r, g, b, a] = rgba(rgb, alpha);
    Color::srgba(r, g, b, a)
}

/// A colour darkened, for lines on light ground.
#[must_use]
pub(crate) fn ink(affiliation: Affiliation, alpha: f32) -> Color {
    color(affiliation.rgb().map(|part| part / 3 * 2), alpha)
}

/// Where units were, fading with time. Under a belief, only those of the own side: others have no
/// past but what tracks say.
fn draw_trails(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    scene: Res<'_, Scene>,
    mut lines: Gizmos<'_, '_, Thin>,
) {
    if !chosen.0.layers.has(Layer::Trails) {
        return;
    }
    let viewpoint = chosen.0.viewpoint;
    let own = viewpoint.side(&scene.0);
    let lift = lift_m(&ground);
    let units = scene.0.units.iter().zip(now.frame.trails.iter());
    for (at, ((info, trail), unit)) in units.zip(&now.frame.units).enumerate() {
        let is_shown = viewpoint == Viewpoint::Truth || info.side == own && now.knows(at);
        let has_moved = trail
            .first()
            .is_some_and(|first| first.distance(unit.position) > 20.0);
        if !is_shown || !has_moved {
            continue;
        }
        let affiliation = Affiliation::between(own, info.side, &scene.0);
        let last = f64_of(trail.len());
        let points = trail.iter().chain([&unit.position]).enumerate();
        lines.linestrip_gradient(points.map(|(n, at)| {
            let alpha = 0.75 * f32_of(f64_of(n) / last);
            (ground.stand(*at + DVec3::Z * lift), ink(affiliation, alpha))
        }));
    }
}

/// What units are still to do.
fn draw_routes(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    scene: Res<'_, Scene>,
    mut lines: Gizmos<'_, '_, Dashed>,
) {
    if !chosen.0.layers.has(Layer::Routes) {
        return;
    }
    let viewpoint = chosen.0.viewpoint;
    let own = viewpoint.side(&scene.0);
    let step_m = 0.02 * ground.extent_m();
    for (at, unit) in now.frame.units.iter().enumerate() {
        let info = &scene.0.units[at];
        let is_shown = viewpoint == Viewpoint::Truth || info.side == own && now.knows(at);
        if !is_shown || unit.route.is_empty() || !unit.is_alive {
            continue;
        }
        let is_selected = chosen.0.selected == Some(at);
        let alpha = if is_selected { 1.0 } else { 0.55 };
        let tint = ink(Affiliation::between(own, info.side, &scene.0), alpha);
        let mut before = unit.position;
        for point in &unit.route {
            lines.linestrip(way(&ground, before, *point, step_m), tint);
            before = *point;
        }
    }
}

/// Points of a straight way that keeps off the ground.
fn way(ground: &Ground, from: DVec3, to: DVec3, step_m: f64) -> Vec<Vec3> {
    let lift = lift_m(ground);
    let pieces = crate::viewer::narrow::index_of(from.distance(to) / step_m).clamp(1, 200);
    (0..=pieces)
        .map(|n| {
            let at = from.lerp(to, f64_of(n) / f64_of(pieces));
            let least_m = if at.z < -0.5 {
                at.z
            } else {
                ground.surface_m(at.truncate()) + lift
            };
            ground.to_view(at.truncate().extend(at.z.max(least_m)))
        })
        .collect()
}

/// Forbidden areas.
fn draw_areas(
    (chosen, ground, scene): (Res<'_, Chosen>, Res<'_, Ground>, Res<'_, Scene>),
    mut lines: Gizmos<'_, '_, Dashed>,
) {
    if !chosen.0.layers.has(Layer::Areas) {
        return;
    }
    let step_m = 0.01 * ground.extent_m();
    for corners in &scene.0.no_go {
        for (n, from) in corners.iter().enumerate() {
            let to = corners[(n + 1) % corners.len()];
            let points = ground.drape(*from, to, lift_m(&ground), step_m);
            lines.linestrip(points, color([120, 20, 60], 0.9));
        }
    }
}

/// What really is, as small crosses under a belief.
fn draw_truth(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    scene: Res<'_, Scene>,
    mut lines: Gizmos<'_, '_, Bold>,
) {
    let viewpoint = chosen.0.viewpoint;
    if !chosen.0.layers.has(Layer::Truth) || viewpoint == Viewpoint::Truth {
        return;
    }
    let own = viewpoint.side(&scene.0);
    let arm_m = 0.005 * ground.extent_m();
    for (info, unit) in scene.0.units.iter().zip(&now.frame.units) {
        if !unit.is_alive || info.side == own {
            continue;
        }
        let affiliation = Affiliation::between(own, info.side, &scene.0);
        let at = unit.position.truncate();
        for arm in [DVec2::new(arm_m, arm_m), DVec2::new(arm_m, -arm_m)] {
            let points = ground.drape(at - arm, at + arm, lift_m(&ground), arm_m);
            lines.linestrip(points, ink(affiliation, 1.0));
        }
    }
}

/// A ring laid on the ground.
#[must_use]
pub(crate) fn ring(ground: &Ground, centre: DVec2, radius_m: f64) -> Vec<Vec3> {
    (0..=CIRCLE)
        .map(|n| {
            let (east, north) = sincos(f64_of(n) / f64_of(CIRCLE) * TAU);
            ground.over(centre + DVec2::new(east, north) * radius_m, lift_m(ground))
        })
        .collect()
}

/// The selected unit: a ring about it, and where its sensors end.
fn draw_selection(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    scene: Res<'_, Scene>,
    (mut bold, mut dashed): (Gizmos<'_, '_, Bold>, Gizmos<'_, '_, Dashed>),
) {
    let Some(mark) = chosen.0.selected.and_then(|unit| now.mark_of(unit)) else {
        return;
    };
    let white = color([255, 255, 255], 0.95);
    let at = mark.at.truncate();
    bold.linestrip(ring(&ground, at, 0.008 * ground.extent_m()), white);
    let sensors = chosen.0.selected.map(|unit| &scene.0.units[unit].sensors);
    for sensor in sensors.into_iter().flatten() {
        dashed.linestrip(
            sector(&ground, mark, sensor.range_m, sensor.half_sector_rad),
            white,
        );
    }
}

/// The edge of a sector about a mark's heading.
fn sector(ground: &Ground, mark: &Mark, range_m: f64, half_rad: f64) -> Vec<Vec3> {
    let at = mark.at.truncate();
    let is_all_around = half_rad > 3.0;
    let ahead_rad = mark.heading_rad.unwrap_or(0.0);
    let arc = (0..=CIRCLE).map(|n| {
        let share = 2.0 * f64_of(n) / f64_of(CIRCLE) - 1.0;
        let (east, north) = sincos(ahead_rad + share * half_rad);
        ground.over(at + DVec2::new(east, north) * range_m, lift_m(ground))
    });
    let centre = (!is_all_around).then(|| ground.over(at, lift_m(ground)));
    centre.into_iter().chain(arc).chain(centre).collect()
}
