//! What has happened, newest first, with a filter.

use bevy::prelude::Resource;
use bevy_egui::egui::{self, RichText, Ui};

use super::super::{
    frame::{Frame, Setting},
    overlay::legend::clock,
    state::Live,
    view::View,
};
use crate::{accounting::event::EventRow, kernel::time::SimTime};

/// Most rows that are listed.
const ROWS_MAX: usize = 200;

/// Which events are listed: those in which this text occurs.
#[derive(Debug, Default, Resource)]
pub(crate) struct Filter(pub(crate) String);

/// Whether a row has a text in its kind or its names.
#[must_use]
pub(crate) fn fits(row: &EventRow, filter: &str) -> bool {
    filter.split_whitespace().all(|word| {
        [row.kind.as_ref(), &row.subject, &row.object, &row.detail]
            .iter()
            .any(|part| part.contains(word))
    })
}

/// Shows the list.
pub(super) fn show(
    ui: &mut Ui,
    (setting, frame, live): (&Setting, &Frame, &Live),
    filter: &mut Filter,
    view: &mut View,
) {
    ui.horizontal(|ui| {
        ui.strong("Events");
        ui.add(egui::TextEdit::singleline(&mut filter.0).hint_text("filter: words"));
    });
    egui::ScrollArea::vertical()
        .id_salt("events")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let rows = live.0.book.rows();
            let count = frame.events.min(rows.len());
            let listed = rows[..count]
                .iter()
                .rev()
                .filter(|row| fits(row, &filter.0));
            for row in listed.take(ROWS_MAX) {
                let time_s = SimTime(row.time_us).as_s();
                let text = format!(
                    "{} {} {} {}",
                    clock(time_s),
                    row.kind,
                    row.subject,
                    row.object
                );
                let answer = ui.selectable_label(false, RichText::new(text).small());
                if answer.on_hover_text(&row.detail).clicked() {
                    let of = |name: &str| setting.unit_named(name);
                    view.selected = of(&row.subject).or_else(|| of(&row.object));
                }
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_of_the_filter_must_occur() {
        let row = EventRow {
            time_us: 0,
            kind: "shot".into(),
            subject: "gun-1".to_owned(),
            object: "tank-2".to_owned(),
            value: 1.0,
            detail: String::new(),
        };
        assert!(fits(&row, ""));
        assert!(fits(&row, "shot tank"));
        assert!(!fits(&row, "shot boat"));
    }
}
