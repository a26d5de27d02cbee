//! H → γγ.
//!
//! The selection of `HyyAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, PRD 98 (2018) 052005.

mod block;

use rootlake_hist::{Fills, Handle};
use rootlake_io::column::ScalarType::{Bool, F32};

use self::block::Block;
use super::declare::declare;
use super::{Analysis, FirstCuts, Output, azimuth_between, single};
use crate::object::{Photon, PhotonCuts, Photons};
use crate::schema::BranchSpec;
use crate::weight::{MC_WEIGHT, event_weights};
use crate::{Batch, Correction, Corrections, Cutflow, Error, FourVector, Sample};

const TRIGGER: BranchSpec = BranchSpec::leaf("trigP", Bool, 'O');

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
const MASS_WINDOW: (f64, f64) = (105.0, 160.0);

/// |η| of both photons of the unconverted central category lies below this.
const CENTRAL_MAX_ABS_ETA: f64 = 0.75;

declare! {
    /// Two good isolated photons: H → γγ.
    Hyy: "Hyy" in Diphoton {
        all: "all events",
        trigger: "photon trigger",
        photons: "at least two photons",
        good_photons: "exactly two good photons",
        isolation: "both photons isolated",
        momenta: "photon pT / mass > 0.35, 0.25",
        mass: "mass between 105 and 160 GeV",
    }
}

/// Where the histograms stand in the output.
#[derive(Debug)]
struct Plots {
    mass: Handle,
    central_mass: Handle,
}

impl Plots {
    /// Books the histograms in the order in which the reference writes them.
    fn book(output: &mut Output, _: Corrections) -> Result<Self, Error> {
        let axis = (30, 105.0, 160.0);
        let title = "Diphoton invariant mass; m_{#gamma#gamma} [GeV];Events / bin";
        let mass = output.book("hist_mYY_bin1", title, axis)?;
        let title = "Diphoton invariant mass unconv. central; m_{#gamma#gamma} [GeV];Events / bin";
        let central_mass = output.book("hist_mYY_cat_bin1", title, axis)?;
        Ok(Self { mass, central_mass })
    }
}

impl Hyy {
    /// Applies the cuts to the pairs of a block, fills those that pass, and empties it. None ends
    /// the work on a pair: more time is lost by guessing wrong than by going on.
    fn fill(
        &self,
        block: &mut Block,
        photons: &Photons<'_>,
        fills: &mut Fills<'_>,
        cutflow: &mut Cutflow,
    ) {
        self.make(block, photons, fills);
        for pair in block.pairs() {
            cutflow.begin(pair.weight);
            cutflow.pass(self.cuts.good_photons);
            let mut passes = pair.is_isolated;
            cutflow.pass_if(self.cuts.isolation, passes);
            passes &= pair.is_hard;
            cutflow.pass_if(self.cuts.momenta, passes);
            let (low, high) = MASS_WINDOW;
            passes &= (pair.mass > low) & (pair.mass < high);
            cutflow.pass_if(self.cuts.mass, passes);
            fills.fill_if(self.plots.mass, pair.mass, pair.weight, passes);
            passes &= pair.is_central;
            fills.fill_if(self.plots.central_mass, pair.mass, pair.weight, passes);
        }
        block.clear();
    }

    /// Works out what is made of the pairs of a block, quickly where that decides neither a cut nor
    /// a bin.
    fn make(&self, block: &mut Block, photons: &Photons<'_>, fills: &Fills<'_>) {
        block.make();
        if self.declared.corrects(Correction::SingleCosine) {
            block.is_certain.fill(false);
        }
        let (mass, is_certain) = (&block.mass, &mut block.is_certain);
        fills.keep_clear(self.plots.mass, mass, Pair::UNCERTAINTY, is_certain);
        for pair in 0..block.len() {
            if let Some(places) = block.uncertain(pair) {
                let photons = places.map(|place| photons.get(place));
                block.replace(pair, &self.pair(&photons, fills));
            }
        }
    }
}

impl Hyy {
    /// What is made of two photons. The branches' values serve where rounding decides neither a cut
    /// nor a bin; elsewhere those of the momenta's components are worked out, as the reference does.
    fn pair(&self, photons: &[Photon; 2], fills: &Fills<'_>) -> Pair {
        let is_corrected = self.declared.corrects(Correction::SingleCosine);
        let pt_and_eta = photons.map(|photon| (f64::from(photon.pt), f64::from(photon.eta)));
        if let (false, Some(pair)) = (is_corrected, Pair::nearly(photons, pt_and_eta))
            && fills.is_clear_of_edges(self.plots.mass, f64::from(pair.mass), Pair::UNCERTAINTY)
        {
            return pair;
        }
        let momenta = photons.map(|photon| photon.momentum());
        let pt_and_eta = momenta.map(|momentum| (momentum.pt(), momentum.eta()));
        match is_corrected {
            true => Pair::new(mass_of_sum(&momenta), pt_and_eta),
            false => Pair::new(diphoton_mass(photons, pt_and_eta), pt_and_eta),
        }
    }
}

/// What is made of two photons.
struct Pair {
    /// GeV.
    mass: f32,
    /// The transverse momenta over the mass.
    pt_shares: [f32; 2],
}

impl Pair {
    /// Far above rounding, of a mass between the cuts in GeV and of shares.
    const UNCERTAINTY: f64 = 1e-4;

    /// Far above rounding, of a mass in double precision, relative to it.
    const ROUNDING: f64 = 1e-12;

    fn new(mass: f32, pt_and_eta: [(f64, f64); 2]) -> Self {
        Self {
            mass,
            pt_shares: pt_and_eta.map(|(pt, _)| Self::share(pt, f64::from(mass))),
        }
    }

