//! Recompressing a file on one thread, beside what the codecs alone take for the same baskets.
//! `ROOTLAKE_BENCH_FILE` names the file, whose baskets must have records of their own.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a bench; criterion's macros document nothing"
)]

use std::hint::black_box;
use std::path::Path;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rootlake_io::codec::{Compressor, Decompressor, Settings};
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{Location, Tree, basket_header};
use rootlake_io::write::Stamp;
use rootlake_merge::{LocalFiles, Plan, Request, Verify, execute, survey};

/// The compressed content of all baskets of a file's trees, and how long each is expanded.
fn baskets(path: &Path) -> Vec<(Bytes, usize)> {
    let bytes = Bytes::from(std::fs::read(path).unwrap());
    let file = RootFile::open(bytes.clone(), "bench").unwrap();
    let layouts = file.layouts().unwrap();
    let keys = file.keys(file.top()).unwrap();
    let trees = keys.iter().filter(|key| Tree::is_tree(key));
    let trees = trees.map(|key| Tree::read(&file, key, &layouts).unwrap());
    let mut found = Vec::new();
    for branch in trees.flat_map(|tree| tree.branches) {
        for basket in branch.baskets {
            let Location::Stored { seek, nbytes } = basket.location else {
                continue;
            };
            let record = bytes.read_at(seek, nbytes.try_into().unwrap()).unwrap();
            let key = basket_header(&record).unwrap().key;
            if !key.is_raw() {
                let length = key.object_length.try_into().unwrap();
                found.push((record.slice(usize::from(key.key_length)..), length));
            }
        }
    }
    found
}

fn recompress(criterion: &mut Criterion) {
    let Some(path) = std::env::var_os("ROOTLAKE_BENCH_FILE") else {
        return;
    };
    let path = Path::new(&path);
    let baskets = baskets(path);
    let expanded: usize = baskets.iter().map(|(_, length)| length).sum();
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.root");
    let names = [path.to_str().unwrap().to_owned()];
    let mut group = criterion.benchmark_group("recompress");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(expanded as u64));
    for name in ["zstd:5", "lz4:4"] {
        let settings: Settings = name.parse().unwrap();
        let mut codec = Decompressor::new();
        let mut compressor = Compressor::new(settings).unwrap();
        let (mut content, mut stored) = (Vec::new(), Vec::new());
        group.bench_function(format!("{name}, codecs alone"), |bench| {
            bench.iter(|| {
                for (record, length) in &baskets {
                    codec.record(record, *length, &mut content).unwrap();
                    stored.clear();
                    compressor.record(&content, &mut stored).unwrap();
                    black_box(&stored);
                }
            });
        });
        group.bench_function(format!("{name}, merged"), |bench| {
            let request = Request {
                compress: Some(settings),
                verify: Verify::Frames,
                threads: 1,
                ..Request::default()
            };
            bench.iter(|| {
                let found = survey(&LocalFiles, &names, 1);
                let plan = Plan::new(&found.inputs, &request).unwrap();
                let (inputs, stamp) = (&found.inputs, Stamp::REPRODUCIBLE);
                let store = &LocalFiles;
                execute(&plan, inputs, store, &request, &output, stamp, &|_| ()).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, recompress);
criterion_main!(benches);
