//! The command line of ROOT's `hadd`.

use std::path::PathBuf;

use anyhow::{Context, bail};

/// What `hadd -h` says.
pub const HELP: &str = "\
Usage: hadd [OPTIONS] [--] TARGET SOURCES...

Merges ROOT files as ROOT's hadd does, without its silent losses. SOURCES may be @LIST files.
  -a            append: merge what TARGET holds with the sources, with -f too
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
A value may follow its option at once, as in -j4.
Trees whose branches or indices differ are refused: rootlake merge --schema says what to do with them.";

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
        let (option, attached) = split(option);
        let mut given = Given {
            option,
            attached,
            rest: &mut rest,
        };
        match option {
            "-" => names.extend(given.rest.by_ref().cloned()),
            "a" => options.append = true,
            "k" => options.keep_going = true,
            "O" => options.reoptimise = true,
            "T" => options.no_trees = true,
            "dbg" => options.debug = true,
            "ff" => (options.force, options.compress) = (true, Wanted::First),
            "fk" => (options.force, options.compress) = (true, Wanted::Keep(None)),
            "f" => options.force = true,
            "j" => options.threads = given.number()?.unwrap_or(0),
            "v" => options.quiet = given.number()? == Some(0),
            "n" => options.open = given.number()?.context("-n needs a number")?,
            "L" => list = Some(given.value()?),
            "Ltype" => kind = Some(given.value()?),
            "d" => {
                let folder = given.value()?;
                if !std::path::Path::new(&folder).is_dir() {
                    bail!("-d {folder}: there is no such folder");
                }
            }
            "cachesize" => {
                let size = given.value()?;
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

/// Options that take a value, each before those that its own name begins with.
const VALUED: [&str; 7] = ["cachesize", "Ltype", "L", "d", "j", "n", "v"];

/// An option, and the value that may follow it at once, as in `-j4`.
fn split(option: &str) -> (&str, Option<&str>) {
    if option == "dbg" {
        return (option, None);
    }
    let mut valued = VALUED.into_iter();
    let found = valued.find_map(|name| Some((name, option.strip_prefix(name)?)));
    match found {
        Some((name, "")) => (name, None),
        Some((name, value)) => (name, Some(value)),
        None => (option, None),
    }
}

/// What may be the value of an option.
struct Given<'a, 'b> {
    option: &'a str,
    /// What follows it at once.
    attached: Option<&'a str>,
    /// The arguments behind it.
    rest: &'b mut std::iter::Peekable<std::slice::Iter<'a, String>>,
}

impl Given<'_, '_> {
    /// The number that may follow.
    fn number(&mut self) -> anyhow::Result<Option<usize>> {
        if let Some(attached) = self.attached {
            let number = attached.parse().ok();
            let option = self.option;
            return Ok(Some(number.with_context(|| {
                format!("-{option}{attached}: {attached} is no number")
            })?));
        }
        let number = self.rest.peek().and_then(|next| next.parse().ok());
        if number.is_some() {
            self.rest.next();
        }
        Ok(number)
    }

    /// The value that must follow.
    fn value(&mut self) -> anyhow::Result<String> {
        let attached = self.attached.map(str::to_owned);
        let value = attached.or_else(|| self.rest.next().cloned());
        value.with_context(|| format!("-{} needs a value", self.option))
    }
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
        let both = options("-a -f404 o a").unwrap();
        assert!(both.append && both.compress == Wanted::Number(404));
        let only = options("-L names -Ltype OnlyListed o a").unwrap();
        assert_eq!(only.listed.map(|listed| listed.skip), Some(false));
    }

    #[test]
    fn values_may_follow_their_options_at_once() {
        let apart = "-j 4 -v 0 -n 2 -d . -L names -Ltype OnlyListed -cachesize 0 o a";
        let at_once = "-j4 -v0 -n2 -d. -Lnames -LtypeOnlyListed -cachesize0 o a";
        let expected = options(apart).unwrap();
        assert_eq!(
            (expected.threads, expected.quiet, expected.open),
            (4, true, 2)
        );
        assert_eq!(options(at_once).unwrap(), expected);
        for line in [
            "-j4x o a",
            "-j-1 o a",
            "-vx o a",
            "-n2x o a",
            "-LtypeSome -Lx o a",
        ] {
            assert!(options(line).is_err(), "{line}");
        }
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
