//! Every value says where it came from.

use serde_json::{Value, json};

use crate::shell::Shell;

/// Value, origin and shadows of one value of an answer of `explain`.
fn of<'a>(answer: &'a Value, path: &str) -> (&'a Value, &'a Value, &'a Value) {
    let values = answer["values"].as_array().unwrap();
    let value = values.iter().find(|value| value["path"] == path).unwrap_or_else(|| panic!("no {path}"));
    (&value["value"], &value["origin"], &value["shadows"])
}

const SITE: (&str, &str) =
    ("site.toml", "[connection_pool]\nhttp_total_pool_size = 60\n\n[request_pipeline]\nbatch_size = 20\n");

#[test]
fn every_value_says_where_it_came_from_and_whom_it_shadows() {
    let shell = Shell::new(&[SITE], &[("HTTP_POOL_SIZE", "50")]);
    let answer = shell.json("phase2a -f site.toml --set request_pipeline.batch_size=12 explain");
    assert_eq!(answer["valid"], json!(true));
    assert_eq!(
        of(&answer, "connection_pool.http_total_pool_size"),
        (
            &json!(50),
            &json!({"layer": "env", "at": "HTTP_POOL_SIZE"}),
            &json!([
                {"layer": "file", "at": "site.toml:2:24", "value": 60},
                {"layer": "default", "at": "default", "value": 100},
            ])
        )
    );
    assert_eq!(
        of(&answer, "request_pipeline.batch_size"),
        (
            &json!(12),
            &json!({"layer": "args", "at": "--set request_pipeline.batch_size"}),
            &json!([
                {"layer": "file", "at": "site.toml:5:14", "value": 20},
                {"layer": "default", "at": "default", "value": 10},
            ])
        )
    );
    assert_eq!(
        of(&answer, "max_memory_usage_mb"),
        (&json!(256), &json!({"layer": "default", "at": "default"}), &json!([]))
    );
}

#[test]
fn a_variable_that_is_not_set_overrides_nothing() {
    let answer = Shell::new(&[SITE], &[("DB_POOL_SIZE", "")]).json("phase2a -f site.toml explain");
    assert_eq!(
        of(&answer, "connection_pool.http_total_pool_size"),
        (
            &json!(60),
            &json!({"layer": "file", "at": "site.toml:2:24"}),
            &json!([{"layer": "default", "at": "default", "value": 100}])
        )
    );
    let layers: Vec<&str> =
        answer["values"].as_array().unwrap().iter().map(|value| value["origin"]["layer"].as_str().unwrap()).collect();
    assert!(!layers.contains(&"env"), "{layers:?}");
}
