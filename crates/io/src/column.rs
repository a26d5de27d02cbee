//! Decoded columns: the values of one branch over a range of entries, in native byte order.
//!
//! A *fixed* column holds one value per entry; a *jagged* column holds any number, laid out as
//! Arrow's `ListArray`: `offsets` (entries + 1, from 0, rising) and flat values. In general a
//! column is flat values under any number of [`Level`]s, the outermost first:
//!
//! | entry            | levels                | values |
//! |------------------|-----------------------|--------|
//! | `float`          |                       | `f32`  |
//! | `float[3][2]`    | `Array(3)`, `Array(2)`| `f32`  |
//! | `vector<float>`  | `List`                | `f32`  |
//! | `string`         | `List`                | `u8`, as text |
//! | `vector<string>` | `List`, `List`        | `u8`, as text |

mod scalar;

pub use scalar::{Scalar, ScalarType, Values};

use crate::swap::wide::{self, Kernel};

/// A column's shape or type is not what its user asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// The values are of another type.
    #[error("column holds {found}, not {wanted}")]
    Type {
        /// What the caller wants.
        wanted: ScalarType,
        /// What the column holds.
        found: ScalarType,
    },
    /// A fixed column was read as jagged, or the other way round.
    #[error("column is {0}")]
    Shape(&'static str),
    /// Offsets do not start at 0, fall, or do not end at the number of values.
    #[error("offsets do not describe {values} values")]
    Offsets {
        /// The number of flat values.
        values: usize,
    },
}

/// What stands between an entry and its flat values.
#[derive(Clone, Debug, PartialEq)]
pub enum Level {
    /// Any number of items: offsets into the items, one more than there are lists, from 0.
    List(Vec<u32>),
    /// So many items, always; more than none.
    Array(usize),
}

/// The values of one branch, or of one leaf of a branch, over a range of entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    values: Values,
    levels: Vec<Level>,
    text: bool,
}

impl Column {
    /// A column with one value per entry.
    pub fn fixed<T: Scalar>(values: Vec<T>) -> Self {
        Self {
            values: T::wrap(values),
            levels: Vec::new(),
            text: false,
        }
    }

    /// A column with any number of values per entry.
    ///
    /// # Errors
    /// [`ColumnError::Offsets`] unless `offsets` starts at 0, never falls and ends at the number
    /// of values (which bounds that number to `u32::MAX`).
    pub fn jagged<T: Scalar>(offsets: Vec<u32>, values: Vec<T>) -> Result<Self, ColumnError> {
        Self::from_parts(T::wrap(values), Some(offsets))
    }

    /// A fixed or jagged column of parts whose type is known at run time only.
    ///
    /// # Errors
    /// As [`Column::jagged`].
    pub fn from_parts(values: Values, offsets: Option<Vec<u32>>) -> Result<Self, ColumnError> {
        Self::nested(
            values,
            offsets.into_iter().map(Level::List).collect(),
            false,
        )
    }

    /// A column of any levels, the outermost first. With `text`, the innermost is a list of bytes
    /// (`u8`) that are characters.
    ///
    /// # Errors
    /// [`ColumnError::Offsets`] when a level does not describe what is below it,
    /// [`ColumnError::Shape`] when text has no list of bytes or an array no items.
    pub fn nested(values: Values, levels: Vec<Level>, text: bool) -> Result<Self, ColumnError> {
        if text
            && !matches!(
                (&values, levels.last()),
                (Values::U8(_), Some(Level::List(_)))
            )
        {
            return Err(ColumnError::Shape("text without a list of bytes"));
        }
        let mut items = values.len();
        for level in levels.iter().rev() {
            items = match level {
                Level::List(offsets) => lists(offsets, items)?,
                Level::Array(0) => return Err(ColumnError::Shape("an array of nothing")),
                Level::Array(length) if items.is_multiple_of(*length) => items / length,
                Level::Array(_) => return Err(ColumnError::Offsets { values: items }),
            };
        }
        Ok(Self {
            values,
            levels,
            text,
        })
    }

    /// The number of entries.
    pub fn entries(&self) -> usize {
        let mut arrays = 1;
        for level in &self.levels {
            match level {
                Level::List(offsets) => return offsets.len().saturating_sub(1) / arrays,
                Level::Array(length) => arrays *= length,
            }
        }
        self.values.len() / arrays
    }

    /// Its values and its levels.
    pub(crate) fn into_parts(self) -> (Values, Vec<Level>) {
        (self.values, self.levels)
    }

    /// The flat values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// What stands between entries and values, the outermost first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Whether the innermost lists are texts.
    pub fn is_text(&self) -> bool {
        self.text
    }

    /// The offsets (entries + 1) of the outermost lists.
    pub fn offsets(&self) -> Option<&[u32]> {
        match self.levels.first() {
            Some(Level::List(offsets)) => Some(offsets),
            _ => None,
        }
    }

