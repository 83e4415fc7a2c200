//! What one shot does to whom it meets, as a pure function of what the adjudication log keeps. See
//! [`Effect`] and [`Fall`].

use serde::{Deserialize, Serialize};

use super::{
    arrival::{Arrival, Exposure},
    model::{DamageShares, KillCurve},
};
use crate::{
    kernel::{
        factor::{Factor, product},
        ids::UnitIx,
    },
    platform::{class::Fire, damage::Harm},
};

/// Least radius about the aim within which a weapon that follows its target finds one, m.
const ACQUIRE_MIN_M: f64 = 40.0;
/// Greatest, m: what a gunner or seeker has in view.
const ACQUIRE_MAX_M: f64 = 300.0;

/// How a shot finds whom it meets about its aim.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fall {
    /// How the weapon finds its aim.
    pub fire: Fire,
    /// Deviation of the target's position as the shooter last heard, m.
    pub sigma_m: f64,
    /// Circular error of the weapon, m.
    pub cep_m: f64,
    /// Distance from its aim within which a guided munition finds a target, m; none where nothing
    /// flies.
    pub basket_m: Option<f64>,
}

impl Fall {
    /// Distance from the aim within which the shot meets somebody, m: the basket of a guided munition;
    /// three deviations of the target's position for a weapon that follows its target, within what it
    /// has in view; three circular errors for a shell.
    #[must_use]
    pub fn reach_m(&self) -> f64 {
        if let Some(basket_m) = self.basket_m {
            return basket_m;
        }
        match self.fire {
            Fire::Direct | Fire::Guided => (3.0 * self.sigma_m).clamp(ACQUIRE_MIN_M, ACQUIRE_MAX_M),
            Fire::Indirect => (3.0 * self.cep_m).max(ACQUIRE_MIN_M),
        }
    }
}

/// A unit that a shot of its kind can meet, within its reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Met {
    /// Who.
    pub unit: UnitIx,
    /// Its true distance from the aim, m.
    pub distance_m: f64,
}

/// The nearest of those that a shot can meet; the first where two are equally near.
#[must_use]
pub fn nearest(distances_m: impl Iterator<Item = f64>) -> Option<usize> {
    let nearest = distances_m.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    nearest.map(|(at, _)| at)
}

/// All that the effect of a shot on whom it meets follows from, but the draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Horizontal range from shooter to aim, m.
    pub range_m: f64,
    /// The weapon's curve against targets of this protection; none if it is no weapon against them.
    pub curve: Option<KillCurve>,
    /// How the effect divides into kinds of damage.
    pub shares: DamageShares,
    /// How the round came in.
    pub arrival: Arrival,
    /// What of the target was exposed to it.
    pub exposure: Exposure,
}

impl Effect {
    /// The factors of the probability of any effect.
    #[must_use]
    pub fn factors(&self) -> Vec<Factor> {
        let curve = self.curve.as_ref();
        let is_in_reach = curve.is_none_or(|curve| curve.reaches(self.range_m));
        let at_range = curve.map_or(1.0, |curve| curve.within_reach(self.range_m));
        let [aspect, stance] = self.exposure.factors();
        vec![
            Factor::holds("a weapon against this protection", curve.is_some()),
            Factor::holds("range within the weapon's reach", is_in_reach),
            Factor::new("effect of one shot at this range", at_range),
            aspect,
            stance,
        ]
    }

    /// Probability that the shot does any harm.
    #[must_use]
    pub fn probability(&self) -> f64 {
        product(&self.factors())
    }

    /// What a uniform number in [0, 1) decides.
    #[must_use]
    pub fn harm(&self, uniform: f64) -> Option<Harm> {
        self.shares.harm(self.probability(), uniform)
    }

    /// For each kind of harm, the worst first, the number below which a draw does this harm or a
    /// worse one, for readers: [`Self::harm`] decides.
    #[must_use]
    pub fn bounds(&self) -> [(Harm, f64); 5] {
        let shares = self.shares.worst_first();
        let chance = self.probability();
        let whole: f64 = shares.iter().map(|(_, share)| share).sum();
        let mut below = 0.0;
        shares.map(|(harm, share)| {
            below += share;
            (harm, chance * below / whole)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kernel::curve::Curve, platform::class::TargetClass};

    /// From ahead of a target that stands.
    const ARRIVAL: Arrival = Arrival {
        from_rad: 0.0,
        dive_rad: 0.0,
        heading_rad: 0.0,
        halted_s: Some(1.0),
        is_on_land: true,
    };

    /// A weapon from 100 m to 2 km with an effect of 0.6 at 1 km.
    fn effect(range_m: f64) -> Effect {
        Effect {
            range_m,
            curve: Some(KillCurve {
                range_min_m: 100.0,
                range_max_m: 2000.0,
                probability: Curve::new(vec![(500.0, 0.8), (1500.0, 0.4)]).unwrap(),
            }),
            shares: DamageShares {
                catastrophic: 0.5,
                firepower: 0.25,
                mobility: 0.125,
                sensor: 0.0625,
                radio: 0.0625,
            },
            arrival: ARRIVAL,
            exposure: ARRIVAL.exposure((TargetClass::Heavy, Fire::Direct), None),
        }
    }

    #[test]
    fn factors_make_the_curve_bit_for_bit() {
        for range_m in [0.0, 99.9, 100.0, 777.7, 1000.0, 2000.0, 2000.1] {
            let effect = effect(range_m);
            let curve = effect.curve.as_ref().unwrap().at(range_m);
            assert_eq!(
                effect.probability().to_bits(),
                curve.to_bits(),
                "{range_m} m"
            );
        }
        let none = Effect {
            curve: None,
            ..effect(1000.0)
        };
        assert_eq!(none.probability().to_bits(), 0.0_f64.to_bits());
        assert_eq!(none.harm(0.0), None);
    }

    #[test]
    fn bounds_are_where_the_outcome_changes() {
        let effect = effect(1000.0);
        let mut before = None;
        for (harm, bound) in effect.bounds() {
            assert_eq!(effect.harm(bound - 1e-9), Some(harm));
            assert_ne!(effect.harm(bound + 1e-9), Some(harm));
            assert!(before.is_none_or(|before| before < bound));
            before = Some(bound);
        }
        assert!((before.unwrap() - 0.6).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_exposed_is_not_hit_as_often() {
        let open = effect(1000.0);
        let hidden = Effect {
            exposure: Exposure {
                by_aspect: 0.5,
                by_stance: 0.4,
                ..open.exposure
            },
            ..open.clone()
        };
        assert!((hidden.probability() - 0.2 * open.probability()).abs() < 1e-12);
        let names: Vec<_> = hidden.factors().into_iter().map(|it| it.name).collect();
        assert_eq!(names[3..], ["on its front", "while it stands in the open"]);
    }

    #[test]
    fn a_shell_reaches_by_its_error_and_a_seeker_by_what_it_was_told() {
        let fall = |fire| Fall {
            fire,
            sigma_m: 30.0,
            cep_m: 50.0,
            basket_m: (fire == Fire::Guided).then_some(120.0),
        };
        assert!((fall(Fire::Direct).reach_m() - 90.0).abs() < 1e-12);
        assert!((fall(Fire::Guided).reach_m() - 120.0).abs() < 1e-12);
        assert!((fall(Fire::Indirect).reach_m() - 150.0).abs() < 1e-12);
        assert_eq!(nearest([3.0, 1.0, 1.0].into_iter()), Some(1));
        assert_eq!(nearest(core::iter::empty()), None);
    }
}
