//! Histograms as objects of a ROOT file, there and back: `TH1F` and `TH1D`, as ROOT 6.40 writes
//! them.

mod labels;
mod record;

use std::sync::OnceLock;

use bytes::Bytes;
use rootlake_io::column::Values;
use rootlake_io::object::{Body, Graph, Layouts, Object, Value};
use rootlake_io::{Error, ErrorKind};

pub use self::labels::to_labelled_graph;
pub use self::record::RecordModel;
use crate::title::Titles;
use crate::{Axis, Histogram1D, Precision, Statistics, Th1f};

/// `TH1::fMaximum` and `fMinimum` of a histogram whose range is not set.
const NO_LIMIT: f64 = -1111.0;
/// `TH1::EStatOverflows::kNeutral`: whether overflows count is left to `gStyle`.
const NEUTRAL: i64 = 2;

/// The histogram as an object, ready for [`rootlake_io::write::FileWriter::object`].
///
/// # Errors
/// When a built-in class layout lacks a member; that is a fault of this program.
pub fn to_graph(histogram: &Histogram1D) -> rootlake_io::Result<Graph> {
    #[allow(clippy::cast_precision_loss, reason = "TH1::fEntries is a double")]
    let entries = histogram.entries() as f64;
    let object = object(&Members {
        class: histogram.class_name(),
        name: histogram.name(),
        titles: histogram.titles(),
        axis: histogram.axis(),
        entries,
        statistics: histogram.statistics(),
        sumw2: histogram.sumw2().map(Iterator::collect),
        contents: contents(histogram),
    })?;
    let mut graph = Graph::default();
    graph.add(object);
    Ok(graph)
}

/// The contents as they are stored.
fn contents(histogram: &Histogram1D) -> Values {
    match histogram.precision() {
        Precision::F32 => Values::F32(histogram.contents_f32().collect()),
        Precision::F64 => Values::F64(histogram.contents().collect()),
    }
}

/// A stored histogram as an object, to be given its looks and put into a graph.
///
/// # Errors
/// When a built-in class layout lacks a member; that is a fault of this program.
pub fn to_object(histogram: &Th1f) -> rootlake_io::Result<Object> {
    object(&Members {
        class: "TH1F",
        name: &histogram.name,
        titles: &histogram.titles,
        axis: &histogram.axis,
        entries: histogram.entries,
        statistics: histogram.statistics,
        sumw2: histogram.sumw2.clone(),
        contents: Values::F32(histogram.contents.clone()),
    })
}

/// The `TH1F` or `TH1D` (rounded to single precision) that an object is.
///
/// # Errors
/// When it is another class, has bins of different widths, or its parts do not fit each other.
pub fn from_object(object: &Object) -> rootlake_io::Result<Th1f> {
    let contents = match &*object.class {
        "TH1F" => object.array("TArrayF")?,
        "TH1D" => object.array("TArrayD")?,
        other => return Err(unsupported(format!("drawing of class {other}"))),
    };
    let contents: Vec<f32> = match contents {
        Values::F32(values) => values.clone(),
        #[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
        Values::F64(values) => values.iter().map(|value| *value as f32).collect(),
        _ => return Err(malformed("a histogram's contents are no floats")),
    };
    let x = object.object("fXaxis")?;
    if !x.array("fXbins")?.is_empty() {
        return Err(unsupported("a histogram with bins of different widths"));
    }
    let bins = u32::try_from(x.int("fNbins")?).unwrap_or(0);
    let axis = Axis::new(bins, x.float("fXmin")?, x.float("fXmax")?)
        .map_err(|error| malformed(error.to_string()))?;
    let sumw2 = match object.array("fSumw2")? {
        Values::F64(squares) => squares.clone(),
        _ => return Err(malformed("a histogram's squared errors are no doubles")),
    };
    let cells = axis.overflow() as usize + 1;
    if contents.len() != cells || !(sumw2.is_empty() || sumw2.len() == cells) {
        return Err(malformed(format!(
            "a histogram of {cells} cells holds {} contents and {} squared errors",
            contents.len(),
            sumw2.len()
        )));
    }
    Ok(Th1f {
        name: object.text("fName")?,
        titles: Titles {
            own: object.text("fTitle")?,
            x: x.text("fTitle")?,
            y: object.object("fYaxis")?.text("fTitle")?,
        },
        axis,
        contents,
        sumw2: (!sumw2.is_empty()).then_some(sumw2),
        entries: object.float("fEntries")?,
        statistics: Statistics {
            sumw: object.float("fTsumw")?,
            sumw2: object.float("fTsumw2")?,
            sumwx: object.float("fTsumwx")?,
            sumwx2: object.float("fTsumwx2")?,
        },
    })
}

