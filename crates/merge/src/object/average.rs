//! Histograms whose bins hold averages (`TH1::kIsAverage`): each is weighted with its error.
//!
//! The rule is that of `TH1::Add`; `TH1::Merge`, which `hadd` calls, adds up averages as if they were
//! counts. One that was never filled has no averages, and takes no part.

use rootlake_io::column::Values;
use rootlake_io::object::Object;

use super::bins::{array_mut, contents};
use super::{numbers, statistics};

/// The bit of a histogram whose bins hold averages.
const IS_AVERAGE: u32 = 1 << 18;
/// The weight of a bin that is without error.
const EXACT: f64 = 1e200;

/// Whether the bins of a histogram hold averages.
pub(super) fn is_average(histogram: &Object) -> bool {
    statistics::bits(histogram) & IS_AVERAGE != 0
}

/// Makes each bin of `sum` the average of its own and that of `more`. `scales` are the sums of
/// weights and of their squares over the fills of each.
///
/// # Errors
/// In words, when one has no bins, or is a profile.
pub(super) fn add(sum: &mut Object, more: &Object, scales: [(f64, f64); 2]) -> Result<(), String> {
    if sum.find("fBinEntries").is_some() {
        return Err("its bins hold averages of profiles".to_owned());
    }
    let name = contents(sum)?;
    let (own, other) = (
        Averages::of(sum, name, scales[0])?,
        Averages::of(more, name, scales[1])?,
    );
    if own.values.len() != other.values.len() {
        return Err("it has another number of bins".to_owned());
    }
    let weights = || own.weights.iter().zip(&other.weights);
    let pairs = own.values.iter().zip(&other.values).zip(weights());
    let averages = pairs.map(|((a, b), (u, v))| (u * a + v * b) / (u + v));
    let averages: Vec<f64> = averages.collect();
    let bins = array_mut(sum, name)?;
    *bins = numbers::like(bins, &averages);
    if sum.array("fSumw2").is_ok_and(|squares| !squares.is_empty()) {
        let squares = weights().map(|(u, v)| 1.0 / (u + v));
        // Two bins without error give one without.
        let squares = squares.map(|square| if square < 1.0 / EXACT { 0.0 } else { square });
        *array_mut(sum, "fSumw2")? = Values::F64(squares.collect());
    }
    Ok(())
}

/// The averages of a histogram, and what they are weighted with.
struct Averages {
    values: Vec<f64>,
    weights: Vec<f64>,
}

impl Averages {
    fn of(histogram: &Object, name: &str, (sum, squares): (f64, f64)) -> Result<Self, String> {
        let array = |name: &str| {
            let array = histogram.array(name).map_err(|error| error.to_string());
            array.map(numbers::doubles)
        };
        let values = array(name)?;
        let errors = array("fSumw2")?;
        let keeps_errors = !errors.is_empty();
        let errors = if keeps_errors { errors } else { values.clone() };
        // What an empty bin may be off by, from the scale of the fills.
        let scale = if sum == 0.0 { 1.0 } else { squares / sum };
        let weight = |(value, square): (&f64, &f64)| match (*square, *value) {
            (square, _) if square != 0.0 => 1.0 / square,
            _ if !keeps_errors => 1.0,
            (_, 0.0) => 1.0 / (scale * scale),
            _ => EXACT,
        };
        Ok(Self {
            weights: values.iter().zip(&errors).map(weight).collect(),
            values,
        })
    }
}
