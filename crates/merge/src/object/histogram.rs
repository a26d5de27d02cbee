//! Adding histograms of all kinds, by the names of their members, as `TH1::Merge` and
//! `TProfile::Merge` do.
//!
//! Bins that are the same are added one to one; else `relabel` and `rebin` say where a bin of one
//! stands in the other. All that is no sum must be equal or is taken from the first.

use std::borrow::Cow;

use rootlake_io::column::Values;
use rootlake_io::object::{Graph, Object, ObjectId, Value};

use super::axis::Axis;
use super::bins::{COUNTS, array_mut, arrays, contents, counts, keep_squares};
use super::{average, buffer, numbers, rebin, relabel, statistics};

/// Members that must be equal.
const EQUAL: [&str; 7] = [
    "fErrorMode",
    "fYmin",
    "fYmax",
    "fZmin",
    "fZmax",
    "fTmin",
    "fTmax",
];

/// Adds the histogram `from` of `more` to `to` of `sum`.
///
/// # Errors
/// In words, when they are binned or made differently.
pub(super) fn add(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
) -> Result<(), String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let mut other = Cow::Borrowed(more.get(from).map_err(words)?);
    same_kind(sum.get(to).map_err(words)?, &other)?;
    let (axes, others) = (axes(sum, to)?, self::axes(more, from)?);
    let (axes, others) = buffer::settle(
        (sum.get_mut(to).map_err(words)?, axes),
        (&mut other, others),
    )?;
    let histogram = sum.get_mut(to).map_err(words)?;
    let statistics = statistics::sum((histogram, &axes), (&other, &others))?;
    let is_empty = is_empty(&other)?;
    let averages = if average::is_average(histogram) && !is_empty && !self::is_empty(histogram)? {
        Some([
            statistics::weights(histogram, &axes)?,
            statistics::weights(&other, &others)?,
        ])
    } else {
        None
    };
    weigh(histogram, &other)?;
    let add_bins = |histogram: &mut Object, places: Option<&[usize]>| match places {
        _ if is_empty => Ok(()),
        Some(places) => add_at(histogram, &other, places),
        None => add_all(histogram, &other),
    };
    if let Some(scales) = averages {
        if axes != others {
            return Err("its bins hold averages, and are others".to_owned());
        }
        average::add(histogram, &other, scales)?;
    } else if axes == others {
        add_bins(histogram, None)?;
    } else if let Some(places) = relabel::places((sum, to, axes.clone()), (more, &other, &others))?
    {
        add_bins(sum.get_mut(to).map_err(words)?, Some(&places))?;
    } else if axes.iter().zip(&others).all(|(a, b)| a.same_bins(b)) {
        same_labels(&axes, &others)?;
        add_bins(sum.get_mut(to).map_err(words)?, None)?;
    } else {
        let histogram = sum.get_mut(to).map_err(words)?;
        let places = rebin::widen((histogram, &axes), (&other, &others))?;
        add_bins(histogram, Some(&places))?;
    }
    statistics::set(sum.get_mut(to).map_err(words)?, statistics)
}

/// Whether nothing was filled (`TH1::IsEmpty`): then ROOT takes no notice of the bins, though errors
/// may stand in them.
fn is_empty(histogram: &Object) -> Result<bool, String> {
    let number = |name| histogram.float(name).map_err(|error| error.to_string());
    if number("fTsumw")? != 0.0 || number("fEntries")? != 0.0 {
        return Ok(false);
    }
    let bins = histogram.array(contents(histogram)?);
    let bins = numbers::doubles(bins.map_err(|error| error.to_string())?);
    Ok(bins.iter().sum::<f64>() == 0.0)
}

/// Whether a histogram of the same bytes, but for bins and sums over fills, adds to the one that
/// `graph` is number by number.
pub(super) fn adds_by_number(graph: &Graph) -> bool {
    let by_number = || -> Result<bool, String> {
        let histogram = graph.root().map_err(|error| error.to_string())?;
        same_kind(histogram, histogram)?;
        let axes = axes(graph, Graph::ROOT)?;
        let is_binned = !average::is_average(histogram)
            && histogram.array("fBuffer").is_ok_and(Values::is_empty);
        Ok(is_binned && axes.iter().all(|a| a.has_limits() && a.range.is_none()))
    };
    by_number().unwrap_or(false)
}

