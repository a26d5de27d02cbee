//! The histograms of the four-lepton selection.

use rootlake_hist::{Fills, Handle};

use crate::analysis::plots::{ANGLE_ROUNDING, LeptonPlots, nearly, surroundings};
use crate::analysis::single;
use crate::object::Lepton;
use crate::{Corrections, Error, FourVector, Output};

/// What is plotted of the four leptons together: masses and momentum in GeV, as the reference has
/// them in single precision.
#[derive(Clone, Copy, Debug)]
pub(super) struct System {
    /// Masses of the lepton pairs, that closer to the Z's first.
    pub(super) z_masses: (f32, f32),
    pub(super) mass: f32,
    pub(super) pt: f32,
    pub(super) rapidity: f32,
}

impl System {
    /// What is made of the pairs' masses and the sum of the momenta, MeV.
    pub(super) fn new(z_masses: (f32, f32), sum: &FourVector) -> Self {
        Self {
            z_masses,
            mass: single(sum.mass() / 1000.0),
            pt: single(sum.pt() / 1000.0),
            rapidity: single(sum.rapidity()),
        }
    }
}

/// The good leptons of some events, with the weights of their events.
#[derive(Debug, Default)]
pub(super) struct LeptonColumn {
    pub(super) leptons: Vec<Lepton>,
    pub(super) weights: Vec<f64>,
    /// Memory for what is plotted of each.
    values: Vec<f64>,
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

    /// Where each quantity of the system is filled.
    fn of_system(&self, system: &System) -> [(Handle, f64); 6] {
        [
            (self.z1_mass, system.z_masses.0),
            (self.z2_mass, system.z_masses.1),
            (self.system_pt, system.pt),
            (self.system_rapidity, system.rapidity),
            (self.mass, system.mass),
            (self.extended_mass, system.mass),
        ]
        .map(|(handle, x)| (handle, f64::from(x)))
    }

    /// Whether a system whose quantities differ from these by less than `distance` (GeV, and in
    /// rapidity) falls into the same bins.
    pub(super) fn are_clear_of_edges(
        &self,
        fills: &Fills<'_>,
        system: &System,
        distance: f64,
    ) -> bool {
        let mut quantities = self.of_system(system).into_iter();
        quantities.all(|(handle, x)| fills.is_clear_of_edges(handle, x, distance))
    }

    /// Fills one event: its system and the number of its good jets.
    pub(super) fn fill(&self, fills: &mut Fills<'_>, system: &System, jets: u32, weight: f32) {
        for (handle, x) in self.of_system(system) {
            fills.fill(handle, x, weight);
        }
        fills.fill(self.jets, f64::from(jets), weight);
    }

    /// Fills the good leptons of many events.
    pub(super) fn fill_leptons(&self, fills: &mut Fills<'_>, leptons: &mut LeptonColumn) {
        let LeptonColumn {
            leptons,
            weights,
            values,
        } = leptons;
        let exact = |place| {
            leptons
                .get(place)
                .map_or_else(Default::default, Lepton::momentum)
        };

        let weights = weights.as_slice();
        set(values, leptons, |lepton| nearly(lepton, lepton.pt) / 1000.0);
        fills.column_near(self.pt, values, ANGLE_ROUNDING, weights, |place| {
            exact(place).pt() / 1000.0
        });
        set(values, leptons, |lepton| nearly(lepton, lepton.eta));
        fills.column_near(self.eta, values, ANGLE_ROUNDING, weights, |place| {
            exact(place).eta()
        });
        set(values, leptons, |lepton| nearly(lepton, lepton.phi));
        fills.column_near(self.phi, values, ANGLE_ROUNDING, weights, |place| {
            exact(place).phi()
        });
        set(values, leptons, |lepton| f64::from(lepton.energy) / 1000.0);
        fills.column(self.energy, values, weights);
        set(values, leptons, |lepton| f64::from(lepton.charge));
        fills.column(self.charge, values, weights);
        set(values, leptons, |lepton| f64::from(lepton.flavour));
        fills.column(self.flavour, values, weights);
        for (place, handle) in self.surroundings.iter().flatten().enumerate() {
            set(values, leptons, |lepton| {
                surroundings(lepton).get(place).copied().unwrap_or_default()
            });
            fills.column(*handle, values, weights);
        }
    }
}

/// Sets a column to what is made of each lepton.
pub(super) fn set<T>(values: &mut Vec<T>, leptons: &[Lepton], of: impl Fn(&Lepton) -> T) {
    values.clear();
    values.extend(leptons.iter().map(of));
}
