//! The body of an answer: exactly as long as it must be.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::error::HttpFault;

/// Memory set aside before the first byte came. What a server only promises costs no more.
const FIRST_ALLOCATION: u64 = 16 << 20;

/// Reads a body of exactly `expected` bytes; no silence may last longer than `idle`. `count` is
/// told of each piece.
pub(super) async fn read_exactly(
    mut body: Incoming,
    expected: u64,
    idle: Duration,
    count: impl Fn(u64),
) -> Result<Bytes, HttpFault> {
    let mut parts = Parts::new(expected);
    loop {
        let frame = tokio::time::timeout(idle, body.frame())
            .await
            .map_err(|_| HttpFault::Timeout {
                awaited: "further byte of the body",
                after: idle,
            })?;
        match frame {
            None => return parts.finish(),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    count(length(&data));
                    parts.push(data)?;
                }
            }
            // The connection broke within the body.
            Some(Err(_)) => return Err(parts.truncated()),
        }
    }
}

/// The pieces of a body. One that came in a single piece is not copied.
struct Parts {
    expected: u64,
    got: u64,
    first: Bytes,
    joined: BytesMut,
}

impl Parts {
    fn new(expected: u64) -> Self {
        Self {
            expected,
            got: 0,
            first: Bytes::new(),
            joined: BytesMut::new(),
        }
    }

    fn push(&mut self, data: Bytes) -> Result<(), HttpFault> {
        self.got = self.got.saturating_add(length(&data));
        if self.got > self.expected {
            return Err(HttpFault::TooLong {
                expected: self.expected,
            });
        }
        if self.first.is_empty() {
            self.first = data;
            return Ok(());
        }
        if self.joined.is_empty() {
            let room = usize::try_from(self.expected.min(FIRST_ALLOCATION)).unwrap_or(0);
            self.joined.reserve(room);
            self.joined.extend_from_slice(&self.first);
        }
        self.joined.extend_from_slice(&data);
        Ok(())
    }

    fn finish(&mut self) -> Result<Bytes, HttpFault> {
        if self.got < self.expected {
            return Err(self.truncated());
        }
        let joined = std::mem::take(&mut self.joined).freeze();
        Ok(if joined.is_empty() {
            std::mem::take(&mut self.first)
        } else {
            joined
        })
    }

    fn truncated(&self) -> HttpFault {
        HttpFault::Truncated {
            expected: self.expected,
            got: self.got,
        }
    }
}

fn length(data: &Bytes) -> u64 {
    u64::try_from(data.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_in_one_piece_is_not_copied() {
        let piece = Bytes::from(vec![7; 100]);
        let mut parts = Parts::new(100);
        parts.push(piece.clone()).unwrap();
        assert_eq!(parts.finish().unwrap().as_ptr(), piece.as_ptr());
    }

    #[test]
    fn pieces_are_joined_in_order_and_counted() {
        let mut parts = Parts::new(6);
        for piece in ["ab", "", "cd"] {
            parts.push(Bytes::from(piece)).unwrap();
        }
        assert_eq!(
            parts.finish(),
            Err(HttpFault::Truncated {
                expected: 6,
                got: 4
            })
        );
        parts.push(Bytes::from("ef")).unwrap();
        assert_eq!(parts.finish().unwrap(), "abcdef");
        assert_eq!(
            parts.push(Bytes::from("g")),
            Err(HttpFault::TooLong { expected: 6 })
        );
    }

    #[test]
    fn a_huge_promise_costs_no_huge_allocation() {
        let mut parts = Parts::new(u64::MAX);
        parts.push(Bytes::from("a")).unwrap();
        parts.push(Bytes::from("b")).unwrap();
        assert!(parts.joined.capacity() <= 17 << 20);
    }
}
