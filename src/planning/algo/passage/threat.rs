//! Chances of being detected or engaged, as fields over the map. See [`Threat`] and [`Threats`].

use glam::DVec3;

use crate::kernel::math::erfc;

/// Share of a threat's rate below which it is none.
const NEGLIGIBLE: f64 = 1e-4;

/// How the rate falls with distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Law {
    /// The same within the range, nothing beyond it (Koopman 1956, "The theory of search II", the
    /// definite-range law).
    #[default]
    DefiniteRange,
    /// The same within the range, and beyond it falling with the cube of the distance (the same, the
    /// inverse-cube law of sight from above, cut off where it would exceed the rate).
    InverseCube,
}

/// One threat as it is believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threat {
    /// Where it is believed to be, with the height of its eye, m.
    pub at: DVec3,
    /// Its range, m.
    pub range_m: f64,
    /// Expected detections, or engagements, per second within the range.
    pub rate_per_s: f64,
    /// Standard deviation of its place along any bearing, m.
    pub sigma_m: f64,
    /// How the rate falls with distance.
    pub law: Law,
}

impl Threat {
    /// Expected detections per second of who is at a point that it can see. With the place uncertain
    /// the edge of a definite range is smeared by the normal distribution of the error towards the
    /// point, which is exact as long as the deviation is small beside the range.
    #[must_use]
    pub fn rate_at_per_s(&self, at: DVec3) -> f64 {
        let distance_m = self.at.distance(at);
        let share = match self.law {
            Law::DefiniteRange if self.sigma_m > 0.0 => {
                let beyond = (distance_m - self.range_m) / self.sigma_m;
                0.5 * erfc(beyond * core::f64::consts::FRAC_1_SQRT_2)
            }
            Law::DefiniteRange => f64::from(u8::from(distance_m <= self.range_m)),
            Law::InverseCube => {
                // What is uncertain is as near as it may well be.
                let ratio = self.range_m / (distance_m - self.sigma_m).max(self.range_m);
                ratio * ratio * ratio
            }
        };
        if share > NEGLIGIBLE {
            self.rate_per_s * share
        } else {
            0.0
        }
    }
}

/// Several threats, whose rates add, and what they can see.
pub struct Threats<'a> {
    /// The threats.
    pub list: &'a [Threat],
    /// Whether the threat of a number sees who is at a point; asked only within its reach.
    pub sees: &'a dyn Fn(usize, DVec3) -> bool,
}

/// Everybody sees everywhere.
fn everywhere(_: usize, _: DVec3) -> bool {
    true
}

impl<'a> Threats<'a> {
    /// Threats that see everywhere.
    #[must_use]
    pub fn open(list: &'a [Threat]) -> Self {
        Self {
            list,
            sees: &everywhere,
        }
    }

    /// Expected detections per second of who is at a point.
    #[must_use]
    pub fn rate_per_s(&self, at: DVec3) -> f64 {
        let rates = self.list.iter().enumerate().map(|(number, threat)| {
            let rate = threat.rate_at_per_s(at);
            if rate > 0.0 && (self.sees)(number, at) {
                rate
            } else {
                0.0
            }
        });
        rates.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A threat at the origin that reaches 1000 m.
    fn threat(law: Law, sigma_m: f64) -> Threat {
        Threat {
            at: DVec3::ZERO,
            range_m: 1000.0,
            rate_per_s: 0.2,
            sigma_m,
            law,
        }
    }

    #[test]
    fn rates_fall_as_their_laws_say() {
        let rate = |law, sigma_m, at_m: f64| threat(law, sigma_m).rate_at_per_s(DVec3::X * at_m);
        for (law, sigma_m, at_m, expected) in [
            (Law::DefiniteRange, 0.0, 999.0, 0.2),
            (Law::DefiniteRange, 0.0, 1001.0, 0.0),
            (Law::DefiniteRange, 100.0, 1000.0, 0.1),
            // One deviation beyond the range: the upper tail of the normal distribution.
            (Law::DefiniteRange, 100.0, 1100.0, 0.2 * 0.158_655_253_931),
            (Law::InverseCube, 0.0, 2000.0, 0.025),
            (Law::InverseCube, 500.0, 2500.0, 0.025),
            (Law::InverseCube, 0.0, 500.0, 0.2),
        ] {
            let is = rate(law, sigma_m, at_m);
            assert!((is - expected).abs() < 1e-9, "{law:?} {at_m}: {is}");
        }
    }

    #[test]
    fn who_is_hidden_is_not_exposed() {
        let list = [
            threat(Law::DefiniteRange, 0.0),
            threat(Law::InverseCube, 0.0),
        ];
        let at = DVec3::new(0.0, 400.0, 0.0);
        assert!((Threats::open(&list).rate_per_s(at) - 0.4).abs() < 1e-12);
        let sees = |number: usize, at: DVec3| number == 0 && at.y < 300.0;
        let hidden = Threats {
            list: &list,
            sees: &sees,
        };
        assert!(hidden.rate_per_s(at) <= 0.0);
        assert!((hidden.rate_per_s(DVec3::ZERO) - 0.2).abs() < 1e-12);
    }
}
