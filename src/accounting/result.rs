//! From the accounts of a run to its result. See [`summarise`].

use std::collections::BTreeMap;

use bevy::prelude::World;

use super::{
    accounts::Accounts,
    auctions::auctions,
    desks,
    event::EventRow,
    kill_chain::records,
    log::EventLog,
    measure::{self, MeasureKind, MeasureSpecs},
    network,
    operations::result::operations,
    side::{Books, SideResult},
    summary::{
        NetworkSummary, RunReport, RunSummary, ScenarioIdentity, SideCurve, SideKillChain,
        SideTargets,
    },
};
use crate::{
    kernel::{
        ids::UnitIndex,
        random::RunSeed,
        time::{Clock, SimTime},
    },
    org::{OrderOfBattle, SideIx},
    planning::external::Dialogues,
    platform::vehicle::Fleet,
};

/// Units lost so far, over time.
fn loss_curve(side: String, losses: &[SimTime], end: SimTime) -> SideCurve {
    let mut times: Vec<SimTime> = losses.to_vec();
    times.sort_unstable();
    let mut points = vec![[0.0, 0.0]];
    points.extend(
        (1_u32..)
            .zip(times)
            .map(|(count, at)| [at.as_s(), f64::from(count)]),
    );
    let last = points.last().map_or(0.0, |point| point[1]);
    points.push([end.as_s(), last]);
    SideCurve { side, points }
}

/// The horizon of a side's kill chain, s: that of its measure, else the length of the run.
fn horizon_s(side: SideIx, specs: &MeasureSpecs, end: SimTime) -> f64 {
    let asked = specs
        .0
        .iter()
        .filter(|spec| spec.side == side)
        .find_map(|spec| match spec.kind {
            MeasureKind::SensorToShooterRestrictedMean { horizon_s } => Some(horizon_s),
            _ => None,
        });
    asked.unwrap_or_else(|| end.as_s())
}

/// What the run so far amounts to. What only the caller knows is left empty: version, scenario,
/// times on a clock, the state's hash and the folder.
#[must_use]
pub fn summarise(world: &World) -> RunReport {
    let accounts = world.resource::<Accounts>();
    let specs = world.resource::<MeasureSpecs>();
    let clock = world.resource::<Clock>();
    let books = Books {
        world,
        accounts,
        order: world.resource::<OrderOfBattle>(),
        index: world.resource::<UnitIndex>(),
        fleet: world.resource::<Fleet>(),
        end: clock.now(),
    };
    let ids = (0..=u8::MAX).map(SideIx).take(accounts.sides.len());
    let sides: Vec<SideResult> = ids
        .map(|side| books.side(side, horizon_s(side, specs, books.end)))
        .collect();
    let reached: Vec<u64> = accounts
        .reached
        .iter()
        .map(|units| units.len() as u64)
        .collect();
    let measures = measure::evaluate(specs, &reached, &sides, books.end.as_s());
    let losses = sides
        .iter()
        .zip(&accounts.sides)
        .map(|(side, account)| loss_curve(side.losses.side.clone(), &account.losses, books.end))
        .collect();
    let webs = sides.iter().map(|side| side.network.clone()).collect();
    let mut summary = blank(world, clock, books.index.len());
    summary.measures = measures;
    summary.network = network::summary(world, books.end, webs);
    summary.operations = operations(world, books.end);
    summary.auctions = auctions(world);
    summary.desks = desks::rows(world, books.end);
    let dialogues = world.get_resource::<Dialogues>();
    summary.programs = dialogues.map_or_else(Vec::new, |it| it.summaries(books.order));
    let mut timelines = Vec::new();
    for side in sides {
        if let Some(kill_chain) = side.kill_chain {
            summary.kill_chain.get_or_insert_with(|| kill_chain.clone());
            let name = side.timelines.side.clone();
            summary.targets.push(SideTargets {
                side: name.clone(),
                targets: records(&side.timelines.targets),
            });
            summary.kill_chain_by_side.push(SideKillChain {
                side: name,
                kill_chain,
            });
            timelines.push(side.timelines);
        }
        summary.track_quality.extend(side.track_quality);
        summary.blue_force.push(side.blue_force);
        summary.engagements.push(side.engagements);
        summary.defence.push(side.defence);
        summary.losses.push(side.losses);
        summary.suppression.push(side.suppression);
        summary.expenditure.push(side.expenditure);
        summary.energy.push(side.energy);
        summary.cost.push(side.cost);
    }
    RunReport {
        summary,
        timelines,
        losses,
        network: network::report(world),
    }
}

/// A summary with nothing in it but how long the run was.
fn blank(world: &World, clock: &Clock, units: usize) -> RunSummary {
    let entities = units as u64;
    RunSummary {
        tercio: String::new(),
        git: String::new(),
        scenario: ScenarioIdentity {
            name: String::new(),
            hash: String::new(),
        },
        seed: world.get_resource::<RunSeed>().map_or(0, |seed| seed.0),
        dt_ms: clock.dt_us / 1000,
        ticks: clock.tick,
        sim_s: clock.now().as_s(),
        wall_s: 0.0,
        cpu_s: 0.0,
        real_time_factor: 0.0,
        sim_s_per_cpu_s: 0.0,
        entities,
        entity_steps: entities * clock.tick,
        phase_cpu_s: BTreeMap::new(),
        state_hash: String::new(),
        measures: Vec::new(),
        kill_chain: None,
        kill_chain_by_side: Vec::new(),
        targets: Vec::new(),
        network: NetworkSummary::default(),
        track_quality: Vec::new(),
        blue_force: Vec::new(),
        engagements: Vec::new(),
        defence: Vec::new(),
        losses: Vec::new(),
        suppression: Vec::new(),
        expenditure: Vec::new(),
        operations: Vec::new(),
        auctions: Vec::new(),
        desks: Vec::new(),
        programs: Vec::new(),
        energy: Vec::new(),
        cost: Vec::new(),
        run_dir: None,
    }
}

/// Takes the event log of the run so far out of the world.
#[must_use]
pub fn take_events(world: &mut World) -> Vec<EventRow> {
    world.resource_mut::<EventLog>().take()
}
