//! A walk through all of a file, to find what is damaged.
//!
//! Checked are: the chain of records and gaps from the first byte to the last; each key against
//! the record it points to; each record's compressed blocks, their lengths and checksums; the
//! streamer info; each tree's baskets: that they follow each other without a hole and add up to
//! the tree's entries, that each expands, holds the entries its branch says, and that its values
//! and entry offsets agree with the branch's type.

mod chain;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::codec::Decompressor;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Key, ReadAt, RootFile};
use crate::object::Layouts;
use crate::tree::{
    Basket, Branch, ColumnReader, Format, Location, Tree, basket_header, expand_basket,
};

/// How many faults, and how many notes, are kept: a file cut short would give one for every basket.
const MAX_FAULTS: usize = 1000;

/// What a walk found.
#[derive(Debug, Default)]
pub struct Report {
    /// Records met, gaps not counted.
    pub records: u64,
    /// Trees read.
    pub trees: u64,
    /// Branches walked.
    pub branches: u64,
    /// Branches whose baskets expand, but whose type cannot be decoded here.
    pub undecoded: u64,
    /// Baskets expanded.
    pub baskets: u64,
    /// Their bytes, expanded.
    pub bytes: u64,
    /// What is damaged, in the order in which it was found; the first thousand.
    pub faults: Vec<Fault>,
    /// How many faults there are.
    pub fault_count: u64,
    /// What a writer did in a way of its own, without loss; the first thousand.
    pub notes: Vec<Note>,
}

/// Something odd that costs no data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it stands in the file.
    pub offset: u64,
    /// What is odd.
    pub text: String,
}

/// Something damaged.
#[derive(Debug)]
pub struct Fault {
    /// The tree, where it lies in one.
    pub tree: Option<String>,
    /// What is wrong and where.
    pub error: Error,
}

impl Report {
    /// Adds what a walk through another part of the file found, behind what was found before.
    pub fn add(&mut self, other: Self) {
        self.records += other.records;
        self.trees += other.trees;
        self.branches += other.branches;
        self.undecoded += other.undecoded;
        self.baskets += other.baskets;
        self.bytes += other.bytes;
        self.fault_count += other.fault_count;
        let room = MAX_FAULTS.saturating_sub(self.faults.len());
        self.faults.extend(other.faults.into_iter().take(room));
        let room = MAX_FAULTS.saturating_sub(self.notes.len());
        self.notes.extend(other.notes.into_iter().take(room));
    }

    fn note(&mut self, offset: u64, text: String) {
        if self.notes.len() < MAX_FAULTS {
            self.notes.push(Note { offset, text });
        }
    }

    fn fault(&mut self, tree: Option<&str>, error: Error) {
        self.fault_count += 1;
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault {
                tree: tree.map(str::to_owned),
                error,
            });
        }
    }
}

/// Walks through all of `file`.
pub fn check(file: &RootFile<impl ReadAt>) -> Report {
    let Outline {
        mut report,
        layouts,
        trees,
    } = outline(file);
    for (path, key) in &trees {
        let (found, tree) = CheckedTree::open(file, path, key, &layouts);
        report.add(found);
        if let Some(tree) = tree {
            for branch in tree.branches() {
                report.add(tree.check(file, branch));
            }
        }
    }
    report
}

/// A file but for its trees.
#[derive(Debug)]
pub struct Outline {
    /// What was found so far.
    pub report: Report,
    /// The layouts of the file's classes: read once, for they take longer than a small tree.
    pub layouts: Layouts,
    /// Paths and keys of the trees still to be walked through; none where the layouts are damaged.
    pub trees: Vec<(String, Key)>,
}

