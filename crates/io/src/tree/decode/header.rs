//! What stands before an object: a byte count and a version.

use crate::cursor::{BYTE_COUNT_MASK, Cursor};
use crate::error::{Error, Result};

/// A byte count and a version; old classes have the version alone.
pub(super) struct Header {
    pub(super) version: u16,
    pub(super) end: Option<usize>,
}

impl Header {
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self> {
        let start = cursor.position();
        let version = cursor.u16()?;
        if version & 0x4000 == 0 {
            return Ok(Self { version, end: None });
        }
        cursor.seek(start)?;
        let length = usize::try_from(cursor.u32()? & !BYTE_COUNT_MASK).unwrap_or(usize::MAX);
        if length > cursor.left() {
            return Err(Error::malformed(format!(
                "a byte count of {length} reaches past the end of its entry"
            ))
            .at_position(start));
        }
        let end = Some(cursor.position() + length);
        Ok(Self {
            version: cursor.u16()?,
            end,
        })
    }

    pub(super) fn expect_end(&self, cursor: &Cursor<'_>) -> Result<()> {
        match self.end {
            Some(end) if end != cursor.position() => Err(Error::malformed(format!(
                "what a byte count says ends at byte {end} ends at {}",
                cursor.position()
            ))
            .at_position(cursor.position())),
            _ => Ok(()),
        }
    }
}
