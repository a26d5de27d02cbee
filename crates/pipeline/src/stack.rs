//! Stacks of a plot: the samples' histograms, normalised and added up part by part.
//!
//! The arithmetic is that of the reference framework's `Plotting.cxx`, in its order and precision:
//! each simulation is scaled to the luminosity, the overflow is added to the last bin, samples add
//! up to parts, a part is multiplied by its factor, parts add up to the prediction, and data are
//! divided by it. Samples are added in the order of the catalogue, which can differ from the
//! framework's in the last digit of a sum.

mod canvas;
mod file;
mod fit;
mod inputs;
mod object;

use rootlake_hist::Th1f;
use rootlake_physics::catalogue::{CatalogueSample, LUMINOSITY, SampleSet};
use rootlake_physics::recipe::{Recipe, RootColour, Signal, folds_overflow};

pub use self::file::write_stacks;
pub use self::fit::{Cubic, FittedPeak};
pub use self::inputs::SampleHistograms;
use crate::error::PipelineError;

/// What the plot of one histogram shows.
#[derive(Clone, Debug)]
pub struct Stack {
    /// The histogram's name.
    pub name: String,
    /// The recorded events, unless they are missing.
    pub data: Option<Th1f>,
    /// The parts, bottom to top, each normalised; those of which every sample is missing are empty.
    pub parts: Vec<StackedPart>,
    /// Their sum; its errors are statistical.
    pub prediction: Th1f,
    /// The signal, scaled as it can be drawn over the stack.
    pub signal: Option<StackedPart>,
    /// What the lower panel shows: data divided by the prediction or, where a background is fitted,
    /// what is left of them above it.
    pub comparison: Option<Th1f>,
    /// The fit to the data.
    pub fit: Option<FittedPeak>,
}

/// A stack, and how high it is drawn.
#[derive(Clone, Debug)]
pub struct DrawnStack {
    /// The stack.
    pub stack: Stack,
    /// Ends of the y axis, in events.
    pub y_range: (f64, f64),
}

/// A part of a stack, or a signal over it.
#[derive(Clone, Debug)]
pub struct StackedPart {
    /// Its name in the catalogue.
    pub name: String,
    /// The legend's text, in ROOT's LaTeX.
    pub label: String,
    /// Its colour.
    pub colour: RootColour,
    /// The factor by which its samples' sum is multiplied: set by hand, or a signal's norm.
    pub factor: f64,
    /// The histogram, multiplied.
    pub histogram: Th1f,
}

impl Stack {
    /// Stacks the histogram of that name of all samples there are.
    ///
    /// # Errors
    /// When no sample has it, samples have it with other bins, or recipe and catalogue do not fit.
    pub fn of(
        name: &str,
        recipe: &Recipe,
        set: &SampleSet,
        samples: &SampleHistograms,
    ) -> Result<Self, PipelineError> {
        let entitled = |histogram: Th1f| match recipe.x_title(name) {
            Some(title) => histogram.x_titled(title),
            None => histogram,
        };
        let empty = entitled(samples.any(name)?.emptied());
        let normalised = |sample: &CatalogueSample| {
            let mut histogram = samples.of(&sample.name, name)?.clone();
            histogram.scale(sample.scale(LUMINOSITY));
            Some(folded(histogram))
        };
        let mut prediction = empty.clone().named("prediction").titled("Prediction");
        let mut parts = Vec::with_capacity(set.stack.len());
        for part in &set.stack {
            let looks = recipe.part(&part.name)?;
            let mut histogram = empty.clone().named(&part.name).titled(&looks.label);
            for sample in set.samples.iter().filter(|sample| part.holds(sample)) {
                if let Some(more) = normalised(sample) {
                    histogram.add(&more)?;
                }
            }
            let factor = looks.factor(name);
            if factor != 1.0 {
                histogram.scale(factor);
            }
            prediction.add(&histogram)?;
            parts.push(StackedPart {
                name: part.name.clone(),
                label: looks.label.clone(),
                colour: looks.colour,
                factor,
                histogram,
            });
        }
        let signal = recipe.signal(name).and_then(|signal| {
            let histogram = match (&signal.part, &signal.sample) {
                (Some(part), _) => parts
                    .iter()
                    .find(|known| known.name == *part)?
                    .histogram
                    .clone(),
                (None, sample) => normalised(set.find(sample.as_ref()?).ok()?)?,
            };
            Some(scaled_signal(signal, histogram, &prediction))
        });
        let data = samples.data(name).cloned();
        let data = data.map(|data| entitled(folded(data)).named("data").titled("Data"));
        let fit = data
            .as_ref()
            .zip(recipe.fit(name))
            .and_then(|(data, peak)| FittedPeak::fit(data, peak));
        let comparison = data
            .as_ref()
            .map(|data| compare(data, &prediction, fit.as_ref()));
        Ok(Self {
            name: name.to_owned(),
            data,
            parts,
            prediction,
            signal,
            comparison: comparison.transpose()?,
            fit,
        })
    }
}

fn folded(mut histogram: Th1f) -> Th1f {
    if folds_overflow(histogram.name()) {
        histogram.fold_overflow();
    }
    histogram
}

/// A signal as it is drawn: with the prediction's sum, unless it is left as it is.
fn scaled_signal(signal: &Signal, mut histogram: Th1f, prediction: &Th1f) -> StackedPart {
    let own = histogram.integral();
    let factor = if signal.normalised && own != 0.0 {
        prediction.integral() / own
    } else {
        1.0
    };
    if factor != 1.0 {
        histogram.scale(factor);
    }
    StackedPart {
        name: "signal".to_owned(),
        label: signal.label.clone(),
        colour: RootColour::RED,
        factor,
        histogram: histogram.named("signal").titled(&signal.label),
    }
}

/// The lower panel's content. The blanks behind its titles are the reference's: they move a centred
/// title clear of the pad's upper end.
fn compare(
    data: &Th1f,
    prediction: &Th1f,
    fit: Option<&FittedPeak>,
) -> Result<Th1f, PipelineError> {
    let mut compared = data.clone();
    if let Some(fit) = fit {
        compared.subtract(|x| fit.background.at(x));
        return Ok(compared
            .named("excess")
            .titled("Data - bkg")
            .y_titled("Data - bkg      "));
    }
    compared.divide(prediction)?;
    Ok(compared
        .named("ratio")
        .titled("Data / Pred")
        .y_titled("Data / Pred   "))
}

#[cfg(test)]
mod tests;
