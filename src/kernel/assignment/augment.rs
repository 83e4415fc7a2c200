//! The core of the assignment solver: at least as many columns as rows, any cost `+inf` forbidden.
//!
//! Jonker and Volgenant (1987), "A shortest augmenting path algorithm for dense and sparse linear
//! assignment problems", Computing 38, 325-340: column reduction, reduction transfer, two rounds
//! of augmenting row reduction, then shortest augmenting paths. Two things are added: a row may
//! stay unassigned at a price (a private dummy column per row, which needs no storage because it
//! touches one row only), and the column reduction is left out where a column may stay free,
//! because a free column's dual value has to be zero.

/// Columns that are handled at a time, so that the compiler can use vector instructions.
const BLOCK: usize = 8;

/// Searches along tight pairs before the general ones.
const PHASES: usize = 2;

/// Marks a row or column without a partner.
pub(super) const NONE: usize = usize::MAX;

/// State and work buffers of one solution, kept between solutions so that nothing is allocated.
#[derive(Clone, Debug, Default)]
pub(super) struct Core {
    /// Number of columns, at least the number of rows.
    cols: usize,
    /// Column of each row, or [`NONE`].
    pub(super) row_to_col: Vec<usize>,
    /// Row of each column, or [`NONE`].
    pub(super) col_to_row: Vec<usize>,
    /// Dual value of each column.
    pub(super) col_dual: Vec<f64>,
    /// What a row pays to stay unassigned; `+inf` where it may not.
    price: f64,
    /// Rows that are still to be placed.
    free_rows: Vec<usize>,
    /// Columns without a row, in rising order until the first augmentation.
    free_cols: Vec<usize>,
    /// Shortest distance to each open column; `+inf` once the column is settled.
    dist: Vec<f64>,
    /// Copy of `col_dual` for open columns; `-inf` once the column is settled.
    open_dual: Vec<f64>,
    /// Row from which each column was reached.
    pred: Vec<usize>,
    /// Columns that a search along tight pairs has seen, and the rows that it has still to look at.
    seen: Vec<bool>,
    open_rows: Vec<usize>,
    /// Settled columns with their distances, in the order in which they were settled.
    settled: Vec<(usize, f64)>,
}

/// Where a shortest augmenting path ended.
enum End {
    /// At a free column, at this distance.
    Column(usize, f64),
    /// At this row, which becomes unassigned, at this distance.
    Row(usize, f64),
}

impl Core {
    /// Solves `rows` by `cols` (`rows <= cols`, row-major). False if some row can be placed
    /// nowhere, which needs an infinite `price`; the state is then of no use.
    pub(super) fn run(&mut self, cost: &[f64], rows: usize, cols: usize, price: f64) -> bool {
        debug_assert!(
            rows <= cols && cost.len() == rows * cols,
            "shape of the core problem"
        );
        self.reset(rows, cols, price);
        if rows == cols && price.is_infinite() {
            if !self.reduce_columns(cost) {
                return false;
            }
        } else {
            self.free_rows.extend(0..rows);
        }
        for _ in 0..2 {
            if !self.free_rows.is_empty() {
                self.reduce_rows(cost);
            }
        }
        self.open_dual.clone_from(&self.col_dual);
        let owners = self.col_to_row.iter().enumerate();
        self.free_cols
            .extend(owners.filter(|&(_, &row)| row == NONE).map(|(col, _)| col));
        if price.is_infinite() {
            for _ in 0..PHASES {
                self.match_tight(cost);
            }
        }
        while let Some(row) = self.free_rows.pop() {
            let Some(end) = self.shortest_path(cost, row) else {
                return false;
            };
            self.augment(row, &end);
        }
        true
    }

    /// Empties the state for a problem of this shape.
    fn reset(&mut self, rows: usize, cols: usize, price: f64) {
        self.cols = cols;
        self.price = price;
        refill(&mut self.row_to_col, rows, NONE);
        refill(&mut self.col_to_row, cols, NONE);
        refill(&mut self.col_dual, cols, 0.0);
        refill(&mut self.dist, cols, f64::INFINITY);
        refill(&mut self.pred, cols, NONE);
        self.free_rows.clear();
        self.free_cols.clear();
        self.settled.clear();
    }

