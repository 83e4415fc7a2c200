//! Time slots: who sends in which. See [`SlotPlan`]; [`frame`](super::frame) tells when.
//!
//! Two nodes may share a slot when they are more than two hops apart: then neither hears the other,
//! and nobody hears both (broadcast scheduling; Ramanathan 1999, "A unified framework and algorithm
//! for channel assignment in wireless networks", Wireless Networks 5). The slots are the colours of
//! the graph of pairs within two hops. The fewest are hard to find (Ramanathan, Lloyd 1993); DSATUR
//! (Brélaz 1979, "New methods to color the vertices of a graph", Communications of the ACM 22(4)) is
//! close: the fewest on paths, stars and complete graphs, one more on some rings.
//!
//! Left out: the exchange of control messages by which real networks agree on slots.

use crate::comms::model::graph::topology::Topology;
use petgraph::{
    algo::dsatur_coloring,
    graph::{NodeIndex, UnGraph},
};

/// Slot of each node in the frame of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotPlan {
    /// Slot of each node, from 0.
    slot_of: Vec<usize>,
    /// Number of slots of the frame.
    slots: usize,
}

impl SlotPlan {
    /// Slots such that no two nodes within two hops share one, by DSATUR. The plan depends on the
    /// topology alone: its links are sorted, and ties fall in a fixed order.
    ///
    /// O(n·m/64 + k·log k) for n nodes, m links and k pairs within two hops: a millisecond for 500
    /// nodes with six links each, 40 ms if all of them are linked.
    #[must_use]
    pub fn new(topology: &Topology) -> Self {
        let nodes = topology.nodes();
        if nodes == 0 {
            return Self {
                slot_of: Vec::new(),
                slots: 0,
            };
        }
        let conflicts = topology.within_two_hops();
        let mut graph = UnGraph::<(), ()>::with_capacity(nodes, conflicts.len());
        for _ in 0..nodes {
            graph.add_node(());
        }
        for (a, b) in conflicts {
            graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), ());
        }
        let (colours, slots) = dsatur_coloring(&graph);
        let slot_of = graph.node_indices().map(|node| colours[&node]).collect();
        Self { slot_of, slots }
    }

    /// A slot for each of `nodes` nodes: the plan of a network that reuses none.
    #[must_use]
    pub fn one_each(nodes: usize) -> Self {
        Self {
            slot_of: (0..nodes).collect(),
            slots: nodes,
        }
    }

    /// Slot of a node, from 0; `None` of a node that does not exist.
    #[must_use]
    pub fn slot(&self, node: usize) -> Option<usize> {
        self.slot_of.get(node).copied()
    }

    /// Slot of each node, from 0.
    #[must_use]
    pub fn slot_of(&self) -> &[usize] {
        &self.slot_of
    }

    /// Number of slots that the frame needs; 0 without nodes.
    #[must_use]
    pub const fn slots(&self) -> usize {
        self.slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comms::model::graph::topology::shapes::*;

    /// Fails where two nodes within two hops share a slot, or a slot is left unused.
    fn check(graph: &Topology) -> SlotPlan {
        let plan = SlotPlan::new(graph);
        for (a, b) in graph.within_two_hops() {
            assert_ne!(plan.slot(a), plan.slot(b), "{a} and {b} of {graph:?}");
        }
        for slot in 0..plan.slots() {
            assert!(plan.slot_of().contains(&slot), "slot {slot} of {graph:?}");
        }
        assert!(plan.slot_of().iter().all(|slot| *slot < plan.slots()));
        plan
    }

    /// The fewest slots, by trying.
    fn fewest(graph: &Topology) -> usize {
        fn fits(
            conflicts: &[(usize, usize)],
            given: &mut Vec<usize>,
            nodes: usize,
            slots: usize,
        ) -> bool {
            let node = given.len();
            if node == nodes {
                return true;
            }
            // A node tries one unused slot at most: the others are alike.
            let used = given.iter().max().map_or(0, |most| most + 1);
            for slot in 0..slots.min(used + 1) {
                if conflicts
                    .iter()
                    .all(|&(a, b)| b != node || given[a] != slot)
                {
                    given.push(slot);
                    if fits(conflicts, given, nodes, slots) {
                        return true;
                    }
                    given.pop();
                }
            }
            false
        }
        let conflicts = graph.within_two_hops();
        (1..)
            .find(|slots| fits(&conflicts, &mut Vec::new(), graph.nodes(), *slots))
            .unwrap()
    }

    #[test]
    fn nodes_within_two_hops_never_share_a_slot() {
        for graph in all(5).chain((1..40).map(|k| geometric(60, f64::from(k) / 40.0))) {
            let slots = check(&graph).slots();
            // A node and its neighbours all differ; a greedy colouring needs at most one slot more
            // than the most conflicts of a node.
            let degree = (0..graph.nodes())
                .map(|node| graph.neighbours(node).len())
                .max()
                .unwrap();
            assert!(
                slots > degree && slots <= degree * degree + 1,
                "{slots} of {graph:?}"
            );
        }
    }

    #[test]
    fn small_graphs_get_the_fewest_slots() {
        for graph in (1..=5).flat_map(all).chain(all(6).step_by(7)) {
            assert_eq!(check(&graph).slots(), fewest(&graph), "{graph:?}");
        }
    }

    #[test]
    fn known_shapes_need_known_numbers() {
        for nodes in 3..40 {
            assert_eq!(check(&path(nodes)).slots(), 3);
            assert_eq!(check(&star(nodes)).slots(), nodes);
            assert_eq!(check(&complete(nodes)).slots(), nodes);
        }
        // A ring needs 3 if 3 divides its length, 5 of five nodes, else 4; DSATUR takes 5 when the
        // length leaves 2.
        for nodes in 3..40 {
            let slots = [3, 4, 5][nodes % 3];
            assert_eq!(check(&ring(nodes)).slots(), slots, "{nodes} nodes");
        }
        assert_eq!(check(&topology(7, [])).slots(), 1);
        assert_eq!(SlotPlan::new(&topology(0, [])).slots(), 0);
        assert_eq!(SlotPlan::one_each(3).slot_of(), [0, 1, 2]);
    }

    #[test]
    fn a_plan_is_the_same_whatever_the_order_of_the_links() {
        let graph = geometric(80, 0.2);
        let turned: Vec<_> = graph.links().iter().rev().map(|&(a, b)| (b, a)).collect();
        let again = Topology::new(80, &turned).unwrap();
        assert_eq!(SlotPlan::new(&graph), SlotPlan::new(&again));
    }
}
