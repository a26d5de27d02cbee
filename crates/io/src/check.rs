//! A walk through all of a file, to find what is damaged.
//!
//! Checked are: the chain of records and gaps from the first byte to the last; each key against
//! the record it points to; each record's compressed blocks, their lengths and checksums; the
//! streamer info; each tree's baskets: that they follow each other without a hole and add up to
//! the tree's entries, that each expands, holds the entries its branch says, and that its values
//! and entry offsets agree with the branch's type.

use std::collections::HashSet;

use crate::cursor::Cursor;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Key, ReadAt, RootFile};
use crate::tree::{
    Basket, Branch, ColumnReader, Format, Location, Tree, basket_header, expand_basket,
};

/// Bytes that hold any key.
const KEY_ROOM: u64 = 4096;
/// How many faults are kept: a file cut short would give one for every basket.
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
    let mut report = Report::default();
    if let Err(error) = records(file, &mut report) {
        report.fault(None, error.in_file(file.name()));
    }
    let keys = match (file.layouts(), file.walk()) {
        (Ok(layouts), Ok(keys)) => {
            for (path, key) in keys {
                if !Tree::is_tree(&key) {
                    if let Err(error) = file.content(&key) {
                        report.fault(None, error);
                    }
                    continue;
                }
                match Tree::read(file, &key, &layouts) {
                    Ok(tree) => check_tree(file, &path, &tree, &mut report),
                    Err(error) => report.fault(Some(&path), error),
                }
            }
            return report;
        }
        keys => keys,
    };
    for error in [keys.0.err(), keys.1.err()].into_iter().flatten() {
        report.fault(None, error);
    }
    report
}

/// The chain of records and gaps from `fBEGIN` to `fEND`.
fn records(file: &RootFile<impl ReadAt>, report: &mut Report) -> Result<()> {
    let (mut offset, end) = (file.header().begin, file.header().end);
    let mut gaps_and_records = 0u64;
    while offset < end {
        let room = KEY_ROOM.min(end - offset);
        let bytes = file
            .source()
            .read_at(offset, usize::try_from(room).unwrap_or(0))?;
        let mut cursor = Cursor::new(&bytes);
        let nbytes = cursor.i32().map_err(|error| error.at(offset))?;
        if nbytes == 0 {
            return Err(Error::malformed("a record of no bytes").at(offset));
        }
        if nbytes > 0 {
            report.records += 1;
            cursor.seek(0)?;
            match Key::parse(&mut cursor) {
                // Some writers leave it out.
                Ok(key) if key.seek_key != offset && key.seek_key != 0 => {
                    let stands = key.seek_key;
                    let error = format!("its key says that it stands at {stands}");
                    return Err(Error::malformed(error).at(offset));
                }
                Ok(_) => {}
                Err(error) => return Err(error.in_object("chain of records").at(offset)),
            }
        }
        offset += u64::from(nbytes.unsigned_abs());
        gaps_and_records += 1;
        if gaps_and_records > 1_000_000_000 {
            return Err(Error::malformed("more records than a file can hold"));
        }
    }
    if offset == end {
        Ok(())
    } else {
        Err(Error::malformed(format!(
            "its last record ends at byte {offset}, its header says {end}"
        ))
        .in_object("chain of records"))
    }
}

fn check_tree(file: &RootFile<impl ReadAt>, path: &str, tree: &Tree, report: &mut Report) {
    report.trees += 1;
    let mut reader = ColumnReader::default();
    let mut seen = HashSet::new();
    for branch in &tree.branches {
        report.branches += 1;
        if let Some(damage) = &branch.damage {
            let error = Error::malformed(damage.clone());
            report.fault(
                Some(path),
                error.in_object(format!("branch {}", branch.path)),
            );
            continue;
        }
        if !branch.baskets.is_empty() && branch.depth == 0 && branch.entries < tree.entries {
            let error = format!("{} entries of the tree's {}", branch.entries, tree.entries);
            let error = Error::malformed(error).in_object(format!("branch {}", branch.path));
            report.fault(Some(path), error);
        }
        let mut decodes = branch.format.is_some();
        if !decodes && branch.unreadable.is_some() {
            report.undecoded += 1;
        }
        for basket in &branch.baskets {
            report.baskets += 1;
            let checked = place(file, basket, &mut seen)
                .and_then(|bytes| {
                    report.bytes += bytes;
                    if !decodes {
                        return Ok(());
                    }
                    match decode(file, branch, basket, &mut reader) {
                        // The basket is whole: the description of a class does not say all.
                        Err(error) if is_unknown(branch, &error) => {
                            decodes = false;
                            report.undecoded += 1;
                            Ok(())
                        }
                        decoded => decoded,
                    }
                })
                .map_err(|error| {
                    let first = basket.first_entry;
                    let error = error.in_object(format!(
                        "branch {}, basket of entries {first} to {}",
                        branch.path,
                        basket.end_entry()
                    ));
                    match basket.location {
                        Location::Stored { seek, .. } => error.at(seek),
                        Location::Embedded(_) => error,
                    }
                    .in_file(file.name())
                });
            if let Err(error) = checked {
                report.fault(Some(path), error);
            }
        }
    }
}

/// Expands a basket; gives the bytes of its values.
fn place(file: &RootFile<impl ReadAt>, basket: &Basket, seen: &mut HashSet<u64>) -> Result<u64> {
    let (seek, nbytes) = match &basket.location {
        Location::Embedded(embedded) => return Ok(embedded.data.len() as u64),
        Location::Stored { seek, nbytes } => (*seek, *nbytes),
    };
    if !seen.insert(seek) {
        return Err(Error::malformed(
            "another basket of the tree stands there as well",
        ));
    }
    let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
    let record = file.source().read_at(seek, length)?;
    let header = basket_header(&record)?;
    if header.key.seek_key != seek && header.key.seek_key != 0 {
        return Err(Error::malformed(format!(
            "its key says that it stands at {}",
            header.key.seek_key
        )));
    }
    let mut scratch = Vec::new();
    let mut codec = crate::codec::Decompressor::new();
    let content = expand_basket(&record, &mut codec, &mut scratch)?;
    if content.entries != basket.entries {
        return Err(Error::malformed(format!(
            "it holds {} entries, its branch says {}",
            content.entries, basket.entries
        )));
    }
    Ok(content.values.len() as u64)
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
    let columns = reader.columns(branch, range, |seek, nbytes| {
        let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
        file.source().read_at(seek, length)
    });
    columns.map(drop)
}
