//! The candidate graph of relay placement. See [`CandidateGraph`].

use crate::kernel::budget::Budget;
use thiserror::Error;

/// Most terminals and candidates together.
pub const MOST_NODES: usize = 20_000;
/// Most links, each counted once.
pub const MOST_LINKS: usize = 8_000_000;
/// Largest price of a node or a link; sums of this many stay far from overflow.
const LARGEST_PRICE: f64 = 1e100;

/// Why a graph was refused, or cannot be joined.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum GraphError {
    /// More nodes than [`MOST_NODES`].
    #[error("{0} terminals and candidates are more than {MOST_NODES}")]
    TooManyNodes(usize),
    /// More links than [`MOST_LINKS`].
    #[error("there are more than {MOST_LINKS} links")]
    TooManyLinks,
    /// A price is negative, not a number or too large.
    #[error("price {price} of {what} is not a number from 0 to {LARGEST_PRICE}")]
    Price {
        /// What has that price.
        what: String,
        /// The price.
        price: f64,
    },
    /// No set of relays joins this terminal to the first one.
    #[error("no relays join terminal {0} to terminal 0")]
    Apart(usize),
    /// The budget ended before the graph was built or any placement found.
    #[error("the budget ended before anything was found")]
    OutOfBudget,
}

/// A link to a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Link {
    /// The node at its far end.
    pub(super) to: usize,
    /// Price of using it.
    pub(super) price: f64,
}

/// Terminals, places for relays, what each costs, and which two hear each other.
///
/// Nodes `0..terminals` are the terminals, which cost nothing and pass traffic on; the others are
/// candidates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CandidateGraph {
    /// Number of terminals.
    terminals: usize,
    /// Price of each node; zero for terminals.
    price: Vec<f64>,
    /// Where the links of each node begin in `links`, and one more entry at the end.
    start: Vec<usize>,
    /// Links of all nodes, node by node, by rising far end.
    links: Vec<Link>,
}

impl CandidateGraph {
    /// Asks `link` once for every pair `(a, b)` with `a < b`: the price of a link between them,
    /// zero where only the number of relays counts, or `None` if they do not hear each other. A
    /// price below the inverse of the number of nodes breaks ties in favour of better links.
    ///
    /// # Errors
    /// [`GraphError`] for prices out of range, sizes beyond the limits, or an exhausted budget.
    pub fn new(
        terminals: usize,
        candidate_prices: &[f64],
        mut link: impl FnMut(usize, usize) -> Option<f64>,
        budget: &mut dyn Budget,
    ) -> Result<Self, GraphError> {
        let nodes = terminals.saturating_add(candidate_prices.len());
        if nodes > MOST_NODES {
            return Err(GraphError::TooManyNodes(nodes));
        }
        let good = |price: f64| (0.0..=LARGEST_PRICE).contains(&price);
        if let Some(at) = candidate_prices.iter().position(|p| !good(*p)) {
            return Err(GraphError::Price {
                what: format!("candidate {at}"),
                price: candidate_prices[at],
            });
        }
        let mut pairs: Vec<(usize, usize, f64)> = Vec::new();
        for a in 0..nodes {
            if !budget.spend(u64::try_from(nodes - a).unwrap_or(u64::MAX)) {
                return Err(GraphError::OutOfBudget);
            }
            for b in a + 1..nodes {
                let Some(price) = link(a, b) else { continue };
                if !good(price) {
                    let what = format!("the link between {a} and {b}");
                    return Err(GraphError::Price { what, price });
                }
                if pairs.len() == MOST_LINKS {
                    return Err(GraphError::TooManyLinks);
                }
                pairs.push((a, b, price));
            }
        }
        let mut price = vec![0.0; terminals];
        price.extend_from_slice(candidate_prices);
        Ok(Self::from_pairs(terminals, price, &pairs))
    }

    /// The graph with these links, which are sorted and checked.
    fn from_pairs(terminals: usize, price: Vec<f64>, pairs: &[(usize, usize, f64)]) -> Self {
        let nodes = price.len();
        let mut start = vec![0; nodes + 1];
        for &(a, b, _) in pairs {
            start[a + 1] += 1;
            start[b + 1] += 1;
        }
        for node in 0..nodes {
            start[node + 1] += start[node];
        }
        let mut next = start.clone();
        let mut links = vec![Link { to: 0, price: 0.0 }; 2 * pairs.len()];
        for &(a, b, price) in pairs {
            for (from, to) in [(a, b), (b, a)] {
                links[next[from]] = Link { to, price };
                next[from] += 1;
            }
        }
        Self {
            terminals,
            price,
            start,
            links,
        }
    }

