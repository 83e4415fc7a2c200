//! The block of ground, the sea on it and the sky around it. See [`TerrainPlugin`].

use bevy::{
    asset::RenderAssetUsages,
    camera::visibility::NoFrustumCulling,
    image::{ImageAddressMode, ImageFilterMode, ImageSampler, ImageSamplerDescriptor},
    light::{NotShadowCaster, NotShadowReceiver},
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};
use glam::{DVec2, DVec3};

use super::{
    super::{
        camera::Canvas,
        ground::Ground,
        narrow::{f32_of, f64_of},
        state::Scene,
    },
    mesh::{Rgba, Triangles},
    tint,
};
use crate::kernel::math::{TAU, sincos};

/// Sides of the block of ground, sRGB.
const EARTH: [Rgba; 2] = [[0.42, 0.36, 0.30, 1.0], [0.24, 0.21, 0.19, 1.0]];
/// The sea from above and from the side, sRGB and opacity.
const WATER: Rgba = [0.36, 0.60, 0.74, 0.30];
/// The sky at the horizon, a little above it and at the zenith, and below the horizon.
const SKY: [Rgba; 4] = [
    [0.90, 0.93, 0.95, 1.0],
    [0.74, 0.83, 0.90, 1.0],
    [0.36, 0.55, 0.74, 1.0],
    [0.66, 0.73, 0.79, 1.0],
];

/// Draws the ground, the sea and the sky.
#[derive(Debug)]
pub(crate) struct TerrainPlugin;

impl Plugin for TerrainPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, (spawn_ground, spawn_things))
            .add_systems(PostUpdate, centre_sky);
    }
}

/// The sky, which goes with the camera.
#[derive(Debug, Component)]
struct Sky;

/// A material that shows its colours as they are, whatever the light.
fn plain(alpha_mode: AlphaMode) -> StandardMaterial {
    StandardMaterial {
        base_color: Color::WHITE,
        unlit: true,
        alpha_mode,
        cull_mode: None,
        ..default()
    }
}

/// Makes meshes and textures of the ground.
fn spawn_ground(
    mut commands: Commands<'_, '_>,
    (ground, canvas): (Res<'_, Ground>, Res<'_, Canvas>),
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut images: ResMut<'_, Assets<Image>>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
) {
    // A software renderer pays for every sample; a window has a card behind it.
    let anisotropy = if matches!(*canvas, Canvas::Window) {
        8
    } else {
        2
    };
    let texture = images.add(picture(tint::paint(&ground), anisotropy));
    let surface = StandardMaterial {
        base_color_texture: Some(texture),
        ..plain(AlphaMode::Opaque)
    };
    commands.spawn((
        Mesh3d(meshes.add(surface_mesh(&ground))),
        MeshMaterial3d(materials.add(surface)),
        NotShadowCaster,
        NotShadowReceiver,
    ));
    commands.spawn((
        Mesh3d(meshes.add(skirt(&ground))),
        MeshMaterial3d(materials.add(plain(AlphaMode::Opaque))),
    ));
    if let Some(sea) = sea(&ground) {
        commands.spawn((
            Mesh3d(meshes.add(sea)),
            MeshMaterial3d(materials.add(plain(AlphaMode::Blend))),
        ));
    }
    let mut sky = plain(AlphaMode::Opaque);
    sky.fog_enabled = false;
    commands.spawn((
        Sky,
        Mesh3d(meshes.add(dome(f32_of(ground.extent_m() * 8.0)))),
        MeshMaterial3d(materials.add(sky)),
        NoFrustumCulling,
    ));
}

/// A texture with all its levels.
fn picture(tint: tint::Tint, anisotropy: u16) -> Image {
    let size = Extent3d {
        width: tint.size.0,
        height: tint.size.1,
        depth_or_array_layers: 1,
    };
    let usage = RenderAssetUsages::RENDER_WORLD;
    let format = TextureFormat::Rgba8UnormSrgb;
    let mut image = Image::new_uninit(size, TextureDimension::D2, format, usage);
    image.data = Some(tint.rgba);
    image.texture_descriptor.mip_level_count = tint.levels;
    image.sampler = ImageSampler::Descriptor(ImageSamplerDescriptor {
        address_mode_u: ImageAddressMode::ClampToEdge,
        address_mode_v: ImageAddressMode::ClampToEdge,
        mag_filter: ImageFilterMode::Linear,
        min_filter: ImageFilterMode::Linear,
        mipmap_filter: ImageFilterMode::Linear,
        anisotropy_clamp: anisotropy,
        ..default()
    });
    image
}

/// Place of a post.
fn post(ground: &Ground, column: usize, row: usize) -> DVec3 {
    let at = ground.bounds.min + ground.step * DVec2::new(f64_of(column), f64_of(row));
    at.extend(ground.post_m(column, row))
}

