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

    #[test]
    fn memory_is_used_again_for_columns_of_its_type() {
        let mut spare = SpareColumns::default();
        spare.put(Column::jagged(vec![0, 3], vec![1.0f32, 2.0, 3.0]).unwrap());
        assert_eq!(spare.values(ScalarType::F64, 0), Values::F64(vec![]));
        assert_eq!(spare.values.len(), 1);
        assert_eq!(spare.values(ScalarType::F32, 0), Values::F32(vec![]));
        assert!(spare.values.is_empty());
        assert_eq!((spare.offsets(5), spare.offsets.len()), (vec![0], 0));
    }
}
