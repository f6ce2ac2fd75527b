//! `docs/seeds.md` names tests; each of them is there.

use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names `seeds::module::test` of the document.
fn named() -> BTreeSet<String> {
    let document = read("../../docs/seeds.md");
    let names = document.split('`').filter_map(|text| text.strip_prefix("seeds::"));
    names.filter(|name| *name != "phase2a::x").map(str::to_owned).collect()
}

/// Whether there is a test of this name: `phase2a::every_default`.
pub(crate) fn has_test(name: &str) -> bool {
    let (module, test) = name.rsplit_once("::").expect("a name has a module and a test");
    read(&format!("tests/seeds/{}.rs", module.replace("::", "/"))).contains(&format!("#[test]\nfn {test}() {{"))
}

#[test]
fn every_test_that_is_named_exists() {
    let missing: Vec<String> = named().into_iter().filter(|name| !has_test(name)).collect();
    assert!(missing.is_empty(), "docs/seeds.md names tests that do not exist: {missing:#?}");
}

#[test]
fn every_test_against_aws_that_is_named_exists() {
    let document = read("../../docs/seeds.md");
    let mut count = 0;
    for (package, folder) in [("secrets", "../secrets"), ("reference", ".")] {
        for name in document.split('`').filter_map(|text| text.strip_prefix(&format!("{package}::aws::"))) {
            let (module, test) = name.rsplit_once("::").expect("a name has a module and a test");
            let tests = read(&format!("{folder}/tests/aws/{module}.rs"));
            assert!(tests.contains(&format!("\nfn {test}() {{")), "there is no test `{name}`");
            count += 1;
        }
    }
    assert!(count > 0, "docs/seeds.md names none");
}

#[test]
fn every_row_has_an_item_a_place_and_a_test() {
    for line in read("../../docs/seeds.md").lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let heading = line.starts_with("| **") || line.starts_with("|---") || cells[0] == "item" || cells[0] == "fault";
        assert!(heading || (cells.len() == 3 && !cells[2].is_empty()), "{line}");
    }
}
