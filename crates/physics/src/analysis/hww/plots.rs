//! The histograms of the H to WW selection.

use rootlake_hist::Handle;

use crate::analysis::Tally;
use crate::analysis::plots::{JetPlots, LEADING, LeptonPlots, SUBLEADING, WIDE, lepton_specs};
use crate::object::{Jet, Lepton};
use crate::{Correction, Corrections, Error, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The good leptons in the file's order.
    pub(super) leptons: [Lepton; 2],
    /// What is made of them.
    pub(super) system: System,
    /// The first good jet.
    pub(super) leading_jet: Option<Jet>,
}

/// What is made of the two leptons, the missing momentum and the jets.
pub(super) struct System {
    /// The mass of the leptons, GeV.
    pub(super) mass: f32,
    /// The transverse momentum of the leptons, GeV.
    pub(super) pair_pt: f32,
    /// The angle between the leptons' azimuths.
    pub(super) delta_phi: f32,
    /// The angle between the azimuths of the leptons' sum and the missing momentum.
    pub(super) pair_missing_delta_phi: f32,
    /// The size of the missing transverse momentum, GeV.
    pub(super) missing_et: f32,
    /// The transverse mass of the leptons and the missing momentum, GeV.
    pub(super) transverse_mass: f32,
    /// The number of good jets.
    pub(super) jets: u32,
    /// The number of good b-jets.
    pub(super) b_jets: u32,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    /// After all cuts.
    selected: SystemPlots,
    /// Before the cuts on what is made of the leptons.
    all: SystemPlots,
    leading: LeptonPlots,
    subleading: LeptonPlots,
    /// Where the reference's never filled histograms are to be filled.
    leading_jet: Option<JetPlots>,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let selected = [
                book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 200.0))?,
                book(output, "hist_mLL", "Mass of Dilepton System; m_{ll} [GeV];Events / bin", (30, 0.0, 170.0))?,
                book(output, "hist_ptLL", "Transverse Momentum of Dilepton System; p_{T}^{ll} [GeV];Events / bin", (30, 0.0, 200.0))?,
                book(output, "hist_dPhi_LL", "dPhi_LL Dilepton System; #Delta#phi (ll);Events / bin", (20, 0.0, 3.2))?,
                book(output, "hist_dPhiLLmet", "dPhiLLmet Dilepton System; #Delta#phi (ll,E_{T}^{miss});Events / bin", (30, 0.0, 3.2))?,
                book(output, "hist_mt", "Dilepton System Transverse Mass; m_{T} [GeV];Events / bin", (15, 50.0, 200.0))?,
        ];
        let all = [
                book(output, "histI_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 200.0))?,
                book(output, "histI_mLL", "Mass of Dilepton System; m_{ll} [GeV];Events / bin", (30, 0.0, 170.0))?,
                book(output, "histI_ptLL", "Transverse Momentum of Dilepton System; p_{T}^{ll} [GeV];Events / bin", (30, 0.0, 200.0))?,
                book(output, "histI_dPhi_LL", "dPhi_LL Dilepton System; #Delta#phi (ll);Events / bin", (20, 0.0, 3.2))?,
                book(output, "histI_dPhiLLmet", "dPhiLLmet Dilepton System; #Delta#phi (ll,E_{T}^{miss});Events / bin", (30, 0.0, 3.2))?,
                book(output, "histI_mt", "Dilepton System Transverse Mass; m_{T} [GeV];Events / bin", (15, 50.0, 200.0))?,
        ];
        let leading = LeptonPlots::book(output, corrections, lepton_specs(LEADING, [(15, 0.0, 150.0), (10, -3.0, 3.0), (15, 0.0, 250.0), (16, -3.2, 3.2)], WIDE))?;
        let subleading = LeptonPlots::book(output, corrections, lepton_specs(SUBLEADING, [(10, 0.0, 100.0), (10, -3.0, 3.0), (15, 0.0, 250.0), (10, -3.2, 3.2)], WIDE))?;
        let selected = SystemPlots {
                system: selected,
                jets: [
                    book(output, "hist_n_jets", "Number of Jets;N_{jets};Events", (5, -0.5, 4.5))?,
                    book(output, "hist_n_bjets", "Number of b-Jets;N_{b-jets};Events", (3, -0.5, 2.5))?,
                ],
        };
        let all = SystemPlots {
                system: all,
                jets: [
                    book(output, "histI_n_jets", "Number of Jets;N_{jets};Events / bin", (5, -0.5, 4.5))?,
                    book(output, "histI_n_bjets", "Number of b-Jets;N_{b-jets};Events / bin", (3, -0.5, 2.5))?,
                ],
        };
        let leading_jet = JetPlots::book(output, [
            ("hist_leadjet_pt", "Leading Jet Transverse Momentum;p_{T}^{leadjet} [GeV];Events / bin", (20, 0.0, 200.0)),
            ("hist_leadjet_eta", "Leading Jet Pseudorapidity; #eta^{leadjet}; Events / bin", (30, -3.0, 3.0)),
        ])?;
        Ok(Self {
            selected, all, leading, subleading,
            leading_jet: corrections.has(Correction::NeverFilled).then_some(leading_jet),
        })
    }

    /// Fills what is made of the leptons of an event before the cuts on it.
    pub(super) fn fill_before_cuts(&self, tally: &mut Tally<'_>, system: &System) {
        self.all.fill(tally, system);
    }

    /// Fills an event that passed all cuts.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        self.selected.fill(tally, &event.system);
        let [leading, subleading] = &event.leptons;
        self.leading.fill(tally, leading);
        self.subleading.fill(tally, subleading);
        if let (Some(plots), Some(jet)) = (&self.leading_jet, &event.leading_jet) {
            plots.fill(tally, jet);
        }
    }
}

/// Where the histograms of [`System`] stand in the output.
#[derive(Debug)]
struct SystemPlots {
    /// In the order of [`SystemPlots::fill`].
    system: [Handle; 6],
    /// Of jets and b-jets.
    jets: [Handle; 2],
}

impl SystemPlots {
    fn fill(&self, tally: &mut Tally<'_>, system: &System) {
        let values = [
            system.missing_et,
            system.mass,
            system.pair_pt,
            system.delta_phi,
            system.pair_missing_delta_phi,
            system.transverse_mass,
        ];
        for (&handle, value) in self.system.iter().zip(values) {
            tally.fill(handle, value);
        }
        for (&handle, count) in self.jets.iter().zip([system.jets, system.b_jets]) {
            tally.fill(handle, count);
        }
    }
}
