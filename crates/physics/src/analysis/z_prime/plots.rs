//! The histograms of the boosted top quark pair selection.

use rootlake_hist::Handle;

use super::Leptonic;
use crate::analysis::plots::{JetPlots, LeptonPlots};
use crate::analysis::{LeptonicWPlots, Tally};
use crate::object::LargeRJet;
use crate::{Corrections, Error, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The side that decayed to a lepton.
    pub(super) leptonic: Leptonic,
    /// The top quark that decayed to jets.
    pub(super) top: LargeRJet,
    /// Its transverse momentum varied within its uncertainty, GeV, if it would still be taken.
    pub(super) smeared_top_pt: Option<f32>,
    /// The mass of the pair without the neutrino, GeV, if the small jet has a b-tag.
    pub(super) pair_mass: Option<f64>,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    w: LeptonicWPlots,
    jets: Handle,
    jet_pt: Handle,
    jet_eta: Handle,
    b_jets: Handle,
    b_jet: JetPlots,
    large_r_jets: LargeRJetPlots,
    tops: LargeRJetPlots,
    smeared_top_pt: Handle,
    pair_mass: Handle,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let plots = Self {
            w: LeptonicWPlots {
                missing_energy: book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (30, 0.0, 400.0))?,
                transverse_mass: book(output, "hist_mtw", "Transverse Mass; M^{W}_{T};Events / bin", (30, 0.0, 250.0))?,
                lepton: LeptonPlots::book(output, corrections, [
                    ("hist_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV];Leptons", (20, 0.0, 400.0)),
                    ("hist_leadlepteta", "Leading Lepton Pseudorapidity; #eta^{leadlep}; Leptons", (30, -3.0, 3.0)),
                    ("hist_leadleptE", "Leading Lepton Energy; E^{leadlep} [GeV]; Leptons", (30, 0.0, 500.0)),
                    ("hist_leadleptphi", "Leading Lepton Azimuthal Angle ; #phi^{leadlep}; Leptons", (32, -3.2, 3.2)),
                    ("hist_leadleptch", "Leading Lepton Charge; Q^{leadlep}; Leptons", (7, -1.75, 1.75)),
                    ("hist_leadleptID", "Leading Lepton Absolute PDG ID; |PDG ID|^{leadlep}; Leptons", (15, 5.5, 20.5)),
                    ("hist_leadlept_ptc", "Leading Lepton Relative Transverse Momentum Isolation; ptconerel30^{leadlep}; Leptons", (20, -0.1, 0.2)),
                    ("hist_leadleptetc", "Leading Lepton Relative Transverse Energy Isolation; etconerel20^{leadlep}; Leptons", (20, -0.1, 0.2)),
                    ("hist_leadlepz0", "Leading Lepton z0 impact parameter; z_{0}^{leadlep} [mm]; Leptons", (20, -1.0, 1.0)),
                    ("hist_leadlepd0", "Leading Lepton d0 impact parameter; d_{0}^{leadlep} [mm]; Leptons", (20, -0.2, 0.2)),
                ])?,
            },
            jets: book(output, "hist_n_jets", "Number of Jets;N_{selected Small-R jets};Events", (4, -0.5, 3.5))?,
            jet_pt: book(output, "hist_leadjet_pt", "Leading Jet Transverse Momentum; p_{T}^{selected Small-R jet} [GeV];Events / bin", (20, 0.0, 400.0))?,
            jet_eta: book(output, "hist_leadjet_eta", "Leading Jet Pseudorapidity; #eta^{selected Small-R jet}; Events / bin", (30, -3.0, 3.0))?,
            b_jets: book(output, "hist_n_bjets", "Number of b-jets;N_{b-jets};Events", (4, -0.5, 3.5))?,
            b_jet: JetPlots::book(output, [
                ("hist_leadbjet_pt", "Leading b-jet Transverse Momentum;p_{T}^{b-jet} [GeV];Events / bin", (20, 0.0, 400.0)),
                ("hist_leadbjet_eta", "Leading b-jet Pseudorapidity; #eta^{b-jet}; Events / bin", (30, -3.0, 3.0)),
            ])?,
            large_r_jets: [
                book(output, "hist_n_leadLRjets", "Number of top-tagged Large-R Jets;N^{Large-R jets};Events", (4, -0.5, 3.5))?,
                book(output, "hist_leadLRjet_pt", "Large-R Jet Transverse Momentum;p_{T}^{Large-R jet} [GeV];Events / bin", (30, 250.0, 700.0))?,
                book(output, "hist_leadLRjet_eta", "Large-R Jet Pseudorapidity; #eta^{Large-R jet}; Events / bin", (20, -3.0, 3.0))?,
                book(output, "hist_leadLRjet_phi", "Large-R Jet phi; #phi^{Large-R jet}; Events / bin", (12, -3.2, 3.2))?,
                book(output, "hist_leadLRjet_m", "Large-R Jet mass; m^{Large-R jet} [GeV]; Events / bin", (30, 50.0, 250.0))?,
                book(output, "hist_leadLRjet_tau32", "Large-R Jet N-subjettiness ratio; #tau_{32}^{Large-R jet} [GeV]; Events / bin", (20, 0.0, 1.0))?,
            ],
            tops: [
                book(output, "hist_n_TopLRjets", "Number of Top-tagged Large-R Jets;N^{Top-tagged Large-R jets};Events", (4, -0.5, 3.5))?,
                book(output, "hist_leadTopLRjet_pt", "Top-tagged Large-R Jet Transverse Momentum;p_{T}^{Top-tagged Large-R jet} [GeV];Events / bin", (30, 250.0, 700.0))?,
                book(output, "hist_leadTopLRjet_eta", "Top-tagged Large-R Jet Pseudorapidity; #eta^{Top-tagged Large-R jet}; Events / bin", (20, -3.0, 3.0))?,
                book(output, "hist_leadTopLRjet_phi", "Top-tagged Large-R Jet phi; #phi^{Top-tagged Large-R jet}; Events / bin", (12, -3.2, 3.2))?,
                book(output, "hist_leadTopLRjet_m", "Top-tagged Large-R Jet mass; m^{Top-tagged Large-R jet} [GeV]; Events / bin", (25, 100.0, 250.0))?,
                book(output, "hist_leadTopLRjet_tau32", "Top-tagged Large-R Jet N-subjettiness ratio; #tau_{32}^{Top-tagged Large-R jet} [GeV]; Events / bin", (20, 0.0, 1.0))?,
            ],
            smeared_top_pt: book(output, "hist_leadTopLRjet_syst_pt", "Leading  top-tagged Large-R Jet pT after syst; p_{T}^{Top-tagged Large-R jet} [GeV] (after p_{T}^{Large-R Jet} syst.); Events / bin", (30, 250.0, 700.0))?,
            pair_mass: book(output, "hist_ttbarMLR", " (Almost) ttbar mass (no neutrino); m^{Top-tagged Large-R jet, Small-R jet, Lepton} [GeV]; Events / bin", (20, 400.0, 1600.0))?,
        };
        Ok(plots)
    }

    /// Fills one of the event's large-R jets before the top quark is asked for.
    pub(super) fn fill_large_r_jet(&self, tally: &mut Tally<'_>, jet: &LargeRJet, count: u32) {
        fill_large_r_jet(self.large_r_jets, tally, jet, count);
    }

    /// Fills an event that passed all cuts: momenta, masses and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        let Event { leptonic, top, .. } = event;
        self.w.fill(tally, &leptonic.w);
        if let Some(mass) = event.pair_mass {
            tally.fill(self.pair_mass, mass);
        }
        if let Some(pt) = event.smeared_top_pt {
            tally.fill(self.smeared_top_pt, pt);
        }

        tally.fill(self.jets, leptonic.near_jets);
        let jet_momentum = leptonic.jet.momentum();
        tally.fill(self.jet_pt, jet_momentum.pt() / 1000.0);
        tally.fill(self.jet_eta, jet_momentum.eta());
        tally.fill(self.b_jets, leptonic.b_jets);
        self.b_jet.fill(tally, &leptonic.b_jet);

        // One top quark was asked for.
        fill_large_r_jet(self.tops, tally, top, 1);
    }
}

/// Where the histograms of large-R jets stand, in the order of [`fill_large_r_jet`].
type LargeRJetPlots = [Handle; 6];

/// Fills one large-R jet of `count` in the event: momentum and mass in GeV.
fn fill_large_r_jet(plots: LargeRJetPlots, tally: &mut Tally<'_>, jet: &LargeRJet, count: u32) {
    let values = [
        f64::from(count),
        f64::from(jet.pt) / 1000.0,
        f64::from(jet.eta),
        f64::from(jet.phi),
        f64::from(jet.mass) / 1000.0,
        f64::from(jet.tau32),
    ];
    for (handle, value) in plots.into_iter().zip(values) {
        tally.fill(handle, value);
    }
}
