//! Ground that sensors see, as a tint over the ground. See [`CoveragePlugin`].
//!
//! Each sensor sweeps its sector ray by ray; along a ray a place is seen if it stands higher, seen
//! from the sensor, than all before it. Where several see, the tint is stronger.

use bevy::{
    asset::RenderAssetUsages,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};
use glam::{DVec2, DVec3};

use super::{
    super::{
        frame::{SensorReach, Setting},
        ground::Ground,
        marks::Affiliation,
        narrow::{byte_of, f32_of, f64_of, index_of, u32_of},
        state::{Chosen, Now, Scene},
        view::{Layer, View, Viewpoint},
    },
    lines::lift_m,
    mesh::Triangles,
};
use crate::kernel::math::{TAU, sincos};

/// Cells along the longer side of the ground.
const CELLS: f64 = 512.0;
/// Height of a target above the ground, m: a vehicle's.
const TARGET_M: f64 = 2.0;
/// Simulated time between two sweeps, s.
const SWEEP_S: f64 = 10.0;

/// Draws what sensors see.
#[derive(Debug)]
pub(crate) struct CoveragePlugin;

impl Plugin for CoveragePlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, spawn_tint)
            .add_systems(PostUpdate, paint_tint);
    }
}

/// Number of sensors of one affiliation that see each cell, from the south-west corner.
#[derive(Debug, Clone)]
pub(crate) struct Coverage {
    /// Cells east and north.
    pub(crate) size: (usize, usize),
    cell_m: f64,
    seen: Vec<[u8; 3]>,
}

impl Coverage {
    /// Nothing seen yet.
    #[must_use]
    pub(crate) fn new(ground: &Ground) -> Self {
        let size_m = ground.bounds.size();
        let cell_m = size_m.max_element() / CELLS;
        let cells = |length_m: f64| index_of((length_m / cell_m).round()).max(1);
        let size = (cells(size_m.x), cells(size_m.y));
        Self {
            size,
            cell_m,
            seen: vec![[0; 3]; size.0 * size.1],
        }
    }

    /// The cell of a place, if it is on the ground.
    fn cell(&self, ground: &Ground, at: DVec2) -> Option<usize> {
        let grid = (at - ground.bounds.min) / self.cell_m;
        let (column, row) = (index_of(grid.x), index_of(grid.y));
        let is_inside = grid.min_element() >= 0.0 && column < self.size.0 && row < self.size.1;
        is_inside.then(|| row * self.size.0 + column)
    }

    /// Sweeps one sensor.
    pub(crate) fn sweep(
        &mut self,
        ground: &Ground,
        (eye, heading_rad): (DVec3, f64),
        sensor: &SensorReach,
        affiliation: Affiliation,
    ) {
        let rays = index_of(TAU * sensor.range_m / self.cell_m).clamp(24, 1440);
        let ray_rad = TAU / f64_of(rays);
        // Rays are close together near the sensor: each counts a cell once.
        let mut is_counted = vec![false; self.seen.len()];
        let eye = eye + DVec3::Z * sensor.height_m.max(1.0);
        for ray in 0..rays {
            let off_rad = (f64_of(ray) - 0.5 * f64_of(rays)) * ray_rad;
            if off_rad.abs() > sensor.half_sector_rad {
                continue;
            }
            let (east, north) = sincos(heading_rad + off_rad);
            let direction = DVec2::new(east, north);
            let mut steepest = f64::NEG_INFINITY;
            for step in 1..=index_of(sensor.range_m / self.cell_m).min(2000) {
                let away_m = (f64_of(step) - 0.5) * self.cell_m;
                let at = eye.truncate() + direction * away_m;
                let Some(cell) = self.cell(ground, at) else {
                    break;
                };
                let height_m = ground.surface_m(at);
                let slope = |top_m: f64| (top_m - eye.z) / away_m;
                if (sensor.is_sonar || slope(height_m + TARGET_M) >= steepest) && !is_counted[cell]
                {
                    is_counted[cell] = true;
                    let count = &mut self.seen[cell][channel(affiliation)];
                    *count = count.saturating_add(1);
                }
                steepest = steepest.max(slope(height_m));
            }
        }
    }

