//! The story of one unit for people. See [`text`].

use std::fmt::Write as _;

use super::explain_desk::rule;
use super::explain_flight::{defend, fly};
use super::explain_story::{Engagement, Fate, Story};
use super::text::{clock, list, number};
use crate::accounting::adjudication::{
    CaughtLine, DrawLine, ImpactLine, LookLine, MetLine, PinLine, ProposalLine, ShotLine,
    ShotResult, Statement,
};
use crate::accounting::event::EventRow;
use crate::accounting::recompute::Recomputed;
use crate::engagement::Effect;
use crate::kernel::factor::Factor;
use crate::kernel::math;
use crate::kernel::time::SimTime;
use crate::platform::damage::Harm;

/// Statements of evidence that are told one by one.
const STATEMENTS: usize = 6;

/// Units about an aim that are named.
const NEAREST: usize = 3;

/// Log-odds below which a statement says nothing.
const SILENT: f64 = 0.005;

/// A number of things in words.
fn count(number: usize, word: &str) -> String {
    match number {
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    }
}

/// Adds a line, indented by so many steps. A string takes any text.
macro_rules! line {
    ($text:expr, $depth:expr, $($words:tt)*) => {
        $text.push_str(&"  ".repeat($depth));
        writeln!($text, $($words)*).unwrap_or_default();
    };
}

pub(super) use line;

/// The story, and what of the log was computed again.
pub(super) fn text(story: &Story<'_>, whole: &Recomputed) -> String {
    let mut text = String::new();
    head(&mut text, story);
    found(&mut text, story);
    for engagement in &story.against {
        text.push('\n');
        tell(&mut text, engagement, &story.unit.unit);
    }
    if !story.by.is_empty() {
        line!(text, 0, "\nWhat {} was to fire", story.unit.unit);
        for engagement in &story.by {
            text.push('\n');
            tell(&mut text, engagement, &story.unit.unit);
        }
    }
    defend(&mut text, &story.unit.unit, &story.defence);
    let own = &story.recomputed;
    line!(
        text,
        0,
        "\nRecomputed from seed, names and inputs: {} draws, {} probabilities and times, {} results: \
         the same.",
        own.draws,
        own.values,
        own.results
    );
    line!(
        text,
        0,
        "The whole log: {} draws, {} probabilities and times, {} results, among them that every shot \
         had leave: the same.",
        whole.draws,
        whole.values,
        whole.results
    );
    text
}

/// A time as hours, minutes and seconds.
pub(super) fn time(time_us: u64) -> String {
    clock(SimTime(time_us).as_s())
}

/// What became of the unit, and by what.
fn head(text: &mut String, story: &Story<'_>) {
    let unit = story.unit;
    let who = format!("{} ({}, {})", unit.unit, unit.side, unit.class);
    let lost = story.lost_us().map_or_else(String::new, time);
    let shots: usize = story.against.iter().map(|it| it.shots.len()).sum();
    let fate = match story.fate {
        Fate::DestroyedByShot => format!("was destroyed at {lost}"),
        Fate::DestroyedOtherwise => {
            format!("was lost at {lost}, to an event of the scenario and to no shot")
        }
        Fate::Damaged => format!("was damaged and survived; shots fired: {shots}"),
        Fate::Missed => format!("was shot at and not hit; shots fired: {shots}"),
        Fate::ShotAt => {
            format!("was not where it was shot at; shots fired: {shots}")
        }
        Fate::Spared => "was proposed as a target, and nobody fired".to_owned(),
        Fate::Untouched => "was never proposed as a target".to_owned(),
    };
    line!(text, 0, "{who} {fate}.");
    let leave = |impact: &ImpactLine| {
        let mut engagements = story.against.iter();
        let own = engagements.find(|it| it.impacts.iter().any(|it| core::ptr::eq(*it, impact)));
        own.and_then(|it| it.ruling).map(|it| it.desk.clone())
    };
    if let Some(impact) = story.last_blow() {
        let desk = leave(impact).unwrap_or_default();
        let draw = impact.draw.map_or(0.0, |draw| draw.uniform);
        let meant = match impact.target.as_str() {
            target if target == unit.unit => String::new(),
            "" => ", meant for what was a false alarm".to_owned(),
            other => format!(", meant for {other}"),
        };
        line!(
            text,
            0,
            "Why: shot {} of {} with {}{meant}, by leave of {desk}; p = {}, u = {} -> {}.",
            impact.ordinal,
            impact.shooter,
            impact.effector,
            number(impact.probability),
            number(draw),
            verdict(impact)
        );
    }
}

