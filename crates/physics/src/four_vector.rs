//! Momenta and energies.

use std::ops::Add;

/// An energy-momentum vector in `f64`.
///
/// Each quantity is computed by the same steps as ROOT's `TLorentzVector` (6.40) takes, so that
/// the same numbers come out to the last bit. The angles in particular are those of the
/// components, not the ones the vector was made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FourVector {
    /// Momentum across the beam, towards the ring's centre.
    pub px: f64,
    /// Momentum across the beam, upwards.
    pub py: f64,
    /// Momentum along the beam.
    pub pz: f64,
    /// Energy, in the unit of the momenta.
    pub energy: f64,
}

impl FourVector {
    /// The vector of a transverse momentum (its sign is dropped), pseudorapidity, azimuth and
    /// energy: `TLorentzVector::SetPtEtaPhiE`.
    #[inline]
    pub fn from_pt_eta_phi_e(pt: f64, eta: f64, phi: f64, energy: f64) -> Self {
        Self {
            pz: pt.abs() * eta.sinh(),
            energy,
            ..Self::across(pt, phi)
        }
    }

    /// The same of the values of branches: MeV, single precision.
    #[inline]
    pub(crate) fn of_branches([pt, eta, phi, energy]: [f32; 4]) -> Self {
        Self::from_pt_eta_phi_e(pt.into(), eta.into(), phi.into(), energy.into())
    }

    /// The transverse momentum of [`of_branches`](Self::of_branches)' components, without making that
    /// along the beam.
    #[inline]
    pub(crate) fn pt_of_branches(pt: f32, phi: f32) -> f64 {
        Self::across(pt.into(), phi.into()).pt()
    }

    /// A vector across the beam without energy.
    #[inline]
    fn across(pt: f64, phi: f64) -> Self {
        let pt = pt.abs();
        Self {
            px: pt * phi.cos(),
            py: pt * phi.sin(),
            pz: 0.0,
            energy: 0.0,
        }
    }

    /// The same in GeV; its last bits are not those of the one in MeV.
    #[inline]
    pub(crate) fn of_branches_in_gev([pt, eta, phi, energy]: [f32; 4]) -> Self {
        let [pt, energy] = [pt, energy].map(|mev| f64::from(mev) / 1000.0);
        Self::from_pt_eta_phi_e(pt, eta.into(), phi.into(), energy)
    }

    /// The vector of a massless particle across the beam: `TLorentzVector::SetPtEtaPhiM`.
    pub fn massless(pt: f64, phi: f64) -> Self {
        let momentum = Self::from_pt_eta_phi_e(pt, 0.0, phi, 0.0);
        Self {
            energy: momentum.momentum_squared().sqrt(),
            ..momentum
        }
    }

    /// The transverse momentum.
    #[inline]
    pub fn pt(&self) -> f64 {
        (self.px * self.px + self.py * self.py).sqrt()
    }

    /// The azimuth in −π..=π, 0 without transverse momentum.
    pub fn phi(&self) -> f64 {
        if self.px == 0.0 && self.py == 0.0 {
            return 0.0;
        }
        self.py.atan2(self.px)
    }

    /// The angle to the beam in 0..=π, 0 without momentum.
    pub fn theta(&self) -> f64 {
        if self.px == 0.0 && self.py == 0.0 && self.pz == 0.0 {
            return 0.0;
        }
        self.pt().atan2(self.pz)
    }

    /// The pseudorapidity; ±10¹¹ along the beam, as ROOT has it.
    pub fn eta(&self) -> f64 {
        let momentum = self.momentum_squared().sqrt();
        let cos_theta = if momentum == 0.0 {
            1.0
        } else {
            self.pz / momentum
        };
        if cos_theta * cos_theta < 1.0 {
            -0.5 * ((1.0 - cos_theta) / (1.0 + cos_theta)).ln()
        } else if self.pz == 0.0 {
            0.0
        } else if self.pz > 0.0 {
            10e10
        } else {
            -10e10
        }
    }

    /// The rapidity along the beam.
    pub fn rapidity(&self) -> f64 {
        0.5 * ((self.energy + self.pz) / (self.energy - self.pz)).ln()
    }

    /// The invariant mass, negative where the momentum exceeds the energy: `TLorentzVector::M`.
    pub fn mass(&self) -> f64 {
        let squared = self.mass_squared();
        if squared < 0.0 {
            -(-squared).sqrt()
        } else {
            squared.sqrt()
        }
    }

    /// The square of the mass.
    #[inline]
    pub(crate) fn mass_squared(&self) -> f64 {
        self.energy * self.energy - self.momentum_squared()
    }

