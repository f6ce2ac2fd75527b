//! From an address to a store.

use strata_config_store::open;

use crate::places::Directory;

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
    open(&format!("file:{}", database.display())).unwrap();
    assert!(open(&address(&database)).unwrap_err().is_address());
}

#[test]
fn what_is_no_address_is_told_what_is() {
    for address in ["", "file:", "sqlite:", "memory:x", "redis://localhost", "nothing:at-all"] {
        let error = open(address).unwrap_err();
        assert!(error.is_address() && error.to_string().contains("file:DIRECTORY"), "{error}");
    }
}
