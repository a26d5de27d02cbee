//! Checksums: Adler-32 of an output from those of its pieces, written in any order; and those of
//! whole inputs.

use rootlake_io::file::ReadAt;
use rootlake_io::write::MOVED_BYTES;
use serde::Serialize;

use crate::error::MergeError;
use crate::store::Store;

/// Checksums of a whole file, as hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checksums {
    /// Adler-32.
    pub adler32: String,
    /// XXH3 of 64 bits.
    pub xxh3: String,
}

/// The modulus of Adler-32.
const MODULUS: u64 = 65_521;

/// A piece of a file and its checksum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    offset: u64,
    length: u64,
    adler32: u32,
}

impl Piece {
    /// A piece of `length` zeros.
    #[cfg(test)]
    pub(crate) fn zeros(offset: u64, length: u64) -> Self {
        let high = u32::try_from(length % MODULUS).unwrap_or_default();
        Self {
            offset,
            length,
            adler32: high << 16 | 1,
        }
    }

    pub(crate) fn of(offset: u64, bytes: &[u8]) -> Self {
        Self {
            offset,
            length: bytes.len() as u64,
            adler32: simd_adler32::adler32(&bytes),
        }
    }
}

/// The checksums of baskets in a row that are written several times, without the first bytes of
/// their keys, which say where they stand.
pub(crate) struct Tails(Vec<Piece>);

impl Tails {
    /// Those of the baskets `bytes`, which are so long.
    pub(crate) fn of(lengths: impl Iterator<Item = usize>, bytes: &[u8]) -> Self {
        let baskets = split(lengths, bytes);
        Self(baskets.map(|(_, tail)| Piece::of(0, tail)).collect())
    }

    /// The checksum of the same baskets at `offset`, their keys changed.
    pub(crate) fn piece(
        &self,
        offset: u64,
        lengths: impl Iterator<Item = usize>,
        bytes: &[u8],
    ) -> Piece {
        let mut adler32 = 1;
        for ((head, _), tail) in split(lengths, bytes).zip(&self.0) {
            adler32 = combine(adler32, simd_adler32::adler32(&head), head.len() as u64);
            adler32 = combine(adler32, tail.adler32, tail.length);
        }
        Piece {
            offset,
            length: bytes.len() as u64,
            adler32,
        }
    }
}

/// Baskets in a row, each cut behind what moving it changes.
fn split(
    lengths: impl Iterator<Item = usize>,
    bytes: &[u8],
) -> impl Iterator<Item = (&[u8], &[u8])> {
    let baskets = lengths.scan(bytes, |rest, length| {
        let (basket, behind) = rest.split_at(length.min(rest.len()));
        *rest = behind;
        Some(basket)
    });
    baskets.map(|basket| basket.split_at(MOVED_BYTES.min(basket.len())))
}

/// The checksum of a file of `length` bytes from those of its pieces. What was written twice, or
/// not at all, is read back.
///
/// # Errors
/// When reading back fails.
pub(crate) fn of_file(
    mut pieces: Vec<Piece>,
    length: u64,
    read: impl Fn(u64, &mut [u8]) -> std::io::Result<()>,
) -> std::io::Result<u32> {
    pieces.sort_by_key(|piece| piece.offset);
    let mut sum = 1;
    let mut end = 0;
    let mut pieces = pieces.into_iter().peekable();
    while end < length {
        // What the next piece does not reach must be read, as must all that pieces overlap in.
        let clean = pieces.next_if(|piece| piece.offset == end);
        let Some(piece) = clean else {
            let next = pieces.peek().map_or(length, |piece| piece.offset);
            if next < end {
                pieces.next();
                continue;
            }
            sum = read_back(sum, end..next, &read)?;
            end = next;
            continue;
        };
        let mut stop = piece.offset + piece.length;
        let mut overlapped = false;
        while let Some(next) = pieces.next_if(|next| next.offset < stop) {
            stop = stop.max(next.offset + next.length);
            overlapped = true;
        }
        sum = if overlapped {
            read_back(sum, end..stop, &read)?
        } else {
            combine(sum, piece.adler32, piece.length)
        };
        end = stop;
    }
    Ok(sum)
}

