//! YAML: which kind each scalar is, where things stand, aliases and merges, and what is said about mistakes.

use super::super::{Document, Fault, NodeId, yaml};
use super::{outline, place, places};

fn parse(text: &str) -> (Document, Vec<Fault>) {
    super::parsed(yaml::parse, text)
}

fn good(text: &str) -> Document {
    super::good(yaml::parse, text)
}

fn mistakes(text: &str) -> Vec<String> {
    super::mistakes(yaml::parse, text)
}

#[test]
fn plain_scalars_stay_text_as_written() {
    let document = good("a: 00123\nb: no\nc: 1e3\nd: two words # not this\ne: 0x1f");
    assert_eq!(
        outline(&document),
        "{a: Plain(00123), b: Plain(no), c: Plain(1e3), d: Plain(two words), e: Plain(0x1f)}"
    );
}

#[test]
fn plain_null_in_any_spelling_is_null() {
    let document = good("a: null\nb: ~\nc: Null\nd: NULL\ne:\nf: 'null'\ng: nULL");
    assert_eq!(
        outline(&document),
        "{a: Null(null), b: Null(~), c: Null(Null), d: Null(NULL), e: Null(), f: String(null), g: Plain(nULL)}"
    );
}

#[test]
fn quoted_and_block_scalars_are_strings() {
    let document = good("a: '1'\nb: \"x\\ty\"\nc: |\n  one\n  two\nd: >-\n  one\n  two\ne: ''\n");
    assert_eq!(
        outline(&document),
        "{a: String(1), b: String(x\ty), c: String(one\ntwo\n), d: String(one two), e: String()}"
    );
}

#[test]
fn tags_decide_the_kind() {
    let document = good("a: !!str 1\nb: !!int '1'\nc: !!null ''\nd: !!bool yes\ne: !!map {}\nf: !!seq []\ng: ! 1");
    assert_eq!(outline(&document), "{a: String(1), b: Plain(1), c: Null(), d: Plain(yes), e: {}, f: [], g: String(1)}");
    assert_eq!(mistakes("a: !secret x\nb: !!binary x\nc: !!set {}").len(), 3);
}

#[test]
fn places_count_characters_after_multi_byte_text_a_byte_order_mark_and_crlf() {
    let document = good("\u{feff}\"ä😀\": \"ü\"\r\nlist:\r\n  - é: {k: v}\r\n  - 'x'\r\nblock: |\r\n  text\r\n");
    assert_eq!(places(&document, "ä😀"), ("1:1".into(), "1:7".into()));
    assert_eq!(places(&document, "list"), ("2:1".into(), "3:3".into()));
    assert_eq!(places(&document, "list.0.é"), ("3:5".into(), "3:8".into()));
    assert_eq!(places(&document, "list.0.é.k"), ("3:9".into(), "3:12".into()));
    assert_eq!(places(&document, "list.1").1, "4:5");
    // A block's place is where its text begins.
    assert_eq!(places(&document, "block").1, "6:3");
    let span = document.span(document.get(NodeId::ROOT, "ä😀").expect("it is there"));
    assert_eq!(&document.text()[span.start as usize..span.end as usize], "\"ü\"");
}

#[test]
fn an_alias_copies_its_anchor_with_its_place() {
    let document = good("a: &x {k: [1, '2']}\nb: *x\nc: [*x, &y z, *y]\n&k key: *k");
    assert_eq!(
        outline(&document),
        "{a: {k: [Plain(1), String(2)]}, b: {k: [Plain(1), String(2)]}, c: [{k: [Plain(1), String(2)]}, Plain(z), Plain(z)], key: Plain(key)}"
    );
    assert_eq!(places(&document, "b"), ("2:1".into(), "1:7".into()));
    assert_eq!(places(&document, "b.k.1").1, "1:15");
}

#[test]
fn merged_keys_yield_to_explicit_ones_and_earlier_maps_win() {
    let document = good(
        "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nm:\n  <<: [*x, *y]\n  a: own\nn: {c: own, <<: *y}\no: {'<<': text}\np: {<<: {d: 5}}",
    );
    assert_eq!(
        outline(&document).split_once("m: ").expect("m").1,
        "{a: Plain(own), b: Plain(2), c: Plain(4)}, n: {c: Plain(own), b: Plain(3)}, o: {<<: Plain(text)}, p: {d: Plain(5)}}"
    );
}