    /// The same graph without the candidates that are not kept, and the old index of each node.
    pub(super) fn restricted(&self, keep: &[bool]) -> (Self, Vec<usize>) {
        let stays = |node: usize| node < self.terminals || keep[node];
        let old: Vec<usize> = (0..self.nodes()).filter(|&node| stays(node)).collect();
        let mut new = vec![usize::MAX; self.nodes()];
        for (at, &node) in old.iter().enumerate() {
            new[node] = at;
        }
        let price = old.iter().map(|&node| self.price[node]).collect();
        let mut pairs = Vec::new();
        for &node in &old {
            for link in self.links_of(node).iter().filter(|link| link.to > node) {
                if stays(link.to) {
                    pairs.push((new[node], new[link.to], link.price));
                }
            }
        }
        (Self::from_pairs(self.terminals, price, &pairs), old)
    }

    /// The same graph with these terminals alone to be joined (the others stay and carry traffic on
    /// for nothing), and the old index of each node.
    pub(super) fn with_terminals(&self, chosen: &[usize]) -> (Self, Vec<usize>) {
        let mut is_chosen = vec![false; self.nodes()];
        chosen.iter().for_each(|&node| is_chosen[node] = true);
        let others = (0..self.nodes()).filter(|&node| !is_chosen[node]);
        let old: Vec<usize> = chosen.iter().copied().chain(others).collect();
        let mut new = vec![0; self.nodes()];
        old.iter()
            .enumerate()
            .for_each(|(at, &node)| new[node] = at);
        let price = old.iter().map(|&node| self.price[node]).collect();
        let mut pairs = Vec::with_capacity(self.link_count());
        for (at, &node) in old.iter().enumerate() {
            let far = self
                .links_of(node)
                .iter()
                .map(|link| (at, new[link.to], link.price));
            pairs.extend(far.filter(|&(a, b, _)| a < b));
        }
        pairs.sort_by_key(|&(a, b, _)| (a, b));
        (Self::from_pairs(chosen.len(), price, &pairs), old)
    }

    /// Number of terminals and candidates together.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.price.len()
    }

    /// Number of terminals.
    #[must_use]
    pub fn terminals(&self) -> usize {
        self.terminals
    }

    /// Number of links, each counted once.
    #[must_use]
    pub fn link_count(&self) -> usize {
        self.links.len() / 2
    }

    /// Price of a node.
    pub(super) fn price(&self, node: usize) -> f64 {
        self.price[node]
    }

    /// Links of a node, by rising far end.
    pub(super) fn links_of(&self, node: usize) -> &[Link] {
        &self.links[self.start[node]..self.start[node + 1]]
    }

    /// Position in the list of all links at which those of a node begin.
    pub(super) fn first_link(&self, node: usize) -> usize {
        self.start[node]
    }

    /// What joining this tree of links costs: its candidates and its links, in order.
    pub(super) fn cost_of(&self, tree: &[(usize, usize)]) -> f64 {
        let mut used: Vec<usize> = tree.iter().flat_map(|&(a, b)| [a, b]).collect();
        used.sort_unstable();
        used.dedup();
        let nodes: f64 = used.iter().map(|&node| self.price[node]).sum();
        let link_price = |a: usize, b: usize| {
            let links = self.links_of(a);
            let at = links.binary_search_by_key(&b, |link| link.to);
            at.map_or(f64::INFINITY, |at| links[at].price)
        };
        nodes + tree.iter().map(|&(a, b)| link_price(a, b)).sum::<f64>()
    }

    /// Whether all prices are whole numbers, so that every cost is one.
    pub(super) fn is_whole(&self) -> bool {
        let whole = |price: f64| price <= 1e12 && price.fract().abs() <= 0.0;
        self.price.iter().all(|&p| whole(p)) && self.links.iter().all(|link| whole(link.price))
    }

    /// One terminal of every group of terminals that hear each other at no price, in order, and
    /// the links within those groups.
    pub(super) fn groups(&self) -> (Vec<usize>, Vec<(usize, usize)>) {
        let mut seen = vec![false; self.terminals];
        let (mut heads, mut inner) = (Vec::new(), Vec::new());
        for head in 0..self.terminals {
            if seen[head] {
                continue;
            }
            seen[head] = true;
            heads.push(head);
            let mut open = vec![head];
            while let Some(node) = open.pop() {
                for link in self.links_of(node) {
                    if link.to < self.terminals && link.price <= 0.0 && !seen[link.to] {
                        seen[link.to] = true;
                        inner.push((node, link.to));
                        open.push(link.to);
                    }
                }
            }
        }
        (heads, inner)
    }
}
