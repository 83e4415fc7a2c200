//! Rules about desks and doctrines.

use super::check::Check;
use super::networks::check_service;
use crate::scenario::schema::Role;
use crate::scenario::tree::Step;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1155_desks(check);
    check_s1160_doctrines(check);
}

/// S1155: a desk stands at a unit that exists. S1156: that unit has the role `Command`. S1157: its
/// numbers are sound.
fn check_s1155_desks(check: &mut Check<'_>) {
    for (at, desk) in check.scenario.desks.iter().enumerate() {
        let path = |key: &'static str| [Step::Key("desks"), at.into(), Step::Key(key)];
        check.known_unit("S1155", &path("at"), &desk.at);
        if !check.has_role(&desk.at, Role::Command) {
            let cause = format!("the desk at `{}` stands at no command post", desk.at);
            check.error("S1156", &path("at"), cause, "add `Command` to its `roles`");
        }
        let numbers = [
            ("operators", f64::from(desk.operators), (1.0, 100.0)),
            ("accept_confidence", desk.accept_confidence, (0.0, 1.0)),
            (
                "authorisation_valid_s",
                desk.authorisation_valid_s,
                (1.0, 86_400.0),
            ),
            ("proposal_valid_s", desk.proposal_valid_s, (1.0, 86_400.0)),
            ("lost_link_s", desk.lost_link_s, (5.0, 3600.0)),
        ];
        for (key, value, range) in numbers {
            check.range("S1157", &path(key), key, value, range);
        }
        check_service("S1157", check, &["desks".into(), at.into()], desk.service);
    }
}

/// S1160: a doctrine's numbers are sound.
fn check_s1160_doctrines(check: &mut Check<'_>) {
    for (at, doctrine) in check.scenario.doctrines.iter().enumerate() {
        let numbers = [
            ("engage_confidence", doctrine.engage_confidence, (0.0, 1.0)),
            (
                "engage_sigma_max_m",
                doctrine.engage_sigma_max_m,
                (1.0, 100_000.0),
            ),
            (
                "rounds_per_target_max",
                f64::from(doctrine.rounds_per_target_max),
                (1.0, 10_000.0),
            ),
            (
                "break_off_fraction",
                doctrine.break_off_fraction,
                (0.0, 1.0),
            ),
            ("plan_interval_s", doctrine.plan_interval_s, (1.0, 86_400.0)),
            ("contact_wait_s", doctrine.contact_wait_s, (0.0, 86_400.0)),
            ("consolidate_s", doctrine.consolidate_s, (0.0, 86_400.0)),
            ("emitter_worth", doctrine.emitter_worth, (0.01, 100.0)),
            (
                "exposure_price_s",
                doctrine.exposure_price_s,
                (0.0, 100_000.0),
            ),
        ];
        for (key, value, range) in numbers {
            check.range(
                "S1160",
                &["doctrines".into(), at.into(), key.into()],
                key,
                value,
                range,
            );
        }
    }
}
