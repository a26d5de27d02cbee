//! Baskets of other files: checked, moved as they are, compressed anew.

use crate::codec::{Compressor, Decompressor, frame};
use crate::error::{Error, Result};
use crate::tree::{BasketHeader, basket_header};

use super::widen::is_narrow;

/// Where the fields stand that moving or recompressing changes (see [`Key`]).
const NBYTES: usize = 0;
const VERSION: usize = 4;
const SEEK_KEY: usize = 18;

/// [`move_basket`] changes nothing behind the first so many bytes of a basket: two offsets of 64
/// bits are the last that it writes.
pub const MOVED_BYTES: usize = SEEK_KEY + 16;

/// Where the number stands, in the place of a basket's directory, that its references count from
/// (`TKey::kPidOffsetShift`).
const PROCESS_BITS: u32 = 48;
/// The largest such number here: places are positive numbers with a sign.
const MOST_PROCESSES: u64 = i16::MAX as u64;

/// The number of the process from which on the references in a basket with a long key count.
fn process_offset(record: &[u8]) -> u64 {
    let parent = record.get(SEEK_KEY + 8..SEEK_KEY + 16);
    let parent = parent.and_then(|bytes| bytes.try_into().ok());
    parent.map_or(0, u64::from_be_bytes) >> PROCESS_BITS
}

/// Lets the references in a basket, which say by number which process of their file they mean
/// (`TProcessID`), count from `offset` numbers later (`TBasket::IncrementPidOffset`).
///
/// # Errors
/// When its key has 32-bit offsets, which leave no room for it, or the number grows too large.
pub fn add_process_offset(record: &mut [u8], offset: u16) -> Result<()> {
    if offset == 0 {
        return Ok(());
    }
    if is_narrow(record) {
        return Err(Error::unsupported(
            "key of a basket with references, of 32 bits",
        ));
    }
    let offset = process_offset(record) + u64::from(offset);
    if offset > MOST_PROCESSES {
        return Err(Error::unsupported(format!("process number {offset}")));
    }
    let place = SEEK_KEY + 8;
    if let Some(field) = record.get_mut(place..place + size_of::<u16>()) {
        let [.., high, low] = offset.to_be_bytes();
        field.copy_from_slice(&[high, low]);
    }
    Ok(())
}

/// Writes into a basket's key where its record will stand: at `seek`, in the directory at
/// `parent`.
///
/// # Errors
/// When it is too short for a key, or its key has 32-bit offsets and `seek` needs more.
pub fn move_basket(record: &mut [u8], seek: u64, parent: u64) -> Result<()> {
    let version = record
        .get(VERSION..VERSION + 2)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u16::from_be_bytes)
        .ok_or_else(|| Error::malformed("a basket is shorter than a key"))?;
    if version > 1000 {
        let offset = process_offset(record) << PROCESS_BITS;
        put(record, SEEK_KEY, &seek.to_be_bytes());
        put(record, SEEK_KEY + 8, &(parent | offset).to_be_bytes());
        return Ok(());
    }
    let narrow = |offset: u64| {
        i32::try_from(offset).map_err(|_| {
            Error::unsupported(format!(
                "moving of a basket with a 32-bit key to offset {offset}"
            ))
        })
    };
    put(record, SEEK_KEY, &narrow(seek)?.to_be_bytes());
    put(record, SEEK_KEY + 4, &narrow(parent)?.to_be_bytes());
    Ok(())
}

fn put(record: &mut [u8], at: usize, field: &[u8]) {
    if let Some(place) = record.get_mut(at..at + field.len()) {
        place.copy_from_slice(field);
    }
}

/// The header of a basket whose record is all of `record`.
fn whole(record: &[u8]) -> Result<BasketHeader> {
    let header = basket_header(record)?;
    if u32::try_from(record.len()) == Ok(header.key.nbytes) {
        Ok(header)
    } else {
        Err(Error::malformed(format!(
            "the basket is {} bytes long, its branch says {}",
            header.key.nbytes,
            record.len()
        )))
    }
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
            return Err(Error::malformed(format!(
                "a {} block has an unknown method",
                block.codec
            )));
        }
        block.check()?;
        expanded += block.expanded as u64;
        rest = behind;
    }
    if expanded == u64::from(header.key.object_length) {
        Ok(header)
    } else {
        Err(Error::malformed(format!(
            "a basket's blocks expand to {expanded} bytes, its key says {}",
            header.key.object_length
        )))
    }
}

