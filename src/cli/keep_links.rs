//! Where the vehicles of a plan are out of touch, and relays that help. See [`keep_links`].

use std::sync::Arc;

use super::{error::CliError, safety};
use crate::app::{OutOfTouch, PlanCoverage, relays};
use crate::plan::{MissionPlan, PlanSet, Position};
use crate::platform::class::Catalogue;
use crate::preflight::{Limits, Sample, Timeline};
use crate::scenario::load::LoadedScenario;

/// Longest stretch out of touch that counts as one place to be joined, s (notional, 60 to 300): a
/// vehicle at 20 m/s goes 2.4 km.
const STRETCH_S: f64 = 120.0;

/// Adds relays to a plan: free aircraft that pass messages on, where vehicles of the plan would lose
/// touch with their post. Says who relays, and who is given up.
///
/// # Errors
/// If the world of the scenario cannot be built.
pub(super) fn keep_links(
    set: &mut PlanSet,
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
) -> Result<(), CliError> {
    let coverage = PlanCoverage::new(set, loaded, catalogue)?;
    let gaps: Vec<OutOfTouch> = set
        .plans
        .iter()
        .flat_map(|plan| out_of_touch(plan, &coverage, loaded))
        .collect();
    if gaps.is_empty() {
        set.why
            .push("Everybody stays in touch without relays.".into());
        return Ok(());
    }
    let relayed = relays(set, &gaps, loaded, catalogue)?;
    set.why.extend(relayed.why);
    set.plans.extend(relayed.plans);
    set.plans.sort_by(|a, b| a.unit.cmp(&b.unit));
    Ok(())
}

/// The stretches of a plan below the margin that it asks for, cut where they are long.
fn out_of_touch(
    plan: &MissionPlan,
    coverage: &PlanCoverage,
    loaded: &LoadedScenario,
) -> Vec<OutOfTouch> {
    let Some(need) = plan.link else {
        return Vec::new();
    };
    let ground = |at: Position| safety::ground_m(loaded, at);
    let Some(way) = Timeline::of(plan, &ground, &Limits::default()) else {
        return Vec::new();
    };
    let is_lost = |sample: &Sample| {
        let margin_db = coverage.margin_db(&plan.unit, sample.at, sample.height_m);
        // Not a number counts as lost.
        !matches!(
            margin_db.partial_cmp(&need.margin_min_db),
            Some(core::cmp::Ordering::Greater | core::cmp::Ordering::Equal)
        )
    };
    let lost = way.samples.iter().map(|sample| (is_lost(sample), sample));
    stretches(&plan.unit, lost)
}

/// Stretches of samples that are lost, each at its first place.
fn stretches<'a>(unit: &str, samples: impl Iterator<Item = (bool, &'a Sample)>) -> Vec<OutOfTouch> {
    let mut found: Vec<OutOfTouch> = Vec::new();
    let mut is_open = false;
    for (is_lost, sample) in samples {
        let last = found.last_mut().filter(|_| is_open);
        let grown_s = last.map_or(0.0, |gap| {
            let begin_s = gap.until_s - gap.for_s;
            gap.until_s = sample.time_s;
            gap.for_s = sample.time_s - begin_s;
            gap.for_s
        });
        if is_lost && (!is_open || grown_s >= STRETCH_S) {
            found.push(OutOfTouch {
                unit: unit.to_owned(),
                at: sample.at,
                height_m: sample.height_m,
                for_s: 0.0,
                until_s: sample.time_s,
            });
        }
        is_open = is_lost;
    }
    found.retain(|gap| gap.for_s > 0.0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::Phase;

    #[test]
    fn stretches_begin_and_end_with_the_loss_and_long_ones_are_cut() {
        let samples: Vec<Sample> = (0..40_u32)
            .map(|n| Sample {
                time_s: 10.0 * f64::from(n),
                at: Position {
                    lat_deg: 48.0 + f64::from(n),
                    lon_deg: 11.0,
                },
                height_m: 500.0,
                ground_m: 400.0,
                leg: 1,
                phase: Phase::EnRoute,
            })
            .collect();
        let is_lost = |n: usize| n == 2 || (10..30).contains(&n);
        let marked = samples.iter().enumerate().map(|(n, it)| (is_lost(n), it));
        let found = stretches("uav", marked);
        let spans: Vec<(f64, f64)> = found.iter().map(|it| (it.for_s, it.until_s)).collect();
        assert_eq!(spans, [(10.0, 30.0), (120.0, 220.0), (80.0, 300.0)]);
        assert!((found[1].at.lat_deg - 58.0).abs() < 1e-9);
    }
}
