//! The memory map: the unsafe lines of this crate.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

/// A file's map, which lives as long as the last slice of its bytes.
#[derive(Clone)]
pub(super) struct Map(Arc<memmap2::Mmap>);

impl AsRef<[u8]> for Map {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Map {
    /// Maps the whole file for reading.
    ///
    /// The contract is with the user, who can't be made to sign it: nobody writes to the file or
    /// shortens it while it is mapped. [`crate::LocalSource`] documents the risk and tells at the
    /// end whether the contract was kept.
    #[allow(
        unsafe_code,
        reason = "a map of a file that others may write to can't be safe"
    )]
    pub(super) fn whole(file: &File) -> io::Result<Self> {
        // SAFETY: the map is read-only and gives shared slices only: nothing in this process writes
        // to it, and it outlives every slice. What remains is another process. Should it shorten
        // the file, touching a lost page ends this process (SIGBUS). Should it overwrite bytes,
        // Rust's model gives no promise; as in every program that maps files this rests on the
        // contract above, and in practice a reader sees old or new bytes, which are hostile input
        // anyway: each length read from a file is checked where it is used.
        let map = unsafe { memmap2::Mmap::map(file)? };
        Ok(Self(Arc::new(map)))
    }

    /// The bytes of the file, without a copy.
    pub(super) fn bytes(&self) -> Bytes {
        Bytes::from_owner(self.clone())
    }

    /// Lets the process's memory go that holds `range`. Whoever reads it again has it from the
    /// page cache or the disk. Does nothing where the operating system knows no such advice.
    #[allow(unsafe_code, reason = "what advice does, no type can tell")]
    pub(super) fn release(&self, range: Range<usize>) {
        if range.end > self.0.len() {
            return;
        }
        #[cfg(unix)]
        {
            use memmap2::UncheckedAdvice::DontNeed;
            // SAFETY: the range lies in the map, which is of a file and never written to: a page
            // that was let go is read from that file again, so that slices of it stay what they
            // were. (It would lose what was written to a private map: there is none.)
            let advised = unsafe {
                self.0
                    .unchecked_advise_range(DontNeed, range.start, range.len())
            };
            // Advice that is refused costs memory and nothing else.
            drop(advised);
        }
    }
}