/// Who found the unit and who was told.
fn found(text: &mut String, story: &Story<'_>) {
    if story.events.is_empty() {
        return;
    }
    line!(text, 0, "\nHow it was found, and what happened to it");
    for row in &story.events {
        let side = story.side_of(&row.subject);
        line!(text, 1, "{}  {}", time(row.time_us), event(row, side));
        let is_it = |look: &&&LookLine| {
            row.kind == "detection" && look.time_us == row.time_us && look.observer == row.subject
        };
        if let Some(look) = story.looks.iter().find(is_it) {
            line!(
                text,
                4,
                "a look of its sensor {} from {} m: p = {}, u = {} < p ({})",
                look.sensor,
                number(look.glance.range_m),
                number(look.probability),
                number(look.draw.uniform),
                name(&look.draw)
            );
            veils(text, look);
        }
        let is_it = |it: &&&CaughtLine| {
            row.kind == "detection" && it.time_us == row.time_us && it.observer == row.subject
        };
        if let Some(it) = story.caught.iter().find(is_it) {
            line!(
                text,
                4,
                "{}: p = {}, u = {} < p ({})",
                it.act.words(),
                number(it.probability),
                number(it.draw.uniform),
                name(&it.draw)
            );
        }
    }
}

/// What stood between eye and body, where anything did.
fn veils(text: &mut String, look: &LookLine) {
    if look.glance.cover < 1.0 {
        let factors = look.glance.factors(&look.works);
        let words = factors.map(|it| format!("{} {}", it.name, number(it.value)));
        line!(text, 4, "p is {}", words.join(" × "));
    }
    if look.glance.open < 1.0 {
        let hidden = number(1.0 - look.glance.open);
        line!(
            text,
            4,
            "unresolved relief hides it with p = {hidden}, and did not"
        );
    }
}

/// An event in words.
fn event(row: &EventRow, side: &str) -> String {
    let who = &row.subject;
    match row.kind.as_ref() {
        "detection" => format!("{who} was the first of {side} to detect it"),
        "track" => format!("{who} had the first confirmed track of {side} on it"),
        "shared" => match row.detail.strip_prefix("from=") {
            Some(from) => format!("the track reached {who}, which decides, from {from}"),
            None => format!("{who}, which decides, had the track itself"),
        },
        "damage" => format!("it was damaged: {}", row.detail.replace('=', " = ")),
        _ => "it was lost".to_owned(),
    }
}

/// The name of a draw: stream, subject, object, number.
pub(super) fn name(draw: &DrawLine) -> String {
    let (subject, object) = (draw.subject.0, draw.object.0);
    format!(
        "draw {:?}/{subject:016x}/{object:016x}/{}",
        draw.stream, draw.n
    )
}

/// One engagement in order.
fn tell(text: &mut String, engagement: &Engagement<'_>, unit: &str) {
    if let Some(proposal) = engagement.proposal {
        propose(text, proposal, unit);
    }
    match engagement.ruling {
        Some(ruling) => rule(text, ruling),
        None => {
            line!(text, 1, "no ruling before the end of the run");
        }
    }
    for shot in &engagement.shots {
        fire(text, shot);
        fly(text, engagement, shot);
        let is_its = |it: &&&ImpactLine| it.ordinal == shot.ordinal;
        match engagement.impacts.iter().find(is_its) {
            Some(impact) => arrive(text, impact),
            None => {
                line!(text, 3, "in flight when the run ended");
            }
        }
    }
    if engagement.shots.is_empty() && engagement.ruling.is_some_and(|it| it.leave.is_some()) {
        line!(text, 1, "no shot was fired under this leave");
    }
}

