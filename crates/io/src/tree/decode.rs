//! The walk through an entry's bytes along its format.

mod collection;
mod header;
mod memberwise;
mod own;
mod pointer;

use header::Header;
use memberwise::{Memberwise, member_columns};

use super::format::{Class, CountRule, Format, Lead, Leaf, LevelShape, Member};
use super::spare::SpareColumns;
use crate::column::{Column, Level, Values};
use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// The bit of a version that says that a container's items stand member by member
/// (`TBufferFile::kStreamedMemberWise`).
const MEMBERWISE: u16 = 1 << 14;

/// The column of one leaf while it grows.
#[derive(Debug)]
pub(super) struct Growing {
    pub(super) values: Values,
    /// The offsets of each list around the values, the outermost first.
    pub(super) lists: Vec<Vec<u32>>,
}

impl Growing {
    /// An empty column of `leaf`, with room for `entries`.
    pub(super) fn new(leaf: &Leaf, entries: usize) -> Self {
        Self::reusing(leaf, entries, &mut SpareColumns::default())
    }

    /// The same, in the memory of columns that are done with.
    pub(super) fn reusing(leaf: &Leaf, entries: usize, spare: &mut SpareColumns) -> Self {
        let lists = leaf
            .levels
            .iter()
            .filter(|level| matches!(level, LevelShape::List));
        Self {
            values: spare.values(leaf.scalar, entries),
            lists: lists.map(|_| spare.offsets(entries)).collect(),
        }
    }

    /// The same for vectors, which are written over the values of columns that are done with: how
    /// many are of use, the offsets tell.
    pub(super) fn overwriting(leaf: &Leaf, entries: usize, spare: &mut SpareColumns) -> Self {
        Self {
            values: spare.stale_values(leaf.scalar, entries),
            lists: leaf.levels.iter().map(|_| spare.offsets(entries)).collect(),
        }
    }

    /// Drops what stands behind the last vector.
    pub(super) fn drop_stale(&mut self) {
        let end = self.lists.first().and_then(|offsets| offsets.last());
        self.values.truncate(end.map_or(0, |&end| end as usize));
    }

    /// Appends `entries` empty lists, or as many zeros where there are no lists.
    pub(super) fn skip(&mut self, entries: usize) {
        match self.lists.first_mut() {
            Some(offsets) => {
                let end = offsets.last().copied().unwrap_or_default();
                offsets.extend(std::iter::repeat_n(end, entries));
            }
            None => self.values.extend_zeros(entries),
        }
    }

    /// Ends a list of `count` items at nesting `depth`.
    pub(super) fn end_list(&mut self, depth: usize, count: usize) -> Result<()> {
        let too_long = || Error::malformed("more than 2³² values in one column");
        let list = self.lists.get_mut(depth).ok_or_else(too_long)?;
        let end = u32::try_from(count)
            .ok()
            .and_then(|count| list.last()?.checked_add(count))
            .ok_or_else(too_long)?;
        list.push(end);
        Ok(())
    }

    /// The column.
    pub(super) fn finish(self, leaf: &Leaf) -> Result<Column> {
        let mut lists = self.lists.into_iter();
        let levels = leaf.levels.iter().map(|level| match level {
            LevelShape::List => Level::List(lists.next().unwrap_or_default()),
            LevelShape::Array(length) => Level::Array(*length),
        });
        let levels = levels.collect();
        Ok(Column::nested(self.values, levels, leaf.text)?)
    }
}

