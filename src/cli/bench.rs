//! `tercio bench planners`: planners beside each other on the same scenario and seeds.
#![expect(
    clippy::disallowed_types,
    reason = "measuring speed is the command line's task"
)]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::args::{BenchArgs, BenchCommand, BenchPlannersArgs};
use super::bench_text;
use super::console::Console;
use super::error::{CliError, Exit};
use super::study_progress::StudyProgress;
use super::{interrupt, load, planners};
use crate::accounting::summary::NetworkSummary;
use crate::app::{RunOptions, Simulation};
use crate::kernel::schedule::Phase;
use crate::org::{OrderOfBattle, Planner};
use crate::platform::class::Catalogue;
use crate::scenario::load::LoadedScenario;
use crate::scenario::order_of_battle::OrderOfBattle as Tree;
use crate::study::planners::{Trial, compare};
use crate::study::replicate::Watch as _;
use crate::study::seed::replication_seed;

/// Planner that the others are held against.
const AGAINST: Planner = Planner::Exact;

/// Classes of messages that plan, by their names in a summary.
const PLANNING: [&str; 2] = ["tasking", "plan"];

/// Ticks between two moves of the progress bar.
const TICKS: u64 = 50;

/// Compares what was asked for.
///
/// # Errors
///
/// As the comparison that was asked for.
pub(super) fn bench(args: &BenchArgs, console: &Console) -> Result<Exit, CliError> {
    match &args.what {
        BenchCommand::Planners(args) => bench_planners(args, console),
    }
}

/// Runs every planner on every seed, and says how they compare.
///
/// # Errors
///
/// If the scenario is missing or refused, there is no such side or planner, an invariant breaks, or a
/// person stops it.
fn bench_planners(args: &BenchPlannersArgs, console: &Console) -> Result<Exit, CliError> {
    let catalogue = Arc::new(Catalogue::shipped());
    let mut loaded = load::load(&args.scenario, &args.settings, console)?;
    let side = side_of(&loaded, args.side.as_deref())?;
    let mut names = args.planners.clone();
    if names.is_empty() {
        names.extend(Planner::OWN.map(|it| it.key().to_owned()));
    }
    if names.iter().all(|it| it != AGAINST.key()) {
        names.push(AGAINST.key().to_owned());
    }
    let scenario = &loaded.read.scenario;
    let own: Vec<String> = scenario.measures.iter().map(|it| it.name.clone()).collect();
    let (name, dt_us) = (scenario.name.clone(), u64::from(scenario.dt_ms) * 1000);
    let end_s = args.until.unwrap_or(f64::INFINITY).min(scenario.duration_s);
    let ticks = crate::kernel::time::SimTime::from_s(end_s)
        .0
        .div_ceil(dt_us);
    let runs = names.len() as u64 * args.replications;
    interrupt::listen()?;
    let in_all = usize::try_from(runs).unwrap_or(usize::MAX);
    let progress = StudyProgress::new(console.shows_progress(), runs * ticks, 0, in_all);
    let mut trials: Vec<(String, Vec<Trial>)> = names
        .into_iter()
        .map(|planner| (planner, Vec::new()))
        .collect();
    // Seed by seed, so that what slows the machine down for a while slows all planners down.
    for replication in 1..=args.replications {
        let options = RunOptions {
            seed: replication_seed(&name, 1, replication),
            until_s: args.until,
        };
        for (planner, done) in &mut trials {
            let simulation = start(&mut loaded, &catalogue, (&side, planner), args, &options)?;
            let trial = run(simulation, (&side, options.seed), &progress);
            if trial.is_err() {
                progress.end();
            }
            let mut trial = trial?;
            trial.measures.retain(|it| own.contains(&it.name));
            done.push(trial);
            progress.add();
        }
    }
    progress.end();
    let found = compare((&name, &side, AGAINST.key()), trials);
    if args.json {
        console.json(&found)?;
    } else {
        console.say(&bench_text::text(&found))?;
    }
    Ok(Exit::Done)
}

/// The side asked for, else the first that has a mission.
fn side_of(loaded: &LoadedScenario, asked: Option<&str>) -> Result<String, CliError> {
    let scenario = &loaded.read.scenario;
    let mut sides = scenario.sides.iter();
    if let Some(asked) = asked {
        let known = || scenario.sides.iter().map(|it| it.id.clone());
        return sides
            .any(|it| it.id == asked)
            .then(|| asked.to_owned())
            .ok_or_else(|| {
                let known = known().collect::<Vec<_>>().join(", ");
                CliError::Input(format!(
                    "there is no side `{asked}`; the scenario has {known}"
                ))
            });
    }
    let order = Tree::of(scenario);
    let is_theirs = |side: &str, force: &str| order.force(force).is_some_and(|it| it.side == side);
    let has_mission = |side: &str| {
        let mut missions = scenario.missions.iter();
        missions.any(|it| is_theirs(side, &it.force))
    };
    let found = sides.find(|it| has_mission(&it.id));
    found
        .map(|it| it.id.clone())
        .ok_or_else(|| CliError::Input("no side has a mission, so there is nothing to plan".into()))
}