    /// The transverse energy, negative where the energy is: `TLorentzVector::Et`.
    pub fn et(&self) -> f64 {
        let pt_squared = self.px * self.px + self.py * self.py;
        if pt_squared == 0.0 {
            return 0.0;
        }
        let squared = self.energy * self.energy * pt_squared / (pt_squared + self.pz * self.pz);
        squared.sqrt().copysign(self.energy)
    }

    /// The azimuth from another vector's to this one's, in −π..π: `TLorentzVector::DeltaPhi`.
    pub fn delta_phi(&self, other: &Self) -> f64 {
        wrap_azimuth(self.phi() - other.phi())
    }

    /// The distance in pseudorapidity and azimuth: `TLorentzVector::DeltaR`.
    pub fn delta_r(&self, other: &Self) -> f64 {
        let (eta, phi) = (self.eta() - other.eta(), self.delta_phi(other));
        (eta * eta + phi * phi).sqrt()
    }

    fn momentum_squared(&self) -> f64 {
        self.px * self.px + self.py * self.py + self.pz * self.pz
    }
}

impl Add for FourVector {
    type Output = Self;

    #[inline]
    fn add(self, other: Self) -> Self {
        Self {
            px: self.px + other.px,
            py: self.py + other.py,
            pz: self.pz + other.pz,
            energy: self.energy + other.energy,
        }
    }
}

/// The same angle in −π..π, of one in −2π..=2π: `TVector2::Phi_mpi_pi`.
#[inline]
pub(crate) fn wrap_azimuth(angle: f64) -> f64 {
    use std::f64::consts::{PI, TAU};

    match angle {
        beyond if beyond >= PI => beyond - TAU,
        beyond if beyond < -PI => beyond + TAU,
        within => within,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn degenerate_vectors_have_roots_answers() {
        let at = |px, pz, energy| FourVector {
            px,
            py: 0.0,
            pz,
            energy,
        };
        assert_eq!(at(0.0, 0.0, 1.0).theta(), 0.0);
        assert_eq!(at(0.0, 0.0, 1.0).phi(), 0.0);
        // Without momentum ROOT takes the cosine for 1, then looks at pz.
        assert_eq!(at(0.0, 0.0, 1.0).eta(), 0.0);
        assert_eq!(at(0.0, 2.0, 2.0).eta(), 10e10);
        assert_eq!(at(0.0, -2.0, 2.0).eta(), -10e10);
        assert_eq!(at(5.0, 0.0, 4.0).mass(), -3.0);
        assert_eq!(at(3.0, 0.0, 5.0).mass(), 4.0);
    }

    #[test]
    fn the_sign_of_the_transverse_momentum_is_dropped() {
        let vector = FourVector::from_pt_eta_phi_e(-2.0, 0.0, 0.0, 2.0);
        assert_eq!((vector.px, vector.pt()), (2.0, 2.0));
    }

    #[test]
    fn azimuths_wrap_at_half_a_turn() {
        use std::f64::consts::PI;
        assert_eq!(wrap_azimuth(PI), -PI);
        assert_eq!(wrap_azimuth(-PI), -PI);
        assert!((wrap_azimuth(6.0) - (6.0 - 2.0 * PI)).abs() < 1e-15);
        assert!(wrap_azimuth(f64::NAN).is_nan());
    }

    #[test]
    fn transverse_energy_has_the_sign_of_the_energy() {
        let vector = FourVector {
            px: 3.0,
            py: 0.0,
            pz: 4.0,
            energy: -10.0,
        };
        assert!((vector.et() + 6.0).abs() < 1e-12);
        assert_eq!(FourVector { px: 0.0, ..vector }.et(), 0.0);
    }

    proptest! {
        #[test]
        fn what_went_in_comes_out(
            pt in 1.0..1e6f64, eta in -4.0..4.0f64, phi in -3.0..3.0f64, mass in 0.0..1e5f64,
        ) {
            let energy = (mass * mass + (pt * eta.cosh()).powi(2)).sqrt();
            let vector = FourVector::from_pt_eta_phi_e(pt, eta, phi, energy);
            prop_assert!((vector.pt() / pt - 1.0).abs() < 1e-12);
            prop_assert!((vector.eta() - eta).abs() < 1e-9);
            prop_assert!((vector.phi() - phi).abs() < 1e-12);
            prop_assert!((vector.theta() - 2.0 * (-eta).exp().atan()).abs() < 1e-12);
            prop_assert!((vector.mass() - mass).abs() < 1e-4 * energy);
        }

        #[test]
        fn vectors_back_to_back_add_up_to_twice_the_energy(pt in 1.0..1e4f64, phi in -3.0..3.0f64) {
            let there = FourVector::from_pt_eta_phi_e(pt, 0.0, phi, pt);
            let back = FourVector { px: -there.px, py: -there.py, ..there };
            prop_assert_eq!((there + back).mass(), 2.0 * pt);
        }
    }
}
