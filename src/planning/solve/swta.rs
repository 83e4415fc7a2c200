//! Sensor-weapon-target assignment files: `tercio solve swta`.
//!
//! JSON: one object, or a list of objects that are solved one by one, with `threat` (one number per
//! target), `damage` (per target a list with one chance per weapon), `detect` (per target a list with
//! one chance per sensor) and, if not every sensor works with every weapon, `matching` (per weapon a
//! list with 1 or 0 per sensor). Other fields are ignored.
//!
//! See [`crate::planning::algo::swta`] for the method. Plans for weapons stay inside the simulator.

use super::answer::{Answer, Checked, Options, Sense, SolveError};
use super::certificate::Proof;
use super::words::refuse;
use crate::kernel::budget::Budget;
use crate::planning::algo::swta::{self, Instance, Solved};
use serde::Deserialize;
use serde_json::{Value, json};

/// An object of the file.
#[derive(Debug, Deserialize)]
struct Raw {
    threat: Vec<f64>,
    damage: Vec<Vec<f64>>,
    detect: Vec<Vec<f64>>,
    matching: Option<Vec<Vec<u8>>>,
}

/// One instance, or several.
struct File {
    instances: Vec<Instance>,
    /// Whether they stand in a list.
    list: bool,
}

/// Solves a file. `solution` is a list of `[weapon, sensor, target]`; a list of such lists where the
/// file is a list. Objective and bound of a list are the sums over its instances.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file.
pub fn solve(
    text: &str,
    _options: &Options,
    budget: &mut dyn Budget,
) -> Result<Answer, SolveError> {
    let file = read(text)?;
    let instances = file.instances.iter();
    let solved: Vec<Solved> = instances
        .map(|instance| swta::solve(instance, budget))
        .collect();
    let plans: Vec<Value> = solved.iter().map(shots).collect();
    let method = solved
        .first()
        .map_or("dynamic-programming", |first| first.method);
    let price_bound = solved.iter().map(|one| one.price_bound).sum();
    let mut notes = vec![("price_bound".into(), price_bound)];
    if budget.spend(1) {
        let checked = checked(&file, &solved, budget);
        notes.extend(checked.map(|bound| ("price_bound_checked".into(), bound)));
    }
    Ok(Answer {
        sense: Sense::Max,
        objective: solved.iter().map(|one| one.removed).sum(),
        bound: Some(solved.iter().map(|one| one.bound).sum()),
        proven: solved.iter().all(|one| one.proven),
        method,
        solution: match (file.list, plans.first()) {
            (false, Some(plan)) => plan.clone(),
            _ => Value::Array(plans),
        },
        certificate: proofs(&file, &solved),
        notes,
    })
}

/// The plan as a list of `[weapon, sensor, target]`.
fn shots(solved: &Solved) -> Value {
    let lists = solved.pairs.iter().enumerate();
    let mut shots: Vec<(usize, usize, usize)> = lists
        .flat_map(|(target, list)| list.iter().map(move |&(w, s)| (w, s, target)))
        .collect();
    shots.sort_unstable();
    json!(shots)
}

/// Checks `[weapon, sensor, target]` lists against the file and works out the threat removed.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file, [`SolveError::Solution`] for a weapon or sensor that
/// is used twice, not there, or does not work with its partner.
pub fn check(text: &str, _options: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let file = read(text)?;
    let plans = match (file.list, solution.as_array()) {
        (false, _) => core::slice::from_ref(solution),
        (true, Some(plans)) if plans.len() == file.instances.len() => plans.as_slice(),
        (true, _) => {
            let wanted = file.instances.len();
            return Err(SolveError::Solution(format!(
                "it is not a list of {wanted} plans"
            )));
        }
    };
    let mut objective = 0.0;
    for (instance, plan) in file.instances.iter().zip(plans) {
        objective += removed(instance, plan)?;
    }
    Ok(Checked {
        sense: Sense::Max,
        objective,
    })
}

/// Checks prices of weapons and sensors: the bound that they prove, worked out anew from the file;
/// the sum of the bounds for a list of instances, whose certificates stand in a list.
///
/// # Errors
/// [`SolveError::Instance`] for a malformed file, [`SolveError::Certificate`] for prices that do not
/// prove the bound that is stated with them.
pub fn verify(text: &str, certificate: &Value, budget: &mut dyn Budget) -> Result<f64, SolveError> {
    let file = read(text)?;
    let proofs = match (file.list, certificate.as_array()) {
        (false, _) => core::slice::from_ref(certificate),
        (true, Some(proofs)) if proofs.len() == file.instances.len() => proofs.as_slice(),
        (true, _) => {
            let wanted = file.instances.len();
            let cause = format!("it is not a list of {wanted} certificates");
            return Err(SolveError::Certificate(cause));
        }
    };
    let mut bound = 0.0;
    for (instance, proof) in file.instances.iter().zip(proofs) {
        let proof = Proof::read(proof)?;
        let anew = swta::certificate::bound_of(instance, &proof.prices, budget);
        bound += proof.confirmed(anew, 1.0)?;
    }
    Ok(bound)
}

