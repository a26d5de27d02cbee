//! A basket's record: made from a column, or copied from another file.

use std::ops::Range;

use bytes::Bytes;

use crate::codec::Compressor;
use crate::column::Column;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::{Error, Result};
use crate::file::Key;
use crate::object::EmbeddedBasket;
use crate::tree::{BasketHeader, ColumnKind, basket_header};

use super::recode::{BasketEntries, move_basket};

/// Bytes of `TBasket`'s fields behind its key.
const FIELDS: u16 = 19;
/// The version of `TBasket` written here.
const VERSION: u16 = 3;
/// The version before the values of a `std::vector`: that of `TStreamerInfo`.
const VECTOR_VERSION: u16 = 9;

/// A basket's record, whole but for where it will stand.
#[derive(Clone, Debug)]
pub struct BasketRecord {
    bytes: Vec<u8>,
    header: BasketHeader,
}

impl BasketRecord {
    /// A record copied from another file.
    ///
    /// # Errors
    /// When it is no basket, or not all of one.
    pub fn copy(record: &Bytes) -> Result<Self> {
        let header = basket_header(record)?;
        if u32::try_from(record.len()) != Ok(header.key.nbytes) {
            return Err(Error::malformed(format!(
                "the basket is {} bytes long, its branch says {}",
                header.key.nbytes,
                record.len()
            )));
        }
        Ok(Self {
            bytes: record.to_vec(),
            header,
        })
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The number of entries.
    pub fn entries(&self) -> u32 {
        self.header.entries
    }

    /// Its length in the file, in bytes.
    pub fn nbytes(&self) -> u32 {
        self.header.key.nbytes
    }

    /// Its length expanded, key included: what it adds to `fTotBytes`.
    pub fn expanded(&self) -> u64 {
        u64::from(self.header.key.object_length) + u64::from(self.header.key.key_length)
    }

    /// Writes into its key where it will stand.
    pub(super) fn place(&mut self, seek: u64, parent: u64) -> Result<()> {
        move_basket(&mut self.bytes, seek, parent)
    }
}

/// Makes the basket that holds the entries `range` of `column`.
///
/// # Errors
/// When the column has no such entries or not that kind, or the basket grows past 1 GiB.
pub fn encode_basket(
    tree: &str,
    branch: &str,
    kind: ColumnKind,
    column: &Column,
    range: Range<usize>,
    datime: u32,
    compressor: &mut Compressor,
) -> Result<BasketRecord> {
    let entries = count(range.len())?;
    let mut content = Vec::new();
    let offsets = values(kind, column, range, &mut content)?;
    let entries = BasketEntries {
        entries,
        values: content,
        offsets,
    };
    record(tree, branch, entries, datime, compressor)
}

/// Makes a record of a basket that stands in its tree's record.
///
/// # Errors
/// When the basket grows past 1 GiB.
pub fn embedded_record(
    tree: &str,
    branch: &str,
    basket: &EmbeddedBasket,
    datime: u32,
    compressor: &mut Compressor,
) -> Result<BasketRecord> {
    let mut entries = BasketEntries::default();
    entries.push_embedded(basket, 0..basket.entries)?;
    record(tree, branch, entries, datime, compressor)
}

/// Key, fields and compressed content.
pub(super) fn record(
    tree: &str,
    branch: &str,
    basket: BasketEntries,
    datime: u32,
    compressor: &mut Compressor,
) -> Result<BasketRecord> {
    let entries = basket.entries;
    let mut content = basket.values;
    let offsets = basket.offsets;
    let width = count(content.len())?.checked_div(entries).unwrap_or(0);
    let key_length = Key::length("TBasket", branch, tree, true)?
        .checked_add(FIELDS)
        .ok_or_else(|| Error::malformed(format!("branch name {branch:?} is too long")))?;
    let values = content.len();
    if let Some(starts) = &offsets {
        content.extend_from_slice(&(entries + 1).to_be_bytes());
        for start in starts {
            // Offsets count from the start of the key.
            content.extend_from_slice(&start.wrapping_add(u32::from(key_length)).to_be_bytes());
        }
        content.extend_from_slice(&0u32.to_be_bytes());
    }
    let mut stored = Vec::new();
    compressor.record(&content, &mut stored)?;
    let key = Key {
        nbytes: count(stored.len() + usize::from(key_length))?,
        object_length: count(content.len())?,
        datime,
        key_length,
        cycle: 0,
        seek_key: 0,
        seek_parent: 0,
        big: true,
        class: "TBasket".to_owned(),
        name: branch.to_owned(),
        title: tree.to_owned(),
    };
    let mut bytes = Vec::with_capacity(usize::from(key_length) + stored.len());
    key.encode(&mut bytes)?;
    let room = if offsets.is_some() {
        entries + 1
    } else {
        width
    };
    let last = count(values + usize::from(key_length))?;
    bytes.extend_from_slice(&VERSION.to_be_bytes());
    for field in [key.object_length, room, entries, last] {
        bytes.extend_from_slice(&field.to_be_bytes());
    }
    bytes.push(0);
    bytes.extend_from_slice(&stored);
    Ok(BasketRecord {
        bytes,
        header: BasketHeader {
            key: key.numbers(),
            entries,
            values,
        },
    })
}

/// Appends the entries' bytes; gives where each begins, for those of varying length.
fn values(
    kind: ColumnKind,
    column: &Column,
    range: Range<usize>,
    out: &mut Vec<u8>,
) -> Result<Option<Vec<u32>>> {
    let values = column.values();
    if values.scalar_type() != kind.scalar() || range.end > column.entries() {
        return Err(Error::malformed(format!(
            "entries {range:?} of {} values are no {kind}",
            values.scalar_type()
        )));
    }
    match (kind, column.offsets()) {
        (ColumnKind::Fixed(_), None) => {
            values.to_big_endian(range, out);
            Ok(None)
        }
        (ColumnKind::Vector(scalar), Some(offsets)) => {
            let mut starts = Vec::with_capacity(range.len());
            let ends = offsets.get(range.start..=range.end).unwrap_or_default();
            for (&from, &to) in ends.iter().zip(ends.iter().skip(1)) {
                starts.push(count(out.len())?);
                let length = to - from;
                let bytes = length.checked_mul(count(scalar.width())?);
                let counted = bytes
                    .and_then(|bytes| bytes.checked_add(6))
                    .ok_or_else(too_long)?;
                out.extend_from_slice(&(counted | BYTE_COUNT_MASK).to_be_bytes());
                out.extend_from_slice(&VECTOR_VERSION.to_be_bytes());
                out.extend_from_slice(&length.to_be_bytes());
                values.to_big_endian(from as usize..to as usize, out);
            }
            Ok(Some(starts))
        }
        _ => Err(Error::malformed(format!(
            "a column of another shape is no {kind}"
        ))),
    }
}

/// A length that a basket's 32-bit fields can hold.
fn count(length: usize) -> Result<u32> {
    u32::try_from(length)
        .ok()
        .filter(|&length| length < BYTE_COUNT_MASK)
        .ok_or_else(too_long)
}

fn too_long() -> Error {
    Error::malformed("a basket grows past 1 GiB")
}
