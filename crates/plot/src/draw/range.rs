//! The ends of the y axis: from zero, and as high as leaves legend and notes above what is drawn.

use crate::check::check_range;
use crate::error::PlotError;
use crate::geometry::Rect;
use crate::plot::StackPlot;

use super::frame::Scale;
use super::legend::Heading;
use super::{Layout, Point, Prediction};

/// What is drawn stays below this part of the axis where nothing is written.
const FULL: f64 = 0.93;
/// Below a legend at least this part of the axis is left to what is drawn.
const LEAST: f64 = 0.3;
/// An automatic logarithmic axis begins at most this many times below its highest content,
const MOST_BELOW: f64 = 1e8;
/// and at least this many times, to show the small parts at the bottom of a high stack.
const LEAST_BELOW: f64 = 1e3;

/// The highest thing drawn between two values of x.
struct Peak {
    from: f64,
    to: f64,
    top: f64,
}

/// The ends of the y axis.
pub(crate) fn of(
    plot: &StackPlot,
    prediction: &Prediction,
    points: &[Point],
    heading: &Heading,
    layout: &Layout,
) -> Result<(f64, f64), PlotError> {
    let range = plot.y_range.unwrap_or_else(|| {
        let peaks = peaks(plot, prediction, points);
        let lo = lower_end(plot, prediction, points, &peaks);
        (
            lo,
            upper_end(plot, lo, &peaks, &heading.boxes(layout), layout.main),
        )
    });
    check_range("y", range.0, range.1, plot.log_y)?;
    Ok(range)
}

fn peaks(plot: &StackPlot, prediction: &Prediction, points: &[Point]) -> Vec<Peak> {
    let bins = || {
        plot.edges
            .iter()
            .copied()
            .zip(plot.edges.iter().copied().skip(1))
    };
    let stack = prediction.bins().map(|(total, error)| total + error);
    let overlays = plot
        .overlays
        .iter()
        .flat_map(|overlay| bins().zip(&overlay.contents));
    let mut peaks: Vec<Peak> = bins()
        .zip(stack)
        .chain(overlays.map(|(bin, content)| (bin, *content)))
        .map(|((from, to), top)| Peak { from, to, top })
        .collect();
    peaks.extend(points.iter().map(|point| Peak {
        from: point.x,
        to: point.x,
        top: point.high,
    }));
    let curves = plot.curves.iter().flat_map(|curve| &curve.points);
    peaks.extend(curves.map(|(x, y)| Peak {
        from: *x,
        to: *x,
        top: *y,
    }));
    peaks
}

fn lower_end(plot: &StackPlot, prediction: &Prediction, points: &[Point], peaks: &[Peak]) -> f64 {
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    if !plot.log_y {
        let overlays = plot
            .overlays
            .iter()
            .flat_map(|overlay| overlay.contents.iter().copied());
        return least(&mut prediction.total.iter().copied().chain(overlays)).min(0.0) * 1.15;
    }
    let highest = peaks.iter().map(|peak| peak.top).fold(0.0, f64::max);
    let drawn = prediction
        .total
        .iter()
        .copied()
        .chain(points.iter().map(|point| point.y));
    let lowest = least(&mut drawn.filter(|value| *value > 0.0));
    if highest <= 0.0 || !lowest.is_finite() {
        return 0.1;
    }
    (0.3 * lowest).clamp(highest / MOST_BELOW, highest / LEAST_BELOW)
}

fn upper_end(plot: &StackPlot, lo: f64, peaks: &[Peak], boxes: &[Rect], frame: Rect) -> f64 {
    let across = Scale {
        lo: plot.edges.first().copied().unwrap_or(0.0),
        hi: plot.edges.last().copied().unwrap_or(1.0),
        log: false,
    };
    let place = |x: f64| frame.left + across.fraction(x) * frame.width();
    // The part of the axis that a peak may reach: up to the lowest box above it.
    let allowed = |peak: &Peak| {
        let covered = boxes
            .iter()
            .filter(|b| place(peak.to) > b.left && place(peak.from) < b.right);
        let room = covered
            .map(|b| (frame.bottom - b.bottom) / frame.height())
            .fold(FULL, f64::min);
        room.max(LEAST)
    };
    let needed = peaks.iter().filter(|peak| peak.top > lo).map(|peak| {
        if plot.log_y {
            lo * (peak.top / lo).powf(1.0 / allowed(peak))
        } else {
            lo + (peak.top - lo) / allowed(peak)
        }
    });
    let hi = needed.fold(f64::NEG_INFINITY, f64::max);
    match (hi > lo, plot.log_y) {
        (true, _) => hi,
        (false, true) => lo * 100.0,
        (false, false) => lo + 1.0,
    }
}
