//! Histograms that several analyses fill alike.

use rootlake_hist::{Fills, Handle};

use crate::object::{Jet, Lepton};
use crate::{Correction, Corrections, Error, FourVector, Output};

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
    /// Isolation in tracks and in the calorimeter, z0 and d0: only where the reference's never
    /// filled histograms are to be filled.
    pub(super) surroundings: Option<[Handle; 4]>,
}

impl LeptonPlots {
    /// Books the histograms in the order of the members, then four that the reference books,
    /// writes and never fills: track and calorimeter isolation, z0 and d0.
    pub(super) fn book(
        output: &mut Output,
        corrections: Corrections,
        specs: [PlotSpec<'_>; 10],
    ) -> Result<Self, Error> {
        let [pt, eta, energy, phi, charge, flavour, surroundings @ ..] = specs;
        let mut book = |(name, title, axis)| output.book(name, title, axis);
        Ok(Self {
            pt: book(pt)?,
            eta: book(eta)?,
            energy: book(energy)?,
            phi: book(phi)?,
            charge: book(charge)?,
            flavour: book(flavour)?,
            surroundings: Self::book_surroundings(output, corrections, surroundings)?,
        })
    }

    /// Books the histograms that stay empty unless they are asked for.
    pub(super) fn book_surroundings(
        output: &mut Output,
        corrections: Corrections,
        specs: [PlotSpec<'_>; 4],
    ) -> Result<Option<[Handle; 4]>, Error> {
        let [ptcone, etcone, z0, d0] =
            specs.map(|(name, title, axis)| output.book(name, title, axis));
        let handles = [ptcone?, etcone?, z0?, d0?];
        Ok(corrections.has(Correction::NeverFilled).then_some(handles))
    }

    /// Fills one lepton with its momentum in MeV.
    pub(super) fn fill(
        &self,
        fills: &mut Fills<'_>,
        lepton: &Lepton,
        momentum: &FourVector,
        weight: f32,
    ) {
        let mut fill = |handle, x| fills.fill(handle, x, weight);
        fill(self.pt, momentum.pt() / 1000.0);
        fill(self.energy, momentum.energy / 1000.0);
        fill(self.charge, f64::from(lepton.charge));
        fill(self.flavour, f64::from(lepton.flavour));
        for (handle, value) in self.surroundings.iter().flatten().zip(surroundings(lepton)) {
            fill(*handle, value);
        }
        let (eta, phi) = (nearly(lepton, lepton.eta), nearly(lepton, lepton.phi));
        fills.fill_near(self.eta, eta, ROUNDING, weight, || momentum.eta());
        fills.fill_near(self.phi, phi, ROUNDING, weight, || momentum.phi());
    }
}

/// A transverse momentum, pseudorapidity or azimuth of a good lepton, where the reference plots that
/// of its momentum's components. Both differ by rounding, so that only beside an edge
/// ([`ROUNDING`]) it takes roots, logarithms or arc tangents to know the bin.
///
/// NaN where they may differ by more, so that it counts as beside an edge.
#[inline]
pub(super) fn nearly(lepton: &Lepton, quantity: f32) -> f64 {
    let comes_back = comes_back(lepton.pt, lepton.phi);
    f64::from(if comes_back { quantity } else { f32::NAN })
}

/// Whether the components of a momentum give back what they are made of, but for rounding.
#[inline(always)]
pub(super) fn comes_back(pt: f32, phi: f32) -> bool {
    /// Beyond π, which an `f32` exceeds, an azimuth comes back with the other sign.
    const MAX_ABS_PHI: f32 = 3.125;

    pt.is_finite() & (phi.abs() < MAX_ABS_PHI)
}

/// Rounding amounts to 2e-15 in φ, in η to 2e-14 at the bound of good leptons, 2.5, and to 1e-12 GeV in
/// a momentum within any axis.
pub(super) const ROUNDING: f64 = 1e-10;

/// Isolation in tracks and in the calorimeter, z0 and d0 in mm.
pub(super) fn surroundings(lepton: &Lepton) -> [f64; 4] {
    [
        lepton.relative_ptcone30(),
        lepton.relative_etcone20(),
        f64::from(lepton.z0),
        f64::from(lepton.d0),
    ]
}

/// Where the histograms of one jet stand in the output.
#[derive(Clone, Copy, Debug)]
pub(super) struct JetPlots {
    pub(super) pt: Handle,
    pub(super) eta: Handle,
}

impl JetPlots {
    /// Books the histograms in the order of the members.
    pub(super) fn book(output: &mut Output, specs: [PlotSpec<'_>; 2]) -> Result<Self, Error> {
        let [pt, eta] = specs.map(|(name, title, axis)| output.book(name, title, axis));
        Ok(Self { pt: pt?, eta: eta? })
    }

    /// Fills the transverse momentum of a jet in GeV, and its pseudorapidity.
    pub(super) fn fill(&self, fills: &mut Fills<'_>, jet: &Jet, weight: f32) {
        let mut fill = |handle, x| fills.fill(handle, x, weight);
        fill(self.pt, f64::from(jet.pt) / 1000.0);
        fill(self.eta, f64::from(jet.eta));
    }
}
