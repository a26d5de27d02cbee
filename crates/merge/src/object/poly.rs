//! Adding histograms whose bins are polygons (`TH2Poly::Add`).

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
    let words = |error: rootlake_io::Error| error.to_string();
    let (bins, others) = (bins(sum, to)?, bins(more, from)?);
    if bins.len() != others.len() {
        return Err("it has another number of bins".to_owned());
    }
    let other = more.get(from).map_err(words)?;
    let weighs = |histogram: &Object| histogram.array("fSumw2").is_ok_and(|all| !all.is_empty());
    let histogram = sum.get(to).map_err(words)?;
    if weighs(histogram) != weighs(other) {
        return Err("only one keeps squared errors".to_owned());
    }
    let totals = statistics::sum((histogram, &[]), (other, &[]))?;
    for (bin, other) in bins.iter().zip(&others) {
        let (bin, other) = (
            sum.get_mut(*bin).map_err(words)?,
            more.get(*other).map_err(words)?,
        );
        for limit in ["fXmin", "fXmax", "fYmin", "fYmax"] {
            if bin.float(limit).map_err(words)? != other.float(limit).map_err(words)? {
                return Err("its bins are other polygons".to_owned());
            }
        }
        let content = bin
            .float("fContent")
            .and_then(|own| Ok(own + other.float("fContent")?));
        bin.set("fContent", Value::Float(content.map_err(words)?))
            .map_err(words)?;
    }
    let histogram = sum.get_mut(to).map_err(words)?;
    for name in ["fOverflow", "fSumw2"] {
        let added = other.array(name).map_err(words)?;
        let own = match histogram.member(name) {
            Ok(Value::Array(values)) => values.clone(),
            _ => array_mut(histogram, name)?.clone(),
        };
        let mut total = own;
        numbers::add(&mut total, added)?;
        set_array(histogram, name, total)?;
    }
    statistics::set(histogram, totals)
}

fn set_array(histogram: &mut Object, name: &str, values: Values) -> Result<(), String> {
    if let Ok(Value::Object(_)) = histogram.member(name) {
        *array_mut(histogram, name)? = values;
        return Ok(());
    }
    histogram
        .set(name, Value::Array(values))
        .map_err(|error| error.to_string())
}

/// The bins of the histogram `id`.
fn bins(graph: &Graph, id: ObjectId) -> Result<Vec<ObjectId>, String> {
    let words = |error: rootlake_io::Error| error.to_string();
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
