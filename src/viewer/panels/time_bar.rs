//! Play, pause, step, speed, and where the run is.

use bevy_egui::egui::{self, Ui};

use super::super::{
    frame::{Frame, RunState, Setting},
    overlay::legend::clock,
    state::{Live, Pace, SPEEDS},
};

/// A speed in words.
#[must_use]
pub(super) fn speed_name(speed: f64) -> String {
    if speed.is_infinite() {
        "as fast as it goes".to_owned()
    } else {
        format!("{speed}×")
    }
}

/// Shows the bar.
pub(super) fn show(
    ui: &mut Ui,
    (setting, frame, live): (&Setting, &Frame, &Live),
    pace: &mut Pace,
) {
    ui.horizontal(|ui| {
        let is_ready = frame.state == RunState::Ready;
        let word = if pace.is_playing {
            "⏸ pause"
        } else {
            "▶ play"
        };
        let play = ui.add_enabled(is_ready, egui::Button::new(word));
        if play.on_hover_text("space").clicked() {
            pace.toggle(frame, live);
        }
        let step = ui.add_enabled(is_ready, egui::Button::new("⏭ step"));
        if step.on_hover_text("one tick: full stop key").clicked() {
            pace.step(frame, live);
        }
        egui::ComboBox::from_id_salt("speed")
            .selected_text(speed_name(SPEEDS[pace.speed]))
            .show_ui(ui, |ui| {
                for (at, speed) in SPEEDS.iter().enumerate() {
                    ui.selectable_value(&mut pace.speed, at, speed_name(*speed));
                }
            });
        ui.monospace(clock(frame.time_s));
        let factor = if pace.is_playing { pace.factor } else { 0.0 };
        ui.label(format!("{factor:.1}× real time"));
        let mut time_s = frame.time_s;
        ui.spacing_mut().slider_width = (ui.available_width() - 90.0).max(80.0);
        let slider = egui::Slider::new(&mut time_s, 0.0..=setting.duration_s).show_value(false);
        let answer = ui.add(slider).on_hover_text("go to a time");
        if answer.drag_stopped() || (answer.changed() && !answer.dragged()) {
            pace.seek(time_s, live);
        }
        ui.label(clock(setting.duration_s));
        if let RunState::Broken(why) = &frame.state {
            ui.colored_label(egui::Color32::LIGHT_RED, why);
        }
    });
}
