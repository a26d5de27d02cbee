//! From the entries of successive baskets to columns.

use std::ops::Range;

use super::basket::{BasketContent, EntryOffsets};
use super::collected;
use super::column_kind::ColumnKind;
use super::decode::{Growing, decode};
use super::format::{Format, Lead, Leaf};
use super::number::Number;
use super::spare::SpareColumns;
use super::vectors;
use crate::column::{Column, Values};
use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// Puts the entries of successive baskets together to columns, one for each leaf of their format.
#[derive(Debug)]
pub struct ColumnBuilder<'f> {
    format: &'f Format,
    leaves: Vec<Leaf>,
    columns: Vec<Growing>,
}

impl<'f> ColumnBuilder<'f> {
    /// Empty columns of `format`, with room for `entries`.
    pub fn new(format: &'f Format, entries: usize) -> Self {
        Self::reusing(format, entries, &mut SpareColumns::default())
    }

    /// The same, in the memory of columns that are done with.
    pub fn reusing(format: &'f Format, entries: usize, spare: &mut SpareColumns) -> Self {
        let leaves = format.leaves();
        let room = entries / leaves.len().max(1);
        let growing = match format.kind() {
            Some(ColumnKind::Vector(_)) => Growing::overwriting,
            _ => Growing::reusing,
        };
        let columns = leaves.iter().map(|leaf| growing(leaf, room, spare));
        Self {
            format,
            columns: columns.collect(),
            leaves,
        }
    }

    /// Whether a basket without entry offsets needs the numbers of items in its entries.
    pub(super) fn needs_counts(&self, basket: &BasketContent<'_>) -> bool {
        matches!(self.format, Format::Rest(..))
            && basket.entries > 0
            && !basket.says_where_entries_begin()
    }

    /// Appends the entries `range` of a basket, counted from its first.
    ///
    /// # Errors
    /// When the basket's bytes are not those of so many entries of this format.
    pub fn push(&mut self, basket: &BasketContent<'_>, range: Range<u64>) -> Result<()> {
        if range.start > range.end || range.end > basket.entries {
            return Err(Error::malformed(format!(
                "entries {} to {} are wanted of a basket of {}",
                range.start, range.end, basket.entries
            )));
        }
        let entries = index(basket.entries);
        let range = index(range.start)..index(range.end);
        if let Some((number, count)) = self.format.numbers() {
            return self.push_numbers(number, count, entries, basket.values, range);
        }
        match (self.format.kind(), self.format, &basket.offsets) {
            (Some(ColumnKind::Vector(_)), ..) => self.push_vectors(basket, range),
            (_, Format::Bits, _) if entries.checked_mul(4) == Some(basket.values.len()) => {
                let number = Number::Plain(crate::column::ScalarType::U32);
                self.push_numbers(number, 1, entries, basket.values, range)
            }
            (_, Format::Rest(..), _) if entries > 0 && !basket.says_where_entries_begin() => {
                Err(Error::unsupported(
                    "array of variable length whose basket does not say where its entries begin",
                ))
            }
            (_, Format::Rest(lead, item), Some(offsets)) => match (lead, item.numbers()) {
                (Lead::None, Some((number, count))) => {
                    self.push_items(number, count, basket, offsets, range)
                }
                _ => self.push_slices(basket, offsets, range),
            },
            (_, Format::EntryText, Some(offsets)) if basket.says_where_entries_begin() => {
                self.push_slices(basket, offsets, range)
            }
            (_, Format::Collected(_), _) => Err(Error::unsupported(
                "array of variable length in a collection without the branch that counts it",
            )),
            _ => self.push_walked(basket, range),
        }
    }

    /// Whether all entries need the numbers of values in their items, which
    /// [`Self::push_collected`] takes.
    pub(super) fn is_collected(&self) -> bool {
        matches!(self.format, Format::Collected(_))
    }

    /// Appends the entries `range` of a basket, counted from its first, whose items hold as many
    /// values as the lists of `counts` say, from the same entry on.
    pub(super) fn push_collected(
        &mut self,
        basket: &BasketContent<'_>,
        range: Range<u64>,
        counts: &Column,
    ) -> Result<()> {
        let Format::Collected(number) = *self.format else {
            return Err(Error::malformed("counts for what is not counted"));
        };
        let range = index(range.start)..index(range.end);
        collected::append(basket, range, number, counts, self.column()?)
    }

    /// Appends `entries` entries that nobody looks at: zeros, or empty vectors. Gives whether the
    /// format is one for which that can be done.
    pub(super) fn skip(&mut self, entries: u64) -> bool {
        match (self.format.kind(), self.columns.as_mut_slice()) {
            (Some(_), [column]) => {
                column.skip(index(entries));
                true
            }
            _ => false,
        }
    }

