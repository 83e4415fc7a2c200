//! How targets come and go. See [`Arrivals`].

use crate::kernel::math;
use crate::kernel::random::{DrawKey, Draws, Stream};

/// A shooter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Firing {
    /// Its rounds.
    pub rounds: u32,
    /// Time from one round to the next, s.
    pub reload_s: f64,
}

/// A target on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Arriving {
    /// When it comes, s.
    pub arrives_s: f64,
    /// When it leaves, s.
    pub leaves_s: f64,
    /// What its destruction is worth, in points.
    pub value: f64,
    /// Chance that a round of each shooter destroys it.
    pub p_kill: Vec<f64>,
    /// Time from firing to a known outcome of each shooter, s: flight and assessment.
    pub flight_s: Vec<f64>,
}

/// The law of arrivals: a Poisson process of targets that stay for an exponential time.
///
/// Values, chances and times are uniform between two numbers. What a planner knows of the future is
/// this law; what it knows of a target that has come is all but when it leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrivals {
    /// Length of the course, s.
    pub horizon_s: f64,
    /// Targets per second.
    pub rate: f64,
    /// Mean stay, s.
    pub mean_stay_s: f64,
    /// Least and greatest value, in points.
    pub value: (f64, f64),
    /// Least and greatest chance of destruction.
    pub p_kill: (f64, f64),
    /// Least and greatest time of flight and assessment, s.
    pub flight_s: (f64, f64),
    /// The shooters.
    pub shooters: Vec<Firing>,
}

impl Arrivals {
    /// The law of the test courses: an hour, values 1 to 10, chances 0.4 to 0.9, 20 to 40 s of
    /// flight and assessment, 30 s to reload, a mean stay of 900 s, and rounds for
    /// `rounds_per_target` rounds at each of the `targets` that come on average, shared evenly.
    #[must_use]
    pub fn sample(shooters: u32, targets: u32, rounds_per_target: f64) -> Self {
        let horizon_s = 3600.0;
        let rounds = f64::from(targets) * rounds_per_target / f64::from(shooters.max(1));
        let whole = (0..=1_000_000_u32).find(|&n| f64::from(n) + 0.5 > rounds);
        let shooter = Firing {
            rounds: whole.unwrap_or(0),
            reload_s: 30.0,
        };
        Self {
            horizon_s,
            rate: f64::from(targets) / horizon_s,
            mean_stay_s: 900.0,
            value: (1.0, 10.0),
            p_kill: (0.4, 0.9),
            flight_s: (20.0, 40.0),
            shooters: (0..shooters).map(|_| shooter).collect(),
        }
    }

    /// A target that comes at a time.
    pub(super) fn target(&self, arrives_s: f64, draws: &mut Draws) -> Arriving {
        let mut between = |(low, high): (f64, f64)| low + (high - low) * draws.uniform();
        let value = between(self.value);
        let p_kill = self.shooters.iter().map(|_| between(self.p_kill)).collect();
        let flight_s = self
            .shooters
            .iter()
            .map(|_| between(self.flight_s))
            .collect();
        Arriving {
            arrives_s,
            leaves_s: arrives_s + self.mean_stay_s * exponential(draws),
            value,
            p_kill,
            flight_s,
        }
    }

    /// One course of events; the same for the same seed.
    #[must_use]
    pub fn draw(&self, seed: u64) -> Engagement {
        let mut draws = DrawKey::new(Stream::Placement, 0x64_79_6e, 0, 0).draws(seed);
        let mut targets = Vec::new();
        let mut at_s = exponential(&mut draws) / self.rate;
        while at_s < self.horizon_s {
            targets.push(self.target(at_s, &mut draws));
            at_s += exponential(&mut draws) / self.rate;
        }
        Engagement {
            horizon_s: self.horizon_s,
            shooters: self.shooters.clone(),
            targets,
        }
    }
}

/// An exponential number of mean one.
fn exponential(draws: &mut Draws) -> f64 {
    -math::log1p(-draws.uniform())
}

/// One course of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Engagement {
    /// Its length, s; outcomes after it do not count.
    pub horizon_s: f64,
    /// The shooters.
    pub shooters: Vec<Firing>,
    /// The targets, by arrival.
    pub targets: Vec<Arriving>,
}
