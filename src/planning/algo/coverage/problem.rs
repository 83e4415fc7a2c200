//! The graph to be covered. See [`CoverProblem`].

use thiserror::Error;

/// Most vehicles times cells.
pub const MOST_ENTRIES: usize = 4_000_000;
/// Largest length of a link.
const LARGEST: f64 = 1e12;

/// Why a problem was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum CoverError {
    /// There is no vehicle, or there are too many cells.
    #[error("{0} vehicles on {1} cells are none, or more than {MOST_ENTRIES} pairs")]
    Size(usize, usize),
    /// A link has an end that is no cell, both ends the same, or a length out of range.
    #[error("link {0} has an end that is no cell or a length that is not a usable number")]
    Link(usize),
    /// A vehicle begins at no cell or its rate is not a positive number.
    #[error("vehicle {0} begins at no cell, or its rate is not a positive number")]
    Vehicle(usize),
    /// No vehicle reaches a cell.
    #[error("no vehicle reaches cell {0}")]
    Unreachable(usize),
}

/// A link from a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arc {
    /// Cell at its far end.
    pub(super) to: usize,
    /// Its length.
    pub(super) length: f64,
}

/// Cells, links between them, and vehicles.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverProblem {
    /// Cell at which each vehicle begins.
    roots: Vec<usize>,
    /// Length that each vehicle covers in a unit of time.
    rates: Vec<f64>,
    /// Where the links of each cell begin in `arcs`, and one more entry at the end.
    start: Vec<usize>,
    /// Links of all cells, cell by cell.
    arcs: Vec<Arc>,
}

impl CoverProblem {
    /// A problem of `cells` cells; a link is two cells and a length, a vehicle the cell at which it
    /// begins and the length of links that it covers in a unit of time (speed times swath over the
    /// side of a cell).
    ///
    /// # Errors
    /// [`CoverError`] for sizes, links or vehicles that cannot be used, or a cell out of reach.
    pub fn new(
        cells: usize,
        links: &[(usize, usize, f64)],
        vehicles: &[(usize, f64)],
    ) -> Result<Self, CoverError> {
        let entries = cells.saturating_mul(vehicles.len());
        if vehicles.is_empty() || entries > MOST_ENTRIES || links.len() > MOST_ENTRIES {
            return Err(CoverError::Size(vehicles.len(), cells));
        }
        let good = |&(a, b, length): &(usize, usize, f64)| {
            a < cells && b < cells && a != b && (0.0..=LARGEST).contains(&length)
        };
        if let Some(bad) = links.iter().position(|link| !good(link)) {
            return Err(CoverError::Link(bad));
        }
        let moves = |&(root, rate): &(usize, f64)| root < cells && (1e-9..=1e9).contains(&rate);
        if let Some(bad) = vehicles.iter().position(|vehicle| !moves(vehicle)) {
            return Err(CoverError::Vehicle(bad));
        }
        let mut of_cell: Vec<Vec<Arc>> = vec![Vec::new(); cells];
        for &(a, b, length) in links {
            of_cell[a].push(Arc { to: b, length });
            of_cell[b].push(Arc { to: a, length });
        }
        let mut start = vec![0];
        for arcs in &mut of_cell {
            // Of several links between the same cells the shortest counts.
            arcs.sort_by(|a, b| a.to.cmp(&b.to).then(a.length.total_cmp(&b.length)));
            arcs.dedup_by_key(|arc| arc.to);
            start.push(start[start.len() - 1] + arcs.len());
        }
        let problem = Self {
            roots: vehicles.iter().map(|v| v.0).collect(),
            rates: vehicles.iter().map(|v| v.1).collect(),
            start,
            arcs: of_cell.into_iter().flatten().collect(),
        };
        let far = problem.distances().iter().position(|d| d.is_infinite());
        far.map_or(Ok(problem), |cell| Err(CoverError::Unreachable(cell)))
    }

    /// Number of cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.start.len() - 1
    }

    /// Number of vehicles.
    #[must_use]
    pub fn vehicles(&self) -> usize {
        self.roots.len()
    }

    /// Cell at which a vehicle begins.
    #[must_use]
    pub fn root(&self, vehicle: usize) -> usize {
        self.roots[vehicle]
    }

    /// Length that a vehicle covers in a unit of time.
    pub(super) fn rate(&self, vehicle: usize) -> f64 {
        self.rates[vehicle]
    }

    /// Number of links, from both ends.
    pub(super) fn arc_count(&self) -> usize {
        self.arcs.len()
    }

    /// Links of a cell, by rising far end.
    pub(super) fn arcs_of(&self, cell: usize) -> &[Arc] {
        &self.arcs[self.start[cell]..self.start[cell + 1]]
    }

    /// The link of a number below [`Self::arc_count`]: the cell it leads from, and the link.
    pub(super) fn arc(&self, number: usize) -> (usize, Arc) {
        let from = self.start.partition_point(|&first| first <= number) - 1;
        (from, self.arcs[number])
    }

    /// Length of the link between two neighbours.
    pub(super) fn length(&self, a: usize, b: usize) -> f64 {
        let arcs = self.arcs_of(a);
        let found = arcs.binary_search_by_key(&b, |arc| arc.to);
        found.map_or(f64::INFINITY, |at| arcs[at].length)
    }

    /// Least time in which some vehicle's tree gets to each cell.
    pub(super) fn distances(&self) -> Vec<f64> {
        let mut least = vec![f64::INFINITY; self.cells()];
        for vehicle in 0..self.vehicles() {
            let reach = self.lengths_from(&[self.roots[vehicle]]);
            for (time, length) in least.iter_mut().zip(reach) {
                *time = time.min(length / self.rates[vehicle]);
            }
        }
        least
    }

    /// Length of the shortest way from any of these cells to every cell.
    pub(super) fn lengths_from(&self, sources: &[usize]) -> Vec<f64> {
        let mut least = vec![f64::INFINITY; self.cells()];
        let mut open = std::collections::BTreeSet::new();
        for &source in sources {
            least[source] = 0.0;
            open.insert((0_u64, source));
        }
        // Bits of non-negative doubles order as the numbers do.
        while let Some((bits, cell)) = open.pop_first() {
            for arc in self.arcs_of(cell) {
                let length = f64::from_bits(bits) + arc.length;
                if length < least[arc.to] {
                    open.remove(&(least[arc.to].to_bits(), arc.to));
                    least[arc.to] = length;
                    open.insert((length.to_bits(), arc.to));
                }
            }
        }
        least
    }
}
