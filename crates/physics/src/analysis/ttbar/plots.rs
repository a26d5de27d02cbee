//! The histograms of the top quark pair selection.

use rootlake_hist::{Fills, Handle};

use super::masses::Masses;
use crate::analysis::plots::LeptonPlots;
use crate::object::{B_TAG_70, Jet, Lepton};
use crate::{Corrections, Error, FourVector, Output};

/// What is plotted of a selected event.
pub(super) struct Event<'a> {
    /// The good lepton.
    pub(super) lepton: Lepton,
    /// Its momentum, MeV.
    pub(super) momentum: FourVector,
    /// The size of the missing transverse momentum, MeV.
    pub(super) missing_et: f32,
    /// The transverse mass of the W that decayed to the lepton, MeV.
    pub(super) transverse_mass: f32,
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
    missing_energy: Handle,
    transverse_mass: Handle,
    top_mass: Handle,
    smeared_missing_energy: Handle,
    smeared_transverse_mass: Handle,
    w_mass: Handle,
    smeared_lepton_pt: Handle,
    lepton: LeptonPlots,
    jets: Handle,
    jet_pt: Handle,
    smeared_jet_pt: Handle,
    jet_eta: Handle,
    b_jets: Handle,
    b_jet_pt: Handle,
    b_jet_eta: Handle,
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
        let pt = book(output, "hist_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV];Events / bin", (20, 0.0, 200.0))?;
        let smeared_lepton_pt = book(output, "hist_syst_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV] (after p_{T}^{lep} syst. uncert.);Events / bin", (20, 0.0, 200.0))?;
        let lepton = LeptonPlots {
            pt,
            eta: book(output, "hist_leadlepteta", "Leading Lepton Pseudorapidity; #eta^{leadlep}; Events / bin", (30, -3.0, 3.0))?,
            energy: book(output, "hist_leadleptE", "Leading Lepton Energy; E^{leadlep} [GeV]; Events / bin", (30, 0.0, 300.0))?,
            phi: book(output, "hist_leadleptphi", "Leading Lepton Azimuthal Angle ; #phi^{leadlep}; Events / bin", (32, -3.2, 3.2))?,
            charge: book(output, "hist_leadleptch", "Leading Lepton Charge; Q^{leadlep}; Events / bin", (7, -1.75, 1.75))?,
            flavour: book(output, "hist_leadleptID", "Leading Lepton Absolute PDG ID; |PDG ID|^{leadlep}; Events / bin", (15, 5.5, 20.5))?,
            surroundings: LeptonPlots::book_surroundings(output, corrections, [
                ("hist_leadlept_ptc", "Leading Lepton Relative Transverse Momentum Isolation; ptconerel30^{leadlep}; Events / bin", (20, -0.1, 0.2)),
                ("hist_leadleptetc", "Leading Lepton Relative Transverse Energy Isolation; etconerel20^{leadlep}; Events / bin", (20, -0.1, 0.2)),
                ("hist_leadlepz0", "Leading Lepton z0 impact parameter; z_{0}^{leadlep} [mm]; Events / bin", (20, -1.0, 1.0)),
                ("hist_leadlepd0", "Leading Lepton d0 impact parameter; d_{0}^{leadlep} [mm]; Events / bin", (20, -0.2, 0.2)),
            ])?,
        };
        Ok(Self {
            missing_energy, transverse_mass, top_mass, smeared_missing_energy, smeared_transverse_mass, w_mass, smeared_lepton_pt, lepton,
            jets: book(output, "hist_n_jets", "Number of Jets;N_{jets};Events", (5, 3.5, 8.5))?,
            jet_pt: book(output, "hist_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{jet} [GeV];Events / bin", (20, 0.0, 450.0))?,
            smeared_jet_pt: book(output, "hist_syst_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{jet} [GeV] (after p_{T}^{jet} syst. uncert.);Events / bin", (20, 0.0, 450.0))?,
            jet_eta: book(output, "hist_leadjet_eta", "Leading Jet Pseudorapidity; #eta^{jet}; Events / bin", (30, -3.0, 3.0))?,
            b_jets: book(output, "hist_n_bjets", "Number of b-jets;N_{b-jets};Events", (3, 1.5, 4.5))?,
            b_jet_pt: book(output, "hist_leadbjet_pt", "Leading b-jet Transverse Momentum;p_{T}^{b-jet} [GeV];Events / bin", (20, 0.0, 350.0))?,
            b_jet_eta: book(output, "hist_leadbjet_eta", "Leading b-jet Pseudorapidity; #eta^{b-jet}; Events / bin", (30, -3.0, 3.0))?,
        })
    }

    /// Fills one event: momenta, masses and energies in GeV.
    pub(super) fn fill(&self, fills: &mut Fills<'_>, event: &Event<'_>, weight: f32) {
        let mut fill = |handle, x| fills.fill(handle, x, weight);
        fill(self.missing_energy, f64::from(event.missing_et) / 1000.0);
        fill(
            self.transverse_mass,
            f64::from(event.transverse_mass) / 1000.0,
        );

        fill(self.jets, event.jets.len() as f64);
        if let Some(jet) = event.jets.first() {
            fill(self.jet_pt, f64::from(jet.pt) / 1000.0);
            fill(self.jet_eta, f64::from(jet.eta));
        }
        let b_jets = || event.jets.iter().filter(|jet| jet.is_b_tagged(B_TAG_70));
        fill(self.b_jets, b_jets().count() as f64);
        if let Some(jet) = b_jets().next() {
            fill(self.b_jet_pt, f64::from(jet.pt) / 1000.0);
            fill(self.b_jet_eta, f64::from(jet.eta));
        }

        let [top_mass, w_mass] = [event.masses.top, event.masses.w];
        if top_mass > 100.0 && top_mass < 250.0 {
            fill(self.top_mass, f64::from(top_mass));
        }
        if w_mass > 50.0 && w_mass < 120.0 {
            fill(self.w_mass, f64::from(w_mass));
        }

        self.lepton
            .fill(fills, &event.lepton, &event.momentum, weight);
    }

    /// Fills what an event becomes when its momenta are varied, where the analysis's cuts on them
    /// would still be passed. All in GeV.
    pub(super) fn fill_varied(&self, fills: &mut Fills<'_>, varied: &Varied, weight: f32) {
        let mut fill = |handle, x| fills.fill(handle, x, weight);
        if varied.missing_et > 30.0 && varied.transverse_mass > 30.0 {
            fill(self.smeared_missing_energy, varied.missing_et);
            fill(self.smeared_transverse_mass, varied.transverse_mass);
        }
        if varied.lepton_pt > 30.0 {
            fill(self.smeared_lepton_pt, varied.lepton_pt);
        }
        fill(self.smeared_jet_pt, f64::from(varied.jet_pt));
    }
}
