//! The arrays of a histogram that have a value for each bin.

use rootlake_io::column::Values;
use rootlake_io::object::{Body, Object};

use super::numbers;

/// The bases that hold the bin contents.
const CONTENTS: [&str; 6] = [
    "TArrayC",
    "TArrayS",
    "TArrayI",
    "TArrayL64",
    "TArrayF",
    "TArrayD",
];
/// What a profile counts in each bin, and the squares of what its errors come from.
pub(super) const COUNTS: [&str; 2] = ["fBinEntries", "fBinSumw2"];

/// The name of the array that holds a histogram's bins.
///
/// # Errors
/// In words, when there is none.
pub(super) fn contents(histogram: &Object) -> Result<&'static str, String> {
    let mut bases = CONTENTS.into_iter();
    let found = bases.find(|base| histogram.find(base).is_some());
    found.ok_or_else(|| "it has no bins".to_owned())
}

/// The names of all arrays that have a value for each bin, of any class.
fn per_bin() -> impl Iterator<Item = &'static str> {
    CONTENTS.into_iter().chain(["fSumw2"]).chain(COUNTS)
}

/// Whether that is the name of an array that has a value for each bin.
pub(super) fn is_per_bin(name: &str) -> bool {
    per_bin().any(|array| array == name)
}

/// The names of the arrays that have a value for each bin.
pub(super) fn arrays(histogram: &Object) -> impl Iterator<Item = &'static str> + use<> {
    let held: Vec<_> = per_bin()
        .filter(|name| histogram.find(name).is_some())
        .filter(|name| histogram.array(name).is_ok_and(|array| !array.is_empty()))
        .collect();
    held.into_iter()
}

/// Which bins hold anything.
pub(super) fn filled(histogram: &Object) -> Vec<bool> {
    let mut filled = Vec::new();
    for name in arrays(histogram) {
        let values = histogram
            .array(name)
            .map(numbers::doubles)
            .unwrap_or_default();
        filled.resize(values.len().max(filled.len()), false);
        for (filled, value) in filled.iter_mut().zip(values) {
            *filled |= value != 0.0;
        }
    }
    filled
}

/// Fills the array `name` of squared errors, if it is empty, with those of counts.
pub(super) fn keep_squares(sum: &mut Object, name: &str, contents: &str) -> Result<(), String> {
    if sum.array(name).is_ok_and(Values::is_empty) {
        let own = counts(sum, contents)?;
        *array_mut(sum, name)? = Values::F64(own);
    }
    Ok(())
}

/// The squared errors of the counts in the array `contents`.
///
/// # Errors
/// In words, when it is none.
pub(super) fn counts(histogram: &Object, contents: &str) -> Result<Vec<f64>, String> {
    let contents = histogram
        .array(contents)
        .map_err(|error| error.to_string())?;
    Ok(numbers::magnitudes(contents))
}

/// The array that `name` is, to be changed.
///
/// # Errors
/// In words, when it is none.
pub(super) fn array_mut<'a>(object: &'a mut Object, name: &str) -> Result<&'a mut Values, String> {
    let part = object.object_mut(name).map_err(|error| error.to_string())?;
    match &mut part.body {
        Body::Array(values) => Ok(values),
        _ => Err(format!("{name} is no array")),
    }
}
