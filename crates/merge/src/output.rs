//! The output file: written at any place by any thread, complete or not there at all.

pub(crate) mod places;
pub(crate) mod share;

use std::fs::{File, OpenOptions};
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use rootlake_io::ErrorKind;
use rootlake_io::file::ReadAt;
use rootlake_io::write::Sink;
use rustix::fs::{AtFlags, CWD, FallocateFlags, Mode, OFlags, linkat};
use rustix::io::Errno;

use crate::checksum::{self, Piece};
use crate::error::MergeError;

/// A file that gets its name when all is written.
///
/// Where the file system can, it has no name at all until then (`O_TMPFILE`): whatever ends the
/// process, nothing is left. Elsewhere it has a temporary one beside the final one.
#[derive(Debug)]
pub struct Output {
    file: File,
    path: PathBuf,
    /// Its name as long as it is not complete, where it has one.
    temporary: Option<PathBuf>,
    end: u64,
    /// The checksum of each piece written so far, in no order; none where nobody wants it.
    pieces: Option<Mutex<Vec<Piece>>>,
    /// How long the blocks are that its places can share; none where they cannot.
    block: Option<u64>,
}

impl Output {
    /// Begins the file that will be `path`. Its `checksum` is taken as it is written, or not at all.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(path: &Path, checksum: bool) -> Result<Self, MergeError> {
        let (file, temporary) = begin(path).map_err(|cause| MergeError::Output {
            path: path.to_owned(),
            action: "create",
            cause,
        })?;
        Ok(Self {
            block: share::block(&file),
            file,
            path: path.to_owned(),
            temporary,
            end: 0,
            pieces: checksum.then(Mutex::default),
        })
    }

    /// Finds room for `expected` bytes.
    ///
    /// # Errors
    /// When the file system has none.
    pub fn find_room(&self, expected: u64) -> Result<(), MergeError> {
        let found = find_room(&self.file, expected);
        found.map_err(|errno| self.failed("find room for", errno.into()))
    }

    /// How long the blocks are that places of it can share, in bytes; none where they cannot.
    pub(crate) fn block(&self) -> Option<u64> {
        self.block
    }

    /// Writes `bytes` at `offset`, from any thread.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> rootlake_io::Result<()> {
        self.write_summed(offset, bytes, || Piece::of(offset, bytes))
    }

    /// Writes `bytes` at `offset`, whose checksum `sum` knows.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(crate) fn write_summed(
        &self,
        offset: u64,
        bytes: &[u8],
        sum: impl FnOnce() -> Piece,
    ) -> rootlake_io::Result<()> {
        self.file.write_all_at(bytes, offset).map_err(refused)?;
        self.note(sum);
        Ok(())
    }

    /// The same of bytes that differ from those written at `from` in their `heads` alone: where the
    /// file system can, it keeps the rest once.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(crate) fn repeat_summed(
        &self,
        (from, offset): (u64, u64),
        bytes: &[u8],
        heads: impl Iterator<Item = Range<u64>>,
        sum: impl FnOnce() -> Piece,
    ) -> rootlake_io::Result<()> {
        if let Some(block) = self.block
            && share::repeat(&self.file, (from, offset), bytes, heads, block).map_err(refused)?
        {
            self.note(sum);
            return Ok(());
        }
        self.write_summed(offset, bytes, sum)
    }

    /// Leaves `length` bytes free at `offset`: as ROOT does, behind their negative length
    /// (`TFile::MakeFree`).
    ///
    /// # Errors
    /// When the file system refuses.
    pub(crate) fn leave_free(&self, offset: u64, length: u64) -> rootlake_io::Result<()> {
        let length = i32::try_from(length).unwrap_or(i32::MAX);
        self.write_at(offset, &(-length).to_be_bytes())
    }

    fn note(&self, sum: impl FnOnce() -> Piece) {
        if let Some(pieces) = &self.pieces {
            let piece = sum();
            if let Ok(mut pieces) = pieces.lock() {
                pieces.push(piece);
            }
        }
    }

    /// Whether the checksum is taken.
    pub(crate) fn is_summed(&self) -> bool {
        self.pieces.is_some()
    }

    /// Takes note that the file has a hole, which reads as zeros.
    #[cfg(test)]
    pub(crate) fn note_zeros(&self, offset: u64, length: u64) {
        let mut pieces = self.pieces.as_ref().unwrap().lock().unwrap();
        pieces.push(Piece::zeros(offset, length));
    }

    /// Gives the file its name; `sync` waits until it is on the disk. Gives its length in bytes
    /// and its adler32, if that is taken.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn complete(mut self, sync: bool) -> Result<(u64, Option<u32>), MergeError> {
        let pieces = self.pieces.take().map(Mutex::into_inner);
        let pieces = pieces.map(|pieces| pieces.unwrap_or_else(PoisonError::into_inner));
        let adler32 = pieces.map(|pieces| {
            checksum::of_file(pieces, self.end, |offset, buffer| {
                self.file.read_exact_at(buffer, offset)
            })
        });
        let adler32 = adler32.transpose();
        let adler32 = adler32.map_err(|cause| self.failed("read", cause))?;
        self.file
            .set_len(self.end)
            .map_err(|cause| self.failed("shorten", cause))?;
        if sync {
            self.file
                .sync_all()
                .map_err(|cause| self.failed("flush", cause))?;
        }
        self.appear().map_err(|cause| self.failed("name", cause))?;
        if sync && let Some(directory) = self.path.parent().filter(|path| path.is_dir()) {
            File::open(directory)
                .and_then(|directory| directory.sync_all())
                .map_err(|cause| self.failed("flush the directory of", cause))?;
        }
        Ok((self.end, adler32))
    }

    /// Gives the file its final name, in place of what stands there.
    fn appear(&mut self) -> std::io::Result<()> {
        let temporary = match &self.temporary {
            Some(temporary) => temporary.clone(),
            None => {
                let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
                let link = |to: &Path| linkat(CWD, &own, CWD, to, AtFlags::SYMLINK_FOLLOW);
                match link(&self.path) {
                    // A name that is taken can only be taken over by renaming.
                    Err(Errno::EXIST) => {}
                    done => return Ok(done?),
                }
                let temporary = temporary_name(&self.path);
                link(&temporary)?;
                self.temporary.insert(temporary).clone()
            }
        };
        std::fs::rename(temporary, &self.path)?;
        self.temporary = None;
        Ok(())
    }

    fn failed(&self, action: &'static str, cause: std::io::Error) -> MergeError {
        MergeError::Output {
            path: self.path.clone(),
            action,
            cause,
        }
    }
}

