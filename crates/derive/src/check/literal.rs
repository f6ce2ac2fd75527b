//! Whether a literal is a value of a field's type.

use syn::Type;

use crate::ctxt::Ctxt;
use crate::ir::Choice;
use crate::parse::{Literal, LiteralKind};

use super::shape::Shape;
use super::unit::Unit;

/// Reports every part of a literal that the type does not take; says whether all of it fits.
pub(super) fn fits(ctxt: &Ctxt, shape: &Shape<'_>, unit: Unit, literal: &Literal) -> bool {
    if let (Shape::Option(inner), kind) = (shape, &literal.kind) {
        return *kind == LiteralKind::Null || fits(ctxt, inner, unit, literal);
    }
    match (shape, &literal.kind) {
        (Shape::Unknown(_), _) => true,
        (_, LiteralKind::Null) => {
            ctxt.error(
                &literal.tokens,
                "`None` is a value of `Option` alone: make the type an `Option`, or write a value",
            );
            false
        }
        (Shape::List { item, len }, LiteralKind::List(items)) => {
            if let Some(len) = len.filter(|&len| len != items.len()) {
                ctxt.error(&literal.tokens, format_args!("the array takes {len} items, not {}", items.len()));
                return false;
            }
            items.iter().filter(|literal| !fits(ctxt, item, unit, literal)).count() == 0
        }
        // A list of pairs: its items are of a type that the macro does not know.
        (Shape::List { item, .. }, LiteralKind::Map(_)) if matches!(**item, Shape::Unknown(_)) => true,
        (Shape::Map(value), LiteralKind::Map(entries)) => {
            let duplicate =
                entries.iter().enumerate().find(|(at, (key, _))| entries[..*at].iter().any(|(other, _)| other == key));
            if let Some((_, (key, value))) = duplicate {
                ctxt.error(&value.tokens, format_args!("the key \"{key}\" stands twice in this map"));
                return false;
            }
            entries.iter().filter(|(_, literal)| !fits(ctxt, value, unit, literal)).count() == 0
        }
        (Shape::Map(_), LiteralKind::List(items)) if items.is_empty() => true,
        (shape, _) => match misfit(shape, unit, literal) {
            Some(message) => {
                ctxt.error(&literal.tokens, message);
                false
            }
            None => true,
        },
    }
}

/// What a type takes, where the literal is something else.
fn misfit(shape: &Shape<'_>, unit: Unit, literal: &Literal) -> Option<String> {
    let text = literal.text();
    let takes = |what: &str| Some(format!("{} takes {what}, not {text}", shape.name()));
    match (shape, &literal.kind) {
        (Shape::Bool, LiteralKind::Bool(_))
        | (Shape::Str, LiteralKind::Str(_))
        | (Shape::Float(_), LiteralKind::Int(_)) => None,
        (Shape::Float("f32"), LiteralKind::Float(value)) if value.abs() > f64::from(f32::MAX) => {
            takes("a number up to 3.4e38")
        }
        (Shape::Float(_), LiteralKind::Float(_)) => None,
        (Shape::Bool, _) => takes("`true` or `false`"),
        (Shape::Char, LiteralKind::Str(value)) if value.chars().count() == 1 => None,
        (Shape::Char, _) => takes("one character, such as \"a\""),
        (Shape::Int(int), LiteralKind::Int(0)) if !int.zero => takes("a number other than 0"),
        (Shape::Int(int), LiteralKind::Int(value)) if (int.min..=int.max).contains(value) => None,
        (Shape::Int(int), LiteralKind::Str(value)) if value.parse::<i128>().is_ok() => {
            takes(&format!("a whole number from {} to {}", int.min, int.max))
                .map(|message| format!("{message}: leave out the quotes"))
        }
        (Shape::Int(int), _) => takes(&format!("a whole number from {} to {}", int.min, int.max)),
        (Shape::Float(_), LiteralKind::Str(value)) if value.parse::<f64>().is_ok() => {
            takes("a number").map(|message| format!("{message}: leave out the quotes"))
        }
        (Shape::Float(_), _) => takes("a number"),
        (Shape::Str, LiteralKind::Int(_) | LiteralKind::Float(_) | LiteralKind::Bool(_)) => {
            Some(format!("the field is a text: write \"{text}\" in quotes"))
        }
        (Shape::Str, _) => Some(format!("the field is a text, not {text}")),
        (Shape::Address(_, _, parses), LiteralKind::Str(value)) if parses(value) => None,
        (Shape::Address(_, example, _), _) => takes(&format!("an address such as \"{example}\"")),
        (Shape::Duration, _) if unit.measure(shape, literal).is_some() => None,
        (Shape::Duration, _) => takes("a duration such as \"30s\", \"5m\", \"1h30m\" or \"250ms\""),
        (Shape::Size, _) if unit.measure(shape, literal).is_some() => None,
        (Shape::Size, _) => takes("a size such as \"256MB\", \"1GiB\" or 512"),
        (Shape::List { .. }, _) => Some(format!("the field is a list, not {text}: write `[…]`")),
        (Shape::Map(_), _) => Some(format!("the field is a map, not {text}: write `[(\"key\", value)]`")),
        (Shape::Option(_) | Shape::Unknown(_), _) => None,
    }
}

