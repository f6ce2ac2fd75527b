//! All values as an aligned table, a blank line between sections.

use strata_config_core::{Explained, LayerKind};

use super::paint::{Paint, place, place_of, printable};
use crate::output::Terminal;

/// The widest column of values; a longer one is cut on a terminal and pushes its origin aside elsewhere.
const WIDEST: usize = 40;
/// What a narrow terminal leaves to values at least.
const NARROWEST: usize = 12;
const GAP: usize = 2;

struct Row<'a> {
    path: &'a str,
    value: String,
    origin: String,
    source: Source,
}

/// What the colours tell apart.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    Default,
    Set,
    Missing,
}

pub(super) fn render(values: &[Explained], terminal: &Terminal) -> String {
    let rows: Vec<Row<'_>> = values.iter().map(row).collect();
    let widest = |column: for<'r> fn(&'r Row<'_>) -> &'r str, title: &str| {
        rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0).max(title.len())
    };
    let paths = widest(|row| row.path, "PATH");
    let origins = widest(|row| &row.origin, "ORIGIN");
    let room = terminal.width.map_or(WIDEST, |width| width.saturating_sub(paths + origins + 2 * GAP));
    let width = widest(|row| &row.value, "VALUE").min(room.clamp(NARROWEST, WIDEST));

    let paint = Paint(terminal.colour_stdout);
    let mut out =
        line(paths, width, |text| paint.bold(text), |text| paint.bold(text), "PATH", "VALUE", &paint.bold("ORIGIN"));
    let mut section = None;
    for row in &rows {
        let own = section_of(row.path);
        if section.is_some_and(|section| section != own) {
            out.push('\n');
        }
        section = Some(own);
        let value = if terminal.width.is_some() { cut(&row.value, width) } else { row.value.clone() };
        let origin = match row.source {
            Source::Default => paint.dim(&row.origin),
            Source::Set => paint.green(&row.origin),
            Source::Missing => paint.red(&row.origin),
        };
        let shade = |text: &str| if row.source == Source::Default { text.to_owned() } else { paint.bold(text) };
        out.push_str(&line(paths, width, str::to_owned, shade, row.path, &value, &origin));
    }
    out
}

fn row(value: &Explained) -> Row<'_> {
    let source = match &value.origin {
        None => Source::Missing,
        Some(origin) if origin.layer == LayerKind::Default => Source::Default,
        Some(_) => Source::Set,
    };
    let mut origin = place_of(value).unwrap_or_else(|| "missing".to_owned());
    // That a value shadows its default goes without saying.
    let hidden: Vec<String> = value
        .shadows
        .iter()
        .filter(|shadow| shadow.origin.layer != LayerKind::Default)
        .map(|shadow| place(&shadow.origin))
        .collect();
    if !hidden.is_empty() {
        origin.push_str(&format!(", over {}", hidden.join(", ")));
    }
    let text = if source == Source::Missing { "-".to_owned() } else { printable(&value.value) };
    Row { path: value.path.as_str(), value: text, origin, source }
}

/// One line; the padding follows the colour's end, so that columns align.
fn line(
    paths: usize,
    values: usize,
    path_colour: impl Fn(&str) -> String,
    value_colour: impl Fn(&str) -> String,
    path: &str,
    value: &str,
    origin: &str,
) -> String {
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.chars().count()) + GAP);
    format!("{}{}{}{}{origin}\n", path_colour(path), pad(path, paths), value_colour(value), pad(value, values))
}

/// The first segment of a path that has more than one.
fn section_of(path: &str) -> &str {
    path.split_once('.').map_or("", |(section, _)| section)
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}
