//! The analyses: which branches they read, what they cut on, what they fill.

mod branches;
mod by_event;
mod candidates;
mod declare;
mod first_cuts;
mod hww;
mod hyy;
mod hzz;
mod leptonic_w;
mod near;
mod plots;
mod single_top;
mod smearing;
mod susy;
mod tally;
mod ttbar;
mod w_boson;
mod wz;
mod z_boson;
mod z_prime;
mod z_tau_tau;
mod zz;

use rootlake_hist::{Axis, Handle, Histogram1D, HistogramSet, Precision};

use self::by_event::ByEvent;
use self::candidates::{Candidate, Candidates, Wanted};
pub use self::declare::Declared;
use self::first_cuts::FirstCuts;
pub use self::hww::Hww;
pub use self::hyy::Hyy;
pub use self::hzz::Hzz;
use self::leptonic_w::{LeptonicW, LeptonicWPlots};
use self::near::NearMomentum;
pub use self::single_top::SingleTop;
pub use self::susy::Susy;
use self::tally::Tally;
pub use self::ttbar::TTbar;
pub use self::w_boson::WBoson;
pub use self::wz::WzDiBoson;
pub use self::z_boson::ZBoson;
pub use self::z_prime::ZPrimeBoosted;
pub use self::z_tau_tau::ZTauTau;
pub use self::zz::ZzDiBoson;
use crate::object::Lepton;
use crate::schema::BranchSpec;
use crate::{Batch, Corrections, Cutflow, Error, FinalState, Sample};

/// A selection of events from batches of columns into histograms.
///
/// For each batch: insert [`first_columns`](Self::first_columns), [`preselect`](Self::preselect);
/// if an event survived, insert [`other_columns`](Self::other_columns) and
/// [`select`](Self::select). Outputs of several batches add up with [`Output::add`].
pub trait Analysis: AsRef<Declared> + Send + Sync {
    /// What is known of the analysis before it sees events.
    fn declared(&self) -> &Declared {
        self.as_ref()
    }

    /// The branches that the first cuts need, in every batch.
    fn first_columns(&self) -> Vec<BranchSpec> {
        self.declared().first_cuts.columns()
    }

    /// The branches that the rest needs, in batches with survivors.
    fn other_columns(&self) -> Vec<BranchSpec>;

    /// Applies the first cuts and counts them. Gives the surviving entries, counted from the
    /// batch's first, rising.
    ///
    /// # Errors
    /// When a branch is missing or of another type.
    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let first_cuts = &self.declared().first_cuts;
        first_cuts.select(batch, &mut output.cutflow)
    }

    /// Applies the other cuts to the surviving entries and fills the histograms.
    ///
    /// # Errors
    /// When a branch is missing or of another type, or a vector shorter than the number of
    /// objects of its event; the output is of no use then.
    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error>;

    /// The name, as the reference framework has it: `HZZ`.
    fn name(&self) -> &'static str {
        self.declared().name
    }

    /// The collection of events the selection is made for.
    fn final_state(&self) -> FinalState {
        self.declared().final_state
    }

    /// An output to fill: histograms in the order in which they are written, and cuts.
    fn output(&self) -> Output {
        self.declared().blank.clone()
    }
}

/// What an analysis makes of events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The histograms in the order in which they are written.
    pub histograms: HistogramSet,
    /// How many events passed each cut.
    pub cutflow: Cutflow,
}

impl Output {
    /// Adds what the same analysis made of other events.
    ///
    /// # Errors
    /// [`Error::Cutflow`] or [`Error::Histogram`] when it is another analysis's.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        self.cutflow.add(&other.cutflow)?;
        Ok(self.histograms.add(&other.histograms)?)
    }

    /// Books a `TH1F`; `title` holds those of the axes as well, set off by semicolons.
    fn book(
        &mut self,
        name: &str,
        title: &str,
        (bins, low, high): (u32, f64, f64),
    ) -> Result<Handle, Error> {
        let axis = Axis::new(bins, low, high)?;
        let histogram = Histogram1D::new(name, title, axis, Precision::F32);
        Ok(self.histograms.book(histogram)?)
    }
}

