//! Rooted trees that together reach every cell, changed by moves that can be taken back.

use super::problem::CoverProblem;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A cell that is not in the tree.
const OUT: u32 = u32::MAX;
/// A cell at which the tree begins.
const ROOT: u32 = u32::MAX - 1;
/// Most cells of a branch that changes trees at once.
pub(super) const MOST_MOVED: usize = 400;

/// One tree per vehicle. A cell may be in several trees; each is in at least one between moves.
#[derive(Clone, Debug)]
pub(super) struct Forest<'a> {
    problem: &'a CoverProblem,
    /// Cell before each cell, by tree and cell.
    before: Vec<u32>,
    /// Number of trees each cell is in.
    count: Vec<u32>,
    /// Length of each tree.
    pub(super) length: Vec<f64>,
    /// Entries of `before` as they were, for taking back.
    log: Vec<(usize, usize, u32)>,
    /// Lengths as they were.
    old_length: Vec<f64>,
}

impl<'a> Forest<'a> {
    /// Trees that take the nearest free cell in turn, the one with least time first.
    pub(super) fn grown(problem: &'a CoverProblem) -> Self {
        let (cells, trees) = (problem.cells(), problem.vehicles());
        let mut forest = Self {
            problem,
            before: vec![OUT; cells * trees],
            count: vec![0; cells],
            length: vec![0.0; trees],
            log: Vec::new(),
            old_length: vec![0.0; trees],
        };
        let mut edges = vec![BinaryHeap::new(); trees];
        for (tree, edge) in edges.iter_mut().enumerate() {
            forest.put(tree, problem.root(tree), ROOT);
            edge.extend(links_of(problem, problem.root(tree)));
        }
        loop {
            let open = (0..trees).filter(|&tree| !edges[tree].is_empty());
            let time = |tree: usize| forest.length[tree] / problem.rate(tree);
            let Some(tree) = open.min_by(|&a, &b| time(a).total_cmp(&time(b))) else {
                break;
            };
            let Some(Reverse((_, to, from))) = edges[tree].pop() else {
                continue;
            };
            if forest.count[to] == 0 {
                forest.put(tree, to, index(from));
                edges[tree].extend(links_of(problem, to));
            }
        }
        forest.keep();
        forest
    }

    /// Whether a cell is in a tree.
    pub(super) fn has(&self, tree: usize, cell: usize) -> bool {
        self.before[tree * self.count.len() + cell] != OUT
    }

    /// The cell before a cell of a tree; `None` at the root.
    pub(super) fn parent(&self, tree: usize, cell: usize) -> Option<usize> {
        let before = self.before[tree * self.count.len() + cell];
        (before < ROOT).then_some(before as usize)
    }

    /// Number of trees that a cell is in.
    pub(super) fn owners(&self, cell: usize) -> u32 {
        self.count[cell]
    }

    /// Writes an entry and keeps counts and lengths.
    fn put(&mut self, tree: usize, cell: usize, before: u32) {
        let at = tree * self.count.len() + cell;
        let old = self.before[at];
        self.log.push((tree, cell, old));
        if old < ROOT {
            self.length[tree] -= self.problem.length(cell, old as usize);
        }
        if before < ROOT {
            self.length[tree] += self.problem.length(cell, before as usize);
        }
        match (old == OUT, before == OUT) {
            (true, false) => self.count[cell] += 1,
            (false, true) => self.count[cell] -= 1,
            _ => {}
        }
        self.before[at] = before;
    }

    /// Makes what was done since the last call final.
    pub(super) fn keep(&mut self) {
        self.log.clear();
        self.old_length.clone_from(&self.length);
    }

    /// Takes back what was done since [`Self::keep`].
    pub(super) fn take_back(&mut self) {
        let cells = self.count.len();
        while let Some((tree, cell, old)) = self.log.pop() {
            let at = tree * cells + cell;
            match (old == OUT, self.before[at] == OUT) {
                (false, true) => self.count[cell] += 1,
                (true, false) => self.count[cell] -= 1,
                _ => {}
            }
            self.before[at] = old;
        }
        self.length.clone_from(&self.old_length);
    }

    /// Whether a cell of a tree has no cell behind it.
    fn is_leaf(&self, tree: usize, cell: usize) -> bool {
        let arcs = self.problem.arcs_of(cell).iter();
        let base = tree * self.count.len();
        let me = index(cell);
        !arcs
            .map(|arc| arc.to)
            .any(|to| self.before[base + to] == me)
    }

