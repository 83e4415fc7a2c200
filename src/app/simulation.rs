//! One world from its scenario to its result. See [`Simulation`].

use std::sync::Arc;

use bevy::prelude::{App, World};
use thiserror::Error;
use xxhash_rust::xxh3::Xxh3;

use super::{
    input::{self, Input, InputError, InputKind, InputQueue, InputRecord},
    plugins::SimPlugins,
    schedule::schedule_injects,
};
use crate::{
    accounting::{
        self,
        adjudication::Line,
        event::EventRow,
        summary::{DeadZone, RunReport},
    },
    command::{DeskState, Violations, WaitingCase},
    kernel::{
        ids::UnitIndex,
        registry::{self, KindHash, RestoreError, Snapshot},
        schedule::{Phase, PhaseHook, run_tick},
        time::{Clock, SimTime},
    },
    org::{OrderOfBattle, Planner},
    planning::{
        external::{Exchange, Programs},
        routes::RouteBook,
        tally::Tally,
    },
    platform::{
        class::Catalogue,
        truth::{Board, renew_board},
    },
    scenario::{
        load::LoadedScenario,
        schema::Side,
        spawn::{SpawnError, obstacles, spawn},
    },
};

/// Ticks between two hashes of the whole state; in between only motion is hashed.
const FULL_HASH_TICKS: u64 = 6000;

/// How to run a scenario.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunOptions {
    /// Seed.
    pub seed: u64,
    /// Where to stop, s, if before the scenario's end.
    pub until_s: Option<f64>,
}

/// Why a scenario cannot be run.
#[derive(Debug, Error)]
pub enum BuildError {
    /// Spawning failed.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// A side's planner is a program, and there is none.
    #[error(
        "the planner of side {side} is a program beside the simulator, and none is given: name it with \
         --planner {side}=exec:CMD, or what it said in another run with --planner-replies FILE, or \
         choose another planner"
    )]
    NoProgram {
        /// The side.
        side: String,
    },
}

/// An invariant was broken: the run is worth nothing.
#[derive(Debug, Error)]
#[error("invariant broken: {0}")]
pub struct InvariantBroken(pub String);

/// What a run yields.
#[derive(Debug)]
pub struct RunOutput {
    /// Measures, kill chains, losses; without the figures that a clock is needed for.
    pub report: RunReport,
    /// The event log.
    pub events: Vec<EventRow>,
    /// The adjudication log.
    pub adjudications: Vec<Line>,
    /// The hash after every tick.
    pub hashes: Vec<u64>,
}

/// One world and how far it is.
pub struct Simulation {
    world: World,
    ticks_total: u64,
    /// Recorded inputs that are still to come, by tick. Not state: who restores a snapshot says
    /// again what is to come.
    script: Vec<Input>,
    hashes: Vec<u64>,
    chain: u64,
    name: String,
    seed: u64,
    dt_ms: u32,
}

impl core::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Simulation({} at tick {})", self.name, self.ticks_done())
    }
}

impl Simulation {
    /// Builds the world of a scenario.
    ///
    /// # Errors
    /// Where validation let something pass that it should not have.
    pub fn new(
        loaded: &LoadedScenario,
        catalogue: &Arc<Catalogue>,
        options: &RunOptions,
    ) -> Result<Self, BuildError> {
        Self::with_programs(loaded, catalogue, options, Programs::default())
    }

    /// Builds the world of a scenario, with the programs that plan for sides.
    ///
    /// # Errors
    /// As [`Self::new`], and where a side that needs a program has none.
    pub fn with_programs(
        loaded: &LoadedScenario,
        catalogue: &Arc<Catalogue>,
        options: &RunOptions,
        programs: Programs,
    ) -> Result<Self, BuildError> {
        let mut sides = loaded.read.scenario.sides.iter();
        let lacks = |side: &Side| side.planner == Planner::External && !programs.has(&side.id);
        if let Some(side) = sides.find(|side| lacks(side)).map(|side| side.id.clone()) {
            return Err(BuildError::NoProgram { side });
        }
        let mut simulation = Self::standing(loaded, catalogue, options)?;
        simulation.world.insert_resource(programs);
        Ok(simulation)
    }

