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
        fills.fill_near(self.eta, eta, ANGLE_ROUNDING, weight, || momentum.eta());
        fills.fill_near(self.phi, phi, ANGLE_ROUNDING, weight, || momentum.phi());
    }
}

/// What is filled where the reference fills a pseudorapidity or azimuth of the components of a good
/// lepton's momentum: the one it was made of. Both differ by rounding, so that only beside an edge
/// ([`ANGLE_ROUNDING`]) it takes a logarithm or an arc tangent to know the bin.
///
/// NaN where they may differ by more, so that it is beside an edge.
#[inline]
pub(super) fn nearly(lepton: &Lepton, angle: f32) -> f64 {
    /// Beyond π, which an `f32` exceeds, an azimuth comes back with the other sign.
    const MAX_ABS_PHI: f32 = 3.125;

    let comes_back = lepton.pt.is_finite() && lepton.phi.abs() < MAX_ABS_PHI;
    f64::from(if comes_back { angle } else { f32::NAN })
}

/// Rounding amounts to 2e-15 in φ, and in η to 2e-14 at the bound of good leptons, 2.5.
pub(super) const ANGLE_ROUNDING: f64 = 1e-10;

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