    /// The column, of a format with one leaf.
    ///
    /// # Errors
    /// When there are several, or it holds more than 2³² values.
    pub fn finish(self) -> Result<Column> {
        let several = self.columns.len();
        let mut columns = self.finish_all()?;
        match (columns.pop(), columns.is_empty()) {
            (Some((_, column)), true) => Ok(column),
            _ => Err(Error::unsupported(format!(
                "reading of {several} columns as one"
            ))),
        }
    }

    /// The columns, each with the names of the members it is in.
    ///
    /// # Errors
    /// When one holds more than 2³² values.
    pub fn finish_all(mut self) -> Result<Vec<(String, Column)>> {
        if let Some(ColumnKind::Vector(_)) = self.format.kind() {
            self.columns.iter_mut().for_each(Growing::drop_stale);
        }
        self.columns
            .into_iter()
            .zip(self.leaves)
            .map(|(column, leaf)| Ok((column.finish(&leaf)?, leaf.path)).map(|(c, p)| (p, c)))
            .collect()
    }

    fn column(&mut self) -> Result<&mut Growing> {
        self.columns
            .first_mut()
            .ok_or_else(|| Error::malformed("a format without columns"))
    }

    /// So many numbers in each entry, nothing around them.
    fn push_numbers(
        &mut self,
        number: Number,
        count: usize,
        entries: usize,
        bytes: &[u8],
        range: Range<usize>,
    ) -> Result<()> {
        let width = number.width().saturating_mul(count);
        if entries.checked_mul(width) != Some(bytes.len()) {
            return Err(Error::malformed(format!(
                "{} bytes of values are not {entries} entries of {width} bytes",
                bytes.len()
            )));
        }
        let wanted = bytes
            .get(range.start.saturating_mul(width)..range.end.saturating_mul(width))
            .unwrap_or_default();
        number.decode(wanted, &mut self.column()?.values);
        Ok(())
    }

    /// Any number of arrays of `count` numbers in each entry, nothing around them.
    fn push_items(
        &mut self,
        number: Number,
        count: usize,
        basket: &BasketContent<'_>,
        offsets: &EntryOffsets<'_>,
        range: Range<usize>,
    ) -> Result<()> {
        let width = number.width().saturating_mul(count);
        let column = self.column()?;
        let all = span(basket, offsets, range.start)?.start;
        let mut end = all;
        for entry in range {
            let bytes = span(basket, offsets, entry)?;
            if bytes.start != end || !bytes.len().is_multiple_of(width) {
                return Err(Error::malformed(format!(
                    "entry {entry} of the basket is {} bytes from {}, not items of {width} bytes from {end}",
                    bytes.len(),
                    bytes.start
                )));
            }
            end = bytes.end;
            column.end_list(0, bytes.len() / width)?;
        }
        let bytes = basket.values.get(all..end).unwrap_or_default();
        number.decode(bytes, &mut column.values);
        Ok(())
    }

    /// Entries that end where the next begins.
    fn push_slices(
        &mut self,
        basket: &BasketContent<'_>,
        offsets: &EntryOffsets<'_>,
        range: Range<usize>,
    ) -> Result<()> {
        for entry in range {
            let span = span(basket, offsets, entry)?;
            let values = basket.values.get(..span.end).unwrap_or_default();
            let mut cursor = Cursor::behind(values, basket.key_length);
            cursor
                .seek(span.start)
                .and_then(|()| decode(self.format, &mut cursor, &mut self.columns, 0))
                .and_then(|()| nothing_left(&cursor))
                .map_err(|error| error.within(&format!("entry {entry} of a basket")))?;
        }
        Ok(())
    }

    /// Entries that say themselves where they end.
    fn push_walked(&mut self, basket: &BasketContent<'_>, range: Range<usize>) -> Result<()> {
        let mut cursor = Cursor::behind(basket.values, basket.key_length);
        let mut unwanted: Vec<Growing> = Vec::new();
        if range.start > 0 {
            unwanted = self
                .leaves
                .iter()
                .map(|leaf| Growing::new(leaf, 0))
                .collect();
        }
        for entry in 0..range.end {
            let columns = if entry < range.start {
                &mut unwanted
            } else {
                &mut self.columns
            };
            decode(self.format, &mut cursor, columns, 0)
                .map_err(|error| error.within(&format!("entry {entry} of a basket")))?;
        }
        if index(basket.entries) == range.end {
            nothing_left(&cursor)?;
        }
        Ok(())
    }

