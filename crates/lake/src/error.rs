//! What can go wrong between a location and its bytes.

use std::io;
use std::ops::Range;
use std::time::Duration;

/// Why bytes could not be had. The text of each error stands for itself: it names the file or URL
/// (without its query, which may hold a token) and the cause, so there is no chain to walk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LakeError {
    /// The location is not a path or a URL that can be understood.
    #[error("{location}: {reason}")]
    Location {
        /// The location as given, or less where it holds a secret.
        location: String,
        /// What is wrong with it, and what to write instead.
        reason: String,
    },
    /// The scheme of a URL is one that this program does not speak (yet).
    #[error(
        "{location}: the scheme {scheme}: is not supported yet \
         (supported: a path, file://, http://, dav://)"
    )]
    Scheme {
        /// The location.
        location: String,
        /// Its scheme, in lower case, without the colon.
        scheme: String,
    },
    /// The operating system refused a local file.
    #[error("{path}: cannot {action}: {cause}")]
    File {
        /// The file.
        path: String,
        /// What was tried: `open`, `stat`, `map`.
        action: &'static str,
        /// What the operating system said.
        cause: io::Error,
    },
    /// A local path leads to a directory, a pipe, a device.
    #[error("{path}: not a regular file but a {kind}")]
    NotAFile {
        /// The path.
        path: String,
        /// What it is instead.
        kind: &'static str,
    },
    /// The file holds no byte.
    #[error("{name}: the file is empty")]
    Empty {
        /// The source.
        name: String,
    },
    /// Bytes were asked for that the file does not have.
    #[error("{name}: bytes {}..{} asked of a file of {size} bytes", range.start, range.end)]
    OutOfRange {
        /// The source.
        name: String,
        /// The bytes asked for, end exclusive.
        range: Range<u64>,
        /// The size of the file in bytes.
        size: u64,
    },
    /// The file is not the one that was opened: its size, time or tag differs.
    #[error("{name}: the file changed while it was read: {detail}")]
    Changed {
        /// The source.
        name: String,
        /// What differs, before and now.
        detail: String,
    },
    /// An HTTP request failed for good.
    #[error("{url}: {}{fault}{}", bytes_text(range.as_ref()), attempts_text(*attempts))]
    Http {
        /// The URL, without its query.
        url: String,
        /// The bytes asked for, end exclusive; none for the request of the size.
        range: Option<Range<u64>>,
        /// How often it was tried.
        attempts: u32,
        /// What happened the last time.
        fault: HttpFault,
    },
    /// A thread or the network runtime could not be started.
    #[error("cannot start {what}: {cause}")]
    Start {
        /// What could not be started.
        what: &'static str,
        /// What the operating system said.
        cause: io::Error,
    },
    /// A source answered with another number of bytes than asked for: a fault of this program.
    #[error("{name}: the source broke its contract: another number of bytes than asked for")]
    Contract {
        /// The source.
        name: String,
    },
    /// The thread or task that was to answer ended without an answer: a fault of this program.
    #[error("{name}: the reader stopped before it answered")]
    Stopped {
        /// The source.
        name: String,
    },
}

/// What one HTTP exchange failed with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HttpFault {
    /// No connection, or it broke before the answer's head was whole.
    #[error("{0}")]
    Connection(String),
    /// Nothing arrived for too long.
    #[error("no {awaited} within {} s", after.as_secs_f64())]
    Timeout {
        /// What was waited for.
        awaited: &'static str,
        /// How long.
        after: Duration,
    },
    /// The server refused. 401 and 403 call for credentials, which are not sent yet.
    #[error("status {status}{}", status_text(*status))]
    Status {
        /// The status code.
        status: u16,
        /// The server's wish when to come back (`Retry-After` in seconds).
        retry_after: Option<Duration>,
    },
    /// The answer's body ended early.
    #[error("the body ended after {got} of {expected} bytes")]
    Truncated {
        /// Bytes asked for.
        expected: u64,
        /// Bytes that came.
        got: u64,
    },
    /// The answer's body is longer than asked for.
    #[error("the body is longer than the {expected} bytes asked for")]
    TooLong {
        /// Bytes asked for.
        expected: u64,
    },
    /// A 206 answer that holds other bytes than asked for, or does not say which.
    #[error("a partial answer for other bytes than asked for (Content-Range: {got})")]
    ContentRange {
        /// The header as it came.
        got: String,
    },
    /// The server ignores byte ranges, and the file is too large to be read whole.
    #[error(
        "the server ignores byte ranges, and the file's {size} bytes exceed the {limit} \
         that are read whole"
    )]
    NoRanges {
        /// The size of the file in bytes.
        size: u64,
        /// [`HttpOptions::whole_file_limit`](crate::HttpOptions::whole_file_limit).
        limit: u64,
    },
    /// The server does not tell the size of the file.
    #[error("the server does not tell the size of the file")]
    UnknownSize,
    /// The body is compressed for the transfer though that was not asked for.
    #[error("the server encoded the body as {0} though unasked")]
    Encoded(String),
    /// A redirect that cannot be followed.
    #[error("redirected {0}")]
    Redirect(String),
    /// The file is not the one that was opened; given to callers as [`LakeError::Changed`].
    #[error("the file changed: {0}")]
    Changed(String),
}

impl HttpFault {
    /// Whether the same request may succeed a little later: connection failures, timeouts, broken
    /// bodies, 429 and 5xx except 501 and 505. Never any other 4xx.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connection(_) | Self::Timeout { .. } | Self::Truncated { .. } => true,
            Self::Status { status, .. } => {
                matches!(status, 429 | 500..=599) && !matches!(status, 501 | 505)
            }
            _ => false,
        }
    }
}

fn bytes_text(range: Option<&Range<u64>>) -> String {
    range.map_or_else(String::new, |range| {
        format!("bytes {}..{}: ", range.start, range.end)
    })
}

fn attempts_text(attempts: u32) -> String {
    if attempts > 1 {
        format!(" (tried {attempts} times)")
    } else {
        String::new()
    }
}

fn status_text(status: u16) -> &'static str {
    match status {
        401 => " (log-in required; credentials are not supported yet)",
        403 => " (forbidden)",
        404 => " (no such file)",
        410 => " (the file is gone)",
        423 => " (locked: being written)",
        429 => " (too many requests)",
        503 => " (the server is overloaded or down)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_http_error_names_url_range_status_and_attempts() {
        let error = LakeError::Http {
            url: "http://h/f.root".into(),
            range: Some(10..20),
            attempts: 4,
            fault: HttpFault::Status {
                status: 503,
                retry_after: None,
            },
        };
        let text = error.to_string();
        for word in ["http://h/f.root", "10..20", "503", "4 times"] {
            assert!(text.contains(word), "{word} missing in {text}");
        }
    }

    #[test]
    fn only_faults_that_may_pass_are_transient() {
        let status = |status| {
            HttpFault::Status {
                status,
                retry_after: None,
            }
            .is_transient()
        };
        assert!([429, 500, 502, 503, 504].into_iter().all(status));
        assert!(
            ![400, 401, 403, 404, 408, 416, 501, 505]
                .into_iter()
                .any(status)
        );
        assert!(HttpFault::Connection("refused".into()).is_transient());
        assert!(!HttpFault::ContentRange { got: String::new() }.is_transient());
        assert!(!HttpFault::Changed(String::new()).is_transient());
    }
}
