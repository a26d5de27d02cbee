//! What the generator promises: the schema, independence of the clusters, and normalisation.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tests"
)]

use std::collections::BTreeMap;

use rootlake_io::column::Scalar;
use rootlake_physics::catalogue::{self, Catalogue};
use rootlake_physics::generate::{Generator, LUMINOSITY, expected_events, plan_set, sample_names};
use rootlake_physics::schema::{BranchType, MINI};
use rootlake_physics::{Analysis, Batch, Column, FinalState, Output, Sample, analysis};

const CLUSTER: u64 = 20_000;

fn position(branch: &str) -> usize {
    MINI.iter().position(|spec| spec.name == branch).unwrap()
}

fn values<'a, T: Scalar>(columns: &'a [Column], branch: &str) -> &'a [T] {
    T::unwrap(columns[position(branch)].values()).unwrap()
}

fn clusters(generator: &Generator, events: u64) -> Vec<(u64, Vec<Column>)> {
    (0..events.div_ceil(CLUSTER))
        .map(|index| {
            let first = index * CLUSTER;
            let entries = CLUSTER.min(events - first) as usize;
            (first, generator.cluster(index, first, entries).unwrap())
        })
        .collect()
}

/// Runs the final state's analysis over a whole sample.
fn analyse(final_state: FinalState, sample: &str, events: u64) -> (Generator, Output) {
    let name = match final_state {
        FinalState::FourLepton => "HZZ",
        _ => "Hyy",
    };
    let analysis = analysis::find(name).unwrap();
    let generator = Generator::new(final_state, sample, events, 4).unwrap();
    let output = select(analysis.as_ref(), &generator, sample, events);
    (generator, output)
}

fn select(analysis: &dyn Analysis, generator: &Generator, sample: &str, events: u64) -> Output {
    let sample = Sample::named(sample);
    let mut output = analysis.output();
    for (first, columns) in clusters(generator, events) {
        let mut batch = Batch::new(first, columns[0].entries());
        let branches = [analysis.first_columns(), analysis.other_columns()].concat();
        for branch in branches {
            batch
                .insert(branch, columns[position(branch.name)].clone())
                .unwrap();
        }
        let survivors = analysis.preselect(&batch, &mut output).unwrap();
        analysis
            .select(&batch, &survivors, &sample, &mut output)
            .unwrap();
    }
    output
}

#[test]
fn every_sample_has_the_schema_and_vectors_as_long_as_its_counts() {
    for final_state in FinalState::ALL {
        for sample in sample_names(final_state).unwrap() {
            let generator = Generator::new(final_state, &sample, 500, 1).unwrap();
            let columns = generator.cluster(0, 0, 500).unwrap();
            assert_eq!(columns.len(), MINI.len());
            for (column, branch) in columns.iter().zip(&MINI) {
                assert_eq!(
                    BranchType::of(column),
                    branch.ty,
                    "{sample} {}",
                    branch.name
                );
                assert_eq!(column.entries(), 500, "{sample} {}", branch.name);
            }
            for (count, vector) in [
                ("lep_n", "lep_pt"),
                ("jet_n", "jet_E"),
                ("photon_n", "photon_eta"),
                ("tau_n", "tau_BDTid"),
                ("largeRjet_n", "largeRjet_tau32"),
            ] {
                let counts: &[u32] = values(&columns, count);
                let offsets = columns[position(vector)].offsets().unwrap();
                let lengths = offsets.windows(2).map(|pair| pair[1] - pair[0]);
                assert!(lengths.eq(counts.iter().copied()), "{sample} {vector}");
            }
        }
    }
}