/// Reads one thing laid out as `format` into its leaves, which stand in `depth` lists.
pub(super) fn decode(
    format: &Format,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    match format {
        Format::Number(_) | Format::Array(..) | Format::Bits => {
            decode_items(format, 1, cursor, leaves, depth)
        }
        Format::EntryText if cursor.left() == 0 => first(leaves)?.end_list(depth, 0),
        Format::Text | Format::EntryText => {
            let text = cursor.string()?;
            let leaf = first(leaves)?;
            leaf.values.extend_big_endian(text);
            leaf.end_list(depth, text.len())
        }
        Format::LongText => {
            let length = cursor.count(1, "a text")?;
            let text = cursor.take(length, "a text")?;
            let leaf = first(leaves)?;
            leaf.values.extend_big_endian(text);
            leaf.end_list(depth, length)
        }
        Format::List(item) => {
            let count = cursor.count(item.least_width(), "a list")?;
            decode_items(item, count, cursor, leaves, depth + 1)?;
            end_lists(leaves, depth, count)
        }
        Format::Rest(lead, item) => rest(*lead, item, cursor, leaves, depth),
        Format::Record(members) => {
            by_member(members, leaves, |member, before, leaves| {
                match &member.format {
                    format @ Format::Counted(..) => {
                        counted_items(format, 1, before, cursor, leaves, depth)
                    }
                    format => decode(format, cursor, leaves, depth),
                }
            })
        }
        Format::Counted(..) | Format::Collected(_) => {
            Err(Error::malformed("a counted array without its counter"))
        }
        Format::Pointer(class, item) => pointer::decode_any(class, item, cursor, leaves, depth),
        Format::Unknown(unknown) => Err(unknown.error()),
        Format::Container(item) => {
            let header = Header::read(cursor)?;
            if header.version & MEMBERWISE == 0 {
                decode(item, cursor, leaves, depth)?;
            } else {
                Memberwise::begin(item, cursor)?.read(1, cursor, leaves, depth)?;
            }
            header.expect_end(cursor)
        }
        Format::Object(class) => object(class, cursor, leaves, depth),
        Format::Virtual(class, item) => {
            let length = usize::from(cursor.u8()?);
            let name = cursor.take(length, "a class name")?;
            if name != class.as_bytes() {
                return Err(Error::unsupported(format!(
                    "object of class {} in a branch of {class}",
                    String::from_utf8_lossy(name),
                )));
            }
            cursor.u8()?;
            decode(item, cursor, leaves, depth)
        }
        Format::Clones(item) => collection::clones(item, cursor, leaves, depth),
        Format::Objects(kind, item) => collection::objects(*kind, item, cursor, leaves, depth),
        Format::Any(_) => Err(Error::malformed("an object without a class")),
        Format::RootObject => own::root_object(cursor, leaves),
        Format::Reference => own::reference(cursor, leaves),
        Format::References => own::references(cursor, leaves, depth),
    }
}

/// Reads `count` things of one format.
fn decode_items(
    item: &Format,
    count: usize,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    match item {
        Format::Number(number) => {
            let bytes = cursor.take(count.saturating_mul(number.width()), "numbers")?;
            number.decode(bytes, &mut first(leaves)?.values);
            Ok(())
        }
        Format::Bits => {
            let leaf = first(leaves)?;
            (0..count).try_for_each(|_| own::flags(cursor, leaf))
        }
        Format::Array(length, item) => {
            decode_items(item, count.saturating_mul(*length), cursor, leaves, depth)
        }
        _ => (0..count).try_for_each(|_| decode(item, cursor, leaves, depth)),
    }
}

/// As many items as are left.
fn rest(
    lead: Lead,
    item: &Format,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let mut header = None;
    let mut memberwise = None;
    match lead {
        Lead::None => {}
        Lead::Flag => {
            cursor.u8()?;
        }
        // Of no items, not even the header is there.
        Lead::Header if cursor.left() == 0 => {}
        Lead::Header => {
            let read = Header::read(cursor)?;
            if read.version & MEMBERWISE != 0 {
                memberwise = Some(Memberwise::begin(item, cursor)?);
            }
            header = Some(read);
        }
    }
    let numbers = if memberwise.is_some() {
        None
    } else {
        item.numbers()
    };
    let count = match numbers {
        Some((number, length)) => {
            let width = number.width().saturating_mul(length);
            let count = cursor.left() / width;
            decode_items(item, count, cursor, leaves, depth + 1)?;
            count
        }
        None => {
            let mut count = 0;
            while cursor.left() > 0 {
                match memberwise {
                    Some(items) => items.read(1, cursor, leaves, depth + 1)?,
                    None => decode(item, cursor, leaves, depth + 1)?,
                }
                count += 1;
            }
            count
        }
    };
    if let Some(header) = header {
        header.expect_end(cursor)?;
    }
    end_lists(leaves, depth, count)
}

