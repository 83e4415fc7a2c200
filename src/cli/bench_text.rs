//! How planners compare, for people.

use std::fmt::Write as _;

use super::text::{NONE, lines, number, numbers, optional, table};
use crate::accounting::summary::Direction;
use crate::study::planners::{Comparison, Mean, PlannerRow};

/// The whole comparison.
pub(super) fn text(found: &Comparison) -> String {
    let mut text = format!(
        "{}, planner of {}, {} replications each on the same seeds, intervals of {:.0} %\n\n",
        found.scenario,
        found.side,
        found.replications,
        100.0 * found.confidence
    );
    text.push_str(&choices(&found.planners));
    text.push('\n');
    text.push_str(&costs(&found.planners));
    text.push('\n');
    text.push_str(&measures(found));
    text.push('\n');
    text.push_str(&correlations(found));
    text
}

/// A mean with its interval.
fn with_interval(it: Option<Mean>) -> [String; 2] {
    let Some(it) = it else {
        return [NONE, NONE].map(str::to_owned);
    };
    let ends = it.interval.map_or_else(
        || NONE.to_owned(),
        |[low, high]| format!("{} to {}", number(low), number(high)),
    );
    [number(it.mean), ends]
}

/// A mean alone.
fn bare(it: Option<Mean>) -> String {
    optional(it.map(|it| it.mean))
}

/// What planners made of their rounds.
fn choices(planners: &[PlannerRow]) -> String {
    let mut table = table(&[
        "planner",
        "rounds",
        "objective",
        "interval",
        "of best %",
        "below oracle %",
    ]);
    for it in planners {
        let [mean, ends] = with_interval(it.objective);
        let share = it.of_best.map(|it| 100.0 * it.mean);
        let gap = it.oracle_gap.map(|gap| 100.0 * gap);
        let cells = [bare(it.rounds), mean, ends, optional(share), optional(gap)];
        table.add_row(numbers(&it.planner, cells));
    }
    lines(&table)
}

/// What that took.
fn costs(planners: &[PlannerRow]) -> String {
    let mut table = table(&[
        "planner",
        "messages",
        "of planning",
        "kB",
        "ms a round",
        "interval",
        "99 %",
    ]);
    for it in planners {
        let [mean, ends] = with_interval(it.plan_ms);
        let cells = [
            bare(it.messages),
            bare(it.planning_messages),
            optional(it.bytes.map(|it| 1e-3 * it.mean)),
            mean,
            ends,
            optional(it.plan_p99_ms),
        ];
        table.add_row(numbers(&it.planner, cells));
    }
    lines(&table)
}

/// The scenario's measures.
fn measures(found: &Comparison) -> String {
    let against = format!("less {}", found.against);
    let mut table = table(&[
        "measure",
        "better",
        "planner",
        "mean",
        "interval",
        &against,
        "interval",
        "rank corr.",
    ]);
    let count = found.planners.first().map_or(0, |it| it.measures.len());
    for at in 0..count {
        for planner in &found.planners {
            let Some(it) = planner.measures.get(at) else {
                continue;
            };
            let better = match it.direction {
                Direction::Up => "more",
                Direction::Down => "less",
            };
            let [mean, ends] = with_interval(it.mean);
            let [difference, apart] = with_interval(it.difference);
            let cells = [
                better.to_owned(),
                planner.planner.clone(),
                mean,
                ends,
                difference,
                apart,
                optional(it.correlation),
            ];
            table.add_row(numbers(&it.name, cells));
        }
    }
    lines(&table)
}

/// How far what planners maximise is what the scenario measures.
fn correlations(found: &Comparison) -> String {
    let mut table = table(&[
        "measure",
        "over runs",
        "over planners",
        "of best, over runs",
    ]);
    for it in &found.correlations {
        let cells = [it.over_runs, it.over_planners, it.of_best_over_runs].map(optional);
        table.add_row(numbers(&it.measure, cells));
    }
    let mut text = String::from(
        "Rank correlation of the objective a round with how good a measure is (1: the more worth, the \
         better):\n",
    );
    write!(text, "{}", lines(&table)).expect("a string takes any text");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::summary::Measure;
    use crate::study::planners::{Trial, compare};

    #[test]
    fn every_planner_and_measure_has_its_line_and_what_is_not_known_a_dash() {
        let trial = |seed: u64, objective: f64| Trial {
            seed,
            state_hash: String::new(),
            rounds: 3,
            objective: Some(objective),
            of_best: Some(0.9),
            messages: 1200,
            planning_messages: 12,
            bytes: 5000,
            plan_ms: Some(0.25),
            plan_p99_ms: None,
            measures: vec![Measure::new(
                "losses",
                "1",
                Some(4.0),
                Direction::Down,
                None,
            )],
        };
        let of = |name: &str, worth: f64| (name.to_owned(), vec![trial(1, worth), trial(2, worth)]);
        let text = text(&compare(
            ("tutorial", "blue", "exact"),
            vec![of("greedy", 4.0), of("exact", 5.0), of("oracle", 8.0)],
        ));
        let line = |start: &str| {
            let found = text
                .lines()
                .find(|line| line.trim_start().starts_with(start));
            found
                .unwrap_or_else(|| panic!("no line {start} in {text}"))
                .to_owned()
        };
        assert!(line("greedy").trim_end().ends_with("50"), "{text}");
        assert!(line("exact").contains("37.50"), "{text}");
        assert!(
            text.contains("losses") && text.contains("less exact"),
            "{text}"
        );
        assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
    }
}