    fn push_vectors(&mut self, basket: &BasketContent<'_>, range: Range<usize>) -> Result<()> {
        if basket.values.is_empty() && basket.entries > 0 {
            // So does ROOT 6.08 write bitsets.
            return Err(Error::unsupported("vectors of no bytes"));
        }
        let column = self.column()?;
        let Some(offsets) = column.lists.first_mut() else {
            return Err(Error::malformed("a format without lists"));
        };
        // One loop for each type: entries are short, so what is decided for each of them counts.
        macro_rules! walk {
            ($($variant:ident)+) => {
                match &mut column.values {
                    $(Values::$variant(values) => {
                        vectors::append(basket, range, values, offsets)
                    })+
                }
            };
        }
        walk!(Bool I8 U8 I16 U16 I32 U32 I64 U64 F32 F64)
    }
}

/// The bytes of entry `entry`.
fn span(
    basket: &BasketContent<'_>,
    offsets: &EntryOffsets<'_>,
    entry: usize,
) -> Result<Range<usize>> {
    let entries = index(basket.entries);
    if entry >= entries {
        return Ok(basket.values.len()..basket.values.len());
    }
    let end = if entry + 1 < entries {
        offsets.get(entry + 1)
    } else {
        Some(basket.values.len())
    };
    match (offsets.get(entry), end) {
        (Some(start), Some(end)) if start <= end && end <= basket.values.len() => Ok(start..end),
        (start, end) => Err(Error::malformed(format!(
            "entry {entry} of the basket is said to stand from byte {start:?} to {end:?} of {}",
            basket.values.len()
        ))),
    }
}

fn nothing_left(cursor: &Cursor<'_>) -> Result<()> {
    match cursor.left() {
        0 => Ok(()),
        left => Err(
            Error::malformed(format!("{left} bytes are left behind the last value"))
                .at_position(cursor.position()),
        ),
    }
}

