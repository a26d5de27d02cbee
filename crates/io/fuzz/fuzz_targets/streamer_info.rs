//! The list of classes that a file describes.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rootlake_io::object::decode_streamer_info;

fuzz_target!(|bytes: &[u8]| {
    let _ = decode_streamer_info(&Bytes::copy_from_slice(bytes), 64);
});
