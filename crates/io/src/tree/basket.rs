//! A basket's record: its header, and its content expanded.

use bytes::Bytes;

use super::embedded::BasketFields;
use crate::codec::Decompressor;
use crate::cursor::Cursor;
use crate::error::{Error, Result};
use crate::file::Key;
use crate::object::EmbeddedBasket;

/// The key and fields before a basket's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasketHeader {
    /// The numbers of the record's key; its length counts the fields too.
    pub key: Key<()>,
    /// `fNevBuf`: the number of entries.
    pub entries: u32,
    /// Bytes of values at the start of the expanded content; entry offsets follow.
    pub values: usize,
}

/// Reads the header of the basket whose record is `record`.
///
/// # Errors
/// When it is no basket, or its lengths contradict each other.
#[inline(always)]
pub fn basket_header(record: &[u8]) -> Result<BasketHeader> {
    let mut cursor = Cursor::new(record);
    let (key, class) = Key::parse_numbers(&mut cursor)?;
    let fields = BasketFields::parse(&mut cursor)?;
    if class != b"TBasket" {
        return Err(no_basket(class));
    }
    let values = fields
        .last
        .checked_sub(key.key_length.into())
        .filter(|&values| values <= key.object_length)
        .ok_or_else(|| contradictory(&key, fields.last))?;
    let values = usize::try_from(values).unwrap_or(usize::MAX);
    Ok(BasketHeader {
        key,
        entries: fields.entries,
        values,
    })
}

#[cold]
fn no_basket(class: &[u8]) -> Error {
    Error::malformed(format!(
        "a {} where a basket should be",
        String::from_utf8_lossy(class)
    ))
}

#[cold]
fn contradictory(key: &Key<()>, last: u32) -> Error {
    Error::malformed(format!(
        "its values end at {last}, with a key of {} bytes and {} of content",
        key.key_length, key.object_length
    ))
}

/// The entries of a basket, expanded, in the file's byte order.
#[derive(Clone, Debug)]
pub struct BasketContent<'a> {
    /// The number of entries.
    pub entries: u64,
    /// Their bytes.
    pub values: &'a [u8],
    /// Where each begins, where the basket says so.
    pub offsets: Option<EntryOffsets<'a>>,
    /// The length of the key before them, from whose start their references to classes count.
    pub key_length: usize,
}

impl BasketContent<'_> {
    /// Whether there are offsets of entries: where a reader is to generate them
    /// (`TBasket::kGenerateOffsetMap`), a count of none may stand in their place.
    pub(super) fn says_where_entries_begin(&self) -> bool {
        match self.offsets {
            Some(EntryOffsets::Stored { bytes, .. }) => !bytes.is_empty(),
            Some(EntryOffsets::Known(offsets)) => !offsets.is_empty(),
            None => false,
        }
    }
}

/// Where each entry of a basket begins.
#[derive(Clone, Copy, Debug)]
pub enum EntryOffsets<'a> {
    /// As they are stored behind the values: a big-endian `u32` each.
    Stored {
        /// The offsets' bytes.
        bytes: &'a [u8],
        /// The length of the key, from whose start they count.
        key_length: u32,
    },
    /// In bytes from the start of the values.
    Known(&'a [u32]),
}

impl<'a> EntryOffsets<'a> {
    /// Where entries begin, as they are stored: big-endian, from the start of the key. None of a
    /// basket in the tree's record, which is too short for speed to matter.
    pub(super) fn stored(&self) -> Option<&'a [[u8; 4]]> {
        match *self {
            Self::Stored { bytes, .. } => Some(bytes.as_chunks().0),
            Self::Known(_) => None,
        }
    }

    /// Where entry `index` begins, in bytes from the start of the values.
    pub fn get(&self, index: usize) -> Option<usize> {
        let offset = match self {
            Self::Stored { bytes, key_length } => {
                let at = index.checked_mul(4)?;
                let (offset, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
                u32::from_be_bytes(*offset).checked_sub(*key_length)?
            }
            Self::Known(offsets) => *offsets.get(index)?,
        };
        usize::try_from(offset).ok()
    }
}

impl<'a> BasketContent<'a> {
    /// That of a basket in the tree's record.
    pub fn embedded(basket: &'a EmbeddedBasket) -> Self {
        Self {
            entries: basket.entries.into(),
            values: &basket.data,
            offsets: basket.offsets.as_deref().map(EntryOffsets::Known),
            key_length: basket.key_length.into(),
        }
    }

    /// That of a basket whose header and expanded content are these.
    fn stored(header: &BasketHeader, content: &'a [u8]) -> Option<Self> {
        let (values, behind) = content.split_at_checked(header.values)?;
        // A count, one more than there are entries; then the offsets.
        let offsets = behind
            .split_first_chunk::<4>()
            .filter(|(count, _)| u32::from_be_bytes(**count) >= header.entries)
            .map(|(_, bytes)| EntryOffsets::Stored {
                bytes,
                key_length: header.key.key_length.into(),
            });
        Some(Self {
            entries: header.entries.into(),
            values,
            offsets,
            key_length: header.key.key_length.into(),
        })
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
        codec.record_into(stored, length, scratch)?
    };
    BasketContent::stored(&header, content)
        .ok_or_else(|| Error::malformed("its content is shorter than its values"))
}
