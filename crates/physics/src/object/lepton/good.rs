//! Good leptons of whole columns.

use multiversion::multiversion;

use super::{ELECTRON, FlavourCuts, Lepton, LeptonCuts, Leptons, Limit, MUON};
use crate::bound::{not_above, not_below};
use crate::collection::Good;
use crate::mask::Mask;

impl LeptonCuts {
    /// The leptons that pass, for each of the entries `survivors`: those that
    /// [`accept`](Self::accept) takes.
    pub fn among(&self, leptons: &Leptons<'_>, survivors: &[usize]) -> Good {
        let mut good = Mask::none(leptons.pt.len());
        let mut doubts = Mask::none(leptons.pt.len());
        mark(self, leptons, &mut good, &mut doubts);
        good.settle(&doubts, |place| {
            // All that is asked for, and no other column.
            self.is_near_vertex(&Lepton {
                pt: leptons.pt(place),
                eta: leptons.eta(place),
                phi: leptons.phi(place),
                z0: leptons.z0(place),
                ..Lepton::default()
            })
        });
        leptons.marked(survivors, good.as_slice())
    }
}

/// Marks the leptons that pass all cuts but that on z0, and of those the ones which it might refuse.
#[allow(
    clippy::neg_cmp_op_on_partial_ord,
    reason = "the reference refuses what exceeds the bound, so that NaN passes"
)]
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
fn mark(cuts: &LeptonCuts, leptons: &Leptons<'_>, good: &mut Mask, doubts: &mut Mask) {
    // Bounds by value: chosen by reference, they would be fetched one at a time.
    let [electrons, muons] = [&cuts.electron, &cuts.muon].map(Bounds::new);
    let max_relative_ptcone30 = not_below(cuts.max_relative_ptcone30);
    let max_relative_etcone20 = not_below(cuts.max_relative_etcone20);
    let max_abs_z0 = not_below(cuts.max_abs_z0_sin_theta);
    let takes_bound = cuts.track_limit == Limit::Inclusive;

    let kinematics = leptons.flavour.iter().zip(&*leptons.pt).zip(&*leptons.eta);
    let isolation = leptons.ptcone30.iter().zip(&*leptons.etcone20);
    let track = leptons.d0.iter().zip(&*leptons.sigma_d0).zip(&*leptons.z0);
    let columns = kinematics.zip(&*leptons.phi).zip(isolation).zip(track);
    let marks = good.as_mut_slice().iter_mut().zip(doubts.as_mut_slice());
    for ((good, doubt), columns) in marks.zip(columns) {
        let (((((&flavour, &pt), &eta), &phi), (&ptcone30, &etcone20)), track) = columns;
        let ((&d0, &sigma_d0), &z0) = track;
        let is_electron = flavour == ELECTRON;
        let bounds = Bounds::choose(is_electron, electrons, muons);
        let d0_ratio = d0.abs() / sigma_d0;
        *good = (is_electron | (flavour == MUON))
            & (pt > bounds.min_pt)
            & bounds.covers(eta.abs())
            & (ptcone30 / pt < max_relative_ptcone30)
            & (etcone20 / pt < max_relative_etcone20)
            & ((d0_ratio < bounds.max_d0_ratio)
                | (takes_bound & !(d0_ratio > bounds.max_d0_ratio)));
        // The same short way as that of one lepton.
        let is_near = (z0.abs() < max_abs_z0) & pt.is_finite() & phi.is_finite();
        *doubt = *good & !is_near;
    }
    if cuts.tight {
        good.cut(&leptons.is_tight, |is_tight| is_tight);
    }
}

/// The bounds of a lepton that depend on its flavour, as [`not_below`] and [`not_above`] give them.
#[derive(Clone, Copy)]
struct Bounds {
    min_pt: f32,
    max_abs_eta: f32,
    /// An empty range where nothing is excluded.
    excluded: (f32, f32),
    max_d0_ratio: f32,
}

impl Bounds {
    fn new(cuts: &FlavourCuts) -> Self {
        let excluded = cuts.excluded_abs_eta.as_ref();
        Self {
            min_pt: not_above(cuts.min_pt),
            max_abs_eta: not_below(cuts.max_abs_eta),
            excluded: excluded.map_or((1.0, 0.0), |range| {
                (not_below(*range.start()), not_above(*range.end()))
            }),
            max_d0_ratio: cuts.max_d0_ratio,
        }
    }

