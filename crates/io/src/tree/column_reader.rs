//! Reading a range of a branch's entries as a column.

use std::ops::Range;

use bytes::Bytes;

use super::basket::{BasketContent, ColumnBuilder, expand_basket};
use super::branch::{Branch, Location};
use crate::codec::Decompressor;
use crate::column::Column;
use crate::error::{Error, Result};

/// Reads columns; keeps working memory between calls. One for each thread.
#[derive(Debug, Default)]
pub struct ColumnReader {
    codec: Decompressor,
    scratch: Vec<u8>,
}

impl ColumnReader {
    /// The entries `range` of `branch` as a column.
    ///
    /// `record` gives the bytes of a basket's record from where it stands and its length: from a
    /// map, or from what was fetched ahead.
    ///
    /// # Errors
    /// When the branch has no such entries, a basket is damaged, or `record` fails.
    pub fn column(
        &mut self,
        branch: &Branch,
        range: Range<u64>,
        mut record: impl FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<Column> {
        let named = |error: Error| error.in_object(format!("branch {}", branch.path));
        let kind = branch.column_kind()?;
        if range.start > range.end || range.end > branch.entries {
            return Err(named(Error::malformed(format!(
                "entries {} to {} are wanted of {}",
                range.start, range.end, branch.entries
            ))));
        }
        let baskets = branch.baskets_in(range.clone());
        // Room for the entries is made only where their baskets are long enough to hold them.
        let wanted = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let mut column = ColumnBuilder::new(kind, wanted.min(1 << 20));
        for basket in baskets {
            let from = range.start.max(basket.first_entry) - basket.first_entry;
            let to = range.end.min(basket.end_entry()) - basket.first_entry;
            let mut push = |content: &BasketContent<'_>| {
                if content.entries != basket.entries {
                    return Err(Error::malformed(format!(
                        "a basket holds {} entries, its branch says {}",
                        content.entries, basket.entries
                    )));
                }
                column.push(content, from..to)
            };
            match &basket.location {
                Location::Embedded(embedded) => {
                    push(&BasketContent::embedded(embedded)).map_err(named)?;
                }
                Location::Stored { seek, nbytes } => {
                    let bytes = record(*seek, *nbytes).map_err(|error| named(error.at(*seek)))?;
                    expand_basket(&bytes, &mut self.codec, &mut self.scratch)
                        .and_then(|content| push(&content))
                        .map_err(|error| named(error.at(*seek)))?;
                }
            }
        }
        let column = column.finish().map_err(named)?;
        if column.entries() == wanted {
            Ok(column)
        } else {
            Err(named(Error::malformed(format!(
                "{} entries are there of {wanted}",
                column.entries()
            ))))
        }
    }
}
