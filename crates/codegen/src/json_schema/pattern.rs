//! Regular expressions that JSON Schema's dialect (ECMA-262) reads.

/// A text in any case.
pub(super) fn any_case(text: &str) -> String {
    let mut pattern = String::new();
    for char in text.chars() {
        if char.is_ascii_alphabetic() {
            pattern.push_str(&format!("[{}{}]", char.to_ascii_uppercase(), char.to_ascii_lowercase()));
        } else {
            push_escaped(char, &mut pattern);
        }
    }
    pattern
}

/// One of these texts in any case, and nothing else but blanks around it.
pub(super) fn choice<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(any_case).collect();
    format!("^\\s*(?:{})\\s*$", names.join("|"))
}

/// A text that has this part.
pub(super) fn part(text: &str) -> String {
    let mut pattern = String::new();
    text.chars().for_each(|char| push_escaped(char, &mut pattern));
    pattern
}

fn push_escaped(char: char, pattern: &mut String) {
    if "\\^$.|?*+()[]{}/".contains(char) {
        pattern.push('\\');
    }
    pattern.push(char);
}

/// Whether a pattern of the crate `regex` means the same to ECMA-262.
pub(super) fn is_portable(pattern: &str) -> bool {
    let foreign =
        ["(?", "[[", "\\A", "\\z", "\\p", "\\P", "\\x{", "\\u{", "\\U", "&&", "--", "~~", "\\b{", "\\<", "\\>"];
    let groups = pattern.replace("(?:", "(");
    pattern.is_ascii() && !foreign.iter().any(|part| groups.contains(part))
}

/// A duration as text: numbers with units, or a bare number.
pub(super) const DURATION: &str =
    r"^\s*(?:(?:[0-9._]+\s*(?:ns|us|ms|s|min|m|h|d|w)\s*)+|\+?[0-9._]+(?:[eE][+-]?[0-9]+)?|0[xob][0-9a-fA-F_]+)\s*$";

/// A size as text: a number, and a unit in any case.
pub(super) const SIZE: &str =
    r"^\s*\+?[0-9._]+(?:[eE][+-]?[0-9]+)?\s*(?:[kKmMgGtT](?:[iI]?[bB])?|[bB](?:[yY][tT][eE][sS]?)?)?\s*$";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_in_any_case() {
        assert_eq!(choice(["a-1", "b.c"]), "^\\s*(?:[Aa]-1|[Bb]\\.[Cc])\\s*$");
    }

    #[test]
    fn what_only_rust_reads_is_known() {
        assert!(is_portable("^(?:a|b)+\\d{2}$"));
        for foreign in ["(?i)a", "(?P<x>a)", "[[:alpha:]]", "\\Aa\\z", "\\p{L}", "é"] {
            assert!(!is_portable(foreign), "{foreign}");
        }
    }
}
