//! From where the ground is looked at. See [`Aim`] and [`CameraPlugin`].

use bevy::{camera::RenderTarget, core_pipeline::tonemapping::Tonemapping, prelude::*};
use bevy_panorbit_camera::{PanOrbitCamera, PanOrbitCameraPlugin};
use glam::{DVec2, DVec3};

use super::{
    ground::Ground,
    marks::Mark,
    narrow::{f32_of, f64_of, index_of},
    state::{Chosen, Now},
};

/// Vertical angle of view, degrees: narrow, so that what is far is not too small.
const VIEW_DEG: f32 = 36.0;

/// Where the camera looks, in the simulation's frame.
#[derive(Debug, Clone, Copy, PartialEq, Resource)]
pub(crate) struct Aim {
    /// The middle of the picture, m.
    pub(crate) focus: DVec3,
    /// How far the eye is from it, m.
    pub(crate) distance_m: f64,
    /// Direction of view, rad clockwise from north.
    pub(crate) bearing_rad: f64,
    /// Angle of view below the horizon, rad; a right angle looks straight down.
    pub(crate) tilt_rad: f64,
}

impl Aim {
    /// A view of most of what is on the map, from the south and above.
    #[must_use]
    pub(crate) fn at_marks(marks: &[Mark], ground: &Ground) -> Self {
        let spread = |of: fn(&Mark) -> f64| {
            let mut values: Vec<f64> = marks.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            let at = |share: f64| index_of(share * f64_of(values.len().saturating_sub(1)));
            values
                .get(at(0.04))
                .zip(values.get(at(0.96)))
                .map_or((0.0, 0.5 * ground.extent_m()), |(low, high)| {
                    (0.5 * (low + high), high - low)
                })
        };
        let (east, width_m) = spread(|mark| mark.at.x);
        let (north, height_m) = spread(|mark| mark.at.y);
        let centre = DVec2::new(east, north);
        let across_m = (width_m * 0.72).max(height_m * 1.05);
        Self {
            focus: centre.extend(ground.surface_m(centre)),
            distance_m: (1.75 * across_m).clamp(0.06 * ground.extent_m(), 1.9 * ground.extent_m()),
            bearing_rad: 0.0,
            tilt_rad: 0.75,
        }
    }

    /// The camera's place.
    #[must_use]
    pub(crate) fn transform(&self, ground: &Ground) -> Transform {
        let focus = ground.to_view(self.focus);
        let turn = Quat::from_rotation_y(-f32_of(self.bearing_rad));
        let tilt = Quat::from_rotation_x(-f32_of(self.tilt_rad.clamp(0.02, 1.569)));
        let rotation = turn * tilt;
        let back = rotation * Vec3::Z * f32_of(self.distance_m);
        Transform::from_translation(focus + back).with_rotation(rotation)
    }
}

/// Where the picture goes: a window, or an image without one.
#[derive(Debug, Clone, Resource)]
pub(crate) enum Canvas {
    /// The window.
    Window,
    /// An image.
    Image(Handle<Image>),
}

/// Makes and moves the camera.
#[derive(Debug)]
pub(crate) struct CameraPlugin;

impl Plugin for CameraPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Startup, spawn_camera);
        if app
            .world()
            .get_resource::<Canvas>()
            .is_some_and(|it| matches!(it, Canvas::Window))
        {
            app.add_plugins(PanOrbitCameraPlugin)
                .add_systems(Update, (follow, read_aim).chain());
        } else {
            app.add_systems(Update, apply_aim);
        }
    }
}

