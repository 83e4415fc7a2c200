//! Relay placement from a file: fewest relays that join terminals with links of fixed range.
//!
//! Format (JSON): `side` of a square, `step` of the grid on which relays may stand, `R` the range,
//! `terminals` as `[x, y]`, `dead` discs as `[x, y, r]`. Solution: a list of `[x, y]`.

use super::answer::{Answer, Checked, Options, Sense, SolveError};
use super::json;
use crate::kernel::budget::{Budget, WorkBudget};
use crate::planning::algo::relay::{CandidateGraph, DiscArea, GraphError, discs, place};
use glam::DVec2;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most terminals, and most dead discs.
const MOST_ITEMS: usize = 2000;
/// Largest coordinate and length.
const LARGEST: f64 = 1e9;
/// How far off a point of a solution may be, as a share of the greatest length.
const ROUNDING: f64 = 1e-9;

/// The file as written.
#[derive(Clone, Debug, Deserialize)]
struct File {
    side: f64,
    step: f64,
    #[serde(rename = "R")]
    range: f64,
    terminals: Vec<[f64; 2]>,
    dead: Vec<[f64; 3]>,
}

/// Reads and checks an instance.
fn read(text: &str) -> Result<DiscArea, SolveError> {
    let file: File = json::read(text, "a relay instance (side, step, R, terminals, dead)")?;
    let refuse = |key: &str, cause: String, cure: &str| Err(json::refuse(text, key, cause, cure));
    for (key, value) in [("side", file.side), ("step", file.step), ("R", file.range)] {
        let least = if key == "step" { 1e-9 } else { 0.0 };
        if !(least..=LARGEST).contains(&value) {
            let cause = format!("`{key}` is {value}");
            return refuse(
                key,
                cause,
                "give a length from 0 to 1e9, and a step above 0",
            );
        }
    }
    for (key, count) in [
        ("terminals", file.terminals.len()),
        ("dead", file.dead.len()),
    ] {
        if count > MOST_ITEMS {
            return refuse(key, format!("{count} {key}"), "give at most 2000");
        }
    }
    let far = |numbers: &[f64]| numbers.iter().any(|n| n.abs() > LARGEST);
    if let Some(bad) = file.terminals.iter().find(|t| far(&t[..])) {
        let cause = format!("terminal {bad:?} is out of range");
        return refuse("terminals", cause, "give coordinates from -1e9 to 1e9");
    }
    if let Some(bad) = file.dead.iter().find(|d| far(&d[..]) || d[2] < 0.0) {
        let cause = format!("dead disc {bad:?} is out of range");
        return refuse(
            "dead",
            cause,
            "give coordinates to 1e9 and a radius of at least 0",
        );
    }
    let points = |[x, y]: [f64; 2]| DVec2::new(x, y);
    let area = DiscArea {
        side: file.side,
        step: file.step,
        range: file.range,
        terminals: file.terminals.into_iter().map(points).collect(),
        dead: file
            .dead
            .iter()
            .map(|d| (DVec2::new(d[0], d[1]), d[2]))
            .collect(),
    };
    match area.candidates() {
        Ok(_) => Ok(area),
        Err(error) => refuse("step", error.to_string(), "give a longer step"),
    }
}

/// Whether the terminals hear each other already, which needs no grid.
fn is_joined(area: &DiscArea) -> bool {
    let mut budget = WorkBudget::new(u64::MAX);
    let bare = DiscArea {
        side: 0.0,
        dead: vec![(DVec2::ZERO, 0.0)],
        ..area.clone()
    };
    let joined = |graph: &CandidateGraph, budget: &mut WorkBudget| place(graph, 0, budget).is_ok();
    discs(&bare, &mut budget).is_ok_and(|(graph, _)| joined(&graph, &mut budget))
}

