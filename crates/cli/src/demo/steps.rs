//! The steps, each timed as one.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use rootlake_physics::generate::{LUMINOSITY, expected_events};
use rootlake_physics::{Sample, analysis};
use rootlake_pipeline::{
    AnalyzeOptions, GenerateOptions, HistogramFiles, MultiplyOptions, Normalisation, Report,
    WriteOptions, analyze as run_analysis, generate as generate_sample, multiply as multiply_files,
};

use super::Demo;
use super::plots;
use super::samples::{Channel, DemoSample, SampleHistograms};
use crate::output::WriteArgs;
use crate::progress::Progress;

/// What a step did.
#[derive(Debug)]
pub struct Step {
    /// What it is called in the table.
    pub name: String,
    /// Files written or drawn.
    pub files: usize,
    /// Its figures, all files together.
    pub report: Report,
}

/// Generates the samples of a channel.
pub fn generate(demo: &Demo, channel: Channel) -> anyhow::Result<Step> {
    let started = Instant::now();
    let mut report = Report::default();
    let progress = Progress::new(&format!("generate {}", channel.final_state()), false);
    for (number, sample) in channel.samples().iter().enumerate() {
        let options = GenerateOptions {
            final_state: channel.final_state(),
            sample: sample.name.to_owned(),
            events: events(channel, sample)?,
            seed: demo.seed,
            luminosity: None,
            cluster: 10_000,
            threads: demo.threads,
        };
        let path = generated(demo, channel, sample);
        let made = generate_sample(&options, &path, writing()?, &|_, _| ())?;
        report.add(&made);
        progress.set(number as u64 + 1, channel.samples().len() as u64);
    }
    report.seconds = started.elapsed().as_secs_f64();
    let name = format!("generate {}", channel.final_state());
    Ok(Step {
        name,
        files: channel.samples().len(),
        report,
    })
}

/// Multiplies each sample of a channel.
pub fn multiply(demo: &Demo, channel: Channel) -> anyhow::Result<Step> {
    let started = Instant::now();
    let mut report = Report::default();
    let progress = Progress::new(&format!("multiply {}", channel.final_state()), false);
    for (number, sample) in channel.samples().iter().enumerate() {
        let input = generated(demo, channel, sample)
            .to_string_lossy()
            .into_owned();
        let options = MultiplyOptions {
            copies: demo.copies,
        };
        let output = multiplied(demo, channel, sample);
        let (_, made) = multiply_files(&[input], options, &output, writing()?, &|_, _| ())?;
        report.add(&made);
        progress.set(number as u64 + 1, channel.samples().len() as u64);
    }
    report.seconds = started.elapsed().as_secs_f64();
    let name = format!("multiply {} × {}", channel.final_state(), demo.copies);
    Ok(Step {
        name,
        files: channel.samples().len(),
        report,
    })
}

/// Analyses the multiplied samples of a channel, and writes the histograms of each.
pub fn analyze(demo: &Demo, channel: Channel) -> anyhow::Result<(Step, Vec<SampleHistograms>)> {
    let started = Instant::now();
    let folder = demo.folder.join(channel.analysis());
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let analyses = [analysis::find(channel.analysis())?];
    let options = AnalyzeOptions {
        threads: demo.threads,
        ..AnalyzeOptions::default()
    };
    let progress = Progress::new(channel.analysis(), false);
    let mut report = Report::default();
    let groups = channel.groups();
    let mut found = Vec::new();
    let files = HistogramFiles::new(writing()?);
    for (number, sample) in channel.samples().iter().enumerate() {
        let input = multiplied(demo, channel, sample)
            .to_string_lossy()
            .into_owned();
        let scale = match sample.group {
            Some(group) => {
                let factor = groups.get(group).map_or(1.0, |group| group.factor);
                factor * Normalisation::read(&input, &options.tree)?.scale(LUMINOSITY)
            }
            None => 1.0,
        };
        let rule = Sample::named(sample.name);
        let analyzed = run_analysis(&analyses, &[input], &rule, &options, &|_, _| ())?;
        report.add(&analyzed.report);
        for output in analyzed.outputs {
            let path = folder.join(format!("{}.root", sample.name));
            files.write(&path, &output, "")?;
            found.push(SampleHistograms {
                sample,
                histograms: output.histograms,
                scale,
            });
        }
        progress.set(number as u64 + 1, channel.samples().len() as u64);
    }
    report.seconds = started.elapsed().as_secs_f64();
    let name = format!("analyse {}", channel.analysis());
    Ok((
        Step {
            name,
            files: found.len(),
            report,
        },
        found,
    ))
}

/// Draws the plots of a channel; gives their paths.
pub fn draw(
    demo: &Demo,
    channel: Channel,
    histograms: &[SampleHistograms],
) -> anyhow::Result<(Step, Vec<PathBuf>)> {
    let started = Instant::now();
    let paths = plots::draw(demo, channel, histograms)?;
    let report = Report {
        seconds: started.elapsed().as_secs_f64(),
        ..Report::default()
    };
    let name = format!("draw {}", channel.analysis());
    Ok((
        Step {
            name,
            files: paths.len(),
            report,
        },
        paths,
    ))
}

/// As many events as asked for, or as the data's luminosity gives.
fn events(channel: Channel, sample: &DemoSample) -> anyhow::Result<u64> {
    Ok(match sample.events {
        Some(events) => events,
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count"
        )]
        None => expected_events(channel.final_state(), sample.name)?.round() as u64,
    })
}

fn generated(demo: &Demo, channel: Channel, sample: &DemoSample) -> PathBuf {
    demo.folder
        .join("samples")
        .join(format!("{}.{}.root", sample.name, channel.final_state()))
}

fn multiplied(demo: &Demo, channel: Channel, sample: &DemoSample) -> PathBuf {
    let name = format!(
        "{}_x{}.{}.root",
        sample.name,
        demo.copies,
        channel.final_state()
    );
    demo.folder.join("samples").join(name)
}

fn writing() -> anyhow::Result<WriteOptions> {
    WriteArgs {
        compress: rootlake_io::codec::Settings::ZLIB_1,
        reproducible: true,
    }
    .options()
}
