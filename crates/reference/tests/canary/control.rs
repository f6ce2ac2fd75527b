//! The search can fail: what does show a marker is found, in every form, and nothing collected is no success.

use strata_config::{Loader, Secret};
use strata_config_secrets::to_base64;

use crate::case::{Case, exposed, word};
use crate::documents::Language;
use crate::search::{Form, Search};
use crate::shelf::Shelf;
use crate::sources::plain;
use crate::subjects::for_every_system;

fn search(marker: &str) -> Search {
    let mut search = Search::default();
    search.add("a marker", marker);
    search
}

fn form(search: &Search, text: &str) -> Option<Form> {
    search.find(text.as_bytes()).map(|found| found.form)
}

#[test]
fn a_marker_is_found_in_every_form_and_in_part() {
    let marker = word("control", "marker");
    let search = search(&marker);
    assert_eq!(form(&search, &format!("a line with {marker} in it")), Some(Form::Plain));
    assert_eq!(form(&search, &marker[9..21]), Some(Form::Plain), "twelve bytes are enough");
    assert_eq!(form(&search, &marker[9..20]), None, "and eleven may be chance");
    assert_eq!(form(&search, &marker.chars().rev().collect::<String>()), Some(Form::Reversed));
    let bytes = marker.as_bytes();
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    for text in [hex.clone(), hex.to_uppercase(), hex[11..30].to_owned()] {
        assert_eq!(form(&search, &text), Some(Form::Hex), "{text}");
    }
    let percent = bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    assert_eq!(form(&search, &percent), Some(Form::Percent));
    assert_eq!(form(&search, &format!("{bytes:?}")), Some(Form::Decimal));
    for before in ["", "x", "xy", "user:"] {
        let text = to_base64(&format!("{before}{marker}@host"));
        assert_eq!(form(&search, &text), Some(Form::Base64), "{before}");
    }
    assert_eq!(form(&search, &word("control", "another")), None);
}

#[test]
fn what_shows_a_secret_is_a_leak() {
    let case = Case::of::<Shelf>("control");
    let (_brought, loader) = plain::<Shelf>(&case);
    let loaded = loader.load().unwrap();
    let mut collection = case.collection();
    for text in exposed(loaded.config()) {
        collection.take("expose()", text);
    }
    // Every secret, and the default.
    assert_eq!(collection.leaks(), case.secrets.len());
    let before = collection.leaks();
    collection.debug("what is not hidden", &exposed(loaded.config()));
    collection.debug("a secret", &Secret::new(case.secrets[0].marker.clone()));
    assert_eq!(collection.leaks(), before + 2, "the set in a line and in lines, and not the secret");
}

#[test]
#[should_panic(expected = "0 outputs were collected")]
fn nothing_collected_is_no_success() {
    Case::of::<Shelf>("control").collection().is_silent(1);
}

#[test]
#[should_panic(expected = "shows `password` (Plain)")]
fn a_leak_says_which_secret_where() {
    let case = Case::of::<Shelf>("control");
    let secret = case.secrets.iter().find(|secret| secret.path.as_str() == "password").unwrap();
    let mut collection = case.collection();
    collection.take("a line", format!("password = {}", secret.marker));
    collection.is_silent(1);
}

/// Each language says the same, so what the other modules write is read.
fn every_document_is_read<S: crate::case::Subject>() {
    let case = Case::of::<S>("control");
    for language in Language::ALL {
        let text = language.write(&case.document());
        let loader = S::secrets(Loader::<S>::new(), Some(&case.fernet()));
        let loaded = loader.text(format!("a.{}", language.extension()), text).load();
        case.is_in(loaded.unwrap_or_else(|report| panic!("{language:?}: {report}")).config());
    }
}

for_every_system! {
    every_document_is_read;
}

/// A secret that is added to a system is marked by itself; that there are any is said here.
#[test]
fn the_systems_have_secrets() {
    use strata_config_reference::{learning::LearningConfig, webapp::WebappConfig};

    assert!(Case::of::<WebappConfig>("control").secrets.len() >= 10);
    assert!(Case::of::<LearningConfig>("control").secrets.len() >= 2);
    let shelf = Case::of::<Shelf>("control");
    let paths: Vec<&str> = shelf.secrets.iter().map(|secret| secret.path.as_str()).collect();
    let expected = [
        "default",
        "password",
        "keys.0",
        "keys.1",
        "tokens.one",
        "tokens.two",
        "vault.code",
        "doors.0.pin",
        "boxes.one.pin",
    ];
    assert_eq!(paths, expected);
}
