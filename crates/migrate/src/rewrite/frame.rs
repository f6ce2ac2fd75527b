//! What stays around a document's entries whatever they become: a byte-order mark, the comment at the head, the line breaks.

use super::Format;

const MARK: char = '\u{feff}';

/// A text without what stays around it.
pub(super) struct Frame {
    head: String,
    pub(super) body: String,
    /// Lines end as on Windows.
    returns: bool,
}

impl Frame {
    pub(super) fn of(format: Format, text: &str) -> Self {
        let returns = text.contains("\r\n") && text.matches('\n').count() == text.matches("\r\n").count();
        let text = if returns { text.replace("\r\n", "\n") } else { text.to_owned() };
        let (head, body) = text.split_at(head(format, &text));
        Self { head: head.to_owned(), body: body.to_owned(), returns }
    }

    /// The whole text around another body.
    pub(super) fn around(&self, body: &str) -> String {
        let line = if self.head.trim_matches(MARK).is_empty() || self.head.ends_with('\n') { "" } else { "\n" };
        let whole = format!("{}{line}{body}", self.head);
        if self.returns { whole.replace('\n', "\r\n") } else { whole }
    }
}

/// How long the head is: a byte-order mark, YAML's directives, and the comments of the first lines. A blank line parts them
/// from those of the first entry; where there is none, they are all about the file.
fn head(format: Format, text: &str) -> usize {
    let mut at = if text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    let (mut parted, mut commented) = (None, false);
    for line in text[at..].split_inclusive('\n') {
        let shown = line.trim();
        let is_marker = format == Format::Yaml && (shown == "---" || line.starts_with('%'));
        if !shown.is_empty() && !is_marker && !is_comment(format, shown) {
            break;
        }
        at += line.len();
        commented |= is_comment(format, shown);
        if shown.is_empty() && commented {
            parted = Some(at);
        }
    }
    parted.unwrap_or(at)
}

/// Whether a line, without the blanks before it, is a comment.
pub(super) fn is_comment(format: Format, line: &str) -> bool {
    match format {
        Format::Toml | Format::Yaml => line.starts_with('#'),
        Format::Json => line.starts_with("//"),
    }
}
