//! `tercio run`: a scenario from its first tick to its record.

use std::path::Path;
use std::sync::Arc;

use super::args::RunArgs;
use super::console::Console;
use super::error::{CliError, Exit};
use super::phase_clock::{PhaseClock, Spent, Stopwatch};
use super::progress::Progress;
use super::run_folder::{self, Claim, Contents};
use super::text::clock;
use super::{inputs, interrupt, load, planners, run_summary};
use crate::accounting::summary::RunReport;
use crate::app::{RunOptions, RunOutput, Simulation};
use crate::planning::external::Exchange;
use crate::platform::class::Catalogue;

/// A run that came to its end.
struct Finished {
    /// What it yields.
    output: RunOutput,
    /// What its ticks cost; loading and recording are not in it.
    spent: Spent,
    /// How that is shared between the phases.
    phases: PhaseClock,
    /// What programs beside the simulator were asked and said.
    exchanges: Vec<Exchange>,
}

/// Runs a scenario, records it and says what came of it.
///
/// # Errors
///
/// If the scenario is missing or refused, the run directory is taken or not written, an invariant
/// breaks, or a person stops it.
pub(super) fn run(args: &RunArgs, console: &Console) -> Result<Exit, CliError> {
    let catalogue = Arc::new(Catalogue::shipped());
    let mut loaded = load::load(&args.scenario, &args.settings, console)?;
    let sides = &mut loaded.read.scenario.sides;
    let commands = planners::choose(sides, &args.planners, args.oracle)?;
    let replies = args.planner_replies.as_deref();
    let replies = replies.map(planners::read_replies).transpose()?;
    if let Some(replies) = &replies {
        planners::check_sides(replies, sides)?;
    }
    let replies = replies.unwrap_or_default();
    let programs = planners::programs(sides, &commands, &replies, args.planner_deadline);
    let scenario = &loaded.read.scenario;
    let scenario_ron = run_folder::scenario_ron(scenario)?;
    let inputs = args.inputs.as_deref().map(inputs::read).transpose()?;
    let default_path = || run_folder::default_path(&scenario.name, args.seed);
    let claim = Claim::new(
        args.out.clone().unwrap_or_else(default_path),
        args.overwrite,
    )?;
    let options = RunOptions {
        seed: args.seed,
        until_s: args.until,
    };
    let finished = Simulation::with_programs(&loaded, &catalogue, &options, programs)
        .map_err(CliError::from)
        .and_then(|mut simulation| {
            simulation.replay(&inputs.unwrap_or_default())?;
            Ok(simulation)
        })
        .and_then(|simulation| simulate(simulation, scenario.dt_ms, console));
    let Finished {
        output,
        spent,
        phases,
        exchanges,
    } = match finished {
        Ok(finished) => finished,
        Err(error) => {
            claim.abandon();
            return Err(error);
        }
    };
    let hash = run_folder::scenario_hash(&scenario_ron);
    let report = complete(output.report, hash, spent, &phases, claim.path());
    let contents = Contents {
        loaded: &loaded,
        catalogue: &catalogue,
        scenario_ron: &scenario_ron,
        report: &report,
        events: output.events,
        adjudications: output.adjudications,
        hashes: output.hashes,
        exchanges,
    };
    run_folder::write(claim, contents)?;
    if args.json {
        console.json(&report.summary)?;
    } else {
        console.say(&run_summary::text(
            &scenario.title,
            &report,
            console.is_colorful(),
        ))?;
    }
    Ok(Exit::Done)
}

/// Runs to the end, or until a person interrupts between two ticks.
fn simulate(
    mut simulation: Simulation,
    dt_ms: u32,
    console: &Console,
) -> Result<Finished, CliError> {
    interrupt::listen()?;
    let phases = PhaseClock::default();
    simulation.set_phase_hook(phases.hook());
    let total = simulation.ticks_total();
    let progress = Progress::new(console.shows_progress(), total, dt_ms);
    let watch = Stopwatch::start();
    while simulation.ticks_done() < total && !interrupt::is_pressed() {
        let outcome = simulation.step();
        phases.end_tick();
        progress.at(simulation.ticks_done());
        if outcome.is_err() {
            progress.end();
        }
        outcome?;
    }
    let spent = watch.spent();
    progress.end();
    if interrupt::is_pressed() {
        return Err(CliError::Interrupted {
            done: clock(simulation.now_s()),
        });
    }
    planners::check_repeated(simulation.exchanges())?;
    let exchanges = simulation.exchanges().to_vec();
    let dead_zones = simulation.dead_zones();
    let mut output = simulation.finish();
    output.report.put_dead_zones(dead_zones);
    Ok(Finished {
        output,
        spent,
        phases,
        exchanges,
    })
}

/// The report with what only the command line knows: program, clock and place.
fn complete(
    mut report: RunReport,
    scenario_hash: String,
    spent: Spent,
    phases: &PhaseClock,
    path: &Path,
) -> RunReport {
    let ratio = |time_s: f64, by_s: f64| if by_s > 0.0 { time_s / by_s } else { 0.0 };
    let summary = &mut report.summary;
    summary.tercio = env!("CARGO_PKG_VERSION").to_owned();
    summary.git = env!("TERCIO_GIT").to_owned();
    summary.scenario.hash = scenario_hash;
    summary.wall_s = spent.wall_s;
    summary.cpu_s = spent.cpu_s;
    summary.real_time_factor = ratio(summary.sim_s, spent.wall_s);
    summary.sim_s_per_cpu_s = ratio(summary.sim_s, spent.cpu_s);
    summary.phase_cpu_s = phases.cpu_s(spent);
    summary.run_dir = Some(path.display().to_string());
    report
}
