//! The errors of a graph that has several of each point (`TGraphMultiErrors`): a
//! `std::vector<TArrayD>`, an array for each kind.
//!
//! ```text
//! 0x40000000 | length of what follows   u32
//! version                               u16
//! number of arrays                      u32
//! for each: its length u32, its doubles
//! ```

use bytes::Bytes;
use rootlake_io::cursor::Cursor;

/// The bit of a byte count (`TBufferFile`: `kByteCountMask`).
const BYTE_COUNT: u32 = 0x4000_0000;
/// The bit of a version behind which members stand, not objects (`kStreamedMemberWise`).
const BY_MEMBER: u16 = 0x4000;
/// The bytes before the arrays that are no part of them.
const HEAD: usize = 6;

/// The arrays of `first`, each with those of `second` behind it.
///
/// # Errors
/// In words, when they are not as many, or are stored in another way.
pub(super) fn append(first: &Bytes, second: &Bytes) -> Result<Bytes, String> {
    let (own, others) = (doubles(first)?, doubles(second)?);
    if own.len() != others.len() {
        return Err(format!(
            "it has {} kinds of errors, not {}",
            others.len(),
            own.len()
        ));
    }
    let mut out = first.get(..HEAD).unwrap_or_default().to_vec();
    let length = |length: usize| i32::try_from(length).map_err(|error| error.to_string());
    out.extend(length(own.len())?.to_be_bytes());
    for (a, b) in own.iter().zip(&others) {
        out.extend(length((a.len() + b.len()) / size_of::<f64>())?.to_be_bytes());
        out.extend_from_slice(a);
        out.extend_from_slice(b);
    }
    let count = u32::try_from(out.len() - size_of::<u32>()).ok();
    let count = count.filter(|count| *count < BYTE_COUNT);
    let count = count.ok_or("its errors take 1 GiB or more")? | BYTE_COUNT;
    if let Some(place) = out.first_chunk_mut() {
        *place = count.to_be_bytes();
    }
    Ok(out.into())
}

/// The bytes of each array's doubles.
fn doubles(raw: &Bytes) -> Result<Vec<&[u8]>, String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let mut cursor = Cursor::new(raw);
    cursor.u32().map_err(words)?;
    if cursor.u16().map_err(words)? & BY_MEMBER != 0 {
        return Err("its errors are stored in an unknown way".to_owned());
    }
    let mut arrays = Vec::new();
    for _ in 0..cursor.length("errors").map_err(words)? {
        let length = cursor.length("an array").map_err(words)?;
        let length = length.saturating_mul(size_of::<f64>());
        arrays.push(cursor.take(length, "an array").map_err(words)?);
    }
    match cursor.left() {
        0 => Ok(arrays),
        left => Err(format!("{left} bytes stand behind its errors")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record of these arrays, whose lengths are these.
    fn record(lengths: &[u8]) -> Bytes {
        let mut raw = vec![
            0x40,
            0,
            0,
            0,
            0,
            10,
            0,
            0,
            0,
            u8::try_from(lengths.len()).unwrap(),
        ];
        for length in lengths {
            raw.extend([0, 0, 0, *length]);
            raw.extend(vec![*length; 8 * usize::from(*length)]);
        }
        raw[3] = u8::try_from(raw.len() - 4).unwrap();
        raw.into()
    }

    #[test]
    fn each_array_goes_behind_its_own() {
        let sum = append(&record(&[1, 0, 2]), &record(&[3, 4, 0])).unwrap();
        let arrays = doubles(&sum).unwrap();
        let own = [&[1; 8][..], &[3; 24]].concat();
        assert_eq!(arrays, [&own[..], &[4; 32], &[2; 16]]);
        let count = u32::try_from(sum.len() - 4).unwrap();
        assert_eq!(&sum[..4], (0x4000_0000 | count).to_be_bytes());
    }

    #[test]
    fn what_is_not_alike_or_cut_short_is_refused() {
        let two = record(&[1, 2]);
        assert!(append(&two, &record(&[1])).is_err());
        for end in 0..two.len() {
            assert!(append(&two, &two.slice(..end)).is_err(), "{end}");
        }
        let mut by_member = two.to_vec();
        by_member[4] |= 0x40;
        assert!(append(&two, &by_member.into()).is_err());
    }
}
