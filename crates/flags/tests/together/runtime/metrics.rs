//! Figures, read back by a strict parser of the text format.

use std::collections::{BTreeMap, BTreeSet};

use strata_config_flags::{Context, Outcome, metrics};

use super::simulated;

/// A series: its name and its labels.
type Series = (String, BTreeMap<String, String>);

/// Reads the text format, and panics at everything that its description does not allow.
fn read(text: &str) -> BTreeMap<Series, f64> {
    assert!(text.ends_with('\n'), "the last line has to end");
    let (mut series, mut family, mut ended) = (BTreeMap::new(), None::<(String, bool)>, BTreeSet::new());
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a help text");
            assert!(is_name(name) && !help.is_empty(), "{line}");
            assert!(ended.insert(name.to_owned()), "the lines of {name} stand in two places");
            family = Some((name.to_owned(), false));
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a type");
            let known = family.as_mut().expect("help comes first");
            assert!(known.0 == name && !known.1 && ["counter", "gauge"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            known.1 = true;
        } else {
            let (name, labels, value) = sample(line);
            assert_eq!(family, Some((name.clone(), true)), "{line}");
            assert!(series.insert((name, labels), value).is_none(), "twice: {line}");
        }
    }
    series
}

fn sample(line: &str) -> (String, BTreeMap<String, String>, f64) {
    let end = line.find(['{', ' ']).expect("a name, then labels or a value");
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name), "{line}");
    let mut labels = BTreeMap::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner;
        loop {
            let (label, after) = rest.split_once("=\"").expect("a label");
            assert!(is_name(label) && !label.contains(':'), "{line}");
            let (text, after) = quoted(after);
            assert!(labels.insert(label.to_owned(), text).is_none(), "twice: {line}");
            if let Some(after) = after.strip_prefix(',') {
                rest = after;
            } else {
                rest = after.strip_prefix('}').expect("the end of the labels");
                break;
            }
        }
    }
    let value = rest.strip_prefix(' ').expect("one blank").parse().expect("a number");
    (name.to_owned(), labels, value)
}

fn quoted(text: &str) -> (String, &str) {
    let (mut read, mut letters) = (String::new(), text.char_indices());
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return (read, &text[place + 1..]),
            '\\' => read.push(match letters.next().map(|(_, letter)| letter) {
                Some('\\') => '\\',
                Some('"') => '"',
                Some('n') => '\n',
                other => panic!("{other:?} is no escape"),
            }),
            other => read.push(other),
        }
    }
    panic!("no end of the label's value: {text}")
}

fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_' || letter == ':';
    name.starts_with(is_letter) && name.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit())
}

fn value(series: &BTreeMap<Series, f64>, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let labels = labels.iter().map(|(label, text)| ((*label).to_owned(), (*text).to_owned())).collect();
    series.get(&(format!("strata_flags_{name}"), labels)).copied()
}

#[test]
fn every_figure_is_written_so_that_a_strict_parser_reads_it() {
    let hostile = "a \"quoted\"\\ \n key{},=é";
    let json = serde_json::json!({"flags": {
        hostile: true,
        "watched": {"fallthrough": "50%", "default_variant": "off", "guard": {"error_rate": 0.4, "min_samples": 3}},
    }});
    let (flags, _clock) = simulated(&json.to_string());
    flags.replace(flags.snapshot().set().clone(), 12);
    for key in [hostile, "watched", "no such flag"] {
        let _ = flags.bool(key, &Context::of("u"), false);
        let _ = flags.string(key, &Context::of("u"), "");
    }
    (0..2).for_each(|_| flags.report("watched", Outcome::OK.after(super::seconds(1))));
    flags.report("watched", Outcome::FAILED);
    let mut text = String::new();
    metrics::prometheus(&flags, &mut text).unwrap();
    let series = read(&text);
    let get = |name, labels: &[(&str, &str)]| value(&series, name, labels);
    let hostile_on = [("flag", hostile), ("variant", "on"), ("reason", "STATIC")];
    assert_eq!(get("evaluations_total", &hostile_on), Some(1.0));
    assert_eq!(get("type_mismatches_total", &[("flag", hostile)]), Some(1.0));
    assert_eq!(get("not_found_total", &[]), Some(2.0));
    assert_eq!((get("flags", &[]), get("revision", &[]), get("kill_switch", &[])), (Some(2.0), Some(12.0), Some(0.0)));
    assert_eq!(get("guard_state", &[("flag", "watched"), ("state", "closed")]), Some(1.0));
    assert_eq!(get("guard_state", &[("flag", "watched"), ("state", "open")]), Some(0.0));
    assert_eq!(get("guard_samples", &[("flag", "watched")]), Some(3.0));
    assert_eq!(get("guard_error_ratio", &[("flag", "watched")]), Some(1.0 / 3.0));
    assert_eq!(get("guard_latency_seconds", &[("flag", "watched")]), Some(1.0));
    assert_eq!(get("stale", &[("flag", hostile), ("sign", "constant_in_configuration")]), Some(1.0));
    assert!(!text.contains("no such flag"), "keys from outside make no series");
}

#[test]
fn an_empty_set_has_figures_too() {
    let (flags, _clock) = simulated(r#"{"flags": {}}"#);
    let mut text = String::new();
    metrics::prometheus(&flags, &mut text).unwrap();
    assert_eq!(value(&read(&text), "flags", &[]), Some(0.0));
}

#[test]
#[should_panic = "is no escape"]
fn the_parser_refuses_what_is_not_escaped() {
    read("# HELP a b\n# TYPE a gauge\na{b=\"\\x\"} 1\n");
}