fn read_back(
    mut sum: u32,
    range: std::ops::Range<u64>,
    read: impl Fn(u64, &mut [u8]) -> std::io::Result<()>,
) -> std::io::Result<u32> {
    let mut buffer = vec![0; 1 << 16];
    let mut offset = range.start;
    while offset < range.end {
        let length = usize::try_from(range.end - offset).unwrap_or(usize::MAX);
        let length = length.min(buffer.len());
        let part = buffer.get_mut(..length).unwrap_or_default();
        read(offset, part)?;
        sum = combine(sum, simd_adler32::adler32(&&*part), length as u64);
        offset += length as u64;
    }
    Ok(sum)
}

/// The checksum of two pieces in a row, the second of `length` bytes (zlib's `adler32_combine`).
fn combine(first: u32, second: u32, length: u64) -> u32 {
    let halves = |sum: u32| (u64::from(sum & 0xffff), u64::from(sum >> 16));
    let ((a1, b1), (a2, b2)) = (halves(first), halves(second));
    let a = (a1 + a2 + MODULUS - 1) % MODULUS;
    let b = ((length % MODULUS) * (a1 + MODULUS - 1) + b1 + b2) % MODULUS;
    u32::try_from(b << 16 | a).unwrap_or_default()
}

/// The checksums of all of an input. Its bytes are read once, from the first to the last.
///
/// # Errors
/// When reading fails.
pub fn of_input(store: &impl Store, name: &str) -> Result<Checksums, MergeError> {
    let file = store.open(name)?;
    let mut buffer = vec![0; 1 << 18];
    let mut xxh3 = xxhash_rust::xxh3::Xxh3::new();
    let mut adler32 = simd_adler32::Adler32::new();
    let mut offset = 0;
    while offset < file.length() {
        let left = usize::try_from(file.length() - offset).unwrap_or(usize::MAX);
        let length = left.min(buffer.len());
        let part = buffer.get_mut(..length).unwrap_or_default();
        file.read_into(offset, part)
            .map_err(|error| error.at(offset).in_file(&name.into()))?;
        xxh3.update(part);
        adler32.write(part);
        offset += length as u64;
    }
    Ok(Checksums {
        adler32: format!("{:08x}", adler32.finish()),
        xxh3: format!("{:016x}", xxh3.digest()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zeros_have_the_checksum_of_so_many_zeros() {
        for length in [0u16, 1, 1000, u16::MAX] {
            let zeros = vec![0; length.into()];
            let piece = Piece::zeros(0, length.into());
            assert_eq!(piece.adler32, Piece::of(0, &zeros).adler32);
        }
    }

    proptest! {
        #[test]
        fn pieces_in_any_order_give_the_checksum_of_the_whole(
            file in prop::collection::vec(any::<u8>(), 1..3000),
            mut cuts in prop::collection::vec(0usize..3000, 0..8),
            again in prop::collection::vec((0usize..3000, 1usize..200), 0..4),
        ) {
            cuts.extend([0, file.len()]);
            cuts.retain(|&cut| cut <= file.len());
            cuts.sort_unstable();
            let mut pieces: Vec<Piece> = cuts
                .windows(2)
                // Every third piece is missing and must be read back.
                .filter(|cut| cut[0] < cut[1] && cut[0] % 3 != 0)
                .map(|cut| Piece::of(cut[0] as u64, &file[cut[0]..cut[1]]))
                .collect();
            for (from, length) in again {
                let to = file.len().min(from + length);
                if from < to {
                    // The checksum of a piece that was overwritten later is of other bytes.
                    pieces.push(Piece { adler32: 7, ..Piece::of(from as u64, &file[from..to]) });
                    pieces.push(Piece::of(from as u64, &file[from..to]));
                }
            }
            pieces.reverse();
            let sum = of_file(pieces, file.len() as u64, |offset, buffer| {
                let start = usize::try_from(offset).unwrap();
                buffer.copy_from_slice(&file[start..start + buffer.len()]);
                Ok(())
            });
            prop_assert_eq!(sum.unwrap(), simd_adler32::adler32(&&file[..]));
        }
    }
}
