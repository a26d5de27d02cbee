//! The histograms of the four-lepton selection.

use rootlake_hist::{Fills, Handle};

use crate::analysis::plots::{LeptonPlots, surroundings};
use crate::analysis::single;
use crate::object::Lepton;
use crate::{Corrections, Error, FourVector, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// Masses of the lepton pairs, GeV, that closer to the Z's first.
    pub(super) z_masses: (f32, f32),
    /// The sum of the momenta, MeV.
    pub(super) system: FourVector,
    /// The good leptons.
    pub(super) leptons: [Lepton; 4],
    /// Their momenta, MeV.
    pub(super) momenta: [FourVector; 4],
    /// The number of good jets.
    pub(super) jets: u32,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    z1_mass: Handle,
    z2_mass: Handle,
    system_pt: Handle,
    system_rapidity: Handle,
    mass: Handle,
    extended_mass: Handle,
    jets: Handle,
    pt: Handle,
    eta: Handle,
    energy: Handle,
    phi: Handle,
    charge: Handle,
    flavour: Handle,
    /// Isolation, z0 and d0, where the reference's never filled histograms are to be filled.
    surroundings: Option<[Handle; 4]>,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    ///
    /// The last four are booked there, written and never filled.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let mut book = |name, title, axis| output.book(name, title, axis);
        let mut plots = Self {
            z1_mass: book("hist_mLL1", "Mass of Dilepton System; m_{ll,1} [GeV];Events / bin", (30, 50.0, 106.0))?,
            z2_mass: book("hist_mLL2", "Mass of Dilepton System; m_{ll,2} [GeV];Events / bin", (30, 12.0, 140.0))?,
            system_pt: book("hist_fourlepsys_pt", "Transverse Momentum of four-lepton system; p_{T,4l} [GeV];Events / bin", (20, 0.0, 200.0))?,
            system_rapidity: book("hist_fourlepsys_y", "Rapidity of four-lepton system; y_{4l} ;Events / bin", (20, -3.0, 3.0))?,
            mass: book("mass_four_lep", "Mass of four-lepton system; m_{4l} [GeV];Events / bin", (24, 80.0, 170.0))?,
            extended_mass: book("mass_ext_four_lep", "Mass of four-lepton system; m_{4l} [GeV];Events / bin", (30, 80.0, 250.0))?,
            jets: book("hist_n_jets", "Number of Jets;N_{jets};Events", (4, -0.5, 3.5))?,
            pt: book("hist_fourleptpt", " Leptons Transverse Momentum;p_{T}^{all lep} [GeV];Leptons / bin", (5, 0.0, 200.0))?,
            eta: book("hist_fourlepteta", " Leptons Pseudorapidity; #eta^{all lep}; Leptons / bin", (10, -3.0, 3.0))?,
            energy: book("hist_fourleptE", " Leptons Energy; E^{all lep} [GeV]; Leptons / bin", (10, 0.0, 300.0))?,
            phi: book("hist_fourleptphi", " Leptons Azimuthal Angle ; #phi^{all lep}; Leptons / bin", (8, -3.2, 3.2))?,
            charge: book("hist_fourleptch", " Leptons Charge; Q^{all lep}; Leptons / bin", (7, -1.75, 1.75))?,
            flavour: book("hist_fourleptID", " Leptons Absolute PDG ID; |PDG ID|^{all lep}; Leptons / bin", (15, 5.5, 20.5))?,
            surroundings: None,
        };
        plots.surroundings = LeptonPlots::book_surroundings(output, corrections, [
            ("hist_fourlept_ptc", " Leptons Relative Transverse Momentum Isolation; ptconerel30^{all lep}; Leptons / bin", (10, -0.1, 0.4)),
            ("hist_fourleptetc", " Lepton Relative Transverse Energy Isolation; etconerel20^{all lep}; Leptons / bin", (10, -0.1, 0.4)),
            ("hist_fourlepz0", " Lepton z0 impact parameter; z_{0}^{all lep} [mm]; Leptons / bin", (20, -1.0, 1.0)),
            ("hist_fourlepd0", " Lepton d0 impact parameter; d_{0}^{all lep} [mm]; Leptons / bin", (20, -1.0, 1.0)),
        ])?;
        Ok(plots)
    }

    /// Fills one event: masses, momenta and energies in GeV.
    pub(super) fn fill(&self, fills: &mut Fills<'_>, event: &Event, weight: f32) {
        let mut fill = |handle, x| fills.fill(handle, x, weight);
        let system = &event.system;
        let mass = f64::from(single(system.mass() / 1000.0));

        fill(self.z1_mass, f64::from(event.z_masses.0));
        fill(self.z2_mass, f64::from(event.z_masses.1));
        fill(self.system_pt, f64::from(single(system.pt() / 1000.0)));
        fill(self.system_rapidity, f64::from(single(system.rapidity())));
        fill(self.mass, mass);
        fill(self.extended_mass, mass);
        fill(self.jets, f64::from(event.jets));

        for (lepton, momentum) in event.leptons.iter().zip(&event.momenta) {
            fill(self.pt, momentum.pt() / 1000.0);
            fill(self.energy, momentum.energy / 1000.0);
            fill(self.charge, f64::from(lepton.charge));
            fill(self.flavour, f64::from(lepton.flavour));
            for (handle, value) in self.surroundings.iter().flatten().zip(surroundings(lepton)) {
                fill(*handle, value);
            }
        }
        for (lepton, momentum) in event.leptons.iter().zip(&event.momenta) {
            self.fill_angles(fills, lepton, momentum, weight);
        }
    }

    /// The reference plots the angles of the momentum's components. They differ from those it was
    /// made of by rounding, so that only beside an edge it takes a logarithm and an arc tangent to
    /// know the bin.
    fn fill_angles(
        &self,
        fills: &mut Fills<'_>,
        lepton: &Lepton,
        momentum: &FourVector,
        weight: f32,
    ) {
        /// Rounding amounts to 2e-15 in φ, and in η to 2e-14 at the bound of good leptons, 2.5.
        const ROUNDING: f64 = 1e-10;
        /// Beyond π, which an `f32` exceeds, an angle comes back with the other sign.
        const MAX_ABS_PHI: f32 = 3.125;

        let (eta, phi) = (f64::from(lepton.eta), f64::from(lepton.phi));
        if lepton.pt.is_finite() && lepton.phi.abs() < MAX_ABS_PHI {
            fills.fill_near(self.eta, eta, ROUNDING, weight, || momentum.eta());
            fills.fill_near(self.phi, phi, ROUNDING, weight, || momentum.phi());
        } else {
            fills.fill(self.eta, momentum.eta(), weight);
            fills.fill(self.phi, momentum.phi(), weight);
        }
    }
}
