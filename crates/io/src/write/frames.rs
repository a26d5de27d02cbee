//! Baskets of other files: whether their blocks fit, and what they expand to.

use crate::codec::{Codec, Decompressor, frame};
use crate::error::{Error, Result};
use crate::tree::{BasketHeader, basket_header};

/// The header of a basket whose record is all of `record`.
#[inline]
fn whole(record: &[u8]) -> Result<BasketHeader> {
    let header = basket_header(record)?;
    if u32::try_from(record.len()) == Ok(header.key.nbytes) {
        Ok(header)
    } else {
        Err(of_other_length(header.key.nbytes, record.len()))
    }
}

#[cold]
fn of_other_length(nbytes: u32, length: usize) -> Error {
    Error::malformed(format!(
        "the basket is {nbytes} bytes long, its branch says {length}"
    ))
}

/// Checks that a basket's compressed blocks fill its record and expand, by their own headers, to
/// what its key says; gives the number of entries. Nothing is decompressed.
///
/// # Errors
/// When they do not.
pub fn check_frames(record: &[u8]) -> Result<BasketHeader> {
    let header = whole(record)?;
    if header.key.is_raw() {
        return Ok(header);
    }
    let mut rest = stored(record, header.key.key_length.into());
    let mut expanded = 0;
    while !rest.is_empty() {
        let (block, behind) = frame::split_first(rest)?;
        if !rest.starts_with(&frame::start(block.codec)?) {
            return Err(of_unknown_method(block.codec));
        }
        block.check()?;
        expanded += block.expanded as u64;
        rest = behind;
    }
    if expanded == u64::from(header.key.object_length) {
        Ok(header)
    } else {
        Err(expands_otherwise(expanded, header.key.object_length))
    }
}

#[cold]
fn of_unknown_method(codec: Codec) -> Error {
    Error::malformed(format!("a {codec} block has an unknown method"))
}

#[cold]
fn expands_otherwise(expanded: u64, stated: u32) -> Error {
    Error::malformed(format!(
        "a basket's blocks expand to {expanded} bytes, its key says {stated}"
    ))
}

/// What stands behind the key of a record: its content as it is stored.
#[inline]
pub(super) fn stored(record: &[u8], key_length: usize) -> &[u8] {
    record.get(key_length..).unwrap_or_default()
}

/// The expanded content of a basket: values, then entry offsets.
pub(super) fn expand(
    record: &[u8],
    header: &BasketHeader,
    codec: &mut Decompressor,
    content: &mut Vec<u8>,
) -> Result<()> {
    let stored = stored(record, header.key.key_length.into());
    if header.key.is_raw() {
        content.clear();
        content.extend_from_slice(stored);
        return Ok(());
    }
    let length = usize::try_from(header.key.object_length).unwrap_or(usize::MAX);
    codec.record(stored, length, content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::testing::basket;

    #[test]
    fn every_flipped_byte_of_a_block_header_is_found() {
        // How many bytes of the block itself are looked at as well.
        let own = [("zlib:1", 2), ("lz4:4", 0), ("lzma:1", 6), ("zstd:5", 6)];
        for (settings, own) in own {
            let record = basket(settings.parse().unwrap());
            let header = check_frames(&record).unwrap();
            let start = usize::from(header.key.key_length);
            for at in start..start + frame::HEADER + own {
                for bit in 0..8 {
                    // RFC 8878, 3.1.1.1.1.3: a bit that no decoder may look at.
                    if (settings, at - start, bit) == ("zstd:5", frame::HEADER + 4, 4) {
                        continue;
                    }
                    let mut damaged = record.clone();
                    damaged[at] ^= 1 << bit;
                    assert!(check_frames(&damaged).is_err(), "{settings} {at} {bit}");
                }
            }
        }
    }
}
