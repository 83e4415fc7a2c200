//! The rules for one vehicle: fence, endurance, terrain, windows, link.

use super::limits::Limits;
use super::timeline::{Phase, Sample, Timeline};
use super::world::World;
use crate::kernel::finding::Finding;
use crate::plan::fence::{depth_inside_m, distance_m, is_crossed_by};
use crate::plan::{Autopilot, MissionPlan};

/// How far inside the fence a vehicle stays, metres.
const FENCE_MARGIN_M: f64 = 5.0;

/// Looks at one vehicle.
pub(super) fn check(
    plan: &MissionPlan,
    way: &Timeline,
    world: &World<'_>,
    limits: &Limits,
    findings: &mut Vec<Finding>,
) {
    check_fence(plan, way, findings);
    check_ceiling(plan, way, findings);
    check_endurance(plan, way, findings);
    check_terrain(plan, way, limits, findings);
    check_windows(plan, way, findings);
    check_link(plan, way, world, findings);
}

/// The first sample of each leg that fails: one finding per leg says enough.
fn first_per_leg<'way>(
    way: &'way Timeline,
    fails: impl Fn(&Sample) -> bool + 'way,
) -> impl Iterator<Item = &'way Sample> {
    let mut last = None;
    way.samples.iter().filter(move |sample| {
        let is_new = last != Some(sample.leg) && fails(sample);
        if is_new {
            last = Some(sample.leg);
        }
        is_new
    })
}

/// Where a sample is, for a reader.
fn place(sample: &Sample) -> String {
    let Sample {
        at, leg, time_s, ..
    } = sample;
    format!(
        "leg {leg} at {:.5}, {:.5}, {time_s:.0} s",
        at.lat_deg, at.lon_deg
    )
}

/// P1101: inside the keep-in fence, outside every keep-out area, rally points too.
fn check_fence(plan: &MissionPlan, way: &Timeline, findings: &mut Vec<Finding>) {
    const CURE: &str = "move the waypoints, or change the fence if that is what is wrong";
    let fence = &plan.geofence;
    let is_out = |sample: &Sample| depth_inside_m(&fence.keep_in, sample.at) < FENCE_MARGIN_M;
    for sample in first_per_leg(way, is_out) {
        let inside_m = depth_inside_m(&fence.keep_in, sample.at);
        let cause = format!(
            "{} is {inside_m:.0} m inside the keep-in fence",
            place(sample)
        );
        findings.push(Finding::error("P1101", &plan.unit, cause, CURE));
    }
    for (number, area) in (1..).zip(&fence.keep_out) {
        let crossed = way
            .samples
            .windows(2)
            .find(|pair| is_crossed_by(area, pair[0].at, pair[1].at));
        if let Some(pair) = crossed {
            let cause = format!("{} is inside keep-out area {number}", place(&pair[1]));
            findings.push(Finding::error("P1101", &plan.unit, cause, CURE));
        }
    }
    for (number, point) in (1..).zip(&plan.rally) {
        let at = point.position();
        let is_kept = depth_inside_m(&fence.keep_in, at) >= FENCE_MARGIN_M
            && fence
                .keep_out
                .iter()
                .all(|area| depth_inside_m(area, at) <= -FENCE_MARGIN_M);
        if !is_kept {
            let cause = format!("rally point {number} is not inside the fence");
            findings.push(Finding::error("P1101", &plan.unit, cause, CURE));
        }
    }
}

/// P1102: below the fence's ceiling and not deeper than its depth.
fn check_ceiling(plan: &MissionPlan, way: &Timeline, findings: &mut Vec<Finding>) {
    const CURE: &str = "plan within the fence's heights, or change the fence";
    if let Some(ceiling_m) = plan.geofence.ceiling_m {
        for sample in first_per_leg(way, |sample| sample.height_m > ceiling_m) {
            let cause = format!(
                "{} is at {:.0} m, above the ceiling of {ceiling_m:.0} m",
                place(sample),
                sample.height_m
            );
            findings.push(Finding::error("P1102", &plan.unit, cause, CURE));
        }
    }
    if let Some(depth_m) = plan.geofence.depth_max_m {
        let depth = |sample: &Sample| sample.ground_m.max(0.0) - sample.height_m;
        for sample in first_per_leg(way, |sample| depth(sample) > depth_m) {
            let cause = format!(
                "{} is {:.0} m deep, below the limit of {depth_m:.0} m",
                place(sample),
                depth(sample)
            );
            findings.push(Finding::error("P1102", &plan.unit, cause, CURE));
        }
    }
}

