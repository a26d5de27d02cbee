//! What an analysis counts and fills, one event after the other.

use rootlake_hist::{Fills, Handle};

use crate::{CutHandle, Cutflow, Output};

/// The cutflow and the histograms of an analysis, with the weight of the event that is selected.
pub(super) struct Tally<'a> {
    cutflow: &'a mut Cutflow,
    fills: Fills<'a>,
    weight: f32,
}

impl<'a> Tally<'a> {
    /// That of an output, before its first event.
    pub(super) fn of(output: &'a mut Output) -> Self {
        Self {
            cutflow: &mut output.cutflow,
            fills: output.histograms.gather(),
            weight: 0.0,
        }
    }

    /// Begins the next event.
    #[inline]
    pub(super) fn begin(&mut self, weight: f32) {
        self.cutflow.begin(weight);
        self.weight = weight;
    }

    /// As [`Cutflow::pass`].
    #[inline]
    pub(super) fn pass(&mut self, cut: CutHandle) {
        self.cutflow.pass(cut);
    }

    /// As [`Cutflow::require`].
    #[inline]
    pub(super) fn require(&mut self, cut: CutHandle, passes: bool) -> Option<()> {
        self.cutflow.require(cut, passes)
    }

    /// Fills a value of the event.
    #[inline]
    pub(super) fn fill(&mut self, histogram: Handle, x: impl Into<f64>) {
        self.fills.fill(histogram, x.into(), self.weight);
    }

    /// As [`Fills::fill_near`].
    #[inline]
    pub(super) fn fill_near(
        &mut self,
        histogram: Handle,
        x: f64,
        distance: f64,
        exact: impl FnOnce() -> f64,
    ) {
        self.fills
            .fill_near(histogram, x, distance, self.weight, exact);
    }
}
