//! Good leptons of whole columns.

use multiversion::multiversion;

use super::{ELECTRON, FlavourCuts, LeptonCuts, Leptons, Limit, MUON};
use crate::collection::Good;
use crate::mask::Mask;
use crate::object::relative_isolation;

impl LeptonCuts {
    /// The leptons that pass, for each of the entries `survivors`: those that
    /// [`accept`](Self::accept) takes.
    pub fn among(&self, leptons: &Leptons<'_>, survivors: &[usize]) -> Good {
        let (mut good, far_off) = mark(self, leptons);
        good.settle(&far_off, |place| self.is_near_vertex(&leptons.get(place)));
        leptons.marked(survivors, good.as_slice())
    }
}

/// The leptons that pass all cuts but that on z0, and those which that cut might refuse.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn mark(cuts: &LeptonCuts, leptons: &Leptons<'_>) -> (Mask, Mask) {
    let Leptons {
        pt,
        eta,
        phi,
        flavour,
        ..
    } = leptons;
    let is_electron = |flavour| flavour == ELECTRON;
    let good_flavour = |flavour| is_electron(flavour) | (flavour == MUON);
    let mut good = Mask::of(flavour, good_flavour);
    if cuts.tight {
        good.cut(&leptons.is_tight, |is_tight| is_tight);
    }
    // Bounds by value: chosen by reference, they would be fetched one at a time.
    let [of_electrons, of_muons] = [cuts.electron.min_pt, cuts.muon.min_pt];
    good.cut2((pt, flavour), |pt, flavour| {
        f64::from(pt)
            > if is_electron(flavour) {
                of_electrons
            } else {
                of_muons
            }
    });
    let bound = cuts.max_relative_ptcone30;
    let surroundings = (&*leptons.ptcone30, &**pt);
    good.cut2(surroundings, |cone, pt| {
        relative_isolation(cone, pt) < bound
    });
    let bound = cuts.max_relative_etcone20;
    let surroundings = (&*leptons.etcone20, &**pt);
    good.cut2(surroundings, |cone, pt| {
        relative_isolation(cone, pt) < bound
    });

    let [electrons, muons] = [&cuts.electron, &cuts.muon].map(Acceptance::new);
    good.cut2((eta, flavour), |eta, flavour| {
        let abs_eta = f64::from(eta.abs());
        (is_electron(flavour) & electrons.covers(abs_eta))
            | (!is_electron(flavour) & muons.covers(abs_eta))
    });
    let [of_electrons, of_muons] = [cuts.electron.max_d0_ratio, cuts.muon.max_d0_ratio];
    let d0 = (&*leptons.d0, &*leptons.sigma_d0, &**flavour);
    let bound = |flavour| {
        if is_electron(flavour) {
            of_electrons
        } else {
            of_muons
        }
    };
    match cuts.track_limit {
        Limit::Exclusive => good.cut3(d0, |d0, sigma, flavour| {
            Limit::Exclusive.holds(d0.abs() / sigma, bound(flavour))
        }),
        Limit::Inclusive => good.cut3(d0, |d0, sigma, flavour| {
            Limit::Inclusive.holds(d0.abs() / sigma, bound(flavour))
        }),
    }

    // The same short way as that of one lepton.
    let mut far_off = Mask::of(pt, |_| true);
    let bound = cuts.max_abs_z0_sin_theta;
    let near = (&*leptons.z0, &**pt, &**phi);
    far_off.cut3(near, |z0, pt, phi| {
        let is_near = f64::from(z0).abs() < bound;
        !(is_near & pt.is_finite() & phi.is_finite())
    });
    (good, far_off)
}

/// Where a lepton's |η| may lie, by value.
#[derive(Clone, Copy)]
struct Acceptance {
    max_abs_eta: f64,
    /// An empty range where nothing is excluded.
    excluded: (f64, f64),
}

impl Acceptance {
    fn new(cuts: &FlavourCuts) -> Self {
        let excluded = cuts.excluded_abs_eta.as_ref();
        Self {
            max_abs_eta: cuts.max_abs_eta,
            excluded: excluded.map_or((1.0, 0.0), |range| (*range.start(), *range.end())),
        }
    }

    #[inline(always)]
    fn covers(&self, abs_eta: f64) -> bool {
        let (from, to) = self.excluded;
        (abs_eta < self.max_abs_eta) & !((from <= abs_eta) & (abs_eta <= to))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Batch;
    use crate::object::Lepton;
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
