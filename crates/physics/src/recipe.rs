//! How the plots of an analysis look: which histograms, what the parts of their stacks are called
//! and coloured, axes, signals, fits.
//!
//! The facts are those of `plots.toml` beside this crate, which names their sources.
//!
//! ```
//! use rootlake_physics::recipe::Recipe;
//!
//! let recipe = Recipe::of("hzz")?;
//! let part = recipe.part("ZZ")?;
//! assert_eq!((part.label.as_str(), part.colour.index()), ("ZZ", 868));
//! assert_eq!(part.factor("mass_four_lep"), 1.3);
//! assert_eq!(recipe.y_axis("hist_mLL1").map(|axis| axis.to), Some(150.0));
//! # Ok::<(), rootlake_physics::Error>(())
//! ```

mod colour;

use std::sync::LazyLock;

use serde::Deserialize;

pub use self::colour::RootColour;
use crate::Error;

/// What the plots say of energy and luminosity.
pub const NOTES: [&str; 3] = [
    "ATLAS Open Data",
    "#it{for education}",
    "#sqrt{s} = 13 TeV, 10 fb^{-1}",
];

/// A piece of a histogram's name whose overflow is not added to the last bin.
const KEEPS_OVERFLOW: &str = "four_lep";

static EMBEDDED: LazyLock<Result<Table, Error>> =
    LazyLock::new(|| parse(include_str!(concat!(env!("OUT_DIR"), "/plots.json"))));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    analysis: Vec<Recipe>,
}

/// The plots of one analysis.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The analysis, as [`Analysis::name`](crate::Analysis::name) gives it.
    #[serde(rename = "name")]
    pub analysis: String,
    channel: String,
    #[serde(default)]
    channels: Vec<Replacement>,
    #[serde(default)]
    x_titles: Vec<Replacement>,
    /// The histograms that are drawn, in order.
    pub histograms: Vec<String>,
    parts: Vec<Part>,
    signal: Option<Signal>,
    #[serde(default)]
    axes: Vec<YAxis>,
    #[serde(default)]
    fits: Vec<PeakFit>,
}

/// Another text for some histograms.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    of: String,
    text: String,
}

impl Replacement {
    /// The text of the first that concerns a histogram.
    fn find<'a>(all: &'a [Self], histogram: &str) -> Option<&'a str> {
        let mut concerned = all.iter().filter(|one| histogram.contains(&one.of));
        concerned.next().map(|one| one.text.as_str())
    }
}

/// A part of the stack, as it is drawn.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The name it has in the [`SampleSet`](crate::catalogue::SampleSet)'s stack.
    pub name: String,
    /// The legend's text, in ROOT's LaTeX.
    pub label: String,
    /// Its colour.
    pub colour: RootColour,
    #[serde(default = "one")]
    factor: f64,
    factor_not_of: Option<String>,
}

/// A signal that can be drawn as a line over the stack.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// The part of the stack that it is.
    pub part: Option<String>,
    /// The sample that it is, where it is no part of the stack.
    pub sample: Option<String>,
    /// The legend's text, in ROOT's LaTeX.
    pub label: String,
    of: Option<String>,
    /// Whether it is scaled to the sum of the prediction.
    #[serde(default = "yes")]
    pub normalised: bool,
}

/// The ends of a y axis.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YAxis {
    of: Option<String>,
    /// Whether it is logarithmic.
    #[serde(default)]
    pub log: bool,
    /// Events at its lower end.
    pub from: f64,
    /// Events at its upper end.
    pub to: f64,
}

/// A peak over a smooth background, fitted to data: a Gaussian of fixed height, place and width over
/// a polynomial of third degree whose coefficients are free.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeakFit {
    of: Option<String>,
    /// The Gaussian's height, events per bin.
    pub norm: f64,
    /// Its width, GeV.
    pub sigma: f64,
    /// The ends of the axis of the panel that shows what is left over the background, events.
    pub panel: (f64, f64),
}

impl PeakFit {
    /// The Gaussian's place, GeV.
    pub const MEAN: f64 = 125.0;
    /// What is fitted and drawn, GeV.
    pub const RANGE: (f64, f64) = (105.0, 160.0);
}

