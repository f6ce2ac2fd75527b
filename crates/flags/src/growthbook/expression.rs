//! JavaScript's regular expressions as ours, where they mean the same.

use regex::{Regex, RegexBuilder};

/// Compiles an expression as JavaScript reads it without the flag `u`; `None` where it is none, or one of those beyond us.
pub(super) fn compile(expression: &str, ignore_case: bool) -> Option<Regex> {
    if is_beyond(expression) {
        return None;
    }
    // Of what people may write into a running program, no expression takes more memory than this.
    RegexBuilder::new(&translate(expression)).case_insensitive(ignore_case).size_limit(1 << 20).build().ok()
}

/// Whether an expression looks around or back: no engine that ends in linear time knows that.
pub(super) fn is_beyond(expression: &str) -> bool {
    let mut rest = expression;
    while let Some(start) = rest.find(['\\', '(']) {
        rest = &rest[start..];
        if ["(?=", "(?!", "(?<=", "(?<!", "\\k<"].iter().any(|begin| rest.starts_with(begin)) {
            return true;
        }
        let mut letters = rest.chars();
        let escapes = letters.next() == Some('\\');
        if escapes && letters.next().is_some_and(|letter| matches!(letter, '1'..='9')) {
            return true;
        }
        rest = if escapes { letters.as_str() } else { &rest[1..] };
    }
    false
}

/// The same expression for the crate `regex`: there `\d`, `\w` and `\b` know all of Unicode, `.` takes `\r`, and a `[`
/// or `&&` within a class means something.
fn translate(expression: &str) -> String {
    let mut written = String::with_capacity(expression.len() + 16);
    let mut letters = expression.chars();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('d') => written.push_str("[0-9]"),
                Some('D') => written.push_str("[^0-9]"),
                Some('w') => written.push_str("[0-9A-Za-z_]"),
                Some('W') => written.push_str("[^0-9A-Za-z_]"),
                Some('b') if in_class => written.push_str(r"\x08"),
                Some('b') => written.push_str(r"(?-u:\b)"),
                Some('0') => written.push_str(r"\x00"),
                Some(escaped) => written.extend(['\\', escaped]),
                None => written.push('\\'),
            },
            '[' if in_class => written.push_str(r"\["),
            '&' | '~' if in_class => written.extend(['\\', letter]),
            '.' if !in_class => written.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            _ => {
                in_class = letter == '[' || (in_class && letter != ']');
                written.push(letter);
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{compile, is_beyond};

    #[test]
    fn letters_and_digits_are_those_of_ascii() {
        let finds = |expression, text| compile(expression, false).unwrap().is_match(text);
        assert!(finds(r"^\d+$", "123") && !finds(r"^\d+$", "١٢٣"));
        assert!(finds(r"^[\w.]+$", "a.b_1") && !finds(r"^\w$", "é"));
        assert!(finds(r"^[[&&]+$", "[&") && !finds("^a.b$", "a\rb"));
        assert!(finds(r"\bcat\b", "écat") && finds(r"https:\/\/", "https://"));
    }

    #[test]
    fn what_looks_around_or_back_is_beyond() {
        for expression in ["a(?=b)", "(?<!x)y", r"(a)\1", r"(?<n>a)\k<n>"] {
            assert!(is_beyond(expression) && compile(expression, false).is_none(), "{expression}");
        }
        for expression in [r"\\(?:1)", r"\(?=", "(?<name>a)", r"\\1"] {
            assert!(!is_beyond(expression), "{expression}");
        }
    }
}
