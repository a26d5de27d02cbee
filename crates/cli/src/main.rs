#![forbid(unsafe_code)]
//! The program `rootlake`: commands, progress, reports, exit codes.

mod command;
mod demo;
mod exit;
mod output;
mod progress;
mod table;
mod target;
mod value;

use std::process::ExitCode;

use clap::Parser;

/// Multiply, stream and analyse ROOT files.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: command::Command,
}

fn main() -> ExitCode {
    match Cli::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rootlake: error: {error:#}");
            exit::code(&error)
        }
    }
}
