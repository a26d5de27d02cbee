//! Good leptons of whole columns.

use multiversion::multiversion;

use super::{ELECTRON, FlavourCuts, LeptonCuts, Leptons, MUON};
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
    // What bounds a lepton of that flavour.
    let of = |flavour, bound: fn(&FlavourCuts) -> f64| match flavour == ELECTRON {
        true => bound(&cuts.electron),
        false => bound(&cuts.muon),
    };
    let min_pt = |flavour| of(flavour, |cuts| cuts.min_pt);
    let (electron, muon) = (&cuts.electron, &cuts.muon);
    let max_d0_ratio = |flavour| match flavour == ELECTRON {
        true => electron.max_d0_ratio,
        false => muon.max_d0_ratio,
    };
    let limit = cuts.track_limit;

    let mut good = Mask::of(flavour, |flavour| (flavour == ELECTRON) | (flavour == MUON));
    if cuts.tight {
        good.cut(&leptons.is_tight, |is_tight| is_tight);
    }
    good.cut2((pt, flavour), |pt, flavour| f64::from(pt) > min_pt(flavour));
    good.cut2((&leptons.ptcone30, pt), |cone, pt| {
        relative_isolation(cone, pt) < cuts.max_relative_ptcone30
    });
    good.cut2((&leptons.etcone20, pt), |cone, pt| {
        relative_isolation(cone, pt) < cuts.max_relative_etcone20
    });
    good.cut2((eta, flavour), |eta, flavour| {
        let abs_eta = f64::from(eta.abs());
        let (is_electron, for_electrons) = (flavour == ELECTRON, electron.covers(abs_eta));
        (is_electron & for_electrons) | (!is_electron & muon.covers(abs_eta))
    });
    let d0 = (&*leptons.d0, &*leptons.sigma_d0, &**flavour);
    good.cut3(d0, |d0, sigma, flavour| {
        limit.holds(d0.abs() / sigma, max_d0_ratio(flavour))
    });

    // The same short way as that of one lepton.
    let mut far_off = Mask::of(pt, |_| true);
    let near = (&*leptons.z0, &**pt, &**phi);
    far_off.cut3(near, |z0, pt, phi| {
        let is_near = f64::from(z0).abs() < cuts.max_abs_z0_sin_theta;
        !(is_near & pt.is_finite() & phi.is_finite())
    });
    (good, far_off)
}
