//! One file on a server: its size and ranges, each answer checked, what fails tried again.

use std::future::Future;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use hyper::body::Incoming;
use hyper::{Method, Response, StatusCode};
use tokio::sync::OnceCell;

use super::answer::{self, ContentRange, Version};
use super::body::read_exactly;
use super::client::HttpClient;
use super::retry::pause;
use super::url::HttpUrl;
use crate::coalesce::{Coalescing, slice};
use crate::error::{HttpFault, LakeError};
use crate::source::Traffic;

/// What the tasks on the client's thread share with the source.
pub(super) struct RemoteFile {
    client: Arc<HttpClient>,
    url: HttpUrl,
    name: String,
    version: Mutex<Version>,
    /// The file, where a server that ignores ranges sent it whole.
    whole: OnceCell<Bytes>,
    traffic: Counters,
}

impl RemoteFile {
    pub(super) fn new(client: Arc<HttpClient>, url: HttpUrl) -> Self {
        Self {
            client,
            name: url.to_string(),
            url,
            version: Mutex::default(),
            whole: OnceCell::new(),
            traffic: Counters::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn coalescing(&self) -> Coalescing {
        self.client.options.coalescing
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.traffic.read()
    }

    /// Runs a task of this file on the client's thread and waits for it.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        task: impl Future<Output = Result<T, LakeError>> + Send + 'static,
    ) -> Result<T, LakeError> {
        let stopped = || {
            Err(LakeError::Stopped {
                name: self.name.clone(),
            })
        };
        self.client.wait(task).unwrap_or_else(stopped)
    }

    /// The size of the file in bytes; asked anew on each call, and its version compared.
    pub(super) async fn size(&self) -> Result<u64, LakeError> {
        if let Some(size) = self.repeat(None, || self.size_by_head()).await? {
            return Ok(size);
        }
        self.repeat(None, || self.size_by_get()).await
    }

    /// The bytes of each range, a bounded number of requests at once.
    pub(super) async fn fetch_all(
        &self,
        ranges: Vec<Range<u64>>,
        size: u64,
    ) -> Result<Vec<Bytes>, LakeError> {
        let parallel = self.client.options.parallel.max(1);
        stream::iter(ranges.into_iter().map(|range| self.fetch(range, size)))
            .buffered(parallel)
            .try_collect()
            .await
    }

    /// The bytes of a range that lies in the file and is not empty.
    pub(super) async fn fetch(&self, range: Range<u64>, size: u64) -> Result<Bytes, LakeError> {
        self.repeat(Some(&range), || self.fetch_once(&range, size))
            .await
    }

    /// Tries until it succeeds, fails for good, or failed too often.
    async fn repeat<T, F: Future<Output = Result<T, HttpFault>>>(
        &self,
        range: Option<&Range<u64>>,
        attempt: impl Fn() -> F,
    ) -> Result<T, LakeError> {
        let mut attempts = 1;
        loop {
            let fault = match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(HttpFault::Changed(detail)) => {
                    return Err(LakeError::Changed {
                        name: self.name.clone(),
                        detail,
                    });
                }
                Err(fault) => fault,
            };
            let Some(pause) = pause(&self.client.options, attempts, &fault) else {
                let (url, range) = (self.name.clone(), range.cloned());
                return Err(LakeError::Http {
                    url,
                    range,
                    attempts,
                    fault,
                });
            };
            attempts += 1;
            self.traffic.retries.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(pause).await;
        }
    }

    /// The size from HEAD; none where the server keeps it to itself.
    async fn size_by_head(&self) -> Result<Option<u64>, HttpFault> {
        let answer = self.send(Method::HEAD, None).await?;
        match answer.status() {
            StatusCode::OK => {
                self.check_version(&answer)?;
                // Some servers that compute their answers say 0 for "not known".
                Ok(answer::content_length(answer.headers()).filter(|&size| size > 0))
            }
            // Refused as a method, or signed for GET only.
            StatusCode::BAD_REQUEST
            | StatusCode::FORBIDDEN
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_IMPLEMENTED => Ok(None),
            _ => Err(status_fault(&answer)),
        }
    }