    /// Column reduction and reduction transfer (Jonker and Volgenant, steps 1 and 2), for square
    /// problems in which every column is to be used. False if a column is forbidden to all rows.
    fn reduce_columns(&mut self, cost: &[f64]) -> bool {
        self.col_dual.fill(f64::INFINITY);
        for (row, line) in cost.chunks_exact(self.cols.max(1)).enumerate() {
            let best = self.col_dual.iter_mut().zip(&mut self.col_to_row);
            for ((dual, owner), &c) in best.zip(line) {
                if c < *dual {
                    *dual = c;
                    *owner = row;
                }
            }
        }
        if self.col_dual.iter().any(|dual| dual.is_infinite()) {
            return false;
        }
        // `pred` counts here how many columns have their minimum in each row (rows == cols).
        self.pred.fill(0);
        for col in (0..self.cols).rev() {
            let row = self.col_to_row[col];
            self.pred[row] += 1;
            if self.row_to_col[row] == NONE {
                self.row_to_col[row] = col;
            } else {
                self.col_to_row[col] = NONE;
            }
        }
        for (row, line) in cost.chunks_exact(self.cols.max(1)).enumerate() {
            let col = self.row_to_col[row];
            if col == NONE {
                self.free_rows.push(row);
            } else if self.pred[row] == 1 {
                let mut least = f64::INFINITY;
                for (other, (&c, &dual)) in line.iter().zip(&self.col_dual).enumerate() {
                    if c - dual < least && other != col {
                        least = c - dual;
                    }
                }
                if least.is_finite() {
                    self.col_dual[col] -= least;
                }
            }
        }
        true
    }

    /// Augmenting row reduction (Jonker and Volgenant, step 3): each free row takes its cheapest
    /// column and lowers that column's dual value to what its second choice would have cost.
    fn reduce_rows(&mut self, cost: &[f64]) {
        let count = self.free_rows.len();
        let (mut current, mut kept, mut steps) = (0, 0, 0_usize);
        while current < count {
            steps += 1;
            let row = self.free_rows[current];
            current += 1;
            let line = &cost[row * self.cols..][..self.cols];
            let (first, second) = two_least(line, &self.col_dual);
            if first.1 > self.price {
                continue; // The row is best off unassigned, and no later step can change that.
            }
            if first.0 == NONE {
                self.free_rows[kept] = row;
                kept += 1;
                continue;
            }
            let mut col = first.0;
            let lowered = self.col_dual[col] - (second.1.min(self.price) - first.1);
            // In floating point a positive difference may still leave the dual value as it was.
            let lowers = lowered < self.col_dual[col] && lowered.is_finite();
            let within_budget = steps < current * self.cols;
            if lowers && within_budget {
                self.col_dual[col] = lowered;
            } else if self.col_to_row[col] != NONE && second.0 != NONE && second.1 <= first.1 {
                col = second.0;
            }
            let displaced = self.col_to_row[col];
            if displaced != NONE {
                self.row_to_col[displaced] = NONE;
                if lowers && within_budget {
                    current -= 1;
                    self.free_rows[current] = displaced;
                } else {
                    self.free_rows[kept] = displaced;
                    kept += 1;
                }
            }
            self.row_to_col[row] = col;
            self.col_to_row[col] = row;
        }
        self.free_rows.truncate(kept);
    }

    /// Places free rows along paths of length zero, which change no dual value: a search from one row
    /// after the other that looks at no column twice (Hopcroft and Karp 1973), `O(n²)` in all. Where
    /// costs are tied there are many such paths, and one search each would see the same columns
    /// again and again.
    fn match_tight(&mut self, cost: &[f64]) {
        refill(&mut self.seen, self.cols, false);
        self.settled.clear();
        let mut free = std::mem::take(&mut self.free_rows);
        free.retain(|&start| match self.tight_path(cost, start) {
            Some(col) => {
                self.augment(start, &End::Column(col, 0.0));
                false
            }
            None => true,
        });
        self.free_rows = free;
    }

    /// A free column at the end of a path of length zero from a free row, over columns not yet seen.
    fn tight_path(&mut self, cost: &[f64], start: usize) -> Option<usize> {
        self.open_rows.clear();
        self.open_rows.push(start);
        while let Some(row) = self.open_rows.pop() {
            let line = &cost[row * self.cols..][..self.cols];
            let dual = match self.row_to_col[row] {
                NONE => two_least(line, &self.col_dual).0.1,
                col => line[col] - self.col_dual[col],
            };
            for (col, (&c, &v)) in line.iter().zip(&self.col_dual).enumerate() {
                if c - v <= dual && c < f64::INFINITY && !self.seen[col] {
                    self.seen[col] = true;
                    self.pred[col] = row;
                    match self.col_to_row[col] {
                        NONE => return Some(col),
                        owner => self.open_rows.push(owner),
                    }
                }
            }
        }
        None
    }

