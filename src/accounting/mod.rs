//! F11: what a run amounts to: measures, kill chains, losses and cost, read from the world.
//!
//! This room reads every other one below it and writes nothing back. While a run goes on,
//! [`AccountingPlugin`] keeps [`Accounts`] and an [`EventLog`]; [`summarise`] makes the result of
//! them.
//!
//! | File | What |
//! |---|---|
//! | [`stats`] | plain statistics |
//! | [`target`], [`span`] | what one side made of one target; times over all targets |
//! | [`kill_chain`] | the sensor-to-shooter account of one side, made of target timelines |
//! | [`summary`] | the form that a result has on the command line and in its folder |
//! | [`event`], [`log`] | one line of the event log; the log and its vocabulary |
//! | [`adjudication`], [`recompute`], `decisions`, `defences` | the adjudication log; deciding it again; writing it |
//! | `chain`, `accounts` | what is counted of one target; of everything |
//! | `follow`, `consequences`, `sample` | systems that count: on the way to a shot, after it, now and then |
//! | [`desks`] | what desks were asked, and how long it took |
//! | [`auctions`] | what auctions over the mesh cost and came to |
//! | [`operations`] | missions, decisions, staffs and the cycle of command |
//! | [`network`] | traffic, age of information, shape and use of the network |
//! | `outcome`, `side`, [`measure`], `result` | what became of a target; of a side; measures; the whole |

mod accounts;
pub mod adjudication;
mod adjudication_caught;
mod adjudication_flight;
pub mod auctions;
mod chain;
mod consequences;
mod decisions;
mod defences;
pub mod desks;
pub mod event;
mod follow;
pub mod kill_chain;
pub mod log;
pub mod measure;
pub mod network;
pub mod operations;
mod outcome;
pub mod recompute;
mod recompute_flight;
mod result;
mod sample;
mod side;
pub mod span;
pub mod stats;
pub mod summary;
pub mod target;

#[cfg(test)]
mod tests;

use bevy::prelude::{App, IntoScheduleConfigs, Plugin};

use crate::{
    command::{
        CrewRuled, DecisionPoints, Ruled,
        staff::{StaffNews, Staffs},
    },
    comms::{Carried, Links, Networks, Outages, stations::Stations},
    engagement::{Adjudication, DefenceShot, Guidance, Interception, Recall, Shot},
    kernel::{
        messages::BufferAppExt,
        schedule::{Phase, SimTick},
    },
    logistics::Replenished,
    picture::TrackBatch,
    planning::{
        aftermath::Assessed, missions::Missions, progress::MissionNews, proposal::Proposal,
        proposal::Proposed, tasks::TaskOrder,
    },
    platform::{course::PlanDone, truth::Board},
    sensing::{Caught, Detection, Inbound, Opportunity, Sighting},
    wire::Delivered,
};

pub use accounts::Accounts;
pub use decisions::{AdjudicationLog, take_adjudications};
pub use log::{EventKind, EventLog};
pub use measure::{MeasureKind, MeasureSpec, MeasureSpecs};
pub use result::{summarise, take_events};

/// Keeps the accounts of a run in the phase `Account`.
#[derive(Debug)]
pub struct AccountingPlugin;

impl Plugin for AccountingPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Accounts>()
            .init_resource::<EventLog>()
            .init_resource::<AdjudicationLog>()
            .init_resource::<network::NetworkAccount>()
            .init_resource::<operations::Operations>()
            .init_resource::<desks::DeskAccounts>()
            .init_resource::<Delivered<Proposal>>()
            .init_resource::<Delivered<Recall>>()
            .init_resource::<DecisionPoints>()
            .init_resource::<Staffs>()
            .init_resource::<Delivered<TaskOrder>>()
            .add_buffer::<MissionNews>()
            .add_buffer::<StaffNews>()
            .init_resource::<Networks>()
            .init_resource::<Links>()
            .init_resource::<Outages>()
            .init_resource::<Stations>()
            .init_resource::<MeasureSpecs>()
            .init_resource::<Missions>()
            .init_resource::<Board>()
            .init_resource::<Delivered<TrackBatch>>()
            .add_buffer::<Opportunity>()
            .add_buffer::<Detection>()
            .add_buffer::<Sighting>()
            .add_buffer::<Caught>()
            .add_buffer::<Proposed>()
            .add_buffer::<Ruled>()
            .add_buffer::<Shot>()
            .add_buffer::<Assessed>()
            .add_buffer::<Adjudication>()
            .add_buffer::<Guidance>()
            .add_buffer::<Inbound>()
            .add_buffer::<CrewRuled>()
            .add_buffer::<DefenceShot>()
            .add_buffer::<Interception>()
            .add_buffer::<Replenished>()
            .add_buffer::<PlanDone>()
            .add_buffer::<Carried>()
            .add_systems(
                SimTick,
                (
                    accounts::open,
                    follow::sensing,
                    decisions::looks,
                    follow::deciding,
                    consequences::effects,
                    defences::defences,
                    decisions::decisions,
                    consequences::upkeep,
                    operations::follow,
                    desks::follow,
                    network::messages,
                    network::shapes,
                    network::loads,
                    sample::pictures,
                    sample::areas,
                    sample::pinned,
                )
                    .chain()
                    .in_set(Phase::Account),
            );
    }
}
