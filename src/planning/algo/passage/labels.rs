//! The cheapest way over a lattice within a budget of energy. See [`within`].
//!
//! Labels (cost and energy of a way to a point) are taken in order of cost plus least cost to the
//! goal. One whose energy plus least energy to the goal exceeds the budget is dropped, and so is one
//! that costs no less and uses no less than another at its point. Every label can be completed by
//! the way of least energy, and perhaps by others, which gives ways that fit long before the search
//! ends. A price of energy, the best of the Lagrangian dual (Handler and Zang 1980, "A dual algorithm for
//! the constrained shortest path problem"), gives a third bound that drops most labels.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    field::{PassageField, Prices, Toll},
    lattice::{Lattice, Link},
    search::Ends,
};
use crate::kernel::budget::Budget;

/// A lattice with both ends of a way as points of it.
struct Net {
    links: Vec<Link>,
    /// Where the links from each point begin, and one more entry at the end.
    leaving: Vec<usize>,
    /// Numbers of links by the point that they lead to, and where those of each point begin.
    entering: (Vec<usize>, Vec<usize>),
    start: u32,
    goal: u32,
}

/// Where the entries of each of some points begin, and one more entry at the end.
fn begins(points: usize, of: impl Iterator<Item = u32>) -> Vec<usize> {
    let mut begins = vec![0; points + 1];
    for point in of {
        begins[point as usize + 1] += 1;
    }
    for point in 0..points {
        begins[point + 1] += begins[point];
    }
    begins
}

impl Net {
    /// Evaluates all moves of the lattice.
    fn of(field: &impl PassageField, lattice: &Lattice, ends: &Ends) -> Self {
        let start = u32::try_from(lattice.points()).unwrap_or(u32::MAX - 1);
        let goal = start + 1;
        let mut links = lattice.all_links(field);
        links.extend(ends.last.iter().map(|&(from, toll)| Link {
            from,
            to: goal,
            toll,
        }));
        let straight = ends.straight.map(|toll| (goal, toll));
        let first = ends.first.iter().copied().chain(straight);
        links.extend(first.map(|(to, toll)| Link {
            from: start,
            to,
            toll,
        }));
        links.sort_by_key(|link| (link.from, link.to));
        let points = start as usize + 2;
        let mut order: Vec<usize> = (0..links.len()).collect();
        order.sort_by_key(|&at| (links[at].to, links[at].from));
        Self {
            leaving: begins(points, links.iter().map(|link| link.from)),
            entering: (order, begins(points, links.iter().map(|link| link.to))),
            links,
            start,
            goal,
        }
    }

    /// Links from a point, with their numbers.
    fn from(&self, point: u32) -> impl Iterator<Item = (usize, &Link)> {
        let at = point as usize;
        let numbers = self.leaving[at]..self.leaving[at + 1];
        numbers.map(|number| (number, &self.links[number]))
    }

    /// The best ways from all points to the goal by one measure of tolls.
    fn back(&self, measure: impl Fn(Toll) -> f64) -> Back {
        let points = self.leaving.len() - 1;
        let mut back = Back {
            least: vec![f64::INFINITY; points],
            toll: vec![Toll::default(); points],
            next: vec![usize::MAX; points],
        };
        let mut open = BinaryHeap::from([Reverse((0_u64, self.goal))]);
        back.least[self.goal as usize] = 0.0;
        while let Some(Reverse((bits, point))) = open.pop() {
            let at = point as usize;
            if f64::from_bits(bits) > back.least[at] {
                continue;
            }
            let (order, begins) = &self.entering;
            for &number in &order[begins[at]..begins[at + 1]] {
                let link = self.links[number];
                let (from, least) = (
                    link.from as usize,
                    back.least[at] + measure(link.toll).max(0.0),
                );
                if least < back.least[from] {
                    back.least[from] = least;
                    back.toll[from] = link.toll + back.toll[at];
                    back.next[from] = number;
                    open.push(Reverse((least.to_bits(), link.from)));
                }
            }
        }
        back
    }

    /// Points of the lattice on the best way from a point to the goal, itself left out.
    fn follow(&self, back: &Back, from: u32) -> Vec<u32> {
        let (mut way, mut at) = (Vec::new(), from);
        while let Some(link) = self.links.get(back.next[at as usize]) {
            at = link.to;
            if at == self.goal {
                break;
            }
            way.push(at);
        }
        way
    }
}

/// Best ways to the goal.
struct Back {
    /// The measure of the best way from each point.
    least: Vec<f64>,
    /// The whole toll of that way.
    toll: Vec<Toll>,
    /// Its first link.
    next: Vec<usize>,
}

/// A way to a point.
struct Label {
    point: u32,
    before: usize,
    cost_s: f64,
    energy_j: f64,
}

/// What came of a search.
#[derive(Debug, PartialEq)]
pub(super) enum Within {
    /// The ends are not joined.
    Cut,
    /// No way over the lattice fits; the way of least energy over points of the lattice.
    Short(Vec<u32>),
    /// A way that fits.
    Fits {
        /// Points of the lattice.
        way: Vec<u32>,
        /// No way over the lattice that fits costs less, s.
        bound_s: f64,
        /// Whether the way costs no more than the bound, to rounding.
        is_proven: bool,
    },
}

