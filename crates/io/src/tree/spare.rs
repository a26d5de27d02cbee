//! Memory of columns that are done with, for the next ones.

use crate::column::{Column, Level, ScalarType, Values};

/// The buffers of columns that are done with. Columns of one basket or cluster are as long as
/// those of the next: memory that is used again needs neither to be asked for nor to be cleared.
#[derive(Debug, Default)]
pub struct SpareColumns {
    values: Vec<Values>,
    offsets: Vec<Vec<u32>>,
}

impl SpareColumns {
    /// Takes in a column that nobody needs any more.
    pub fn put(&mut self, column: Column) {
        let (values, levels) = column.into_parts();
        self.values.push(values);
        self.offsets
            .extend(levels.into_iter().filter_map(|level| match level {
                Level::List(offsets) => Some(offsets),
                Level::Array(_) => None,
            }));
    }

    /// No values of type `scalar`, with room for `capacity` at least.
    pub(super) fn values(&mut self, scalar: ScalarType, capacity: usize) -> Values {
        let found = self
            .values
            .iter()
            .rposition(|values| values.scalar_type() == scalar);
        match found.map(|at| self.values.swap_remove(at)) {
            Some(mut values) => {
                values.clear();
                values.reserve(capacity);
                values
            }
            None => Values::with_capacity(scalar, capacity),
        }
    }

    /// The values of some column of type `scalar`, which are of no use but to be overwritten: so no
    /// memory is cleared for those to come. Of several columns those of the longest; where there is
    /// none, no values, with room for `capacity`.
    pub(super) fn stale_values(&mut self, scalar: ScalarType, capacity: usize) -> Values {
        let longest = (0..).zip(&self.values);
        let longest = longest.filter(|(_, values)| values.scalar_type() == scalar);
        let longest = longest.max_by_key(|(_, values)| values.len());
        match longest.map(|(at, _)| at) {
            Some(at) => self.values.swap_remove(at),
            None => Values::with_capacity(scalar, capacity),
        }
    }

    /// The offsets of no list yet, with room for `capacity` at least.
    pub(super) fn offsets(&mut self, capacity: usize) -> Vec<u32> {
        let mut offsets = self.offsets.pop().unwrap_or_default();
        offsets.clear();
        offsets.reserve(capacity.saturating_add(1));
        offsets.push(0);
        offsets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{BasketContent, ColumnBuilder, Format, Number};

    #[test]
    fn memory_is_used_again_for_columns_of_its_type() {
        let mut spare = SpareColumns::default();
        spare.put(Column::jagged(vec![0, 3], vec![1.0f32, 2.0, 3.0]).unwrap());
        assert_eq!(spare.values(ScalarType::F64, 0), Values::F64(vec![]));
        assert_eq!(spare.values.len(), 1);
        assert_eq!(spare.values(ScalarType::F32, 0), Values::F32(vec![]));
        assert!(spare.values.is_empty());
        assert_eq!(spare.stale_values(ScalarType::F32, 0), Values::F32(vec![]));
        for values in [vec![1i32], vec![2, 3], vec![]] {
            spare.put(Column::fixed(values));
        }
        let stale = spare.stale_values(ScalarType::I32, 0);
        assert_eq!(stale, Values::I32(vec![2, 3]));
        assert_eq!((spare.offsets(5), spare.offsets.len()), (vec![0], 0));
    }

    #[test]
    fn nothing_is_left_of_vectors_in_whose_memory_others_stand() {
        let number = Format::Number(Number::Plain(ScalarType::U8));
        let format = Format::Container(Box::new(Format::List(Box::new(number))));
        let vector = |values: &[u8]| {
            let count = u8::try_from(values.len()).unwrap();
            let byte_count = count + 6;
            [&[0x40, 0, 0, byte_count, 0, 9, 0, 0, 0, count], values].concat()
        };
        let mut spare = SpareColumns::default();
        for values in [&[1u8, 2, 3, 4][..], &[5, 6], &[], &[7, 8, 9]] {
            let mut columns = ColumnBuilder::reusing(&format, 2, &mut spare);
            for values in [values, &[10]] {
                let basket = BasketContent {
                    entries: 1,
                    values: &vector(values),
                    offsets: None,
                    key_length: 0,
                };
                columns.push(&basket, 0..1).unwrap();
            }
            let column = columns.finish().unwrap();
            let length = u32::try_from(values.len()).unwrap();
            let expected = Column::jagged(vec![0, length, length + 1], [values, &[10]].concat());
            assert_eq!(Ok(&column), expected.as_ref());
            spare.put(column);
        }
    }
}
