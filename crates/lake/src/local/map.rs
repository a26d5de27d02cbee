//! The memory map: the one unsafe line of this crate.

use std::fs::File;
use std::io;

use bytes::Bytes;

/// Maps the whole file for reading; the map lives as long as the last slice of it.
///
/// The contract is with the user, who can't be made to sign it: nobody writes to the file or
/// shortens it while it is mapped. [`crate::LocalSource`] documents the risk and tells at the end
/// whether the contract was kept.
#[allow(
    unsafe_code,
    reason = "a map of a file that others may write to can't be safe"
)]
pub(super) fn whole(file: &File) -> io::Result<Bytes> {
    // SAFETY: the map is read-only and leaves this function as `Bytes`, which gives shared slices
    // only: nothing in this process writes to it, and the map outlives every slice. What remains is
    // another process. Should it shorten the file, touching a lost page ends this process (SIGBUS).
    // Should it overwrite bytes, Rust's model gives no promise; as in every program that maps files
    // this rests on the contract above, and in practice a reader sees old or new bytes, which are
    // hostile input anyway: each length read from a file is checked where it is used.
    let map = unsafe { memmap2::Mmap::map(file)? };
    Ok(Bytes::from_owner(map))
}
