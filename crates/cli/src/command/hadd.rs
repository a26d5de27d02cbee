//! `hadd`: the program under that name takes ROOT's `hadd` command line.
//!
//! What it takes means what it means there, but for three things: it never loses entries and ends
//! with 0 (see the exit codes), it gives the same output on any number of threads, and an option
//! that it does not honour is an error.

use std::path::PathBuf;

use anyhow::bail;
use rootlake_io::codec::Settings;
use rootlake_merge::Plan;

use crate::merging::{Compress, MergeArgs, failed};

/// What `hadd -h` says.
pub const HELP: &str = "\
Usage: hadd [-a] [-f[0-9...]|-ff|-fk] [-k] [-j [N]] [-n N] [-v [LEVEL]] [--] TARGET SOURCES...

Merges ROOT files as ROOT's hadd does, without its silent losses. SOURCES may be @LIST files.
  -f         overwrite TARGET
  -f[0-9]..  and compress as ROOT numbers settings, as in -f404
  -ff        and compress as the first source is
  -fk        and keep each basket as it is compressed
  -k         leave out sources that cannot be read; then ends with code 6
  -j [N]     threads; without N one per processor
  -n N       at most N open sources
  -v [N]     0: say nothing
Not honoured, and refused: -a -T -O -L -Ltype -d -dbg -cachesize -experimental-io-features.
Trees whose branches differ are refused: rootlake merge --schema says what to do with them.";

/// What a command line asks for.
#[derive(Debug, PartialEq)]
struct Job {
    target: PathBuf,
    sources: Vec<String>,
    force: bool,
    keep_going: bool,
    quiet: bool,
    compress: Wanted,
    threads: usize,
}

/// Compression as `hadd` is told it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wanted {
    /// Settings by number.
    Number(i32),
    /// Those of the first source.
    First,
    /// Those of each basket.
    Keep,
}

/// `hadd`'s own default: zlib at level 1.
const USUAL: i32 = 101;

fn parse(arguments: &[String]) -> anyhow::Result<Job> {
    let mut job = Job {
        target: PathBuf::new(),
        sources: Vec::new(),
        force: false,
        keep_going: false,
        quiet: false,
        compress: Wanted::Number(USUAL),
        threads: 1,
    };
    let mut names = Vec::new();
    let mut rest = arguments.iter().peekable();
    let mut open = true;
    while let Some(argument) = rest.next() {
        let Some(option) = argument.strip_prefix('-').filter(|_| open) else {
            names.push(argument.clone());
            continue;
        };
        let mut number = || -> Option<usize> {
            let number = rest.peek()?.parse().ok()?;
            rest.next();
            Some(number)
        };
        match option {
            "-" => open = false,
            "k" => job.keep_going = true,
            "ff" => (job.force, job.compress) = (true, Wanted::First),
            "fk" => (job.force, job.compress) = (true, Wanted::Keep),
            "f" => job.force = true,
            "j" => job.threads = number().unwrap_or(0),
            "n" => match number() {
                Some(0) => {}
                Some(open) => job.threads = job.threads.min(open),
                None => bail!("-n needs a number"),
            },
            "v" => job.quiet = number() == Some(0),
            _ => match option.strip_prefix('f').map(str::parse) {
                Some(Ok(number)) => (job.force, job.compress) = (true, Wanted::Number(number)),
                _ => bail!("-{option} is not honoured here; hadd -h lists what is"),
            },
        }
    }
    let mut names = names.into_iter();
    match names.next() {
        Some(target) => job.target = target.into(),
        None => bail!("no target is named; hadd -h tells how"),
    }
    job.sources = names.collect();
    if job.sources.is_empty() {
        bail!("no source is named; hadd -h tells how");
    }
    Ok(job)
}

/// Merges as `hadd` is told to.
///
/// # Errors
/// When the command line is not understood, or the merge fails.
pub fn run(arguments: &[String]) -> anyhow::Result<()> {
    if arguments
        .iter()
        .any(|argument| argument == "-h" || argument == "--help")
    {
        println!("{HELP}");
        return Ok(());
    }
    let job = parse(arguments)?;
    let how = MergeArgs {
        threads: job.threads,
        keep_going: job.keep_going,
        force: job.force,
        ..MergeArgs::usual()
    };
    let mut request = how.request(1);
    let survey = how.survey(&job.sources, &request)?;
    let of_first = survey
        .inputs
        .first()
        .map_or(USUAL, |input| input.compression());
    let wanted = match job.compress {
        Wanted::Keep => None,
        Wanted::First => Some(of_first),
        Wanted::Number(number) => Some(number),
    };
    if let Some(number) = wanted {
        let Some(settings) = Settings::from_number(number) else {
            bail!("compression settings {number} cannot be written");
        };
        // Baskets compressed like that already are copied as they are.
        let all = survey
            .inputs
            .iter()
            .all(|input| input.compression() == number);
        request.compress = (!all).then_some(settings);
    }
    let plan = Plan::new(&survey.inputs, &request).map_err(failed)?;
    let how = MergeArgs {
        compress: request.compress.map_or(Compress::Keep, Compress::To),
        no_receipt: true,
        ..how
    };
    let receipt = how.write(&plan, &survey, &request, &job.target)?;
    let receipts = if job.quiet { Vec::new() } else { vec![receipt] };
    how.report(&receipts, &survey)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(line: &str) -> anyhow::Result<Job> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&arguments)
    }

    #[test]
    fn options_mean_what_they_mean_to_hadd() {
        let plain = job("out.root a.root @list").unwrap();
        assert_eq!(plain.target, PathBuf::from("out.root"));
        assert_eq!(plain.sources, ["a.root", "@list"]);
        assert!(!plain.force && !plain.keep_going);
        let all = job("-f404 -k -j 4 -n 2 -v 0 -- -odd.root a.root").unwrap();
        assert_eq!(all.compress, Wanted::Number(404));
        assert!(all.force && all.keep_going && all.quiet);
        assert_eq!((all.threads, all.target), (2, PathBuf::from("-odd.root")));
        assert_eq!(job("-fk o a").unwrap().compress, Wanted::Keep);
        assert_eq!(job("-j o a").unwrap().threads, 0);
    }

    #[test]
    fn what_is_not_honoured_is_refused() {
        for line in ["-O o a", "-T o a", "-a o a", "-fx o a", "o", "", "-n o a"] {
            assert!(job(line).is_err(), "{line}");
        }
    }
}
