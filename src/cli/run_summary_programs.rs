//! What a run's summary says of planners beside the simulator.

use std::fmt::Write as _;

use super::text::number;
use crate::accounting::summary::{ProgramSummary, RunSummary};

/// Most notes that are shown of a program.
const NOTES_SHOWN: usize = 5;

/// A paragraph for each side that a program planned for.
pub(super) fn lines(summary: &RunSummary) -> String {
    summary.programs.iter().map(program).collect()
}

/// What came of asking one program.
fn program(it: &ProgramSummary) -> String {
    let mut text = format!(
        "Planner of {}, a program: {} of {} rounds taken, {} tasks, {} fires proposed, {} overtaken",
        it.side, it.taken, it.rounds, it.tasks, it.fires, it.overtaken
    );
    let faults = [
        (it.late, "late"),
        (it.malformed, "malformed"),
        (it.refused, "refused"),
        (it.failed, "without a program"),
    ];
    for (count, name) in faults.into_iter().filter(|(count, _)| *count > 0) {
        write!(text, ", {count} {name}").expect("a string takes any text");
    }
    if let Some(mean_ms) = it.latency_mean_ms {
        let (mean, most) = (number(mean_ms), number(it.latency_max_ms));
        write!(text, "; latency {mean} ms, at most {most} ms").expect("a string takes any text");
    }
    text.push('\n');
    for note in it.notes.iter().take(NOTES_SHOWN) {
        writeln!(text, "  {note}").expect("a string takes any text");
    }
    let more = it.notes.len().saturating_sub(NOTES_SHOWN);
    if more > 0 {
        writeln!(text, "  and {more} more notes in measures.json")
            .expect("a string takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_and_what_did_not_happen_is_not() {
        let it = ProgramSummary {
            side: "blue".into(),
            rounds: 9,
            taken: 2,
            late: 7,
            latency_mean_ms: Some(1.5),
            latency_max_ms: 4.0,
            notes: (0..7).map(|n| format!("round {n}: no answer")).collect(),
            ..ProgramSummary::default()
        };
        let text = program(&it);
        assert!(text.contains("2 of 9 rounds taken"), "{text}");
        assert!(
            text.contains(", 7 late; latency 1.50 ms, at most 4 ms"),
            "{text}"
        );
        assert!(
            text.contains("round 4") && !text.contains("round 5"),
            "{text}"
        );
        assert!(
            text.contains("and 2 more notes") && !text.contains("refused"),
            "{text}"
        );
    }
}
