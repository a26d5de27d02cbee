//! `http://` URLs: checked when they are read, resolved when a server redirects.

use std::fmt;

use hyper::Uri;

use crate::error::LakeError;
use crate::location::{malformed, without_secrets};

/// A well-formed `http://` URL. It shows itself without its query, which may hold a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpUrl(Uri);

impl HttpUrl {
    /// Checks an `http://` or `dav://` URL (which is the same under a storage's name).
    ///
    /// # Errors
    /// [`LakeError::Location`] for another scheme, a URL without a host, one with a user or
    /// password, a `#`, or a character that must be percent-encoded.
    pub fn parse(url: &str) -> Result<Self, LakeError> {
        let rest = split_http(url).ok_or_else(|| malformed(url, "not an http:// URL"))?;
        if rest.is_empty() || rest.starts_with(['/', '?', ':']) {
            return Err(malformed(url, "a URL needs a host"));
        }
        if url.contains('#') {
            return Err(malformed(url, "a # in a URL must be written %23"));
        }
        if url.contains(char::is_whitespace) {
            return Err(malformed(url, "a space in a URL must be written %20"));
        }
        let uri: Uri = format!("http://{rest}")
            .parse()
            .map_err(|error| malformed(url, &format!("not a URL: {error}")))?;
        if uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'))
        {
            return Err(malformed(
                url,
                "user and password in a URL are not supported",
            ));
        }
        Ok(Self(uri))
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }

    /// Where a `Location` header of an answer to this URL leads (RFC 9110, 10.2.2).
    ///
    /// # Errors
    /// As [`HttpUrl::parse`]; so also for a redirect to another scheme.
    pub(super) fn resolve(&self, location: &str) -> Result<Self, LakeError> {
        if location.starts_with("//") {
            return Self::parse(&format!("http:{location}"));
        }
        let path_length = location.find(['/', '?', '#']).unwrap_or(location.len());
        if location
            .get(..path_length)
            .is_some_and(|scheme| scheme.contains(':'))
        {
            return Self::parse(location);
        }
        let authority = self.0.authority().map(hyper::http::uri::Authority::as_str);
        let authority = authority.unwrap_or_default();
        let folder = match self.0.path().rsplit_once('/') {
            Some((folder, _)) if !location.starts_with('/') => format!("{folder}/"),
            _ => String::new(),
        };
        Self::parse(&format!("http://{authority}{folder}{location}"))
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_secrets(&self.0.to_string()))
    }
}

/// What follows `http://` or `dav://`, in any case.
fn split_http(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    ["http", "dav"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        .then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_shows_itself_without_its_token() {
        let url = HttpUrl::parse("http://h:80/a/f.root?authz=secret").unwrap();
        assert_eq!(url.to_string(), "http://h:80/a/f.root");
        assert_eq!(url.uri().query(), Some("authz=secret"));
    }

    #[test]
    fn dav_is_http() {
        assert_eq!(
            HttpUrl::parse("dav://h/f").unwrap(),
            HttpUrl::parse("HTTP://h/f").unwrap()
        );
    }

    #[test]
    fn malformed_urls_are_refused_with_advice() {
        for (url, advice) in [
            ("http:///f", "host"),
            ("http://me:pw@h/f", "password"),
            ("http://h/a b", "%20"),
            ("http://h/a#b", "%23"),
            ("ftp://h/f", "http"),
        ] {
            let error = HttpUrl::parse(url)
                .map(|url| url.to_string())
                .unwrap_err()
                .to_string();
            assert!(error.contains(advice), "{url}: {error}");
            assert!(!error.contains("pw"), "{error}");
        }
    }

    #[test]
    fn redirects_resolve_against_the_url_they_answer() {
        let url = HttpUrl::parse("http://h:1/a/b?q=1").unwrap();
        for (location, wanted) in [
            ("http://other/x?t=1", "http://other/x?t=1"),
            ("//other/x", "http://other/x"),
            ("/x/y", "http://h:1/x/y"),
            ("c?t=http://z", "http://h:1/a/c?t=http://z"),
        ] {
            assert_eq!(
                url.resolve(location).unwrap(),
                HttpUrl::parse(wanted).unwrap()
            );
        }
        assert!(url.resolve("https://h/a").is_err());
    }
}
