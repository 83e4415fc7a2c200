//! Proposals that wait for an answer, and who gives it.

use bevy_egui::egui::{self, Ui};

use super::super::{
    chains,
    frame::{CaseFrame, Frame, Setting},
    marks::age,
    runner::Command,
    state::Live,
};
use crate::app::InputKind;

/// Shows the desks, what waits for the person who looks on, and what waits for others.
pub(super) fn show(ui: &mut Ui, (setting, frame, live): (&Setting, &Frame, &Live)) {
    ui.strong("Authorisation");
    ui.collapsing("Who decides", |ui| {
        for desk in &frame.desks {
            let name = &setting.units[desk.unit].name;
            let mut is_person = desk.is_person;
            let answer = ui.checkbox(&mut is_person, format!("I decide at {name}"));
            if answer.changed() {
                let what = if is_person {
                    InputKind::Person(name.clone())
                } else {
                    InputKind::Simulated(name.clone())
                };
                live.0.tell(Command::Do(what));
            }
        }
    });
    egui::ScrollArea::vertical()
        .id_salt("requests")
        .max_height(220.0)
        .show(ui, |ui| {
            for case in &frame.cases {
                ask(ui, setting, case, live);
            }
            others(ui, frame, live);
        });
}

/// Asks the person for leave. Without an answer the proposal lapses.
fn ask(ui: &mut Ui, setting: &Setting, case: &CaseFrame, live: &Live) {
    let name = |unit: usize| setting.units[unit].name.as_str();
    egui::Frame::group(ui.style()).show(ui, |ui| {
        ui.label(format!(
            "{} asks {}: {} shots of {} at track {}",
            name(case.shooter),
            name(case.desk),
            case.shots,
            case.effector,
            case.track,
        ));
        ui.label(format!(
            "hostile with {:.0} %, known within {:.0} m; lapses in {:.0} s",
            100.0 * case.confidence,
            case.sigma_m,
            case.lapses_in_s,
        ));
        ui.horizontal(|ui| {
            if ui.button("Approve").clicked() {
                live.0.tell(Command::Do(InputKind::Approve(case.proposal)));
            }
            if ui.button("Refuse").clicked() {
                live.0.tell(Command::Do(InputKind::Refuse(case.proposal)));
            }
        });
    });
}

/// Shows what waits for simulated operators, oldest first.
fn others(ui: &mut Ui, frame: &Frame, live: &Live) {
    let mut waiting = {
        let rows = live.0.book.rows();
        let count = frame.events.min(rows.len());
        chains::waiting(&rows[..count], frame.time_s)
    };
    waiting.retain(|open| frame.cases.iter().all(|case| case.proposal != open.id));
    if !waiting.is_empty() {
        ui.label(format!("Waiting at other desks: {}", waiting.len()));
    }
    for open in waiting {
        ui.label(format!(
            "{} with {}, asked by {}: hostile with {:.0} %, waits {}",
            open.shooter,
            open.effector,
            open.post,
            100.0 * open.confidence,
            age(open.age_s),
        ));
    }
}
