//! What can be typed: every subcommand with its options.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::calc::CalcArgs;
use super::duration::parse_duration_s;
use super::solve::SolveArgs;

/// Version of the program with the revision that it was built from.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("TERCIO_GIT"), ")");

/// How a run of the program ends, for `--help`.
const EXIT_CODES: &str = "Exit codes: 0 done, 1 a gate did not hold, 2 usage, 65 bad input, \
    66 missing input, 70 internal error, 74 input or output failed, 75 interrupted and resumable, \
    78 bad configuration, 130 interrupted.";

/// Swarm coordination simulator and planner.
#[derive(Debug, Parser)]
#[command(name = "tercio", version = VERSION, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
    /// How much to say about it.
    #[command(flatten)]
    pub(super) talk: Talk,
}

/// How much the program says.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct Talk {
    /// Show no progress bar.
    #[arg(long, global = true)]
    pub(super) no_progress: bool,
    /// Say nothing but results that were asked for and errors.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find everything that is wrong with a scenario, a study or a plan.
    Check(CheckArgs),
    /// Run a scenario, print what came of it and leave a run directory.
    Run(RunArgs),
    /// Plan the missions of one side without running the scenario.
    Plan(PlanArgs),
    /// Write vehicle files from a plan or a run directory.
    Export(ExportArgs),
    /// Run a scenario many times at every design point of a study, and say what that shows.
    Study(StudyArgs),
    /// Make the report of a study's folder again.
    Report(ReportArgs),
    /// Tell why a unit of a run was shot at, hit or lost, and compute every draw of it again.
    Explain(ExplainArgs),
    /// Show classes, sensors, radios and effectors with the sources of their numbers.
    Catalogue(CatalogueArgs),
    /// Ask one model, for example the loss of a radio path over terrain.
    Calc(CalcArgs),
    /// Compare planners on the same scenario and seeds.
    Bench(BenchArgs),
    /// Solve a published instance of a planning problem, or check a solution of one.
    Solve(SolveArgs),
    /// Watch a scenario in three dimensions, or take a picture of it.
    View(ViewArgs),
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Scenario, study or plan file.
    pub(super) file: PathBuf,
    /// Change a value of the scenario first, for example `sharing.regime=Meshed`; may be repeated.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) settings: Vec<String>,
    /// For a plan: the scenario to check it against.
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Option<PathBuf>,
    /// Print the findings as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Scenario file.
    pub(super) scenario: PathBuf,
    /// Which replication: the same scenario and seed give the same run.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Stop after this much simulated time, for example 30min, 90s or 1h30min.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) until: Option<f64>,
    /// Change a value of the scenario, for example `sharing.regime=Meshed`; may be repeated.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) settings: Vec<String>,
    /// Run directory; by default runs/SCENARIO-SEED.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Replace a former run in the directory.
    #[arg(long)]
    pub(super) overwrite: bool,
    /// Who does what is chosen in this way by all sides, or by one: greedy, exact, market, cbba,
    /// acbba, oracle or exec:CMD, a program that is asked line by line; may be repeated.
    #[arg(long = "planner", value_name = "[SIDE=]NAME")]
    pub(super) planners: Vec<String>,
    /// Time within which such a program has to answer; 10s unless said otherwise.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) planner_deadline: Option<f64>,
    /// What such programs said in another run, its planner.jsonl, to repeat it without them.
    #[arg(long, value_name = "FILE")]
    pub(super) planner_replies: Option<PathBuf>,
    /// Let planners read the truth instead of their belief, an upper bound to compare with:
    /// `--planner oracle`.
    #[arg(long)]
    pub(super) oracle: bool,
    /// What people did at the desks: the inputs of another run, to repeat it with them.
    #[arg(long, value_name = "FILE")]
    pub(super) inputs: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// Scenario file.
    pub(super) scenario: PathBuf,
    /// Side to plan for; by default the first that has missions.
    #[arg(long, value_name = "SIDE")]
    pub(super) side: Option<String>,
    /// Who does what is chosen in this way, instead of the scenario's: greedy, exact, market, cbba,
    /// acbba, oracle or exec:CMD, a program that is asked line by line.
    #[arg(long, value_name = "[SIDE=]NAME")]
    pub(super) planner: Option<String>,
    /// Let free aircraft that pass messages on relay where vehicles of the plan would lose touch.
    #[arg(long)]
    pub(super) keep_links: bool,
    /// Time within which such a program has to answer; 10s unless said otherwise.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) planner_deadline: Option<f64>,
    /// Change a value of the scenario, for example `units.uav-3.altitude_m=120`; may be repeated.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) settings: Vec<String>,
    /// File for the plan as RON; by default it is printed.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Print the plan as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Plan file or run directory.
    pub(super) input: PathBuf,
    /// Format of the files.
    #[arg(long, value_enum)]
    pub(super) format: Format,
    /// Folder for the files, empty or new.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Replace a former export in the folder.
    #[arg(long)]
    pub(super) overwrite: bool,
    /// Side, where a run directory has plans of several.
    #[arg(long, value_name = "SIDE")]
    pub(super) side: Option<String>,
    /// Scenario that the plan was made for; by default the run directory's own, or NAME.ron beside
    /// the plan or in scenarios/.
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Option<PathBuf>,
    /// Change a value of the scenario as it was changed for planning; may be repeated.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) settings: Vec<String>,
    /// Print what was written as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Formats of vehicle files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// `QGroundControl` `.plan` for ArduPilot and PX4.
    QgcPlan,
}

