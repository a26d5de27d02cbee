//! Objects behind pointers.
//!
//! ```text
//! 0             u32   no object
//! ```
//! or
//! ```text
//! byte count    u32
//! class         u32   all bits set: the name follows; else kClassMask, and where a name stands
//! name          its bytes and a zero
//! object
//! ```
//! Where a name stands counts from the start of the basket's key, plus `kMapOffset`; it is of the
//! same entry, since a buffer forgets what it wrote before each (`TBufferFile::ResetMap`).

use super::{Growing, decode, end_lists};
use crate::cursor::{BYTE_COUNT_MASK, Cursor};
use crate::error::{Error, Result};
use crate::object::{CLASS_MASK, MAP_OFFSET, NEW_CLASS};
use crate::tree::Format;

/// A pointer to an object of `class`, which is laid out as `item` (`TBufferFile::ReadObjectAny`).
pub(super) fn decode_any(
    class: &str,
    item: &Format,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let start = cursor.position();
    let count = cursor.u32()?;
    if count == 0 {
        return end_lists(leaves, depth, 0);
    }
    // One object may be met any number of times: what it holds would be without bound.
    if count & BYTE_COUNT_MASK == 0 || count == NEW_CLASS {
        return Err(
            Error::unsupported(format!("pointer to a {class} that another points to"))
                .at_position(start),
        );
    }
    let length = usize::try_from(count & !BYTE_COUNT_MASK).unwrap_or(usize::MAX);
    let end = cursor.position().saturating_add(length);
    let name = class_name(cursor)?;
    if let Format::Any(any) = item {
        return Err(any.unmet(name).at_position(start));
    }
    if name != class.as_bytes() {
        return Err(Error::unsupported(format!(
            "object of class {} behind a pointer to {class}",
            String::from_utf8_lossy(name),
        ))
        .at_position(start));
    }
    decode(item, cursor, leaves, depth + 1)?;
    if cursor.position() != end {
        return Err(Error::malformed(format!(
            "an object whose byte count says it ends at byte {end} ends at {}",
            cursor.position()
        ))
        .at_position(start));
    }
    end_lists(leaves, depth, 1)
}

/// The name of an object's class, here or where it was first met in the entry.
fn class_name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8]> {
    let at = cursor.position();
    let tag = cursor.u32()?;
    if tag == NEW_CLASS {
        return cursor.c_string();
    }
    let first = tag
        .checked_sub(CLASS_MASK)
        .and_then(|tag| tag.checked_sub(MAP_OFFSET))
        .and_then(|written| cursor.back_to(usize::try_from(written).ok()?));
    if let Some(mut first) = first
        && first.u32()? == NEW_CLASS
    {
        return first.c_string();
    }
    Err(Error::malformed(format!("no class was met that {tag:#x} refers to")).at_position(at))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::column::{Level, ScalarType, Values};
    use crate::tree::{BasketContent, Class, ColumnBuilder, EntryOffsets, Lead, Number};

    /// Pointers, as many as an entry holds.
    fn pointers(class: &str) -> Format {
        let object = Format::Object(Arc::new(Class {
            name: "Hit".into(),
            version: 1,
            checksum: 7,
            members: Format::record(vec![(
                "x".into(),
                Format::Number(Number::Plain(ScalarType::U8)),
            )]),
        }));
        let pointer = Format::Pointer(class.into(), Box::new(object));
        Format::Rest(Lead::None, Box::new(pointer))
    }

    /// The values and lists of two entries of 25 and 24 bytes, behind a key of 70.
    fn decoded(class: &str, second_tag: u32) -> Result<(Values, Vec<Level>)> {
        let object = |x| [0x40, 0, 0, 3, 0, 1, x];
        let mut bytes = vec![0, 0, 0, 0, 0x40, 0, 0, 15, 0xff, 0xff, 0xff, 0xff];
        bytes.extend(b"Hit\0");
        bytes.extend(object(5));
        bytes.extend([0x40, 0, 0, 11]);
        bytes.extend(second_tag.to_be_bytes());
        bytes.extend(object(6));
        let content = BasketContent {
            entries: 2,
            values: &bytes,
            offsets: Some(EntryOffsets::Known(&[0, 4])),
            key_length: 70,
        };
        let format = pointers(class);
        let mut builder = ColumnBuilder::new(&format, 2);
        builder.push(&content, 0..2)?;
        let column = builder.finish()?;
        Ok((column.values().clone(), column.levels().to_vec()))
    }

    #[test]
    fn a_class_is_named_once_in_an_entry() {
        let (values, levels) = decoded("Hit", 0x8000_0000 + 2 + 70 + 8).unwrap();
        assert_eq!(values, Values::U8(vec![5, 6]));
        let nulls = Level::List(vec![0, 0, 1, 2]);
        assert_eq!(levels, [Level::List(vec![0, 1, 3]), nulls]);
    }

    #[test]
    fn other_classes_and_tags_that_lead_nowhere_are_refused() {
        let problem = |class, tag| decoded(class, tag).unwrap_err().to_string();
        assert!(problem("Base", 0).contains("object of class Hit behind a pointer to Base"));
        for tag in [0, 5, 0x8000_0000, 0x8000_0001 + 70 + 8, 0xffff_fff0] {
            assert!(problem("Hit", tag).contains("no class was met"), "{tag:x}");
        }
    }
}