fn malformed(what: impl Into<String>) -> Error {
    ErrorKind::Malformed(what.into()).into()
}

fn unsupported(what: impl Into<String>) -> Error {
    ErrorKind::Unsupported(what.into()).into()
}

/// What an object of a histogram is made of.
struct Members<'a> {
    class: &'static str,
    name: &'a str,
    titles: &'a Titles,
    axis: &'a Axis,
    entries: f64,
    statistics: Statistics,
    sumw2: Option<Vec<f64>>,
    contents: Values,
}

/// What is the same for all histograms of a class, made once: analyses write hundreds of them.
static BLANKS: [OnceLock<Object>; 2] = [OnceLock::new(), OnceLock::new()];

fn object(members: &Members<'_>) -> rootlake_io::Result<Object> {
    let [blank_f32, blank_f64] = &BLANKS;
    let (blank, array) = match members.contents {
        Values::F32(_) => (blank_f32, "TArrayF"),
        _ => (blank_f64, "TArrayD"),
    };
    let mut object = match blank.get() {
        Some(blank) => blank.clone(),
        None => {
            let made = self::blank(members.class)?;
            blank.get_or_init(|| made).clone()
        }
    };
    let cells = members.contents.len();
    let statistics = members.statistics;
    for (name, value) in [
        ("fName", text(members.name)),
        ("fTitle", text(&members.titles.own)),
        (
            "fNcells",
            Value::Int(i64::try_from(cells).unwrap_or(i64::MAX)),
        ),
        ("fEntries", Value::Float(members.entries)),
        ("fTsumw", Value::Float(statistics.sumw)),
        ("fTsumw2", Value::Float(statistics.sumw2)),
        ("fTsumwx", Value::Float(statistics.sumwx)),
        ("fTsumwx2", Value::Float(statistics.sumwx2)),
    ] {
        object.set(name, value)?;
    }
    if let Some(sumw2) = &members.sumw2 {
        set_array(object.object_mut("fSumw2")?, Values::F64(sumw2.clone()));
    }
    set_array(object.object_mut(array)?, members.contents.clone());
    let x = object.object_mut("fXaxis")?;
    x.set("fTitle", text(&members.titles.x))?;
    x.set("fNbins", Value::Int(members.axis.bins().into()))?;
    x.set("fXmin", Value::Float(members.axis.low()))?;
    x.set("fXmax", Value::Float(members.axis.high()))?;
    let y = object.object_mut("fYaxis")?;
    y.set("fTitle", text(&members.titles.y))?;
    Ok(object)
}

/// A histogram without name, bins and contents, with the attributes that ROOT 6.40 gives a new one.
fn blank(class: &str) -> rootlake_io::Result<Object> {
    let mut object = Object::empty(class, &Layouts::builtin())?;
    object.set_default_looks()?;
    for (name, value) in [
        ("fBarWidth", Value::Int(1000)),
        ("fMaximum", Value::Float(NO_LIMIT)),
        ("fMinimum", Value::Float(NO_LIMIT)),
        ("fStatOverflows", Value::Int(NEUTRAL)),
    ] {
        object.set(name, value)?;
    }
    for (member, name, title_offset) in [
        ("fXaxis", "xaxis", 1.0),
        ("fYaxis", "yaxis", 0.0),
        ("fZaxis", "zaxis", 1.0),
    ] {
        describe_axis(object.object_mut(member)?, name, title_offset)?;
    }
    // TObject::kMustCleanup: ROOT tells the histogram when something it draws is deleted.
    if let Body::Root { bits, .. } = &mut object.root_object_mut()?.body {
        *bits |= 1 << 3;
    }
    Ok(object)
}

