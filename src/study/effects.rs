//! What a study asks of one difference beyond its size: how much of it is due to what, and where it
//! ends. See [`Effects`].

use super::design::{Factor, Point};
use super::measure::MeasureInfo;
use super::read::ReadStudy;
use super::results::{BreakEvenResult, DecompositionResult, Interval, PartResult};
use super::schema::Contrast;
use super::stats::Estimate;
use super::stats::break_even::break_even;
use super::stats::decompose::decompose;
use crate::kernel::finding::Finding;
use crate::scenario::suggest::did_you_mean;
use crate::scenario::tree::Step;

/// Most causes of a decomposition: it needs two to their power pairs of design points.
const CAUSES_MAX: usize = 6;

/// Two design points: first, second.
type Pair = (usize, usize);

/// A difference that is to be taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// The measure.
    measure: String,
    /// Levels of the contrast in words: first, second.
    names: [String; 2],
    /// The factors that are switched off, by name.
    causes: Vec<String>,
    /// The two points of every set of causes that are off, bit i standing for cause i.
    pairs: Vec<Pair>,
}

/// A difference of which is asked where it becomes zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing {
    /// The measure.
    measure: String,
    /// Levels of the contrast in words: first, second.
    names: [String; 2],
    /// The factor along which is looked.
    over: String,
    /// Its levels, ascending.
    levels: Vec<f64>,
    /// The two points at each of them.
    pairs: Vec<Pair>,
}

/// What a study asks beyond differences.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    /// Differences to take apart.
    pub decompositions: Vec<Decomposition>,
    /// Differences that may cross zero.
    pub crossings: Vec<Crossing>,
}

impl Effects {
    /// The measures that they speak of.
    pub(super) fn measures(&self) -> impl Iterator<Item = &String> {
        let parts = self.decompositions.iter().map(|it| &it.measure);
        parts.chain(self.crossings.iter().map(|it| &it.measure))
    }
}

/// Looks up what is asked; all that is wrong with it otherwise.
pub(super) fn resolve(
    read: &ReadStudy,
    (factors, points): (&[Factor], &[Point]),
    measures: &[MeasureInfo],
) -> Result<Effects, Vec<Finding>> {
    let mut look = Lookup {
        read,
        factors,
        points,
        measures,
        findings: Vec::new(),
    };
    let mut effects = Effects::default();
    for (at, spec) in read.study.decompositions.iter().enumerate() {
        let place = ("decompositions", at);
        effects
            .decompositions
            .extend(look.decomposition(place, &spec.contrast, &spec.causes));
    }
    for (at, spec) in read.study.break_evens.iter().enumerate() {
        let place = ("break_evens", at);
        effects
            .crossings
            .extend(look.crossing(place, &spec.contrast, &spec.over));
    }
    if look.findings.is_empty() {
        Ok(effects)
    } else {
        Err(look.findings)
    }
}

/// A contrast whose factor and levels are known.
struct Found {
    /// The factor.
    factor: usize,
    /// Its two levels: first, second.
    levels: [usize; 2],
}

/// What is looked up, and where mistakes are told.
struct Lookup<'a> {
    read: &'a ReadStudy,
    factors: &'a [Factor],
    points: &'a [Point],
    measures: &'a [MeasureInfo],
    findings: Vec<Finding>,
}

