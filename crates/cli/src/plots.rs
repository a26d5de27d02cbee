//! The plots of an analysis: stacked, drawn, and kept in a ROOT file.

mod page;
mod picture;
pub mod record;

use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::prelude::*;
use rootlake_physics::catalogue::Catalogue;
use rootlake_physics::recipe::Recipe;
use rootlake_pipeline::{
    DrawnStack, PipelineError, SampleHistograms, Stack, WriteOptions, write_stacks, write_whole,
};

use self::page::{Page, SampleRow};
use self::picture::picture;
use self::record::{Record, reasons};
use crate::table::{count, rate};

/// The name of the page.
const PAGE: &str = "index.html";
/// The name of the ROOT file.
const STACKS: &str = "plots.root";

/// The files that plotting into a folder always writes: the page and the ROOT file.
pub fn outputs(folder: &Path) -> impl Iterator<Item = PathBuf> {
    [PAGE, STACKS].into_iter().map(|name| folder.join(name))
}

/// A file that a picture can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Pixels, twice 700 × 750.
    Png,
    /// Vectors; its text stays text.
    Svg,
    /// A page of vectors that carries its fonts, for papers and slides.
    Pdf,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
        }
    }
}

/// What to plot, and how.
#[derive(Debug)]
pub struct PlotOptions {
    /// The analysis's name.
    pub analysis: String,
    /// The histograms to plot; none for all of the recipe.
    pub histograms: Vec<String>,
    /// The pictures to draw.
    pub formats: Vec<Format>,
    /// Whether the recipe's signal is drawn over the stack.
    pub signal: bool,
    /// How the ROOT file is written.
    pub write: WriteOptions,
}

/// What was plotted.
#[derive(Debug)]
pub struct Plotted {
    /// The number of plots.
    pub stacks: usize,
    /// Samples that could not be read, with the reasons.
    pub left_out: Vec<(String, PipelineError)>,
    /// The files written.
    pub files: Vec<PathBuf>,
}

/// Stacks the histograms of the samples in `inputs`, and draws them into the folder `output`:
/// pictures, a ROOT file, and a page that tells of the run that `record` is of.
pub fn plot(
    inputs: &Path,
    output: &Path,
    options: &PlotOptions,
    record: &Record,
) -> anyhow::Result<Plotted> {
    let set = Catalogue::embedded()?.analysis(&options.analysis)?;
    let recipe = Recipe::of(&options.analysis)?;
    let wanted = wanted(recipe, &options.histograms)?;
    let samples = SampleHistograms::read(inputs, set, &wanted);
    let stacks = wanted
        .par_iter()
        .map(|name| Stack::of(name, recipe, set, &samples))
        .collect::<Result<Vec<_>, _>>()?;
    let drawn = stacks
        .into_par_iter()
        .map(|stack| draw(stack, recipe, output, options))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let (stacks, pictures): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    let kept = output.join(STACKS);
    write_stacks(&kept, set, recipe, &stacks, options.write)?;
    let (pictures, svgs): (Vec<_>, Vec<_>) = pictures.into_iter().unzip();
    let page = Page {
        set,
        recipe,
        plots: stacks.iter().map(|drawn| &drawn.stack).zip(svgs).collect(),
        figures: figures(record),
        left_out: reasons(&samples.left_out),
        samples: sample_rows(record),
    };
    let page_path = output.join(PAGE);
    write_whole(&page_path, page.render().as_bytes())?;
    let mut files = vec![page_path, kept];
    files.extend(pictures.into_iter().flatten());
    Ok(Plotted {
        stacks: stacks.len(),
        left_out: samples.left_out,
        files,
    })
}

/// What the page says of a run; nothing where none is recorded.
fn figures(record: &Record) -> Vec<(&'static str, String)> {
    if record.samples.is_empty() {
        return Vec::new();
    }
    let events = record.sum(|figures| figures.events);
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    let per_second = |amount: u64| amount as f64 / record.seconds.max(1e-9);
    let bytes = record.sum(|figures| figures.stored_bytes);
    let mut figures = vec![
        ("samples", record.samples.len().to_string()),
        ("events", count(events)),
        ("selected", count(record.sum(|figures| figures.selected))),
        ("time", format!("{:.1} s", record.seconds)),
        ("events/s", rate(per_second(events))),
        ("MB/s", format!("{:.1}", per_second(bytes) / 1e6)),
    ];
    if !record.corrections.is_empty() {
        figures.push(("corrected", record.corrections.clone()));
    }
    figures
}

fn sample_rows(record: &Record) -> Vec<SampleRow> {
    let rows = record.samples.iter().map(|(name, figures)| SampleRow {
        name: name.clone(),
        events: figures.events,
        selected: figures.selected,
    });
    rows.collect()
}

/// The histograms to plot, in the recipe's order.
fn wanted(recipe: &Recipe, asked: &[String]) -> anyhow::Result<Vec<String>> {
    for name in asked {
        if !recipe.histograms.contains(name) {
            anyhow::bail!(
                "{} has no plot of {name}; there are {}",
                recipe.analysis,
                recipe.histograms.join(", ")
            );
        }
    }
    let all = recipe.histograms.iter();
    let wanted = all.filter(|name| asked.is_empty() || asked.contains(name));
    Ok(wanted.cloned().collect())
}

/// Writes a stack's pictures; gives it as it is drawn, the pictures' paths, and the one for the page.
fn draw(
    stack: Stack,
    recipe: &Recipe,
    output: &Path,
    options: &PlotOptions,
) -> anyhow::Result<(DrawnStack, (Vec<PathBuf>, String))> {
    let picture = picture(&stack, recipe, options.signal);
    let y_range = picture.y_axis().with_context(|| stack.name.clone())?;
    let svg = picture.to_svg().with_context(|| stack.name.clone())?;
    let mut files = Vec::with_capacity(options.formats.len());
    for format in &options.formats {
        let path = output.join(format!("{}.{}", stack.name, format.ending()));
        match format {
            Format::Png => write_whole(&path, &picture.to_png(2.0)?)?,
            Format::Svg => write_whole(&path, svg.as_bytes())?,
            Format::Pdf => write_whole(&path, &picture.to_pdf()?)?,
        }
        files.push(path);
    }
    Ok((DrawnStack { stack, y_range }, (files, svg)))
}
