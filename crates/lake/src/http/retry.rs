//! Whether and when a failed request is sent again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::options::HttpOptions;
use crate::error::HttpFault;

/// The pause before the next attempt after `tried` of them; none where there shall be no other.
pub(super) fn pause(options: &HttpOptions, tried: u32, fault: &HttpFault) -> Option<Duration> {
    if tried >= options.attempts || !fault.is_transient() {
        return None;
    }
    let backoff = backoff(options, tried);
    match fault {
        HttpFault::Status {
            retry_after: Some(wish),
            ..
        } => (*wish <= options.backoff_limit).then(|| backoff.max(*wish)),
        _ => Some(backoff),
    }
}

/// Doubled with each attempt, then shortened at random by up to a half, so that many readers that
/// failed together do not come back together.
fn backoff(options: &HttpOptions, tried: u32) -> Duration {
    let doublings = tried.saturating_sub(1).min(16);
    let full = options
        .backoff
        .saturating_mul(1 << doublings)
        .min(options.backoff_limit);
    // The hasher's keys are the standard library's only source of chance.
    let chance = RandomState::new().hash_one(tried) & 0xffff;
    #[allow(clippy::cast_possible_truncation, reason = "16 bits fit")]
    let cut = (full / 2).saturating_mul(chance as u32) / 0x1_0000;
    full.saturating_sub(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, seconds: Option<u64>) -> HttpFault {
        HttpFault::Status {
            status,
            retry_after: seconds.map(Duration::from_secs),
        }
    }

    #[test]
    fn the_pause_doubles_within_its_limits() {
        let options = HttpOptions {
            attempts: 99,
            ..HttpOptions::default()
        };
        for tried in 1..40 {
            let full = options.backoff.saturating_mul(1 << (tried - 1).min(16));
            let full = full.min(options.backoff_limit);
            let pause = pause(&options, tried, &status(500, None)).unwrap();
            assert!(
                pause <= full && pause >= full / 2,
                "{tried}: {pause:?} of {full:?}"
            );
        }
    }

    #[test]
    fn attempts_are_bounded_and_refusals_final() {
        let options = HttpOptions::default();
        assert!(pause(&options, options.attempts - 1, &status(503, None)).is_some());
        assert!(pause(&options, options.attempts, &status(503, None)).is_none());
        assert!(pause(&options, 1, &status(404, None)).is_none());
    }

    #[test]
    fn the_server_may_ask_for_patience_but_not_for_hours() {
        let options = HttpOptions::default();
        assert!(pause(&options, 1, &status(429, Some(3))).unwrap() >= Duration::from_secs(3));
        assert!(pause(&options, 1, &status(503, Some(3600))).is_none());
    }
}
