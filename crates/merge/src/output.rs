//! The output file: written at any place by any thread, complete or not there at all.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rootlake_io::ErrorKind;
use rootlake_io::write::Sink;

use crate::checksum::{self, Piece};
use crate::error::MergeError;

/// A file under a temporary name beside the final one, which it takes when all is written.
#[derive(Debug)]
pub struct Output {
    file: File,
    path: PathBuf,
    temporary: PathBuf,
    end: u64,
    /// The checksum of each piece written so far, in no order.
    pieces: Mutex<Vec<Piece>>,
    /// Whether it has its final name.
    complete: bool,
}

impl Output {
    /// Begins the file that will be `path`, with room for `expected` bytes.
    ///
    /// # Errors
    /// When it cannot be made, or the file system has no room for it.
    pub fn create(path: &Path, expected: u64) -> Result<Self, MergeError> {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let temporary = path.with_file_name(name);
        let failed = |action, cause| MergeError::Output {
            path: path.to_owned(),
            action,
            cause,
        };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&temporary)
            .map_err(|cause| failed("create", cause))?;
        let output = Self {
            file,
            path: path.to_owned(),
            temporary,
            end: 0,
            pieces: Mutex::default(),
            complete: false,
        };
        if expected > 0 {
            use rustix::fs::FallocateFlags;
            use rustix::io::Errno;
            match rustix::fs::fallocate(&output.file, FallocateFlags::empty(), 0, expected) {
                // Not every file system can; the room is then found while writing.
                Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {}
                Err(errno) => return Err(failed("find room for", errno.into())),
            }
        }
        Ok(output)
    }

    /// Writes `bytes` at `offset`, from any thread.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> rootlake_io::Result<()> {
        self.file
            .write_all_at(bytes, offset)
            .map_err(|cause| rootlake_io::Error::from(ErrorKind::Sink(cause)))?;
        let piece = Piece::of(offset, bytes);
        if let Ok(mut pieces) = self.pieces.lock() {
            pieces.push(piece);
        }
        Ok(())
    }

    /// Gives the file its name; `sync` waits until it is on the disk. Gives its length in bytes
    /// and its adler32.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn complete(mut self, sync: bool) -> Result<(u64, u32), MergeError> {
        let pieces = std::mem::take(&mut self.pieces);
        let pieces = pieces
            .into_inner()
            .unwrap_or_else(|broken| broken.into_inner());
        let adler32 = checksum::of_file(pieces, self.end, |offset, buffer| {
            self.file.read_exact_at(buffer, offset)
        });
        let adler32 = adler32.map_err(|cause| self.failed("read", cause))?;
        self.file
            .set_len(self.end)
            .map_err(|cause| self.failed("shorten", cause))?;
        if sync {
            self.file
                .sync_all()
                .map_err(|cause| self.failed("flush", cause))?;
        }
        std::fs::rename(&self.temporary, &self.path)
            .map_err(|cause| self.failed("rename", cause))?;
        self.complete = true;
        if sync && let Some(directory) = self.path.parent().filter(|path| path.is_dir()) {
            File::open(directory)
                .and_then(|directory| directory.sync_all())
                .map_err(|cause| self.failed("flush the directory of", cause))?;
        }
        Ok((self.end, adler32))
    }

    fn failed(&self, action: &'static str, cause: std::io::Error) -> MergeError {
        MergeError::Output {
            path: self.path.clone(),
            action,
            cause,
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.complete {
            // Nobody is left to tell if this fails.
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

impl Sink for Output {
    fn append(&mut self, bytes: &[u8]) -> rootlake_io::Result<()> {
        self.write_at(self.end, bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn reserve(&mut self, length: u64) -> rootlake_io::Result<()> {
        self.end += length;
        Ok(())
    }

    fn patch(&mut self, offset: u64, bytes: &[u8]) -> rootlake_io::Result<()> {
        self.write_at(offset, bytes)
    }
}
