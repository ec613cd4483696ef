//! The binary: runs the command line and hands its answer to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    tok::cli::run(std::env::args_os())
}
