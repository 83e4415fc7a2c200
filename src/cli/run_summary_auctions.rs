//! What a run's summary says of auctions over the mesh.

use super::text::{list, number};
use crate::accounting::summary::{SideAuctions, TalkRow};

/// A line for each side whose units settled in auctions who does what.
pub(super) fn lines(all: &[SideAuctions]) -> String {
    all.iter().map(|side| line(side) + "\n").collect()
}

/// The auctions of a side.
fn line(it: &SideAuctions) -> String {
    let row = |row: &TalkRow| format!("{} {} of {} B", row.messages, row.kind, row.bytes);
    let said: Vec<String> = it.messages.iter().map(row).collect();
    let rounds = it.rounds_mean.map_or_else(String::new, |rounds| {
        format!(", at rest after {} rounds", number(rounds))
    });
    let said = if said.is_empty() {
        String::new()
    } else {
        format!("; {}", list(&said))
    };
    format!(
        "Auctions of {} ({}): {} with {} lots, {} awarded, {} lapsed, {} conflicts{rounds}{said}",
        it.side, it.planner, it.auctions, it.announced, it.awarded, it.lapsed, it.conflicts
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_and_what_came_of_it_stand_in_one_line() {
        let side = SideAuctions {
            side: "blue".to_owned(),
            planner: "cbba".to_owned(),
            auctions: 3,
            announced: 7,
            awarded: 5,
            lapsed: 2,
            conflicts: 1,
            rounds_mean: Some(4.5),
            messages: vec![TalkRow {
                kind: "bid".to_owned(),
                messages: 12,
                bytes: 840,
            }],
        };
        let text = lines(&[side]);
        for part in [
            "blue (cbba): 3 with 7 lots, 5 awarded, 2 lapsed, 1 conflicts",
            "4.50 rounds",
            "12 bid of 840 B",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(lines(&[]).is_empty());
    }
}
