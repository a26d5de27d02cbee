//! Columns like a detector's.

use rootlake_io::column::{Column, Level, ScalarType, Values};
use rootlake_io::write::BranchKind;

/// Numbers that nobody can foresee and everybody gets again.
struct Noise(u32);

impl Noise {
    /// The next number, from 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0) / f64::from(u32::MAX)
    }
}

/// Floats are a falling spectrum whose last bits are noise, integers small numbers.
fn values(scalar: ScalarType, count: usize) -> Values {
    let mut noise = Noise(1);
    let mut energy = || (1e-9 - noise.next()).abs().ln().mul_add(-20e3, 5e3);
    match scalar {
        ScalarType::F64 => Values::F64((0..count).map(|_| energy()).collect()),
        ScalarType::F32 => Values::F32((0..count).map(|_| energy() as f32).collect()),
        ScalarType::Bool => Values::Bool((0..count).map(|_| noise.next() < 0.3).collect()),
        _ => Values::I32((0..count).map(|_| (noise.next() * 14.0) as i32).collect()),
    }
}

/// A column of so many entries; vectors have none to five values.
pub fn column(kind: &BranchKind, entries: usize) -> Column {
    let (values, levels) = match kind {
        BranchKind::Array(scalar, dimensions) => {
            let levels = dimensions.iter().map(|&length| Level::Array(length));
            let each: usize = dimensions.iter().product();
            (values(*scalar, entries * each), levels.collect())
        }
        BranchKind::Vector(scalar) => {
            let mut noise = Noise(2);
            let ends = (0..entries).scan(0, |end, _| {
                *end += (noise.next() * 6.0) as u32;
                Some(*end)
            });
            let offsets: Vec<u32> = std::iter::once(0).chain(ends).collect();
            let count = *offsets.last().unwrap() as usize;
            (values(*scalar, count), vec![Level::List(offsets)])
        }
        BranchKind::Value(scalar) => (values(*scalar, entries), vec![]),
        other => unreachable!("{other:?} is not measured"),
    };
    Column::nested(values, levels, false).unwrap()
}

/// A column of so many vectors of four values.
pub fn fours(scalar: ScalarType, entries: usize) -> Column {
    let offsets = (0..=entries as u32).map(|entry| 4 * entry).collect();
    Column::nested(
        values(scalar, 4 * entries),
        vec![Level::List(offsets)],
        false,
    )
    .unwrap()
}

/// What a person calls such a column.
pub fn name(kind: &BranchKind) -> String {
    match kind {
        BranchKind::Array(scalar, dimensions) => format!("{scalar}{dimensions:?}"),
        BranchKind::Vector(scalar) => format!("vector<{scalar}>"),
        BranchKind::Value(scalar) => scalar.to_string(),
        other => format!("{other:?}"),
    }
}
