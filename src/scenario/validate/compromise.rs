//! Rules about nodes in other hands.

use super::check::Check;
use crate::scenario::schema::{Injection, Listening, Lying, Role};
use crate::scenario::tree::Step;

/// Longest time of what follows a compromise, s: a day.
const TIME_MAX_S: f64 = 86_400.0;

/// Shortest time between two claims, s.
const CLAIM_MIN_S: f64 = 1.0;

/// S1176: the unit exists. S1179: something is done with its node, by numbers that make sense.
pub(super) fn check(check: &mut Check<'_>, path: &[Step<'_>], inject: &Injection) {
    let Injection::Compromise {
        unit,
        listens,
        drops,
        lies,
        excluded_after_s,
    } = inject
    else {
        return;
    };
    let below = |key: &'static str| [path, &[Step::Key(key)]].concat();
    if check.known_unit("S1176", &below("unit"), unit) {
        check_s1179_node(check, path, unit);
        if let Some(listening) = listens {
            check_s1179_listening(check, &below("listens"), (unit, listening));
        }
    }
    check.range("S1179", &below("drops"), "drops", *drops, (0.0, 1.0));
    if let Some(lying) = lies {
        check_s1179_lying(check, &below("lies"), lying);
    }
    if let Some(after_s) = excluded_after_s {
        let (path, key) = (below("excluded_after_s"), "excluded_after_s");
        check.range("S1179", &path, key, *after_s, (0.0, TIME_MAX_S));
    }
    let is_idle = listens.is_none() && lies.is_none() && *drops <= 0.0;
    if is_idle && excluded_after_s.is_none() {
        let cause = "nothing is done with the node";
        let cure = "give it `listens`, `drops` or `lies`, or set `enabled: false`";
        check.error("S1179", path, cause, cure);
    }
}

/// S1179 for a unit that is no node of any network.
fn check_s1179_node(check: &mut Check<'_>, path: &[Step<'_>], name: &str) {
    if check
        .unit(name)
        .is_some_and(|unit| unit.networks.is_empty())
    {
        let cause = format!("`{name}` is in no network");
        check.error("S1179", path, cause, "name a unit with `networks`");
    }
}

/// S1179 for whom a node tells: a command post of a side that is hostile to the node's.
fn check_s1179_listening(
    check: &mut Check<'_>,
    path: &[Step<'_>],
    (name, listening): (&str, &Listening),
) {
    let below = |key: &'static str| [path, &[Step::Key(key)]].concat();
    let delay_s = listening.delay_s;
    let delay = below("delay_s");
    check.range("S1179", &delay, "delay_s", delay_s, (0.0, TIME_MAX_S));
    let to = listening.to.as_str();
    if !check.known_unit("S1179", &below("to"), to) {
        return;
    }
    let side = |name: &str| {
        let unit = check.unit(name)?;
        check.side_of(unit).map(str::to_owned)
    };
    let (Some(own), Some(other)) = (side(name), side(to)) else {
        return;
    };
    let mut sides = check.scenario.sides.iter();
    let is_hostile = sides.any(|it| {
        it.id == own && it.hostile_to.contains(&other)
            || it.id == other && it.hostile_to.contains(&own)
    });
    if !is_hostile || !check.has_role(to, Role::Command) {
        let cause = format!("`{to}` is no command post of a side that is hostile to `{own}`");
        check.error("S1179", &below("to"), cause, "name one that is");
    }
}

/// S1179, S1111 and S1112 for what a node claims to see.
fn check_s1179_lying(check: &mut Check<'_>, path: &[Step<'_>], lying: &Lying) {
    let below = |key: &'static str| [path, &[Step::Key(key)]].concat();
    check.check_area(&below("area_m"), &lying.area_m);
    let interval_s = lying.interval_s;
    let path = below("interval_s");
    let range = (CLAIM_MIN_S, TIME_MAX_S);
    check.range("S1179", &path, "interval_s", interval_s, range);
}
