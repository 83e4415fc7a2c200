//! Connected parts of a network, and the single nodes and links on which they hang. See
//! [`Components`], [`articulation_nodes`], [`bridges`].

use petgraph::{
    algo::{articulation_points::articulation_points, bridges as bridges_of},
    graph::{NodeIndex, UnGraph},
    visit::EdgeRef,
};

use super::topology::Topology;

/// The connected components of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Components {
    /// Nodes of each component, rising; the largest component first, of equals that with the lowest
    /// node.
    parts: Vec<Vec<usize>>,
    /// Number of nodes of the network.
    nodes: usize,
}

impl Components {
    /// The components of a network. O(n + m) for n nodes and m links.
    #[must_use]
    pub fn new(topology: &Topology) -> Self {
        let nodes = topology.nodes();
        let mut seen = vec![false; nodes];
        let mut parts = Vec::new();
        for start in 0..nodes {
            if seen[start] {
                continue;
            }
            seen[start] = true;
            let mut part = vec![start];
            let mut at = 0;
            while at < part.len() {
                for &next in topology.neighbours(part[at]) {
                    if !seen[next] {
                        seen[next] = true;
                        part.push(next);
                    }
                }
                at += 1;
            }
            part.sort_unstable();
            parts.push(part);
        }
        // Stable: of equals, the one with the lowest node stays first.
        parts.sort_by_key(|part| core::cmp::Reverse(part.len()));
        Self { parts, nodes }
    }

    /// Nodes of each component, rising; the largest component first, of equals that with the lowest
    /// node.
    #[must_use]
    pub fn parts(&self) -> &[Vec<usize>] {
        &self.parts
    }

    /// Nodes of the giant (largest) component, rising; empty without nodes.
    #[must_use]
    pub fn giant(&self) -> &[usize] {
        self.parts.first().map_or(&[], Vec::as_slice)
    }

    /// Share of all nodes that belong to the giant component, 0 to 1; 0 without nodes.
    #[must_use]
    pub fn giant_fraction(&self) -> f64 {
        self.giant().len() as f64 / self.nodes.max(1) as f64
    }

    /// Share of all pairs of different nodes that a path joins, 0 to 1; 1 where there is no pair.
    #[must_use]
    pub fn reachability(&self) -> f64 {
        if self.nodes < 2 {
            return 1.0;
        }
        let ordered_pairs = |size: usize| size as f64 * (size as f64 - 1.0);
        let joined: f64 = self
            .parts
            .iter()
            .map(|part| ordered_pairs(part.len()))
            .sum();
        joined / ordered_pairs(self.nodes)
    }

    /// Whether a path joins any two nodes: at most one component.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.parts.len() <= 1
    }
}

/// The network as petgraph holds it.
fn graph_of(topology: &Topology) -> UnGraph<(), ()> {
    let mut graph = UnGraph::with_capacity(topology.nodes(), topology.links().len());
    for _ in 0..topology.nodes() {
        graph.add_node(());
    }
    for &(a, b) in topology.links() {
        graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), ());
    }
    graph
}

/// Articulation (cut) nodes, rising: without one of them its component falls apart (Hopcroft, Tarjan
/// 1973, "Efficient algorithms for graph manipulation", Communications of the ACM 16(6)). O(n + m).
#[must_use]
pub fn articulation_nodes(topology: &Topology) -> Vec<usize> {
    let cut = articulation_points(&graph_of(topology));
    // The set is hashed: ask it for each node in turn, rather than it for its nodes.
    (0..topology.nodes())
        .filter(|node| cut.contains(&NodeIndex::new(*node)))
        .collect()
}

/// Bridges, the lower end first, rising: without one of these links its component falls apart
/// (Tarjan 1974, "A note on finding the bridges of a graph", Information Processing Letters 2).
/// O(n + m).
#[must_use]
pub fn bridges(topology: &Topology) -> Vec<(usize, usize)> {
    let graph = graph_of(topology);
    let mut links: Vec<_> = bridges_of::bridges(&graph)
        .map(|edge| (edge.source().index(), edge.target().index()))
        .collect();
    links.sort_unstable();
    links
}

#[cfg(test)]
mod tests {
    use super::{super::topology::shapes::*, *};

    /// Number of components.
    fn count(topology: &Topology) -> usize {
        Components::new(topology).parts().len()
    }

    #[test]
    fn components_are_sorted_and_measured() {
        let split = topology(7, [(5, 6), (4, 5), (0, 2)]);
        let components = Components::new(&split);
        assert_eq!(
            components.parts(),
            [vec![4, 5, 6], vec![0, 2], vec![1], vec![3]]
        );
        assert_eq!(components.giant(), [4, 5, 6]);
        assert!((components.giant_fraction() - 3.0 / 7.0).abs() < 1e-15);
        // Three pairs and one, of 21.
        assert!((components.reachability() - 4.0 / 21.0).abs() < 1e-15);
        assert!(!components.is_connected() && Components::new(&ring(5)).is_connected());
        let none = Components::new(&topology(0, []));
        assert!(none.giant().is_empty() && none.giant_fraction().abs() < 1e-15);
        assert!((none.reachability() - 1.0).abs() < 1e-15);
        let even = Components::new(&topology(4, [(2, 3), (0, 1)]));
        assert_eq!(even.giant(), [0, 1]);
    }

    #[test]
    fn known_shapes_hang_on_known_nodes_and_links() {
        assert_eq!(articulation_nodes(&path(5)), [1, 2, 3]);
        assert_eq!(bridges(&path(4)), [(0, 1), (1, 2), (2, 3)]);
        assert_eq!(articulation_nodes(&star(6)), [0]);
        assert!(articulation_nodes(&ring(6)).is_empty() && bridges(&ring(6)).is_empty());
        // Two triangles that share a node, and one joined by a link.
        let bow = topology(
            8,
            [
                (0, 1),
                (1, 2),
                (0, 2),
                (2, 3),
                (3, 4),
                (2, 4),
                (4, 5),
                (5, 6),
                (5, 7),
                (6, 7),
            ],
        );
        assert_eq!(articulation_nodes(&bow), [2, 4, 5]);
        assert_eq!(bridges(&bow), [(4, 5)]);
    }

    #[test]
    fn cut_nodes_and_bridges_are_those_whose_loss_splits() {
        for graph in all(5)
            .chain(all(6).step_by(11))
            .chain([geometric(60, 0.17)])
        {
            let before = count(&graph);
            let cut: Vec<usize> = (0..graph.nodes())
                .filter(|node| {
                    let rest = graph.links().iter().copied();
                    let rest =
                        topology(graph.nodes(), rest.filter(|(a, b)| a != node && b != node));
                    // The lost node counts as a component of its own.
                    let was_alone = graph.neighbours(*node).is_empty();
                    count(&rest) > before + usize::from(!was_alone)
                })
                .collect();
            assert_eq!(articulation_nodes(&graph), cut, "{graph:?}");
            let splits = |link: &(usize, usize)| {
                let rest = graph.links().iter().copied().filter(|other| other != link);
                count(&topology(graph.nodes(), rest)) > before
            };
            let links: Vec<_> = graph.links().iter().copied().filter(splits).collect();
            assert_eq!(bridges(&graph), links, "{graph:?}");
        }
    }
}