/// P1103: back at the recovery site with the reserve left.
fn check_endurance(plan: &MissionPlan, way: &Timeline, findings: &mut Vec<Finding>) {
    let (start_s, end_s) = way.span_s();
    let (needed_s, usable_s) = (
        end_s - start_s,
        plan.endurance_s * (1.0 - plan.reserve_fraction),
    );
    if needed_s > usable_s {
        let cause = format!(
            "the plan takes {needed_s:.0} s, but {usable_s:.0} s of {:.0} s are left above a reserve \
             of {:.0} %",
            plan.endurance_s,
            plan.reserve_fraction * 100.0
        );
        let cure = "shorten the plan, go faster, or give part of it to another vehicle";
        findings.push(Finding::error("P1103", &plan.unit, cause, cure));
    }
    let ends_at = way
        .samples
        .last()
        .map_or(plan.launch.site.position(), |sample| sample.at);
    let away_m = distance_m(ends_at, plan.recovery.position());
    if away_m > 10.0 {
        let cause = format!("the plan ends {away_m:.0} m from its recovery site");
        findings.push(Finding::error(
            "P1103",
            &plan.unit,
            cause,
            "end the plan at the site",
        ));
    }
}

/// P1104: aircraft clear of the ground en route, divers of the bottom; P1112: boats on water, ground
/// vehicles on land.
fn check_terrain(plan: &MissionPlan, way: &Timeline, limits: &Limits, findings: &mut Vec<Finding>) {
    let is_under = matches!(plan.autopilot, Autopilot::ArdupilotSub | Autopilot::Imc);
    let is_boat = matches!(plan.autopilot, Autopilot::ArdupilotBoat | Autopilot::Moos);
    if is_boat {
        let is_shallow = |sample: &Sample| -sample.ground_m < limits.bottom_clearance_m;
        for sample in first_per_leg(way, is_shallow) {
            let cause = format!(
                "{} has {:.1} m of water under a boat, needs {:.1} m",
                place(sample),
                -sample.ground_m,
                limits.bottom_clearance_m
            );
            findings.push(Finding::error(
                "P1112",
                &plan.unit,
                cause,
                "route through deeper water",
            ));
        }
    } else if plan.autopilot.is_aerial() || is_under {
        let needed_m = if is_under {
            limits.bottom_clearance_m
        } else {
            limits.clearance_m
        };
        let is_low = |sample: &Sample| {
            let is_counted = is_under || sample.phase == Phase::EnRoute;
            is_counted && sample.height_m - sample.ground_m < needed_m
        };
        for sample in first_per_leg(way, is_low) {
            let cause = format!(
                "{} is {:.1} m above the ground, needs {needed_m:.0} m",
                place(sample),
                sample.height_m - sample.ground_m
            );
            let cure = "go higher (or less deep), or around";
            findings.push(Finding::error("P1104", &plan.unit, cause, cure));
        }
    } else {
        for sample in first_per_leg(way, |sample| sample.ground_m < 0.0) {
            let cause = format!(
                "{} is {:.1} m below the sea",
                place(sample),
                -sample.ground_m
            );
            findings.push(Finding::error(
                "P1112",
                &plan.unit,
                cause,
                "route over land",
            ));
        }
    }
}

/// P1108: every leg is over before its window closes.
fn check_windows(plan: &MissionPlan, way: &Timeline, findings: &mut Vec<Finding>) {
    for (number, (leg, &end_s)) in (1..).zip(plan.legs.iter().zip(&way.leg_ends_s)) {
        let number: usize = number;
        if let Some(window) = leg.window.filter(|window| end_s > window.not_after_s) {
            let cause = format!(
                "leg {number} is over at {end_s:.0} s, after its window closes at {:.0} s",
                window.not_after_s
            );
            let cure = "start earlier, go faster, or widen the window";
            findings.push(Finding::error("P1108", &plan.unit, cause, cure));
        }
    }
}

/// P1107: no longer out of touch than the plan allows; P1113: nobody knows.
fn check_link(plan: &MissionPlan, way: &Timeline, world: &World<'_>, findings: &mut Vec<Finding>) {
    let Some(need) = plan.link else { return };
    let Some(link) = world.link else {
        let cause = "link coverage was not checked";
        let cure = "check the plan together with its scenario";
        findings.push(Finding::warning("P1113", &plan.unit, cause, cure));
        return;
    };
    let mut lost_since: Option<&Sample> = None;
    let mut worst: Option<(&Sample, f64)> = None;
    for sample in &way.samples {
        let margin_db = link.margin_db(&plan.unit, sample.time_s, sample.at, sample.height_m);
        // Not a number counts as lost.
        if margin_db >= need.margin_min_db {
            lost_since = None;
            continue;
        }
        let since = *lost_since.get_or_insert(sample);
        let gap_s = sample.time_s - since.time_s;
        if gap_s > need.gap_max_s && worst.is_none_or(|(_, longest_s)| gap_s > longest_s) {
            worst = Some((since, gap_s));
        }
    }
    if let Some((since, gap_s)) = worst {
        let cause = format!(
            "the link is below {:.1} dB for {gap_s:.0} s from {}, more than {:.0} s",
            need.margin_min_db,
            place(since),
            need.gap_max_s
        );
        let cure = "go higher or nearer, add a relay, or allow a longer gap";
        findings.push(Finding::error("P1107", &plan.unit, cause, cure));
    }
}
