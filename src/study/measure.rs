//! Which measures a run yields, and their values. See [`measures_of`].

use crate::accounting::summary::{Direction, Measure, RunSummary};
use crate::scenario::order_of_battle::{ForceRow, OrderOfBattle};
use crate::scenario::schema::Scenario;

/// The measures of a run: those of the scenario, those that every run yields for each side, and the
/// rest of its summary under the same kind of name.
///
/// The names depend on the scenario alone, never on how a run went: `SIDE_track_completeness_ECHELON`
/// and `SIDE_track_age_ECHELON` are there for every echelon at which the side has a command post.
/// A name that the scenario gives to a measure of its own is the scenario's.
#[must_use]
pub fn measures_of(scenario: &Scenario, summary: &RunSummary) -> Vec<Measure> {
    let mut all = summary.measures.clone();
    let mut add = |name: String, unit: &str, value: Option<f64>, direction| {
        if all.iter().all(|measure| measure.name != name) {
            all.push(Measure::new(name, unit, value, direction, None));
        }
    };
    for side in &summary.kill_chain_by_side {
        let (name, chain) = (snake(&side.side), &side.kill_chain);
        let latency = &chain.sensor_to_shooter;
        let detected = (chain.targets - chain.outcomes.never_detected) as f64;
        add(
            format!("{name}_targets_detected"),
            "1",
            Some(detected),
            Direction::Up,
        );
        let engaged = latency.p_engaged_by_horizon;
        add(
            format!("{name}_engaged_by_horizon"),
            "1",
            engaged,
            Direction::Up,
        );
    }
    for (side, echelon) in posts(scenario) {
        let quality = summary.track_quality.iter();
        let quality = quality
            .filter(|it| it.side == side)
            .find(|it| it.echelon == echelon);
        let (name, level) = (snake(&side), snake(&echelon));
        let share = quality.and_then(|it| it.completeness);
        add(
            format!("{name}_track_completeness_{level}"),
            "1",
            share,
            Direction::Up,
        );
        let age_s = quality.and_then(|it| it.age_s);
        add(
            format!("{name}_track_age_{level}"),
            "s",
            age_s,
            Direction::Down,
        );
        let nees = quality.and_then(|it| it.nees);
        let nees_name = format!("{name}_track_nees_{level}");
        add(nees_name, "1", nees, Direction::Down);
        let share = quality.and_then(|it| it.overconfident);
        let share_name = format!("{name}_track_overconfident_{level}");
        add(share_name, "1", share, Direction::Down);
    }
    for blue in &summary.blue_force {
        let name = format!("{}_own_picture_age", snake(&blue.side));
        add(name, "s", blue.age_s, Direction::Down);
    }
    let delay_s = summary.network.delay_median_s;
    add("network_delay_median".into(), "s", delay_s, Direction::Down);
    let share = summary.network.control_share;
    add("network_control_share".into(), "1", share, Direction::Down);
    all
}

/// Side and echelon of every force that has a command post of its own, each once, in order.
fn posts(scenario: &Scenario) -> Vec<(String, String)> {
    let order = OrderOfBattle::of(scenario);
    let command_above = |row: &ForceRow| row.superior.and_then(|at| order.rows[at].command.clone());
    let mut posts: Vec<(String, String)> = order
        .rows
        .iter()
        .filter(|row| row.command.is_some() && row.command != command_above(row))
        .map(|row| (row.side.clone(), row.echelon.key().to_owned()))
        .collect();
    posts.sort();
    posts.dedup();
    posts
}

/// A name as part of a measure's name.
fn snake(name: &str) -> String {
    name.replace('-', "_")
}

/// What is known of a measure before any run.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureInfo {
    /// Name.
    pub name: String,
    /// Unit, `1` for a bare number.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The threshold at each design point.
    pub thresholds: Vec<Option<f64>>,
}

/// The measures of all design points together: those of the first, then what others add.
#[must_use]
pub fn catalogue_of(points: &[Vec<Measure>]) -> Vec<MeasureInfo> {
    let mut known: Vec<MeasureInfo> = Vec::new();
    for measure in points.iter().flatten() {
        if known.iter().all(|it| it.name != measure.name) {
            let of_point = |measures: &Vec<Measure>| {
                let here = measures.iter().find(|it| it.name == measure.name);
                here.and_then(|it| it.threshold)
            };
            known.push(MeasureInfo {
                name: measure.name.clone(),
                unit: measure.unit.clone(),
                direction: measure.direction,
                thresholds: points.iter().map(of_point).collect(),
            });
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_has_every_measure_once_with_the_threshold_of_each_point() {
        let measure =
            |name: &str, threshold| Measure::new(name, "s", Some(1.0), Direction::Down, threshold);
        let known = catalogue_of(&[
            vec![measure("a", Some(1.0)), measure("b", None)],
            vec![measure("c", None), measure("a", Some(2.0))],
        ]);
        let names: Vec<&str> = known.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(known[0].thresholds, [Some(1.0), Some(2.0)]);
    }
}
