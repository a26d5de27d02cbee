//! From a basket's record to values of a column.

use std::ops::Range;

use bytes::Bytes;

use super::column_kind::ColumnKind;
use super::embedded::BasketFields;
use crate::codec::Decompressor;
use crate::column::{Column, Values};
use crate::cursor::{BYTE_COUNT_MASK, Cursor};
use crate::error::{Error, Result};
use crate::file::Key;
use crate::object::EmbeddedBasket;

/// The bytes before the values of a `std::vector`: byte count, version, length.
const VECTOR_HEADER: usize = 10;

/// The key and fields before a basket's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketHeader {
    /// The record's key; its length counts the fields too.
    pub key: Key,
    /// `fNevBuf`: the number of entries.
    pub entries: u32,
    /// Bytes of values at the start of the expanded content; entry offsets follow.
    pub values: usize,
}

/// Reads the header of the basket whose record is `record`.
///
/// # Errors
/// When it is no basket, or its lengths contradict each other.
pub fn basket_header(record: &[u8]) -> Result<BasketHeader> {
    let mut cursor = Cursor::new(record);
    let key = Key::parse(&mut cursor)?;
    let fields = BasketFields::parse(&mut cursor)?;
    if key.class != "TBasket" {
        return Err(Error::malformed(format!(
            "a {} where a basket should be",
            key.class
        )));
    }
    let values = fields
        .last
        .checked_sub(key.key_length.into())
        .filter(|&values| values <= key.object_length)
        .ok_or_else(|| {
            Error::malformed(format!(
                "its values end at {}, with a key of {} bytes and {} of content",
                fields.last, key.key_length, key.object_length
            ))
        })?;
    let values = usize::try_from(values).unwrap_or(usize::MAX);
    Ok(BasketHeader {
        key,
        entries: fields.entries,
        values,
    })
}

/// The values of a basket, expanded, in the file's byte order.
#[derive(Clone, Debug)]
pub struct BasketContent<'a> {
    /// The number of entries.
    pub entries: u64,
    /// Their bytes.
    pub values: &'a [u8],
}

impl<'a> BasketContent<'a> {
    /// That of a basket in the tree's record.
    pub fn embedded(basket: &'a EmbeddedBasket) -> Self {
        Self {
            entries: basket.entries.into(),
            values: &basket.data,
        }
    }
}

/// Expands the basket whose record is `record`, into `scratch` unless it is stored raw.
///
/// # Errors
/// When the record is damaged.
pub fn expand_basket<'a>(
    record: &'a Bytes,
    codec: &mut Decompressor,
    scratch: &'a mut Vec<u8>,
) -> Result<BasketContent<'a>> {
    let header = basket_header(record)?;
    if u32::try_from(record.len()) != Ok(header.key.nbytes) {
        return Err(Error::malformed(format!(
            "the basket is {} bytes long, its branch says {}",
            header.key.nbytes,
            record.len()
        )));
    }
    let stored = record
        .get(usize::from(header.key.key_length)..)
        .unwrap_or_default();
    let content = if header.key.is_raw() {
        stored
    } else {
        let length = usize::try_from(header.key.object_length).unwrap_or(usize::MAX);
        codec.record(stored, length, scratch)?;
        scratch
    };
    match content.get(..header.values) {
        Some(values) => Ok(BasketContent {
            entries: header.entries.into(),
            values,
        }),
        None => Err(Error::malformed("its content is shorter than its values")),
    }
}

/// Puts the entries of successive baskets together to one column.
#[derive(Debug)]
pub struct ColumnBuilder {
    kind: ColumnKind,
    values: Values,
    offsets: Vec<u32>,
}

impl ColumnBuilder {
    /// An empty column of `kind`, with room for `entries`.
    pub fn new(kind: ColumnKind, entries: usize) -> Self {
        let offsets = match kind {
            ColumnKind::Fixed(_) => Vec::new(),
            ColumnKind::Vector(_) => {
                let mut offsets = Vec::with_capacity(entries.saturating_add(1));
                offsets.push(0);
                offsets
            }
        };
        Self {
            kind,
            values: Values::with_capacity(kind.scalar(), entries),
            offsets,
        }
    }

    /// Appends the entries `range` of a basket, counted from its first.
    ///
    /// # Errors
    /// When the basket's bytes are not those of so many entries of this kind.
    pub fn push(&mut self, basket: &BasketContent<'_>, range: Range<u64>) -> Result<()> {
        if range.start > range.end || range.end > basket.entries {
            return Err(Error::malformed(format!(
                "entries {} to {} are wanted of a basket of {}",
                range.start, range.end, basket.entries
            )));
        }
        match self.kind {
            ColumnKind::Fixed(scalar) => self.push_fixed(basket, range, scalar.width()),
            ColumnKind::Vector(scalar) => self.push_vectors(basket, range, scalar.width()),
        }
    }

