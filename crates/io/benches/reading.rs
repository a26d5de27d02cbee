//! How fast trees are opened and columns read, from memory: per codec beside the codec alone, per
//! kind of column beside a plain copy, and a tree of ten thousand branches.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a bench; criterion's macros document nothing"
)]

use std::hint::black_box;
use std::io::Cursor;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rootlake_io::codec::{Compressor, Decompressor, Settings};
use rootlake_io::column::{Column, ScalarType, Values};
use rootlake_io::file::RootFile;
use rootlake_io::tree::{ColumnKind, ColumnReader, Location, Tree, basket_header};
use rootlake_io::write::{BranchSchema, FileWriter, Stamp, TreeWriter, encode_basket};

const ENTRIES: usize = 50_000;

/// Floats as a detector gives them: a falling spectrum whose last bits are noise.
fn floats(count: usize) -> Values {
    let mut state = 1u32;
    let floats = (0..count).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (-(state as f32 / u32::MAX as f32).ln()).mul_add(20e3, 5e3)
    });
    Values::F32(floats.collect())
}

/// Values of any type that neither repeat nor are noise.
fn values(scalar: ScalarType, count: usize) -> Values {
    let bytes: Vec<u8> = (0..count * scalar.width())
        .map(|i| (i * 37 + i / 7) as u8)
        .collect();
    let mut values = Values::with_capacity(scalar, count);
    values.extend_big_endian(&bytes);
    values
}

/// A column of so many entries; vectors have none to five values.
fn column(kind: ColumnKind, entries: usize, of: fn(ScalarType, usize) -> Values) -> Column {
    let (values, offsets) = match kind {
        ColumnKind::Fixed(scalar) => (of(scalar, entries), None),
        ColumnKind::Vector(scalar) => {
            let lengths = (0..entries).map(|i| (i * i % 6) as u32);
            let ends = lengths.scan(0, |end, length| {
                *end += length;
                Some(*end)
            });
            let offsets: Vec<u32> = std::iter::once(0).chain(ends).collect();
            (of(scalar, *offsets.last().unwrap() as usize), Some(offsets))
        }
    };
    Column::from_parts(values, offsets).unwrap()
}

/// A file of one tree, whose branches all hold the same column in one basket.
fn file(settings: &str, kind: ColumnKind, column: &Column, branches: usize) -> Bytes {
    let settings: Settings = settings.parse().unwrap();
    let schema: Vec<_> = (0..branches)
        .map(|number| BranchSchema::new(&format!("branch_{number}"), kind))
        .collect();
    let sink = Cursor::new(Vec::new());
    let mut file = FileWriter::create(sink, "b.root", Stamp::REPRODUCIBLE, settings).unwrap();
    let mut tree = TreeWriter::new("t", "", schema.clone(), column.entries() as u64);
    let mut compressor = Compressor::new(settings).unwrap();
    for (number, branch) in schema.iter().enumerate() {
        let range = 0..column.entries();
        let record = encode_basket("t", branch, column, range, 0, &mut compressor);
        tree.basket(&mut file, number, record.unwrap()).unwrap();
    }
    tree.finish(&mut file).unwrap();
    Bytes::from(file.finish().unwrap().into_inner())
}

fn open(bytes: &Bytes) -> Tree {
    let file = RootFile::open(bytes.clone(), "b.root").unwrap();
    let layouts = file.layouts().unwrap();
    let key = file.find("t").unwrap();
    Tree::read(&file, &key, &layouts).unwrap()
}

/// Reads the first branch, in memory that is used again, as an analysis does.
fn read(reader: &mut ColumnReader, bytes: &Bytes, tree: &Tree) {
    let column = reader
        .column(&tree.branches[0], 0..tree.entries, |seek, nbytes| {
            Ok(bytes.slice(seek as usize..seek as usize + nbytes as usize))
        })
        .unwrap();
    reader.recycle(black_box(column));
}

/// The record of the first branch's basket behind its key, and its length expanded.
fn content(bytes: &Bytes, tree: &Tree) -> (Bytes, usize) {
    let Location::Stored { seek, nbytes } = tree.branches[0].baskets[0].location else {
        unreachable!("the writer embeds nothing");
    };
    let record = bytes.slice(seek as usize..seek as usize + nbytes as usize);
    let key = basket_header(&record).unwrap().key;
    let expanded = key.object_length as usize;
    (record.slice(usize::from(key.key_length)..), expanded)
}

fn codecs(c: &mut Criterion) {
    let kind = ColumnKind::Vector(ScalarType::F32);
    let column = column(kind, ENTRIES, |_, count| floats(count));
    for settings in ["zlib:1", "lz4:4", "zstd:5", "lzma:1"] {
        let bytes = file(settings, kind, &column, 1);
        let tree = open(&bytes);
        let (stored, expanded) = content(&bytes, &tree);
        let mut group = c.benchmark_group(format!("codec {settings}"));
        group.throughput(Throughput::Bytes(expanded as u64));
        let (mut codec, mut out) = (Decompressor::new(), Vec::new());
        group.bench_function("expand alone", |b| {
            b.iter(|| codec.record(&stored, expanded, &mut out).unwrap());
        });
        let mut reader = ColumnReader::default();
        group.bench_function("read vector<float>", |b| {
            b.iter(|| read(&mut reader, &bytes, &tree))
        });
        group.finish();
    }
}

fn kinds(c: &mut Criterion) {
    use ColumnKind::{Fixed, Vector};
    use ScalarType::{Bool, F32, F64, I16};
    let mut group = c.benchmark_group("uncompressed");
    for kind in [
        Fixed(Bool),
        Fixed(I16),
        Fixed(F32),
        Fixed(F64),
        Vector(Bool),
        Vector(F32),
    ] {
        let column = column(kind, 20 * ENTRIES, values);
        let bytes = file("none", kind, &column, 1);
        let tree = open(&bytes);
        let (stored, expanded) = content(&bytes, &tree);
        group.throughput(Throughput::Bytes(expanded as u64));
        let mut copy = vec![0u8; stored.len()];
        group.bench_function(format!("copy of {kind}"), |b| {
            b.iter(|| copy.copy_from_slice(black_box(&stored)));
        });
        let mut reader = ColumnReader::default();
        group.bench_function(format!("{kind}"), |b| {
            b.iter(|| read(&mut reader, &bytes, &tree))
        });
    }
    group.finish();
}

fn opening(c: &mut Criterion) {
    let kind = ColumnKind::Fixed(ScalarType::F32);
    let column = column(kind, 10, values);
    let mut group = c.benchmark_group("opening");
    for branches in [10, 100, 10_000] {
        let bytes = file("zlib:1", kind, &column, branches);
        group.throughput(Throughput::Elements(branches as u64));
        group.bench_function(format!("{branches} branches"), |b| b.iter(|| open(&bytes)));
    }
    group.finish();
}

criterion_group!(benches, codecs, kinds, opening);
criterion_main!(benches);
