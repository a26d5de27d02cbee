//! Decoded columns: the values of one branch over a range of entries, in native byte order.
//!
//! A *fixed* column holds one value (or a fixed number of values) per entry; a *jagged* column
//! holds any number, laid out as Arrow's `ListArray`: `offsets` (entries + 1, from 0, rising) and
//! flat values.

use std::fmt;

/// The type of one value in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarType {
    /// `Bool_t`, one byte.
    Bool,
    /// `Char_t`.
    I8,
    /// `UChar_t`.
    U8,
    /// `Short_t`.
    I16,
    /// `UShort_t`.
    U16,
    /// `Int_t`.
    I32,
    /// `UInt_t`.
    U32,
    /// `Long64_t`.
    I64,
    /// `ULong64_t`.
    U64,
    /// `Float_t`.
    F32,
    /// `Double_t`.
    F64,
}

impl ScalarType {
    /// The size of one value in bytes, in a basket and in memory.
    pub const fn width(self) -> usize {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// The C++ name as it stands in a schema (`int32_t`, `float`, …).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::I8 => "int8_t",
            Self::U8 => "uint8_t",
            Self::I16 => "int16_t",
            Self::U16 => "uint16_t",
            Self::I32 => "int32_t",
            Self::U32 => "uint32_t",
            Self::I64 => "int64_t",
            Self::U64 => "uint64_t",
            Self::F32 => "float",
            Self::F64 => "double",
        }
    }
}

impl fmt::Display for ScalarType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A Rust type that a column can hold.
pub trait Scalar: sealed::Sealed + Copy + Default + fmt::Debug + PartialEq + 'static {
    /// The matching [`ScalarType`].
    const TYPE: ScalarType;
    /// Wraps flat values of this type.
    fn wrap(values: Vec<Self>) -> Values;
    /// The flat values, if they are of this type.
    fn unwrap(values: &Values) -> Option<&[Self]>;
}

macro_rules! values {
    ($($variant:ident $type:ty),+ $(,)?) => {
        /// The flat values of a column.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs, reason = "each variant is named by its ScalarType")]
        pub enum Values { $($variant(Vec<$type>)),+ }

        impl Values {
            /// The number of flat values.
            pub fn len(&self) -> usize {
                match self { $(Self::$variant(v) => v.len()),+ }
            }

            /// Whether there is no value.
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// The type of each value.
            pub fn scalar_type(&self) -> ScalarType {
                match self { $(Self::$variant(_) => ScalarType::$variant),+ }
            }
        }

        $(
            impl sealed::Sealed for $type {}
            impl Scalar for $type {
                const TYPE: ScalarType = ScalarType::$variant;
                fn wrap(values: Vec<Self>) -> Values { Values::$variant(values) }
                fn unwrap(values: &Values) -> Option<&[Self]> {
                    match values { Values::$variant(v) => Some(v), _ => None }
                }
            }
        )+
    };
}

values! {
    Bool bool, I8 i8, U8 u8, I16 i16, U16 u16, I32 i32, U32 u32, I64 i64, U64 u64, F32 f32, F64 f64,
}

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

/// The values of one branch over a range of entries.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    values: Values,
    offsets: Option<Vec<u32>>,
}

impl Column {
    /// A column with one value per entry.
    pub fn fixed<T: Scalar>(values: Vec<T>) -> Self {
        Self {
            values: T::wrap(values),
            offsets: None,
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

    /// A column of parts whose type is known at run time only.
    ///
    /// # Errors
    /// As [`Column::jagged`].
    pub fn from_parts(values: Values, offsets: Option<Vec<u32>>) -> Result<Self, ColumnError> {
        if let Some(offsets) = &offsets {
            let rising = offsets.is_sorted();
            let ends = offsets.first() == Some(&0)
                && offsets
                    .last()
                    .is_some_and(|&last| usize::try_from(last) == Ok(values.len()));
            if !(rising && ends) {
                return Err(ColumnError::Offsets {
                    values: values.len(),
                });
            }
        }
        Ok(Self { values, offsets })
    }

    /// The number of entries.
    pub fn entries(&self) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.len().saturating_sub(1),
            None => self.values.len(),
        }
    }

    /// The flat values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The offsets (entries + 1) of a jagged column.
    pub fn offsets(&self) -> Option<&[u32]> {
        self.offsets.as_deref()
    }

    /// One value per entry.
    ///
    /// # Errors
    /// When the column is jagged or of another type.
    pub fn as_fixed<T: Scalar>(&self) -> Result<&[T], ColumnError> {
        match self.offsets {
            None => self.typed(),
            Some(_) => Err(ColumnError::Shape("jagged, not one value per entry")),
        }
    }

    /// Any number of values per entry.
    ///
    /// # Errors
    /// When the column is fixed or of another type.
    pub fn as_jagged<T: Scalar>(&self) -> Result<Jagged<'_, T>, ColumnError> {
        match &self.offsets {
            Some(offsets) => Ok(Jagged {
                offsets,
                values: self.typed()?,
            }),
            None => Err(ColumnError::Shape("one value per entry, not jagged")),
        }
    }

    fn typed<T: Scalar>(&self) -> Result<&[T], ColumnError> {
        T::unwrap(&self.values).ok_or(ColumnError::Type {
            wanted: T::TYPE,
            found: self.values.scalar_type(),
        })
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
    fn false_offsets_are_refused() {
        for offsets in [vec![], vec![1, 3], vec![0, 2], vec![0, 3, 2, 3], vec![0, 4]] {
            assert!(Column::jagged(offsets, vec![1u32, 2, 3]).is_err());
        }
    }
}
