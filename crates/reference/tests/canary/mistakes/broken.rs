//! Documents that can't be parsed, at a secret or around it.

use super::Told;
use crate::case::{Case, Marked, Subject};
use crate::documents::Language;
use crate::subjects::for_every_system;

/// The text with one thing broken; `None` where there is no such thing in it.
pub(super) type Break = fn(text: &str, secret: &Marked) -> Option<Vec<u8>>;

pub(super) const BREAKS: [(&str, Break); 22] = [
    ("no closing quote", |text, secret| at(text, secret, |before, value, after| join(&[before, value, &after[1..]]))),
    ("no opening quote", |text, secret| {
        at(text, secret, |before, value, after| join(&[&before[..before.len() - 1], value, after]))
    }),
    ("no quotes", |text, secret| {
        at(text, secret, |before, value, after| join(&[&before[..before.len() - 1], value, &after[1..]]))
    }),
    ("cut within it", |text, secret| at(text, secret, |before, value, _| join(&[before, &value[..value.len() - 2]]))),
    ("cut behind it", |text, secret| at(text, secret, |before, value, _| join(&[before, value, "\""]))),
    ("a quote within it", |text, secret| {
        at(text, secret, |before, value, after| join(&[before, value, "\"", value, after]))
    }),
    ("an escape that is none", |text, secret| {
        at(text, secret, |before, value, after| join(&[before, "\\q", value, after]))
    }),
    ("half an escape", |text, secret| at(text, secret, |before, value, after| join(&[before, value, "\\u12", after]))),
    ("a lone surrogate", |text, secret| {
        at(text, secret, |before, value, after| join(&[before, value, "\\ud800", after]))
    }),
    ("a control character", |text, secret| {
        at(text, secret, |before, value, after| join(&[before, value, "\u{0}", value, after]))
    }),
    ("a line break within it", |text, secret| {
        at(text, secret, |before, value, after| join(&[before, value, "\n", value, after]))
    }),
    ("no Unicode", |text, secret| {
        at(text, secret, |before, value, after| {
            [before.as_bytes(), value.as_bytes(), &[0xff, 0xfe], value.as_bytes(), after.as_bytes()].concat()
        })
    }),
    ("something behind it", |text, secret| {
        at(text, secret, |before, value, after| join(&[before, value, "\" ", value, &after[1..]]))
    }),
    ("something before it", |text, secret| {
        at(text, secret, |before, value, after| join(&[&before[..before.len() - 1], "= : \"", value, after]))
    }),
    ("two quotes too many", |text, secret| {
        at(text, secret, |before, value, after| join(&[before, "\"\"", value, after]))
    }),
    ("three single quotes", |text, secret| {
        at(text, secret, |before, value, after| join(&[&before[..before.len() - 1], "'''", value, "\n", &after[1..]]))
    }),
    ("a block", |text, secret| {
        at(text, secret, |before, value, after| {
            join(&[&before[..before.len() - 1], "|\n  ", value, "\n ", value, after])
        })
    }),
    ("an anchor", |text, secret| {
        at(text, secret, |before, value, after| {
            join(&["anchored: &it \"", value, "\"\n", &before[..before.len() - 1], "*it", &after[1..]])
        })
    }),
    ("a tag", |text, secret| {
        at(text, secret, |before, value, after| join(&[&before[..before.len() - 1], "!!int \"", value, after]))
    }),
    ("twice", |text, secret| line(text, secret, |before, line, after| join(&[before, line, "\n", line, after]))),
    ("without a key", |text, secret| {
        at(text, secret, |before, value, after| {
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            join(&[&before[..start], value, after])
        })
    }),
    ("brackets that do not match", |text, secret| {
        line(text, secret, |before, line, after| join(&[before, "[", line, "}", after]))
    }),
];

/// The text before a secret's value, the value, and what is behind it.
fn at(text: &str, secret: &Marked, broken: fn(&str, &str, &str) -> Vec<u8>) -> Option<Vec<u8>> {
    let start = text.find(&secret.given)?;
    let end = start + secret.given.len();
    Some(broken(&text[..start], &secret.given, &text[end..]))
}

