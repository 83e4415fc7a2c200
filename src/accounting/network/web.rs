//! Who can reach whom on one side: forwarders make a backbone, everybody else hangs on it. See
//! [`Web`].

use crate::{
    comms::model::graph::{
        connectivity::{Components, articulation_nodes},
        laplacian::algebraic_connectivity,
        separation::giant_vertex_connectivity,
        topology::Topology,
    },
    kernel::ids::UnitIx,
};

/// Vertex connectivity up to which it is counted.
pub(super) const CONNECTIVITY_LIMIT: usize = 4;

/// Forwarders of a component up to which its connectivity is asked for: beyond that it costs too
/// much.
const CONNECTIVITY_NODES: usize = 2000;

/// The live units of one side that have a radio, and the links that work both ways between them.
///
/// Forwarders pass on what is neither from nor for them; with the links among them they are the
/// backbone. Any other unit is a leaf: it speaks with whom it hears, and with whomever the forwarders
/// that it hears reach, and never joins two parts of the backbone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Web {
    /// Units, rising.
    pub(super) units: Vec<UnitIx>,
    /// Links, the lower unit first, rising.
    pub(super) links: Vec<(UnitIx, UnitIx)>,
    /// Parts of the backbone to which each unit belongs, rising.
    parts: Vec<Vec<usize>>,
    /// The backbone.
    backbone: Topology,
    /// Units in the largest component.
    giant: usize,
}

/// What holds a backbone together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Strength {
    /// Vertex connectivity of the largest component, at most [`CONNECTIVITY_LIMIT`].
    pub(super) vertex: u64,
    /// Algebraic connectivity of the largest component.
    pub(super) algebraic: f64,
}

impl Web {
    /// The web of units, rising, and links between them, the lower unit first, rising. None where
    /// there are more than a topology holds.
    pub(super) fn new(
        units: Vec<UnitIx>,
        links: Vec<(UnitIx, UnitIx)>,
        forwards: impl Fn(UnitIx) -> bool,
    ) -> Option<Self> {
        debug_assert!(
            units.is_sorted() && links.is_sorted(),
            "units and links rise"
        );
        let forwarders: Vec<UnitIx> = units.iter().copied().filter(|it| forwards(*it)).collect();
        let node = |unit: UnitIx| forwarders.binary_search(&unit).ok();
        let inner: Vec<(usize, usize)> = links
            .iter()
            .filter_map(|(a, b)| Some((node(*a)?, node(*b)?)))
            .collect();
        let backbone = Topology::new(forwarders.len(), &inner).ok()?;
        let components = Components::new(&backbone);
        let mut part_of = vec![0; forwarders.len()];
        let mut sizes: Vec<usize> = Vec::new();
        for (part, nodes) in components.parts().iter().enumerate() {
            sizes.push(nodes.len());
            nodes.iter().for_each(|node| part_of[*node] = part);
        }
        let mut web = Self {
            parts: vec![Vec::new(); units.len()],
            units,
            links,
            backbone,
            giant: 0,
        };
        web.hang_on(|unit| node(unit).map(|node| part_of[node]));
        for (unit, parts) in web.units.iter().zip(&web.parts) {
            if node(*unit).is_none() {
                parts.iter().for_each(|part| sizes[*part] += 1);
            }
        }
        let alone = match (web.units.is_empty(), web.links.is_empty()) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        web.giant = sizes.into_iter().max().unwrap_or(0).max(alone);
        Some(web)
    }

    /// Finds the parts to which each unit belongs, from the part of each forwarder.
    fn hang_on(&mut self, part_of: impl Fn(UnitIx) -> Option<usize>) {
        for (unit, parts) in self.units.iter().zip(&mut self.parts) {
            parts.extend(part_of(*unit));
        }
        for at in 0..self.links.len() {
            let (a, b) = self.links[at];
            for (leaf, other) in [(a, b), (b, a)] {
                if let (None, Some(part), Some(place)) =
                    (part_of(leaf), part_of(other), self.place(leaf))
                {
                    self.parts[place].push(part);
                }
            }
        }
        for parts in &mut self.parts {
            parts.sort_unstable();
            parts.dedup();
        }
    }

    /// Place of a unit among the units.
    fn place(&self, unit: UnitIx) -> Option<usize> {
        self.units.binary_search(&unit).ok()
    }