/// A proposal with its evidence.
fn propose(text: &mut String, it: &ProposalLine, unit: &str) {
    let target = match it.target.as_str() {
        "" => "a false alarm",
        target if target == unit => unit,
        other => other,
    };
    line!(
        text,
        0,
        "Engagement {:016x}: {} with {} at {target}",
        it.proposal.0,
        it.shooter,
        it.effector
    );
    line!(
        text,
        1,
        "{}  proposed by {}: its track {}, taken for {:?}, hostile with confidence {}, place known to \
         {} m, at most {}",
        time(it.time_us),
        it.post,
        it.track,
        it.believed,
        number(it.confidence),
        number(it.sigma_m),
        count(it.shots as usize, "shot")
    );
    let Some(evidence) = &it.evidence else {
        line!(
            text,
            4,
            "evidence: none needed, the planner reads the truth"
        );
        return;
    };
    line!(
        text,
        4,
        "evidence: {} of its own sensors; log-odds that it is hostile:",
        count(evidence.own_hits as usize, "look")
    );
    let says = |it: &&Statement| it.hostile_llr.abs() >= SILENT;
    let mut said: Vec<&Statement> = evidence.statements.iter().filter(says).collect();
    said.sort_by(|a, b| b.hostile_llr.abs().total_cmp(&a.hostile_llr.abs()));
    for statement in said.iter().take(STATEMENTS) {
        let (from, how) = (&statement.from, &statement.how);
        line!(text, 5, "{from}, {how}: {:+.2}", statement.hostile_llr);
    }
    let more = said.len().saturating_sub(STATEMENTS);
    let silent = evidence.statements.len() - said.len();
    if more + silent > 0 {
        line!(text, 5, "{more} more, and {silent} that say nothing of it");
    }
}

/// A shot.
fn fire(text: &mut String, shot: &ShotLine) {
    line!(
        text,
        1,
        "{}  {} fired shot {}: {} with {}",
        time(shot.time_us),
        shot.shooter,
        shot.ordinal,
        count(shot.rounds as usize, "round"),
        shot.effector
    );
}

/// Whom an impact pinned down.
fn pin(text: &mut String, impact: &ImpactLine) {
    let name_one = |pin: &PinLine| format!("{} by {} s", pin.unit, number(pin.adds_s));
    let mut who: Vec<String> = impact.pinned.iter().take(NEAREST).map(name_one).collect();
    if impact.pinned.len() > NEAREST {
        who.push(format!("{} more", impact.pinned.len() - NEAREST));
    }
    if !who.is_empty() {
        line!(text, 4, "pinned down: {}", list(&who));
    }
}

/// What a shot did, and why.
fn arrive(text: &mut String, impact: &ImpactLine) {
    meet(text, impact);
    pin(text, impact);
}

/// A shot that met nobody.
fn nobody(text: &mut String, impact: &ImpactLine) {
    let at = time(impact.time_us);
    let reach = number(impact.fall.reach_m());
    match impact.result {
        ShotResult::Recalled => {
            line!(text, 3, "{at}  called off in flight");
        }
        ShotResult::Intercepted => {
            let by = impact.flight.as_ref().map_or("", |flight| &flight.by);
            line!(text, 3, "{at}  destroyed in flight by {by}");
        }
        ShotResult::Spent => {
            line!(text, 3, "{at}  could not fly as far as its target went");
        }
        _ => {
            line!(
                text,
                3,
                "{at}  arrived: nobody it could meet within {reach} m of the aim"
            );
        }
    }
}

