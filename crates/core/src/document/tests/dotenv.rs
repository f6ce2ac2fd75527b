//! `.env` files: what a line means, where things stand, references, and what is said about mistakes.

use super::super::{Document, Fault, NodeId, dotenv};
use super::{name, outline, place, places, shown};

fn parse(text: &str) -> (Document, Vec<Fault>) {
    let mut faults = Vec::new();
    let lookup = |name: &str| match name {
        "HOME" => Some("/home/me".to_owned()),
        "EMPTY" => Some(String::new()),
        "BIG" => Some("x".repeat(1024 * 1024)),
        _ => None,
    };
    let document = dotenv::parse(name(), text.to_owned(), &lookup, &mut faults);
    (document, faults)
}

fn good(text: &str) -> String {
    let (document, faults) = parse(text);
    assert_eq!(shown(&document, &faults), Vec::<String>::new(), "{text}");
    outline(&document)
}

fn mistakes(text: &str) -> Vec<String> {
    let (document, faults) = parse(text);
    shown(&document, &faults)
}

#[test]
fn each_line_sets_a_variable() {
    assert_eq!(
        good("# top\n\nA=1\nexport B_2.c= two words  # not this\n  C = #d\nD=#x\nE=\nexport=1\nF=a#b 'c'\n"),
        "{A: Text(1), B_2.c: Text(two words), C: Text(), D: Text(#x), E: Text(), export: Text(1), F: Text(a#b 'c')}"
    );
}

#[test]
fn single_quotes_are_literal_and_may_span_lines() {
    assert_eq!(good("A='$HOME \\n\n # x' # comment\nB=''"), "{A: Text($HOME \\n\n # x), B: Text()}");
}

#[test]
fn double_quotes_have_escapes_and_may_span_lines() {
    let text = "A=\"\\n\\t\\r\\\"\\\\\\$HOME # x\"\nB=\"a\nb\"";
    assert_eq!(good(text), "{A: Text(\n\t\r\"\\$HOME # x), B: Text(a\nb)}");
}

#[test]
fn references_take_the_environment_first_and_then_what_is_above() {
    assert_eq!(
        good("A=x\nHOME=here\nB=${A}-$A-$HOME\nC=\"${HOME}/y\"\nD=\\$A $ $5\nE=${A}"),
        "{A: Text(x), HOME: Text(here), B: Text(x-x-/home/me), C: Text(/home/me/y), D: Text($A $ $5), E: Text(x)}"
    );
}

#[test]
fn a_default_serves_what_is_unset_or_empty() {
    assert_eq!(
        good(
            "A=${NO:-x y}\nB=${EMPTY:-z}\nC=${HOME:-$ALSO_NO}\nD=\"${NO:-${NEITHER:-deep}}!\"\nE=${NO:-}\nF=${NO:-a # b}"
        ),
        "{A: Text(x y), B: Text(z), C: Text(/home/me), D: Text(deep!), E: Text(), F: Text(a # b)}"
    );
}

#[test]
fn a_whole_value_that_refers_to_nothing_leaves_the_variable_unset() {
    assert_eq!(good("A=${A}\nB=$NO\nC=\"${NO}\"\nD=${NO:-${A}}\nE= ${NO} # comment\nF=${EMPTY}"), "{F: Text()}");
}

#[test]
fn a_reference_to_nothing_within_a_longer_text_is_a_fault() {
    assert_eq!(
        mistakes("A=x${NO}\nB=\"$NO $ALSO\""),
        [
            "1:4 env.expansion: the variable NO is not set; set it, or write ${NO:-default}",
            "2:4 env.expansion: the variable NO is not set; set it, or write ${NO:-default}",
            "2:8 env.expansion: the variable ALSO is not set; set it, or write ${ALSO:-default}",
        ]
    );
}

#[test]
fn places_count_characters_with_crlf_and_a_byte_order_mark() {
    let (document, faults) = parse("\u{feff}A=\"é\"\r\nexport B = ü x\r\nC=\r\nD='z'\r\n");
    assert!(faults.is_empty());
    assert_eq!(outline(&document), "{A: Text(é), B: Text(ü x), C: Text(), D: Text(z)}");
    assert_eq!(places(&document, "A"), ("1:1".into(), "1:3".into()));
    assert_eq!(places(&document, "B"), ("2:8".into(), "2:12".into()));
    assert_eq!(places(&document, "C"), ("3:1".into(), "3:3".into()));
    assert_eq!(places(&document, "D"), ("4:1".into(), "4:3".into()));
}

#[test]
fn a_duplicate_is_reported_with_both_places_and_the_last_one_holds() {
    let (document, faults) = parse("A=1\nB=2\nA=3\n");
    assert_eq!(
        shown(&document, &faults),
        ["3:1 document.duplicate_key: this key is already set above; keep one of the two"]
    );
    assert_eq!(place(&document, faults[0].related.expect("both places")), "1:1");
    assert_eq!(outline(&document), "{A: Text(3), B: Text(2)}");
    assert_eq!(document.children(NodeId::ROOT).count(), 2);
}

#[test]
fn every_bad_line_is_reported_and_none_is_quoted() {
    let text =
        "1A=hunter2\nB hunter2\nC=\"\\q hunter2\"\nD='hunter2' x\nE=${F hunter2}\nG=${H:-hunter2\n-x\nI=\"hunter2";
    let all = mistakes(text);
    let places: Vec<_> = all.iter().map(|fault| fault.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(places, ["1:1", "2:3", "3:4", "4:13", "5:3", "6:3", "7:1", "8:3"]);
    assert!(all.iter().all(|fault| !fault.contains("hunter2")));
}

#[test]
fn growth_and_nesting_are_bounded() {
    let doubling: String = (1..64).map(|index| format!("A{index}=$A{0}$A{0}\n", index - 1)).collect();
    assert!(mistakes(&format!("A0=x\n{doubling}"))[0].contains("document.too_large"));
    assert!(mistakes(&format!("A={}", "$BIG".repeat(20)))[0].contains("document.too_large"));
    assert!(mistakes(&format!("A={}x", "${A:-".repeat(10_000)))[0].contains("16 deep"));
    assert!(mistakes("A=\0")[0].contains("document.encoding"));
}

#[test]
fn a_long_line_of_blanks_is_read_once() {
    // Quadratic work would take minutes here.
    let blanks = format!("\u{a0}{}", " ".repeat(500_000));
    assert_eq!(good(&format!("A={blanks}x")), format!("{{A: Text({blanks}x)}}"));
}
