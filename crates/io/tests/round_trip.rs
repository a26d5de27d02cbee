//! A tree of every kind of column, written and read back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

use std::io::Cursor;
use std::path::Path;

use bytes::Bytes;
use rootlake_io::check::check;
use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::column::{Column, Level, ScalarType, Values};
use rootlake_io::file::RootFile;
use rootlake_io::tree::{ColumnReader, Tree};
use rootlake_io::write::{BranchKind, BranchSchema, FileWriter, Stamp, TreeWriter, encode_basket};

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

/// The offsets of lists of 0 to 4 items.
fn offsets() -> Vec<u32> {
    let mut offsets = vec![0];
    for entry in 0..ENTRIES {
        offsets.push(offsets[entry] + (entry * entry % 5) as u32);
    }
    offsets
}

/// Texts of 0 to 299 bytes: past 254, their lengths take 32 bits.
fn texts() -> Column {
    let mut offsets = vec![0];
    for entry in 0..ENTRIES {
        offsets.push(offsets[entry] + (entry % 300) as u32);
    }
    let count = offsets[ENTRIES] as usize;
    let bytes = (0..count).map(|i| b'a' + (i % 26) as u8).collect();
    Column::nested(Values::U8(bytes), vec![Level::List(offsets)], true).unwrap()
}

fn columns() -> Vec<(BranchSchema, Column)> {
    let lengths = (0..ENTRIES).map(|entry| (entry * entry % 5) as u16);
    let mut columns = vec![
        (
            BranchSchema::new("n", BranchKind::Value(ScalarType::U16)),
            Column::fixed(lengths.collect::<Vec<_>>()),
        ),
        (BranchSchema::new("text", BranchKind::Text), texts()),
    ];
    for scalar in SCALARS {
        let mut add = |name: &str, kind: BranchKind, count: usize, levels: &[Level]| {
            let column = Column::nested(values(scalar, count), levels.to_vec(), false);
            let name = format!("{name}_{scalar}");
            columns.push((BranchSchema::new(&name, kind), column.unwrap()));
        };
        let count = offsets()[ENTRIES] as usize;
        let lists = [Level::List(offsets())];
        let counter = "n".to_owned();
        let arrays = [Level::Array(3), Level::Array(2)];
        add("fixed", BranchKind::Value(scalar), ENTRIES, &[]);
        add("vector", BranchKind::Vector(scalar), count, &lists);
        add(
            "counted",
            BranchKind::Counted { scalar, counter },
            count,
            &lists,
        );
        add(
            "array",
            BranchKind::Array(scalar, vec![3, 2]),
            ENTRIES * 6,
            &arrays,
        );
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
            let record = encode_basket("t", schema, column, range, 0, &mut compressor);
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
        assert_eq!(
            (tree.entries, tree.branches.len()),
            (ENTRIES as u64, columns().len())
        );
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
            let place = |entry: usize| match column.levels() {
                [Level::List(offsets)] => offsets[entry] as usize,
                _ => column.values().len() / ENTRIES * entry,
            };
            let (from, to) = (place(250), place(650));
            let (mut whole, mut found) = (Vec::new(), Vec::new());
            column.values().to_big_endian(from..to, &mut whole);
            part.values()
                .to_big_endian(0..part.values().len(), &mut found);
            assert_eq!(found, whole, "{settings} {}", schema.name);
        }
        assert!(read("fixed_float", 0..ENTRIES as u64 + 1).is_err());
    }
}

/// `tests/outsider/test_written_trees.py` has others read this file.
#[test]
fn every_kind_of_column_is_left_for_others_to_read() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kinds.root");
    std::fs::write(&path, write("zstd:3".parse().unwrap())).unwrap();
    let report = check(&RootFile::open(Bytes::from(std::fs::read(&path).unwrap()), "t").unwrap());
    assert_eq!((report.fault_count, report.undecoded), (0, 0));
}

#[test]
fn an_array_without_its_counter_is_refused() {
    let counted = BranchKind::Counted {
        scalar: ScalarType::F32,
        counter: "n".to_owned(),
    };
    let x = BranchSchema::new("x", counted);
    let n = |scalar| BranchSchema::new("n", BranchKind::Value(scalar));
    let finish = |schema| {
        let settings = Settings::ZLIB_1;
        let sink = Cursor::new(Vec::new());
        let mut file = FileWriter::create(sink, "t", Stamp::REPRODUCIBLE, settings).unwrap();
        TreeWriter::new("t", "", schema, 1).finish(&mut file)
    };
    finish(vec![n(ScalarType::I8), x.clone()]).unwrap();
    for schema in [
        vec![x.clone()],
        vec![x.clone(), n(ScalarType::I32)],
        vec![n(ScalarType::F64), x],
    ] {
        let error = finish(schema).unwrap_err().to_string();
        assert!(error.contains("branch n"), "{error}");
    }
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    assert_eq!(write(Settings::ZLIB_1), write(Settings::ZLIB_1));
}
