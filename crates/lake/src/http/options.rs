//! How patient, how parallel, how greedy.

use std::time::Duration;

use crate::coalesce::Coalescing;

/// How HTTP sources behave. The defaults suit a storage some tens of milliseconds away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// Longest wait for a connection. Default 10 s.
    pub connect_timeout: Duration,
    /// Longest silence: until the head of an answer, then between pieces of its body. Default 30 s.
    pub idle_timeout: Duration,
    /// How often a request is tried in all, at least once. Default 4.
    pub attempts: u32,
    /// Pause before the first repetition; doubled before each further one. Default 200 ms.
    pub backoff: Duration,
    /// Longest pause, and longest `Retry-After` that is obeyed; a server that asks for more gets
    /// an error. Default 20 s.
    pub backoff_limit: Duration,
    /// Requests under way at once in one [`read_many`](crate::Source::read_many). Default 6.
    pub parallel: usize,
    /// How requests are joined. Default: gaps up to 128 KiB, requests up to 8 MiB.
    pub coalescing: Coalescing,
    /// Largest file in bytes that is read whole from a server that ignores ranges. Default 64 MiB.
    pub whole_file_limit: u64,
    /// Redirects followed in a row. Default 5.
    pub redirects: u32,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            attempts: 4,
            backoff: Duration::from_millis(200),
            backoff_limit: Duration::from_secs(20),
            parallel: 6,
            coalescing: Coalescing {
                max_gap: 128 << 10,
                max_request: 8 << 20,
            },
            whole_file_limit: 64 << 20,
            redirects: 5,
        }
    }
}