/// What stands behind the key of a record: its content as it is stored.
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

/// Appends the basket `record` to `out` with its content compressed anew (or only expanded and
/// thereby checked, where `compressor` is none); gives its header. `edit` may change the bytes of
/// its values, and is called only where they are compressed again. `scratch` is overwritten.
///
/// # Errors
/// When the record is damaged, or the codec's library fails.
pub fn recompress(
    record: &[u8],
    codec: &mut Decompressor,
    compressor: Option<&mut Compressor>,
    edit: &dyn Fn(&mut [u8]),
    scratch: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<BasketHeader> {
    let mut header = check_frames(record)?;
    expand(record, &header, codec, scratch)?;
    let start = out.len();
    let Some(compressor) = compressor else {
        out.extend_from_slice(record);
        return Ok(header);
    };
    edit(scratch.get_mut(..header.values).unwrap_or_default());
    let key = record
        .get(..usize::from(header.key.key_length))
        .unwrap_or_default();
    out.extend_from_slice(key);
    compressor.record(scratch, out)?;
    header.key.nbytes = u32::try_from(out.len() - start)
        .map_err(|_| Error::malformed("a basket grows past 4 GiB"))?;
    let nbytes = header.key.nbytes.to_be_bytes();
    if let Some(copy) = out.get_mut(start..) {
        put(copy, NBYTES, &nbytes);
    }
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Settings;
    use crate::write::BasketEntries;

    fn basket(settings: Settings) -> Vec<u8> {
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

    #[test]
    fn recompressing_changes_nothing_but_the_codec() {
        let (zlib, zstd) = (basket(Settings::ZLIB_1), basket("zstd:5".parse().unwrap()));
        let mut codec = Decompressor::new();
        let mut compressor = Compressor::new("zstd:5".parse().unwrap()).unwrap();
        let (mut scratch, mut out) = (Vec::new(), Vec::new());
        recompress(
            &zlib,
            &mut codec,
            Some(&mut compressor),
            &|_| (),
            &mut scratch,
            &mut out,
        )
        .unwrap();
        assert_eq!(out, zstd);
    }

    /// In a key of 64 bits, the upper 16 of the directory's place are no part of it
    /// (`TKey::fPidOffset`): a `TRef` of the basket counts from that number on.
    #[test]
    fn what_references_count_from_stays_where_a_basket_moves() {
        let mut record = basket(Settings::NONE);
        add_process_offset(&mut record, 3).unwrap();
        move_basket(&mut record, 1 << 40, 100).unwrap();
        add_process_offset(&mut record, 0x7ff0).unwrap();
        move_basket(&mut record, 1 << 41, 200).unwrap();
        let parent = &record[SEEK_KEY + 8..SEEK_KEY + 16];
        assert_eq!(parent, (0x7ff3 << 48 | 200u64).to_be_bytes());
        assert_eq!(basket_header(&record).unwrap().key.seek_parent, 200);
        assert!(add_process_offset(&mut record, 0xf000).is_err());
        put(&mut record, VERSION, &4u16.to_be_bytes());
        assert!(add_process_offset(&mut record, 0).is_ok());
        assert!(add_process_offset(&mut record, 1).is_err());
    }

    #[test]
    fn a_short_key_does_not_move_past_two_gigabytes() {
        let mut record = basket(Settings::NONE);
        assert!(move_basket(&mut record, 1 << 40, 100).is_ok());
        put(&mut record, VERSION, &4u16.to_be_bytes());
        assert!(move_basket(&mut record, 1 << 30, 100).is_ok());
        assert!(move_basket(&mut record, 1 << 40, 100).is_err());
    }
}
