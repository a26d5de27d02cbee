//! Histograms as objects of a ROOT file: `TH1F` and `TH1D`, as ROOT 6.40 writes them.

mod labels;

use bytes::Bytes;
use rootlake_io::column::Values;
use rootlake_io::object::{Body, Graph, Layouts, Object, Value};

pub use self::labels::to_labelled_graph;
use crate::{Histogram1D, Precision};

/// `TH1::fMaximum` and `fMinimum` of a histogram whose range is not set.
const NO_LIMIT: f64 = -1111.0;
/// `TH1::EStatOverflows::kNeutral`: whether overflows count is left to `gStyle`.
const NEUTRAL: i64 = 2;

/// The histogram as an object, ready for [`rootlake_io::write::FileWriter::object`].
///
/// # Errors
/// When a built-in class layout lacks a member; that is a fault of this program.
pub fn to_graph(histogram: &Histogram1D) -> rootlake_io::Result<Graph> {
    let layouts = Layouts::builtin();
    let mut object = Object::empty(histogram.class_name(), &layouts)?;
    let cells = histogram.contents().len();
    let statistics = histogram.statistics();
    for (name, value) in [
        ("fName", text(histogram.name())),
        ("fTitle", text(histogram.title())),
        ("fLineColor", Value::Int(602)),
        ("fLineStyle", Value::Int(1)),
        ("fLineWidth", Value::Int(1)),
        ("fFillStyle", Value::Int(1001)),
        ("fMarkerColor", Value::Int(1)),
        ("fMarkerStyle", Value::Int(1)),
        ("fMarkerSize", Value::Float(1.0)),
        (
            "fNcells",
            Value::Int(i64::try_from(cells).unwrap_or(i64::MAX)),
        ),
        ("fBarWidth", Value::Int(1000)),
        #[allow(clippy::cast_precision_loss, reason = "TH1::fEntries is a double")]
        ("fEntries", Value::Float(histogram.entries() as f64)),
        ("fTsumw", Value::Float(statistics.sumw)),
        ("fTsumw2", Value::Float(statistics.sumw2)),
        ("fTsumwx", Value::Float(statistics.sumwx)),
        ("fTsumwx2", Value::Float(statistics.sumwx2)),
        ("fMaximum", Value::Float(NO_LIMIT)),
        ("fMinimum", Value::Float(NO_LIMIT)),
        ("fStatOverflows", Value::Int(NEUTRAL)),
    ] {
        object.set(name, value)?;
    }
    if let Some(sumw2) = histogram.sumw2() {
        set_array(object.object_mut("fSumw2")?, Values::F64(sumw2.collect()));
    }
    let contents = match histogram.precision() {
        Precision::F32 => ("TArrayF", Values::F32(histogram.contents_f32().collect())),
        Precision::F64 => ("TArrayD", Values::F64(histogram.contents().collect())),
    };
    set_array(object.object_mut(contents.0)?, contents.1);
    let axis = histogram.axis();
    let x = (axis.bins(), axis.low(), axis.high());
    describe_axis(&mut object, "fXaxis", "xaxis", histogram.x_title(), x)?;
    describe_axis(
        &mut object,
        "fYaxis",
        "yaxis",
        histogram.y_title(),
        (1, 0.0, 1.0),
    )?;
    describe_axis(&mut object, "fZaxis", "zaxis", "", (1, 0.0, 1.0))?;
    // TObject::kMustCleanup: ROOT tells the histogram when something it draws is deleted.
    if let Body::Root { bits, .. } = &mut object.root_object_mut()?.body {
        *bits |= 1 << 3;
    }
    let mut graph = Graph::default();
    graph.add(object);
    Ok(graph)
}

/// Sets an axis with the attributes that ROOT 6.40 gives a new one (`TAttAxis`).
fn describe_axis(
    histogram: &mut Object,
    member: &str,
    name: &str,
    title: &str,
    (bins, low, high): (u32, f64, f64),
) -> rootlake_io::Result<()> {
    let title_offset = if member == "fYaxis" { 0.0 } else { 1.0 };
    let axis = histogram.object_mut(member)?;
    for (name, value) in [
        ("fName", text(name)),
        ("fTitle", text(title)),
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
        ("fNbins", Value::Int(bins.into())),
        ("fXmin", Value::Float(low)),
        ("fXmax", Value::Float(high)),
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
}
