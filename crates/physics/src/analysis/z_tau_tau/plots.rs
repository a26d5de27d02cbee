//! The histograms of the Z to tau tau selection.

use rootlake_hist::{Fills, Handle};

use crate::analysis::plots::{JetPlots, LeptonPlots};
use crate::analysis::single;
use crate::object::{ELECTRON, Jet, Lepton, MUON, Tau};
use crate::{Correction, Corrections, Error, FourVector, Output};

/// What is plotted of a selected event.
#[derive(Default)]
pub(super) struct Event {
    /// The good lepton.
    pub(super) lepton: Lepton,
    /// Its momentum, MeV.
    pub(super) momentum: FourVector,
    /// The good hadronic τ.
    pub(super) tau: Tau,
    /// The momentum of what is seen of it, MeV.
    pub(super) tau_momentum: FourVector,
    /// Its transverse momentum varied within its uncertainty, GeV, if it would still be taken.
    pub(super) smeared_tau_pt: Option<f32>,
    /// The mass of lepton and τ, GeV.
    pub(super) visible_mass: f32,
    /// The mass with the neutrinos as estimated, GeV.
    pub(super) mass: f32,
    /// The size of the missing transverse momentum, MeV.
    pub(super) missing_et: f32,
    /// The transverse mass of the lepton and what is missing, MeV.
    pub(super) transverse_mass: f32,
    /// The angles in azimuth between what is missing and the lepton, and the τ, together.
    pub(super) sum_of_angles: f32,
    /// The number of jets, good or not.
    pub(super) jets: u32,
    /// The jet that is plotted.
    pub(super) jet: Option<Jet>,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    missing_energy: Handle,
    sum_of_angles: Handle,
    visible_mass: Handle,
    mass: Handle,
    electron_transverse_mass: Handle,
    muon_transverse_mass: Handle,
    lepton: LeptonPlots,
    tau_pt: Handle,
    tau_eta: Handle,
    tau_energy: Handle,
    tau_phi: Handle,
    smeared_tau_pt: Handle,
    tau_tracks: Handle,
    tau_identification: Handle,
    jets: Handle,
    jet: JetPlots,
    corrections: Corrections,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let plots = Self {
            missing_energy: book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 150.0))?,
            sum_of_angles: book(output, "hist_sum_dPhi", "sum dPhi; #Sigma#Delta#phi;Events / bin", (30, 0.0, 6.3))?,
            visible_mass: book(output, "hist_mLL", "Visible mass; m_{vis} [GeV];Events / bin", (30, 20.0, 100.0))?,
            mass: book(output, "hist_MMC", "Invariant mass (MMC); m^{MMC}_{#tau#tau} [GeV];Events / bin", (15, 50.0, 200.0))?,
            electron_transverse_mass: book(output, "hist_mt_etau", "Transverse Mass; m_{T}(e,E_{T}^{miss}) [GeV];Events / bin", (30, 1.0, 150.0))?,
            muon_transverse_mass: book(output, "hist_mt_mutau", "Transverse Mass; m_{T}(#mu,E_{T}^{miss}) [GeV];Events / bin", (30, 1.0, 150.0))?,
            lepton: LeptonPlots::book(output, corrections, [
                ("hist_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV];Events / bin", (20, 0.0, 200.0)),
                ("hist_leadlepteta", "Leading Lepton Pseudorapidity; #eta^{leadlep}; Events / bin", (20, -3.0, 3.0)),
                ("hist_leadleptE", "Leading Lepton Energy; E^{leadlep} [GeV]; Events / bin", (20, 0.0, 300.0)),
                ("hist_leadleptphi", "Leading Lepton Azimuthal Angle ; #phi^{leadlep}; Events / bin", (20, -3.2, 3.2)),
                ("hist_leadleptch", "Leading Lepton Charge; Q^{leadlep}; Events / bin", (7, -1.75, 1.75)),
                ("hist_leadleptID", "Leading Lepton Absolute PDG ID; |PDG ID|^{leadlep}; Events / bin", (15, 5.5, 20.5)),
                ("hist_leadlept_ptc", "Leading Lepton Relative Transverse Momentum Isolation; ptconerel30^{leadlep}; Events / bin", (40, -0.1, 0.4)),
                ("hist_leadleptetc", "Leading Lepton Relative Transverse Energy Isolation; etconerel20^{leadlep}; Events / bin", (40, -0.1, 0.4)),
                ("hist_leadlepz0", "Leading Lepton z0 impact parameter; z_{0}^{leadlep} [mm]; Events / bin", (40, -1.0, 1.0)),
                ("hist_leadlepd0", "Leading Lepton d0 impact parameter; d_{0}^{leadlep} [mm]; Events / bin", (40, -1.0, 1.0)),
            ])?,
            tau_pt: book(output, "hist_taupt", "Hadronic tau Transverse Momentum;p_{T}^{#tau_{h}} [GeV];Events / bin", (20, 25.0, 75.0))?,
            tau_eta: book(output, "hist_taueta", "Hadronic tau Pseudorapidity; #eta^{#tau_{h}}; Events / bin", (20, -3.0, 3.0))?,
            tau_energy: book(output, "hist_tauE", "Hadronic tau Energy; E^{#tau_{h}} [GeV]; Events / bin", (20, 0.0, 200.0))?,
            tau_phi: book(output, "hist_tauphi", "Hadronic tau Azimuthal Angle ; #phi^{#tau_{h}}; Events / bin", (20, -3.2, 3.2))?,
            smeared_tau_pt: book(output, "hist_syst_taupt", "Hadronic tau Transverse Momentum;p_{T}^{#tau_{h}} [GeV] (after p_{T,#tau_{h}} syst. uncert.);Events / bin", (20, 25.0, 75.0))?,
            tau_tracks: book(output, "hist_tau_nTracks", "Hadronic tau number of tracks ; N_{tracks} (#tau_{h});Events", (5, -0.5, 4.5))?,
            tau_identification: book(output, "hist_tau_BDTid", "Hadronic BDTid ; BDTid (#tau_{h});Events / bin", (20, 0.6, 1.0))?,
            jets: book(output, "hist_n_jets", "Number of Jets;N_{jets};Events", (6, -0.5, 5.5))?,
            jet: JetPlots::book(output, [
                ("hist_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{leadjet} [GeV];Jets", (15, 0.0, 150.0)),
                ("hist_leadjet_eta", "Leading Jet Pseudorapidity; #eta^{leadjet}; Jets", (15, -3.0, 3.0)),
            ])?,
            corrections,
        };
        Ok(plots)
    }

    /// Fills one event: momenta, masses and energies in GeV.
    pub(super) fn fill(&self, fills: &mut Fills<'_>, event: &Event, weight: f32) {
        let mut fill = |handle, x| fills.fill(handle, x, weight);
        fill(self.visible_mass, f64::from(event.visible_mass));
        fill(self.mass, f64::from(event.mass));
        fill(self.missing_energy, f64::from(event.missing_et) / 1000.0);
        // 0 for the other flavour, which lies below the axis.
        let mass = single(f64::from(event.transverse_mass) / 1000.0);
        for (flavour, histogram) in [
            (ELECTRON, self.electron_transverse_mass),
            (MUON, self.muon_transverse_mass),
        ] {
            let is_own = event.lepton.flavour == flavour;
            if is_own || !self.corrections.has(Correction::OtherFlavour) {
                fill(histogram, f64::from(if is_own { mass } else { 0.0 }));
            }
        }
        fill(self.sum_of_angles, f64::from(event.sum_of_angles));
        fill(self.jets, f64::from(event.jets));

        self.lepton
            .fill(fills, &event.lepton, &event.momentum, weight);

        let mut fill = |handle, x| fills.fill(handle, x, weight);
        let (tau, momentum) = (&event.tau, &event.tau_momentum);
        fill(self.tau_pt, momentum.pt() / 1000.0);
        fill(self.tau_eta, momentum.eta());
        fill(self.tau_energy, momentum.energy / 1000.0);
        fill(self.tau_phi, momentum.phi());
        fill(self.tau_tracks, f64::from(tau.tracks));
        fill(self.tau_identification, f64::from(tau.identification));
        if let Some(pt) = event.smeared_tau_pt {
            fill(self.smeared_tau_pt, f64::from(pt));
        }
        if let Some(jet) = &event.jet {
            self.jet.fill(fills, jet, weight);
        }
    }
}