    /// Cuts cells off from a leaf upwards as long as other trees have them.
    pub(super) fn prune(&mut self, tree: usize, mut cell: usize) {
        while self.has(tree, cell) && self.count[cell] > 1 && self.is_leaf(tree, cell) {
            let Some(before) = self.parent(tree, cell) else {
                return;
            };
            self.put(tree, cell, OUT);
            cell = before;
        }
    }

    /// Hangs `cell` of a tree below its neighbour `below`; false where that would close a circle.
    pub(super) fn rehang(&mut self, tree: usize, cell: usize, below: usize) -> bool {
        let Some(old) = self.parent(tree, cell) else {
            return false;
        };
        let mut at = below;
        while let Some(before) = self.parent(tree, at) {
            if before == cell {
                return false;
            }
            at = before;
        }
        if old == below || at == cell {
            return false;
        }
        self.put(tree, cell, index(below));
        self.prune(tree, old);
        true
    }

    /// Adds a way to a tree; each cell is linked to the one before it, and the first is in the
    /// tree.
    pub(super) fn lengthen(&mut self, tree: usize, way: &[usize]) {
        for pair in way.windows(2) {
            if !self.has(tree, pair[1]) {
                self.put(tree, pair[1], index(pair[0]));
            }
        }
    }

    /// Moves the branch of tree `from` that begins at `top` to tree `to`, where it hangs by the
    /// link from `entry`, a cell of the branch, to `hook`, a cell of tree `to`. Cells that either
    /// tree then has for nothing are cut off. False, with changes to be taken back, where the
    /// branch is the whole tree or has too many cells; `work` counts cells looked at.
    pub(super) fn hand_over(
        &mut self,
        (from, top): (usize, usize),
        (to, hook): (usize, usize),
        entry: usize,
        work: &mut u64,
    ) -> bool {
        let Some(above) = self.parent(from, top) else {
            return false;
        };
        let base = from * self.count.len();
        // In the order in which the new tree reaches them: along the old tree's links from the
        // entry.
        let mut branch = vec![(entry, hook)];
        let mut next = 0;
        while let Some(&(cell, before)) = branch.get(next) {
            next += 1;
            if branch.len() > MOST_MOVED {
                return false;
            }
            for arc in self.problem.arcs_of(cell) {
                let is_below = self.before[base + arc.to] == index(cell);
                let is_above = cell != top && self.before[base + cell] == index(arc.to);
                let is_back = next > 1 && arc.to == before;
                if (is_below || is_above) && !is_back {
                    branch.push((arc.to, cell));
                }
            }
        }
        *work += u64::try_from(branch.len()).unwrap_or(u64::MAX);
        for &(cell, before) in &branch {
            self.put(from, cell, OUT);
            if !self.has(to, cell) {
                self.put(to, cell, index(before));
            }
        }
        for &(cell, _) in branch.iter().rev() {
            self.prune(to, cell);
        }
        self.prune(from, above);
        true
    }

    /// Cuts off everything that a tree has for nothing.
    pub(super) fn tidy(&mut self) {
        for tree in 0..self.length.len() {
            for cell in 0..self.count.len() {
                self.prune(tree, cell);
            }
        }
    }

    /// Links of each tree: a cell and the cell before it.
    pub(super) fn links(&self) -> Vec<Vec<(usize, usize)>> {
        let of_tree = |tree: usize| {
            let cells = 0..self.count.len();
            let links = cells.filter_map(|cell| Some((self.parent(tree, cell)?, cell)));
            links.collect()
        };
        (0..self.length.len()).map(of_tree).collect()
    }
}

/// Links of a cell as they are ordered while trees grow: bits of the length (which order as
/// non-negative lengths do), far end, cell.
fn links_of(
    problem: &CoverProblem,
    cell: usize,
) -> impl Iterator<Item = Reverse<(u64, usize, usize)>> {
    let arcs = problem.arcs_of(cell).iter();
    arcs.map(move |arc| Reverse((arc.length.to_bits(), arc.to, cell)))
}

/// A cell as it is stored.
fn index(cell: usize) -> u32 {
    u32::try_from(cell).expect("at most MOST_ENTRIES cells")
}
