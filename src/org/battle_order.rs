//! The order of battle of one world. See [`OrderOfBattle`].

use std::collections::BTreeSet;

use bevy::prelude::Resource;

use super::{
    doctrine::{DeskRules, Doctrine},
    vocabulary::{Echelon, Planner, Role},
};
use crate::kernel::ids::UnitIx;

/// Index of a side.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct SideIx(pub u8);

/// Index of a nation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NationIx(pub u8);

/// Index of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceIx(pub u8);

/// Index of a force, parents before children.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct ForceIx(pub u16);

impl SideIx {
    /// The index for arrays.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

impl ForceIx {
    /// The index for arrays.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// A party.
#[derive(Debug, Clone)]
pub struct Side {
    /// Id.
    pub id: String,
    /// Sides hostile to this one.
    pub hostile_to: BTreeSet<SideIx>,
    /// The course of action that it takes, if it has any.
    pub course: Option<String>,
    /// How its posts choose who does what.
    pub planner: Planner,
}

/// A node of the tree of echelons.
#[derive(Debug, Clone)]
pub struct Force {
    /// Id.
    pub id: String,
    /// Side.
    pub side: SideIx,
    /// Size.
    pub echelon: Echelon,
    /// The force above.
    pub superior: Option<ForceIx>,
    /// The command post: its own, or that of the nearest superior that has one.
    pub command: Option<UnitIx>,
    /// Whether the command post is its own.
    pub has_own_command: bool,
    /// How it fights.
    pub doctrine: Doctrine,
}

/// What the order of battle says of one unit.
#[derive(Debug, Clone)]
pub struct UnitOrg {
    /// Side.
    pub side: SideIx,
    /// Nation.
    pub nation: NationIx,
    /// Service.
    pub service: ServiceIx,
    /// Force.
    pub force: ForceIx,
    /// What it does for others.
    pub roles: BTreeSet<Role>,
    /// Label of what it reports: nations that may have it besides its own. Without one its nation's
    /// releases alone decide.
    pub releasable_to: Option<BTreeSet<NationIx>>,
    /// Id of the entry of the scenario that it was expanded from.
    pub stem: String,
}

/// Everything about who belongs to whom; units by rank.
#[derive(Debug, Clone, Default, Resource)]
pub struct OrderOfBattle {
    /// Sides.
    pub sides: Vec<Side>,
    /// Names of nations.
    pub nations: Vec<String>,
    /// Names of services.
    pub services: Vec<String>,
    /// Forces, parents before children.
    pub forces: Vec<Force>,
    /// Units by rank.
    pub units: Vec<UnitOrg>,
    /// Desks: the unit and its rules.
    pub desks: Vec<(UnitIx, DeskRules)>,
}

impl OrderOfBattle {
    /// What it says of a unit.
    #[must_use]
    pub fn unit(&self, ix: UnitIx) -> &UnitOrg {
        &self.units[ix.at()]
    }

    /// The side of a unit.
    #[must_use]
    pub fn side_of(&self, ix: UnitIx) -> &Side {
        &self.sides[self.unit(ix).side.at()]
    }

    /// The force of a unit.
    #[must_use]
    pub fn force_of(&self, ix: UnitIx) -> &Force {
        &self.forces[self.unit(ix).force.at()]
    }

    /// The terms on which what a unit reports may go to other nations: its nation, whose releases
    /// hold, and its label.
    #[must_use]
    pub fn terms_of(&self, ix: UnitIx) -> (NationIx, Option<&BTreeSet<NationIx>>) {
        let unit = self.unit(ix);
        (unit.nation, unit.releasable_to.as_ref())
    }

    /// Whether two sides are hostile.
    #[must_use]
    pub fn are_hostile(&self, a: SideIx, b: SideIx) -> bool {
        self.sides[a.at()].hostile_to.contains(&b)
    }

