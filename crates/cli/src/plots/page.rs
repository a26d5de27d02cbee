//! The page of a run: plots, yields and figures in one HTML file that needs no network.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use rootlake_hist::Th1f;
use rootlake_physics::catalogue::SampleSet;
use rootlake_physics::recipe::{NOTES, Recipe};
use rootlake_pipeline::Stack;
use rootlake_plot::plain_text;

use crate::table::count;

const STYLE: &str = include_str!("page.css");

/// What the page shows.
#[derive(Debug)]
pub struct Page<'a> {
    /// The samples of the analysis.
    pub set: &'a SampleSet,
    /// How its plots look.
    pub recipe: &'a Recipe,
    /// The stacks, each with its picture as SVG.
    pub plots: Vec<(&'a Stack, String)>,
    /// Figures of the run: what, and how much.
    pub figures: Vec<(&'static str, String)>,
    /// Samples that are missing, with the reasons.
    pub left_out: Vec<(&'a str, String)>,
    /// The samples' figures, where the run was recorded.
    pub samples: Vec<SampleRow>,
}

/// What is told of a sample.
#[derive(Debug)]
pub struct SampleRow {
    /// Its name.
    pub name: String,
    /// Events read.
    pub events: u64,
    /// Events selected.
    pub selected: u64,
}

impl Page<'_> {
    /// The whole page.
    pub fn render(&self) -> String {
        let title = format!("{} · rootlake", self.set.analysis);
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        h1 { (self.set.analysis) " " span { (plain_text(self.recipe.channel(""))) } }
                        p { (NOTES.map(unbroken).join(" · ")) }
                    }
                    main {
                        (self.figures())
                        (self.warnings())
                        section.plots { @for (stack, svg) in &self.plots { (figure(stack, svg)) } }
                        (self.yields())
                        (self.samples())
                    }
                    footer { "The numbers of every plot are in plots.root." }
                }
            }
        }
        .into_string()
    }

    fn figures(&self) -> Markup {
        html! {
            dl.figures {
                @for (what, how_much) in &self.figures {
                    div { dt { (what) } dd { (how_much) } }
                }
            }
        }
    }

    fn warnings(&self) -> Markup {
        html! {
            @if !self.left_out.is_empty() {
                section.warning {
                    h2 { "Samples left out" }
                    ul { @for (sample, why) in &self.left_out { li { b { (sample) } " " (why) } } }
                }
            }
        }
    }

    /// A line for each plot: the sums of its histograms with their statistical errors.
    fn yields(&self) -> Markup {
        let parts = self
            .plots
            .first()
            .map_or(&[][..], |(stack, _)| &stack.parts);
        html! {
            section {
                h2 { "Yields" }
                div.scroll {
                    table {
                        thead { tr {
                            th { "histogram" }
                            th { "Data" }
                            th { "Prediction" }
                            @for part in parts.iter().rev() { th { (plain_text(&part.label)) } }
                        } }
                        tbody { @for (stack, _) in &self.plots { tr {
                            th { (stack.name) }
                            td { (stack.data.as_ref().map_or_else(|| "–".to_owned(), sum)) }
                            td { (yielded(&stack.prediction)) }
                            @for part in stack.parts.iter().rev() { td { (yielded(&part.histogram)) } }
                        } } }
                    }
                }
            }
        }
    }

    fn samples(&self) -> Markup {
        html! {
            @if !self.samples.is_empty() {
                section {
                    h2 { "Samples" }
                    div.scroll { table {
                        thead { tr { th { "sample" } th { "events" } th { "selected" } } }
                        tbody { @for sample in &self.samples { tr {
                            th { (sample.name) }
                            td { (count(sample.events)) }
                            td { (count(sample.selected)) }
                        } } }
                    } }
                }
            }
        }
    }
}

fn figure(stack: &Stack, svg: &str) -> Markup {
    html! {
        figure id=(stack.name) {
            (PreEscaped(svg))
            figcaption { (stack.name) }
        }
    }
}

/// A note that no line ends within: a number stays with its unit.
fn unbroken(note: &str) -> String {
    plain_text(note).replace(' ', "\u{a0}")
}

fn sum(data: &Th1f) -> String {
    format!("{:.0}", data.integral())
}

/// A sum with its error, rounded to the error's second digit.
fn yielded(histogram: &Th1f) -> String {
    let (sum, error) = (histogram.integral(), histogram.integral_error());
    let digits = if error > 0.0 {
        1.0 - error.log10().floor()
    } else {
        0.0
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of digits between 0 and 6"
    )]
    let digits = digits.clamp(0.0, 6.0) as usize;
    format!("{sum:.digits$} ± {error:.digits$}")
}

#[cfg(test)]
mod tests {
    use rootlake_hist::{Axis, Histogram1D, Precision};

    use super::*;

    #[test]
    fn a_number_stays_with_its_unit() {
        let [_, _, energy] = NOTES.map(unbroken);
        assert_eq!(energy, "√s\u{a0}=\u{a0}13\u{a0}TeV,\u{a0}10\u{a0}fb⁻¹");
    }

    #[test]
    fn sums_are_rounded_as_their_errors_are() {
        let of = |w: f64| {
            let axis = Axis::new(1, 0.0, 1.0).unwrap();
            let mut histogram = Histogram1D::new("h", "", axis, Precision::F32);
            histogram.fill(0.5, w);
            yielded(&Th1f::from(&histogram))
        };
        assert_eq!(of(1234.0), "1234 ± 1234");
        assert_eq!(of(0.0625), "0.062 ± 0.062");
        assert_eq!(of(12.5), "12 ± 12");
        assert_eq!(of(0.0), "0 ± 0");
    }
}
