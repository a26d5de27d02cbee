//! Arrays of variable length that are members of a split collection's items: `x[n]` of each item.
//!
//! An entry holds, for each item, a byte that says whether there are any values, and the values.
//! How many, the branch of the member that counts says (`TBranchElement::fBranchCount2`): without
//! it nobody could tell where an item ends.

use std::ops::Range;

use super::basket::BasketContent;
use super::decode::Growing;
use super::number::Number;
use crate::column::Column;
use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// Appends the entries `range` of a basket. `counts` are lists, an entry's items in each, of the
/// numbers of values, from the basket's first entry on.
///
/// # Errors
/// When the bytes are not those of so many values.
pub(super) fn append(
    basket: &BasketContent<'_>,
    range: Range<usize>,
    number: Number,
    counts: &Column,
    column: &mut Growing,
) -> Result<()> {
    let lists = counts
        .offsets()
        .filter(|lists| lists.len() > range.end)
        .ok_or_else(|| Error::malformed("the counts of an array are no lists of numbers"))?;
    let mut cursor = Cursor::new(basket.values);
    for (entry, ends) in lists.windows(2).take(range.end).enumerate() {
        let &[from, to] = ends else { continue };
        let is_wanted = entry >= range.start;
        for item in from..to {
            let count = match cursor.u8()? {
                0 => 0,
                _ => counted(counts, item as usize)?,
            };
            let bytes = cursor.take(count.saturating_mul(number.width()), "numbers")?;
            if is_wanted {
                number.decode(bytes, &mut column.values);
                column.end_list(1, count)?;
            }
        }
        if is_wanted {
            column.end_list(0, to.saturating_sub(from) as usize)?;
        }
    }
    let is_whole = u64::try_from(range.end) == Ok(basket.entries);
    if is_whole && cursor.left() > 0 {
        let left = format!("{} bytes are left behind the last item", cursor.left());
        return Err(Error::malformed(left).at_position(cursor.position()));
    }
    Ok(())
}

/// The number of values of an item.
fn counted(counts: &Column, item: usize) -> Result<usize> {
    let count = counts.values().integer(item);
    count
        .and_then(|count| usize::try_from(count).ok())
        .ok_or_else(|| Error::malformed(format!("item {item} counts {count:?} values")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::{Level, ScalarType, Values};
    use crate::tree::column_builder::ColumnBuilder;
    use crate::tree::format::Format;

    /// Three entries of two, no and one items, which hold two, no and one values.
    const BYTES: [u8; 6] = [1, 5, 6, 0, 1, 7];

    fn read(bytes: &[u8], counts: Vec<i32>, range: Range<u64>) -> Result<Column> {
        let format = Format::Collected(Number::Plain(ScalarType::U8));
        let counts = Column::jagged(vec![0, 2, 2, 3], counts).unwrap();
        let basket = BasketContent {
            entries: 3,
            values: bytes,
            offsets: None,
            key_length: 0,
        };
        let mut column = ColumnBuilder::new(&format, 3);
        column.push_collected(&basket, range, &counts)?;
        column.finish()
    }

    #[test]
    fn items_hold_as_many_values_as_their_counts() {
        let column = read(&BYTES, vec![2, 0, 1], 0..3).unwrap();
        let lists = [vec![0, 2, 2, 3], vec![0, 2, 2, 3]].map(Level::List);
        assert_eq!(column.levels(), lists);
        assert_eq!(column.values(), &Values::U8(vec![5, 6, 7]));
        let column = read(&BYTES, vec![2, 0, 1], 1..3).unwrap();
        assert_eq!(column.values(), &Values::U8(vec![7]));
        assert_eq!(column.entries(), 2);
    }

    #[test]
    fn false_counts_are_refused() {
        assert!(read(&BYTES, vec![1, 0, 1], 0..3).is_err(), "one too few");
        assert!(read(&BYTES, vec![2, 0, 9], 0..3).is_err(), "past the end");
        assert!(read(&BYTES, vec![-2, 0, 1], 0..3).is_err(), "negative");
        assert!(read(&BYTES[..5], vec![2, 0, 1], 0..3).is_err(), "cut short");
        assert!(read(&[0; 9], vec![0, 0, 0], 0..3).is_err(), "bytes left");
    }
}
