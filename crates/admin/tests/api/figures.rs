//! `/metrics`: the figures, as Prometheus reads them.

use std::collections::BTreeSet;

use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::json;

use crate::site::{Site, bearer};

#[test]
fn the_figures_follow_what_happens() {
    let site = Site::start();
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 32}));
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 3200}));
    site.send("GET", "/api/v1/config", &[], None);
    for anything in 0..50 {
        site.get(&format!("/anything/{anything}"));
    }
    let reply = site.get("/metrics");
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
    for line in [
        "strata_info{name=\"Config\",version=\"0.1.0\"} 1",
        "strata_config_revision 1",
        "strata_config_writes_total 1",
        "strata_config_writes_refused_total 1",
        "strata_config_condition{condition=\"healthy\"} 1",
        "strata_http_requests_in_flight 1",
        "strata_http_requests_total{route=\"/api/v1/config\",method=\"PATCH\",status=\"200\"} 1",
        "strata_http_requests_total{route=\"/api/v1/config\",method=\"PATCH\",status=\"422\"} 1",
        "strata_http_requests_total{route=\"/api/v1/config\",method=\"GET\",status=\"401\"} 1",
        "strata_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 50",
        "strata_http_request_duration_seconds_count{route=\"/api/v1/config\",method=\"PATCH\"} 2",
        "strata_flags_flags 0",
        "strata_event_streams{way=\"sse\"} 0",
    ] {
        assert!(reply.text.lines().any(|known| known == line), "{line} is not in {}", reply.text);
    }
}

#[test]
fn no_figure_is_told_twice_and_each_has_its_kind() {
    let site = Site::start();
    site.get("/api/v1/config");
    let text = site.get("/metrics").text;
    let (mut series, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    for line in text.lines() {
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            assert!(kinds.insert(kind.split(' ').next().unwrap().to_owned()), "{kind} has two kinds");
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            assert!(series.insert(name.to_owned()), "{name} is there twice");
            let family = name.split('{').next().unwrap();
            let ends = ["_bucket", "_sum", "_count"].iter().find_map(|end| family.strip_suffix(end));
            assert!(kinds.contains(family) || kinds.contains(ends.unwrap_or_default()), "{family} has no kind");
        }
    }
    assert!(series.len() > 30, "{text}");
}

#[test]
fn only_readers_are_told_the_figures_where_they_are_not_open() {
    let site = Site::start();
    assert_eq!(site.send("GET", "/metrics", &[], None).status, 401);
    let open = Site::with(&[], |admin| admin.open_metrics());
    assert_eq!(open.send("GET", "/metrics", &[], None).status, 200);
    assert_eq!(open.send("GET", "/metrics", &[("authorization", &bearer("no.such-token"))], None).status, 200);
}

#[test]
fn figures_are_told_in_their_interval_and_no_more_when_the_interface_is_gone() {
    let (tell, told) = channel();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("strata.prom");
    let mut write = strata_config_admin::metrics::to_file(&file);
    let to = move |figures: &str| {
        write(figures);
        tell.send(figures.to_owned()).unwrap();
    };
    let site = Site::with(&[], |admin| admin.export_metrics(|| Duration::from_millis(5), to));
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 32}));
    let patient = Duration::from_secs(60);
    while !told.recv_timeout(patient).unwrap().contains("strata_config_revision 1\n") {}
    assert!(std::fs::read_to_string(&file).unwrap().contains("# TYPE strata_config_revision gauge"));
    drop(site);
    // What tells them is dropped with the interface.
    while told.recv_timeout(patient) != Err(std::sync::mpsc::RecvTimeoutError::Disconnected) {}
}