    /// A transverse momentum (MeV) over the mass (GeV).
    #[inline(always)]
    fn share(pt: f64, mass: f64) -> f32 {
        single(pt / 1000.0 / mass)
    }

    /// Whether a share passes the cut at `bound`.
    #[inline(always)]
    fn is_large(share: f32, bound: f64) -> bool {
        f64::from(share) > bound
    }

    /// Whether rounding could not decide that.
    #[inline(always)]
    fn is_clear(share: f32, bound: f64) -> bool {
        (f64::from(share) - bound).abs() > Self::UNCERTAINTY
    }

    /// The same of values that are off by rounding, unless that could decide a cut on the shares,
    /// or the photons are so close that it shows in the mass.
    fn nearly(photons: &[Photon; 2], pt_and_eta: [(f64, f64); 2]) -> Option<Self> {
        let [first, second] = photons;
        let pair = Self::new(diphoton_mass(photons, pt_and_eta), pt_and_eta);
        let is_apart = Self::is_apart(first.eta - second.eta, first.phi - second.phi);
        let mut shares = pair.pt_shares.into_iter().zip(MIN_PT_OVER_MASS);
        let are_clear = shares.all(|(share, bound)| Self::is_clear(share, bound));
        (is_apart && are_clear).then_some(pair)
    }

    /// Whether photons are so far apart, by the differences of their angles, that rounding does not
    /// show in the mass.
    #[inline(always)]
    fn is_apart(eta: f32, phi: f32) -> bool {
        const MIN_DISTANCE: f32 = 0.1;

        (eta.abs() > MIN_DISTANCE) | (azimuth_between(phi.abs()) > MIN_DISTANCE)
    }

    /// Whether the shares pass the cuts.
    fn is_hard(&self) -> bool {
        let mut shares = self.pt_shares.into_iter().zip(MIN_PT_OVER_MASS);
        shares.all(|(share, bound)| Self::is_large(share, bound))
    }
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all)
            .trigger(self.trigger, TRIGGER)
            .at_least(self.photons, 2, Photons::COUNT)
    }
}

impl Analysis for Hyy {
    fn other_columns(&self) -> Vec<BranchSpec> {
        [&[MC_WEIGHT], &SCALE_FACTORS[..], Photon::BRANCHES].concat()
    }

    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error> {
        // Unlike the other analyses the reference keeps the size of `single` samples' weights.
        let weights = event_weights(
            batch,
            survivors,
            &SCALE_FACTORS,
            &sample.with_full_weights(),
            self.declared.corrections,
        )?;
        let photons = Photons::of(batch, Photon::BRANCHES, survivors)?;
        let good_photons = GOOD_PHOTON.among(&photons, survivors);
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;
        let mut block = Block::new();

        good_photons.exactly::<2>(|number, places| {
            let weight = weights.of(survivors.get(number).copied().unwrap_or_default());
            if block.push(weight, places, &places.map(|place| photons.get(place))) {
                self.fill(&mut block, &photons, &mut fills, cutflow);
            }
        });
        self.fill(&mut block, &photons, &mut fills, cutflow);
        Ok(())
    }
}

fn is_unconverted_central(photon: &Photon) -> bool {
    (f64::from(photon.eta.abs()) < CENTRAL_MAX_ABS_ETA) & (photon.conversion == 0)
}

/// The invariant mass of two photons from their transverse momenta (MeV), pseudorapidities and
/// azimuths, GeV.
///
/// The reference keeps Δφ as a `float` and takes its cosine in single precision, that of the
/// pseudorapidities in double (`HyyAnalysis.C:125-129`).
fn diphoton_mass([first, second]: &[Photon; 2], pt_and_eta: [(f64, f64); 2]) -> f32 {
    let [(first_pt, first_eta), (second_pt, second_eta)] = pt_and_eta;
    let delta_phi = azimuth_between((first.phi - second.phi).abs());
    let angles = (first_eta - second_eta).cosh() - f64::from(delta_phi.cos());
    single(mass_of_angles(first_pt, second_pt, angles))
}

/// The same of the hyperbolic cosine of their distance in pseudorapidity less the cosine of that in
/// azimuth, before it is rounded.
#[inline(always)]
fn mass_of_angles(first_pt: f64, second_pt: f64, angles: f64) -> f64 {
    (2.0 * first_pt / 1000.0 * second_pt / 1000.0 * angles).sqrt()
}

/// The invariant mass of two photons from the sum of their momenta, GeV.
fn mass_of_sum([p1, p2]: &[FourVector; 2]) -> f32 {
    single((*p1 + *p2).mass() / 1000.0)
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
        let momenta = photons.map(|photon| photon.momentum());
        let pt_and_eta = momenta.map(|momentum| (momentum.pt(), momentum.eta()));
        for mass in [diphoton_mass(&photons, pt_and_eta), mass_of_sum(&momenta)] {
            assert!((mass - 125.0).abs() < 1e-4, "{mass}");
        }
    }

    #[test]
    fn the_cosine_in_single_precision_shows_at_small_angles() {
        let (pt, angle) = (500e3, 0.001_f32);
        let photon = |phi| Photon {
            pt,
            phi,
            energy: pt,
            ..Photon::default()
        };
        let photons = [photon(0.0), photon(angle)];
        let momenta = photons.map(|photon| photon.momentum());
        let exact = 2.0 * 500.0 * (f64::from(angle) / 2.0).sin();
        let error = |mass: f32| (f64::from(mass) / exact - 1.0).abs();
        assert!(error(mass_of_sum(&momenta)) < 1e-6);
        let pt_and_eta = [(f64::from(pt), 0.0); 2];
        assert!(error(diphoton_mass(&photons, pt_and_eta)) > 1e-3);
        assert!(Pair::nearly(&photons, pt_and_eta).is_none());
    }
}