/// Walks through all but the trees of `file`.
pub fn outline(file: &RootFile<impl ReadAt>) -> Outline {
    let mut report = Report::default();
    let mut trees = Vec::new();
    let walked = file.walk();
    let keys = walked.as_deref().unwrap_or_default();
    if let Err(error) = chain::records(file, keys, &mut report) {
        report.fault(None, error.in_file(file.name()));
    }
    let keys = walked.unwrap_or_else(|error| {
        report.fault(None, error);
        Vec::new()
    });
    let mut seen = HashSet::new();
    for (path, key) in keys {
        if !seen.insert(key.seek_key) {
            // Not read again, lest a small file make endless work.
            let error = Error::malformed("another key points to the same record");
            let error = error.in_object(path).at(key.seek_key);
            report.fault(None, error.in_file(file.name()));
        } else if Tree::is_tree(&key) {
            trees.push((path, key));
        } else if let Err(error) = file.content(&key) {
            report.fault(None, error);
        }
    }
    let layouts = file.layouts().unwrap_or_else(|error| {
        report.fault(None, error);
        trees.clear();
        Layouts::builtin()
    });
    Outline {
        report,
        layouts,
        trees,
    }
}

/// A tree whose branches are checked, in any order.
#[derive(Debug)]
pub struct CheckedTree {
    path: String,
    tree: Tree,
    /// Where baskets that differ are said to stand: none of them is expanded.
    doubled: HashSet<u64>,
}

impl CheckedTree {
    /// Reads the tree behind `key`, and holds its branches against each other.
    pub fn open(
        file: &RootFile<impl ReadAt>,
        path: &str,
        key: &Key,
        layouts: &Layouts,
    ) -> (Report, Option<Self>) {
        let mut report = Report::default();
        let tree = match Tree::read(file, key, layouts) {
            Ok(tree) => tree,
            Err(error) => {
                report.fault(Some(path), error);
                return (report, None);
            }
        };
        report.trees = 1;
        for error in &tree.left_out {
            report.note(key.seek_key, format!("tree {path}: left out: {error}"));
        }
        let mut elsewhere: BTreeMap<&str, u64> = BTreeMap::new();
        for other in tree
            .branches
            .iter()
            .filter_map(|branch| branch.elsewhere.as_deref())
        {
            *elsewhere.entry(other).or_default() += 1;
        }
        for (other, branches) in elsewhere {
            let text =
                format!("tree {path}: {branches} branches stand in {other:?}, not looked into");
            report.note(key.seek_key, text);
        }
        let mut first: HashMap<u64, (usize, u32, u64)> = HashMap::new();
        let mut doubled = HashSet::new();
        let mut shared: u64 = 0;
        for (number, branch) in tree.branches.iter().enumerate() {
            if !branch.baskets.is_empty() && branch.depth == 0 && branch.entries < tree.entries {
                let error = format!("{} entries of the tree's {}", branch.entries, tree.entries);
                let error = Error::malformed(error).in_object(format!("branch {}", branch.path));
                report.fault(Some(path), error.in_file(file.name()));
            }
            for basket in &branch.baskets {
                let Location::Stored { seek, nbytes } = basket.location else {
                    continue;
                };
                let own = (number, nbytes, basket.entries);
                match first.entry(seek) {
                    Entry::Vacant(place) => {
                        place.insert(own);
                    }
                    // As in a tree that was multiplied without copying.
                    Entry::Occupied(first) if *first.get() == own => shared += 1,
                    Entry::Occupied(_) => {
                        doubled.insert(seek);
                        let error =
                            Error::malformed("another basket of the tree stands there as well");
                        report.fault(Some(path), place(error, file, branch, basket));
                    }
                }
            }
        }
        if shared > 0 {
            let text =
                format!("tree {path}: {shared} baskets are others of their branch once more");
            report.note(key.seek_key, text);
        }
        let path = path.to_owned();
        let checked = Self {
            path,
            tree,
            doubled,
        };
        (report, Some(checked))
    }

    /// Its branches.
    pub fn branches(&self) -> &[Branch] {
        &self.tree.branches
    }

