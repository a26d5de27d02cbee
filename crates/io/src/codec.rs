//! Compression of records: the codecs ROOT knows and the blocks it wraps them in.
//!
//! | tag  | codec              | library                        |
//! |------|--------------------|--------------------------------|
//! | `ZL` | zlib               | libdeflate                     |
//! | `CS` | raw deflate (old)  | libdeflate                     |
//! | `XZ` | LZMA (xz)          | liblzma                        |
//! | `L4` | LZ4 with an xxh64  | lz4 to expand, lz4_flex to compress, xxhash-rust |
//! | `ZS` | ZSTD               | zstd                           |
//!
//! A record is compressed in one or more blocks of at most 16 MiB − 1 bytes; see [`frame`].

mod compress;
mod decompress;
pub mod frame;

pub use compress::{Compressor, Settings};
pub use decompress::Decompressor;

use std::fmt;

use crate::error::{Error, Result};

/// A compression algorithm, numbered as `ROOT::RCompressionSetting::EAlgorithm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// Bytes as they are.
    None,
    /// zlib (RFC 1950).
    Zlib,
    /// ROOT's old deflate: the stream of RFC 1951 without a zlib header.
    OldDeflate,
    /// LZMA in an xz container.
    Lzma,
    /// An LZ4 block behind the xxh64 of its bytes.
    Lz4,
    /// ZSTD.
    Zstd,
}

impl Codec {
    /// The lower-case name a person types and reads.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Zlib => "zlib",
            Self::OldDeflate => "cs",
            Self::Lzma => "lzma",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }

    #[inline]
    fn from_tag(tag: [u8; 2]) -> Result<Self> {
        match &tag {
            b"ZL" => Ok(Self::Zlib),
            b"CS" => Ok(Self::OldDeflate),
            b"XZ" => Ok(Self::Lzma),
            b"L4" => Ok(Self::Lz4),
            b"ZS" => Ok(Self::Zstd),
            _ => Err(unknown(tag)),
        }
    }
}

#[cold]
fn unknown(tag: [u8; 2]) -> Error {
    Error::unsupported(format!("codec {:?}", String::from_utf8_lossy(&tag)))
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
