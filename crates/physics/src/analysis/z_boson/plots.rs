//! The histograms of the Z boson selection.

use rootlake_hist::{Fills, Handle};

use crate::analysis::plots::{JetPlots, LeptonPlots};
use crate::object::{ELECTRON, Jet, Lepton};
use crate::{Correction, Corrections, Error, FourVector, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The good leptons in the file's order.
    pub(super) leptons: [Lepton; 2],
    /// Their momenta, MeV.
    pub(super) momenta: [FourVector; 2],
    /// Their mass, GeV.
    pub(super) mass: f32,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    mass: Handle,
    electron_mass: Handle,
    muon_mass: Handle,
    leading: LeptonPlots,
    subleading: LeptonPlots,
    /// Where the reference's never filled histograms are to be filled.
    unfilled: Option<UnfilledPlots>,
}

#[derive(Debug)]
struct UnfilledPlots {
    missing_energy: Handle,
    jets: Handle,
    leading_jet: JetPlots,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let missing_energy = book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 200.0))?;
        let [mass, electron_mass, muon_mass] = [
            book(output, "hist_mLL", "Mass of Dilepton System; m_{ll} [GeV];Events / bin", (30, 68.0, 114.0))?,
            book(output, "hist_ee_mLL", "Mass of Dilepton(ee) System; m_{ee} [GeV];Events / bin", (30, 68.0, 114.0))?,
            book(output, "hist_mumu_mLL", "Mass of Dilepton(#mu#mu) System; m_{#mu#mu} [GeV];Events / bin", (30, 68.0, 114.0))?,
        ];
        let leading = LeptonPlots::book(output, corrections, [
                ("hist_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV];Events / bin", (20, 0.0, 200.0)),
                ("hist_leadlepteta", "Leading Lepton Pseudorapidity; #eta^{leadlep}; Events / bin", (30, -3.0, 3.0)),
                ("hist_leadleptE", "Leading Lepton Energy; E^{leadlep} [GeV]; Events / bin", (30, 0.0, 300.0)),
                ("hist_leadleptphi", "Leading Lepton Azimuthal Angle ; #phi^{leadlep}; Events / bin", (32, -3.2, 3.2)),
                ("hist_leadleptch", "Leading Lepton Charge; Q^{leadlep}; Events / bin", (7, -1.75, 1.75)),
                ("hist_leadleptID", "Leading Lepton Absolute PDG ID; |PDG ID|^{leadlep}; Events / bin", (15, 5.5, 20.5)),
                ("hist_leadlept_ptc", "Leading Lepton Relative Transverse Momentum Isolation; ptconerel30^{leadlep}; Events / bin", (40, -0.1, 0.4)),
                ("hist_leadleptetc", "Leading Lepton Relative Transverse Energy Isolation; etconerel20^{leadlep}; Events / bin", (40, -0.1, 0.4)),
                ("hist_leadlepz0", "Leading Lepton z0 impact parameter; z_{0}^{leadlep} [mm]; Events / bin", (40, -1.0, 1.0)),
                ("hist_leadlepd0", "Leading Lepton d0 impact parameter; d_{0}^{leadlep} [mm]; Events / bin", (40, -1.0, 1.0)),
        ])?;
        let subleading = LeptonPlots::book(output, corrections, [
                ("hist_subleadleptpt", "Subleading Lepton Transverse Momentum;p_{T}^{traillep} [GeV];Events / bin", (20, 0.0, 200.0)),
                ("hist_subleadlepteta", "Subleading Lepton Pseudorapidity; #eta^{traillep}; Events / bin", (30, -3.0, 3.0)),
                ("hist_subleadleptE", "Subleading Lepton Energy; E^{traillep} [GeV]; Events / bin", (30, 0.0, 300.0)),
                ("hist_subleadleptphi", "Subleading Lepton Azimuthal Angle ; #phi^{traillep}; Events / bin", (32, -3.2, 3.2)),
                ("hist_subleadleptch", "Subleading Lepton Charge; Q^{traillep}; Events / bin", (7, -1.75, 1.75)),
                ("hist_subleadleptID", "Subleading Lepton Absolute PDG ID; |PDG ID|^{traillep}; Events / bin", (15, 5.5, 20.5)),
                ("hist_subleadlept_ptc", "Subleading Lepton Relative Transverse Momentum Isolation; ptconerel30^{traillep} [GeV]; Events / bin", (40, -0.1, 0.4)),
                ("hist_subleadleptetc", "Subleading Lepton Relative Transverse Energy Isolation; etconerel20^{traillep} [GeV]; Events / bin", (40, -0.1, 0.4)),
                ("hist_subleadlepz0", "Subleading Lepton z0 impact parameter; z_{0}^{traillep} [mm]; Events / bin", (40, -1.0, 1.0)),
                ("hist_subleadlepd0", "Trailing Lepton d0 impact parameter; d_{0}^{traillep} [mm]; Events / bin", (40, -1.0, 1.0)),
        ])?;
        let jets = book(output, "hist_n_jets", "Number of Jets;N^{jets};Events", (10, -0.5, 9.5))?;
        let leading_jet = JetPlots::book(output, [
            ("hist_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{leadjet} [GeV];Events / bin", (20, 0.0, 200.0)),
            ("hist_leadjet_eta", "Leading Jet Pseudorapidity; #eta^{leadjet}; Events / bin", (30, -3.0, 3.0)),
        ])?;
        let unfilled = UnfilledPlots { missing_energy, jets, leading_jet };
        Ok(Self {
            mass, electron_mass, muon_mass, leading, subleading,
            unfilled: corrections.has(Correction::NeverFilled).then_some(unfilled),
        })
    }

    /// Fills the jets of an event that passed all cuts before that on them.
    pub(super) fn fill_jets(
        &self,
        fills: &mut Fills<'_>,
        count: u32,
        mut jets: impl Iterator<Item = Jet>,
        weight: f32,
    ) {
        if let Some(plots) = &self.unfilled {
            fills.fill(plots.jets, f64::from(count), weight);
            if let Some(jet) = jets.next() {
                plots.leading_jet.fill(fills, &jet, weight);
            }
        }
    }

    /// Fills the missing transverse momentum (MeV) of a selected event.
    pub(super) fn fill_missing(&self, fills: &mut Fills<'_>, missing_et: f32, weight: f32) {
        if let Some(plots) = &self.unfilled {
            let missing_et = f64::from(missing_et) / 1000.0;
            fills.fill(plots.missing_energy, missing_et, weight);
        }
    }

    /// Fills one selected event: masses, momenta and energies in GeV.
    pub(super) fn fill(&self, fills: &mut Fills<'_>, event: &Event, weight: f32) {
        let [leading, subleading] = &event.leptons;
        let [leading_momentum, subleading_momentum] = &event.momenta;
        let flavour = match leading.flavour {
            ELECTRON => self.electron_mass,
            _ => self.muon_mass,
        };
        for handle in [flavour, self.mass] {
            fills.fill(handle, f64::from(event.mass), weight);
        }
        self.leading.fill(fills, leading, leading_momentum, weight);
        self.subleading
            .fill(fills, subleading, subleading_momentum, weight);
    }
}
