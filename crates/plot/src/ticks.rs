//! Where an axis has its ticks, and what stands beside them.

/// More ticks than this never fit an axis; it bounds every loop here.
const MAX_TICKS: usize = 500;
/// Labels with more digits than this share a power of ten (ROOT: `TGaxis::SetMaxDigits`, 5).
const MAX_EXPONENT: i32 = 4;
/// Labels smaller than ten to this share a power of ten.
const MIN_EXPONENT: i32 = -3;

/// The ticks of an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ticks {
    pub ticks: Vec<Tick>,
    /// The power of ten that all labels share; 0 is none.
    pub exponent: i32,
}

/// One tick.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub value: f64,
    /// A long tick, with or without a label.
    pub major: bool,
    /// A title in ROOT's LaTeX.
    pub label: Option<String>,
}

impl Ticks {
    /// The labelled ticks.
    pub fn labels(&self) -> impl Iterator<Item = (f64, &str)> {
        self.ticks
            .iter()
            .filter_map(|tick| Some((tick.value, tick.label.as_deref()?)))
    }
}

/// A distance between ticks: `digit` times a power of ten.
#[derive(Clone, Copy)]
struct Step {
    digit: f64,
    power: i32,
}

impl Step {
    /// The smallest of 1, 2 or 5 times a power of ten that is not below `least`.
    fn at_least(least: f64) -> Self {
        let power = floor_log10(least);
        // The tolerance lets 0.3/3 be 0.1.
        let digit = least / 10_f64.powi(power) * (1.0 - 1e-9);
        match [1.0, 2.0, 5.0].into_iter().find(|nice| digit <= *nice) {
            Some(digit) => Self { digit, power },
            None => Self {
                digit: 1.0,
                power: power + 1,
            },
        }
    }

    /// How many small intervals there are in one.
    fn minor(self) -> f64 {
        if self.digit == 2.0 { 4.0 } else { 5.0 }
    }

    /// The same, where none is smaller than 1.
    fn whole_minor(self) -> f64 {
        if self.power == 0 {
            self.digit
        } else {
            self.minor()
        }
    }

    fn size(self) -> f64 {
        self.times(1.0)
    }

    /// The multiple, rounded once where powers of ten are exact: 3 × 0.1 is the double 0.3.
    fn times(self, count: f64) -> f64 {
        scaled(count * self.digit, self.power)
    }
}

/// Ticks from `lo` to `hi` with at most `most` labelled intervals. Needs `lo < hi`, both finite.
pub(crate) fn linear(lo: f64, hi: f64, most: usize) -> Ticks {
    let step = Step::at_least((hi - lo) / count(most.max(1)));
    placed(lo, hi, step, step.minor())
}

/// The same for what is counted: ticks at whole numbers alone.
pub(crate) fn whole(lo: f64, hi: f64, most: usize) -> Ticks {
    let step = Step::at_least(((hi - lo) / count(most.max(1))).max(1.0));
    placed(lo, hi, step, step.whole_minor())
}

/// Ticks from `lo` to `hi`: labels a step apart, with so many small intervals between them.
fn placed(lo: f64, hi: f64, step: Step, parts: f64) -> Ticks {
    let small = step.size() / parts;
    let exponent = shared_exponent(lo.abs().max(hi.abs()));
    let (first, last) = ((lo / small - 1e-6).ceil(), (hi / small + 1e-6).floor());
    let mut ticks = Vec::new();
    let mut index = first;
    while index <= last && ticks.len() < MAX_TICKS {
        let major = index.rem_euclid(parts) == 0.0;
        let value = step.times(index / parts);
        let label = major.then(|| decimal(scaled(value, -exponent), step.power - exponent));
        ticks.push(Tick {
            value: value.clamp(lo, hi),
            major,
            label,
        });
        index += 1.0;
    }
    Ticks { ticks, exponent }
}

