//! A tree of every kind of column, written and read back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

use std::io::Cursor;

use bytes::Bytes;
use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::column::{Column, ScalarType, Values};
use rootlake_io::file::RootFile;
use rootlake_io::tree::{ColumnKind, ColumnReader, Tree};
use rootlake_io::write::{BranchSchema, FileWriter, Stamp, TreeWriter, encode_basket};

const SCALARS: [ScalarType; 11] = [
    ScalarType::Bool,
    ScalarType::I8,
    ScalarType::U8,
    ScalarType::I16,
    ScalarType::U16,
    ScalarType::I32,
    ScalarType::U32,
    ScalarType::I64,
    ScalarType::U64,
    ScalarType::F32,
    ScalarType::F64,
];
const ENTRIES: usize = 1000;

/// Some values of any type, the same at every call.
fn values(scalar: ScalarType, count: usize) -> Values {
    let mut values = Values::with_capacity(scalar, count);
    let bytes: Vec<u8> = (0..count * scalar.width())
        .map(|i| (i * 37 + i / 7) as u8 % if scalar == ScalarType::Bool { 2 } else { 120 })
        .collect();
    values.extend_big_endian(&bytes);
    values
}

fn columns() -> Vec<(BranchSchema, Column)> {
    let mut columns = Vec::new();
    for scalar in SCALARS {
        let name = format!("fixed_{scalar}");
        columns.push((
            BranchSchema {
                title: name.clone(),
                name,
                kind: ColumnKind::Fixed(scalar),
            },
            Column::from_parts(values(scalar, ENTRIES), None).unwrap(),
        ));
        let lengths = (0..ENTRIES).map(|i| (i * i % 5) as u32);
        let mut offsets = vec![0];
        offsets.extend(lengths.scan(0, |end, length| {
            *end += length;
            Some(*end)
        }));
        let count = *offsets.last().unwrap() as usize;
        let name = format!("vector_{scalar}");
        columns.push((
            BranchSchema {
                title: name.clone(),
                name,
                kind: ColumnKind::Vector(scalar),
            },
            Column::from_parts(values(scalar, count), Some(offsets)).unwrap(),
        ));
    }
    columns
}

fn write(settings: Settings) -> Vec<u8> {
    let columns = columns();
    let sink = Cursor::new(Vec::new());
    let mut file = FileWriter::create(sink, "t.root", Stamp::REPRODUCIBLE, settings).unwrap();
    let schema = columns.iter().map(|(schema, _)| schema.clone()).collect();
    let mut tree = TreeWriter::new("t", "a tree", schema, 300);
    let mut compressor = Compressor::new(settings).unwrap();
    for start in (0..ENTRIES).step_by(300) {
        for (index, (schema, column)) in columns.iter().enumerate() {
            let range = start..ENTRIES.min(start + 300);
            let record = encode_basket(
                "t",
                &schema.name,
                schema.kind,
                column,
                range,
                0,
                &mut compressor,
            );
            tree.basket(&mut file, index, record.unwrap()).unwrap();
        }
    }
    tree.finish(&mut file).unwrap();
    file.finish().unwrap().into_inner()
}

#[test]
fn every_kind_of_column_returns_with_every_codec() {
    for settings in ["none", "zlib:1", "lz4:4", "zstd:5", "lzma:1"] {
        let bytes = Bytes::from(write(settings.parse().unwrap()));
        let file = RootFile::open(bytes.clone(), "t.root").unwrap();
        let layouts = file.layouts().unwrap();
        let key = file.find("t").unwrap();
        let tree = Tree::read(&file, &key, &layouts).unwrap();
        assert_eq!((tree.entries, tree.branches.len()), (ENTRIES as u64, 22));
        assert_eq!((tree.title.as_str(), tree.auto_flush), ("a tree", 300));
        let mut reader = ColumnReader::default();
        let mut read = |name: &str, range| {
            reader.column(tree.branch(name).unwrap(), range, |seek, nbytes| {
                Ok(bytes.slice(seek as usize..seek as usize + nbytes as usize))
            })
        };
        for (schema, column) in columns() {
            assert_eq!(
                read(&schema.name, 0..ENTRIES as u64).unwrap(),
                column,
                "{settings}"
            );
            // A range that begins and ends within baskets.
            let part = read(&schema.name, 250..650).unwrap();
            assert_eq!(part.entries(), 400);
            let (from, to) = match column.offsets() {
                Some(offsets) => (offsets[250] as usize, offsets[650] as usize),
                None => (250, 650),
            };
            let (mut whole, mut found) = (Vec::new(), Vec::new());
            column.values().to_big_endian(from..to, &mut whole);
            part.values()
                .to_big_endian(0..part.values().len(), &mut found);
            assert_eq!(found, whole, "{settings} {}", schema.name);
        }
        assert!(read("fixed_float", 0..ENTRIES as u64 + 1).is_err());
    }
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    assert_eq!(write(Settings::ZLIB_1), write(Settings::ZLIB_1));
}
