//! Stacks in a ROOT file: a directory for each plot, and the numbers that scaled the samples.

use std::path::Path;

use rootlake_hist::Th1f;
use rootlake_io::Result;
use rootlake_io::object::{Graph, Object};
use rootlake_io::write::{DirectoryId, FileWriter, Sink};
use rootlake_physics::catalogue::{LUMINOSITY, SampleSet};
use rootlake_physics::recipe::Recipe;

use super::object::{Looks, histogram, legend, parameter, stack};
use super::{DrawnStack, Stack, canvas};
use crate::error::PipelineError;
use crate::writing::{self, WriteOptions};

/// Writes stacks into a new file.
///
/// Each plot is a directory of the histogram's name with
///
/// | key | class | what |
/// |---|---|---|
/// | `canvas` | `TCanvas` | the plot, drawn |
/// | `stack`, `legend` | `THStack`, `TLegend` | what can be drawn by itself |
/// | the parts' names | `TH1F` | the parts, normalised |
/// | `data`, `prediction`, `signal` | `TH1F` | data, the sum of the parts, the signal scaled |
/// | `ratio` or `excess` | `TH1F` | what the lower panel shows |
/// | `factor_<part>` | `TParameter<double>` | the factors by which parts are multiplied, if not 1 |
/// | `background`, `fit`, `p0` to `p3`, `chi2`, `ndf` | `TGraph`, `TParameter<double>` | the fit |
///
/// and for the samples the directories `scale`, `cross_section` (pb) and `sum_of_weights` hold a
/// number under each sample's name, `luminosity` (1/pb) the one they are scaled to.
///
/// # Errors
/// When it cannot be written.
pub fn write_stacks(
    path: &Path,
    set: &SampleSet,
    recipe: &Recipe,
    stacks: &[DrawnStack],
    options: WriteOptions,
) -> std::result::Result<(), PipelineError> {
    let mut file = writing::create(path, options)?;
    let mut write = || -> Result<()> {
        for plot in stacks {
            let title = plot.stack.prediction.title();
            let directory = file.directory(DirectoryId::TOP, &plot.stack.name, title)?;
            let mut directory = Directory {
                file: &mut file,
                directory,
            };
            directory.plot(plot, recipe)?;
        }
        scales(&mut file, set)
    };
    write().map_err(|error| error.in_file(&path.to_string_lossy().into()))?;
    writing::commit(path, file)
}

fn scales<S: Sink>(file: &mut FileWriter<S>, set: &SampleSet) -> Result<()> {
    for name in ["scale", "cross_section", "sum_of_weights"] {
        let directory = file.directory(DirectoryId::TOP, name, "of each sample")?;
        let mut directory = Directory { file, directory };
        for sample in set.simulations() {
            let Some(simulation) = sample.simulation else {
                continue;
            };
            let value = match name {
                "scale" => sample.scale(LUMINOSITY),
                "cross_section" => simulation.cross_section,
                _ => simulation.sum_of_weights,
            };
            directory.number(&sample.name, value)?;
        }
    }
    let mut top = Directory {
        file,
        directory: DirectoryId::TOP,
    };
    top.number("luminosity", LUMINOSITY)
}

struct Directory<'a, S> {
    file: &'a mut FileWriter<S>,
    directory: DirectoryId,
}

impl<S: Sink> Directory<'_, S> {
    fn plot(&mut self, drawn: &DrawnStack, recipe: &Recipe) -> Result<()> {
        let plot = &drawn.stack;
        self.graph("canvas", &plot.name, &canvas::canvas(drawn, recipe)?)?;
        let filled = canvas::filled(plot)?;
        let mut graph = Graph::default();
        let titles = format!(
            ";{};{}",
            plot.prediction.x_title(),
            plot.prediction.y_title()
        );
        stack(&mut graph, &titles, drawn.y_range, filled.clone())?;
        self.graph("stack", &plot.name, &graph)?;
        let mut graph = Graph::default();
        let corner = canvas::legend_corner(plot);
        legend(&mut graph, corner, &canvas::legend_entries(plot))?;
        self.graph("legend", &plot.name, &graph)?;
        for (part, object) in plot.parts.iter().zip(filled) {
            self.object(&part.name, &part.label, object)?;
        }
        let points = plot.data.iter().chain(&plot.comparison);
        for shown in points {
            self.histogram(shown, Looks::DATA)?;
        }
        self.histogram(&plot.prediction, Looks::BAND)?;
        if let Some(signal) = &plot.signal {
            self.histogram(&signal.histogram, Looks::line(signal.colour.index(), 2))?;
        }
        for part in plot.parts.iter().chain(&plot.signal) {
            if part.factor != 1.0 {
                self.number(&format!("factor_{}", part.name), part.factor)?;
            }
        }
        self.fit(plot)
    }

    fn fit(&mut self, plot: &Stack) -> Result<()> {
        let Some(fit) = &plot.fit else {
            return Ok(());
        };
        for (name, curve) in ["background", "fit"].iter().zip(canvas::curves(fit)?) {
            self.object(name, "", curve)?;
        }
        for (name, value) in ["p0", "p1", "p2", "p3"]
            .iter()
            .zip(fit.background.coefficients())
        {
            self.number(name, value)?;
        }
        self.number("norm", fit.norm)?;
        self.number("sigma", fit.sigma)?;
        self.number("chi2", fit.chi2)?;
        let freedom = u32::try_from(fit.degrees_of_freedom).unwrap_or(u32::MAX);
        self.number("ndf", f64::from(freedom))
    }

    fn histogram(&mut self, shown: &Th1f, looks: Looks) -> Result<()> {
        self.object(shown.name(), shown.title(), histogram(shown, looks)?)
    }

    fn number(&mut self, name: &str, value: f64) -> Result<()> {
        self.object(name, "", parameter(name, value)?)
    }

    fn object(&mut self, name: &str, title: &str, object: Object) -> Result<()> {
        let mut graph = Graph::default();
        graph.add(object);
        self.graph(name, title, &graph)
    }

    fn graph(&mut self, name: &str, title: &str, graph: &Graph) -> Result<()> {
        self.file.object_in(self.directory, name, title, graph)
    }
}
