//! How many nodes a network can lose before it falls apart. See [`vertex_connectivity`].

use super::{
    connectivity::{Components, articulation_nodes},
    topology::Topology,
};

/// Vertex connectivity κ of a network, or `limit` if that is less: the fewest nodes whose loss leaves
/// a network that is not connected, or one node alone. 0 for a network that is not connected now or
/// has fewer than two nodes; n − 1 for a complete one.
///
/// By Menger's theorem κ is the least number of paths that share no inner node between two nodes.
/// Even 1975, "An algorithm for determining whether the connectivity of a graph is at least k", SIAM
/// Journal on Computing 4(3), needs few of the pairs: k nodes against each other, then every other
/// against all before it. With k = min(`limit`, least degree) that is k(k − 1)/2 + n − k maximal
/// flows, each of at most k searches of O(n + m): O((k² + n)·k·m). A mesh of 200 nodes takes 15 ms
/// with eight links each and half a second with seventy; one of 1000 nodes takes 0.15 s, of 5000
/// several seconds; one with an articulation node O(n + m). A small `limit` bounds the work on dense
/// networks.
#[must_use]
pub fn vertex_connectivity(topology: &Topology, limit: usize) -> usize {
    let nodes = topology.nodes();
    if nodes < 2 || !Components::new(topology).is_connected() {
        return 0;
    }
    if !articulation_nodes(topology).is_empty() {
        return limit.min(1);
    }
    let degrees = (0..nodes).map(|node| topology.neighbours(node).len());
    let first = degrees.min().unwrap_or(0).min(limit);
    let mut best = first;
    let mut paths = Paths::new(topology);
    for b in 0..first {
        for a in 0..b {
            if !topology.linked(a, b) {
                best = best.min(paths.count(b, topology.neighbours(a), Some(a), best));
            }
        }
    }
    let before: Vec<usize> = (0..nodes).collect();
    for node in first..nodes {
        best = best.min(paths.count(node, &before[..node], None, best));
    }
    best
}

/// Vertex connectivity of the giant component, or `limit` if that is less; see
/// [`vertex_connectivity`].
#[must_use]
pub fn giant_vertex_connectivity(topology: &Topology, limit: usize) -> usize {
    let components = Components::new(topology);
    if components.is_connected() {
        return vertex_connectivity(topology, limit);
    }
    vertex_connectivity(&topology.part(components.giant()), limit)
}

/// Counts paths that share no node, as unit flows through a graph in which node v is split into an
/// entry 2v and an exit 2v + 1. The reverse of arc e is arc e XOR 1.
struct Paths {
    /// Arcs that leave each half of a node.
    arcs_of: Vec<Vec<usize>>,
    /// Half of a node in which each arc ends.
    head: Vec<usize>,
    /// Whether each arc is free in the residual graph.
    free: Vec<bool>,
    /// Arc by which the search came to each half of a node.
    came_by: Vec<usize>,
    /// Halves of nodes still to be searched from, and searched.
    queue: Vec<usize>,
}

/// The search began at this half of a node.
const ORIGIN: usize = usize::MAX;

/// The search did not come to this half of a node.
const UNSEEN: usize = usize::MAX - 1;

impl Paths {
    /// Nothing flows yet.
    fn new(topology: &Topology) -> Self {
        let halves = 2 * topology.nodes();
        let arcs = 2 * topology.nodes() + 4 * topology.links().len();
        let mut paths = Self {
            arcs_of: vec![Vec::new(); halves],
            head: Vec::with_capacity(arcs),
            free: vec![false; arcs],
            came_by: vec![UNSEEN; halves],
            queue: Vec::with_capacity(halves),
        };
        for node in 0..topology.nodes() {
            paths.join(2 * node, 2 * node + 1);
        }
        for &(a, b) in topology.links() {
            paths.join(2 * a + 1, 2 * b);
            paths.join(2 * b + 1, 2 * a);
        }
        paths
    }

    /// Adds an arc and its reverse.
    fn join(&mut self, tail: usize, head: usize) {
        self.arcs_of[tail].push(self.head.len());
        self.arcs_of[head].push(self.head.len() + 1);
        self.head.extend([head, tail]);
    }

    /// Greatest number of paths from different `sources` to `target` that share no other node and
    /// avoid `without`, or `limit` if that is less. The target is none of the sources.
    fn count(
        &mut self,
        target: usize,
        sources: &[usize],
        without: Option<usize>,
        limit: usize,
    ) -> usize {
        debug_assert!(!sources.contains(&target), "a path leads somewhere else");
        self.free
            .iter_mut()
            .enumerate()
            .for_each(|(arc, free)| *free = arc % 2 == 0);
        if let Some(node) = without {
            // The first arcs join the halves of the nodes, in order.
            self.free[2 * node] = false;
        }
        let mut open = sources.to_vec();
        let mut found = 0;
        while found < limit {
            let Some(source) = self.augment(2 * target, &open) else {
                break;
            };
            open.retain(|node| *node != source);
            found += 1;
        }
        found
    }

