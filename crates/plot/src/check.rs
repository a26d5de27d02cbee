//! What a plot must satisfy before it is drawn: its numbers may come from any file.

use crate::error::PlotError;
use crate::plot::{ErrorBars, Panel, Series, StackPlot};

/// More bins than pixels show nothing more.
const MAX_BINS: usize = 10_000;
const MAX_SERIES: usize = 100;
const MAX_POINTS: usize = 100_000;
const MAX_NOTES: usize = 20;
/// Bytes of all texts together.
const MAX_TEXT: usize = 20_000;
/// Beyond this, squares and sums of what is drawn could overflow.
const MAX_VALUE: f64 = 1e100;
/// An axis narrower than this, relative to its ends, has no distinct tick values.
pub(crate) const MIN_RELATIVE_SPAN: f64 = 1e-9;

/// Refuses what cannot be drawn.
pub(crate) fn check(plot: &StackPlot) -> Result<(), PlotError> {
    check_canvas(plot)?;
    check_amounts(plot)?;
    check_edges(&plot.edges)?;
    let bins = plot.edges.len() - 1;
    for process in &plot.processes {
        check_series(process, bins, true)?;
    }
    for overlay in &plot.overlays {
        check_series(overlay, bins, false)?;
    }
    if let Some(data) = &plot.data {
        check_series(data, bins, plot.data_errors == ErrorBars::Given)?;
        check_values("contents", &data.label, &data.contents, 0.0)?;
    }
    for curve in &plot.curves {
        check_curve(&curve.label, &curve.points)?;
    }
    if let Panel::DataMinusBackground(background) = &plot.panel {
        check_curve("background", background)?;
    }
    if let Some((lo, hi)) = plot.y_range {
        check_range("y", lo, hi, plot.log_y)?;
    }
    plot.panel_range
        .map_or(Ok(()), |(lo, hi)| check_range("panel", lo, hi, false))
}

fn check_canvas(plot: &StackPlot) -> Result<(), PlotError> {
    let (width, height) = (plot.canvas.width, plot.canvas.height);
    let sane = |side: f64| (100.0..=16384.0).contains(&side);
    if sane(width) && sane(height) {
        Ok(())
    } else {
        Err(PlotError::Canvas { width, height })
    }
}

fn check_amounts(plot: &StackPlot) -> Result<(), PlotError> {
    let series = || {
        plot.processes
            .iter()
            .chain(&plot.overlays)
            .chain(&plot.data)
    };
    let labels = series()
        .map(|series| &series.label)
        .chain(plot.curves.iter().map(|c| &c.label));
    let titles = [&plot.x_title, &plot.y_title, &plot.panel_title];
    let text = labels
        .chain(&plot.notes)
        .chain(titles)
        .map(String::len)
        .sum();
    let points = plot.curves.iter().map(|curve| curve.points.len()).sum();
    for (what, found, limit) in [
        ("bins", plot.edges.len().saturating_sub(1), MAX_BINS),
        (
            "series and curves",
            series().count() + plot.curves.len(),
            MAX_SERIES,
        ),
        ("curve points", points, MAX_POINTS),
        ("notes", plot.notes.len(), MAX_NOTES),
        ("bytes of text", text, MAX_TEXT),
    ] {
        if found > limit {
            return Err(PlotError::TooMany { what, found, limit });
        }
    }
    Ok(())
}

fn check_edges(edges: &[f64]) -> Result<(), PlotError> {
    let mut previous = f64::NEG_INFINITY;
    for (index, &value) in edges.iter().enumerate() {
        if value.abs() > MAX_VALUE || value <= previous || value.is_nan() {
            return Err(PlotError::Edge { index, value });
        }
        previous = value;
    }
    match edges {
        [lo, .., hi] => check_range("x", *lo, *hi, false),
        _ => Err(PlotError::NoBins { found: edges.len() }),
    }
}

/// Whether an axis can have these ends.
pub(crate) fn check_range(
    axis: &'static str,
    lo: f64,
    hi: f64,
    log: bool,
) -> Result<(), PlotError> {
    let largest = lo.abs().max(hi.abs());
    // Any comparison with a NaN is false.
    let wide = hi - lo > largest * MIN_RELATIVE_SPAN && hi - lo > 1.0 / MAX_VALUE;
    // Below this, powers of ten are no numbers any more.
    let positive = !log || lo >= 1.0 / MAX_VALUE;
    if wide && positive && largest <= 2.0 * MAX_VALUE {
        Ok(())
    } else {
        Err(PlotError::Range { axis, lo, hi })
    }
}

fn check_series(series: &Series, bins: usize, errors_used: bool) -> Result<(), PlotError> {
    let Series {
        label,
        contents,
        errors,
        ..
    } = series;
    let needed = [
        ("contents", contents, true),
        ("errors", errors, errors_used),
    ];
    for (what, values, used) in needed {
        if values.len() != bins && (used || !values.is_empty()) {
            let (label, found) = (label.clone(), values.len());
            return Err(PlotError::Length {
                what,
                label,
                found,
                bins,
            });
        }
    }
    check_values("contents", label, contents, -MAX_VALUE)?;
    check_values("errors", label, errors, 0.0)
}

fn check_values(
    what: &'static str,
    label: &str,
    values: &[f64],
    least: f64,
) -> Result<(), PlotError> {
    match values
        .iter()
        .position(|value| !(least..=MAX_VALUE).contains(value))
    {
        Some(index) => {
            let value = values.get(index).copied().unwrap_or(f64::NAN);
            Err(PlotError::Value {
                what,
                label: label.to_owned(),
                index,
                value,
            })
        }
        None => Ok(()),
    }
}

fn check_curve(label: &str, points: &[(f64, f64)]) -> Result<(), PlotError> {
    let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    check_values("curve", label, &xs, -MAX_VALUE)?;
    check_values("curve", label, &ys, -MAX_VALUE)?;
    let rising = xs.iter().zip(xs.iter().skip(1)).all(|(a, b)| a < b);
    if points.len() < 2 || !rising {
        return Err(PlotError::Curve {
            label: label.to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_axis_begins_where_powers_of_ten_are_numbers() {
        assert!(check_range("y", 1e-90, 520.0, true).is_ok());
        assert!(check_range("y", 7.052_006_480_292_843e-309, 520.0, true).is_err());
        assert!(check_range("y", 0.0, 520.0, true).is_err());
        assert!(check_range("y", 0.0, 520.0, false).is_ok());
    }
}
