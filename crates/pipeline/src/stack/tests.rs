use std::collections::BTreeMap;

use rootlake_hist::{Axis, Histogram1D, Precision};
use rootlake_physics::catalogue::Catalogue;

use super::*;

/// A histogram with one fill of weight `w` in the last bin and one, as heavy, above it.
fn filled(name: &str, w: f64) -> Th1f {
    let axis = Axis::new(2, 0.0, 2.0).unwrap();
    let mut histogram = Histogram1D::new(name, "t;x;y", axis, Precision::F32);
    histogram.fill(1.5, w);
    histogram.fill(9.0, w);
    Th1f::from(&histogram)
}

/// Every sample of an analysis with the same histogram.
fn samples(set: &SampleSet, name: &str) -> SampleHistograms {
    let mut samples = BTreeMap::new();
    let simulations = set.simulations().map(|sample| (sample.name.as_str(), 2.0));
    for (sample, w) in simulations.chain([("data", 1.0)]) {
        let histograms = BTreeMap::from([(name.to_owned(), filled(name, w))]);
        samples.insert(sample.to_owned(), histograms);
    }
    SampleHistograms {
        samples,
        left_out: Vec::new(),
    }
}

fn stack(analysis: &str, name: &str) -> Stack {
    let set = Catalogue::embedded().unwrap().analysis(analysis).unwrap();
    Stack::of(
        name,
        Recipe::of(analysis).unwrap(),
        set,
        &samples(set, name),
    )
    .unwrap()
}

#[test]
fn a_part_is_the_scaled_sum_of_its_samples_times_its_factor() {
    let set = Catalogue::embedded().unwrap().analysis("HZZ").unwrap();
    let stack = stack("HZZ", "hist_mLL1");
    let zz = stack.parts.iter().find(|part| part.name == "ZZ").unwrap();
    let scales = ["llll", "llvv", "ZqqZll"].map(|name| set.find(name).unwrap().scale(LUMINOSITY));
    let expected = 1.3 * 2.0 * scales.iter().sum::<f64>();
    // The overflow is added to the last bin, and stays.
    let relative = |found: f32, expected: f64| f64::from(found) / expected - 1.0;
    assert!(relative(zz.histogram.contents()[2], 2.0 * expected).abs() < 1e-6);
    assert!(relative(zz.histogram.contents()[3], expected).abs() < 1e-6);
    let squares = scales.iter().map(|scale| (1.3 * 2.0 * scale).powi(2));
    let error = squares.sum::<f64>().sqrt();
    assert!((zz.histogram.errors()[1] / error - 1.0).abs() < 1e-12);
}

#[test]
fn the_prediction_is_the_sum_of_the_parts_and_data_are_divided_by_it() {
    for analysis in rootlake_physics::analysis::NAMES {
        let name = &Recipe::of(analysis).unwrap().histograms[0];
        let stack = stack(analysis, name);
        let sum: f64 = stack
            .parts
            .iter()
            .map(|part| part.histogram.integral())
            .sum();
        assert!(
            (stack.prediction.integral() / sum - 1.0).abs() < 1e-6,
            "{analysis}"
        );
        if stack.fit.is_none() && analysis != "Hyy" {
            let ratio = stack.comparison.unwrap().bins()[1];
            let expected = 2.0 / stack.prediction.bins()[1];
            assert!((ratio / expected - 1.0).abs() < 1e-6, "{analysis}");
        }
    }
}

#[test]
fn masses_of_four_leptons_keep_their_overflow_apart() {
    let data = stack("HZZ", "mass_four_lep").data.unwrap();
    assert_eq!(data.contents(), [0.0, 0.0, 1.0, 1.0]);
    let data = stack("HZZ", "hist_mLL1").data.unwrap();
    assert_eq!(data.contents(), [0.0, 0.0, 2.0, 1.0]);
}

#[test]
fn a_signal_has_the_sum_of_the_prediction_unless_it_is_left_as_it_is() {
    let normed = stack("ZPrimeBoosted", "hist_leadLRjet_m");
    let signal = normed.signal.unwrap().histogram.integral();
    assert!((signal / normed.prediction.integral() - 1.0).abs() < 1e-6);
    assert!(stack("ZPrimeBoosted", "hist_etmiss").signal.is_none());
    assert_eq!(stack("SUSY", "hist_mLL_SFOS").signal.unwrap().factor, 1.0);
}

#[test]
fn missing_samples_leave_their_part_smaller_and_missing_data_no_ratio() {
    let set = Catalogue::embedded().unwrap().analysis("HZZ").unwrap();
    let recipe = Recipe::of("HZZ").unwrap();
    let mut samples = samples(set, "hist_mLL1");
    for sample in [
        "data",
        "ggH125_ZZ4lep",
        "VBFH125_ZZ4lep",
        "WH125_ZZ4lep",
        "ZH125_ZZ4lep",
    ] {
        samples.samples.remove(sample);
    }
    let stack = Stack::of("hist_mLL1", recipe, set, &samples).unwrap();
    assert_eq!(stack.parts[2].histogram.integral(), 0.0);
    assert!(stack.data.is_none() && stack.comparison.is_none());
    assert!(Stack::of("other", recipe, set, &samples).is_err());
}

#[test]
fn axes_have_the_units_that_the_framework_forgot() {
    let title = |analysis, name| {
        let stack = stack(analysis, name);
        let compared = stack.comparison.unwrap();
        assert_eq!(compared.x_title(), stack.prediction.x_title());
        stack.prediction.x_title().to_owned()
    };
    assert_eq!(title("ZZDiBoson", "hist_fourlepsys_m"), "m_{4l} [GeV]");
    assert_eq!(title("ZPrimeBoosted", "hist_mtw"), "M^{W}_{T} [GeV]");
    let shape = title("ZPrimeBoosted", "hist_leadTopLRjet_tau32");
    assert_eq!(shape, "#tau_{32}^{Top-tagged Large-R jet}");
    assert_eq!(title("WBoson", "hist_mtw"), "x");
}
