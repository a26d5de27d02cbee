//! The key before each record (`TKey`).

use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// Added to the version of a key whose offsets have 64 bits.
const BIG: u16 = 1000;
/// The version of the keys written here.
const VERSION: u16 = 4;

/// What a record is, and where.
///
/// ```text
/// 0   fNbytes    i32     key and stored content; negative: a gap
/// 4   version    u16     over 1000: the offsets marked * have 64 bits
/// 6   fObjlen    i32     expanded content
/// 10  fDatime    u32
/// 14  fKeylen    u16     this key
/// 16  fCycle     u16
/// 18  fSeekKey   i32 *
///     fSeekPdir  i32 *
///     class, name, title     strings
/// ```
///
/// Of the many keys of baskets only the numbers count: `Key<()>` has no texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<T = String> {
    /// `fNbytes`: bytes of key and stored content.
    pub nbytes: u32,
    /// `fObjlen`: bytes of expanded content.
    pub object_length: u32,
    /// `fDatime`: when it was written; see [`datime`].
    pub datime: u32,
    /// `fKeylen`: bytes of the key.
    pub key_length: u16,
    /// `fCycle`: which of the objects of one name.
    pub cycle: u16,
    /// `fSeekKey`: where the record stands.
    pub seek_key: u64,
    /// `fSeekPdir`: where its directory stands.
    pub seek_parent: u64,
    /// Whether its offsets have 64 bits.
    pub big: bool,
    /// The class of the object.
    pub class: T,
    /// Its name.
    pub name: T,
    /// Its title.
    pub title: T,
}

impl<T> Key<T> {
    /// Reads a key whose class, name and title are read by `text`, in this order.
    #[inline(always)]
    fn read<'a>(
        cursor: &mut Cursor<'a>,
        mut text: impl FnMut(&mut Cursor<'a>) -> Result<T>,
    ) -> Result<Self> {
        let start = cursor.position();
        // All at once: of the many keys of baskets nothing else is read.
        let [
            n0,
            n1,
            n2,
            n3,
            v0,
            v1,
            o0,
            o1,
            o2,
            o3,
            d0,
            d1,
            d2,
            d3,
            l0,
            l1,
            c0,
            c1,
        ] = cursor.array("a key")?;
        let lengths = [[n0, n1, n2, n3], [o0, o1, o2, o3]].map(i32::from_be_bytes);
        let [Ok(nbytes), Ok(object_length)] = lengths.map(u32::try_from) else {
            return Err(negative(lengths).at_position(start));
        };
        let big = u16::from_be_bytes([v0, v1]) > BIG;
        let offset = |cursor: &mut Cursor<'_>| {
            super::header::positive(
                if big {
                    cursor.i64()?
                } else {
                    cursor.i32()?.into()
                },
                "a key's offset",
            )
        };
        let seek_key = offset(cursor)?;
        let seek_parent = offset(cursor)?;
        let key = Self {
            nbytes,
            object_length,
            datime: u32::from_be_bytes([d0, d1, d2, d3]),
            key_length: u16::from_be_bytes([l0, l1]),
            cycle: u16::from_be_bytes([c0, c1]),
            seek_key,
            // Files over 32 PB aside, the upper 16 bits hold a TProcessID's number.
            seek_parent: if big {
                seek_parent & 0xffff_ffff_ffff
            } else {
                seek_parent
            },
            big,
            class: text(cursor)?,
            name: text(cursor)?,
            title: text(cursor)?,
        };
        // The key of a basket within its tree's record has no length yet.
        if key.nbytes != 0 && u32::from(key.key_length) > key.nbytes {
            return Err(too_long(key.key_length, key.nbytes).at_position(start));
        }
        Ok(key)
    }

    /// The same numbers with other texts.
    fn with<U>(&self, class: U, name: U, title: U) -> Key<U> {
        Key {
            nbytes: self.nbytes,
            object_length: self.object_length,
            datime: self.datime,
            key_length: self.key_length,
            cycle: self.cycle,
            seek_key: self.seek_key,
            seek_parent: self.seek_parent,
            big: self.big,
            class,
            name,
            title,
        }
    }

    /// The key, if its record is as long as is said elsewhere.
    ///
    /// # Errors
    /// When it is of another length.
    pub(super) fn of_length(self, nbytes: u32) -> Result<Self> {
        if self.nbytes == nbytes {
            return Ok(self);
        }
        Err(Error::malformed(format!(
            "the record is {} bytes long, what points to it says {nbytes}",
            self.nbytes
        )))
    }

    /// Bytes of stored content.
    pub fn stored(&self) -> u32 {
        self.nbytes.saturating_sub(self.key_length.into())
    }

    /// Whether the content is stored as it is (`TKey::ReadObj`: no shorter than it expands to).
    pub fn is_raw(&self) -> bool {
        self.stored() >= self.object_length
    }
}

