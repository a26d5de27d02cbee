//! Momenta of produced and decaying particles, in GeV.

use super::random::Random;
use crate::FourVector;

/// A particle of that mass, with transverse momentum around `mean_pt` and a tail beyond, and a
/// rapidity of that width.
pub(super) fn produce(random: &mut Random, mass: f64, mean_pt: f64, width: f64) -> FourVector {
    let mut pt = random.exponential(mean_pt);
    if random.chance(0.1) {
        pt += random.exponential(3.0 * mean_pt);
    }
    produce_at(random, mass, pt, width)
}

/// A particle of that mass with that transverse momentum, and a rapidity of that width.
pub(super) fn produce_at(random: &mut Random, mass: f64, pt: f64, width: f64) -> FourVector {
    let (sin, cos) = random.azimuth().sin_cos();
    let stretch = random.normal(0.0, width).exp();
    let transverse_mass = (mass * mass + pt * pt).sqrt();
    FourVector {
        px: pt * cos,
        py: pt * sin,
        pz: transverse_mass * 0.5 * (stretch - 1.0 / stretch),
        energy: transverse_mass * 0.5 * (stretch + 1.0 / stretch),
    }
}

/// The two particles, of these masses, into which a heavier one decays; the same in all
/// directions, seen from the one that decays.
pub(super) fn decay(
    random: &mut Random,
    parent: FourVector,
    masses: (f64, f64),
) -> (FourVector, FourVector) {
    let mass = parent.mass();
    let (first, second) = masses;
    let energy = (mass * mass + first * first - second * second) / (2.0 * mass);
    let momentum = (energy * energy - first * first).max(0.0).sqrt();

    let cos_theta = random.between(-1.0, 1.0);
    let across = momentum * (1.0 - cos_theta * cos_theta).sqrt();
    let (sin, cos) = random.azimuth().sin_cos();
    let at_rest = FourVector {
        px: across * cos,
        py: across * sin,
        pz: momentum * cos_theta,
        energy,
    };
    let one = boost(at_rest, parent, mass);
    let other = FourVector {
        px: parent.px - one.px,
        py: parent.py - one.py,
        pz: parent.pz - one.pz,
        energy: parent.energy - one.energy,
    };
    (one, other)
}

/// A vector seen at rest with `parent`, as it is seen where `parent` moves.
fn boost(vector: FourVector, parent: FourVector, mass: f64) -> FourVector {
    let along = parent.px * vector.px + parent.py * vector.py + parent.pz * vector.pz;
    let factor = (along / (parent.energy + mass) + vector.energy) / mass;
    FourVector {
        px: vector.px + factor * parent.px,
        py: vector.py + factor * parent.py,
        pz: vector.pz + factor * parent.pz,
        energy: (parent.energy * vector.energy + along) / mass,
    }
}

/// A massless particle of that transverse momentum, anywhere within |η| < 2.4.
pub(super) fn stray(random: &mut Random, pt: f64) -> FourVector {
    let eta = random.between(-2.4, 2.4);
    massless(pt, eta, random.azimuth())
}

/// A massless particle by its transverse momentum and angles.
pub(super) fn massless(pt: f64, eta: f64, phi: f64) -> FourVector {
    let (sin, cos) = phi.sin_cos();
    let stretch = eta.exp();
    FourVector {
        px: pt * cos,
        py: pt * sin,
        pz: pt * 0.5 * (stretch - 1.0 / stretch),
        energy: pt * 0.5 * (stretch + 1.0 / stretch),
    }
}

/// Whether a particle lies above a transverse momentum and within |sinh η|.
pub(super) fn within(p: &FourVector, min_pt: f64, max_sinh_eta: f64) -> bool {
    let squared = p.px * p.px + p.py * p.py;
    squared > min_pt * min_pt && p.pz * p.pz < max_sinh_eta * max_sinh_eta * squared
}

/// The same particle with a share of its momentum, without mass.
pub(super) fn share_of(p: FourVector, share: f64) -> FourVector {
    let (px, py, pz) = (share * p.px, share * p.py, share * p.pz);
    let energy = (px * px + py * py + pz * pz).sqrt();
    FourVector { px, py, pz, energy }
}

/// An unstable particle: its mass and width, GeV.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resonance {
    mass: f64,
    width: f64,
}

