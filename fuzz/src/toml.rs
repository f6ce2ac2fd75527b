//! TOML: the fast path and the full parser make the same of a document, and the crate `toml` accepts the same.

use strata_config_core::fuzzing::{Format, read, read_any_toml, read_plain_toml};
use strata_config_core::{Document, Kind, NodeId};
use toml::Value;

use crate::places;

/// Beyond this depth the crate `toml` has a limit of its own (80), which is not ours.
const DEEP: usize = 64;

/// Compares both of our parsers, and the crate `toml`.
pub fn toml(data: &[u8]) {
    let (document, faults) = read(Format::Toml, data);
    places::check(&document, &faults);
    if faults.iter().any(|fault| fault.code != "document.syntax" && fault.code != "document.duplicate_key") {
        return;
    }
    let text = std::str::from_utf8(data).expect("anything else is a fault");
    if let Some(plain) = read_plain_toml(text) {
        let (full, wrong) = read_any_toml(text);
        assert_eq!(wrong, []);
        assert_eq!(places::everything(&plain), places::everything(&full));
    }
    if depth(text) > DEEP {
        return;
    }
    match toml::from_str::<toml::Table>(text) {
        Ok(theirs) => {
            assert_eq!(faults, [], "{theirs:?}");
            same(&document, NodeId::ROOT, &Value::Table(theirs));
        }
        // What no 64 bits hold is text until its setting says what it is.
        Err(error) => assert!(!faults.is_empty() || beyond(&document, NodeId::ROOT), "{error}"),
    }
}

/// At least the nesting of brackets and dotted keys.
fn depth(text: &str) -> usize {
    text.bytes().filter(|byte| matches!(byte, b'[' | b'{' | b'.')).count()
}

fn same(document: &Document, node: NodeId, theirs: &Value) {
    let scalar = document.scalar(node);
    let digits = scalar.replace('_', "");
    match (document.kind(node), theirs) {
        (Kind::Table, Value::Table(table)) => {
            assert_eq!(document.children(node).count(), table.len());
            for child in document.children(node) {
                same(document, child, &table[document.key(child)]);
            }
        }
        (Kind::Array, Value::Array(items)) => {
            assert_eq!(document.children(node).count(), items.len());
            document.children(node).zip(items).for_each(|(child, item)| same(document, child, item));
        }
        (Kind::String, Value::String(text)) => assert_eq!(scalar, text),
        (Kind::Bool, Value::Boolean(value)) => assert_eq!(scalar, value.to_string()),
        (Kind::Integer, Value::Integer(value)) => assert_eq!(integer(&digits), Some(i128::from(*value)), "{scalar}"),
        (Kind::Float, Value::Float(value)) => {
            let ours: f64 = digits.parse().expect("a float");
            assert!(ours == *value || (ours.is_nan() && value.is_nan()), "{scalar} {value}");
        }
        (Kind::Datetime, Value::Datetime(value)) => {
            assert_eq!(scalar.parse::<toml::value::Datetime>().ok().as_ref(), Some(value), "{scalar}");
        }
        (kind, theirs) => panic!("{kind:?} {scalar} is {theirs:?}"),
    }
}

fn integer(digits: &str) -> Option<i128> {
    let (radix, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits),
    };
    i128::from_str_radix(digits, radix).ok()
}

/// Whether a number is one that the crate `toml` has no type for.
fn beyond(document: &Document, node: NodeId) -> bool {
    let digits = || document.scalar(node).replace('_', "");
    match document.kind(node) {
        Kind::Integer => integer(&digits()).is_none_or(|value| i64::try_from(value).is_err()),
        Kind::Float => !digits().contains("inf") && digits().parse::<f64>().is_ok_and(f64::is_infinite),
        _ => document.children(node).any(|child| beyond(document, child)),
    }
}