    /// The tint: hue of who sees, opacity by how many, from the north-west corner. An edge between
    /// seen and unseen is a little stronger.
    #[must_use]
    pub(crate) fn rgba(&self) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(self.seen.len() * 4);
        for row in (0..self.size.1).rev() {
            for column in 0..self.size.0 {
                pixels.extend(self.pixel(column, row));
            }
        }
        pixels
    }

    /// One pixel of the tint.
    fn pixel(&self, column: usize, row: usize) -> [u8; 4] {
        let seen = self.seen[row * self.size.0 + column];
        let sum: f32 = seen.iter().map(|count| f32::from(*count)).sum();
        if sum <= 0.0 {
            return [0; 4];
        }
        let is_edge = [(1, 0), (0, 1), (-1, 0), (0, -1)].iter().any(|(dx, dy)| {
            let x = column.checked_add_signed(*dx).filter(|x| *x < self.size.0);
            let y = row.checked_add_signed(*dy).filter(|y| *y < self.size.1);
            let other = x.zip(y).map(|(x, y)| self.seen[y * self.size.0 + x]);
            other.is_some_and(|other| other.iter().all(|count| *count == 0))
        });
        let hue: [f32; 3] = core::array::from_fn(|part| {
            let of = |at: usize| {
                let rgb = CHANNELS[at].rgb();
                f32::from(rgb[part]) / 255.0 * f32::from(seen[at])
            };
            (of(0) + of(1) + of(2)) / sum
        });
        let alpha = 0.17 + 0.045 * (sum - 1.0).min(5.0) + if is_edge { 0.30 } else { 0.0 };
        let [r, g, b] = hue.map(byte_of);
        [r, g, b, byte_of(alpha)]
    }
}

/// Whose sensors are told apart.
const CHANNELS: [Affiliation; 3] = [
    Affiliation::Friend,
    Affiliation::Hostile,
    Affiliation::Neutral,
];

/// The channel of an affiliation.
fn channel(affiliation: Affiliation) -> usize {
    CHANNELS
        .iter()
        .position(|it| *it == affiliation)
        .unwrap_or(2)
}

/// What the sensors of a frame see: of all units in the truth, else of the side that looks; of the
/// selected unit alone where one is selected.
#[must_use]
fn coverage(setting: &Setting, now: &Now, view: &View, ground: &Ground) -> Coverage {
    let mut coverage = Coverage::new(ground);
    let own = view.viewpoint.side(setting);
    for (at, (info, unit)) in setting.units.iter().zip(&now.frame.units).enumerate() {
        let is_shown = view.viewpoint == Viewpoint::Truth || info.side == own && now.knows(at);
        let is_chosen = view.selected.is_none_or(|selected| selected == at);
        let affiliation = Affiliation::between(own, info.side, setting);
        if !(is_shown && is_chosen && unit.is_alive) || affiliation == Affiliation::Neutral {
            continue;
        }
        for sensor in &info.sensors {
            let range_m = sensor.range_m.min(setting.visibility_m.max(1.0));
            let reach = SensorReach { range_m, ..*sensor };
            coverage.sweep(
                ground,
                (unit.position, unit.heading_rad),
                &reach,
                affiliation,
            );
        }
    }
    coverage
}

/// The tint over the ground, and what it was made from.
#[derive(Debug, Component)]
struct Shown {
    image: Handle<Image>,
    material: Handle<StandardMaterial>,
    made_at_s: f64,
    of: Option<(Viewpoint, Option<usize>)>,
}

/// Makes the sheet that carries the tint.
fn spawn_tint(
    mut commands: Commands<'_, '_>,
    ground: Res<'_, Ground>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut images: ResMut<'_, Assets<Image>>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
) {
    let image = images.add(picture((1, 1), vec![0; 4]));
    let material = materials.add(StandardMaterial {
        base_color_texture: Some(image.clone()),
        unlit: true,
        alpha_mode: AlphaMode::Blend,
        cull_mode: None,
        depth_bias: 20.0,
        ..default()
    });
    commands.spawn((
        Shown {
            image,
            material: material.clone(),
            made_at_s: 0.0,
            of: None,
        },
        Mesh3d(meshes.add(sheet(&ground))),
        MeshMaterial3d(material),
        Visibility::Hidden,
    ));
}

