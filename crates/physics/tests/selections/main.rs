//! Each selection against a plain restatement of it, bit for bit in every bin.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::manual_range_contains,
    clippy::neg_cmp_op_on_partial_ord,
    reason = "tests"
)]

mod corrections;
mod event;
mod random;
mod selection;
mod vector;

use event::{Event, analyse, of_columns};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use random::any_event;
use rootlake_hist::{Histogram1D, Precision};
use rootlake_physics::generate::Generator;
use rootlake_physics::{Batch, Column, Error, FinalState, Sample, analysis, schema};
use selection::bosons::{hww, w_boson, wz, z_boson, z_tau_tau, zz};
use selection::higgs::{hyy, hzz};
use selection::susy::susy;
use selection::top::{single_top, ttbar, z_prime};
use selection::{Fills, Selection};

/// The plain selections, with a final state and samples of which they select some events.
const SELECTIONS: [(&str, Selection, FinalState, [&str; 2]); 12] = [
    (
        "WBoson",
        w_boson,
        FinalState::OneLepton,
        ["data_A", "data_C"],
    ),
    (
        "ZBoson",
        z_boson,
        FinalState::TwoLepton,
        ["data_A", "data_C"],
    ),
    ("TTbar", ttbar, FinalState::OneLepton, ["data_A", "data_C"]),
    (
        "SingleTop",
        single_top,
        FinalState::OneLepton,
        ["data_A", "data_C"],
    ),
    (
        "WZDiBoson",
        wz,
        FinalState::ThreeLepton,
        ["data_A", "data_C"],
    ),
    ("ZZDiBoson", zz, FinalState::FourLepton, ["llll", "data_A"]),
    (
        "HZZ",
        hzz,
        FinalState::FourLepton,
        ["ggH125_ZZ4lep", "data_B"],
    ),
    ("HWW", hww, FinalState::TwoLepton, ["data_A", "data_C"]),
    (
        "Hyy",
        hyy,
        FinalState::Diphoton,
        ["ggH125_gamgam", "data_B"],
    ),
    (
        "ZPrimeBoosted",
        z_prime,
        FinalState::LargeRJetLepton,
        ["data_A", "data_C"],
    ),
    (
        "ZTauTau",
        z_tau_tau,
        FinalState::LeptonTau,
        ["data_A", "data_C"],
    ),
    ("SUSY", susy, FinalState::TwoLepton, ["data_A", "data_C"]),
];

/// Compares every histogram with one of the plain selection's fills, but for those of smeared
/// quantities where events have uncertainties; gives the events that fill any.
fn compare(name: &str, plain: Selection, events: &[Event], sample: &str) -> usize {
    let analysis = analysis::find(name).unwrap();
    let output = analyse(analysis.as_ref(), events, sample);
    let selected: Vec<(f32, Fills)> = events.iter().map(|event| plain(event, sample)).collect();
    let is_smeared = events.iter().any(Event::has_uncertainty);
    for histogram in &output.histograms {
        let name = histogram.name();
        if is_smeared && name.contains("syst") {
            continue;
        }
        let mut expected = Histogram1D::new(name, "", *histogram.axis(), Precision::F32);
        for (weight, fills) in &selected {
            for (_, x) in fills.iter().filter(|(filled, _)| *filled == name) {
                expected.fill(*x, *weight);
            }
        }
        let in_bins = |h: &Histogram1D| {
            let (entries, contents, sumw2, _) = bits(h);
            (entries, contents, sumw2)
        };
        assert_eq!(in_bins(histogram), in_bins(&expected), "{name}");
        let (ours, theirs) = (histogram.statistics(), expected.statistics());
        let scale: f64 = selected
            .iter()
            .flat_map(|(weight, fills)| fills.iter().map(|fill| (f64::from(*weight), fill)))
            .filter(|(_, (filled, _))| *filled == name)
            .map(|(weight, (_, x))| (weight, x))
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
    let filling = selected.iter().filter(|(_, fills)| !fills.is_empty());
    filling.count()
}

/// Entries, contents, squared weights and statistics of a histogram, as bits.
fn bits(h: &Histogram1D) -> (u64, Vec<u64>, Option<Vec<u64>>, [u64; 4]) {
    let statistics = h.statistics();
    let sums = [
        statistics.sumw,
        statistics.sumw2,
        statistics.sumwx,
        statistics.sumwx2,
    ];
    (
        h.entries(),
        h.contents().map(number).collect(),
        h.sumw2().map(|sums| sums.map(number).collect()),
        sums.map(number),
    )
}

/// The bits of a number; all that are none count as one.
fn number(x: f64) -> u64 {
    if x.is_nan() { u64::MAX } else { x.to_bits() }
}

fn samples() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["llll", "data_A", "single_top_tchan", "single_data"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn random_events_are_selected_as_plainly_stated(
        events in vec(any_event(), 1..30),
        sample in samples(),
    ) {
        for (name, plain, ..) in SELECTIONS {
            compare(name, plain, &events, sample);
        }
    }
}

/// So many random events, always the same.
fn random_events(count: usize) -> Vec<Event> {
    let mut runner = TestRunner::deterministic();
    let strategy = any_event();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

#[test]
fn every_selection_takes_some_random_events() {
    let events = random_events(10_000);
    for (name, plain, ..) in SELECTIONS {
        let taken = compare(name, plain, &events, "llll");
        eprintln!("{name} takes {taken} of {}", events.len());
        assert!(taken >= 5, "{name} takes {taken}");
    }
}

fn generated(final_state: FinalState, sample: &str) -> Vec<Column> {
    let generator = Generator::new(final_state, sample, 3000, 2).unwrap();
    generator.cluster(0, 0, 3000).unwrap()
}

#[test]
fn generated_events_are_selected_as_plainly_stated() {
    let mut selecting = 0;
    for (name, plain, final_state, samples) in SELECTIONS {
        for sample in samples {
            let events = of_columns(&generated(final_state, sample));
            let taken = compare(name, plain, &events, sample);
            eprintln!("{name} takes {taken} of {} of {sample}", events.len());
            selecting += usize::from(taken > 0);
        }
    }
    assert!(selecting >= 16, "only {selecting} runs select anything");
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
