//! The demonstration: generate → multiply → analyse → draw.

mod plots;
mod samples;
mod steps;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;

use crate::table::{Align, Table, count, rate};
use samples::Channel;
use steps::Step;

/// What the demonstration does, and where.
#[derive(Debug)]
pub struct Demo {
    /// The folder it writes into.
    pub folder: PathBuf,
    /// How often the samples are multiplied.
    pub copies: u64,
    /// The seed of the generated events.
    pub seed: u64,
    /// Whether generated and multiplied samples stay.
    pub keep_samples: bool,
    /// Threads; 0 for one per processor.
    pub threads: usize,
}

/// Runs it and prints what it did.
pub fn run(demo: &Demo) -> anyhow::Result<()> {
    let started = Instant::now();
    let samples = demo.folder.join("samples");
    std::fs::create_dir_all(&samples)
        .with_context(|| format!("cannot make the folder {}", samples.display()))?;
    let mut steps = Vec::new();
    let mut plots = Vec::new();
    for channel in Channel::ALL {
        steps.push(steps::generate(demo, channel)?);
        steps.push(steps::multiply(demo, channel)?);
        let (step, histograms) = steps::analyze(demo, channel)?;
        steps.push(step);
        let (step, drawn) = steps::draw(demo, channel, &histograms)?;
        steps.push(step);
        plots.extend(drawn);
    }
    if !demo.keep_samples {
        std::fs::remove_dir_all(&samples)
            .with_context(|| format!("cannot remove {}", samples.display()))?;
    }
    print!("{}", render(&steps));
    for plot in plots {
        println!("drew {}", plot.display());
    }
    println!(
        "histograms in {} and {}; {:.1} s in all",
        demo.folder.join("HZZ").display(),
        demo.folder.join("Hyy").display(),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

fn render(steps: &[Step]) -> String {
    let right = Align::Right;
    let mut table = Table::new(&[
        ("step", Align::Left),
        ("files", right),
        ("events in", right),
        ("selected", right),
        ("MB", right),
        ("MB/s", right),
        ("events/s", right),
        ("s", right),
    ]);
    for step in steps {
        let report = &step.report;
        let dash = |value: u64, text: String| if value == 0 { "-".to_owned() } else { text };
        table.row([
            step.name.clone(),
            step.files.to_string(),
            dash(report.events, count(report.events)),
            dash(report.selected, count(report.selected)),
            dash(report.stored_bytes, count(report.stored_bytes / 1_000_000)),
            dash(
                report.stored_bytes,
                format!("{:.0}", report.megabytes_per_second()),
            ),
            dash(report.events, rate(report.events_per_second())),
            format!("{:.2}", report.seconds),
        ]);
    }
    table.render("")
}
