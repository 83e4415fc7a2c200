//! What a program answers, read and held against what was asked. See [`Answer`].
//!
//! An answer is taken as a whole or not at all: one that names anything that was not asked is refused
//! with the reason.

use serde::Deserialize;

use crate::planning::algo::matching::Matching;

/// A vehicle and its part.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskWord {
    /// Name of the vehicle.
    pub unit: String,
    /// Number of the part in the request, from 0.
    pub part: usize,
}

/// A shooter and its track.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FireWord {
    /// Name of the unit.
    pub shooter: String,
    /// Name of its effector.
    pub effector: String,
    /// Number of the track.
    pub track: u32,
}

/// One line of a program.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The round that it answers.
    pub round: u64,
    /// Who does what.
    #[serde(default)]
    pub tasks: Vec<TaskWord>,
    /// What is to be proposed to a desk.
    #[serde(default)]
    pub fires: Vec<FireWord>,
    /// What it has to say for itself.
    #[serde(default)]
    pub note: Option<String>,
}

impl Answer {
    /// Reads a line.
    ///
    /// # Errors
    /// Where it is no JSON of this form, with place and cause.
    pub fn read(line: &str) -> Result<Self, String> {
        serde_json::from_str(line).map_err(|error| format!("no answer: {error}"))
    }

    /// The pairs of rows and lots that it names of a round of tasks.
    ///
    /// # Errors
    /// Where it names what was not asked, something twice, or a pair that cannot be.
    pub fn task_pairs(&self, units: &[&str], problem: &Matching) -> Result<Pairs, String> {
        if !self.fires.is_empty() {
            return Err("it proposes fires in a round of tasks".to_owned());
        }
        let mut pairs = Pairs::default();
        for TaskWord { unit, part } in &self.tasks {
            let row = units.iter().position(|it| it == unit);
            let row = row.ok_or_else(|| format!("unit `{unit}` is not in the request"))?;
            if *part >= problem.lots {
                return Err(format!("part {part} is not in the request"));
            }
            let (who, what) = (format!("unit `{unit}`"), format!("part {part}"));
            pairs.take((row, row, *part), (&who, &what), problem)?;
        }
        Ok(pairs)
    }

    /// The pairs of rows and lots that it names of a round of fires; `shooters` are unit and effector
    /// of each row, `tracks` the numbers of the lots.
    ///
    /// # Errors
    /// As [`Self::task_pairs`].
    pub fn fire_pairs(
        &self,
        shooters: &[(&str, &str)],
        tracks: &[u32],
        problem: &Matching,
    ) -> Result<Pairs, String> {
        if !self.tasks.is_empty() {
            return Err("it gives tasks in a round of fires".to_owned());
        }
        let mut pairs = Pairs::default();
        for word in &self.fires {
            let FireWord {
                shooter,
                effector,
                track,
            } = word;
            let mut rows = shooters.iter();
            let row = rows.position(|it| *it == (shooter.as_str(), effector.as_str()));
            let row = row.ok_or_else(|| {
                format!("shooter `{shooter}` with effector `{effector}` is not in the request")
            })?;
            let lot = tracks.iter().position(|it| it == track);
            let lot = lot.ok_or_else(|| format!("track {track} is not in the request"))?;
            let first = shooters.iter().position(|it| it.0 == shooter.as_str());
            let (who, what) = (format!("shooter `{shooter}`"), format!("track {track}"));
            pairs.take((first.unwrap_or(row), row, lot), (&who, &what), problem)?;
        }
        Ok(pairs)
    }
}

/// Rows with their lots, and what they are worth together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// Row and lot of each.
    pub list: Vec<(usize, usize)>,
    /// Sum of the worths, in points.
    pub worth: f64,
    /// Who is taken: the first row of each unit.
    taken: Vec<usize>,
}

