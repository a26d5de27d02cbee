//! Variations of measured quantities within their uncertainties.

/// Normally distributed numbers of one event.
///
/// The reference draws from a generator that it seeds by the clock (`TRandom3(0)`), so that its
/// `syst` histograms of simulations differ from run to run. Here the event's number is the seed:
/// a result is the same however the events are split into files, batches and threads. Recorded
/// data have no uncertainties in their branches; their values come out as they are.
#[derive(Debug)]
pub(super) struct Smearing {
    state: u64,
}

impl Smearing {
    /// The numbers of the event of that number.
    pub(super) fn of_event(number: i32) -> Self {
        Self {
            state: u64::from(number.cast_unsigned()),
        }
    }

    /// The next value around `mean`; the reference keeps it in single precision.
    pub(super) fn vary(&mut self, mean: f64, sigma: f64) -> f32 {
        super::single(mean + sigma * self.normal())
    }

    /// By Box and Muller, one number of each pair.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// In 0..=1 without 0, which has no logarithm.
    fn uniform(&mut self) -> f64 {
        let bits = self.next() >> 11;
        (bits as f64 + 1.0) / (1_u64 << 53) as f64
    }

    /// SplitMix64: Steele, Lea, Flood, OOPSLA 2014, doi 10.1145/2660193.2660195.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_smeared_without_uncertainty() {
        assert_eq!(Smearing::of_event(-7).vary(31.25, 0.0), 31.25);
    }

    #[test]
    fn an_event_has_its_own_numbers_which_are_always_the_same() {
        let draw = |number| Smearing::of_event(number).vary(0.0, 1.0);
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
    }

    #[test]
    fn mean_and_width_are_those_asked_for() {
        let values: Vec<f64> = (0..50_000)
            .map(|number| f64::from(Smearing::of_event(number).vary(100.0, 5.0)))
            .collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
        assert!((mean - 100.0).abs() < 0.1, "{mean}");
        assert!((variance.sqrt() - 5.0).abs() < 0.1, "{variance}");
    }
}
