//! What several of the tests here begin with.

use super::BasketEntries;
use crate::codec::{Compressor, Settings};

/// A basket of 100 entries of 1 to 5 bytes.
pub(super) fn basket(settings: Settings) -> Vec<u8> {
    let mut entries = BasketEntries::default();
    for number in 0..100u32 {
        let bytes = [7; 5];
        entries
            .push(1, &bytes[..1 + number as usize % 5], Some(&[0]))
            .unwrap();
    }
    let mut compressor = Compressor::new(settings).unwrap();
    let record = entries.encode("t", "b", 0, &mut compressor).unwrap();
    record.bytes().to_vec()
}