    /// Expands and decodes all baskets of one of its branches.
    pub fn check(&self, file: &RootFile<impl ReadAt>, branch: &Branch) -> Report {
        let mut report = Report {
            branches: 1,
            ..Report::default()
        };
        if let Some(damage) = &branch.damage {
            let error = Error::malformed(damage.clone());
            let error = error.in_object(format!("branch {}", branch.path));
            report.fault(Some(&self.path), error.in_file(file.name()));
            return report;
        }
        let mut reader = ColumnReader::default();
        let mut codec = Decompressor::new();
        if branch.elsewhere.is_some() {
            return report;
        }
        let mut met = HashSet::new();
        let mut decodes = branch.format.is_some();
        if !decodes && branch.unreadable.is_some() {
            report.undecoded += 1;
        }
        for basket in &branch.baskets {
            report.baskets += 1;
            // Where several are said to stand, one is expanded at most, lest a small file make
            // endless work.
            if let Location::Stored { seek, .. } = basket.location
                && (self.doubled.contains(&seek) || !met.insert(seek))
            {
                continue;
            }
            let checked = header(file, basket).and_then(|bytes| {
                report.bytes += bytes;
                if decodes {
                    match decode(file, branch, basket, &mut reader) {
                        // The description of a class does not say all: the basket may be whole.
                        Err(error) if is_unknown(branch, &error) => {}
                        decoded => return decoded,
                    }
                    decodes = false;
                    report.undecoded += 1;
                }
                expand(file, basket, &mut codec)
            });
            if let Err(error) = checked {
                report.fault(Some(&self.path), place(error, file, branch, basket));
            }
        }
        report
    }
}

fn place(error: Error, file: &RootFile<impl ReadAt>, branch: &Branch, basket: &Basket) -> Error {
    let error = error.in_object(format!(
        "branch {}, basket of entries {} to {}",
        branch.path,
        basket.first_entry,
        basket.end_entry()
    ));
    match basket.location {
        Location::Stored { seek, .. } => error.at(seek),
        Location::Embedded(_) => error,
    }
    .in_file(file.name())
}

/// Holds a basket's header against its branch; gives the bytes of its values.
fn header(file: &RootFile<impl ReadAt>, basket: &Basket) -> Result<u64> {
    let (seek, nbytes) = match &basket.location {
        Location::Embedded(embedded) => return Ok(embedded.data.len() as u64),
        Location::Stored { seek, nbytes } => (*seek, *nbytes),
    };
    let header = basket_header(&record(file, seek, nbytes)?)?;
    if header.key.seek_key != seek && header.key.seek_key != 0 {
        return Err(Error::malformed(format!(
            "its key says that it stands at {}",
            header.key.seek_key
        )));
    }
    if u64::from(header.entries) != basket.entries {
        return Err(Error::malformed(format!(
            "it holds {} entries, its branch says {}",
            header.entries, basket.entries
        )));
    }
    Ok(header.values as u64)
}

/// Expands a basket that is not decoded.
fn expand(file: &RootFile<impl ReadAt>, basket: &Basket, codec: &mut Decompressor) -> Result<()> {
    match basket.location {
        Location::Embedded(_) => Ok(()),
        Location::Stored { seek, nbytes } => {
            let mut scratch = Vec::new();
            expand_basket(&record(file, seek, nbytes)?, codec, &mut scratch).map(drop)
        }
    }
}

fn record(file: &RootFile<impl ReadAt>, seek: u64, nbytes: u32) -> Result<bytes::Bytes> {
    let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
    file.source().read_at(seek, length)
}

/// Whether a failure to decode says more about this reader than about the file: a class may have
/// a streamer of its own that no description tells of.
fn is_unknown(branch: &Branch, error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported(_))
        || branch.format.as_ref().is_some_and(Format::has_objects)
}

fn decode(
    file: &RootFile<impl ReadAt>,
    branch: &Branch,
    basket: &Basket,
    reader: &mut ColumnReader,
) -> Result<()> {
    let range = basket.first_entry..basket.end_entry();
    let columns = reader.columns(branch, range, |seek, nbytes| record(file, seek, nbytes));
    columns.map(drop)
}
