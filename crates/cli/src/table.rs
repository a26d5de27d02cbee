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
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these column heads.
    pub fn new(head: &[(&str, Align)]) -> Self {
        let names = head.iter().map(|(name, _)| (*name).to_owned()).collect();
        Self {
            align: head.iter().map(|(_, align)| *align).collect(),
            rows: vec![names],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as lines, each behind `indent`.
    pub fn render(&self, indent: &str) -> String {
        let mut widths = vec![0; self.align.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let mut lines = String::new();
        for row in &self.rows {
            let mut line = indent.to_owned();
            for (column, ((cell, align), width)) in
                row.iter().zip(&self.align).zip(&widths).enumerate()
            {
                let fill = width.saturating_sub(cell.chars().count());
                let fill = " ".repeat(fill);
                let gap = if column == 0 { "" } else { "  " };
                line += gap;
                match align {
                    Align::Left => line.extend([cell.as_str(), &fill]),
                    Align::Right => line.extend([fill.as_str(), cell]),
                }
            }
            lines.extend([line.trim_end(), "\n"]);
        }
        lines
    }
}

/// A count with thin groups of three digits: `1 234 567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
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
            ["1", "123", "1 234", "1 234 567"],
            [1, 123, 1234, 1_234_567].map(count)
        );
    }
}
