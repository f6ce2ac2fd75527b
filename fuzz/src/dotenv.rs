//! `.env` files: places, references that end, limits; and what exports write is read back.

use strata_config_codegen::dotenv_value;
use strata_config_core::fuzzing::read_dotenv;
use strata_config_core::{Kind, NodeId};

use crate::places;

/// What all variables of a file may hold together, as the documentation promises.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads a file, and one that the values of this file make.
pub fn dotenv(data: &[u8]) {
    let lookup = |name: &str| match name {
        "HOME" => Some("/home/me".to_owned()),
        "EMPTY" => Some(String::new()),
        "ODD" => Some("$A ${B} \"'\\ #\n".to_owned()),
        "BIG" => Some("x".repeat(64 * 1024)),
        _ => None,
    };
    let (document, faults) = read_dotenv(data, &lookup);
    places::check(&document, &faults);
    let mut written = String::new();
    let mut held = 0;
    for child in document.children(NodeId::ROOT) {
        let (name, value) = (document.key(child), document.scalar(child));
        assert_eq!(document.kind(child), Kind::Text);
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte)));
        held += value.len();
        written.push_str(&format!("{name}={}\n", dotenv_value(value)));
    }
    assert!(held <= data.len() + MAX_BYTES, "{held} bytes");
    let (again, wrong) = read_dotenv(written.as_bytes(), &|_| None);
    assert_eq!(wrong, [], "{written}");
    let values = |document: &strata_config_core::Document| -> Vec<(String, String)> {
        let children = document.children(NodeId::ROOT);
        children.map(|child| (document.key(child).to_owned(), document.scalar(child).to_owned())).collect()
    };
    assert_eq!(values(&again), values(&document), "{written}");
}
