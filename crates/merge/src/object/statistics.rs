//! The sums over fills that give a histogram's mean and spread (`TH1::GetStats`).

use rootlake_io::object::{Body, Object, Value};

use super::axis::Axis;
use super::bins::contents;
use super::numbers;

/// Members that are sums over fills, and what each weight in a bin is multiplied by to give them:
/// powers of x, y and z. (`fTsumw2` is the sum of squared weights.)
pub(super) const MOMENTS: [(&str, [i32; 3]); 11] = [
    ("fTsumw", [0, 0, 0]),
    ("fTsumw2", [0, 0, 0]),
    ("fTsumwx", [1, 0, 0]),
    ("fTsumwx2", [2, 0, 0]),
    ("fTsumwy", [0, 1, 0]),
    ("fTsumwy2", [0, 2, 0]),
    ("fTsumwxy", [1, 1, 0]),
    ("fTsumwz", [0, 0, 1]),
    ("fTsumwz2", [0, 0, 2]),
    ("fTsumwxz", [1, 0, 1]),
    ("fTsumwyz", [0, 1, 1]),
];
/// `TH1::EStatOverflows::kConsider`: underflow and overflow count.
const CONSIDER_OVERFLOWS: i64 = 1;

/// The value of each sum over fills, by its member.
pub(super) type Sums = Vec<(&'static str, f64)>;

/// The sums over the fills of both.
///
/// # Errors
/// In words, when one has no bins.
pub(super) fn sum(
    (histogram, axes): (&Object, &[Axis]),
    (other, others): (&Object, &[Axis]),
) -> Result<Sums, String> {
    let mut sums = of(histogram, axes)?;
    for ((_, sum), (_, more)) in sums.iter_mut().zip(of(other, others)?) {
        *sum += more;
    }
    Ok(sums)
}

/// The sums over the fills of both, where nothing but the members says them (`TH2Poly::GetStats`).
pub(super) fn plain_sum(histogram: &Object, other: &Object) -> Sums {
    let mut sums = kept(histogram);
    for ((_, sum), (_, more)) in sums.iter_mut().zip(kept(other)) {
        *sum += more;
    }
    sums
}

/// The sum of weights over the fills of a histogram, and that of their squares.
///
/// # Errors
/// In words, when it has no bins.
pub(super) fn weights(histogram: &Object, axes: &[Axis]) -> Result<(f64, f64), String> {
    let sums = of(histogram, axes)?;
    let value = |wanted: &str| {
        let found = sums.iter().find(|(name, _)| *name == wanted);
        found.map_or(0.0, |(_, value)| *value)
    };
    Ok((value("fTsumw"), value("fTsumw2")))
}

/// Sets the sums over fills.
///
/// # Errors
/// In words, when one is no member.
pub(super) fn set(histogram: &mut Object, sums: Sums) -> Result<(), String> {
    for (name, value) in sums {
        histogram
            .set(name, Value::Float(value))
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The members that are sums over fills.
pub(super) fn members() -> impl Iterator<Item = &'static str> {
    let moments = MOMENTS.iter().map(|(name, _)| *name);
    let last = ["fTsumwt", "fTsumwt2"];
    ["fEntries"].into_iter().chain(moments).chain(last)
}

/// Whether that is the name of a member that is a sum over fills.
pub(super) fn is_sum(name: &str) -> bool {
    members().any(|member| member == name)
}

/// Whether a histogram was set bin by bin instead of filled, by its sum of weights and its number
/// of entries.
pub(super) fn set_by_bin(weights: f64, entries: f64, is_profile: bool) -> bool {
    weights == 0.0 && (is_profile || entries != 0.0)
}

/// The sums over fills that a histogram keeps.
fn kept(histogram: &Object) -> Sums {
    let own = |name: &'static str| match histogram.find(name)? {
        Value::Float(value) => Some((name, *value)),
        _ => None,
    };
    members().filter_map(own).collect()
}

/// The sums over fills. One that was set bin by bin has none, nor do they hold where an axis has a
/// range: then they come from the bins.
fn of(histogram: &Object, axes: &[Axis]) -> Result<Sums, String> {
    let mut sums = kept(histogram);
    let value = |name: &str| histogram.float(name).unwrap_or(0.0);
    let is_profile = histogram.find("fBinEntries").is_some();
    let ranged = axes.iter().any(|axis| axis.range.is_some());
    if ranged || set_by_bin(value("fTsumw"), value("fEntries"), is_profile) {
        from_bins(histogram, axes, &mut sums)?;
    }
    Ok(sums)
}

/// Computes the sums from the bins that count.
fn from_bins(histogram: &Object, axes: &[Axis], sums: &mut Sums) -> Result<(), String> {
    let doubles = |name: &str| {
        histogram
            .array(name)
            .map(numbers::doubles)
            .unwrap_or_default()
    };
    let (bins, errors) = (doubles(contents(histogram)?), doubles("fSumw2"));
    let is_profile = histogram.find("fBinEntries").is_some();
    let (weights, squares) = if is_profile {
        (doubles("fBinEntries"), doubles("fBinSumw2"))
    } else {
        (bins.clone(), errors.clone())
    };
    let squares = match (squares.is_empty(), is_profile) {
        (true, true) => weights.clone(),
        (true, false) => weights.iter().map(|weight| weight.abs()).collect(),
        (false, _) => squares,
    };
    // A profile's bins hold the sum of what is profiled, their errors that of its squares.
    let profiled = match axes.len() {
        _ if !is_profile => ("", ""),
        1 => ("fTsumwy", "fTsumwy2"),
        2 => ("fTsumwz", "fTsumwz2"),
        _ => ("fTsumwt", "fTsumwt2"),
    };
    let ranges: Vec<_> = axes.iter().map(|axis| counted(histogram, axis)).collect();
    let places = (0..weights.len()).map(|cell| place(cell, axes, &ranges));
    let places: Vec<_> = places.collect();
    let total = |values: &[f64], powers: [i32; 3]| -> f64 {
        let inside = values.iter().zip(&places);
        let inside = inside.filter_map(|(value, place)| Some((*value, place.as_ref()?)));
        inside
            .map(|(value, place)| moment(value, place, powers))
            .sum()
    };
    for (name, sum) in sums.iter_mut() {
        *sum = match MOMENTS.iter().find(|(member, _)| member == name) {
            _ if *name == profiled.0 => total(&bins, [0; 3]),
            _ if *name == profiled.1 => total(&errors, [0; 3]),
            _ if *name == "fTsumw2" => total(&squares, [0; 3]),
            // Where labels say what a bin is, its place says nothing.
            Some((_, powers)) if labelled(axes, *powers) => 0.0,
            Some((_, powers)) => total(&weights, *powers),
            None => *sum,
        };
    }
    Ok(())
}

/// Whether a moment is one along an axis of labels.
fn labelled(axes: &[Axis], powers: [i32; 3]) -> bool {
    let mut along = axes.iter().zip(powers).filter(|(_, power)| *power > 0);
    along.any(|(axis, _)| axis.extendable && !axis.labels.is_empty())
}

/// The middle of a bin, by its number among all; none where an axis does not count it.
fn place(
    cell: usize,
    axes: &[Axis],
    ranges: &[std::ops::RangeInclusive<usize>],
) -> Option<[f64; 3]> {
    let mut place = [0.0; 3];
    let mut rest = cell;
    for ((axis, range), place) in axes.iter().zip(ranges).zip(&mut place) {
        let bin = rest % axis.cells();
        rest /= axis.cells();
        *place = axis.center(bin);
        if !range.contains(&bin) {
            return None;
        }
    }
    Some(place)
}

/// The bins of an axis that count.
fn counted(histogram: &Object, axis: &Axis) -> std::ops::RangeInclusive<usize> {
    match axis.range {
        Some((first, last)) => first..=last,
        None if counts_overflow(histogram) => 0..=axis.bins + 1,
        None => 1..=axis.bins,
    }
}

/// The sums over fills, all zero.
pub(super) fn zero(histogram: &Object) -> Sums {
    let names = MOMENTS.iter().map(|(name, _)| *name);
    let own = names.filter(|name| histogram.float(name).is_ok());
    own.map(|name| (name, 0.0)).collect()
}

/// Adds a fill of weight `weight` at `place` to the sums.
pub(super) fn count(sums: &mut Sums, weight: f64, place: &[f64]) {
    for (name, sum) in sums.iter_mut() {
        *sum += match MOMENTS.iter().find(|(member, _)| member == name) {
            _ if *name == "fTsumw2" => weight * weight,
            Some((_, powers)) => moment(weight, place, *powers),
            None => 0.0,
        };
    }
}

/// Adds the sums of so many fills to those of a histogram.
///
/// # Errors
/// In words, when it lacks one.
pub(super) fn add(histogram: &mut Object, sums: &Sums, fills: usize) -> Result<(), String> {
    #[allow(
        clippy::cast_precision_loss,
        reason = "ROOT counts entries in a double"
    )]
    let entries = ("fEntries", fills as f64);
    for (name, more) in sums.iter().chain([&entries]) {
        let add = |histogram: &mut Object| {
            let sum = histogram.float(name)? + more;
            histogram.set(name, Value::Float(sum))
        };
        add(histogram).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn moment(weight: f64, place: &[f64], powers: [i32; 3]) -> f64 {
    let factors = place.iter().zip(powers);
    factors.fold(weight, |product, (x, power)| product * x.powi(power))
}

/// Whether fills beyond the limits count (`TH1::EStatOverflows::kConsider`).
pub(super) fn counts_overflow(histogram: &Object) -> bool {
    histogram.int("fStatOverflows").ok() == Some(CONSIDER_OVERFLOWS)
}

/// The bits of the `TObject` at the bottom of its bases.
pub(super) fn bits(object: &Object) -> u32 {
    match object.object("TObject").map(|root| &root.body) {
        Ok(Body::Root { bits, .. }) => *bits,
        _ => 0,
    }
}
