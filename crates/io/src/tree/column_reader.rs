//! Reading a range of a branch's entries as columns.

use std::ops::Range;

use bytes::Bytes;

use super::basket::{BasketContent, EntryOffsets, expand_basket};
use super::branch::{Basket, Branch, Location};
use super::column_builder::ColumnBuilder;
use super::format::Format;
use super::spare::SpareColumns;
use crate::codec::Decompressor;
use crate::column::{Column, Values};
use crate::error::{Error, Result};

/// Reads columns; keeps working memory between calls. One for each thread.
#[derive(Debug, Default)]
pub struct ColumnReader {
    codec: Decompressor,
    scratch: Vec<u8>,
    spare: SpareColumns,
    baskets: BasketCounts,
}

/// Baskets that a [`ColumnReader`] came by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasketCounts {
    /// Those that were decoded.
    pub read: u64,
    /// Those that were not, because none of their entries was needed.
    pub skipped: u64,
    /// The bytes that those which were decoded take in the file.
    pub stored_bytes: u64,
}

impl ColumnReader {
    /// The entries `range` of `branch` as a column.
    ///
    /// `record` gives the bytes of a basket's record from where it stands and its length: from a
    /// map, or from what was fetched ahead.
    ///
    /// # Errors
    /// When the branch has no such entries, makes several columns, a basket is damaged, or
    /// `record` fails.
    pub fn column(
        &mut self,
        branch: &Branch,
        range: Range<u64>,
        mut record: impl FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<Column> {
        self.build(branch, range, &mut record)?
            .finish()
            .map_err(|error| named(branch, error))
    }

    /// The same, but of a basket of which `is_needed` says that none of its entries (within
    /// `range`) is needed, the entries come out empty and the record is not asked for. Branches
    /// that are neither numbers nor vectors of numbers are read whole.
    ///
    /// # Errors
    /// As [`Self::column`].
    pub fn column_where_needed(
        &mut self,
        branch: &Branch,
        range: Range<u64>,
        is_needed: impl Fn(Range<u64>) -> bool,
        mut record: impl FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<Column> {
        self.build_where(branch, range, &is_needed, &mut record)?
            .finish()
            .map_err(|error| named(branch, error))
    }

    /// Takes back a column that is done with, whose memory the next ones use.
    pub fn recycle(&mut self, column: Column) {
        self.spare.put(column);
    }

    /// How many baskets were read and skipped so far.
    pub fn basket_counts(&self) -> BasketCounts {
        self.baskets
    }

    /// The entries `range` of `branch` as one column for each leaf: several leaves, the members
    /// of an object, keys and values of a map. With each comes the name of its leaf, empty where
    /// there is only one.
    ///
    /// # Errors
    /// As [`Self::column`], but for several columns.
    pub fn columns(
        &mut self,
        branch: &Branch,
        range: Range<u64>,
        mut record: impl FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<Vec<(String, Column)>> {
        self.build(branch, range, &mut record)?
            .finish_all()
            .map_err(|error| named(branch, error))
    }

    fn build<'b>(
        &mut self,
        branch: &'b Branch,
        range: Range<u64>,
        record: &mut dyn FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<ColumnBuilder<'b>> {
        self.build_where(branch, range, &|_| true, record)
    }

    fn build_where<'b>(
        &mut self,
        branch: &'b Branch,
        range: Range<u64>,
        is_needed: &dyn Fn(Range<u64>) -> bool,
        record: &mut dyn FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<ColumnBuilder<'b>> {
        let format = branch.format()?;
        if range.start > range.end || range.end > branch.entries {
            return Err(named(
                branch,
                Error::malformed(format!(
                    "entries {} to {} are wanted of {}",
                    range.start, range.end, branch.entries
                )),
            ));
        }
        // Room for the entries is made only where their baskets are long enough to hold them.
        let wanted = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let mut columns = ColumnBuilder::reusing(format, wanted.min(1 << 20), &mut self.spare);
        let mut there = range.start;
        for basket in branch.baskets_in(range.clone()) {
            let from = range.start.max(basket.first_entry);
            let to = range.end.min(basket.end_entry());
            if from != there {
                break;
            }
            there = to;
            if !is_needed(from..to) && columns.skip(to - from) {
                self.baskets.skipped += 1;
                continue;
            }
            self.baskets.read += 1;
            self.baskets.stored_bytes += basket.stored_bytes();
            self.push(branch, basket, from..to, &mut columns, record)
                .map_err(|error| named(branch, error))?;
        }
        if there == range.end {
            Ok(columns)
        } else {
            Err(named(
                branch,
                Error::malformed(format!("its baskets hold no entry {there}")),
            ))
        }
    }

    /// Appends the entries `range` of the branch, which stand in `basket`.
    fn push(
        &mut self,
        branch: &Branch,
        basket: &Basket,
        range: Range<u64>,
        columns: &mut ColumnBuilder<'_>,
        record: &mut dyn FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<()> {
        let local = range.start - basket.first_entry..range.end - basket.first_entry;
        let bytes = match &basket.location {
            Location::Embedded(_) => Bytes::new(),
            Location::Stored { seek, nbytes } => {
                record(*seek, *nbytes).map_err(|error| error.at(*seek))?
            }
        };
        let mut scratch = std::mem::take(&mut self.scratch);
        let result = (|| {
            let mut content = match &basket.location {
                Location::Embedded(embedded) => BasketContent::embedded(embedded),
                Location::Stored { .. } => expand_basket(&bytes, &mut self.codec, &mut scratch)?,
            };
            if content.entries != basket.entries {
                return Err(Error::malformed(format!(
                    "a basket holds {} entries, its branch says {}",
                    content.entries, basket.entries
                )));
            }
            if columns.is_collected()
                && let Some(counter) = &branch.counter
            {
                let counts = self.item_counts(counter, basket, record)?;
                return columns.push_collected(&content, local, &counts);
            }
            let generated;
            if columns.needs_counts(&content)
                && let Some(counter) = &branch.counter
            {
                generated = self.generate_offsets(counter, branch, basket, record)?;
                content.offsets = Some(EntryOffsets::Known(&generated));
            }
            columns.push(&content, local)
        })();
        self.scratch = scratch;
        match &basket.location {
            Location::Stored { seek, .. } => result.map_err(|error| error.at(*seek)),
            Location::Embedded(_) => result,
        }
    }

    /// The numbers of values in the items of a basket's entries, which another branch holds.
    fn item_counts(
        &mut self,
        counter: &Branch,
        basket: &Basket,
        record: &mut dyn FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<Column> {
        match &counter.format {
            Some(Format::Rest(super::Lead::None, item)) if item.numbers().is_some() => {
                let range = basket.first_entry..basket.end_entry();
                self.build(counter, range, record)?.finish()
            }
            _ => Err(Error::unsupported("array that no number counts")),
        }
    }

    /// Where the entries of a basket begin that does not say it (`TBranch::kGenerateOffsetMap`):
    /// by the numbers of items, which another branch holds.
    fn generate_offsets(
        &mut self,
        counter: &Branch,
        branch: &Branch,
        basket: &Basket,
        record: &mut dyn FnMut(u64, u32) -> Result<Bytes>,
    ) -> Result<Vec<u32>> {
        let (lead, item) = match &branch.format {
            Some(Format::Rest(super::Lead::None, item)) => (0, item),
            Some(Format::Rest(super::Lead::Flag, item)) => (1, item),
            _ => return Err(Error::unsupported("generating entry offsets of objects")),
        };
        let Some((number, length)) = item.numbers() else {
            return Err(Error::unsupported("generating entry offsets of objects"));
        };
        let width = number.width().saturating_mul(length);
        if matches!(counter.format, Some(Format::Rest(..))) {
            return Err(Error::malformed("a counter that is counted itself"));
        }
        let range = basket.first_entry..basket.end_entry();
        let mut columns = self.build(counter, range, record)?.finish_all()?;
        let counts = counts(columns.pop().as_ref().map(|(_, column)| column.values()))?;
        let mut offsets = Vec::with_capacity(counts.len());
        let mut end = 0u32;
        for count in counts {
            offsets.push(end);
            end = usize::try_from(count)
                .ok()
                .and_then(|count| u32::try_from(count.checked_mul(width)?.checked_add(lead)?).ok())
                .and_then(|bytes| end.checked_add(bytes))
                .ok_or_else(|| Error::malformed(format!("{count} items in one entry")))?;
        }
        Ok(offsets)
    }
}

fn named(branch: &Branch, error: Error) -> Error {
    error.within(&format!("branch {}", branch.path))
}

/// The numbers of items in successive entries.
fn counts(values: Option<&Values>) -> Result<Vec<i64>> {
    let unknown = || Error::unsupported("counter that is no integer");
    Ok(match values.ok_or_else(unknown)? {
        Values::I8(counts) => counts.iter().map(|&count| count.into()).collect(),
        Values::U8(counts) => counts.iter().map(|&count| count.into()).collect(),
        Values::I16(counts) => counts.iter().map(|&count| count.into()).collect(),
        Values::U16(counts) => counts.iter().map(|&count| count.into()).collect(),
        Values::I32(counts) => counts.iter().map(|&count| count.into()).collect(),
        Values::U32(counts) => counts.iter().map(|&count| count.into()).collect(),
        Values::I64(counts) => counts.clone(),
        _ => return Err(unknown()),
    })
}
