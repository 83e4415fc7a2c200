//! Groups that keep together on their way: in formation or as a flock. See [`Groups`].
//!
//! Members know where the others of their group are out to 2 km, as by sight or a ranging
//! link among themselves; a member that is farther off follows its own plan until it has caught up.

use bevy::prelude::Resource;
use glam::DVec2;

use super::{
    group::{Flocking, Formation, Mate, slot_demand, slot_position},
    kinematics::{Demand, Kinematics},
    truth::Board,
    vehicle::Vehicle,
};
use crate::kernel::ids::UnitIx;

/// Distance out to which members of a group know where the others are, m (notional, 300 to 3000).
const REACH_M: f64 = 2000.0;

/// Time over which the steering of a flock acts on the velocity asked for, s (notional, 1 to 4).
const FLOCK_HORIZON_S: f64 = 2.0;

/// Greatest part of the speed that a flock, or a slot aside, adds across the own way.
const ASIDE_SHARE: f64 = 0.5;

/// Share of its speed at which a leader waits for those who lag far behind.
const WAIT_SHARE: f64 = 0.2;

/// Number of spacings behind its slot at which a member lags, and at which it lags far behind.
const LAG_SPACINGS: [f64; 2] = [0.1, 1.0];

/// Number of spacings before its goal at which a member goes for the goal alone.
const CLOSE_SPACINGS: f64 = 2.0;

/// How a group keeps together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Manner {
    /// Each member keeps its place relative to the first.
    Formation(Formation),
    /// Separation, alignment and cohesion.
    Flock,
}

/// Units that keep together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Members, the leader first.
    pub members: Vec<UnitIx>,
    /// How.
    pub manner: Manner,
    /// Distance between neighbours, m.
    pub spacing_m: f64,
}

impl Group {
    /// Place of a member relative to the leader, m: x to the right, y ahead; none in a flock.
    #[must_use]
    pub fn slot(&self, member: u32) -> Option<DVec2> {
        let count = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        match self.manner {
            Manner::Formation(shape) => Some(shape.slot(member, count, self.spacing_m)),
            Manner::Flock => None,
        }
    }
}

/// All groups of a scenario. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Groups {
    list: Vec<Group>,
    /// Group and number of each unit, by rank.
    of: Vec<Option<(u32, u32)>>,
}

impl Groups {
    /// Groups among so many units. Every unit is in one group at most.
    #[must_use]
    pub fn new(list: Vec<Group>, units: usize) -> Self {
        let mut of = vec![None; units];
        for (at, group) in (0_u32..).zip(&list) {
            for (member, unit) in (0_u32..).zip(&group.members) {
                of[unit.at()] = Some((at, member));
            }
        }
        Self { list, of }
    }

    /// Whether nobody keeps together with anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The group of a unit and the unit's number in it.
    #[must_use]
    pub fn of(&self, unit: UnitIx) -> Option<(&Group, u32)> {
        let (group, member) = (*self.of.get(unit.at())?)?;
        Some((&self.list[group as usize], member))
    }
}

/// What a unit is on its way to: its task, as a number that members on the same task share, and the
/// goal, m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Transit {
    pub(super) task: u64,
    pub(super) goal: DVec2,
}

/// One unit among its group in one tick.
pub(super) struct Member<'a> {
    pub(super) unit: UnitIx,
    pub(super) vehicle: &'a Vehicle,
    pub(super) groups: &'a Groups,
    pub(super) board: &'a Board,
    /// What everybody is on the way to, by rank; none who is not on the way.
    pub(super) transit: &'a [Option<Transit>],
}

