//! Recompressing a file on one thread and on two, beside what the codecs alone take for the same
//! baskets on as many threads. `ROOTLAKE_BENCH_FILE` names the file, whose baskets must have records of
//! their own. It is merged ten times, as one takes long enough to be measured.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a bench; criterion's macros document nothing"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rootlake_io::codec::{Compressor, Decompressor, Settings};
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{Location, Tree, basket_header};
use rootlake_io::write::Stamp;
use rootlake_merge::{LocalFiles, Plan, Receipt, Request, Verify, execute, survey};

/// How often the file is merged.
const COPIES: usize = 10;
/// What it is compressed to.
const CODECS: [&str; 4] = ["zstd:5", "lz4:4", "zlib:1", "lzma:1"];

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

/// Expands all baskets and compresses them anew, on so many threads.
fn codecs_alone(baskets: &[(Bytes, usize)], settings: Settings, threads: usize) {
    let next = AtomicUsize::new(0);
    let thread = || {
        let mut codec = Decompressor::new();
        let mut compressor = Compressor::new(settings).unwrap();
        let (mut content, mut stored) = (Vec::new(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let basket = baskets.get(number % baskets.len());
            let Some((record, length)) = basket.filter(|_| number < COPIES * baskets.len()) else {
                break;
            };
            codec.record(record, *length, &mut content).unwrap();
            stored.clear();
            compressor.record(&content, &mut stored).unwrap();
            black_box(&stored);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(thread);
        }
        thread();
    });
}

/// Merges the files, compressed anew on so many threads.
fn merged(names: &[String], output: &Path, settings: Settings, threads: usize) -> Receipt {
    let request = Request {
        compress: Some(settings),
        verify: Verify::Frames,
        checksum: false,
        threads,
        ..Request::default()
    };
    let found = survey(&LocalFiles, names, threads);
    let plan = Plan::new(&found.inputs, &request).unwrap();
    let (inputs, store, stamp) = (&found.inputs, &LocalFiles, Stamp::REPRODUCIBLE);
    execute(&plan, inputs, store, &request, output, stamp, &|_| ()).unwrap()
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
    let names = vec![path.to_str().unwrap().to_owned(); COPIES];
    let mut group = criterion.benchmark_group("recompress");
    group.sample_size(10);
    group.throughput(Throughput::Bytes((COPIES * expanded) as u64));
    for (name, threads) in CODECS.iter().flat_map(|name| [(name, 1), (name, 2)]) {
        let settings: Settings = name.parse().unwrap();
        group.bench_function(
            format!("{name}, {threads} threads, codecs alone"),
            |bench| {
                bench.iter(|| codecs_alone(&baskets, settings, threads));
            },
        );
        group.bench_function(format!("{name}, {threads} threads, merged"), |bench| {
            bench.iter(|| merged(&names, &output, settings, threads));
        });
    }
    group.finish();
}

criterion_group!(benches, recompress);
criterion_main!(benches);
