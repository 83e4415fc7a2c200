//! The least costs of chains of pairs along tangents. See [`Slopes`].

use crate::kernel::math;

/// Each slope as a share of the one before; the first is the threat.
const STEP: f64 = 0.75;

/// Most slopes.
const MOST_SLOPES: usize = 40;

/// The least sums at a slope, from each row and column on.
struct Table {
    slope: f64,
    /// `ln` of the slope.
    log: f64,
    /// Empty until it is asked for.
    least: Vec<f64>,
}

/// Bounds of chains by tangents of several slopes, each with a table that is filled when it is needed.
pub(super) struct Slopes {
    /// Effort of each pair, row by row.
    efforts: Vec<f64>,
    /// Price of each pair.
    prices: Vec<f64>,
    /// Columns of a table: one more than there are sensors.
    width: usize,
    tables: Vec<Table>,
    /// Cells filled.
    pub(super) work: u64,
}

impl Slopes {
    /// No table filled; `columns` is at least one.
    pub(super) fn new(threat: f64, columns: usize, efforts: Vec<f64>, prices: Vec<f64>) -> Self {
        let mut slope = threat;
        let table = |_| {
            let own = slope;
            slope *= STEP;
            Table {
                slope: own,
                log: math::log(own),
                least: Vec::new(),
            }
        };
        Self {
            tables: (0..MOST_SLOPES).map(table).collect(),
            width: columns + 1,
            work: 0,
            efforts,
            prices,
        }
    }

    /// Effort and price of a pair.
    pub(super) fn pair(&self, row: usize, column: usize) -> (f64, f64) {
        let at = row * (self.width - 1) + column;
        (self.efforts[at], self.prices[at])
    }

    /// No chain that begins at this row and column or after costs less, beyond the tangent.
    pub(super) fn least(&self, slope: usize, row: usize, column: usize) -> f64 {
        self.tables[slope].least[row * self.width + column]
    }

    /// The same with this pair as the first.
    pub(super) fn least_with(&self, slope: usize, row: usize, column: usize) -> f64 {
        let (effort, price) = self.pair(row, column);
        price - self.tables[slope].slope * effort + self.least(slope, row + 1, column + 1)
    }

    /// The tangent of a slope: what survives at least without further pairs, `log` being the logarithm of
    /// what survives now.
    pub(super) fn tangent(&self, slope: usize, log: f64) -> f64 {
        let table = &self.tables[slope];
        table.slope * (1.0 + log - table.log)
    }

    /// The slope with the best bound from a row and column on; bounds are concave in the slope, so that
    /// it is found by walking from `hint`, first to less steep ones.
    pub(super) fn best(&mut self, (row, column): (usize, usize), log: f64, hint: usize) -> usize {
        let mut bound = |slope: usize| {
            self.fill(slope);
            self.tangent(slope, log) + self.least(slope, row, column)
        };
        let (mut at, mut best) = (hint, bound(hint));
        while at + 1 < MOST_SLOPES {
            let next = bound(at + 1);
            if next <= best {
                break;
            }
            (at, best) = (at + 1, next);
        }
        while at <= hint && at > 0 {
            let next = bound(at - 1);
            if next <= best {
                break;
            }
            (at, best) = (at - 1, next);
        }
        at
    }

    /// Fills a table, if it is empty.
    fn fill(&mut self, slope: usize) {
        if !self.tables[slope].least.is_empty() {
            return;
        }
        let (steep, width) = (self.tables[slope].slope, self.width);
        let rows = self.efforts.len() / (width - 1);
        let mut least = vec![0.0; (rows + 1) * width];
        self.work += self.efforts.len() as u64;
        for row in (0..rows).rev() {
            let (above, below) = least.split_at_mut((row + 1) * width);
            let own = &mut above[row * width..];
            let cells = &self.efforts[row * (width - 1)..][..width - 1];
            let prices = &self.prices[row * (width - 1)..][..width - 1];
            for column in (0..width - 1).rev() {
                let with = prices[column] - steep * cells[column] + below[column + 1];
                own[column] = with.min(below[column]).min(own[column + 1]);
            }
        }
        self.tables[slope].least = least;
    }
}
