//! What a rewriting leaves as it was: the head of a file, comments of what is not touched, line breaks, a byte-order mark.
#![cfg(feature = "files")]

use std::path::Path;

use proptest::prelude::*;
use strata_config::{Document, Layer, LayeredConfig, Value};
use strata_config_migrate::{FilePlan, MigrateError, Migrations, Step};

/// Documents of any shape are read without settings of their own.
#[derive(LayeredConfig)]
#[config(allow_unknown)]
struct Anything {}

/// A rename, a key that becomes a section, and one that goes.
fn migrations() -> Migrations {
    Migrations::to("2")
        .step(
            Step::new("all", "1", "2")
                .rename("listen", "port")
                .moves("timeout", "http.timeout")
                .removes("old")
                .irreversible("a value goes"),
        )
        .build()
        .unwrap()
}

fn planned(name: &str, text: &str) -> Result<FilePlan, MigrateError> {
    migrations().plan_text::<Anything>(Path::new(name), text.to_owned(), None)
}

#[track_caller]
fn rewritten(name: &str, before: &str, after: &str) {
    let plan = planned(name, before).unwrap();
    assert_eq!(plan.text(), after);
    assert!(plan.is_lossless());
}

#[test]
fn the_comment_at_the_head_stays_there_when_the_first_key_moves_into_a_section() {
    rewritten(
        "app.yaml",
        "# The service.\n\ntimeout: 5\nname: a\n",
        "# The service.\n\nname: a\nhttp:\n  timeout: 5\nversion: \"2\"\n",
    );
    rewritten(
        "app.yaml",
        "# The service.\n# All of it.\ntimeout: 5\nname: a\n",
        "# The service.\n# All of it.\nname: a\nhttp:\n  timeout: 5\nversion: \"2\"\n",
    );
    rewritten(
        "app.yaml",
        "%YAML 1.2\n---\n# The service.\n\n# Patience.\ntimeout: 5\nname: a\n",
        "%YAML 1.2\n---\n# The service.\n\nname: a\nhttp:\n  # Patience.\n  timeout: 5\nversion: \"2\"\n",
    );
    rewritten(
        "app.toml",
        "# The service.\n\n# Patience.\ntimeout = 5\nname = 'a'\n",
        "# The service.\n\nname = 'a'\nversion = \"2\"\n\n[http]\n# Patience.\ntimeout = 5\n",
    );
}

#[test]
fn the_comment_at_the_head_stays_when_the_first_key_goes() {
    for head in ["# The service.\n", "# The service.\n\n"] {
        rewritten("app.yaml", &format!("{head}old: 5\nname: a\n"), &format!("{head}name: a\nversion: \"2\"\n"));
        rewritten("app.toml", &format!("{head}old = 5\nname = 1\n"), &format!("{head}name = 1\nversion = \"2\"\n"));
        rewritten(
            "app.toml",
            &format!("{head}[old]\na = 5\n[b]\nc = 1\n"),
            &format!("{head}version = \"2\"\n[b]\nc = 1\n"),
        );
    }
}

#[test]
fn comments_that_a_blank_line_parts_from_what_goes_stay() {
    rewritten(
        "app.yaml",
        "name: a\n\n# Below: what is new.\n\n# Of old.\nold: 5\nlast: 1\n",
        "name: a\n\n# Below: what is new.\n\nlast: 1\nversion: \"2\"\n",
    );
    rewritten(
        "app.toml",
        "name = 'a'\n\n# Below: what is new.\n\n# Of old.\nold = 5\nlast = 1\n",
        "name = 'a'\n\n# Below: what is new.\n\nlast = 1\nversion = \"2\"\n",
    );
    rewritten(
        "app.toml",
        "name = 'a'\n\n# An option:\n# name = 'b'\n\n[old]\nx = 1\n",
        "name = 'a'\nversion = \"2\"\n\n# An option:\n# name = 'b'\n\n",
    );
}

#[test]
fn comments_above_and_beside_go_where_their_key_goes() {
    rewritten(
        "app.json",
        "{\n  \"name\": 1,\n  // Patience.\n  // In seconds.\n  \"timeout\": 5, // enough\n  \"last\": 1\n}\n",
        "{\n  \"name\": 1,\n  \"last\": 1,\n  // Patience.\n  // In seconds.\n  \"http\": {\"timeout\": 5}, // enough\n  \
         \"version\": \"2\"\n}\n",
    );
    rewritten(
        "app.json",
        "{\n  \"http\": {\"region\": 1},\n  // Patience.\n  \"timeout\": 5 // enough\n}\n",
        "{\n  // Patience.\n  // enough\n  \"http\": {\"region\": 1, \"timeout\": 5},\n  \"version\": \"2\"\n}\n",
    );
}

