//! Objects of classes that stream themselves: `TObject`, `TRef`, `TRefArray`.

use super::{Growing, Header, first};
use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// `TObject::kIsReferenced`: the number of a `TProcessID` follows the bits.
const IS_REFERENCED: u32 = 1 << 4;
/// `TObject::kHasUUID`: a `TRef` names what it refers to by a text.
const HAS_UUID: u32 = 1 << 5;

/// Reads `TObject::fBits`, without the process number that follows where it is referenced.
pub(super) fn flags(cursor: &mut Cursor<'_>, leaf: &mut Growing) -> Result<()> {
    let bits = bits(cursor)?;
    leaf.values.extend_big_endian(&bits.to_be_bytes());
    Ok(())
}

/// A `TObject` with both of its members (`TObject::Streamer`).
pub(super) fn root_object(cursor: &mut Cursor<'_>, leaves: &mut [Growing]) -> Result<()> {
    let header = Header::read(cursor)?;
    if let [unique_id, bits, ..] = leaves {
        unique_id
            .values
            .extend_big_endian(cursor.take(4, "an identifier")?);
        flags(cursor, bits)?;
    }
    header.expect_end(cursor)
}

/// A `TRef` (`TRef::Streamer`): its `fUniqueID` is that of the object it refers to. Then follows
/// the number of that object's `TProcessID`, which counts within the file alone, or a text.
pub(super) fn reference(cursor: &mut Cursor<'_>, leaves: &mut [Growing]) -> Result<()> {
    let header = Header::read(cursor)?;
    first(leaves)?
        .values
        .extend_big_endian(cursor.take(4, "an identifier")?);
    let bits = bits(cursor)?;
    header.expect_end(cursor)?;
    if bits & HAS_UUID == 0 {
        cursor.u16()?;
    } else {
        cursor.string()?;
    }
    Ok(())
}

/// A `TRefArray` (`TRefArray::Streamer`): `TObject`, name, number, lower bound, number of the
/// `TProcessID`, then the `fUniqueID` of each object.
pub(super) fn references(
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let [name, size, references, ..] = leaves else {
        return Err(Error::malformed("a format has more members than columns"));
    };
    let header = Header::read(cursor)?;
    skip_root_object(cursor)?;
    let text = cursor.string()?;
    name.values.extend_big_endian(text);
    name.end_list(depth, text.len())?;
    let count = cursor.length("a TRefArray")?;
    size.values
        .extend_big_endian(&u32::try_from(count).unwrap_or_default().to_be_bytes());
    let (_lower_bound, _process) = (cursor.u32()?, cursor.u16()?);
    let bytes = cursor.take(count.saturating_mul(4), "references")?;
    references.values.extend_big_endian(bytes);
    references.end_list(depth, count)?;
    header.expect_end(cursor)
}

/// Goes past a `TObject`; gives its bits.
pub(super) fn skip_root_object(cursor: &mut Cursor<'_>) -> Result<u32> {
    let header = Header::read(cursor)?;
    cursor.u32()?;
    let bits = bits(cursor)?;
    header.expect_end(cursor)?;
    Ok(bits)
}

/// `TObject::fBits`, past the process number that follows where the object is referenced.
fn bits(cursor: &mut Cursor<'_>) -> Result<u32> {
    let bits = cursor.u32()?;
    if bits & IS_REFERENCED != 0 {
        cursor.u16()?;
    }
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use crate::column::{Level, Values};
    use crate::tree::{BasketContent, ColumnBuilder, EntryOffsets, Format, Lead};

    /// The columns of one entry.
    fn columns(format: &Format, bytes: &[u8]) -> Vec<(String, Vec<Level>, Values)> {
        let content = BasketContent {
            entries: 1,
            values: bytes,
            offsets: Some(EntryOffsets::Known(&[0])),
            key_length: 0,
        };
        let mut builder = ColumnBuilder::new(format, 1);
        builder.push(&content, 0..1).unwrap();
        let columns = builder.finish_all().unwrap().into_iter();
        columns
            .map(|(name, column)| (name, column.levels().to_vec(), column.values().clone()))
            .collect()
    }

    #[test]
    fn a_reference_is_the_number_of_what_it_refers_to() {
        // Two in one entry: one that is referred to itself, one by a text.
        let mut bytes = vec![0, 1, 0, 0, 5, 37, 3, 0, 0, 0x10, 0, 7, 0, 0];
        bytes.extend([0, 1, 0, 0, 5, 38, 3, 0, 0, 0x20, 2, b'i', b'd']);
        let format = Format::Rest(Lead::None, Box::new(Format::Reference));
        let list = vec![Level::List(vec![0, 2])];
        let expected = ("fUniqueID".into(), list, Values::U32(vec![1317, 1318]));
        assert_eq!(columns(&format, &bytes), [expected]);
    }

    #[test]
    fn an_array_of_references_has_a_name() {
        let mut bytes = vec![0x40, 0, 0, 32, 0, 1, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0];
        bytes.extend([1, b'a', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0, 0, 9, 64, 0, 0, 8, 6]);
        let [name, size, references] = &columns(&Format::References, &bytes)[..] else {
            panic!("three columns")
        };
        assert_eq!((&*name.0, &name.2), ("fName", &Values::U8(vec![b'a'])));
        assert_eq!((&*size.0, &size.2), ("fSize", &Values::I32(vec![2])));
        let list = vec![Level::List(vec![0, 2])];
        let expected = ("fUIDs".into(), list, Values::U32(vec![2368, 2054]));
        assert_eq!(references, &expected);
    }
}
