//! Histograms whose bins are told by labels: a bin is added to that of its label, which is made
//! where there is none (`TH1Merger::LabelMerge`).

use rootlake_io::object::{Body, Graph, Object, ObjectId};

use super::axis::{Axis, MEMBERS, label_list};
use super::bins::filled;
use super::rebin::place;

/// The place of each bin of `other` in the histogram `to` of `sum`, by its label, where both are
/// told by labels and can get more of them; new labels are added.
///
/// # Errors
/// In words, when labels must be added where something lies beyond the bins.
pub(super) fn places(
    (sum, to, mut axes): (&mut Graph, ObjectId, Vec<Axis>),
    (more, other, others): (&Graph, &Object, &[Axis]),
) -> Result<Option<Vec<usize>>, String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let histogram = sum.get(to).map_err(words)?;
    let is_empty = !filled(histogram).contains(&true);
    let is_labelled = |axes: &[Axis]| axes.first().is_some_and(|x| !x.labels.is_empty());
    let extends = |axes: &[Axis]| axes.iter().all(|axis| axis.extendable);
    let bins = filled(other);
    if !is_labelled(others)
        || !(is_empty || is_labelled(&axes) && extends(&axes))
        || !extends(others) && lies_beside_labels(&bins, others)
    {
        return Ok(None);
    }
    let old = axes.clone();
    for (axis, other) in axes.iter_mut().zip(others) {
        // There are at least as many bins as either has.
        if let Some(joined) = axis.joined(other).filter(|joined| joined.min == axis.min) {
            *axis = joined;
        }
    }
    for (cell, _) in bins.iter().enumerate().filter(|(_, filled)| **filled) {
        let mut rest = cell;
        for (axis, other) in axes.iter_mut().zip(others) {
            let bin = rest % other.cells();
            rest /= other.cells();
            let Some(label) = other
                .label(bin)
                .filter(|label| axis.labelled(label).is_none())
            else {
                continue;
            };
            let at = axis.labels.len() + 1;
            axis.labels.push((at, label.to_owned()));
            while at > axis.bins {
                axis.max += axis.max - axis.min;
                axis.bins *= 2;
            }
        }
    }
    for ((axis, old), member) in axes.iter().zip(&old).zip(MEMBERS) {
        let new = axis.labels.get(old.labels.len()..).unwrap_or_default();
        add_labels(sum, (to, member), new, (more, other))?;
    }
    if axes.iter().zip(&old).any(|(a, b)| !a.same_bins(b)) {
        let histogram = sum.get_mut(to).map_err(words)?;
        let own = longer(&filled(histogram), &old, &axes)?;
        place(histogram, &own, &axes)?;
    }
    let cells = others.iter().map(Axis::cells).product();
    let places = (0..cells).map(|cell| {
        at(cell, others, &axes, |bin, other, axis| {
            match other.label(bin) {
                Some(label) => axis.labelled(label).unwrap_or(0),
                None if bin == 0 => 0,
                None if bin > other.bins => axis.bins + 1,
                None => axis.find(other.center(bin)),
            }
        })
    });
    Ok(Some(places.collect()))
}

/// Whether anything lies in bins that have no label, on an axis that has labels.
fn lies_beside_labels(filled: &[bool], axes: &[Axis]) -> bool {
    let cells = filled.iter().enumerate().filter(|(_, filled)| **filled);
    let mut bins = cells.flat_map(|(cell, _)| {
        axes.iter().scan(cell, |rest, axis| {
            let bin = *rest % axis.cells();
            *rest /= axis.cells();
            Some((axis, bin))
        })
    });
    bins.any(|(axis, bin)| {
        !axis.labels.is_empty() && (1..=axis.bins).contains(&bin) && axis.label(bin).is_none()
    })
}

/// The places of the bins of a histogram whose axes get more bins at their ends. What lies beyond
/// them would change its meaning.
fn longer(filled: &[bool], old: &[Axis], new: &[Axis]) -> Result<Vec<usize>, String> {
    let mut places = Vec::with_capacity(filled.len());
    for (cell, filled) in filled.iter().enumerate() {
        let mut beyond = false;
        places.push(at(cell, old, new, |bin, old, new| {
            beyond |= bin > old.bins && new.bins > old.bins;
            if bin > old.bins { new.bins + 1 } else { bin }
        }));
        if beyond && *filled {
            return Err("an axis with overflow would get more labels".to_owned());
        }
    }
    Ok(places)
}

/// The number of a bin among all, of which `find` gives the number on each new axis from that on
/// the old.
fn at(
    cell: usize,
    old: &[Axis],
    new: &[Axis],
    mut find: impl FnMut(usize, &Axis, &Axis) -> usize,
) -> usize {
    let (mut rest, mut place, mut step) = (cell, 0, 1);
    for (old, new) in old.iter().zip(new) {
        place += step * find(rest % old.cells(), old, new);
        rest /= old.cells();
        step *= new.cells();
    }
    place
}

/// Adds labels to the list of an axis, each made like one of `other`.
fn add_labels(
    sum: &mut Graph,
    (to, member): (ObjectId, &str),
    labels: &[(usize, String)],
    (more, other): (&Graph, &Object),
) -> Result<(), String> {
    let words = |error: rootlake_io::Error| error.to_string();
    if labels.is_empty() {
        return Ok(());
    }
    let theirs = label_list(other.object(member).map_err(words)?).ok_or("it has no labels")?;
    let Body::List(model) = &more.get(theirs).map_err(words)?.body else {
        return Err("its labels are no list".to_owned());
    };
    let first = model
        .items
        .iter()
        .flatten()
        .next()
        .ok_or("it has no labels")?;
    let list = match label_list(
        sum.get(to)
            .and_then(|own| own.object(member))
            .map_err(words)?,
    ) {
        Some(list) => list,
        None => {
            let mut list = more.get(theirs).map_err(words)?.clone();
            if let Body::List(list) = &mut list.body {
                list.items.clear();
                list.options.clear();
            }
            let list = sum.add(list);
            let axis = sum.get_mut(to).and_then(|own| own.object_mut(member));
            let axis = axis.map_err(words)?;
            let bits = other.object(member).and_then(|axis| axis.member("fBits2"));
            axis.set("fBits2", bits.map_err(words)?.clone())
                .map_err(words)?;
            axis.set("fLabels", rootlake_io::object::Value::Pointer(Some(list)))
                .map_err(words)?;
            list
        }
    };
    for (bin, text) in labels {
        let mut label = more.get(*first).map_err(words)?.clone();
        let text = rootlake_io::object::Value::Text(text.clone().into_bytes().into());
        label.set("fString", text).map_err(words)?;
        if let Body::Root { unique_id, .. } = &mut label.root_object_mut().map_err(words)?.body {
            *unique_id = u32::try_from(*bin).map_err(|error| error.to_string())?;
        }
        let label = sum.add(label);
        if let Body::List(list) = &mut sum.get_mut(list).map_err(words)?.body {
            list.items.push(Some(label));
            list.options.push(bytes::Bytes::new());
        }
    }
    Ok(())
}
