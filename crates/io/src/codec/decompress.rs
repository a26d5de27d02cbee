//! Expanding records.

use xxhash_rust::xxh64::Xxh64;

use super::Codec;
use super::frame::{self, Frame};
use crate::error::{Error, ErrorKind, Result};
use crate::swap::wide::prefetch;

/// Room behind what a block expands to, in bytes. Where less is left than their longest step may
/// write (libdeflate's: a match of 258 bytes and some literals), the libraries go on byte by byte:
/// of a record of 1 kB that would be a quarter.
const SLACK: usize = 320;

/// Expands records; keeps the codecs' working memory between calls.
pub struct Decompressor {
    deflate: libdeflater::Decompressor,
    zstd: Option<zstd::bulk::Decompressor<'static>>,
}

impl Default for Decompressor {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Decompressor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decompressor")
    }
}

impl Decompressor {
    /// One without working memory for ZSTD yet, which it allocates at its first use.
    pub fn new() -> Self {
        Self {
            deflate: libdeflater::Decompressor::new(),
            zstd: None,
        }
    }

    /// Expands all blocks of `record` into `out`, whose former content is dropped.
    ///
    /// `expanded` is what the record's key promises (`TKey::fObjlen`, bytes). Memory grows block
    /// by block, so that a false promise costs one block (16 MiB) at most.
    ///
    /// # Errors
    /// When a block is cut short, of an unknown codec, damaged, or the sum of all is not
    /// `expanded`.
    pub fn record(&mut self, record: &[u8], expanded: usize, out: &mut Vec<u8>) -> Result<()> {
        self.record_into(record, expanded, out)?;
        out.truncate(expanded);
        Ok(())
    }

    /// The same, with the expanded bytes at the start of `buffer`, which keeps its length where it
    /// is longer: a buffer that grows and shrinks would be zeroed again and again.
    ///
    /// # Errors
    /// As [`Decompressor::record`].
    pub(crate) fn record_into<'b>(
        &mut self,
        record: &[u8],
        expanded: usize,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8]> {
        let mut filled = 0;
        let mut rest = record;
        while filled < expanded {
            let (frame, behind) = frame::split_first(rest)?;
            let end = filled + frame.expanded;
            if frame.expanded == 0 || end > expanded {
                return Err(Error::malformed(format!(
                    "its blocks expand to {end} bytes or more, its key says {expanded}"
                )));
            }
            if buffer.len() < end + SLACK {
                buffer.resize(end + SLACK, 0);
            }
            let target = buffer.get_mut(filled..end + SLACK).unwrap_or_default();
            self.block(&frame, target)?;
            filled = end;
            rest = behind;
        }
        Ok(buffer.get(..filled).unwrap_or_default())
    }

    /// Expands a block to the start of `room`, which is [`SLACK`] longer than the block.
    fn block(&mut self, frame: &Frame<'_>, room: &mut [u8]) -> Result<()> {
        let codec = frame.codec.name();
        let wanted = frame.expanded;
        let failed = |reason: String| Error::from(ErrorKind::Codec { codec, reason });
        let written = match frame.codec {
            Codec::None => return Err(failed("it is not compressed".into())),
            Codec::Zlib => self
                .deflate
                .zlib_decompress(frame.stored, room)
                .map_err(|cause| failed(cause.to_string()))?,
            Codec::OldDeflate => self
                .deflate
                .deflate_decompress(frame.stored, room)
                .map_err(|cause| failed(cause.to_string()))?,
            Codec::Lz4 => {
                let block = checked_lz4(frame.stored)?;
                lz4::block::decompress_to_buffer(block, i32::try_from(room.len()).ok(), room)
                    .map_err(|cause| failed(cause.to_string()))?
            }
            Codec::Zstd => self
                .zstd()?
                .decompress_to_buffer(frame.stored, room)
                .map_err(|cause| failed(cause.to_string()))?,
            Codec::Lzma => lzma(frame.stored, room).map_err(failed)?,
        };
        if written == wanted {
            Ok(())
        } else {
            Err(failed(format!(
                "it gives {written} bytes, its header says {wanted}"
            )))
        }
    }

    fn zstd(&mut self) -> Result<&mut zstd::bulk::Decompressor<'static>> {
        if self.zstd.is_none() {
            let context = zstd::bulk::Decompressor::new().map_err(|cause| {
                Error::from(ErrorKind::Codec {
                    codec: "zstd",
                    reason: cause.to_string(),
                })
            })?;
            self.zstd = Some(context);
        }
        self.zstd
            .as_mut()
            .ok_or_else(|| Error::malformed("no ZSTD context"))
    }
}

/// The LZ4 block behind its checksum, which is verified.
fn checked_lz4(stored: &[u8]) -> Result<&[u8]> {
    let Some((sum, block)) = stored.split_first_chunk::<8>() else {
        return Err(ErrorKind::Truncated {
            what: "an LZ4 block's checksum",
            wanted: 8,
            left: stored.len() as u64,
        }
        .into());
    };
    let (stored, found) = (u64::from_be_bytes(*sum), checksum(block));
    if stored == found {
        Ok(block)
    } else {
        Err(ErrorKind::Checksum {
            codec: "lz4",
            stored,
            found,
        }
        .into())
    }
}

/// The checksum of an LZ4 block: xxh64.
///
/// It is the first to look at a block, and would wait for memory that is far from the processor: that
/// is asked for ahead, across pages too, where processors do not look ahead by themselves.
fn checksum(block: &[u8]) -> u64 {
    /// So many bytes are added at once.
    const PART: usize = 512;
    /// So far ahead of them memory is asked for.
    const AHEAD: usize = 4096;
    let mut sum = Xxh64::new(0);
    let mut ahead = block.get(AHEAD..).unwrap_or_default().chunks(PART);
    for part in block.chunks(PART) {
        prefetch(ahead.next().unwrap_or_default());
        sum.update(part);
    }
    sum.digest()
}

fn lzma(stored: &[u8], out: &mut [u8]) -> std::result::Result<usize, String> {
    use liblzma::stream::{Action, Status, Stream};
    /// What the decoder's dictionary may take: xz -9 needs 65 MiB.
    const MEMORY: u64 = 80 << 20;
    let mut stream = Stream::new_stream_decoder(MEMORY, 0).map_err(|cause| cause.to_string())?;
    match stream
        .process(stored, out, Action::Finish)
        .map_err(|cause| cause.to_string())?
    {
        Status::StreamEnd => usize::try_from(stream.total_out()).map_err(|cause| cause.to_string()),
        status => Err(format!("the stream has no end ({status:?})")),
    }
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh64::xxh64;

    use super::*;

    #[test]
    fn a_checksum_is_that_of_the_whole_block() {
        let bytes: Vec<u8> = (0..=255).cycle().take(20_000).collect();
        for length in [0, 1, 511, 512, 513, 4095, 4096, 4097, 4700, 20_000] {
            let block = &bytes[..length];
            assert_eq!(checksum(block), xxh64(block, 0), "{length} bytes");
        }
    }
}
