//! Rules about the rules of sharing.

use std::collections::BTreeSet;

use super::check::Check;
use super::general::force_path;
use crate::scenario::schema::{Echelon, Handling, Regime, Role, SharingRule, UnitSpec};
use crate::scenario::tree::Step;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1152_rules(check);
    check_s1153_shadowed(check);
    check_s1154_echelons(check);
    check_s1148_labels(check);
}

/// The path of a rule, or of one of its keys.
fn rule_path(at: usize, key: Option<&'static str>) -> Vec<Step<'static>> {
    let path = ["sharing".into(), "rules".into(), at.into()];
    path.into_iter().chain(key.map(Step::Key)).collect()
}

/// S1152: rules go with the regime `Custom`, it with rules, and every rule says something.
fn check_s1152_rules(check: &mut Check<'_>) {
    let sharing = &check.scenario.sharing;
    if sharing.regime == Regime::Custom && sharing.rules.is_empty() {
        let cure = "add `rules` under `sharing`, or name another regime";
        let path = ["sharing".into(), "regime".into()];
        check.error("S1152", &path, "nothing passes without rules", cure);
    }
    if sharing.regime != Regime::Custom && !sharing.rules.is_empty() {
        let cause = format!("the regime {:?} does not read rules", sharing.regime);
        let path = ["sharing".into(), "rules".into()];
        check.error("S1152", &path, cause, "write `regime: Custom`");
    }
    for (at, rule) in sharing.rules.iter().enumerate() {
        let lists = [
            ("classes", rule.classes.is_empty()),
            ("between", rule.between.is_empty()),
            ("direction", rule.direction.is_empty()),
        ];
        for (key, _) in lists.into_iter().filter(|(_, is_empty)| *is_empty) {
            let cause = format!("the rule has no `{key}`, so it applies to nothing");
            let cure = "leave the key out to name all, or remove the rule";
            check.error("S1152", &rule_path(at, Some(key)), cause, cure);
        }
    }
}

/// S1153: every rule counts for something (a warning).
fn check_s1153_shadowed(check: &mut Check<'_>) {
    let mut known = BTreeSet::new();
    for (at, rule) in check.scenario.sharing.rules.iter().enumerate() {
        let before = known.len();
        known.extend(cells(rule));
        let says_something = cells(rule).next().is_some();
        if known.len() == before && says_something {
            let cause = "rules before this one say all that it says";
            let cure = "move it up, or remove it";
            check.warning("S1153", &rule_path(at, None), cause, cure);
        }
    }
}

/// All that a rule names: class, relation, direction.
fn cells(rule: &SharingRule) -> impl Iterator<Item = [usize; 3]> + '_ {
    rule.classes.iter().flat_map(move |class| {
        rule.between.iter().flat_map(move |relation| {
            let directions = rule.direction.iter();
            directions.map(|way| [*class as usize, *relation as usize, *way as usize])
        })
    })
}

/// S1154: somebody hands over at the echelons at which that counts (a warning).
fn check_s1154_echelons(check: &mut Check<'_>) {
    let sharing = &check.scenario.sharing;
    for (key, role, handling) in [
        ("gateway", Role::Gateway, &sharing.gateway),
        ("liaison", Role::Liaison, &sharing.liaison),
    ] {
        let units = check.scenario.units.iter();
        let mut with_role = units.filter(|unit| unit.roles.contains(&role));
        let counts = |unit: &UnitSpec| is_at(check, unit, handling);
        let all = Echelon::ALL.iter();
        let is_limited = all.into_iter().any(|it| !handling.echelons.contains(it));
        if is_limited && !with_role.any(counts) {
            let cause = format!("no unit with the role `{role:?}` stands at these echelons");
            let path = ["sharing".into(), key.into(), "echelons".into()];
            let cure = "add the echelon of a unit that has the role";
            check.warning("S1154", &path, cause, cure);
        }
    }
}

/// Whether a unit stands at an echelon at which it hands over: the larger of that of its force and
/// of the largest force that it commands.
fn is_at(check: &Check<'_>, unit: &UnitSpec, handling: &Handling) -> bool {
    let own = check.forces.force(&unit.force).map(|row| row.echelon);
    let rows = check.forces.rows.iter();
    let commanded = rows.filter(|row| row.command.as_deref() == Some(unit.id.as_str()));
    let largest: Option<Echelon> = commanded.map(|row| row.echelon).chain(own).max();
    largest.is_some_and(|echelon| handling.echelons.contains(&echelon))
}

/// S1148: labels name other nations of the scenario.
fn check_s1148_labels(check: &mut Check<'_>) {
    let rows = check.forces.rows.clone();
    let nations: BTreeSet<&str> = rows.iter().map(|row| row.nation.as_str()).collect();
    let scenario = check.scenario;
    for row in &rows {
        let path = force_path(&row.indices);
        // What is inherited stands, and is wrong, further up.
        let is_own = check.document_has(&path, "releasable_to");
        let label = row.releasable_to.as_ref().filter(|_| is_own);
        check_label(check, &path, label, (&row.nation, &nations));
    }
    for (at, unit) in scenario.units.iter().enumerate() {
        let path = ["units".into(), at.into()];
        let row = rows.iter().find(|row| row.id == unit.force);
        let nation = row.map_or("", |row| row.nation.as_str());
        let label = unit.releasable_to.as_ref();
        check_label(check, &path, label, (nation, &nations));
    }
}

/// Checks one label.
fn check_label(
    check: &mut Check<'_>,
    path: &[Step<'_>],
    label: Option<&Vec<String>>,
    (own, nations): (&str, &BTreeSet<&str>),
) {
    for (n, nation) in label.into_iter().flatten().enumerate() {
        let path = [path, &["releasable_to".into(), n.into()]].concat();
        let known = check.known("S1148", &path, "nation", nation, nations.iter().copied());
        if known && nation == own {
            let cause = format!("`{nation}` is the unit's own nation");
            let cure = "remove it: inside a nation everything is released";
            check.error("S1148", &path, cause, cure);
        }
    }
}