    /// Sends one more unit from one of the `open` sources to `goal`; which one, if any can.
    fn augment(&mut self, goal: usize, open: &[usize]) -> Option<usize> {
        self.came_by.fill(UNSEEN);
        self.queue.clear();
        for &source in open {
            self.came_by[2 * source] = ORIGIN;
            self.queue.push(2 * source);
        }
        let mut at = 0;
        while self.came_by[goal] == UNSEEN {
            let half = *self.queue.get(at)?;
            at += 1;
            for &arc in &self.arcs_of[half] {
                let head = self.head[arc];
                if self.free[arc] && self.came_by[head] == UNSEEN {
                    self.came_by[head] = arc;
                    self.queue.push(head);
                }
            }
        }
        let mut half = goal;
        while self.came_by[half] != ORIGIN {
            let arc = self.came_by[half];
            self.free[arc] = false;
            self.free[arc ^ 1] = true;
            half = self.head[arc ^ 1];
        }
        Some(half / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::topology::shapes::*, *};

    /// No limit.
    const ALL: usize = usize::MAX;

    /// The fewest nodes whose loss disconnects, by trying all sets.
    fn by_trying(graph: &Topology) -> usize {
        let nodes = graph.nodes();
        let falls_apart = |lost: u32| {
            let kept: Vec<usize> = (0..nodes).filter(|node| lost >> node & 1 == 0).collect();
            kept.len() == 1 || !Components::new(&graph.part(&kept)).is_connected()
        };
        (0_u32..(1 << nodes) - 1)
            .filter(|lost| falls_apart(*lost))
            .map(|lost| lost.count_ones() as usize)
            .min()
            .unwrap()
    }

    #[test]
    fn known_shapes_withstand_known_losses() {
        assert_eq!(vertex_connectivity(&path(9), ALL), 1);
        assert_eq!(vertex_connectivity(&ring(9), ALL), 2);
        assert_eq!(vertex_connectivity(&star(9), ALL), 1);
        assert_eq!(vertex_connectivity(&complete(9), ALL), 8);
        assert_eq!(vertex_connectivity(&complete(2), ALL), 1);
        assert_eq!(vertex_connectivity(&topology(1, []), ALL), 0);
        assert_eq!(vertex_connectivity(&topology(0, []), ALL), 0);
        assert_eq!(vertex_connectivity(&topology(3, [(0, 1)]), ALL), 0);
        // Petersen's graph, the cube of four dimensions, and K(3,5): 3, 4 and 3.
        let petersen =
            (0..5).flat_map(|k| [(k, (k + 1) % 5), (k, k + 5), (k + 5, (k + 2) % 5 + 5)]);
        assert_eq!(vertex_connectivity(&topology(10, petersen), ALL), 3);
        let cube = (0..16).flat_map(|k| (0..4).map(move |bit| (k, k ^ (1 << bit))));
        assert_eq!(vertex_connectivity(&topology(16, cube), ALL), 4);
        let halves = (0..3).flat_map(|a| (3..8).map(move |b| (a, b)));
        assert_eq!(vertex_connectivity(&topology(8, halves), ALL), 3);
    }

    #[test]
    fn small_graphs_agree_with_trying_every_loss() {
        for graph in (2..=5).flat_map(all).chain(all(6).step_by(5)) {
            let want = by_trying(&graph);
            assert_eq!(vertex_connectivity(&graph, ALL), want, "{graph:?}");
            for limit in 0..4 {
                assert_eq!(
                    vertex_connectivity(&graph, limit),
                    want.min(limit),
                    "{graph:?}"
                );
            }
        }
        for range in [0.45, 0.55, 0.7, 0.8] {
            let graph = geometric(12, range);
            assert_eq!(
                vertex_connectivity(&graph, ALL),
                by_trying(&graph),
                "{range}"
            );
        }
    }

    #[test]
    fn the_giant_component_is_measured_alone() {
        let split = topology(9, [(0, 1), (3, 4), (4, 5), (5, 6), (3, 6), (7, 8)]);
        assert_eq!(vertex_connectivity(&split, ALL), 0);
        assert_eq!(giant_vertex_connectivity(&split, ALL), 2);
        assert_eq!(giant_vertex_connectivity(&ring(5), 1), 1);
    }

    #[test]
    fn a_mesh_of_two_hundred_nodes_is_measured() {
        let mesh = geometric(200, 0.16);
        let kappa = vertex_connectivity(&mesh, ALL);
        let degree = (0..200)
            .map(|node| mesh.neighbours(node).len())
            .min()
            .unwrap();
        assert!((1..=degree).contains(&kappa), "{kappa} of {degree}");
        let is_cut = articulation_nodes(&mesh).is_empty();
        assert_eq!(kappa >= 2, is_cut);
    }
}
