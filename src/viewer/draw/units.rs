//! Shapes of units on the ground, in the air and at sea. See [`UnitsPlugin`].

use bevy::{
    camera::visibility::NoFrustumCulling,
    light::{NotShadowCaster, NotShadowReceiver},
    prelude::*,
};

use super::{
    super::{
        ground::Ground,
        marks::{Affiliation, Mark},
        narrow::f32_of,
        state::{Chosen, Now},
        view::Layer,
    },
    shapes::Shape,
};

/// Least size on the picture as a share of the distance: about fifteen pixels.
const LEAST_SHARE: f32 = 0.017;

/// Draws units.
#[derive(Debug)]
pub(crate) struct UnitsPlugin;

impl Plugin for UnitsPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, (make_kit, add_light))
            .add_systems(PostUpdate, place_units.before(TransformSystems::Propagate));
    }
}

/// Meshes and materials that units share, so that they are drawn together.
#[derive(Debug, Resource)]
struct Kit {
    shapes: Vec<Handle<Mesh>>,
    /// By affiliation; the last is a wreck's.
    paints: Vec<Handle<StandardMaterial>>,
}

/// A unit's shape; the number is its place in the list.
#[derive(Debug, Component)]
struct Figure;

/// Makes meshes and materials.
fn make_kit(
    mut commands: Commands<'_, '_>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut materials: ResMut<'_, Assets<StandardMaterial>>,
) {
    let mut paint = |[r, g, b]: [u8; 3]| {
        materials.add(StandardMaterial {
            base_color: Color::srgb_u8(r, g, b),
            perceptual_roughness: 0.8,
            reflectance: 0.2,
            fog_enabled: false,
            ..default()
        })
    };
    let mut paints: Vec<_> = Affiliation::ALL.map(|it| paint(it.rgb())).into();
    paints.push(paint([52, 48, 46]));
    commands.insert_resource(Kit {
        shapes: Shape::ALL.map(|shape| meshes.add(shape.mesh())).into(),
        paints,
    });
}

/// The sun in the north-west, as on the ground, and the sky's light from all around.
fn add_light(mut commands: Commands<'_, '_>) {
    commands.spawn((
        DirectionalLight {
            illuminance: 9_000.0,
            ..default()
        },
        Transform::from_xyz(-1.0, 1.3, -1.0).looking_at(Vec3::ZERO, Vec3::Y),
    ));
    commands.insert_resource(GlobalAmbientLight {
        color: Color::srgb(0.90, 0.95, 1.0),
        brightness: 900.0,
        ..default()
    });
}

/// Places a shape for each mark that has one.
fn place_units(
    mut commands: Commands<'_, '_>,
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    kit: Res<'_, Kit>,
    camera: Query<'_, '_, &Transform, (With<Camera3d>, Without<Figure>)>,
    mut figures: Query<
        '_,
        '_,
        (
            Entity,
            &mut Transform,
            &mut Mesh3d,
            &mut MeshMaterial3d<StandardMaterial>,
        ),
        With<Figure>,
    >,
) {
    let Ok(camera) = camera.single() else {
        return;
    };
    let is_shown = chosen.0.layers.has(Layer::Units);
    let marks = now.marks.iter().filter(|_| is_shown);
    let mut placed = marks.filter_map(|mark| place(mark, &ground, camera.translation));
    for (entity, mut transform, mut mesh, mut material) in &mut figures {
        match placed.next() {
            Some((place, shape, paint)) => {
                *transform = place;
                mesh.set_if_neq(Mesh3d(kit.shapes[shape].clone()));
                material.set_if_neq(MeshMaterial3d(kit.paints[paint].clone()));
            }
            None => commands.entity(entity).despawn(),
        }
    }
    for (place, shape, paint) in placed {
        commands.spawn((
            Figure,
            place,
            Mesh3d(kit.shapes[shape].clone()),
            MeshMaterial3d(kit.paints[paint].clone()),
            NoFrustumCulling,
            NotShadowCaster,
            NotShadowReceiver,
        ));
    }
}

/// Where the shape of a mark stands, which it is, and how it is painted. Shapes are as large as
/// things are, or larger where they would not be seen.
fn place(mark: &Mark, ground: &Ground, eye: Vec3) -> Option<(Transform, usize, usize)> {
    let family = mark.family?;
    let at = ground.stand(mark.at);
    let is_at_sea = ground.height_m(mark.at.truncate()) < 0.0;
    let shape = Shape::of(family, mark.length_m, is_at_sea);
    let number = Shape::ALL.iter().position(|it| *it == shape)?;
    let size = f32_of(mark.length_m).max(LEAST_SHARE * at.distance(eye));
    let paint = if mark.is_wreck {
        Affiliation::ALL.len()
    } else {
        Affiliation::ALL
            .iter()
            .position(|it| *it == mark.affiliation)?
    };
    let turn = Quat::from_rotation_y(-f32_of(mark.heading_rad.unwrap_or(0.0)));
    let tilt = if mark.is_wreck {
        Quat::from_rotation_z(0.35)
    } else {
        Quat::IDENTITY
    };
    let transform = Transform {
        translation: at,
        rotation: turn * tilt,
        scale: Vec3::splat(size),
    };
    Some((transform, number, paint))
}
