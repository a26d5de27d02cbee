//! How fast this machine copies the bytes of one file to another, by each way there is: what the
//! engine does (read, then write into room found before), in rows of buffers, within the kernel,
//! and by sharing blocks where the file system can. In `ROOTLAKE_BENCH_FOLDER`, or the usual
//! folder of temporary files.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench; criterion's macros document nothing"
)]

use std::fs::File;
use std::io::{IoSlice, Write};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rustix::fs::FallocateFlags;

const LENGTH: u64 = 256 << 20;
/// What one copying task moves.
const BATCH: u64 = 256 << 10;

/// Reads `buffers` buffers of a batch together and writes them, at once where there are several,
/// on so many threads.
fn read_and_write(from: &File, to: &File, buffers: usize, threads: usize) {
    let next = AtomicU64::new(0);
    let work = || {
        let mut batch = vec![0; usize::try_from(BATCH).unwrap()];
        loop {
            let offset = next.fetch_add(BATCH, Ordering::Relaxed);
            if offset >= LENGTH {
                break;
            }
            from.read_exact_at(&mut batch, offset).unwrap();
            if buffers == 1 {
                to.write_all_at(&batch, offset).unwrap();
                continue;
            }
            let slices = batch.chunks(batch.len() / buffers).map(IoSlice::new);
            let slices: Vec<_> = slices.collect();
            let written = rustix::io::pwritev(to, &slices, offset).unwrap();
            assert_eq!(written, batch.len());
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

fn within_kernel(from: &File, to: &File) {
    let (mut read, mut written) = (0, 0);
    while read < LENGTH {
        let left = usize::try_from(LENGTH - read).unwrap();
        let copied =
            rustix::fs::copy_file_range(from, Some(&mut read), to, Some(&mut written), left);
        assert!(copied.unwrap() > 0);
    }
}

fn copying(criterion: &mut Criterion) {
    let folder =
        std::env::var_os("ROOTLAKE_BENCH_FOLDER").unwrap_or_else(|| std::env::temp_dir().into());
    let from = tempfile::tempfile_in(&folder).unwrap();
    let noise: Vec<u8> = (0..BATCH).map(|i| (i * i / 7).to_le_bytes()[0]).collect();
    for _ in 0..LENGTH / BATCH {
        (&from).write_all(&noise).unwrap();
    }
    let shares = {
        let to = tempfile::tempfile_in(&folder).unwrap();
        rustix::fs::ioctl_ficlone(&to, &from).is_ok()
    };
    let mut group = criterion.benchmark_group("copying");
    group.throughput(Throughput::Bytes(LENGTH)).sample_size(10);
    let mut bench = |name: &str, reserve: bool, way: &dyn Fn(&File)| {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let to = tempfile::tempfile_in(&folder).unwrap();
                if reserve {
                    let _ = rustix::fs::fallocate(&to, FallocateFlags::empty(), 0, LENGTH);
                }
                way(&to);
            });
        });
    };
    for threads in [1, 2] {
        let name = |how: &str| format!("{how}, {threads} threads");
        let way = |buffers| {
            let from = &from;
            move |to: &File| read_and_write(from, to, buffers, threads)
        };
        bench(&name("read, write"), false, &way(1));
        bench(&name("read, write into room found before"), true, &way(1));
        bench(&name("read, write 16 buffers at once"), true, &way(16));
    }
    bench("copy_file_range", false, &|to| within_kernel(&from, to));
    if shares {
        bench("blocks shared", false, &|to| {
            rustix::fs::ioctl_ficlone(to, &from).unwrap()
        });
    }
}

criterion_group!(benches, copying);
criterion_main!(benches);
