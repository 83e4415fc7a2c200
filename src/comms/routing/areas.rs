//! Areas of link-state routing: at most 64 nodes that know each other's links. See [`Areas`].

use serde::{Deserialize, Serialize};

use crate::{
    comms::network::Networks,
    kernel::ids::UnitIx,
    org::{ForceIx, OrderOfBattle},
};

/// Nodes of an area at most.
pub const AREA_LIMIT: usize = 64;

/// Index of an area.
pub type AreaIx = u16;

/// Places of members of an area, a bit each, the first in the lowest.
pub type Places = u64;

/// A part of an area: those of its members that reach each other inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// The area.
    pub area: AreaIx,
    /// The lowest place of those in it that forward.
    pub lead: u16,
}

impl Part {
    /// Whether its lead is among these places of an area.
    #[must_use]
    pub const fn is_among(self, area: AreaIx, places: Places) -> bool {
        self.area == area && places >> self.lead & 1 == 1
    }
}

/// The area of a unit without a radio.
const NOWHERE: AreaIx = AreaIx::MAX;

/// Which units share an area. Static.
///
/// A side that fits makes one area. Otherwise an area holds units of one nation and service, taken in
/// the order of the order of battle, so that a force lies in one area where it fits. Inside, everybody
/// knows the links; between areas, border nodes advertise which parts of areas they reach: an area is
/// one where it hangs together.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    /// Area and place in it of each unit, by rank.
    pub of: Vec<(AreaIx, u16)>,
    /// Units of each area.
    pub members: Vec<Vec<UnitIx>>,
    /// Whether each unit forwards, by rank.
    pub forwards: Vec<bool>,
    /// Nation and service of each unit, by rank.
    pub domains: Vec<(u8, u8)>,
}

impl Areas {
    /// The areas of an order of battle.
    #[must_use]
    pub fn new(order: &OrderOfBattle, networks: &Networks) -> Self {
        let count = order.units.len();
        let way = |unit: UnitIx| {
            let mut way = Vec::new();
            let mut at = Some(order.unit(unit).force);
            while let Some(force) = at {
                way.push(force);
                at = order.forces[force.at()].superior;
            }
            way.reverse();
            way
        };
        let mut of_side = vec![0; order.sides.len()];
        for (unit, nets) in order.units.iter().zip(&networks.of_unit) {
            of_side[unit.side.at()] += usize::from(!nets.is_empty());
        }
        let domain = |unit: UnitIx| {
            let unit = order.unit(unit);
            let is_split = of_side[unit.side.at()] > AREA_LIMIT;
            (unit.side, is_split.then_some((unit.nation, unit.service)))
        };
        let mut units: Vec<(_, Vec<ForceIx>, UnitIx)> = (0..count)
            .filter(|at| !networks.of_unit[*at].is_empty())
            .map(UnitIx::from_at)
            .map(|unit| (domain(unit), way(unit), unit))
            .collect();
        units.sort();
        let mut areas = Self {
            of: vec![(NOWHERE, 0); count],
            members: Vec::new(),
            forwards: (0..count)
                .map(|at| super::is_forwarder(UnitIx::from_at(at), networks, order))
                .collect(),
            domains: order
                .units
                .iter()
                .map(|unit| (unit.nation.0, unit.service.0))
                .collect(),
        };
        for of_domain in units.chunk_by(|a, b| a.0 == b.0) {
            areas.divide(
                of_domain
                    .chunk_by(|a, b| a.1 == b.1)
                    .map(|force| force.iter().map(|(_, _, unit)| *unit).collect::<Vec<_>>()),
            );
        }
        areas
    }

    /// Fills areas with the forces of a domain, one after another; a force that does not fit into
    /// what is left begins a new area, one that fits into none is split.
    fn divide(&mut self, forces: impl Iterator<Item = Vec<UnitIx>>) {
        let mut area: Vec<UnitIx> = Vec::new();
        for force in forces {
            if area.len() + force.len() > AREA_LIMIT && !area.is_empty() {
                self.close(core::mem::take(&mut area));
            }
            for part in force.chunks(AREA_LIMIT) {
                if area.len() + part.len() > AREA_LIMIT {
                    self.close(core::mem::take(&mut area));
                }
                area.extend(part);
            }
        }
        if !area.is_empty() {
            self.close(area);
        }
    }

    /// Numbers an area.
    fn close(&mut self, units: Vec<UnitIx>) {
        let ix = AreaIx::try_from(self.members.len()).expect("units are limited on load");
        for (place, unit) in (0_u16..).zip(&units) {
            self.of[unit.at()] = (ix, place);
        }
        self.members.push(units);
    }

    /// Places of all members of an area.
    #[must_use]
    pub fn everybody(&self, area: AreaIx) -> Places {
        let count = self.members[usize::from(area)].len();
        Places::MAX >> (AREA_LIMIT - count.clamp(1, AREA_LIMIT))
    }

    /// Area of a unit.
    #[must_use]
    pub fn area(&self, unit: UnitIx) -> AreaIx {
        self.of[unit.at()].0
    }

    /// Place of a unit in its area.
    #[must_use]
    pub fn place(&self, unit: UnitIx) -> usize {
        usize::from(self.of[unit.at()].1)
    }
}
