//! H → γγ.
//!
//! The selection of `HyyAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, PRD 98 (2018) 052005.

use rootlake_hist::Handle;
use rootlake_io::column::ScalarType::{Bool, F32, U32};

use super::{Analysis, Output, Preselection, at, azimuth_between, single};
use crate::cutflow::cuts;
use crate::object::{Photon, PhotonCuts, Photons, exactly};
use crate::schema::BranchSpec;
use crate::weight::{MC_WEIGHT, event_weights};
use crate::{Batch, Error, FinalState, FourVector, Sample};

const TRIGGER: BranchSpec = BranchSpec::leaf("trigP", Bool, 'O');
const PHOTON_COUNT: BranchSpec = BranchSpec::leaf("photon_n", U32, 'i');

/// In the order in which the reference multiplies them.
const SCALE_FACTORS: [BranchSpec; 3] = [
    BranchSpec::leaf("scaleFactor_PHOTON", F32, 'F'),
    BranchSpec::leaf("scaleFactor_PhotonTRIGGER", F32, 'F'),
    BranchSpec::leaf("scaleFactor_PILEUP", F32, 'F'),
];

const GOOD_PHOTON: PhotonCuts = PhotonCuts {
    min_pt: 25_000.0,
    max_abs_eta: 2.37,
    excluded_abs_eta: 1.37..=1.52,
};

/// What surrounds a photon lies below this share of its transverse momentum.
const MAX_RELATIVE_ISOLATION: f64 = 0.065;

/// The photons' transverse momenta, in the file's order, exceed these shares of the mass.
const MIN_PT_OVER_MASS: [f64; 2] = [0.35, 0.25];

/// The mass lies strictly between these, GeV.
const MASS_WINDOW: (f32, f32) = (105.0, 160.0);

/// |η| of both photons of the unconverted central category lies below this.
const CENTRAL_MAX_ABS_ETA: f64 = 0.75;

/// Two good isolated photons: H → γγ.
#[derive(Debug)]
pub struct Hyy {
    blank: Output,
    cuts: Cuts,
    mass: Handle,
    central_mass: Handle,
}

cuts! {
    all: "all events",
    trigger: "photon trigger",
    photons: "at least two photons",
    good_photons: "exactly two good photons",
    isolation: "both photons isolated",
    momenta: "photon pT / mass > 0.35, 0.25",
    mass: "mass between 105 and 160 GeV",
}

impl Hyy {
    /// The name of the analysis.
    pub const NAME: &'static str = "Hyy";

    /// The analysis, ready to select.
    ///
    /// # Errors
    /// None in practice: the histograms can all be booked.
    pub fn new() -> Result<Self, Error> {
        let mut blank = Output::default();
        let axis = (30, 105.0, 160.0);
        let title = "Diphoton invariant mass; m_{#gamma#gamma} [GeV];Events / bin";
        let mass = blank.book("hist_mYY_bin1", title, axis)?;
        let title = "Diphoton invariant mass unconv. central; m_{#gamma#gamma} [GeV];Events / bin";
        let central_mass = blank.book("hist_mYY_cat_bin1", title, axis)?;
        let cuts = Cuts::declare(&mut blank.cutflow);
        Ok(Self {
            blank,
            cuts,
            mass,
            central_mass,
        })
    }

    /// The two photons of an event that passes all cuts, and their mass in GeV.
    fn select_photons(
        &self,
        photons: impl Iterator<Item = Photon>,
        output: &mut Output,
    ) -> Option<([Photon; 2], f32)> {
        let good: [Photon; 2] = exactly(photons.filter(|photon| GOOD_PHOTON.accept(photon)))?;
        let cutflow = &mut output.cutflow;
        cutflow.pass(self.cuts.good_photons, 1);

        let is_isolated = |photon: &Photon| photon.is_isolated(MAX_RELATIVE_ISOLATION);
        cutflow.require(self.cuts.isolation, good.iter().all(is_isolated))?;

        let momenta = good.map(|photon| photon.momentum());
        let mass = diphoton_mass(&good, &momenta);
        let is_hard = momenta
            .iter()
            .zip(MIN_PT_OVER_MASS)
            .all(|(momentum, bound)| {
                let share = single(momentum.pt() / 1000.0 / f64::from(mass));
                f64::from(share) > bound
            });
        cutflow.require(self.cuts.momenta, is_hard)?;

        let (low, high) = MASS_WINDOW;
        cutflow.require(self.cuts.mass, mass > low && mass < high)?;
        Some((good, mass))
    }
}

impl Analysis for Hyy {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn final_state(&self) -> FinalState {
        FinalState::Diphoton
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        vec![TRIGGER, PHOTON_COUNT]
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [&[MC_WEIGHT], &SCALE_FACTORS[..], Photon::BRANCHES].concat()
    }

    fn output(&self) -> Output {
        self.blank.clone()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let triggered = batch.fixed(TRIGGER.name)?;
        let photon_counts = batch.fixed::<u32>(PHOTON_COUNT.name)?;
        let passing = Preselection::of(batch, self.cuts.all, output)
            .cut(self.cuts.trigger, |entry| at(triggered, entry))
            .cut(self.cuts.photons, |entry| at(photon_counts, entry) >= 2);
        Ok(passing.entries)
    }

    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error> {
        // Unlike the other analyses the reference keeps the size of `single` samples' weights.
        let weights = event_weights(batch, &SCALE_FACTORS, &sample.with_full_weights())?;
        let photon_counts = batch.fixed(PHOTON_COUNT.name)?;
        let photons = Photons::of(batch, Photon::BRANCHES)?;

        for &entry in survivors {
            let all_photons = photons.event(entry, at(photon_counts, entry))?;
            let Some((photons, mass)) = self.select_photons(all_photons, output) else {
                continue;
            };
            let (mass, weight) = (f64::from(mass), at(&weights, entry));
            output.histograms.fill(self.mass, mass, weight);
            if photons.iter().all(is_unconverted_central) {
                output.histograms.fill(self.central_mass, mass, weight);
            }
        }
        Ok(())
    }
}

fn is_unconverted_central(photon: &Photon) -> bool {
    f64::from(photon.eta.abs()) < CENTRAL_MAX_ABS_ETA && photon.conversion == 0
}

/// The invariant mass of two photons from their momenta and angles, GeV.
///
/// The reference keeps Δφ as a `float` and takes its cosine in single precision, that of the
/// pseudorapidities in double (`HyyAnalysis.C:125-129`).
fn diphoton_mass([first, second]: &[Photon; 2], [p1, p2]: &[FourVector; 2]) -> f32 {
    let delta_phi = azimuth_between((first.phi - second.phi).abs());
    let angles = (p1.eta() - p2.eta()).cosh() - f64::from(delta_phi.cos());
    single((2.0 * p1.pt() / 1000.0 * p2.pt() / 1000.0 * angles).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photons_back_to_back_have_the_mass_of_their_momenta() {
        let photon = |phi: f32| Photon {
            pt: 62_500.0,
            phi,
            energy: 62_500.0,
            ..Photon::default()
        };
        let photons = [photon(0.0), photon(std::f32::consts::PI)];
        let mass = diphoton_mass(&photons, &photons.map(|photon| photon.momentum()));
        assert!((mass - 125.0).abs() < 1e-4, "{mass}");
    }
}
