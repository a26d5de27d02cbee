//! Adding histograms of all kinds, by the names of their members.
//!
//! Every member that is a sum over fills is added: bin contents, squared errors, and the sums of
//! weights and weighted positions (`TH1::PutStats`, `TProfile`, `TProfile2D`, `TProfile3D`). All
//! else must be equal or is taken from the first.

use rootlake_io::column::Values;
use rootlake_io::object::{Body, Graph, Object, Value};

use super::numbers;

/// Members that are sums over fills.
const SUMS: [&str; 14] = [
    "fEntries", "fTsumw", "fTsumw2", "fTsumwx", "fTsumwx2", "fTsumwy", "fTsumwy2", "fTsumwxy",
    "fTsumwz", "fTsumwz2", "fTsumwxz", "fTsumwyz", "fTsumwt", "fTsumwt2",
];
/// Members that must be equal.
const EQUAL: [&str; 8] = [
    "fNcells",
    "fErrorMode",
    "fYmin",
    "fYmax",
    "fZmin",
    "fZmax",
    "fTmin",
    "fTmax",
];
/// The bases that hold the bin contents.
const CONTENTS: [&str; 6] = [
    "TArrayC",
    "TArrayS",
    "TArrayI",
    "TArrayL64",
    "TArrayF",
    "TArrayD",
];
/// `TH1::kIsAverage`: bins hold means, which do not add.
const IS_AVERAGE: u32 = 1 << 18;

/// Adds the histogram `more` of `from` to `sum`; `labels` are those of the axes of `sum`.
///
/// # Errors
/// In words, when they are binned or made differently.
pub(super) fn add(
    sum: &mut Object,
    labels: &[Vec<String>; 3],
    more: &Object,
    from: &Graph,
) -> Result<(), String> {
    for name in EQUAL {
        if let (Ok(a), Ok(b)) = (sum.member(name), more.member(name))
            && !equal(a, b)
        {
            return Err(format!("{name} differs"));
        }
    }
    for ((axis, letter), labels) in ["fXaxis", "fYaxis", "fZaxis"]
        .iter()
        .zip("xyz".chars())
        .zip(labels)
    {
        same_axis(sum, more, axis).map_err(|what| format!("{what} of the {letter} axis differ"))?;
        if *labels != axis_labels(from, more, axis) {
            return Err(format!("the labels of the {letter} axis differ"));
        }
    }
    for histogram in [&*sum, more] {
        if histogram
            .array("fBuffer")
            .is_ok_and(|buffer| !buffer.is_empty())
        {
            return Err("it holds fills that are not binned yet (fBuffer)".to_owned());
        }
        if let Ok(Body::Root { bits, .. }) = histogram.object("TObject").map(|root| &root.body)
            && bits & IS_AVERAGE != 0
        {
            return Err("its bins hold averages".to_owned());
        }
    }
    let contents = CONTENTS
        .into_iter()
        .find(|base| sum.array(base).is_ok())
        .ok_or("it has no bins")?;
    errors(sum, more, "fSumw2", contents)?;
    if sum.member("fBinEntries").is_ok() {
        errors(sum, more, "fBinSumw2", "fBinEntries")?;
        add_array(sum, more, "fBinEntries")?;
    }
    add_array(sum, more, contents)?;
    add_statistics(sum, more)
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        _ => false,
    }
}

fn same_axis(sum: &Object, more: &Object, name: &str) -> Result<(), String> {
    let (Ok(a), Ok(b)) = (sum.object(name), more.object(name)) else {
        return Ok(());
    };
    for member in ["fNbins", "fXmin", "fXmax"] {
        match (a.member(member), b.member(member)) {
            (Ok(a), Ok(b)) if equal(a, b) => {}
            _ => return Err("the bins".to_owned()),
        }
    }
    match (a.array("fXbins"), b.array("fXbins")) {
        (Ok(a), Ok(b)) if a == b => Ok(()),
        _ => Err("the edges of bins".to_owned()),
    }
}

/// The texts of an axis' labels with the bins they stand at, in their order.
pub(super) fn axis_labels(graph: &Graph, histogram: &Object, axis: &str) -> Vec<String> {
    let labels = || -> rootlake_io::Result<Vec<String>> {
        let Some(id) = histogram.object(axis)?.pointer("fLabels")? else {
            return Ok(Vec::new());
        };
        let Body::List(list) = &graph.get(id)?.body else {
            return Ok(Vec::new());
        };
        let text = |id| -> rootlake_io::Result<String> {
            let label: &Object = graph.get(id)?;
            let bin = match label.object("TObject").map(|root| &root.body) {
                Ok(Body::Root { unique_id, .. }) => *unique_id,
                _ => 0,
            };
            Ok(format!("{bin} {}", label.text("fString")?))
        };
        list.items.iter().flatten().map(|id| text(*id)).collect()
    };
    labels().unwrap_or_default()
}

/// Adds squared errors; where only one has them, the other's are those of counts.
fn errors(sum: &mut Object, more: &Object, name: &str, contents: &str) -> Result<(), String> {
    let empty = |object: &Object| object.array(name).map(Values::is_empty);
    match (empty(sum), empty(more)) {
        (Ok(true), Ok(true)) | (Err(_), _) | (_, Err(_)) => Ok(()),
        (Ok(false), Ok(false)) => add_array(sum, more, name),
        (Ok(true), Ok(false)) => {
            let own = counts(sum, contents)?;
            set_array(sum, name, Values::F64(own))?;
            add_array(sum, more, name)
        }
        (Ok(false), Ok(true)) => {
            let counts = Values::F64(counts(more, contents)?);
            let errors = array_mut(sum, name)?;
            numbers::add(errors, &counts).map_err(|what| format!("{name}: {what}"))
        }
    }
}

fn counts(histogram: &Object, contents: &str) -> Result<Vec<f64>, String> {
    let contents = histogram
        .array(contents)
        .map_err(|error| error.to_string())?;
    Ok(numbers::magnitudes(contents))
}

/// Adds the array `name` of `more` to that of `sum`.
pub(super) fn add_array(sum: &mut Object, more: &Object, name: &str) -> Result<(), String> {
    let more = more.array(name).map_err(|error| error.to_string())?;
    let sum = array_mut(sum, name)?;
    numbers::add(sum, more).map_err(|what| format!("{name}: {what}"))
}

fn array_mut<'a>(object: &'a mut Object, name: &str) -> Result<&'a mut Values, String> {
    let part = object.object_mut(name).map_err(|error| error.to_string())?;
    match &mut part.body {
        Body::Array(values) => Ok(values),
        _ => Err(format!("{name} is no array")),
    }
}

fn set_array(object: &mut Object, name: &str, values: Values) -> Result<(), String> {
    *array_mut(object, name)? = values;
    Ok(())
}

/// Adds the sums over fills. One that was set bin by bin has none, and ROOT computes them from the
/// bins (`TH1::GetStats`): so it must for the sum of such a one and any other.
fn add_statistics(sum: &mut Object, more: &Object) -> Result<(), String> {
    let lacks = |histogram: &Object| {
        histogram.float("fTsumw").is_ok_and(|sum| sum == 0.0)
            && histogram.float("fEntries").is_ok_and(|n| n != 0.0)
    };
    let computed = lacks(sum) || lacks(more);
    for name in SUMS {
        if let (Ok(a), Ok(b)) = (sum.float(name), more.float(name)) {
            let value = if computed && name != "fEntries" {
                0.0
            } else {
                a + b
            };
            sum.set(name, Value::Float(value))
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}
