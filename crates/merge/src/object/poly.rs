//! Adding histograms whose bins are polygons (`TH2Poly::Add`).

mod profile;

use rootlake_io::column::Values;
use rootlake_io::object::{Body, Graph, Object, ObjectId, Value};

use super::bins::array_mut;
use super::{numbers, statistics};

/// Adds the histogram `from` of `more` to `to` of `sum`.
///
/// # Errors
/// In words, when their polygons differ.
pub(super) fn add(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
) -> Result<(), String> {
    let pairs = pairs(sum, to, more, from)?;
    let other = more.get(from).map_err(words)?;
    let squares = squares(sum, to, more, from)?;
    let totals = statistics::plain_sum(sum.get(to).map_err(words)?, other);
    for (bin, other) in pairs {
        let other = more.get(other).map_err(words)?;
        let bin = sum.get_mut(bin).map_err(words)?;
        add_to(bin, "fContent", other).map_err(words)?;
    }
    let histogram = sum.get_mut(to).map_err(words)?;
    let Value::Array(mut overflow) = histogram.member("fOverflow").map_err(words)?.clone() else {
        return Err("fOverflow is no array".to_owned());
    };
    numbers::add(&mut overflow, other.array("fOverflow").map_err(words)?)?;
    histogram
        .set("fOverflow", Value::Array(overflow))
        .map_err(words)?;
    *array_mut(histogram, "fSumw2")? = squares;
    statistics::set(histogram, totals)
}

/// Adds the profile `from` of `more` to `to` of `sum` (`TProfile2Poly::Merge`).
///
/// # Errors
/// In words, when their polygons differ.
pub(super) fn add_profile(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
) -> Result<(), String> {
    let pairs = pairs(sum, to, more, from)?;
    let other = more.get(from).map_err(words)?;
    let totals = statistics::plain_sum(sum.get(to).map_err(words)?, other);
    for (bin, other) in pairs {
        let other = more.get(other).map_err(words)?;
        profile::add(sum.get_mut(bin).map_err(words)?, other).map_err(words)?;
    }
    let histogram = sum.get_mut(to).map_err(words)?;
    profile::add_overflow(histogram, other)?;
    statistics::set(histogram, totals)
}

/// The bins of both, side by side.
fn pairs(
    sum: &Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
) -> Result<Vec<(ObjectId, ObjectId)>, String> {
    let (bins, others) = (bins(sum, to)?, bins(more, from)?);
    if bins.len() != others.len() {
        return Err("it has another number of bins".to_owned());
    }
    let pairs: Vec<_> = bins.into_iter().zip(others).collect();
    for (bin, other) in &pairs {
        let (bin, other) = (
            sum.get(*bin).map_err(words)?,
            more.get(*other).map_err(words)?,
        );
        for limit in ["fXmin", "fXmax", "fYmin", "fYmax"] {
            if bin.float(limit).map_err(words)? != other.float(limit).map_err(words)? {
                return Err("its bins are other polygons".to_owned());
            }
        }
    }
    Ok(pairs)
}

/// The sum of both squared errors. Where one alone keeps them, those of the other are its contents;
/// there are none where neither does.
fn squares(sum: &Graph, to: ObjectId, more: &Graph, from: ObjectId) -> Result<Values, String> {
    let own = |graph, id: ObjectId| -> Result<Vec<f64>, String> {
        let histogram: &Object = Graph::get(graph, id).map_err(words)?;
        histogram
            .array("fSumw2")
            .map(numbers::doubles)
            .map_err(words)
    };
    let (mut squares, mut others) = (own(sum, to)?, own(more, from)?);
    match (squares.is_empty(), others.is_empty()) {
        (true, false) => {
            // `TH1::Sumw2`, which looks at no bin where there are no entries: what lies beyond the
            // polygons is none. `TH1::GetBinErrorSqUnchecked`, for the other, looks, and has signs.
            let entries = sum.get(to).and_then(|own| own.float("fEntries"));
            let has_entries = entries.map_err(words)? > 0.0;
            squares = cells(sum, to)?;
            for square in &mut squares {
                *square = if has_entries { square.abs() } else { 0.0 };
            }
        }
        (false, true) => others = cells(more, from)?,
        _ => {}
    }
    let mut squares = Values::F64(squares);
    numbers::add(&mut squares, &Values::F64(others))?;
    Ok(squares)
}

/// The contents of all cells: those around the polygons, then the polygons
/// (`TH2Poly::RetrieveBinContent`).
fn cells(graph: &Graph, id: ObjectId) -> Result<Vec<f64>, String> {
    let histogram = graph.get(id).map_err(words)?;
    let mut cells = numbers::doubles(histogram.array("fOverflow").map_err(words)?);
    for bin in bins(graph, id)? {
        let content = graph.get(bin).and_then(|bin| bin.float("fContent"));
        cells.push(content.map_err(words)?);
    }
    Ok(cells)
}

/// The bins of the histogram `id`.
fn bins(graph: &Graph, id: ObjectId) -> Result<Vec<ObjectId>, String> {
    let list = graph
        .get(id)
        .and_then(|histogram| histogram.pointer("fBins"));
    let Some(list) = list.map_err(words)? else {
        return Ok(Vec::new());
    };
    match &graph.get(list).map_err(words)?.body {
        Body::List(list) => Ok(list.items.iter().flatten().copied().collect()),
        _ => Err("its bins are no list".to_owned()),
    }
}

/// Adds the member `name` of `more` to that of `sum`.
fn add_to(sum: &mut Object, name: &str, more: &Object) -> rootlake_io::Result<()> {
    let total = sum.float(name)? + more.float(name)?;
    sum.set(name, Value::Float(total))
}

fn words(error: rootlake_io::Error) -> String {
    error.to_string()
}