impl Pairs {
    /// Takes a pair: who, by its first row, its row and the lot; with their names.
    fn take(
        &mut self,
        (who, row, lot): (usize, usize, usize),
        (who_name, lot_name): (&str, &str),
        problem: &Matching,
    ) -> Result<(), String> {
        if self.taken.contains(&who) {
            return Err(format!("{who_name} is named twice"));
        }
        if self.list.iter().any(|pair| pair.1 == lot) {
            return Err(format!("{lot_name} is given twice"));
        }
        let worth = problem.worth(row, lot);
        self.worth += worth.ok_or_else(|| format!("{who_name} cannot take {lot_name}"))?;
        self.taken.push(who);
        self.list.push((row, lot));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Two rows, three lots; the second row cannot take the third.
    fn problem() -> Matching {
        Matching {
            bidders: 2,
            lots: 3,
            worth: vec![Some(3.0), Some(2.0), Some(1.0), Some(4.0), Some(1.0), None],
        }
    }

    /// What a line of tasks comes to.
    fn tasks(line: &str) -> Result<Pairs, String> {
        Answer::read(line)?.task_pairs(&["a", "b"], &problem())
    }

    /// What a line of fires comes to: one unit with two effectors.
    fn fires(line: &str) -> Result<Pairs, String> {
        let shooters = [("a", "gun"), ("a", "missile")];
        Answer::read(line)?.fire_pairs(&shooters, &[7, 8, 9], &problem())
    }

    #[test]
    fn what_was_asked_is_taken() {
        let line =
            r#"{"round":1,"tasks":[{"unit":"b","part":0},{"unit":"a","part":1}],"note":"x"}"#;
        let pairs = tasks(line).unwrap();
        assert_eq!(pairs.list, [(1, 0), (0, 1)]);
        assert!((pairs.worth - 6.0).abs() < 1e-12);
        let line = r#"{"round":1,"fires":[{"shooter":"a","effector":"missile","track":8}]}"#;
        assert_eq!(fires(line).unwrap().list, [(1, 1)]);
        assert!(tasks(r#"{"round":1}"#).unwrap().list.is_empty());
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        let task = |words: &str| tasks(&format!(r#"{{"round":1,"tasks":[{words}]}}"#)).unwrap_err();
        let fire = |words: &str| fires(&format!(r#"{{"round":1,"fires":[{words}]}}"#)).unwrap_err();
        for (told, want) in [
            (task(r#"{"unit":"c","part":0}"#), "unit `c` is not"),
            (task(r#"{"unit":"a","part":3}"#), "part 3 is not"),
            (task(r#"{"unit":"a","part":-1}"#), "no answer"),
            (task(r#"{"unit":"b","part":2}"#), "cannot take part 2"),
            (
                task(r#"{"unit":"a","part":0},{"unit":"a","part":1}"#),
                "unit `a` is named twice",
            ),
            (
                task(r#"{"unit":"a","part":0},{"unit":"b","part":0}"#),
                "part 0 is given twice",
            ),
            (
                task(r#"{"unit":"a","part":0,"lat_deg":1.0}"#),
                "unknown field",
            ),
            (
                fire(
                    r#"{"shooter":"a","effector":"gun","track":7},{"shooter":"a","effector":"missile","track":8}"#,
                ),
                "shooter `a` is named twice",
            ),
            (
                fire(r#"{"shooter":"a","effector":"bow","track":7}"#),
                "effector `bow` is not",
            ),
            (
                fire(r#"{"shooter":"a","effector":"gun","track":3}"#),
                "track 3 is not",
            ),
            (
                fire(r#"{"shooter":"a","effector":"missile","track":9}"#),
                "cannot take track 9",
            ),
            (tasks("").unwrap_err(), "no answer"),
            (
                tasks("Traceback (most recent call last):").unwrap_err(),
                "no answer",
            ),
            (
                tasks(r#"{"round":1,"fires":[{"shooter":"a","effector":"gun","track":7}]}"#)
                    .unwrap_err(),
                "fires in a round of tasks",
            ),
            (
                fires(r#"{"round":1,"tasks":[{"unit":"a","part":0}]}"#).unwrap_err(),
                "tasks in a round of fires",
            ),
        ] {
            assert!(told.contains(want), "{told} instead of {want}");
        }
    }

    proptest! {
        #[test]
        fn no_line_breaks_the_reader(line in ".{0,200}", number in any::<u64>()) {
            prop_assert!(Answer::read(&line).is_err() || line.contains("round"));
            let line = format!(r#"{{"round":{number},"tasks":[{{"unit":"a","part":{number}}}]}}"#);
            prop_assert_eq!(tasks(&line).is_ok(), number < 3);
        }
    }
}
