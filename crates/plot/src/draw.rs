//! From a checked plot to a scene: where everything goes, and in which order it is painted.

mod axes;
mod frame;
mod layout;
mod legend;
mod marks;
mod panel;
mod points;
mod prediction;
mod range;

use crate::error::PlotError;
use crate::font::Fonts;
use crate::plot::{Panel, StackPlot};
use crate::scene::Scene;

use frame::Frame;
use layout::Layout;
use legend::Heading;
use points::Point;
use prediction::Prediction;

/// What is known of a plot before anything of it is painted.
struct Plan {
    layout: Layout,
    prediction: Prediction,
    points: Vec<Point>,
    heading: Heading,
    y_range: (f64, f64),
}

impl Plan {
    fn of(plot: &StackPlot, fonts: &Fonts) -> Result<Self, PlotError> {
        let layout = Layout::new(plot.canvas, plot.panel != Panel::None);
        let prediction = Prediction::sum(plot);
        let points = points::of(plot);
        let heading = Heading::set(plot, fonts, &layout);
        let y_range = range::of(plot, &prediction, &points, &heading, &layout)?;
        Ok(Self {
            layout,
            prediction,
            points,
            heading,
            y_range,
        })
    }
}

/// The ends of the y axis of a plot that has passed [`check`](crate::check::check).
pub(crate) fn y_range(plot: &StackPlot, fonts: &Fonts) -> Result<(f64, f64), PlotError> {
    Ok(Plan::of(plot, fonts)?.y_range)
}

/// Composes the scene of a plot that has passed [`check`](crate::check::check).
pub(crate) fn compose(plot: &StackPlot, fonts: &Fonts) -> Result<Scene, PlotError> {
    let Plan {
        layout,
        prediction,
        points,
        heading,
        y_range,
    } = Plan::of(plot, fonts)?;
    let frame = Frame::new(layout.main, &plot.edges, y_range, plot.log_y);

    let mut scene = Scene::new(plot.canvas.width, plot.canvas.height);
    marks::stack(&mut scene, &frame, &layout, plot, &prediction);
    marks::overlays(&mut scene, &frame, &layout, plot);
    marks::curves(&mut scene, &frame, &layout, &plot.curves);
    if let Some(data) = &plot.data {
        marks::data(&mut scene, &frame, &layout, &points, data.colour);
    }
    heading.draw(&mut scene, &layout);
    axes::draw(&mut scene, fonts, &frame, &layout, &axes::main_titles(plot));
    panel::draw(&mut scene, fonts, &layout, plot, &prediction, &points)?;
    Ok(scene)
}