    /// Whether this is the web of these units and links.
    pub(super) fn is_of(&self, units: &[UnitIx], links: &[(UnitIx, UnitIx)]) -> bool {
        self.units == units && self.links == links
    }

    /// Whether one unit has a way to another.
    pub(super) fn reaches(&self, a: UnitIx, b: UnitIx) -> bool {
        let (Some(from), Some(to)) = (self.place(a), self.place(b)) else {
            return false;
        };
        let shares = |part: &usize| self.parts[to].binary_search(part).is_ok();
        from == to
            || self.links.binary_search(&(a.min(b), a.max(b))).is_ok()
            || self.parts[from].iter().any(shares)
    }

    /// Share of the units in the largest component; none without units.
    pub(super) fn giant_share(&self) -> Option<f64> {
        let units = self.units.len();
        (units > 0).then(|| self.giant as f64 / units as f64)
    }

    /// Number of forwarders without which the backbone falls apart.
    pub(super) fn articulation_nodes(&self) -> u64 {
        articulation_nodes(&self.backbone).len() as u64
    }

    /// What holds the largest component of the backbone together; none where there is no backbone or
    /// it is too large.
    pub(super) fn strength(&self) -> Option<Strength> {
        let components = Components::new(&self.backbone);
        let giant = components.giant();
        (1..=CONNECTIVITY_NODES)
            .contains(&giant.len())
            .then(|| Strength {
                vertex: giant_vertex_connectivity(&self.backbone, CONNECTIVITY_LIMIT) as u64,
                algebraic: algebraic_connectivity(&self.backbone.part(giant)),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A web of `count` units and links, of which these forward.
    fn web<const N: usize>(count: u32, links: [(u32, u32); N], forwarders: &[u32]) -> Web {
        let units = (0..count).map(UnitIx).collect();
        let links = links.map(|(a, b)| (UnitIx(a), UnitIx(b))).to_vec();
        Web::new(units, links, |unit| forwarders.contains(&unit.0)).unwrap()
    }

    #[test]
    fn a_leaf_never_joins_two_parts() {
        // 0–1 and 3–4 are forwarders; 2 hears 1 and 3 and passes nothing on; 5 hears 4; 6 is alone.
        let links = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)];
        let split = web(7, links, &[0, 1, 3, 4]);
        let reaches = |a, b| split.reaches(UnitIx(a), UnitIx(b));
        assert!(reaches(0, 2) && reaches(2, 5) && reaches(5, 3) && reaches(6, 6));
        assert!(!reaches(0, 3) && !reaches(0, 5) && !reaches(6, 0) && !reaches(0, 9));
        // 3 and 4 with 2 and 5 are the most.
        assert!((split.giant_share().unwrap() - 4.0 / 7.0).abs() < 1e-12);
        let joined = web(7, links, &[0, 1, 2, 3, 4]);
        assert!(joined.reaches(UnitIx(0), UnitIx(5)));
        assert!((joined.giant_share().unwrap() - 6.0 / 7.0).abs() < 1e-12);
        assert_eq!(joined.articulation_nodes(), 3);
        assert_eq!(split.articulation_nodes(), 0);
    }

    #[test]
    fn leaves_alone_speak_with_whom_they_hear() {
        let leaves = web(3, [(0, 1), (1, 2)], &[]);
        assert!(leaves.reaches(UnitIx(0), UnitIx(1)) && !leaves.reaches(UnitIx(0), UnitIx(2)));
        assert!((leaves.giant_share().unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(web(0, [], &[]).giant_share(), None);
        assert!((web(4, [], &[]).giant_share().unwrap() - 0.25).abs() < 1e-12);
    }

    #[test]
    fn a_ring_withstands_one_loss() {
        let links = [(0, 1), (0, 4), (0, 5), (1, 2), (2, 3), (3, 4)];
        let strength = web(6, links, &[0, 1, 2, 3, 4]).strength().unwrap();
        assert_eq!(strength.vertex, 2);
        // 4·sin²(π/5) for a ring of five (Fiedler 1973).
        assert!((strength.algebraic - 1.381_966_011_250_105).abs() < 1e-9);
        let apart = web(2, [], &[0, 1]).strength().unwrap();
        assert!(apart.vertex == 0 && apart.algebraic.abs() < 1e-12);
        assert_eq!(web(2, [], &[]).strength(), None);
    }
}
