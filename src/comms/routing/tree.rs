//! Shortest paths over what one node knows of its area. See [`Tree`].

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use super::areas::Places;

/// A link in an area: the place of the end, and the cost, s.
pub type AreaLink = (u16, f64);

/// How a node is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// Cost of the way, s; infinite where there is none.
    pub cost_s: f64,
    /// Place of the node before it.
    pub before: u16,
    /// Place of the first node on the way.
    pub first: u16,
}

/// Shortest paths from one place of an area to all others (Dijkstra 1959). Ties go to the lower
/// place before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree {
    root: u16,
    reached: Vec<Reached>,
    /// Places that are reached, the root among them.
    places: Places,
}

impl Tree {
    /// The tree of a root over links; those who do not forward are leaves.
    pub fn grow<'a>(
        root: u16,
        places: usize,
        links: impl Fn(u16) -> &'a [AreaLink],
        forwards: impl Fn(u16) -> bool,
    ) -> Self {
        let none = Reached {
            cost_s: f64::INFINITY,
            before: root,
            first: root,
        };
        let mut tree = Self {
            root,
            reached: vec![none; places],
            places: 0,
        };
        let mut settled = vec![false; places];
        let mut frontier = BinaryHeap::new();
        tree.reached[usize::from(root)].cost_s = 0.0;
        // Costs are never negative, so that their bits order as they do.
        frontier.push(Reverse((0_u64, root)));
        while let Some(Reverse((_, at))) = frontier.pop() {
            if core::mem::replace(&mut settled[usize::from(at)], true) {
                continue;
            }
            tree.places |= 1 << at;
            if at != root && !forwards(at) {
                continue;
            }
            let here = tree.reached[usize::from(at)];
            for (to, cost_s) in links(at).iter().copied() {
                if settled[usize::from(to)] {
                    continue;
                }
                let known = &mut tree.reached[usize::from(to)];
                let total_s = here.cost_s + cost_s;
                let is_tied = total_s.total_cmp(&known.cost_s).is_eq() && at < known.before;
                if total_s < known.cost_s || total_s.is_finite() && is_tied {
                    *known = Reached {
                        cost_s: total_s,
                        before: at,
                        first: if at == root { to } else { here.first },
                    };
                    frontier.push(Reverse((total_s.to_bits(), to)));
                }
            }
        }
        tree
    }

    /// How a place is reached; none where it is not.
    #[must_use]
    pub fn reached(&self, place: usize) -> Option<Reached> {
        self.reached
            .get(place)
            .copied()
            .filter(|reached| reached.cost_s.is_finite())
    }

    /// Places that are reached, the root among them.
    #[must_use]
    pub const fn places(&self) -> Places {
        self.places
    }

    /// Whether other links of one place could change the tree: a link of the tree got worse, or
    /// another got good enough to enter it. Both lists are sorted by place.
    #[must_use]
    pub fn is_touched(&self, from: u16, old: &[AreaLink], new: &[AreaLink]) -> bool {
        let here = self.reached[usize::from(from)].cost_s;
        if here.is_infinite() {
            return false;
        }
        let cost_in = |links: &[AreaLink], to: u16| {
            let at = links.binary_search_by_key(&to, |link| link.0);
            at.map_or(f64::INFINITY, |at| links[at].1)
        };
        let worse = old.iter().any(|(to, cost_s)| {
            let before = self.reached[usize::from(*to)].before;
            *to != self.root && before == from && cost_in(new, *to) > *cost_s
        });
        worse
            || new.iter().any(|(to, cost_s)| {
                *cost_s < cost_in(old, *to)
                    && here + cost_s <= self.reached[usize::from(*to)].cost_s
            })
    }
}

#[cfg(test)]
mod tests {
    use petgraph::{algo::dijkstra, graph::DiGraph};

    use super::*;
    use crate::kernel::random::{DrawKey, Stream};

    /// A random graph, sorted links of each of `n` places.
    fn graph(n: u16, seed: u64) -> Vec<Vec<AreaLink>> {
        let mut draws = DrawKey::new(Stream::Placement, 1, 2, 3).draws(seed);
        let mut links = vec![Vec::new(); usize::from(n)];
        for a in 0..n {
            for b in a + 1..n {
                if draws.uniform() < 0.12 {
                    let cost_s = 0.01 + draws.uniform();
                    links[usize::from(a)].push((b, cost_s));
                    links[usize::from(b)].push((a, cost_s));
                }
            }
        }
        links
    }

    #[test]
    fn ways_are_as_short_as_petgraph_says() {
        for seed in 0..20 {
            let links = graph(40, seed);
            let mut network = DiGraph::<(), f64>::new();
            let nodes: Vec<_> = links.iter().map(|_| network.add_node(())).collect();
            for (from, links) in links.iter().enumerate() {
                for (to, cost_s) in links {
                    network.add_edge(nodes[from], nodes[usize::from(*to)], *cost_s);
                }
            }
            let best = dijkstra(&network, nodes[0], None, |edge| *edge.weight());
            let tree = Tree::grow(0, 40, |at| &links[usize::from(at)], |_| true);
            for (at, node) in nodes.iter().enumerate().skip(1) {
                let found = tree.reached(at).map(|reached| reached.cost_s);
                match (found, best.get(node)) {
                    (Some(found), Some(best)) => assert!((found - best).abs() < 1e-12),
                    (found, best) => assert_eq!(found, best.copied()),
                }
            }
        }
    }

    #[test]
    fn a_change_that_does_not_touch_the_tree_leaves_it_as_it_is() {
        let (mut untouched, mut touched) = (0, 0);
        for seed in 0..300 {
            let mut links = graph(24, seed);
            let grow =
                |links: &[Vec<AreaLink>]| Tree::grow(0, 24, |at| &links[usize::from(at)], |_| true);
            let before = grow(&links);
            let from = u16::try_from(seed % 24).unwrap();
            let mut changed = links[usize::from(from)].clone();
            if changed.is_empty() {
                continue;
            }
            let which = usize::try_from(seed).unwrap() % changed.len();
            match seed % 3 {
                0 => drop(changed.remove(which)),
                1 => changed[which].1 *= 0.4,
                _ => changed[which].1 *= 3.0,
            }
            let is_touched = before.is_touched(from, &links[usize::from(from)], &changed);
            links[usize::from(from)] = changed;
            if is_touched {
                touched += 1;
            } else {
                untouched += 1;
                assert_eq!(grow(&links), before, "seed {seed}");
            }
        }
        assert!(untouched > 50 && touched > 20, "{untouched} {touched}");
    }

    #[test]
    fn nobody_is_reached_through_one_who_does_not_forward() {
        let links: Vec<Vec<AreaLink>> =
            vec![vec![(1, 1.0)], vec![(0, 1.0), (2, 1.0)], vec![(1, 1.0)]];
        let tree = Tree::grow(0, 3, |at| &links[usize::from(at)], |at| at != 1);
        assert!(tree.reached(1).is_some() && tree.reached(2).is_none());
    }
}
