//! A whole file: everything that can be asked of it.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use rootlake_io::check::check;
use rootlake_io::file::RootFile;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = RootFile::open(Bytes::copy_from_slice(bytes), "fuzz.root") {
        let _ = check(&file);
    }
});
