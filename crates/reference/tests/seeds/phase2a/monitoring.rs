//! What operators hear of by themselves: alerts, and figures in the log.

use std::thread;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::server::Server;

/// Figures that are all worse than the defaults allow.
fn bad() -> Json {
    json!({"figures": {"memory_usage_mb": 201, "failed_connections": 10, "cache_hit_rate": 0.69}})
}

/// The alerts that are active, as a path tells them.
fn active(server: &Server, path: &str) -> Vec<Json> {
    let answer = server.get(path).of(200);
    let alerts = answer["alerts"].as_array().unwrap();
    assert_eq!(alerts.len(), 3, "every rule is told: {answer}");
    alerts.iter().filter(|alert| alert["active"] == true).map(|alert| alert["name"].clone()).collect()
}

#[test]
fn a_figure_beyond_its_threshold_is_an_alert() {
    let server = Server::start("phase2a", &[]);
    let fair = json!({"figures": {"memory_usage_mb": 200, "failed_connections": 9, "cache_hit_rate": 0.7}});
    server.call("POST", "/api/v1/reports", &fair).of(200);
    assert_eq!(active(&server, "/api/v1/alerts"), Vec::<Json>::new());
    server.call("POST", "/api/v1/reports", &bad()).of(200);
    for path in ["/api/v1/alerts", "/api/v1/status", "/api/admin/phase2a/alerts"] {
        assert_eq!(active(&server, path), ["memory_usage_mb", "failed_connections", "cache_hit_rate"], "{path}");
    }
    server.logged("an alert begins");
}

#[test]
fn thresholds_are_the_variables_and_follow_their_settings() {
    let variables = [
        ("MEMORY_ALERT_THRESHOLD_MB", "300"),
        ("CONNECTION_FAILURE_ALERT_THRESHOLD", "20"),
        ("CACHE_HIT_RATE_ALERT_THRESHOLD", "0.5"),
    ];
    let server = Server::start("phase2a", &variables);
    server.call("POST", "/api/v1/reports", &bad()).of(200);
    assert_eq!(active(&server, "/api/v1/alerts"), Vec::<Json>::new());
    server.call("PATCH", "/api/v1/config", &json!({"alerts": {"memory_threshold_mb": 100}})).of(200);
    assert_eq!(active(&server, "/api/v1/alerts"), ["memory_usage_mb"], "nobody has to report again");
}

#[test]
fn alerts_are_silent_where_they_are_turned_off() {
    let server = Server::start("phase2a", &[("ENABLE_PERFORMANCE_ALERTS", "false")]);
    server.call("POST", "/api/v1/reports", &bad()).of(200);
    for path in ["/api/v1/alerts", "/api/v1/status"] {
        assert_eq!(active(&server, path), Vec::<Json>::new(), "{path}");
    }
    server.call("PATCH", "/api/v1/config", &json!({"alerts": {"enabled": true}})).of(200);
    assert_eq!(active(&server, "/api/v1/alerts").len(), 3);
}

#[test]
fn figures_are_logged_at_the_interval_from_the_moment_that_it_changes() {
    let server = Server::start("phase2a", &[("METRICS_EXPORT_INTERVAL", "86400")]);
    server.call("PATCH", "/api/v1/config", &json!({"metrics_export_interval": 1})).of(200);
    for _ in 0..2 {
        let figures = server.logged("strata::metrics");
        assert!(figures.contains("strata_config_revision 1"), "{figures}");
    }
}

#[test]
fn figures_are_logged_only_while_monitoring_is_on() {
    let server = Server::start("phase2a", &[("METRICS_EXPORT_INTERVAL", "1"), ("PHASE_2A_MONITORING", "false")]);
    // Time for a server that does not ask the setting.
    thread::sleep(Duration::from_millis(2500));
    server.call("PATCH", "/api/v1/config", &json!({"performance_monitoring_enabled": true})).of(200);
    let first = server.logged("strata::metrics");
    assert!(first.contains("strata_config_revision 1"), "{first}");
}
