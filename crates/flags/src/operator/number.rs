//! Numbers that arrive as texts, since some contexts have nothing but texts.

/// The number that a text is: an optional sign, digits, optionally `.` and digits, optionally an exponent.
///
/// Nothing else is a number: no spaces, no `1_000` or `1,5`, no hexadecimal, no `.5` or `5.`, no `inf` or `nan`, and
/// nothing too large to be finite. Leading zeros count for nothing. Digits beyond what a double holds are rounded to
/// the nearest, as in JSON.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['-', '+']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if ![whole, fraction, exponent].into_iter().all(digits) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;

    #[test]
    fn decimal_numbers_are_read() {
        for (text, number) in [
            ("0", 0.0),
            ("-0", 0.0),
            ("+7", 7.0),
            ("007", 7.0),
            ("3.25", 3.25),
            ("-1e3", -1000.0),
            ("1E-2", 0.01),
            ("9007199254740993", 9_007_199_254_740_992.0),
        ] {
            assert_eq!(parse(text), Some(number), "{text}");
        }
    }

    #[test]
    fn all_else_is_no_number() {
        for text in [
            "", " 1", "1 ", "-", "+-1", "--1", ".5", "5.", "1.2.3", "e1", "1e", "1e+", "0x10", "1_000", "1,5", "inf",
            "-inf", "infinity", "nan", "NaN", "1e999", "-1e999", "١٢", "½", "1\0",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn huge_texts_are_read_or_refused() {
        assert_eq!(parse(&"9".repeat(100_000)), None);
        assert_eq!(parse(&("0.".to_owned() + &"0".repeat(100_000))), Some(0.0));
        assert_eq!(parse(&("1e-".to_owned() + &"9".repeat(1000))), Some(0.0));
    }

    proptest! {
        #[test]
        fn what_rust_writes_is_read_back(number in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
            prop_assert_eq!(parse(&number.to_string()), Some(number));
            prop_assert_eq!(parse(&format!("{number:e}")), Some(number));
        }

        #[test]
        fn no_text_panics_or_gives_what_is_not_finite(text in ".{0,40}") {
            prop_assert!(parse(&text).is_none_or(f64::is_finite));
        }
    }
}