#[test]
fn a_merge_of_something_else_is_a_fault() {
    assert_eq!(mistakes("a: {<<: 1}"), ["1:5 document.syntax: `<<` takes a table, or a list of tables"]);
    assert_eq!(mistakes("a: &a {<<: *a}").len(), 1);
    assert_eq!(
        mistakes("x: &x {}\na: {<<: *x, <<: *x}"),
        ["2:13 document.duplicate_key: this key is already set above; keep one of the two"]
    );
}

#[test]
fn duplicates_are_reported_with_both_places_and_the_first_stays() {
    let (document, faults) = parse("a: 1\nb:\n  c: 2\n  'c': 3\na: [4]\n");
    assert_eq!(faults.iter().map(|fault| place(&document, fault.span)).collect::<Vec<_>>(), ["4:3", "5:1"]);
    assert_eq!(place(&document, faults[0].related.expect("both places")), "3:3");
    assert_eq!(outline(&document), "{a: Plain(1), b: {c: Plain(2)}}");
}

#[test]
fn semantic_faults_do_not_end_the_reading() {
    let text = "a: *missing\n? [k]\n: 1\nb: !what 2\nb: 3\nc: &c [*c]\n: 5\nd: [\n";
    let places: Vec<String> =
        mistakes(text).iter().map(|fault| fault.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(places[..6], ["1:4", "2:3", "4:10", "5:1", "6:8", "7:1"], "{:#?}", mistakes(text));
    assert_eq!(places.len(), 7);
}

#[test]
fn the_root_is_one_mapping_or_nothing() {
    for text in ["", "# only a comment\n", "---\n", "---\n...\n", "{}"] {
        assert_eq!(outline(&good(text)), "{}");
    }
    for text in ["- 1", "text", "''", "~"] {
        assert_eq!(mistakes(text), ["1:1 document.syntax: the document must be a table: begin it with `key: value`"]);
    }
    assert!(mistakes("a: 1\n---\nb: 2\n")[0].starts_with("2:1 document.syntax: the file holds a second document"));
}

#[test]
fn nesting_is_bounded() {
    for text in ["[".repeat(10_000), "{a: ".repeat(10_000), "- ".repeat(10_000)] {
        let all = mistakes(&format!("a:\n  {text}"));
        assert!(all.len() == 1 && all[0].contains("document.too_deep"), "{all:?}");
    }
    good(&format!("a: {}{}", "[".repeat(127), "]".repeat(127)));
    let aliases: String = (1..10_000).map(|index| format!("a{index}: &a{index} [*a{}]\n", index - 1)).collect();
    assert!(mistakes(&format!("a0: &a0 []\n{aliases}"))[0].contains("document.too_deep"));
}

#[test]
fn a_billion_laughs_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for index in 1..10 {
        let list = vec![format!("*a{}", index - 1); 9].join(", ");
        text.push_str(&format!("a{index}: &a{index} [{list}]\n"));
    }
    assert!(mistakes(&text)[0].contains("document.too_large"));
}

#[test]
fn merging_many_tables_many_times_is_refused() {
    // Each merge adds one entry, but looks at thousands.
    let (tables, merges) = ("{a: 1}, ".repeat(10_000), "- {<<: *s}\n".repeat(10_000));
    assert!(mistakes(&format!("s: &s [{tables}]\nl:\n{merges}"))[0].contains("document.too_large"));
    good(&format!("s: &s [{{a: 1}}, {{b: 2}}]\nl:\n{merges}"));
}

#[test]
fn a_syntax_error_quotes_nothing() {
    for text in ["a: @secret", "a: `secret", "a: 'secret", "a: {secret", "a: b: secret"] {
        let all = mistakes(text);
        assert!(all.len() == 1 && !all[0].contains("secret") && !all[0].contains('@'), "{all:?}");
    }
}