fn object(
    class: &Class,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let header = Header::read(cursor)?;
    // A class without a version is told by its checksum.
    let checksum = if header.version == 0 && header.end.is_some() {
        Some(cursor.u32()?)
    } else {
        None
    };
    class
        .expect_version(header.version, checksum)
        .and_then(|()| decode(&class.members, cursor, leaves, depth))
        .and_then(|()| header.expect_end(cursor))
        .map_err(|error| error.in_object(format!("class {}", class.name)))
}

impl Class {
    fn expect_version(&self, version: u16, checksum: Option<u32>) -> Result<()> {
        let same = match checksum {
            // Where the file does not describe a class (a pair), its name says all.
            Some(checksum) => self.checksum == 0 || checksum == self.checksum,
            None => i32::from(version) == self.version || self.checksum == 0,
        };
        if same {
            Ok(())
        } else {
            Err(Error::unsupported(format!(
                "version {version} of class {}: the file describes version {} as its newest",
                self.name, self.version
            )))
        }
    }
}

/// Gives each member its leaves, behind those of the members before it.
fn by_member(
    members: &[Member],
    leaves: &mut [Growing],
    mut read: impl FnMut(&Member, &[Growing], &mut [Growing]) -> Result<()>,
) -> Result<()> {
    let mut start = 0;
    for member in members {
        let too_many = || Error::malformed("a format has more members than columns");
        let (before, rest) = leaves.split_at_mut_checked(start).ok_or_else(too_many)?;
        let own = rest.get_mut(..member.leaves).ok_or_else(too_many)?;
        read(member, before, own)
            .map_err(|error| error.in_object(format!("member {}", member.name)))?;
        start += member.leaves;
    }
    Ok(())
}

/// The counted arrays of `count` objects, one after the other, behind one header where there is
/// one.
fn counted_items(
    format: &Format,
    count: usize,
    before: &[Growing],
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let Format::Counted(counter, item) = format else {
        return Err(Error::malformed("an array that nothing counts"));
    };
    let header = match counter.rule {
        CountRule::Headed => Some(Header::read(cursor)?),
        _ => None,
    };
    for index in 0..count {
        let counts = before.get(counter.column).map(|column| &column.values);
        let stated = counts.and_then(|counts| {
            let place = counts.len().checked_sub(count - index)?;
            counts.integer(place)
        });
        let items = counter.items(stated, cursor)?;
        decode_items(item, items, cursor, leaves, depth + 1)?;
        end_lists(leaves, depth, items)?;
    }
    header.map_or(Ok(()), |header| header.expect_end(cursor))
}

fn end_lists(leaves: &mut [Growing], depth: usize, count: usize) -> Result<()> {
    leaves
        .iter_mut()
        .try_for_each(|leaf| leaf.end_list(depth, count))
}

