//! Items that stand member by member: the first of all items, the second of all items …

use super::{Growing, Header, MEMBERWISE, by_member, counted_items, decode_items, end_lists};
use crate::cursor::Cursor;
use crate::error::{Error, Result};
use crate::tree::{Format, Member};

/// Containers behind one header whose items stand member by member.
#[derive(Clone, Copy)]
pub(super) struct Memberwise<'f> {
    /// What an item holds.
    members: &'f Format,
    /// How many containers each thing is: those of an array.
    containers: usize,
}

impl<'f> Memberwise<'f> {
    /// Reads the version of the items, which stands before the first container.
    pub(super) fn begin(mut list: &'f Format, cursor: &mut Cursor<'_>) -> Result<Self> {
        let mut containers = 1usize;
        while let Format::Array(length, item) = list {
            containers = containers.saturating_mul(*length);
            list = item;
        }
        let members = members(list, cursor)?;
        Ok(Self {
            members,
            containers,
        })
    }

    /// `count` things, each a container or an array of them.
    pub(super) fn read(
        self,
        count: usize,
        cursor: &mut Cursor<'_>,
        leaves: &mut [Growing],
        depth: usize,
    ) -> Result<()> {
        (0..count.saturating_mul(self.containers))
            .try_for_each(|_| memberwise_list(self.members, cursor, leaves, depth))
    }
}

/// The members of the items of a container, whose version comes first.
fn members<'f>(list: &'f Format, cursor: &mut Cursor<'_>) -> Result<&'f Format> {
    let Format::List(item) = list else {
        return Err(Error::malformed("a text stands member by member"));
    };
    let version = cursor.u16()?;
    let checksum = if version == 0 {
        Some(cursor.u32()?)
    } else {
        None
    };
    match &**item {
        Format::Object(class) => {
            class.expect_version(version, checksum)?;
            Ok(&class.members)
        }
        item => Ok(item),
    }
}

/// One list of items that stand member by member.
fn memberwise_list(
    item: &Format,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    let count = cursor.count(1, "a list")?;
    match item {
        // Of no items, not even the headers before their members are there.
        Format::Record(_) if count == 0 => {}
        Format::Record(members) => member_columns(members, count, cursor, leaves, depth + 1)?,
        Format::Unknown(_) => decode_items(item, count, cursor, leaves, depth + 1)?,
        _ => {
            return Err(Error::malformed(format!(
                "items {item} stand member by member"
            )));
        }
    }
    end_lists(leaves, depth, count)
}

/// The members of `count` items: the first of all items, the second of all items …
pub(super) fn member_columns(
    members: &[Member],
    count: usize,
    cursor: &mut Cursor<'_>,
    leaves: &mut [Growing],
    depth: usize,
) -> Result<()> {
    by_member(members, leaves, |member, before, leaves| {
        let inner = match &member.format {
            format @ Format::Counted(..) => {
                return counted_items(format, count, before, cursor, leaves, depth);
            }
            // The members of a base stand among those of the class.
            Format::Object(base) if member.name.is_empty() => match &base.members {
                Format::Record(members) => {
                    return member_columns(members, count, cursor, leaves, depth);
                }
                _ => return Err(Error::malformed("a class without members")),
            },
            Format::Container(inner) => &**inner,
            bare if member.shared_header => bare,
            other => return decode_items(other, count, cursor, leaves, depth),
        };
        // One header stands before the containers of all items.
        let header = Header::read(cursor)?;
        if header.version & MEMBERWISE == 0 {
            decode_items(inner, count, cursor, leaves, depth)?;
        } else {
            Memberwise::begin(inner, cursor)?.read(count, cursor, leaves, depth)?;
        }
        header.expect_end(cursor)
    })
}