    /// The column.
    ///
    /// # Errors
    /// When it holds more than 2³² values.
    pub fn finish(self) -> Result<Column> {
        let offsets = match self.kind {
            ColumnKind::Fixed(_) => None,
            ColumnKind::Vector(_) => Some(self.offsets),
        };
        Ok(Column::from_parts(self.values, offsets)?)
    }

    fn push_fixed(
        &mut self,
        basket: &BasketContent<'_>,
        range: Range<u64>,
        width: usize,
    ) -> Result<()> {
        let entries = usize::try_from(basket.entries).unwrap_or(usize::MAX);
        if entries.checked_mul(width) != Some(basket.values.len()) {
            return Err(Error::malformed(format!(
                "{} bytes of values are not {entries} entries of {width} bytes",
                basket.values.len()
            )));
        }
        let byte = |entry: u64| {
            usize::try_from(entry)
                .unwrap_or(usize::MAX)
                .saturating_mul(width)
        };
        let wanted = basket
            .values
            .get(byte(range.start)..byte(range.end))
            .unwrap_or_default();
        self.values.extend_big_endian(wanted);
        Ok(())
    }

    /// Walks from vector to vector by the length each states, which must agree with its byte
    /// count; entry offsets, stored or generated, are not needed.
    fn push_vectors(
        &mut self,
        basket: &BasketContent<'_>,
        range: Range<u64>,
        width: usize,
    ) -> Result<()> {
        let mut rest = basket.values;
        for entry in 0..range.end {
            let (vector, behind) = split_vector(rest, width).ok_or_else(|| {
                Error::malformed(format!("entry {entry} of the basket is no vector"))
                    .at_position(basket.values.len() - rest.len())
            })?;
            rest = behind;
            if entry >= range.start {
                self.values.extend_big_endian(vector);
                let end = u32::try_from(self.values.len())
                    .map_err(|_| Error::malformed("more than 2³² values in one column"))?;
                self.offsets.push(end);
            }
        }
        if range.end == basket.entries && !rest.is_empty() {
            return Err(Error::malformed(format!(
                "{} bytes are left behind the basket's last entry",
                rest.len()
            )));
        }
        Ok(())
    }
}

/// Splits the first vector's values off `bytes`.
fn split_vector(bytes: &[u8], width: usize) -> Option<(&[u8], &[u8])> {
    let (header, rest) = bytes.split_first_chunk::<VECTOR_HEADER>()?;
    let [c0, c1, c2, c3, _, _, n0, n1, n2, n3] = *header;
    let count = u32::from_be_bytes([c0, c1, c2, c3]);
    let length = usize::try_from(u32::from_be_bytes([n0, n1, n2, n3])).ok()?;
    let (vector, rest) = rest.split_at_checked(length.checked_mul(width)?)?;
    // The byte count covers version, length and values.
    let expected = u32::try_from(vector.len()).ok()?.checked_add(6)? | BYTE_COUNT_MASK;
    (count == expected).then_some((vector, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::ScalarType;

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

    #[test]
    fn ranges_of_baskets_make_one_column() {
        let (a, b) = (vectors(&[&[1, 2], &[], &[3]]), vectors(&[&[4], &[5, 6]]));
        let mut column = ColumnBuilder::new(ColumnKind::Vector(ScalarType::I32), 4);
        column
            .push(
                &BasketContent {
                    entries: 3,
                    values: &a,
                },
                1..3,
            )
            .unwrap();
        column
            .push(
                &BasketContent {
                    entries: 2,
                    values: &b,
                },
                0..1,
            )
            .unwrap();
        let column = column.finish().unwrap();
        assert_eq!(column.offsets().unwrap(), [0, 0, 1, 2]);
        assert_eq!(column.as_jagged::<i32>().unwrap().values(), [3, 4]);
    }

    #[test]
    fn baskets_that_do_not_add_up_are_refused() {
        let bytes = vectors(&[&[1, 2], &[3]]);
        let vector = ColumnKind::Vector(ScalarType::I32);
        let push = |kind, entries, values: &[u8], range| {
            ColumnBuilder::new(kind, 0)
                .push(&BasketContent { entries, values }, range)
                .is_ok()
        };
        assert!(push(vector, 2, &bytes, 0..2));
        assert!(!push(vector, 3, &bytes, 0..3), "one vector too few");
        assert!(!push(vector, 1, &bytes, 0..1), "one too many");
        assert!(
            !push(vector, 2, &bytes[..bytes.len() - 1], 0..2),
            "cut short"
        );
        let mut other = bytes.clone();
        other[3] += 1;
        assert!(
            !push(vector, 2, &other, 0..2),
            "byte count and length differ"
        );
        other[6..10].copy_from_slice(&[255; 4]);
        assert!(!push(vector, 2, &other, 0..2), "a length past everything");
        let fixed = ColumnKind::Fixed(ScalarType::F64);
        assert!(push(fixed, 2, &[0; 16], 0..2));
        assert!(!push(fixed, 2, &[0; 15], 0..2));
        assert!(!push(fixed, 2, &[0; 16], 1..3));
    }
}
