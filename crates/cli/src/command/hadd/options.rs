//! The command line of ROOT's `hadd`.

use std::path::PathBuf;

use anyhow::{Context, bail};

/// What `hadd -h` says.
pub const HELP: &str = "\
Usage: hadd [OPTIONS] [--] TARGET SOURCES...

Merges ROOT files as ROOT's hadd does, without its silent losses. SOURCES may be @LIST files.
  -a            append: merge what TARGET holds with the sources
  -f            overwrite TARGET
  -f[0-9]..     and compress as ROOT numbers settings, as in -f404; 101 if nothing is said
  -ff           and compress as the first source is
  -fk[0-9]..    and keep each basket as it is compressed; all else is compressed as the first
                source is, or as the number says
  -k            leave out sources that cannot be read; then ends with code 6
  -L FILE       names of objects and directories, one on each line, for -Ltype
  -Ltype TYPE   SkipListed leaves those out, OnlyListed all others
  -O            gather small baskets into large ones
  -T            no trees
  -v [LEVEL]    0: say nothing
  -j [N]        threads; without N one per processor
  -d DIR        must be a folder; this hadd makes no partial files
  -dbg          also name every source and object
  -n N          at most N open sources
  -cachesize 0  this hadd has no prefetching cache: any other size is refused
Every basket is decompressed to see that it is whole, even those that are kept as they are.
Refused: -experimental-io-features, since no tree is filled anew.
Trees whose branches differ are refused: rootlake merge --schema says what to do with them.";

/// What a command line asks for.
#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub target: PathBuf,
    pub sources: Vec<String>,
    pub append: bool,
    pub force: bool,
    pub keep_going: bool,
    pub quiet: bool,
    pub debug: bool,
    pub reoptimise: bool,
    pub no_trees: bool,
    pub listed: Option<Listed>,
    pub compress: Wanted,
    /// 0: one per processor.
    pub threads: usize,
    /// How many sources may be open; 0: any number.
    pub open: usize,
}

/// Objects that are left out, or the only ones that are not, by name.
#[derive(Debug, PartialEq)]
pub(super) struct Listed {
    pub file: String,
    pub skip: bool,
}

/// Compression as `hadd` is told it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wanted {
    /// Settings by number.
    Number(i32),
    /// Those of the first source.
    First,
    /// Those of each basket; for all else, settings by number, or those of the first source.
    Keep(Option<i32>),
}

/// `hadd`'s own default: zlib at level 1.
pub(super) const USUAL: i32 = 101;

/// Understands a command line.
///
/// # Errors
/// When an option is unknown, cannot be honoured or lacks its value, or a name is missing.
pub(super) fn parse(arguments: &[String]) -> anyhow::Result<Options> {
    let mut options = Options {
        target: PathBuf::new(),
        sources: Vec::new(),
        append: false,
        force: false,
        keep_going: false,
        quiet: false,
        debug: false,
        reoptimise: false,
        no_trees: false,
        listed: None,
        compress: Wanted::Number(USUAL),
        threads: 1,
        open: 0,
    };
    let mut names = Vec::new();
    let (mut list, mut kind) = (None, None);
    let mut rest = arguments.iter().peekable();
    while let Some(argument) = rest.next() {
        let Some(option) = argument.strip_prefix('-') else {
            names.push(argument.clone());
            continue;
        };
        match option {
            "-" => names.extend(rest.by_ref().cloned()),
            "a" => options.append = true,
            "k" => options.keep_going = true,
            "O" => options.reoptimise = true,
            "T" => options.no_trees = true,
            "dbg" => options.debug = true,
            "ff" => (options.force, options.compress) = (true, Wanted::First),
            "fk" => (options.force, options.compress) = (true, Wanted::Keep(None)),
            "f" => options.force = true,
            "j" => options.threads = number(&mut rest).unwrap_or(0),
            "v" => options.quiet = number(&mut rest) == Some(0),
            "n" => options.open = number(&mut rest).context("-n needs a number")?,
            "L" => list = Some(value(&mut rest, option)?),
            "Ltype" => kind = Some(value(&mut rest, option)?),
            "d" => {
                let folder = value(&mut rest, option)?;
                if !std::path::Path::new(&folder).is_dir() {
                    bail!("-d {folder}: there is no such folder");
                }
            }
            "cachesize" => {
                let size = value(&mut rest, option)?;
                if crate::merging::size(&size).is_ok() || size.parse::<u64>() != Ok(0) {
                    bail!("-cachesize {size} cannot be honoured: there is no prefetching cache");
                }
            }
            _ => match numbered(option) {
                Some(wanted) => (options.force, options.compress) = (true, wanted),
                None => bail!("-{option} is not honoured here; hadd -h lists what is"),
            },
        }
    }
    options.listed = listed(list, kind)?;
    let mut names = names.into_iter();
    match names.next() {
        Some(target) => options.target = target.into(),
        None => bail!("no target is named; hadd -h tells how"),
    }
    options.sources = names.collect();
    if options.sources.is_empty() {
        bail!("no source is named; hadd -h tells how");
    }
    if options.append && options.force {
        bail!("-a keeps what the target holds, -f does not");
    }
    Ok(options)
}

