//! The spanning tree of the network simplex method: who hangs below whom, and node prices.

/// Marks no node or arc.
pub(super) const NONE: usize = usize::MAX;

/// A cost whose first part outweighs any second part: units of flow that breaks the problem, then
/// cost proper. So the flow first becomes feasible, then cheap, without a large number that would
/// drown the costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Price {
    /// Arcs of the method's own, which no feasible flow uses.
    pub(super) broken: i64,
    /// Cost of the problem.
    pub(super) cost: f64,
}

impl Price {
    /// Sum of two prices.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            broken: self.broken + other.broken,
            cost: self.cost + other.cost,
        }
    }

    /// Difference of two prices.
    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            broken: self.broken - other.broken,
            cost: self.cost - other.cost,
        }
    }

    /// The price below zero by more than `eps`, as a size to compare by; zero if it is not.
    pub(super) fn deficit(self, eps: f64) -> (i64, f64) {
        match self.broken {
            0 if self.cost < -eps => (0, -self.cost),
            broken if broken < 0 => (-broken, -self.cost),
            _ => (0, 0.0),
        }
    }
}

/// A rooted spanning tree; children are doubly linked lists.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// Node above each node; [`NONE`] at the root.
    pub(super) above: Vec<usize>,
    /// Arc to the node above.
    pub(super) arc: Vec<usize>,
    /// Number of arcs to the root.
    pub(super) depth: Vec<usize>,
    /// What a unit is worth at each node: less by the arc's cost at its beginning than at its end.
    pub(super) price: Vec<Price>,
    first_below: Vec<usize>,
    next: Vec<usize>,
    previous: Vec<usize>,
}

impl Tree {
    /// A star: every node hangs below the last one, by the arc of its own number plus `first_arc`.
    pub(super) fn star(nodes: usize, first_arc: usize, price: impl Fn(usize) -> Price) -> Self {
        let root = nodes;
        let mut tree = Self {
            above: vec![NONE; nodes + 1],
            arc: vec![NONE; nodes + 1],
            depth: vec![0; nodes + 1],
            price: vec![Price::default(); nodes + 1],
            first_below: vec![NONE; nodes + 1],
            next: vec![NONE; nodes + 1],
            previous: vec![NONE; nodes + 1],
        };
        for node in 0..nodes {
            tree.hang(node, root, first_arc + node);
            tree.depth[node] = 1;
            tree.price[node] = price(node);
        }
        tree
    }

    /// Hangs a node that is free below another.
    fn hang(&mut self, node: usize, above: usize, arc: usize) {
        let first = self.first_below[above];
        (self.above[node], self.arc[node]) = (above, arc);
        (self.next[node], self.previous[node]) = (first, NONE);
        if first != NONE {
            self.previous[first] = node;
        }
        self.first_below[above] = node;
    }

    /// Takes a node with everything below it off the tree.
    fn cut(&mut self, node: usize) {
        let (previous, next) = (self.previous[node], self.next[node]);
        match previous {
            NONE => self.first_below[self.above[node]] = next,
            _ => self.next[previous] = next,
        }
        if next != NONE {
            self.previous[next] = previous;
        }
    }

    /// Cuts `leaving` off from the node above it, and hangs the branch by its node `entry` below
    /// `hook` with an arc. `work` grows by the nodes touched; prices and depths are made anew,
    /// `step` being the price of an arc's end over the price at the node above.
    pub(super) fn move_branch(
        &mut self,
        leaving: usize,
        entry: usize,
        (hook, arc): (usize, usize),
        step: impl Fn(usize, usize) -> Price,
        work: &mut u64,
    ) {
        // Turn the way from the entry up to the node that leaves.
        let (mut node, mut above, mut by) = (entry, hook, arc);
        loop {
            let (old_above, old_arc) = (self.above[node], self.arc[node]);
            self.cut(node);
            self.hang(node, above, by);
            if node == leaving {
                break;
            }
            (above, by, node) = (node, old_arc, old_above);
        }
        let mut node = entry;
        loop {
            *work += 1;
            let above = self.above[node];
            self.depth[node] = self.depth[above] + 1;
            self.price[node] = self.price[above].plus(step(self.arc[node], node));
            if self.first_below[node] != NONE {
                node = self.first_below[node];
                continue;
            }
            while node != entry && self.next[node] == NONE {
                node = self.above[node];
            }
            if node == entry {
                return;
            }
            node = self.next[node];
        }
    }
}
