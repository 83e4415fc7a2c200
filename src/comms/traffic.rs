//! Messages of which only the load matters: staff work, voice, files. See [`Background`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        dist::exponential,
        ids::{UnitIndex, UnitIx},
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{CommunicateSystems, SimTick},
        time::{Clock, SimTime},
    },
    platform::truth::Board,
    wire::{Audience, Detail, MessageClass, Outbox, Payload, PayloadAppExt, Posted, Precedence},
};

/// The inside of a message of which only the load matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chatter;

impl Payload for Chatter {
    const CLASS: MessageClass = MessageClass::Staff;
    const KIND: u8 = 30;

    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// Rhythm of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rhythm {
    /// At equal intervals.
    Regular,
    /// At random, independently of each other (Poisson).
    Random,
}

/// A flow of messages from each of some units to any of some others.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Senders, sorted.
    pub from: Vec<UnitIx>,
    /// Readers, sorted; each message goes to one of them, drawn.
    pub to: Vec<UnitIx>,
    /// Size of a message, bytes.
    pub size_bytes: u32,
    /// Mean time between two messages of a sender, s.
    pub interval_s: f64,
    /// Rhythm.
    pub rhythm: Rhythm,
    /// When it begins and ends, s.
    pub span_s: (f64, f64),
    /// Precedence.
    pub precedence: Precedence,
    /// How long a message is worth something, s.
    pub valid_s: f64,
}

/// All flows. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Background(pub Vec<Flow>);

/// Next message of each flow and sender: when, and its number. State.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct BackgroundClock(Vec<Vec<(SimTime, u64)>>);

/// A draw of a flow's sender.
fn key(index: &UnitIndex, unit: UnitIx, flow: usize, n: u64) -> DrawKey {
    DrawKey::new(Stream::Traffic, index.id(unit).0, flow as u64, n)
}

/// Time between a message and the next, s.
fn pause_s(flow: &Flow, key: DrawKey, seed: u64) -> f64 {
    match flow.rhythm {
        Rhythm::Regular => flow.interval_s,
        Rhythm::Random => exponential(&mut key.draws(seed), flow.interval_s),
    }
}

/// Writes the messages that are due.
fn write(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (background, board): (Res<'_, Background>, Res<'_, Board>),
    mut times: ResMut<'_, BackgroundClock>,
    mut outbox: ResMut<'_, Outbox<Chatter>>,
) {
    if background.0.is_empty() {
        return;
    }
    if times.0.is_empty() {
        // Senders of a flow begin spread over one interval.
        let first = |(number, flow): (usize, &Flow)| {
            let begin = |unit: &UnitIx| {
                let share = key(&index, *unit, number, u64::MAX).uniform(seed.0);
                (SimTime::from_s(flow.span_s.0 + share * flow.interval_s), 0)
            };
            flow.from.iter().map(begin).collect()
        };
        times.0 = background.0.iter().enumerate().map(first).collect();
    }
    for (number, (flow, times)) in background.0.iter().zip(&mut times.0).enumerate() {
        for (unit, (due, n)) in flow.from.iter().zip(times) {
            while *due < clock.next() && due.as_s() < flow.span_s.1 {
                let key = key(&index, *unit, number, *n);
                let others = flow.to.iter().filter(|to| *to != unit);
                let count = others.clone().count();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a float-to-integer `as` saturates"
                )]
                let pick = (key.uniform(seed.0) * count as f64) as usize;
                let reader = others.clone().nth(pick.min(count.saturating_sub(1)));
                if let Some(to) = reader.filter(|_| board.piece(*unit).is_on_air) {
                    let posted = Posted {
                        author: (index.id(*unit), *unit),
                        audience: Audience::Unit(*to),
                        precedence: flow.precedence,
                        size_bytes: flow.size_bytes,
                        created: clock.now().max(*due),
                        valid_s: flow.valid_s,
                        is_latest: false,
                    };
                    outbox.post(posted, Chatter);
                }
                *due = due.plus_s(pause_s(flow, key, seed.0));
                *n += 1;
            }
        }
    }
}

/// Writes background traffic in the phase `Communicate`.
#[derive(Debug)]
pub struct TrafficPlugin;

impl Plugin for TrafficPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<Chatter>()
            .init_resource::<Background>()
            .init_resource::<BackgroundClock>()
            .register_state_resource_if_used::<BackgroundClock>()
            .add_systems(SimTick, write.in_set(CommunicateSystems::KeepUp));
    }
}
