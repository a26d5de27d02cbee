//! Baskets whose keys have offsets of 32 bits, made fit for places past 2 GB.
//!
//! ROOT gives every basket a key with offsets of 64 bits (`TBasket::TBasket` adds 1000 to
//! `fVersion`); other writers do not. Such a key is 8 bytes longer, and what a basket says of
//! positions counts from the start of its key.

use crate::codec::{Compressor, Decompressor};
use crate::cursor::Cursor;
use crate::error::{Error, Result};
use crate::file::Key;
use crate::tree::BasketHeader;

use super::frames::{check_frames, expand, stored};

/// How much longer a key with offsets of 64 bits is.
const LONGER: u16 = 8;
/// Where `fLast` stands behind the key, and `fNevBufSize`, whose sign tells of a byte before it.
const LAST: usize = 14;
const ROOM: usize = 6;

/// Appends the basket `record` to `out` with a key whose offsets have 64 bits; gives its header.
/// Its content is compressed anew only where it holds entry offsets. `scratch` is overwritten.
///
/// # Errors
/// When the record is damaged, or the codec's library fails.
pub fn widen_basket(
    record: &[u8],
    codec: &mut Decompressor,
    compressor: &mut Compressor,
    scratch: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<BasketHeader> {
    let mut header = check_frames(record)?;
    let mut cursor = Cursor::new(record);
    let mut key = Key::parse(&mut cursor)?;
    let old_length = usize::from(header.key.key_length);
    let mut fields = record
        .get(cursor.position()..old_length)
        .unwrap_or_default()
        .to_vec();
    grow_last(&mut fields)?;
    key.big = true;
    (key.seek_key, key.seek_parent) = (0, 0);
    key.key_length = key
        .key_length
        .checked_add(LONGER)
        .ok_or_else(|| Error::malformed("a basket's key is too long"))?;
    let start = out.len();
    key.encode(out)?;
    out.extend_from_slice(&fields);
    if u64::try_from(header.values) == Ok(header.key.object_length.into()) {
        out.extend_from_slice(stored(record, old_length));
    } else {
        expand(record, &header, codec, scratch)?;
        grow_offsets(
            scratch.get_mut(header.values..).unwrap_or_default(),
            header.entries,
        )?;
        compressor.record(scratch, out)?;
    }
    header = BasketHeader {
        key: key.numbers(),
        ..header
    };
    header.key.nbytes = u32::try_from(out.len() - start)
        .ok()
        .filter(|&nbytes| i32::try_from(nbytes).is_ok())
        .ok_or_else(|| Error::malformed("a basket grows past 2 GiB"))?;
    if let Some(nbytes) = out.get_mut(start..start + 4) {
        nbytes.copy_from_slice(&header.key.nbytes.to_be_bytes());
    }
    Ok(header)
}

/// Moves `fLast` in a basket's fields.
fn grow_last(fields: &mut [u8]) -> Result<()> {
    let has_bits = fields.get(ROOM).is_some_and(|byte| byte & 0x80 != 0);
    let at = LAST + usize::from(has_bits);
    let last = fields
        .get_mut(at..at + 4)
        .ok_or_else(|| Error::malformed("a basket's fields are cut short"))?;
    grow(last)
}

/// Moves the entry offsets that `behind`, what follows the values, begins with.
fn grow_offsets(behind: &mut [u8], entries: u32) -> Result<()> {
    let entries = usize::try_from(entries).unwrap_or(usize::MAX);
    let offsets = behind.get_mut(4..).unwrap_or_default();
    offsets.chunks_exact_mut(4).take(entries).try_for_each(grow)
}

fn grow(field: &mut [u8]) -> Result<()> {
    let number = <[u8; 4]>::try_from(&*field).map(u32::from_be_bytes);
    let grown = number
        .ok()
        .and_then(|number| number.checked_add(LONGER.into()))
        .ok_or_else(|| Error::malformed("a basket's offset does not fit 32 bits"))?;
    field.copy_from_slice(&grown.to_be_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Settings;
    use crate::tree::{EntryOffsets, expand_basket};
    use crate::write::{BasketEntries, is_narrow, move_basket};
    use bytes::Bytes;

    /// The record of a basket, its key cut down to offsets of 32 bits.
    fn narrow_record(lists: bool) -> Vec<u8> {
        let mut entries = BasketEntries::default();
        for number in 0..50u32 {
            let values = number.to_be_bytes();
            let offset: Option<&[u32]> = lists.then_some(&[0]);
            entries.push(1, &values, offset).unwrap();
        }
        let mut compressor = Compressor::new(Settings::ZLIB_1).unwrap();
        let wide = entries.encode("t", "b", 0, &mut compressor).unwrap();
        let (mut codec, mut content) = (Decompressor::new(), Vec::new());
        let header = check_frames(wide.bytes()).unwrap();
        expand(wide.bytes(), &header, &mut codec, &mut content).unwrap();
        for offset in content[header.values..]
            .chunks_exact_mut(4)
            .skip(1)
            .take(50)
        {
            let number = u32::from_be_bytes(offset.try_into().unwrap());
            offset.copy_from_slice(&number.wrapping_sub(8).to_be_bytes());
        }
        let mut key = Key::parse(&mut Cursor::new(wide.bytes())).unwrap();
        (key.big, key.key_length) = (false, key.key_length - 8);
        let mut record = Vec::new();
        key.encode(&mut record).unwrap();
        let mut fields =
            wide.bytes()[record.len() + 8..usize::from(header.key.key_length)].to_vec();
        let last = u32::from_be_bytes(fields[14..18].try_into().unwrap()) - 8;
        fields[14..18].copy_from_slice(&last.to_be_bytes());
        record.extend(fields);
        compressor.record(&content, &mut record).unwrap();
        let nbytes = u32::try_from(record.len()).unwrap().to_be_bytes();
        record[..4].copy_from_slice(&nbytes);
        record
    }

    #[test]
    fn a_widened_basket_holds_the_same_entries_and_moves_anywhere() {
        for lists in [false, true] {
            let narrow = narrow_record(lists);
            assert!(is_narrow(&narrow));
            let mut wide = Vec::new();
            let (mut codec, mut scratch) = (Decompressor::new(), Vec::new());
            let mut compressor = Compressor::new(Settings::ZLIB_1).unwrap();
            let header = widen_basket(
                &narrow,
                &mut codec,
                &mut compressor,
                &mut scratch,
                &mut wide,
            )
            .unwrap();
            assert!(!is_narrow(&wide));
            assert_eq!((header.entries, header.values), (50, 200));
            assert_eq!(check_frames(&wide).unwrap().key, header.key);
            move_basket(&mut wide, 1 << 45, 100).unwrap();
            let mut read = |record: Vec<u8>| {
                let record = Bytes::from(record);
                let content = expand_basket(&record, &mut codec, &mut scratch).unwrap();
                let starts: Vec<u32> = match content.offsets {
                    Some(EntryOffsets::Stored { bytes, key_length }) => bytes
                        .chunks_exact(4)
                        .take(50)
                        .map(|bytes| u32::from_be_bytes(bytes.try_into().unwrap()))
                        .map(|start| start - key_length)
                        .collect(),
                    _ => Vec::new(),
                };
                (content.values.to_vec(), starts)
            };
            let (values, starts) = read(wide);
            assert_eq!(starts.len(), if lists { 50 } else { 0 });
            assert!(
                starts
                    .iter()
                    .zip(0..)
                    .all(|(&start, entry)| start == entry * 4)
            );
            assert_eq!(read(narrow), (values, starts));
        }
    }
}
