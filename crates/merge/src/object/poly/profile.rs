//! The bins of a profile over polygons (`TProfile2PolyBin`).

use rootlake_io::object::{Object, Value};

use super::{add_to, words};

/// Sums over the fills of a bin: of weights w and values v.
const SUMS: [&str; 4] = ["fSumw", "fSumvw", "fSumw2", "fSumwv2"];

/// Adds a bin to another, and works out its mean and spread anew: its content is the mean
/// (`TProfile2PolyBin::Merge`, `Update`).
///
/// # Errors
/// When one lacks a member.
pub(super) fn add(bin: &mut Object, more: &Object) -> rootlake_io::Result<()> {
    for name in SUMS {
        add_to(bin, name, more)?;
    }
    let weights = bin.float("fSumw")?;
    let (mean, spread) = if weights == 0.0 {
        (bin.float("fAverage")?, 0.0)
    } else {
        let mean = bin.float("fSumvw")? / weights;
        let square = bin.float("fSumwv2")? / weights;
        (mean, (square - mean * mean).sqrt())
    };
    bin.set("fAverage", Value::Float(mean))?;
    bin.set("fError", Value::Float(spread))?;
    bin.set("fContent", Value::Float(mean))
}

/// Adds what lies beyond the polygons.
///
/// # Errors
/// In words, when one keeps no such bins, or others.
pub(super) fn add_overflow(profile: &mut Object, more: &Object) -> Result<(), String> {
    const NAME: &str = "fOverflowBins";
    let bins = |profile: &Object| match profile.member(NAME) {
        Ok(Value::Objects(bins)) => Ok(bins.clone()),
        _ => Err(format!("{NAME} is no array")),
    };
    let (mut own, others) = (bins(profile)?, bins(more)?);
    if own.len() != others.len() {
        return Err(format!("{NAME} differs in length"));
    }
    for (bin, other) in own.iter_mut().zip(&others) {
        add(bin, other).map_err(words)?;
    }
    profile.set(NAME, Value::Objects(own)).map_err(words)
}
