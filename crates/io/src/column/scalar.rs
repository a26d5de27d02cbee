//! The types of values and the flat buffers that hold them.

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

            /// Drops the values and keeps their memory.
            pub(crate) fn clear(&mut self) {
                match self { $(Self::$variant(v) => v.clear()),+ }
            }

            /// Drops the values behind the first `length`.
            pub(crate) fn truncate(&mut self, length: usize) {
                match self { $(Self::$variant(v) => v.truncate(length)),+ }
            }

            /// Makes room for `more` values.
            pub(crate) fn reserve(&mut self, more: usize) {
                match self { $(Self::$variant(v) => v.reserve(more)),+ }
            }

            /// Appends `more` zeros.
            pub(crate) fn extend_zeros(&mut self, more: usize) {
                match self {
                    $(Self::$variant(v) => v.resize(v.len().saturating_add(more), <$type>::default())),+
                }
            }

            /// The value at `index`, where it is there and an integer of 63 bits.
            pub fn integer(&self, index: usize) -> Option<i64> {
                match self {
                    Self::F32(_) | Self::F64(_) | Self::Bool(_) => None,
                    Self::I8(values) => values.get(index).map(|&value| value.into()),
                    Self::U8(values) => values.get(index).map(|&value| value.into()),
                    Self::I16(values) => values.get(index).map(|&value| value.into()),
                    Self::U16(values) => values.get(index).map(|&value| value.into()),
                    Self::I32(values) => values.get(index).map(|&value| value.into()),
                    Self::U32(values) => values.get(index).map(|&value| value.into()),
                    Self::I64(values) => values.get(index).copied(),
                    Self::U64(values) => values.get(index).and_then(|&value| value.try_into().ok()),
                }
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
