//! The cheapest sets of pairs on one target at given prices of weapons and sensors.
//!
//! What survives an effort `e` is `v exp(-e)`, which lies above each of its tangents: for any slope
//! `g` it is at least `g (1 + ln(v / g) - e)`. So a weapon saves at most what its best sensor saves
//! along the tangent, and the sum of that over weapons bounds a node of a depth-first search over
//! weapons, each with one sensor or none. The slope is the one whose bound at the root is best.

use super::instance::{Instance, Pair};
use crate::kernel::math;
use std::collections::BTreeMap;

/// Most nodes of a search; beyond, the bound at the root stands in for the minimum.
const MOST_NODES: u32 = 300_000;

/// Halvings of the range in which the slope is sought.
const HALVINGS: usize = 14;

/// A weapon in the search.
#[derive(Clone, Copy, Debug)]
struct Term {
    weapon: usize,
    /// The least of price less saving along the tangent, over sensors.
    reduced: f64,
}

/// Sets of pairs that were found, by the resources that they use.
pub(super) type Sets = BTreeMap<Vec<usize>, f64>;

/// Search for sets of pairs on one target.
pub(super) struct PairSearch<'a> {
    instance: &'a Instance,
    target: usize,
    prices: &'a [f64],
    slope: f64,
    terms: Vec<Term>,
    /// What the weapons from each one on can still save, at most; at most zero.
    rest: Vec<f64>,
    used: Vec<bool>,
    chosen: Vec<Pair>,
    /// Only sets cheaper than this are of interest.
    cutoff: f64,
    best: Vec<Pair>,
    /// All sets up to the cutoff, if they are wanted, with what survives them.
    gathered: Option<Sets>,
    most: usize,
    /// Nodes so far.
    pub(super) nodes: u32,
    cut_short: bool,
}

impl<'a> PairSearch<'a> {
    /// A search on one target. `prices` are those of weapons, then of sensors.
    pub(super) fn new(instance: &'a Instance, target: usize, prices: &'a [f64]) -> Self {
        let mut search = Self {
            instance,
            target,
            prices,
            slope: 0.0,
            terms: Vec::new(),
            rest: Vec::new(),
            used: vec![false; instance.sensors()],
            chosen: Vec::new(),
            cutoff: instance.threat()[target],
            best: Vec::new(),
            gathered: None,
            most: 0,
            nodes: 0,
            cut_short: false,
        };
        search.slope = search.best_slope();
        search.terms = (0..instance.weapons())
            .map(|weapon| Term {
                weapon,
                reduced: search.least_reduced(weapon, search.slope).0,
            })
            .collect();
        search.terms.sort_by(|a, b| a.reduced.total_cmp(&b.reduced));
        search.rest = vec![0.0; instance.weapons() + 1];
        for at in (0..instance.weapons()).rev() {
            search.rest[at] = search.rest[at + 1] + search.terms[at].reduced.min(0.0);
        }
        search
    }

    /// A lower bound of the least cost with prices, which it is unless the search was cut short,
    /// and the pairs that reach it.
    pub(super) fn best(&mut self) -> (f64, Vec<Pair>) {
        let threat = self.instance.threat()[self.target];
        let root = self.root();
        self.below(0, root, (threat, 0.0));
        let least = match self.cut_short {
            true => self.cutoff.min(root + self.rest[0]),
            false => self.cutoff,
        };
        (least, self.best.clone())
    }

    /// All sets of resources whose cost with prices is at most `cutoff`, each paired up in the best
    /// way, with what survives; none if there are more than `most` or the search is too long.
    pub(super) fn all(mut self, cutoff: f64, most: usize) -> (Option<Sets>, u32) {
        let threat = self.instance.threat()[self.target];
        let mut sets = Sets::new();
        if threat <= cutoff {
            sets.insert(Vec::new(), threat);
        }
        self.gathered = Some(sets);
        (self.cutoff, self.most) = (cutoff, most);
        let root = self.root();
        self.below(0, root, (threat, 0.0));
        match self.cut_short {
            true => (None, self.nodes),
            false => (self.gathered, self.nodes),
        }
    }

