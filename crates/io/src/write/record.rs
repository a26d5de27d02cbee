//! What stands in the records of a file being written, and in their keys.

use crate::codec::Compressor;
use crate::error::{Error, Result};

/// The longest record a key can describe, in bytes.
const MAX_RECORD: u64 = i32::MAX as u64;

/// What makes one file unlike another of the same content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The time it bears, packed as [`crate::file::datime`] does.
    pub datime: u32,
    /// Its UUID.
    pub uuid: [u8; 16],
}

impl Stamp {
    /// No time and no identity: the same content gives the same bytes.
    pub const REPRODUCIBLE: Self = Self {
        datime: 1 << 22 | 1 << 17,
        uuid: [0; 16],
    };
}

/// A record's content as it will be stored.
#[derive(Clone, Debug)]
pub struct Packed {
    pub(super) stored: Vec<u8>,
    /// Its length before, in bytes.
    pub(super) expanded: usize,
}

impl Packed {
    /// Compresses `content`, on any thread.
    ///
    /// # Errors
    /// When the codec's library fails.
    pub fn new(content: &[u8], compressor: &mut Compressor) -> Result<Self> {
        let mut stored = Vec::new();
        compressor.record(content, &mut stored)?;
        Ok(Self {
            stored,
            expanded: content.len(),
        })
    }
}

/// Class, name and title of a key.
pub(super) type Texts<'a> = (&'a str, &'a str, &'a str);

/// A length as keys state it.
///
/// # Errors
/// When no key can.
pub(super) fn narrow(length: u64) -> Result<u32> {
    match u32::try_from(length) {
        Ok(short) if length <= MAX_RECORD => Ok(short),
        _ => Err(Error::malformed(format!(
            "a record of {length} bytes is too long for its key"
        ))),
    }
}
