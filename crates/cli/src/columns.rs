//! Rows of texts in aligned columns.

use crate::explain::Paint;
use crate::output::Terminal;

const GAP: usize = 2;

/// The titles, then the rows; the last column is as wide as it comes.
pub(crate) fn render<const N: usize>(
    titles: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    terminal: &Terminal,
) -> String {
    let rows: Vec<[String; N]> = rows.collect();
    let width = |column: usize| {
        let texts = rows.iter().map(|row| row[column].as_str()).chain([titles[column]]);
        texts.map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |cells: &[&str], paint: &dyn Fn(&str) -> String| {
        let mut line = String::new();
        for (column, cell) in cells.iter().enumerate() {
            line.push_str(&paint(cell));
            if cells[column + 1..].iter().any(|cell| !cell.is_empty()) {
                line.push_str(&" ".repeat(widths[column] - cell.chars().count() + GAP));
            }
        }
        line + "\n"
    };
    let paint = Paint(terminal.colour_stdout);
    let mut out = line(&titles, &|title| paint.bold(title));
    for row in &rows {
        out.push_str(&line(&row.each_ref().map(String::as_str), &str::to_owned));
    }
    out
}