/// Sets an axis of one bin with the attributes that ROOT 6.40 gives a new one (`TAttAxis`).
fn describe_axis(axis: &mut Object, name: &str, title_offset: f64) -> rootlake_io::Result<()> {
    for (name, value) in [
        ("fName", text(name)),
        ("fNdivisions", Value::Int(510)),
        ("fAxisColor", Value::Int(1)),
        ("fLabelColor", Value::Int(1)),
        ("fLabelFont", Value::Int(42)),
        ("fLabelOffset", Value::Float(0.005)),
        ("fLabelSize", Value::Float(0.035)),
        ("fTickLength", Value::Float(0.03)),
        ("fTitleOffset", Value::Float(title_offset)),
        ("fTitleSize", Value::Float(0.035)),
        ("fTitleColor", Value::Int(1)),
        ("fTitleFont", Value::Int(42)),
        ("fNbins", Value::Int(1)),
        ("fXmax", Value::Float(1.0)),
    ] {
        axis.set(name, value)?;
    }
    Ok(())
}

fn set_array(object: &mut Object, values: Values) {
    object.body = Body::Array(values);
}

fn text(text: &str) -> Value {
    Value::Text(Bytes::copy_from_slice(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Axis;

    #[test]
    fn the_object_holds_what_the_histogram_holds() {
        let axis = Axis::new(3, 0.0, 3.0).unwrap();
        let mut histogram = Histogram1D::new("h", "t; x [GeV];y", axis, Precision::F32);
        histogram.fill(1.5, 2.0_f32);
        histogram.fill(7.0, 1.0_f32);
        let graph = to_graph(&histogram).unwrap();
        let object = graph.root().unwrap();
        assert_eq!(&*object.class, "TH1F");
        assert_eq!(object.float("fEntries").unwrap(), 2.0);
        assert_eq!(
            object.array("fSumw2").unwrap(),
            &Values::F64(vec![0.0, 0.0, 4.0, 0.0, 1.0])
        );
        assert_eq!(
            object.array("TArrayF").unwrap(),
            &Values::F32(vec![0.0, 0.0, 2.0, 0.0, 1.0])
        );
        let x = object.object("fXaxis").unwrap();
        assert_eq!(x.text("fTitle").unwrap(), " x [GeV]");
        assert_eq!(
            (x.int("fNbins").unwrap(), x.float("fXmax").unwrap()),
            (3, 3.0)
        );
    }

    #[test]
    fn data_has_no_sum_of_squares() {
        let axis = Axis::new(3, 0.0, 3.0).unwrap();
        let mut histogram = Histogram1D::new("h", "t", axis, Precision::F64);
        histogram.fill(1.5, 1.0);
        let graph = to_graph(&histogram).unwrap();
        assert_eq!(
            graph.root().unwrap().array("fSumw2").unwrap(),
            &Values::F64(vec![])
        );
    }

    #[test]
    fn a_stored_histogram_comes_back_as_it_was() {
        let axis = Axis::new(3, 0.0, 3.0).unwrap();
        let mut histogram = Histogram1D::new("h", "t;x;y", axis, Precision::F32);
        histogram.fill(0.5, 1.0);
        assert_eq!(there_and_back(&histogram), Th1f::from(&histogram));
        histogram.fill(9.0, 0.3);
        assert_eq!(there_and_back(&histogram), Th1f::from(&histogram));
    }

    fn there_and_back(histogram: &Histogram1D) -> Th1f {
        let stored = from_object(to_graph(histogram).unwrap().root().unwrap()).unwrap();
        let again = from_object(&to_object(&stored).unwrap()).unwrap();
        assert_eq!(stored, again);
        stored
    }

    #[test]
    fn parts_that_do_not_fit_each_other_are_refused() {
        let axis = Axis::new(3, 0.0, 3.0).unwrap();
        let histogram = Histogram1D::new("h", "t", axis, Precision::F32);
        let mut object = to_graph(&histogram).unwrap().root().unwrap().clone();
        object
            .object_mut("fXaxis")
            .unwrap()
            .set("fNbins", Value::Int(4_000_000))
            .unwrap();
        let error = from_object(&object).unwrap_err().to_string();
        assert!(error.contains("4000002 cells holds 5 contents"), "{error}");
    }
}