    /// The size from the answer to a GET of the first byte, whose body is left alone.
    async fn size_by_get(&self) -> Result<u64, HttpFault> {
        let answer = self.send(Method::GET, Some(&(0..1))).await?;
        let size = match answer.status() {
            StatusCode::PARTIAL_CONTENT => ContentRange::of(answer.headers())?.total,
            StatusCode::OK => answer::content_length(answer.headers()),
            // No first byte: the file is empty.
            StatusCode::RANGE_NOT_SATISFIABLE => return Ok(0),
            _ => return Err(status_fault(&answer)),
        };
        self.check_version(&answer)?;
        size.ok_or(HttpFault::UnknownSize)
    }

    async fn fetch_once(&self, range: &Range<u64>, size: u64) -> Result<Bytes, HttpFault> {
        if let Some(part) = self.whole.get().and_then(|whole| slice(whole, 0, range)) {
            return Ok(part);
        }
        let answer = self.send(Method::GET, Some(range)).await?;
        match answer.status() {
            StatusCode::PARTIAL_CONTENT => {
                self.check_version(&answer)?;
                answer::check_partial(answer.headers(), range, size)?;
                self.body(answer, range.end.saturating_sub(range.start))
                    .await
            }
            StatusCode::OK => {
                self.check_version(&answer)?;
                self.take_whole(answer, range, size).await
            }
            StatusCode::RANGE_NOT_SATISFIABLE => Err(HttpFault::Changed(format!(
                "{size} bytes when opened, fewer now"
            ))),
            _ => Err(status_fault(&answer)),
        }
    }

    /// The answer of a server that ignores ranges: the whole file, kept where more of it will be
    /// asked for.
    async fn take_whole(
        &self,
        answer: Response<Incoming>,
        range: &Range<u64>,
        size: u64,
    ) -> Result<Bytes, HttpFault> {
        if let Some(now) = answer::content_length(answer.headers())
            && now != size
        {
            return Err(HttpFault::Changed(format!(
                "{size} bytes when opened, {now} now"
            )));
        }
        if *range == (0..size) {
            return self.body(answer, size).await;
        }
        let limit = self.client.options.whole_file_limit;
        if size > limit {
            return Err(HttpFault::NoRanges { size, limit });
        }
        // Others that were answered whole at the same time wait here, and drop their answers.
        let whole = self
            .whole
            .get_or_try_init(|| self.body(answer, size))
            .await?;
        slice(whole, 0, range).ok_or(HttpFault::TooLong { expected: size })
    }

    async fn send(
        &self,
        method: Method,
        range: Option<&Range<u64>>,
    ) -> Result<Response<Incoming>, HttpFault> {
        let count = || {
            self.traffic.requests.fetch_add(1, Ordering::Relaxed);
        };
        self.client.send(method, &self.url, range, count).await
    }

    fn check_version(&self, answer: &Response<Incoming>) -> Result<(), HttpFault> {
        answer::check_encoding(answer.headers())?;
        let mut version = self.version.lock().unwrap_or_else(PoisonError::into_inner);
        version.compare(Version::of(answer.headers()))
    }

    async fn body(&self, answer: Response<Incoming>, length: u64) -> Result<Bytes, HttpFault> {
        let count = |bytes| {
            self.traffic.bytes.fetch_add(bytes, Ordering::Relaxed);
        };
        read_exactly(
            answer.into_body(),
            length,
            self.client.options.idle_timeout,
            count,
        )
        .await
    }
}

fn status_fault(answer: &Response<Incoming>) -> HttpFault {
    HttpFault::Status {
        status: answer.status().as_u16(),
        retry_after: answer::retry_after(answer.headers()),
    }
}

#[derive(Default)]
struct Counters {
    requests: AtomicU64,
    retries: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    fn read(&self) -> Traffic {
        Traffic {
            requests: self.requests.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}