/// Arguments of `study`.
#[derive(Debug, Args)]
pub(super) struct StudyArgs {
    /// Study file.
    pub(super) study: PathBuf,
    /// Runs at the same time; by default one per core.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Folder of the study; by default runs/STUDY.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Go on with a study that was stopped in the folder.
    #[arg(long)]
    pub(super) resume: bool,
    /// Replace a former study in the folder.
    #[arg(long, conflicts_with = "resume")]
    pub(super) overwrite: bool,
    /// Stop every run after this much simulated time, for example 15min.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) until: Option<f64>,
    /// Replications of each design point, instead of the study's.
    #[arg(long, value_name = "N")]
    pub(super) replications: Option<u64>,
    /// Print the result as JSON.
    #[arg(long)]
    pub(super) json: bool,
    /// Let a gate that stays undecided fail.
    #[arg(long)]
    pub(super) strict: bool,
    /// Write runs.csv beside runs.parquet.
    #[arg(long)]
    pub(super) csv: bool,
    /// Write the gates as a JUnit report.
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub(super) struct BenchArgs {
    /// What to compare.
    #[command(subcommand)]
    pub(super) what: BenchCommand,
}

/// What can be compared.
#[derive(Debug, Subcommand)]
pub(super) enum BenchCommand {
    /// Planners: what their choices are worth, cost and bring.
    Planners(BenchPlannersArgs),
}

/// Arguments of `bench planners`.
#[derive(Debug, Args)]
pub(super) struct BenchPlannersArgs {
    /// Scenario file.
    pub(super) scenario: PathBuf,
    /// Runs of each planner.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) replications: u64,
    /// Stop every run after this much simulated time, for example 15min.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) until: Option<f64>,
    /// Side whose planner varies; by default the first that has missions. Others keep theirs.
    #[arg(long, value_name = "SIDE")]
    pub(super) side: Option<String>,
    /// Planner: greedy, exact, market, cbba, acbba, oracle or exec:CMD; may be repeated. By default all
    /// but programs; exact, which all are held against, is always among them.
    #[arg(long = "planner", value_name = "NAME")]
    pub(super) planners: Vec<String>,
    /// Time within which a program has to answer; 10s unless said otherwise.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) planner_deadline: Option<f64>,
    /// Change a value of the scenario; may be repeated.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) settings: Vec<String>,
    /// Print the comparison as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Folder of a study.
    pub(super) folder: PathBuf,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = EXPLAINED)]
