//! From a stack to its picture.

use rootlake_hist::Th1f;
use rootlake_physics::recipe::{NOTES, PeakFit, Recipe, YAxis};
use rootlake_pipeline::{FittedPeak, Stack, StackedPart};
use rootlake_plot::{Colour, Curve, ErrorBars, Panel, Series, StackPlot};

/// Points of a fitted curve.
const CURVE_POINTS: u32 = 220;

/// The picture of a stack, with its signal as a line over it where that is wanted.
pub fn picture(stack: &Stack, recipe: &Recipe, signal: bool) -> StackPlot {
    let prediction = &stack.prediction;
    let axis = prediction.axis();
    let edges = (1..=axis.bins() + 1).map(|bin| axis.lower_edge(bin));
    let mut notes: Vec<String> = NOTES.map(str::to_owned).to_vec();
    notes.push(recipe.channel(&stack.name).to_owned());
    let mut plot = StackPlot {
        processes: stack.parts.iter().map(part).collect(),
        data: stack
            .data
            .as_ref()
            .map(|data| series("Data", Colour::BLACK, data)),
        data_errors: ErrorBars::SquareRoot,
        overlays: stack.signal.iter().filter(|_| signal).map(part).collect(),
        x_title: prediction.x_title().trim().to_owned(),
        y_title: prediction.y_title().trim().to_owned(),
        notes,
        panel: stack
            .data
            .as_ref()
            .map_or(Panel::None, |_| Panel::DataOverPrediction),
        ..StackPlot::new(edges.collect())
    };
    if let Some(y_axis) = recipe.y_axis(&stack.name) {
        plot.log_y = y_axis.log;
        plot.y_range = holds(y_axis, stack).then_some((y_axis.from, y_axis.to));
    }
    if let (Some(fit), Some(recipe)) = (&stack.fit, recipe.fit(&stack.name)) {
        draw_fit(&mut plot, fit, recipe);
    }
    plot
}

fn part(part: &StackedPart) -> Series {
    let colour = Colour::of_root(part.colour.index()).unwrap_or(Colour::BLACK);
    series(&part.label, colour, &part.histogram)
}

fn series(label: &str, colour: Colour, histogram: &Th1f) -> Series {
    let contents = histogram.bins().iter().copied().map(f64::from);
    Series::new(label, colour, contents.collect(), histogram.errors())
}

/// Whether an axis made for the open data suits what is drawn here, which may be fewer events or
/// generated ones: it shows most of it, and leaves it below legend and notes. Else the axis follows
/// from the contents.
fn holds(axis: &YAxis, stack: &Stack) -> bool {
    let highest = |histogram: &Th1f| histogram.bins().iter().fold(0.0_f32, |a, b| a.max(*b));
    let top = stack.data.iter().chain([&stack.prediction]).map(highest);
    let top = f64::from(top.fold(0.0, f32::max));
    if axis.log {
        let share = (top / axis.from).ln() / (axis.to / axis.from).ln();
        top >= LEAST_DECADES * axis.from && FILLED.contains(&share)
    } else {
        FILLED.contains(&(top / axis.to))
    }
}

/// The part of an axis that what is drawn may take.
const FILLED: std::ops::Range<f64> = 0.4..0.6;

/// A logarithmic axis that begins closer below the highest content hides much of the plot.
const LEAST_DECADES: f64 = 300.0;

/// Background and peak as lines, the simulated peak as another, and below what is left of the data
/// over the background.
fn draw_fit(plot: &mut StackPlot, fit: &FittedPeak, recipe: &PeakFit) {
    let (low, high) = PeakFit::RANGE;
    let step = (high - low) / f64::from(CURVE_POINTS);
    let xs: Vec<f64> = (0..=CURVE_POINTS)
        .map(|n| low + f64::from(n) * step)
        .collect();
    let points = |at: &dyn Fn(f64) -> f64| xs.iter().map(|&x| (x, at(x))).collect::<Vec<_>>();
    let background = points(&|x| fit.background.at(x));
    plot.curves = vec![
        Curve {
            label: "Background".to_owned(),
            colour: Colour::BLUE,
            points: background.clone(),
            dashed: true,
        },
        Curve {
            label: "Signal + bkg".to_owned(),
            colour: Colour::RED,
            points: points(&|x| fit.at(x)),
            dashed: false,
        },
    ];
    plot.overlays = std::mem::take(&mut plot.processes);
    plot.panel = Panel::DataMinusBackground(background);
    let excess = 2.0 * recipe.norm;
    plot.panel_range = Some(recipe.panel).filter(|(_, high)| *high >= excess);
}