fn first(leaves: &mut [Growing]) -> Result<&mut Growing> {
    leaves
        .first_mut()
        .ok_or_else(|| Error::malformed("a format has more members than columns"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::ScalarType;
    use crate::cursor::BYTE_COUNT_MASK;
    use crate::tree::{BasketContent, ColumnBuilder, Counter, Number};

    fn number(scalar: ScalarType) -> Format {
        Format::Number(Number::Plain(scalar))
    }

    fn counted(rule: CountRule, scalar: ScalarType) -> Format {
        Format::Counted(Counter { column: 0, rule }, Box::new(number(scalar)))
    }

    fn basket(entries: u64, values: &[u8]) -> BasketContent<'_> {
        BasketContent {
            entries,
            values,
            offsets: None,
            key_length: 0,
        }
    }

    #[test]
    fn a_counted_array_may_stand_beside_its_counter() {
        // The leaves `n/B:x[n]/S:y/B`.
        let items = counted(CountRule::Bare, ScalarType::I16);
        let format = Format::record(vec![
            ("n".into(), number(ScalarType::I8)),
            ("x".into(), items),
            ("y".into(), number(ScalarType::I8)),
        ]);
        let mut columns = ColumnBuilder::new(&format, 2);
        let bytes = [2, 0, 7, 0, 8, 9, 0, 10];
        columns.push(&basket(2, &bytes), 0..2).unwrap();
        let columns = columns.finish_all().unwrap();
        assert_eq!(columns[1].1.as_jagged::<i16>().unwrap().get(0), [7, 8]);
        assert!(columns[1].1.as_jagged::<i16>().unwrap().get(1).is_empty());
        assert_eq!(columns[2].1.values(), &Values::I8(vec![9, 10]));
        let mut columns = ColumnBuilder::new(&format, 1);
        assert!(columns.push(&basket(1, &[2, 0, 7, 9]), 0..1).is_err());
    }

    #[test]
    fn counted_objects_stand_behind_one_header() {
        let items = counted(CountRule::Headed, ScalarType::I8);
        let format = Format::record(vec![
            ("n".into(), number(ScalarType::I8)),
            ("x".into(), items),
        ]);
        let mut columns = ColumnBuilder::new(&format, 1);
        let bytes = [2, 0x40, 0, 0, 4, 0, 1, 7, 8];
        columns.push(&basket(1, &bytes), 0..1).unwrap();
        let columns = columns.finish_all().unwrap();
        assert_eq!(columns[1].1.as_jagged::<i8>().unwrap().get(0), [7, 8]);
        let mut columns = ColumnBuilder::new(&format, 1);
        let longer = [&bytes[..4], &[5], &bytes[5..], &[9]].concat();
        assert!(columns.push(&basket(1, &longer), 0..1).is_err());
    }

    #[test]
    fn a_map_by_members_makes_two_columns() {
        let pair = Format::record(vec![
            ("first".into(), number(ScalarType::I8)),
            ("second".into(), Format::Text),
        ]);
        let format = Format::Container(Box::new(Format::List(Box::new(pair))));
        // Version with the bit for "by members"; the pair's version 0 and checksum; the count;
        // both keys; both texts.
        let mut bytes = (BYTE_COUNT_MASK | 18).to_be_bytes().to_vec();
        bytes.extend([
            0x40, 9, 0, 0, 1, 2, 3, 4, 0, 0, 0, 2, 5, 6, 1, b'a', 1, b'b',
        ]);
        let mut columns = ColumnBuilder::new(&format, 1);
        columns.push(&basket(1, &bytes), 0..1).unwrap();
        let columns = columns.finish_all().unwrap();
        let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["first", "second"]);
        assert_eq!(columns[0].1.as_jagged::<i8>().unwrap().get(0), [5, 6]);
        assert_eq!(columns[1].1.values(), &Values::U8(b"ab".to_vec()));
        assert!(columns[1].1.is_text());
    }

    #[test]
    fn an_array_of_containers_by_members_states_their_class_once() {
        let pair = Format::record(vec![
            ("first".into(), number(ScalarType::I8)),
            ("second".into(), number(ScalarType::U8)),
        ]);
        let list = Format::List(Box::new(pair));
        let format = Format::Container(Box::new(Format::Array(2, Box::new(list))));
        // Header, version and checksum of the pair; two counts, each before its keys and values.
        let mut bytes = (BYTE_COUNT_MASK | 22).to_be_bytes().to_vec();
        bytes.extend([0x40, 9, 0, 0, 1, 2, 3, 4]);
        bytes.extend([0, 0, 0, 2, 5, 6, 7, 8, 0, 0, 0, 1, 9, 10]);
        let mut columns = ColumnBuilder::new(&format, 1);
        columns.push(&basket(1, &bytes), 0..1).unwrap();
        let columns = columns.finish_all().unwrap();
        assert_eq!(columns[0].1.values(), &Values::I8(vec![5, 6, 9]));
        assert_eq!(columns[1].1.values(), &Values::U8(vec![7, 8, 10]));
    }
}
