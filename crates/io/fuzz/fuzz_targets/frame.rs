//! Compressed blocks of every codec: the first byte picks what the key promises.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootlake_io::codec::Decompressor;

fuzz_target!(|bytes: &[u8]| {
    let Some((&promise, record)) = bytes.split_first() else {
        return;
    };
    let expanded = usize::from(promise) << 8;
    let mut out = Vec::new();
    if Decompressor::new().record(record, expanded, &mut out).is_ok() {
        assert_eq!(out.len(), expanded);
    }
});
