//! The cheapest multisets of shots on one target at given prices of shots.
//!
//! Minimise `V prod q_i^x_i + sum price_i x_i`, `0 <= x_i <= units`. With `a_i = -ln q_i` this is a
//! convex function of the effort `sum a_i x_i` plus a linear cost, so the relaxation to fractional
//! shots takes weapons in rising order of `price_i / a_i` and stops where the next bit of effort
//! costs more than it saves: a bound in closed form. Depth-first search in that order, cut off by the
//! bound, is exact. A weapon that destroys for certain makes every further shot useless, so it
//! counts alone.

use super::instance::Instance;
use crate::kernel::math;
use crate::planning::algo::partition::Column;

/// Most nodes of a search; beyond, the relaxation stands in for the minimum.
const MOST_NODES: u32 = 200_000;

/// Most shots in a column; bounds the depth of the recursion.
const MOST_SHOTS: usize = 1_500;

/// Candidates brought into order at a time.
const SORTED_AT_ONCE: usize = 12;

/// A weapon that may fire.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    weapon: usize,
    price: f64,
    survival: f64,
    /// Price of a unit of effort.
    rate: f64,
}

/// The column of these shots.
pub(super) fn column_of(instance: &Instance, target: usize, mut shots: Vec<usize>) -> Column {
    shots.sort_unstable();
    let cost = instance.surviving(target, &shots);
    Column { uses: shots, cost }
}

/// Search for columns, with its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Pricer {
    candidates: Vec<Candidate>,
    /// How many of them, from the front, are in order.
    sorted: usize,
    /// Shots on the way to the present node.
    chosen: Vec<usize>,
    units: u32,
    /// Only columns cheaper than this are of interest.
    cutoff: f64,
    best: Vec<usize>,
    /// Whether all columns up to the cutoff are gathered, not the best alone.
    gather: bool,
    gathered: Vec<Vec<usize>>,
    /// Most columns to gather.
    most: usize,
    nodes: u32,
    cut_short: bool,
}

impl Pricer {
    /// A lower bound of the least cost with prices, which it is unless the search was cut short, and
    /// the best column found.
    pub(super) fn best(
        &mut self,
        instance: &Instance,
        target: usize,
        prices: &[f64],
    ) -> (f64, Column) {
        let value = instance.values()[target];
        let certain = self.collect(instance, target, prices, |price, p| price < value * p);
        self.gather = false;
        self.start(instance.units());
        self.best.clear();
        self.cutoff = value;
        if let Some((weapon, price)) = certain.filter(|&(_, price)| price < value) {
            self.cutoff = price;
            self.best.push(weapon);
        }
        self.search(0, 0, value, 0.0);
        let mut least = self.cutoff;
        if self.cut_short {
            least = least.min(self.relaxed(0, 0, value));
        }
        let column = column_of(instance, target, self.best.clone());
        (least, column)
    }

    /// All columns of a target whose cost with prices is at most `cutoff`, but for those in which a
    /// shot is useless; none if there are more than `most` or the search is too long.
    pub(super) fn all(
        &mut self,
        instance: &Instance,
        target: usize,
        prices: &[f64],
        cutoff: f64,
        most: usize,
    ) -> Option<Vec<Column>> {
        let value = instance.values()[target];
        let certain = self.collect(instance, target, prices, |_, p| p > 0.0);
        let mut found = Vec::new();
        if value <= cutoff {
            found.push(column_of(instance, target, Vec::new()));
        }
        for (w, &q) in instance.survivals(target).iter().enumerate() {
            if q <= 0.0 && prices[w] <= cutoff && certain.is_some() {
                found.push(column_of(instance, target, vec![w]));
            }
        }
        self.start(instance.units());
        self.drop_hopeless(value, cutoff);
        self.gather = true;
        self.cutoff = cutoff;
        self.most = most;
        self.gathered.clear();
        self.search(0, 0, value, 0.0);
        if self.cut_short || found.len() + self.gathered.len() > most {
            return None;
        }
        let lists = self.gathered.drain(..);
        found.extend(lists.map(|shots| column_of(instance, target, shots)));
        Some(found)
    }

    /// Resets the state of the search.
    fn start(&mut self, units: u32) {
        self.units = units;
        self.nodes = 0;
        self.cut_short = false;
        self.chosen.clear();
    }

