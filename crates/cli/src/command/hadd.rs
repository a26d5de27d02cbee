//! `hadd`: the program under that name takes ROOT's `hadd` command line.
//!
//! What it takes means what it means there, but for three things: it never loses entries and ends
//! with 0 (see the exit codes), it gives the same output on any number of threads, and an option
//! that it does not honour is an error.

mod options;

use std::collections::HashSet;

use anyhow::{Context, bail};
use options::{HELP, Listed, Options, USUAL, Wanted};
use rootlake_io::codec::Settings;
use rootlake_merge::{Kind, Plan, Survey, Verify};

use crate::inputs;
use crate::merging::{Compress, MergeArgs, failed};

/// The size of the clusters to which `-O` joins small ones: what a tree that nothing is said to
/// flushes at (`TTree::fAutoFlush`), in bytes.
const CLUSTER: u64 = 30_000_000;

/// Merges as `hadd` is told to.
///
/// # Errors
/// When the command line is not understood, or the merge fails.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    let mut before_names = arguments.iter().take_while(|argument| *argument != "--");
    if before_names.any(|argument| argument == "-h" || argument == "--help") {
        println!("{HELP}");
        return Ok(());
    }
    let options = options::parse(arguments)?;
    let how = MergeArgs {
        threads: options.threads,
        keep_going: options.keep_going,
        force: options.force || options.append,
        recluster: options.reoptimise.then_some(CLUSTER),
        no_receipt: true,
        // What hadd copies unread may be damaged, and nobody would know.
        verify: Verify::Full,
        ..MergeArgs::usual()
    };
    let mut request = how.request(1);
    request.may_be_empty = true;
    if options.open > 0 {
        // A thread has one source open at a time.
        request.threads = request.threads.min(options.open);
    }
    let survey = how.examine(&sources(&options)?, &request)?;
    select(&options, survey)?;
    (request.compress, request.compress_records) = compression(options.compress, survey)?;
    let plan = Plan::new(&survey.inputs, &request).map_err(failed)?;
    let how = MergeArgs {
        compress: request.compress.map_or(Compress::Keep, Compress::To),
        ..how
    };
    let receipt = how.write(&plan, survey, &request, &options.target)?;
    if options.debug {
        for input in &receipt.inputs {
            println!("{}: source {}", receipt.output, input.name);
        }
        for object in &receipt.objects {
            println!("{}: {} {}", receipt.output, object.class, object.path);
        }
    }
    let receipts = if options.quiet {
        Vec::new()
    } else {
        vec![receipt]
    };
    how.report(&receipts, survey)
}

/// The files that are merged: the sources, with `-a` after the target.
fn sources(options: &Options) -> anyhow::Result<Vec<String>> {
    let mut sources = inputs::listed(&options.sources)?;
    let target = options.target.canonicalize().ok();
    let is_target = |source: &String| {
        target.is_some() && std::path::Path::new(source).canonicalize().ok() == target
    };
    if let Some(source) = sources.iter().find(|source| is_target(source)) {
        bail!("the target is one of the sources: {source}");
    }
    if options.append && options.target.exists() {
        sources.insert(0, options.target.display().to_string());
    }
    Ok(sources)
}

/// Leaves out what `-T` and `-L` leave out. A directory's name stands for all in it.
fn select(options: &Options, survey: &mut Survey) -> anyhow::Result<()> {
    if options.no_trees {
        survey.retain(|_, kind| kind != Kind::Tree);
    }
    let Some(Listed { file, skip }) = &options.listed else {
        return Ok(());
    };
    let names: HashSet<String> = inputs::lines(file)?.into_iter().collect();
    if let Some(name) = names.iter().find(|name| name.contains(['/', ' ', '\t'])) {
        bail!("{file}: {name} is no name, but a path or several names");
    }
    survey.retain(|path, kind| {
        let is_listed = path.split('/').any(|name| names.contains(name));
        is_listed != *skip || (kind == Kind::Directory && !skip)
    });
    Ok(())
}

/// How baskets are compressed, none: as they are, which those are that are compressed as wanted;
/// and how all else is, none: likewise.
fn compression(
    wanted: Wanted,
    survey: &Survey,
) -> anyhow::Result<(Option<Settings>, Option<Settings>)> {
    let settings = |number| {
        let settings = Settings::from_number(number);
        settings.with_context(|| format!("compression settings {number} cannot be written"))
    };
    let first = survey.inputs.first();
    let number = match wanted {
        Wanted::Keep(number) => return Ok((None, number.map(settings).transpose()?)),
        Wanted::First => first.map_or(USUAL, |input| input.compression()),
        Wanted::Number(number) => number,
    };
    let settings = settings(number)?;
    let mut inputs = survey.inputs.iter();
    let all = inputs.all(|input| input.compression() == number);
    Ok(((!all).then_some(settings), None))
}
