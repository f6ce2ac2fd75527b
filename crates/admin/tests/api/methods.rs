//! `HEAD` and `OPTIONS` of every kind of route.

use strata_config_admin::Admin;

use crate::site::{Reply, Site, TOKEN, bearer};

const ROUTES: [&str; 12] = [
    "/api/v1/config",
    "/api/v1/status",
    "/api/v1/values",
    "/api/v1/values/db.pool_size",
    "/api/v1/history",
    "/api/v1/snapshots",
    "/api/v1/feature-flags",
    "/api/v1/schema",
    "/healthz",
    "/openapi.json",
    "/docs",
    "/console",
];

fn ask(site: &Site, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
    let token = bearer(TOKEN);
    let mut all = vec![("authorization", token.as_str())];
    all.extend(headers);
    site.send(method, path, &all, None)
}

#[test]
fn head_tells_what_get_tells_but_the_body() {
    let site = Site::start();
    for path in ROUTES {
        let (get, head) = (ask(&site, "GET", path, &[]), ask(&site, "HEAD", path, &[]));
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        for name in ["etag", "content-type", "cache-control", "x-content-type-options"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    for path in ["/api/v1/config", "/api/v1/values", "/api/v1/values/db.pool_size"] {
        let etag = ask(&site, "HEAD", path, &[]).header("etag").to_owned();
        assert_ne!(etag, "", "{path}");
        let unchanged = ask(&site, "HEAD", path, &[("if-none-match", &etag)]);
        assert_eq!((unchanged.status, unchanged.header("etag")), (304, etag.as_str()), "{path}");
    }
    assert_eq!(site.send("HEAD", "/api/v1/config", &[], None).status, 401);
    assert_eq!(ask(&site, "HEAD", "/api/v1/values/nothing", &[]).status, 404);
    let refused = ask(&site, "HEAD", "/api/v1/reset", &[]);
    assert_eq!((refused.status, refused.text.as_str()), (405, ""));
}

/// What a route says to `OPTIONS` without a token.
fn options(site: &Site, path: &str, headers: &[(&str, &str)]) -> (u16, Vec<String>) {
    let reply = site.send("OPTIONS", path, headers, None);
    assert_eq!(reply.text, "", "{path}");
    let mut methods: Vec<String> = reply.header("allow").split(',').map(str::to_owned).collect();
    methods.sort_unstable();
    (reply.status, methods)
}

fn told_without_a_token(admin: impl FnOnce(Admin) -> Admin) {
    let site = Site::with(&[], admin);
    for (path, methods) in [
        ("/api/v1/config", &["GET", "HEAD", "PATCH", "POST", "PUT"][..]),
        ("/api/v1/values/db.pool_size", &["DELETE", "GET", "HEAD", "PUT"]),
        ("/api/v1/values/batch", &["DELETE", "GET", "HEAD", "POST", "PUT"]),
        ("/api/v1/snapshots", &["GET", "HEAD", "POST"]),
        ("/api/v1/reset", &["POST"]),
        ("/api/v1/events", &["GET", "HEAD"]),
        ("/ofrep/v1/evaluate/flags", &["POST"]),
        ("/healthz", &["GET", "HEAD"]),
        ("/console", &["GET", "HEAD"]),
    ] {
        assert_eq!(options(&site, path, &[]), (204, methods.iter().map(ToString::to_string).collect()), "{path}");
    }
    assert_eq!(site.send("OPTIONS", "/api/v1/nothing", &[], None).status, 404);
    assert_eq!(site.live.store_revision(), 0);
}

#[test]
fn options_tells_the_methods_without_a_token() {
    told_without_a_token(|admin| admin);
}

#[test]
fn options_tells_the_same_where_pages_of_other_origins_may_ask() {
    told_without_a_token(|admin| admin.cors(["https://console.example".parse().unwrap()]));
}

#[test]
fn a_page_that_asks_beforehand_is_let_in_only_where_its_origin_is_named() {
    let asked = [("origin", "https://console.example"), ("access-control-request-method", "PATCH")];
    let site = Site::start();
    let reply = site.send("OPTIONS", "/api/v1/config", &asked, None);
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, ""), "{:?}", reply.headers);
    let site = Site::with(&[], |admin| admin.cors(["https://console.example".parse().unwrap()]));
    let reply = site.send("OPTIONS", "/api/v1/config", &asked, None);
    assert_eq!(reply.header("access-control-allow-origin"), "https://console.example");
    let other = [("origin", "https://evil.example"), asked[1]];
    assert_eq!(site.send("OPTIONS", "/api/v1/config", &other, None).header("access-control-allow-origin"), "");
}
