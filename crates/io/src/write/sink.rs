//! Where a file's bytes go.

use std::io::{Read, Seek, SeekFrom, Write};

use crate::error::{ErrorKind, Result};

/// Where a file's bytes go.
pub trait Sink {
    /// Appends bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    fn append(&mut self, bytes: &[u8]) -> Result<()>;

    /// Leaves room for `length` bytes, which somebody else writes; what is appended next stands
    /// behind them.
    ///
    /// # Errors
    /// When the room cannot be had.
    fn reserve(&mut self, length: u64) -> Result<()>;

    /// Overwrites bytes that were appended before.
    ///
    /// # Errors
    /// When they cannot be written.
    fn patch(&mut self, offset: u64, bytes: &[u8]) -> Result<()>;
}

impl<W: Write + Seek> Sink for W {
    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes)
            .map_err(|cause| ErrorKind::Sink(cause).into())
    }

    fn reserve(&mut self, length: u64) -> Result<()> {
        std::io::copy(&mut std::io::repeat(0).take(length), self)
            .map(|_| ())
            .map_err(|cause| ErrorKind::Sink(cause).into())
    }

    fn patch(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let patch = |sink: &mut W| {
            sink.seek(SeekFrom::Start(offset))?;
            sink.write_all(bytes)?;
            sink.seek(SeekFrom::End(0))
        };
        patch(self)
            .map(|_| ())
            .map_err(|cause| ErrorKind::Sink(cause).into())
    }
}
