//! The weight of each event.

use rootlake_io::column::ScalarType;

use crate::schema::BranchSpec;
use crate::{Batch, Correction, Corrections, Error, Sample};

/// The branch of the generator's weight.
pub(crate) const MC_WEIGHT: BranchSpec = BranchSpec::leaf("mcWeight", ScalarType::F32, 'F');

/// The weights of some entries of a batch.
#[derive(Clone, Debug)]
pub struct Weights {
    first: usize,
    weights: Vec<f32>,
}

impl Weights {
    /// The weight of one of the entries for which they were made.
    #[inline]
    pub fn of(&self, entry: usize) -> f32 {
        let weight = self.weights.get(entry.wrapping_sub(self.first));
        weight.copied().unwrap_or_default()
    }
}

/// The weights of the entries `survivors` of a batch, which rise: 1 for data, else the product of
/// the scale factors (from the left, in `f32`, as the reference multiplies) with `mcWeight`, or with
/// only its sign where the sample asks for that. The reference divides by the size of `mcWeight`, so
/// that 0 has no sign.
///
/// # Errors
/// As [`Batch::fixed`].
pub fn event_weights(
    batch: &Batch,
    survivors: &[usize],
    scale_factors: &[BranchSpec],
    sample: &Sample,
    corrections: Corrections,
) -> Result<Weights, Error> {
    // With those between, since whole columns are quick to multiply.
    let first = survivors.first().copied().unwrap_or_default();
    let range = first..survivors.last().map_or(first, |last| last + 1);
    let mut weights = vec![1.0_f32; range.len()];
    let column = |branch: &BranchSpec| {
        let values: &[f32] = batch.fixed(branch.name)?;
        Ok::<_, Error>(values.get(range.clone()).unwrap_or_default())
    };
    if !sample.is_data() {
        for branch in scale_factors {
            multiply(&mut weights, column(branch)?, |factor| factor);
        }
        let generated = column(&MC_WEIGHT)?;
        match sample.has_sign_weights() {
            true if corrections.has(Correction::ZeroWeight) => {
                multiply(&mut weights, generated, |w| {
                    if w == 0.0 { 0.0 } else { w / w.abs() }
                });
            }
            true => multiply(&mut weights, generated, |w| w / w.abs()),
            false => multiply(&mut weights, generated, |w| w),
        }
    }
    Ok(Weights { first, weights })
}

fn multiply(weights: &mut [f32], factors: &[f32], of: impl Fn(f32) -> f32) {
    for (weight, &factor) in weights.iter_mut().zip(factors) {
        *weight *= of(factor);
    }
}

#[cfg(test)]
mod tests {
    use rootlake_io::column::Column;

    use super::*;
    use crate::schema::mini;

    #[test]
    fn factors_multiply_from_the_left_in_single_precision() {
        let factors = ["scaleFactor_ELE", "scaleFactor_MUON"].map(|name| mini(name).unwrap());
        let mut batch = Batch::new(0, 2);
        for (branch, values) in [
            (factors[0], vec![0.97f32, 1.1]),
            (factors[1], vec![1.03, 0.7]),
            (MC_WEIGHT, vec![-3.3, 0.0]),
        ] {
            batch.insert(branch, Column::fixed(values)).unwrap();
        }
        let of_both = |sample: &Sample, corrections| {
            let weights = event_weights(&batch, &[0, 1], &factors, sample, corrections).unwrap();
            let second = event_weights(&batch, &[1], &factors, sample, corrections).unwrap();
            assert_eq!(weights.of(1).to_bits(), second.of(1).to_bits());
            [0, 1].map(|entry| weights.of(entry))
        };
        let weights = |name| {
            let sample = Sample::named(name);
            of_both(&sample, Corrections::NONE)
        };
        assert_eq!(weights("llll"), [0.97f32 * 1.03 * -3.3, 0.0]);
        assert_eq!(weights("data_B"), [1.0, 1.0]);
        assert_eq!(weights("single_top")[0], -(0.97f32 * 1.03));
        assert!(weights("single_top")[1].is_nan());

        let sample = Sample::named("single_top");
        let corrections = Corrections::only(Correction::ZeroWeight);
        let corrected = of_both(&sample, corrections);
        assert_eq!(corrected, [weights("single_top")[0], 0.0]);
    }
}
