//! Patterns with `*`, as lists of user agents have them.

/// Whether the pattern fits the whole text. A `*` stands for any characters or none; every other character for
/// itself, its case included, and nothing escapes a `*`.
///
/// The parts between stars are looked for from the left, each once and for good: with no other wildcard the leftmost
/// place is as good as any. So the time grows with the sum of both lengths and no input makes it go back.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let Some((prefix, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let (middle, suffix) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut left) = text.strip_prefix(prefix).and_then(|left| left.strip_suffix(suffix)) else {
        return false;
    };
    middle.split('*').all(|part| match left.split_once(part) {
        Some((_, after)) => {
            left = after;
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::matches;

    #[test]
    fn a_pattern_without_a_star_is_exact() {
        assert!(matches("curl/8", "curl/8"));
        assert!(!matches("curl/8", "Curl/8"));
        assert!(!matches("curl", "curl/8"));
        assert!(matches("", ""));
        assert!(!matches("", "a"));
    }

    #[test]
    fn a_star_stands_for_any_characters_or_none() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "anything"),
            ("**", "a"),
            ("Mozilla/*", "Mozilla/5.0"),
            ("*Firefox*", "Mozilla/5.0 Firefox/1"),
            ("a*b", "ab"),
            ("a*b", "a\u{1f600}b"),
            ("*a*ab*", "aab"),
            ("*é", "café"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*a", "a"), ("*a*b*", "ba"), ("ab*bc", "abc"), ("*x", "xy")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_made_to_go_back_does_not() {
        let pattern = "*a".repeat(20_000) + "b";
        assert!(!matches(&pattern, &"a".repeat(1_000_000)));
    }

    /// What a pattern means, without any thought of time.
    fn slow(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skip| slow(rest, &text[skip..])),
            Some((first, rest)) => text.first() == Some(first) && slow(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_plain_definition(pattern in "[ab*]{0,7}", text in "[ab]{0,9}") {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                matches(&pattern, &text),
                slow(&characters(&pattern), &characters(&text))
            );
        }
    }
}
