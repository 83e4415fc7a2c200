//! `tercio solve`: the solvers on published instance files.

mod clock;
mod file;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Map, Value};

use super::console::Console;
use super::error::{CliError, Exit};
use super::phase_clock::Stopwatch;
use super::text;
use crate::planning::solve::{Answer, Checked, Kind, Options, Sense, SolveError, Topology};
use clock::CpuBudget;

/// Share by which a stated objective may differ from the one worked out anew.
const TOLERANCE: f64 = 1e-6;

/// Arguments of `solve`.
#[derive(Debug, Args)]
pub(super) struct SolveArgs {
    /// What kind of problem the instance is.
    kind: KindArg,
    /// Instance file; gzip is decompressed.
    instance: PathBuf,
    /// How to solve it, where there is a choice: cbba takes `cbba` or `exchange`.
    #[arg(long, value_name = "NAME")]
    method: Option<String>,
    /// Units of every weapon type (wta), instead of what the file says.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    mu: Option<u32>,
    /// Who hears whom (cbba).
    #[arg(long, value_name = "NAME", default_value = "full")]
    topology: TopologyArg,
    /// Processor time that the solver may take, seconds.
    #[arg(long, value_name = "S", default_value_t = 10.0, value_parser = parse_limit_s)]
    time_limit: f64,
    /// Seed of solvers that draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Do not solve, but check the solution in this file: what `solve --json` printed, or the solution
    /// alone.
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

/// The kinds by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindArg {
    /// Linear assignment.
    Lap,
    /// Weapon-target assignment.
    Wta,
    /// Sensor-weapon-target assignment.
    Swta,
    /// Generalised assignment.
    Gap,
    /// Team orienteering.
    Top,
    /// Decentralised allocation by the consensus-based bundle algorithm.
    Cbba,
    /// Search of an area by several vehicles, as rooted trees.
    Coverage,
    /// Fewest relays that join terminals.
    Relay,
    /// Coalitions of robots on tasks with precedence.
    Mrta,
    /// OpenUxAS task assignment.
    Uxas,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Lap => Self::Lap,
            KindArg::Wta => Self::Wta,
            KindArg::Swta => Self::Swta,
            KindArg::Gap => Self::Gap,
            KindArg::Top => Self::Top,
            KindArg::Cbba => Self::Cbba,
            KindArg::Coverage => Self::Coverage,
            KindArg::Relay => Self::Relay,
            KindArg::Mrta => Self::Mrta,
            KindArg::Uxas => Self::Uxas,
        }
    }
}

/// The topologies by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TopologyArg {
    /// Everybody hears everybody.
    Full,
    /// Each hears its two neighbours in a circle.
    Ring,
    /// Each hears its neighbours in a row.
    Line,
    /// All hear the first agent alone.
    Star,
}

impl From<TopologyArg> for Topology {
    fn from(topology: TopologyArg) -> Self {
        match topology {
            TopologyArg::Full => Self::Full,
            TopologyArg::Ring => Self::Ring,
            TopologyArg::Line => Self::Line,
            TopologyArg::Star => Self::Star,
        }
    }
}

/// Seconds of processor time: positive and at most a day.
fn parse_limit_s(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(limit_s) if limit_s > 0.0 && limit_s <= 86_400.0 => Ok(limit_s),
        _ => Err("not a number of seconds above 0 and up to 86400".to_owned()),
    }
}

/// An answer as it is printed.
#[derive(Debug, Serialize)]
struct Printed<'a> {
    kind: Kind,
    instance: String,
    sense: Sense,
    objective: f64,
    bound: Option<f64>,
    proven: bool,
    gap_pct: Option<f64>,
    cpu_s: f64,
    method: &'a str,
    solution: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a Value>,
    notes: Map<String, Value>,
}

/// A check as it is printed.
#[derive(Debug, Serialize)]
struct PrintedCheck {
    kind: Kind,
    instance: String,
    sense: Sense,
    objective: f64,
    valid: bool,
    /// What the certificate proves, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<f64>,
}

/// Solves an instance, or checks a solution.
///
/// # Errors
///
/// If a file is missing or refused, there is no solution, or a solution does not hold.
pub(super) fn solve(args: &SolveArgs, console: &Console) -> Result<Exit, CliError> {
    let kind = Kind::from(args.kind);
    let options = options(args)?;
    let text = file::read(&args.instance)?;
    let instance = args.instance.display().to_string();
    let refused = |error: SolveError| match error {
        SolveError::Instance { .. } => CliError::Input(format!("{instance}: {error}")),
        _ => CliError::Input(error.to_string()),
    };
    if let Some(path) = &args.check {
        let Claim {
            solution,
            objective,
            certificate,
        } = claim(path)?;
        let checked = kind.check(&text, &options, &solution).map_err(refused)?;
        agrees(&checked, objective)?;
        let mut budget = CpuBudget::new(args.time_limit);
        let bound = match &certificate {
            Some(given) => kind.verify(&text, &options, given, &mut budget),
            None => Ok(None),
        };
        return tell_check(args, checked, bound.map_err(refused)?, console);
    }
    let watch = Stopwatch::start();
    let mut budget = CpuBudget::new(args.time_limit);
    let answer = kind.solve(&text, &options, &mut budget).map_err(refused)?;
    tell(args, &answer, watch.spent().cpu_s, console)
}

