//! The events that pass the first cuts, with all that an analysis of leptons wants of them.

use std::ops::Range;

use super::branches::{DITAU_MASS, EVENT_NUMBER, LEPTON_TRIGGERS};
use super::tally::Tally;
use super::{NearMomentum, at};
use crate::object::{
    Jet, Jets, LargeRJet, LargeRJets, Lepton, LeptonCuts, Leptons, MissingMomenta, MissingMomentum,
    Tau, Taus,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Corrections, Error, Good, QuickMomenta, Sample, Weights, event_weights};

/// What an analysis of leptons wants of an event.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// All branches that are read for it.
    pub(super) branches: Vec<BranchSpec>,
    scale_factors: &'static [BranchSpec],
    good_lepton: Option<LeptonCuts>,
    good_momenta: bool,
}

impl Wanted {
    /// Its leptons, and its weight with these scale factors.
    pub(super) fn leptons(scale_factors: &'static [BranchSpec]) -> Self {
        let wanted = Self {
            branches: vec![MC_WEIGHT, Leptons::COUNT],
            scale_factors,
            good_lepton: None,
            good_momenta: false,
        };
        wanted.with(scale_factors).with(Lepton::BRANCHES)
    }

    /// The good ones among its leptons.
    pub(super) fn good_leptons(self, cuts: LeptonCuts) -> Self {
        let identification: &[_] = if cuts.tight { &[Lepton::IS_TIGHT] } else { &[] };
        let good_lepton = Some(cuts);
        let wanted = self.with(identification);
        Self {
            good_lepton,
            ..wanted
        }
    }

    /// The momenta of the good ones.
    pub(super) fn good_momenta(self) -> Self {
        Self {
            good_momenta: true,
            ..self
        }
    }

    /// Its missing transverse momentum.
    pub(super) fn missing_momentum(self) -> Self {
        self.with(&MissingMomenta::BRANCHES)
    }

    /// Its jets: their number and these properties.
    pub(super) fn jets(self, properties: &[BranchSpec]) -> Self {
        self.with(&[Jets::COUNT]).with(properties)
    }

    /// Its large-R jets.
    pub(super) fn large_r_jets(self) -> Self {
        self.with(&[LargeRJets::COUNT]).with(LargeRJet::BRANCHES)
    }

    /// Its τ leptons that decayed to hadrons.
    pub(super) fn taus(self) -> Self {
        self.with(&[Taus::COUNT]).with(Tau::BRANCHES)
    }

    /// These branches as well.
    pub(super) fn with(mut self, branches: &[BranchSpec]) -> Self {
        self.branches.extend_from_slice(branches);
        self
    }

    /// What `find` finds if this branch is wanted, nothing if not.
    fn find<T: Default>(
        &self,
        branch: BranchSpec,
        find: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.branches.contains(&branch) {
            true => find(),
            false => Ok(T::default()),
        }
    }
}

/// The events of a batch that passed the first cuts. Whatever is not wanted of them is zero.
pub(super) struct Candidates<'a> {
    entries: &'a [usize],
    sample: &'a Sample,
    weights: Weights,
    numbers: &'a [i32],
    fired: [&'a [bool]; 2],
    leptons: Leptons<'a>,
    good_leptons: Good,
    /// Whether their momenta are wanted.
    good_momenta: bool,
    jets: Jets<'a>,
    large_r_jets: LargeRJets<'a>,
    taus: Taus<'a>,
    ditau_masses: &'a [f32],
    missing: MissingMomenta<'a>,
}

impl<'a> Candidates<'a> {
    /// Finds what is wanted of these entries of a batch.
    ///
    /// # Errors
    /// When a branch is missing or of another type, or a vector shorter than the number of objects
    /// of its event.
    pub(super) fn of(
        batch: &'a Batch,
        entries: &'a [usize],
        sample: &'a Sample,
        wanted: &Wanted,
        corrections: Corrections,
    ) -> Result<Self, Error> {
        let branches = &wanted.branches;
        let leptons = Leptons::of(batch, branches, entries)?;
        let jets = wanted.find(Jets::COUNT, || Jets::of(batch, branches, entries))?;
        let good_lepton = wanted.good_lepton.as_ref();
        let good_leptons = good_lepton.map(|cuts| cuts.among(&leptons, entries));
        let [electron, muon] =
            LEPTON_TRIGGERS.map(|branch| wanted.find(branch, || batch.fixed(branch.name)));
        Ok(Self {
            entries,
            sample,
            weights: event_weights(batch, entries, wanted.scale_factors, sample, corrections)?,
            numbers: wanted.find(EVENT_NUMBER, || batch.fixed(EVENT_NUMBER.name))?,
            fired: [electron?, muon?],
            good_leptons: good_leptons.unwrap_or_default(),
            good_momenta: wanted.good_momenta,
            leptons,
            jets,
            large_r_jets: wanted.find(LargeRJets::COUNT, || {
                LargeRJets::of(batch, branches, entries)
            })?,
            taus: wanted.find(Taus::COUNT, || Taus::of(batch, branches, entries))?,
            ditau_masses: wanted.find(DITAU_MASS, || batch.fixed(DITAU_MASS.name))?,
            missing: MissingMomenta::of(batch, branches)?,
        })
    }

