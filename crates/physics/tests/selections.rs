//! Each selection against a plain restatement of it, bit for bit in every bin.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "tests"
)]

#[path = "plain/event.rs"]
mod event;
#[path = "plain/selection.rs"]
mod selection;

use event::{Event, analyse, any_event, of_columns};
use proptest::collection::vec;
use proptest::prelude::*;
use rootlake_hist::{Histogram1D, Precision};
use rootlake_physics::generate::Generator;
use rootlake_physics::{Batch, Column, Error, FinalState, Sample, analysis, schema};
use selection::{Fills, hyy, hzz};

/// Compares every histogram with one of the plain selection's fills; gives the selected events.
fn compare(
    name: &str,
    plain: fn(&Event, &str) -> (f32, Fills),
    events: &[Event],
    sample: &str,
) -> usize {
    let analysis = analysis::find(name).unwrap();
    let output = analyse(analysis.as_ref(), events, sample);
    let selected: Vec<(f32, Fills)> = events.iter().map(|event| plain(event, sample)).collect();
    for histogram in &output.histograms {
        let name = histogram.name();
        let mut expected = Histogram1D::new(name, "", *histogram.axis(), Precision::F32);
        for (weight, fills) in &selected {
            for (_, x) in fills.iter().filter(|(filled, _)| *filled == name) {
                expected.fill(*x, *weight);
            }
        }
        let bits = |h: &Histogram1D| {
            let sumw2 = h.sumw2().map(|sums| sums.map(number).collect::<Vec<_>>());
            let contents: Vec<u64> = h.contents().map(number).collect();
            (h.entries(), contents, sumw2)
        };
        assert_eq!(bits(histogram), bits(&expected), "{name}");
        let (ours, theirs) = (histogram.statistics(), expected.statistics());
        let scale: f64 = selected
            .iter()
            .flat_map(|(weight, fills)| fills.iter().map(|(_, x)| (f64::from(*weight), x)))
            .filter(|(_, x)| histogram.axis().low() <= **x && **x < histogram.axis().high())
            .map(|(weight, x)| weight.abs().max(weight * weight) * (1.0 + x * x))
            .sum();
        for (ours, theirs) in [
            (ours.sumw, theirs.sumw),
            (ours.sumw2, theirs.sumw2),
            (ours.sumwx, theirs.sumwx),
            (ours.sumwx2, theirs.sumwx2),
        ] {
            // Their terms may be added in another order, and an angle be off by its rounding.
            let are_same = number(ours) == number(theirs);
            assert!(
                are_same || (ours - theirs).abs() <= 1e-12 * scale,
                "{name}: {ours} {theirs}"
            );
        }
    }
    let passed = selected
        .iter()
        .filter(|(_, fills)| !fills.is_empty())
        .count();
    let last = output.cutflow.iter().last().unwrap();
    assert_eq!(last.passed, passed as u64, "{}", last.name);
    passed
}

/// The bits of a number; all that are none count as one.
fn number(x: f64) -> u64 {
    if x.is_nan() { u64::MAX } else { x.to_bits() }
}

fn samples() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["llll", "data_A", "single_top_tchan", "single_data"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn hzz_selects_as_plainly_stated(events in vec(any_event(), 1..30), sample in samples()) {
        compare("HZZ", hzz, &events, sample);
    }

    #[test]
    fn hyy_selects_as_plainly_stated(events in vec(any_event(), 1..30), sample in samples()) {
        compare("Hyy", hyy, &events, sample);
    }
}

fn generated(final_state: FinalState, sample: &str) -> Vec<Column> {
    let generator = Generator::new(final_state, sample, 3000, 2).unwrap();
    generator.cluster(0, 0, 3000).unwrap()
}

#[test]
fn generated_events_are_selected_as_plainly_stated() {
    for sample in ["llll", "data_B", "ggH125_ZZ4lep"] {
        let events = of_columns(&generated(FinalState::FourLepton, sample));
        assert!(compare("HZZ", hzz, &events, sample) > 500, "{sample}");
    }
    for sample in ["ggH125_gamgam", "data_B"] {
        let events = of_columns(&generated(FinalState::Diphoton, sample));
        assert!(compare("Hyy", hyy, &events, sample) > 300, "{sample}");
    }
}

#[test]
fn batches_of_any_size_add_up_to_the_same_contents() {
    let events = of_columns(&generated(FinalState::FourLepton, "data_D"));
    let analysis = analysis::find("hzz").unwrap();
    let whole = analyse(analysis.as_ref(), &events, "data_D");
    let mut parts = analysis.output();
    for part in events.chunks(701) {
        parts
            .add(&analyse(analysis.as_ref(), part, "data_D"))
            .unwrap();
    }
    assert_eq!(parts.cutflow, whole.cutflow);
    for (part, whole) in parts.histograms.iter().zip(&whole.histograms) {
        assert!(part.contents().eq(whole.contents()), "{}", part.name());
    }
}

#[test]
fn outputs_of_different_analyses_do_not_add_up() {
    let mut four_leptons = analysis::find("hzz").unwrap().output();
    let photons = analysis::find("hyy").unwrap().output();
    assert_eq!(four_leptons.add(&photons), Err(Error::Cutflow));
}

/// The events of one cluster with one column replaced.
fn select_with(branch: &str, column: Column) -> Result<(), Error> {
    let analysis = analysis::find("hzz")?;
    let columns = generated(FinalState::FourLepton, "llll");
    let mut batch = Batch::new(7000, columns[0].entries());
    let branches = [analysis.first_columns(), analysis.other_columns()].concat();
    for spec in branches {
        let at = schema::MINI
            .iter()
            .position(|b| b.name == spec.name)
            .unwrap();
        let given = if spec.name == branch {
            &column
        } else {
            &columns[at]
        };
        batch.insert(spec, given.clone())?;
    }
    let mut output = analysis.output();
    let survivors = analysis.preselect(&batch, &mut output)?;
    analysis.select(&batch, &survivors, &Sample::named("llll"), &mut output)
}

#[test]
fn counts_beyond_the_vectors_are_errors_that_name_branch_and_entry() {
    let error = select_with("lep_n", Column::fixed(vec![u32::MAX; 3000])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "branch `lep_pt` holds 4 values in entry 7000, which has 4294967295 objects"
    );
    let empty = Column::jagged(vec![0; 3001], Vec::<f32>::new()).unwrap();
    let error = select_with("lep_z0", empty).unwrap_err().to_string();
    assert!(
        error.starts_with("branch `lep_z0` holds 0 values in entry 7"),
        "{error}"
    );
}

#[test]
fn columns_of_another_type_are_errors_that_name_both_types() {
    let error = select_with("lep_n", Column::fixed(vec![4i32; 3000])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "branch `lep_n` holds int32_t where uint32_t is wanted"
    );
}