/// What `f404` or `fk404` asks for.
fn numbered(option: &str) -> Option<Wanted> {
    let rest = option.strip_prefix('f')?;
    let number = |digits: &str| digits.parse::<u16>().ok().map(i32::from);
    match rest.strip_prefix('k') {
        Some(digits) => Some(Wanted::Keep(Some(number(digits)?))),
        None => Some(Wanted::Number(number(rest)?)),
    }
}

type Rest<'a> = std::iter::Peekable<std::slice::Iter<'a, String>>;

/// The number that may follow an option.
fn number(rest: &mut Rest<'_>) -> Option<usize> {
    let number = rest.peek()?.parse().ok()?;
    rest.next();
    Some(number)
}

/// The value that must follow an option.
fn value(rest: &mut Rest<'_>, option: &str) -> anyhow::Result<String> {
    let value = rest.next().cloned();
    value.with_context(|| format!("-{option} needs a value"))
}

fn listed(list: Option<String>, kind: Option<String>) -> anyhow::Result<Option<Listed>> {
    let (file, kind) = match (list, kind) {
        (None, None) => return Ok(None),
        (Some(file), Some(kind)) => (file, kind),
        _ => bail!("-L and -Ltype need each other"),
    };
    let skip = match kind.as_str() {
        "SkipListed" => true,
        "OnlyListed" => false,
        _ => bail!("-Ltype is SkipListed or OnlyListed, not {kind}"),
    };
    Ok(Some(Listed { file, skip }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> anyhow::Result<Options> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&arguments)
    }

    #[test]
    fn options_mean_what_they_mean_to_hadd() {
        let plain = options("out.root a.root @list").unwrap();
        assert_eq!(plain.target, PathBuf::from("out.root"));
        assert_eq!(plain.sources, ["a.root", "@list"]);
        assert!(!plain.force && !plain.keep_going && !plain.append);
        let all = options("-f404 -k -j 4 -n 2 -v 0 -O -T -dbg -d . -cachesize 0 -- -odd.root a");
        let all = all.unwrap();
        assert_eq!(all.compress, Wanted::Number(404));
        assert!(all.force && all.keep_going && all.quiet);
        assert!(all.reoptimise && all.no_trees && all.debug);
        assert_eq!((all.threads, all.open), (4, 2));
        assert_eq!(all.target, PathBuf::from("-odd.root"));
        let keep = |line| options(line).unwrap().compress;
        assert_eq!(keep("-fk o a"), Wanted::Keep(None));
        assert_eq!(keep("-fk206 o a"), Wanted::Keep(Some(206)));
        assert_eq!(options("-j o a").unwrap().threads, 0);
        assert!(options("-a o a").unwrap().append);
        let only = options("-L names -Ltype OnlyListed o a").unwrap();
        assert_eq!(only.listed.map(|listed| listed.skip), Some(false));
    }

    #[test]
    fn what_is_not_honoured_is_refused() {
        for line in [
            "-fx o a",
            "-fk20x o a",
            "-f-1 o a",
            "o",
            "",
            "-n o a",
            "-a -f o a",
            "-L names o a",
            "-Ltype SkipListed o a",
            "-L names -Ltype Some o a",
            "-cachesize 10M o a",
            "-d /no/such/folder o a",
            "-experimental-io-features kGenerateOffsetMap o a",
            "-kf o a",
        ] {
            assert!(options(line).is_err(), "{line}");
        }
    }
}
