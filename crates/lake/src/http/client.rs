//! The connections: kept alive, shared by all HTTP sources of one lake, driven by one thread.

use std::error::Error;
use std::future::Future;
use std::ops::Range;
use std::sync::mpsc;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::header::{ACCEPT_ENCODING, HeaderValue, LOCATION, RANGE, USER_AGENT};
use hyper::{Method, Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::Runtime;

use super::options::HttpOptions;
use super::url::HttpUrl;
use crate::error::{HttpFault, LakeError};

/// Sends requests and follows redirects.
pub(crate) struct HttpClient {
    pub(super) options: HttpOptions,
    connections: Client<HttpConnector, Empty<Bytes>>,
    /// Taken only when dropped.
    runtime: Option<Runtime>,
}

impl HttpClient {
    /// Starts the thread that drives the connections.
    pub(crate) fn start(options: HttpOptions) -> Result<Self, LakeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("rootlake-http")
            .enable_io()
            .enable_time()
            .build()
            .map_err(|cause| LakeError::Start {
                what: "the network runtime",
                cause,
            })?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(options.connect_timeout));
        connector.set_nodelay(true);
        let connections = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            // XRootD overlooks a header written `range`.
            .http1_title_case_headers(true)
            .build(connector);
        Ok(Self {
            options,
            connections,
            runtime: Some(runtime),
        })
    }

    /// Runs `task` on the client's thread and waits for its result. None if it panicked.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.runtime.as_ref()?.spawn(async move {
            // The receiver waits below: it can't be gone.
            let _ = answer.send(task.await);
        });
        answered.recv().ok()
    }

    /// Sends one request, for `range` (end exclusive) if given, and follows redirects within http.
    /// `count` is told of each request sent. Only the head of the answer is read.
    pub(super) async fn send(
        &self,
        method: Method,
        url: &HttpUrl,
        range: Option<&Range<u64>>,
        count: impl Fn(),
    ) -> Result<Response<Incoming>, HttpFault> {
        let mut url = url.clone();
        for _ in 0..=self.options.redirects {
            count();
            let answer = self.exchange(request(method.clone(), &url, range)?).await?;
            if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(answer);
            }
            let location = answer
                .headers()
                .get(LOCATION)
                .and_then(|to| to.to_str().ok());
            let location = location.ok_or_else(|| HttpFault::Redirect("nowhere".to_owned()))?;
            url = url
                .resolve(location)
                .map_err(|error| HttpFault::Redirect(format!("to {error}")))?;
        }
        Err(HttpFault::Redirect(format!(
            "more than {} times",
            self.options.redirects
        )))
    }

    async fn exchange(
        &self,
        request: Request<Empty<Bytes>>,
    ) -> Result<Response<Incoming>, HttpFault> {
        // The connector's own timeout does not cover the look-up of the name.
        let patience = self
            .options
            .connect_timeout
            .saturating_add(self.options.idle_timeout);
        tokio::time::timeout(patience, self.connections.request(request))
            .await
            .map_err(|_| HttpFault::Timeout {
                awaited: "answer",
                after: patience,
            })?
            .map_err(|error| HttpFault::Connection(text_of(&error)))
    }
}

impl Drop for HttpClient {
    fn drop(&mut self) {
        // The last holder may be a task on the runtime itself, which can't wait for its own end.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn request(
    method: Method,
    url: &HttpUrl,
    range: Option<&Range<u64>>,
) -> Result<Request<Empty<Bytes>>, HttpFault> {
    let mut builder = Request::builder()
        .method(method)
        .uri(url.uri())
        .header(USER_AGENT, concat!("rootlake/", env!("CARGO_PKG_VERSION")))
        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(range) = range {
        // Always closed: see the notes on XRootD in the module above. Never empty: see the source.
        let last = range.end.saturating_sub(1);
        builder = builder.header(RANGE, format!("bytes={}-{last}", range.start));
    }
    builder
        .body(Empty::new())
        .map_err(|error| HttpFault::Connection(text_of(&error)))
}

/// An error and its causes in one line: hyper's outermost says only "client error".
pub(super) fn text_of(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
