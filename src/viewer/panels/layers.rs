//! Whose picture, and which layers.

use bevy_egui::egui::{self, Ui};

use super::super::{
    frame::Setting,
    view::{Layer, View, Viewpoint},
};

/// Shows the choices.
pub(super) fn show(ui: &mut Ui, setting: &Setting, view: &mut View) {
    ui.strong("View of");
    egui::ComboBox::from_id_salt("viewpoint")
        .width(200.0)
        .selected_text(view.viewpoint.title(setting))
        .show_ui(ui, |ui| {
            let truth = Viewpoint::Truth;
            ui.selectable_value(&mut view.viewpoint, truth, truth.title(setting));
            let senior = setting.sides.iter().filter_map(|side| side.senior_post);
            let posts = setting.units.iter().enumerate();
            let posts = posts.filter(|(_, unit)| unit.commands.is_some());
            for node in senior.chain(posts.map(|(at, _)| at)) {
                let of_node = Viewpoint::Node(node);
                let is_chosen = view.viewpoint == of_node;
                if ui
                    .selectable_label(is_chosen, of_node.title(setting))
                    .clicked()
                {
                    view.viewpoint = of_node;
                }
            }
        });
    ui.collapsing("Layers", |ui| {
        for (at, layer) in Layer::ALL.into_iter().enumerate() {
            let mut is_shown = view.layers.has(layer);
            let words = format!("{} ({})", layer.name(), key_of(at));
            if ui
                .checkbox(&mut is_shown, words)
                .on_hover_text(layer.hint())
                .changed()
            {
                view.layers.toggle(layer);
            }
        }
    });
}

/// The key that toggles a layer.
fn key_of(at: usize) -> String {
    match at {
        0..=8 => (at + 1).to_string(),
        9 => "0".to_owned(),
        _ => "no key".to_owned(),
    }
}
