//! Baskets at other places: what their keys say of where they stand.

use crate::error::{Error, Result};

/// Where the fields stand that moving changes (see [`Key`](crate::file::Key)).
const VERSION: usize = 4;
const SEEK_KEY: usize = 18;
/// The last version of a key whose offsets have 32 bits; 1000 is added for those of 64.
const LAST_NARROW_VERSION: u16 = 1000;

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
#[inline]
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
    let version =
        version(record).ok_or_else(|| Error::malformed("a basket is shorter than a key"))?;
    if version > LAST_NARROW_VERSION {
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

/// The version of a record's key.
fn version(record: &[u8]) -> Option<u16> {
    let bytes = record.get(VERSION..VERSION + 2)?.try_into().ok()?;
    Some(u16::from_be_bytes(bytes))
}

fn put(record: &mut [u8], at: usize, field: &[u8]) {
    if let Some(place) = record.get_mut(at..at + field.len()) {
        place.copy_from_slice(field);
    }
}

/// Whether the offsets in the key of a basket's record have 32 bits.
pub fn is_narrow(record: &[u8]) -> bool {
    version(record).is_some_and(|version| version <= LAST_NARROW_VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Settings;
    use crate::tree::basket_header;
    use crate::write::testing::basket;

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
