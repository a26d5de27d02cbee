//! What a plot is made of as ROOT's graphics classes: histograms with their looks, a stack of them,
//! legend, text, lines. Attributes are ROOT's: sizes are parts of a pad, fonts and styles numbers.

use bytes::Bytes;
use rootlake_hist::Th1f;
use rootlake_hist::root::to_object;
use rootlake_io::Result;
use rootlake_io::column::Values;
use rootlake_io::object::{Body, Graph, Layouts, List, ListKind, Object, ObjectId, Value};

/// Helvetica, scalable (`TAttText::fTextFont`).
pub(super) const FONT: i64 = 42;
/// `TObject::kIsOnHeap` and `kNotDeleted`'s place on file: what ROOT stores of a plain object.
const PLAIN: u32 = 0x0100_0000;
/// `TText::kTextNDC`: the place is given in parts of the pad.
const IN_PAD: u32 = 1 << 14;
/// `TObject::kMustCleanup`, `TH1::kNoStats` and `kNoTitle`.
const BARE_HISTOGRAM: u32 = PLAIN | 1 << 3 | 1 << 9 | 1 << 17;

/// How something is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looks {
    pub(super) line: u16,
    pub(super) line_style: i64,
    pub(super) line_width: i64,
    pub(super) fill: u16,
    /// 1001 is solid, 0 hollow, 3454 hatched.
    pub(super) fill_style: i64,
    /// 20 is a disc.
    pub(super) marker_style: i64,
    pub(super) marker_size: f64,
}

impl Looks {
    /// Black discs with bars.
    pub(super) const DATA: Self = Self {
        line: 1,
        line_style: 1,
        line_width: 2,
        fill: 0,
        fill_style: 0,
        marker_style: 20,
        marker_size: 1.2,
    };
    /// The hatched band of a statistical uncertainty, in `kBlue+2`.
    pub(super) const BAND: Self = Self {
        line: 0,
        fill: 602,
        fill_style: 3454,
        marker_size: 0.0,
        ..Self::DATA
    };

    /// An area of one colour.
    pub(super) fn filled(colour: u16) -> Self {
        Self {
            line: colour,
            line_width: 0,
            fill: colour,
            fill_style: 1001,
            marker_style: 1,
            marker_size: 1.0,
            ..Self::DATA
        }
    }

    /// A line; style 2 is dashed.
    pub(super) fn line(colour: u16, line_style: i64) -> Self {
        Self {
            line: colour,
            line_style,
            marker_style: 1,
            ..Self::DATA
        }
    }

    fn apply(&self, object: &mut Object) -> Result<()> {
        for (name, value) in [
            ("fLineColor", Value::Int(self.line.into())),
            ("fLineStyle", Value::Int(self.line_style)),
            ("fLineWidth", Value::Int(self.line_width)),
            ("fFillColor", Value::Int(self.fill.into())),
            ("fFillStyle", Value::Int(self.fill_style)),
            ("fMarkerColor", Value::Int(1)),
            ("fMarkerStyle", Value::Int(self.marker_style)),
            ("fMarkerSize", Value::Float(self.marker_size)),
        ] {
            object.set(name, value)?;
        }
        Ok(())
    }
}

/// An object of a class whose members are set by name.
pub(super) fn make<const N: usize>(class: &str, members: [(&str, Value); N]) -> Result<Object> {
    let mut object = Object::empty(class, &Layouts::builtin())?;
    for (name, value) in members {
        object.set(name, value)?;
    }
    Ok(object)
}

/// A histogram with its looks, without statistics box and title.
pub(super) fn histogram(histogram: &Th1f, looks: Looks) -> Result<Object> {
    let mut object = to_object(histogram)?;
    looks.apply(&mut object)?;
    set_bits(&mut object, BARE_HISTOGRAM)?;
    Ok(object)
}

/// Adds a `THStack` of histograms, bottom to top, with its titles and the ends of its y axis.
///
/// It has no histogram for its axes (`fHistogram`): with one, `THStack::Paint` of ROOT 6.40 goes
/// through a null pointer where the session has not met `TFrame` before.
pub(super) fn stack(
    graph: &mut Graph,
    titles: &str,
    (low, high): (f64, f64),
    histograms: Vec<Object>,
) -> Result<ObjectId> {
    let members = [
        ("fName", text("stack")),
        ("fTitle", text(titles)),
        ("fMinimum", Value::Float(low)),
        ("fMaximum", Value::Float(high)),
    ];
    let stack = graph.add(make("THStack", members)?);
    let items = histograms
        .into_iter()
        .map(|histogram| (graph.add(histogram), ""))
        .collect();
    let list = graph.add(list(items));
    let stacked = graph.get_mut(stack)?;
    stacked.set("fHists", Value::Pointer(Some(list)))?;
    Ok(stack)
}

/// One line of a legend: what it says, what stands before it, and how that is drawn.
pub(super) struct LegendEntry {
    pub(super) label: String,
    /// `f` an area, `l` a line, `lep` a point with its error.
    pub(super) option: &'static str,
    pub(super) looks: Looks,
}

