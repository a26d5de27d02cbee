//! What says how many items a part of a record holds.

use super::{Format, Member};
use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// The member of a record that counts the items of a later one, [`super::Format::Counted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Its column's number within the record.
    pub column: usize,
    /// What its value says.
    pub rule: CountRule,
}

/// How the number of items follows from the value of a [`Counter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountRule {
    /// There are so many, unless a byte before them says that there are none (`TStreamerInfo`).
    Flagged,
    /// There are so many (`TLeaf::fLeafCount`).
    Bare,
    /// There are so many; one byte count and version stand before those of all objects
    /// (`TStreamerLoop`).
    Headed,
    /// They are the upper triangle of a matrix of so many rows and columns
    /// (`TMatrixTSym::Streamer`).
    Triangle,
}

impl Counter {
    /// The bytes that stand there at the least.
    pub(super) fn least_width(self) -> usize {
        match self.rule {
            CountRule::Bare | CountRule::Triangle => 0,
            CountRule::Flagged => 1,
            CountRule::Headed => 2,
        }
    }

    /// The number of items where the counter is `stated`.
    pub(in super::super) fn items(
        self,
        stated: Option<i64>,
        cursor: &mut Cursor<'_>,
    ) -> Result<usize> {
        if self.rule == CountRule::Flagged && cursor.u8()? == 0 {
            return Ok(0);
        }
        let stated = stated.and_then(|count| usize::try_from(count).ok());
        let count = match self.rule {
            CountRule::Flagged | CountRule::Bare | CountRule::Headed => stated,
            CountRule::Triangle => stated.and_then(|rows| Some(rows.checked_mul(rows + 1)? / 2)),
        };
        count.ok_or_else(|| Error::malformed("an array's counter is no count"))
    }
}

/// The column of the number `name` among members and those of their bases.
pub(super) fn number_column(members: &[Member], name: &str) -> Option<usize> {
    let mut column = 0;
    for member in members {
        match &member.format {
            Format::Number(_) if *member.name == *name => return Some(column),
            Format::Object(base) if member.name.is_empty() => {
                if let Format::Record(members) = &base.members
                    && let Some(within) = number_column(members, name)
                {
                    return Some(column + within);
                }
            }
            _ => {}
        }
        column += member.leaves;
    }
    None
}
