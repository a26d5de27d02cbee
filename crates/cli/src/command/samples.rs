//! `rootlake samples`: the catalogue of the open data.

use rootlake_physics::catalogue::{Catalogue, LUMINOSITY, SampleSet};

use crate::table::{Align, Table};

/// List the samples of the 13 TeV open data that analyses use
///
/// For each: its part in the stack of the plots, the number of its data set, cross-section (pb), sum
/// of weights, the factor that scales its histograms to 10.064 fb⁻¹, and its files as they lie in
/// the release.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake samples
  rootlake samples --analysis HZZ
  rootlake samples --json | jq '.[].samples[].files[]'")]
pub struct Args {
    /// The samples of this analysis alone
    #[arg(long, value_name = "NAME")]
    analysis: Option<String>,
    /// Print the catalogue as JSON
    #[arg(long)]
    json: bool,
}

/// Prints the catalogue.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let catalogue = Catalogue::embedded()?;
    let sets: Vec<&SampleSet> = match &args.analysis {
        Some(name) => vec![catalogue.analysis(name)?],
        None => catalogue.sets().iter().collect(),
    };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&sets)?);
        return Ok(());
    }
    for (number, set) in sets.into_iter().enumerate() {
        if number > 0 {
            println!();
        }
        print!("{}", render(set));
    }
    Ok(())
}

fn render(set: &SampleSet) -> String {
    let mut table = Table::new(&[
        ("sample", Align::Left),
        ("part", Align::Left),
        ("DSID", Align::Right),
        ("cross-section", Align::Right),
        ("sum of weights", Align::Right),
        ("scale", Align::Right),
        ("files", Align::Left),
    ]);
    for sample in &set.samples {
        let part = set.stack.iter().find(|part| part.holds(sample));
        let none = || "-".to_owned();
        let figures = match &sample.simulation {
            Some(simulation) => [
                part.map_or_else(none, |part| part.name.clone()),
                simulation.data_set.to_string(),
                simulation.cross_section.to_string(),
                simulation.sum_of_weights.to_string(),
                format!("{:.4e}", sample.scale(LUMINOSITY)),
            ],
            None => [none(), none(), none(), none(), none()],
        };
        let files = sample.files.join(" ");
        table.row(
            [sample.name.clone()]
                .into_iter()
                .chain(figures)
                .chain([files]),
        );
    }
    let (simulated, data) = (set.simulations().count(), set.data().count());
    format!(
        "{} on {}: {data} of data, {simulated} simulated\n{}",
        set.analysis,
        set.final_state,
        table.render("  ")
    )
}
