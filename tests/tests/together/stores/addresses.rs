//! From an address to a store.

use strata_config_store::{FileStore, open};

use super::places::Directory;

#[test]
fn an_address_names_its_store() {
    let place = Directory::new();
    let directory = place.path().display();
    assert_eq!(open("memory:").unwrap().url(), "memory:");
    for address in [format!("file:{directory}/f"), format!("sqlite:{directory}/s.db")] {
        assert_eq!(open(&address).unwrap().url(), address);
    }
    assert_eq!(open(&format!("sqlite:{directory}")).unwrap().url(), format!("sqlite:{directory}/strata.db"));
    assert_eq!(open(&format!("sqlite:{directory}/new/")).unwrap().url(), format!("sqlite:{directory}/new/strata.db"));
}

#[test]
fn a_directory_alone_is_what_is_in_it() {
    let place = Directory::new();
    let (files, database) = (place.path().join("files"), place.path().join("database"));
    let address = |path: &std::path::Path| path.display().to_string();
    assert_eq!(open(&address(&files)).unwrap().url(), format!("file:{}", files.display()));
    open(&format!("sqlite:{}/", database.display())).unwrap();
    assert!(open(&address(&database)).unwrap().url().starts_with("sqlite:"));
    FileStore::open(&database).unwrap();
    let error = open(&address(&database)).unwrap_err();
    assert!(error.is_address() && error.to_string().contains("holds two stores"), "{error}");
    for scheme in ["file", "sqlite"] {
        let named = open(&format!("{scheme}:{}", database.display())).unwrap();
        assert!(named.url().starts_with(scheme), "{}", named.url());
    }
}

#[test]
fn no_store_is_made_beside_one_of_another_kind() {
    let place = Directory::new();
    let (files, database) = (place.path().join("files"), place.path().join("database"));
    open(&format!("file:{}", files.display())).unwrap();
    open(&format!("sqlite:{}/", database.display())).unwrap();
    for (address, instead) in [
        (format!("sqlite:{}", files.display()), format!("file:{}", files.display())),
        (format!("sqlite:{}/", files.display()), format!("file:{}", files.display())),
        (format!("file:{}", database.display()), format!("sqlite:{}", database.display())),
    ] {
        let error = open(&address).unwrap_err();
        assert!(error.is_address() && error.to_string().contains(&format!("say `{instead}")), "{address}: {error}");
    }
    assert!(!files.join("strata.db").exists() && !database.join("journal.jsonl").exists());
}

#[test]
fn what_is_no_address_is_told_what_is() {
    for address in ["", "file:", "sqlite:", "memory:x", "redis://localhost", "nothing:at-all"] {
        let error = open(address).unwrap_err();
        assert!(error.is_address() && error.to_string().contains("file:DIRECTORY"), "{error}");
    }
}
