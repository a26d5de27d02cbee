//! The contents of a frame: stack, hatched band, lines and data points.

use crate::colour::Colour;
use crate::geometry::{Point as Place, Polyline, Rect};
use crate::plot::{Curve, StackPlot};
use crate::scene::{Scene, Stroke};

use super::frame::Frame;
use super::{Layout, Point, Prediction};

/// The processes, filled and outlined, and the hatched band of their statistical uncertainty.
pub(crate) fn stack(
    scene: &mut Scene,
    frame: &Frame<'_>,
    layout: &Layout,
    plot: &StackPlot,
    prediction: &Prediction,
) {
    // From the top down, each area from zero on: a process with negative weights is then covered
    // by those below it, as in ROOT's THStack.
    for (process, heights) in plot.processes.iter().zip(&prediction.heights).rev() {
        let outline = Stroke::solid(Colour::BLACK, layout.thin());
        scene.shape(
            vec![frame.area(heights)],
            Some(process.colour),
            Some(outline),
        );
    }
    let ends = prediction
        .bins()
        .map(|(total, error)| (total - error, total + error));
    hatch(scene, layout, &boxes(frame, ends));
}

/// The places of boxes that span their bins from one value to another, within the frame.
pub(crate) fn boxes(frame: &Frame<'_>, ends: impl Iterator<Item = (f64, f64)>) -> Vec<Rect> {
    frame
        .bins()
        .zip(ends)
        .map(|((left, right), (low, high))| Rect {
            left,
            top: frame.up_within(high),
            right,
            bottom: frame.up_within(low),
        })
        .filter(|area| area.height() > 0.0)
        .collect()
}

/// Hatches areas with parallel lines that continue from one to the next.
pub(crate) fn hatch(scene: &mut Scene, layout: &Layout, areas: &[Rect]) {
    let spacing = 6.0 * layout.unit;
    let lines = areas
        .iter()
        .flat_map(|area| hatch_lines(area, spacing))
        .collect();
    scene.stroke(lines, Stroke::solid(Colour::BLACK, 0.8 * layout.unit));
}

/// The parts of the lines x + y = n × spacing inside an area.
fn hatch_lines(area: &Rect, spacing: f64) -> Vec<Polyline> {
    let mut lines = Vec::new();
    let mut sum = ((area.left + area.top) / spacing).ceil() * spacing;
    while sum < area.right + area.bottom {
        let from = Place::new(area.left, sum - area.left);
        let to = Place::new(area.right, sum - area.right);
        lines.extend(area.clip(from, to).map(|(a, b)| Polyline::segment(a, b)));
        sum += spacing;
    }
    lines
}

/// Histograms drawn as lines.
pub(crate) fn overlays(scene: &mut Scene, frame: &Frame<'_>, layout: &Layout, plot: &StackPlot) {
    for overlay in &plot.overlays {
        let line = Polyline::open(frame.steps(&overlay.contents));
        scene.stroke(vec![line], overlay_stroke(layout, overlay.colour));
    }
}

/// How an overlay is drawn, in the frame and in the legend.
pub(crate) fn overlay_stroke(layout: &Layout, colour: Colour) -> Stroke {
    let dash = (9.0 * layout.unit, 5.0 * layout.unit);
    Stroke {
        colour,
        width: layout.thick(),
        dash: Some(dash),
    }
}

/// Smooth lines.
pub(crate) fn curves(scene: &mut Scene, frame: &Frame<'_>, layout: &Layout, curves: &[Curve]) {
    for curve in curves {
        scene.stroke(frame.line(&curve.points), curve_stroke(layout, curve));
    }
}

/// How a curve is drawn, in the frames and in the legend.
pub(crate) fn curve_stroke(layout: &Layout, curve: &Curve) -> Stroke {
    let dash = (7.0 * layout.unit, 5.0 * layout.unit);
    let dash = curve.dashed.then_some(dash);
    Stroke {
        colour: curve.colour,
        width: layout.thick() * 1.1,
        dash,
    }
}

/// Points with error bars; where a point lies outside the frame, an arrow at its border.
pub(crate) fn data(
    scene: &mut Scene,
    frame: &Frame<'_>,
    layout: &Layout,
    points: &[Point],
    colour: Colour,
) {
    let mut bars = Vec::new();
    let mut centres = Vec::new();
    let mut arrows = Vec::new();
    for point in points {
        let x = frame.across(point.x);
        let ends = (
            Place::new(x, frame.up(point.low)),
            Place::new(x, frame.up(point.high)),
        );
        bars.extend(
            frame
                .rect
                .clip(ends.0, ends.1)
                .map(|(a, b)| Polyline::segment(a, b)),
        );
        if frame.y.contains(point.y) {
            centres.push(Place::new(x, frame.up(point.y)));
        } else {
            arrows.push(arrow(frame, layout, x, point.y > frame.y.hi));
        }
    }
    scene.stroke(bars, Stroke::solid(colour, 0.8 * layout.thick()));
    scene.discs(centres, layout.marker(), colour);
    scene.fill(arrows, colour);
}

/// A triangle at the frame's upper or lower border that points out of it.
fn arrow(frame: &Frame<'_>, layout: &Layout, x: f64, above: bool) -> Polyline {
    let (half, length) = (7.0 * layout.unit, 13.0 * layout.unit);
    let inset = 2.0 * layout.unit;
    let (tip, base) = if above {
        (frame.rect.top + inset, frame.rect.top + inset + length)
    } else {
        (
            frame.rect.bottom - inset,
            frame.rect.bottom - inset - length,
        )
    };
    Polyline::closed(vec![
        Place::new(x, tip),
        Place::new(x - half, base),
        Place::new(x + half, base),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hatching_stays_inside_and_meets_the_next_area() {
        let left = Rect {
            left: 0.0,
            top: 0.0,
            right: 20.0,
            bottom: 30.0,
        };
        let right = Rect {
            left: 20.0,
            right: 40.0,
            ..left
        };
        let lines: Vec<_> = [left, right]
            .iter()
            .map(|area| hatch_lines(area, 6.0))
            .collect();
        let ends = |side: usize| -> Vec<f64> {
            let points = lines[side].iter().flat_map(|line| &line.points);
            let mut ys: Vec<f64> = points.filter(|p| p.x == 20.0).map(|p| p.y).collect();
            ys.sort_by(f64::total_cmp);
            ys
        };
        assert!(!ends(0).is_empty());
        assert_eq!(ends(0), ends(1));
        for line in lines.iter().flatten() {
            assert!(line.points.iter().all(|p| (0.0..=30.0).contains(&p.y)));
        }
    }
}
