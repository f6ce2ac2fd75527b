//! The interface as programs of others judge it.

use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;

use serde_json::json;
use strata_config::LayeredConfig;
use strata_config_admin::{Experiments, Limits};
use strata_config_reload::{Live, Preset};

use crate::python::{program, told};
use crate::site::{Config, Site, TOKEN, bearer};

#[test]
#[ignore = "needs python3"]
fn the_description_is_valid_openapi() {
    let site = Site::start();
    let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
    std::fs::write(file.path(), site.get("/openapi.json").text).unwrap();
    let output = program("openapi-spec-validator", "openapi-spec-validator").arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
}

#[test]
#[ignore = "needs python3"]
fn prometheus_reads_the_figures() {
    let site = Site::start();
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 32}));
    site.get("/nowhere/\"quoted\\\"");
    const READ: &str = "
import sys
from prometheus_client.parser import text_string_to_metric_families
families = list(text_string_to_metric_families(sys.stdin.read()))
names = [family.name for family in families]
assert len(names) == len(set(names)), names
samples = [(sample.name, tuple(sorted(sample.labels.items()))) for family in families for sample in family.samples]
assert len(samples) == len(set(samples)), samples
assert all(family.type != 'unknown' and family.documentation for family in families), families
assert ('strata_config_revision', ()) in samples
print(len(samples))
";
    let mut child = program("prometheus_client", "python")
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(site.get("/metrics").text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
}

/// Requests of chance, right and wrong ones, to every operation: no answer is one that the description does not know.
#[test]
#[ignore = "needs python3 and schemathesis"]
fn every_answer_is_as_described() {
    let site = whole();
    let folder = tempfile::tempdir().unwrap();
    let output = program("schemathesis", "schemathesis")
        .current_dir(folder.path())
        .args(["run", &format!("http://{}/openapi.json", site.address)])
        .args(["--header", &format!("Authorization:{}", bearer(TOKEN))])
        .args(["--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "10"])
        .args(["--seed", "6", "--generation-deterministic", "--no-shrink"])
        .args(["--continue-on-failure", "--warnings", "off", "--request-timeout", "20", "--no-color"])
        // A stream of events does not end.
        .args(["--exclude-path-regex", "/events"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
}

/// A server that has something of everything, and is not tired by many questions.
fn whole() -> Site {
    let preset = |name: &str, parallel: u32| Preset::new(name, "A width").set("parallel", parallel);
    let loader = Config::loader().env_from(vec![("FEATURES_FLAGS", r#"{"new-search": "25%"}"#)]);
    let live = Live::of(loader).presets([preset("narrow", 1), preset("wide", 64)]);
    let live = live.declare(Experiments::declaration()).open().unwrap();
    let experiments = Experiments::of(Arc::new(live.clone())).unwrap();
    let many = 1_000_000;
    let limits =
        Limits { writes_per_second: many, reads_per_second: many, failures_per_minute: many, ..Limits::default() };
    let site = Site::of(live, |admin| admin.experiments(experiments).limits(limits));
    let arms = json!([{"preset": "narrow", "weight": 1}, {"preset": "wide", "weight": 1}]);
    assert_eq!(site.call("PUT", "/api/v1/experiments/width", &json!({"arms": arms})).status, 200);
    assert_eq!(site.call("POST", "/api/v1/snapshots", &json!({"description": "first"})).status, 201);
    site
}

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance,ignored_auth";
