//! Aligned tables for people.

use std::borrow::Cow;

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table: a head and rows of as many cells.
#[derive(Debug)]
pub struct Table<'t> {
    align: Vec<Align>,
    /// Those of the head, then those of each row.
    cells: Vec<Cow<'t, str>>,
}

impl<'t> Table<'t> {
    /// A table with these column heads.
    pub fn new(head: &[(&'t str, Align)]) -> Self {
        Self {
            align: head.iter().map(|(_, align)| *align).collect(),
            cells: head.iter().map(|(name, _)| (*name).into()).collect(),
        }
    }

    /// Adds a row: as many cells as the head has.
    pub fn row(&mut self, cells: impl IntoIterator<Item: Into<Cow<'t, str>>>) {
        self.cells.extend(cells.into_iter().map(Into::into));
    }

    /// The table as lines, each behind `indent`.
    pub fn render(&self, indent: &str) -> String {
        let rows = || self.cells.chunks(self.align.len().max(1));
        let mut widths = vec![0; self.align.len()];
        for row in rows() {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let mut lines = String::new();
        for row in rows() {
            lines += indent;
            for (column, ((cell, align), width)) in
                row.iter().zip(&self.align).zip(&widths).enumerate()
            {
                let fill = width.saturating_sub(cell.chars().count());
                let fill = std::iter::repeat_n(' ', fill);
                lines += if column == 0 { "" } else { "  " };
                match align {
                    Align::Left => {
                        lines += cell;
                        lines.extend(fill);
                    }
                    Align::Right => {
                        lines.extend(fill);
                        lines += cell;
                    }
                }
            }
            lines.truncate(lines.trim_end_matches(' ').len());
            lines.push('\n');
        }
        lines
    }
}

/// A count with thin groups of three digits: `1 234 567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let (first, others) = digits.split_at(digits.len() % 3);
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    grouped += first;
    for (place, digit) in others.chars().enumerate() {
        if place % 3 == 0 && !grouped.is_empty() {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// So many a second, as [`count`] shows it.
pub fn rate(per_second: f64) -> String {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate, of which the whole number is shown"
    )]
    count(per_second.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&[("name", Align::Left), ("n", Align::Right)]);
        table.row(["a".to_owned(), count(12_345)]);
        assert_eq!(table.render("  "), "  name       n\n  a     12 345\n");
    }

    #[test]
    fn digits_are_grouped_from_the_right() {
        assert_eq!(
            ["0", "12", "123", "1 234", "12 345", "1 234 567"],
            [0, 12, 123, 1234, 12_345, 1_234_567].map(count)
        );
        assert_eq!(rate(1_233.6), "1 234");
    }
}
