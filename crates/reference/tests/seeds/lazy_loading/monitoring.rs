//! Figures in the log of seed 004, at the interval of its settings.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::server::Server;

#[test]
fn figures_are_logged_at_the_interval_while_monitoring_is_on() {
    let variables = [("METRICS_COLLECTION_INTERVAL", "0.5"), ("PERFORMANCE_MONITORING_ENABLED", "false")];
    let server = Server::start("lazy-loading", &variables);
    // Time for a server that does not ask the setting.
    thread::sleep(Duration::from_millis(1500));
    server.call("PATCH", "/api/v1/config", &json!({"performance_monitoring_enabled": true})).of(200);
    for _ in 0..2 {
        let figures = server.logged("strata::metrics");
        assert!(figures.contains("strata_config_revision 1"), "{figures}");
    }
}
