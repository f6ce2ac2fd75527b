//! A report as people read it: each finding with its line, a caret, and advice.

use std::fmt::Write;

use super::{Finding, Report, Severity};

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const BLUE: &str = "\u{1b}[34m";
const RESET: &str = "\u{1b}[0m";

/// Colours, or none.
struct Paint(bool);

impl Paint {
    fn text(&self, colour: &str, text: &str) -> String {
        if self.0 { format!("{colour}{text}{RESET}") } else { text.to_owned() }
    }
}

pub(super) fn render(report: &Report, colour: bool) -> String {
    let paint = Paint(colour);
    let mut out = String::new();
    for finding in report.errors().chain(report.warnings()) {
        // Writing to a string cannot fail.
        let _ = write_finding(&mut out, finding, &paint);
    }
    for skipped in report.skipped() {
        let place = if skipped.path.is_root() { String::new() } else { format!(" at `{}`", skipped.path) };
        let _ = writeln!(out, "note: the checks of `{}`{place} did not run: they need valid values", skipped.check);
    }
    let (errors, warnings) = (report.errors().count(), report.warnings().count());
    if errors + warnings > 0 {
        let _ = writeln!(out, "{}, {}", count(errors, "error"), count(warnings, "warning"));
    }
    out
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn write_finding(out: &mut String, finding: &Finding, paint: &Paint) -> std::fmt::Result {
    let (word, colour) = match finding.severity {
        Severity::Error => ("error", RED),
        Severity::Warning => ("warning", YELLOW),
    };
    let path = if finding.path.is_root() { String::new() } else { format!("{}: ", finding.path) };
    writeln!(out, "{}: {path}{}", paint.text(colour, &format!("{word}[{}]", finding.code)), finding.message)?;
    if let Some(origin) = &finding.origin {
        writeln!(out, "  {} {}", paint.text(BLUE, "-->"), origin.describe())?;
    }
    if let Some(excerpt) = &finding.excerpt {
        let number = excerpt.line.to_string();
        let gutter = " ".repeat(number.len());
        let bar = paint.text(BLUE, "|");
        writeln!(out, " {gutter} {bar}")?;
        writeln!(out, " {} {bar} {}", paint.text(BLUE, &number), excerpt.text)?;
        // Tabs before the caret stay tabs, so that it stands under its column.
        let pad: String =
            excerpt.text.chars().take(excerpt.column - 1).map(|char| if char == '\t' { '\t' } else { ' ' }).collect();
        let carets = paint.text(colour, &"^".repeat(excerpt.width.max(1)));
        writeln!(out, " {gutter} {bar} {pad}{carets}")?;
    }
    for related in &finding.related {
        let path = if related.path.is_root() { String::new() } else { format!("{} ", related.path) };
        match &related.origin {
            Some(origin) => writeln!(out, "  = see also: {path}({})", origin.describe())?,
            None => writeln!(out, "  = see also: {path}")?,
        }
    }
    if !finding.shadows.is_empty() {
        let shadows: Vec<String> = finding.shadows.iter().map(|origin| origin.describe()).collect();
        writeln!(out, "  = shadows: {}", shadows.join(", "))?;
    }
    if let Some(help) = &finding.help {
        writeln!(out, "  = help: {help}")?;
    }
    Ok(())
}
