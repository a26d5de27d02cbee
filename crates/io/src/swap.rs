//! Big-endian to native: the one pass over values after decompression.
//!
//! Written as loops over fixed-size chunks, which the compiler turns into vector shuffles.

pub(crate) mod wide;

use std::ops::Range;

use crate::column::{ScalarType, Values};

/// The bytes of a block that is swapped at once: a register or two.
pub(crate) const BLOCK: usize = 32;

/// A number that stands big-endian in a file.
pub(crate) trait FromBigEndian: Copy + Default {
    /// The bytes of a value.
    const WIDTH: u32;
    /// The number of values in a block.
    const IN_BLOCK: usize = BLOCK / Self::WIDTH as usize;

    /// Appends the big-endian values in `bytes` to `out`; an incomplete last one is left.
    fn extend(bytes: &[u8], out: &mut Vec<Self>);

    /// Writes the big-endian values in `bytes` to `out`, as many as there are of both.
    fn swap(bytes: &[u8], out: &mut [Self]);

    /// Writes a block of big-endian values to the start of `out`; nothing where it is shorter.
    fn swap_block(bytes: &[u8; BLOCK], out: &mut [Self]);
}

macro_rules! swap {
    ($($type:ty, $width:literal;)+) => {
        $(
            impl FromBigEndian for $type {
                const WIDTH: u32 = $width;

                #[inline(always)]
                fn extend(bytes: &[u8], out: &mut Vec<Self>) {
                    let (chunks, _) = bytes.as_chunks::<$width>();
                    out.extend(chunks.iter().map(|chunk| <$type>::from_be_bytes(*chunk)));
                }

                #[inline(always)]
                fn swap(bytes: &[u8], out: &mut [Self]) {
                    let (chunks, _) = bytes.as_chunks::<$width>();
                    for (to, from) in out.iter_mut().zip(chunks) {
                        *to = <$type>::from_be_bytes(*from);
                    }
                }

                #[inline(always)]
                fn swap_block(bytes: &[u8; BLOCK], out: &mut [Self]) {
                    if let Some(out) = out.first_chunk_mut::<{ BLOCK / $width }>() {
                        // In a block of its own the values are swapped together.
                        let mut block = [<$type>::default(); BLOCK / $width];
                        Self::swap(bytes, &mut block);
                        *out = block;
                    }
                }
            }
        )+
    };
}

swap! {
    i8, 1;
    u8, 1;
    i16, 2;
    u16, 2;
    i32, 4;
    u32, 4;
    i64, 8;
    u64, 8;
    f32, 4;
    f64, 8;
}

impl FromBigEndian for bool {
    const WIDTH: u32 = 1;

    /// A bool in a file may be any byte; in memory it may not.
    #[inline(always)]
    fn extend(bytes: &[u8], out: &mut Vec<Self>) {
        out.extend(bytes.iter().map(|&byte| byte != 0));
    }

    #[inline(always)]
    fn swap(bytes: &[u8], out: &mut [Self]) {
        for (to, &from) in out.iter_mut().zip(bytes) {
            *to = from != 0;
        }
    }

    #[inline(always)]
    fn swap_block(bytes: &[u8; BLOCK], out: &mut [Self]) {
        if let Some(out) = out.first_chunk_mut::<BLOCK>() {
            let mut block = [false; BLOCK];
            Self::swap(bytes, &mut block);
            *out = block;
        }
    }
}

/// So many bytes are worth asking what the processor can do.
const LONG: usize = 256;

/// [`FromBigEndian::extend`], for whatever width the processor has.
struct Extend<'a, T> {
    bytes: &'a [u8],
    out: &'a mut Vec<T>,
}

impl<T: FromBigEndian> wide::Kernel for Extend<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        T::extend(self.bytes, self.out);
    }
}

macro_rules! to_bytes {
    ($values:expr, $range:expr, $out:expr, $to:ident) => {{
        macro_rules! put {
            ($typed:expr) => {
                $out.extend(
                    $typed
                        .get($range)
                        .unwrap_or_default()
                        .iter()
                        .flat_map(|value| value.$to()),
                )
            };
        }
        match $values {
            Self::Bool(values) => {
                let wanted = values.get($range).unwrap_or_default();
                $out.extend(wanted.iter().map(|&value| u8::from(value)));
            }
            Self::U8(values) => $out.extend_from_slice(values.get($range).unwrap_or_default()),
            Self::I8(values) => put!(values),
            Self::I16(values) => put!(values),
            Self::U16(values) => put!(values),
            Self::I32(values) => put!(values),
            Self::U32(values) => put!(values),
            Self::I64(values) => put!(values),
            Self::U64(values) => put!(values),
            Self::F32(values) => put!(values),
            Self::F64(values) => put!(values),
        }
    }};
}

impl Values {
    /// No values of type `scalar`, with room for `capacity`.
    pub fn with_capacity(scalar: ScalarType, capacity: usize) -> Self {
        match scalar {
            ScalarType::Bool => Self::Bool(Vec::with_capacity(capacity)),
            ScalarType::I8 => Self::I8(Vec::with_capacity(capacity)),
            ScalarType::U8 => Self::U8(Vec::with_capacity(capacity)),
            ScalarType::I16 => Self::I16(Vec::with_capacity(capacity)),
            ScalarType::U16 => Self::U16(Vec::with_capacity(capacity)),
            ScalarType::I32 => Self::I32(Vec::with_capacity(capacity)),
            ScalarType::U32 => Self::U32(Vec::with_capacity(capacity)),
            ScalarType::I64 => Self::I64(Vec::with_capacity(capacity)),
            ScalarType::U64 => Self::U64(Vec::with_capacity(capacity)),
            ScalarType::F32 => Self::F32(Vec::with_capacity(capacity)),
            ScalarType::F64 => Self::F64(Vec::with_capacity(capacity)),
        }
    }

    /// Appends the big-endian values in `bytes`; an incomplete last one is left.
    pub fn extend_big_endian(&mut self, bytes: &[u8]) {
        macro_rules! extend {
            ($($variant:ident)+) => {
                match self {
                    $(Self::$variant(out) if bytes.len() < LONG => FromBigEndian::extend(bytes, out),)+
                    $(Self::$variant(out) => wide::run(Extend { bytes, out }),)+
                }
            };
        }
        extend!(Bool I8 U8 I16 U16 I32 U32 I64 U64 F32 F64);
    }

    /// Appends the values `range` of `self` to `out` as big-endian bytes; indices past the end
    /// give nothing.
    pub fn to_big_endian(&self, range: Range<usize>, out: &mut Vec<u8>) {
        to_bytes!(self, range, out, to_be_bytes);
    }

    /// The same, little-endian.
    pub fn to_little_endian(&self, range: Range<usize>, out: &mut Vec<u8>) {
        to_bytes!(self, range, out, to_le_bytes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_return_from_values(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            use ScalarType::{F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
            for scalar in [I8, U8, I16, U16, I32, U32, I64, U64, F32, F64] {
                let mut values = Values::with_capacity(scalar, 0);
                values.extend_big_endian(&bytes);
                let whole = bytes.len() / scalar.width();
                prop_assert_eq!(values.len(), whole);
                let mut back = Vec::new();
                values.to_big_endian(0..whole, &mut back);
                prop_assert_eq!(&back[..], &bytes[..whole * scalar.width()]);
            }
        }
    }

    #[test]
    fn any_byte_but_zero_is_true() {
        let mut values = Values::with_capacity(ScalarType::Bool, 3);
        values.extend_big_endian(&[0, 1, 255]);
        assert_eq!(values, Values::Bool(vec![false, true, true]));
    }
}