    /// Fills the candidates, cheapest effort first, and returns the cheapest weapon that destroys
    /// for certain with its price.
    fn collect(
        &mut self,
        instance: &Instance,
        target: usize,
        prices: &[f64],
        worthy: impl Fn(f64, f64) -> bool,
    ) -> Option<(usize, f64)> {
        self.candidates.clear();
        let mut certain: Option<(usize, f64)> = None;
        let numbers = instance
            .survivals(target)
            .iter()
            .zip(instance.efforts(target));
        for (weapon, ((&survival, &effort), &price)) in numbers.zip(prices).enumerate() {
            if survival <= 0.0 {
                if certain.is_none_or(|(_, least)| price < least) {
                    certain = Some((weapon, price));
                }
            } else if worthy(price, 1.0 - survival) && effort > 0.0 {
                self.candidates.push(Candidate {
                    weapon,
                    price,
                    survival,
                    rate: price / effort,
                });
            }
        }
        self.sorted = 0;
        certain
    }

    /// Brings the next few candidates into order; few of them are ever looked at.
    fn sort_next(&mut self) {
        let order =
            |a: &Candidate, b: &Candidate| a.rate.total_cmp(&b.rate).then(a.weapon.cmp(&b.weapon));
        let rest = &mut self.candidates[self.sorted..];
        let count = rest.len().min(SORTED_AT_ONCE);
        if count < rest.len() {
            rest.select_nth_unstable_by(count, order);
        }
        rest[..count].sort_unstable_by(order);
        self.sorted += count;
    }

    /// Drops candidates that no column up to the cutoff can hold: with one shot of it forced, even
    /// the relaxation costs more.
    fn drop_hopeless(&mut self, value: f64, cutoff: f64) {
        while self.sorted < self.candidates.len() {
            self.sort_next();
        }
        let hopeful: Vec<bool> = (0..self.candidates.len())
            .map(|at| {
                let c = self.candidates[at];
                c.price + self.relaxed(0, 0, value * c.survival) <= cutoff
            })
            .collect();
        let mut hopeful = hopeful.into_iter();
        self.candidates.retain(|_| hopeful.next() == Some(true));
        self.sorted = self.candidates.len();
    }

    /// The least cost from here if shots could be divided, given what survives so far. `used` units
    /// of the first candidate are spent.
    fn relaxed(&mut self, first: usize, used: u32, mut surviving: f64) -> f64 {
        let mut cost = 0.0;
        let mut units = self.units - used;
        for at in first..self.candidates.len() {
            if at >= self.sorted {
                self.sort_next();
            }
            let c = self.candidates[at];
            if c.rate >= surviving {
                break;
            }
            for _ in 0..units {
                let next = surviving * c.survival;
                if next < c.rate {
                    // The rest of the way to where a unit of effort saves as much as it costs.
                    return cost + c.rate * (1.0 + math::log(surviving / c.rate));
                }
                surviving = next;
                cost += c.price;
            }
            units = self.units;
        }
        cost + surviving
    }

    /// Depth-first search below a node at which `surviving` is left and `spent` is paid, over
    /// candidates from `first` on, of which `used` units are spent.
    fn search(&mut self, first: usize, used: u32, surviving: f64, spent: f64) {
        let mut used = used;
        for at in first..self.candidates.len() {
            let units = std::mem::take(&mut used);
            self.nodes += 1;
            if self.cut_short
                || self.nodes > MOST_NODES
                || self.chosen.len() >= MOST_SHOTS
                || (self.gather && self.gathered.len() > self.most)
            {
                self.cut_short = true;
                return;
            }
            let bound = spent + self.relaxed(at, units, surviving);
            if self.beyond(bound) {
                return;
            }
            let c = self.candidates[at];
            let next = surviving * c.survival;
            let gains = surviving - next > c.price;
            if units >= self.units || !(gains || self.gather) {
                continue;
            }
            let cost = spent + c.price;
            self.chosen.push(c.weapon);
            self.note(cost + next);
            self.search(at, units + 1, next, cost);
            self.chosen.pop();
        }
    }

    /// Whether a bound rules a node out.
    fn beyond(&self, bound: f64) -> bool {
        match self.gather {
            true => bound > self.cutoff,
            false => bound >= self.cutoff,
        }
    }

    /// Takes note of the column of the present node.
    fn note(&mut self, cost: f64) {
        if self.beyond(cost) {
            return;
        }
        if self.gather {
            self.gathered.push(self.chosen.clone());
        } else {
            self.cutoff = cost;
            self.best.clone_from(&self.chosen);
        }
    }

    /// Nodes of the last search.
    pub(super) fn nodes(&self) -> u32 {
        self.nodes
    }
}
