//! What the tests of merging share: files with a small tree, and what merged ones hold.
#![allow(dead_code, reason = "not every test needs all of it")]

use std::io::Cursor;
use std::path::Path;

use bytes::Bytes;
use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::column::{Column, ScalarType};
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::object::Graph;
use rootlake_io::tree::{ColumnKind, ColumnReader, Tree};
use rootlake_io::write::{BranchSchema, FileWriter, Stamp, TreeWriter, encode_basket};
use rootlake_merge::{
    LocalFiles, MergeError, Plan, Receipt, Request, Survey, execute, of_input, survey,
};

/// The entries of a tree with a fixed branch `x` and perhaps a jagged branch `v`: x, then x % 4
/// values in v.
pub fn write(path: &Path, values: &[i32], jagged: bool, basket: usize, settings: &str) {
    let mut file = begin(settings);
    let tree = begin_tree(&mut file, values, jagged, basket);
    tree.finish(&mut file).unwrap();
    std::fs::write(path, file.finish().unwrap().into_inner()).unwrap();
}

/// A file with a tree of a branch `x`, whose record is what `change` makes of it.
pub fn write_changed(path: &Path, values: &[i32], basket: usize, change: impl FnOnce(&mut Graph)) {
    write(path, values, false, basket, "zlib:1");
    let bytes = Bytes::from(std::fs::read(path).unwrap());
    let whole = RootFile::open(bytes, "t.root").unwrap();
    let (key, layouts) = (whole.find("t").unwrap(), whole.layouts().unwrap());
    let mut graph = Tree::read_whole(&whole, &key, &layouts).unwrap().graph;
    change(&mut graph);
    let mut file = begin("zlib:1");
    begin_tree(&mut file, values, false, basket);
    file.object("t", "a tree", &graph).unwrap();
    std::fs::write(path, file.finish().unwrap().into_inner()).unwrap();
}

type Writer = FileWriter<Cursor<Vec<u8>>>;

fn begin(settings: &str) -> Writer {
    let sink = Cursor::new(Vec::new());
    let settings: Settings = settings.parse().unwrap();
    FileWriter::create(sink, "t.root", Stamp::REPRODUCIBLE, settings).unwrap()
}

/// Begins the tree `t`: writes its baskets.
fn begin_tree(file: &mut Writer, values: &[i32], jagged: bool, basket: usize) -> TreeWriter {
    let lengths = values.iter().map(|value| value.unsigned_abs() % 4);
    let mut offsets = vec![0];
    offsets.extend(lengths.scan(0, |end, length| {
        *end += length;
        Some(*end)
    }));
    let flat: Vec<f32> = (0..*offsets.last().unwrap()).map(|i| i as f32).collect();
    let branch = BranchSchema::new;
    let mut columns = vec![(
        branch("x", ColumnKind::Fixed(ScalarType::I32)),
        Column::fixed(values.to_vec()),
    )];
    if jagged {
        columns.push((
            branch("v", ColumnKind::Vector(ScalarType::F32)),
            Column::jagged(offsets, flat).unwrap(),
        ));
    }
    let schema = columns.iter().map(|(schema, _)| schema.clone()).collect();
    let mut tree = TreeWriter::new("t", "a tree", schema, basket as u64);
    let mut compressor = Compressor::new(file.settings()).unwrap();
    for start in (0..values.len()).step_by(basket) {
        for (index, (schema, column)) in columns.iter().enumerate() {
            let range = start..values.len().min(start + basket);
            let record = encode_basket("t", schema, column, range, 0, &mut compressor);
            tree.basket(file, index, record.unwrap()).unwrap();
        }
    }
    tree
}

/// Merges `inputs` as `request` says.
pub fn merge(inputs: &[&Path], request: &Request, output: &Path) -> Result<Receipt, MergeError> {
    let names: Vec<String> = inputs
        .iter()
        .map(|path| path.to_str().unwrap().to_owned())
        .collect();
    let mut found = survey(&LocalFiles, &names, 2);
    if !found.refused.is_empty() {
        return Err(found.refused.swap_remove(0).1);
    }
    let plan = Plan::new(&found.inputs, request)?;
    execute_plan(&plan, &found, request, output)
}

/// Carries out a plan.
pub fn execute_plan(
    plan: &Plan,
    found: &Survey,
    request: &Request,
    output: &Path,
) -> Result<Receipt, MergeError> {
    let stamp = Stamp::REPRODUCIBLE;
    let (inputs, store) = (&found.inputs, &LocalFiles);
    execute(plan, inputs, store, request, output, stamp, &|_| ())
}

fn column(path: &Path, branch: &str) -> Column {
    let bytes = Bytes::from(std::fs::read(path).unwrap());
    let file = RootFile::open(bytes.clone(), path.to_str().unwrap()).unwrap();
    let key = file.find("t").unwrap();
    let tree = Tree::read(&file, &key, &file.layouts().unwrap()).unwrap();
    let record = |seek, nbytes| bytes.read_at(seek, nbytes as usize);
    let branch = tree.branch(branch).unwrap();
    let mut reader = ColumnReader::default();
    reader.column(branch, 0..tree.entries, record).unwrap()
}

/// The entries of branch `x`.
pub fn numbers(path: &Path) -> Vec<i32> {
    column(path, "x").as_fixed::<i32>().unwrap().to_vec()
}

/// The entries of branch `v`.
pub fn lists(path: &Path) -> Vec<Vec<f32>> {
    let column = column(path, "v");
    let lists = column.as_jagged::<f32>().unwrap();
    (0..lists.entries())
        .map(|entry| lists.get(entry).to_vec())
        .collect()
}

/// The usual request.
pub fn usual(threads: usize) -> Request {
    Request {
        threads,
        ..Request::default()
    }
}

/// The Adler-32 of a file.
pub fn sum(path: &Path) -> String {
    of_input(&LocalFiles, path.to_str().unwrap())
        .unwrap()
        .adler32
}
