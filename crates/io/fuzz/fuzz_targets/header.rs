//! A header that is read is written as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootlake_io::file::Header;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = Header::parse(bytes, u64::MAX)
        && let Ok(written) = header.encode()
    {
        let again = Header::parse(&written, u64::MAX).expect("what was written is read");
        assert_eq!(again.end, header.end);
    }
});