#[test]
fn data_know_nothing_of_truth_and_simulations_do() {
    let columns = |sample| {
        let generator = Generator::new(FinalState::FourLepton, sample, 300, 1).unwrap();
        generator.cluster(0, 0, 300).unwrap()
    };
    let data = columns("data_A");
    assert!(values::<bool>(&data, "lep_truthMatched").is_empty());
    assert!(values::<i32>(&data, "jet_trueflav").is_empty());
    assert!(
        values::<f32>(&data, "mcWeight")
            .iter()
            .all(|&weight| weight == 0.0)
    );
    assert!(
        values::<f32>(&data, "scaleFactor_ELE")
            .iter()
            .all(|&factor| factor == 0.0)
    );
    let runs: &[i32] = values(&data, "runNumber");
    assert!(runs.is_sorted() && (298_687..=299_584).contains(&runs[0]));
    assert_eq!(runs, values::<i32>(&data, "channelNumber"));

    let simulation = columns("ggH125_ZZ4lep");
    assert_eq!(
        values::<bool>(&simulation, "lep_truthMatched").len(),
        values::<f32>(&simulation, "lep_pt").len()
    );
    assert!(
        values::<f32>(&simulation, "mcWeight")
            .iter()
            .any(|&weight| weight < 0.0)
    );
    assert!(
        values::<i32>(&simulation, "channelNumber")
            .iter()
            .all(|&set| set == 345_060)
    );
    assert!(
        values::<f32>(&simulation, "XSection")
            .iter()
            .all(|&xs| xs == 0.006_023_9)
    );
}

#[test]
fn a_cluster_does_not_depend_on_the_others() {
    let generator = Generator::new(FinalState::Diphoton, "data_C", 1000, 9).unwrap();
    let second = generator.cluster(1, 500, 500).unwrap();
    let first = generator.cluster(0, 0, 500).unwrap();
    assert_eq!(generator.clone().cluster(1, 500, 500).unwrap(), second);
    assert_ne!(
        values::<f32>(&first, "photon_pt"),
        values::<f32>(&second, "photon_pt")
    );
    let other_seed = Generator::new(FinalState::Diphoton, "data_C", 1000, 10).unwrap();
    assert_ne!(other_seed.cluster(1, 500, 500).unwrap(), second);
}

#[test]
fn sum_weights_normalises_whatever_the_number_of_events() {
    for events in [10_000, 40_000] {
        let (generator, output) = analyse(FinalState::FourLepton, "llll", events);
        let columns = generator.cluster(0, 0, 1).unwrap();
        let stored = values::<f32>(&columns, "SumWeights")[0];
        assert_eq!(stored, generator.sum_of_weights() as f32);
        let cross_section = f64::from(values::<f32>(&columns, "XSection")[0]);

        let mass = output.histograms.get("mass_ext_four_lep").unwrap();
        let sum: f64 = mass.contents().sum();
        let passed = output.cutflow.iter().last().unwrap().passed as f64;
        let scaled = sum * cross_section * 1000.0 * LUMINOSITY / f64::from(stored);
        let share = passed / events as f64;
        let expected = share * expected_events(FinalState::FourLepton, "llll").unwrap();
        assert!(
            (scaled / expected - 1.0).abs() < 0.03,
            "{events}: {scaled} {expected}"
        );
    }
}

/// The stack of all simulations, scaled to the luminosity, describes the data bin by bin.
fn data_are_described(final_state: FinalState, histogram: &str, simulated: u64) {
    let events = expected_events(final_state, "data").unwrap().round() as u64;
    let (generator, data) = analyse(final_state, "data", events);
    assert!((generator.luminosity() - LUMINOSITY).abs() < 0.01);
    let data = data.histograms.get(histogram).unwrap();

    let bins = data.contents().len();
    let (mut stack, mut variance) = (vec![0.0; bins], vec![0.0; bins]);
    for sample in sample_names(final_state).unwrap() {
        if Sample::named(&sample).is_data() {
            continue;
        }
        let (generator, output) = analyse(final_state, &sample, simulated);
        let columns = generator.cluster(0, 0, 1).unwrap();
        let cross_section = f64::from(values::<f32>(&columns, "XSection")[0]);
        let mut scale = cross_section * 1000.0 * LUMINOSITY / generator.sum_of_weights();
        if ["llll", "llvv", "ZqqZll", "lllv"].contains(&sample.as_str()) {
            // As the framework does with these in HZZ's plots.
            scale *= 1.3;
        }
        let mass = output.histograms.get(histogram).unwrap();
        for (bin, (content, sumw2)) in mass.contents().zip(mass.sumw2().unwrap()).enumerate() {
            stack[bin] += scale * content;
            variance[bin] += scale * scale * sumw2;
        }
    }
    let mut chi2 = 0.0;
    let mut counted = 0.0;
    for (bin, content) in data.contents().enumerate() {
        if stack[bin] > 4.0 {
            chi2 += (content - stack[bin]).powi(2) / (stack[bin] + variance[bin]);
            counted += 1.0;
        }
    }
    assert!(counted > 10.0, "{counted}");
    // Four standard deviations of the χ² distribution.
    let bound = counted + 4.0 * f64::sqrt(2.0 * counted);
    assert!(chi2 < bound, "{histogram}: χ² {chi2} over {counted} bins");
}

