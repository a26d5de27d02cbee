//! The histograms of the Z boson selection.

use rootlake_hist::Handle;

use crate::analysis::Tally;
use crate::analysis::plots::{JetPlots, LEADING, LeptonPlots, SUBLEADING, WIDE, lepton_specs};
use crate::object::{ELECTRON, Jet, Lepton};
use crate::{Correction, Corrections, Error, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The good leptons in the file's order.
    pub(super) leptons: [Lepton; 2],
    /// Their mass, GeV.
    pub(super) mass: f32,
    /// The size of the missing transverse momentum, MeV, where it is plotted.
    pub(super) missing_et: f32,
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
        let leading = LeptonPlots::book(output, corrections, lepton_specs(LEADING, [(20, 0.0, 200.0), (30, -3.0, 3.0), (30, 0.0, 300.0), (32, -3.2, 3.2)], WIDE))?;
        let subleading = LeptonPlots::book(output, corrections, lepton_specs(SUBLEADING, [(20, 0.0, 200.0), (30, -3.0, 3.0), (30, 0.0, 300.0), (32, -3.2, 3.2)], WIDE))?;
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

    /// Fills the jets of an event that passed all cuts before that on them: their number, and the
    /// first of them.
    pub(super) fn fill_jets(&self, tally: &mut Tally<'_>, count: u32, leading: Option<Jet>) {
        if let Some(plots) = &self.unfilled {
            tally.fill(plots.jets, count);
            if let Some(jet) = leading {
                plots.leading_jet.fill(tally, &jet);
            }
        }
    }

    /// Fills one selected event: masses, momenta and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        let [leading, subleading] = &event.leptons;
        let of_flavour = match leading.flavour {
            ELECTRON => self.electron_mass,
            _ => self.muon_mass,
        };
        tally.fill(of_flavour, event.mass);
        tally.fill(self.mass, event.mass);
        self.leading.fill(tally, leading);
        self.subleading.fill(tally, subleading);
        if let Some(plots) = &self.unfilled {
            tally.fill(plots.missing_energy, f64::from(event.missing_et) / 1000.0);
        }
    }
}
