//! Nodes and the links between them, as the analytics read them. See [`Topology`].

use thiserror::Error;

/// Most nodes of a topology: what reaches two hops keeps a bit per pair of nodes, 32 MB here.
pub const NODES_MAX: usize = 16_384;

/// Why a list of links is no topology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TopologyError {
    /// There are more nodes than the analytics can hold.
    #[error("{nodes} nodes are more than the {NODES_MAX} of a topology: analyse a part of them")]
    TooManyNodes {
        /// Number of nodes asked for.
        nodes: usize,
    },
    /// A link ends at a node that does not exist.
    #[error("link {a}–{b} ends outside of the {nodes} nodes, which count from 0")]
    NoSuchNode {
        /// One end.
        a: usize,
        /// The other end.
        b: usize,
        /// Number of nodes.
        nodes: usize,
    },
    /// A link joins a node with itself.
    #[error("node {node} is linked with itself: leave such links out")]
    Loop {
        /// The node.
        node: usize,
    },
}

/// A simple undirected graph: nodes from 0, and links without direction, loop or repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    /// Neighbours of each node, rising.
    neighbours: Vec<Vec<usize>>,
    /// Every link once, the lower end first, rising.
    links: Vec<(usize, usize)>,
}

impl Topology {
    /// The topology of `nodes` nodes and these links. The order of the links, the order of their
    /// ends and repetitions make no difference.
    ///
    /// # Errors
    /// When there are more than [`NODES_MAX`] nodes, a link ends at a node that does not exist, or
    /// a link joins a node with itself.
    pub fn new(nodes: usize, links: &[(usize, usize)]) -> Result<Self, TopologyError> {
        if nodes > NODES_MAX {
            return Err(TopologyError::TooManyNodes { nodes });
        }
        let mut sorted = Vec::with_capacity(links.len());
        for &(a, b) in links {
            if a.max(b) >= nodes {
                return Err(TopologyError::NoSuchNode { a, b, nodes });
            }
            if a == b {
                return Err(TopologyError::Loop { node: a });
            }
            sorted.push((a.min(b), a.max(b)));
        }
        sorted.sort_unstable();
        sorted.dedup();
        let mut neighbours = vec![Vec::new(); nodes];
        for &(a, b) in &sorted {
            neighbours[a].push(b);
            neighbours[b].push(a);
        }
        for list in &mut neighbours {
            list.sort_unstable();
        }
        Ok(Self {
            neighbours,
            links: sorted,
        })
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.neighbours.len()
    }

    /// Every link once, the lower end first, in rising order.
    #[must_use]
    pub fn links(&self) -> &[(usize, usize)] {
        &self.links
    }

    /// Neighbours of a node in rising order; none of a node that does not exist.
    #[must_use]
    pub fn neighbours(&self, node: usize) -> &[usize] {
        self.neighbours.get(node).map_or(&[], Vec::as_slice)
    }

    /// Whether two nodes are linked.
    #[must_use]
    pub fn linked(&self, a: usize, b: usize) -> bool {
        self.neighbours(a).binary_search(&b).is_ok()
    }

    /// The part of the network on these nodes, given in rising order, with the links among them; the
    /// k-th of them is its node k. Nodes that do not exist count as nodes without links.
    #[must_use]
    pub fn part(&self, nodes: &[usize]) -> Self {
        debug_assert!(nodes.is_sorted(), "the nodes rise");
        let place = |node: &usize| nodes.binary_search(node).ok();
        let inner = |old: &usize| self.neighbours(*old).iter().filter_map(place).collect();
        let neighbours: Vec<Vec<usize>> = nodes.iter().map(inner).collect();
        let above = |(a, list): (usize, &Vec<usize>)| {
            let ends = list.iter().copied().filter(move |b| *b > a);
            ends.map(|b| (a, b)).collect::<Vec<_>>()
        };
        let links = neighbours.iter().enumerate().flat_map(above).collect();
        Self { neighbours, links }
    }

    /// Pairs of different nodes that are linked or share a neighbour, the lower first, in rising
    /// order: the first power of two of the graph. O(n·m/64) for n nodes and m links.
    #[must_use]
    pub fn within_two_hops(&self) -> Vec<(usize, usize)> {
        let words = self.nodes().div_ceil(64);
        let mut rows = vec![0_u64; words * self.nodes()];
        for &(a, b) in &self.links {
            rows[a * words + b / 64] |= 1 << (b % 64);
            rows[b * words + a / 64] |= 1 << (a % 64);
        }
        let mut pairs = Vec::new();
        let mut near = vec![0_u64; words];
        for node in 0..self.nodes() {
            near.copy_from_slice(&rows[node * words..][..words]);
            for &neighbour in self.neighbours(node) {
                let row = &rows[neighbour * words..][..words];
                near.iter_mut().zip(row).for_each(|(all, one)| *all |= one);
            }
            let is_near = |other: &usize| near[other / 64] >> (other % 64) & 1 == 1;
            let others = (node + 1..self.nodes()).filter(is_near);
            pairs.extend(others.map(|other| (node, other)));
        }
        pairs
    }
}

