//! The mass plots, as a physicist would draw them.

use std::path::{Path, PathBuf};

use anyhow::Context;
use rootlake_hist::{Axis, Histogram1D};
use rootlake_plot::{Colour, Panel, Series, StackPlot};

use super::Demo;
use super::samples::{Channel, SampleHistograms};

/// A plot: which histogram, and what is drawn below it.
struct MassPlot {
    histogram: &'static str,
    file: &'static str,
    x_title: &'static str,
    /// Whether the lower panel shows what is left over the lowest part of the stack.
    subtracted: bool,
}

const FOUR_LEPTON: [MassPlot; 2] = [
    MassPlot {
        histogram: "mass_four_lep",
        file: "four_lepton_mass",
        x_title: "m_{4l} [GeV]",
        subtracted: false,
    },
    MassPlot {
        histogram: "mass_ext_four_lep",
        file: "four_lepton_mass_extended",
        x_title: "m_{4l} [GeV]",
        subtracted: false,
    },
];

const DIPHOTON: [MassPlot; 1] = [MassPlot {
    histogram: "hist_mYY_bin1",
    file: "diphoton_mass",
    x_title: "m_{#gamma#gamma} [GeV]",
    subtracted: true,
}];

/// Draws the plots of a channel as PNG and SVG; gives their paths.
pub fn draw(
    demo: &Demo,
    channel: Channel,
    histograms: &[SampleHistograms],
) -> anyhow::Result<Vec<PathBuf>> {
    let plots: &[MassPlot] = match channel {
        Channel::FourLepton => &FOUR_LEPTON,
        Channel::Diphoton => &DIPHOTON,
    };
    let mut paths = Vec::new();
    for plot in plots {
        let stack = stack(demo, channel, plot, histograms)?;
        let path = |ending| demo.folder.join(format!("{}.{ending}", plot.file));
        write(&path("png"), &stack.to_png(2.0)?)?;
        write(&path("svg"), stack.to_svg()?.as_bytes())?;
        paths.extend([path("png"), path("svg")]);
    }
    Ok(paths)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn stack(
    demo: &Demo,
    channel: Channel,
    plot: &MassPlot,
    samples: &[SampleHistograms],
) -> anyhow::Result<StackPlot> {
    let of = |sample: &SampleHistograms| -> anyhow::Result<Histogram1D> {
        let found = sample.histograms.get(plot.histogram).cloned();
        found.with_context(|| format!("{} was not booked", plot.histogram))
    };
    let first = of(samples.first().context("no sample was analysed")?)?;
    let axis = *first.axis();
    let mut processes = Vec::new();
    for (number, group) in channel.groups().into_iter().enumerate() {
        let mut sum = Bins::empty(&axis);
        for sample in samples
            .iter()
            .filter(|sample| sample.sample.group == Some(number))
        {
            sum.add(&of(sample)?, sample.scale, demo.copies);
        }
        processes.push(sum.series(group.label, group.colour));
    }
    let mut data = Bins::empty(&axis);
    for sample in samples
        .iter()
        .filter(|sample| sample.sample.group.is_none())
    {
        data.add(&of(sample)?, sample.scale, demo.copies);
    }
    let panel = match processes.first() {
        Some(lowest) if plot.subtracted => {
            Panel::DataMinusBackground(background(&axis, &lowest.contents))
        }
        _ => Panel::DataOverPrediction,
    };
    Ok(StackPlot {
        processes,
        data: Some(data.series("Data (generated)", Colour::BLACK)),
        x_title: plot.x_title.to_owned(),
        y_title: format!("Events / {} GeV", short(axis.width())),
        notes: vec![
            "#font[72]{rootlake} demo".to_owned(),
            "generated events".to_owned(),
            "#sqrt{s} = 13 TeV, 10 fb^{-1}".to_owned(),
        ],
        panel,
        ..StackPlot::new(
            (1..=axis.bins() + 1)
                .map(|bin| axis.lower_edge(bin))
                .collect(),
        )
    })
}

/// Contents as a line through the bins' centres, level from the outer ones to the edges.
fn background(axis: &Axis, contents: &[f64]) -> Vec<(f64, f64)> {
    let mut line: Vec<(f64, f64)> = (1..)
        .zip(contents)
        .map(|(bin, &content)| (axis.center(bin), content))
        .collect();
    if let (Some(&first), Some(&last)) = (contents.first(), contents.last()) {
        line.insert(0, (axis.low(), first));
        line.push((axis.high(), last));
    }
    line
}

/// A bin width as a person writes it: three digits at most.
fn short(width: f64) -> String {
    let text = format!("{width:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Sums per bin, flow bins aside.
struct Bins {
    contents: Vec<f64>,
    variances: Vec<f64>,
}

impl Bins {
    fn empty(axis: &Axis) -> Self {
        let bins = axis.bins() as usize;
        Self {
            contents: vec![0.0; bins],
            variances: vec![0.0; bins],
        }
    }

    /// Adds a sample's histogram. Its events are there `copies` times: the copies know no more
    /// than one of them, so that content and variance are those of one.
    fn add(&mut self, histogram: &Histogram1D, scale: f64, copies: u64) {
        #[allow(clippy::cast_precision_loss, reason = "a thousand at most")]
        let copies = copies as f64;
        for (bin, (content, variance)) in
            (1..).zip(self.contents.iter_mut().zip(&mut self.variances))
        {
            let error = histogram.error(bin).unwrap_or(0.0);
            *content += histogram.content(bin).unwrap_or(0.0) * scale / copies;
            *variance += error * error * scale * scale / copies;
        }
    }

    fn series(self, label: &str, colour: Colour) -> Series {
        let errors = self
            .variances
            .iter()
            .map(|variance| variance.sqrt())
            .collect();
        Series::new(label, colour, self.contents, errors)
    }
}
