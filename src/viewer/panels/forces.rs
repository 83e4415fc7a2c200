//! The order of battle as a tree.

use bevy_egui::egui::{self, RichText, Ui};

use super::super::{
    frame::{Frame, Setting},
    marks::Affiliation,
    overlay::symbols::color,
    view::View,
};

/// Shows the tree.
pub(super) fn show(ui: &mut Ui, (setting, frame): (&Setting, &Frame), view: &mut View) {
    ui.strong("Order of battle");
    egui::ScrollArea::vertical()
        .id_salt("forces")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let tops = setting.forces.iter().enumerate();
            for (at, _) in tops.filter(|(_, force)| force.superior.is_none()) {
                force(ui, (setting, frame), at, view);
            }
        });
}

/// Shows one force with what is under it.
fn force(ui: &mut Ui, (setting, frame): (&Setting, &Frame), at: usize, view: &mut View) {
    let info = &setting.forces[at];
    let own = view.viewpoint.side(setting);
    let tint = color(Affiliation::between(own, info.side, setting));
    let members: Vec<usize> = (0..setting.units.len())
        .filter(|unit| setting.units[*unit].force == at)
        .collect();
    let alive = members
        .iter()
        .filter(|unit| frame.units[**unit].is_alive)
        .count();
    let title = format!(
        "{}  {} {alive}/{}",
        info.id,
        info.echelon.key(),
        members.len()
    );
    egui::CollapsingHeader::new(RichText::new(title).color(tint))
        .id_salt(("force", at))
        .default_open(info.superior.is_none())
        .show(ui, |ui| {
            for unit in members {
                let name = &setting.units[unit].name;
                let text = if frame.units[unit].is_alive {
                    RichText::new(name)
                } else {
                    RichText::new(name).strikethrough().weak()
                };
                let is_selected = view.selected == Some(unit);
                if ui.selectable_label(is_selected, text).clicked() {
                    view.selected = (!is_selected).then_some(unit);
                }
            }
            for (below, other) in setting.forces.iter().enumerate() {
                if other.superior == Some(at) {
                    force(ui, (setting, frame), below, view);
                }
            }
        });
}