#[test]
fn simulated_four_leptons_describe_the_data() {
    data_are_described(FinalState::FourLepton, "mass_ext_four_lep", 20_000);
}

#[test]
fn simulated_photon_pairs_describe_the_data() {
    data_are_described(FinalState::Diphoton, "hist_mYY_bin1", 60_000);
}

/// A set of samples, scaled as the framework scales the real ones, adds up to its data, and every
/// part of the stack has its share.
fn set_describes_its_data(analysis: &str, histogram: &str, events: u64, parts: &[&str]) {
    larger_set_describes_its_data(analysis, histogram, (events, 1), parts);
}

fn larger_set_describes_its_data(
    analysis: &str,
    histogram: &str,
    (events, simulated): (u64, u64),
    parts: &[&str],
) {
    let set = Catalogue::embedded().unwrap().analysis(analysis).unwrap();
    let selection = analysis::find(analysis).unwrap();
    let planned = plan_set(set, events, simulated).unwrap();
    let mut data = 0.0;
    let mut stack: BTreeMap<&str, f64> = BTreeMap::new();
    for sample in &set.samples {
        for planned in planned.iter().filter(|p| sample.files.contains(&p.file)) {
            let generator =
                Generator::new(planned.final_state, &planned.sample, planned.events, 4).unwrap();
            let generator = generator.at_luminosity(planned.luminosity);
            let output = select(selection.as_ref(), &generator, &sample.name, planned.events);
            let filled = output.histograms.get(histogram).unwrap();
            let sum = sample.scale(catalogue::LUMINOSITY) * filled.contents().sum::<f64>();
            match set.stack.iter().find(|part| part.holds(sample)) {
                Some(part) => *stack.entry(part.name.as_str()).or_default() += sum,
                None if sample.is_data() => data += sum,
                None => assert!(sum > 0.0, "{}", sample.name),
            }
        }
    }
    let prediction: f64 = stack.values().sum();
    let deviation = (data - prediction).abs();
    assert!(
        deviation < 5.0 * data.sqrt() + 0.1 * data,
        "{analysis}: {data} of data, {stack:?}"
    );
    for part in parts {
        assert!(stack[part] > 0.002 * prediction, "{part}: {stack:?}");
    }
}

#[test]
fn sets_of_samples_describe_their_data() {
    let leptons = ["stop", "ttbar", "diboson", "Z", "W"];
    set_describes_its_data("WBoson", "hist_etmiss", 20_000, &leptons);
    let boosted = ["stop", "V", "ttbar"];
    set_describes_its_data("ZPrimeBoosted", "hist_etmiss", 10_000, &boosted);
    let taus = ["topV", "W", "Ztautau"];
    set_describes_its_data("ZTauTau", "hist_mLL", 10_000, &taus);
    set_describes_its_data(
        "SUSY",
        "hist_etmiss_SFOS",
        10_000,
        &["ttbar", "diboson", "Z"],
    );
}

#[test]
fn more_simulated_events_describe_the_same_data() {
    larger_set_describes_its_data("ZZDiBoson", "hist_mLL1", (500, 5), &["ZZ"]);
    let set = Catalogue::embedded().unwrap().analysis("WBoson").unwrap();
    let [once, thrice] = [1, 3].map(|simulated| plan_set(set, 2000, simulated).unwrap());
    let mut larger = 0;
    for (one, three) in once.iter().zip(&thrice) {
        let is_fixed = one.sample.starts_with("data") || one.sample.contains("single");
        let ratio = three.events as f64 / one.events as f64;
        assert!(
            (ratio - if is_fixed { 1.0 } else { 3.0 }).abs() < 0.01,
            "{one:?}"
        );
        larger += usize::from(!is_fixed);
    }
    assert!(larger > 10);
}
