//! Who may have what: the sharing rules. See [`Sharing`].
//!
//! A regime says only who may pass what to whom. No delay and no probability is keyed by it: what
//! crosses between services takes the time of the gateway or liaison that it meets.

use bevy::prelude::Resource;

use crate::{
    kernel::ids::UnitIx,
    org::{NationIx, OrderOfBattle, Regime, Role, ServiceTime},
    wire::{Audience, Header, MessageClass},
};

use super::network::Networks;

/// What a nation releases to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Whose information.
    pub from: NationIx,
    /// Who may have it.
    pub to: NationIx,
    /// Which classes.
    pub classes: Vec<MessageClass>,
}

/// A queue with servers, at gateways or at liaisons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handling {
    /// Items handled at the same time.
    pub servers: u32,
    /// Time for one item.
    pub service: ServiceTime,
}

/// The sharing rules of a scenario. Static.
#[derive(Debug, Clone, Resource)]
pub struct Sharing {
    /// The regime.
    pub regime: Regime,
    /// Handling at gateways.
    pub gateway: Handling,
    /// Handling at liaisons.
    pub liaison: Handling,
    /// Releases between nations.
    pub releases: Vec<Release>,
}

/// Who gets a message from a sender: units at once, and units that pass it on to others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// Who it is for, sorted.
    pub readers: Vec<UnitIx>,
    /// Who hands it over to another service, sorted.
    pub exchanges: Vec<UnitIx>,
}

impl Sharing {
    /// Whether `to` may have information of this class from `from`'s nation.
    fn is_released(
        &self,
        class: MessageClass,
        from: UnitIx,
        to: UnitIx,
        order: &OrderOfBattle,
    ) -> bool {
        let (from, to) = (order.unit(from).nation, order.unit(to).nation);
        from == to
            || self.releases.iter().any(|release| {
                release.from == from && release.to == to && release.classes.contains(&class)
            })
    }

    /// Whether two units belong to the same service of the same nation.
    #[must_use]
    pub fn is_inside(a: UnitIx, b: UnitIx, order: &OrderOfBattle) -> bool {
        let (a, b) = (order.unit(a), order.unit(b));
        a.nation == b.nation && a.service == b.service
    }

    /// Whether `sender` may address `to` without an exchange between services.
    fn may_address(&self, sender: UnitIx, to: UnitIx, order: &OrderOfBattle) -> bool {
        self.regime == Regime::Meshed || Self::is_inside(sender, to, order)
    }

    /// The role of those who hand messages over under this regime, with their handling.
    #[must_use]
    pub fn exchange(&self) -> Option<(Role, Handling)> {
        match self.regime {
            Regime::Stovepiped => Some((Role::Liaison, self.liaison)),
            Regime::Joint => Some((Role::Gateway, self.gateway)),
            Regime::Meshed => None,
        }
    }

    /// Everybody of the author's side whom the audience means.
    fn audience(header: &Header, order: &OrderOfBattle, networks: &Networks) -> Vec<UnitIx> {
        let side = order.unit(header.author).side;
        let mut found: Vec<UnitIx> = match header.audience {
            Audience::Unit(unit) => vec![unit],
            Audience::Posts => (0..order.units.len())
                .map(UnitIx::from_at)
                .filter(|unit| order.has_role(*unit, Role::Command))
                .collect(),
            Audience::ChainAndNeighbours => {
                let mut chain = Vec::new();
                let mut at = header.author;
                while let Some(above) = order.superior_of(at).filter(|up| !chain.contains(up)) {
                    chain.push(above);
                    at = above;
                }
                let own = networks.of_unit[header.author.at()].iter();
                chain.extend(
                    own.flat_map(|ix| &networks.get(*ix).members)
                        .map(|(unit, _)| *unit),
                );
                chain
            }
        };
        // Only what is expressly for the author itself comes back to it.
        let is_own = |unit: UnitIx| {
            unit != header.author || header.audience == Audience::Unit(header.author)
        };
        found.retain(|unit| is_own(*unit) && order.unit(*unit).side == side);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Who gets a message that its author sends.
    #[must_use]
    pub fn from_author(
        &self,
        header: &Header,
        order: &OrderOfBattle,
        networks: &Networks,
    ) -> Recipients {
        let author = header.author;
        let audience = Self::audience(header, order, networks);
        let may_have = |unit: &UnitIx| self.is_released(header.class, author, *unit, order);
        let (readers, outside): (Vec<UnitIx>, Vec<UnitIx>) = audience
            .into_iter()
            .filter(may_have)
            .partition(|unit| self.may_address(author, *unit, order));
        let exchanges = match self.exchange() {
            Some((role, _)) if !outside.is_empty() => {
                let serves = |unit: &UnitIx| {
                    order.has_role(*unit, role)
                        && order.unit(*unit).side == order.unit(author).side
                        && Self::is_inside(author, *unit, order)
                };
                (0..order.units.len())
                    .map(UnitIx::from_at)
                    .filter(serves)
                    .collect()
            }
            _ => Vec::new(),
        };
        Recipients { readers, exchanges }
    }

    /// Who gets a message that an exchange hands over: everybody outside its own service.
    #[must_use]
    pub fn from_exchange(
        &self,
        header: &Header,
        exchange: UnitIx,
        order: &OrderOfBattle,
        networks: &Networks,
    ) -> Vec<UnitIx> {
        let mut audience = Self::audience(header, order, networks);
        audience.retain(|unit| {
            !Self::is_inside(exchange, *unit, order)
                && self.is_released(header.class, header.author, *unit, order)
        });
        audience
    }
}
