//! oxyroot, another reader in Rust that shares no line with ours: what it reads of a file is what
//! our columns hold, bit for bit.
//!
//! It opens files of ROOT before 6.36 and those that we write, none with ZSTD, and panics where it
//! does not know how to go on: what it does not read is not compared.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "test code: a panic is a failed test, and this one speaks of what it compared"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use bytes::Bytes;
use oxyroot::{RBuffer, ReaderTree, Slice, UnmarshalerInto};
use rootlake_io::column::{Column, Level, Scalar, Values};
use rootlake_io::digest::Digest;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{Branch, ColumnReader, Tree};
use support::succeed;

/// oxyroot finds no entry where ROOT and uproot find one.
const MISREAD: [&str; 1] = ["uproot-issue-1229.root branch.TObject.fUniqueID (uint32_t)"];

/// What came of the branches of some files.
#[derive(Debug, Default)]
struct Compared {
    equal: usize,
    different: Vec<String>,
    /// Read by us alone.
    left_out: Vec<String>,
}

impl Compared {
    /// Demands that so many branches are equal, and none is different.
    fn expect(&self, least: usize) {
        let (equal, left_out) = (self.equal, self.left_out.len());
        eprintln!("{equal} branches equal, {left_out} not read by oxyroot");
        assert_eq!(self.different, [""; 0]);
        assert!(equal >= least, "only {equal} branches compared");
    }
}

/// Holds every branch of a file whose entries make one column against what oxyroot reads.
fn compare(path: &Path, compared: &mut Compared) {
    let file = path.file_name().unwrap().to_string_lossy();
    let ours = RootFile::open(Bytes::from(std::fs::read(path).unwrap()), &file).unwrap();
    let layouts = ours.layouts().unwrap();
    for key in ours.keys(ours.top()).unwrap() {
        if !Tree::is_tree(&key) {
            continue;
        }
        let tree = Tree::read(&ours, &key, &layouts).unwrap();
        let theirs = quietly(|| oxyroot::RootFile::open(path).ok()?.get_tree(&key.name).ok());
        // In our order: each branch before those in it. Names alone may stand for several.
        let theirs = theirs.as_ref().map(ReaderTree::branches_r);
        for (index, branch) in tree.branches.iter().enumerate() {
            let Some(column) = column(&ours, branch) else {
                continue;
            };
            let label = format!("{file} {} ({})", branch.path, branch.type_name);
            let theirs = theirs.as_ref().and_then(|branches| branches.get(index));
            assert!(
                theirs.is_none_or(|theirs| *theirs.name() == *branch.name),
                "{label}"
            );
            match theirs.and_then(|theirs| read(theirs, &column)) {
                None => compared.left_out.push(label),
                Some(read) if digest(&read) == digest(&column) => compared.equal += 1,
                Some(_) if MISREAD.contains(&&*label) => {}
                Some(_) => compared.different.push(label),
            }
        }
    }
}

/// All entries of a branch, where they make one column.
fn column(file: &RootFile<Bytes>, branch: &Branch) -> Option<Column> {
    let fetch = |seek, nbytes| {
        file.source()
            .read_at(seek, usize::try_from(nbytes).unwrap())
    };
    let columns = ColumnReader::default().columns(branch, 0..branch.entries, fetch);
    match columns.ok()?.as_slice() {
        [(_, column)] => Some(column.clone()),
        _ => None,
    }
}

/// The column as oxyroot reads it, where it does.
fn read(branch: &oxyroot::Branch, ours: &Column) -> Option<Column> {
    if ours.is_text() {
        return match ours.levels() {
            [_] => texts(branch),
            _ => None,
        };
    }
    match ours.values() {
        Values::Bool(_) => numbers::<bool>(branch, ours.levels()),
        Values::I8(_) => numbers::<i8>(branch, ours.levels()),
        Values::U8(_) => numbers::<u8>(branch, ours.levels()),
        Values::I16(_) => numbers::<i16>(branch, ours.levels()),
        Values::U16(_) => numbers::<u16>(branch, ours.levels()),
        Values::I32(_) => numbers::<i32>(branch, ours.levels()),
        Values::U32(_) => numbers::<u32>(branch, ours.levels()),
        Values::I64(_) => numbers::<i64>(branch, ours.levels()),
        Values::U64(_) => numbers::<u64>(branch, ours.levels()),
        Values::F32(_) => numbers::<f32>(branch, ours.levels()),
        Values::F64(_) => numbers::<f64>(branch, ours.levels()),
    }
}

