//! The commands, one file each.

mod analyze;
mod demo;
mod generate;
pub mod hadd;
mod ls;
mod merge;
mod multiply;

use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Ls(ls::Args),
    Analyze(analyze::Args),
    Generate(generate::Args),
    Merge(merge::Args),
    Multiply(multiply::Args),
    Demo(demo::Args),
}

impl Command {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Ls(args) => ls::run(&args),
            Self::Analyze(args) => analyze::run(&args),
            Self::Generate(args) => generate::run(&args),
            Self::Merge(args) => merge::run(&args),
            Self::Multiply(args) => multiply::run(&args),
            Self::Demo(args) => demo::run(&args),
        }
    }
}
