//! What browsers may do: headers of every answer, names of the server, origins of pages.

use crate::raw::{connect, rest};
use crate::site::{Site, TOKEN, bearer};
use std::io::Write;

#[test]
fn every_answer_has_the_headers_of_safety() {
    let site = Site::start();
    for path in ["/api/v1/config", "/api/v1/nothing", "/nothing", "/healthz", "/openapi.json", "/api/v1/%00"] {
        let reply = site.get(path);
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(reply.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
        if reply.status != 200 {
            assert_eq!(reply.json()["instance"], path);
        }
    }
}

#[test]
fn a_page_of_another_name_does_not_reach_a_server_on_this_machine() {
    let site = Site::start();
    let ask = |host: &str| {
        let mut stream = connect(site.address);
        let request = format!(
            "PATCH /api/v1/config HTTP/1.1\r\n{host}authorization: {}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: 16\r\n\r\n{{\"parallel\": 16}}",
            bearer(TOKEN)
        );
        stream.write_all(request.as_bytes()).unwrap();
        rest(&mut stream)
    };
    for host in ["host: evil.example\r\n", "host: evil.example:80\r\nhost: localhost\r\n"] {
        let reply = ask(host);
        assert_eq!((reply.status(), reply.problem()), (421, "misdirected"), "{host}");
    }
    assert_eq!(ask("").status(), 400);
    assert_eq!(site.live.get().parallel, 8);
    assert_eq!(ask(&format!("host: localhost:{}\r\n", site.address.port())).status(), 200);
}

#[test]
fn names_may_be_added() {
    let site = Site::with(&[], |admin| admin.hosts(["config.example"]));
    let ask = |host| site.send("GET", "/healthz", &[("host", host)], None).status;
    assert_eq!((ask("config.example"), ask("localhost"), ask("other.example")), (200, 200, 421));
}

#[test]
fn pages_of_named_origins_may_ask_and_read_the_etag() {
    let site = Site::with(&[], |admin| admin.cors(["https://console.example".parse().unwrap()]));
    let asked = [
        ("origin", "https://console.example"),
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", "authorization,if-match"),
    ];
    let reply = site.send("OPTIONS", "/api/v1/config", &asked, None);
    assert_eq!(reply.header("access-control-allow-origin"), "https://console.example");
    assert!(reply.header("access-control-allow-methods").contains("PATCH"));
    let header = bearer(TOKEN);
    let headers = [("origin", "https://console.example"), ("authorization", &header)];
    let reply = site.send("GET", "/api/v1/config", &headers, None);
    assert!(reply.header("access-control-expose-headers").contains("etag"), "{:?}", reply.headers);
    let other = site.send("GET", "/api/v1/config", &[("origin", "https://evil.example"), headers[1]], None);
    assert_eq!(other.header("access-control-allow-origin"), "");
}
