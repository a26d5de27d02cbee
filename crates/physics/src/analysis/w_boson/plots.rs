//! The histograms of the W boson selection.

use rootlake_hist::Handle;

use crate::analysis::plots::{JetPlots, LeptonPlots};
use crate::analysis::{LeptonicW, LeptonicWPlots, Tally};
use crate::object::{ELECTRON, Jet, MUON};
use crate::{Correction, Corrections, Error, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The W.
    pub(super) w: LeptonicW,
    /// The number of jets, good or not.
    pub(super) jets: u32,
    /// The first of them.
    pub(super) leading_jet: Option<Jet>,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    w: LeptonicWPlots,
    electron_transverse_mass: Handle,
    muon_transverse_mass: Handle,
    jets: Handle,
    leading_jet: JetPlots,
    corrections: Corrections,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let [missing_energy, transverse_mass, electron_transverse_mass, muon_transverse_mass] = [
            book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (30, 0.0, 200.0))?,
            book(output, "hist_mtw", "Transverse Mass; M^{W}_{T} [GeV];Events / bin", (40, 39.0, 180.0))?,
            book(output, "hist_mtw_enu", "Transverse Mass; M^{W #rightarrow e#nu}_{T} [GeV];Events / bin", (40, 39.0, 180.0))?,
            book(output, "hist_mtw_munu", "Transverse Mass; M^{W #rightarrow #mu#nu}_{T} [GeV];Events / bin", (40, 39.0, 180.0))?,
        ];
        let lepton = LeptonPlots::book(output, corrections, [
            ("hist_leadleptpt", "Lepton Transverse Momentum;p_{T}^{lep} [GeV];Events / bin", (20, 0.0, 200.0)),
            ("hist_leadlepteta", "Lepton Pseudorapidity; #eta^{lep}; Events / bin", (30, -3.0, 3.0)),
            ("hist_leadleptE", "Lepton Energy; E^{lep} [GeV]; Events / bin", (30, 0.0, 300.0)),
            ("hist_leadleptphi", "Lepton Azimuthal Angle ; #phi^{lep}; Events / bin", (32, -3.2, 3.2)),
            ("hist_leadleptch", "Lepton Charge; Q^{lep}; Events / bin", (7, -1.75, 1.75)),
            ("hist_leadleptID", "Lepton Absolute PDG ID; |PDG ID|^{lep}; Events / bin", (15, 5.5, 20.5)),
            ("hist_leadlept_ptc", "Lepton Relative Transverse Momentum Isolation; ptconerel30^{leadlep}; Events / bin", (20, -0.1, 0.2)),
            ("hist_leadleptetc", "Lepton Relative Transverse Energy Isolation; etconerel20^{leadlep}; Events / bin", (20, -0.1, 0.2)),
            ("hist_leadlepz0", "Lepton longitudinal impact parameter; z_{0}^{lep} [mm]; Events / bin", (20, -1.0, 1.0)),
            ("hist_leadlepd0", "Lepton transverse impact parameter; d_{0}^{lep} [mm]; Events / bin", (20, -5.0, 5.0)),
        ])?;
        let plots = Self {
            w: LeptonicWPlots { missing_energy, transverse_mass, lepton },
            electron_transverse_mass, muon_transverse_mass,
            jets: book(output, "hist_n_jets", "Number of Jets;N_{jets};Events", (6, -0.5, 5.5))?,
            leading_jet: JetPlots::book(output, [
                ("hist_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{jet} [GeV];Events / bin", (20, 0.0, 120.0)),
                ("hist_leadjet_eta", "Leading Jet Pseudorapidity; #eta^{jet}; Events / bin", (30, -3.0, 3.0)),
            ])?,
            corrections,
        };
        Ok(plots)
    }

    /// Fills one event: momenta, masses and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        self.w.fill(tally, &event.w);

        // The reference picks histograms by parts of names: `hist_mtw` is in all three, so that
        // it is filled three times, and a flavour's mass is 0 for the other flavour.
        let mass = f64::from(event.w.transverse_mass) / 1000.0;
        for (flavour, histogram) in [
            (ELECTRON, self.electron_transverse_mass),
            (MUON, self.muon_transverse_mass),
        ] {
            let is_own = event.w.lepton.flavour == flavour;
            let of_flavour = if is_own { mass } else { 0.0 };
            if is_own || !self.corrections.has(Correction::OtherFlavour) {
                tally.fill(histogram, of_flavour);
            }
            if !self.corrections.has(Correction::FillByName) {
                tally.fill(self.w.transverse_mass, of_flavour);
            }
        }

        tally.fill(self.jets, event.jets);
        if let Some(jet) = &event.leading_jet {
            self.leading_jet.fill(tally, jet);
        }
    }
}
