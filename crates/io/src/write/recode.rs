//! Baskets of other files, compressed anew.

use super::frames::{check_frames, expand};
use crate::codec::{Compressor, Decompressor};
use crate::error::{Error, Result};
use crate::tree::BasketHeader;

/// Appends the basket `record` to `out` with its content compressed anew (or only expanded and
/// thereby checked, where `compressor` is none); gives its header. `edit` may change the bytes of
/// its values, and is called only where they are compressed again. `scratch` is overwritten.
///
/// # Errors
/// When the record is damaged, or the codec's library fails.
pub fn recompress(
    record: &[u8],
    codec: &mut Decompressor,
    compressor: Option<&mut Compressor>,
    edit: &dyn Fn(&mut [u8]),
    scratch: &mut Vec<u8>,
    out: &mut Vec<u8>,
) -> Result<BasketHeader> {
    let mut header = check_frames(record)?;
    expand(record, &header, codec, scratch)?;
    let start = out.len();
    let Some(compressor) = compressor else {
        out.extend_from_slice(record);
        return Ok(header);
    };
    edit(scratch.get_mut(..header.values).unwrap_or_default());
    let key = record
        .get(..usize::from(header.key.key_length))
        .unwrap_or_default();
    out.extend_from_slice(key);
    compressor.record(scratch, out)?;
    header.key.nbytes = u32::try_from(out.len() - start)
        .map_err(|_| Error::malformed("a basket grows past 4 GiB"))?;
    if let Some(nbytes) = out.get_mut(start..start + size_of::<u32>()) {
        nbytes.copy_from_slice(&header.key.nbytes.to_be_bytes());
    }
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Settings;
    use crate::write::testing::basket;

    #[test]
    fn recompressing_changes_nothing_but_the_codec() {
        let (zlib, zstd) = (basket(Settings::ZLIB_1), basket("zstd:5".parse().unwrap()));
        let mut codec = Decompressor::new();
        let mut compressor = Compressor::new("zstd:5".parse().unwrap()).unwrap();
        let (mut scratch, mut out) = (Vec::new(), Vec::new());
        recompress(
            &zlib,
            &mut codec,
            Some(&mut compressor),
            &|_| (),
            &mut scratch,
            &mut out,
        )
        .unwrap();
        assert_eq!(out, zstd);
    }
}
