//! Who fires at whom now. See [`Policy`].

use crate::kernel::assignment::{Assigner, Costs};

/// A target as seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen<'a> {
    /// Its number in the course.
    pub target: usize,
    /// What its destruction is worth, in points.
    pub value: f64,
    /// Chance that a round of each shooter destroys it.
    pub p_kill: &'a [f64],
    /// Time from firing to a known outcome of each shooter, s.
    pub flight_s: &'a [f64],
    /// Rounds on their way to it.
    pub in_flight: u32,
}

/// What a policy knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation<'a> {
    /// Now, s.
    pub now_s: f64,
    /// Rounds left of each shooter.
    pub rounds: &'a [u32],
    /// When each shooter can fire next, s.
    pub ready_s: &'a [f64],
    /// The targets that are there and not known to be destroyed.
    pub seen: &'a [Seen<'a>],
}

impl Situation<'_> {
    /// Shooters that can fire now.
    pub(super) fn free(&self) -> Vec<usize> {
        let able = |&s: &usize| self.rounds[s] > 0 && self.ready_s[s] <= self.now_s;
        (0..self.rounds.len()).filter(able).collect()
    }

    /// Targets without a round on its way: one shoots, looks, and shoots again.
    pub(super) fn open(&self) -> Vec<usize> {
        let quiet = |&t: &usize| self.seen[t].in_flight == 0;
        (0..self.seen.len()).filter(quiet).collect()
    }
}

/// Decides at every event.
pub trait Policy {
    /// Pairs of a shooter that can fire and a target's number, each shooter at most once.
    fn decide(&mut self, situation: &Situation<'_>) -> Vec<(usize, usize)>;
}

/// Pairs of the greatest sum of gains above zero, one target per shooter and one shooter per
/// target.
fn best_pairs(
    free: &[usize],
    open: &[usize],
    gain: impl Fn(usize, usize) -> f64,
    assigner: &mut Assigner,
) -> Vec<(usize, usize)> {
    let cost = |shooter: usize, seen: usize| match gain(shooter, seen) {
        gain if gain > 0.0 => -gain,
        _ => f64::INFINITY,
    };
    let values: Vec<f64> = free
        .iter()
        .flat_map(|&shooter| open.iter().map(move |&seen| (shooter, seen)))
        .map(|(shooter, seen)| cost(shooter, seen))
        .collect();
    let found = Costs::new(free.len(), open.len(), &values)
        .ok()
        .and_then(|costs| assigner.solve(&costs, Some(0.0)).ok());
    let columns = found.map_or(&[][..], |found| &found.row_to_col[..]);
    let pairs = free.iter().zip(columns);
    pairs
        .filter_map(|(&shooter, col)| Some((shooter, open[(*col)?])))
        .collect()
}

/// The best assignment by what each round destroys on average, whatever it may be wanted for later.
#[derive(Clone, Debug, Default)]
pub struct Myopic {
    assigner: Assigner,
}

impl Policy for Myopic {
    fn decide(&mut self, situation: &Situation<'_>) -> Vec<(usize, usize)> {
        let seen = situation.seen;
        let gain = |shooter: usize, at: usize| seen[at].value * seen[at].p_kill[shooter];
        let (free, open) = (situation.free(), situation.open());
        let pairs = best_pairs(&free, &open, gain, &mut self.assigner);
        pairs
            .into_iter()
            .map(|(shooter, at)| (shooter, seen[at].target))
            .collect()
    }
}
