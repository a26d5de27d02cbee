//! The one error of this crate: what is wrong, in which file and object, at which byte.

use std::fmt;
use std::sync::Arc;

/// The result of everything that reads or writes ROOT data here.
pub type Result<T> = std::result::Result<T, Error>;

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes do not begin as a ROOT file does.
    #[error("not a ROOT file: it begins with {found:02x?} instead of \"root\"")]
    NotRoot {
        /// The first bytes, four at most.
        found: Vec<u8>,
    },
    /// A record ends before what it promises.
    #[error("{what} needs {wanted} bytes, but only {left} are left")]
    Truncated {
        /// What was being read.
        what: &'static str,
        /// Bytes it needs.
        wanted: u64,
        /// Bytes that are there.
        left: u64,
    },
    /// A value contradicts another, or the format.
    #[error("{0}")]
    Malformed(String),
    /// Something valid that this reader does not know.
    #[error("unsupported {0}")]
    Unsupported(String),
    /// A compressed block does not expand to what its header says.
    #[error("{codec} block does not expand: {reason}")]
    Codec {
        /// The codec's name.
        codec: &'static str,
        /// What its library said.
        reason: String,
    },
    /// A checksum stored with a block is not that of its bytes.
    #[error("{codec} checksum is {found:016x}, its header says {stored:016x}")]
    Checksum {
        /// The codec's name.
        codec: &'static str,
        /// As stored.
        stored: u64,
        /// As computed.
        found: u64,
    },
    /// No key, branch or member of that name.
    #[error("no {what} named {name:?}")]
    NotFound {
        /// What was sought.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A column was asked for as something that it is not.
    #[error(transparent)]
    Column(#[from] crate::column::ColumnError),
    /// The source of the bytes failed.
    #[error("cannot read: {0}")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The sink of the bytes failed.
    #[error("cannot write: {0}")]
    Sink(#[source] std::io::Error),
}

/// An [`ErrorKind`] with the place where it was met.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    file: Option<Arc<str>>,
    object: Option<String>,
    offset: Option<u64>,
    position: Option<u64>,
}

impl Error {
    /// What is wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The file or URL, where known.
    pub fn file(&self) -> Option<&str> {
        self.0.file.as_deref()
    }

    /// The byte offset in the file of the record in which the fault lies.
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    pub(crate) fn malformed(what: impl Into<String>) -> Self {
        ErrorKind::Malformed(what.into()).into()
    }

    pub(crate) fn unsupported(what: impl Into<String>) -> Self {
        ErrorKind::Unsupported(what.into()).into()
    }

    /// Wraps the failure of whatever delivers bytes.
    pub fn source(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        ErrorKind::Source(cause.into()).into()
    }

    /// Names the file, unless it is named already.
    #[must_use]
    pub fn in_file(mut self, file: &Arc<str>) -> Self {
        self.0.file.get_or_insert_with(|| Arc::clone(file));
        self
    }

    /// Names the object (key, branch, record), unless it is named already.
    #[must_use]
    pub fn in_object(mut self, object: impl Into<String>) -> Self {
        self.0.object.get_or_insert_with(|| object.into());
        self
    }

    /// Names what the object stands in that is named, if one is: before its name.
    #[must_use]
    pub(crate) fn within(mut self, outer: &str) -> Self {
        let object = &mut self.0.object;
        *object = Some(match object.take() {
            Some(inner) => format!("{outer}, {inner}"),
            None => outer.to_owned(),
        });
        self
    }

    /// States the byte offset in the file, unless it is stated already.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// States the byte within the expanded record, unless it is stated already.
    #[must_use]
    pub(crate) fn at_position(mut self, position: usize) -> Self {
        self.0.position.get_or_insert(position as u64);
        self
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            file: None,
            object: None,
            offset: None,
            position: None,
        }))
    }
}

impl From<crate::column::ColumnError> for Error {
    fn from(cause: crate::column::ColumnError) -> Self {
        ErrorKind::Column(cause).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(file) = &inner.file {
            write!(f, "{file}: ")?;
        }
        if let Some(object) = &inner.object {
            write!(f, "{object}")?;
        }
        match (inner.offset, inner.position) {
            (Some(offset), Some(position)) => {
                write!(
                    f,
                    " (record at offset {offset}, byte {position} of its content): "
                )?;
            }
            (Some(offset), None) => write!(f, " (at offset {offset}): ")?,
            (None, Some(position)) => write!(f, " (byte {position}): ")?,
            (None, None) if inner.object.is_some() => write!(f, ": ")?,
            (None, None) => {}
        }
        inner.kind.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_place_once() {
        let error = Error::malformed("three is not four")
            .at_position(7)
            .at(1000)
            .at(5)
            .in_object("key mini;1")
            .in_file(&Arc::from("x.root"));
        assert_eq!(
            error.to_string(),
            "x.root: key mini;1 (record at offset 1000, byte 7 of its content): three is not four"
        );
    }

    #[test]
    fn an_error_names_what_its_object_stands_in() {
        let error = Error::malformed("three is not four").within("entry 3");
        let error = error.in_object("member x").within("branch b");
        assert_eq!(error.to_string(), "branch b, entry 3: three is not four");
    }
}
