//! From arguments to an exit code.

use std::process::ExitCode;

use clap::Parser;

use super::args::{Arguments, Command};
use super::console::Console;
use super::error::{CliError, Exit};
use super::{
    bench, calc, catalogue, check, explain, export, plan, report, run, solve, study, view,
};

/// Reads the arguments of the process, does what they say, and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => {
            // Help and version end here as well, with code 0. Nobody reads a broken pipe.
            answer.print().unwrap_or_default();
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2));
        }
    };
    let console = Console::of_process(arguments.talk);
    let exit = dispatch(&arguments.command, &console).unwrap_or_else(|error| {
        console.error(&error);
        error.exit()
    });
    ExitCode::from(exit.code())
}

/// Calls the subcommand.
fn dispatch(command: &Command, console: &Console) -> Result<Exit, CliError> {
    match command {
        Command::Check(args) => check::check(args, console),
        Command::Run(args) => run::run(args, console),
        Command::Plan(args) => plan::plan(args, console),
        Command::Export(args) => export::export(args, console),
        Command::Study(args) => study::study(args, console),
        Command::Report(args) => report::report(args, console),
        Command::Explain(args) => explain::explain(args, console),
        Command::Catalogue(args) => catalogue::catalogue(args, console),
        Command::Calc(args) => calc::calc(args, console),
        Command::Bench(args) => bench::bench(args, console),
        Command::Solve(args) => solve::solve(args, console),
        Command::View(args) => view::view(args, console),
    }
}