    /// Selects one after the other; `select` may leave an event at the first cut that it fails.
    pub(super) fn each(
        &self,
        tally: &mut Tally<'_>,
        mut select: impl FnMut(Candidate<'_>, &mut Tally<'_>) -> Option<()>,
    ) {
        let (all, mut momenta) = (self, Momenta::default());
        for (block, entries) in self.entries.chunks(BLOCK).enumerate() {
            let numbers = block * BLOCK..block * BLOCK + entries.len();
            if self.good_momenta {
                momenta.set(&self.leptons, &self.good_leptons, numbers.clone());
            }
            for (number, &entry) in numbers.zip(entries) {
                tally.begin(self.weights.of(entry));
                let momenta = &momenta;
                let candidate = Candidate {
                    all,
                    momenta,
                    number,
                    entry,
                };
                select(candidate, tally);
            }
        }
    }
}

/// Of so many events momenta are made at once: they stay in the first cache.
const BLOCK: usize = 64;

/// The quick momenta of the good leptons of some events.
#[derive(Default)]
struct Momenta {
    /// The number of the first among all good leptons.
    first: usize,
    pt: Vec<f32>,
    eta: Vec<f32>,
    phi: Vec<f32>,
    quick: QuickMomenta,
}

impl Momenta {
    /// Makes those of the events of these numbers, in place of those before.
    fn set(&mut self, leptons: &Leptons<'_>, good: &Good, numbers: Range<usize>) {
        let range = good.range(numbers);
        self.first = range.start;
        let places = good.places(range);
        for (gathered, column) in [
            (&mut self.pt, &leptons.pt),
            (&mut self.eta, &leptons.eta),
            (&mut self.phi, &leptons.phi),
        ] {
            gathered.clear();
            gathered.extend(places.iter().map(|&place| at(column, place as usize)));
        }
        self.quick.set(&self.pt, &self.eta, &self.phi);
    }
}

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    all: &'a Candidates<'a>,
    momenta: &'a Momenta,
    /// Its place among them.
    number: usize,
    /// Its place in the batch.
    entry: usize,
}

impl<'a> Candidate<'a> {
    /// The sample it is from.
    pub(super) fn sample(self) -> &'a Sample {
        self.all.sample
    }

    /// Its weight.
    pub(super) fn weight(self) -> f32 {
        self.all.weights.of(self.entry)
    }

    /// The number by which the experiment knows it.
    pub(super) fn number(self) -> i32 {
        at(self.all.numbers, self.entry)
    }

    /// Whether the electron's and the muon's trigger fired.
    pub(super) fn fired(self) -> [bool; 2] {
        self.all.fired.map(|fired| at(fired, self.entry))
    }

    /// All its leptons, in the file's order as everything.
    #[inline]
    pub(super) fn leptons(self) -> impl Iterator<Item = Lepton> + Clone + use<'a> {
        self.all.leptons.event(self.entry)
    }

    /// Those that pass the analysis's cuts.
    #[inline]
    pub(super) fn good_leptons(self) -> impl Iterator<Item = Lepton> + Clone + use<'a> {
        let places = self.all.good_leptons.event(self.number);
        self.all.leptons.at(places)
    }

    /// The momenta of these, which are all its good leptons.
    #[inline]
    pub(super) fn good_momenta<const N: usize>(self, good: &[Lepton; N]) -> [NearMomentum<'_>; N] {
        let range = self.all.good_leptons.range(self.number..self.number + 1);
        let mut places = range.start.saturating_sub(self.momenta.first)..;
        good.each_ref().map(|lepton| {
            let place = places.next().unwrap_or_default();
            let quick = self.momenta.quick.get(place, lepton.energy.into());
            NearMomentum::of(lepton, quick)
        })
    }

    /// All its jets.
    #[inline]
    pub(super) fn jets(self) -> impl Iterator<Item = Jet> + Clone + use<'a> {
        self.all.jets.event(self.entry)
    }

    /// Their number.
    pub(super) fn jet_count(self) -> u32 {
        self.all.jets.count(self.entry)
    }

    /// Its large-R jets.
    #[inline]
    pub(super) fn large_r_jets(self) -> impl Iterator<Item = LargeRJet> + Clone + use<'a> {
        self.all.large_r_jets.event(self.entry)
    }

    /// Their number.
    pub(super) fn large_r_jet_count(self) -> u32 {
        self.all.large_r_jets.count(self.entry)
    }

    /// Its τ leptons that decayed to hadrons.
    #[inline]
    pub(super) fn taus(self) -> impl Iterator<Item = Tau> + Clone + use<'a> {
        self.all.taus.event(self.entry)
    }

    /// The mass of two τ with their neutrinos as it is estimated, GeV.
    pub(super) fn ditau_mass(self) -> f32 {
        at(self.all.ditau_masses, self.entry)
    }

    /// The transverse momentum that is missing.
    pub(super) fn missing(self) -> MissingMomentum {
        self.all.missing.event(self.entry)
    }
}

