//! An opened input: a source of bytes, and the ROOT file in it.

use std::sync::Arc;

use bytes::Bytes;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_lake::Source;

use crate::error::PipelineError;

/// How much of a remote file is fetched at once when it is opened: header, first records, and for
/// a small file the rest as well, so that opening does not ask for every record by itself.
const HEAD: u64 = 64 << 10;

/// A source as the reader of ROOT files wants it.
#[derive(Clone)]
pub struct SourceBytes {
    source: Arc<dyn Source>,
    head: Bytes,
}

impl std::fmt::Debug for SourceBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SourceBytes({})", self.source.name())
    }
}

impl SourceBytes {
    pub(crate) fn new(source: Arc<dyn Source>) -> Result<Self, PipelineError> {
        let head = if source.is_local() {
            0
        } else {
            source.size().min(HEAD)
        };
        let head = source.read(0..head)?;
        Ok(Self { source, head })
    }

    /// The source itself.
    pub fn source(&self) -> &Arc<dyn Source> {
        &self.source
    }
}

impl ReadAt for SourceBytes {
    fn length(&self) -> u64 {
        self.source.size()
    }

    fn read_at(&self, offset: u64, length: usize) -> rootlake_io::Result<Bytes> {
        let end = offset.saturating_add(length as u64);
        if end <= self.head.len() as u64 {
            return self.head.read_at(offset, length);
        }
        self.source
            .read(offset..end)
            .map_err(rootlake_io::Error::source)
    }
}

/// An opened input.
#[derive(Debug)]
pub struct InputFile {
    /// The ROOT file.
    pub file: RootFile<SourceBytes>,
}

impl InputFile {
    /// Opens the file at a path or URL.
    ///
    /// # Errors
    /// When it cannot be read, or is no ROOT file.
    pub fn open(location: &str) -> Result<Self, PipelineError> {
        let source = rootlake_lake::open(location)?;
        let name = source.name().to_owned();
        Ok(Self {
            file: RootFile::open(SourceBytes::new(source)?, &name)?,
        })
    }

    /// Its source.
    pub fn source(&self) -> &Arc<dyn Source> {
        self.file.source().source()
    }
}
