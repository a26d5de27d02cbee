//! A source in memory that behaves as a remote one: late, failing on order, watched.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use rootlake_lake::{Coalescing, LakeError, Source};

type Delay = Box<dyn Fn(&Range<u64>) -> Duration + Send + Sync>;

/// Bytes in memory behind a delay.
pub struct MemorySource {
    bytes: Bytes,
    coalescing: Coalescing,
    delay: Delay,
    fail_at: Option<u64>,
    reads: AtomicU64,
    bytes_read: AtomicU64,
    under_way: AtomicUsize,
    peak: AtomicUsize,
}

impl MemorySource {
    /// A prompt source that joins nothing.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            coalescing: Coalescing {
                max_gap: 0,
                max_request: 0,
            },
            delay: Box::new(|_| Duration::ZERO),
            fail_at: None,
            reads: AtomicU64::new(0),
            bytes_read: AtomicU64::new(0),
            under_way: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        }
    }

    /// Joins requests so.
    pub fn with_coalescing(mut self, coalescing: Coalescing) -> Self {
        self.coalescing = coalescing;
        self
    }

    /// Answers each request after the delay that `delay` says for it.
    pub fn with_delay(
        mut self,
        delay: impl Fn(&Range<u64>) -> Duration + Send + Sync + 'static,
    ) -> Self {
        self.delay = Box::new(delay);
        self
    }

    /// Fails each request whose range holds the byte `offset`.
    pub fn failing_at(mut self, offset: u64) -> Self {
        self.fail_at = Some(offset);
        self
    }

    /// Requests begun so far.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::SeqCst)
    }

    /// Bytes of the requests begun so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::SeqCst)
    }

    /// The largest number of requests that were under way at once.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }
}

impl Source for MemorySource {
    fn name(&self) -> &str {
        "memory"
    }

    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, range: Range<u64>) -> Result<Bytes, LakeError> {
        let fault = || LakeError::OutOfRange {
            name: self.name().to_owned(),
            range: range.clone(),
            size: self.size(),
        };
        if range.start > range.end || range.end > self.size() {
            return Err(fault());
        }
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.bytes_read
            .fetch_add(range.end - range.start, Ordering::SeqCst);
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.peak.fetch_max(now, Ordering::SeqCst);
        thread::sleep((self.delay)(&range));
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        if self.fail_at.is_some_and(|offset| range.contains(&offset)) {
            return Err(LakeError::Changed {
                name: self.name().to_owned(),
                detail: format!("byte {} fails on order", self.fail_at.unwrap_or_default()),
            });
        }
        Ok(self.bytes.slice(range.start as usize..range.end as usize))
    }

    fn is_local(&self) -> bool {
        false
    }

    fn coalescing(&self) -> Coalescing {
        self.coalescing
    }

    fn verify_unchanged(&self) -> Result<(), LakeError> {
        Ok(())
    }
}
