//! Columns, and the pool of those in play.

/// One way to serve one target.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::planning::algo) struct Column {
    /// Resources in rising order, one entry per use.
    pub(in crate::planning::algo) uses: Vec<usize>,
    /// What it costs.
    pub(in crate::planning::algo) cost: f64,
}

impl Column {
    /// Cost plus the price of the resources.
    pub(in crate::planning::algo) fn priced(&self, prices: &[f64]) -> f64 {
        self.cost + self.uses.iter().map(|&w| prices[w]).sum::<f64>()
    }
}

/// The columns in play, by target.
#[derive(Clone, Debug, Default)]
pub(in crate::planning::algo) struct Pool {
    /// Columns of each target, none twice.
    pub(in crate::planning::algo) by_target: Vec<Vec<Column>>,
}

impl Pool {
    /// No columns.
    pub(in crate::planning::algo) fn new(targets: usize) -> Self {
        Self {
            by_target: vec![Vec::new(); targets],
        }
    }

    /// Number of columns.
    pub(in crate::planning::algo) fn len(&self) -> usize {
        self.by_target.iter().map(Vec::len).sum()
    }

    /// Adds a column unless it is there already; true if it is new.
    pub(in crate::planning::algo) fn add(&mut self, target: usize, column: Column) -> bool {
        let columns = &mut self.by_target[target];
        let new = columns.iter().all(|known| known.uses != column.uses);
        if new {
            columns.push(column);
        }
        new
    }

    /// Drops columns whose reduced cost at these prices is above `reach`, which no plan better than
    /// the bound plus `reach` can use. `least` is the cost with prices of each target's cheapest
    /// column.
    pub(in crate::planning::algo) fn prune(&mut self, prices: &[f64], least: &[f64], reach: f64) {
        for (columns, &least) in self.by_target.iter_mut().zip(least) {
            columns.retain(|column| column.priced(prices) - least <= reach);
        }
    }
}