    /// One of two, value by value.
    #[inline(always)]
    fn choose(is_first: bool, first: Self, second: Self) -> Self {
        let choose = |first, second| if is_first { first } else { second };
        Self {
            min_pt: choose(first.min_pt, second.min_pt),
            max_abs_eta: choose(first.max_abs_eta, second.max_abs_eta),
            excluded: (
                choose(first.excluded.0, second.excluded.0),
                choose(first.excluded.1, second.excluded.1),
            ),
            max_d0_ratio: choose(first.max_d0_ratio, second.max_d0_ratio),
        }
    }

    #[inline(always)]
    fn covers(&self, abs_eta: f32) -> bool {
        let (from, to) = self.excluded;
        (abs_eta < self.max_abs_eta) & !((from <= abs_eta) & (abs_eta <= to))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Batch;
    use rootlake_io::column::Column;

    /// A value that is often beside or at a bound.
    fn near(bounds: &'static [f32]) -> impl Strategy<Value = f32> {
        let bound = prop::sample::select(bounds);
        prop_oneof![
            4 => (bound, -2i32..3).prop_map(|(bound, ulps)| {
                f32::from_bits(bound.to_bits().wrapping_add_signed(ulps))
            }),
            4 => -3.0..3.0f32,
            1 => any::<f32>(),
        ]
    }

    prop_compose! {
        fn lepton()(
            pt in prop_oneof![near(&[25e3, 7e3, 5e3]), 1e3..1e5f32],
            eta in near(&[1.37, 1.52, 2.47, 2.5, -1.4]),
            phi in prop_oneof![9 => -3.2..3.2f32, 1 => any::<f32>()],
            z0 in near(&[0.5, -0.5]),
            flavour in prop::sample::select(vec![ELECTRON, MUON, 15]),
            cones in (0.0..0.4f32, 0.0..0.4f32),
            d0 in near(&[3.0, 5.0, -3.0]),
            sigma_d0 in prop_oneof![Just(1.0f32), Just(0.0), any::<f32>()],
            is_tight in prop::bool::weighted(0.8),
        ) -> Lepton {
            let (ptcone30, etcone20) = (cones.0 * pt, cones.1 * pt);
            Lepton { pt, eta, phi, z0, flavour, ptcone30, etcone20, d0, sigma_d0, is_tight, ..Lepton::default() }
        }
    }

    /// The branches of these events.
    fn batch(events: &[Vec<Lepton>]) -> (Batch, Vec<crate::schema::BranchSpec>) {
        let mut batch = Batch::new(0, events.len());
        let counts = events.iter().map(|leptons| leptons.len() as u32);
        let counts: Vec<u32> = counts.collect();
        let mut offsets = vec![0];
        offsets.extend(counts.iter().scan(0, |end, count| {
            *end += count;
            Some(*end)
        }));
        batch.insert(Leptons::COUNT, Column::fixed(counts)).unwrap();
        macro_rules! insert {
            ($($branch:ident $property:ident),+) => {{
                $(
                    let values = events.iter().flatten().map(|lepton| lepton.$property).collect();
                    let column = Column::jagged(offsets.clone(), values).unwrap();
                    batch.insert(Lepton::$branch, column).unwrap();
                )+
                vec![$(Lepton::$branch),+]
            }};
        }
        let branches = insert!(
            PT pt, ETA eta, PHI phi, Z0 z0, FLAVOUR flavour, PTCONE30 ptcone30,
            ETCONE20 etcone20, D0 d0, SIGMA_D0 sigma_d0, IS_TIGHT is_tight
        );
        (batch, branches)
    }

    proptest! {
        #[test]
        fn columns_are_selected_from_as_leptons_one_by_one(
            events in prop::collection::vec(prop::collection::vec(lepton(), 0..7), 1..40),
            tight in any::<bool>(),
            limit in prop::sample::select(vec![Limit::Exclusive, Limit::Inclusive]),
        ) {
            let (batch, branches) = batch(&events);
            let mut cuts = LeptonCuts::tight(25e3, 0.15).with_track_limit(limit);
            (cuts.tight, cuts.electron.min_pt) = (tight, 7e3);
            let survivors: Vec<usize> = (0..events.len()).step_by(2).collect();
            let leptons = Leptons::of(&batch, &branches, &survivors).unwrap();
            let good = cuts.among(&leptons, &survivors);
            for (&entry, good) in survivors.iter().zip(good.events()) {
                let expected = leptons.event(entry).filter(|lepton| cuts.accept(lepton));
                let bits = |lepton: Lepton| [lepton.pt, lepton.eta, lepton.z0, lepton.d0].map(f32::to_bits);
                prop_assert!(leptons.at(good).map(bits).eq(expected.map(bits)));
            }
        }
    }
}
