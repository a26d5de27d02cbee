//! Baskets within the tree's own record (`TBasket::Streamer`).
//!
//! ```text
//! TKey                     as before every record
//! version       u16
//! fBufferSize   i32
//! fNevBufSize   i32        negative: fIOBits (u8) follows
//! fNevBuf       i32        entries
//! fLast         i32        end of the values, counted from the start of the key
//! flag          u8         what follows
//! offsets       i32 count, i32 each          unless flag % 10 = 2 or flag ≥ 80
//! displacement  the same                      flag over 40
//! values        fLast bytes, fKeylen of them unused
//! ```

use bytes::Bytes;

use crate::cursor::Cursor;
use crate::error::{Error, Result};
use crate::file::Key;
use crate::object::EmbeddedBasket;

/// The fields of a basket between its key and its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasketFields {
    /// The version of `TBasket`.
    pub version: u16,
    /// `fNevBufSize`: room for entry offsets; 0 where entries have one size.
    pub offsets_room: u32,
    /// `fNevBuf`: the number of entries.
    pub entries: u32,
    /// `fLast`: where the values end, counted from the start of the key.
    pub last: u32,
    /// What follows.
    pub flag: u8,
}

impl BasketFields {
    /// Reads the fields.
    #[inline(always)]
    pub(crate) fn parse(cursor: &mut Cursor<'_>) -> Result<Self> {
        let [v0, v1, _, _, _, _, r0, r1, r2, r3] = cursor.array("a basket's fields")?;
        let room = i32::from_be_bytes([r0, r1, r2, r3]);
        if room < 0 {
            let _io_bits = cursor.u8()?;
        }
        let [e0, e1, e2, e3, l0, l1, l2, l3, flag] = cursor.array("a basket's fields")?;
        let counts = [[e0, e1, e2, e3], [l0, l1, l2, l3]].map(i32::from_be_bytes);
        let [Ok(entries), Ok(last)] = counts.map(u32::try_from) else {
            return Err(negative(counts));
        };
        Ok(Self {
            version: u16::from_be_bytes([v0, v1]),
            offsets_room: room.unsigned_abs(),
            entries,
            last,
            flag,
        })
    }
}

#[cold]
fn negative([entries, last]: [i32; 2]) -> Error {
    Error::malformed(if entries < 0 {
        format!("a basket's number of entries is negative: {entries}")
    } else {
        format!("a basket's length is negative: {last}")
    })
}

/// Reads a basket from the tree's record `content`; all but where it stands is filled.
pub(crate) fn read(cursor: &mut Cursor<'_>, content: &Bytes) -> Result<EmbeddedBasket> {
    let (key, _) = Key::parse_numbers(cursor)?;
    let fields = BasketFields::parse(cursor)?;
    let (generated, flag) = match fields.flag.checked_sub(80) {
        Some(flag) => (true, flag),
        None => (false, fields.flag),
    };
    let (mut offsets, mut displacements) = (None, None);
    if !generated && flag != 0 && flag % 10 != 2 {
        if fields.entries > 0 {
            offsets = Some(read_offsets(cursor, key.key_length, flag)?);
        }
        if flag > 40 {
            let count = cursor.count(4, "a basket's displacements")?;
            let read = (0..count).map(|_| cursor.u32());
            displacements = Some(read.collect::<Result<_>>()?);
        }
    }
    let mut data = Bytes::new();
    if flag == 1 || flag > 10 {
        let length = usize::try_from(fields.last).unwrap_or(usize::MAX);
        let buffer = if fields.version > 1 {
            cursor.take(length, "an embedded basket")?
        } else {
            let count = cursor.count(1, "an embedded basket")?;
            cursor.take(count, "an embedded basket")?
        };
        let values = buffer.get(usize::from(key.key_length)..).ok_or_else(|| {
            Error::malformed(format!(
                "a basket of {length} bytes is shorter than its key"
            ))
        })?;
        data = content.slice_ref(values);
    }
    Ok(EmbeddedBasket {
        raw: Bytes::new(),
        position: 0,
        header_only: flag == 0,
        entries: fields.entries,
        data,
        offsets,
        key_length: key.key_length,
        displacements,
    })
}

fn read_offsets(cursor: &mut Cursor<'_>, key_length: u16, flag: u8) -> Result<Vec<u32>> {
    let count = cursor.count(4, "a basket's entry offsets")?;
    let mut offsets = Vec::with_capacity(count);
    for _ in 0..count {
        let mut offset = cursor.u32()?;
        if (21..40).contains(&flag) {
            // The upper byte is a displacement (kDisplacementMask).
            offset &= 0x00ff_ffff;
        }
        // Offsets count from the start of the key.
        offsets.push(offset.saturating_sub(key_length.into()));
    }
    Ok(offsets)
}