    /// Whether what belongs to these courses of a side, or to all where none is named, belongs to
    /// the course that it takes.
    #[must_use]
    pub fn takes(&self, side: SideIx, courses: &[String]) -> bool {
        let taken = self.sides[side.at()].course.as_ref();
        courses.is_empty() || taken.is_some_and(|taken| courses.contains(taken))
    }

    /// Whether a unit plays a role.
    #[must_use]
    pub fn has_role(&self, ix: UnitIx, role: Role) -> bool {
        self.unit(ix).roles.contains(&role)
    }

    /// The command post above a unit: that of its force, or, for that post itself, of the next
    /// force up that has another.
    #[must_use]
    pub fn superior_of(&self, ix: UnitIx) -> Option<UnitIx> {
        let mut force = Some(self.unit(ix).force);
        while let Some(at) = force {
            let node = &self.forces[at.at()];
            if let Some(command) = node.command.filter(|command| *command != ix) {
                return Some(command);
            }
            force = node.superior;
        }
        None
    }

    /// Whether `force` is `above` or below it.
    #[must_use]
    pub fn is_within(&self, force: ForceIx, above: ForceIx) -> bool {
        let mut at = Some(force);
        while let Some(here) = at {
            if here == above {
                return true;
            }
            at = self.forces[here.at()].superior;
        }
        false
    }

    /// Units of a force and of those below it.
    pub fn units_within(&self, force: ForceIx) -> impl Iterator<Item = UnitIx> + '_ {
        let all = (0..self.units.len()).map(UnitIx::from_at);
        all.filter(move |unit| self.is_within(self.unit(*unit).force, force))
    }

    /// Forces whose own command post is this unit.
    pub fn commanded_by(&self, post: UnitIx) -> impl Iterator<Item = ForceIx> + '_ {
        self.forces
            .iter()
            .enumerate()
            .filter(move |(_, force)| force.has_own_command && force.command == Some(post))
            .map(|(at, _)| ForceIx(u16::try_from(at).expect("forces are limited on load")))
    }

    /// Whether `post` commands the force of `unit`, directly or through others.
    #[must_use]
    pub fn commands(&self, post: UnitIx, unit: UnitIx) -> bool {
        let force = self.unit(unit).force;
        self.commanded_by(post)
            .any(|above| self.is_within(force, above))
    }

    /// Whether a post tells other posts what it learns of a unit: of itself and of its own force.
    #[must_use]
    pub fn is_passed_on(&self, post: UnitIx, unit: UnitIx) -> bool {
        self.has_role(post, Role::Command) && (post == unit || self.commands(post, unit))
    }

    /// The post to which a post above hands an order for a force: the highest on the way down to the
    /// force that is below it. A post that is not above the force hands it straight to the force's
    /// own; none where the force has no post, or the post is the force's own.
    #[must_use]
    pub fn next_below(&self, post: UnitIx, force: ForceIx) -> Option<UnitIx> {
        let own = self.forces[force.at()].command?;
        let mut chain = vec![own];
        while let Some(above) = chain.last().and_then(|last| self.superior_of(*last)) {
            chain.push(above);
        }
        match chain.iter().position(|at| *at == post) {
            Some(0) => None,
            Some(at) => Some(chain[at - 1]),
            None => Some(own),
        }
    }

    /// The largest echelon that a unit commands.
    #[must_use]
    pub fn echelon_of_post(&self, post: UnitIx) -> Option<Echelon> {
        self.commanded_by(post)
            .map(|force| self.forces[force.at()].echelon)
            .max()
    }

    /// The desk that decides for a post: its own, else that of the nearest superior that has one.
    #[must_use]
    pub fn desk_for(&self, post: UnitIx) -> Option<UnitIx> {
        let mut at = Some(post);
        while let Some(here) = at {
            if self.desks.iter().any(|(unit, _)| *unit == here) {
                return Some(here);
            }
            at = self.superior_of(here);
        }
        None
    }
}
