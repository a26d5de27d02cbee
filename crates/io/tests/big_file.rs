//! A file past 2 and 4 GB: 64-bit offsets in its header and keys. It is sparse, and takes a few
//! kilobytes on disk; it stays in `target/tmp` for ROOT and uproot to read.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use bytes::Bytes;
use rootlake_io::check::check;
use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::column::{Column, ScalarType};
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{ColumnKind, ColumnReader, Location, Tree};
use rootlake_io::write::{BranchSchema, FileWriter, Sink, Stamp, TreeWriter, encode_basket};

/// A file in which reserved room is a hole.
struct Sparse {
    file: File,
    end: u64,
}

impl Sink for Sparse {
    fn append(&mut self, bytes: &[u8]) -> rootlake_io::Result<()> {
        self.file.write_all_at(bytes, self.end).unwrap();
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn reserve(&mut self, length: u64) -> rootlake_io::Result<()> {
        self.end += length;
        Ok(())
    }

    fn patch(&mut self, offset: u64, bytes: &[u8]) -> rootlake_io::Result<()> {
        self.file.write_all_at(bytes, offset).unwrap();
        Ok(())
    }
}

struct Source(File);

impl ReadAt for Source {
    fn length(&self) -> u64 {
        self.0.metadata().unwrap().len()
    }

    fn read_at(&self, offset: u64, length: usize) -> rootlake_io::Result<Bytes> {
        let mut bytes = vec![0; length];
        self.0
            .read_exact_at(&mut bytes, offset)
            .map_err(rootlake_io::Error::source)?;
        Ok(bytes.into())
    }
}

/// Entries in each of the three baskets of a branch: before 2 GB, behind 2 GB, behind 4 GB.
const PART: usize = 100;
/// A hole between them: a gap's length has 31 bits.
const HOLE: u64 = 1_100_000_000;

fn column(part: usize) -> Column {
    Column::fixed(
        (0..PART)
            .map(|i| (part * PART + i) as i64 * 7)
            .collect::<Vec<i64>>(),
    )
}

fn write(path: &Path) {
    let sink = Sparse {
        file: File::create(path).unwrap(),
        end: 0,
    };
    let settings = Settings::ZLIB_1;
    let mut file = FileWriter::create(sink, "big.root", Stamp::REPRODUCIBLE, settings).unwrap();
    let kind = ColumnKind::Fixed(ScalarType::I64);
    let schema = BranchSchema::new("x", kind);
    let mut tree = TreeWriter::new("t", "", vec![schema.clone()], PART as u64);
    let mut compressor = Compressor::new(settings).unwrap();
    for part in 0..3 {
        let basket = encode_basket("t", &schema, &column(part), 0..PART, 0, &mut compressor);
        tree.basket(&mut file, 0, basket.unwrap()).unwrap();
        for _ in 0..2 {
            let hole = file.reserve(HOLE).unwrap();
            let gap = -i32::try_from(HOLE).unwrap();
            let sink = file.sink();
            sink.file.write_all_at(&gap.to_be_bytes(), hole).unwrap();
        }
    }
    tree.finish(&mut file).unwrap();
    file.finish().unwrap();
}

#[test]
fn offsets_past_four_gigabytes_are_written_and_read() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("big.root");
    write(&path);
    let file = RootFile::open(Source(File::open(&path).unwrap()), "big.root").unwrap();
    assert!(file.header().end > 6 * HOLE);
    let key = file.find("t").unwrap();
    assert!(key.seek_key > 6 * HOLE, "{}", key.seek_key);
    let tree = Tree::read(&file, &key, &file.layouts().unwrap()).unwrap();
    let branch = tree.branch("x").unwrap();
    let seeks = branch.baskets.iter().map(|basket| match basket.location {
        Location::Stored { seek, .. } => seek / HOLE,
        Location::Embedded(_) => 99,
    });
    assert_eq!(seeks.collect::<Vec<_>>(), [0, 2, 4]);
    let read = ColumnReader::default()
        .column(branch, 0..3 * PART as u64, |seek, nbytes| {
            file.source().read_at(seek, nbytes as usize)
        })
        .unwrap();
    let values = read.as_fixed::<i64>().unwrap();
    assert!(
        values
            .iter()
            .enumerate()
            .all(|(i, &value)| value == i as i64 * 7)
    );
    let report = check(&file);
    assert_eq!(report.fault_count, 0, "{:?}", report.faults);
}
