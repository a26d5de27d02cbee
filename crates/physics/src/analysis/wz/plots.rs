//! The histograms of the WZ selection.

use rootlake_hist::Handle;

use crate::analysis::Tally;
use crate::analysis::plots::LeptonPlots;
use crate::object::Lepton;
use crate::{Corrections, Error, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The good leptons.
    pub(super) leptons: [Lepton; 3],
    /// The mass of the pair that stems from the Z, GeV.
    pub(super) mass: f32,
    /// Its transverse momentum, GeV.
    pub(super) pair_pt: f32,
    /// The size of the missing transverse momentum, MeV.
    pub(super) missing_et: f32,
    /// The transverse mass of the W, MeV.
    pub(super) transverse_mass: f32,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    missing_energy: Handle,
    mass: Handle,
    transverse_mass: Handle,
    pair_pt: Handle,
    leptons: LeptonPlots,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let plots = Self {
            missing_energy: book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 160.0))?,
            mass: book(output, "hist_mLL", "Mass of Dilepton System; m_{ll} [GeV];Events / bin", (20, 76.0, 106.0))?,
            transverse_mass: book(output, "hist_mtw", "Transverse Mass; M^{W}_{T} [GeV];Events / bin", (20, 0.0, 200.0))?,
            pair_pt: book(output, "hist_ptLL", "Transverse momentum of Dilepton System; p^{ll}_{T} [GeV];Events / bin", (20, 0.0, 400.0))?,
            leptons: LeptonPlots::book(output, corrections, [
                ("hist_threeleptpt", " Lepton Transverse Momentum;p_{T}^{all lep} [GeV]; Leptons / bin", (10, 25.0, 200.0)),
                ("hist_threelepteta", " Lepton Pseudorapidity; #eta^{all lep}; Leptons / bin", (15, -3.0, 3.0)),
                ("hist_threeleptE", " Lepton Energy; E^{all lep} [GeV]; Leptons / bin", (15, 0.0, 300.0)),
                ("hist_threeleptphi", " Lepton Azimuthal Angle ; #phi^{all lep}; Leptons / bin", (16, -3.2, 3.2)),
                ("hist_threeleptch", " Lepton Charge; Q^{all lep}; Leptons / bin", (7, -1.75, 1.75)),
                ("hist_threeleptID", " Lepton Absolute PDG ID; |PDG ID|^{all lep}; Leptons / bin", (15, 5.5, 20.5)),
                ("hist_threelept_ptc", " Lepton Relative Transverse Momentum Isolation; ptconerel30^{all lep}; Leptons / bin", (10, -0.1, 0.2)),
                ("hist_threeleptetc", " Lepton Relative Transverse Energy Isolation; etconerel20^{all lep}; Leptons / bin", (10, -0.1, 0.2)),
                ("hist_threelepz0", " Lepton z0 impact parameter; z_{0}^{all lep} [mm]; Leptons / bin", (10, -1.0, 1.0)),
                ("hist_threelepd0", " Lepton d0 impact parameter; d_{0}^{all lep} [mm]; Leptons / bin", (10, -0.2, 0.2)),
            ])?,
        };
        Ok(plots)
    }

    /// Fills one event: masses, momenta and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        tally.fill(self.mass, event.mass);
        tally.fill(self.pair_pt, event.pair_pt);
        tally.fill(self.missing_energy, f64::from(event.missing_et) / 1000.0);
        let transverse_mass = f64::from(event.transverse_mass) / 1000.0;
        tally.fill(self.transverse_mass, transverse_mass);
        for lepton in &event.leptons {
            self.leptons.fill(tally, lepton);
        }
    }
}
