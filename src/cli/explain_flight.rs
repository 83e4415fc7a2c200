//! The story of munitions in flight for people. See [`fly`] and [`defend`].

use std::fmt::Write as _;

use super::explain_story::{Defence, Engagement};
use super::explain_text::{line, name, time};
use super::text::number;
use crate::accounting::adjudication::{CrewLine, InterceptionLine, ShotLine};
use crate::kernel::time::SimTime;

/// What happened to a guided munition on its way.
pub(super) fn fly(text: &mut String, engagement: &Engagement<'_>, shot: &ShotLine) {
    let Some(munition) = shot.munition else {
        return;
    };
    let told = engagement.guidance.iter();
    for it in told.filter(|it| it.ordinal == shot.ordinal) {
        let age_s = SimTime(it.time_us).since_s(SimTime(it.as_of_us));
        line!(
            text,
            3,
            "{}  in flight: told for the {}. time where its target is, as of {} s before",
            time(it.time_us),
            it.updates,
            number(age_s)
        );
    }
    let shots = engagement.interceptions.iter();
    for it in shots.filter(|it| it.munition == munition) {
        intercept(text, it);
    }
}

/// A defensive shot that was there.
fn intercept(text: &mut String, it: &InterceptionLine) {
    let what = match (it.is_there, it.is_hit) {
        (false, _) => "the munition was gone",
        (_, true) => "it destroyed the munition",
        _ => "it missed",
    };
    line!(
        text,
        3,
        "{}  {} fired at munition {:016x} with {} from {} m, shot {}: p = {}, u = {} -> {what} ({})",
        time(it.time_us),
        it.unit,
        it.munition.0,
        it.effector,
        number(it.distance_m),
        it.ordinal,
        number(it.probability),
        number(it.draw.uniform),
        name(&it.draw)
    );
}

/// A crew's decision.
fn decide(text: &mut String, it: &CrewLine) {
    let answer = match &it.leave {
        Some(leave) => format!("gave leave until {}", time(leave.until_us)),
        None if it.looks == 0 => "had lost it and gave no leave".to_owned(),
        None => "gave no leave".to_owned(),
    };
    line!(
        text,
        1,
        "{}  the crew of {} {answer} for munition {:016x}, seen {} times, {} s after it came up",
        time(it.time_us),
        it.effector,
        it.munition.0,
        it.looks,
        number(it.waited_s)
    );
    line!(
        text,
        4,
        "u = {} against {} of caution ({}); time taken {} s ({})",
        number(it.draw.uniform),
        it.caution,
        name(&it.draw),
        number(it.takes_s),
        name(&it.service_draw)
    );
}

/// What the crews of a unit did against munitions.
pub(super) fn defend(text: &mut String, unit: &str, defence: &Defence<'_>) {
    if defence.sights.is_empty() {
        return;
    }
    line!(
        text,
        0,
        "\nWhat the crews of {unit} did against munitions in flight"
    );
    for it in &defence.sights {
        line!(
            text,
            1,
            "{}  munition {:016x} seen from {} m: p = {}, u = {} ({})",
            time(it.time_us),
            it.munition.0,
            number(it.glance.range_m),
            number(it.probability),
            number(it.draw.uniform),
            name(&it.draw)
        );
    }
    for it in &defence.crews {
        decide(text, it);
    }
    for it in &defence.interceptions {
        intercept(text, it);
    }
}