    /// One value per entry.
    ///
    /// # Errors
    /// When the column has any level or is of another type.
    pub fn as_fixed<T: Scalar>(&self) -> Result<&[T], ColumnError> {
        match self.levels.as_slice() {
            [] => self.typed(),
            [Level::List(_)] => Err(ColumnError::Shape("jagged, not one value per entry")),
            _ => Err(ColumnError::Shape("nested, not one value per entry")),
        }
    }

    /// Any number of values per entry.
    ///
    /// # Errors
    /// When the column has other levels than one list, is text, or of another type.
    pub fn as_jagged<T: Scalar>(&self) -> Result<Jagged<'_, T>, ColumnError> {
        match self.levels.as_slice() {
            [Level::List(offsets)] if !self.text => Ok(Jagged {
                offsets,
                values: self.typed()?,
            }),
            [] => Err(ColumnError::Shape("one value per entry, not jagged")),
            _ => Err(ColumnError::Shape("nested, not jagged")),
        }
    }

    fn typed<T: Scalar>(&self) -> Result<&[T], ColumnError> {
        T::unwrap(&self.values).ok_or(ColumnError::Type {
            wanted: T::TYPE,
            found: self.values.scalar_type(),
        })
    }
}

/// The number of lists that `offsets` describe, which must share out `items`.
fn lists(offsets: &[u32], items: usize) -> Result<usize, ColumnError> {
    let ends = offsets.first() == Some(&0)
        && offsets
            .last()
            .is_some_and(|&last| usize::try_from(last) == Ok(items));
    if ends && wide::run(Rises(offsets)) {
        Ok(offsets.len().saturating_sub(1))
    } else {
        Err(ColumnError::Offsets { values: items })
    }
}

/// Whether offsets never fall.
struct Rises<'a>(&'a [u32]);

impl Kernel for Rises<'_> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        // All pairs are looked at, many at a time: false offsets are no reason to hurry.
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        pairs.fold(true, |rises, (from, to)| rises & (from <= to))
    }
}

/// A view of a jagged column of one type.
#[derive(Clone, Copy, Debug)]
pub struct Jagged<'a, T> {
    offsets: &'a [u32],
    values: &'a [T],
}

impl<'a, T> Jagged<'a, T> {
    /// The number of entries.
    pub fn entries(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// The values of entry `entry`; empty past the end.
    #[inline]
    pub fn get(&self, entry: usize) -> &'a [T] {
        match (
            self.offsets.get(entry),
            self.offsets.get(entry.wrapping_add(1)),
        ) {
            (Some(&from), Some(&to)) => self
                .values
                .get(from as usize..to as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// The offsets, entries + 1.
    pub fn offsets(&self) -> &'a [u32] {
        self.offsets
    }

    /// The flat values.
    pub fn values(&self) -> &'a [T] {
        self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_values_are_viewed_as_their_type_alone() {
        let column = Column::fixed(vec![1.5f32, 2.5]);
        assert_eq!(column.entries(), 2);
        assert_eq!(column.as_fixed::<f32>().unwrap(), [1.5, 2.5]);
        assert!(matches!(
            column.as_fixed::<f64>(),
            Err(ColumnError::Type { .. })
        ));
        assert!(matches!(
            column.as_jagged::<f32>(),
            Err(ColumnError::Shape(_))
        ));
    }

    #[test]
    fn jagged_entries_are_slices() {
        let column = Column::jagged(vec![0, 2, 2, 3], vec![1i32, 2, 3]).unwrap();
        let view = column.as_jagged::<i32>().unwrap();
        assert_eq!(column.entries(), 3);
        assert_eq!(
            (0..4).map(|i| view.get(i)).collect::<Vec<_>>(),
            [&[1, 2][..], &[], &[3], &[]]
        );
    }

    #[test]
    fn nested_levels_share_out_what_is_below_them() {
        let values = || Values::U8(b"abcd".to_vec());
        let nested = |levels, text| Column::nested(values(), levels, text);
        let strings = nested(
            vec![Level::List(vec![0, 2, 2]), Level::List(vec![0, 1, 4])],
            true,
        )
        .unwrap();
        assert_eq!((strings.entries(), strings.is_text()), (2, true));
        assert!(strings.as_jagged::<u8>().is_err());
        let arrays = nested(vec![Level::Array(2), Level::List(vec![0, 1, 4])], false).unwrap();
        assert_eq!(arrays.entries(), 1);
        assert!(nested(vec![Level::Array(3)], false).is_err());
        assert!(nested(vec![Level::Array(0)], false).is_err());
        assert!(nested(vec![Level::Array(4)], true).is_err());
        assert!(nested(vec![Level::Array(3), Level::List(vec![0, 1, 4])], false).is_err());
    }

    #[test]
    fn false_offsets_are_refused() {
        for offsets in [vec![], vec![1, 3], vec![0, 2], vec![0, 3, 2, 3], vec![0, 4]] {
            assert!(Column::jagged(offsets, vec![1u32, 2, 3]).is_err());
        }
    }
}
