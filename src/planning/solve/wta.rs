//! Weapon-target assignment files: `tercio solve wta`.
//!
//! Two formats, told apart by their first line. `n` alone, then `n` values and `n * n` kill
//! probabilities weapon by weapon, one shot per weapon; `W T mu`, then `T` values and `W * T` times
//! `w t p` with indices from 0, each pair once, in any order, `mu` shots per weapon. `--mu` overrides
//! the number of shots.
//!
//! See [`crate::planning::algo::wta`] for the method. Plans for weapons stay inside the simulator.

use super::answer::{Answer, Checked, Options, Sense, SolveError};
use super::certificate::Proof;
use super::words::{Words, refuse, size};
use crate::kernel::budget::Budget;
use crate::planning::algo::wta::{self, Instance, MOST_CELLS, MOST_UNITS, certificate};
use serde_json::{Value, json};

/// Solves an instance file. `solution` is a list of `[weapon, target]`, one entry per shot.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file.
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let instance = read(text, options)?;
    let solved = wta::solve(&instance, options.seed, budget);
    let mut notes = vec![
        ("price_bound".into(), solved.certificate.bound),
        ("rounds".into(), solved.rounds as f64),
        ("columns".into(), solved.columns as f64),
    ];
    // Prices that a short budget left far off take the checker long, and prove next to nothing.
    if budget.spend(1) {
        let checked = certificate::bound_of(&instance, &solved.certificate.prices, budget);
        notes.extend(checked.map(|bound| ("price_bound_checked".into(), bound)));
    }
    let lists = solved.plan.shots().iter().enumerate();
    let mut shots: Vec<(usize, usize)> = lists
        .flat_map(|(target, list)| list.iter().map(move |&weapon| (weapon, target)))
        .collect();
    shots.sort_unstable();
    Ok(Answer {
        sense: Sense::Min,
        objective: solved.plan.value(),
        bound: Some(solved.bound),
        proven: solved.proven,
        method: solved.method,
        solution: json!(shots),
        certificate: Some(json!(solved.certificate)),
        notes,
    })
}

/// Checks a list of `[weapon, target]` against the file and works out the value that survives.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file, [`SolveError::Solution`] for a weapon or target
/// that is not there or a weapon that fires too often.
pub fn check(text: &str, options: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let instance = read(text, options)?;
    let fail = |what: String| Err(SolveError::Solution(what));
    let Some(list) = solution.as_array() else {
        return fail("it is not a list of [weapon, target]".into());
    };
    let mut fired = vec![0_u32; instance.weapons()];
    let mut surviving = instance.values().to_vec();
    for (at, shot) in list.iter().enumerate() {
        let index = |k: usize, below: usize| {
            let number = shot.get(k).and_then(Value::as_u64);
            number
                .and_then(|n| usize::try_from(n).ok())
                .filter(|&n| n < below)
        };
        let pair = (index(0, instance.weapons()), index(1, instance.targets()));
        let ((Some(weapon), Some(target)), Some(2)) = (pair, shot.as_array().map(Vec::len)) else {
            return fail(format!(
                "entry {at} is {shot}, no [weapon, target] of the instance"
            ));
        };
        fired[weapon] += 1;
        if fired[weapon] > instance.units() {
            return fail(format!("weapon {weapon} has {} shots", instance.units()));
        }
        surviving[target] *= 1.0 - instance.chances(weapon)[target];
    }
    Ok(Checked {
        sense: Sense::Min,
        objective: surviving.iter().sum(),
    })
}

/// Checks prices of shots: the bound that they prove, worked out anew from the file.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file, [`SolveError::Certificate`] for prices that do not
/// prove the bound that is stated with them.
pub fn verify(
    text: &str,
    options: &Options,
    certificate: &Value,
    budget: &mut dyn Budget,
) -> Result<f64, SolveError> {
    let instance = read(text, options)?;
    let proof = Proof::read(certificate)?;
    let anew = certificate::bound_of(&instance, &proof.prices, budget);
    proof.confirmed(anew, -1.0)
}

/// Reads either format.
fn read(text: &str, options: &Options) -> Result<Instance, SolveError> {
    let mut words = Words::new(text);
    let header = words.header();
    let line = words.line();
    let units = |given: usize| match options.mu {
        Some(mu) => size(
            &mu.to_string(),
            line,
            "shots per weapon (--mu)",
            units_max(),
        ),
        None => Ok(given),
    };
    let (weapons, targets, units) = match header[..] {
        [n] => {
            let n = size(n, line, "weapons", MOST_CELLS)?;
            (n, n, units(1)?)
        }
        [weapons, targets, mu] => (
            size(weapons, line, "weapons", MOST_CELLS)?,
            size(targets, line, "targets", MOST_CELLS)?,
            units(size(mu, line, "shots per weapon", units_max())?)?,
        ),
        _ => {
            return refuse(
                line,
                format!("the first line has {} numbers", header.len()),
                "begin with 'n' or 'W T mu' on a line of its own",
            );
        }
    };
    let cells = weapons.saturating_mul(targets);
    if cells.saturating_mul(units) > MOST_CELLS {
        return refuse(
            line,
            format!("{weapons} weapons with {units} shots and {targets} targets are too many"),
            format!("give at most {MOST_CELLS} pairs of a shot and a target"),
        );
    }
    let mut values = Vec::new();
    for _ in 0..targets {
        values.push(words.number("a target's value", 0.0..=1e50)?);
    }
    let chance = match header.len() {
        1 => dense(&mut words, cells)?,
        _ => triples(&mut words, weapons, targets)?,
    };
    words.end()?;
    let units = u32::try_from(units).unwrap_or(MOST_UNITS);
    Instance::new(weapons, targets, units, values, chance)
        .or_else(|e| refuse(line, e.to_string(), "mend the number"))
}

/// [`MOST_UNITS`] as a size.
fn units_max() -> usize {
    usize::try_from(MOST_UNITS).unwrap_or(usize::MAX)
}

/// Kill probabilities weapon by weapon.
fn dense(words: &mut Words<'_>, cells: usize) -> Result<Vec<f64>, SolveError> {
    let mut chance = Vec::new();
    for _ in 0..cells {
        chance.push(words.number("a kill probability", 0.0..=1.0)?);
    }
    Ok(chance)
}

/// Kill probabilities as `w t p`.
fn triples(words: &mut Words<'_>, weapons: usize, targets: usize) -> Result<Vec<f64>, SolveError> {
    let cells = weapons * targets;
    let mut given = Vec::new();
    for _ in 0..cells {
        let weapon = words.index("a weapon", weapons)?;
        let target = words.index("a target", targets)?;
        let p = words.number("a kill probability", 0.0..=1.0)?;
        given.push((weapon * targets + target, p, words.line()));
    }
    let mut chance = vec![f64::NAN; cells];
    for (at, p, line) in given {
        if !chance[at].is_nan() {
            return refuse(
                line,
                format!(
                    "weapon {} and target {} come twice",
                    at / targets,
                    at % targets
                ),
                "give every pair once",
            );
        }
        chance[at] = p;
    }
    Ok(chance)
}