/// The text before a secret's line, the line, and what is behind it.
fn line(text: &str, secret: &Marked, broken: fn(&str, &str, &str) -> Vec<u8>) -> Option<Vec<u8>> {
    let value = text.find(&secret.given)?;
    let start = text[..value].rfind('\n').map_or(0, |at| at + 1);
    let end = text[value..].find('\n').map_or(text.len(), |at| value + at);
    Some(broken(&text[..start], &text[start..end], &text[end..]))
}

fn join(parts: &[&str]) -> Vec<u8> {
    parts.concat().into_bytes()
}

fn a_broken_document_does_not_show_its_secrets<S: Subject>() {
    let case = Case::of::<S>("broken");
    let mut told = Told::of(&case);
    for language in Language::ALL {
        let text = language.write(&case.document());
        for secret in &case.secrets {
            for (name, broken) in BREAKS {
                let broken = broken(&text, secret).expect("the secret stands in the document");
                told.document::<S>(&case, format!("{}, {name}", secret.path), language, &broken);
            }
        }
    }
    told.end(100 * case.free().count());
}

/// The same of a `.env` file.
fn a_broken_env_file_does_not_show_its_secrets<S: Subject>() {
    let case = Case::of::<S>("env file");
    let mut told = Told::of(&case);
    let named: Vec<_> = case.secrets.iter().filter_map(|secret| Some((secret.variable.as_deref()?, secret))).collect();
    let lines = || named.iter().map(|(name, secret)| format!("{name}={}\n", secret.given)).collect::<Vec<_>>().concat();
    let loader = || S::secrets(strata_config::Loader::<S>::new(), Some(&case.fernet()));
    let folder = tempfile::tempdir().unwrap();
    for (name, secret) in &named {
        let (given, marker) = (&secret.given, &secret.marker);
        for (what, line) in [
            ("no closing quote", format!("{name}='{given}")),
            ("no closing double quote", format!("{name}=\"{given}")),
            ("something behind it", format!("{name}='{given}' {given}")),
            ("twice", format!("{name}={given}\n{name}={given}")),
            ("no sign", format!("{name} {given}")),
            ("no name", format!("={given}")),
            ("a name that is none", format!("{marker} {marker}={given}")),
            ("blanks around the sign", format!("{name} = {given}")),
            ("half a reference", format!("{name}=\"{given} ${{\"")),
            ("half a reference with a default", format!("{name}=${{NOTHING:-{given}")),
            ("a reference that is required", format!("{name}=${{NOTHING:?{given}}}")),
            ("an escape", format!("{name}=\"\\q{given}\"")),
            ("a comment", format!("{name}='{given}'#{given}")),
            ("another name", format!("{name}S={given}\n{}_={given}", S::SCHEMA.env_prefix)),
            ("a list", format!("{name}='[\"{given}\"'")),
            ("too short", format!("{name}={}", &marker[..19])),
            ("no token", format!("{name}=fernet:{marker}")),
            ("a file that is none", format!("{name}_FILE=/nowhere/at/all")),
            ("a file and a value", format!("{name}={given}\n{name}_FILE=/nowhere/at/all")),
        ] {
            for text in [line.clone(), format!("{}{line}\n", lines()), format!("{line}\n{}", lines())] {
                let what = format!("{name}, {what}");
                told.load(&what, &loader().dotenv_text(".env", text.as_str()));
                let file = folder.path().join("a.env");
                std::fs::write(&file, [text.as_bytes(), &[0xff], marker.as_bytes()].concat()).unwrap();
                told.load(format!("{what}, no Unicode"), &loader().dotenv(&file));
            }
        }
    }
    told.end(50 * named.len());
}

for_every_system! {
    a_broken_document_does_not_show_its_secrets;
    a_broken_env_file_does_not_show_its_secrets;
}
