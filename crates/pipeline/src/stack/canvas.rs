//! A plot as a `TCanvas`, so that ROOT and JSROOT draw it at a double click. Places and sizes are
//! those of the reference's `Plotting.cxx`, lines 384 to 399, but for the lower pad's.

use rootlake_hist::Th1f;
use rootlake_io::Result;
use rootlake_io::object::{Graph, Object, ObjectId, Value};
use rootlake_physics::recipe::{NOTES, PeakFit, Recipe};

use super::object::{
    LegendEntry, Looks, curve, histogram, latex, legend, level, list, make, set_bits, stack, text,
};
use super::{DrawnStack, FittedPeak, Stack};

/// Width and height in pixels.
const SIZE: (i64, i64) = (700, 750);
/// The part of the canvas' height that the lower pad takes, and the part of the pad below its frame.
/// JSROOT draws no axes of a frame lower than 100 pixels (`settings.SmallPad`): so high, it has them
/// in a canvas of 500.
const SPLIT: f64 = 0.34;
const BELOW: f64 = 0.40;
/// `kBlue` and `kRed` as ROOT's first colours have them.
const BACKGROUND: u16 = 4;
const PEAK: u16 = 2;
/// `kGray+2`.
const GRAY: u16 = 922;
/// What `TCanvas` and `TPad` store of their bits in a batch session.
const CANVAS_BITS: u32 = 0x0333_0008;
const PAD_BITS: u32 = 0x0300_0009;

/// How far an axis keeps from an end whose label would be cut by the pad, in parts of the axis.
const HAIR: f64 = 1e-3;

/// The canvas of a stack.
pub(super) fn canvas(
    DrawnStack {
        stack: plot,
        y_range,
    }: &DrawnStack,
    recipe: &Recipe,
) -> Result<Graph> {
    let mut graph = Graph::default();
    let canvas = make(
        "TCanvas",
        [
            ("fXsizeUser", Value::Float(0.0)),
            ("fXsizeReal", Value::Float(18.6)),
            ("fYsizeReal", Value::Float(20.0)),
            ("fWindowWidth", Value::Int(SIZE.0)),
            ("fWindowHeight", Value::Int(SIZE.1)),
            ("fCw", Value::Int(SIZE.0)),
            ("fCh", Value::Int(SIZE.1)),
            ("fRetained", Value::Int(1)),
            ("kMoveOpaque", Value::Int(1)),
            ("kResizeOpaque", Value::Int(1)),
            ("fHighLightColor", Value::Int(2)),
            ("kAutoExec", Value::Int(1)),
            ("kMenuBar", Value::Int(1)),
        ],
    )?;
    let canvas = graph.add(canvas);
    let whole = Pad {
        name: "canvas",
        title: &plot.name,
        bottom: 0.0,
        top: 1.0,
        margins: (0.1, 0.1),
        log: false,
        grid: false,
        bits: CANVAS_BITS,
    };
    whole.describe(graph.get_mut(canvas)?)?;
    let split = if plot.comparison.is_some() {
        SPLIT
    } else {
        0.0
    };
    let mut pads = vec![(main_pad(&mut graph, plot, recipe, *y_range, split)?, "")];
    if let Some(compared) = &plot.comparison {
        pads.push((lower_pad(&mut graph, plot, recipe, compared)?, ""));
    }
    fill(&mut graph, canvas, pads)?;
    Ok(graph)
}

/// The legend's lines: data, the stack from the top down, its uncertainty, then lines.
pub(super) fn legend_entries(plot: &Stack) -> Vec<LegendEntry> {
    let entry = |label: &str, option, looks| LegendEntry {
        label: label.to_owned(),
        option,
        looks,
    };
    let mut entries = Vec::new();
    entries.extend(plot.data.iter().map(|_| entry("Data", "lep", Looks::DATA)));
    if plot.fit.is_some() {
        entries.push(entry("Background", "l", Looks::line(BACKGROUND, 2)));
        entries.push(entry("Signal + bkg", "l", Looks::line(PEAK, 1)));
        let signals = plot.parts.iter();
        entries.extend(
            signals.map(|part| entry(&part.label, "l", Looks::line(part.colour.index(), 1))),
        );
        return entries;
    }
    let parts = plot.parts.iter().rev();
    entries.extend(parts.map(|part| entry(&part.label, "f", Looks::filled(part.colour.index()))));
    entries.push(entry("Stat. unc.", "f", Looks::BAND));
    entries
}

