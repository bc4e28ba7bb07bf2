//! The command `shipworthy`.

use std::process::ExitCode;

fn main() -> ExitCode {
    shipworthy::cli::run()
}
