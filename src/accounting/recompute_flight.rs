//! Deciding again what was decided about munitions in flight.

use std::collections::BTreeMap;

use glam::DVec2;

use super::{
    adjudication::{ImpactLine, LeaveLine, ShotResult},
    adjudication_flight::{CrewLine, DefenceLine, FlightLine, InterceptionLine, SightLine},
    recompute::{Recomputed, Reference},
};
use crate::{
    engagement::defend::defence_curve,
    kernel::{random::Stream, time::SimTime},
};

/// A look that saw a munition.
pub(super) fn check_sight(it: &SightLine, reference: &Reference<'_>, found: &mut Recomputed) {
    let [chance, ..] = it.glance.chances(&it.works);
    found.value("the chance of the look", it.probability, chance);
    let subject = reference.id(&it.observer);
    let subject = subject.map(|id| id.rotate_left(it.sensor + 1));
    let name = (Stream::Detection, [subject, Some(it.munition.0)]);
    found.draw("the draw of the look", &it.draw, name, reference.seed);
    found.result("whether it detects", true, it.draw.uniform < chance);
}

/// A crew's decision.
pub(super) fn check_crew(it: &CrewLine, reference: &Reference<'_>, found: &mut Recomputed) {
    let parties = [reference.id(&it.unit), Some(it.number.0)];
    let seed = reference.seed;
    let name = (Stream::Decision, parties);
    found.draw("the draw of the crew's answer", &it.draw, name, seed);
    let name = (Stream::Handling, parties);
    found.draw("the draw of the crew's time", &it.service_draw, name, seed);
    let answer = it.looks > 0 && it.draw.uniform >= it.caution;
    found.result("whether leave is given", it.leave.is_some(), answer);
    let key = it.service_draw.key();
    let computed = it.service.draw_s(seed, key.subject, key.object);
    found.value("the crew's time", it.takes_s, computed);
}

/// A defensive shot that was there.
pub(super) fn check_interception(
    it: &InterceptionLine,
    reference: &Reference<'_>,
    found: &mut Recomputed,
) {
    let spec = reference.catalogue.effector(&it.effector);
    let curve = spec.and_then(|spec| defence_curve(spec.defence.as_ref()?));
    let chance = curve.map_or(0.0, |curve| curve.at(it.distance_m));
    found.value("the probability", it.probability, chance);
    let parties = [reference.id(&it.unit), Some(it.munition.0)];
    let name = (Stream::Interception, parties);
    found.draw("the draw of the shot", &it.draw, name, reference.seed);
    let is_hit = it.is_there && it.draw.uniform < chance;
    found.result("whether it destroys the munition", it.is_hit, is_hit);
}

/// What crews allowed and fired so far.
#[derive(Default)]
pub(super) struct CrewBook<'log> {
    crews: BTreeMap<u64, &'log CrewLine>,
    shots: BTreeMap<(u64, u32), &'log DefenceLine>,
}

impl<'log> CrewBook<'log> {
    /// Takes a decision in.
    pub(super) fn take(&mut self, it: &'log CrewLine) {
        self.crews.insert(it.number.0, it);
    }

    /// Why a defensive shot should not have been fired; takes it in.
    pub(super) fn trouble_with_shot(&mut self, it: &'log DefenceLine) -> Option<String> {
        self.shots.insert((it.number.0, it.ordinal), it);
        let unit = &it.unit;
        let Some(crew) = self.crews.get(&it.number.0) else {
            return Some(format!("a defensive shot of {unit} was never decided on"));
        };
        let Some(leave) = crew.leave else {
            return Some(format!("a defensive shot of {unit} has no leave"));
        };
        let of = (&it.unit, &it.effector, it.munition);
        if of != (&crew.unit, &crew.effector, crew.munition) || it.ordinal > crew.shots {
            return Some(format!("a defensive shot of {unit} is not the one allowed"));
        }
        covers(&leave, it.place_m, it.time_us)
            .err()
            .map(|why| format!("a defensive shot of {unit} is {why}"))
    }

    /// Why a defensive shot should not have been there.
    pub(super) fn trouble_with_interception(&self, it: &InterceptionLine) -> Option<String> {
        let shot = self.shots.get(&(it.number.0, it.ordinal));
        let is_it = shot.is_some_and(|shot| {
            (&shot.unit, &shot.effector, shot.munition) == (&it.unit, &it.effector, it.munition)
                && shot.time_us <= it.time_us
        });
        (!is_it).then(|| format!("what {} intercepted with was never fired", it.unit))
    }
}

/// Whether leave covers a place at a time; says what it does not.
fn covers(leave: &LeaveLine, place_m: [f64; 2], at_us: u64) -> Result<(), &'static str> {
    if !(leave.from_us..=leave.until_us).contains(&at_us) {
        return Err("outside the time allowed");
    }
    let since_s = SimTime(at_us).since_s(SimTime(leave.from_us));
    let centre = DVec2::from(leave.centre_m) + DVec2::from(leave.drift_m_s) * since_s;
    if centre.distance(place_m.into()) > leave.radius_m {
        return Err("outside the area allowed");
    }
    Ok(())
}

/// Why a guided munition should not have arrived so.
pub(super) fn trouble_with_flight(
    impact: &ImpactLine,
    flight: &FlightLine,
    leave: Option<&LeaveLine>,
) -> Option<String> {
    let shooter = &impact.shooter;
    let is_intercepted = impact.result == ShotResult::Intercepted;
    if is_intercepted == flight.by.is_empty() {
        return Some(format!("nobody says who ended the munition of {shooter}"));
    }
    let has_arrived =
        impact.is_hit() || matches!(impact.result, ShotResult::Miss | ShotResult::NobodyThere);
    if !has_arrived {
        return None;
    }
    let Some(leave) = leave else {
        return Some(format!("a munition of {shooter} arrived without leave"));
    };
    covers(leave, flight.at_m, impact.time_us)
        .err()
        .map(|why| format!("a munition of {shooter} arrived {why}"))
}