/// Adds a `TLegend` in a corner of its pad, `(left, bottom, right, top)` in parts of it.
pub(super) fn legend(
    graph: &mut Graph,
    (x1, y1, x2, y2): (f64, f64, f64, f64),
    entries: &[LegendEntry],
) -> Result<ObjectId> {
    let legend = make(
        "TLegend",
        [
            ("fX1", Value::Float(x1)),
            ("fY1", Value::Float(y1)),
            ("fX2", Value::Float(x2)),
            ("fY2", Value::Float(y2)),
            ("fX1NDC", Value::Float(x1)),
            ("fY1NDC", Value::Float(y1)),
            ("fX2NDC", Value::Float(x2)),
            ("fY2NDC", Value::Float(y2)),
            ("fOption", text("brNDC")),
            ("fName", text("legend")),
            ("fTextAlign", Value::Int(12)),
            ("fTextColor", Value::Int(1)),
            ("fTextFont", Value::Int(FONT)),
            ("fTextSize", Value::Float(0.045)),
            ("fEntrySeparation", Value::Float(0.1)),
            ("fMargin", Value::Float(0.25)),
            ("fNColumns", Value::Int(1)),
        ],
    )?;
    let legend = graph.add(legend);
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        let members = [
            ("fLabel", text(&entry.label)),
            ("fOption", text(entry.option)),
        ];
        let mut object = make("TLegendEntry", members)?;
        entry.looks.apply(&mut object)?;
        items.push((graph.add(object), entry.option));
    }
    let list = graph.add(list(items));
    graph
        .get_mut(legend)?
        .set("fPrimitives", Value::Pointer(Some(list)))?;
    Ok(legend)
}

/// A line of text whose baseline begins at a place in its pad.
pub(super) fn latex((x, y): (f64, f64), size: f64, line: &str) -> Result<Object> {
    let mut object = make(
        "TLatex",
        [
            ("fTitle", text(line)),
            ("fX", Value::Float(x)),
            ("fY", Value::Float(y)),
            ("fTextAlign", Value::Int(11)),
            ("fTextColor", Value::Int(1)),
            ("fTextFont", Value::Int(FONT)),
            ("fTextSize", Value::Float(size)),
            ("fLineColor", Value::Int(1)),
            ("fLineStyle", Value::Int(1)),
            ("fLineWidth", Value::Int(2)),
            ("fLimitFactorSize", Value::Int(3)),
        ],
    )?;
    set_bits(&mut object, PLAIN | IN_PAD)?;
    Ok(object)
}

/// A level line from one value of x to another.
pub(super) fn level((from, to): (f64, f64), y: f64, looks: Looks) -> Result<Object> {
    make(
        "TLine",
        [
            ("fX1", Value::Float(from)),
            ("fY1", Value::Float(y)),
            ("fX2", Value::Float(to)),
            ("fY2", Value::Float(y)),
            ("fLineColor", Value::Int(looks.line.into())),
            ("fLineStyle", Value::Int(looks.line_style)),
            ("fLineWidth", Value::Int(looks.line_width)),
        ],
    )
}

/// A curve through points: a `TGraph`.
pub(super) fn curve(name: &str, points: &[(f64, f64)], looks: Looks) -> Result<Object> {
    let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let count = i64::try_from(points.len()).unwrap_or(0);
    let mut object = make(
        "TGraph",
        [
            ("fName", text(name)),
            ("fTitle", text(name)),
            ("fNpoints", Value::Int(count)),
            ("fX", Value::Array(Values::F64(xs))),
            ("fY", Value::Array(Values::F64(ys))),
            ("fMaximum", Value::Float(-1111.0)),
            ("fMinimum", Value::Float(-1111.0)),
        ],
    )?;
    looks.apply(&mut object)?;
    Ok(object)
}

/// A named number.
pub(super) fn parameter(name: &str, value: f64) -> Result<Object> {
    let members = [("fName", text(name)), ("fVal", Value::Float(value))];
    make("TParameter<double>", members)
}

/// A `TList` of objects, each with its draw option.
pub(super) fn list(items: Vec<(ObjectId, &str)>) -> Object {
    let (items, options) = items
        .into_iter()
        .map(|(item, option)| (Some(item), Bytes::copy_from_slice(option.as_bytes())))
        .unzip();
    Object {
        class: "TList".into(),
        body: Body::List(List {
            kind: ListKind::Linked,
            version: 5,
            object: (0, PLAIN),
            name: Bytes::new(),
            lower_bound: 0,
            items,
            options,
        }),
    }
}

/// Sets the bits of an object's `TObject`.
pub(super) fn set_bits(object: &mut Object, new: u32) -> Result<()> {
    if let Body::Root { bits, .. } = &mut object.root_object_mut()?.body {
        *bits = new;
    }
    Ok(())
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(Bytes::copy_from_slice(text.as_bytes()))
}
