//! The first bytes of a file (`TFile::WriteHeader`).

use crate::cursor::Cursor;
use crate::error::{Error, ErrorKind, Result};

/// The length of a header with 64-bit offsets, in bytes; the shorter one is padded to 100 as well.
pub const LENGTH: usize = 100;
/// Added to the version of a file whose offsets have 64 bits.
const BIG: i32 = 1_000_000;
/// Where a file that fits 32-bit offsets must end at the latest (`TFile::kStartBigFile`).
pub const START_BIG_FILE: u64 = 2_000_000_000;

/// A file's header.
///
/// ```text
/// 0   "root"
/// 4   fVersion        i32     + 1 000 000: the offsets marked * have 64 bits
/// 8   fBEGIN          i32
/// 12  fEND            i32 *
///     fSeekFree       i32 *
///     fNbytesFree     i32
///     nfree           i32
///     fNbytesName     i32
///     fUnits          u8
///     fCompress       i32
///     fSeekInfo       i32 *
///     fNbytesInfo     i32
///     fUUID           u16 version, 16 bytes
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The version of ROOT that wrote the file: 6.40.00 is 64000.
    pub version: i32,
    /// `fBEGIN`: where the first record stands.
    pub begin: u64,
    /// `fEND`: where the last record ends.
    pub end: u64,
    /// `fSeekFree`: where the list of free segments stands.
    pub seek_free: u64,
    /// `fNbytesFree`: its length.
    pub nbytes_free: u32,
    /// The number of free segments.
    pub free_segments: u32,
    /// `fNbytesName`: the length of the first record up to the top directory.
    pub nbytes_name: u32,
    /// `fCompress`: compression settings of what is written next.
    pub compression: i32,
    /// `fSeekInfo`: where the streamer info stands.
    pub seek_info: u64,
    /// `fNbytesInfo`: its length.
    pub nbytes_info: u32,
    /// `fUUID`.
    pub uuid: [u8; 16],
}

impl Header {
    /// Reads a header from the first bytes of a file of `length` bytes.
    ///
    /// # Errors
    /// When they are no header, or the header speaks of bytes that the file does not have.
    pub fn parse(bytes: &[u8], length: u64) -> Result<Self> {
        if !bytes.starts_with(b"root") {
            let found = bytes.get(..4).unwrap_or(bytes).to_vec();
            return Err(ErrorKind::NotRoot { found }.into());
        }
        let mut cursor = Cursor::new(bytes);
        cursor.seek(4)?;
        let stored = cursor.i32()?;
        let big = stored >= BIG;
        let begin = positive(cursor.i32()?.into(), "fBEGIN")?;
        let offset = |cursor: &mut Cursor<'_>, what| {
            positive(
                if big {
                    cursor.i64()?
                } else {
                    cursor.i32()?.into()
                },
                what,
            )
        };
        let end = offset(&mut cursor, "fEND")?;
        let seek_free = offset(&mut cursor, "fSeekFree")?;
        let nbytes_free = cursor.u32()?;
        let free_segments = cursor.u32()?;
        let nbytes_name = cursor.u32()?;
        let units = cursor.u8()?;
        // The version decides: ROOT itself does not compare, and some writers of long offsets leave 4.
        if !matches!(units, 4 | 8) {
            return Err(Error::malformed(format!(
                "offsets of {units} bytes are neither short nor long"
            ))
            .at_position(cursor.position() - 1));
        }
        let compression = cursor.i32()?;
        let seek_info = offset(&mut cursor, "fSeekInfo")?;
        let nbytes_info = cursor.u32()?;
        let _uuid_version = cursor.u16()?;
        let mut uuid = [0; 16];
        uuid.copy_from_slice(cursor.take(16, "the UUID")?);
        let header = Self {
            version: if big { stored - BIG } else { stored },
            begin,
            end,
            seek_free,
            nbytes_free,
            free_segments,
            nbytes_name,
            compression,
            seek_info,
            nbytes_info,
            uuid,
        };
        header.check(length)
    }

    fn check(self, length: u64) -> Result<Self> {
        if !(0..BIG).contains(&self.version) {
            return Err(Error::unsupported(format!("ROOT version {}", self.version)).at_position(4));
        }
        if self.end > length {
            return Err(Error::malformed(format!(
                "it is truncated: {length} bytes are there, its header says {}",
                self.end
            )));
        }
        if self.begin < 45 || self.begin > self.end {
            return Err(Error::malformed(format!(
                "its first record cannot stand at byte {}",
                self.begin
            ))
            .at_position(8));
        }
        Ok(self)
    }

    /// The header's bytes, zeros up to `fBEGIN` included.
    ///
    /// # Errors
    /// When `begin` does not fit 32 bits.
    pub fn encode(&self) -> Result<[u8; LENGTH]> {
        let furthest = self.end.max(self.seek_free).max(self.seek_info);
        let big = furthest > START_BIG_FILE;
        let mut bytes = Vec::with_capacity(LENGTH);
        let begin = i32::try_from(self.begin)
            .map_err(|_| Error::malformed(format!("fBEGIN cannot be {}", self.begin)))?;
        let mut put = |field: &[u8]| bytes.extend_from_slice(field);
        // The low four of the eight bytes, unless the file is big.
        let wide = |value: u64| value.to_be_bytes();
        let from = if big { 0 } else { 4 };
        put(b"root");
        put(&(self.version + if big { BIG } else { 0 }).to_be_bytes());
        put(&begin.to_be_bytes());
        put(wide(self.end).get(from..).unwrap_or_default());
        put(wide(self.seek_free).get(from..).unwrap_or_default());
        put(&self.nbytes_free.to_be_bytes());
        put(&self.free_segments.to_be_bytes());
        put(&self.nbytes_name.to_be_bytes());
        put(&[if big { 8 } else { 4 }]);
        put(&self.compression.to_be_bytes());
        put(wide(self.seek_info).get(from..).unwrap_or_default());
        put(&self.nbytes_info.to_be_bytes());
        put(&1u16.to_be_bytes());
        put(&self.uuid);
        bytes.resize(LENGTH, 0);
        bytes
            .try_into()
            .map_err(|_| Error::malformed("a header is longer than 100 bytes"))
    }
}

