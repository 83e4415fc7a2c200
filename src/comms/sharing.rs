//! Who may have what: the sharing rules. See [`Sharing`].
//!
//! The matrix says by what way a class of message passes between two units, releases and labels what
//! may leave a nation. No delay and no probability is keyed by either: what crosses between services
//! takes the time and loses the detail of the gateway or liaison that it meets.

use std::collections::BTreeSet;

use bevy::prelude::Resource;

use crate::{
    kernel::ids::UnitIx,
    org::{Echelon, NationIx, OrderOfBattle, Role, ServiceTime},
    wire::{Audience, Detail, Header, MessageClass},
};

use super::{
    matrix::{ExchangeKind, Matrix, Passage},
    network::Networks,
};

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
#[derive(Debug, Clone, PartialEq)]
pub struct Handling {
    /// Items handled at the same time.
    pub servers: u32,
    /// Time for one item.
    pub service: ServiceTime,
    /// Echelons at which it counts; a unit with the role elsewhere hands nothing over.
    pub echelons: BTreeSet<Echelon>,
    /// What is left of a message that was handled.
    pub detail: Detail,
}

/// The sharing rules of a scenario. Static.
#[derive(Debug, Clone, Resource)]
pub struct Sharing {
    /// By what way what passes to whom.
    pub matrix: Matrix,
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
    /// Who hands it over to others, sorted.
    pub exchanges: Vec<(UnitIx, ExchangeKind)>,
}

impl Sharing {
    /// Whether `to` may have information of this class from `from`: inside the nation always, else
    /// what the nation releases, unless the label of the unit that it comes from says otherwise.
    fn is_released(
        &self,
        class: MessageClass,
        from: UnitIx,
        to: UnitIx,
        order: &OrderOfBattle,
    ) -> bool {
        let (nation, label) = order.terms_of(from);
        let to = order.unit(to).nation;
        let is_allowed = || label.is_none_or(|label| label.contains(&to));
        nation == to
            || is_allowed()
                && self.releases.iter().any(|release| {
                    (release.from, release.to) == (nation, to) && release.classes.contains(&class)
                })
    }

    /// Whether two units belong to the same service of the same nation.
    #[must_use]
    pub fn is_inside(a: UnitIx, b: UnitIx, order: &OrderOfBattle) -> bool {
        let (a, b) = (order.unit(a), order.unit(b));
        a.nation == b.nation && a.service == b.service
    }

    /// What happens to a message at an exchange.
    #[must_use]
    pub fn handling(&self, kind: ExchangeKind) -> &Handling {
        match kind {
            ExchangeKind::Gateway => &self.gateway,
            ExchangeKind::Liaison => &self.liaison,
        }
    }

    /// Whether a unit hands over what its service sends: it has the role, and stands at an echelon
    /// at which that counts.
    fn hands_over(&self, unit: UnitIx, kind: ExchangeKind, order: &OrderOfBattle) -> bool {
        let echelon = order
            .echelon_of_post(unit)
            .max(Some(order.force_of(unit).echelon));
        order.has_role(unit, kind.role())
            && echelon.is_some_and(|echelon| self.handling(kind).echelons.contains(&echelon))
    }

    /// Whether a message of a class keeps to forwarders of its sender's service until an exchange
    /// hands it over.
    #[must_use]
    pub fn stays_inside(&self, class: MessageClass) -> bool {
        !self.matrix.is_open(class)
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
            Audience::Under(post) => (0..order.units.len())
                .map(UnitIx::from_at)
                .filter(|unit| *unit == post || order.commands(post, *unit))
                .collect(),
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

    /// By what way a message gets from its author to a unit; `Never` where it is not released.
    fn passage(&self, header: &Header, to: UnitIx, order: &OrderOfBattle) -> Passage {
        if self.is_released(header.class, header.about, to, order) {
            self.matrix.passage(header.class, header.author, to, order)
        } else {
            Passage::Never
        }
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
        let mut readers = Vec::new();
        let mut needed = BTreeSet::new();
        for unit in Self::audience(header, order, networks) {
            match self.passage(header, unit, order) {
                Passage::Direct => readers.push(unit),
                Passage::Gateway => drop(needed.insert(ExchangeKind::Gateway)),
                Passage::Liaison => drop(needed.insert(ExchangeKind::Liaison)),
                Passage::Never => {}
            }
        }
        let mut exchanges = Vec::new();
        if !needed.is_empty() {
            let near = |unit: &UnitIx| {
                order.unit(*unit).side == order.unit(author).side
                    && Self::is_inside(author, *unit, order)
            };
            for unit in (0..order.units.len()).map(UnitIx::from_at).filter(near) {
                let serve = needed.iter().copied();
                let serve = serve.filter(|kind| self.hands_over(unit, *kind, order));
                exchanges.extend(serve.map(|kind| (unit, kind)));
            }
        }
        Recipients { readers, exchanges }
    }

    /// Who gets a message that an exchange hands over: everybody to whom it passes by this way.
    #[must_use]
    pub fn from_exchange(
        &self,
        header: &Header,
        (exchange, kind): (UnitIx, ExchangeKind),
        order: &OrderOfBattle,
        networks: &Networks,
    ) -> Vec<UnitIx> {
        let mut audience = Self::audience(header, order, networks);
        audience.retain(|unit| {
            *unit != exchange && self.passage(header, *unit, order) == kind.passage()
        });
        audience
    }
}
