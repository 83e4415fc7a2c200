//! The selected unit.

use bevy_egui::egui::{self, Ui};

use super::super::{
    frame::Setting,
    marks::age,
    state::Now,
    view::{View, Viewpoint},
};
use crate::kernel::math::wrap_tau;

/// Shows the selected unit as it is, or, under a belief, as the node knows it.
pub(super) fn show(ui: &mut Ui, (setting, now): (&Setting, &Now), view: &mut View) {
    let Some(at) = view.selected else {
        ui.strong("No unit selected");
        ui.label("Click a symbol or a name.");
        return;
    };
    let info = &setting.units[at];
    ui.horizontal(|ui| {
        ui.strong(&info.name);
        ui.label(&info.class);
    });
    ui.horizontal(|ui| {
        ui.checkbox(&mut view.follows, "follow (F)");
        let of_unit = Viewpoint::Node(at);
        if ui
            .selectable_label(view.viewpoint == of_unit, "see what it believes")
            .clicked()
        {
            view.viewpoint = if view.viewpoint == of_unit {
                Viewpoint::Truth
            } else {
                of_unit
            };
        }
    });
    let rows = match view.viewpoint {
        Viewpoint::Truth => real(setting, now, at),
        Viewpoint::Node(node) if setting.units[node].side == info.side => known(now, at),
        Viewpoint::Node(_) => vec![("", "not of this side: see its track".to_owned())],
    };
    egui::Grid::new("unit")
        .num_columns(2)
        .striped(true)
        .show(ui, |ui| {
            let force = &setting.forces[info.force];
            ui.label("force");
            ui.label(format!("{} ({})", force.id, setting.sides[info.side].id));
            ui.end_row();
            for (name, value) in rows {
                ui.label(name);
                ui.label(value);
                ui.end_row();
            }
        });
}

/// A unit as it is.
fn real(setting: &Setting, now: &Now, at: usize) -> Vec<(&'static str, String)> {
    let unit = &now.frame.units[at];
    let place = setting.landscape.geodetic(unit.position);
    let ground_m = setting
        .landscape
        .terrain
        .surface_m(unit.position.x, unit.position.y);
    let state = match (unit.is_alive, unit.can_move, unit.can_fire) {
        (false, ..) => "lost",
        (_, false, false) => "cannot move or fire",
        (_, false, true) => "cannot move",
        (_, true, false) => "cannot fire",
        (..) => "whole",
    };
    let heading_deg = wrap_tau(unit.heading_rad).to_degrees();
    vec![
        ("state", state.to_owned()),
        (
            "place",
            format!("{:.5}°, {:.5}°", place.lat_deg, place.lon_deg),
        ),
        (
            "height",
            format!(
                "{:.0} m, {:.0} m above ground",
                unit.position.z,
                unit.position.z - ground_m
            ),
        ),
        ("speed", format!("{:.1} m/s", unit.velocity.length())),
        ("heading", format!("{heading_deg:.0}°")),
        ("energy", format!("{:.0} %", 100.0 * unit.energy_share)),
        ("rounds", unit.rounds.to_string()),
        (
            "task",
            unit.task.clone().unwrap_or_else(|| "none".to_owned()),
        ),
        ("tracks held", unit.tracks.to_string()),
    ]
}

/// A unit as the node that looks knows it.
fn known(now: &Now, at: usize) -> Vec<(&'static str, String)> {
    let entry = now
        .frame
        .belief
        .as_ref()
        .and_then(|belief| belief.own.iter().find(|entry| entry.unit == at));
    match entry {
        None => vec![("report", "none".to_owned())],
        Some(entry) => vec![
            ("report", format!("{} ago", age(entry.age_s))),
            ("speed", format!("{:.1} m/s", entry.velocity.length())),
            (
                "can move",
                match entry.can_move {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "not told",
                }
                .to_owned(),
            ),
        ],
    }
}
