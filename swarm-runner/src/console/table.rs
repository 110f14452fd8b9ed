//! A table of text: columns aligned, as wide as they need to be.

use std::fmt::Write as _;

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    title: &'static str,
    right: bool,
    /// Whether a bar stands before it.
    bar: bool,
}

/// A column of words.
pub(crate) const fn words(title: &'static str) -> Column {
    Column { title, right: false, bar: false }
}

/// A column of numbers.
pub(crate) const fn numbers(title: &'static str) -> Column {
    Column { title, right: true, bar: false }
}

impl Column {
    /// The same, with a bar before it.
    pub(crate) const fn after_bar(self) -> Self {
        Self { bar: true, ..self }
    }
}

/// Writes a table: titles, a rule, and the rows; the last ones, set apart by another rule, sum up.
pub(crate) fn table<const N: usize>(
    columns: [Column; N],
    rows: &[[String; N]],
    sums: &[[String; N]],
) -> String {
    let mut widths = columns.map(|column| column.title.chars().count());
    for row in rows.iter().chain(sums) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    line(&mut out, &columns, &widths, &columns.map(|column| column.title.to_owned()));
    rule(&mut out, &columns, &widths);
    rows.iter().for_each(|row| line(&mut out, &columns, &widths, row));
    if !sums.is_empty() {
        rule(&mut out, &columns, &widths);
        sums.iter().for_each(|row| line(&mut out, &columns, &widths, row));
    }
    out
}

fn line<const N: usize>(
    out: &mut String,
    columns: &[Column; N],
    widths: &[usize; N],
    cells: &[String; N],
) {
    let mut line = String::new();
    for ((column, width), cell) in columns.iter().zip(widths).zip(cells) {
        if column.bar {
            line.push_str("| ");
        }
        let _ = match column.right {
            true => write!(line, "{cell:>width$} "),
            false => write!(line, "{cell:<width$} "),
        };
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

fn rule<const N: usize>(out: &mut String, columns: &[Column; N], widths: &[usize; N]) {
    for (column, width) in columns.iter().zip(widths) {
        if column.bar {
            out.push_str("|-");
        }
        out.push_str(&"-".repeat(width + 1));
    }
    out.push('\n');
}
