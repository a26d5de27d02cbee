//! Random numbers.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use rand_distr::{Distribution, Exp1, StandardNormal};

/// One stream of random numbers.
pub(super) struct Random(ChaCha8Rng);

/// The key from which all streams of a sample come: seed, then a hash of the sample's names, so
/// that samples of one seed are not made of the same numbers.
pub(super) fn key(seed: u64, final_state: &str, sample: &str) -> [u8; 32] {
    let halves = [
        seed,
        fnv1a(final_state.as_bytes()),
        fnv1a(sample.as_bytes()),
        0,
    ];
    let mut key = [0; 32];
    for (place, half) in key.chunks_exact_mut(8).zip(halves) {
        place.copy_from_slice(&half.to_le_bytes());
    }
    key
}

/// The Fowler–Noll–Vo hash 1a, 64 bits wide.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Random {
    /// The stream of that index.
    pub(super) fn stream(key: [u8; 32], index: u64) -> Self {
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(index);
        Self(generator)
    }

    /// Evenly from 0 (included) to 1 (excluded).
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (0.5 * f64::EPSILON)
    }

    /// Evenly between two numbers.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Whether something of that probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Normally distributed.
    pub(super) fn normal(&mut self, mean: f64, width: f64) -> f64 {
        let deviation: f64 = StandardNormal.sample(&mut self.0);
        mean + width * deviation
    }

    /// Exponentially distributed.
    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        let decay: f64 = Exp1.sample(&mut self.0);
        mean * decay
    }

    /// Log-normally distributed with mean 1.
    pub(super) fn spread(&mut self, width: f64) -> f64 {
        if width == 0.0 {
            return 1.0;
        }
        self.normal(-0.5 * width * width, width).exp()
    }

    /// Evenly in the logarithm between two numbers.
    pub(super) fn logarithmic(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.unit())
    }

    /// An azimuth.
    pub(super) fn azimuth(&mut self) -> f64 {
        self.between(-std::f64::consts::PI, std::f64::consts::PI)
    }

    /// +1 or −1.
    pub(super) fn sign(&mut self) -> i32 {
        if self.chance(0.5) { 1 } else { -1 }
    }

    /// All 32 bits by chance.
    pub(super) fn bits(&mut self) -> i32 {
        self.0.next_u32().cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(draw: impl Fn(&mut Random) -> f64) -> f64 {
        let mut random = Random::stream(key(1, "4lep", "llll"), 0);
        (0..100_000).map(|_| draw(&mut random)).sum::<f64>() / 1e5
    }

    #[test]
    fn shapes_have_the_means_they_are_named_for() {
        assert!((mean(Random::unit) - 0.5).abs() < 0.005);
        assert!((mean(|r| r.normal(3.0, 2.0)) - 3.0).abs() < 0.03);
        assert!((mean(|r| r.exponential(4.0)) - 4.0).abs() < 0.06);
        assert!((mean(|r| r.spread(0.3)) - 1.0).abs() < 0.005);
        assert!((mean(|r| r.logarithmic(1.0, 100.0).ln()) - 10.0_f64.ln()).abs() < 0.02);
        assert!((mean(|r| f64::from(r.chance(0.2))) - 0.2).abs() < 0.006);
    }

    #[test]
    fn streams_and_samples_differ() {
        let first = |key, index| Random::stream(key, index).bits();
        let reference = first(key(1, "4lep", "llll"), 0);
        assert_eq!(first(key(1, "4lep", "llll"), 0), reference);
        assert_ne!(first(key(1, "4lep", "llll"), 1), reference);
        assert_ne!(first(key(2, "4lep", "llll"), 0), reference);
        assert_ne!(first(key(1, "4lep", "Zee"), 0), reference);
        assert_ne!(first(key(1, "GamGam", "llll"), 0), reference);
    }
}
