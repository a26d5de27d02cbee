//! How one number stands in a basket.

mod range;

use std::fmt;

use range::Range;

use crate::column::{ScalarType, Values};

/// The encoding of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// As it is, big-endian.
    Plain(ScalarType),
    /// A `Double32_t` without a range: a float in the file, a double in memory.
    ShortDouble,
    /// A `Float16_t` or `Double32_t` with a range: a share of it in a `u32`
    /// (`TBufferFile::ReadWithFactor`).
    Ranged {
        /// Whether it is a `Double32_t`.
        double: bool,
        /// The lower end of the range.
        minimum: f64,
        /// The number of steps over the range (`TStreamerElement::GetFactor`).
        factor: f64,
    },
    /// A `Float16_t` or `Double32_t` whose mantissa is cut to so many bits: exponent (u8), sign
    /// and mantissa (u16) (`TBufferFile::ReadWithNbits`).
    Cut {
        /// Whether it is a `Double32_t`.
        double: bool,
        /// Bits of the mantissa, 1 to 22.
        bits: u8,
    },
}

impl Number {
    /// A `Float16_t` (or with `double` a `Double32_t`) whose range stands in `comment`.
    pub fn short(double: bool, comment: &str) -> Self {
        match Range::parse(comment) {
            Some(Range::Steps { minimum, factor }) => Self::Ranged {
                double,
                minimum,
                factor,
            },
            Some(Range::Bits(bits)) => Self::Cut { double, bits },
            None if double => Self::ShortDouble,
            None => Self::Cut {
                double: false,
                bits: 12,
            },
        }
    }

    /// The type of the value in memory.
    pub const fn scalar(self) -> ScalarType {
        match self {
            Self::Plain(scalar) => scalar,
            Self::ShortDouble
            | Self::Ranged { double: true, .. }
            | Self::Cut { double: true, .. } => ScalarType::F64,
            Self::Ranged { .. } | Self::Cut { .. } => ScalarType::F32,
        }
    }

    /// Its size in the file, in bytes.
    pub const fn width(self) -> usize {
        match self {
            Self::Plain(scalar) => scalar.width(),
            Self::ShortDouble | Self::Ranged { .. } => 4,
            Self::Cut { .. } => 3,
        }
    }

    /// Appends the numbers in `bytes` to `values`, which are of its type; an incomplete last one
    /// is left.
    pub fn decode(self, bytes: &[u8], values: &mut Values) {
        match self {
            Self::Plain(_) => values.extend_big_endian(bytes),
            Self::ShortDouble => {
                let floats = bytes.as_chunks::<4>().0.iter();
                push_doubles(
                    floats.map(|float| f32::from_be_bytes(*float).into()),
                    values,
                );
            }
            Self::Ranged {
                minimum, factor, ..
            } => {
                // Divided, as ROOT does: a product with the inverse differs in the last bit.
                let shares = bytes.as_chunks::<4>().0.iter();
                push_doubles(
                    shares.map(|share| f64::from(u32::from_be_bytes(*share)) / factor + minimum),
                    values,
                );
            }
            Self::Cut { bits, .. } => {
                let floats = bytes.as_chunks::<3>().0.iter();
                push_doubles(floats.map(|float| uncut(*float, bits).into()), values);
            }
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(scalar) => scalar.fmt(f),
            _ if self.scalar() == ScalarType::F64 => f.write_str("Double32_t"),
            _ => f.write_str("Float16_t"),
        }
    }
}

/// Appends to doubles, or narrowed to floats.
fn push_doubles(doubles: impl Iterator<Item = f64>, values: &mut Values) {
    match values {
        Values::F64(values) => values.extend(doubles),
        #[allow(clippy::cast_possible_truncation, reason = "a Float16_t is a float")]
        Values::F32(values) => values.extend(doubles.map(|double| double as f32)),
        _ => {}
    }
}

/// A float from its exponent and the `bits` upper bits of its mantissa behind its sign.
fn uncut([exponent, high, low]: [u8; 3], bits: u8) -> f32 {
    let rest = u32::from(u16::from_be_bytes([high, low]));
    let mantissa = (rest & ((1 << (bits + 1)) - 1)) << (23 - bits);
    let float = f32::from_bits(u32::from(exponent) << 23 | mantissa);
    if rest & 1 << (bits + 1) == 0 {
        float
    } else {
        -float
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(number: Number, bytes: &[u8]) -> Values {
        let mut values = Values::with_capacity(number.scalar(), 1);
        number.decode(bytes, &mut values);
        values
    }

    #[test]
    fn a_range_is_shared_out_over_its_bits() {
        let number = Number::short(true, "energy [-10, 30, 8] in GeV");
        assert_eq!(
            decode(number, &[0, 0, 0, 0, 0, 0, 0, 128]),
            Values::F64(vec![-10.0, 10.0])
        );
        let number = Number::short(true, "[3][-pi,pi]");
        let Values::F64(values) = decode(number, &[255; 4]) else {
            panic!("doubles")
        };
        assert!((values[0] - std::f64::consts::PI).abs() < 1e-9);
    }

    #[test]
    fn shares_of_a_range_are_divided_out() {
        // What `TBufferFile::ReadWithFactor` gives; the product with the inverse ends in 56.
        let number = Number::short(true, "[-2.71,10,20]");
        assert_eq!(
            decode(number, &58016u32.to_be_bytes()),
            Values::F64(vec![-2.006_776_428_222_656_3])
        );
    }

    #[test]
    fn mantissas_are_cut_where_there_is_no_range() {
        assert_eq!(
            Number::short(false, ""),
            Number::Cut {
                double: false,
                bits: 12
            }
        );
        assert_eq!(
            Number::short(true, "[0,0,14]"),
            Number::Cut {
                double: true,
                bits: 14
            }
        );
        assert_eq!(Number::short(true, "no range"), Number::ShortDouble);
        // 1.5 is 2^0 (exponent 127) and the upper bit of the mantissa; bit 13 is the sign.
        let number = Number::short(false, "");
        assert_eq!(decode(number, &[127, 0x28, 0]), Values::F32(vec![-1.5]));
    }
}
