//! Compressing records.

use std::fmt;
use std::str::FromStr;

use xxhash_rust::xxh64::xxh64;

use super::Codec;
use super::frame::{self, MAX_BLOCK};
use crate::error::{Error, ErrorKind, Result};

/// A codec and its level, as `TFile::SetCompressionSettings` takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    codec: Codec,
    level: u8,
}

impl Settings {
    /// Bytes as they are.
    pub const NONE: Self = Self {
        codec: Codec::None,
        level: 0,
    };
    /// zlib at level 1, ROOT's own default (101).
    pub const ZLIB_1: Self = Self {
        codec: Codec::Zlib,
        level: 1,
    };

    /// A codec at a level of 1 to 9 (0 with [`Codec::None`]).
    ///
    /// # Errors
    /// When the level is out of range, or the codec cannot be written (`CS`).
    pub fn new(codec: Codec, level: u8) -> Result<Self> {
        match (codec, level) {
            (Codec::None, _) => Ok(Self::NONE),
            (Codec::OldDeflate, _) => Err(Error::unsupported("writing of the old codec CS")),
            (_, 1..=9) => Ok(Self { codec, level }),
            _ => Err(Error::malformed(format!(
                "level {level} of {codec} is not one of 1 to 9"
            ))),
        }
    }

    /// The settings that ROOT stores as `number`; none for those that cannot be written.
    pub fn from_number(number: i32) -> Option<Self> {
        let level = u8::try_from(number % 100).ok()?;
        let codec = match (number / 100, level) {
            (_, 0) => Codec::None,
            // No algorithm: ROOT's global one, zlib.
            (0 | 1, _) => Codec::Zlib,
            (2, _) => Codec::Lzma,
            (4, _) => Codec::Lz4,
            (5, _) => Codec::Zstd,
            _ => return None,
        };
        // ROOT takes levels over 9 for 9.
        Self::new(codec, level.min(9)).ok()
    }

    /// The codec.
    pub fn codec(self) -> Codec {
        self.codec
    }

    /// The level, 1 to 9; 0 for no compression.
    pub fn level(self) -> u8 {
        self.level
    }

    /// The number ROOT stores for these settings (`100 × algorithm + level`).
    pub fn number(self) -> i32 {
        let algorithm = match self.codec {
            Codec::None => return 0,
            Codec::Zlib => 1,
            Codec::Lzma => 2,
            Codec::OldDeflate => 3,
            Codec::Lz4 => 4,
            Codec::Zstd => 5,
        };
        algorithm * 100 + i32::from(self.level)
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.codec {
            Codec::None => f.write_str("none"),
            codec => write!(f, "{codec}:{}", self.level),
        }
    }
}

impl FromStr for Settings {
    type Err = Error;

    /// Reads `none`, `zlib:1`, `lz4:4`, `zstd:5`, `lzma:7`; without a level, ROOT's usual one.
    fn from_str(text: &str) -> Result<Self> {
        let (name, level) = match text.split_once(':') {
            Some((name, level)) => (name, Some(level)),
            None => (text, None),
        };
        let (codec, usual) = match name {
            "none" => (Codec::None, 0),
            "zlib" => (Codec::Zlib, 1),
            "lzma" => (Codec::Lzma, 7),
            "lz4" => (Codec::Lz4, 4),
            "zstd" => (Codec::Zstd, 5),
            _ => return Err(Error::unsupported(format!("codec {name:?}"))),
        };
        let level = match level {
            None => usual,
            Some(level) => level
                .parse()
                .map_err(|_| Error::malformed(format!("{level:?} is not a compression level")))?,
        };
        Self::new(codec, level)
    }
}

/// The level of ZSTD for each of ROOT's levels 1 to 9. ROOT doubles them (`R__zipZSTD`); where a lower
/// one gives no more than 1 % more bytes on each of several sets of real baskets, it is taken for its
/// speed (see ARCHITECTURE.md).
const ZSTD_LEVELS: [i32; 9] = [1, 3, 6, 8, 8, 12, 14, 16, 18];

/// The level of libdeflate for each of zlib's levels 1 to 9: libdeflate's own level 1 gives up to
/// 1.2 times zlib's bytes, its level 2 at most 1.1 times.
const DEFLATE_LEVELS: [i32; 9] = [2, 2, 3, 4, 5, 6, 7, 8, 9];

/// Up to so many bytes, zlib's level 1 is libdeflate's own: that gives 0.4 % more than its level 2 on
/// small baskets, 1.9 % on histograms, both still less than zlib itself, in three quarters of the time.
const SMALL: usize = 4096;

