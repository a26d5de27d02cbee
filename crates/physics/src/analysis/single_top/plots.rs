//! The histograms of the single top quark selection.

use rootlake_hist::Handle;

use crate::analysis::plots::{JetPlots, LEADING, LeptonPlots, NARROW, lepton_specs};
use crate::analysis::{LeptonicW, LeptonicWPlots, Tally};
use crate::object::Jet;
use crate::{Corrections, Error, Output};

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The W that the top quark decayed to.
    pub(super) w: LeptonicW,
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
    w: LeptonicWPlots,
    scalar_sum: Handle,
    lepton_b_mass: Handle,
    delta_eta: Handle,
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
        let [missing_energy, transverse_mass, scalar_sum, lepton_b_mass, delta_eta] = [
            book(output, "hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 200.0))?,
            book(output, "hist_mtw", "Transverse Mass; M^{W}_{T} [GeV];Events / bin", (30, 0.0, 200.0))?,
            book(output, "hist_HT", "HT ;H_{T}(lep,jets,E_{T}^{miss}) [GeV];Events / bin", (30, 150.0, 500.0))?,
            book(output, "hist_Mlb", "Mlb;m_{lb} [GeV];Events / bin", (20, 50.0, 150.0))?,
            book(output, "hist_deltaeta", "Delta eta; #Delta#eta(j,b);Events / bin", (20, 0.0, 5.0))?,
        ];
        let lepton = LeptonPlots::book(output, corrections, lepton_specs(LEADING, [(20, 0.0, 200.0), (20, -3.0, 3.0), (15, 0.0, 300.0), (16, -3.2, 3.2)], NARROW))?;
        let plots = Self {
            w: LeptonicWPlots { missing_energy, transverse_mass, lepton },
            scalar_sum, lepton_b_mass, delta_eta,
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
        self.w.fill(tally, &event.w);
        tally.fill(self.delta_eta, event.delta_eta);
        tally.fill(self.scalar_sum, event.scalar_sum);
        tally.fill(self.lepton_b_mass, event.lepton_b_mass);

        // Two good jets and one b-jet were asked for.
        tally.fill(self.jets, 2);
        self.untagged.fill(tally, &event.untagged);
        tally.fill(self.b_jets, 1);
        self.b_jet.fill(tally, &event.tagged);
    }
}
