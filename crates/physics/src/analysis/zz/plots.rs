//! The histograms of the ZZ selection.

use rootlake_hist::Handle;

use crate::analysis::plots::LeptonPlots;
use crate::analysis::{Tally, single};
use crate::object::Lepton;
use crate::{Corrections, Error, FourVector, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// Masses of the lepton pairs, GeV, that of the first lepton first.
    pub(super) z_masses: (f32, f32),
    /// The sum of the momenta, MeV.
    pub(super) system: FourVector,
    /// The good leptons.
    pub(super) leptons: [Lepton; 4],
    /// Their momenta, MeV.
    pub(super) momenta: [FourVector; 4],
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    z1_mass: Handle,
    z2_mass: Handle,
    system_pt: Handle,
    system_rapidity: Handle,
    system_mass: Handle,
    leptons: LeptonPlots,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let plots = Self {
            z1_mass: book(output, "hist_mLL1", "Mass of Dilepton System; m_{ll,1} [GeV];Events / bin", (18, 64.0, 118.0))?,
            z2_mass: book(output, "hist_mLL2", "Mass of Dilepton System; m_{ll,2} [GeV];Events / bin", (18, 64.0, 118.0))?,
            system_pt: book(output, "hist_fourlepsys_pt", "Transverse Momentum of four-lepton system; p_{T,4l} [GeV];Events / bin", (20, 0.0, 200.0))?,
            system_rapidity: book(output, "hist_fourlepsys_y", "Rapidity of four-lepton system; y_{4l} ;Events / bin", (20, -3.0, 3.0))?,
            system_mass: book(output, "hist_fourlepsys_m", "Mass of four-lepton system; m_{4l} ;Events / bin", (20, 0.0, 600.0))?,
            leptons: LeptonPlots::book(output, corrections, [
                ("hist_fourleptpt", " Leptons Transverse Momentum;p_{T}^{all lep} [GeV]; Leptons / bin", (20, 0.0, 200.0)),
                ("hist_fourlepteta", " Leptons Pseudorapidity; #eta^{all lep}; Leptons / bin", (10, -3.0, 3.0)),
                ("hist_fourleptE", " Leptons Energy; E^{all lep} [GeV]; Leptons / bin", (20, 0.0, 300.0)),
                ("hist_fourleptphi", " Leptons Azimuthal Angle ; #phi^{all lep}; Leptons / bin", (16, -3.2, 3.2)),
                ("hist_fourleptch", " Leptons Charge; Q^{all lep}; Leptons / bin", (7, -1.75, 1.75)),
                ("hist_fourleptID", " Leptons Absolute PDG ID; |PDG ID|^{all lep}; Leptons / bin", (15, 5.5, 20.5)),
                ("hist_fourlept_ptc", "Leptons Relative Transverse Momentum Isolation; ptconerel30^{all lep}; Leptons / bin", (10, -0.1, 0.2)),
                ("hist_fourleptetc", " Lepton Relative Transverse Energy Isolation; etconerel20^{all lep}; Leptons / bin", (10, -0.1, 0.2)),
                ("hist_fourlepz0", " Lepton z0 impact parameter; z_{0}^{all lep} [mm]; Leptons / bin", (10, -1.0, 1.0)),
                ("hist_fourlepd0", " Lepton d0 impact parameter; d_{0}^{all lep} [mm]; Leptons / bin", (10, -0.2, 0.2)),
            ])?,
        };
        Ok(plots)
    }

    /// Fills one event: masses, momenta and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        let (z1_mass, z2_mass) = event.z_masses;
        tally.fill(self.z1_mass, z1_mass);
        tally.fill(self.z2_mass, z2_mass);
        let system = &event.system;
        tally.fill(self.system_pt, single(system.pt() / 1000.0));
        tally.fill(self.system_rapidity, single(system.rapidity()));
        tally.fill(self.system_mass, single(system.mass() / 1000.0));
        for (lepton, momentum) in event.leptons.iter().zip(&event.momenta) {
            self.leptons.fill_with_pt(tally, lepton, momentum.pt());
        }
    }
}