/// Ticks from `lo` to `hi`, both positive, with about `most` labels, at powers of ten where there
/// are two of them.
pub(crate) fn logarithmic(lo: f64, hi: f64, most: usize) -> Ticks {
    let (first, last) = (floor_log10(lo), floor_log10(hi));
    let inside = |value: f64| value >= lo * (1.0 - 1e-9) && value <= hi * (1.0 + 1e-9);
    let powers = (first..=last)
        .filter(|power| inside(10_f64.powi(*power)))
        .count();
    if powers < 2 {
        return linear(lo, hi, most);
    }
    let stride = i32::try_from(powers.div_ceil(most.max(1))).unwrap_or(i32::MAX);
    let mut ticks = Vec::new();
    for power in (first..=last).take(MAX_TICKS) {
        let digits = if stride == 1 { 2..10 } else { 2..2 };
        let decade = 10_f64.powi(power);
        if inside(decade) {
            let label = (power.rem_euclid(stride) == 0).then(|| power_of_ten(power));
            ticks.push(Tick {
                value: decade,
                major: label.is_some(),
                label,
            });
        }
        let minors = digits
            .map(|digit| f64::from(digit) * decade)
            .filter(|value| inside(*value));
        ticks.extend(minors.map(|value| Tick {
            value,
            major: false,
            label: None,
        }));
    }
    Ticks { ticks, exponent: 0 }
}

/// `10^{n}`, with 1 and 10 written out as ROOT does.
fn power_of_ten(power: i32) -> String {
    match power {
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        _ => format!("10^{{{}}}", signed(&power.to_string())),
    }
}

/// The note beside an axis whose labels share a power of ten.
pub(crate) fn exponent_note(exponent: i32) -> Option<String> {
    (exponent != 0).then(|| format!("#times10^{{{}}}", signed(&exponent.to_string())))
}

fn shared_exponent(largest: f64) -> i32 {
    let power = floor_log10(largest);
    if (MIN_EXPONENT..=MAX_EXPONENT).contains(&power) {
        0
    } else {
        power.div_euclid(3) * 3
    }
}

/// A label of as many decimals as the step's power needs.
fn decimal(value: f64, power: i32) -> String {
    let decimals = usize::try_from(-power).unwrap_or(0).min(12);
    let text = format!("{value:.decimals$}");
    let zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if zero { "0".to_owned() } else { signed(&text) }
}

/// The text with a minus sign in place of the hyphen.
fn signed(text: &str) -> String {
    text.replace('-', "−")
}

/// `value` × 10^`power`, by division where the power is negative: 1e-1 has no exact double, 10 has.
fn scaled(value: f64, power: i32) -> f64 {
    if power < 0 {
        value / 10_f64.powi(-power)
    } else {
        value * 10_f64.powi(power)
    }
}

/// The power of ten at or below a positive number.
#[allow(
    clippy::cast_possible_truncation,
    reason = "the logarithm of a positive double lies between -324 and 309; the cast saturates"
)]
pub(crate) fn floor_log10(value: f64) -> i32 {
    let power = value.max(f64::MIN_POSITIVE).log10().floor() as i32;
    // log10 may round 999.9999999999999 up to 3.
    if 10_f64.powi(power) > value {
        power - 1
    } else {
        power
    }
}

