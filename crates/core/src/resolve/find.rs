//! References within a text.

use super::{Reference, Unresolved};

/// Schemes that mean a reference wherever a secret is expected, also in a program that reads none of them: what looks
/// like one is never taken for the secret itself.
const KNOWN: [&str; 3] = ["fernet", "fernet-base64", "aws-sm"];

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Text(&'t str),
    Reference {
        scheme: String,
        what: &'t str,
    },
    /// A `${scheme:` without its brace.
    Unclosed {
        scheme: String,
    },
}

/// The scheme of a text that is a reference of one that everybody knows, or has one in it.
pub(crate) fn is_reference(text: &str) -> Option<&'static str> {
    // Most secrets have no colon, and of the others most no scheme.
    if !text.contains(':') {
        return None;
    }
    let scheme = match whole(text, &is_known) {
        Some((scheme, _)) => scheme,
        None => opening(text, &is_known)?.scheme,
    };
    known(scheme)
}

/// The reference that a text is as a whole, where everybody knows its scheme: what a store may keep as it stands.
#[must_use]
pub fn reference_of(text: &str) -> Option<Reference<'_>> {
    let (scheme, what) = whole(text, &is_known)?;
    Some(Reference { scheme: known(scheme)?, what })
}

/// Whether everybody knows a scheme.
pub(super) fn is_known(scheme: &str) -> bool {
    known(scheme).is_some()
}

fn known(scheme: &str) -> Option<&'static str> {
    KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(scheme))
}

/// A text in parts, where it has any reference of these schemes; `None` where it is only text.
pub(super) fn parts<'t>(text: &'t str, is_scheme: &dyn Fn(&str) -> bool) -> Option<Vec<Part<'t>>> {
    if let Some((scheme, what)) = whole(text, is_scheme) {
        return Some(vec![Part::Reference { scheme: scheme.to_ascii_lowercase(), what }]);
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(Opening { at, scheme, after }) = opening(rest, is_scheme) {
        if at > 0 {
            parts.push(Part::Text(&rest[..at]));
        }
        let scheme = scheme.to_ascii_lowercase();
        let Some(end) = rest[after..].find('}') else {
            parts.push(Part::Unclosed { scheme });
            return Some(parts);
        };
        parts.push(Part::Reference { scheme, what: &rest[after..after + end] });
        rest = &rest[after + end + 1..];
    }
    if parts.is_empty() {
        return None;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Some(parts)
}

/// What is said of a `${scheme:` without its brace.
#[cold]
pub(super) fn unclosed(scheme: &str) -> Unresolved {
    Unresolved::malformed(format!("this `${{{scheme}:` is not closed")).with_help("add its `}`")
}

/// `SCHEME:WHAT`, blanks around it aside: those of a variable or a file are no part of it.
fn whole<'t>(text: &'t str, is_scheme: &dyn Fn(&str) -> bool) -> Option<(&'t str, &'t str)> {
    let (scheme, what) = text.trim().split_once(':')?;
    is_scheme(scheme).then_some((scheme, what))
}

/// A `${SCHEME:` in a text.
struct Opening<'t> {
    at: usize,
    scheme: &'t str,
    /// Where what follows the colon begins.
    after: usize,
}

fn opening<'t>(text: &'t str, is_scheme: &dyn Fn(&str) -> bool) -> Option<Opening<'t>> {
    let mut from = 0;
    while let Some(found) = text[from..].find("${") {
        let at = from + found;
        from = at + 2;
        if let Some((scheme, _)) = text[from..].split_once(':')
            && is_scheme(scheme)
        {
            return Some(Opening { at, scheme, after: from + scheme.len() + 1 });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_scheme(scheme: &str) -> bool {
        scheme.eq_ignore_ascii_case("aws-sm")
    }

    fn reference(what: &str) -> Part<'_> {
        Part::Reference { scheme: "aws-sm".to_owned(), what }
    }

    #[test]
    fn a_whole_value_is_a_reference() {
        assert_eq!(parts("aws-sm:myapp/db#password", &is_scheme), Some(vec![reference("myapp/db#password")]));
        assert_eq!(parts(" AWS-SM:a \n", &is_scheme), Some(vec![reference("a")]));
    }

    #[test]
    fn references_within_a_text_are_found() {
        let found = parts("pg://${aws-sm:db#user}:${aws-sm:db#pw}@h/db", &is_scheme);
        let text = Part::Text;
        let expected = vec![text("pg://"), reference("db#user"), text(":"), reference("db#pw"), text("@h/db")];
        assert_eq!(found, Some(expected));
    }

    #[test]
    fn other_texts_are_only_text() {
        for text in ["", "hunter2", "a:b", "${HOME}", "${vault:x}", "${", "x aws-sm:y", "aws-smx:y", "$ {aws-sm:x}"] {
            assert_eq!(parts(text, &is_scheme), None, "{text}");
        }
    }

    #[test]
    fn a_reference_without_its_brace_is_told() {
        let unclosed = Part::Unclosed { scheme: "aws-sm".to_owned() };
        assert_eq!(parts("a${aws-sm:b", &is_scheme), Some(vec![Part::Text("a"), unclosed]));
    }

    #[test]
    fn schemes_that_everybody_knows_are_never_plain_text() {
        assert_eq!(is_reference("FERNET:gAAA"), Some("fernet"));
        assert_eq!(is_reference("a ${x} ${aws-sm:b"), Some("aws-sm"));
        assert_eq!(is_reference("postgres://u:p@h"), None);
    }
}