/// Lets `out` have `length` bytes. Memory that is new is zero without being touched: of the room for a
/// long block most stays unused.
fn grow(out: &mut Vec<u8>, length: usize) {
    if length <= out.capacity() {
        out.resize(length, 0);
        return;
    }
    let mut longer = vec![0; length];
    if let Some(start) = longer.get_mut(..out.len()) {
        start.copy_from_slice(out);
    }
    *out = longer;
}

/// The level of a codec's library for one of 1 to 9.
fn own_level(levels: &[i32; 9], level: u8) -> i32 {
    let place = usize::from(level).saturating_sub(1);
    levels.get(place).copied().unwrap_or_default()
}

/// Compresses records; keeps the codecs' working memory between calls.
pub struct Compressor {
    settings: Settings,
    deflate: Option<libdeflater::Compressor>,
    /// For blocks of [`SMALL`] bytes at most, where these have another; made with the first.
    small: Option<libdeflater::Compressor>,
    zstd: Option<zstd::bulk::Compressor<'static>>,
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compressor({})", self.settings)
    }
}

impl Compressor {
    /// One that compresses as `settings` say.
    ///
    /// # Errors
    /// When the codec's library refuses the level.
    pub fn new(settings: Settings) -> Result<Self> {
        let refused = |codec, reason: String| Error::from(ErrorKind::Codec { codec, reason });
        let deflate = match settings.codec {
            Codec::Zlib => Some(deflate(own_level(&DEFLATE_LEVELS, settings.level))?),
            _ => None,
        };
        let zstd = match settings.codec {
            Codec::Zstd => Some(
                zstd::bulk::Compressor::new(own_level(&ZSTD_LEVELS, settings.level))
                    .map_err(|cause| refused("zstd", cause.to_string()))?,
            ),
            _ => None,
        };
        Ok(Self {
            settings,
            deflate,
            small: None,
            zstd,
        })
    }

    /// The settings.
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// Appends the compressed blocks of `content` to `out`, or `content` itself where that is no
    /// longer, as ROOT does; a reader tells them apart by the length.
    ///
    /// # Errors
    /// When the codec's library fails.
    pub fn record(&mut self, content: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        if self.settings.codec != Codec::None {
            for block in content.chunks(MAX_BLOCK) {
                self.block(block, out)?;
            }
            if out.len() - start < content.len() {
                return Ok(());
            }
            out.truncate(start);
        }
        out.extend_from_slice(content);
        Ok(())
    }

    fn block(&mut self, block: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let codec = self.settings.codec;
        let failed = |reason: String| {
            Error::from(ErrorKind::Codec {
                codec: codec.name(),
                reason,
            })
        };
        let start = out.len();
        out.extend_from_slice(&[0; frame::HEADER]);
        match codec {
            Codec::None | Codec::OldDeflate => return Err(failed("it cannot be written".into())),
            Codec::Zlib => {
                let own = match self.settings.level {
                    1 if block.len() <= SMALL => {
                        if self.small.is_none() {
                            self.small = Some(deflate(1)?);
                        }
                        &mut self.small
                    }
                    _ => &mut self.deflate,
                };
                let deflate = own.as_mut().ok_or_else(|| failed("no context".into()))?;
                let body = out.len();
                grow(out, body + deflate.zlib_compress_bound(block.len()));
                let room = out.get_mut(body..).unwrap_or_default();
                let written = deflate
                    .zlib_compress(block, room)
                    .map_err(|cause| failed(cause.to_string()))?;
                out.truncate(body + written);
            }
            Codec::Lz4 => {
                let packed = lz4_flex::block::compress(block);
                out.extend_from_slice(&xxh64(&packed, 0).to_be_bytes());
                out.extend_from_slice(&packed);
            }
            Codec::Zstd => {
                let zstd = self
                    .zstd
                    .as_mut()
                    .ok_or_else(|| failed("no context".into()))?;
                let body = out.len();
                grow(out, body + zstd::zstd_safe::compress_bound(block.len()));
                let room = out.get_mut(body..).unwrap_or_default();
                let written = zstd
                    .compress_to_buffer(block, room)
                    .map_err(|cause| failed(cause.to_string()))?;
                out.truncate(body + written);
            }
            Codec::Lzma => lzma(block, u32::from(self.settings.level), out).map_err(failed)?,
        }
        let stored = out.len() - start - frame::HEADER;
        if stored > MAX_BLOCK {
            // The block did not shrink: `record` will store the content raw.
            out.truncate(start);
            out.extend_from_slice(block);
            return Ok(());
        }
        let header = frame::header(codec, stored, block.len())?;
        if let Some(place) = out.get_mut(start..start + frame::HEADER) {
            place.copy_from_slice(&header);
        }
        Ok(())
    }
}