/// The axes of a histogram: one, two or three.
pub(super) fn axes(graph: &Graph, id: ObjectId) -> Result<Vec<Axis>, String> {
    let histogram = graph.get(id).map_err(|error| error.to_string())?;
    let all = ["fXaxis", "fYaxis", "fZaxis"].into_iter();
    all.take(dimension(histogram))
        .map(|member| Axis::of(graph, histogram, member))
        .collect()
}

/// How many axes a histogram has.
fn dimension(histogram: &Object) -> usize {
    let is = |base: &str| histogram.find(base).is_some();
    if is("TH3") {
        3
    } else if is("TH2") {
        2
    } else {
        1
    }
}

fn same_kind(sum: &Object, more: &Object) -> Result<(), String> {
    for name in EQUAL {
        if let (Some(a), Some(b)) = (sum.find(name), more.find(name))
            && !equal(a, b)
        {
            return Err(format!("{name} differs"));
        }
    }
    if average::is_average(sum) != average::is_average(more) {
        return Err("the bins of only one hold averages".to_owned());
    }
    Ok(())
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        _ => false,
    }
}

/// Bins that are labelled add only where their labels are the same, or one has none.
fn same_labels(axes: &[Axis], others: &[Axis]) -> Result<(), String> {
    for ((axis, other), letter) in axes.iter().zip(others).zip("xyz".chars()) {
        let labelled = !axis.labels.is_empty() && !other.labels.is_empty();
        let differ = || {
            (0..axis.cells()).any(|bin| match (axis.label(bin), other.label(bin)) {
                (Some(a), Some(b)) => a != b,
                _ => false,
            })
        };
        if labelled && axis.labels != other.labels && differ() {
            return Err(format!("the labels of the {letter} axis differ"));
        }
    }
    Ok(())
}

/// Gives `sum` the squared errors that `more` has and it has not: those of counts.
fn weigh(sum: &mut Object, more: &Object) -> Result<(), String> {
    weigh_by(sum, more, "fSumw2", contents(sum)?)?;
    let [counts, squares] = COUNTS;
    if sum.find(counts).is_some() {
        weigh_by(sum, more, squares, counts)?;
    }
    Ok(())
}

fn weigh_by(sum: &mut Object, more: &Object, name: &str, contents: &str) -> Result<(), String> {
    if more.array(name).is_ok_and(|errors| !errors.is_empty()) {
        keep_squares(sum, name, contents)?;
    }
    Ok(())
}

/// Adds every bin of `more` to the one of `sum` whose place `places` says.
fn add_at(sum: &mut Object, more: &Object, places: &[usize]) -> Result<(), String> {
    each_array(sum, more, |sum, more| numbers::add_at(sum, more, places))
}

/// Adds every bin of `more` to the one of `sum` that has its number.
fn add_all(sum: &mut Object, more: &Object) -> Result<(), String> {
    each_array(sum, more, numbers::add)
}

fn each_array(
    sum: &mut Object,
    more: &Object,
    add: impl Fn(&mut Values, &Values) -> Result<(), String>,
) -> Result<(), String> {
    for name in arrays(sum) {
        if let Some(values) = values(more, name)? {
            add(array_mut(sum, name)?, &values).map_err(|what| format!("{name}: {what}"))?;
        }
    }
    Ok(())
}

/// The array `name`; where squared errors are not kept, those of counts.
fn values<'a>(histogram: &'a Object, name: &str) -> Result<Option<Cow<'a, Values>>, String> {
    let Ok(array) = histogram.array(name) else {
        return Ok(None);
    };
    let [counts_name, squares] = COUNTS;
    Ok(Some(match name {
        _ if !array.is_empty() => Cow::Borrowed(array),
        "fSumw2" => Cow::Owned(Values::F64(counts(histogram, contents(histogram)?)?)),
        _ if name == squares => Cow::Owned(Values::F64(counts(histogram, counts_name)?)),
        _ => Cow::Borrowed(array),
    }))
}
