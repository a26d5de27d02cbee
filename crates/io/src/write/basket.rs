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

/// Where `fSeekKey` stands in a key.
const SEEK_KEY: usize = 18;
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
        let mut place = |at: usize, field: &[u8]| {
            if let Some(bytes) = self.bytes.get_mut(at..at + field.len()) {
                bytes.copy_from_slice(field);
            }
        };
        if self.header.key.big {
            place(SEEK_KEY, &seek.to_be_bytes());
            place(SEEK_KEY + 8, &parent.to_be_bytes());
            return Ok(());
        }
        let narrow = |offset: u64| {
            i32::try_from(offset).map_err(|_| {
                Error::unsupported(format!(
                    "moving of a basket with a 32-bit key to offset {offset}"
                ))
            })
        };
        place(SEEK_KEY, &narrow(seek)?.to_be_bytes());
        place(SEEK_KEY + 4, &narrow(parent)?.to_be_bytes());
        Ok(())
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
    let width = count(kind.scalar().width())?;
    record(
        tree,
        branch,
        entries,
        width,
        content,
        offsets.as_deref(),
        datime,
        compressor,
    )
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
    let content = basket.data.to_vec();
    let width = count(content.len())?
        .checked_div(basket.entries)
        .unwrap_or(0);
    // Some writers store one offset more than there are entries.
    let offsets = basket
        .offsets
        .as_ref()
        .map(|offsets| offsets.get(..basket.entries as usize).unwrap_or(offsets));
    record(
        tree,
        branch,
        basket.entries,
        width,
        content,
        offsets,
        datime,
        compressor,
    )
}

/// Key, fields and compressed content.
#[allow(clippy::too_many_arguments, reason = "they are the parts of a record")]
fn record(
    tree: &str,
    branch: &str,
    entries: u32,
    width: u32,
    mut content: Vec<u8>,
    offsets: Option<&[u32]>,
    datime: u32,
    compressor: &mut Compressor,
) -> Result<BasketRecord> {
    let key_length = Key::length("TBasket", branch, tree, true)?
        .checked_add(FIELDS)
        .ok_or_else(|| Error::malformed(format!("branch name {branch:?} is too long")))?;
    let values = content.len();
    if let Some(starts) = offsets {
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
            key,
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
