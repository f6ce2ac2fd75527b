//! The JSON Schema, held by a validator against documents that load and documents that don't.

use jsonschema::Validator;
use serde_json::{Value, json};
use strata_config_codegen::{Coverage, Format, json_schema, template};
use strata_config_core::LayeredConfig;

use super::everything::Everything;

fn schema(coverage: Coverage) -> Value {
    serde_json::from_str(&json_schema(Everything::SCHEMA, coverage)).unwrap()
}

fn validator(coverage: Coverage) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema(coverage)).unwrap()
}

/// The least that is a whole configuration, and what a test says of it.
fn whole(with: Value) -> Value {
    let mut document = json!({ "required": 7, "key": "abcdef", "store": { "kind": "memory" } });
    for (key, value) in with.as_object().unwrap() {
        document[key] = value.clone();
    }
    document
}

fn loads(document: &Value) -> bool {
    Everything::loader().text("a.json", document.to_string()).load().is_ok()
}

#[test]
fn it_obeys_the_metaschema() {
    for coverage in [Coverage::Layer, Coverage::Whole] {
        let schema = schema(coverage);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        jsonschema::draft202012::meta::validate(&schema).unwrap();
    }
}

#[test]
fn what_loads_is_accepted() {
    let documents = [
        json!({}),
        json!({ "port": 1024, "ratio": 1, "log": "WARNING" }),
        json!({ "verbosity": "Debug" }),
        json!({ "log": "info", "levels": ["Warn"], "level": null, "shape": { "oblong": { "ratio": 2.0 } } }),
        json!({ "timeout": "1m 30s", "pause": 100, "memory": "0.5 GiB" }),
        json!({ "timeout": 2.5, "pause": "0.5", "memory": 1024 }),
        json!({ "bind": "::1", "peer": "[::1]:8080", "home": "HTTPS://b.example/x?y=1", "mail": "x@y.example" }),
        json!({ "tags": ["a", "b"], "weights": { "x": 0.0 }, "comment": null, "retries": 255, "speed": "low" }),
        json!({ "db": { "pool_size": 64, "replica": { "host": "h" }, "limits": {} }, "tls": null }),
        json!({ "database": { "replica": null }, "tls": { "cert": "c" }, "token": null }),
        json!({ "servers": [{ "host": "a" }, { "host": "b", "weight": 2 }], "zones": { "eu": { "host": "c" } } }),
        json!({ "store": { "kind": "file", "path": "p", "sync": false }, "soft": 1 }),
    ];
    for document in documents.map(whole) {
        assert!(loads(&document), "{document}");
        for coverage in [Coverage::Layer, Coverage::Whole] {
            let errors: Vec<String> =
                validator(coverage).iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{coverage:?} {document}: {errors:?}");
        }
    }
}

#[test]
fn each_kind_of_mistake_is_refused() {
    let mistakes = [
        ("a type", json!({ "port": "8080" })),
        ("a type's bounds", json!({ "port": 70_000 })),
        ("a fraction", json!({ "port": 8080.5 })),
        ("a least value", json!({ "port": 80 })),
        ("a greatest value", json!({ "ratio": 1.5 })),
        ("a choice", json!({ "log": "loud" })),
        ("a choice in a list", json!({ "levels": ["info", "loud"] })),
        ("one of some texts", json!({ "speed": "high" })),
        ("a length", json!({ "name": "a" })),
        ("a length of an item", json!({ "tags": [""] })),
        ("a number of items", json!({ "tags": ["a", "b", "c", "d"] })),
        ("a pattern", json!({ "name": "ABC" })),
        ("a URL", json!({ "home": "nope" })),
        ("a URL's scheme", json!({ "home": "ftp://a.example" })),
        ("an e-mail address", json!({ "mail": "nobody" })),
        ("an address", json!({ "bind": "1.2.3" })),
        ("an address of a family", json!({ "gateway": "::1" })),
        ("an address with a port", json!({ "peer": "127.0.0.1" })),
        ("a duration", json!({ "timeout": "soon" })),
        ("a unit of time", json!({ "timeout": "30 sec" })),
        ("a negative duration", json!({ "timeout": -1 })),
        ("a size", json!({ "memory": "1 parsec" })),
        ("a null", json!({ "port": null })),
        ("a value of a map", json!({ "weights": { "x": -1.0 } })),
        ("an unknown key", json!({ "prot": 1 })),
        ("an unknown key below", json!({ "db": { "pool": 1 } })),
        ("an unknown key of an item", json!({ "servers": [{ "host": "a", "prot": 1 }] })),
        ("a missing key of an item", json!({ "servers": [{ "weight": 1 }] })),
        ("a section that is a value", json!({ "db": 1 })),
        ("a section that is null", json!({ "db": null })),
        ("a list that is a section", json!({ "servers": {} })),
        ("a tag", json!({ "store": { "kind": "cloud" } })),
        ("a key of another variant", json!({ "store": { "kind": "memory", "path": "p" } })),
        ("a variant of an enum with data", json!({ "shape": { "square": {} } })),
        ("a computed value", json!({ "loaded_from": "x" })),
        ("a secret's length", json!({ "key": "abc" })),
    ];
    let layer = validator(Coverage::Layer);
    for (what, mistake) in mistakes {
        let document = whole(mistake);
        assert!(!layer.is_valid(&document), "{what}: {document}");
        let outcome = Everything::loader().text("a.json", document.to_string()).read();
        assert!(!outcome.report().is_empty(), "{what} is no mistake to the loader: {document}");
    }
}

