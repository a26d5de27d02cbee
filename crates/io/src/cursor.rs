//! Bounds-checked reading of ROOT's big-endian values from a slice.

use crate::error::{Error, ErrorKind, Result};

/// Bits of a byte-count word (`TBufferFile`: `kByteCountMask`).
pub(crate) const BYTE_COUNT_MASK: u32 = 0x4000_0000;

/// A position in a slice from which values are read in order.
///
/// Every read is checked against the end of the slice; a failed one leaves the position alone.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    position: usize,
    /// How many bytes stood before the slice where it was written.
    before: usize,
}

macro_rules! numbers {
    ($($name:ident $type:ty, $what:literal;)+) => {
        $(
            #[doc = concat!("Reads a big-endian `", stringify!($type), "`.")]
            ///
            /// # Errors
            /// When too few bytes are left.
            #[inline]
            pub fn $name(&mut self) -> Result<$type> {
                Ok(<$type>::from_be_bytes(self.array($what)?))
            }
        )+
    };
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            position: 0,
            before: 0,
        }
    }

    /// The same, of a slice before which `before` bytes stood where it was written: the positions
    /// by which its content refers to itself count them.
    pub fn behind(bytes: &'a [u8], before: usize) -> Self {
        Self {
            before,
            ..Self::new(bytes)
        }
    }

    /// A cursor at a position to which the content refers, where that lies before this one.
    pub(crate) fn back_to(&self, referred: usize) -> Option<Self> {
        let position = referred.checked_sub(self.before)?;
        (position < self.position).then(|| Self {
            position,
            ..self.clone()
        })
    }

    /// The number of bytes before the cursor.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The number of bytes after the cursor.
    pub fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.position)
    }

    /// Moves to `position`, counted from the start of the slice.
    ///
    /// # Errors
    /// When it lies behind the end.
    pub fn seek(&mut self, position: usize) -> Result<()> {
        if position > self.bytes.len() {
            return Err(self.truncated("a position", position.saturating_sub(self.position)));
        }
        self.position = position;
        Ok(())
    }

    /// The next `length` bytes.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn take(&mut self, length: usize, what: &'static str) -> Result<&'a [u8]> {
        let taken = self
            .position
            .checked_add(length)
            .and_then(|end| self.bytes.get(self.position..end))
            .ok_or_else(|| self.truncated(what, length))?;
        self.position += length;
        Ok(taken)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub(crate) fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N]> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let Some((head, _)) = rest.split_first_chunk::<N>() else {
            return Err(self.truncated(what, N));
        };
        self.position += N;
        Ok(*head)
    }

    numbers! {
        u8 u8, "a byte";
        i8 i8, "a byte";
        u16 u16, "a 16-bit number";
        i16 i16, "a 16-bit number";
        u32 u32, "a 32-bit number";
        i32 i32, "a 32-bit number";
        u64 u64, "a 64-bit number";
        i64 i64, "a 64-bit number";
        f32 f32, "a float";
        f64 f64, "a double";
    }

    /// Reads a `TString`: one length byte, or 255 and a 32-bit length; then the bytes.
    ///
    /// # Errors
    /// When too few bytes are left.
    #[inline]
    pub fn string(&mut self) -> Result<&'a [u8]> {
        let length = match self.u8()? {
            255 => self.length("a string")?,
            short => usize::from(short),
        };
        self.take(length, "a string")
    }

    /// Reads a `TString` as text; bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// When too few bytes are left.
    pub fn text(&mut self) -> Result<String> {
        self.string()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Reads a C string, of at most 80 bytes before its zero as class names are.
    ///
    /// # Errors
    /// When no zero byte follows.
    pub fn c_string(&mut self) -> Result<&'a [u8]> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let length = rest
            .iter()
            .take(4096)
            .position(|&byte| byte == 0)
            .ok_or_else(|| {
                Error::malformed("a class name has no end").at_position(self.position)
            })?;
        let name = self.take(length, "a class name")?;
        self.u8()?;
        Ok(name)
    }

    /// Reads a 32-bit count that must not be negative.
    ///
    /// # Errors
    /// When it is negative, or too few bytes are left.
    pub fn length(&mut self, what: &'static str) -> Result<usize> {
        let at = self.position;
        let count = self.i32()?;
        usize::try_from(count).map_err(|_| {
            Error::malformed(format!("{what} has the negative length {count}")).at_position(at)
        })
    }

    /// Reads a count of things of `width` bytes each and checks that they are there.
    ///
    /// # Errors
    /// When the count is negative or asks for more bytes than are left.
    pub fn count(&mut self, width: usize, what: &'static str) -> Result<usize> {
        let count = self.length(what)?;
        match count.checked_mul(width) {
            Some(bytes) if bytes <= self.left() => Ok(count),
            _ => Err(self.truncated(what, count.saturating_mul(width))),
        }
    }

    #[cold]
    fn truncated(&self, what: &'static str, wanted: usize) -> Error {
        Error::from(ErrorKind::Truncated {
            what,
            wanted: wanted as u64,
            left: self.left() as u64,
        })
        .at_position(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_read_leaves_the_position_alone() {
        let mut cursor = Cursor::new(&[0, 1, 2]);
        assert!(cursor.u32().is_err());
        assert_eq!(cursor.u16().unwrap(), 1);
        assert!(cursor.take(usize::MAX, "everything").is_err());
        assert_eq!(cursor.u8().unwrap(), 2);
        assert!(cursor.seek(4).is_err());
    }

    #[test]
    fn strings_have_short_and_long_forms() {
        let mut bytes = vec![2, b'a', b'b', 255, 0, 0, 1, 0];
        bytes.extend([b'x'; 256]);
        let mut cursor = Cursor::new(&bytes);
        assert_eq!(cursor.string().unwrap(), b"ab");
        assert_eq!(cursor.string().unwrap().len(), 256);
        assert_eq!(cursor.left(), 0);
    }

    #[test]
    fn counts_are_held_against_what_is_there() {
        assert!(Cursor::new(&[255, 255, 255, 255]).count(1, "x").is_err());
        assert!(Cursor::new(&[0x7f, 255, 255, 255]).count(8, "x").is_err());
        assert_eq!(Cursor::new(&[0, 0, 0, 2, 1, 1]).count(1, "x").unwrap(), 2);
    }
}
