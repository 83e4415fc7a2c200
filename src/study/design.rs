//! Design points: all combinations of the levels of all factors.

use super::schema::Study;
use crate::scenario::tree::{Document, Step};

/// Id of the only point of a study without factors.
const ONLY_POINT: &str = "base";

/// A value that a factor takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The value as RON on one line.
    pub ron: String,
    /// The value in the id of a design point: what the study calls it, or the value itself, a text
    /// without its quotes.
    pub label: String,
}

/// Something that varies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Name.
    pub name: String,
    /// Dotted path into the scenario.
    pub path: String,
    /// Its values, in the order of the file.
    pub levels: Vec<Level>,
}

impl Factor {
    /// The setting of one of its levels, as for `--set`.
    #[must_use]
    pub fn setting(&self, level: usize) -> String {
        format!("{}={}", self.path, self.levels[level].ron)
    }
}

/// One combination of levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Id: `name=level` of every factor, with blanks between them.
    pub id: String,
    /// The level of every factor.
    pub levels: Vec<usize>,
    /// What makes the scenario into this point, as for `--set`.
    pub settings: Vec<String>,
}

/// The factors of a study, with their levels from its tree.
pub(super) fn factors(study: &Study, document: &Document) -> Vec<Factor> {
    let factor = |(at, spec): (usize, &super::schema::FactorSpec)| {
        let node = document.node(&["factors".into(), Step::Index(at), "levels".into()]);
        let levels = node.map_or(&[][..], |node| node.elements());
        let levels = levels.iter().enumerate().map(|(at, node)| Level {
            ron: node.to_ron(),
            label: spec
                .labels
                .get(at)
                .cloned()
                .unwrap_or_else(|| node.text().map_or_else(|| node.to_ron(), str::to_owned)),
        });
        let last = spec.path.rsplit('.').next().unwrap_or_default();
        Factor {
            name: spec.name.clone().unwrap_or_else(|| last.to_owned()),
            path: spec.path.clone(),
            levels: levels.collect(),
        }
    };
    study.factors.iter().enumerate().map(factor).collect()
}

/// Number of combinations; none where it is beyond counting.
pub(super) fn count(factors: &[Factor]) -> Option<usize> {
    let mut sizes = factors.iter().map(|factor| factor.levels.len());
    sizes.try_fold(1_usize, usize::checked_mul)
}

/// The full factorial design: the last factor varies fastest.
#[must_use]
pub fn full_factorial(factors: &[Factor]) -> Vec<Point> {
    let mut combinations = vec![Vec::new()];
    for factor in factors {
        let levels = 0..factor.levels.len();
        let with = |before: &Vec<usize>, level| [before.as_slice(), &[level]].concat();
        combinations = combinations
            .iter()
            .flat_map(|before| levels.clone().map(move |level| with(before, level)))
            .collect();
    }
    let point = |levels: Vec<usize>| {
        let chosen = || factors.iter().zip(&levels);
        let part = |(factor, level): (&Factor, &usize)| {
            format!("{}={}", factor.name, factor.levels[*level].label)
        };
        let parts: Vec<String> = chosen().map(part).collect();
        let settings = chosen()
            .map(|(factor, level)| factor.setting(*level))
            .collect();
        let id = if parts.is_empty() {
            ONLY_POINT.to_owned()
        } else {
            parts.join(" ")
        };
        Point {
            id,
            levels,
            settings,
        }
    };
    combinations.into_iter().map(point).collect()
}

/// The points that a study runs: those that it names, in its order, or all.
///
/// # Errors
/// Indices of names of no point, or of a point named before.
pub(super) fn chosen(all: Vec<Point>, named: &[String]) -> Result<Vec<Point>, Vec<usize>> {
    if named.is_empty() {
        return Ok(all);
    }
    let (mut points, mut wrong): (Vec<Point>, _) = (Vec::new(), Vec::new());
    for (at, id) in named.iter().enumerate() {
        match all.iter().find(|point| point.id == *id) {
            Some(point) if points.iter().all(|it| it.id != *id) => points.push(point.clone()),
            _ => wrong.push(at),
        }
    }
    if wrong.is_empty() {
        Ok(points)
    } else {
        Err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(name: &str, levels: &[&str]) -> Factor {
        let level = |ron: &&str| Level {
            ron: (*ron).to_owned(),
            label: ron.trim_matches('"').to_owned(),
        };
        Factor {
            name: name.into(),
            path: format!("a.{name}"),
            levels: levels.iter().map(level).collect(),
        }
    }

    #[test]
    fn the_design_is_every_combination_once() {
        let factors = [factor("x", &["1", "2"]), factor("y", &["\"p\"", "Q", "R"])];
        let points = full_factorial(&factors);
        let ids: Vec<&str> = points.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "x=1 y=p", "x=1 y=Q", "x=1 y=R", "x=2 y=p", "x=2 y=Q", "x=2 y=R"
            ]
        );
        assert_eq!(points[3].settings, ["a.x=2", "a.y=\"p\""]);
        assert_eq!(count(&factors), Some(6));
    }

    #[test]
    fn named_points_are_run_in_the_order_in_which_they_are_named() {
        let factors = [factor("x", &["1", "2"]), factor("y", &["P", "Q"])];
        let named = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
            let points = chosen(full_factorial(&factors), &names)?;
            Ok(points.into_iter().map(|it| it.id).collect())
        };
        let ids: Result<Vec<String>, Vec<usize>> = named(&["x=2 y=P", "x=1 y=Q"]);
        assert_eq!(ids, Ok(vec!["x=2 y=P".to_owned(), "x=1 y=Q".to_owned()]));
        assert_eq!(named(&["x=2 y=P", "x=3 y=P", "x=2 y=P"]), Err(vec![1, 2]));
        assert_eq!(named(&[]).map(|ids| ids.len()), Ok(4));
    }

    #[test]
    fn without_factors_there_is_the_scenario_itself() {
        let points = full_factorial(&[]);
        assert_eq!((points.len(), points[0].id.as_str()), (1, "base"));
        assert!(points[0].settings.is_empty());
    }
}
