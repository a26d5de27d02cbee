//! What is missing from the balance of transverse momenta.

use rootlake_io::column::ScalarType::F32;

use crate::schema::BranchSpec;
use crate::{Batch, Error, FourVector};

/// The missing transverse momenta of a batch, one per entry.
#[derive(Clone, Copy, Debug)]
pub struct MissingMomenta<'a> {
    et: &'a [f32],
    phi: &'a [f32],
    et_syst: &'a [f32],
}

impl<'a> MissingMomenta<'a> {
    /// The branch of the size, MeV.
    pub const ET: BranchSpec = BranchSpec::leaf("met_et", F32, 'f');
    /// The branch of the azimuth, rad.
    pub const PHI: BranchSpec = BranchSpec::leaf("met_phi", F32, 'f');
    /// The branch of the uncertainty of the size, MeV.
    pub const ET_SYST: BranchSpec = BranchSpec::leaf("met_et_syst", F32, 'F');
    /// The branches of size and azimuth.
    pub const BRANCHES: [BranchSpec; 2] = [Self::ET, Self::PHI];

    /// Finds those among `branches` that belong here. What the others hold, which the caller does
    /// not use, is zero.
    ///
    /// # Errors
    /// As [`Batch::fixed`].
    pub fn of(batch: &'a Batch, branches: &[BranchSpec]) -> Result<Self, Error> {
        let find = |branch: BranchSpec| match branches.contains(&branch) {
            true => batch.fixed(branch.name),
            false => Ok(&[][..]),
        };
        Ok(Self {
            et: find(Self::ET)?,
            phi: find(Self::PHI)?,
            et_syst: find(Self::ET_SYST)?,
        })
    }

    /// The missing momentum of an entry of the batch.
    pub fn event(&self, entry: usize) -> MissingMomentum {
        let at = |values: &[f32]| values.get(entry).copied().unwrap_or_default();
        MissingMomentum {
            et: at(self.et),
            phi: at(self.phi),
            et_syst: at(self.et_syst),
        }
    }
}

/// The missing transverse momentum of one event.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MissingMomentum {
    /// Its size, MeV.
    pub et: f32,
    /// Its azimuth, rad.
    pub phi: f32,
    /// The uncertainty of its size, MeV.
    pub et_syst: f32,
}

impl MissingMomentum {
    /// The momentum of a massless particle across the beam, MeV.
    pub fn momentum(&self) -> FourVector {
        let [et, phi] = [self.et, self.phi].map(f64::from);
        FourVector::from_pt_eta_phi_e(et, 0.0, phi, et)
    }
}

/// The transverse mass of a particle and what is missing, in their unit.
pub fn transverse_mass(seen: &FourVector, missing: &FourVector) -> f64 {
    let angle = 1.0 - seen.delta_phi(missing).cos();
    (2.0 * seen.pt() * missing.et() * angle).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_particle_against_the_missing_momentum_has_twice_its_transverse_mass() {
        let missing = MissingMomentum {
            et: 40_000.0,
            phi: 1.0,
            ..MissingMomentum::default()
        };
        let across = |phi: f64| FourVector::from_pt_eta_phi_e(40e3, 1.3, phi, 80e3);
        let mass = |phi: f64| transverse_mass(&across(phi), &missing.momentum());
        assert!((mass(1.0 + std::f64::consts::PI) - 80e3).abs() < 1e-3);
        assert!(mass(1.0) < 1e-3);
    }
}
