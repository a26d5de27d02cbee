//! Files on web servers and WebDAV storages, by closed byte ranges over HTTP/1.1.
//!
//! What real servers taught (XRootD 5.5.3's HTTP, nginx 1.22):
//!
//! - XRootD answers an open range (`bytes=N-`) with an empty 206, a suffix range with the whole
//!   file, and a range past the end with a length it then does not deliver. So each range asked
//!   for is closed and lies within the size that was learned on opening.
//! - XRootD compares header names by case, against the standard: it overlooks `range`, and answers
//!   with the whole file. So headers go out as `Range`.
//! - XRootD answers 423 for a file that is being written.
//! - XRootD sends neither `ETag` nor `Last-Modified`: of its files, only the size tells a change.
//! - A server may ignore ranges and answer 200 with the whole file. That is taken where the file is
//!   small, kept, and read from there; a large file is an error instead of a flood.
//! - The length in an answer's head is a promise: a broken connection leaves less.

mod answer;
mod body;
mod client;
mod file;
mod options;
mod retry;
mod source;
mod url;

pub(crate) use client::HttpClient;
pub use options::HttpOptions;
pub use source::HttpSource;
pub use url::HttpUrl;