#[test]
fn a_key_moves_between_lines_and_brackets() {
    rewritten(
        "app.yaml",
        "name: a\n# Patience.\ntimeout: 5 # enough\nhttp: {region: eu}\n",
        "name: a\n# Patience.\n# enough\nhttp: {region: eu, timeout: 5}\nversion: \"2\"\n",
    );
    let chain = Migrations::to("2").step(Step::new("out", "1", "2").moves("http.timeout", "patience.of.http")).build();
    let text = "http: {region: eu, timeout: 5}\nname: a\n".to_owned();
    let plan = chain.unwrap().plan_text::<Anything>(Path::new("app.yaml"), text, None).unwrap();
    assert_eq!(plan.text(), "http: {region: eu}\nname: a\npatience:\n  of:\n    http: 5\nversion: \"2\"\n");
}

#[test]
fn comments_of_the_section_above_are_not_those_of_the_key_below() {
    rewritten(
        "app.yaml",
        "http:\n  region: eu\n  # zone: a\nold: 5\nlast: 1\n",
        "http:\n  region: eu\n  # zone: a\nlast: 1\nversion: \"2\"\n",
    );
}

#[test]
fn comments_at_the_end_of_a_section_stay_in_it_when_the_last_key_behind_it_moves() {
    rewritten(
        "app.yaml",
        "web:\n    region: eu\n\n    # zone: a\n# Patience.\ntimeout: 5\n\n# The end.\n",
        "web:\n    region: eu\n\n    # zone: a\nhttp:\n  # Patience.\n  timeout: 5\nversion: \"2\"\n\n# The end.\n",
    );
    rewritten("app.yaml", "old: 5\nweb:\n  a: 1\n  # b: 2", "web:\n  a: 1\n  # b: 2\nversion: \"2\"\n");
}

#[test]
fn what_moves_into_braces_leaves_their_blanks_where_they_were() {
    rewritten(
        "app.toml",
        "timeout = 5\nhttp = { region = 'eu' } # in\n",
        "http = { region = 'eu', timeout = 5 } # in\nversion = \"2\"\n",
    );
    rewritten(
        "app.toml",
        "timeout = 5\nhttp = {region = 'eu'}\n",
        "http = {region = 'eu', timeout = 5}\nversion = \"2\"\n",
    );
}

#[test]
fn what_looks_like_a_comment_within_a_text_stays_in_it() {
    rewritten(
        "app.yaml",
        "script: |\n  echo\n  # no comment\nold: 5\nlast: 1\n",
        "script: |\n  echo\n  # no comment\nlast: 1\nversion: \"2\"\n",
    );
    rewritten(
        "app.yaml",
        "script: |\n  echo\n# Of old.\nold: 5\nlast: 1\n",
        "script: |\n  echo\nlast: 1\nversion: \"2\"\n",
    );
}

#[test]
fn line_breaks_of_windows_and_a_byte_order_mark_stay() {
    for (name, before, after) in [
        (
            "app.yaml",
            "# Top.\n\nlisten: 9000 # not 80\n# Patience.\ntimeout: 5\n",
            "# Top.\n\nport: 9000 # not 80\nhttp:\n  # Patience.\n  timeout: 5\nversion: \"2\"\n",
        ),
        (
            "app.toml",
            "# Top.\n\nlisten = 9000 # not 80\n# Patience.\ntimeout = 5\n[http]\na = 1\n",
            "# Top.\n\nport = 9000 # not 80\nversion = \"2\"\n[http]\na = 1\n# Patience.\ntimeout = 5\n",
        ),
        ("app.json", "// Top.\n{\n  \"listen\": 9000\n}\n", "// Top.\n{\n  \"port\": 9000,\n  \"version\": \"2\"\n}\n"),
    ] {
        let returns = |text: &str| text.replace('\n', "\r\n");
        rewritten(name, before, after);
        rewritten(name, &returns(before), &returns(after));
        rewritten(name, &format!("\u{feff}{before}"), &format!("\u{feff}{after}"));
        rewritten(name, &format!("\u{feff}{}", returns(before)), &format!("\u{feff}{}", returns(after)));
    }
}

#[test]
fn a_file_may_end_without_a_line_break() {
    rewritten("app.yaml", "name: a\nlisten: 9000", "name: a\nport: 9000\nversion: \"2\"\n");
    rewritten("app.yaml", "listen: 1\ntimeout: 5 # enough", "port: 1\nhttp:\n  timeout: 5 # enough\nversion: \"2\"\n");
    rewritten("app.yaml", "# Nothing yet.", "# Nothing yet.\nversion: \"2\"\n");
    rewritten("app.toml", "listen = 9000", "port = 9000\nversion = \"2\"\n");
    rewritten("app.toml", "# Nothing yet.", "# Nothing yet.\nversion = \"2\"\n");
    rewritten("app.json", "{\"listen\": 9000}", "{\"port\": 9000, \"version\": \"2\"}");
}

/// Refused or written anew with consent: never damaged.
#[test]
fn yaml_that_can_not_be_changed_in_place_is_not_touched_without_consent() {
    for (text, lossless) in [
        // An alias elsewhere is no hindrance, and the anchor goes where its value goes.
        ("base: &b {x: 1}\nother: *b\nlisten: 9000\n", true),
        ("timeout: &t 5\nother: *t\n", false),
        ("old: &o {x: 1}\nother: *o\n", false),
        ("? old\n: 5\n", false),
    ] {
        let plan = planned("app.yaml", text).unwrap();
        assert_eq!(plan.is_lossless(), lossless, "{text}{}", plan.text());
        let reads = Layer::parse("app.yaml", plan.text(), Anything::SCHEMA).unwrap();
        let before = Layer::parse("app.yaml", text, Anything::SCHEMA).unwrap();
        assert_eq!(value(reads.document()), value(&plan.plan().document(before.document())), "{text}");
    }
}