/// Lists the analyses once for [`NAMES`] and [`find`].
macro_rules! analyses {
    ($($analysis:ident),+ $(,)?) => {
        /// The names of all analyses.
        pub const NAMES: [&str; [$($analysis::NAME),+].len()] = [$($analysis::NAME),+];

        /// The analysis of that name, in any case, with some of the reference's mistakes corrected.
        ///
        /// # Errors
        /// [`Error::UnknownAnalysis`], which tells the names there are.
        pub fn find_corrected(
            name: &str,
            corrections: Corrections,
        ) -> Result<Box<dyn Analysis>, Error> {
            $(
                if name.eq_ignore_ascii_case($analysis::NAME) {
                    return Ok(Box::new($analysis::new(corrections)?));
                }
            )+
            Err(Error::UnknownAnalysis {
                name: name.to_owned(),
                known: NAMES.join(", "),
            })
        }
    };
}

analyses![
    WBoson,
    ZBoson,
    TTbar,
    SingleTop,
    WzDiBoson,
    ZzDiBoson,
    Hzz,
    Hww,
    Hyy,
    ZPrimeBoosted,
    ZTauTau,
    Susy,
];

/// The analysis of that name, in any case, as the reference has it.
///
/// # Errors
/// [`Error::UnknownAnalysis`], which tells the names there are.
pub fn find(name: &str) -> Result<Box<dyn Analysis>, Error> {
    find_corrected(name, Corrections::NONE)
}

/// The value of one entry of a fixed branch. A batch's columns are of one length and the entries
/// come from that batch, so that the default stands for nothing that occurs.
fn at<T: Copy + Default>(values: &[T], entry: usize) -> T {
    values.get(entry).copied().unwrap_or_default()
}

/// Rounds to single precision where the reference keeps a `float`, which decides the bin of a
/// value beside an edge.
#[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn single(value: f64) -> f32 {
    value as f32
}

/// The angle between two azimuths from the size of their difference, in single precision.
fn azimuth_between(difference: f32) -> f32 {
    use std::f64::consts::PI;

    match f64::from(difference) {
        short if short < PI => difference,
        long => single(2.0 * PI - long),
    }
}

/// The mass of the Z that the reference compares with, GeV.
const Z_MASS: f64 = 91.18;

/// How far a mass lies from the Z's, GeV.
fn distance_to_z(mass: f32) -> f32 {
    single((f64::from(mass) - Z_MASS).abs())
}

/// Whether two leptons have one flavour and opposite charges.
fn could_be_from_z(a: &Lepton, b: &Lepton) -> bool {
    (a.flavour == b.flavour) & has_opposite_charge(a.charge, b.charge)
}

/// Whether the product of two charges is negative.
fn has_opposite_charge(a: i32, b: i32) -> bool {
    i64::from(a) * i64::from(b) < 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::mini;

    #[test]
    fn every_name_finds_its_analysis_in_any_case() {
        for name in NAMES {
            assert_eq!(find(&name.to_lowercase()).unwrap().name(), name);
            assert_eq!(find(&name.to_uppercase()).unwrap().name(), name);
        }
        let error = find("htautau").err().unwrap().to_string();
        assert_eq!(
            error,
            format!(
                "no analysis is called `htautau`; there are {}",
                NAMES.join(", ")
            )
        );
    }

    #[test]
    fn the_angle_between_azimuths_does_not_exceed_pi() {
        assert_eq!(azimuth_between(1.5), 1.5);
        assert!((azimuth_between(6.0) - 0.283_185_3).abs() < 1e-6);
    }

    #[test]
    fn every_branch_is_one_of_the_mini_tree_and_read_once() {
        for name in NAMES {
            let analysis = find(name).unwrap();
            let branches = [analysis.first_columns(), analysis.other_columns()].concat();
            for (at, branch) in branches.iter().enumerate() {
                assert_eq!(
                    mini(branch.name).map(|b| b.ty),
                    Some(branch.ty),
                    "{branch:?}"
                );
                assert!(
                    branches[..at].iter().all(|b| b.name != branch.name),
                    "{branch:?}"
                );
            }
        }
    }
}
