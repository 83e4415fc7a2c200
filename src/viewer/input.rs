//! Keys and clicks. See [`InputPlugin`]; `docs/viewer.md` lists them.

use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui::Pos2};
use bevy_panorbit_camera::PanOrbitCamera;

use super::{
    camera::{self, Aim},
    frame::Setting,
    ground::Ground,
    marks::{Mark, Subject},
    overlay::{plugin::Painted, symbols::Layout},
    panels::Free,
    state::{Chosen, Live, Now, Pace, SPEEDS, Scene},
    view::{Layer, Viewpoint},
};

/// Keys that toggle the first ten layers.
const LAYER_KEYS: [KeyCode; 10] = [
    KeyCode::Digit1,
    KeyCode::Digit2,
    KeyCode::Digit3,
    KeyCode::Digit4,
    KeyCode::Digit5,
    KeyCode::Digit6,
    KeyCode::Digit7,
    KeyCode::Digit8,
    KeyCode::Digit9,
    KeyCode::Digit0,
];

/// Farthest from a symbol or marker that a click is meant for it, points.
const CLICK: f32 = 9.0;

/// Takes keys and clicks.
#[derive(Debug)]
pub(crate) struct InputPlugin;

impl Plugin for InputPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, (keys_of_time, keys_of_view))
            .add_systems(EguiPrimaryContextPass, click.after(super::panels::show));
    }
}

/// Whether letters go to a text field.
fn is_typing(contexts: &mut EguiContexts<'_, '_>) -> bool {
    contexts.ctx_mut().is_ok_and(|ctx| ctx.text_edit_focused())
}

/// Play, step, speed.
fn keys_of_time(
    mut contexts: EguiContexts<'_, '_>,
    keys: Res<'_, ButtonInput<KeyCode>>,
    (now, live): (Res<'_, Now>, Res<'_, Live>),
    mut pace: ResMut<'_, Pace>,
) {
    if is_typing(&mut contexts) {
        return;
    }
    if keys.just_pressed(KeyCode::Space) {
        pace.toggle(&now.frame, &live);
    }
    if keys.just_pressed(KeyCode::Period) {
        pace.step(&now.frame, &live);
    }
    let faster = [KeyCode::Equal, KeyCode::NumpadAdd];
    let slower = [KeyCode::Minus, KeyCode::NumpadSubtract];
    if faster.iter().any(|key| keys.just_pressed(*key)) {
        pace.speed = (pace.speed + 1).min(SPEEDS.len() - 1);
    }
    if slower.iter().any(|key| keys.just_pressed(*key)) {
        pace.speed = pace.speed.saturating_sub(1);
    }
}

/// Layers, viewpoint, camera.
fn keys_of_view(
    mut contexts: EguiContexts<'_, '_>,
    keys: Res<'_, ButtonInput<KeyCode>>,
    (now, scene, ground): (Res<'_, Now>, Res<'_, Scene>, Res<'_, Ground>),
    mut chosen: ResMut<'_, Chosen>,
    mut orbits: Query<'_, '_, &mut PanOrbitCamera>,
    aim: Res<'_, Aim>,
) {
    if is_typing(&mut contexts) {
        return;
    }
    for (key, layer) in LAYER_KEYS.into_iter().zip(Layer::ALL) {
        if keys.just_pressed(key) {
            chosen.0.layers.toggle(layer);
        }
    }
    if keys.just_pressed(KeyCode::KeyP) {
        chosen.0.layers.toggle(Layer::Panels);
    }
    if keys.just_pressed(KeyCode::KeyV) {
        chosen.0.viewpoint = next_viewpoint(chosen.0.viewpoint, &scene.0);
    }
    if keys.just_pressed(KeyCode::KeyF) {
        chosen.0.follows = !chosen.0.follows;
    }
    if keys.just_pressed(KeyCode::Escape) {
        (chosen.0.selected, chosen.0.follows) = (None, false);
    }
    let Ok(mut orbit) = orbits.single_mut() else {
        return;
    };
    if keys.just_pressed(KeyCode::Home) {
        camera::send(&mut orbit, &Aim::at_marks(&now.marks, &ground), &ground);
    }
    if keys.just_pressed(KeyCode::KeyT) {
        let top = Aim {
            bearing_rad: 0.0,
            tilt_rad: core::f64::consts::FRAC_PI_2,
            ..*aim
        };
        camera::send(&mut orbit, &top, &ground);
    }
}

/// The truth, then each side's senior post, then the truth again.
fn next_viewpoint(now: Viewpoint, setting: &Setting) -> Viewpoint {
    let posts = setting.sides.iter().filter_map(|side| side.senior_post);
    let all: Vec<Viewpoint> = [Viewpoint::Truth]
        .into_iter()
        .chain(posts.map(Viewpoint::Node))
        .collect();
    let at = all.iter().position(|it| *it == now).unwrap_or(0);
    all[(at + 1) % all.len()]
}

/// The unit whose symbol or marker is under a point.
fn under(layout: &Layout, marks: &[Mark], at: Pos2) -> Option<usize> {
    let symbols = layout.placed.iter();
    let hit = symbols
        .filter(|placed| placed.rect.expand(2.0).contains(at))
        .map(|placed| placed.mark);
    let small = layout.small.iter();
    let near = small
        .filter(|(_, anchor)| anchor.distance(at) < CLICK)
        .map(|(mark, _)| *mark);
    hit.chain(near).find_map(|mark| match marks[mark].subject {
        Subject::Unit(unit) => Some(unit),
        Subject::Track(_) => None,
    })
}

/// Selects what is clicked.
fn click(
    mut contexts: EguiContexts<'_, '_>,
    (painted, now, free): (Res<'_, Painted>, Res<'_, Now>, Res<'_, Free>),
    mut chosen: ResMut<'_, Chosen>,
) -> Result {
    let ctx = contexts.ctx_mut()?;
    let clicked = ctx.input(|input| {
        let is_click = input.pointer.primary_clicked();
        input.pointer.interact_pos().filter(|_| is_click)
    });
    let unit = clicked
        .filter(|at| free.0.contains(*at))
        .and_then(|at| under(&painted.0, &now.marks, at));
    if unit.is_some() {
        chosen.0.selected = unit;
    }
    Ok(())
}