    /// Shortest alternating path from a free row to a free column or to a row that is best left
    /// unassigned (Jonker and Volgenant, step 4; Dijkstra on reduced costs).
    fn shortest_path(&mut self, cost: &[f64], start: usize) -> Option<End> {
        self.dist.fill(f64::INFINITY);
        self.settled.clear();
        let (mut row, mut shift) = (start, 0.0);
        // Cheapest way so far to end by leaving a row of the tree unassigned.
        let mut leave = (start, self.price);
        loop {
            let line = &cost[row * self.cols..][..self.cols];
            let (col, least) = relax(
                line,
                row,
                shift,
                &self.open_dual,
                &mut self.dist,
                &mut self.pred,
            );
            if least > leave.1 {
                return Some(End::Row(leave.0, leave.1));
            }
            if col == NONE {
                return None;
            }
            if let Some(&free) = self
                .free_cols
                .iter()
                .find(|&&free| self.dist[free] <= least)
            {
                return Some(End::Column(free, least));
            }
            self.settled.push((col, least));
            self.dist[col] = f64::INFINITY;
            self.open_dual[col] = f64::NEG_INFINITY;
            row = self.col_to_row[col];
            shift = cost[row * self.cols + col] - self.col_dual[col] - least;
            if self.price - shift < leave.1 {
                leave = (row, self.price - shift);
            }
        }
    }

    /// Updates the dual values of the settled columns and flips the path.
    fn augment(&mut self, start: usize, end: &End) {
        let (mut col, length) = match *end {
            End::Column(col, length) => {
                self.free_cols.retain(|&free| free != col);
                (col, length)
            }
            End::Row(row, length) => (std::mem::replace(&mut self.row_to_col[row], NONE), length),
        };
        for &(settled, dist) in &self.settled {
            self.col_dual[settled] += dist - length;
            self.open_dual[settled] = self.col_dual[settled];
        }
        // `col` is NONE only if the starting row itself stays unassigned.
        while col != NONE {
            let row = self.pred[col];
            self.col_to_row[col] = row;
            let next = std::mem::replace(&mut self.row_to_col[row], col);
            if row == start {
                break;
            }
            col = next;
        }
    }
}

/// Sets a buffer to `len` copies of `value` without giving up its memory.
fn refill<T: Clone>(buffer: &mut Vec<T>, len: usize, value: T) {
    buffer.clear();
    buffer.resize(len, value);
}

/// Columns and values of the least and the second least reduced cost of a row. The lower column
/// wins a tie; [`NONE`] and `+inf` where there is none.
fn two_least(line: &[f64], dual: &[f64]) -> ((usize, f64), (usize, f64)) {
    let mut first = (NONE, f64::INFINITY);
    let mut second = (NONE, f64::INFINITY);
    for (col, (&c, &v)) in line.iter().zip(dual).enumerate() {
        let reduced = c - v;
        if reduced < second.1 {
            if reduced < first.1 {
                second = first;
                first = (col, reduced);
            } else {
                second = (col, reduced);
            }
        }
    }
    (first, second)
}

/// Shortens the distances through `row` and returns the nearest open column with its distance.
fn relax(
    line: &[f64],
    row: usize,
    shift: f64,
    dual: &[f64],
    dist: &mut [f64],
    pred: &mut [usize],
) -> (usize, f64) {
    let whole = line.len() / BLOCK * BLOCK;
    let (mut least, mut start) = (f64::INFINITY, whole);
    let (d_blocks, d_tail) = dist.as_chunks_mut::<BLOCK>();
    let (p_blocks, p_tail) = pred.as_chunks_mut::<BLOCK>();
    let (c_blocks, c_tail) = line.as_chunks::<BLOCK>();
    let (v_blocks, v_tail) = dual.as_chunks::<BLOCK>();
    let blocks = d_blocks
        .iter_mut()
        .zip(p_blocks)
        .zip(c_blocks.iter().zip(v_blocks));
    for (block, ((d, p), (c, v))) in blocks.enumerate() {
        let mut through = [0.0; BLOCK];
        let mut shorter = false;
        for k in 0..BLOCK {
            through[k] = c[k] - v[k] - shift;
            shorter |= through[k] < d[k];
        }
        if shorter {
            for k in 0..BLOCK {
                if through[k] < d[k] {
                    d[k] = through[k];
                    p[k] = row;
                }
            }
        }
        let here = block_min(d);
        if here < least {
            (least, start) = (here, block * BLOCK);
        }
    }
    for (((d, p), c), v) in d_tail.iter_mut().zip(p_tail).zip(c_tail).zip(v_tail) {
        if c - v - shift < *d {
            *d = c - v - shift;
            *p = row;
        }
        if *d < least {
            (least, start) = (*d, whole);
        }
    }
    let found = dist[start..]
        .iter()
        .position(|&d| d <= least && d.is_finite());
    found.map_or((NONE, f64::INFINITY), |at| (start + at, least))
}

/// Least of a block, as a tree of exact minima.
fn block_min(d: &[f64; BLOCK]) -> f64 {
    let least = |a: f64, b: f64| if b < a { b } else { a };
    let quarter = [
        least(d[0], d[4]),
        least(d[1], d[5]),
        least(d[2], d[6]),
        least(d[3], d[7]),
    ];
    least(least(quarter[0], quarter[2]), least(quarter[1], quarter[3]))
}
