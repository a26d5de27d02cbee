//! Entries on their way into a basket: made from a column, cut from baskets, joined.

use std::ops::Range;

use crate::codec::Decompressor;
use crate::cursor::{BYTE_COUNT_MASK, Cursor};
use crate::error::{Error, Result};
use crate::file::Key;
use crate::object::EmbeddedBasket;

use super::frames::{check_frames, expand};

/// Entries of successive baskets of one branch, to be put into one basket.
#[derive(Clone, Debug, Default)]
pub struct BasketEntries {
    /// The number of entries.
    pub entries: u32,
    /// Their bytes as they stand in a basket.
    pub values: Vec<u8>,
    /// Where each begins, for entries of varying length.
    pub offsets: Option<Vec<u32>>,
}

impl BasketEntries {
    /// Appends the entries `range` of a basket in its tree's record.
    ///
    /// # Errors
    /// When it has no such entries, the baskets differ in kind, or grow past what offsets reach.
    pub fn push_embedded(&mut self, basket: &EmbeddedBasket, range: Range<u32>) -> Result<()> {
        let offsets = basket.offsets.as_deref();
        self.push_range(basket.entries, &basket.data, offsets, range)
    }

    /// Appends the entries `range` of a basket with a record of its own. `scratch` is overwritten.
    ///
    /// # Errors
    /// When the record is damaged, has no such entries, has generated offsets, or the baskets
    /// differ in kind.
    pub fn push_record(
        &mut self,
        record: &[u8],
        range: Range<u32>,
        codec: &mut Decompressor,
        scratch: &mut Vec<u8>,
    ) -> Result<()> {
        let header = check_frames(record)?;
        let mut cursor = Cursor::new(record);
        Key::parse_numbers(&mut cursor)?;
        let (_version, _size) = (cursor.u16()?, cursor.i32()?);
        if cursor.i32()? < 0 {
            return Err(Error::unsupported(
                "joining of baskets with generated offsets",
            ));
        }
        expand(record, &header, codec, scratch)?;
        let Some((values, behind)) = scratch.split_at_checked(header.values) else {
            return Err(Error::malformed(
                "a basket's content is shorter than its values",
            ));
        };
        if behind.is_empty() {
            return self.push_range(header.entries, values, None, range);
        }
        let mut cursor = Cursor::new(behind);
        let count = cursor.count(4, "a basket's entry offsets")?;
        let mut offsets = Vec::with_capacity(count);
        for _ in 0..count {
            offsets.push(cursor.u32()?.saturating_sub(header.key.key_length.into()));
        }
        self.push_range(header.entries, values, Some(&offsets), range)
    }

    /// Appends `entries` entries of `values`. Some writers give one offset more than entries.
    ///
    /// # Errors
    /// When only some of the baskets have offsets, or they grow past what these reach.
    pub fn push(&mut self, entries: u32, values: &[u8], offsets: Option<&[u32]>) -> Result<()> {
        self.push_range(entries, values, offsets, 0..entries)
    }

    /// Appends the entries `range` of a basket of `entries` entries.
    fn push_range(
        &mut self,
        entries: u32,
        values: &[u8],
        offsets: Option<&[u32]>,
        range: Range<u32>,
    ) -> Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        let shift = u32::try_from(self.values.len())
            .map_err(|_| Error::malformed("joined baskets grow past 4 GiB"))?;
        let starts = offsets
            .map(|offsets| {
                let starts = offsets.get(..index(entries));
                starts.ok_or_else(|| {
                    Error::malformed(format!(
                        "a basket of {entries} entries has {} offsets",
                        offsets.len()
                    ))
                })
            })
            .transpose()?;
        let bytes = byte_range(entries, values.len(), starts, &range)
            .filter(|bytes| bytes.start <= bytes.end);
        let part = bytes.clone().and_then(|bytes| values.get(bytes));
        let (Some(bytes), Some(part)) = (bytes, part) else {
            return Err(Error::malformed(format!(
                "a basket of {entries} entries in {} bytes has no entries {range:?}",
                values.len()
            )));
        };
        match (starts, &mut self.offsets, self.entries) {
            (None, None, _) => {}
            (Some(starts), to, _) if to.is_some() || self.entries == 0 => {
                let from = u32::try_from(bytes.start).unwrap_or(u32::MAX);
                let starts = starts.get(index(range.start)..index(range.end));
                let moved = |start: &u32| start.wrapping_sub(from).wrapping_add(shift);
                to.get_or_insert_default()
                    .extend(starts.unwrap_or_default().iter().map(moved));
            }
            _ => {
                return Err(Error::unsupported(
                    "joining of baskets with and without entry offsets",
                ));
            }
        }
        self.values.extend_from_slice(part);
        self.entries = self
            .entries
            .checked_add(range.end - range.start)
            .ok_or_else(|| Error::malformed("too many entries for one basket"))?;
        Ok(())
    }
}

/// Where the entries `range` of a basket stand in its `length` bytes of values: by the starts of
/// its entries, or where all entries take the same number of bytes.
fn byte_range(
    entries: u32,
    length: usize,
    starts: Option<&[u32]>,
    range: &Range<u32>,
) -> Option<Range<usize>> {
    if *range == (0..entries) {
        return Some(0..length);
    }
    if range.end > entries {
        return None;
    }
    let Some(starts) = starts else {
        let width = length.checked_div(index(entries))?;
        let is_whole = width.checked_mul(index(entries)) == Some(length);
        return is_whole.then(|| width * index(range.start)..width * index(range.end));
    };
    let start = |entry: u32| starts.get(index(entry)).map(|&start| index(start));
    Some(start(range.start)?..start(range.end).unwrap_or(length))
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A length that a basket's 32-bit fields can hold.
pub(super) fn count(length: usize) -> Result<u32> {
    u32::try_from(length)
        .ok()
        .filter(|&length| length < BYTE_COUNT_MASK)
        .ok_or_else(too_long)
}

pub(super) fn too_long() -> Error {
    Error::malformed("a basket grows past 1 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Settings;
    use crate::write::testing::basket;

    #[test]
    fn joined_baskets_hold_the_entries_of_both() {
        let record = basket(Settings::ZLIB_1);
        let (mut joined, mut codec) = (BasketEntries::default(), Decompressor::new());
        for _ in 0..2 {
            joined
                .push_record(&record, 0..100, &mut codec, &mut Vec::new())
                .unwrap();
        }
        assert_eq!((joined.entries, joined.values.len()), (200, 600));
        let offsets = joined.offsets.as_ref().unwrap();
        assert_eq!((offsets.len(), offsets[100], offsets[101]), (200, 300, 301));
    }

    #[test]
    fn cut_baskets_hold_the_entries_of_the_whole() {
        let record = basket(Settings::ZLIB_1);
        let mut codec = Decompressor::new();
        let mut push = |cuts: &[u32]| {
            let mut joined = BasketEntries::default();
            for cut in cuts.windows(2) {
                joined.push_record(&record, cut[0]..cut[1], &mut codec, &mut Vec::new())?;
            }
            Ok::<_, Error>((joined.entries, joined.values, joined.offsets))
        };
        let whole = push(&[0, 100]).unwrap();
        assert_eq!(push(&[0, 1, 37, 37, 99, 100]).unwrap(), whole);
        assert!(push(&[90, 101]).is_err());
        let mut fixed = BasketEntries::default();
        fixed.push_range(3, b"aabbcc", None, 1..2).unwrap();
        assert_eq!(fixed.values, b"bb");
        assert!(fixed.push_range(3, b"aabbc", None, 1..2).is_err());
    }
}
