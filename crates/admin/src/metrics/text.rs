//! The text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write};

/// What is told so far.
#[derive(Debug, Default)]
pub(super) struct Exposition(String);

impl Exposition {
    /// Begins the figures of a name.
    pub(super) fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.0.push_str("# HELP ");
        self.0.push_str(name);
        self.0.push(' ');
        escaped(help, false, &mut self.0);
        self.put(format_args!("\n# TYPE {name} {kind}\n"));
    }

    /// One figure of the name.
    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        for (number, (label, text)) in labels.iter().enumerate() {
            self.0.push(if number == 0 { '{' } else { ',' });
            self.0.push_str(label);
            self.0.push_str("=\"");
            escaped(text, true, &mut self.0);
            self.0.push('"');
        }
        self.put(format_args!("{} {value}\n", if labels.is_empty() { "" } else { "}" }));
    }

    /// A name that has one figure.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "gauge", help);
        self.sample(name, &[], value);
    }

    /// A name that has one figure, which only grows.
    pub(super) fn counter(&mut self, name: &str, help: &str, value: impl Display) {
        self.family(name, "counter", help);
        self.sample(name, &[], value);
    }

    pub(super) fn as_mut(&mut self) -> &mut String {
        &mut self.0
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string never fails.
        let _ = self.0.write_fmt(text);
    }
}

/// A help line escapes what would end it; a label's value its quotes besides.
fn escaped(text: &str, quotes: bool, to: &mut String) {
    for letter in text.chars() {
        match letter {
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '"' if quotes => to.push_str("\\\""),
            other => to.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_line_or_a_label_is_escaped() {
        let mut out = Exposition::default();
        out.family("a", "gauge", "one \"line\"\nonly");
        out.sample("a", &[("b", "c\"\\\n"), ("d", "ü")], 1.5);
        let text = "# HELP a one \"line\"\\nonly\n# TYPE a gauge\na{b=\"c\\\"\\\\\\n\",d=\"ü\"} 1.5\n";
        assert_eq!(out.into_text(), text);
    }
}
