//! What a job did, and how fast.

use serde::Serialize;

/// Figures of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Events read or made.
    pub events: u64,
    /// Events selected, by all analyses together.
    pub selected: u64,
    /// Bytes of baskets read or written, as stored.
    pub stored_bytes: u64,
    /// Bytes of the columns decoded.
    pub column_bytes: u64,
    /// Units (runs of entries) handled.
    pub units: u64,
    /// Baskets that were decoded; one that reaches into two units counts twice.
    pub baskets_read: u64,
    /// Baskets of wanted branches that were not decoded, because no event in them passed the first
    /// cuts.
    pub baskets_skipped: u64,
    /// Requests sent to servers.
    pub requests: u64,
    /// Wall time in seconds.
    pub seconds: f64,
}

impl Report {
    /// Adds the figures of another part of the job, but not its time: parts may run side by side.
    pub fn add(&mut self, part: &Self) {
        self.events += part.events;
        self.selected += part.selected;
        self.stored_bytes += part.stored_bytes;
        self.column_bytes += part.column_bytes;
        self.units += part.units;
        self.baskets_read += part.baskets_read;
        self.baskets_skipped += part.baskets_skipped;
        self.requests += part.requests;
    }

    /// Events per second.
    pub fn events_per_second(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "a rate")]
        let events = self.events as f64;
        events / self.seconds.max(1e-9)
    }

    /// Stored megabytes (10⁶ bytes) per second.
    pub fn megabytes_per_second(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "a rate")]
        let bytes = self.stored_bytes as f64;
        bytes / 1e6 / self.seconds.max(1e-9)
    }
}
