//! The book of authorisations, and the check against it. See [`LedgerPlugin`].
//!
//! The book is kept by the desks and read by a checker that shares nothing with the weapons: every
//! tick it asserts that each shot had leave.

use std::collections::BTreeMap;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use crate::{
    engagement::{Authorisation, Shot},
    kernel::{
        ids::UnitIndex,
        messages::Buffer,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
    },
    planning::oracle::Oracle,
};

/// All leave ever given, and how many shots were fired under it.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Ledger {
    entries: BTreeMap<u64, (Authorisation, u32)>,
    oracle: bool,
}

impl Ledger {
    /// Enters leave that was given.
    pub(super) fn enter(&mut self, authorisation: Authorisation) {
        self.entries.insert(authorisation.id, (authorisation, 0));
    }

    /// Whether planners read the truth in this run, so that desks have no tracks to check against.
    pub(super) fn is_oracle(&self) -> bool {
        self.oracle
    }

    /// Leave by its number.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<&Authorisation> {
        self.entries
            .get(&id)
            .map(|(authorisation, _)| authorisation)
    }

    /// Why a shot had no leave; counts it if it had.
    fn check(&mut self, shot: &Shot) -> Result<(), &'static str> {
        let claimed = shot.order.authorisation();
        let Some((given, fired)) = self.entries.get_mut(&claimed.id) else {
            return Err("no desk ever gave leave");
        };
        *fired += 1;
        if given != claimed {
            return Err("the leave shown is not the leave given");
        }
        if *fired > given.shots {
            return Err("more shots than allowed");
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

/// Checks every shot of the tick against the book.
fn audit(
    (index, shots, oracle): (Res<'_, UnitIndex>, Res<'_, Buffer<Shot>>, Res<'_, Oracle>),
    (mut ledger, mut violations): (ResMut<'_, Ledger>, ResMut<'_, Violations>),
) {
    if ledger.oracle != oracle.0 {
        ledger.oracle = oracle.0;
    }
    for shot in shots.read() {
        if let Err(why) = ledger.check(shot) {
            let shooter = index.name(shot.order.authorisation().shooter);
            violations
                .0
                .push(format!("{shooter} fired at {} s: {why}", shot.fired.as_s()));
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