/// Numbers, arrays of them, and vectors or counted arrays of them.
fn numbers<T>(branch: &oxyroot::Branch, levels: &[Level]) -> Option<Column>
where
    T: Scalar + UnmarshalerInto<Item = T>,
{
    match levels {
        [] => quietly(|| {
            Some(Column::fixed(
                branch.as_iter::<T>().ok()?.collect::<Vec<_>>(),
            ))
        }),
        [Level::List(_)] => quietly(|| {
            if let Ok(entries) = branch.as_iter::<Vec<T>>() {
                return jagged(entries);
            }
            jagged(branch.as_iter::<Slice<T>>().ok()?.map(Vec::from))
        }),
        levels => array::<T>(branch, levels),
    }
}

/// Arrays of fixed length, which oxyroot leaves to its caller to read item by item.
fn array<T>(branch: &oxyroot::Branch, levels: &[Level]) -> Option<Column>
where
    T: Scalar + UnmarshalerInto<Item = T>,
{
    let mut items = 1;
    for level in levels {
        match level {
            Level::Array(length) => items *= length,
            Level::List(_) => return None,
        }
    }
    let entries = quietly(|| {
        let entry = |buffer: &mut RBuffer| (0..items).map(|_| T::unmarshal_into(buffer)).collect();
        let entries: Result<Vec<Vec<T>>, _> = branch.get_basket(entry).collect();
        entries.ok()
    })?;
    Column::nested(T::wrap(entries.concat()), levels.to_vec(), false).ok()
}

fn jagged<T: Scalar>(entries: impl Iterator<Item = Vec<T>>) -> Option<Column> {
    let (mut offsets, mut values) = (vec![0], Vec::new());
    for entry in entries {
        values.extend(entry);
        offsets.push(u32::try_from(values.len()).ok()?);
    }
    Column::jagged(offsets, values).ok()
}

fn texts(branch: &oxyroot::Branch) -> Option<Column> {
    let bytes = quietly(|| jagged(branch.as_iter::<String>().ok()?.map(String::into_bytes)))?;
    Column::nested(bytes.values().clone(), bytes.levels().to_vec(), true).ok()
}

/// What `work` gives, unless it panics.
fn quietly<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

/// Entries and digest of a column: equal for equal bits, of NaN too.
fn digest(column: &Column) -> (u64, u64) {
    let mut digest = Digest::new();
    digest.push(column);
    (digest.entries(), digest.xxh3())
}

#[test]
fn oxyroot_reads_the_same_from_files_of_the_world() {
    let Some(folder) = rootlake_testkit::shared("oxyroot", "data/formats") else {
        return;
    };
    let mut compared = Compared::default();
    for entry in std::fs::read_dir(folder).unwrap() {
        compare(&entry.unwrap().path(), &mut compared);
    }
    compared.expect(3_600);
}

#[test]
fn oxyroot_reads_the_same_from_files_that_we_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let made = path("made.root");
    let sample = ["--final-state", "4lep", "--sample", "llll", "--seed", "1"];
    let size = ["--events", "3000", "-o", &made];
    succeed(&[&["generate"], &sample[..], &size].concat());
    let mut compared = Compared::default();
    compare(Path::new(&made), &mut compared);
    for codec in ["lz4:4", "lzma:1", "none"] {
        let out = path(&format!("{codec}.root"));
        succeed(&["merge", "--compress", codec, &out, &made]);
        compare(Path::new(&out), &mut compared);
    }
    compared.expect(4 * 81);
    assert_eq!(compared.left_out, [""; 0]);
}
