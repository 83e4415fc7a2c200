//! Shows the panels. See [`PanelsPlugin`].

use bevy::prelude::*;
use bevy_egui::{EguiContexts, EguiPrimaryContextPass, egui};

use super::{
    super::{
        state::{Chosen, Live, Now, Pace, Scene},
        view::Layer,
    },
    events::{self, Filter},
    forces, inspector, layers, requests, time_bar,
};

/// What the panels leave of the screen.
#[derive(Debug, Resource)]
pub(crate) struct Free(pub(crate) egui::Rect);

/// Shows panels.
#[derive(Debug)]
pub(crate) struct PanelsPlugin;

impl Plugin for PanelsPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(Free(egui::Rect::ZERO))
            .init_resource::<Filter>()
            .add_systems(EguiPrimaryContextPass, show);
    }
}

/// Shows all panels and keeps what they leave.
pub(crate) fn show(
    mut contexts: EguiContexts<'_, '_>,
    (scene, now, live): (Res<'_, Scene>, Res<'_, Now>, Res<'_, Live>),
    (mut chosen, mut pace): (ResMut<'_, Chosen>, ResMut<'_, Pace>),
    (mut free, mut filter): (ResMut<'_, Free>, ResMut<'_, Filter>),
) -> Result {
    let ctx = contexts.ctx_mut()?.clone();
    ctx.set_visuals(egui::Visuals::dark());
    let screen = ctx.content_rect();
    if !chosen.0.layers.has(Layer::Panels) {
        free.0 = screen;
        return Ok(());
    }
    let builder = egui::UiBuilder::new()
        .layer_id(egui::LayerId::background())
        .max_rect(screen);
    let mut ui = egui::Ui::new(ctx, egui::Id::new("panels"), builder);
    egui::Panel::top("time").show_inside(&mut ui, |ui| {
        time_bar::show(ui, (&scene.0, &now.frame, &live), &mut pace);
    });
    egui::Panel::left("forces")
        .default_size(230.0)
        .show_inside(&mut ui, |ui| {
            layers::show(ui, &scene.0, &mut chosen.0);
            ui.separator();
            forces::show(ui, (&scene.0, &now.frame), &mut chosen.0);
        });
    egui::Panel::right("unit")
        .default_size(280.0)
        .show_inside(&mut ui, |ui| {
            inspector::show(ui, (&scene.0, &now), &mut chosen.0);
            ui.separator();
            requests::show(ui, (&scene.0, &now.frame, &live));
            ui.separator();
            events::show(
                ui,
                (&scene.0, &now.frame, &live),
                &mut filter,
                &mut chosen.0,
            );
        });
    free.0 = ui.available_rect_before_wrap();
    // A button that was clicked must not take the keys that play and pause; only text fields do.
    let focused = ui.ctx().memory(egui::Memory::focused);
    if let Some(widget) = focused.filter(|_| !ui.ctx().text_edit_focused()) {
        ui.ctx().memory_mut(|memory| memory.surrender_focus(widget));
    }
    Ok(())
}
