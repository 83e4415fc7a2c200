//! Zero-half cuts: what whole numbers know and mixtures do not.
//!
//! Half the sum of some rows, rounded down, holds for every plan: Chvatal-Gomory cuts with
//! multipliers one half (Caprara and Fischetti 1996, Mathematical Programming 74, 221-235), of
//! which the subset-row cuts of routing are a case (Jepsen and others 2008). A set of rows with an odd
//! right-hand side in which the columns of the mixture are even gives a cut that the mixture misses
//! by one half. Such sets are found by elimination modulo two over the fractional part of the
//! mixture (Koster, Zymolka, Kutschka 2009, Algorithmica 55, 219-241). Targets that the mixture
//! serves by one column need no row of their own there: theirs joins in whenever it makes that column
//! even.

use super::column::Pool;

/// Shares nearer than this to zero or one count as whole.
const WHOLE: f64 = 1e-4;

/// Least violation of a cut worth having.
const VIOLATION: f64 = 0.01;

/// Most cuts of a round.
const MOST_CUTS: usize = 80;

/// `sum entries <= most` over columns.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::planning::algo) struct Cut {
    /// Target, index of the column within it, coefficient above zero.
    pub(super) entries: Vec<(usize, usize, f64)>,
    /// The right-hand side.
    pub(super) most: f64,
    /// Targets whose row is in it.
    targets: Vec<bool>,
    /// Resources whose row is in it.
    resources: Vec<bool>,
}

impl Cut {
    /// Lists the coefficients anew after the columns have changed.
    pub(super) fn refresh(&mut self, pool: &Pool) {
        self.entries.clear();
        for (target, columns) in pool.by_target.iter().enumerate() {
            for (at, column) in columns.iter().enumerate() {
                let used = column.uses.iter().filter(|&&r| self.resources[r]).count();
                let half = (used + usize::from(self.targets[target])) / 2;
                if half > 0 {
                    self.entries.push((target, at, half as f64));
                }
            }
        }
    }
}

/// A sum of rows modulo two.
#[derive(Clone)]
struct Row {
    /// Fractional columns with an odd coefficient.
    odd: Vec<bool>,
    right_odd: bool,
    slack: f64,
    /// Original rows in the sum.
    members: Vec<bool>,
}

impl Row {
    /// Adds another row.
    fn add(&mut self, other: &Self) {
        let flip = |mine: &mut [bool], theirs: &[bool]| {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a ^= b);
        };
        flip(&mut self.odd, &other.odd);
        flip(&mut self.members, &other.members);
        self.right_odd ^= other.right_odd;
        self.slack += other.slack;
    }

    /// What a cut from this row lacks to be violated by one half.
    fn weight(&self, shares: &[f64]) -> f64 {
        let odd = self.odd.iter().zip(shares).filter(|&(&odd, _)| odd);
        self.slack + odd.map(|(_, share)| share).sum::<f64>()
    }
}

/// What a row of the elimination stands for.
#[derive(Clone, Copy)]
enum Origin {
    Target(usize),
    Resource(usize),
}

/// The fractional part of a mixture.
struct Fractional {
    /// Shares of the fractional columns.
    shares: Vec<f64>,
    rows: Vec<Row>,
    origins: Vec<Origin>,
    /// The one column of each target that is served by one.
    whole: Vec<Option<usize>>,
}

/// Cuts that the mixture violates.
pub(super) fn separate(pool: &Pool, shares: &[Vec<f64>], capacity: &[f64]) -> Vec<Cut> {
    let part = fractional(pool, shares, capacity);
    let mut order: Vec<usize> = (0..part.shares.len()).collect();
    order.sort_by(|&a, &b| part.shares[b].total_cmp(&part.shares[a]).then(a.cmp(&b)));
    let mut rows = part.rows.clone();
    let mut cuts: Vec<Cut> = Vec::new();
    let mut take = |rows: &[Row]| {
        for row in rows {
            if row.right_odd && row.weight(&part.shares) < 1.0 - 2.0 * VIOLATION {
                let cut = build(pool, &part, row, capacity);
                let reached: f64 = cut
                    .entries
                    .iter()
                    .map(|&(t, k, by)| by * shares[t][k])
                    .sum();
                if reached > cut.most + VIOLATION && !cuts.contains(&cut) {
                    cuts.push(cut);
                }
            }
        }
        cuts.len() < MOST_CUTS
    };
    for column in order {
        if !take(&rows) {
            break;
        }
        let with = rows.iter().enumerate().filter(|(_, row)| row.odd[column]);
        let key = |row: &Row| (row.slack, row.members.iter().filter(|&&m| m).count());
        let pivot = with.min_by(|(_, a), (_, b)| {
            let (a, b) = (key(a), key(b));
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        });
        if let Some((at, _)) = pivot {
            let pivot = rows.swap_remove(at);
            rows.iter_mut()
                .filter(|row| row.odd[column])
                .for_each(|row| row.add(&pivot));
        }
    }
    take(&rows);
    cuts
}

