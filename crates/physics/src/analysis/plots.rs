//! Histograms that several analyses fill alike.

use rootlake_hist::Handle;

use super::Tally;
use super::near::comes_back;
use crate::object::{Jet, Lepton};
use crate::{Correction, Corrections, Error, Output};

/// The number of bins, and the range.
type Bins = (u32, f64, f64);

/// Name, titles set off by semicolons, and bins.
pub(super) type PlotSpec = (&'static str, &'static str, Bins);

/// Names and titles of a lepton's histograms, in the order of [`LeptonPlots::book`].
type LeptonTitles = [(&'static str, &'static str); 10];

/// Those of the leading lepton in most analyses.
#[rustfmt::skip]
pub(super) const LEADING: LeptonTitles = [
    ("hist_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV];Events / bin"),
    ("hist_leadlepteta", "Leading Lepton Pseudorapidity; #eta^{leadlep}; Events / bin"),
    ("hist_leadleptE", "Leading Lepton Energy; E^{leadlep} [GeV]; Events / bin"),
    ("hist_leadleptphi", "Leading Lepton Azimuthal Angle ; #phi^{leadlep}; Events / bin"),
    ("hist_leadleptch", "Leading Lepton Charge; Q^{leadlep}; Events / bin"),
    ("hist_leadleptID", "Leading Lepton Absolute PDG ID; |PDG ID|^{leadlep}; Events / bin"),
    ("hist_leadlept_ptc", "Leading Lepton Relative Transverse Momentum Isolation; ptconerel30^{leadlep}; Events / bin"),
    ("hist_leadleptetc", "Leading Lepton Relative Transverse Energy Isolation; etconerel20^{leadlep}; Events / bin"),
    ("hist_leadlepz0", "Leading Lepton z0 impact parameter; z_{0}^{leadlep} [mm]; Events / bin"),
    ("hist_leadlepd0", "Leading Lepton d0 impact parameter; d_{0}^{leadlep} [mm]; Events / bin"),
];

/// Those of the other lepton of two.
#[rustfmt::skip]
pub(super) const SUBLEADING: LeptonTitles = [
    ("hist_subleadleptpt", "Subleading Lepton Transverse Momentum;p_{T}^{traillep} [GeV];Events / bin"),
    ("hist_subleadlepteta", "Subleading Lepton Pseudorapidity; #eta^{traillep}; Events / bin"),
    ("hist_subleadleptE", "Subleading Lepton Energy; E^{traillep} [GeV]; Events / bin"),
    ("hist_subleadleptphi", "Subleading Lepton Azimuthal Angle ; #phi^{traillep}; Events / bin"),
    ("hist_subleadleptch", "Subleading Lepton Charge; Q^{traillep}; Events / bin"),
    ("hist_subleadleptID", "Subleading Lepton Absolute PDG ID; |PDG ID|^{traillep}; Events / bin"),
    ("hist_subleadlept_ptc", "Subleading Lepton Relative Transverse Momentum Isolation; ptconerel30^{traillep} [GeV]; Events / bin"),
    ("hist_subleadleptetc", "Subleading Lepton Relative Transverse Energy Isolation; etconerel20^{traillep} [GeV]; Events / bin"),
    ("hist_subleadlepz0", "Subleading Lepton z0 impact parameter; z_{0}^{traillep} [mm]; Events / bin"),
    ("hist_subleadlepd0", "Trailing Lepton d0 impact parameter; d_{0}^{traillep} [mm]; Events / bin"),
];

/// Bins of charge and flavour, the same everywhere.
const CHARGE: Bins = (7, -1.75, 1.75);
const FLAVOUR: Bins = (15, 5.5, 20.5);

/// Bins of isolation in tracks and in the calorimeter, of z0 and d0.
pub(super) const NARROW: [Bins; 4] = [
    (20, -0.1, 0.2),
    (20, -0.1, 0.2),
    (20, -1.0, 1.0),
    (20, -0.2, 0.2),
];
/// The same where leptons may be less isolated.
pub(super) const WIDE: [Bins; 4] = [
    (40, -0.1, 0.4),
    (40, -0.1, 0.4),
    (40, -1.0, 1.0),
    (40, -1.0, 1.0),
];

/// The histograms of a lepton with these bins of transverse momentum, pseudorapidity, energy and
/// azimuth, and of what surrounds it.
pub(super) fn lepton_specs(
    titles: LeptonTitles,
    [pt, eta, energy, phi]: [Bins; 4],
    [ptcone, etcone, z0, d0]: [Bins; 4],
) -> [PlotSpec; 10] {
    let mut bins = [
        pt, eta, energy, phi, CHARGE, FLAVOUR, ptcone, etcone, z0, d0,
    ]
    .into_iter();
    titles.map(|(name, title)| (name, title, bins.next().unwrap_or_default()))
}

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
        specs: [PlotSpec; 10],
    ) -> Result<Self, Error> {
        let [(name, title, bins), others @ ..] = specs;
        let pt = output.book(name, title, bins)?;
        Self::book_after(pt, output, corrections, others)
    }

    /// Books those that come after that of the transverse momentum.
    pub(super) fn book_after(
        pt: Handle,
        output: &mut Output,
        corrections: Corrections,
        specs: [PlotSpec; 9],
    ) -> Result<Self, Error> {
        let [eta, energy, phi, charge, flavour, surroundings @ ..] = specs;
        let mut book = |(name, title, bins)| output.book(name, title, bins);
        Ok(Self {
            pt,
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
        specs: [PlotSpec; 4],
    ) -> Result<Option<[Handle; 4]>, Error> {
        let [ptcone, etcone, z0, d0] =
            specs.map(|(name, title, bins)| output.book(name, title, bins));
        let handles = [ptcone?, etcone?, z0?, d0?];
        Ok(corrections.has(Correction::NeverFilled).then_some(handles))
    }

    /// Fills one lepton: the quantities of its momentum's components.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, lepton: &Lepton) {
        self.fill_with_pt(tally, lepton, lepton.pt_of_components());
    }

    /// The same with the transverse momentum of the components, MeV, where that is at hand.
    pub(super) fn fill_with_pt(&self, tally: &mut Tally<'_>, lepton: &Lepton, pt: f64) {
        tally.fill(self.pt, pt / 1000.0);
        tally.fill(self.energy, f64::from(lepton.energy) / 1000.0);
        tally.fill(self.charge, lepton.charge);
        tally.fill(self.flavour, lepton.flavour);
        for (handle, value) in self.surroundings.iter().flatten().zip(surroundings(lepton)) {
            tally.fill(*handle, value);
        }
        let (eta, phi) = (nearly(lepton, lepton.eta), nearly(lepton, lepton.phi));
        tally.fill_near(self.eta, eta, ROUNDING, || lepton.momentum().eta());
        tally.fill_near(self.phi, phi, ROUNDING, || lepton.momentum().phi());
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
    pub(super) fn book(output: &mut Output, specs: [PlotSpec; 2]) -> Result<Self, Error> {
        let [pt, eta] = specs.map(|(name, title, bins)| output.book(name, title, bins));
        Ok(Self { pt: pt?, eta: eta? })
    }

    /// Fills the transverse momentum of a jet in GeV, and its pseudorapidity.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, jet: &Jet) {
        tally.fill(self.pt, f64::from(jet.pt) / 1000.0);
        tally.fill(self.eta, jet.eta);
    }
}
