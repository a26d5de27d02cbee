//! The panel below the plot: data compared with what is expected.

use crate::check::check_range;
use crate::colour::Colour;
use crate::error::PlotError;
use crate::font::Fonts;
use crate::plot::{Curve, Panel, StackPlot};
use crate::scene::{Scene, Stroke};

use super::axes::{Titles, draw as draw_axes};
use super::frame::Frame;
use super::marks::{boxes, curves, data, hatch};
use super::{Layout, Point, Prediction};

/// What the panel shows, computed.
struct Comparison {
    title: &'static str,
    /// Where data and expectation agree: 1 for a ratio, 0 for a difference.
    agreement: f64,
    points: Vec<Point>,
    /// The ends of the uncertainty band in each bin.
    band: Vec<(f64, f64)>,
    curves: Vec<Curve>,
}

/// Draws the panel, if the plot has one.
pub(crate) fn draw(
    scene: &mut Scene,
    fonts: &Fonts,
    layout: &Layout,
    plot: &StackPlot,
    prediction: &Prediction,
    points: &[Point],
) -> Result<(), PlotError> {
    let compared = match &plot.panel {
        Panel::None => None,
        Panel::DataOverPrediction => Some(ratio(prediction, points)),
        Panel::DataMinusPrediction => Some(difference(prediction, points)),
        Panel::DataMinusBackground(background) => Some(excess(plot, background, points)),
    };
    let (Some(rect), Some(compared)) = (layout.panel, compared) else {
        return Ok(());
    };
    let (lo, hi) = plot.panel_range.unwrap_or_else(|| compared.range());
    check_range("panel", lo, hi, false)?;

    let frame = Frame::new(rect, &plot.edges, (lo, hi), false);
    hatch(scene, layout, &boxes(&frame, compared.band.iter().copied()));
    let level = frame.line(&[
        (frame.x.lo, compared.agreement),
        (frame.x.hi, compared.agreement),
    ]);
    let dash = Some((6.0 * layout.unit, 4.0 * layout.unit));
    let stroke = Stroke {
        colour: Colour::BLACK,
        width: 1.2 * layout.unit,
        dash,
    };
    scene.stroke(level, stroke);
    curves(scene, &frame, layout, &compared.curves);
    let colour = plot.data.as_ref().map_or(Colour::BLACK, |data| data.colour);
    data(scene, &frame, layout, &compared.points, colour);

    let y = if plot.panel_title.is_empty() {
        compared.title
    } else {
        &plot.panel_title
    };
    let titles = Titles {
        x: Some(&plot.x_title),
        y,
        centred: true,
    };
    draw_axes(scene, fonts, &frame, layout, &titles);
    Ok(())
}

fn ratio(prediction: &Prediction, points: &[Point]) -> Comparison {
    let points = points.iter().filter_map(|point| {
        let total = prediction
            .total
            .get(point.bin)
            .copied()
            .filter(|total| *total > 0.0)?;
        Some(point.relative(0.0, total))
    });
    let band = prediction.bins().map(|(total, error)| {
        let relative = if total > 0.0 { error / total } else { 0.0 };
        (1.0 - relative, 1.0 + relative)
    });
    Comparison {
        title: "Data / Pred.",
        agreement: 1.0,
        points: points.collect(),
        band: band.collect(),
        curves: Vec::new(),
    }
}

fn difference(prediction: &Prediction, points: &[Point]) -> Comparison {
    let points = points
        .iter()
        .map(|point| point.relative(prediction.total.get(point.bin).copied().unwrap_or(0.0), 1.0));
    Comparison {
        title: "Data − Pred.",
        agreement: 0.0,
        points: points.collect(),
        band: prediction
            .errors
            .iter()
            .map(|error| (-error, *error))
            .collect(),
        curves: Vec::new(),
    }
}

fn excess(plot: &StackPlot, background: &[(f64, f64)], points: &[Point]) -> Comparison {
    let off = |x: f64, y: f64| Some((x, y - interpolate(background, x)?));
    let points = points
        .iter()
        .filter_map(|point| Some(point.relative(interpolate(background, point.x)?, 1.0)));
    let curves = plot.curves.iter().map(|curve| {
        let points = curve
            .points
            .iter()
            .filter_map(|(x, y)| off(*x, *y))
            .collect();
        Curve {
            points,
            ..curve.clone()
        }
    });
    Comparison {
        title: "Data − Bkg",
        agreement: 0.0,
        points: points.collect(),
        band: Vec::new(),
        curves: curves.collect(),
    }
}

/// The value at `x` of straight lines through points of rising x; none outside them.
fn interpolate(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let behind = points.partition_point(|(at, _)| *at < x);
    let (x1, y1) = *points.get(behind)?;
    let Some((x0, y0)) = behind.checked_sub(1).and_then(|before| points.get(before)) else {
        return (x1 == x).then_some(y1);
    };
    Some(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
}

impl Comparison {
    /// A ratio from 0 to 2; a difference as far as its points and curves go.
    fn range(&self) -> (f64, f64) {
        if self.agreement == 1.0 {
            return (0.0, 2.0);
        }
        let bars = self.points.iter().flat_map(|point| [point.low, point.high]);
        let curves = self
            .curves
            .iter()
            .flat_map(|curve| &curve.points)
            .map(|(_, y)| *y);
        let (lo, hi) = bars
            .chain(curves)
            .fold((0.0_f64, 0.0_f64), |(lo, hi), y| (lo.min(y), hi.max(y)));
        let room = if hi > lo { 0.12 * (hi - lo) } else { 1.0 };
        (lo - room, hi + room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolation_is_exact_at_points_and_ends_with_them() {
        let points = [(0.0, 1.0), (2.0, 5.0), (3.0, 5.0)];
        assert_eq!(interpolate(&points, 0.0), Some(1.0));
        assert_eq!(interpolate(&points, 1.0), Some(3.0));
        assert_eq!(interpolate(&points, 3.0), Some(5.0));
        assert_eq!(interpolate(&points, -0.1), None);
        assert_eq!(interpolate(&points, 3.1), None);
    }

    #[test]
    fn bins_without_prediction_have_no_ratio() {
        let prediction = Prediction {
            heights: Vec::new(),
            total: vec![4.0, 0.0, -1.0],
            errors: vec![1.0, 0.0, 1.0],
        };
        let point = |bin| Point {
            bin,
            x: 0.0,
            y: 8.0,
            low: 6.0,
            high: 10.0,
        };
        let compared = ratio(&prediction, &[point(0), point(1), point(2)]);
        let expected = Point {
            bin: 0,
            x: 0.0,
            y: 2.0,
            low: 1.5,
            high: 2.5,
        };
        assert_eq!(compared.points, [expected]);
        assert_eq!(compared.band, [(0.75, 1.25), (1.0, 1.0), (1.0, 1.0)]);
    }
}
