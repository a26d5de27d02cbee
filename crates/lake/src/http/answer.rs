//! What the head of an answer says: checked before a byte of its body is believed.

use std::ops::Range;
use std::time::Duration;

use hyper::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED,
    RETRY_AFTER,
};

use crate::error::HttpFault;

/// What tells one state of a file from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Version {
    etag: Option<String>,
    modified: Option<String>,
}

impl Version {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self {
            etag: text(headers, &ETAG),
            modified: text(headers, &LAST_MODIFIED),
        }
    }

    /// Compares with a later answer, and takes over what only that one tells (some servers give
    /// no tag to HEAD). Where both have tags these decide, else the times; a server that gives
    /// neither leaves only the size to tell.
    pub(super) fn compare(&mut self, now: Self) -> Result<(), HttpFault> {
        let (before, later) = match (&self.etag, &now.etag) {
            (Some(_), Some(_)) => (&self.etag, &now.etag),
            _ => (&self.modified, &now.modified),
        };
        if let (Some(before), Some(later)) = (before, later)
            && before != later
        {
            return Err(HttpFault::Changed(format!(
                "version {before} when opened, {later} now"
            )));
        }
        self.etag = self.etag.take().or(now.etag);
        self.modified = self.modified.take().or(now.modified);
        Ok(())
    }
}

/// A `Content-Range` header: `bytes 0-9/25826`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// The bytes in the body, end exclusive.
    pub(super) range: Range<u64>,
    /// The size of the file, if the server tells.
    pub(super) total: Option<u64>,
}

impl ContentRange {
    fn parse(header: &str) -> Option<Self> {
        let (range, total) = header.trim().strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (number(first)?, number(last)?);
        let total = if total == "*" {
            None
        } else {
            Some(number(total)?)
        };
        (first <= last).then_some(())?;
        Some(Self {
            range: first..last.checked_add(1)?,
            total,
        })
    }

    /// The header of a 206 answer, which must have one (a multipart answer has none).
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, HttpFault> {
        let header = text(headers, &CONTENT_RANGE);
        header
            .as_deref()
            .and_then(Self::parse)
            .ok_or_else(|| HttpFault::ContentRange {
                got: header.unwrap_or_else(|| "none".to_owned()),
            })
    }
}

/// The length of the body, if the head tells it.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    number(&text(headers, &CONTENT_LENGTH)?)
}

/// Checks that the body is the file's own bytes.
pub(super) fn check_encoding(headers: &HeaderMap) -> Result<(), HttpFault> {
    match text(headers, &CONTENT_ENCODING) {
        Some(encoding) if !encoding.eq_ignore_ascii_case("identity") => {
            Err(HttpFault::Encoded(encoding))
        }
        _ => Ok(()),
    }
}

/// Checks the head of a 206 answer against the bytes asked for and the size known.
pub(super) fn check_partial(
    headers: &HeaderMap,
    asked: &Range<u64>,
    size: u64,
) -> Result<(), HttpFault> {
    let got = ContentRange::of(headers)?;
    if let Some(total) = got.total
        && total != size
    {
        return Err(HttpFault::Changed(format!(
            "{size} bytes when opened, {total} now"
        )));
    }
    if got.range != *asked {
        let got = text(headers, &CONTENT_RANGE).unwrap_or_default();
        return Err(HttpFault::ContentRange { got });
    }
    Ok(())
}

/// The `Retry-After` header in seconds. Its other form, a date, is taken for none.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    number(&text(headers, &RETRY_AFTER)?).map(Duration::from_secs)
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// Digits only: no sign, no space.
fn number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read_strictly() {
        let good = ContentRange {
            range: 0..10,
            total: Some(25826),
        };
        assert_eq!(ContentRange::parse("bytes 0-9/25826"), Some(good));
        let unknown = ContentRange {
            range: 5..6,
            total: None,
        };
        assert_eq!(ContentRange::parse("bytes 5-5/*"), Some(unknown));
        // The second is XRootD's answer to an open range.
        for bad in [
            "bytes 9-0/20",
            "bytes 25000--1/25826",
            "bytes */20",
            "bytes 0-18446744073709551615/1",
            "bytes +0-9/20",
            "0-9/20",
            "",
        ] {
            assert_eq!(ContentRange::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn tags_decide_before_times() {
        let version = |etag: Option<&str>, modified: Option<&str>| Version {
            etag: etag.map(str::to_owned),
            modified: modified.map(str::to_owned),
        };
        let changed = |mut before: Version, now| before.compare(now).is_err();
        assert!(changed(version(Some("a"), None), version(Some("b"), None)));
        assert!(!changed(
            version(Some("a"), Some("1")),
            version(Some("a"), Some("2"))
        ));
        assert!(changed(
            version(None, Some("1")),
            version(Some("a"), Some("2"))
        ));
        assert!(!changed(version(None, None), version(Some("a"), Some("2"))));
    }

    #[test]
    fn a_tag_that_comes_later_is_kept() {
        let tag = |tag: &str| Version {
            etag: Some(tag.to_owned()),
            modified: None,
        };
        let mut version = Version::default();
        version.compare(tag("a")).unwrap();
        assert!(matches!(
            version.compare(tag("b")),
            Err(HttpFault::Changed(_))
        ));
    }

    #[test]
    fn a_partial_answer_must_be_the_bytes_asked_for() {
        let mut headers = HeaderMap::new();
        assert!(check_partial(&headers, &(0..10), 20).is_err());
        headers.insert(CONTENT_RANGE, "bytes 0-9/20".parse().unwrap());
        assert_eq!(check_partial(&headers, &(0..10), 20), Ok(()));
        assert!(matches!(
            check_partial(&headers, &(0..9), 20),
            Err(HttpFault::ContentRange { .. })
        ));
        assert!(matches!(
            check_partial(&headers, &(0..10), 21),
            Err(HttpFault::Changed(_))
        ));
    }
}
