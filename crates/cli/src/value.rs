//! Values of columns as text.

use rootlake_io::column::{Column, Level, Values};

/// The entry `index` as JSON: numbers with the fewest digits that give them back, lists as
/// arrays, texts as strings; not-a-number and infinities as strings, which JSON has no numbers
/// for.
pub fn json(column: &Column, index: usize) -> String {
    let mut out = String::new();
    item(column.levels(), column, index, &mut out);
    out
}

/// The entry `index` as a cell of comma-separated values.
pub fn csv_cell(column: &Column, index: usize) -> String {
    match column.levels() {
        [] => json(column, index).trim_matches('"').to_owned(),
        [Level::List(offsets)] if column.is_text() => csv(&text(column, offsets, index)),
        _ => csv(&json(column, index)),
    }
}

/// A text as a cell: in quotes where it needs them.
pub fn csv(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A JSON string.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn item(levels: &[Level], column: &Column, index: usize, out: &mut String) {
    let (from, to) = match levels.split_first() {
        None => return number(column.values(), index, out),
        Some((Level::List(offsets), [])) if column.is_text() => {
            *out += &quoted(&text(column, offsets, index));
            return;
        }
        Some((Level::List(offsets), _)) => span(offsets, index),
        Some((Level::Array(length), _)) => {
            let from = index.saturating_mul(*length);
            (from, from.saturating_add(*length))
        }
    };
    let inner = levels.get(1..).unwrap_or_default();
    out.push('[');
    for place in from..to {
        if place > from {
            out.push(',');
        }
        item(inner, column, place, out);
    }
    out.push(']');
}

fn span(offsets: &[u32], index: usize) -> (usize, usize) {
    match (offsets.get(index), offsets.get(index + 1)) {
        (Some(&from), Some(&to)) => (from as usize, to as usize),
        _ => (0, 0),
    }
}

fn text(column: &Column, offsets: &[u32], index: usize) -> String {
    let (from, to) = span(offsets, index);
    match column.values() {
        Values::U8(bytes) => {
            String::from_utf8_lossy(bytes.get(from..to).unwrap_or_default()).into_owned()
        }
        _ => String::new(),
    }
}

fn number(values: &Values, index: usize, out: &mut String) {
    macro_rules! integer {
        ($values:expr) => {
            if let Some(value) = $values.get(index) {
                *out += &value.to_string();
            }
        };
    }
    macro_rules! float {
        ($values:expr) => {
            match $values.get(index) {
                // Debug, unlike Display, writes 1e300 as it is read and marks 1.0 as no integer.
                Some(value) if value.is_finite() => *out += &format!("{value:?}"),
                Some(value) => *out += &format!("\"{value}\""),
                None => {}
            }
        };
    }
    match values {
        Values::Bool(values) => integer!(values),
        Values::I8(values) => integer!(values),
        Values::U8(values) => integer!(values),
        Values::I16(values) => integer!(values),
        Values::U16(values) => integer!(values),
        Values::I32(values) => integer!(values),
        Values::U32(values) => integer!(values),
        Values::I64(values) => integer!(values),
        Values::U64(values) => integer!(values),
        Values::F32(values) => float!(values),
        Values::F64(values) => float!(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_json_values() {
        let fixed = Column::fixed(vec![0.1f32, f32::NAN, 1e30]);
        assert_eq!(
            [0, 1, 2].map(|index| json(&fixed, index)),
            ["0.1", "\"NaN\"", "1e30"]
        );
        let jagged = Column::jagged(vec![0, 2, 2], vec![1i8, -2]).unwrap();
        assert_eq!([0, 1].map(|index| json(&jagged, index)), ["[1,-2]", "[]"]);
        assert_eq!(csv_cell(&jagged, 0), "\"[1,-2]\"");
        let texts = Column::nested(
            Values::U8(b"a\"b".to_vec()),
            vec![Level::List(vec![0, 3])],
            true,
        )
        .unwrap();
        assert_eq!(json(&texts, 0), r#""a\"b""#);
        assert_eq!(csv_cell(&texts, 0), r#""a""b""#);
        let matrix = Column::nested(
            Values::U8(vec![1, 2, 3, 4]),
            vec![Level::Array(2); 2],
            false,
        )
        .unwrap();
        assert_eq!(json(&matrix, 0), "[[1,2],[3,4]]");
    }
}