/// Notes the strings of a literal that stand for values of unknown types.
pub(super) fn choices<'a>(
    shape: &Shape<'a>,
    literal: &Literal,
    known: &dyn Fn(&Type) -> bool,
    found: &mut Vec<Choice<'a>>,
) {
    match (shape, &literal.kind) {
        (Shape::Unknown(ty), LiteralKind::Str(_)) if known(ty) => {
            found.extend(literal.string().map(|text| Choice { ty, text }));
        }
        (Shape::Option(inner), _) => choices(inner, literal, known, found),
        (Shape::List { item, .. }, LiteralKind::List(items)) => {
            items.iter().for_each(|literal| choices(item, literal, known, found));
        }
        (Shape::Map(value), LiteralKind::Map(entries)) => {
            entries.iter().for_each(|(_, literal)| choices(value, literal, known, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::fits;
    use crate::check::shape::Shape;
    use crate::check::unit::Unit;
    use crate::ctxt::Ctxt;
    use crate::parse::Literal;
    use syn::parse::Parser;

    fn message(ty: &str, literal: &str) -> Option<String> {
        let ty = syn::parse_str(ty).unwrap();
        let literal = Literal::parse.parse_str(literal).unwrap().unwrap();
        let (shape, ctxt) = (Shape::of(&ty), Ctxt::new());
        let unit = Unit::check(&ctxt, None, &shape);
        let fit = fits(&ctxt, &shape, unit, &literal);
        let errors = ctxt.finish().err().map(|tokens| tokens.to_string());
        assert_eq!(fit, errors.is_none());
        errors
    }

    #[test]
    fn values_of_their_types_fit() {
        for (ty, literal) in [
            ("bool", "true"),
            ("u8", "255"),
            ("i8", "-128"),
            ("u128", "5"),
            ("NonZeroU16", "1"),
            ("f32", "1"),
            ("f64", "-0.5"),
            ("char", "'x'"),
            ("String", "\"x\""),
            ("std::path::PathBuf", "\"/x\""),
            ("IpAddr", "\"::1\""),
            ("std::net::SocketAddr", "\"127.0.0.1:80\""),
            ("Duration", "\"1h30m\""),
            ("std::time::Duration", "30"),
            ("ByteSize", "\"1GiB\""),
            ("Option<u8>", "None"),
            ("Option<u8>", "7"),
            ("Secret<String>", "\"\""),
            ("Vec<u8>", "[1, 2]"),
            ("[u8; 2]", "[1, 2]"),
            ("HashMap<String, u8>", "[(\"a\", 1)]"),
            ("BTreeMap<String, u8>", "[]"),
            ("Vec<(String, u8)>", "[(\"a\", 1)]"),
            ("Box<str>", "\"x\""),
            ("chrono::Duration", "\"P1D\""),
            ("LogLevel", "\"info\""),
        ] {
            assert_eq!(message(ty, literal), None, "{ty} = {literal}");
        }
    }

    #[test]
    fn other_values_are_refused_with_what_the_type_takes() {
        for (ty, literal, expected) in [
            ("bool", "\"yes\"", "`true` or `false`"),
            ("u8", "256", "from 0 to 255, not 256"),
            ("u16", "-1", "from 0 to 65535, not -1"),
            ("u16", "\"8080\"", "leave out the quotes"),
            ("u16", "1.5", "not 1.5"),
            ("NonZeroU16", "0", "other than 0"),
            ("f32", "1e39", "3.4e38"),
            ("char", "\"ab\"", "one character"),
            ("String", "5", "in quotes"),
            ("Ipv4Addr", "\"::1\"", "127.0.0.1"),
            ("Duration", "\"30 parsecs\"", "\\\"30s\\\""),
            ("Duration", "-5", "a duration"),
            ("ByteSize", "\"1XB\"", "256MB"),
            ("u8", "None", "`Option` alone"),
            ("Vec<u8>", "5", "is a list, not 5"),
            ("Vec<u8>", "[1, 256]", "not 256"),
            ("[u8; 2]", "[1]", "2 items, not 1"),
            ("HashMap<String, u8>", "[1]", "is a map"),
            ("HashMap<String, u8>", "[(\"a\", 1), (\"a\", 2)]", "stands twice"),
            ("Option<Vec<IpAddr>>", "[\"x\"]", "an address"),
        ] {
            let message = message(ty, literal).unwrap_or_default();
            assert!(message.contains(expected), "{ty} = {literal}: {message}");
        }
    }
}