pub(super) const W: Resonance = Resonance {
    mass: 80.379,
    width: 2.085,
};
pub(super) const Z: Resonance = Resonance {
    mass: 91.1876,
    width: 2.4952,
};

impl Resonance {
    /// A mass within bounds: a Breit–Wigner in the mass's square.
    pub(super) fn draw(self, random: &mut Random, (low, high): (f64, f64)) -> f64 {
        let drawn = random.between(self.angle(low), self.angle(high)).tan();
        (self.mass * self.mass + self.mass * self.width * drawn).sqrt()
    }

    /// How many of the masses within bounds lie around one, per GeV, where all are one.
    pub(super) fn density(self, mass: f64, (low, high): (f64, f64)) -> f64 {
        let width = self.mass * self.width;
        let above = mass * mass - self.mass * self.mass;
        let angles = 2.0 * mass * width / (above * above + width * width);
        angles / (self.angle(high) - self.angle(low))
    }

    /// What is spread evenly.
    fn angle(self, mass: f64) -> f64 {
        ((mass * mass - self.mass * self.mass) / (self.mass * self.width)).atan()
    }
}

/// The mass of a Z within bounds.
pub(super) fn z_mass(random: &mut Random, low: f64, high: f64) -> f64 {
    Z.draw(random, (low, high))
}

/// The mass of a W within bounds.
pub(super) fn w_mass(random: &mut Random, low: f64, high: f64) -> f64 {
    W.draw(random, (low, high))
}

#[cfg(test)]
mod tests {
    use super::super::random::key;
    use super::*;

    fn random() -> Random {
        Random::stream(key(3, "", ""), 0)
    }

    #[test]
    fn produced_particles_have_their_mass() {
        let mut random = random();
        for _ in 0..1000 {
            let particle = produce(&mut random, 125.0, 40.0, 1.0);
            assert!((particle.mass() - 125.0).abs() < 1e-6 * particle.energy);
        }
    }

    #[test]
    fn decays_conserve_momentum_and_give_the_masses() {
        let mut random = random();
        for _ in 0..1000 {
            let parent = produce(&mut random, 125.0, 40.0, 1.0);
            let (one, other) = decay(&mut random, parent, (91.0, 20.0));
            let sum = one + other;
            let tolerance = 1e-6 * parent.energy;
            assert!((sum.px - parent.px).abs() < tolerance);
            assert!((sum.energy - parent.energy).abs() < tolerance);
            assert!((one.mass() - 91.0).abs() < tolerance, "{}", one.mass());
            assert!((other.mass() - 20.0).abs() < tolerance, "{}", other.mass());
        }
    }

    #[test]
    fn decays_know_no_direction() {
        let mut random = random();
        let at_rest = FourVector {
            energy: 2.0,
            ..FourVector::default()
        };
        let mut sums = [0.0; 3];
        for _ in 0..10_000 {
            let (one, _) = decay(&mut random, at_rest, (0.0, 0.0));
            for (sum, component) in sums.iter_mut().zip([one.px, one.py, one.pz]) {
                *sum += component * component;
            }
        }
        assert!(
            sums.iter()
                .all(|sum| (sum / 10_000.0 - 1.0 / 3.0).abs() < 0.02),
            "{sums:?}"
        );
    }

    #[test]
    fn z_masses_peak_within_their_bounds() {
        let mut random = random();
        let masses: Vec<f64> = (0..10_000)
            .map(|_| z_mass(&mut random, 60.0, 110.0))
            .collect();
        assert!(masses.iter().all(|mass| (60.0..=110.0).contains(mass)));
        let near = masses
            .iter()
            .filter(|&&mass| (mass - 91.19).abs() < 2.5)
            .count();
        assert!((6500..7800).contains(&near), "{near}");
    }

    #[test]
    fn masses_lie_as_densely_as_they_are_said_to() {
        let (mut random, line) = (random(), (50.0, 400.0));
        let drawn: Vec<f64> = (0..100_000).map(|_| W.draw(&mut random, line)).collect();
        for low in [76.0, 80.0, 90.0] {
            let found = drawn.iter().filter(|mass| (low..low + 2.0).contains(*mass));
            let (found, said) = (found.count() as f64, 2e5 * W.density(low + 1.0, line));
            assert!((found / said - 1.0).abs() < 0.15, "{low}: {found} {said}");
        }
    }
}