/// Where the legend stands in the main pad.
pub(super) fn legend_corner(plot: &Stack) -> (f64, f64, f64, f64) {
    let top = 0.925;
    let lines = u32::try_from(legend_entries(plot).len()).map_or(1.0, f64::from);
    let left = if plot.fit.is_some() { 0.60 } else { 0.66 };
    (left, top - 0.052 * lines, 0.93, top)
}

/// The fitted curves: background, and the peak on top of it.
pub(super) fn curves(fit: &FittedPeak) -> Result<[Object; 2]> {
    let points = |at: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        let (low, high) = PeakFit::RANGE;
        let step = (high - low) / 220.0;
        let xs = (0..=220).map(|n| low + f64::from(n) * step);
        xs.map(|x| (x, at(x))).collect()
    };
    Ok([
        curve(
            "background",
            &points(&|x| fit.background.at(x)),
            Looks::line(BACKGROUND, 2),
        )?,
        curve("fit", &points(&|x| fit.at(x)), Looks::line(PEAK, 1))?,
    ])
}

/// An empty histogram with a plot's titles, for the axes of the main pad.
fn axes(plot: &Stack, (low, high): (f64, f64)) -> Result<Object> {
    let empty = plot.prediction.emptied().named("axes").titled("");
    let mut axes = histogram(&empty, Looks::DATA)?;
    axes.set("fMinimum", Value::Float(low))?;
    axes.set("fMaximum", Value::Float(high))?;
    set_axis(&mut axes, "fYaxis", 0.05, 0.045, 1.55)?;
    Ok(axes)
}

/// The parts as filled areas, bottom to top.
pub(super) fn filled(plot: &Stack) -> Result<Vec<Object>> {
    let parts = plot.parts.iter();
    parts
        .map(|part| histogram(&part.histogram, Looks::filled(part.colour.index())))
        .collect()
}

fn main_pad(
    graph: &mut Graph,
    plot: &Stack,
    recipe: &Recipe,
    (low, high): (f64, f64),
    split: f64,
) -> Result<ObjectId> {
    // A hair above zero, whose label would run into those of the lower pad.
    let range = (if low == 0.0 { HAIR * high } else { low }, high);
    let pad = Pad {
        name: "main",
        title: "",
        bottom: split,
        top: 1.0,
        margins: (if split > 0.0 { 0.0 } else { 0.14 }, 0.06),
        log: recipe.y_axis(&plot.name).is_some_and(|axes| axes.log),
        grid: false,
        bits: PAD_BITS,
    };
    let id = graph.add(pad.object()?);
    let mut drawn = vec![(graph.add(axes(plot, range)?), "AXIS")];
    if let Some(fit) = &plot.fit {
        for part in &plot.parts {
            let looks = Looks::line(part.colour.index(), 1);
            drawn.push((graph.add(histogram(&part.histogram, looks)?), "HIST SAME"));
        }
        for curve in curves(fit)? {
            drawn.push((graph.add(curve), "L"));
        }
    } else {
        // Opaque areas need no clearing below them, which goes wrong as told at `stack`.
        let stack = stack(graph, "", range, filled(plot)?)?;
        drawn.push((stack, "HIST SAME NOCLEAR"));
        let band = histogram(&plot.prediction, Looks::BAND)?;
        drawn.push((graph.add(band), "E2 SAME"));
    }
    if let Some(data) = &plot.data {
        drawn.push((graph.add(histogram(data, Looks::DATA)?), "E1 SAME"));
    }
    let lines = NOTES.iter().copied().chain([recipe.channel(&plot.name)]);
    let places = [(0.87, 0.05), (0.82, 0.04), (0.77, 0.04), (0.72, 0.04)];
    for (line, (y, size)) in lines.zip(places) {
        drawn.push((graph.add(latex((0.20, y), size, line)?), ""));
    }
    let legend = legend(graph, legend_corner(plot), &legend_entries(plot))?;
    drawn.push((legend, ""));
    // Once more over what was filled.
    drawn.push((graph.add(axes(plot, range)?), "AXIS SAME"));
    fill(graph, id, drawn)
}

