//! What a planner could get at most who knows the whole course but for luck. See
//! [`clairvoyant_bound`].

use super::course::Engagement;
use super::prices::{Demand, common, walk};

/// Steps of the walk to good prices.
const STEPS: u32 = 3000;

/// An upper bound, in points, on the value that any policy destroys on average over the luck of
/// shots, even one that knows beforehand when every target comes and leaves.
///
/// It is the dual of the linear programme over expected rounds (see the module `prices`): a
/// shooter's rounds are limited by its magazine and by how often it can reload in the whole course,
/// a target's chance of destruction by as many rounds as everybody can fire at it while it stays.
/// That targets that are there together share a shooter's time is left out, so the bound is not
/// always reached.
#[must_use]
pub fn clairvoyant_bound(course: &Engagement) -> f64 {
    let demand = |target: &super::Arriving| {
        let end_s = target.leaves_s.min(course.horizon_s);
        let mut missed = 1.0;
        let mut p = target.p_kill.clone();
        let shooters = course.shooters.iter().zip(&target.flight_s);
        for ((shooter, flight_s), p) in shooters.zip(&mut p) {
            let spare_s = end_s - target.arrives_s - flight_s;
            if spare_s < 0.0 {
                *p = 0.0;
                continue;
            }
            let times = (spare_s / shooter.reload_s.max(1e-3)).floor() + 1.0;
            let mut left = times.min(f64::from(shooter.rounds));
            while left > 0.0 && missed > 1e-12 {
                missed *= 1.0 - *p;
                left -= 1.0;
            }
        }
        Demand {
            weight: 1.0,
            value: target.value,
            most: 1.0 - missed,
            p,
        }
    };
    let demands: Vec<Demand> = course.targets.iter().map(demand).collect();
    let in_time = |reload_s: f64| (course.horizon_s / reload_s.max(1e-3)).floor() + 1.0;
    let rounds = course.shooters.iter();
    let rounds = rounds.map(|s| f64::from(s.rounds).min(in_time(s.reload_s)));
    let rounds: Vec<f64> = rounds.collect();
    let largest = course
        .targets
        .iter()
        .fold(0.0_f64, |most, t| most.max(t.value));
    let mut prices = common(&demands, &rounds, largest);
    walk(&demands, &rounds, &mut prices, (STEPS, 0.05 * largest))
}