/// Solves an instance; the solution is a list of points `[x, y]` on which relays stand.
///
/// # Errors
/// [`SolveError::Instance`] for files that break the format, [`SolveError::Infeasible`] if no
/// relays join the terminals.
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let area = read(text)?;
    let refused = |error: GraphError| match error {
        GraphError::Apart(_) => SolveError::Infeasible(error.to_string()),
        _ => json::refuse(
            text,
            "R",
            error.to_string(),
            "give a shorter range or longer step",
        ),
    };
    if is_joined(&area) {
        return Ok(answer(&[], 0.0, true));
    }
    // The graph is made and a first answer found whatever the budget, which takes less than a
    // second.
    let mut unlimited = WorkBudget::new(u64::MAX);
    let (graph, places) = discs(&area, &mut unlimited).map_err(refused)?;
    let found = place(&graph, options.seed, budget).map_err(refused)?;
    let points: Vec<DVec2> = found.relays.iter().map(|&relay| places[relay]).collect();
    Ok(answer(&points, found.bound, found.is_proven))
}

/// The answer with these relays.
fn answer(points: &[DVec2], bound: f64, proven: bool) -> Answer {
    let pairs: Vec<Value> = points.iter().map(|p| json!([p.x, p.y])).collect();
    Answer {
        sense: Sense::Min,
        objective: f64::from(u32::try_from(points.len()).unwrap_or(u32::MAX)),
        bound: Some(bound),
        proven,
        method: "steiner-tree",
        solution: Value::Array(pairs),
        certificate: None,
        notes: Vec::new(),
    }
}

/// Checks a list of points: on the grid, inside the square, outside dead discs, no two the same,
/// and all terminals joined.
///
/// # Errors
/// [`SolveError`] for an instance or a solution that does not hold.
pub fn check(text: &str, _options: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let area = read(text)?;
    let wrong = |what: String| Err(SolveError::Solution(what));
    let relays: Vec<[f64; 2]> = match serde_json::from_value(solution.clone()) {
        Ok(relays) => relays,
        Err(error) => return wrong(format!("it is no list of points [x, y]: {error}")),
    };
    if relays.len() > 1_000_000 {
        return wrong(format!("{} relays", relays.len()));
    }
    let slack = ROUNDING * (1.0 + area.side);
    for (at, &[x, y]) in relays.iter().enumerate() {
        let on_grid = |c: f64| (c - (c / area.step).round() * area.step).abs() <= slack;
        let inside = |c: f64| (-slack..=area.side + slack).contains(&c);
        let point = DVec2::new(x, y);
        if !(on_grid(x) && on_grid(y) && inside(x) && inside(y)) {
            return wrong(format!("relay {at} at {x}, {y} is not on the grid"));
        }
        let is_dead = |&(centre, radius): &(DVec2, f64)| point.distance(centre) < radius - slack;
        if area.dead.iter().any(is_dead) {
            return wrong(format!("relay {at} at {x}, {y} is in a dead disc"));
        }
        let is_same = |other: &[f64; 2]| point.distance(DVec2::from_array(*other)) <= slack;
        if relays[..at].iter().any(is_same) {
            return wrong(format!("two relays stand at {x}, {y}"));
        }
    }
    let points = relays.iter().map(|&[x, y]| DVec2::new(x, y));
    let all: Vec<DVec2> = area.terminals.iter().copied().chain(points).collect();
    if let Some(terminal) = cut_off(&all, area.terminals.len(), area.range * (1.0 + ROUNDING)) {
        return wrong(format!("terminal {terminal} is not joined to terminal 0"));
    }
    Ok(Checked {
        sense: Sense::Min,
        objective: f64::from(u32::try_from(relays.len()).unwrap_or(u32::MAX)),
    })
}

/// The first of the leading `terminals` points that hops of at most `range` do not reach from the
/// first.
fn cut_off(points: &[DVec2], terminals: usize, range: f64) -> Option<usize> {
    let mut missing: Vec<usize> = (1..points.len()).collect();
    let mut open = vec![0];
    while let Some(at) = open.pop().filter(|_| !points.is_empty()) {
        missing.retain(|&other| {
            let is_near = points[at].distance(points[other]) <= range;
            if is_near {
                open.push(other);
            }
            !is_near
        });
    }
    missing.into_iter().find(|&point| point < terminals)
}

#[cfg(test)]
#[path = "relay_tests.rs"]
mod tests;
