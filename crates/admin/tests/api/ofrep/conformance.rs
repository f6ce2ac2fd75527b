//! Every answer is what the protocol's own document says.

use std::path::Path;

use serde_json::{Value as Json, json};
use strata_config::LayeredConfig;
use strata_config_core::Loader;

use super::{ALL, clocked, of_every_type, one, set, site};
use crate::site::{TOKEN, bearer};

/// The protocol's document: our own loader reads its YAML.
#[derive(LayeredConfig, Debug)]
struct Document {
    #[config(default)]
    openapi: Json,
    #[config(default)]
    servers: Json,
    #[config(default)]
    info: Json,
    #[config(default)]
    security: Json,
    #[config(default)]
    tags: Json,
    #[config(default)]
    paths: Json,
    #[config(default)]
    components: Json,
}

/// The protocol's shapes. As they stand they can't be used: of a value's types `oneOf` takes none that are numbers, the
/// reason DEFAULT and the code FLAG_NOT_FOUND are missing, though the document itself uses them.
struct Shapes(Json);

impl Shapes {
    fn read() -> Self {
        let folder = std::env::var_os("STRATA_CONFORMANCE").expect("STRATA_CONFORMANCE names a folder");
        let text = std::fs::read_to_string(Path::new(&folder).join("ofrep/openapi.yaml")).unwrap();
        let document = Loader::<Document>::new().text("openapi.yaml", text).load().unwrap().into_config();
        let Document { openapi, servers, info, security, tags, paths, components } = document;
        assert!([openapi, servers, info, security, tags].iter().all(|part| !part.is_null()));
        assert_eq!(paths.as_object().unwrap().len(), 2);
        let mut components = components;
        let schemas = &mut components["schemas"];
        let success = &mut schemas["evaluationSuccess"]["allOf"];
        success[0]["properties"]["reason"]["enum"].as_array_mut().unwrap().push(json!("DEFAULT"));
        let ways = success[1]["oneOf"].take();
        success[1] = json!({ "anyOf": ways });
        let item = &mut schemas["bulkEvaluationSuccess"]["properties"]["flags"]["items"];
        let ways = item["oneOf"].take();
        *item = json!({ "anyOf": ways });
        let codes = &mut schemas["evaluationFailure"]["properties"]["errorCode"]["enum"];
        codes.as_array_mut().unwrap().push(json!("FLAG_NOT_FOUND"));
        let metadata = &mut schemas["metadata"]["additionalProperties"];
        let ways = metadata["oneOf"].take();
        *metadata = json!({ "anyOf": ways });
        Self(components)
    }

    #[track_caller]
    fn take(&self, name: &str, answer: &Json) {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/components/schemas/{name}"),
            "components": self.0,
        });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(answer).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {answer}\n{}", errors.join("\n"));
    }

    #[track_caller]
    fn refuse(&self, name: &str, answer: &Json) {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}"), "components": self.0 });
        assert!(!jsonschema::is_valid(&schema, answer), "{name} takes {answer}");
    }
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_every_answer_has_the_shape_of_the_protocols_document() {
    let shapes = Shapes::read();
    let site = site(&of_every_type());
    let contexts = [json!({}), json!({"targetingKey": "ann"}), json!({"targetingKey": "bob", "staff": true, "n": 1.5})];
    for context in &contexts {
        let body = json!({ "context": context });
        let bulk = site.call("POST", ALL, &body).json();
        shapes.take("bulkEvaluationSuccess", &bulk);
        shapes.take("eventStream", &bulk["eventStreams"][0]);
        for flag in bulk["flags"].as_array().unwrap() {
            shapes.take("evaluationSuccess", flag);
            let single = site.call("POST", &one(&flag["key"].as_str().unwrap().replace('/', "%2F")), &body).json();
            shapes.take("serverEvaluationSuccess", &single);
        }
    }
    shapes.take("flagNotFound", &site.call("POST", &one("none"), &json!({})).json());
    for body in ["{", "[]", r#"{"context": []}"#, r#"{"context": {"targetingKey": []}}"#] {
        let headers = [("authorization", &*bearer(TOKEN))];
        shapes.take("evaluationFailure", &site.send("POST", &one("on"), &headers, Some(body)).json());
        shapes.take("bulkEvaluationFailure", &site.send("POST", ALL, &headers, Some(body)).json());
    }
    shapes.refuse("evaluationSuccess", &json!({"key": "a", "reason": "BECAUSE"}));
    shapes.refuse("flagNotFound", &json!({"errorCode": "FLAG_NOT_FOUND"}));
}

#[test]
#[ignore = "needs the foreign test files, by STRATA_CONFORMANCE"]
fn conformance_no_state_of_a_flag_has_a_reason_that_clients_do_not_know() {
    let shapes = Shapes::read();
    let (site, clock) = clocked();
    set(
        &site,
        &json!({
            "window": {"schedule": [{"from": "2026-01-02T00:00:00Z", "to": "2026-01-03T00:00:00Z"}], "off_variant": "off"},
            "ramp": {"fallthrough": {"ramp": {"steps": [{"at": "2026-01-02T00:00:00Z", "coverage": "50%"}]}}},
            "target": {"targets": [{"unit": "ann", "variant": "on"}]},
            "needs": {"prerequisites": [{"flag": "target", "variant": "on"}], "fallthrough": "on"},
            "forced": {"forced": "on"},
        }),
    );
    for _ in 0..4 {
        for key in ["ann", "bob"] {
            let bulk = site.call("POST", ALL, &json!({"context": {"targetingKey": key}})).json();
            shapes.take("bulkEvaluationSuccess", &bulk);
        }
        clock.advance(std::time::Duration::from_secs(12 * 60 * 60));
    }
    site.call("PATCH", "/api/v1/config", &json!({"features": {"kill_switch": true}}));
    shapes.take("bulkEvaluationSuccess", &site.call("POST", ALL, &json!({})).json());
}
