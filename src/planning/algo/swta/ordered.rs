//! The cheapest sets of pairs on one target where every sensor works with every weapon.
//!
//! `-ln(1 - d e)` has a mixed second derivative above zero, so of all ways to pair the same weapons and
//! sensors the one in order, the best weapon with the best sensor and so on, destroys most (an
//! exchange argument; Becker 1973, Journal of Political Economy 81, 813-846, for matching in general). With
//! weapons and sensors in falling order of their chances a set of pairs is then a chain: each pair lies in
//! a later row and a later column than the one before. What survives an effort `e` lies above its
//! tangents, so for a slope `g` a chain beyond a pair costs at least `g (1 + ln(s / g))` and the sum
//! of price less `g` times effort along it. The least such sum over all chains from every pair on
//! comes from one table, `T_ij = min(T_i+1,j, T_i,j+1, r_ij + T_i+1,j+1)`: the exact bound of an
//! assignment at the price of an addition. A node of the depth-first search takes the slope that is best
//! for it. `O(rows columns)` for a table; the search is exponential at worst and some dozen nodes in
//! practice.

use super::instance::{Instance, Pair};
use super::slopes::Slopes;
use crate::kernel::math;

/// Most cells that a search visits; beyond, the least bound of what is left stands in for the minimum.
const MOST_CELLS_VISITED: u64 = 200_000;

/// The same where all sets are wanted.
const MOST_CELLS_GATHERED: u64 = 20_000_000;

/// Weapons and sensors of a target in falling order of their chances.
pub(super) type Order = (Vec<usize>, Vec<usize>);

/// A set of pairs that was found, with what survives it.
pub(super) type Found = (Vec<Pair>, f64);

/// A place in the search.
#[derive(Clone, Copy)]
struct Node {
    /// The first row that is free.
    row: usize,
    /// The first column that is free.
    column: usize,
    surviving: f64,
    /// `ln` of what survives.
    log: f64,
    paid: f64,
}

/// Search for sets of pairs on one target.
pub(super) struct OrderedSearch {
    threat: f64,
    rows: Vec<usize>,
    columns: Vec<usize>,
    /// Share that survives each pair, row by row.
    kept: Vec<f64>,
    /// Bounds.
    slopes: Slopes,
    chosen: Vec<Pair>,
    /// Only sets cheaper than this are of interest.
    cutoff: f64,
    best: Vec<Pair>,
    /// All sets up to the cutoff, if they are wanted, and how many at most.
    gathered: Option<(Vec<Found>, usize)>,
    /// Cells visited, without those of tables.
    visits: u64,
    cut_short: bool,
    /// The least bound of what a search that was cut short has left out.
    open: f64,
}

impl OrderedSearch {
    /// A search on one target over pairs that save at least their price less `spare`. `prices` are
    /// those of weapons, then of sensors.
    pub(super) fn new(
        instance: &Instance,
        target: usize,
        order: &Order,
        prices: &[f64],
        spare: f64,
    ) -> Self {
        let threat = instance.threat()[target];
        let price = |w: usize, s: usize| prices[w] + prices[instance.weapons() + s];
        let saves = |w, s| threat * (1.0 - instance.kept(target, (w, s)));
        let useful = |w, s| {
            let saved = saves(w, s);
            saved > 0.0 && saved - price(w, s) >= -spare
        };
        let (weapons, sensors) = order;
        let row = |w: &usize| sensors.iter().any(|&s| useful(*w, s));
        let rows: Vec<usize> = weapons.iter().copied().filter(row).collect();
        let column = |s: &usize| rows.iter().any(|&w| useful(w, *s));
        let columns: Vec<usize> = sensors.iter().copied().filter(column).collect();
        let pairs = rows
            .iter()
            .flat_map(|&w| columns.iter().map(move |&s| (w, s)));
        let pairs: Vec<Pair> = pairs.collect();
        let effort = |&(w, s): &Pair| instance.efforts(target, w)[s];
        let efforts = pairs.iter().map(effort).collect();
        let prices = pairs.iter().map(|&(w, s)| price(w, s)).collect();
        Self {
            threat,
            visits: (weapons.len() * sensors.len()) as u64,
            kept: pairs.iter().map(|&p| instance.kept(target, p)).collect(),
            slopes: Slopes::new(threat, columns.len().max(1), efforts, prices),
            rows,
            columns,
            chosen: Vec::new(),
            cutoff: threat,
            best: Vec::new(),
            gathered: None,
            cut_short: false,
            open: f64::INFINITY,
        }
    }

