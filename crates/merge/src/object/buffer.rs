//! Fills that are not binned yet: a histogram may keep its first fills aside (`TH1::fBuffer`), to
//! find the limits of its axes from them.

use std::borrow::Cow;

use rootlake_io::column::Values;
use rootlake_io::object::{Object, Value};

use super::axis::Axis;
use super::bins::{array_mut, contents, keep_squares};
use super::{limits, numbers, rebin, statistics};

/// `TH1::kIsNotW`: fills with weights do not make the histogram keep squared errors.
const IS_NOT_WEIGHTED: u32 = 1 << 19;

/// Fills that wait to be binned: their number, and of each its weight and its place.
struct Waiting {
    /// Weight, x, y, z of each fill in turn.
    values: Vec<f64>,
    /// How many values a fill has.
    step: usize,
}

/// Bins the fills of both that wait, where either knows the limits of its axes; else leaves those
/// of both to wait in the first, unless its room is too small. Gives the axes as they are then.
///
/// # Errors
/// In words, when the fills are a profile's.
pub(super) fn settle(
    (histogram, axes): (&mut Object, Vec<Axis>),
    (other, others): (&mut Cow<'_, Object>, Vec<Axis>),
) -> Result<(Vec<Axis>, Vec<Axis>), String> {
    let known = |axes: &[Axis]| axes.iter().all(Axis::has_limits);
    let (own, more) = (waiting(histogram, &axes)?, waiting(other, &others)?);
    match (known(&axes), known(&others)) {
        (true, true) => {
            bin_all(histogram, &axes, own)?;
            if let Some(more) = more {
                bin_all(other.to_mut(), &others, Some(more))?;
            }
            Ok((axes, others))
        }
        (true, false) => {
            bin_all(histogram, &axes, own)?;
            resize(other.to_mut(), &axes)?;
            bin_all(other.to_mut(), &axes, more)?;
            Ok((axes.clone(), axes))
        }
        (false, true) => {
            if let Some(more) = more {
                bin_all(other.to_mut(), &others, Some(more))?;
            }
            resize(histogram, &others)?;
            bin_all(histogram, &others, own)?;
            Ok((others.clone(), others))
        }
        (false, false) => {
            let axes = join(histogram, axes, own, more)?;
            // What the other holds is taken; it has nothing in its bins.
            resize(other.to_mut(), &axes)?;
            Ok((axes.clone(), axes))
        }
    }
}

/// The fills of a histogram that wait.
fn waiting(histogram: &Object, axes: &[Axis]) -> Result<Option<Waiting>, String> {
    let Ok(Values::F64(buffer)) = histogram.array("fBuffer") else {
        return Ok(None);
    };
    let Some((&count, values)) = buffer.split_first() else {
        return Ok(None);
    };
    if histogram.member("fBinEntries").is_ok() && count > 0.0 {
        return Err("it holds fills that are not binned yet (fBuffer)".to_owned());
    }
    let step = axes.len() + 1;
    // A number below zero says that they are binned already.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count within the buffer; one below zero becomes 0"
    )]
    let length = (count.min(values.len() as f64) as usize).saturating_mul(step);
    let values = values.get(..length).ok_or("its fBuffer is too short")?;
    Ok(Some(Waiting {
        values: values.to_vec(),
        step,
    }))
}

/// Takes the buffer away and bins what waited in it.
fn bin_all(histogram: &mut Object, axes: &[Axis], fills: Option<Waiting>) -> Result<(), String> {
    let Some(fills) = fills else {
        return Ok(());
    };
    set_buffer(histogram, Vec::new(), 0)?;
    bin(histogram, axes, &fills.values, fills.step)
}

fn set_buffer(histogram: &mut Object, buffer: Vec<f64>, size: usize) -> Result<(), String> {
    let size = i64::try_from(size).map_err(|error| error.to_string())?;
    let mut set = |name, value| {
        histogram
            .set(name, value)
            .map_err(|error| error.to_string())
    };
    set("fBufferSize", Value::Int(size))?;
    set("fBuffer", Value::Array(Values::F64(buffer)))
}

/// Fills the bins as `TH1::Fill` does.
fn bin(histogram: &mut Object, axes: &[Axis], fills: &[f64], step: usize) -> Result<(), String> {
    let bins = contents(histogram)?;
    let mut weights = Vec::new();
    let mut places = Vec::new();
    let mut sums = statistics::zero(histogram);
    for fill in fills.chunks_exact(step) {
        let Some((&weight, at)) = fill.split_first() else {
            continue;
        };
        let (mut place, mut stride) = (0, 1);
        let mut inside = true;
        for (axis, x) in axes.iter().zip(at) {
            let bin = axis.find(*x);
            inside &= (1..=axis.bins).contains(&bin) || statistics::counts_overflow(histogram);
            place += bin * stride;
            stride *= axis.cells();
        }
        weights.push(weight);
        places.push(place);
        if inside {
            statistics::count(&mut sums, weight, at);
        }
    }
    let weighted = weights.iter().any(|weight| *weight != 1.0);
    if weighted && statistics::bits(histogram) & IS_NOT_WEIGHTED == 0 {
        keep_squares(histogram, "fSumw2", bins)?;
    }
    let squares = weights.iter().map(|weight| weight * weight).collect();
    if !histogram.array("fSumw2").is_ok_and(Values::is_empty) {
        numbers::add_at(
            array_mut(histogram, "fSumw2")?,
            &Values::F64(squares),
            &places,
        )?;
    }
    let contents = array_mut(histogram, bins)?;
    numbers::add_at(contents, &numbers::like(contents, &weights), &places)?;
    statistics::add(histogram, &sums, weights.len())
}

/// Gives a histogram, whose bins are empty, the axes' bins.
fn resize(histogram: &mut Object, axes: &[Axis]) -> Result<(), String> {
    set_buffer(histogram, Vec::new(), 0)?;
    // Its own bins are empty: where they go does not matter.
    let cells = numbers::doubles(
        histogram
            .array(contents(histogram)?)
            .map_err(|e| e.to_string())?,
    );
    rebin::place(histogram, &vec![0; cells.len()], axes)
}

/// Lets the fills of both wait in `histogram`; where there is no room for another, those before it
/// give the limits, and all are binned.
fn join(
    histogram: &mut Object,
    axes: Vec<Axis>,
    own: Option<Waiting>,
    more: Option<Waiting>,
) -> Result<Vec<Axis>, String> {
    let step = axes.len() + 1;
    let size = histogram
        .int("fBufferSize")
        .map_err(|error| error.to_string())?;
    let size = usize::try_from(size).unwrap_or(0);
    let mut fills = own.map_or_else(Vec::new, |own| own.values);
    fills.extend(more.map_or_else(Vec::new, |more| more.values));
    if fills.len() < size {
        let mut buffer = Vec::with_capacity(size);
        #[allow(clippy::cast_precision_loss, reason = "as ROOT counts them")]
        buffer.push((fills.len() / step) as f64);
        buffer.extend(fills);
        buffer.resize(size, 0.0);
        set_buffer(histogram, buffer, size)?;
        return Ok(axes);
    }
    let room = size.saturating_sub(1) / step * step;
    let first = fills.get(..room).unwrap_or_default();
    let axes = limits::found(axes, first, step, histogram)?;
    resize(histogram, &axes)?;
    bin(histogram, &axes, &fills, step)?;
    Ok(axes)
}
