//! Knapsacks by dynamic programming, and what each item would change. See [`Knapsack`].
//!
//! With whole loads and capacity `b` the table has `b + 1` columns. Wider capacities are scaled:
//! every load and the capacity are divided and rounded down, which keeps every solution and hence
//! bounds the best value from above.

/// Most columns of a table.
pub(super) const WIDEST: i64 = 16_384;

/// Most cells of a table.
const CELLS: i64 = 4_000_000;

/// Tables that are kept from one knapsack to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Knapsack {
    /// Columns: whole amounts of capacity from none to all.
    width: usize,
    /// What the items may weigh together.
    capacity: i64,
    /// Loads as given.
    given: Vec<i64>,
    /// Scaled loads.
    loads: Vec<usize>,
    /// Values, all above zero.
    values: Vec<f64>,
    /// Row `k`: greatest value of the first `k` items within each capacity.
    forward: Vec<f64>,
    /// Row `k`: greatest value of the items from `k` on within each capacity.
    backward: Vec<f64>,
    /// By what loads were divided.
    scale: i64,
}

/// `next[c] = max(now[c], now[c - load] + value)`.
fn relax(now: &[f64], next: &mut [f64], load: usize, value: f64) {
    if load >= now.len() {
        next.copy_from_slice(now);
        return;
    }
    next[..load].copy_from_slice(&now[..load]);
    let shifted = now.iter().zip(&now[load..]);
    for (to, (with, without)) in next[load..].iter_mut().zip(shifted) {
        let taken = with + value;
        *to = if taken > *without { taken } else { *without };
    }
}

/// Greatest sum of a column of the one table and the mirrored column of the other that leave
/// `width` columns between them.
fn meet(first: &[f64], second: &[f64], width: usize) -> f64 {
    let pairs = first[..width].iter().zip(second[..width].iter().rev());
    pairs.fold(f64::NEG_INFINITY, |best, (a, b)| {
        let sum = a + b;
        if sum > best { sum } else { best }
    })
}

impl Knapsack {
    /// Sets the capacity and forgets all items.
    pub(super) fn clear(&mut self, capacity: i64) {
        self.capacity = capacity;
        self.given.clear();
        self.values.clear();
    }

    /// Adds an item of value above zero.
    pub(super) fn push(&mut self, load: i64, value: f64) {
        self.given.push(load);
        self.values.push(value);
    }

    /// A load in columns.
    fn columns(&self, load: i64) -> usize {
        usize::try_from(load / self.scale).expect("loads are not negative")
    }

    /// Chooses the scale and fills the table; the greatest value, which is above the true one if
    /// loads were scaled.
    pub(super) fn solve(&mut self) -> f64 {
        let rows = i64::try_from(self.given.len() + 1).expect("items are few");
        self.scale = self.capacity / WIDEST.min(CELLS / rows).max(1) + 1;
        self.width = self.columns(self.capacity) + 1;
        self.loads.clear();
        for at in 0..self.given.len() {
            self.loads.push(self.columns(self.given[at]));
        }
        let width = self.width;
        let cells = (self.loads.len() + 1) * width;
        if self.forward.len() < cells {
            self.forward.resize(cells, 0.0);
        }
        self.forward[..width].fill(0.0);
        for k in 0..self.loads.len() {
            let (now, next) = self.forward[k * width..(k + 2) * width].split_at_mut(width);
            relax(now, next, self.loads[k], self.values[k]);
        }
        self.forward[cells - 1]
    }

    /// Calls `take` with the place of each item of a best choice, the last one first. Follows
    /// [`Self::solve`].
    pub(super) fn choice(&self, mut take: impl FnMut(usize)) {
        let mut column = self.width - 1;
        for k in (0..self.loads.len()).rev() {
            let without = self.forward[k * self.width + column];
            let with = self.forward[(k + 1) * self.width + column];
            if with > without {
                column -= self.loads[k];
                take(k);
            }
        }
    }

