//! A tree's record: what is read is written byte for byte as it was, or not at all.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rootlake_io::object::{Layouts, read_graph, write_graph};

fuzz_target!(|bytes: &[u8]| {
    thread_local! {
        static LAYOUTS: Layouts = Layouts::builtin();
    }
    LAYOUTS.with(|layouts| {
        if let Ok(graph) = read_graph("TTree", &Bytes::copy_from_slice(bytes), 64, layouts) {
            let _ = write_graph(&graph, 64);
        }
    });
});
