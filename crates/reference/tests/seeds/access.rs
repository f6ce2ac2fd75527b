//! Who may use the interfaces of the five systems: nobody without a token, on any route of any mount.

use std::collections::BTreeSet;

use serde_json::json;

use crate::server::Server;

const SECRET: (&str, &str) = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");

/// A system's name, the variables that it needs to start, and its mount.
type Served = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const SYSTEMS: [Served; 5] = [
    ("phase2a", &[], "/api/admin/phase2a"),
    ("dual-write", &[], "/api/dual-write"),
    ("webapp", &[SECRET], "/admin"),
    ("learning", &[], "/api/learning"),
    ("lazy-loading", &[], "/api/lazy-loading-config"),
];

/// What tells nothing of the configuration's values: health, and the description with its page.
fn is_open(path: &str) -> bool {
    ["/healthz", "/readyz", "/openapi.json"].contains(&path) || path.starts_with("/docs")
}

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

#[test]
fn every_route_of_every_mount_needs_a_token() {
    for (system, variables, mount) in SYSTEMS {
        let server = Server::start(system, variables);
        let document = server.send("GET", "/openapi.json", &[], None).of(200);
        let mut mounts = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let members = item.as_object().unwrap().keys();
            for method in members.filter(|member| METHODS.contains(&member.as_str())) {
                // A name that nobody has: who may not ask does not hear that either.
                let named = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
                let asked = named.collect::<Vec<_>>().join("/");
                let method = method.to_uppercase();
                let reply = server.send(&method, &asked, &[], None);
                assert_eq!(reply.status == 401, !is_open(path), "{system}: {method} {asked}: {}", reply.text);
            }
            mounts.extend(["/api/v1/", mount].into_iter().filter(|mount| path.starts_with(mount)));
        }
        assert_eq!(mounts.len(), 2, "{system} has both mounts: {mounts:?}");
        let revision = server.get("/api/v1/status").of(200)["revision"].clone();
        assert_eq!(revision, json!(0), "{system}: nobody changed anything");
    }
}