pub(super) struct ExplainArgs {
    /// Run directory.
    pub(super) run_dir: PathBuf,
    /// Unit, for example uav-3; it may have been a target, a shooter or both.
    pub(super) unit: String,
    /// Print the same as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// What `explain` does, for its `--help`.
const EXPLAINED: &str = "Everything it tells stands in adjudications.jsonl and events.parquet of the \
    run directory. Before it tells anything, it computes every draw of the log again from its name and \
    the run's seed, every probability from its inputs by the functions of the simulation, and checks \
    that every shot had leave. Where anything differs it says what, and exits with 65.";

/// Arguments of `catalogue`.
#[derive(Debug, Args)]
pub(super) struct CatalogueArgs {
    /// Entry to show in full, for example ugv-scout.
    pub(super) name: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `view`.
#[derive(Debug, Args)]
pub(super) struct ViewArgs {
    /// Scenario file.
    pub(super) scenario: PathBuf,
    /// Which replication.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// End after this much simulated time.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) until: Option<f64>,
    /// Change a value of the scenario; may be repeated.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) settings: Vec<String>,
    /// Draw one picture into this PNG file, without a window.
    #[arg(long, value_name = "FILE")]
    pub(super) screenshot: Option<PathBuf>,
    /// Simulated time of the picture, or at which the window opens.
    #[arg(long, value_name = "TIME", value_parser = parse_duration_s)]
    pub(super) at: Option<f64>,
    /// Do again what a person did, as recorded in this file.
    #[arg(long, value_name = "FILE")]
    pub(super) inputs: Option<PathBuf>,
    /// Where to record what the person does; by default `<scenario>-<seed>.inputs.ron`.
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
    /// Show what a side's senior post or a unit believes instead of the truth.
    #[arg(long, value_name = "SIDE|UNIT")]
    pub(super) belief: Option<String>,
    /// Layers to show, for example symbols,labels,links; or changes: +links,-labels.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(super) layers: Option<String>,
    /// Unit to look at closely.
    #[arg(long, value_name = "UNIT")]
    pub(super) select: Option<String>,
    /// Middle of the picture: a unit, or metres east and north of the origin.
    #[arg(long, value_name = "UNIT|E,N", allow_hyphen_values = true)]
    pub(super) look_at: Option<String>,
    /// Distance of the eye from there, in metres.
    #[arg(long = "distance", value_name = "M", value_parser = parse_positive)]
    pub(super) distance_m: Option<f64>,
    /// Direction of view, in degrees clockwise from north.
    #[arg(long = "bearing", value_name = "DEG", value_parser = parse_angle, allow_hyphen_values = true)]
    pub(super) bearing_deg: Option<f64>,
    /// Angle of view below the horizon, in degrees; 90 looks straight down.
    #[arg(long = "tilt", value_name = "DEG", value_parser = parse_angle)]
    pub(super) tilt_deg: Option<f64>,
    /// Size of the window or picture in pixels.
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    pub(super) size: Option<(u32, u32)>,
}

/// Reads a size in pixels.
fn parse_size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once('x').and_then(|(width, height)| {
        Some((width.parse::<u32>().ok()?, height.parse::<u32>().ok()?))
    });
    sides
        .filter(|(width, height)| [width, height].iter().all(|it| (64..=8192).contains(*it)))
        .ok_or_else(|| "write a size as 1600x900, each side from 64 to 8192 pixels".to_owned())
}

/// Reads a finite number above zero.
fn parse_positive(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    number
        .filter(|number| number.is_finite() && *number > 0.0)
        .ok_or_else(|| "write a number above zero".to_owned())
}

/// Reads an angle in degrees.
fn parse_angle(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    number
        .filter(|number| number.abs() <= 360.0)
        .ok_or_else(|| "write an angle in degrees, from -360 to 360".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_documented_commands_are_taken() {
        for line in [
            "tercio check scenarios/tutorial.ron --json",
            "tercio run a.ron --seed 7 --until 30min --set a.b=1 --set c=2 --out d --json -q",
            "tercio --no-progress run a.ron --overwrite --oracle",
            "tercio run a.ron --inputs people.ron",
            "tercio plan a.ron --side blue --planner exact --out p.ron",
            "tercio export runs/a-1 --format qgc-plan --out d --overwrite",
            "tercio catalogue ugv-scout",
            "tercio study s.ron --jobs 2 --out d --resume --until 5min --json --strict --csv",
            "tercio study s.ron --overwrite --replications 2 --junit gates.xml",
            "tercio report runs/sharing-regimes",
            "tercio explain runs/a-1 uav-3 --json",
            "tercio view a.ron --screenshot p.png --at 10min --belief blue --layers +links,-labels",
            "tercio view a.ron --size 800x600 --look-at -100,200 --distance 900 --bearing -45 --tilt 40",
        ] {
            let outcome = Arguments::try_parse_from(line.split(' '));
            assert!(outcome.is_ok(), "{line}: {outcome:?}");
        }
    }

    #[test]
    fn wrong_usage_has_exit_code_2() {
        for line in [
            "tercio",
            "tercio run",
            "tercio run a.ron --until soon",
            "tercio run a.ron --seed -1",
            "tercio export p.ron --out d",
            "tercio export p.ron --format dis --out d",
            "tercio explain runs/a-1",
            "tercio study s.ron --jobs 0",
            "tercio study s.ron --resume --overwrite",
            "tercio view a.ron --size 20x10",
            "tercio view a.ron --distance 0",
        ] {
            let refused = Arguments::try_parse_from(line.split(' ')).unwrap_err();
            assert_eq!(refused.exit_code(), 2, "{line}");
        }
    }
}
