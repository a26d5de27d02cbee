//! The histograms of the single top quark selection.

use rootlake_hist::Handle;

use crate::analysis::Tally;
use crate::analysis::plots::{JetPlots, LEADING, LeptonPlots, NARROW, lepton_specs};
use crate::object::{Jet, Lepton};
use crate::{Corrections, Error, FourVector, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The good lepton.
    pub(super) lepton: Lepton,
    /// Its momentum, MeV.
    pub(super) momentum: FourVector,
    /// The size of the missing transverse momentum, MeV.
    pub(super) missing_et: f32,
    /// The transverse mass of the W boson, MeV.
    pub(super) transverse_mass: f32,
    /// The jet without b-tag.
    pub(super) untagged: Jet,
    /// The jet with b-tag.
    pub(super) tagged: Jet,
    /// The distance of the jets in pseudorapidity.
    pub(super) delta_eta: f32,
    /// The sum of the transverse momenta, the missing one's included, GeV.
    pub(super) scalar_sum: f32,
    /// The mass of the lepton and the b-jet, GeV.
    pub(super) lepton_b_mass: f32,
}

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    missing_energy: Handle,
    transverse_mass: Handle,
    scalar_sum: Handle,
    lepton_b_mass: Handle,
    delta_eta: Handle,
    lepton: LeptonPlots,
    jets: Handle,
    untagged: JetPlots,
    b_jets: Handle,
    b_jet: JetPlots,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    #[rustfmt::skip]
    pub(super) fn book(output: &mut Output, corrections: Corrections) -> Result<Self, Error> {
        let book = Output::book;
        let plots = Self {
            missing_energy: book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 200.0))?,
            transverse_mass: book(output, "hist_mtw", "Transverse Mass; M^{W}_{T} [GeV];Events / bin", (30, 0.0, 200.0))?,
            scalar_sum: book(output, "hist_HT", "HT ;H_{T}(lep,jets,E_{T}^{miss}) [GeV];Events / bin", (30, 150.0, 500.0))?,
            lepton_b_mass: book(output, "hist_Mlb", "Mlb;m_{lb} [GeV];Events / bin", (20, 50.0, 150.0))?,
            delta_eta: book(output, "hist_deltaeta", "Delta eta; #Delta#eta(j,b);Events / bin", (20, 0.0, 5.0))?,
            lepton: LeptonPlots::book(output, corrections, lepton_specs(LEADING, [(20, 0.0, 200.0), (20, -3.0, 3.0), (15, 0.0, 300.0), (16, -3.2, 3.2)], NARROW))?,
            jets: book(output, "hist_n_jets", "Number of Jets;N_{jets};Events", (4, -0.5, 3.5))?,
            untagged: JetPlots::book(output, [
                ("hist_leadjet_pt", "Untagged Jet Transverse Momentum;p_{T}^{jet} [GeV];Events / bin", (20, 0.0, 200.0)),
                ("hist_leadjet_eta", "Untagged Jet Pseudorapidity; #eta^{jet}; Events / bin", (20, -3.0, 3.0)),
            ])?,
            b_jets: book(output, "hist_n_bjets", "Number of b-jets;N_{b-jets};Events", (3, -0.5, 2.5))?,
            b_jet: JetPlots::book(output, [
                ("hist_leadbjet_pt", "Leading b-jet Transverse Momentum;p_{T}^{b-jet} [GeV];Events / bin", (20, 0.0, 200.0)),
                ("hist_leadbjet_eta", "Leading b-jet Pseudorapidity; #eta^{b-jet}; Events / bin", (20, -3.0, 3.0)),
            ])?,
        };
        Ok(plots)
    }

    /// Fills one event: momenta, masses and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, event: &Event) {
        tally.fill(self.missing_energy, f64::from(event.missing_et) / 1000.0);
        let transverse_mass = f64::from(event.transverse_mass) / 1000.0;
        tally.fill(self.transverse_mass, transverse_mass);
        tally.fill(self.delta_eta, event.delta_eta);
        tally.fill(self.scalar_sum, event.scalar_sum);
        tally.fill(self.lepton_b_mass, event.lepton_b_mass);

        self.lepton.fill(tally, &event.lepton, &event.momentum);

        // Two good jets and one b-jet were asked for.
        tally.fill(self.jets, 2);
        self.untagged.fill(tally, &event.untagged);
        tally.fill(self.b_jets, 1);
        self.b_jet.fill(tally, &event.tagged);
    }
}
