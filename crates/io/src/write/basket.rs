//! A basket's record: made from a column, or copied from another file.

use std::ops::Range;

use bytes::Bytes;

use crate::codec::Compressor;
use crate::column::Column;
use crate::error::{Error, Result};
use crate::file::Key;
use crate::object::EmbeddedBasket;
use crate::tree::{BasketHeader, basket_header};

use super::encode::{entries, longest};
use super::entries::{BasketEntries, count};
use super::moved::move_basket;
use super::schema::BranchSchema;

/// Bytes of `TBasket`'s fields behind its key.
const FIELDS: u16 = 19;
/// The version of `TBasket` written here.
const VERSION: u16 = 3;

/// A basket's record, whole but for where it will stand.
#[derive(Clone, Debug)]
pub struct BasketRecord {
    bytes: Vec<u8>,
    header: BasketHeader,
    longest: u32,
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
            longest: 0,
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

    /// The most values, or bytes of a text, in one of its entries, where they vary in length; 0
    /// where that is not known.
    pub(super) fn longest(&self) -> u32 {
        self.longest
    }

    /// Writes into its key where it will stand.
    pub(super) fn place(&mut self, seek: u64, parent: u64) -> Result<()> {
        move_basket(&mut self.bytes, seek, parent)
    }
}

/// Makes the basket that holds the entries `range` of `column`.
///
/// Baskets may be made, and so compressed, on any number of threads, each with a compressor of its
/// own; [`TreeWriter::basket`](super::TreeWriter::basket) puts them in order.
///
/// # Errors
/// When the column has no such entries or not that kind, or the basket grows past 1 GiB.
pub fn encode_basket(
    tree: &str,
    branch: &BranchSchema,
    column: &Column,
    range: Range<usize>,
    datime: u32,
    compressor: &mut Compressor,
) -> Result<BasketRecord> {
    let longest = longest(column, range.clone());
    let entries = entries(branch, column, range)?;
    let record = record(tree, &branch.name, entries, None, datime, compressor)?;
    Ok(BasketRecord { longest, ..record })
}

/// Makes a record of a basket that stands in its tree's record. References within its entries hold
/// as they did.
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
    let before = basket.key_length;
    let stood = match (&basket.displacements, &entries.offsets) {
        (Some(stood), Some(_)) => Some(stood.clone()),
        // Behind a key of another length, the entries are no longer where they were written.
        (None, Some(starts)) if before != key_length(tree, branch)? => {
            let places = starts.iter().map(|start| start.wrapping_add(before.into()));
            Some(places.collect())
        }
        _ => None,
    };
    record(tree, branch, entries, stood, datime, compressor)
}

/// The length of the key of a basket's record, with the basket's fields.
fn key_length(tree: &str, branch: &str) -> Result<u16> {
    Key::length("TBasket", branch, tree, true)?
        .checked_add(FIELDS)
        .ok_or_else(|| Error::malformed(format!("branch name {branch:?} is too long")))
}

impl BasketEntries {
    /// The basket that holds them, and leaves this empty.
    ///
    /// # Errors
    /// When it grows past 1 GiB.
    pub fn encode(
        &mut self,
        tree: &str,
        branch: &str,
        datime: u32,
        compressor: &mut Compressor,
    ) -> Result<BasketRecord> {
        record(tree, branch, std::mem::take(self), None, datime, compressor)
    }
}

/// Key, fields and compressed content; `displacements` say where entries stood that refer to places
/// within themselves (`TBasket::WriteBuffer`).
fn record(
    tree: &str,
    branch: &str,
    basket: BasketEntries,
    displacements: Option<Vec<u32>>,
    datime: u32,
    compressor: &mut Compressor,
) -> Result<BasketRecord> {
    let entries = basket.entries;
    let mut content = basket.values;
    let offsets = basket.offsets;
    let width = count(content.len())?.checked_div(entries).unwrap_or(0);
    let key_length = key_length(tree, branch)?;
    let values = content.len();
    if let Some(starts) = &offsets {
        content.extend_from_slice(&(entries + 1).to_be_bytes());
        for start in starts {
            // Offsets count from the start of the key.
            content.extend_from_slice(&start.wrapping_add(u32::from(key_length)).to_be_bytes());
        }
        content.extend_from_slice(&0u32.to_be_bytes());
        if let Some(mut stood) = displacements {
            stood.resize(starts.len() + 1, 0);
            content.extend_from_slice(&(entries + 1).to_be_bytes());
            content.extend(stood.iter().flat_map(|place| place.to_be_bytes()));
        }
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
        longest: 0,
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::super::frames::{check_frames, expand};
    use super::*;
    use crate::codec::{Decompressor, Settings};

    /// What stands behind the values of the record made of an embedded basket.
    fn behind_values(basket: &EmbeddedBasket) -> Vec<u32> {
        let mut compressor = Compressor::new(Settings::NONE).unwrap();
        let record = embedded_record("t", "b", basket, 0, &mut compressor).unwrap();
        let header = check_frames(record.bytes()).unwrap();
        let mut content = Vec::new();
        expand(
            record.bytes(),
            &header,
            &mut Decompressor::new(),
            &mut content,
        )
        .unwrap();
        let numbers = content[header.values..].as_chunks::<4>().0.iter();
        numbers.map(|number| u32::from_be_bytes(*number)).collect()
    }

    #[test]
    fn references_within_entries_hold_behind_a_key_of_another_length() {
        let length = key_length("t", "b").unwrap();
        let key = u32::from(length);
        let basket = |key_length, displacements| EmbeddedBasket {
            raw: Bytes::new(),
            position: 0,
            header_only: false,
            entries: 2,
            data: Bytes::from_static(&[0; 10]),
            offsets: Some(vec![0, 4]),
            key_length,
            displacements,
        };
        let offsets = [3, key, key + 4, 0];
        // Where entries stand as they did, nothing is to be said.
        assert_eq!(behind_values(&basket(length, None)), offsets);
        let moved = behind_values(&basket(length - 8, None));
        assert_eq!(moved, [&offsets[..], &[3, key - 8, key - 4, 0]].concat());
        let moved_before = behind_values(&basket(length, Some(vec![70, 170, 0])));
        assert_eq!(moved_before, [&offsets[..], &[3, 70, 170, 0]].concat());
    }
}