fn index(entry: u64) -> usize {
    usize::try_from(entry).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Level, ScalarType};
    use crate::cursor::BYTE_COUNT_MASK;
    use crate::error::ErrorKind;
    use crate::tree::format::Class;
    use std::sync::Arc;

    fn vectors(entries: &[&[i32]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in entries {
            let values = u32::try_from(entry.len()).unwrap();
            bytes.extend((BYTE_COUNT_MASK | (6 + 4 * values)).to_be_bytes());
            bytes.extend(9u16.to_be_bytes());
            bytes.extend(values.to_be_bytes());
            entry
                .iter()
                .for_each(|value| bytes.extend(value.to_be_bytes()));
        }
        bytes
    }

    fn number(scalar: ScalarType) -> Format {
        Format::Number(Number::Plain(scalar))
    }

    fn vector() -> Format {
        Format::Container(Box::new(Format::List(Box::new(number(ScalarType::I32)))))
    }

    fn basket(entries: u64, values: &[u8]) -> BasketContent<'_> {
        BasketContent {
            entries,
            values,
            offsets: None,
            key_length: 0,
        }
    }

    #[test]
    fn offsets_that_are_not_there_are_no_damage_and_wrong_ones_are() {
        let format = Format::Rest(Lead::None, Box::new(number(ScalarType::I32)));
        let error = |bytes| {
            let content = BasketContent {
                offsets: Some(EntryOffsets::Stored {
                    bytes,
                    key_length: 70,
                }),
                ..basket(1, &[0; 4])
            };
            let mut columns = ColumnBuilder::new(&format, 1);
            columns.push(&content, 0..1).unwrap_err()
        };
        assert!(matches!(error(&[]).kind(), ErrorKind::Unsupported(_)));
        // Within the key.
        let wrong = error(&[0, 0, 0, 69]);
        assert!(matches!(wrong.kind(), ErrorKind::Malformed(_)), "{wrong}");
    }

    #[test]
    fn an_unknown_class_version_is_named() {
        let class = |version| {
            Format::Object(Arc::new(Class {
                name: "Hit".into(),
                version,
                checksum: 1,
                members: Format::record(vec![("x".into(), number(ScalarType::I32))]),
            }))
        };
        let mut bytes = (BYTE_COUNT_MASK | 6).to_be_bytes().to_vec();
        bytes.extend(3u16.to_be_bytes());
        bytes.extend(7i32.to_be_bytes());
        let (known, other) = (class(3), class(4));
        let mut column = ColumnBuilder::new(&known, 1);
        column.push(&basket(1, &bytes), 0..1).unwrap();
        let mut column = ColumnBuilder::new(&other, 1);
        let error = column.push(&basket(1, &bytes), 0..1).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported(_)));
        assert!(
            error.to_string().contains("version 3 of class Hit"),
            "{error}"
        );
    }

    #[test]
    fn ranges_of_baskets_make_one_column() {
        let (a, b) = (vectors(&[&[1, 2], &[], &[3]]), vectors(&[&[4], &[5, 6]]));
        let format = vector();
        let mut column = ColumnBuilder::new(&format, 4);
        column.push(&basket(3, &a), 1..3).unwrap();
        column.push(&basket(2, &b), 0..1).unwrap();
        let column = column.finish().unwrap();
        assert_eq!(column.offsets().unwrap(), [0, 0, 1, 2]);
        assert_eq!(column.as_jagged::<i32>().unwrap().values(), [3, 4]);
    }

    #[test]
    fn skipped_entries_are_empty_and_keep_the_others_in_place() {
        let bytes = vectors(&[&[1, 2], &[3]]);
        let format = vector();
        let mut column = ColumnBuilder::new(&format, 5);
        assert!(column.skip(1));
        column.push(&basket(2, &bytes), 0..2).unwrap();
        assert!(column.skip(2));
        let column = column.finish().unwrap();
        assert_eq!(column.offsets().unwrap(), [0, 0, 2, 3, 3, 3]);

        let format = number(ScalarType::I8);
        let mut column = ColumnBuilder::new(&format, 3);
        column.push(&basket(1, &[7]), 0..1).unwrap();
        assert!(column.skip(2));
        assert_eq!(column.finish().unwrap(), Column::fixed(vec![7i8, 0, 0]));
        assert!(!ColumnBuilder::new(&Format::Text, 1).skip(1));
    }

    #[test]
    fn baskets_that_do_not_add_up_are_refused() {
        let bytes = vectors(&[&[1, 2], &[3]]);
        let vector = vector();
        let push = |format: &Format, entries, values: &[u8], range| {
            ColumnBuilder::new(format, 0)
                .push(&basket(entries, values), range)
                .is_ok()
        };
        assert!(push(&vector, 2, &bytes, 0..2));
        assert!(!push(&vector, 3, &bytes, 0..3), "one vector too few");
        assert!(!push(&vector, 1, &bytes, 0..1), "one too many");
        assert!(
            !push(&vector, 2, &bytes[..bytes.len() - 1], 0..2),
            "cut short"
        );
        let mut other = bytes.clone();
        other[3] += 1;
        assert!(
            !push(&vector, 2, &other, 0..2),
            "byte count and length differ"
        );
        other[6..10].copy_from_slice(&[255; 4]);
        assert!(!push(&vector, 2, &other, 0..2), "a length past everything");
        let fixed = Format::Number(Number::Plain(ScalarType::F64));
        assert!(push(&fixed, 2, &[0; 16], 0..2));
        assert!(!push(&fixed, 2, &[0; 15], 0..2));
        assert!(!push(&fixed, 2, &[0; 16], 1..3));
    }

    #[test]
    fn an_empty_text_may_take_no_byte() {
        let content = BasketContent {
            offsets: Some(EntryOffsets::Known(&[0, 0, 3, 4])),
            ..basket(4, &[2, b'a', b'b', 0])
        };
        let mut column = ColumnBuilder::new(&Format::EntryText, 4);
        column.push(&content, 0..4).unwrap();
        let column = column.finish().unwrap();
        assert_eq!(column.levels(), [Level::List(vec![0, 0, 2, 2, 2])]);
    }

    #[test]
    fn counted_arrays_end_where_the_next_entry_begins() {
        let format = Format::Rest(
            Lead::None,
            Box::new(Format::Array(2, Box::new(number(ScalarType::U8)))),
        );
        let push = |starts: &[u32]| {
            let content = BasketContent {
                offsets: Some(EntryOffsets::Known(starts)),
                ..basket(3, &[1, 2, 3, 4, 5, 6])
            };
            let mut column = ColumnBuilder::new(&format, 3);
            column.push(&content, 1..3)?;
            column.finish()
        };
        let column = push(&[0, 2, 2]).unwrap();
        assert_eq!(
            column.levels(),
            [Level::List(vec![0, 0, 2]), Level::Array(2)]
        );
        assert_eq!(column.values(), &Values::U8(vec![3, 4, 5, 6]));
        assert!(push(&[0, 3, 4]).is_err(), "half an item");
        assert!(push(&[0, 4, 2]).is_err(), "an entry of negative length");
        assert!(push(&[0, 2, 9]).is_err(), "an entry past the end");
    }

    #[test]
    fn entries_of_no_bytes_are_not_known() {
        let format = vector();
        let mut column = ColumnBuilder::new(&format, 2);
        let error = column.push(&basket(2, &[]), 0..2).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unsupported(_)));
    }
}
