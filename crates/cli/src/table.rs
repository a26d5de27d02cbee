//! Aligned tables for people.

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
pub struct Table {
    align: Vec<Align>,
    /// The texts of all cells, those of the head first: tables may have many.
    cells: String,
    /// Where the text of each ends.
    ends: Vec<usize>,
}

impl Table {
    /// A table with these column heads.
    pub fn new(head: &[(&str, Align)]) -> Self {
        let mut table = Self {
            align: head.iter().map(|(_, align)| *align).collect(),
            cells: String::new(),
            ends: Vec::new(),
        };
        table.row(head.iter().map(|(name, _)| name));
        table
    }

    /// Adds a row: as many cells as the head has.
    pub fn row(&mut self, cells: impl IntoIterator<Item: AsRef<str>>) {
        for cell in cells {
            self.cells += cell.as_ref();
            self.ends.push(self.cells.len());
        }
    }

    /// The text of the cell numbered `cell`.
    fn cell(&self, cell: usize) -> &str {
        let end = |cell: usize| self.ends.get(cell).copied();
        let start = cell.checked_sub(1).map_or(Some(0), end);
        let range = start.zip(end(cell));
        let text = range.and_then(|(start, end)| self.cells.get(start..end));
        text.unwrap_or_default()
    }

    /// The table as lines, each behind `indent`.
    pub fn render(&self, indent: &str) -> String {
        let columns = self.align.len().max(1);
        let mut widths = vec![0; columns];
        for cell in 0..self.ends.len() {
            if let Some(width) = widths.get_mut(cell % columns) {
                *width = characters(self.cell(cell)).max(*width);
            }
        }
        let rows = self.ends.len() / columns;
        let line = widths.iter().map(|width| width + 2).sum::<usize>() + indent.len();
        let mut lines = String::with_capacity(rows * line);
        for row in 0..rows {
            lines += indent;
            for (column, (align, width)) in self.align.iter().zip(&widths).enumerate() {
                let cell = self.cell(row * columns + column);
                let fill = width.saturating_sub(characters(cell));
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

/// The number of characters in a cell, most of which hold none of several bytes.
fn characters(cell: &str) -> usize {
    if cell.is_ascii() {
        cell.len()
    } else {
        cell.chars().count()
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
