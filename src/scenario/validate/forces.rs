//! Rules about sides and the order of battle.

use super::check::Check;
use super::general::force_path;
use crate::scenario::order_of_battle::ForceRow;
use crate::scenario::schema::Role;
use crate::scenario::tree::Step;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1113_hostility(check);
    check_s1114_mutual(check);
    check_s1115_desks(check);
    for row in check.forces.rows.clone() {
        let path = force_path(&row.indices);
        check_s1120_side(check, &row, &path);
        check_s1121_complete(check, &row, &path);
        check_s1122_echelon(check, &row, &path);
        check_s1123_command(check, &row, &path);
        check_s1125_doctrine(check, &row, &path);
    }
}

/// S1113: hostility is to another side that exists.
fn check_s1113_hostility(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, side) in scenario.sides.iter().enumerate() {
        for (n, other) in side.hostile_to.iter().enumerate() {
            let path = ["sides".into(), at.into(), "hostile_to".into(), n.into()];
            let known = check.known_side("S1113", &path, other);
            if known && *other == side.id {
                let cause = format!("`{other}` is hostile to itself");
                check.error("S1113", &path, cause, "name another side");
            }
        }
    }
}

/// S1114: hostility is mutual.
fn check_s1114_mutual(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, side) in scenario.sides.iter().enumerate() {
        for other in side
            .hostile_to
            .iter()
            .filter_map(|id| scenario.sides.iter().find(|other| other.id == *id))
        {
            if !other.hostile_to.contains(&side.id) {
                let cause = format!(
                    "`{}` is hostile to `{}` but not in return",
                    side.id, other.id
                );
                let path = ["sides".into(), at.into(), "hostile_to".into()];
                let cure = format!("add `{}` to `hostile_to` of `{}`", side.id, other.id);
                check.error("S1114", &path, cause, cure);
            }
        }
    }
}

/// S1115: a side with enemies has a desk, or it never fires (a warning).
fn check_s1115_desks(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, side) in scenario.sides.iter().enumerate() {
        let has_desk = scenario.desks.iter().any(|desk| {
            check.unit(&desk.at).and_then(|unit| check.side_of(unit)) == Some(&side.id)
        });
        if !side.hostile_to.is_empty() && !has_desk {
            let cause = format!("`{}` has enemies but no desk, so it never fires", side.id);
            check.warning(
                "S1115",
                &["sides".into(), at.into()],
                cause,
                "add one under `desks`",
            );
        }
    }
}

/// S1120: a force's side exists and is its superior's.
fn check_s1120_side(check: &mut Check<'_>, row: &ForceRow, path: &[Step<'_>]) {
    let path = [path, &["side".into()]].concat();
    if !row.side.is_empty() && !check.known_side("S1120", &path, &row.side) {
        return;
    }
    if let Some(superior) = row.superior {
        let above = check.forces.rows[superior].clone();
        if above.side != row.side {
            let cause = format!(
                "`{}` is not of the side of its superior `{}`",
                row.id, above.id
            );
            check.error("S1120", &path, cause, "remove `side`: it is inherited");
        }
    }
}

/// S1121: a top force names side, nation and service.
fn check_s1121_complete(check: &mut Check<'_>, row: &ForceRow, path: &[Step<'_>]) {
    if row.superior.is_some() {
        return;
    }
    for (key, value) in [
        ("side", &row.side),
        ("nation", &row.nation),
        ("service", &row.service),
    ] {
        if value.is_empty() {
            let cause = format!("the top force `{}` names no {key}", row.id);
            check.error("S1121", path, cause, format!("add `{key}`"));
        }
    }
}

/// S1122: a force is no larger than its superior.
fn check_s1122_echelon(check: &mut Check<'_>, row: &ForceRow, path: &[Step<'_>]) {
    let Some(superior) = row.superior else { return };
    let above = check.forces.rows[superior].clone();
    if row.echelon > above.echelon {
        let cause = format!(
            "`{}` is a {:?} under `{}`, a {:?}",
            row.id, row.echelon, above.id, above.echelon
        );
        let path = [path, &["echelon".into()]].concat();
        check.error("S1122", &path, cause, "make it smaller, or move it up");
    }
}

/// S1123 and S1124: the command post exists, has the role `Command` and is of the same side.
fn check_s1123_command(check: &mut Check<'_>, row: &ForceRow, path: &[Step<'_>]) {
    let own = check.document_has(path, "command");
    let Some(command) = row.command.as_ref().filter(|_| own) else {
        return;
    };
    let path = [path, &["command".into()]].concat();
    if !check.known_unit("S1123", &path, command) {
        return;
    }
    if !check.has_role(command, Role::Command) {
        let cause = format!(
            "`{command}` commands `{}` without the role `Command`",
            row.id
        );
        check.error("S1124", &path, cause, "add `Command` to its `roles`");
    }
    let side = check.unit(command).and_then(|unit| check.side_of(unit));
    if side.is_some_and(|side| side != row.side) {
        let cause = format!("`{command}` is not of the side of `{}`", row.id);
        check.error("S1124", &path, cause, "name a unit of the same side");
    }
}

/// S1125: the doctrine exists.
fn check_s1125_doctrine(check: &mut Check<'_>, row: &ForceRow, path: &[Step<'_>]) {
    let own = check.document_has(path, "doctrine");
    let Some(doctrine) = row.doctrine.as_ref().filter(|_| own) else {
        return;
    };
    let path = [path, &["doctrine".into()]].concat();
    super::orders::known_doctrine(check, "S1125", &path, doctrine);
}