impl Recipe {
    /// The recipe for an analysis, by its name in any case.
    ///
    /// # Errors
    /// [`Error::UnknownAnalysis`], which tells the names there are; [`Error::Recipe`] when the
    /// table cannot be understood.
    pub fn of(analysis: &str) -> Result<&'static Self, Error> {
        let table = EMBEDDED.as_ref().map_err(Clone::clone)?;
        let mut recipes = table.analysis.iter();
        let found = recipes.find(|recipe| recipe.analysis.eq_ignore_ascii_case(analysis));
        found.ok_or_else(|| Error::UnknownAnalysis {
            name: analysis.to_owned(),
            known: crate::analysis::NAMES.join(", "),
        })
    }

    /// How a part of the stack is drawn.
    ///
    /// # Errors
    /// [`Error::Recipe`] when there is no part of that name.
    pub fn part(&self, name: &str) -> Result<&Part, Error> {
        let found = self.parts.iter().find(|part| part.name == name);
        found.ok_or_else(|| Error::Recipe {
            cause: format!("{} has no part {name}", self.analysis),
        })
    }

    /// What the plot of a histogram says of the events it shows, in ROOT's LaTeX.
    pub fn channel(&self, histogram: &str) -> &str {
        Replacement::find(&self.channels, histogram).unwrap_or(&self.channel)
    }

    /// The title of a plot's x axis, where the histogram's own has no unit or a wrong one.
    pub fn x_title(&self, histogram: &str) -> Option<&str> {
        Replacement::find(&self.x_titles, histogram)
    }

    /// The y axis of a histogram's plot, where it does not follow from the contents.
    pub fn y_axis(&self, histogram: &str) -> Option<&YAxis> {
        self.axes
            .iter()
            .find(|axis| concerns(axis.of.as_ref(), histogram))
    }

    /// The fit to a histogram's data.
    pub fn fit(&self, histogram: &str) -> Option<&PeakFit> {
        self.fits
            .iter()
            .find(|fit| concerns(fit.of.as_ref(), histogram))
    }

    /// The signal that can be drawn over a histogram's stack.
    pub fn signal(&self, histogram: &str) -> Option<&Signal> {
        self.signal
            .as_ref()
            .filter(|signal| concerns(signal.of.as_ref(), histogram))
    }
}

impl Part {
    /// The factor set by hand by which the part is multiplied in a histogram's plot; 1 for most.
    pub fn factor(&self, histogram: &str) -> f64 {
        match &self.factor_not_of {
            Some(piece) if histogram.contains(piece) => 1.0,
            _ => self.factor,
        }
    }
}

/// Whether a histogram's overflow is added to its last bin.
pub fn folds_overflow(histogram: &str) -> bool {
    !histogram.contains(KEEPS_OVERFLOW)
}

fn concerns(piece: Option<&String>, histogram: &str) -> bool {
    piece.is_none_or(|piece| histogram.contains(piece))
}

/// Reads the table, which is JSON by now.
fn parse(text: &str) -> Result<Table, Error> {
    serde_json::from_str(text).map_err(|cause| Error::Recipe {
        cause: cause.to_string(),
    })
}

fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{self, NAMES};
    use crate::catalogue::Catalogue;

    #[test]
    fn every_part_of_every_stack_has_its_looks() {
        for set in Catalogue::embedded().unwrap().sets() {
            let recipe = Recipe::of(&set.analysis.to_lowercase()).unwrap();
            let named: Vec<_> = recipe.parts.iter().map(|part| &part.name).collect();
            assert_eq!(
                named,
                set.stack.iter().map(|part| &part.name).collect::<Vec<_>>()
            );
            if let Some(signal) = &recipe.signal {
                let known = signal.part.iter().all(|part| named.contains(&part));
                let found = signal.sample.iter().all(|sample| set.find(sample).is_ok());
                assert!(known && found && (signal.part.is_some() != signal.sample.is_some()));
            }
        }
    }

    #[test]
    fn every_plotted_histogram_is_booked_once() {
        for name in NAMES {
            let output = analysis::find(name).unwrap().output();
            let plotted = &Recipe::of(name).unwrap().histograms;
            for (at, histogram) in plotted.iter().enumerate() {
                assert!(
                    output.histograms.get(histogram).is_some(),
                    "{name} {histogram}"
                );
                assert!(!plotted[..at].contains(histogram), "{name} {histogram}");
            }
        }
    }

    #[test]
    fn the_first_line_that_concerns_a_histogram_holds() {
        let top = Recipe::of("TTbar").unwrap();
        assert!(!top.y_axis("hist_Topmass").unwrap().log);
        assert_eq!(top.y_axis("hist_leadleptch").unwrap().to, 1e9);
        assert_eq!(top.y_axis("hist_etmiss").unwrap().to, 1e8);
        assert!(Recipe::of("HZZ").unwrap().y_axis("hist_n_jets").is_none());
        let photons = Recipe::of("Hyy").unwrap();
        assert_eq!(photons.fit("hist_mYY_cat_bin1").unwrap().sigma, 1.83);
        assert_eq!(photons.fit("hist_mYY_bin1").unwrap().sigma, 2.38);
        assert!(photons.channel("hist_mYY_cat_bin1").ends_with("central"));
    }

    #[test]
    fn factors_spare_the_histograms_they_are_not_for() {
        let ttbar = Recipe::of("ZPrimeBoosted").unwrap().part("ttbar").unwrap();
        assert_eq!(ttbar.factor("hist_etmiss"), 0.91);
        assert_eq!(ttbar.factor("hist_leadLRjet_pt"), 1.0);
        assert!(folds_overflow("hist_mLL1") && !folds_overflow("mass_ext_four_lep"));
    }

    #[test]
    fn tables_with_unknown_words_are_refused() {
        let text = "[[analysis]]\nname = 'a'\nchannel = ''\nhistograms = []\nparts = []\n";
        assert!(parse(&crate::json_of(text)).is_ok());
        let odd = [
            format!("{text}axis = 1"),
            text.replace("[]", "[{ name = 'a', label = '', colour = 'kMauve' }]"),
        ];
        for text in odd {
            let parsed = parse(&crate::json_of(&text));
            assert!(matches!(parsed, Err(Error::Recipe { .. })));
        }
    }
}
