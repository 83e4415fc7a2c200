//! The `tercio` program: everything it does is in [`tercio::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    tercio::cli::main()
}