    /// Fills the table from the other end, which [`Self::without`] and [`Self::with`] need.
    pub(super) fn solve_backward(&mut self) {
        let width = self.width;
        let count = self.loads.len();
        if self.backward.len() < (count + 1) * width {
            self.backward.resize((count + 1) * width, 0.0);
        }
        self.backward[count * width..(count + 1) * width].fill(0.0);
        for k in (0..count).rev() {
            let (next, now) = self.backward[k * width..(k + 2) * width].split_at_mut(width);
            relax(now, next, self.loads[k], self.values[k]);
        }
    }

    /// Greatest value without item `k`.
    pub(super) fn without(&self, k: usize) -> f64 {
        let before = &self.forward[k * self.width..];
        meet(before, &self.backward[(k + 1) * self.width..], self.width)
    }

    /// Greatest value with item `k`; minus infinity if it does not fit.
    pub(super) fn with(&self, k: usize) -> f64 {
        if self.loads[k] >= self.width {
            return f64::NEG_INFINITY;
        }
        let left = self.width - self.loads[k];
        let before = &self.forward[k * self.width..];
        meet(before, &self.backward[(k + 1) * self.width..], left) + self.values[k]
    }

    /// Greatest value when an item that was not added is forced in; minus infinity if it does not
    /// fit.
    pub(super) fn forced(&self, load: i64, value: f64) -> f64 {
        let load = self.columns(load);
        if load >= self.width {
            return f64::NEG_INFINITY;
        }
        self.forward[self.loads.len() * self.width + self.width - 1 - load] + value
    }

    /// Work of filling the table, in steps of about a microsecond.
    pub(super) fn steps(&self) -> u64 {
        (self.width * (self.loads.len() + 1)) as u64 / 1024 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Greatest value over all subsets, with item `forced` in, out, or either.
    fn brute(items: &[(i64, u32)], capacity: i64, forced: Option<(usize, bool)>) -> f64 {
        let mut best = f64::NEG_INFINITY;
        for set in 0..1_u32 << items.len() {
            let has = |k: usize| set >> k & 1 == 1;
            if forced.is_some_and(|(k, inside)| has(k) != inside) {
                continue;
            }
            let chosen = || items.iter().enumerate().filter(|(k, _)| has(*k));
            if chosen().map(|(_, item)| item.0).sum::<i64>() <= capacity {
                best = best.max(chosen().map(|(_, item)| f64::from(item.1)).sum());
            }
        }
        best
    }

    proptest! {
        #[test]
        fn tables_agree_with_all_subsets(
            items in prop::collection::vec((0_i64..12, 1_u32..30), 1..9),
            capacity in 0_i64..40,
        ) {
            let mut sack = Knapsack::default();
            sack.clear(capacity);
            items.iter().for_each(|&(load, value)| sack.push(load, f64::from(value)));
            let best = sack.solve();
            prop_assert!((best - brute(&items, capacity, None)).abs() < 1e-9);
            let (mut load, mut value) = (0, 0.0);
            sack.choice(|k| {
                load += items[k].0;
                value += f64::from(items[k].1);
            });
            prop_assert!(load <= capacity && (value - best).abs() < 1e-9);
            sack.solve_backward();
            for k in 0..items.len() {
                let (with, without) = (sack.with(k), sack.without(k));
                let wanted = brute(&items, capacity, Some((k, true)));
                let other = brute(&items, capacity, Some((k, false)));
                prop_assert!(with.to_bits() == wanted.to_bits() || (with - wanted).abs() < 1e-9);
                prop_assert!((without - other).abs() < 1e-9);
            }
        }

        #[test]
        fn scaled_tables_bound_from_above(
            items in prop::collection::vec((0_i64..900_000, 1_u32..30), 1..9),
            capacity in 0_i64..1_000_000,
        ) {
            let mut sack = Knapsack::default();
            sack.clear(capacity);
            items.iter().for_each(|&(load, value)| sack.push(load, f64::from(value)));
            prop_assert!(sack.solve() >= brute(&items, capacity, None) - 1e-9);
        }
    }
}