    /// The tangent's bound without pairs.
    fn root(&self) -> f64 {
        let threat = self.instance.threat()[self.target];
        match threat > 0.0 {
            true => self.slope * (1.0 + math::log(threat / self.slope)),
            false => 0.0,
        }
    }

    /// The least of price less saving of a weapon over its sensors, and the effort of that sensor.
    fn least_reduced(&self, weapon: usize, slope: f64) -> (f64, f64) {
        let (own, sensors) = (self.prices[weapon], &self.prices[self.instance.weapons()..]);
        let efforts = self.instance.efforts(self.target, weapon);
        let mut least = (f64::INFINITY, 0.0);
        for (&effort, &price) in efforts.iter().zip(sensors) {
            let reduced = own + price - slope * effort;
            if reduced < least.0 && effort > 0.0 {
                least = (reduced, effort);
            }
        }
        least
    }

    /// The slope with the best bound at the root, which is concave in it: halvings by the sign of
    /// its derivative.
    fn best_slope(&self) -> f64 {
        let threat = self.instance.threat()[self.target];
        let (mut low, mut high) = (threat * 1e-4, threat);
        for _ in 0..HALVINGS {
            let slope = (low * high).sqrt();
            let terms = (0..self.instance.weapons()).map(|w| self.least_reduced(w, slope));
            let effort: f64 = terms.filter(|t| t.0 < 0.0).map(|t| t.1).sum();
            if math::log(threat / slope) > effort {
                low = slope;
            } else {
                high = slope;
            }
        }
        high
    }

    /// All sets that add pairs of weapons from `first` on to the present node, whose tangent bound
    /// without them is `tangent` and which has `(surviving, paid)`.
    fn below(&mut self, first: usize, tangent: f64, now: (f64, f64)) {
        for at in first..self.terms.len() {
            let Term { weapon, reduced } = self.terms[at];
            if self.beyond(tangent + reduced.max(0.0) + self.rest[at]) || self.cut_short {
                return;
            }
            let sensors = self.prices.len() - self.instance.weapons();
            for sensor in 0..sensors {
                let effort = self.instance.efforts(self.target, weapon)[sensor];
                let price = self.prices[weapon] + self.prices[self.instance.weapons() + sensor];
                let then = tangent + price - self.slope * effort;
                let useless = effort <= 0.0 || self.used[sensor];
                if useless || self.beyond(then + self.rest[at + 1]) {
                    continue;
                }
                self.nodes += 1;
                self.cut_short |= self.nodes > MOST_NODES;
                let kept = self.instance.kept(self.target, (weapon, sensor));
                let (surviving, paid) = (now.0 * kept, now.1 + price);
                self.used[sensor] = true;
                self.chosen.push((weapon, sensor));
                self.note(surviving, paid);
                self.below(at + 1, then, (surviving, paid));
                self.chosen.pop();
                self.used[sensor] = false;
            }
        }
    }

    /// Whether a bound rules a node out.
    fn beyond(&self, bound: f64) -> bool {
        match self.gathered {
            Some(_) => bound > self.cutoff,
            None => bound >= self.cutoff,
        }
    }

    /// Takes note of the pairs of the present node.
    fn note(&mut self, surviving: f64, paid: f64) {
        if self.beyond(surviving + paid) {
            return;
        }
        match &mut self.gathered {
            None => {
                self.cutoff = surviving + paid;
                self.best.clone_from(&self.chosen);
            }
            Some(sets) => {
                let uses = uses_of(self.instance, &self.chosen);
                let least = sets.entry(uses).or_insert(f64::INFINITY);
                *least = least.min(surviving);
                self.cut_short |= sets.len() > self.most;
            }
        }
    }
}

/// The resources of pairs in rising order: weapons, then sensors counted on from them.
pub(super) fn uses_of(instance: &Instance, pairs: &[Pair]) -> Vec<usize> {
    let weapons = pairs.iter().map(|pair| pair.0);
    let sensors = pairs.iter().map(|pair| instance.weapons() + pair.1);
    let mut uses: Vec<usize> = weapons.chain(sensors).collect();
    uses.sort_unstable();
    uses
}
