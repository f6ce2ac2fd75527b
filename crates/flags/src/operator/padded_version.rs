//! Versions as GrowthBook compares them (`$veq`, `$vne`, `$vgt`, `$vgte`, `$vlt`, `$vlte`): as padded texts.

use std::cmp::Ordering;
use std::iter::repeat_n;

/// How the first text stands to the second. Every text is a version of some kind here, the empty one counts as `0`.
///
/// Source: growthbook/growthbook, `packages/sdk-js/src/util.ts`, `paddedVersionString`: a leading `v` and all from
/// a `+` on go; what is between `-` and `.` are parts; three parts get a fourth, `~`, which is the greatest in ASCII,
/// so that a release comes after its pre-releases; parts of digits are padded with spaces to five, so that 10 comes
/// after 9 (and, unpadded beyond five digits, 100000 before 99999); parts are joined by `-` and compared as JavaScript
/// compares texts, by UTF-16 units. Here the padded texts are never written down.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    units(one).cmp(units(other))
}

fn units(text: &str) -> impl Iterator<Item = u16> {
    let text = if text.is_empty() { "0" } else { text };
    let text = without_build(text.strip_prefix('v').unwrap_or(text));
    let parts = || text.split(['-', '.']);
    let release = parts().take(4).count() == 3;
    parts().chain(release.then_some("~")).enumerate().flat_map(|(index, part)| {
        let joint = (index > 0).then_some(u16::from(b'-'));
        joint.into_iter().chain(padded(part))
    })
}

fn padded(part: &str) -> impl Iterator<Item = u16> {
    // A length beyond five pads nothing, so only short parts need a look at their bytes.
    let digits = !part.is_empty() && part.len() < 5 && part.bytes().all(|byte| byte.is_ascii_digit());
    let spaces = if digits { 5 - part.len() } else { 0 };
    repeat_n(u16::from(b' '), spaces).chain(part.encode_utf16())
}

/// JavaScript's `/\+.*$/`: the `.` takes no line's end, so the build begins with the first `+` of the last line.
fn without_build(text: &str) -> &str {
    let line = text.rfind(['\n', '\r', '\u{2028}', '\u{2029}']).unwrap_or(0);
    let (before, last) = text.split_at(line);
    match last.find('+') {
        Some(plus) => text.split_at(before.len() + plus).0,
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use proptest::prelude::*;

    use super::compare;

    /// What GrowthBook writes down, for the comparison with what is never written.
    fn padded(text: &str) -> String {
        let text = if text.is_empty() { "0" } else { text };
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split('+').next().unwrap();
        let mut parts: Vec<_> = text.split(['-', '.']).collect();
        if parts.len() == 3 {
            parts.push("~");
        }
        let pad = |part: &&str| match part.parse::<u64>() {
            Ok(_) => format!("{part:>5}"),
            Err(_) => (*part).to_owned(),
        };
        parts.iter().map(pad).collect::<Vec<_>>().join("-")
    }

    #[test]
    fn versions_compare_as_padded_texts() {
        for (one, ordering, other) in [
            ("9.0.0", Less, "10.0.0"),
            ("1.2.3-alpha", Less, "1.2.3"),
            ("1.2.3-alpha.2", Less, "1.2.3-alpha.10"),
            ("1.2.3-r2", Greater, "1.2.3-r100"),
            ("1.2.3-Beta", Less, "1.2.3-alpha"),
            ("v1.2.3", Equal, "1.2.3+build.7"),
            ("1.2", Less, "1.2.0"),
            ("100000.0.0", Less, "99999.0.0"),
            ("a.b.c", Greater, "1.2.3"),
            ("", Equal, "0"),
            ("1+1\n2", Greater, "1+2"),
            ("1.0.0-\u{ffff}", Greater, "1.0.0-\u{1f600}"),
        ] {
            assert_eq!(compare(one, other), ordering, "{one:?} {other:?}");
            assert_eq!(compare(other, one), ordering.reverse(), "{one:?} {other:?}");
        }
    }

    #[test]
    fn huge_texts_end() {
        let (dots, digits) = (".".repeat(1_000_000), "9".repeat(1_000_000));
        assert_eq!(compare(&dots, &dots), Equal);
        assert_eq!(compare(&digits, &digits), Equal);
    }

    #[test]
    #[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
    fn conformance_growthbooks_own_cases_hold() {
        let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
        let file = std::path::Path::new(&folder).join("growthbook/cases.json");
        let cases: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let mut seen = 0;
        for case in cases["evalCondition"].as_array().unwrap() {
            for (attribute, operators) in case[1].as_object().unwrap() {
                for (operator, version) in operators.as_object().into_iter().flatten() {
                    let (Some(version), Some(actual)) = (version.as_str(), case[2][attribute].as_str()) else {
                        continue;
                    };
                    let ordering = compare(actual, version);
                    let holds = match operator.as_str() {
                        "$veq" => ordering.is_eq(),
                        "$vne" => ordering.is_ne(),
                        "$vgt" => ordering.is_gt(),
                        "$vgte" => ordering.is_ge(),
                        "$vlt" => ordering.is_lt(),
                        "$vlte" => ordering.is_le(),
                        _ => continue,
                    };
                    // Two operators in a case hold together or the case fails; one alone decides it.
                    let decided = operators.as_object().unwrap().len() == 1 || case[3] == true;
                    assert!(!decided || case[3] == holds, "{case}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 80, "{seen}");
    }

    proptest! {
        #[test]
        fn nothing_is_written_and_all_is_as_if(
            one in "v?[0-9a~Z.+-]{0,12}",
            other in "v?[0-9a~Z.+-]{0,12}",
        ) {
            prop_assert_eq!(compare(&one, &other), padded(&one).cmp(&padded(&other)));
        }

        #[test]
        fn every_text_equals_itself(text in ".{0,40}") {
            prop_assert_eq!(compare(&text, &text), Equal);
        }
    }
}