/// The cheapest way that uses no more than `energy_max_j`; a label taken is a step of work.
pub(super) fn within(
    field: &impl PassageField,
    (lattice, ends): (&Lattice, &Ends),
    prices: Prices,
    energy_max_j: f64,
    budget: &mut impl Budget,
) -> Within {
    let net = Net::of(field, lattice, ends);
    let frugal = net.back(|toll| toll.energy_j);
    let start = net.start as usize;
    if frugal.least[start].is_infinite() {
        return Within::Cut;
    }
    if frugal.least[start] > energy_max_j {
        return Within::Short(net.follow(&frugal, net.start));
    }
    let cheap = net.back(|toll| prices.cost_s(toll));
    let (price, fair) = fair_price(&net, [&frugal, &cheap], prices, energy_max_j);
    Search {
        best: (f64::INFINITY, 0, &frugal),
        net: &net,
        backs: [&frugal, &cheap, &fair],
        price,
        prices,
        energy_max_j,
        labels: Vec::new(),
        least_j: vec![f64::INFINITY; net.leaving.len() - 1],
        open: BinaryHeap::new(),
    }
    .run(budget)
}

/// Most prices of energy that are tried.
const PRICES_MAX: usize = 12;

/// The price of energy, s/J, at which the least cost with energy priced, less what the whole budget is
/// worth, is greatest, and the best ways at it.
fn fair_price(
    net: &Net,
    [frugal, cheap]: [&Back; 2],
    prices: Prices,
    energy_max_j: f64,
) -> (f64, Back) {
    let start = net.start as usize;
    let (mut fits, mut exceeds) = (frugal.toll[start], cheap.toll[start]);
    let mut best = (0.0, net.back(|toll| prices.cost_s(toll)));
    for _ in 0..PRICES_MAX {
        let saved_j = exceeds.energy_j - fits.energy_j;
        if exceeds.energy_j <= energy_max_j || saved_j <= 0.0 {
            break;
        }
        let price = (prices.cost_s(fits) - prices.cost_s(exceeds)).max(0.0) / saved_j;
        let priced = |toll: Toll| prices.cost_s(toll) + price * toll.energy_j;
        let back = net.back(priced);
        let (toll, known) = (back.toll[start], priced(fits));
        best = (price, back);
        if priced(toll) >= known - 1e-9 * known {
            break;
        }
        if toll.energy_j <= energy_max_j {
            fits = toll;
        } else {
            exceeds = toll;
        }
    }
    best
}

/// A search under way.
struct Search<'a> {
    net: &'a Net,
    /// Ways to the goal of least energy, of least cost, and of least cost at the price of energy.
    backs: [&'a Back; 3],
    /// The price of energy, s/J.
    price: f64,
    prices: Prices,
    energy_max_j: f64,
    labels: Vec<Label>,
    /// Least energy of the labels taken at each point, J: later ones cost no less.
    least_j: Vec<f64>,
    /// Bits of the bound of cost, bits of energy, and the label.
    open: BinaryHeap<Reverse<(u64, u64, usize)>>,
    /// Cost of the best way that fits, the label that begins it, and the ways that end it.
    best: (f64, usize, &'a Back),
}

impl<'a> Search<'a> {
    /// Takes a label up if it can lead to something better that fits, and completes it.
    fn put(&mut self, label: Label) {
        let at = label.point as usize;
        let [frugal, cheap, fair] = self.backs;
        let bound_s = label.cost_s + cheap.least[at];
        let least_j = label.energy_j + frugal.least[at];
        let left_j = self.energy_max_j - label.energy_j;
        let dual_s = label.cost_s + fair.least[at] - self.price * left_j;
        if dual_s >= self.best.0
            || least_j > self.energy_max_j
            || bound_s >= self.best.0
            || label.energy_j >= self.least_j[at]
        {
            return;
        }
        let number = self.labels.len();
        for back in self.backs {
            let cost_s = label.cost_s + self.prices.cost_s(back.toll[at]);
            let energy_j = label.energy_j + back.toll[at].energy_j;
            if energy_j <= self.energy_max_j && cost_s < self.best.0 {
                self.best = (cost_s, number, back);
            }
        }
        let key = (bound_s.to_bits(), label.energy_j.to_bits(), number);
        self.open.push(Reverse(key));
        self.labels.push(label);
    }

    /// Searches until nothing better is left or the work is used up.
    fn run(mut self, budget: &mut impl Budget) -> Within {
        let net: &'a Net = self.net;
        self.put(Label {
            point: net.start,
            before: usize::MAX,
            cost_s: 0.0,
            energy_j: 0.0,
        });
        let mut bound_s = f64::INFINITY;
        while let Some(Reverse((bits, _, number))) = self.open.pop() {
            let least_s = f64::from_bits(bits);
            if least_s >= self.best.0 {
                break;
            }
            if !budget.spend(1) {
                bound_s = least_s;
                break;
            }
            let Label {
                point,
                cost_s,
                energy_j,
                ..
            } = self.labels[number];
            if energy_j >= self.least_j[point as usize] {
                continue;
            }
            self.least_j[point as usize] = energy_j;
            for (_, link) in net.from(point) {
                self.put(Label {
                    point: link.to,
                    before: number,
                    cost_s: cost_s + self.prices.cost_s(link.toll),
                    energy_j: energy_j + link.toll.energy_j,
                });
            }
        }
        self.answer(bound_s)
    }

    /// The best way found.
    fn answer(self, bound_s: f64) -> Within {
        let (cost_s, number, back) = self.best;
        let Some(last) = self.labels.get(number) else {
            return Within::Cut;
        };
        let mut way = Vec::new();
        let mut at = number;
        while let Some(label) = self.labels.get(at) {
            if label.point < self.net.start {
                way.push(label.point);
            }
            at = label.before;
        }
        way.reverse();
        way.extend(self.net.follow(back, last.point));
        Within::Fits {
            way,
            bound_s: bound_s.min(cost_s),
            is_proven: bound_s >= cost_s,
        }
    }
}
