//! The book of authorisations, and the check against it. See [`LedgerPlugin`].
//!
//! The book is kept by the desks and read by a checker that shares nothing with the weapons: every
//! tick it asserts that each shot had leave, that the shooter had heard its desk in time, and that
//! nothing steered arrived under leave that was void.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use crate::{
    engagement::{
        Adjudication, Authorisation, DefenceOrder, DefenceShot, FireOrder, Outcome, Renewal, Shot,
    },
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::{Clock, SimTime},
    },
    platform::{class::Fire, vehicle::Fleet},
    wire::Delivered,
};

/// One line of the book.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Entry {
    given: Authorisation,
    fired: u32,
    /// The munition in flight for which it was given; none for any other target.
    munition: Option<u64>,
    /// When the shooter last had word of the desk, by the network's account.
    heard: Option<SimTime>,
}

/// All leave ever given, how many shots were fired under it, and when its shooter last heard of it.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Ledger {
    entries: BTreeMap<u64, Entry>,
}

impl Ledger {
    /// Enters leave that was given.
    pub(super) fn enter(&mut self, authorisation: Authorisation) {
        let entry = Entry {
            given: authorisation,
            fired: 0,
            munition: None,
            heard: None,
        };
        self.entries.insert(authorisation.id, entry);
    }

    /// Enters leave for a munition in flight, given by a person beside the weapon.
    pub(super) fn enter_defence(&mut self, order: &DefenceOrder) {
        let given = *order.authorisation();
        let entry = Entry {
            given,
            fired: 0,
            munition: Some(order.munition()),
            heard: Some(given.given),
        };
        let before = self.entries.insert(given.id, entry);
        debug_assert!(before.is_none(), "leave has a number of its own");
    }

    /// Why a defensive shot had no leave; counts it if it had.
    fn check_defence(&mut self, shot: &DefenceShot) -> Result<(), &'static str> {
        let claimed = shot.order.authorisation();
        let Some(entry) = self.entries.get_mut(&claimed.id) else {
            return Err("no crew ever gave leave");
        };
        entry.fired += 1;
        let given = entry.given;
        if given != *claimed || entry.munition != Some(shot.order.munition()) {
            return Err("the leave shown is not the leave given");
        }
        if entry.fired > given.shots {
            return Err("more shots than allowed");
        }
        if !(given.given..=given.until).contains(&shot.fired) {
            return Err("outside the time allowed");
        }
        let centre = given.centre + given.drift * shot.fired.since_s(given.given);
        if centre.distance(shot.place) > given.radius_m {
            return Err("outside the area allowed");
        }
        Ok(())
    }

    /// Leave by its number.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<&Authorisation> {
        self.entries.get(&id).map(|entry| &entry.given)
    }

    /// Notes that a shooter had word of its leave.
    fn hear(&mut self, id: u64, to: UnitIx, at: SimTime) {
        if let Some(entry) = self
            .entries
            .get_mut(&id)
            .filter(|it| it.given.shooter == to)
        {
            entry.heard = entry.heard.max(Some(at));
        }
    }

    /// Whether the shooter has not had word of its leave for too long.
    fn is_unheard(entry: &Entry, now: SimTime) -> bool {
        entry
            .heard
            .is_none_or(|at| now.since_s(at) > entry.given.lost_link_s)
    }

    /// Why a steered shot should not have arrived.
    fn check_arrival(&self, line: &Adjudication, now: SimTime) -> Result<(), &'static str> {
        let Some(entry) = self.entries.get(&line.authorisation()) else {
            return Ok(());
        };
        if Self::is_unheard(entry, now) {
            return Err("arrived after its link was lost");
        }
        let given = entry.given;
        let centre = given.centre + given.drift * line.at.since_s(given.given);
        let is_inside = centre.distance(line.shot.aim) <= given.radius_m;
        if !is_inside || line.at > given.until {
            return Err("arrived where or when it was not allowed");
        }
        Ok(())
    }

    /// Why a shot had no leave; counts it if it had.
    fn check(&mut self, shot: &Shot) -> Result<(), &'static str> {
        let claimed = shot.order.authorisation();
        let Some(entry) = self.entries.get_mut(&claimed.id) else {
            return Err("no desk ever gave leave");
        };
        entry.fired += 1;
        let given = entry.given;
        if given != *claimed {
            return Err("the leave shown is not the leave given");
        }
        if entry.fired > given.shots {
            return Err("more shots than allowed");
        }
        if Self::is_unheard(entry, shot.fired) {
            return Err("the link to the desk was lost");
        }
        if !(given.given..=given.until).contains(&shot.fired) {
            return Err("outside the time allowed");
        }
        let centre = given.centre + given.drift * shot.fired.since_s(given.given);
        let flight_m = given.drift.length() * shot.impact.since_s(shot.fired);
        if centre.distance(shot.aim) > given.radius_m + flight_m {
            return Err("outside the area allowed");
        }
        Ok(())
    }
}

/// Invariants that were broken: a run that has any is worth nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct Violations(pub Vec<String>);

/// Checks every shot and every steered arrival of the tick against the book.
fn audit(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (orders, renewals): (Res<'_, Delivered<FireOrder>>, Res<'_, Delivered<Renewal>>),
    (shots, arrivals, defences): (
        Res<'_, Buffer<Shot>>,
        Res<'_, Buffer<Adjudication>>,
        Res<'_, Buffer<DefenceShot>>,
    ),
    (mut ledger, mut violations): (ResMut<'_, Ledger>, ResMut<'_, Violations>),
) {
    for delivery in orders.read() {
        ledger.hear(delivery.body.authorisation().id, delivery.to, delivery.at);
    }
    for delivery in renewals.read() {
        ledger.hear(delivery.body.authorisation, delivery.to, delivery.at);
    }
    let mut accuse = |shooter: UnitIx, did: &str, at: SimTime, why: &str| {
        let name = index.name(shooter);
        violations
            .0
            .push(format!("{name} {did} at {} s: {why}", at.as_s()));
    };
    for shot in shots.read() {
        if let Err(why) = ledger.check(shot) {
            accuse(shot.order.authorisation().shooter, "fired", shot.fired, why);
        }
    }
    for shot in defences.read() {
        if let Err(why) = ledger.check_defence(shot) {
            let unit = shot.order.authorisation().shooter;
            accuse(unit, "fired at a munition", shot.fired, why);
        }
    }
    let did_arrive = |line: &Adjudication| {
        matches!(
            line.outcome,
            Outcome::NobodyThere | Outcome::Miss | Outcome::Hit(_)
        )
    };
    let is_steered = |line: &&Adjudication| {
        fleet.effector(line.effector()).fire == Fire::Guided && did_arrive(line)
    };
    for line in arrivals.read().iter().filter(is_steered) {
        if let Err(why) = ledger.check_arrival(line, clock.now()) {
            accuse(line.shooter(), "hit or missed", line.at, why);
        }
    }
}

/// Audits in the phase `Account`.
#[derive(Debug)]
pub struct LedgerPlugin;

impl Plugin for LedgerPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Ledger>()
            .init_resource::<Violations>()
            .register_state_resource::<Ledger>()
            .register_state_resource::<Violations>()
            .add_systems(SimTick, audit.in_set(Phase::Account));
    }
}