/// A small count as a number.
fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::MIN_RELATIVE_SPAN;
    use proptest::prelude::*;

    fn labels(ticks: &Ticks) -> Vec<&str> {
        ticks.labels().map(|(_, label)| label).collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(
            labels(&linear(0.0, 1.0, 5)),
            ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(
            labels(&linear(105.0, 160.0, 6)),
            ["110", "120", "130", "140", "150", "160"]
        );
        assert_eq!(
            labels(&linear(-3.0, 3.0, 6)),
            ["−3", "−2", "−1", "0", "1", "2", "3"]
        );
        assert_eq!(labels(&linear(0.0, 0.3, 3)), ["0", "0.1", "0.2", "0.3"]);
    }

    #[test]
    fn what_is_counted_has_ticks_at_whole_numbers_alone() {
        let few = whole(3.5, 8.5, 10);
        assert_eq!(labels(&few), ["4", "5", "6", "7", "8"]);
        assert_eq!(few.ticks.len(), 5);
        let many = whole(5.5, 20.5, 10);
        assert_eq!(labels(&many)[..3], ["6", "8", "10"]);
        assert_eq!(many.ticks.len(), 15);
        let hundreds = whole(-0.5, 299.5, 6);
        assert_eq!(labels(&hundreds)[..3], ["0", "50", "100"]);
        let is_whole = |tick: &Tick| tick.value.fract() == 0.0;
        assert!(hundreds.ticks.iter().all(is_whole));
    }

    #[test]
    fn large_and_small_numbers_share_an_exponent() {
        let large = linear(0.0, 250_000.0, 5);
        assert_eq!((large.exponent, labels(&large)[1]), (3, "50"));
        let small = linear(0.0, 4e-5, 4);
        assert_eq!((small.exponent, labels(&small)[1]), (-6, "10"));
        assert_eq!(exponent_note(-6).as_deref(), Some("#times10^{−6}"));
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten() {
        let ticks = logarithmic(0.5, 2000.0, 8);
        assert_eq!(labels(&ticks), ["1", "10", "10^{2}", "10^{3}"]);
        assert!(
            ticks
                .ticks
                .iter()
                .any(|tick| tick.value == 0.5 && !tick.major)
        );
        let many = logarithmic(1e-10, 1e12, 6);
        assert!(labels(&many).len() <= 6 && labels(&many).contains(&"10^{8}"));
    }

    #[test]
    fn a_logarithmic_axis_within_a_decade_is_labelled() {
        assert!(labels(&logarithmic(200.0, 900.0, 5)).len() >= 2);
    }

    proptest! {
        #[test]
        fn linear_ticks_are_few_inside_and_evenly_spaced(
            lo in -1e6..1e6_f64,
            span in -6..9_i32,
            mantissa in 1.0..10.0_f64,
            most in 2..12_usize,
        ) {
            let hi = lo + mantissa * 10_f64.powi(span);
            // Narrower axes are refused before they are drawn: their values can hardly be told apart.
            prop_assume!(hi - lo >= MIN_RELATIVE_SPAN * lo.abs().max(hi.abs()));
            let ticks = linear(lo, hi, most);
            let values: Vec<f64> = ticks.labels().map(|(value, _)| value).collect();
            prop_assert!(values.len() <= most + 1);
            prop_assert!(ticks.ticks.len() <= 5 * (most + 2));
            prop_assert!(ticks.ticks.iter().all(|tick| (lo..=hi).contains(&tick.value)));
            // The labelled ticks reach to within one step of both ends.
            let step = Step::at_least((hi - lo) / count(most)).size();
            let slack = step * 1e-3;
            prop_assert!(values.first().is_none_or(|first| first - lo < step + slack));
            prop_assert!(values.last().is_none_or(|last| hi - last < step + slack));
            for pair in values.windows(2) {
                prop_assert!((pair[1] - pair[0] - step).abs() < slack);
            }
            // Round numbers: the step is 1, 2 or 5 times a power of ten.
            let digit = step / 10_f64.powi(floor_log10(step * 1.000_001));
            prop_assert!([1.0, 2.0, 5.0].iter().any(|nice| (digit - nice).abs() < 1e-6));
        }

        #[test]
        fn logarithmic_ticks_are_few_rising_and_inside(
            power in -90..90_i32,
            decades in 0.1..180.0_f64,
            most in 1..12_usize,
        ) {
            let lo = 10_f64.powi(power) * 1.7;
            let hi = lo * 10_f64.powf(decades);
            let ticks = logarithmic(lo, hi, most).ticks;
            prop_assert!(!ticks.is_empty() && ticks.len() <= MAX_TICKS);
            prop_assert!(ticks.iter().all(|tick| (lo * 0.999..=hi * 1.001).contains(&tick.value)));
            prop_assert!(ticks.windows(2).all(|pair| pair[0].value < pair[1].value));
        }

        #[test]
        fn floor_log10_is_the_power_below(value in 1e-200..1e200_f64) {
            let power = floor_log10(value);
            prop_assert!(10_f64.powi(power) <= value && value < 10_f64.powi(power + 1) * 1.000_001);
        }
    }
}