/// Makes the camera.
fn spawn_camera(
    mut commands: Commands<'_, '_>,
    (aim, ground, canvas): (Res<'_, Aim>, Res<'_, Ground>, Res<'_, Canvas>),
) {
    let extent = f32_of(ground.extent_m());
    let mut camera = commands.spawn((
        Camera3d::default(),
        Camera {
            clear_color: ClearColorConfig::Custom(Color::srgb(0.86, 0.89, 0.91)),
            ..default()
        },
        Projection::Perspective(PerspectiveProjection {
            fov: VIEW_DEG.to_radians(),
            near: extent * 1e-4,
            far: extent * 20.0,
            ..default()
        }),
        // Colours are chosen, not exposed.
        Tonemapping::None,
        Msaa::Sample4,
        DistanceFog {
            color: Color::srgb(0.84, 0.88, 0.91),
            falloff: FogFalloff::Linear {
                start: extent * 1.0,
                end: extent * 5.0,
            },
            ..default()
        },
        aim.transform(&ground),
    ));
    match &*canvas {
        Canvas::Window => {
            camera.insert(PanOrbitCamera {
                pitch_lower_limit: Some(0.02),
                pitch_upper_limit: Some(1.569),
                zoom_lower_limit: extent * 2e-3,
                zoom_upper_limit: Some(extent * 3.0),
                button_orbit: MouseButton::Right,
                button_pan: MouseButton::Middle,
                zoom_sensitivity: 0.5,
                ..orbit(&aim, &ground)
            });
        }
        Canvas::Image(image) => {
            camera.insert(RenderTarget::Image(image.clone().into()));
        }
    }
}

/// The orbit of an aim.
fn orbit(aim: &Aim, ground: &Ground) -> PanOrbitCamera {
    let focus = ground.to_view(aim.focus);
    let (yaw, pitch) = (-f32_of(aim.bearing_rad), f32_of(aim.tilt_rad));
    let radius = f32_of(aim.distance_m);
    PanOrbitCamera {
        focus,
        target_focus: focus,
        yaw: Some(yaw),
        target_yaw: yaw,
        pitch: Some(pitch),
        target_pitch: pitch,
        radius: Some(radius),
        target_radius: radius,
        ..default()
    }
}

/// Sends the orbit to an aim, smoothly.
pub(crate) fn send(orbit: &mut PanOrbitCamera, aim: &Aim, ground: &Ground) {
    orbit.target_focus = ground.to_view(aim.focus);
    orbit.target_yaw = -f32_of(aim.bearing_rad);
    orbit.target_pitch = f32_of(aim.tilt_rad);
    orbit.target_radius = f32_of(aim.distance_m);
    orbit.force_update = true;
}

/// Keeps the camera with the selected unit.
fn follow(
    (chosen, now, ground): (Res<'_, Chosen>, Res<'_, Now>, Res<'_, Ground>),
    mut orbits: Query<'_, '_, &mut PanOrbitCamera>,
) {
    let followed = chosen.0.selected.filter(|_| chosen.0.follows);
    let Some(mark) = followed.and_then(|unit| now.mark_of(unit)) else {
        return;
    };
    for mut orbit in &mut orbits {
        orbit.target_focus = ground.stand(mark.at);
        orbit.force_update = true;
    }
}

/// Keeps the aim where the orbit is, for the scale.
fn read_aim(
    ground: Res<'_, Ground>,
    mut aim: ResMut<'_, Aim>,
    orbits: Query<'_, '_, &PanOrbitCamera>,
) {
    if let Ok(orbit) = orbits.single() {
        aim.focus = ground.to_simulation(orbit.focus);
        aim.distance_m = f64::from(orbit.radius.unwrap_or(orbit.target_radius));
        aim.bearing_rad = -f64::from(orbit.yaw.unwrap_or(orbit.target_yaw));
        aim.tilt_rad = f64::from(orbit.pitch.unwrap_or(orbit.target_pitch));
    }
}

/// Puts the camera where the aim says.
fn apply_aim(
    (aim, ground): (Res<'_, Aim>, Res<'_, Ground>),
    mut cameras: Query<'_, '_, &mut Transform, With<Camera3d>>,
) {
    for mut camera in &mut cameras {
        camera.set_if_neq(aim.transform(&ground));
    }
}
