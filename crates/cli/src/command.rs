//! The commands, one file each.

mod analyze;
pub mod check;
mod demo;
mod digest;
mod dump;
mod generate;
pub mod hadd;
mod ls;
mod merge;
mod multiply;
mod read;
mod samples;

use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Ls(ls::Args),
    Dump(dump::Args),
    Check(check::Args),
    Digest(digest::Args),
    Read(read::Args),
    Analyze(analyze::Args),
    Generate(generate::Args),
    Samples(samples::Args),
    Merge(merge::Args),
    Multiply(multiply::Args),
    Demo(demo::Args),
}

impl Command {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Ls(args) => ls::run(&args),
            Self::Dump(args) => dump::run(&args),
            Self::Check(args) => check::run(&args),
            Self::Digest(args) => digest::run(&args),
            Self::Read(args) => read::run(&args),
            Self::Analyze(args) => analyze::run(&args),
            Self::Generate(args) => generate::run(&args),
            Self::Samples(args) => samples::run(&args),
            Self::Merge(args) => merge::run(&args),
            Self::Multiply(args) => multiply::run(&args),
            Self::Demo(args) => demo::run(&args),
        }
    }
}
