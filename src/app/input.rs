//! What a person does during a run: recorded with its tick, so that the run can be repeated bit for
//! bit. See [`Input`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    command::DeskInput,
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        time::Clock,
    },
    org::OrderOfBattle,
};

/// What a person does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputKind {
    /// Sits down at the desk of this unit: its cases wait for an answer.
    Person(String),
    /// Leaves the desk of this unit to its simulated operators.
    Simulated(String),
    /// Allows the proposal of this number.
    Approve(u64),
    /// Refuses the proposal of this number.
    Refuse(u64),
}

/// One input with the tick that it enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Number of the tick.
    pub tick: u64,
    /// What is done.
    pub what: InputKind,
}

/// All inputs of a run, as a file of `run --inputs` holds them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputRecord {
    /// Inputs in the order of their ticks.
    pub inputs: Vec<Input>,
}

/// Why an input is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InputError {
    /// No desk stands there.
    #[error("no desk stands at `{name}`; desks stand at {known}")]
    NoDesk {
        /// What was named.
        name: String,
        /// Units with a desk.
        known: String,
    },
    /// Its tick is over.
    #[error("an input for tick {tick} comes too late: the run is at tick {now}")]
    Past {
        /// Tick of the input.
        tick: u64,
        /// Next tick of the run.
        now: u64,
    },
}

/// Inputs that wait for their tick, and those that entered. State.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub(super) struct InputQueue {
    waiting: Vec<Input>,
    entered: Vec<Input>,
}

impl InputQueue {
    /// Queues an input behind those of its tick.
    pub(super) fn post(&mut self, input: Input) {
        let at = self.waiting.partition_point(|it| it.tick <= input.tick);
        self.waiting.insert(at, input);
    }

    /// Everything so far: what entered, then what waits.
    pub(super) fn record(&self) -> InputRecord {
        let all = self.entered.iter().chain(&self.waiting);
        InputRecord {
            inputs: all.cloned().collect(),
        }
    }
}

/// The unit of a desk by its name.
fn desk(name: &str, order: &OrderOfBattle, index: &UnitIndex) -> Option<UnitIx> {
    let mut desks = order.desks.iter().map(|(unit, _)| *unit);
    desks.find(|unit| index.name(*unit) == name)
}

/// Fails where an input makes no sense in this run at its tick `now`.
pub(super) fn check(
    input: &Input,
    (order, index): (&OrderOfBattle, &UnitIndex),
    now: u64,
) -> Result<(), InputError> {
    if input.tick < now {
        let tick = input.tick;
        return Err(InputError::Past { tick, now });
    }
    match &input.what {
        InputKind::Person(name) | InputKind::Simulated(name)
            if desk(name, order, index).is_none() =>
        {
            let known: Vec<&str> = order.desks.iter().map(|it| index.name(it.0)).collect();
            Err(InputError::NoDesk {
                name: name.clone(),
                known: known.join(", "),
            })
        }
        _ => Ok(()),
    }
}

/// Lets the inputs of this tick in.
fn enter(
    (clock, order, index): (Res<'_, Clock>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    mut queue: ResMut<'_, InputQueue>,
    mut inputs: ResMut<'_, Buffer<DeskInput>>,
) {
    let due = queue.waiting.partition_point(|it| it.tick <= clock.tick);
    if due == 0 {
        return;
    }
    let entering: Vec<Input> = queue.waiting.drain(..due).collect();
    for input in &entering {
        let seat = |name: &str, is_person| {
            let desk = desk(name, &order, &index)?;
            Some(DeskInput::Seat { desk, is_person })
        };
        let answer = |proposal, is_yes| Some(DeskInput::Answer { proposal, is_yes });
        let message = match &input.what {
            InputKind::Person(name) => seat(name, true),
            InputKind::Simulated(name) => seat(name, false),
            InputKind::Approve(proposal) => answer(*proposal, true),
            InputKind::Refuse(proposal) => answer(*proposal, false),
        };
        if let Some(message) = message {
            inputs.write(message);
        }
    }
    queue.entered.extend(entering);
}

/// Lets human input in, in the phase `Inject`.
#[derive(Debug)]
pub struct InputPlugin;

impl Plugin for InputPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<InputQueue>()
            .add_buffer::<DeskInput>()
            .register_state_resource::<InputQueue>()
            .add_systems(SimTick, enter.in_set(Phase::Inject));
    }
}
