//! Which samples the demonstration makes, and what they are in its plots.

use rootlake_hist::HistogramSet;
use rootlake_physics::FinalState;
use rootlake_plot::Colour;

/// A collection with the analysis that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Four leptons: H → ZZ*.
    FourLepton,
    /// Two photons: H → γγ.
    Diphoton,
}

/// A generated sample.
#[derive(Clone, Copy, Debug)]
pub struct DemoSample {
    /// The sample's name.
    pub name: &'static str,
    /// Its events; none where as many are made as the luminosity of the open data gives.
    pub events: Option<u64>,
    /// Its place in the stack; none for data.
    pub group: Option<usize>,
}

/// A sample's histograms, and what a simulated one must be scaled by to the data's luminosity.
pub struct SampleHistograms {
    /// The sample.
    pub sample: &'static DemoSample,
    /// Of all copies together.
    pub histograms: HistogramSet,
    /// For one copy.
    pub scale: f64,
}

/// A part of the stack.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What the legend says.
    pub label: &'static str,
    /// Its colour: that of the reference framework's plots.
    pub colour: Colour,
    /// By what its samples are scaled beside luminosity: as in the framework's plots.
    pub factor: f64,
}

const fn simulation(name: &'static str, events: u64, group: usize) -> DemoSample {
    DemoSample {
        name,
        events: Some(events),
        group: Some(group),
    }
}

const DATA: DemoSample = DemoSample {
    name: "data",
    events: None,
    group: None,
};

const FOUR_LEPTON: [DemoSample; 10] = [
    DATA,
    simulation("Zee", 10_000, 0),
    simulation("Zmumu", 10_000, 0),
    simulation("ttbar_lep", 10_000, 0),
    simulation("lllv", 10_000, 0),
    simulation("llll", 60_000, 1),
    simulation("ggH125_ZZ4lep", 20_000, 2),
    simulation("VBFH125_ZZ4lep", 10_000, 2),
    simulation("WH125_ZZ4lep", 5_000, 2),
    simulation("ZH125_ZZ4lep", 5_000, 2),
];

const DIPHOTON: [DemoSample; 7] = [
    DATA,
    simulation("diphoton_continuum", 500_000, 0),
    simulation("ggH125_gamgam", 20_000, 1),
    simulation("VBFH125_gamgam", 10_000, 1),
    simulation("WH125_gamgam", 5_000, 1),
    simulation("ZH125_gamgam", 5_000, 1),
    simulation("ttH125_gamgam", 5_000, 1),
];

impl Channel {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::FourLepton, Self::Diphoton];

    /// The analysis's name.
    pub fn analysis(self) -> &'static str {
        match self {
            Self::FourLepton => "HZZ",
            Self::Diphoton => "Hyy",
        }
    }

    /// The collection.
    pub fn final_state(self) -> FinalState {
        match self {
            Self::FourLepton => FinalState::FourLepton,
            Self::Diphoton => FinalState::Diphoton,
        }
    }

    /// Its samples.
    pub fn samples(self) -> &'static [DemoSample] {
        match self {
            Self::FourLepton => &FOUR_LEPTON,
            Self::Diphoton => &DIPHOTON,
        }
    }

    /// The parts of its stack, bottom to top.
    pub fn groups(self) -> Vec<Group> {
        let group = |label, colour| Group {
            label,
            colour,
            factor: 1.0,
        };
        match self {
            Self::FourLepton => vec![
                group("Other", Colour::BLUE_M6),
                Group {
                    // Pairs of Z from two gluons are not simulated.
                    factor: 1.3,
                    ..group("ZZ*", Colour::AZURE_P8)
                },
                group("H #rightarrow ZZ* (m_{H} = 125 GeV)", Colour::RED),
            ],
            Self::Diphoton => vec![
                group("#gamma#gamma and jets", Colour::AZURE_P7),
                group("H #rightarrow #gamma#gamma (m_{H} = 125 GeV)", Colour::RED),
            ],
        }
    }
}