/// The rows of the fractional part modulo two.
fn fractional(pool: &Pool, shares: &[Vec<f64>], capacity: &[f64]) -> Fractional {
    let mut left = capacity.to_vec();
    let mut slack = capacity.to_vec();
    let mut columns = Vec::new();
    let mut whole = Vec::with_capacity(shares.len());
    for (target, own) in shares.iter().enumerate() {
        let one = own.iter().position(|&share| share >= 1.0 - WHOLE);
        whole.push(one);
        for (at, &share) in own.iter().enumerate() {
            for &r in &pool.by_target[target][at].uses {
                slack[r] -= share;
                left[r] -= if one == Some(at) { 1.0 } else { 0.0 };
            }
            if one.is_none() && share > WHOLE {
                columns.push((target, at, share));
            }
        }
    }
    let mut origins: Vec<Origin> = (0..whole.len())
        .filter(|&t| whole[t].is_none())
        .map(Origin::Target)
        .collect();
    let uses = |&(target, at, _): &(usize, usize, f64)| &pool.by_target[target][at].uses;
    let mut touched = vec![false; capacity.len()];
    columns
        .iter()
        .flat_map(uses)
        .for_each(|&r| touched[r] = true);
    origins.extend(
        (0..touched.len())
            .filter(|&r| touched[r])
            .map(Origin::Resource),
    );
    let rows = origins.iter().enumerate().map(|(at, origin)| {
        let mut members = vec![false; origins.len()];
        members[at] = true;
        let odd = |column: &(usize, usize, f64)| match *origin {
            Origin::Target(target) => column.0 == target,
            Origin::Resource(r) => uses(column).iter().filter(|&&u| u == r).count() % 2 == 1,
        };
        let (right, slack) = match *origin {
            Origin::Target(_) => (1.0, 0.0),
            Origin::Resource(r) => (left[r], slack[r].max(0.0)),
        };
        Row {
            odd: columns.iter().map(odd).collect(),
            right_odd: right.rem_euclid(2.0) > 0.5,
            slack,
            members,
        }
    });
    Fractional {
        rows: rows.collect(),
        shares: columns.iter().map(|c| c.2).collect(),
        origins,
        whole,
    }
}

/// The cut of a sum of rows, over all columns.
fn build(pool: &Pool, part: &Fractional, row: &Row, capacity: &[f64]) -> Cut {
    let mut targets = vec![false; part.whole.len()];
    let mut resources = vec![false; capacity.len()];
    for (origin, _) in part.origins.iter().zip(&row.members).filter(|(_, m)| **m) {
        match *origin {
            Origin::Target(target) => targets[target] = true,
            Origin::Resource(resource) => resources[resource] = true,
        }
    }
    for (target, whole) in part.whole.iter().enumerate() {
        if let Some(at) = *whole {
            let uses = &pool.by_target[target][at].uses;
            targets[target] = uses.iter().filter(|&&r| resources[r]).count() % 2 == 1;
        }
    }
    let held = capacity.iter().zip(&resources).filter(|&(_, &r)| r);
    let right = held.map(|(c, _)| c).sum::<f64>() + targets.iter().filter(|&&t| t).count() as f64;
    let mut cut = Cut {
        entries: Vec::new(),
        most: (right / 2.0).floor(),
        targets,
        resources,
    };
    cut.refresh(pool);
    cut
}
