//! The histograms of the slepton selection, the same in each of its regions.

use rootlake_hist::Handle;

use crate::analysis::Tally;
use crate::analysis::plots::PlotSpec;
use crate::object::ELECTRON;
use crate::{Corrections, Error, FourVector, Output};

/// A region of selected events, in the order in which their histograms are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    SameFlavour,
    Electrons,
    Muons,
    Loose,
    Tight,
}

impl Channel {
    const ALL: [Self; 5] = [
        Self::SameFlavour,
        Self::Electrons,
        Self::Muons,
        Self::Loose,
        Self::Tight,
    ];

    /// That of electrons or that of muons.
    pub(super) fn of_flavour(flavour: u32) -> Self {
        match flavour {
            ELECTRON => Self::Electrons,
            _ => Self::Muons,
        }
    }

    /// What the names of its histograms end in.
    fn suffix(self) -> &'static str {
        match self {
            Self::SameFlavour => "SFOS",
            Self::Electrons => "eeOS",
            Self::Muons => "mumuOS",
            Self::Loose => "SR_loose",
            Self::Tight => "SR_tight",
        }
    }
}

/// What is plotted of a selected event.
pub(super) struct Event {
    /// The mass of the leptons, GeV.
    pub(super) mass: f32,
    /// The transverse energy that is missing, GeV.
    pub(super) missing_et: f64,
    /// The stransverse mass, GeV.
    pub(super) mt2: f32,
    /// The leptons' momenta, the leading one first, GeV.
    pub(super) momenta: [FourVector; 2],
}

impl Event {
    /// What is plotted, in the order of [`SPECS`].
    pub(super) fn values(&self) -> [f64; SPECS.len()] {
        let [leading, other] = &self.momenta;
        [
            self.missing_et,
            f64::from(self.mass),
            f64::from(self.mt2),
            self.missing_et,
            leading.pt(),
            leading.eta(),
            leading.energy,
            leading.phi(),
            other.pt(),
            other.eta(),
            other.energy,
            other.phi(),
        ]
    }
}

/// The histograms of each channel, their names without its suffix, in the order of writing.
#[rustfmt::skip]
const SPECS: [PlotSpec; 12] = [
    ("hist_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (20, 0.0, 2000.0)),
    ("hist_mLL", "Mass of Dilepton System; m_{ll} [GeV];Events / bin", (20, 0.0, 500.0)),
    ("hist_mt2", "Stransverse Mass; M_{T2} [GeV]; Events / bin", (20, 0.0, 400.0)),
    ("hist_rebin_etmiss", "Missing Transverse Momentum;E_{T}^{miss} [GeV];Events / bin", (10, 0.0, 300.0)),
    ("hist_leadleptpt", "Leading Lepton Transverse Momentum;p_{T}^{leadlep} [GeV];Events / bin", (30, 0.0, 500.0)),
    ("hist_leadlepteta", "Leading Lepton Pseudorapidity; #eta^{leadlep}; Events / bin", (40, -3.0, 3.0)),
    ("hist_leadleptE", "Leading Lepton Energy; E^{leadlep} [GeV]; Events / bin", (30, 0.0, 1500.0)),
    ("hist_leadleptphi", "Leading Lepton Azimuthal Angle ; #phi^{leadlep}; Events / bin", (40, -3.2, 3.2)),
    ("hist_subleadleptpt", "Subleading Lepton Transverse Momentum;p_{T}^{traillep} [GeV];Events / bin", (30, 0.0, 500.0)),
    ("hist_subleadlepteta", "Subleading Lepton Pseudorapidity; #eta^{traillep}; Events / bin", (40, -3.0, 3.0)),
    ("hist_subleadleptE", "Subleading Lepton Energy; E^{traillep} [GeV]; Events / bin", (30, 0.0, 1500.0)),
    ("hist_subleadleptphi", "Subleading Lepton Azimuthal Angle ; #phi^{traillep}; Events / bin", (20, -3.2, 3.2)),
];

/// Where the histograms stand in the output.
#[derive(Debug)]
pub(super) struct Plots {
    /// By channel and, in the order of [`SPECS`], by quantity.
    channels: Vec<(Channel, Vec<Handle>)>,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    pub(super) fn book(output: &mut Output, _: Corrections) -> Result<Self, Error> {
        let channels = Channel::ALL.map(|channel| {
            let handles = SPECS.map(|(name, title, axis)| {
                let name = format!("{name}_{}", channel.suffix());
                output.book(&name, title, axis)
            });
            let handles = handles.into_iter().collect::<Result<_, _>>()?;
            Ok((channel, handles))
        });
        Ok(Self {
            channels: channels.into_iter().collect::<Result<_, Error>>()?,
        })
    }

    /// Fills one event's [values](Event::values) in one channel.
    pub(super) fn fill(
        &self,
        tally: &mut Tally<'_>,
        channel: Channel,
        values: &[f64; SPECS.len()],
    ) {
        let of_channel = self.channels.iter().filter(|(held, _)| *held == channel);
        for (_, handles) in of_channel {
            for (&handle, &value) in handles.iter().zip(values) {
                tally.fill(handle, value);
            }
        }
    }
}