#[inline]
pub(super) fn positive(value: i64, what: &str) -> Result<u64> {
    u64::try_from(value).map_err(|_| negative(value, what))
}

#[cold]
fn negative(value: i64, what: &str) -> Error {
    Error::malformed(format!("{what} is negative: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(end: u64) -> Header {
        Header {
            version: 64000,
            begin: 100,
            end,
            seek_free: end - 60,
            nbytes_free: 60,
            free_segments: 1,
            nbytes_name: 58,
            compression: 101,
            seek_info: 200,
            nbytes_info: 300,
            uuid: [7; 16],
        }
    }

    #[test]
    fn small_and_big_headers_read_as_written() {
        for end in [1000, START_BIG_FILE, START_BIG_FILE + 1, 1 << 40] {
            let header = header(end);
            assert_eq!(
                Header::parse(&header.encode().unwrap(), end).unwrap(),
                header
            );
        }
    }

    #[test]
    fn an_offset_past_the_end_keeps_its_width() {
        let mut header = header(1000);
        header.seek_free = 1 << 40;
        let read = Header::parse(&header.encode().unwrap(), 1000).unwrap();
        assert_eq!(read, header);
    }

    #[test]
    fn a_version_past_all_versions_is_refused() {
        let mut bytes = header(1000).encode().unwrap();
        for version in [2 * BIG, -1] {
            bytes[4..8].copy_from_slice(&i32::to_be_bytes(version));
            assert!(Header::parse(&bytes, u64::MAX).is_err());
        }
    }

    #[test]
    fn what_is_no_header_is_refused() {
        assert!(matches!(
            Header::parse(b"%PDF-1.4", 8).unwrap_err().kind(),
            ErrorKind::NotRoot { .. }
        ));
        let bytes = header(1000).encode().unwrap();
        assert!(
            Header::parse(&bytes, 999)
                .unwrap_err()
                .to_string()
                .contains("truncated")
        );
        for length in 0..60 {
            assert!(Header::parse(&bytes[..length], 1000).is_err());
        }
    }
}
