//! Where inputs are, as far as merging must know.

use std::fs::{File, Metadata};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use rootlake_io::file::ReadAt;
use serde::Serialize;

use crate::error::MergeError;

/// What tells whether a file is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Its length in bytes.
    pub size: u64,
    /// When it was written last, in nanoseconds since 1970; none where that is not known.
    pub modified: Option<u64>,
}

/// Opens inputs by name, as often as is needed: of thousands of inputs, a few are open at a time.
pub trait Store: Sync {
    /// An open input.
    type File: ReadAt + Send;

    /// Opens the input `name`.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self, name: &str) -> Result<Self::File, MergeError>;

    /// Whether opening the input `name` again costs next to nothing, as it does where no server is
    /// asked.
    fn is_at_hand(&self, name: &str) -> bool;

    /// What the input is now.
    ///
    /// # Errors
    /// When it cannot be had.
    fn identity(&self, file: &Self::File) -> Result<Identity, MergeError>;

    /// What the input was when it was opened.
    ///
    /// # Errors
    /// When it cannot be had.
    fn identity_at_opening(&self, file: &Self::File) -> Result<Identity, MergeError> {
        self.identity(file)
    }
}

/// Files of the local file system. They are read, not mapped: copying reads every byte once, and
/// into memory that stays warm.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocalFiles;

/// A local file.
#[derive(Debug)]
pub struct LocalFile {
    file: File,
    /// What it was when it was opened.
    identity: Identity,
}

impl Store for LocalFiles {
    type File = LocalFile;

    fn open(&self, name: &str) -> Result<LocalFile, MergeError> {
        let open = || {
            let file = File::open(Path::new(name))?;
            let identity = Identity::of(&file.metadata()?);
            Ok(LocalFile { file, identity })
        };
        open().map_err(|cause| failed(cause, name))
    }

    fn is_at_hand(&self, _: &str) -> bool {
        true
    }

    fn identity(&self, file: &LocalFile) -> Result<Identity, MergeError> {
        let stat = file
            .file
            .metadata()
            .map_err(|cause| failed(cause, "an input"))?;
        Ok(Identity::of(&stat))
    }

    fn identity_at_opening(&self, file: &LocalFile) -> Result<Identity, MergeError> {
        Ok(file.identity)
    }
}

impl Identity {
    fn of(stat: &Metadata) -> Self {
        let modified = stat.modified().ok();
        let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self {
            size: stat.len(),
            modified: modified.and_then(|since| u64::try_from(since.as_nanos()).ok()),
        }
    }
}

fn failed(cause: std::io::Error, name: &str) -> MergeError {
    rootlake_io::Error::source(cause)
        .in_file(&name.into())
        .into()
}

impl ReadAt for LocalFile {
    fn length(&self) -> u64 {
        self.identity.size
    }

    fn read_at(&self, offset: u64, length: usize) -> rootlake_io::Result<Bytes> {
        // A damaged file may ask for anything: no more is allocated than there is.
        if offset.saturating_add(length as u64) > self.identity.size {
            return Err(rootlake_io::Error::source(format!(
                "{length} bytes at {offset} are wanted of a file of {}",
                self.identity.size
            )));
        }
        let mut bytes = vec![0; length];
        self.read_into(offset, &mut bytes)?;
        Ok(bytes.into())
    }

    fn read_into(&self, offset: u64, buffer: &mut [u8]) -> rootlake_io::Result<()> {
        self.file
            .read_exact_at(buffer, offset)
            .map_err(rootlake_io::Error::source)
    }
}
