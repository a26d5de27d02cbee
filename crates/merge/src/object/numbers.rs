//! Sums of arrays, in their own types.

use multiversion::multiversion;
use rootlake_io::column::{ScalarType, Values};

/// Adds `more` to `sum`, value by value, as ROOT adds bins: integers stop at the ends of their
/// range (`TH1C::AddBinContent`), floats are added as floats.
///
/// # Errors
/// When types or lengths differ.
pub(super) fn add(sum: &mut Values, more: &Values) -> Result<(), String> {
    if sum.len() != more.len() {
        return Err(format!("{} values against {}", more.len(), sum.len()));
    }
    macro_rules! saturating {
        ($sum:expr, $more:expr) => {
            for (sum, more) in $sum.iter_mut().zip($more) {
                *sum = sum.saturating_add(*more);
            }
        };
    }
    macro_rules! floating {
        ($sum:expr, $more:expr) => {
            for (sum, more) in $sum.iter_mut().zip($more) {
                *sum += *more;
            }
        };
    }
    match (sum, more) {
        (Values::I8(sum), Values::I8(more)) => saturating!(sum, more),
        (Values::I16(sum), Values::I16(more)) => saturating!(sum, more),
        (Values::I32(sum), Values::I32(more)) => saturating!(sum, more),
        (Values::I64(sum), Values::I64(more)) => saturating!(sum, more),
        (Values::F32(sum), Values::F32(more)) => floating!(sum, more),
        (Values::F64(sum), Values::F64(more)) => floating!(sum, more),
        (sum, more) => {
            return Err(format!(
                "values of type {} against {}",
                more.scalar_type(),
                sum.scalar_type()
            ));
        }
    }
    Ok(())
}

/// Adds `more` to `sum` as [`add`] does, where both hold big-endian values of type `scalar`. Gives
/// whether such values are added; else `sum` is as it was.
///
/// Compiled with and without 256-bit registers: most of it is swapping bytes.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(super) fn add_big_endian(scalar: ScalarType, sum: &mut [u8], more: &[u8]) -> bool {
    macro_rules! each {
        ($type:ty, $add:expr) => {{
            let (sum, _) = sum.as_chunks_mut();
            let (more, _) = more.as_chunks();
            for (sum, more) in sum.iter_mut().zip(more) {
                let (a, b) = (<$type>::from_be_bytes(*sum), <$type>::from_be_bytes(*more));
                *sum = $add(a, b).to_be_bytes();
            }
        }};
    }
    match scalar {
        ScalarType::I8 => each!(i8, i8::saturating_add),
        ScalarType::I16 => each!(i16, i16::saturating_add),
        ScalarType::I32 => each!(i32, i32::saturating_add),
        ScalarType::I64 => each!(i64, i64::saturating_add),
        ScalarType::F32 => each!(f32, |a: f32, b: f32| a + b),
        ScalarType::F64 => each!(f64, |a: f64, b: f64| a + b),
        _ => return false,
    }
    true
}

/// Appends `more` to `values`.
///
/// # Errors
/// When their types differ.
pub(super) fn append(values: &mut Values, more: &Values) -> Result<(), String> {
    if values.scalar_type() != more.scalar_type() {
        return Err("values of other types".to_owned());
    }
    let mut bytes = Vec::new();
    more.to_big_endian(0..more.len(), &mut bytes);
    values.extend_big_endian(&bytes);
    Ok(())
}

/// The values' magnitudes: the squared errors of a histogram of counts.
pub(super) fn magnitudes(values: &Values) -> Vec<f64> {
    let mut doubles = doubles(values);
    doubles.iter_mut().for_each(|value| *value = value.abs());
    doubles
}

/// Adds each of `more` to the one of `sum` whose place `places` says, in their own type.
///
/// # Errors
/// When their types differ, or a place is none.
pub(super) fn add_at(sum: &mut Values, more: &Values, places: &[usize]) -> Result<(), String> {
    macro_rules! put {
        ($sum:expr, $more:expr, $add:expr) => {
            for (value, &place) in $more.iter().zip(places) {
                let Some(into) = $sum.get_mut(place) else {
                    return Err(format!("it has no bin {place}"));
                };
                *into = $add(*into, *value);
            }
        };
    }
    match (sum, more) {
        (Values::I8(sum), Values::I8(more)) => put!(sum, more, i8::saturating_add),
        (Values::I16(sum), Values::I16(more)) => put!(sum, more, i16::saturating_add),
        (Values::I32(sum), Values::I32(more)) => put!(sum, more, i32::saturating_add),
        (Values::I64(sum), Values::I64(more)) => put!(sum, more, i64::saturating_add),
        (Values::F32(sum), Values::F32(more)) => put!(sum, more, |a: f32, b| a + b),
        (Values::F64(sum), Values::F64(more)) => put!(sum, more, |a: f64, b| a + b),
        _ => return Err("its values are of two types".to_owned()),
    }
    Ok(())
}

/// So many zeros of the type of `values`.
pub(super) fn zeros(values: &Values, count: usize) -> Values {
    let mut zeros = Values::with_capacity(values.scalar_type(), count);
    zeros.extend_big_endian(&vec![0; count.saturating_mul(values.scalar_type().width())]);
    zeros
}

/// The values as doubles.
#[allow(clippy::cast_precision_loss, reason = "as ROOT does")]
pub(super) fn doubles(values: &Values) -> Vec<f64> {
    macro_rules! all {
        ($values:expr) => {
            $values.iter().map(|&value| f64::from(value)).collect()
        };
    }
    match values {
        Values::I8(values) => all!(values),
        Values::I16(values) => all!(values),
        Values::I32(values) => all!(values),
        Values::I64(values) => values.iter().map(|&value| value as f64).collect(),
        Values::F32(values) => all!(values),
        Values::F64(values) => all!(values),
        _ => Vec::new(),
    }
}

/// The doubles in the type of `values`.
pub(super) fn like(values: &Values, doubles: &[f64]) -> Values {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "casts stop at the ends of the type's range, as ROOT's bins do"
    )]
    match values {
        Values::I8(_) => Values::I8(doubles.iter().map(|&value| value as i8).collect()),
        Values::I16(_) => Values::I16(doubles.iter().map(|&value| value as i16).collect()),
        Values::I32(_) => Values::I32(doubles.iter().map(|&value| value as i32).collect()),
        Values::I64(_) => Values::I64(doubles.iter().map(|&value| value as i64).collect()),
        Values::F32(_) => Values::F32(doubles.iter().map(|&value| value as f32).collect()),
        _ => Values::F64(doubles.to_vec()),
    }
}
