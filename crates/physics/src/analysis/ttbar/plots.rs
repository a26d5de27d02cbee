//! The histograms of the top quark pair selection.

use rootlake_hist::Handle;

use super::masses::Masses;
use crate::analysis::plots::{JetPlots, LEADING, LeptonPlots, NARROW, lepton_specs};
use crate::analysis::{LeptonicW, LeptonicWPlots, Tally};
use crate::object::{B_TAG_70, Jet};
use crate::{Corrections, Error, Output};

/// What is plotted of a selected event.
pub(super) struct Event<'a> {
    /// The W that decayed to a lepton.
    pub(super) w: LeptonicW,
    /// The good jets.
    pub(super) jets: &'a [Jet],
    /// The masses of the top quark and the W that decayed to jets.
    pub(super) masses: Masses,
}

/// Measured quantities varied within their uncertainties, GeV.
pub(super) struct Varied {
    /// The transverse energy that is missing.
    pub(super) missing_et: f64,
    /// The transverse mass with missing momentum and lepton varied.
    pub(super) transverse_mass: f64,
    /// The lepton's transverse momentum.
    pub(super) lepton_pt: f64,
    /// The first good jet's transverse momentum.
    pub(super) jet_pt: f32,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    w: LeptonicWPlots,
    top_mass: Handle,
    smeared_missing_energy: Handle,
    smeared_transverse_mass: Handle,
    w_mass: Handle,
    smeared_lepton_pt: Handle,
    jets: Handle,
    jet: JetPlots,
    smeared_jet_pt: Handle,
    b_jets: Handle,
    b_jet: JetPlots,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    ///
    /// Those that are not kept here are booked there, written and never filled.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let [missing_energy, transverse_mass, top_mass, smeared_missing_energy, smeared_transverse_mass, w_mass] = [
            book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 300.0))?,
            book(output, "hist_mtw", "Transverse Mass; M^{W}_{T} [GeV];Events / bin", (20, 0.0, 300.0))?,
            book(output, "hist_Topmass", "Mass of three jets;m_{jjj}^{max p_{T}} [GeV];Events / bin", (40, 100.0, 250.0))?,
            book(output, "hist_syst_etmiss", "Missing Transverse Momentum (MET syst);E_{T}^{miss} [GeV] (after E_{T}^{miss} syst. uncert.);Events / bin", (20, 0.0, 300.0))?,
            book(output, "hist_syst_mtw", "Transverse Mass (MET syst); M^{W}_{T} [GeV] (after E_{T}^{miss} and p_{T}^{lep} syst. uncert.);Events / bin", (20, 0.0, 300.0))?,
            book(output, "hist_Wmass", "Mass of two jets;m_{jj}^{max p_{T}} [GeV];Events / bin", (40, 50.0, 120.0))?,
        ];
        let [(name, title, bins), others @ ..] = lepton_specs(LEADING, [(20, 0.0, 200.0), (30, -3.0, 3.0), (30, 0.0, 300.0), (32, -3.2, 3.2)], NARROW);
        let pt = book(output, name, title, bins)?;
        let smeared_lepton_pt = book(output, "hist_syst_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV] (after p_{T}^{lep} syst. uncert.);Events / bin", (20, 0.0, 200.0))?;
        let lepton = LeptonPlots::book_after(pt, output, corrections, others)?;
        let jets = book(output, "hist_n_jets", "Number of Jets;N_{jets};Events", (5, 3.5, 8.5))?;
        let pt = book(output, "hist_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{jet} [GeV];Events / bin", (20, 0.0, 450.0))?;
        let smeared_jet_pt = book(output, "hist_syst_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{jet} [GeV] (after p_{T}^{jet} syst. uncert.);Events / bin", (20, 0.0, 450.0))?;
        let jet = JetPlots {
            pt,
            eta: book(output, "hist_leadjet_eta", "Leading Jet Pseudorapidity; #eta^{jet}; Events / bin", (30, -3.0, 3.0))?,
        };
        Ok(Self {
            w: LeptonicWPlots { missing_energy, transverse_mass, lepton },
            top_mass, smeared_missing_energy, smeared_transverse_mass, w_mass, smeared_lepton_pt, jets, jet, smeared_jet_pt,
            b_jets: book(output, "hist_n_bjets", "Number of b-jets;N_{b-jets};Events", (3, 1.5, 4.5))?,
            b_jet: JetPlots::book(output, [
                ("hist_leadbjet_pt", "Leading b-jet Transverse Momentum;p_{T}^{b-jet} [GeV];Events / bin", (20, 0.0, 350.0)),
                ("hist_leadbjet_eta", "Leading b-jet Pseudorapidity; #eta^{b-jet}; Events / bin", (30, -3.0, 3.0)),
            ])?,
        })
    }

    /// Fills one event: momenta, masses and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event<'_>) {
        self.w.fill(tally, &event.w);

        tally.fill(self.jets, event.jets.len() as f64);
        if let Some(jet) = event.jets.first() {
            self.jet.fill(tally, jet);
        }
        let b_jets = || event.jets.iter().filter(|jet| jet.is_b_tagged(B_TAG_70));
        tally.fill(self.b_jets, b_jets().count() as f64);
        if let Some(jet) = b_jets().next() {
            self.b_jet.fill(tally, jet);
        }

        let [top_mass, w_mass] = [event.masses.top, event.masses.w];
        if top_mass > 100.0 && top_mass < 250.0 {
            tally.fill(self.top_mass, top_mass);
        }
        if w_mass > 50.0 && w_mass < 120.0 {
            tally.fill(self.w_mass, w_mass);
        }
    }

    /// Fills what an event becomes when its momenta are varied, where the analysis's cuts on them
    /// would still be passed. All in GeV.
    pub(super) fn fill_varied(&self, tally: &mut Tally<'_>, varied: &Varied) {
        if varied.missing_et > 30.0 && varied.transverse_mass > 30.0 {
            tally.fill(self.smeared_missing_energy, varied.missing_et);
            tally.fill(self.smeared_transverse_mass, varied.transverse_mass);
        }
        if varied.lepton_pt > 30.0 {
            tally.fill(self.smeared_lepton_pt, varied.lepton_pt);
        }
        tally.fill(self.smeared_jet_pt, varied.jet_pt);
    }
}