/// What was asked for besides the instance.
fn options(args: &SolveArgs) -> Result<Options, CliError> {
    let exchange = match (args.kind, args.method.as_deref()) {
        (_, None) | (KindArg::Cbba, Some("cbba")) => false,
        (KindArg::Cbba, Some("exchange")) => true,
        (_, Some(method)) => {
            let cure = "only cbba leaves a choice: `cbba` or `exchange`";
            return Err(CliError::Input(format!(
                "there is no method `{method}` for this kind; {cure}"
            )));
        }
    };
    Ok(Options {
        mu: args.mu,
        topology: args.topology.into(),
        seed: args.seed,
        exchange,
    })
}

/// What a file says of an instance.
struct Claim {
    solution: Value,
    /// What it is worth, if that is stated.
    objective: Option<f64>,
    /// What proves a bound, if there is such a thing.
    certificate: Option<Value>,
}

/// Reads a claim.
fn claim(path: &std::path::Path) -> Result<Claim, CliError> {
    let text = file::read(path)?;
    let value: Value = serde_json::from_str(&text).map_err(|error| {
        let form = "a solution is what `tercio solve --json` prints, or its `solution` alone";
        CliError::Input(format!("{}: {error}; {form}", path.display()))
    })?;
    Ok(match value {
        Value::Object(mut fields) if fields.contains_key("solution") => Claim {
            objective: fields.get("objective").and_then(Value::as_f64),
            solution: fields.remove("solution").unwrap_or_default(),
            certificate: fields.remove("certificate").filter(|it| !it.is_null()),
        },
        solution => Claim {
            solution,
            objective: None,
            certificate: None,
        },
    })
}

/// Whether the stated objective is the one worked out anew.
fn agrees(checked: &Checked, stated: Option<f64>) -> Result<(), CliError> {
    let found = checked.objective;
    match stated {
        Some(stated) if (stated - found).abs() > TOLERANCE * found.abs().max(1.0) => {
            Err(CliError::Input(format!(
                "the solution does not hold: it says that it is worth {stated}, and is worth {found}"
            )))
        }
        _ => Ok(()),
    }
}

/// By how much the objective is off the bound, percent of the objective.
fn gap_pct(answer: &Answer) -> Option<f64> {
    let gap = (answer.objective - answer.bound?).abs();
    let gap = if gap == 0.0 {
        0.0
    } else {
        gap / answer.objective.abs()
    };
    (gap.is_finite()).then_some(100.0 * gap)
}

/// Prints an answer.
fn tell(
    args: &SolveArgs,
    answer: &Answer,
    cpu_s: f64,
    console: &Console,
) -> Result<Exit, CliError> {
    let kind = Kind::from(args.kind);
    if args.json {
        let notes = answer.notes.iter();
        console.json(&Printed {
            kind,
            instance: args.instance.display().to_string(),
            sense: answer.sense,
            objective: answer.objective,
            bound: answer.bound,
            proven: answer.proven,
            gap_pct: gap_pct(answer),
            cpu_s,
            method: answer.method,
            solution: &answer.solution,
            certificate: answer.certificate.as_ref(),
            notes: notes
                .map(|(name, value)| (name.clone(), Value::from(*value)))
                .collect(),
        })?;
        return Ok(Exit::Done);
    }
    let sense = match answer.sense {
        Sense::Min => "objective, the less the better",
        Sense::Max => "objective, the more the better",
    };
    let mut table = text::table(&["instance", &args.instance.display().to_string()]);
    table.add_row([sense, &answer.objective.to_string()]);
    let bound = answer
        .bound
        .map_or(text::NONE.to_owned(), |it| it.to_string());
    table.add_row(["bound", &bound]);
    let proven = if answer.proven { "yes" } else { "no" };
    table.add_row(["proven optimal", proven]);
    table.add_row(["gap, %", &text::optional(gap_pct(answer))]);
    table.add_row(["processor time, s", &text::number(cpu_s)]);
    table.add_row(["method", answer.method]);
    for (name, value) in &answer.notes {
        table.add_row([name.as_str(), &text::number(*value)]);
    }
    console.data(&format!("{table}\n\n{}\n", answer.solution))?;
    Ok(Exit::Done)
}

/// Prints what came of a check.
fn tell_check(
    args: &SolveArgs,
    checked: Checked,
    bound: Option<f64>,
    console: &Console,
) -> Result<Exit, CliError> {
    if args.json {
        console.json(&PrintedCheck {
            kind: args.kind.into(),
            instance: args.instance.display().to_string(),
            sense: checked.sense,
            objective: checked.objective,
            valid: true,
            bound,
        })?;
    } else {
        let worth = checked.objective;
        let proven = bound.map(|bound| format!("; its certificate proves a bound of {bound}"));
        let proven = proven.unwrap_or_default();
        console.data(&format!(
            "the solution holds and is worth {worth}{proven}\n"
        ))?;
    }
    Ok(Exit::Done)
}
