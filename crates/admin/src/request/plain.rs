//! Plain scalars of YAML, by its core schema (YAML 1.2.2, section 10.3.2).

use strata_config_core::Value;

/// What a plain scalar stands for.
pub(super) fn value(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Value::Float(f64::NAN),
        _ => {}
    }
    integer(text)
        .map(Value::Int)
        .or_else(|| float(text).map(Value::Float))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

fn integer(text: &str) -> Option<i128> {
    if let Some(digits) = text.strip_prefix("0o") {
        return unsigned(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return unsigned(digits, 16);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

fn unsigned(digits: &str, radix: u32) -> Option<i128> {
    if digits.starts_with(['-', '+']) { None } else { i128::from_str_radix(digits, radix).ok() }
}

fn float(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if [".inf", ".Inf", ".INF"].contains(&digits) {
        return Some(sign * f64::INFINITY);
    }
    // Rust reads words as well, which are text here.
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if is_number { digits.parse::<f64>().ok().map(|number| sign * number) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_what_the_core_schema_says() {
        for (text, expected) in [
            ("8", Value::Int(8)),
            ("-8", Value::Int(-8)),
            ("0x1F", Value::Int(31)),
            ("0o17", Value::Int(15)),
            ("18446744073709551616", Value::Int(18_446_744_073_709_551_616)),
            ("1.5", Value::Float(1.5)),
            ("-.5e3", Value::Float(-500.0)),
            ("-.inf", Value::Float(f64::NEG_INFINITY)),
            ("True", Value::Bool(true)),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        for text in ["yes", "inf", "nan", "1.2.3", "0x", "0x-1", "-", "+", "1e", "30s", "--1", "1_000", "."] {
            assert_eq!(value(text), Value::String(text.to_owned()), "{text}");
        }
    }
}
