//! `/reports` and `/alerts`: figures against thresholds that are settings.

use serde_json::json;
use strata_config_admin::{Admin, AlertRule};
use strata_config_core::FieldPath;

use crate::listener::Listener;
use crate::site::Site;

fn watched(admin: Admin) -> Admin {
    admin.alert(AlertRule::above("open_requests", FieldPath::new("parallel")).name("busy"))
}

#[test]
fn a_figure_beyond_its_threshold_is_an_alert_until_the_threshold_is_another() {
    let site = Site::with(&[], watched);
    let mut listener = Listener::open(site.address, "", "");
    let reply = site.call("POST", "/api/v1/reports", &json!({"figures": {"open_requests": 9, "colour": 1.5}}));
    assert_eq!((reply.status, &reply.json()["unknown"]), (200, &json!(["colour"])), "{}", reply.text);
    let alert = &reply.json()["alerts"][0];
    assert_eq!(
        (&alert["name"], &alert["active"], &alert["value"], &alert["threshold"], &alert["direction"], &alert["path"]),
        (&json!("busy"), &json!(true), &json!(9.0), &json!(8.0), &json!("above"), &json!("parallel"))
    );
    let status = site.get("/api/v1/status").json();
    assert_eq!((&status["alerts"][0]["active"], &status["streams"]["sse"]), (&json!(true), &json!(1)));
    let told = listener.next_of("alert");
    assert_eq!((&told.data["alert"]["name"], &told.data["alert"]["active"]), (&json!("busy"), &json!(true)));
    // Nobody has to report again.
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 32}));
    assert_eq!(listener.next_of("alert").data["alert"]["active"], false);
    assert_eq!(site.get("/api/v1/alerts").json()["alerts"][0]["active"], false);
}

#[test]
fn what_is_no_number_is_refused_as_a_whole() {
    let site = Site::with(&[], watched);
    let reply = site.call("POST", "/api/v1/reports", &json!({"figures": {"open_requests": 9, "a/b": "9"}}));
    assert_eq!((reply.status, &reply.json()["errors"][0]["pointer"]), (422, &json!("/figures/a~1b")));
    assert_eq!(site.get("/api/v1/alerts").json()["alerts"][0]["value"], json!(null));
    for body in [json!({"figure": {}}), json!({"figures": [1]}), json!([])] {
        assert_eq!(site.call("POST", "/api/v1/reports", &body).status, 400, "{body}");
    }
}

#[test]
fn the_application_itself_reports_too() {
    let mut reports = None;
    let site = Site::with(&[], |admin| {
        let admin = watched(admin);
        reports = Some(admin.reports());
        admin
    });
    let reports = reports.unwrap();
    let mut listener = Listener::open(site.address, "?path=parallel", "");
    assert_eq!(reports.report([("open_requests", 60.0), ("open_requests", f64::NAN)]), ["open_requests"]);
    assert_eq!(reports.active(), ["busy"]);
    assert_eq!(listener.next_of("alert").data["alert"]["value"], 60.0);
}
