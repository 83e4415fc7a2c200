//! Who is pinned down. See [`Suppression`].

use bevy::prelude::{App, Component, Plugin};
use serde::{Deserialize, Serialize};

use super::class::{Domain, SuppressionRules};
use crate::kernel::{registry::StateAppExt, time::SimTime};

/// Until when a unit is pinned down by fire. Written by `engagement` only.
///
/// Each near impact adds time; the level is the time left as a share of what full suppression takes,
/// so that it decays by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Suppression {
    until: SimTime,
}

impl Suppression {
    /// Adds the suppression of an impact, s.
    pub fn pin(&mut self, adds_s: f64, at: SimTime, rules: &SuppressionRules) {
        let until = self.until.max(at).plus_s(adds_s);
        self.until = until.min(at.plus_s(rules.most_s.value())).max(self.until);
    }

    /// Whether it is pinned down at all.
    #[must_use]
    pub fn is_pinned(&self, now: SimTime) -> bool {
        now < self.until
    }

    /// How far it is pinned down, 0 to 1.
    #[must_use]
    pub fn level(&self, now: SimTime, rules: &SuppressionRules) -> f64 {
        (self.until.since_s(now) / rules.full_s.value()).min(1.0)
    }

    /// Factor on the time between its shots, 1 or more.
    #[must_use]
    pub fn cycle_factor(&self, now: SimTime, rules: &SuppressionRules) -> f64 {
        1.0 + self.level(now, rules) * (rules.cycle_factor.value() - 1.0)
    }

    /// Share of its speed that it keeps, 0 to 1. Only what moves on land goes to ground.
    #[must_use]
    pub fn speed_share(&self, now: SimTime, domain: Domain, rules: &SuppressionRules) -> f64 {
        if domain == Domain::Land {
            1.0 - self.level(now, rules) * (1.0 - rules.speed_share.value())
        } else {
            1.0
        }
    }

    /// Share of its time for looking that it keeps, 0 to 1.
    #[must_use]
    pub fn sight_share(&self, now: SimTime, rules: &SuppressionRules) -> f64 {
        1.0 - self.level(now, rules) * (1.0 - rules.sight_share.value())
    }
}

/// Registers suppression as state.
#[derive(Debug)]
pub struct SuppressionPlugin;

impl Plugin for SuppressionPlugin {
    fn build(&self, app: &mut App) {
        app.register_state::<Suppression>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    #[test]
    fn impacts_add_up_to_a_limit_and_time_takes_them_away() {
        let catalogue = Catalogue::shipped();
        let rules = &catalogue.vulnerability.as_ref().unwrap().suppression;
        let (full_s, most_s) = (rules.full_s.value(), rules.most_s.value());
        let mut pinned = Suppression::default();
        let at = SimTime::from_s(100.0);
        assert!(!pinned.is_pinned(at) && pinned.level(at, rules).abs() < 1e-12);
        pinned.pin(0.25 * full_s, at, rules);
        pinned.pin(0.25 * full_s, at, rules);
        assert!((pinned.level(at, rules) - 0.5).abs() < 1e-6);
        assert!(pinned.cycle_factor(at, rules) > 1.0 && pinned.sight_share(at, rules) < 1.0);
        assert!(pinned.speed_share(at, Domain::Land, rules) < 1.0);
        assert!((pinned.speed_share(at, Domain::Air, rules) - 1.0).abs() < 1e-12);
        assert!(!pinned.is_pinned(at.plus_s(0.5 * full_s)));
        for _ in 0..100 {
            pinned.pin(full_s, at, rules);
        }
        assert!(pinned.is_pinned(at.plus_s(most_s - 0.1)));
        assert!(!pinned.is_pinned(at.plus_s(most_s)));
        // A weak impact does not cut short what a strong one has done.
        pinned.pin(0.1, SimTime::from_s(99.0), rules);
        assert!(pinned.is_pinned(at.plus_s(most_s - 0.1)));
    }
}