/// A compressor at one of libdeflate's own levels.
fn deflate(level: i32) -> Result<libdeflater::Compressor> {
    let level = libdeflater::CompressionLvl::new(level).map_err(|cause| ErrorKind::Codec {
        codec: "zlib",
        reason: format!("{cause:?}"),
    })?;
    Ok(libdeflater::Compressor::new(level))
}

fn lzma(block: &[u8], level: u32, out: &mut Vec<u8>) -> std::result::Result<(), String> {
    use liblzma::stream::{Action, Check, Status, Stream};
    let mut stream =
        Stream::new_easy_encoder(level, Check::Crc32).map_err(|cause| cause.to_string())?;
    // xz's bound on what incompressible input grows to, plus its headers.
    out.reserve(block.len() + block.len() / 1024 + 512);
    match stream
        .process_vec(block, out, Action::Finish)
        .map_err(|cause| cause.to_string())?
    {
        Status::StreamEnd => Ok(()),
        status => Err(format!("the stream has no end ({status:?})")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec::Decompressor;

    const CODECS: [&str; 4] = ["zlib:1", "lz4:4", "zstd:5", "lzma:2"];

    fn round_trip(settings: &str, content: &[u8]) -> (usize, Vec<u8>) {
        let mut packed = Vec::new();
        Compressor::new(settings.parse().unwrap())
            .unwrap()
            .record(content, &mut packed)
            .unwrap();
        let mut back = Vec::new();
        if packed.len() == content.len() {
            back.clone_from(&packed);
        } else {
            Decompressor::new()
                .record(&packed, content.len(), &mut back)
                .unwrap();
        }
        (packed.len(), back)
    }

    proptest! {
        #[test]
        fn every_codec_gives_back_what_it_took(
            content in prop::collection::vec(0u8..4, 0..5000),
            codec in prop::sample::select(&CODECS[..]),
        ) {
            prop_assert_eq!(round_trip(codec, &content).1, content);
        }

        #[test]
        fn hostile_records_are_refused_without_panic(
            mut record in prop::collection::vec(any::<u8>(), 0..200),
            tag in prop::sample::select(vec![*b"ZL", *b"CS", *b"L4", *b"ZS", *b"XZ"]),
            expanded in 0usize..1_000_000,
        ) {
            for (to, from) in record.iter_mut().zip(tag) {
                *to = from;
            }
            let mut out = Vec::new();
            if Decompressor::new().record(&record, expanded, &mut out).is_ok() {
                prop_assert_eq!(out.len(), expanded);
            }
        }
    }

    #[test]
    fn a_long_record_is_several_blocks() {
        let content: Vec<u8> = (0u32..17_000_000)
            .map(|i| (i / 1000).to_le_bytes()[0])
            .collect();
        for codec in ["zlib:1", "lz4:4", "zstd:1"] {
            let (length, back) = round_trip(codec, &content);
            assert!(length < content.len() / 2, "{codec}");
            assert!(back == content, "{codec}");
        }
    }

    #[test]
    fn small_and_larger_records_are_of_one_codec() {
        for length in [300, SMALL, SMALL + 1] {
            let content: Vec<u8> = (0..=255)
                .cycle()
                .flat_map(|n| [n; 7])
                .take(length)
                .collect();
            let (stored, back) = round_trip("zlib:1", &content);
            assert!(stored < length / 3 && back == content, "{length}: {stored}");
        }
    }

    #[test]
    fn noise_is_stored_raw() {
        let noise: Vec<u8> = (0..1000u64)
            .map(|i| (xxh64(&i.to_le_bytes(), 0) & 255) as u8)
            .collect();
        for codec in CODECS {
            assert_eq!(round_trip(codec, &noise), (noise.len(), noise.clone()));
        }
    }

    #[test]
    fn settings_have_roots_numbers() {
        for (text, number) in [
            ("none", 0),
            ("zlib:1", 101),
            ("lzma:7", 207),
            ("lz4", 404),
            ("zstd:5", 505),
        ] {
            let settings: Settings = text.parse().unwrap();
            assert_eq!(settings.number(), number);
            assert_eq!(Settings::from_number(number), Some(settings));
        }
        assert!("zlib:0".parse::<Settings>().is_err());
        assert!("brotli".parse::<Settings>().is_err());
    }
}