fn lower_pad(
    graph: &mut Graph,
    plot: &Stack,
    recipe: &Recipe,
    compared: &Th1f,
) -> Result<ObjectId> {
    let fit = recipe.fit(&plot.name).filter(|_| plot.fit.is_some());
    let pad = Pad {
        name: "lower",
        title: "",
        bottom: 0.0,
        top: SPLIT,
        margins: (BELOW, 0.0),
        log: false,
        grid: fit.is_none(),
        bits: PAD_BITS,
    };
    let id = graph.add(pad.object()?);
    let (low, high) = fit.map_or((HAIR, 2.0 - HAIR), |fit| fit.panel);
    let mut points = histogram(compared, Looks::DATA)?;
    points.set("fMinimum", Value::Float(low))?;
    points.set("fMaximum", Value::Float(high))?;
    set_axis(&mut points, "fXaxis", 0.11, 0.10, 1.3)?;
    set_axis(&mut points, "fYaxis", 0.09, 0.085, 0.8)?;
    let axis = points.object_mut("fYaxis")?;
    axis.set("fNdivisions", Value::Int(504))?;
    // TAxis::kCenterTitle
    set_bits(axis, 0x0300_0000 | 1 << 12)?;
    let x = compared.axis();
    let (level_at, looks) = match fit {
        Some(_) => (0.0, Looks::line(BACKGROUND, 2)),
        None => (1.0, Looks::line(GRAY, 1)),
    };
    let line = level((x.low(), x.high()), level_at, looks)?;
    let drawn = vec![
        (graph.add(points.clone()), "0E1"),
        (graph.add(line), ""),
        (graph.add(points), "0E1 SAME"),
    ];
    fill(graph, id, drawn)
}

fn set_axis(
    histogram: &mut Object,
    axis: &str,
    title_size: f64,
    label_size: f64,
    title_offset: f64,
) -> Result<()> {
    let axis = histogram.object_mut(axis)?;
    axis.set("fTitleSize", Value::Float(title_size))?;
    axis.set("fLabelSize", Value::Float(label_size))?;
    axis.set("fTitleOffset", Value::Float(title_offset))
}

/// Draws objects into a pad.
fn fill(graph: &mut Graph, pad: ObjectId, drawn: Vec<(ObjectId, &str)>) -> Result<ObjectId> {
    let drawn = Value::Object(Box::new(list(drawn)));
    graph.get_mut(pad)?.set("fPrimitives", drawn)?;
    Ok(pad)
}

/// A pad as wide as its canvas.
struct Pad<'a> {
    name: &'a str,
    title: &'a str,
    /// Where it begins and ends in the canvas, in parts of its height.
    bottom: f64,
    top: f64,
    /// Below and above the frame, in parts of the pad's height.
    margins: (f64, f64),
    log: bool,
    grid: bool,
    bits: u32,
}

impl Pad<'_> {
    fn object(&self) -> Result<Object> {
        let mut pad = make("TPad", [])?;
        self.describe(&mut pad)?;
        Ok(pad)
    }

    /// Sets the members of a `TPad` or, as its base, a `TCanvas`.
    fn describe(&self, pad: &mut Object) -> Result<()> {
        let height = self.top - self.bottom;
        for (name, value) in [
            ("fLeftMargin", 0.16),
            ("fRightMargin", 0.05),
            ("fBottomMargin", self.margins.0),
            ("fTopMargin", self.margins.1),
            ("fXfile", 2.0),
            ("fYfile", 2.0),
            ("fAfile", 1.0),
            ("fXstat", 0.99),
            ("fYstat", 0.99),
            ("fAstat", 2.0),
            ("fX2", 1.0),
            ("fY2", 1.0),
            ("fYlowNDC", self.bottom),
            ("fXUpNDC", 1.0),
            ("fYUpNDC", self.top),
            ("fWNDC", 1.0),
            ("fHNDC", height),
            ("fAbsYlowNDC", self.bottom),
            ("fAbsWNDC", 1.0),
            ("fAbsHNDC", height),
            ("fUxmax", 1.0),
            ("fUymax", 1.0),
            ("fTheta", 30.0),
            ("fPhi", 30.0),
        ] {
            pad.set(name, Value::Float(value))?;
        }
        for (name, value) in [
            ("fLineColor", 1),
            ("fLineStyle", 1),
            ("fLineWidth", 1),
            ("fFillStyle", 1001),
            ("fFrameLineColor", 1),
            ("fFrameFillStyle", 1001),
            ("fFrameLineStyle", 1),
            ("fFrameLineWidth", 1),
            ("fFrameBorderSize", 1),
            ("fTickx", 1),
            ("fTicky", 1),
            ("fLogy", i64::from(self.log)),
            ("fGridy", i64::from(self.grid)),
            ("fEditable", 1),
        ] {
            pad.set(name, Value::Int(value))?;
        }
        pad.set("fName", text(self.name))?;
        pad.set("fTitle", text(self.title))?;
        set_bits(pad, self.bits)
    }
}
