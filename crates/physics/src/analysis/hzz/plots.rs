//! The histograms of the four-lepton selection.

use multiversion::multiversion;
use rootlake_hist::{Column, Fills, Handle};

use super::block::{Block, EVENTS};
use super::system::Systems;
use crate::analysis::near::comes_back;
use crate::analysis::plots::{LeptonPlots, ROUNDING, surroundings};
use crate::object::Leptons;
use crate::{Corrections, Error, Output};

/// The leptons of a block.
const LEPTONS: usize = 4 * EVENTS;

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

    /// Marks the events whose system falls into the same bins if its quantities differ from these
    /// by less than `distance` (GeV, and in rapidity).
    pub(super) fn keep_clear(
        &self,
        fills: &Fills<'_>,
        systems: &Systems,
        distance: f64,
        marks: &mut [bool],
    ) {
        let [z1_mass, z2_mass] = &systems.z_masses;
        for (handle, column) in [
            (self.z1_mass, z1_mass),
            (self.z2_mass, z2_mass),
            (self.system_pt, &systems.pt),
            (self.system_rapidity, &systems.rapidity),
            (self.mass, &systems.mass),
            (self.extended_mass, &systems.mass),
        ] {
            fills.keep_clear(handle, column, distance, marks);
        }
    }

    /// Fills the events of a block: their systems and the numbers of good jets.
    pub(super) fn fill_systems(&self, fills: &mut Fills<'_>, block: &Block, systems: &Systems) {
        let weights = block.weights.get(..block.len()).unwrap_or_default();
        let [z1_mass, z2_mass] = &systems.z_masses;
        let columns = [
            Column::new(self.z1_mass, z1_mass),
            Column::new(self.z2_mass, z2_mass),
            Column::new(self.system_pt, &systems.pt),
            Column::new(self.system_rapidity, &systems.rapidity),
            Column::new(self.mass, &systems.mass),
            Column::new(self.extended_mass, &systems.mass),
            Column::new(self.jets, &block.jets),
        ];
        fills.columns(columns, weights);
    }

    /// Fills the leptons of a block's events.
    pub(super) fn fill_leptons(
        &self,
        fills: &mut Fills<'_>,
        block: &Block,
        leptons: &Leptons<'_>,
        values: &mut LeptonValues,
    ) {
        lepton_values(block, values);
        let LeptonValues {
            weights,
            pt,
            eta,
            phi,
            energy,
            charge,
            flavour,
        } = values;
        let weights = weights.get(..4 * block.len()).unwrap_or_default();
        let places = block.places.as_flattened();
        let lepton = |number: usize| leptons.get(places.get(number).copied().unwrap_or_default());
        let exact_pt = |number| lepton(number).momentum().pt() / 1000.0;
        let exact_eta = |number| lepton(number).momentum().eta();
        let exact_phi = |number| lepton(number).momentum().phi();
        let columns = [
            Column::near(self.pt, pt, ROUNDING, &exact_pt),
            Column::near(self.eta, eta, ROUNDING, &exact_eta),
            Column::near(self.phi, phi, ROUNDING, &exact_phi),
            Column::new(self.energy, energy),
            Column::new(self.charge, charge),
            Column::new(self.flavour, flavour),
        ];
        fills.columns(columns, weights);
        for (quantity, handle) in self.surroundings.iter().flatten().enumerate() {
            // No longer needed.
            let values = &mut *pt;
            for (number, value) in values.iter_mut().enumerate().take(4 * block.len()) {
                *value = surroundings(&lepton(number))
                    .get(quantity)
                    .copied()
                    .unwrap_or_default();
            }
            fills.columns([Column::new(*handle, values)], weights);
        }
    }
}

/// What is plotted of the leptons of a block, in GeV, and the weights of their events.
#[derive(Debug)]
pub(super) struct LeptonValues {
    weights: [f64; LEPTONS],
    pt: [f64; LEPTONS],
    eta: [f64; LEPTONS],
    phi: [f64; LEPTONS],
    energy: [f64; LEPTONS],
    charge: [f64; LEPTONS],
    flavour: [f64; LEPTONS],
}

impl LeptonValues {
    pub(super) fn new() -> Self {
        Self {
            weights: [0.0; LEPTONS],
            pt: [0.0; LEPTONS],
            eta: [0.0; LEPTONS],
            phi: [0.0; LEPTONS],
            energy: [0.0; LEPTONS],
            charge: [0.0; LEPTONS],
            flavour: [0.0; LEPTONS],
        }
    }
}

/// Sets what is plotted of each lepton: the branches' values, [near](crate::analysis::plots::nearly)
/// those of the momenta's components.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn lepton_values(block: &Block, values: &mut LeptonValues) {
    for (weights, &weight) in values
        .weights
        .as_chunks_mut()
        .0
        .iter_mut()
        .zip(&block.weights)
    {
        *weights = [weight; 4];
    }
    let [pt, eta, phi] = [&block.pt, &block.eta, &block.phi].map(|column| column.as_flattened());
    let kinematics = pt.iter().zip(eta).zip(phi);
    let near = values
        .pt
        .iter_mut()
        .zip(&mut values.eta)
        .zip(&mut values.phi);
    for (((to_pt, to_eta), to_phi), ((&pt, &eta), &phi)) in near.zip(kinematics) {
        let comes_back = comes_back(pt, phi);
        let near = |quantity| f64::from(if comes_back { quantity } else { f32::NAN });
        (*to_pt, *to_eta, *to_phi) = (near(pt) / 1000.0, near(eta), near(phi));
    }
    for (to, &energy) in values.energy.iter_mut().zip(block.energy.as_flattened()) {
        *to = f64::from(energy) / 1000.0;
    }
    for (to, &charge) in values.charge.iter_mut().zip(block.charge.as_flattened()) {
        *to = f64::from(charge);
    }
    for (to, &flavour) in values.flavour.iter_mut().zip(block.flavour.as_flattened()) {
        *to = f64::from(flavour);
    }
}
