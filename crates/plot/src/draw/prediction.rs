//! The sum of the simulated processes.

use crate::plot::StackPlot;

/// The stack, bin by bin.
#[derive(Debug, Default)]
pub(crate) struct Prediction {
    /// For each process the sum of it and all below.
    pub heights: Vec<Vec<f64>>,
    /// The sum of all processes.
    pub total: Vec<f64>,
    /// Its statistical error: the root of the summed squares.
    pub errors: Vec<f64>,
}

impl Prediction {
    pub fn sum(plot: &StackPlot) -> Self {
        let bins = plot.edges.len().saturating_sub(1);
        let mut total = vec![0.0; bins];
        let mut variance = vec![0.0; bins];
        let mut heights = Vec::with_capacity(plot.processes.len());
        for process in &plot.processes {
            for (sum, content) in total.iter_mut().zip(&process.contents) {
                *sum += content;
            }
            for (sum, error) in variance.iter_mut().zip(&process.errors) {
                *sum += error * error;
            }
            heights.push(total.clone());
        }
        let errors = variance.into_iter().map(f64::sqrt).collect();
        Self {
            heights,
            total,
            errors,
        }
    }

    /// For each bin its total and error.
    pub fn bins(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.total.iter().copied().zip(self.errors.iter().copied())
    }
}
