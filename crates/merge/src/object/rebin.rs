//! Histograms whose axes have other limits: both are put on axes that take the bins of both
//! (`TH1Merger::DifferentAxesMerge`).

use rootlake_io::object::{Object, Value};

use super::axis::{Axis, MEMBERS};
use super::bins::{array_mut, arrays, filled};
use super::numbers;

/// Puts `histogram` on axes that take `other`'s bins too; gives the place of each bin of `other`
/// there.
///
/// # Errors
/// In words, when the bins do not meet, or fills lie beyond the old limits but within the new.
pub(super) fn widen(
    (histogram, axes): (&mut Object, &[Axis]),
    (other, others): (&Object, &[Axis]),
) -> Result<Vec<usize>, String> {
    let mut joined = Vec::new();
    for ((axis, other), letter) in axes.iter().zip(others).zip("xyz".chars()) {
        let new = axis.joined(other);
        joined.push(new.ok_or_else(|| format!("the bins of the {letter} axis do not meet"))?);
    }
    let own = places((histogram, axes), &joined)?;
    let places = places((other, others), &joined)?;
    place(histogram, &own, &joined)?;
    Ok(places)
}

/// The place of each bin of `histogram` on other axes, by its middle.
fn places((histogram, axes): (&Object, &[Axis]), new: &[Axis]) -> Result<Vec<usize>, String> {
    let maps: Vec<Vec<(usize, bool)>> = axes
        .iter()
        .zip(new)
        .map(|(axis, new)| map(axis, new, histogram.member("fBinEntries").is_ok()))
        .collect();
    let filled = filled(histogram);
    let cells = axes.iter().map(Axis::cells).product();
    let mut places = Vec::with_capacity(cells);
    for cell in 0..cells {
        let (mut rest, mut place, mut step) = (cell, 0, 1);
        let mut beyond = false;
        for (map, new) in maps.iter().zip(new) {
            let &(bin, lost) = map.get(rest % map.len()).ok_or("it has no such bin")?;
            rest /= map.len();
            place += step * bin;
            step *= new.cells();
            beyond |= lost;
        }
        if beyond && filled.get(cell) == Some(&true) {
            return Err(
                "fills beyond the limits of its axes lie within those of others".to_owned(),
            );
        }
        places.push(place);
    }
    Ok(places)
}

/// For each bin of an axis its bin on another, and whether what lies in it could lie elsewhere
/// there: underflow and overflow of which nothing more is known.
fn map(axis: &Axis, new: &Axis, is_profile: bool) -> Vec<(usize, bool)> {
    let bins = (0..axis.cells()).map(|bin| {
        let middle = axis.center(bin);
        let is_outside = bin == 0 || bin > axis.bins;
        let is_within = new.min < middle && middle < new.max;
        let lost =
            is_outside && !axis.same_bins(new) && (is_profile || is_within || new.extendable);
        (new.find(middle), lost)
    });
    bins.collect()
}

/// Puts every bin of `histogram` to its place on the axes `new`, which become its own.
///
/// # Errors
/// In words, when a place is none.
pub(super) fn place(histogram: &mut Object, places: &[usize], new: &[Axis]) -> Result<(), String> {
    let cells = new.iter().map(Axis::cells).product();
    for name in arrays(histogram) {
        let values = array_mut(histogram, name)?;
        let mut moved = numbers::zeros(values, cells);
        numbers::add_at(&mut moved, values, places)?;
        *values = moved;
    }
    let count = i64::try_from(cells).map_err(|error| error.to_string())?;
    histogram
        .set("fNcells", Value::Int(count))
        .map_err(|error| error.to_string())?;
    for (axis, member) in new.iter().zip(MEMBERS) {
        axis.set_bins(histogram, member)?;
    }
    Ok(())
}
