//! ROOT's own collections of objects.

use super::{Growing, Header, decode, end_lists, member_columns, own};
use crate::cursor::Cursor;
use crate::error::{Error, Result};
use crate::object::ListKind;
use crate::tree::{Class, Format};

/// `TClonesArray::kBypassStreamer`: the objects stand member by member.
const BYPASS_STREAMER: u32 = 1 << 12;
/// The same in version 3.
const OLD_BYPASS_STREAMER: u32 = 1 << 14;

/// A `TClonesArray` (`TClonesArray::Streamer`):
///
/// ```text
/// byte count, version
/// TObject              from version 3; a bit says how the objects stand
/// name          text   from version 2
/// class         text   behind a semicolon its version
/// number        i32    may be negative
/// lower bound   i32
/// objects              member by member; or of each a byte that says whether it is there, and it
/// ```
pub(super) fn clones(
    item: &Format,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let header = Header::read(cursor)?;
    let bits = if header.version > 2 {
        own::skip_root_object(cursor)?
    } else {
        0
    };
    if header.version > 1 {
        cursor.string()?;
    }
    let (name, version) = class_and_version(cursor.string()?);
    let count = usize::try_from(cursor.i32()?.unsigned_abs()).unwrap_or(usize::MAX);
    let _lower_bound = cursor.i32()?;
    if let Format::Any(any) = item {
        any.meet(name);
    }
    if count > cursor.left() {
        return Err(Error::malformed(format!(
            "{count} objects in {} bytes",
            cursor.left()
        )));
    }
    if count == 0 {
        // Headers of the members that are containers may be there.
        cursor.seek(header.end.unwrap_or(cursor.position()))?;
    } else {
        let class = expected(item, name)?;
        let bypass = match header.version {
            3 => bits & (BYPASS_STREAMER | OLD_BYPASS_STREAMER) != 0,
            _ => bits & BYPASS_STREAMER != 0,
        };
        match &class.members {
            Format::Record(members) if bypass => {
                if let Some(version) = version {
                    class.expect_version(version, None)?;
                }
                member_columns(members, count, cursor, leaves, depth + 1)?;
            }
            _ => (0..count).try_for_each(|_| match cursor.u8()? {
                0 => Err(Error::unsupported("TClonesArray with a gap")),
                _ => decode(item, cursor, leaves, depth + 1),
            })?,
        }
    }
    end_lists(leaves, depth, count)?;
    header.expect_end(cursor)
}

/// The class of a `TClonesArray`'s objects, which must be `name`.
fn expected<'f>(item: &'f Format, name: &[u8]) -> Result<&'f Class> {
    match item {
        Format::Object(class) if class.name.as_bytes() == name => Ok(class),
        Format::Any(any) => Err(any.unmet(name)),
        Format::Unknown(unknown) => Err(unknown.error()),
        _ => Err(Error::unsupported(format!(
            "TClonesArray of {} where others hold {item}",
            String::from_utf8_lossy(name)
        ))),
    }
}

fn class_and_version(text: &[u8]) -> (&[u8], Option<u16>) {
    let mut parts = text.splitn(2, |&byte| byte == b';');
    let name = parts.next().unwrap_or_default();
    let version = parts.next().and_then(|version| {
        let version = std::str::from_utf8(version).ok()?;
        version.parse().ok()
    });
    (name, version)
}