#[test]
fn several_documents_in_one_file_are_refused() {
    let error = planned("app.yaml", "listen: 1\n---\nlisten: 2\n").unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("holds a second document"), "{error}");
}

fn value(document: &Document) -> Vec<(String, String)> {
    let Value::Map(entries) = Value::of_document(document) else { panic!("a table") };
    // The order of a table's keys does not count.
    let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, format!("{value:?}"))).collect();
    entries.sort();
    entries
}

/// A key of a document, with what stands around it.
#[derive(Debug, Clone)]
struct Entry {
    key: usize,
    blank: bool,
    parted: bool,
    above: bool,
    beside: bool,
    section: bool,
}

const KEYS: [&str; 7] = ["one", "listen", "two", "timeout", "three", "old", "four"];

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = |key| {
        any::<[bool; 5]>().prop_map(move |[blank, parted, above, beside, section]| Entry {
            key,
            blank,
            parted,
            above,
            beside,
            section,
        })
    };
    let keys = Just((0..KEYS.len()).collect::<Vec<_>>()).prop_shuffle();
    keys.prop_flat_map(move |keys| keys.into_iter().map(entry).collect::<Vec<_>>())
}

const HEAD: &str = "About the file.";

/// The document's text in a format: each comment has a number that says what it is about.
fn written(format: &str, entries: &[Entry], returns: bool) -> String {
    let (mark, colon, open) = match format {
        "toml" => ("#", " = ", ""),
        "yaml" => ("#", ": ", ""),
        _ => ("//", ": ", "{\n"),
    };
    let mut text = format!("{mark} {HEAD}\n\n{open}");
    // Sections of TOML come last.
    let mut entries = entries.to_vec();
    entries.sort_by_key(|entry| format == "toml" && is_section(entry));
    let count = entries.len();
    for (at, entry) in entries.iter().enumerate() {
        let key = KEYS[entry.key];
        let comma = if format == "json" && at + 1 < count { "," } else { "" };
        let quoted = if format == "json" { format!("\"{key}\"") } else { key.to_owned() };
        let beside = if entry.beside { format!(" {mark} beside-{key}") } else { String::new() };
        if entry.parted {
            text += &format!("\n{mark} parted-{key}\n");
        }
        if entry.blank || entry.parted {
            text += "\n";
        }
        if entry.above {
            text += &format!("{mark} above-{key}\n");
        }
        text += &match (is_section(entry), format) {
            (false, _) => format!("{quoted}{colon}{at}{comma}{beside}\n"),
            (true, "toml") => format!("[{key}]{beside}\n{mark} within-{key}\ninner = {at}\n"),
            (true, "yaml") => format!("{key}:{beside}\n  {mark} within-{key}\n  inner: {at}\n"),
            (true, _) => format!("{quoted}: {{{beside}\n  {mark} within-{key}\n  \"inner\": {at}\n}}{comma}\n"),
        };
    }
    if format == "json" {
        text += "}\n";
    }
    if returns { text.replace('\n', "\r\n") } else { text }
}

/// What moves and what is renamed is a value.
fn is_section(entry: &Entry) -> bool {
    entry.section && !["listen", "timeout"].contains(&KEYS[entry.key])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_not_touched_keeps_its_comments(
        entries in entries(),
        format in prop_oneof![Just("toml"), Just("yaml"), Just("json")],
        returns in any::<bool>(),
    ) {
        let before = written(format, &entries, returns);
        let name = format!("app.{format}");
        let plan = planned(&name, &before).unwrap();
        let after = plan.text();
        prop_assert!(plan.is_lossless(), "{before}");
        let source = Layer::parse(name.clone(), before.clone(), Anything::SCHEMA).unwrap();
        let reads = Layer::parse(name, after.to_owned(), Anything::SCHEMA).unwrap();
        prop_assert_eq!(value(reads.document()), value(&plan.plan().document(source.document())));
        prop_assert!(after.lines().next().unwrap().ends_with(HEAD), "{before}{after}");
        prop_assert_eq!(after.matches("\r\n").count() == after.matches('\n').count(), returns);
        for entry in &entries {
            let key = KEYS[entry.key];
            let removed = key == "old";
            let section = is_section(entry);
            for (comment, is_there, may_go) in [
                ("parted", entry.parted, false),
                ("above", entry.above, removed),
                ("beside", entry.beside, removed),
                ("within", section, removed),
            ] {
                let found = after.matches(&format!("{comment}-{key}")).count();
                let expected = usize::from(is_there && !may_go);
                prop_assert_eq!(found, expected, "{}-{}\n{}\n{}", comment, key, before, after);
            }
        }
    }
}
