//! JSON: what is accepted, where things stand, and what is said about mistakes.

use proptest::prelude::*;

use super::super::{Document, Fault, NodeId, json};
use super::{outline, places, shown};

fn parse(text: &str) -> (Document, Vec<Fault>) {
    super::parsed(json::parse, text)
}

fn good(text: &str) -> Document {
    super::good(json::parse, text)
}

fn mistakes(text: &str) -> Vec<String> {
    super::mistakes(json::parse, text)
}

fn mistake_places(text: &str) -> Vec<String> {
    super::mistake_places(json::parse, text)
}

#[test]
fn every_kind_keeps_its_text() {
    let document = good(r#"{"a": 1, "b": -1.50, "c": "x", "d": true, "e": null, "f": [1e2, {}], "g": {"h": []}}"#);
    assert_eq!(
        outline(&document),
        "{a: Integer(1), b: Float(-1.50), c: String(x), d: Bool(true), e: Null(null), f: [Float(1e2), {}], g: {h: []}}"
    );
}

#[test]
fn escapes_are_decoded_in_keys_and_values() {
    let document = good(r#"{"a\tb": "\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00x"}"#);
    assert_eq!(outline(&document), "{a\tb: String(\"\\/\u{8}\u{c}\n\r\tä😀x)}");
}

#[test]
fn comments_stand_wherever_white_space_does() {
    let document = good("// top\n{ /* a */ \"a\" /**/ : // b\n 1 /* , */ , \"b\": 2 } // end");
    assert_eq!(outline(&document), "{a: Integer(1), b: Integer(2)}");
}

#[test]
fn places_count_characters_after_multi_byte_text_and_a_byte_order_mark() {
    let document = good("\u{feff}{\"ä😀\": \"ü\",\r\n  \"b\": [10, \"x\"]}");
    assert_eq!(places(&document, "ä😀"), ("1:2".into(), "1:8".into()));
    assert_eq!(places(&document, "b"), ("2:3".into(), "2:8".into()));
    assert_eq!(places(&document, "b.1").1, "2:13");
    let span = document.span(document.get(super::NodeId::ROOT, "ä😀").expect("it is there"));
    assert_eq!(&document.text()[span.start as usize..span.end as usize], "\"ü\"");
}

#[test]
fn a_duplicate_key_is_reported_with_both_places_and_the_first_value_stays() {
    let (document, faults) = parse("{\"a\": 1,\n \"b\": 2,\n \"\\u0061\": {\"x\": 3}}");
    assert_eq!(
        shown(&document, &faults),
        ["3:2 document.duplicate_key: this key is already set above; keep one of the two"]
    );
    assert_eq!(super::place(&document, faults[0].related.expect("both places")), "1:2");
    assert_eq!(outline(&document), "{a: Integer(1), b: Integer(2)}");
}

#[test]
fn duplicates_are_found_in_large_tables() {
    let entries: Vec<String> = (0..500).chain([3, 499]).map(|index| format!("\"key_{index}\": {index}")).collect();
    let (document, faults) = parse(&format!("{{{}}}", entries.join(", ")));
    assert_eq!(faults.len(), 2);
    assert_eq!(document.children(super::NodeId::ROOT).count(), 500);
}

#[test]
fn every_independent_mistake_is_reported_once() {
    let text = "{\n  \"a\": tru,\n  \"b\": 01,\n  \"c\": [1, nan, 3],\n  \"d\": \"open,\n  \"e\": 1\n  \"f\": 'x, y',\n  g: 3,\n  \"h\" 4,\n  \"i\": \"\\q\",\n  \"j\": 5,\n}";
    assert_eq!(mistake_places(text), ["2:8", "3:8", "4:12", "5:8", "7:3", "7:8", "8:3", "9:7", "10:9", "11:9"]);
}

#[test]
fn a_mistake_says_what_to_do() {
    assert_eq!(mistakes("{\"a\": 1,}"), ["1:8 document.syntax: a comma may not follow the last entry; remove it"]);
    assert_eq!(mistakes("{\"a\": .5}"), ["1:7 document.syntax: a number may not begin with `.`; write a 0 before it"]);
    assert_eq!(mistakes("{\"a\": 1e999}"), ["1:7 document.syntax: number is too large"]);
    assert_eq!(mistakes("{\"a\": [1, 2"), ["1:7 document.syntax: this list is not closed; add its `]`"]);
    assert_eq!(mistakes("[1]"), ["1:1 document.syntax: the document must be an object: begin it with `{`"]);
    assert_eq!(mistakes(""), ["1:1 document.syntax: the document must be an object: begin it with `{`"]);
    assert_eq!(mistakes("{} x"), ["1:4 document.syntax: nothing may follow the document's closing `}`; remove this"]);
}

#[test]
fn a_word_in_the_place_of_a_value_is_not_quoted_in_the_message() {
    assert!(!mistakes("{\"a\": hunter2}")[0].contains("hunter2"));
}

#[test]
fn faults_are_capped() {
    assert_eq!(mistakes(&format!("{{\"a\": [{}1]}}", "x, ".repeat(1000))).len(), 20);
}

#[test]
fn nesting_is_bounded() {
    let deep = |depth: usize| format!("{{\"a\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
    good(&deep(127));
    assert_eq!(mistakes(&deep(128)).len(), 1);
    assert!(mistakes(&deep(10_000))[0].contains("document.too_deep"));
    assert!(mistakes(&"{\"a\":".repeat(10_000))[0].contains("document.too_deep"));
}

#[test]
fn the_number_of_nodes_is_bounded() {
    let text = format!("{{\"a\": [{}1]}}", "1,".repeat(1_000_000));
    assert!(mistakes(&text)[0].contains("document.too_large"));
}

/// Random values, with strings that need escapes.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".*".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(serde_json::Value::from),
            prop::collection::btree_map(".{0,12}", inner, 0..8)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The document as `serde_json` would have it.
fn to_value(document: &Document, node: super::NodeId) -> serde_json::Value {
    use super::Kind;
    let scalar = document.scalar(node);
    match document.kind(node) {
        Kind::Table => {
            let entries =
                document.children(node).map(|child| (document.key(child).to_owned(), to_value(document, child)));
            serde_json::Value::Object(entries.collect())
        }
        Kind::Array => document.children(node).map(|child| to_value(document, child)).collect(),
        Kind::String => scalar.into(),
        _ => serde_json::from_str(scalar).expect("a number, a boolean or null"),
    }
}

proptest! {
    #[test]
    fn each_key_that_stands_twice_is_found(keys in prop::collection::vec("[a-c]{1,4}", 0..150), other in 0..150_usize) {
        // A second large table grows between the first one's keys, since all share their runs.
        let entry = |(index, key): (usize, &String)| {
            if index == other { format!("{key:?}: {{{}}}", (0..60).map(|at| format!("\"{at}\": 1")).collect::<Vec<_>>().join(", ")) }
            else { format!("{key:?}: {index}") }
        };
        let text = format!("{{{}}}", keys.iter().enumerate().map(entry).collect::<Vec<_>>().join(", "));
        let distinct = keys.iter().collect::<std::collections::BTreeSet<_>>().len();
        let (document, faults) = parse(&text);
        // No more than 20 faults of a document are told.
        prop_assert_eq!(faults.len(), (keys.len() - distinct).min(20));
        if faults.len() < 20 {
            prop_assert_eq!(document.children(NodeId::ROOT).count(), distinct);
        }
    }

    #[test]
    fn it_reads_what_serde_json_writes(value in value(), pretty: bool) {
        let value = serde_json::json!({ "value": value });
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let document = good(&text.expect("a value is JSON"));
        // Compared as text: a float's digits are not always read back to the last bit.
        let again: serde_json::Value = serde_json::from_str(document.text()).expect("serde_json reads its own");
        prop_assert_eq!(to_value(&document, super::NodeId::ROOT), again);
    }

    /// The exceptions are by design: duplicates are faults here, comments are read, and depth is bounded alike (128).
    #[test]
    fn it_accepts_what_serde_json_accepts(text in r#"\{("[ab]":(1|-0|01|1.|1e5|1e999|"x\\n"|"\\ud800"|"\\ud83d\\ude00"|tru|true|null|\[1,2?\]|\{("c":2)?\}|[ \n\t]| ),?){0,3}\}?"#) {
        let (document, faults) = parse(&text);
        let accepted = faults.iter().all(|fault| fault.code == "document.duplicate_key");
        let theirs = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text);
        prop_assert_eq!(accepted, theirs.is_ok(), "{} {:?} {:?}", text, shown(&document, &faults), theirs);
    }

    #[test]
    fn it_accepts_noise_where_serde_json_does(text in r#"\{[\{\}\[\]:,"a1\\ue0 .+\-\n\u{7f}\u{1}ä]{0,24}"#) {
        let (_, faults) = parse(&text);
        let accepted = faults.iter().all(|fault| fault.code == "document.duplicate_key");
        prop_assert_eq!(accepted, serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text).is_ok());
    }

    #[test]
    fn a_damaged_document_is_accepted_where_serde_json_does(value in value(), at: prop::sample::Index, noise in "[\\{\\}\\[\\]:,\"0a\\\\ \n-]{0,2}") {
        let mut text = serde_json::json!({ "value": value }).to_string();
        let mut start = at.index(text.len());
        while !text.is_char_boundary(start) { start -= 1; }
        let width = text[start..].chars().next().map_or(0, char::len_utf8);
        text.replace_range(start..start + width, &noise);
        let (document, faults) = parse(&text);
        let accepted = faults.iter().all(|fault| fault.code == "document.duplicate_key");
        let theirs = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text);
        prop_assert_eq!(accepted, theirs.is_ok(), "{} {:?} {:?}", text, shown(&document, &faults), theirs);
    }
}