/// A `TObjArray` or `TList` (their own `Streamer`s):
///
/// ```text
/// byte count, version
/// TObject
/// name          text
/// number        i32
/// lower bound   i32    of a TObjArray
/// pointers             each; in a TList a text behind it
/// ```
pub(super) fn objects(
    kind: ListKind,
    item: &Format,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let header = Header::read(cursor)?;
    let (first, name) = match kind {
        ListKind::Array => (3, "TObjArray"),
        ListKind::Linked => (4, "TList"),
        ListKind::Map => return Err(Error::unsupported("TMap among the values of a branch")),
        ListKind::Collection => (3, "TCollection"),
    };
    if header.version < first {
        let version = header.version;
        return Err(Error::unsupported(format!("version {version} of {name}")));
    }
    own::skip_root_object(cursor)?;
    cursor.string()?;
    let count = cursor.length("a collection")?;
    if kind == ListKind::Array {
        cursor.i32()?;
    }
    for _ in 0..count {
        decode(item, cursor, leaves, depth + 1)?;
        if kind == ListKind::Linked {
            cursor.string()?;
        }
    }
    end_lists(leaves, depth, count)?;
    header.expect_end(cursor)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::column::{ScalarType, Values};
    use crate::cursor::BYTE_COUNT_MASK;
    use crate::tree::{Any, BasketContent, ColumnBuilder, Number};

    fn hit() -> Format {
        let number = |scalar| Format::Number(Number::Plain(scalar));
        Format::Object(Arc::new(Class {
            name: "Hit".into(),
            version: 2,
            checksum: 7,
            members: Format::record(vec![
                ("x".into(), number(ScalarType::U8)),
                ("y".into(), number(ScalarType::U8)),
            ]),
        }))
    }

    /// A `TClonesArray` with these bits, class and number, and what follows.
    fn array(bits: u32, class: &str, count: i32, objects: &[u8]) -> Vec<u8> {
        let mut content = vec![0, 4, 0, 1, 0, 0, 0, 0];
        content.extend(bits.to_be_bytes());
        content.push(0);
        content.push(u8::try_from(class.len()).unwrap());
        content.extend(class.as_bytes());
        content.extend(count.to_be_bytes());
        content.extend([0; 4]);
        content.extend(objects);
        let count = BYTE_COUNT_MASK | u32::try_from(content.len()).unwrap();
        [&count.to_be_bytes()[..], &content].concat()
    }

    /// The values of `y` in one entry.
    fn decoded(item: Format, values: &[u8]) -> Result<Vec<u8>> {
        let format = Format::Clones(Box::new(item));
        let content = BasketContent {
            entries: 1,
            values,
            offsets: None,
            key_length: 0,
        };
        let mut builder = ColumnBuilder::new(&format, 1);
        builder.push(&content, 0..1)?;
        match builder
            .finish_all()?
            .last()
            .map(|(_, column)| column.values())
        {
            Some(Values::U8(values)) => Ok(values.clone()),
            values => panic!("{values:?}"),
        }
    }

    #[test]
    fn clones_stand_member_by_member_or_one_by_one() {
        let by_member = array(BYPASS_STREAMER, "Hit;2", 2, &[1, 2, 3, 4]);
        assert_eq!(decoded(hit(), &by_member).unwrap(), [3, 4]);
        let object = |x| [1, 0x40, 0, 0, 4, 0, 2, x, x + 1];
        let singly = array(0, "Hit;2", -2, &[object(1), object(3)].concat());
        assert_eq!(decoded(hit(), &singly).unwrap(), [2, 4]);
        let empty = array(BYPASS_STREAMER, "Hit;2", 0, &[0x40, 0, 0, 2, 0, 9]);
        assert!(decoded(hit(), &empty).unwrap().is_empty());
    }

    #[test]
    fn other_classes_versions_gaps_and_numbers_are_refused() {
        let problem = |bytes: &[u8]| decoded(hit(), bytes).unwrap_err().to_string();
        let bypass = |class, count| array(BYPASS_STREAMER, class, count, &[1, 2, 3, 4]);
        assert!(problem(&bypass("Track;2", 2)).contains("TClonesArray of Track"));
        assert!(problem(&bypass("Hit;3", 2)).contains("version 3 of class Hit"));
        assert!(problem(&bypass("Hit;2", i32::MIN)).contains("objects in 4 bytes"));
        assert!(problem(&array(0, "Hit;2", 1, &[0])).contains("gap"));
    }

    #[test]
    fn a_class_that_nothing_tells_is_met() {
        let any = Arc::new(Any::default());
        let bytes = array(BYPASS_STREAMER, "Hit;2", 2, &[1, 2, 3, 4]);
        let error = decoded(Format::Any(Arc::clone(&any)), &bytes).unwrap_err();
        assert!(
            error.to_string().contains("objects of class Hit"),
            "{error}"
        );
        let other = Any::default();
        other.meet(b"Hit");
        assert_eq!(*any, other);
    }
}
