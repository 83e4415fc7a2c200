//! The tick: [`SimTick`], its [`Phase`]s and who runs where.
//!
//! | Phase | Domain | What may change |
//! |---|---|---|
//! | `Inject` | app | scheduled injects, human input |
//! | `Environment` | environment; the oracle of planning | weather, light; what the oracle reveals |
//! | `Command` | command | desks, authorisations, fire orders |
//! | `Plan` | planning, see [`PlanSystems`] | proposals, tasks, plans |
//! | `Act` | platform, `cyber_ew` | which leg a unit follows; what its satellite receiver hears |
//! | `Move` | platform | position, velocity, energy, navigation solution |
//! | `Physics` | physics, see [`PhysicsSystems`] | contact with obstacles and vehicles |
//! | `Emit` | platform, `cyber_ew` | index of who is where; who jams |
//! | `Sense` | sensing | detections; which radars work |
//! | `Link` | comms | links are measured anew; which radios were on the air |
//! | `Communicate` | comms, see [`CommunicateSystems`] | messages on their way |
//! | `Fuse` | picture, then who reads mail, see [`FuseSystems`] | tracks, blue picture, inboxes |
//! | `Learn` | learning | what experience teaches |
//! | `Engage` | engagement, see [`EngageSystems`]; crews under fire (planning) | shots, damage, what a crew does about it |
//! | `Sustain` | logistics | stores, repair |
//! | `Account` | accounting | measures; reads all, writes nothing back |
//! | `Record` | record | rows of the record, hashes |
//! | `Advance` | kernel | empties the [buffers](super::messages), moves the clock |
//!
//! Systems within one phase that touch the same data must be ordered by a set declared here; the
//! schedule refuses to run otherwise.

use bevy::ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SingleThreadedExecutor};
use bevy::prelude::{
    App, IntoScheduleConfigs, Plugin, ResMut, Resource, Schedule, SystemSet, World,
};

use super::time::Clock;

/// One tick of the simulation, run in a loop by the headless runner and by the viewer alike.
#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash)]
pub struct SimTick;

/// The phases of a tick, chained in this order.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Scheduled injects and recorded human input enter.
    Inject,
    /// Weather and light.
    Environment,
    /// Desks and authorisations.
    Command,
    /// Planners read belief and propose.
    Plan,
    /// Units pick the leg that they follow.
    Act,
    /// Motion and energy.
    Move,
    /// Contact.
    Physics,
    /// Where everything is, and what it radiates.
    Emit,
    /// Detections.
    Sense,
    /// Links.
    Link,
    /// Messages.
    Communicate,
    /// Tracks and pictures.
    Fuse,
    /// Adaptation.
    Learn,
    /// Weapons.
    Engage,
    /// Stores and repair.
    Sustain,
    /// Measures.
    Account,
    /// Record and hashes.
    Record,
    /// The end of the tick.
    Advance,
}

impl Phase {
    /// All phases in the order of the tick.
    pub const ALL: [Self; 18] = [
        Self::Inject,
        Self::Environment,
        Self::Command,
        Self::Plan,
        Self::Act,
        Self::Move,
        Self::Physics,
        Self::Emit,
        Self::Sense,
        Self::Link,
        Self::Communicate,
        Self::Fuse,
        Self::Learn,
        Self::Engage,
        Self::Sustain,
        Self::Account,
        Self::Record,
        Self::Advance,
    ];
}

/// Sub-phases of [`Phase::Plan`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlanSystems {
    /// What planners want to look at is asked for.
    View,
    /// Planners decide.
    Decide,
    /// Ways that units set out on are led around what bars them.
    Route,
}

/// Sub-phases of [`Phase::Physics`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhysicsSystems {
    /// Bodies are written to their buffer, in unit order.
    Gather,
    /// Contacts are found.
    Contact,
    /// Who was pushed moves.
    React,
}