/// Topologies that tests share.
#[cfg(test)]
pub(crate) mod shapes {
    use super::Topology;

    /// A topology that is known to be one.
    pub(crate) fn topology(
        nodes: usize,
        links: impl IntoIterator<Item = (usize, usize)>,
    ) -> Topology {
        Topology::new(nodes, &links.into_iter().collect::<Vec<_>>()).unwrap()
    }

    /// Each node linked to the next.
    pub(crate) fn path(nodes: usize) -> Topology {
        topology(nodes, (1..nodes).map(|node| (node - 1, node)))
    }

    /// A path whose ends are linked; at least three nodes.
    pub(crate) fn ring(nodes: usize) -> Topology {
        topology(nodes, (0..nodes).map(|node| (node, (node + 1) % nodes)))
    }

    /// Node 0 linked to every other.
    pub(crate) fn star(nodes: usize) -> Topology {
        topology(nodes, (1..nodes).map(|node| (0, node)))
    }

    /// Everybody linked to everybody.
    pub(crate) fn complete(nodes: usize) -> Topology {
        topology(nodes, (0..nodes).flat_map(|b| (0..b).map(move |a| (a, b))))
    }

    /// Every graph of so many nodes: 2^(n(n−1)/2), for n up to 6.
    pub(crate) fn all(nodes: usize) -> impl Iterator<Item = Topology> {
        let pairs: Vec<_> = complete(nodes).links().to_vec();
        (0_u32..1 << pairs.len()).map(move |mask| {
            let chosen = pairs
                .iter()
                .enumerate()
                .filter(|(at, _)| mask >> at & 1 == 1);
            topology(nodes, chosen.map(|(_, pair)| *pair))
        })
    }

    /// Points scattered over the unit square by a fixed rule (multiples of two irrationals), linked
    /// when nearer than `range`.
    pub(crate) fn geometric(nodes: usize, range: f64) -> Topology {
        let places: Vec<(f64, f64)> = (1..=nodes)
            .map(|k| {
                let k = k as f64;
                (
                    (k * 0.754_877_666_246_693).fract(),
                    (k * 0.569_840_290_998_053).fract(),
                )
            })
            .collect();
        let near = |a: usize, b: usize| {
            let ((ax, ay), (bx, by)) = (places[a], places[b]);
            (ax - bx) * (ax - bx) + (ay - by) * (ay - by) < range * range
        };
        let pairs = (0..nodes).flat_map(|b| (0..b).map(move |a| (a, b)));
        topology(nodes, pairs.filter(|&(a, b)| near(a, b)))
    }
}

#[cfg(test)]
mod tests {
    use super::{shapes::*, *};

    #[test]
    fn order_direction_and_repetition_make_no_difference() {
        let tidy = topology(4, [(0, 1), (1, 2), (1, 3)]);
        let untidy = topology(4, [(3, 1), (1, 0), (2, 1), (0, 1), (1, 2)]);
        assert_eq!(tidy, untidy);
        assert_eq!(untidy.links(), [(0, 1), (1, 2), (1, 3)]);
        assert_eq!(untidy.neighbours(1), [0, 2, 3]);
        assert!(untidy.neighbours(4).is_empty());
        assert!(untidy.linked(3, 1) && !untidy.linked(0, 3));
    }

    #[test]
    fn a_part_keeps_the_links_among_its_nodes() {
        let part = topology(5, [(0, 1), (1, 4), (2, 4), (3, 4)]).part(&[1, 3, 4]);
        assert_eq!(part, topology(3, [(0, 2), (1, 2)]));
        for graph in all(4) {
            assert_eq!(graph.part(&[0, 1, 2, 3]), graph);
        }
    }

    #[test]
    fn links_that_cannot_be_are_refused() {
        let error = |nodes, links: &[(usize, usize)]| Topology::new(nodes, links).unwrap_err();
        assert_eq!(error(3, &[(1, 1)]), TopologyError::Loop { node: 1 });
        let missing = error(3, &[(0, 3)]);
        assert_eq!(
            missing,
            TopologyError::NoSuchNode {
                a: 0,
                b: 3,
                nodes: 3
            }
        );
        assert!(missing.to_string().contains("count from 0"));
        let nodes = NODES_MAX + 1;
        assert_eq!(error(nodes, &[]), TopologyError::TooManyNodes { nodes });
    }

    #[test]
    fn two_hops_reach_neighbours_of_neighbours() {
        let reached = path(5).within_two_hops();
        assert_eq!(
            reached,
            [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4)]
        );
        assert!(topology(3, []).within_two_hops().is_empty());
        for graph in all(5).chain([geometric(150, 0.15)]) {
            let mut slow = Vec::new();
            for a in 0..graph.nodes() {
                for b in a + 1..graph.nodes() {
                    let shared = graph.neighbours(a).iter().any(|via| graph.linked(*via, b));
                    if graph.linked(a, b) || shared {
                        slow.push((a, b));
                    }
                }
            }
            assert_eq!(graph.within_two_hops(), slow);
        }
    }
}
