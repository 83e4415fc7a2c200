//! Desks in figures: what came in, what became of it, how long it waited and how busy the operators
//! were. See [`DeskRow`].

use std::collections::BTreeMap;

use bevy::prelude::{Query, Res, ResMut, Resource, World};
use serde::{Deserialize, Serialize};

use super::stats::{mean, quantile};
use crate::{
    command::{Authoriser, DeskState, Ruled},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::Buffer,
        time::SimTime,
    },
    org::OrderOfBattle,
    planning::proposal::{Proposal, Ruling},
    wire::Delivered,
};

/// One desk in the result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeskRow {
    /// The side.
    pub side: String,
    /// The command post at which it stands.
    pub at: String,
    /// People who decide at the same time.
    pub operators: u32,
    /// Proposals that arrived.
    pub arrivals: u64,
    /// Proposals that somebody decided.
    pub served: u64,
    /// Those of them that were refused.
    pub refused: u64,
    /// Proposals that waited too long.
    pub lapsed: u64,
    /// Mean time that decided proposals waited before somebody took them, in seconds. A person is taken
    /// to need no time.
    pub wait_mean_s: Option<f64>,
    /// 90th percentile of that, in seconds.
    pub wait_p90_s: Option<f64>,
    /// Mean time that a simulated operator took, in seconds.
    pub service_mean_s: Option<f64>,
    /// Operator load: share of the operators' time that they decided, 0 to 1.
    pub utilisation: Option<f64>,
    /// Most proposals that waited while every operator was busy.
    pub queue_max: u64,
}

/// What happened at one desk.
#[derive(Debug, Clone, Default, PartialEq)]
struct DeskAccount {
    arrivals: u64,
    refused: u64,
    lapsed: u64,
    waits_s: Vec<f64>,
    services_s: Vec<f64>,
    queue_max: usize,
}

/// What happened at desks. It influences nothing, so it is no state.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub struct DeskAccounts(BTreeMap<UnitIx, DeskAccount>);

/// Follows what arrives at desks and what they rule.
pub(super) fn follow(
    (order, index): (Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    (proposals, ruled): (Res<'_, Delivered<Proposal>>, Res<'_, Buffer<Ruled>>),
    states: Query<'_, '_, &DeskState>,
    mut accounts: ResMut<'_, DeskAccounts>,
) {
    for delivery in proposals.read() {
        accounts.0.entry(delivery.to).or_default().arrivals += 1;
    }
    for ruling in ruled.read() {
        let account = accounts.0.entry(ruling.desk).or_default();
        account.refused += u64::from(ruling.ruling == Ruling::Refused);
        match ruling.by {
            Authoriser::Nobody => account.lapsed += 1,
            Authoriser::Person => account.waits_s.push(ruling.waited_s),
            Authoriser::Operator(judged) => {
                account.services_s.push(judged.takes_s);
                let waited_s = ruling.waited_s - judged.takes_s;
                account.waits_s.push(waited_s.max(0.0));
            }
        }
    }
    for (desk, rules) in &order.desks {
        let Ok(state) = states.get(index.entity(*desk)) else {
            continue;
        };
        let queue = state.queue(rules.operators as usize);
        if queue > 0 {
            let account = accounts.0.entry(*desk).or_default();
            account.queue_max = account.queue_max.max(queue);
        }
    }
}

impl DeskAccount {
    /// Share of the time that so many operators were busy.
    fn utilisation(&self, operators: u32, end_s: f64) -> Option<f64> {
        let all_s = f64::from(operators) * end_s;
        let busy_s: f64 = self.services_s.iter().sum();
        (all_s > 0.0).then(|| (busy_s / all_s).min(1.0))
    }
}

/// All desks in the order of the scenario.
pub(super) fn rows(world: &World, end: SimTime) -> Vec<DeskRow> {
    let (order, index) = (
        world.resource::<OrderOfBattle>(),
        world.resource::<UnitIndex>(),
    );
    let accounts = world.resource::<DeskAccounts>();
    let none = DeskAccount::default();
    let end_s = end.as_s();
    let desks = order.desks.iter().map(|(desk, rules)| {
        let account = accounts.0.get(desk).unwrap_or(&none);
        DeskRow {
            side: order.sides[order.unit(*desk).side.at()].id.clone(),
            at: index.name(*desk).to_owned(),
            operators: rules.operators,
            arrivals: account.arrivals,
            served: account.waits_s.len() as u64,
            refused: account.refused,
            lapsed: account.lapsed,
            wait_mean_s: mean(&account.waits_s),
            wait_p90_s: quantile(&account.waits_s, 0.9),
            service_mean_s: mean(&account.services_s),
            utilisation: account.utilisation(rules.operators, end_s),
            queue_max: account.queue_max as u64,
        }
    });
    desks.collect()
}

#[cfg(test)]
#[path = "desks_tests.rs"]
mod tests;
