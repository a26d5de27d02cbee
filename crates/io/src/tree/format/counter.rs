//! What says how many items a part of a record holds.

use super::super::decode::Growing;
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

    /// The number of items whose counter, in the columns `before` them, is `back` values before the
    /// end.
    pub(in super::super) fn count(
        self,
        before: &[Growing],
        back: usize,
        cursor: &mut Cursor<'_>,
    ) -> Result<usize> {
        if self.rule == CountRule::Flagged && cursor.u8()? == 0 {
            return Ok(0);
        }
        let stated = before
            .get(self.column)
            .and_then(|leaf| leaf.values.integer(leaf.values.len().checked_sub(back)?))
            .and_then(|count| usize::try_from(count).ok());
        let count = match self.rule {
            CountRule::Flagged | CountRule::Bare | CountRule::Headed => stated,
            CountRule::Triangle => stated.and_then(|rows| Some(rows.checked_mul(rows + 1)? / 2)),
        };
        count.ok_or_else(|| Error::malformed("an array's counter is no count"))
    }
}
