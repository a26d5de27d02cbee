//! What a reading command reads: `FILE[:tree]`, some branches, a range of entries.

use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, bail};
use rootlake_io::file::ReadAt;
use rootlake_io::tree::{Branch, Tree};
use rootlake_pipeline::InputFile;

/// What to read.
#[derive(Clone, Debug, clap::Args)]
pub struct TargetArgs {
    /// A file or URL, and behind a colon one tree of it
    #[arg(value_name = "FILE[:TREE]")]
    pub target: String,
    /// Only these branches; * stands for any characters
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub branches: Vec<String>,
}

/// A range of entries: `i:j`, without its last; either end may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRange {
    from: u64,
    to: Option<u64>,
}

impl FromStr for EntryRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not of the form FROM:TO");
        let end = |text: &str| match text {
            "" => Ok(None),
            number => number.parse().map(Some).map_err(|_| wrong()),
        };
        let (from, to) = text.split_once(':').ok_or_else(wrong)?;
        let (from, to) = (end(from)?.unwrap_or(0), end(to)?);
        if to.is_some_and(|to| to < from) {
            return Err(format!("{text:?} ends before it begins"));
        }
        Ok(Self { from, to })
    }
}

impl EntryRange {
    /// What there is of it among so many entries.
    pub fn within(range: Option<Self>, entries: u64) -> Range<u64> {
        let Self { from, to } = range.unwrap_or(Self { from: 0, to: None });
        from.min(entries)..to.unwrap_or(entries).min(entries)
    }
}

/// An opened target.
pub struct Target {
    /// The file.
    pub input: InputFile,
    /// Its trees by path, of each name the highest cycle; the one that is asked for, if one is.
    pub trees: Vec<(String, Tree)>,
}

impl Target {
    /// Opens the file and reads the descriptions of its trees.
    pub fn open(args: &TargetArgs) -> anyhow::Result<Self> {
        let (file, path) = split(&args.target);
        let input = InputFile::open(file)?;
        let layouts = input.file.layouts()?;
        let mut trees = Vec::new();
        match path {
            Some(path) => {
                let key = input.file.find(path)?;
                let tree = Tree::read(&input.file, &key, &layouts)?;
                let path = path.split(';').next().unwrap_or(path);
                trees.push((path.to_owned(), tree));
            }
            None => {
                let keys = input.file.walk()?;
                for (path, key) in &keys {
                    let newest = |(other, against): &(String, _)| {
                        other != path || cycle(against) <= key.cycle
                    };
                    if Tree::is_tree(key) && keys.iter().all(newest) {
                        trees.push((path.clone(), Tree::read(&input.file, key, &layouts)?));
                    }
                }
            }
        }
        if trees.is_empty() {
            bail!("{file} holds no tree");
        }
        for wanted in &args.branches {
            let found = trees
                .iter()
                .any(|(_, tree)| tree.branches.iter().any(|branch| named(branch, wanted)));
            if !found {
                bail!("no tree of {file} has a branch {wanted:?}");
            }
        }
        Ok(Self { input, trees })
    }

    /// The bytes of a record.
    pub fn record(&self, seek: u64, nbytes: u32) -> rootlake_io::Result<bytes::Bytes> {
        let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
        self.input.file.source().read_at(seek, length)
    }
}

fn cycle(key: &rootlake_io::file::Key) -> u16 {
    key.cycle
}

/// The branches of `tree` that are wanted and hold entries of their own.
pub fn branches<'t>(tree: &'t Tree, wanted: &[String]) -> Vec<&'t Branch> {
    tree.branches
        .iter()
        .filter(|branch| branch.format.is_some() || branch.unreadable.is_some())
        .filter(|branch| wanted.is_empty() || wanted.iter().any(|wanted| named(branch, wanted)))
        .collect()
}

fn named(branch: &Branch, wanted: &str) -> bool {
    let names = [&branch.path, &branch.name, &branch.address];
    names.into_iter().any(|name| {
        matches(wanted, name)
            || name
                .strip_prefix(wanted)
                .is_some_and(|rest| rest.starts_with(['.', '/']))
    })
}

/// Whether `pattern`, in which * stands for any characters, is all of `name`.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// File and tree: a colon behind `.root`, or behind the name of a file that is there.
fn split(target: &str) -> (&str, Option<&str>) {
    let by_ending = target
        .find(".root:")
        .map(|at| target.split_at(at + ".root".len()));
    let by_file = || {
        let at = target.rfind(':')?;
        let (file, _) = target.split_at(at);
        (!Path::new(target).exists() && Path::new(file).exists()).then(|| target.split_at(at))
    };
    match by_ending.or_else(by_file) {
        Some((file, tree)) => (file, tree.strip_prefix(':')),
        None => (target, None),
    }
}

/// A pool of so many threads; as many as there are cores without a number.
pub fn pool(threads: Option<usize>) -> anyhow::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .build()
        .context("cannot start threads")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_stands_behind_a_colon() {
        assert_eq!(split("a.root"), ("a.root", None));
        assert_eq!(split("a.root:dir/t;2"), ("a.root", Some("dir/t;2")));
        assert_eq!(
            split("http://host:80/a.root:t"),
            ("http://host:80/a.root", Some("t"))
        );
        assert_eq!(split("http://host:80/a"), ("http://host:80/a", None));
    }

    #[test]
    fn ranges_have_open_ends() {
        let within = |text: &str| EntryRange::within(Some(text.parse().unwrap()), 10);
        assert_eq!(within("2:5"), 2..5);
        assert_eq!(within(":"), 0..10);
        assert_eq!(within("4:"), 4..10);
        assert_eq!(within("20:30"), 10..10);
        assert!("5".parse::<EntryRange>().is_err());
        assert!("5:4".parse::<EntryRange>().is_err());
    }

    #[test]
    fn stars_stand_for_any_characters() {
        assert!(matches("jet_*", "jet_pt") && matches("*_n", "lep_n") && matches("a*b*c", "axbyc"));
        assert!(
            !matches("jet_*", "lep_pt") && !matches("jet", "jet_pt") && !matches("a*bc", "abd")
        );
    }
}
