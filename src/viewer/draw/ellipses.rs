//! Uncertainty of tracks, laid on the ground. See [`EllipsesPlugin`].

use bevy::{camera::visibility::NoFrustumCulling, prelude::*};
use glam::DVec2;

use super::{
    super::{
        ground::Ground,
        marks::{Mark, ellipse},
        narrow::f64_of,
        state::{Chosen, Now},
        view::Layer,
    },
    lines::{Dashed, Thin, color, ink, lift_m},
    mesh::{Triangles, rgba},
};
use crate::kernel::math::{TAU, sincos};

/// Points around, and rings from the centre to the edge.
const AROUND: usize = 40;
/// Rings, so that the area follows the ground.
const RINGS: usize = 4;
/// Longest half axis that is drawn, as a share of the ground's width.
const LONGEST_SHARE: f64 = 0.12;

/// Draws ellipses.
#[derive(Debug)]
pub(crate) struct EllipsesPlugin;

impl Plugin for EllipsesPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, spawn_areas)
            .add_systems(PostUpdate, (fill_areas, draw_edges));
    }
}

/// The mesh of all areas, and what it was made from.
#[derive(Debug, Component)]
struct Areas(u64, bool);

/// An empty mesh; a mesh without corners cannot be drawn, so it has one triangle out of sight.
fn hidden() -> Triangles {
    let mut triangles = Triangles::default();
    let far = Vec3::splat(-1e7);
    let corner = triangles.corner(far, [0.0; 4]);
    triangles.triangle([corner, corner, corner]);
    triangles
}

/// Makes the mesh.
fn spawn_areas(
    mut commands: Commands<'_, '_>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
) {
    let material = StandardMaterial {
        base_color: Color::WHITE,
        unlit: true,
        alpha_mode: AlphaMode::Blend,
        cull_mode: None,
        depth_bias: 50.0,
        ..default()
    };
    commands.spawn((
        Areas(0, false),
        Mesh3d(meshes.add(hidden().mesh(false))),
        MeshMaterial3d(materials.add(material)),
        NoFrustumCulling,
    ));
}

/// Point of an ellipse: `around` from 0 to 1, `out` 1 on the edge.
fn point(mark: &Mark, limit_m: f64, around: f64, out: f64) -> Option<DVec2> {
    let (long_m, short_m, bearing_rad) = ellipse(mark.covariance?);
    let (long_m, short_m) = (long_m.min(limit_m), short_m.min(limit_m));
    let (sin, cos) = sincos(around * TAU);
    let (east, north) = sincos(bearing_rad);
    let along = DVec2::new(east, north) * (long_m * cos * out);
    let across = DVec2::new(north, -east) * (short_m * sin * out);
    Some(mark.at.truncate() + along + across)
}

/// Fills the areas when the marks have changed.
fn fill_areas(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut areas: Query<'_, '_, (&mut Areas, &Mesh3d)>,
) {
    let is_shown = chosen.0.layers.has(Layer::Ellipses);
    for (mut areas, mesh) in &mut areas {
        if (areas.0, areas.1) == (now.version, is_shown) {
            continue;
        }
        *areas = Areas(now.version, is_shown);
        let mut triangles = hidden();
        for mark in now.marks.iter().filter(|_| is_shown) {
            add(&mut triangles, mark, &ground);
        }
        meshes
            .insert(mesh.id(), triangles.mesh(false))
            .expect("the mesh was made at the start and is kept");
    }
}

/// Adds one area.
fn add(triangles: &mut Triangles, mark: &Mark, ground: &Ground) {
    if mark.covariance.is_none() {
        return;
    }
    let limit_m = LONGEST_SHARE * ground.extent_m();
    let alpha = if mark.is_ghost { 0.10 } else { 0.24 };
    let tint = rgba(mark.affiliation.rgb(), alpha);
    let above_m = 0.7 * lift_m(ground);
    let mut before: Vec<u32> = Vec::new();
    for ring in 0..=RINGS {
        let out = f64_of(ring) / f64_of(RINGS);
        let corners: Vec<u32> = (0..=AROUND)
            .filter_map(|n| point(mark, limit_m, f64_of(n) / f64_of(AROUND), out))
            .map(|at| triangles.corner(ground.over(at, above_m), tint))
            .collect();
        for n in 1..corners.len().min(before.len()) {
            triangles.quad([before[n - 1], before[n], corners[n], corners[n - 1]]);
        }
        before = corners;
    }
}

/// Draws the edges: whole for what is tracked, broken for what is remembered.
fn draw_edges(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    (mut thin, mut dashed): (Gizmos<'_, '_, Thin>, Gizmos<'_, '_, Dashed>),
) {
    if !chosen.0.layers.has(Layer::Ellipses) {
        return;
    }
    let limit_m = LONGEST_SHARE * ground.extent_m();
    for mark in &now.marks {
        let edge = (0..=AROUND)
            .filter_map(|n| point(mark, limit_m, f64_of(n) / f64_of(AROUND), 1.0))
            .map(|at| ground.over(at, lift_m(&ground)));
        if mark.covariance.is_none() {
            continue;
        }
        if mark.is_ghost {
            dashed.linestrip(edge, color(mark.affiliation.rgb(), 0.7));
        } else {
            thin.linestrip(edge, ink(mark.affiliation, 0.95));
        }
    }
}
