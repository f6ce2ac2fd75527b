//! Requests that are too much, too slow, or no requests at all: each is refused in its own way, and changes nothing.

use std::io::Write;
use std::time::Duration;

use serde_json::json;
use strata_config_admin::Limits;

use crate::raw::{connect, exchange, rest};
use crate::site::{Site, TOKEN, bearer};

/// Asserts that nothing has changed.
fn unchanged(site: &Site) {
    let config = site.live.get();
    assert_eq!((config.parallel, config.db.pool_size, site.live.version().revision()), (8, 4, 0));
}

fn json_head(length: usize) -> String {
    format!("content-type: application/json\r\ncontent-length: {length}\r\n")
}

#[test]
fn a_body_of_more_than_a_mebibyte_is_refused() {
    let site = Site::start();
    let body = format!("{{\"parallel\": 16{}}}", " ".repeat(1 << 20));
    let reply = exchange(site.address, "PATCH /api/v1/config", &json_head(body.len()), body.as_bytes());
    assert_eq!((reply.status(), reply.problem()), (413, "too-large"));
    let chunk = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let headers = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
    let reply = exchange(site.address, "PATCH /api/v1/config", headers, chunk.as_bytes());
    assert_eq!((reply.status(), reply.problem()), (413, "too-large"));
    unchanged(&site);
    let fits = format!("{{\"parallel\": 16{}}}", " ".repeat((1 << 20) - 16));
    let reply = exchange(site.address, "PATCH /api/v1/config", &json_head(fits.len()), fits.as_bytes());
    assert_eq!(reply.status(), 200, "{}", reply.0);
}

#[test]
fn json_that_is_none_or_of_other_types_or_too_deep_is_refused() {
    let site = Site::start();
    let deep = format!("{}1{}", "{\"db\":".repeat(5000), "}".repeat(5000));
    let lists = format!("{{\"db\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for body in ["", "{", "{\"parallel\": 16,}", "{\"parallel\": 16} x", "\u{feff}{}", "nonsense", &deep, &lists] {
        let reply = site.send("PATCH", "/api/v1/config", &[("authorization", &bearer(TOKEN))], Some(body));
        assert_eq!(reply.status, 400, "{}: {}", &body[..body.len().min(40)], reply.text);
        assert_eq!(reply.json()["type"], "urn:strata:problem:malformed");
    }
    for body in ["16", "[]", "\"x\"", "{\"parallel\": \"many\"}", "{\"parallel\": 1.5}", "{\"parallel\": 99999999999}"]
    {
        let reply = site.send("PATCH", "/api/v1/config", &[("authorization", &bearer(TOKEN))], Some(body));
        assert!(matches!(reply.status, 400 | 422), "{body}: {} {}", reply.status, reply.text);
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }
    unchanged(&site);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let site = Site::start();
    let body = b"{\"db\": {\"name\": \"\xff\xfe\"}}";
    let reply = exchange(site.address, "PATCH /api/v1/config", &json_head(body.len()), body);
    assert_eq!((reply.status(), reply.problem()), (400, "malformed"));
    unchanged(&site);
}

#[test]
fn too_many_or_too_large_headers_are_refused() {
    let site = Site::start();
    let many: String = (0..80).map(|number| format!("x-{number}: 1\r\n")).collect();
    let large = format!("x-large: {}\r\n", "a".repeat(20_000));
    for headers in [&many, &large] {
        let reply = exchange(site.address, "DELETE /api/v1/snapshots/x", headers, b"");
        assert_eq!((reply.status(), reply.problem()), (431, "headers-too-large"));
    }
    // Beyond what is read at all, the answer has no document.
    let endless = format!("x-endless: {}\r\n", "a".repeat(500_000));
    assert!(matches!(exchange(site.address, "GET /api/v1/config", &endless, b"").status(), 0 | 431));
    assert_eq!(site.get("/api/v1/config").status, 200);
}

#[test]
fn paths_that_only_an_attack_has_are_refused() {
    let site = Site::start();
    let long = format!("/api/v1/values/{}", "a".repeat(9000));
    for (path, status) in [
        ("/api/v1/../v1/config", 400),
        ("/api/v1/%2e%2e/v1/config", 400),
        ("/api/v1/.%2E/v1/config", 400),
        ("/api/v1/values/./db", 400),
        ("/api/v1/values/db%00", 400),
        ("/api/v1//config", 404),
        ("//api/v1/config", 404),
        ("/api/v1/config/", 404),
        ("/API/V1/CONFIG", 404),
        ("/api/v1/config%2f", 404),
        ("/etc/passwd", 404),
        (&long, 414),
    ] {
        let reply = exchange(site.address, &format!("PATCH {path}"), &json_head(16), b"{\"parallel\": 16}");
        assert_eq!(reply.status(), status, "{path}: {}", reply.0);
        reply.problem();
    }
    unchanged(&site);
}

#[test]
fn another_method_is_told_which_there_are() {
    let site = Site::start();
    let reply = site.call("DELETE", "/api/v1/config", &json!({}));
    assert_eq!((reply.status, reply.json()["type"].as_str()), (405, Some("urn:strata:problem:method-not-allowed")));
    for method in ["GET", "PATCH", "PUT", "POST"] {
        assert!(reply.header("allow").contains(method), "{}", reply.header("allow"));
    }
    assert_eq!(reply.json()["instance"], "/api/v1/config");
    let odd = exchange(site.address, "BREW /api/v1/config", "", b"");
    assert_eq!((odd.status(), odd.problem()), (405, "method-not-allowed"));
    unchanged(&site);
}

#[test]
fn what_is_no_http_ends_the_connection_alone() {
    let site = Site::start();
    for bytes in [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", &[0; 70_000]] {
        let mut stream = connect(site.address);
        let _ = stream.write_all(bytes);
        let reply = rest(&mut stream);
        assert!(matches!(reply.status(), 0 | 400 | 414 | 431 | 505), "{reply:?}");
    }
    assert_eq!(site.get("/api/v1/config").status, 200);
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let limits = Limits { body_time: Duration::from_millis(200), ..Limits::default() };
    let site = Site::with(&[], |admin| admin.limits(limits));
    let reply = exchange(site.address, "PATCH /api/v1/config", &json_head(16), b"{\"parallel\"");
    assert_eq!((reply.status(), reply.problem()), (408, "timeout"));
    assert!(reply.0.contains("\"instance\":\"/api/v1/config\""), "{}", reply.0);
    unchanged(&site);
}

#[test]
fn half_a_body_changes_nothing() {
    let site = Site::start();
    let mut stream = connect(site.address);
    let head = format!(
        "PATCH /api/v1/config HTTP/1.1\r\nhost: {}\r\nauthorization: {}\r\n{}\r\n{{\"parallel\": 16}}",
        site.address,
        bearer(TOKEN),
        json_head(40)
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    rest(&mut stream);
    unchanged(&site);
}