fn refused(cause: std::io::Error) -> rootlake_io::Error {
    ErrorKind::Sink(cause).into()
}

/// `TMPFS_MAGIC`, what `statfs(2)` names file systems in memory by.
const TMPFS: i64 = 0x0102_1994;

/// Finds room for `expected` bytes. In memory it is only looked whether there is as much: pages
/// made beforehand are no faster to write to than new ones, and only one thread makes them.
fn find_room(file: &File, expected: u64) -> Result<(), Errno> {
    if expected == 0 {
        return Ok(());
    }
    if let Ok(system) = rustix::fs::fstatfs(file)
        && system.f_type == TMPFS
    {
        let free = system
            .f_bavail
            .saturating_mul(system.f_bsize.unsigned_abs());
        let is_bounded = system.f_blocks > 0;
        return match is_bounded && free < expected {
            true => Err(Errno::NOSPC),
            false => Ok(()),
        };
    }
    match rustix::fs::fallocate(file, FallocateFlags::empty(), 0, expected) {
        // Not every file system can; the room is then found while writing.
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// Opens a file without a name in the folder of `path`, or one with a temporary name.
fn begin(path: &Path) -> std::io::Result<(File, Option<PathBuf>)> {
    if path.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    if let Ok(file) = rustix::fs::open(folder, flags, Mode::from_raw_mode(0o666)) {
        return Ok((file.into(), None));
    }
    let temporary = temporary_name(path);
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(true);
    Ok((options.open(&temporary)?, Some(temporary)))
}

/// `.NAME.PROCESS.part`, beside `path`.
fn temporary_name(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // Nobody is left to tell if this fails.
            let _ = std::fs::remove_file(temporary);
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

/// What was written can be read before the file has its name.
impl ReadAt for Output {
    fn length(&self) -> u64 {
        self.end
    }

    fn read_at(&self, offset: u64, length: usize) -> rootlake_io::Result<Bytes> {
        let end = offset.saturating_add(length as u64);
        if end > self.end {
            return Err(rootlake_io::Error::source(format!(
                "byte {end} is wanted of an output of {}",
                self.end
            )));
        }
        let mut bytes = vec![0; length];
        self.file
            .read_exact_at(&mut bytes, offset)
            .map_err(rootlake_io::Error::source)?;
        Ok(bytes.into())
    }
}