#[cfg(test)]
mod tests {
    use rootlake_io::column::Column;

    use super::*;
    use crate::Output;
    use crate::analysis::branches::SCALE_FACTORS;
    use crate::analysis::single;

    const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(25_000.0, 0.15);

    /// Three events: of no lepton, of an electron with a muon that is not tight, and of a muon. Every
    /// property that is not given is 1.
    fn batch(wanted: &Wanted) -> Batch {
        let mut batch = Batch::new(0, 3);
        for &branch in &wanted.branches {
            let offsets = vec![0, 0, 2, 3];
            let of_leptons = |values: [f32; 3]| Column::jagged(offsets.clone(), values.to_vec());
            let column = match branch {
                Leptons::COUNT => Column::fixed(vec![0_u32, 2, 1]),
                MC_WEIGHT => Column::fixed(vec![8_f32, 2.0, -3.0]),
                EVENT_NUMBER => Column::fixed(vec![10, 11, 12]),
                Lepton::PT => of_leptons([50e3, 40e3, 30e3]).unwrap(),
                Lepton::FLAVOUR => Column::jagged(offsets, vec![11_u32, 13, 13]).unwrap(),
                Lepton::CHARGE => Column::jagged(offsets, vec![1; 3]).unwrap(),
                Lepton::IS_TIGHT => Column::jagged(offsets, vec![true, false, true]).unwrap(),
                Lepton::Z0 => of_leptons([0.0; 3]).unwrap(),
                _ if branch.ty.is_vector => of_leptons([1.0; 3]).unwrap(),
                _ => Column::fixed(vec![1_f32; 3]),
            };
            batch.insert(branch, column).unwrap();
        }
        batch
    }

    #[test]
    fn each_candidate_comes_with_its_weight_and_its_good_leptons() {
        let wanted = Wanted::leptons(&SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON)
            .good_momenta()
            .with(&[EVENT_NUMBER]);
        let (batch, sample) = (batch(&wanted), Sample::named("llll"));
        let corrections = Corrections::NONE;
        let candidates = Candidates::of(&batch, &[1, 2], &sample, &wanted, corrections).unwrap();

        let mut output = Output::default();
        let cut = output.cutflow.declare("a lepton");
        let mut found = Vec::new();
        candidates.each(&mut Tally::of(&mut output), |event, tally| {
            found.push((event.number(), event.leptons().count()));
            let lepton = event.good_leptons().next()?;
            tally.pass(cut);
            assert_eq!(event.good_leptons().count(), 1);
            assert!(GOOD_LEPTON.accept(&lepton));
            let good = [lepton];
            let [momentum] = event.good_momenta(&good);
            let pt = lepton.momentum().pt() / 1000.0;
            assert_eq!(NearMomentum::pt_gev([&momentum]), single(pt));
            Some(())
        });
        assert_eq!(found, [(11, 2), (12, 1)]);
        let cut = output.cutflow.iter().next().unwrap();
        assert_eq!(cut.weighted().unwrap().sumw, 2.0 - 3.0);
    }

    #[test]
    fn what_is_not_wanted_is_zero() {
        let wanted = Wanted::leptons(&SCALE_FACTORS);
        let (batch, sample) = (batch(&wanted), Sample::named("llll"));
        let corrections = Corrections::NONE;
        let candidates = Candidates::of(&batch, &[1], &sample, &wanted, corrections).unwrap();
        let mut output = Output::default();
        candidates.each(&mut Tally::of(&mut output), |event, _| {
            assert_eq!((event.number(), event.fired()), (0, [false; 2]));
            assert_eq!(event.good_leptons().count(), 0);
            assert_eq!((event.jets().count(), event.jet_count()), (0, 0));
            assert_eq!(event.taus().count(), 0);
            assert_eq!(event.large_r_jets().count(), 0);
            assert_eq!(event.large_r_jet_count(), 0);
            assert_eq!(event.missing(), MissingMomentum::default());
            assert_eq!(event.ditau_mass(), 0.0);
            Some(())
        });
    }

    #[test]
    fn what_is_wanted_and_was_not_read_is_an_error() {
        let wanted = Wanted::leptons(&SCALE_FACTORS);
        let (batch, sample) = (batch(&wanted), Sample::named("llll"));
        let wanted = wanted.jets(&[Jet::PT]);
        let candidates = Candidates::of(&batch, &[1], &sample, &wanted, Corrections::NONE);
        let branch = Jets::COUNT.name.to_owned();
        assert_eq!(candidates.err(), Some(Error::Missing { branch }));
    }
}