    /// Builds the world of a scenario to look at, whatever plans for its sides.
    ///
    /// # Errors
    /// Where validation let something pass that it should not have.
    pub(super) fn standing(
        loaded: &LoadedScenario,
        catalogue: &Arc<Catalogue>,
        options: &RunOptions,
    ) -> Result<Self, BuildError> {
        let scenario = &loaded.read.scenario;
        let mut app = App::empty();
        app.add_plugins(SimPlugins {
            dt_ms: scenario.dt_ms,
            obstacles: obstacles(loaded),
        });
        app.finish();
        app.cleanup();
        let mut world = core::mem::take(app.world_mut());
        spawn(&mut world, loaded, catalogue, options.seed)?;
        world.insert_resource(RouteBook::new(loaded.lattices.clone()));
        renew_board(&mut world);
        let injects = schedule_injects(scenario)?;
        world.insert_resource(injects);
        let until_s = options
            .until_s
            .unwrap_or(f64::INFINITY)
            .min(scenario.duration_s);
        let dt_us = u64::from(scenario.dt_ms) * 1000;
        Ok(Self {
            world,
            ticks_total: SimTime::from_s(until_s).0.div_ceil(dt_us),
            script: Vec::new(),
            hashes: Vec::new(),
            chain: 0,
            name: scenario.name.clone(),
            seed: options.seed,
            dt_ms: scenario.dt_ms,
        })
    }

    /// Calls `hook` at the start of every phase.
    pub fn set_phase_hook(&mut self, hook: Box<dyn FnMut(Phase) + Send + Sync>) {
        self.world.insert_resource(PhaseHook(Some(hook)));
    }

    /// Ticks run so far.
    #[must_use]
    pub fn ticks_done(&self) -> u64 {
        self.world.resource::<Clock>().tick
    }

    /// Ticks that the run will have.
    #[must_use]
    pub fn ticks_total(&self) -> u64 {
        self.ticks_total
    }

    /// Simulated time, s.
    #[must_use]
    pub fn now_s(&self) -> f64 {
        self.world.resource::<Clock>().now().as_s()
    }

