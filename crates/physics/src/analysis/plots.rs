//! Histograms that several analyses fill alike.

use rootlake_hist::Handle;

use crate::object::Lepton;
use crate::{Error, FourVector, Output};

/// Name, titles set off by semicolons, and number of bins with the range.
pub(super) type PlotSpec<'a> = (&'a str, &'a str, (u32, f64, f64));

/// Where the histograms of one lepton stand in the output.
#[derive(Debug)]
pub(super) struct LeptonPlots {
    pub(super) pt: Handle,
    pub(super) eta: Handle,
    pub(super) energy: Handle,
    pub(super) phi: Handle,
    pub(super) charge: Handle,
    pub(super) flavour: Handle,
}

impl LeptonPlots {
    /// Books the histograms in the order of the members, then four that the reference books,
    /// writes and never fills: track and calorimeter isolation, z0 and d0.
    pub(super) fn book(output: &mut Output, specs: [PlotSpec<'_>; 10]) -> Result<Self, Error> {
        let [pt, eta, energy, phi, charge, flavour, unfilled @ ..] = specs;
        let mut book = |(name, title, axis)| output.book(name, title, axis);
        let plots = Self {
            pt: book(pt)?,
            eta: book(eta)?,
            energy: book(energy)?,
            phi: book(phi)?,
            charge: book(charge)?,
            flavour: book(flavour)?,
        };
        for spec in unfilled {
            book(spec)?;
        }
        Ok(plots)
    }

    /// Fills one lepton with its momentum in MeV.
    pub(super) fn fill(
        &self,
        output: &mut Output,
        lepton: &Lepton,
        momentum: &FourVector,
        weight: f32,
    ) {
        let mut fill = |handle, x| output.histograms.fill(handle, x, weight);
        fill(self.pt, momentum.pt() / 1000.0);
        fill(self.eta, momentum.eta());
        fill(self.energy, momentum.energy / 1000.0);
        fill(self.phi, momentum.phi());
        fill(self.charge, f64::from(lepton.charge));
        fill(self.flavour, f64::from(lepton.flavour));
    }
}
