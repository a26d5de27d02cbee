//! Keys and the headers of baskets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootlake_io::cursor::Cursor;
use rootlake_io::file::Key;
use rootlake_io::tree::basket_header;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = Key::parse(&mut Cursor::new(bytes)) {
        let mut written = Vec::new();
        // Names that are no UTF-8 are replaced, which only makes them longer.
        if key.encode(&mut written).is_ok() {
            let again = Key::parse(&mut Cursor::new(&written)).expect("what was written is read");
            assert_eq!(again.name, key.name);
        }
    }
    if let Ok(header) = basket_header(bytes) {
        assert!(header.values as u64 <= u64::from(header.key.object_length));
    }
});
