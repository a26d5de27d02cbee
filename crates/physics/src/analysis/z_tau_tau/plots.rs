//! The histograms of the Z to tau tau selection.

use rootlake_hist::Handle;

use crate::analysis::plots::{JetPlots, LEADING, LeptonPlots, WIDE, lepton_specs};
use crate::analysis::{Tally, single};
use crate::object::{ELECTRON, Jet, Lepton, MUON, Tau};
use crate::{Correction, Corrections, Error, FourVector, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The good lepton.
    pub(super) lepton: Lepton,
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
            lepton: LeptonPlots::book(output, corrections, lepton_specs(LEADING, [(20, 0.0, 200.0), (20, -3.0, 3.0), (20, 0.0, 300.0), (20, -3.2, 3.2)], WIDE))?,
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
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        tally.fill(self.visible_mass, event.visible_mass);
        tally.fill(self.mass, event.mass);
        tally.fill(self.missing_energy, f64::from(event.missing_et) / 1000.0);
        // 0 for the other flavour, which lies below the axis.
        let mass = single(f64::from(event.transverse_mass) / 1000.0);
        for (flavour, histogram) in [
            (ELECTRON, self.electron_transverse_mass),
            (MUON, self.muon_transverse_mass),
        ] {
            let is_own = event.lepton.flavour == flavour;
            if is_own || !self.corrections.has(Correction::OtherFlavour) {
                tally.fill(histogram, if is_own { mass } else { 0.0 });
            }
        }
        tally.fill(self.sum_of_angles, event.sum_of_angles);
        tally.fill(self.jets, event.jets);

        self.lepton.fill(tally, &event.lepton);

        let (tau, momentum) = (&event.tau, &event.tau_momentum);
        tally.fill(self.tau_pt, momentum.pt() / 1000.0);
        tally.fill(self.tau_eta, momentum.eta());
        tally.fill(self.tau_energy, momentum.energy / 1000.0);
        tally.fill(self.tau_phi, momentum.phi());
        tally.fill(self.tau_tracks, tau.tracks);
        tally.fill(self.tau_identification, tau.identification);
        if let Some(pt) = event.smeared_tau_pt {
            tally.fill(self.smeared_tau_pt, pt);
        }
        if let Some(jet) = &event.jet {
            self.jet.fill(tally, jet);
        }
    }
}
