//! The HTTP source: synchronous outside, tasks on the client's thread inside.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::client::HttpClient;
use super::file::RemoteFile;
use super::url::HttpUrl;
use crate::coalesce::{Coalescing, coalesce, scatter};
use crate::error::LakeError;
use crate::source::{Source, Traffic, check, check_all};

/// A file on a web server or WebDAV storage. [`Lake::open`](crate::Lake::open) makes one.
///
/// Each answer is checked: it must be a 206 for exactly the bytes asked for, with a body of
/// exactly that length, of a file of the size, `ETag` and `Last-Modified` that were there when it
/// was opened. Failures that may pass are repeated, see [`HttpOptions`](crate::HttpOptions).
pub struct HttpSource {
    file: Arc<RemoteFile>,
    size: u64,
}

impl HttpSource {
    /// Asks the server for the size of the file: with HEAD, and where that is refused or says
    /// nothing, with a GET of the first byte.
    ///
    /// # Errors
    /// [`LakeError::Http`] where there is no server, file or size; [`LakeError::Empty`].
    pub(crate) fn open(client: Arc<HttpClient>, url: HttpUrl) -> Result<Self, LakeError> {
        let file = Arc::new(RemoteFile::new(client, url));
        let asking = file.clone();
        let size = file.wait(async move { asking.size().await })?;
        if size == 0 {
            return Err(LakeError::Empty {
                name: file.name().to_owned(),
            });
        }
        Ok(Self { file, size })
    }
}

impl Source for HttpSource {
    fn name(&self) -> &str {
        self.file.name()
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, range: Range<u64>) -> Result<Bytes, LakeError> {
        check(self.name(), &range, self.size)?;
        let (file, size) = (self.file.clone(), self.size);
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.file.wait(async move { file.fetch(range, size).await })
    }

    fn read_many(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, LakeError> {
        check_all(self.name(), ranges, self.size)?;
        let requests = coalesce(ranges, self.coalescing());
        let asked: Vec<_> = requests
            .iter()
            .map(|request| request.range.clone())
            .collect();
        let (file, size) = (self.file.clone(), self.size);
        let answers = self
            .file
            .wait(async move { file.fetch_all(asked, size).await })?;
        scatter(&requests, &answers, ranges).ok_or_else(|| LakeError::Contract {
            name: self.name().to_owned(),
        })
    }

    fn is_local(&self) -> bool {
        false
    }

    fn coalescing(&self) -> Coalescing {
        self.file.coalescing()
    }

    fn verify_unchanged(&self) -> Result<(), LakeError> {
        let file = self.file.clone();
        let now = self.file.wait(async move { file.size().await })?;
        if now == self.size {
            return Ok(());
        }
        let detail = format!("{} bytes when opened, {now} now", self.size);
        Err(LakeError::Changed {
            name: self.name().to_owned(),
            detail,
        })
    }

    fn traffic(&self) -> Traffic {
        self.file.traffic()
    }
}
