//! `docs/errors.md` has a paragraph for every code, and its examples are what is really reported.
//!
//! After a change of messages, `ERROR_DOCS=overwrite cargo test -p strata-config-tests error_docs` writes the examples
//! anew.

mod examples;

use strata_config::report::code;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");

fn page() -> String {
    std::fs::read_to_string(PAGE).unwrap()
}

/// The code of a section's heading.
fn heading(line: &str) -> Option<&str> {
    line.strip_prefix("### `")?.strip_suffix('`')
}

#[test]
fn every_code_has_one_heading_and_every_heading_is_a_code() {
    let page = page();
    let mut headings: Vec<&str> = page.lines().filter_map(heading).collect();
    let mut codes = code::ALL.to_vec();
    headings.sort_unstable();
    codes.sort_unstable();
    assert_eq!(headings, codes);
}

#[test]
fn every_code_has_one_example() {
    let mut examples: Vec<&str> = examples::ALL.iter().map(|(code, _)| *code).collect();
    let mut codes = code::ALL.to_vec();
    examples.sort_unstable();
    codes.sort_unstable();
    assert_eq!(examples, codes);
}

/// Some examples quote the operating system.
#[cfg(unix)]
#[test]
fn every_example_is_what_is_reported() {
    let old = page();
    let mut new = String::new();
    let mut code = None;
    let mut within = false;
    for line in old.lines() {
        if let Some(found) = heading(line) {
            code = Some(found);
        }
        if within && line != "```" {
            continue;
        }
        within = false;
        new.push_str(line);
        new.push('\n');
        // The first block of a section is its example.
        if line == "```text"
            && let Some(code) = code.take()
        {
            new.push_str(&examples::report(code));
            within = true;
        }
    }
    if std::env::var_os("ERROR_DOCS").is_some_and(|wish| wish == "overwrite") {
        std::fs::write(PAGE, &new).unwrap();
    } else {
        similar(&old, &new);
    }
}

/// Fails at the first line that differs, which says more than two whole pages.
#[cfg(unix)]
fn similar(old: &str, new: &str) {
    for (number, (old, new)) in old.lines().zip(new.lines()).enumerate() {
        assert_eq!(old, new, "docs/errors.md:{}: see the head of tests/tests/together/error_docs.rs", number + 1);
    }
    assert_eq!(old.lines().count(), new.lines().count());
}
