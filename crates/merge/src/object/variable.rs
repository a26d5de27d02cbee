//! Adding statistical variables, which know the moments of a sample (`TStatistic::Merge`).

use rootlake_io::object::{Object, Value};

/// Adds the values that `more` is of to those of `sum`.
///
/// The squared distances from the mean are not added up but put together as by Chan, Golub and
/// LeVeque (Algorithms for Computing the Sample Variance, 1983), as ROOT does it.
///
/// # Errors
/// In words, when one lacks a member.
pub(super) fn add(sum: &mut Object, more: &Object) -> Result<(), String> {
    added(sum, more).map_err(|error| error.to_string())
}

fn added(sum: &mut Object, more: &Object) -> rootlake_io::Result<()> {
    if more.int("fN")? == 0 {
        return Ok(());
    }
    if sum.int("fN")? == 0 {
        for name in ["fN", "fW", "fW2", "fM", "fM2", "fMin", "fMax"] {
            sum.set(name, more.member(name)?.clone())?;
        }
        return Ok(());
    }
    let both = |name| Ok::<_, rootlake_io::Error>((sum.float(name)?, more.float(name)?));
    let (weight, other_weight) = both("fW")?;
    let (squares, other_squares) = both("fW2")?;
    let (moment, other_moment) = both("fM")?;
    let (spread, other_spread) = both("fM2")?;
    let (min, other_min) = both("fMin")?;
    let (max, other_max) = both("fMax")?;
    let count = sum.int("fN")?.saturating_add(more.int("fN")?);

    let distance = other_weight / weight * moment - other_moment;
    let between = weight / (other_weight * (other_weight + weight)) * distance * distance;
    sum.set("fN", Value::Int(count))?;
    for (name, value) in [
        ("fW", weight + other_weight),
        ("fW2", squares + other_squares),
        ("fM", moment + other_moment),
        ("fM2", spread + (other_spread + between)),
        ("fMin", if other_min < min { other_min } else { min }),
        ("fMax", if other_max > max { other_max } else { max }),
    ] {
        sum.set(name, Value::Float(value))?;
    }
    Ok(())
}
