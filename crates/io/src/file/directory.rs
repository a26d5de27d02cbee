//! A directory's record (`TDirectoryFile::Streamer`).

use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// Added to the version of a directory whose offsets have 64 bits.
const BIG: u16 = 1000;
/// The version of the directories written here.
const VERSION: u16 = 5;

/// A directory: where its list of keys stands.
///
/// ```text
/// version       u16     over 1000: the offsets marked * have 64 bits
/// fDatimeC      u32
/// fDatimeM      u32
/// fNbytesKeys   i32
/// fNbytesName   i32
/// fSeekDir      i32 *
/// fSeekParent   i32 *
/// fSeekKeys     i32 *
/// fUUID         u16 version, 16 bytes
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// When it was made and changed, as [`super::datime`] packs it.
    pub created: u32,
    /// When it was changed last.
    pub modified: u32,
    /// `fNbytesKeys`: the length of the record with the keys.
    pub nbytes_keys: u32,
    /// `fNbytesName`: the length of its own record before this.
    pub nbytes_name: u32,
    /// `fSeekDir`: where its own record stands.
    pub seek_dir: u64,
    /// `fSeekParent`: where that of the directory above stands.
    pub seek_parent: u64,
    /// `fSeekKeys`: where its keys stand; 0 where it has none.
    pub seek_keys: u64,
    /// `fUUID`.
    pub uuid: [u8; 16],
}

/// The room that a directory takes, with 64-bit offsets or with the space left for them.
pub(crate) const ROOM: usize = 60;

impl Directory {
    /// Reads a directory.
    ///
    /// # Errors
    /// When it is cut short or an offset is negative.
    pub fn parse(cursor: &mut Cursor<'_>) -> Result<Self> {
        let version = cursor.u16()?;
        if version % BIG > 5 {
            return Err(Error::unsupported(format!("directory version {version}")));
        }
        let big = version > BIG;
        let created = cursor.u32()?;
        let modified = cursor.u32()?;
        let nbytes_keys = cursor.u32()?;
        let nbytes_name = cursor.u32()?;
        let offset = |cursor: &mut Cursor<'_>| {
            super::header::positive(
                if big {
                    cursor.i64()?
                } else {
                    cursor.i32()?.into()
                },
                "a directory's offset",
            )
        };
        let seek_dir = offset(cursor)?;
        let seek_parent = offset(cursor)?;
        let seek_keys = offset(cursor)?;
        let mut uuid = [0; 16];
        // Directories before version 2 have none.
        if version % BIG > 1 && cursor.left() >= 18 {
            let _version = cursor.u16()?;
            uuid.copy_from_slice(cursor.take(16, "a UUID")?);
        }
        Ok(Self {
            created,
            modified,
            nbytes_keys,
            nbytes_name,
            seek_dir,
            seek_parent,
            seek_keys,
            uuid,
        })
    }

    /// The directory's bytes: always with 64-bit offsets, which ROOT reads in files of any size.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(ROOM);
        out.extend_from_slice(&(VERSION + BIG).to_be_bytes());
        for field in [
            self.created,
            self.modified,
            self.nbytes_keys,
            self.nbytes_name,
        ] {
            out.extend_from_slice(&field.to_be_bytes());
        }
        for offset in [self.seek_dir, self.seek_parent, self.seek_keys] {
            out.extend_from_slice(&offset.to_be_bytes());
        }
        out.extend_from_slice(&1u16.to_be_bytes());
        out.extend_from_slice(&self.uuid);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_reads_as_written() {
        let directory = Directory {
            created: 1,
            modified: 2,
            nbytes_keys: 300,
            nbytes_name: 58,
            seek_dir: 100,
            seek_parent: 0,
            seek_keys: 1 << 40,
            uuid: [9; 16],
        };
        let bytes = directory.encode();
        assert_eq!(bytes.len(), ROOM);
        assert_eq!(
            Directory::parse(&mut Cursor::new(&bytes)).unwrap(),
            directory
        );
    }
}