/// The ground with the sea bed.
fn surface_mesh(ground: &Ground) -> Mesh {
    let (columns, rows) = ground.posts;
    let mut triangles = Triangles::default();
    let size = ground.bounds.size();
    let mut numbers = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let at = post(ground, column, row);
            let share = (at.truncate() - ground.bounds.min) / size;
            let uv = [f32_of(share.x), f32_of(1.0 - share.y)];
            numbers.push(triangles.textured(ground.to_view(at), [1.0; 4], uv));
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

/// Posts along the edge of the ground, once around.
fn edge(ground: &Ground) -> Vec<(usize, usize)> {
    let (columns, rows) = ground.posts;
    let (east, north) = (columns - 1, rows - 1);
    let south_side = (0..east).map(|c| (c, 0));
    let east_side = (0..north).map(|r| (east, r));
    let north_side = (1..=east).rev().map(|c| (c, north));
    let west_side = (0..=north).rev().map(|r| (0, r));
    south_side
        .chain(east_side)
        .chain(north_side)
        .chain(west_side)
        .collect()
}

/// The sides of the block: earth, and the sea's section above it.
fn skirt(ground: &Ground) -> Mesh {
    let mut triangles = Triangles::default();
    let thickness_m = 0.022 * ground.extent_m() / ground.exaggeration;
    let floor_m = ground.terrain.lowest_m() - thickness_m;
    let along = edge(ground);
    for pair in along.windows(2) {
        let [a, b] = [pair[0], pair[1]].map(|(column, row)| post(ground, column, row));
        let down = |at: DVec3| ground.to_view(at.truncate().extend(floor_m));
        let (a_top, b_top) = (ground.to_view(a), ground.to_view(b));
        let corners = [
            triangles.corner(down(a), EARTH[1]),
            triangles.corner(down(b), EARTH[1]),
            triangles.corner(b_top, EARTH[0]),
            triangles.corner(a_top, EARTH[0]),
        ];
        triangles.quad(corners);
        let sea = |at: DVec3| ground.to_view(at.truncate().extend(at.z.max(0.0)));
        if a.z < 0.0 || b.z < 0.0 {
            let [r, g, b_, _] = WATER;
            triangles.face(
                [a_top, b_top, sea(b), sea(a)],
                [0.72 * r, 0.78 * g, 0.85 * b_, 1.0],
            );
        }
    }
    triangles.mesh(true)
}

/// The surface of the sea, where there is any.
fn sea(ground: &Ground) -> Option<Mesh> {
    let (columns, rows) = ground.posts;
    let mut triangles = Triangles::default();
    for row in 1..rows {
        let mut from = None;
        for column in 1..=columns {
            let is_sea = column < columns
                && [(1, 1), (0, 1), (1, 0), (0, 0)]
                    .iter()
                    .any(|(c, r)| ground.post_m(column - c, row - r) < 0.0);
            match (is_sea, from) {
                (true, None) => from = Some(column - 1),
                (false, Some(first)) => {
                    let at = |c: usize, r: usize| {
                        ground.to_view(post(ground, c, r).truncate().extend(0.0))
                    };
                    let last = column - 1;
                    let corners = [
                        at(first, row - 1),
                        at(last, row - 1),
                        at(last, row),
                        at(first, row),
                    ];
                    triangles.face(corners, WATER);
                    from = None;
                }
                _ => {}
            }
        }
    }
    (!triangles.is_empty()).then(|| triangles.mesh(false))
}

/// A sphere with the colours of the sky.
fn dome(radius: f32) -> Mesh {
    const AROUND: usize = 48;
    let rings: [(f64, Rgba); 7] = [
        (-90.0, SKY[3]),
        (-55.0, SKY[3]),
        (-2.0, SKY[0]),
        (4.0, SKY[0]),
        (18.0, SKY[1]),
        (55.0, SKY[2]),
        (90.0, SKY[2]),
    ];
    let mut triangles = Triangles::default();
    let mut before: Vec<u32> = Vec::new();
    for (elevation_deg, color) in rings {
        let (up, flat) = sincos(f64::to_radians(elevation_deg));
        let ring: Vec<u32> = (0..=AROUND)
            .map(|n| {
                let (east, north) = sincos(f64_of(n) / f64_of(AROUND) * TAU);
                let at = DVec3::new(east * flat, up, north * flat).as_vec3();
                triangles.corner(at * radius, color)
            })
            .collect();
        for n in 1..ring.len().min(before.len()) {
            triangles.quad([before[n - 1], before[n], ring[n], ring[n - 1]]);
        }
        before = ring;
    }
    triangles.mesh(false)
}

/// Buildings and forbidden areas.
fn spawn_things(
    mut commands: Commands<'_, '_>,
    (ground, scene): (Res<'_, Ground>, Res<'_, Scene>),
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
) {
    let lit = materials.add(StandardMaterial {
        base_color: Color::srgb(0.80, 0.76, 0.70),
        perceptual_roughness: 0.95,
        ..default()
    });
    for building in &scene.0.buildings {
        let size = building.size_m;
        let up = f32_of(size.z * ground.exaggeration);
        let cuboid = Cuboid::new(f32_of(size.x), up, f32_of(size.y));
        // The long side points north before it is turned.
        let turn = core::f32::consts::FRAC_PI_2 - f32_of(building.heading_rad);
        let place = ground.over(building.at, 0.0) + Vec3::Y * up * 0.5;
        commands.spawn((
            Mesh3d(meshes.add(cuboid)),
            MeshMaterial3d(lit.clone()),
            Transform::from_translation(place).with_rotation(Quat::from_rotation_y(turn)),
        ));
    }
}

/// Keeps the sky about the camera.
fn centre_sky(
    camera: Query<'_, '_, &Transform, (With<Camera3d>, Without<Sky>)>,
    mut sky: Query<'_, '_, &mut Transform, With<Sky>>,
) {
    if let (Ok(camera), Ok(mut sky)) = (camera.single(), sky.single_mut()) {
        sky.translation = camera.translation;
    }
}