/// Whom a shot met, and what came of it.
fn meet(text: &mut String, impact: &ImpactLine) {
    let at = time(impact.time_us);
    let reach = number(impact.fall.reach_m());
    if impact.victim.is_empty() {
        return nobody(text, impact);
    }
    let mut met: Vec<&MetLine> = impact.met.iter().collect();
    met.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
    let name_one = |met: &&MetLine| format!("{} at {} m", met.unit, number(met.distance_m));
    let mut who: Vec<String> = met.iter().take(NEAREST).map(name_one).collect();
    if met.len() > NEAREST {
        who.push(format!("{} more", met.len() - NEAREST));
    }
    line!(
        text,
        3,
        "{at}  arrived; within {reach} m of the aim: {}; it met {}",
        list(&who),
        impact.victim
    );
    let range_m = impact.effect.as_ref().map_or(0.0, |it| it.range_m);
    let protection = impact.protection.map(|it| format!("{it:?}"));
    line!(
        text,
        4,
        "range {} m, protection {}{}: p = {}",
        number(range_m),
        protection.unwrap_or_default(),
        impact.effect.as_ref().map_or_else(String::new, came),
        product_of(&impact.factors, impact.probability)
    );
    let (Some(effect), Some(draw)) = (&impact.effect, &impact.draw) else {
        return;
    };
    let bounds = effect.bounds().map(|(harm, bound)| {
        let what = match harm {
            Harm::Catastrophic => "destroyed",
            Harm::Firepower => "cannot fire",
            Harm::Mobility => "cannot move",
            Harm::Sensor => "blind",
            Harm::Radio => "off the air",
        };
        format!("{what} below {}", number(bound))
    });
    line!(text, 4, "{}, missed above", bounds.join(", "));
    line!(
        text,
        4,
        "u = {} -> {} ({})",
        number(draw.uniform),
        verdict(impact),
        name(draw)
    );
}

/// How a round came in, in words.
fn came(effect: &Effect) -> String {
    let arrival = &effect.arrival;
    let turn_rad = math::wrap_pi(arrival.from_rad - arrival.heading_rad);
    let hand = if turn_rad < 0.0 { "left" } else { "right" };
    let halted = arrival.halted_s.map_or_else(
        || "moving".to_owned(),
        |s| format!("standing for {} s", number(s)),
    );
    format!(
        ", from {}° on the {hand} of its bow, {}° steep, {halted}",
        number(turn_rad.abs().to_degrees()),
        number(arrival.dive_rad.to_degrees())
    )
}

/// A probability as the product of its factors.
fn product_of(factors: &[Factor], probability: f64) -> String {
    let parts: Vec<String> = factors
        .iter()
        .map(|factor| format!("{} ({})", number(factor.value), factor.name))
        .collect();
    format!("{} = {}", parts.join(" x "), number(probability))
}

/// What a shot did, in words.
fn verdict(impact: &ImpactLine) -> String {
    let what = match impact.result {
        ShotResult::NobodyThere => "nobody there",
        ShotResult::Recalled => "called off",
        ShotResult::Intercepted => "destroyed in flight",
        ShotResult::Spent => "spent",
        ShotResult::Miss => "missed",
        ShotResult::Radio => "its radios are dead",
        ShotResult::Sensor => "its sensors are blind",
        ShotResult::Mobility => "it cannot move any more",
        ShotResult::Firepower => "it cannot fire any more",
        ShotResult::Catastrophic => "destroyed",
    };
    let worse = match (impact.result, impact.before) {
        (ShotResult::Mobility, Some(before)) if impact.is_destroyed && !before.can_fire => {
            ", nor could it fire before: lost"
        }
        (ShotResult::Firepower, Some(before)) if impact.is_destroyed && !before.can_move => {
            ", nor could it move before: lost"
        }
        (ShotResult::Mobility | ShotResult::Firepower, _) if impact.is_destroyed => {
            ", and with another shot of the same moment it is lost"
        }
        _ => "",
    };
    format!("{what}{worse}")
}