impl Lookup<'_> {
    /// T1012 at an entry of a list.
    fn refuse(&mut self, (list, at): (&str, usize), key: &str, cause: String, cure: &str) {
        let document = &self.read.document;
        let place = document.place(&[list.into(), Step::Index(at), key.into()]);
        let finding = document.error("T1012", place, cause, cure);
        self.findings.push(finding);
    }

    /// The factor of a name.
    fn factor(&mut self, place: (&str, usize), key: &str, name: &str) -> Option<usize> {
        let found = self.factors.iter().position(|it| it.name == name);
        if found.is_none() {
            let known = self.factors.iter().map(|it| it.name.as_str());
            let cure = did_you_mean(name, known, "factors");
            self.refuse(place, key, format!("there is no factor `{name}`"), &cure);
        }
        found
    }

    /// The factor and the levels of a contrast, and whether its measure is known.
    fn contrast(&mut self, place: (&str, usize), contrast: &Contrast) -> Option<Found> {
        if self.measures.iter().all(|it| it.name != contrast.measure) {
            let known = self.measures.iter().map(|it| it.name.as_str());
            let cure = did_you_mean(&contrast.measure, known, "measures");
            let cause = format!("there is no measure `{}`", contrast.measure);
            self.refuse(place, "contrast", cause, &cure);
        }
        let factor = self.factor(place, "contrast", &contrast.of)?;
        let level = |label: &String| {
            let mut levels = self.factors[factor].levels.iter();
            levels.position(|level| level.label == *label)
        };
        let levels = (level(&contrast.first), level(&contrast.second));
        let (Some(first), Some(second)) = levels else {
            let name = if levels.0.is_none() {
                &contrast.first
            } else {
                &contrast.second
            };
            let known = self.factors[factor].levels.iter();
            let cure = did_you_mean(name, known.map(|it| it.label.as_str()), "levels");
            let cause = format!("`{name}` is no level of `{}`", contrast.of);
            self.refuse(place, "contrast", cause, &cure);
            return None;
        };
        let levels = [first, second];
        Some(Found { factor, levels })
    }

    /// The points of a contrast with some factors at given levels, all others at their first.
    fn pair(&self, found: &Found, set: &[(usize, usize)]) -> Pair {
        let point = |level: usize| {
            let mut levels = vec![0; self.factors.len()];
            for (factor, level) in set {
                levels[*factor] = *level;
            }
            levels[found.factor] = level;
            let mut points = self.points.iter();
            points
                .position(|it| it.levels == levels)
                .expect("the design holds every combination of levels")
        };
        (point(found.levels[0]), point(found.levels[1]))
    }

    /// A decomposition.
    fn decomposition(
        &mut self,
        place: (&str, usize),
        contrast: &Contrast,
        names: &[String],
    ) -> Option<Decomposition> {
        let found = self.contrast(place, contrast)?;
        let mut causes = Vec::new();
        for name in names {
            let cause = self.factor(place, "causes", name)?;
            let has_levels = self.factors[cause].levels.len() > 1;
            if !has_levels || cause == found.factor || causes.contains(&cause) {
                let why = format!("`{name}` is no cause of its own");
                let cure = "name each factor once, not that of the contrast, each with two levels";
                self.refuse(place, "causes", why, cure);
                return None;
            }
            causes.push(cause);
        }
        if !(1..=CAUSES_MAX).contains(&causes.len()) {
            let why = format!("{} causes", causes.len());
            let cure = format!("name 1 to {CAUSES_MAX} factors");
            self.refuse(place, "causes", why, &cure);
            return None;
        }
        let pair = |set: usize| {
            let off = causes
                .iter()
                .enumerate()
                .filter(|(at, _)| set & (1 << at) != 0);
            let off: Vec<(usize, usize)> = off
                .map(|(_, cause)| (*cause, self.factors[*cause].levels.len() - 1))
                .collect();
            self.pair(&found, &off)
        };
        Some(Decomposition {
            measure: contrast.measure.clone(),
            names: [contrast.first.clone(), contrast.second.clone()],
            causes: names.to_vec(),
            pairs: (0..1 << causes.len()).map(pair).collect(),
        })
    }

    /// A break-even.
    fn crossing(
        &mut self,
        place: (&str, usize),
        contrast: &Contrast,
        over: &str,
    ) -> Option<Crossing> {
        let found = self.contrast(place, contrast)?;
        let along = self.factor(place, "over", over)?;
        let levels = &self.factors[along].levels;
        let numbers: Vec<f64> = levels
            .iter()
            .filter_map(|level| level.ron.parse().ok())
            .collect();
        let is_ascending = numbers.windows(2).all(|pair| pair[0] < pair[1]);
        if along == found.factor || numbers.len() != levels.len().max(2) || !is_ascending {
            let why = format!("`{over}` is no scale");
            let cure = "name another factor whose levels are two or more ascending numbers";
            self.refuse(place, "over", why, cure);
            return None;
        }
        let pairs = (0..numbers.len()).map(|level| self.pair(&found, &[(along, level)]));
        Some(Crossing {
            measure: contrast.measure.clone(),
            names: [contrast.first.clone(), contrast.second.clone()],
            over: over.to_owned(),
            pairs: pairs.collect(),
            levels: numbers,
        })
    }
}

/// Values of a measure at design points: by point, then by replication.
type Values<'a> = &'a dyn Fn(usize, &str) -> &'a [Option<f64>];

/// Differences at each pair over the replications that gave a value at all points.
fn differences(pairs: &[Pair], measure: &str, values: Values<'_>) -> Vec<Vec<f64>> {
    let samples: Vec<_> = pairs
        .iter()
        .map(|(first, second)| (values(*first, measure), values(*second, measure)))
        .collect();
    let runs = samples.first().map_or(0, |(first, _)| first.len());
    let of_run = |run: usize| -> Option<Vec<f64>> {
        let mut differences = samples
            .iter()
            .map(|(first, second)| Some(first[run]? - second[run]?));
        differences.by_ref().collect()
    };
    let whole: Vec<Vec<f64>> = (0..runs).filter_map(of_run).collect();
    (0..pairs.len())
        .map(|pair| whole.iter().map(|run| run[pair]).collect())
        .collect()
}

/// An estimate in the form of a result.
fn interval(estimate: &Estimate) -> Interval {
    Interval {
        value: estimate.value,
        low: estimate.interval.map(|ends| ends[0]),
        high: estimate.interval.map(|ends| ends[1]),
    }
}

/// A decomposition over replications; none where no replication is whole.
pub(super) fn taken_apart(
    asked: &Decomposition,
    values: Values<'_>,
    confidence: f64,
) -> Option<DecompositionResult> {
    let differences = differences(&asked.pairs, &asked.measure, values);
    let found = decompose(&differences, confidence)?;
    let part = |(cause, part): (&String, &super::stats::decompose::Part)| PartResult {
        cause: cause.clone(),
        forward: interval(&part.forward),
        backward: interval(&part.backward),
        average: interval(&part.average),
    };
    let [first, second] = asked.names.clone();
    Some(DecompositionResult {
        measure: asked.measure.clone(),
        first,
        second,
        n: found.whole.n,
        whole: interval(&found.whole),
        parts: asked.causes.iter().zip(&found.parts).map(part).collect(),
        rest: interval(&found.rest),
    })
}

/// A break-even over replications; none where no replication is whole.
pub(super) fn crossed(
    asked: &Crossing,
    values: Values<'_>,
    confidence: f64,
) -> Option<BreakEvenResult> {
    let differences = differences(&asked.pairs, &asked.measure, values);
    let found = break_even(&asked.levels, &differences, confidence)?;
    let [first, second] = asked.names.clone();
    Some(BreakEvenResult {
        measure: asked.measure.clone(),
        first,
        second,
        over: asked.over.clone(),
        n: differences[0].len(),
        levels: asked.levels.clone(),
        differences: differences
            .iter()
            .map(|it| it.iter().sum::<f64>() / it.len() as f64)
            .collect(),
        level: found.level,
        low: found.interval.map(|[low, _]| low),
        high: found.interval.map(|[_, high]| high),
        crossed: found.crossed,
    })
}