    /// Whether the run is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ticks_done() >= self.ticks_total
    }

    /// Number of units.
    #[must_use]
    pub fn entities(&self) -> usize {
        self.world.resource::<UnitIndex>().len()
    }

    /// The world, for those who only look.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Proposals that wait for a person, desk by desk in the order of arrival.
    #[must_use]
    pub fn waiting_cases(&self) -> Vec<WaitingCase> {
        let index = self.world.resource::<UnitIndex>();
        let desks = &self.world.resource::<OrderOfBattle>().desks;
        let cases = desks.iter().filter_map(|(desk, _)| {
            let state = self.world.get::<DeskState>(index.entity(*desk))?;
            Some(state.waiting_cases(*desk))
        });
        cases.flatten().collect()
    }

    /// Lets a person do something; it enters with the next tick.
    ///
    /// # Errors
    /// Where a desk is named that is none.
    pub fn submit(&mut self, what: InputKind) -> Result<(), InputError> {
        let tick = self.ticks_done();
        let input = Input { tick, what };
        self.check_input(&input)?;
        self.world.resource_mut::<InputQueue>().post(input);
        Ok(())
    }

    /// Lets recorded inputs enter, each with its tick.
    ///
    /// # Errors
    /// Where a tick is over, or a desk is named that is none; then none of them will enter.
    pub fn replay(&mut self, record: &InputRecord) -> Result<(), InputError> {
        let mut inputs = record.inputs.iter();
        inputs.try_for_each(|input| self.check_input(input))?;
        self.script.extend(record.inputs.iter().cloned());
        self.script.sort_by_key(|input| input.tick);
        Ok(())
    }

    /// Everything that programs beside the simulator were asked and said so far.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        self.world.resource::<Programs>().record()
    }

    /// What the rounds of planning so far were worth.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        self.world.resource::<Tally>()
    }

    /// Everything that a person did so far, for [`Simulation::replay`].
    #[must_use]
    pub fn inputs(&self) -> InputRecord {
        let mut record = self.world.resource::<InputQueue>().record();
        record.inputs.extend(self.script.iter().cloned());
        record
    }

    /// Fails where an input makes no sense in this run.
    fn check_input(&self, input: &Input) -> Result<(), InputError> {
        let organisation = self.world.resource::<OrderOfBattle>();
        let index = self.world.resource::<UnitIndex>();
        input::check(input, (organisation, index), self.ticks_done())
    }

    /// Moves the recorded inputs of the coming tick to where a person's own would be.
    fn follow_script(&mut self) {
        let now = self.ticks_done();
        let due = self.script.partition_point(|input| input.tick <= now);
        if due > 0 {
            let mut queue = self.world.resource_mut::<InputQueue>();
            for input in self.script.drain(..due) {
                queue.post(input);
            }
        }
    }

    /// Runs one tick.
    ///
    /// # Errors
    /// Where an invariant is broken.
    pub fn step(&mut self) -> Result<(), InvariantBroken> {
        self.follow_script();
        run_tick(&mut self.world);
        self.hash_tick();
        match self.world.resource::<Violations>().0.first() {
            Some(violation) => Err(InvariantBroken(violation.clone())),
            None => Ok(()),
        }
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// Where an invariant is broken.
    pub fn run(&mut self) -> Result<(), InvariantBroken> {
        while !self.is_over() {
            self.step()?;
        }
        Ok(())
    }

    /// Adds this tick to the chain of hashes: motion every tick, everything now and then.
    fn hash_tick(&mut self) {
        let mut hasher = Xxh3::with_seed(self.chain);
        for (_, piece) in self.world.resource::<Board>().iter() {
            for number in [piece.position.x, piece.position.y, piece.position.z] {
                hasher.update(&number.to_bits().to_le_bytes());
            }
            hasher.update(&[u8::from(piece.is_alive)]);
        }
        if self.ticks_done().is_multiple_of(FULL_HASH_TICKS) {
            hasher.update(&registry::state_hash(&self.world).to_le_bytes());
        }
        self.chain = hasher.digest();
        self.hashes.push(self.chain);
    }

    /// Hash of the run so far: of every tick's motion and of the whole state now.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        let mut hasher = Xxh3::with_seed(self.chain);
        hasher.update(&registry::state_hash(&self.world).to_le_bytes());
        hasher.digest()
    }

    /// Hash of each kind of state now: where two runs differ, the first that differs names the
    /// culprit.
    #[must_use]
    pub fn kind_hashes(&self) -> Vec<KindHash> {
        registry::kind_hashes(&self.world)
    }

    /// Saves the state between two ticks.
    #[must_use]
    pub fn snapshot(&self) -> (Snapshot, u64) {
        (registry::snapshot(&self.world), self.chain)
    }

    /// Goes on from a saved state of the same scenario.
    ///
    /// # Errors
    /// Where the snapshot is of another version or scenario, or damaged.
    pub fn restore(&mut self, (snapshot, chain): &(Snapshot, u64)) -> Result<(), RestoreError> {
        registry::restore(&mut self.world, snapshot)?;
        self.chain = *chain;
        Ok(())
    }

    /// Where radios have no way to their side's command post now: a map per side, for the folder of
    /// a run.
    #[must_use]
    pub fn dead_zones(&self) -> Vec<DeadZone> {
        accounting::network::dead_zone::dead_zones(&self.world)
    }

    /// What the run amounts to.
    #[must_use]
    pub fn finish(mut self) -> RunOutput {
        let state_hash = self.state_hash();
        let mut report = accounting::summarise(&self.world);
        let summary = &mut report.summary;
        summary.scenario.name.clone_from(&self.name);
        summary.seed = self.seed;
        summary.dt_ms = u64::from(self.dt_ms);
        summary.ticks = self.ticks_done();
        summary.sim_s = self.now_s();
        summary.entities = self.entities() as u64;
        summary.entity_steps = summary.entities * summary.ticks;
        summary.state_hash = format!("{state_hash:016x}");
        let events = accounting::take_events(&mut self.world);
        let adjudications = accounting::take_adjudications(&mut self.world);
        RunOutput {
            report,
            events,
            adjudications,
            hashes: self.hashes,
        }
    }
}