/// A picture.
fn picture((width, height): (usize, usize), rgba: Vec<u8>) -> Image {
    let size = Extent3d {
        width: u32_of(width),
        height: u32_of(height),
        depth_or_array_layers: 1,
    };
    let usage = RenderAssetUsages::RENDER_WORLD | RenderAssetUsages::MAIN_WORLD;
    Image::new(
        size,
        TextureDimension::D2,
        rgba,
        TextureFormat::Rgba8UnormSrgb,
        usage,
    )
}

/// A sheet a little over the ground and the sea.
fn sheet(ground: &Ground) -> Mesh {
    let mut triangles = Triangles::default();
    let (columns, rows) = ground.posts;
    let size = ground.bounds.size();
    let above_m = 0.35 * lift_m(ground);
    let mut numbers = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let at = ground.bounds.min + ground.step * DVec2::new(f64_of(column), f64_of(row));
            let share = (at - ground.bounds.min) / size;
            let uv = [f32_of(share.x), f32_of(1.0 - share.y)];
            numbers.push(triangles.textured(ground.over(at, above_m), [1.0; 4], uv));
        }
    }
    for row in 1..rows {
        for column in 1..columns {
            let n = |c: usize, r: usize| numbers[r * columns + c];
            triangles.quad([
                n(column - 1, row - 1),
                n(column, row - 1),
                n(column, row),
                n(column - 1, row),
            ]);
        }
    }
    triangles.mesh(false)
}

/// Sweeps anew when time has passed or the view has changed.
fn paint_tint(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    scene: Res<'_, Scene>,
    (mut images, mut materials): (
        ResMut<'_, Assets<Image>>,
        ResMut<'_, Assets<StandardMaterial>>,
    ),
    mut sheets: Query<'_, '_, (&mut Shown, &mut Visibility)>,
) {
    let is_shown = chosen.0.layers.has(Layer::Footprints);
    for (mut shown, mut visibility) in &mut sheets {
        *visibility = if is_shown {
            Visibility::Visible
        } else {
            Visibility::Hidden
        };
        let of = Some((chosen.0.viewpoint, chosen.0.selected));
        let is_due = (now.frame.time_s - shown.made_at_s).abs() >= SWEEP_S;
        if !is_shown || !(is_due || shown.of != of) {
            continue;
        }
        (shown.made_at_s, shown.of) = (now.frame.time_s, of);
        let coverage = coverage(&scene.0, &now, &chosen.0, &ground);
        let image = picture(coverage.size, coverage.rgba());
        shown.image = images.add(image);
        if let Some(mut material) = materials.get_mut(&shown.material) {
            material.base_color_texture = Some(shown.image.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::geo::{Extent, Terrain};

    #[test]
    fn a_ridge_hides_what_is_behind_it() {
        let extent = Extent::about(DVec2::ZERO, 5000.0);
        let height = |at: DVec2| {
            if (at.x - 1000.0).abs() < 100.0 {
                200.0
            } else {
                10.0
            }
        };
        let terrain = Terrain::from_fn(extent, 50.0, true, height).expect("a ridge");
        let ground = Ground::new(&Arc::new(terrain));
        let sensor = SensorReach {
            height_m: 5.0,
            range_m: 3000.0,
            half_sector_rad: 1.0,
            is_sonar: false,
        };
        let mut coverage = Coverage::new(&ground);
        let east = core::f64::consts::FRAC_PI_2;
        let friend = Affiliation::Friend;
        coverage.sweep(&ground, (DVec3::new(0.0, 0.0, 10.0), east), &sensor, friend);
        let seen = |x: f64, y: f64| {
            let cell = coverage.cell(&ground, DVec2::new(x, y));
            coverage.seen[cell.expect("on the ground")][channel(friend)]
        };
        assert_eq!(seen(500.0, 0.0), 1, "open ground");
        assert_eq!(seen(2000.0, 0.0), 0, "behind the ridge");
        assert_eq!(seen(-500.0, 0.0), 0, "behind its back");
    }
}