/// Sub-phases of [`Phase::Communicate`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommunicateSystems {
    /// Nodes say hello and tell each other of the topology.
    KeepUp,
    /// Outboxes are emptied, audiences resolved.
    Collect,
    /// Messages move hop by hop.
    Transmit,
    /// Arrived bodies are handed out.
    Deliver,
}

/// Sub-phases of [`Phase::Fuse`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FuseSystems {
    /// Every domain takes its own mail.
    Receive,
    /// Tracks are predicted, updated, aged.
    Update,
    /// Reports are written.
    Report,
}

/// Sub-phases of [`Phase::Engage`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngageSystems {
    /// Orders become shots.
    Fire,
    /// Guided munitions fly.
    Fly,
    /// Crews fire at them.
    Defend,
    /// Shots arrive.
    Impact,
    /// Damage is applied.
    Damage,
    /// Who is under fire says so.
    Report,
}

/// Called at the start of every phase: how `app` learns what each phase costs without the kernel
/// knowing a clock.
#[derive(Resource, Default)]
pub struct PhaseHook(pub Option<Box<dyn FnMut(Phase) + Send + Sync>>);

/// Number of ambiguities is an error; deferred buffers apply between ordered systems only.
pub const BUILD_SETTINGS: ScheduleBuildSettings = ScheduleBuildSettings {
    ambiguity_detection: LogLevel::Error,
    ..ScheduleBuildSettings::new()
};

/// Makes the [`SimTick`] schedule with its phases and the clock.
#[derive(Debug)]
pub struct SchedulePlugin {
    /// Length of a tick, ms.
    pub dt_ms: u32,
}

impl Plugin for SchedulePlugin {
    fn build(&self, app: &mut App) {
        let mut schedule = Schedule::new(SimTick);
        schedule
            .set_executor(SingleThreadedExecutor::new())
            .set_build_settings(BUILD_SETTINGS);
        app.add_schedule(schedule)
            .insert_resource(Clock::new(self.dt_ms))
            .init_resource::<PhaseHook>();
        chain_phases(app);
        let mut before: Option<Phase> = None;
        for phase in Phase::ALL {
            let mark = move |mut hook: ResMut<'_, PhaseHook>| {
                if let Some(call) = &mut hook.0 {
                    call(phase);
                }
            };
            let configs = mark.in_set(Mark(phase)).before(phase);
            match before {
                Some(earlier) => app.add_systems(SimTick, configs.after(earlier)),
                None => app.add_systems(SimTick, configs),
            };
            before = Some(phase);
        }
        app.add_systems(SimTick, advance.in_set(Phase::Advance));
    }
}

/// The set of the system that calls the hook before a phase.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Mark(Phase);

/// Chains the phases, and their sub-phases within them.
fn chain_phases(app: &mut App) {
    use CommunicateSystems as C;
    use EngageSystems as E;
    use FuseSystems as F;
    use PhysicsSystems as P;
    use PlanSystems as L;
    for pair in Phase::ALL.windows(2) {
        app.configure_sets(SimTick, pair[0].before(pair[1]));
    }
    app.configure_sets(
        SimTick,
        (
            (L::View, L::Decide, L::Route).chain().in_set(Phase::Plan),
            (P::Gather, P::Contact, P::React)
                .chain()
                .in_set(Phase::Physics),
            (C::KeepUp, C::Collect, C::Transmit, C::Deliver)
                .chain()
                .in_set(Phase::Communicate),
            (F::Receive, F::Update, F::Report)
                .chain()
                .in_set(Phase::Fuse),
            (E::Fire, E::Fly, E::Defend, E::Impact, E::Damage, E::Report)
                .chain()
                .in_set(Phase::Engage),
        ),
    );
}

/// Moves the clock to the next tick.
fn advance(mut clock: ResMut<'_, Clock>) {
    clock.tick += 1;
}

/// Runs one tick.
pub fn run_tick(world: &mut World) {
    world.run_schedule(SimTick);
    world.clear_trackers();
}
