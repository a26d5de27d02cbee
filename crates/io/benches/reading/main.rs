//! How fast trees are opened and columns read, from memory: each codec and kind of column beside
//! the fastest codec library alone on the same baskets, without LZ4's checksums; baskets that are not
//! compressed are copied instead, one after the other to the same 32 kB, which stay in the nearest
//! cache. Beside those two stands what is needed at least: LZ4 with its checksums (as ROOT verifies
//! them), a copy of all baskets to memory that is fresh.
//!
//! `ROOTLAKE_BENCH_FILE=FILE:TREE,…` measures the columns of files as well, those of each together:
//! what a person who reads them sees; `ROOTLAKE_BENCH_BRANCHES=a,b` some of them alone.
//! `scripts/bench_reading.py` runs the bench, gives each read as a share of its codec, and compares
//! with figures kept.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a bench; criterion's macros document nothing"
)]

mod baskets;
mod columns;

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rootlake_io::codec::Codec;
use rootlake_io::column::ScalarType;
use rootlake_io::tree::{ColumnReader, Tree};
use rootlake_io::write::BranchKind;

use baskets::{Codecs, File, copy_to_fresh_memory};

/// Entries of a column: some megabytes in baskets of 32 kB, as ROOT makes them.
const ENTRIES: usize = 200_000;

/// Reads columns of a file and its codec alone.
fn beside_codec(c: &mut Criterion, name: &str, file: &File, branches: &[usize]) {
    let records = file.records(branches);
    let expanded: usize = records.iter().map(|record| record.expanded).sum();
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Bytes(expanded as u64));
    let mut codecs = Codecs::new();
    group.bench_function("codec alone", |b| {
        b.iter(|| records.iter().for_each(|record| codecs.expand(record)));
    });
    // What nobody who reads can do without: LZ4's checksums, memory to read to.
    if name.starts_with("lz4") {
        codecs.verify = true;
        group.bench_function("at least", |b| {
            b.iter(|| records.iter().for_each(|record| codecs.expand(record)));
        });
    } else if name.starts_with("none") {
        group.bench_function("at least", |b| {
            b.iter(|| copy_to_fresh_memory(&records));
        });
    }
    let mut reader = ColumnReader::default();
    group.bench_function("read", |b| {
        b.iter(|| {
            for &branch in branches {
                read(&mut reader, &file.bytes, &file.tree, branch);
            }
        });
    });
    group.finish();
}

/// Reads a branch basket by basket, in memory that is used again, as an analysis does.
fn read(reader: &mut ColumnReader, bytes: &Bytes, tree: &Tree, branch: usize) {
    let branch = &tree.branches[branch];
    for basket in &branch.baskets {
        let range = basket.first_entry..basket.end_entry();
        let column = reader.column(branch, range, |seek, nbytes| {
            Ok(bytes.slice(seek as usize..seek as usize + nbytes as usize))
        });
        reader.recycle(black_box(column.unwrap()));
    }
}

fn synthetic(c: &mut Criterion) {
    use ScalarType::{Bool, F32, F64, I32};
    let kinds = [
        BranchKind::Value(Bool),
        BranchKind::Value(I32),
        BranchKind::Value(F32),
        BranchKind::Value(F64),
        BranchKind::Array(F32, vec![3]),
        BranchKind::Vector(Bool),
        BranchKind::Vector(I32),
        BranchKind::Vector(F32),
    ];
    for settings in ["zlib:1", "lz4:4", "zstd:5", "lzma:1", "none"] {
        for kind in &kinds {
            // A second for each run of LZMA: one kind will do.
            if settings == "lzma:1" && *kind != BranchKind::Vector(F32) {
                continue;
            }
            let column = columns::column(kind, ENTRIES);
            let file = File::write(settings, kind, &column, 1);
            let name = format!("{settings} {}", columns::name(kind));
            beside_codec(c, &name, &file, &[0]);
        }
        let (kind, column) = (BranchKind::Vector(F32), columns::fours(F32, ENTRIES));
        let file = File::write(settings, &kind, &column, 1);
        beside_codec(
            c,
            &format!("{settings} {} of 4", columns::name(&kind)),
            &file,
            &[0],
        );
    }
}

fn given(c: &mut Criterion) {
    for file in File::given() {
        let wanted = file.wanted();
        // Baskets that do not shrink are not compressed, whatever the others are.
        let records = file.records(&wanted);
        let codecs = records.iter().map(|record| record.codec());
        let codec = codecs.max_by_key(|&codec| codec != Codec::None).unwrap();
        let name = format!("{codec} {} columns of a file", wanted.len());
        beside_codec(c, &name, &file, &wanted);
    }
}

fn opening(c: &mut Criterion) {
    let kind = BranchKind::Value(ScalarType::F32);
    let column = columns::column(&kind, 10);
    let mut group = c.benchmark_group("opening");
    for branches in [10, 100, 10_000] {
        let file = File::write("zlib:1", &kind, &column, branches);
        group.throughput(Throughput::Elements(branches as u64));
        group.bench_function(format!("{branches} branches"), |b| b.iter(|| file.open()));
    }
    group.finish();
}

criterion_group!(benches, synthetic, given, opening);
criterion_main!(benches);