#[test]
fn what_is_required_is_required_of_a_whole_document_alone() {
    let missing = [
        json!({ "key": "abcdef", "store": { "kind": "memory" } }),
        json!({ "required": 1, "store": { "kind": "memory" } }),
        json!({ "required": 1, "key": "abcdef" }),
        json!({ "required": 1, "key": "abcdef", "store": {} }),
        json!({ "required": 1, "key": "abcdef", "store": { "kind": "file" } }),
        whole(json!({ "tls": { "port": 1 } })),
        whole(json!({ "zones": { "eu": { "weight": 1 } } })),
    ];
    for document in missing {
        assert!(!loads(&document), "{document}");
        assert!(!validator(Coverage::Whole).is_valid(&document), "{document}");
        assert!(validator(Coverage::Layer).is_valid(&document), "{document}");
    }
}

#[test]
fn editors_learn_of_defaults_deprecations_and_secrets() {
    let schema = schema(Coverage::Layer);
    let of = |path: &str| schema.pointer(path).unwrap().clone();
    assert_eq!(of("/properties/port/default"), 8080);
    assert_eq!(of("/properties/timeout/default"), "30s");
    assert_eq!(of("/properties/unused/deprecated"), true);
    assert_eq!(of("/properties/verbosity/deprecated"), true);
    assert_eq!(of("/properties/key/writeOnly"), true);
    assert_eq!(schema.pointer("/properties/password/default"), None);
    assert_eq!(of("/properties/enabled/description"), "A change takes effect after a restart.");
    assert_eq!(of("/$defs/Store/anyOf/1/properties/kind/const"), "file");
    assert_eq!(
        self::schema(Coverage::Whole).pointer("/$defs/Store/oneOf/1/required").unwrap(),
        &json!(["kind", "path"])
    );
}

#[test]
fn the_json_template_is_accepted() {
    let lines = template(Everything::SCHEMA, Format::Json);
    let plain: String = lines.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    assert!(validator(Coverage::Layer).is_valid(&serde_json::from_str(&plain).unwrap()), "{plain}");
}

mod open {
    //! A configuration that accepts unknown keys.

    use super::*;
    use strata_config_derive::LayeredConfig;

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    #[config(crate = strata_config_core, allow_unknown)]
    struct Open {
        #[config(default = 1)]
        known: u32,
        #[config(nested)]
        below: Below,
    }

    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    #[config(crate = strata_config_core)]
    struct Below {
        #[config(default = 1)]
        known: u32,
    }

    #[test]
    fn unknown_keys_are_accepted_at_every_depth_where_the_root_says_so() {
        let schema = serde_json::from_str(&json_schema(Open::SCHEMA, Coverage::Whole)).unwrap();
        let document = json!({ "other": 1, "below": { "other": 1 } });
        assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&document));
        assert!(Open::loader().text("a.json", document.to_string()).load().is_ok());
    }
}