impl Member<'_> {
    /// The demand, bent so that the group keeps together. Everybody is where it was in the last
    /// tick, so that the order of units does not matter.
    pub(super) fn keep_together(&self, demand: Demand) -> Demand {
        let own = self.transit[self.unit.at()];
        let (Some((group, member)), Some(own)) = (self.groups.of(self.unit), own) else {
            return demand;
        };
        let here = self.place(self.unit);
        if demand.speed_m_s <= 0.0
            || here.distance(own.goal) < CLOSE_SPACINGS * group.spacing_m
            || self.board.is_empty()
        {
            return demand;
        }
        match group.slot(member) {
            None => self.flock(group, own.task, demand),
            Some(slot) => self.keep_slot(group, slot, own.task, demand),
        }
    }

    /// Where a unit is, m.
    fn place(&self, unit: UnitIx) -> DVec2 {
        self.board.piece(unit).position.truncate()
    }

    /// Members within reach that are on the same task, this one included.
    fn mates<'g>(&'g self, group: &'g Group, task: u64) -> impl Iterator<Item = UnitIx> + 'g {
        let here = self.place(self.unit);
        group.members.iter().copied().filter(move |mate| {
            let is_on_it = self.transit[mate.at()].is_some_and(|other| other.task == task);
            is_on_it
                && self.board.piece(*mate).is_alive
                && self.place(*mate).distance(here) <= REACH_M
        })
    }

    /// Heading of a unit's way, rad: where it goes, or where its nose points while it stands.
    fn way_rad(&self, unit: UnitIx) -> f64 {
        let piece = self.board.piece(unit);
        let over_ground = piece.velocity.truncate();
        if over_ground.length() > 0.5 {
            crate::kernel::math::bearing(over_ground.x, over_ground.y)
        } else {
            piece.heading_rad
        }
    }

    /// Towards the own slot, or as the leader, who waits for those who lag.
    fn keep_slot(&self, group: &Group, slot: DVec2, task: u64, demand: Demand) -> Demand {
        let Some(leader) = self.mates(group, task).next() else {
            return demand;
        };
        let lead_rad = self.way_rad(leader);
        if leader == self.unit {
            let lag = |mate: UnitIx| {
                let (_, member) = self.groups.of(mate)?;
                let slot = self.relative_slot(group, leader, group.slot(member)?);
                let place = slot_position(self.place(leader), lead_rad, slot);
                Some((place - self.place(mate)).dot(demand.direction) / group.spacing_m)
            };
            let lags = self.mates(group, task).filter_map(lag);
            let [some, far] = LAG_SPACINGS;
            let share = ((lags.fold(0.0, f64::max) - some) / (far - some)).clamp(0.0, 1.0);
            return Demand {
                speed_m_s: (1.0 - share * (1.0 - WAIT_SHARE)) * demand.speed_m_s,
                ..demand
            };
        }
        let lead = self.board.piece(leader);
        let wanted = slot_demand(
            (self.place(leader), lead.velocity.truncate(), lead_rad),
            self.relative_slot(group, leader, slot),
            self.place(self.unit),
            self.vehicle.kinematics.speed_max_m_s(),
            demand.altitude_m,
        );
        self.along_own_way(wanted.velocity(), demand)
    }

    /// The own slot as seen from whoever leads now, who need not be the first any more.
    fn relative_slot(&self, group: &Group, leader: UnitIx, slot: DVec2) -> DVec2 {
        let lead = self.groups.of(leader);
        slot - lead
            .and_then(|(_, member)| group.slot(member))
            .unwrap_or(DVec2::ZERO)
    }

    /// A velocity, as far as it does not lead off the own way: ground vehicles and people keep to
    /// theirs, since beside it may be a slope or a river.
    fn along_own_way(&self, wanted: DVec2, demand: Demand) -> Demand {
        let ahead = wanted.dot(demand.direction).max(0.0);
        let keeps_to_its_way = matches!(
            self.vehicle.kinematics,
            Kinematics::Ground(_) | Kinematics::Foot(_)
        );
        if keeps_to_its_way {
            return Demand {
                speed_m_s: ahead,
                ..demand
            };
        }
        let aside = wanted - demand.direction * wanted.dot(demand.direction);
        let aside = aside.clamp_length_max(ASIDE_SHARE * demand.speed_m_s);
        let ahead = ahead.max((1.0 - ASIDE_SHARE) * demand.speed_m_s);
        Demand::from_velocity(demand.direction * ahead + aside, demand.altitude_m)
    }

    /// Steers with the flock (Reynolds 1987).
    fn flock(&self, group: &Group, task: u64, demand: Demand) -> Demand {
        let mate = |unit: UnitIx| Mate {
            position: self.place(unit),
            velocity: self.board.piece(unit).velocity.truncate(),
        };
        let others: Vec<Mate> = self
            .mates(group, task)
            .filter(|other| *other != self.unit)
            .map(mate)
            .collect();
        let push = Flocking::for_spacing(group.spacing_m).steer(&mate(self.unit), &others);
        let aside = (push * FLOCK_HORIZON_S).clamp_length_max(ASIDE_SHARE * demand.speed_m_s);
        let speed_max = self.vehicle.kinematics.speed_max_m_s();
        let wanted = (demand.velocity() + aside).clamp_length_max(speed_max);
        if matches!(
            self.vehicle.kinematics,
            Kinematics::Ground(_) | Kinematics::Foot(_)
        ) {
            return self.along_own_way(wanted, demand);
        }
        Demand::from_velocity(wanted, demand.altitude_m)
    }
}

#[cfg(test)]
#[path = "together_tests.rs"]
mod tests;
