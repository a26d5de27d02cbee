//! What a person types for a file: a path or a URL.

use std::path::PathBuf;
use std::str::FromStr;

use crate::error::LakeError;
use crate::http::HttpUrl;

/// A place of a file, understood but not yet opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A file of the local file system: a plain path, or `file:///path`.
    Path(PathBuf),
    /// A file on a web server or WebDAV storage: `http://…` or `dav://…`.
    Http(HttpUrl),
}

impl FromStr for Location {
    type Err = LakeError;

    /// Understands a path or URL. A path may hold any character; what begins with a scheme and
    /// `://` is a URL, and so is `rucio:`.
    ///
    /// # Errors
    /// [`LakeError::Scheme`] for a scheme not supported (yet), [`LakeError::Location`] for an
    /// empty location and for a URL that is not well formed.
    fn from_str(location: &str) -> Result<Self, LakeError> {
        if location.is_empty() {
            return Err(malformed("(empty)", "a path or URL is needed"));
        }
        let Some((scheme, rest)) = split_scheme(location) else {
            return Ok(Self::Path(PathBuf::from(location)));
        };
        match scheme.as_str() {
            "file" => file_path(location, rest).map(Self::Path),
            // A storage answers for a folder with a listing.
            "http" | "dav" if location.ends_with('/') => Err(malformed(
                location,
                "this is a folder's URL, a file is needed",
            )),
            "http" | "dav" => HttpUrl::parse(location).map(Self::Http),
            _ => Err(LakeError::Scheme {
                location: without_secrets(location),
                scheme,
            }),
        }
    }
}

/// The scheme in lower case and what follows it, if `location` is a URL (RFC 3986, 3.1).
fn split_scheme(location: &str) -> Option<(String, &str)> {
    let (scheme, rest) = location.split_once(':')?;
    let mut letters = scheme.chars();
    let is_scheme = letters.next()?.is_ascii_alphabetic()
        && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let scheme = scheme.to_ascii_lowercase();
    if !is_scheme {
        return None;
    }
    match rest.strip_prefix("//") {
        Some(rest) => Some((scheme, rest)),
        // A data identifier, `rucio:scope:name`, has no authority.
        None if scheme == "rucio" => Some((scheme, rest)),
        None => None,
    }
}

/// The path of `file://[localhost]/path`, percent-decoded.
fn file_path(location: &str, rest: &str) -> Result<PathBuf, LakeError> {
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        return Err(malformed(location, "a file URL is written file:///path"));
    }
    let decoded = percent_decode(path.as_bytes())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| malformed(location, "a % that is no %XX of UTF-8 text"))?;
    Ok(PathBuf::from(decoded))
}

fn percent_decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        if first != b'%' {
            decoded.push(first);
            rest = tail;
            continue;
        }
        let (digits, tail) = tail.split_first_chunk::<2>()?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let digits = std::str::from_utf8(digits).ok()?;
        decoded.push(u8::from_str_radix(digits, 16).ok()?);
        rest = tail;
    }
    Some(decoded)
}

/// A URL without user, password and query, for errors.
pub(crate) fn without_secrets(url: &str) -> String {
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = shown.split_once("://") else {
        return shown.to_owned();
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

pub(crate) fn malformed(location: &str, reason: &str) -> LakeError {
    LakeError::Location {
        location: without_secrets(location),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(location: &str) -> Result<Location, LakeError> {
        location.parse()
    }

    #[test]
    fn paths_may_hold_colons() {
        for path in [
            "data_A.4lep.root",
            "/a/b c.root",
            "a:b",
            "ATLAS_OD_EDU:x",
            "C:\\x",
            "1://x",
        ] {
            assert_eq!(parse(path).unwrap(), Location::Path(path.into()));
        }
    }

    #[test]
    fn file_urls_are_decoded() {
        let path = Location::Path("/a b/c%.root".into());
        assert_eq!(parse("file:///a%20b/c%25.root").unwrap(), path);
        assert_eq!(parse("FILE://localhost/a%20b/c%25.root").unwrap(), path);
        for bad in ["file://host/x", "file:///%2", "file:///%+1", "file:///%ff"] {
            assert!(
                matches!(parse(bad), Err(LakeError::Location { .. })),
                "{bad}"
            );
        }
    }

    #[test]
    fn schemes_to_come_are_named() {
        for (location, wanted) in [
            ("https://h/f", "https"),
            ("davs://h/f", "davs"),
            ("ROOT://h//f", "root"),
            ("rucio:scope:name", "rucio"),
            ("s3://bucket/f", "s3"),
        ] {
            let error = parse(location).unwrap_err();
            assert!(matches!(&error, LakeError::Scheme { scheme, .. } if scheme == wanted));
            assert!(error.to_string().contains("not supported yet"), "{error}");
        }
    }

    #[test]
    fn the_url_of_a_folder_is_refused() {
        let error = parse("http://h/a/").unwrap_err().to_string();
        assert!(error.contains("folder"), "{error}");
        assert!(parse("http://h/a/?file=1").is_ok());
    }

    #[test]
    fn secrets_stay_out_of_errors() {
        let error = parse("https://me:word@h/f.root?token=abc")
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("https://h/f.root:"), "{error}");
        assert!(!error.contains("word") && !error.contains("abc"), "{error}");
    }

    #[test]
    fn an_empty_location_is_refused() {
        assert!(matches!(parse(""), Err(LakeError::Location { .. })));
    }
}
