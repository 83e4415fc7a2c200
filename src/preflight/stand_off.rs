//! Distance from everything that is not friendly.
//!
//! The check is in the plane: height gives nobody room, because a track's height is the least known
//! part of it.

use super::limits::Limits;
use super::timeline::Timeline;
use crate::kernel::finding::Finding;
use crate::plan::fence::{distance_m, offset_m};
use crate::plan::{LegKind, MissionPlan, Pointing, Position};

/// P1106: no part of the way, no rally point and no site is within the stand-off of a track. P1111:
/// no place to look at is, because the file would then hold where a track is.
pub(super) fn check(
    plan: &MissionPlan,
    way: &Timeline,
    tracks: &[Position],
    limits: &Limits,
    findings: &mut Vec<Finding>,
) {
    let needed_m = limits.stand_off_m();
    let mut nearest_by_leg: Vec<f64> = vec![f64::INFINITY; plan.legs.len() + 1];
    for &track in tracks {
        for pair in way.samples.windows(2) {
            let near_m = distance_to_way_m(track, pair[0].at, pair[1].at);
            let nearest_m = &mut nearest_by_leg[pair[1].leg];
            *nearest_m = nearest_m.min(near_m);
        }
    }
    for (leg, near_m) in nearest_by_leg.into_iter().enumerate() {
        if near_m < needed_m {
            let cause = format!(
                "leg {leg} comes within {near_m:.0} m of a track that is not friendly, needs \
                 {needed_m:.0} m"
            );
            findings.push(Finding::error(
                "P1106",
                &plan.unit,
                cause,
                "keep further away",
            ));
        }
    }
    let is_near = |at: Position| tracks.iter().any(|&track| distance_m(track, at) < needed_m);
    for (number, point) in (1..).zip(&plan.rally) {
        if is_near(point.position()) {
            let number: usize = number;
            let cause = format!("rally point {number} is near a track that is not friendly");
            findings.push(Finding::error(
                "P1106",
                &plan.unit,
                cause,
                "choose another point",
            ));
        }
    }
    for (number, leg) in (1..).zip(&plan.legs) {
        let number: usize = number;
        let LegKind::Sense {
            pointing: Pointing::At(point),
            ..
        } = leg.kind
        else {
            continue;
        };
        if is_near(point.position()) {
            let cause = format!("leg {number} looks at a track that is not friendly");
            let cure = "look along an angle or straight down: no exported file holds a track";
            findings.push(Finding::error("P1111", &plan.unit, cause, cure));
        }
    }
}

/// Distance from a track to the straight way between two samples, metres.
fn distance_to_way_m(track: Position, from: Position, to: Position) -> f64 {
    let (from, to) = (offset_m(track, from), offset_m(track, to));
    let along = to - from;
    let length2 = along.length_squared();
    let share = if length2 > 0.0 {
        (-from.dot(along) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (from + along * share).length()
}