/// A world in which a side has a planner, and all others those of the scenario.
fn start(
    loaded: &mut LoadedScenario,
    catalogue: &Arc<Catalogue>,
    (side, planner): (&str, &str),
    args: &BenchPlannersArgs,
    options: &RunOptions,
) -> Result<Simulation, CliError> {
    let sides = &mut loaded.read.scenario.sides;
    let before: Vec<Planner> = sides.iter().map(|it| it.planner).collect();
    let commands = planners::choose(sides, &[format!("{side}={planner}")], false)?;
    let programs = planners::programs(sides, &commands, &[], args.planner_deadline);
    let simulation = Simulation::with_programs(loaded, catalogue, options, programs);
    for (side, planner) in loaded.read.scenario.sides.iter_mut().zip(before) {
        side.planner = planner;
    }
    Ok(simulation?)
}

/// Wall-clock time of the phase `Plan`: since when it goes on, and of the last tick and all, s.
#[derive(Debug, Default)]
struct PlanClock {
    since: Option<Instant>,
    last_s: f64,
    all_s: f64,
}

/// Runs to the end, or until a person interrupts between two ticks.
fn run(
    mut simulation: Simulation,
    (side, seed): (&str, u64),
    progress: &StudyProgress,
) -> Result<Trial, CliError> {
    let clock = Arc::new(Mutex::new(PlanClock::default()));
    let hooked = Arc::clone(&clock);
    simulation.set_phase_hook(Box::new(move |phase| {
        let mut clock = hooked.lock().unwrap_or_else(PoisonError::into_inner);
        if phase == Phase::Plan {
            clock.since = Some(Instant::now());
        } else if let Some(since) = clock.since.take() {
            clock.last_s = since.elapsed().as_secs_f64();
            clock.all_s += clock.last_s;
        }
    }));
    let mut rounds_ms = Vec::new();
    let (mut known, mut reported) = (0, 0);
    while !simulation.is_over() {
        simulation.step()?;
        let rounds = simulation.tally().0.len();
        if rounds > known {
            known = rounds;
            let clock = clock.lock().unwrap_or_else(PoisonError::into_inner);
            rounds_ms.push(1e3 * clock.last_s);
        }
        let done = simulation.ticks_done();
        if done.is_multiple_of(TICKS) || simulation.is_over() {
            progress.ticks(done - reported);
            reported = done;
        }
        if interrupt::is_pressed() {
            let done = super::text::clock(simulation.now_s());
            return Err(CliError::Interrupted { done });
        }
    }
    let all_s = clock.lock().unwrap_or_else(PoisonError::into_inner).all_s;
    Ok(trial(simulation, (side, seed), all_s, rounds_ms))
}

/// What a run showed that is over.
fn trial(
    simulation: Simulation,
    (side, seed): (&str, u64),
    plan_s: f64,
    mut rounds_ms: Vec<f64>,
) -> Trial {
    let order = simulation.world().resource::<OrderOfBattle>();
    let rows = &simulation.tally().0;
    let own = rows.iter().filter(|it| order.side_of(it.post).id == side);
    let (mut rounds, mut objective, mut best) = (0_u32, 0.0, 0.0);
    for row in own {
        rounds += 1;
        objective += row.objective;
        best += row.best;
    }
    let over = |value: f64| (rounds > 0).then(|| value / f64::from(rounds));
    let all_rounds = rows.len() as f64;
    rounds_ms.sort_by(f64::total_cmp);
    let p99 = rounds_ms.len().saturating_sub(1) - rounds_ms.len() / 100;
    let summary = simulation.finish().report.summary;
    let sent = |network: &NetworkSummary, counts: fn(&str) -> bool| {
        let classes = network.by_class.iter();
        let classes = classes.filter(|it| counts(&it.class));
        classes.map(|it| it.traffic.sent).sum()
    };
    Trial {
        seed,
        state_hash: summary.state_hash,
        rounds: u64::from(rounds),
        objective: over(objective),
        of_best: (best > 0.0).then(|| objective / best),
        messages: sent(&summary.network, |_| true),
        planning_messages: sent(&summary.network, |class| PLANNING.contains(&class)),
        bytes: summary
            .network
            .networks
            .iter()
            .map(|it| it.data_bytes)
            .sum(),
        plan_ms: (all_rounds > 0.0).then(|| 1e3 * plan_s / all_rounds),
        plan_p99_ms: rounds_ms.get(p99).copied(),
        measures: summary.measures,
    }
}