impl Key<()> {
    /// Reads a key's numbers, and gives its class as it stands there: nothing is allocated.
    ///
    /// # Errors
    /// As [`Key::parse`].
    #[inline(always)]
    pub fn parse_numbers<'a>(cursor: &mut Cursor<'a>) -> Result<(Self, &'a [u8])> {
        let mut class = None;
        let key = Self::read(cursor, |cursor| {
            let text = cursor.string()?;
            class.get_or_insert(text);
            Ok(())
        })?;
        Ok((key, class.unwrap_or_default()))
    }
}

impl<'a> Key<&'a [u8]> {
    /// Reads a key whose texts stay where they stand.
    ///
    /// # Errors
    /// As [`Key::parse`].
    pub fn parse_borrowed(cursor: &mut Cursor<'a>) -> Result<Self> {
        Self::read(cursor, Cursor::string)
    }

    /// The key with texts of its own; bytes that are not UTF-8 are replaced.
    pub fn to_owned(&self) -> Key {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.with(text(self.class), text(self.name), text(self.title))
    }
}

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    /// When it is cut short or its lengths contradict each other.
    pub fn parse(cursor: &mut Cursor<'_>) -> Result<Self> {
        Self::read(cursor, Cursor::text)
    }

    /// Reads the key of a record that is said to be `nbytes` bytes long.
    ///
    /// # Errors
    /// As [`Key::parse`], and when the record is of another length.
    pub(super) fn parse_record(cursor: &mut Cursor<'_>, nbytes: u32) -> Result<Self> {
        Self::parse(cursor)?.of_length(nbytes)
    }

    /// Its numbers, without its texts.
    pub fn numbers(&self) -> Key<()> {
        self.with((), (), ())
    }

    /// The length of a key with these texts, in bytes.
    ///
    /// # Errors
    /// When it does not fit 16 bits.
    pub fn length(class: &str, name: &str, title: &str, big: bool) -> Result<u16> {
        let text = |text: &str| text.len() + if text.len() < 255 { 1 } else { 5 };
        let length = if big { 34 } else { 26 } + text(class) + text(name) + text(title);
        u16::try_from(length)
            .map_err(|_| Error::malformed(format!("the key of {name:?} would take {length} bytes")))
    }

    /// Appends the key's bytes.
    ///
    /// # Errors
    /// When an offset needs 64 bits and the key has 32.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&self.nbytes.to_be_bytes());
        out.extend_from_slice(&(VERSION + if self.big { BIG } else { 0 }).to_be_bytes());
        out.extend_from_slice(&self.object_length.to_be_bytes());
        out.extend_from_slice(&self.datime.to_be_bytes());
        out.extend_from_slice(&self.key_length.to_be_bytes());
        out.extend_from_slice(&self.cycle.to_be_bytes());
        for offset in [self.seek_key, self.seek_parent] {
            if self.big {
                out.extend_from_slice(&offset.to_be_bytes());
            } else {
                let offset = i32::try_from(offset).map_err(|_| {
                    Error::malformed(format!("offset {offset} does not fit a key of 32 bits"))
                })?;
                out.extend_from_slice(&offset.to_be_bytes());
            }
        }
        for text in [&self.class, &self.name, &self.title] {
            encode_text(text, out)?;
        }
        Ok(())
    }
}

