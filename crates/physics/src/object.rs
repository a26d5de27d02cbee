//! The objects of an event, and which of them are good.
//!
//! Objects carry the branches' values as they are (`f32`, MeV); the functions compare them as the
//! reference framework does, `f32` quotients with `f64` bounds among others, because a value
//! beside a cut falls on one side or the other by that.

mod direction;
mod jet;
mod large_r_jet;
mod lepton;
mod missing;
mod photon;
mod tau;

pub(crate) use direction::Direction;
pub use jet::{B_TAG_70, B_TAG_77, B_TAG_85, Jet, JetCuts, Jets};
pub use large_r_jet::{LargeRJet, LargeRJetCuts, LargeRJets};
pub use lepton::{ELECTRON, FlavourCuts, Lepton, LeptonCuts, Leptons, Limit, MUON};
pub use missing::{MissingMomenta, MissingMomentum, transverse_mass};
pub use photon::{Photon, PhotonCuts, Photons};
pub use tau::{Tau, TauCuts, Taus};

/// The objects, if they are exactly `N`.
pub fn exactly<const N: usize, T: Copy + Default>(
    mut objects: impl Iterator<Item = T>,
) -> Option<[T; N]> {
    let mut held = [T::default(); N];
    for place in &mut held {
        *place = objects.next()?;
    }
    objects.next().is_none().then_some(held)
}

/// The scalar sum in a cone around an object, relative to its transverse momentum.
#[inline(always)]
pub(crate) fn relative_isolation(cone: f32, pt: f32) -> f64 {
    f64::from(cone / pt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_that_many() {
        assert_eq!(exactly::<2, _>([1, 2].into_iter()), Some([1, 2]));
        assert_eq!(exactly::<2, i32>([1].into_iter()), None);
        assert_eq!(exactly::<2, _>([1, 2, 3].into_iter()), None);
        assert_eq!(exactly::<0, i32>([].into_iter()), Some([]));
    }
}
