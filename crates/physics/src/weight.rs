//! The weight of each event.

use rootlake_io::column::ScalarType;

use crate::schema::BranchSpec;
use crate::{Batch, Correction, Corrections, Error, Sample};

/// The branch of the generator's weight.
pub(crate) const MC_WEIGHT: BranchSpec = BranchSpec::leaf("mcWeight", ScalarType::F32, 'F');

/// The weight of every entry of a batch: 1 for data, else the product of the scale factors (from
/// the left, in `f32`, as the reference multiplies) with `mcWeight`, or with only its sign where
/// the sample asks for that. The reference divides by the size of `mcWeight`, so that 0 has no sign.
///
/// # Errors
/// As [`Batch::fixed`].
pub fn event_weights(
    batch: &Batch,
    scale_factors: &[BranchSpec],
    sample: &Sample,
    corrections: Corrections,
) -> Result<Vec<f32>, Error> {
    let mut weights = vec![1.0_f32; batch.entries()];
    if sample.is_data() {
        return Ok(weights);
    }
    for branch in scale_factors {
        multiply(&mut weights, batch.fixed(branch.name)?, |factor| factor);
    }
    let generated = batch.fixed(MC_WEIGHT.name)?;
    match sample.has_sign_weights() {
        true if corrections.has(Correction::ZeroWeight) => {
            multiply(&mut weights, generated, |w| {
                if w == 0.0 { 0.0 } else { w / w.abs() }
            });
        }
        true => multiply(&mut weights, generated, |w| w / w.abs()),
        false => multiply(&mut weights, generated, |w| w),
    }
    Ok(weights)
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
        let weights = |name| {
            let sample = Sample::named(name);
            event_weights(&batch, &factors, &sample, Corrections::NONE).unwrap()
        };
        assert_eq!(weights("llll"), [0.97f32 * 1.03 * -3.3, 0.0]);
        assert_eq!(weights("data_B"), [1.0, 1.0]);
        assert_eq!(weights("single_top")[0], -(0.97f32 * 1.03));
        assert!(weights("single_top")[1].is_nan());

        let sample = Sample::named("single_top");
        let corrections = Corrections::only(Correction::ZeroWeight);
        let corrected = event_weights(&batch, &factors, &sample, corrections).unwrap();
        assert_eq!(corrected, [weights("single_top")[0], 0.0]);
    }
}