#[cold]
fn negative([nbytes, object_length]: [i32; 2]) -> Error {
    Error::malformed(if nbytes < 0 {
        format!("a free segment of {nbytes} bytes where a key should be")
    } else {
        format!("a key's object length is negative: {object_length}")
    })
}

#[cold]
fn too_long(key_length: u16, nbytes: u32) -> Error {
    Error::malformed(format!(
        "a key of {key_length} bytes is longer than its record of {nbytes}"
    ))
}

/// Appends a `TString`: one length byte, or 255 and a 32-bit length; then the bytes.
///
/// # Errors
/// When the text's length does not fit 32 bits.
pub(crate) fn encode_text(text: &str, out: &mut Vec<u8>) -> Result<()> {
    match u8::try_from(text.len()) {
        Ok(short) if short < 255 => out.push(short),
        _ => {
            let length = i32::try_from(text.len())
                .map_err(|_| Error::malformed("a text of 2 GiB cannot be written"))?;
            out.push(255);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// A date and time of UTC, from seconds since 1970, as `TDatime` packs it:
/// `(year − 1995) << 26 | month << 22 | day << 17 | hour << 12 | minute << 6 | second`.
pub fn datime(seconds: u64) -> u32 {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's days-to-civil algorithm, for days since 1970.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let packed = ((year.saturating_sub(1995) & 0x3f) << 26)
        | (month << 22)
        | (day << 17)
        | ((rest / 3_600) << 12)
        | ((rest / 60 % 60) << 6)
        | (rest % 60);
    u32::try_from(packed).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(big: bool, title: &str) -> Key {
        Key {
            nbytes: 1000,
            object_length: 4000,
            datime: datime(0),
            key_length: Key::length("TTree", "mini", title, big).unwrap(),
            cycle: 1,
            seek_key: if big { 5 << 32 } else { 5000 },
            seek_parent: 100,
            big,
            class: "TTree".into(),
            name: "mini".into(),
            title: title.into(),
        }
    }

    #[test]
    fn keys_read_as_written_and_are_as_long_as_they_say() {
        for key in [
            key(false, "a tree"),
            key(true, "a tree"),
            key(false, &"long ".repeat(60)),
        ] {
            let mut bytes = Vec::new();
            key.encode(&mut bytes).unwrap();
            assert_eq!(bytes.len(), usize::from(key.key_length));
            assert_eq!(Key::parse(&mut Cursor::new(&bytes)).unwrap(), key);
            let (numbers, class) = Key::parse_numbers(&mut Cursor::new(&bytes)).unwrap();
            assert_eq!(
                (numbers.stored(), class),
                (key.stored(), key.class.as_bytes())
            );
            for length in 0..bytes.len() {
                assert!(Key::parse(&mut Cursor::new(&bytes[..length])).is_err());
            }
        }
    }

    #[test]
    fn gaps_and_false_lengths_are_refused() {
        let mut bytes = Vec::new();
        key(false, "").encode(&mut bytes).unwrap();
        bytes[0] = 0x80;
        assert!(Key::parse(&mut Cursor::new(&bytes)).is_err());
        bytes[..4].copy_from_slice(&10u32.to_be_bytes());
        assert!(Key::parse(&mut Cursor::new(&bytes)).is_err());
    }

    #[test]
    fn times_are_packed_as_tdatime_packs_them() {
        // 2026-11-22 16:54:33 UTC
        let packed = datime(1_795_366_473);
        assert_eq!(packed >> 26, 31);
        assert_eq!((packed >> 22 & 15, packed >> 17 & 31), (11, 22));
        assert_eq!(
            (packed >> 12 & 31, packed >> 6 & 63, packed & 63),
            (16, 54, 33)
        );
    }
}
