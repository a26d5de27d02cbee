//! Sums of arrays, in their own types.

use rootlake_io::column::Values;

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

/// The values as doubles, their magnitudes: the squared errors of a histogram of counts.
pub(super) fn magnitudes(values: &Values) -> Vec<f64> {
    macro_rules! all {
        ($values:expr) => {
            $values
                .iter()
                .map(|&value| f64::from(value).abs())
                .collect()
        };
    }
    match values {
        Values::I8(values) => all!(values),
        Values::I16(values) => all!(values),
        Values::I32(values) => all!(values),
        #[allow(clippy::cast_precision_loss, reason = "as ROOT does")]
        Values::I64(values) => values.iter().map(|&value| (value as f64).abs()).collect(),
        Values::F32(values) => all!(values),
        Values::F64(values) => all!(values),
        _ => Vec::new(),
    }
}