    /// A lower bound of the least cost with prices, which it is unless the search was cut short,
    /// the pairs that reach it, and what survives them. `steepness` is the slope at which to begin, and
    /// becomes the best one at the root.
    pub(super) fn best(
        &mut self,
        instance: &Instance,
        target: usize,
        steepness: &mut usize,
    ) -> (f64, Found) {
        if self.threat <= 0.0 || self.rows.is_empty() {
            return (self.threat, (Vec::new(), self.threat));
        }
        let root = self.root();
        *steepness = self.slopes.best((0, 0), root.log, *steepness);
        self.below(root, *steepness);
        let least = self.cutoff.min(self.open);
        let surviving = instance.surviving(target, &self.best);
        (least, (self.best.clone(), surviving))
    }

    /// All sets of pairs whose cost with prices is at most `cutoff`, with what survives them; none if
    /// there are more than `most` or the search is too long.
    pub(super) fn all(
        &mut self,
        instance: &Instance,
        target: usize,
        cutoff: f64,
        most: usize,
    ) -> Option<Vec<Found>> {
        let mut sets = Vec::new();
        if self.threat <= cutoff {
            sets.push((Vec::new(), self.threat));
        }
        self.gathered = Some((sets, most));
        self.cutoff = cutoff;
        if self.threat > 0.0 && !self.rows.is_empty() {
            self.below(self.root(), 0);
        }
        let (mut sets, _) = self.gathered.take()?;
        for (pairs, surviving) in &mut sets {
            *surviving = instance.surviving(target, pairs);
        }
        (!self.cut_short).then_some(sets)
    }

    /// Cells visited.
    pub(super) fn work(&self) -> u64 {
        self.visits + self.slopes.work
    }

    /// Nothing chosen yet.
    fn root(&self) -> Node {
        Node {
            row: 0,
            column: 0,
            surviving: self.threat,
            log: math::log(self.threat),
            paid: 0.0,
        }
    }

    /// All chains that go on from a node.
    fn below(&mut self, node: Node, hint: usize) {
        if node.surviving <= 0.0 || self.beyond(node.paid) {
            return;
        }
        let slope = self.slopes.best((node.row, node.column), node.log, hint);
        let now = node.paid + self.slopes.tangent(slope, node.log);
        let width = self.columns.len();
        let mut children = Vec::new();
        for row in node.row..self.rows.len() {
            if self.beyond(now + self.slopes.least(slope, row, node.column)) {
                break;
            }
            self.visits += (width - node.column) as u64;
            for column in node.column..width {
                let then = now + self.slopes.least_with(slope, row, column);
                if !self.beyond(then) && self.slopes.pair(row, column).0 > 0.0 {
                    children.push((then, row, column));
                }
            }
        }
        let most = match self.gathered {
            Some(_) => MOST_CELLS_GATHERED,
            None => MOST_CELLS_VISITED,
        };
        self.cut_short |= self.work() > most;
        children.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (then, row, column) in children {
            if self.beyond(then) {
                return;
            }
            if self.cut_short {
                self.open = self.open.min(then.max(node.paid));
                return;
            }
            let (effort, price) = self.slopes.pair(row, column);
            let child = Node {
                row: row + 1,
                column: column + 1,
                surviving: node.surviving * self.kept[row * width + column],
                log: node.log - effort,
                paid: node.paid + price,
            };
            self.chosen.push((self.rows[row], self.columns[column]));
            self.note(child);
            self.below(child, slope);
            self.chosen.pop();
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
    fn note(&mut self, node: Node) {
        let cost = node.surviving + node.paid;
        if self.beyond(cost) {
            return;
        }
        match &mut self.gathered {
            None => {
                self.cutoff = cost;
                self.best.clone_from(&self.chosen);
            }
            Some((sets, most)) => {
                sets.push((self.chosen.clone(), 0.0));
                self.cut_short |= sets.len() > *most;
            }
        }
    }
}
