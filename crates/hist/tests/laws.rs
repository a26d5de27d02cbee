//! The laws of addition on which the order-independence of results rests.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests"
)]

use proptest::collection::vec;
use proptest::prelude::*;
use rootlake_hist::{Axis, Histogram1D, Precision};

type Fill = (f64, f32);

fn filled(fills: &[Fill]) -> Histogram1D {
    let axis = Axis::new(7, -1.0, 2.0).unwrap();
    let mut histogram = Histogram1D::new("h", "title;x;y", axis, Precision::F32);
    for &(x, w) in fills {
        histogram.fill(x, w);
    }
    histogram
}

fn sum(first: &Histogram1D, second: &Histogram1D) -> Histogram1D {
    let mut sum = first.clone();
    sum.add(second).unwrap();
    sum
}

fn fills() -> impl Strategy<Value = Vec<Fill>> {
    vec(
        (-2.0..3.0f64, prop_oneof![Just(1.0f32), -5.0..5.0f32]),
        0..60,
    )
}

/// Equal up to the rounding of a few hundred additions of numbers below 1000.
fn close(a: &Histogram1D, b: &Histogram1D) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-10;
    let (s, t) = (a.statistics(), b.statistics());
    let errors = |h: &Histogram1D| h.sumw2().map(|sums| sums.collect::<Vec<_>>());
    a.entries() == b.entries()
        && a.contents()
            .zip(b.contents())
            .all(|(a, b)| (a - b).abs() <= 1e-4)
        && match (errors(a), errors(b)) {
            (Some(a), Some(b)) => a.iter().zip(&b).all(|(&a, &b)| near(a, b)),
            (a, b) => a == b,
        }
        && near(s.sumw, t.sumw)
        && near(s.sumw2, t.sumw2)
        && near(s.sumwx, t.sumwx)
        && near(s.sumwx2, t.sumwx2)
}

proptest! {
    #[test]
    fn addition_commutes_exactly(a in fills(), b in fills()) {
        let (a, b) = (filled(&a), filled(&b));
        prop_assert_eq!(sum(&a, &b), sum(&b, &a));
    }

    #[test]
    fn addition_associates_within_rounding(a in fills(), b in fills(), c in fills()) {
        let (a, b, c) = (filled(&a), filled(&b), filled(&c));
        prop_assert!(close(&sum(&sum(&a, &b), &c), &sum(&a, &sum(&b, &c))));
    }

    #[test]
    fn parts_add_up_to_the_whole(fills in fills(), at in 0.0..1.0f64) {
        let (head, tail) = fills.split_at((at * fills.len() as f64) as usize);
        prop_assert!(close(&sum(&filled(head), &filled(tail)), &filled(&fills)));
    }

    #[test]
    fn adding_nothing_changes_nothing(fills in fills()) {
        let whole = filled(&fills);
        prop_assert_eq!(sum(&whole, &filled(&[])), whole);
    }

    #[test]
    fn unit_weights_add_up_exactly_however_they_are_split(
        xs in vec(-2.0..3.0f64, 0..200), at in 0.0..1.0f64,
    ) {
        let fills: Vec<Fill> = xs.iter().map(|&x| (x, 1.0)).collect();
        let (head, tail) = fills.split_at((at * fills.len() as f64) as usize);
        let whole = filled(&fills);
        let parts = sum(&filled(head), &filled(tail));
        prop_assert!(parts.contents().eq(whole.contents()));
        prop_assert!(parts.sumw2().is_none());
        let counted: f64 = whole.contents().sum();
        prop_assert_eq!(counted, xs.len() as f64);
    }
}