/// The certificates, if all instances have one: dynamic programming gives none.
fn proofs(file: &File, solved: &[Solved]) -> Option<Value> {
    if solved.iter().any(|one| one.prices.is_empty()) {
        return None;
    }
    let proof = |one: &Solved| Proof {
        prices: one.prices.clone(),
        bound: one.price_bound,
    };
    let proofs: Vec<Proof> = solved.iter().map(proof).collect();
    match file.list {
        true => Some(json!(proofs)),
        false => proofs.first().map(|proof| json!(proof)),
    }
}

/// The bound of all prices as the checker sees it, if there is budget left for that.
fn checked(file: &File, solved: &[Solved], budget: &mut dyn Budget) -> Option<f64> {
    let each = file.instances.iter().zip(solved);
    let bounds = each.map(|(instance, one)| match one.prices.is_empty() {
        true => None,
        false => swta::certificate::bound_of(instance, &one.prices, budget),
    });
    bounds.sum()
}

/// Threat that a plan removes.
fn removed(instance: &Instance, plan: &Value) -> Result<f64, SolveError> {
    let fail = |what: String| Err(SolveError::Solution(what));
    let Some(list) = plan.as_array() else {
        return fail("it is not a list of [weapon, sensor, target]".into());
    };
    let mut weapons = vec![false; instance.weapons()];
    let mut sensors = vec![false; instance.sensors()];
    let mut left = instance.threat().to_vec();
    for (at, shot) in list.iter().enumerate() {
        let index = |k: usize, below: usize| {
            let number = shot.get(k).and_then(Value::as_u64);
            number
                .and_then(|n| usize::try_from(n).ok())
                .filter(|&n| n < below)
        };
        let three = shot.as_array().is_some_and(|shot| shot.len() == 3);
        let weapon = index(0, weapons.len()).filter(|_| three);
        let (Some(w), Some(s), Some(t)) = (weapon, index(1, sensors.len()), index(2, left.len()))
        else {
            return fail(format!(
                "entry {at} is {shot}, no [weapon, sensor, target] of the instance"
            ));
        };
        if std::mem::replace(&mut weapons[w], true) {
            return fail(format!("weapon {w} is used twice"));
        }
        if std::mem::replace(&mut sensors[s], true) {
            return fail(format!("sensor {s} is used twice"));
        }
        if !instance.works((w, s)) {
            return fail(format!("sensor {s} does not work with weapon {w}"));
        }
        left[t] *= instance.kept(t, (w, s));
    }
    let before: f64 = instance.threat().iter().sum();
    Ok(before - left.iter().sum::<f64>())
}

/// Reads the file.
fn read(text: &str) -> Result<File, SolveError> {
    let list = text.trim_start().starts_with('[');
    let cure = "give objects with threat, damage and detect; see the documentation of the format";
    let parsed = match list {
        true => serde_json::from_str::<Vec<Raw>>(text),
        false => serde_json::from_str::<Raw>(text).map(|raw| vec![raw]),
    };
    let raws = parsed.or_else(|error| refuse(error.line().max(1), error.to_string(), cure))?;
    if raws.is_empty() {
        return refuse(1, "the list is empty", "give at least one instance");
    }
    let instances = raws
        .into_iter()
        .enumerate()
        .map(|(at, raw)| instance(at, raw));
    Ok(File {
        instances: instances.collect::<Result<_, _>>()?,
        list,
    })
}

/// Checks one object.
fn instance(at: usize, raw: Raw) -> Result<Instance, SolveError> {
    let width = |rows: &[Vec<f64>]| rows.first().map_or(0, Vec::len);
    let (weapons, sensors) = (width(&raw.damage), width(&raw.detect));
    let targets = raw.threat.len();
    let shape = |what: &str, rows: &[usize], count: usize, width: usize| {
        if rows.len() == count && rows.iter().all(|&len| len == width) {
            return Ok(());
        }
        refuse(
            1,
            format!("{what} of instance {at} is not a table of {count} rows with {width} entries"),
            "give every target a row in damage and detect, and every weapon one in matching",
        )
    };
    let lengths = |rows: &[Vec<f64>]| rows.iter().map(Vec::len).collect::<Vec<_>>();
    shape("damage", &lengths(&raw.damage), targets, weapons)?;
    shape("detect", &lengths(&raw.detect), targets, sensors)?;
    let works = match raw.matching {
        Some(rows) => {
            let lengths: Vec<usize> = rows.iter().map(Vec::len).collect();
            shape("matching", &lengths, weapons, sensors)?;
            rows.concat().into_iter().map(|entry| entry != 0).collect()
        }
        None => vec![true; weapons.saturating_mul(sensors).min(swta::MOST_CELLS)],
    };
    let size = (weapons, sensors);
    Instance::new(
        size,
        raw.threat,
        raw.damage.concat(),
        raw.detect.concat(),
        works,
    )
    .or_else(|e| refuse(1, format!("instance {at}: {e}"), "mend the number"))
}
