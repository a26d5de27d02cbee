//! The nine bytes before each compressed block (`R__zipMultipleAlgorithm`).
//!
//! ```text
//! offset  0    2       3              6              9
//!         tag  method  stored (LE24)  expanded (LE24)  block …
//! ```

use super::Codec;
use crate::error::{Error, ErrorKind, Result};

/// The length of a block's header in bytes.
pub const HEADER: usize = 9;
/// The longest content of a block in bytes: what 24 bits can say.
pub const MAX_BLOCK: usize = 0xff_ffff;

/// One compressed block of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// How it is compressed.
    pub codec: Codec,
    /// The compressed bytes, without header (but with LZ4's checksum).
    pub stored: &'a [u8],
    /// What they expand to, in bytes.
    pub expanded: usize,
}

impl Frame<'_> {
    /// Holds what the block itself begins with against its header: magic numbers, and what ZSTD
    /// says of its lengths. Nothing is expanded.
    ///
    /// # Errors
    /// When they do not agree.
    #[inline(always)]
    pub fn check(&self) -> Result<()> {
        let agrees = match self.codec {
            // RFC 1950: method 8, and both bytes together a multiple of 31.
            Codec::Zlib => self.stored.first_chunk().is_some_and(|&start: &[u8; 2]| {
                start[0] & 15 == 8 && u16::from_be_bytes(start) % 31 == 0
            }),
            Codec::Lzma => self.stored.starts_with(b"\xfd7zXZ\0"),
            // Behind the checksum.
            Codec::Lz4 => self.stored.len() > 8,
            Codec::Zstd => {
                let length = zstd::zstd_safe::find_frame_compressed_size(self.stored);
                let content = zstd::zstd_safe::get_frame_content_size(self.stored);
                length == Ok(self.stored.len())
                    && content.is_ok_and(|length| {
                        length.is_none_or(|length| usize::try_from(length) == Ok(self.expanded))
                    })
            }
            Codec::OldDeflate | Codec::None => true,
        };
        if agrees {
            return Ok(());
        }
        Err(begins_otherwise(self.codec))
    }
}

#[cold]
fn begins_otherwise(codec: Codec) -> Error {
    Error::malformed(format!(
        "a {codec} block begins otherwise than its header says"
    ))
}

/// Splits the first block off `bytes`; gives it and the rest.
///
/// # Errors
/// When the header or the block is cut short, or its codec is unknown.
#[inline(always)]
pub fn split_first(bytes: &[u8]) -> Result<(Frame<'_>, &[u8])> {
    let Some((&[a, b, _method, s0, s1, s2, e0, e1, e2], rest)) =
        bytes.split_first_chunk::<HEADER>()
    else {
        return Err(truncated(
            "a compressed block's header",
            HEADER,
            bytes.len(),
        ));
    };
    let codec = Codec::from_tag([a, b])?;
    let stored = le24([s0, s1, s2]);
    let expanded = le24([e0, e1, e2]);
    let Some((block, rest)) = rest.split_at_checked(stored) else {
        return Err(truncated("a compressed block", stored, rest.len()));
    };
    Ok((
        Frame {
            codec,
            stored: block,
            expanded,
        },
        rest,
    ))
}

/// The header of a block.
///
/// # Errors
/// When a length does not fit in 24 bits.
pub fn header(codec: Codec, stored: usize, expanded: usize) -> Result<[u8; HEADER]> {
    let [a, b, method] = start(codec)?;
    let [s0, s1, s2] = to_le24(stored)?;
    let [e0, e1, e2] = to_le24(expanded)?;
    Ok([a, b, method, s0, s1, s2, e0, e1, e2])
}

/// What the header of a block begins with: the codec's tag, and the method byte, which says nothing
/// that the tag does not.
///
/// # Errors
/// When there are no such blocks.
#[inline(always)]
pub fn start(codec: Codec) -> Result<[u8; 3]> {
    Ok(match codec {
        Codec::Zlib => *b"ZL\x08",
        Codec::OldDeflate => *b"CS\x08",
        Codec::Lzma => *b"XZ\0",
        Codec::Lz4 => *b"L4\x01",
        Codec::Zstd => *b"ZS\x01",
        Codec::None => return Err(Error::malformed("an uncompressed record has no blocks")),
    })
}

fn le24([a, b, c]: [u8; 3]) -> usize {
    usize::from(a) | usize::from(b) << 8 | usize::from(c) << 16
}

fn to_le24(length: usize) -> Result<[u8; 3]> {
    match u32::try_from(length).map(u32::to_le_bytes) {
        Ok([a, b, c, 0]) => Ok([a, b, c]),
        _ => Err(Error::malformed(format!(
            "{length} bytes do not fit in one compressed block"
        ))),
    }
}

#[cold]
fn truncated(what: &'static str, wanted: usize, left: usize) -> Error {
    ErrorKind::Truncated {
        what,
        wanted: wanted as u64,
        left: left as u64,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_as_written() {
        let mut bytes = header(Codec::Zstd, 3, 70_000).unwrap().to_vec();
        bytes.extend(b"abcrest");
        let (frame, rest) = split_first(&bytes).unwrap();
        assert_eq!(
            frame,
            Frame {
                codec: Codec::Zstd,
                stored: b"abc",
                expanded: 70_000
            }
        );
        assert_eq!(rest, b"rest");
    }

    #[test]
    fn short_blocks_and_unknown_codecs_are_named() {
        assert!(split_first(b"ZL\x08\x05\0\0\x09\0\0abc").is_err());
        let error = split_first(b"QQ\x08\x01\0\0\x09\0\0a").unwrap_err();
        assert!(error.to_string().contains("QQ"), "{error}");
        assert!(header(Codec::Lz4, MAX_BLOCK + 1, 0).is_err());
    }
}
