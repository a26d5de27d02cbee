#![forbid(unsafe_code)]
//! The program `rootlake`: commands, progress, reports, exit codes.

mod command;
mod demo;
mod exit;
mod inputs;
mod merging;
mod output;
mod plots;
mod progress;
mod table;
mod target;
mod value;
mod whole;

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
    // Whoever reads what is printed may have seen enough (`| head`): then there is nothing to tell.
    sigpipe::reset();
    let (name, done) = match as_hadd() {
        Some(arguments) => ("hadd", command::hadd::run(&arguments)),
        None => ("rootlake", Cli::parse().command.run()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: error: {error:#}");
            exit::code(&error)
        }
    }
}

/// The arguments, where the program was called by the name `hadd`.
fn as_hadd() -> Option<Vec<String>> {
    let mut arguments = std::env::args_os();
    let called = std::path::PathBuf::from(arguments.next()?);
    let arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    (called.file_stem()? == "hadd").then(|| arguments.collect())
}
