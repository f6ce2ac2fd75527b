//! What the interface over HTTP answers, sends and logs: every route of every mount, as the description names them.

mod bodies;
mod listening;
mod site;

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::case::{Case, Marked, Subject};
use crate::noise::logged;
use crate::running::Running;
use crate::subjects::for_every_system;
use site::Site;

/// A route: method, path with parameters in braces.
type Route = (String, String);

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// Every route that the description names.
fn routes(site: &Site) -> Vec<Route> {
    let document: Json = serde_json::from_str(&site.send("GET", "/openapi.json", None).body).unwrap();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys().filter(|name| METHODS.contains(&name.as_str()));
        routes.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    routes
}

/// The path with what stands for each parameter.
fn filled(path: &str, secret: Option<&Marked>, snapshot: &str) -> String {
    let part = |part: &str| match part {
        "{path}" => secret.map_or("nothing.like.this", |secret| secret.path.as_str()).to_owned(),
        "{revision}" => "1".to_owned(),
        "{id}" => snapshot.to_owned(),
        part if part.starts_with('{') => "x".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether a route's answer never ends.
fn is_stream(path: &str) -> bool {
    path.contains("/events")
}

impl Site {
    /// Everything that can be read.
    fn read(&mut self, case: &Case, routes: &[Route], snapshot: &str) {
        let once: Vec<Option<&Marked>> = vec![None];
        for (_, path) in routes.iter().filter(|(method, path)| method == "GET" && !is_stream(path)) {
            let secrets = if path.contains("{path}") { case.secrets.iter().map(Some).collect() } else { once.clone() };
            for secret in secrets {
                let path = filled(path, secret, snapshot);
                self.ask("GET", &path, None);
                self.ask("GET", &format!("{path}?limit=500&actor=ann&path=&secrets=true&reveal=true"), None);
            }
        }
    }

    /// Everything that can be written, with secrets in it that are right, and that are not.
    fn write(&mut self, case: &Case, routes: &[Route], snapshot: &str) {
        let written = routes.iter().filter(|(method, path)| method != "GET" && !is_stream(path));
        for (method, path) in written {
            for secret in case.secrets.iter().filter(|_| path.contains("{path}")) {
                for (kind, body) in bodies::of_one(secret) {
                    self.ask(method, &filled(path, Some(secret), snapshot), Some((kind, body.as_str())));
                }
            }
            for (kind, body) in bodies::of_all(case) {
                let path = filled(path, case.secrets.first(), snapshot);
                self.ask(method, &path, Some((kind, body.as_str())));
                self.ask(method, &format!("{path}?dry_run=true"), Some((kind, body.as_str())));
            }
        }
    }
}

fn the_interface_shows_no_secret<S: Subject>() {
    let (running, builder) = Running::of::<S>("http");
    let Running { first, then, brought, .. } = running;
    let mut site = Site::start(builder, &first, &then);
    let routes = routes(&site);
    let mounts: BTreeSet<&str> = routes.iter().filter_map(|(_, path)| path.strip_suffix("/config")).collect();
    assert!(mounts.len() >= 2, "{mounts:?}");

    site.read(&first, &routes, "none");
    site.pages();
    let stored = site.ask("PATCH", "/api/v1/config", Some((bodies::JSON, &then.document().to_string())));
    assert_eq!(stored, 200, "the secrets are taken");
    let snapshot = site.snapshot();
    site.write(&then, &routes, &snapshot);
    site.read(&then, &routes, &snapshot);
    site.ask("PATCH", "/api/v1/config", Some((bodies::JSON, &then.document().to_string())));
    // Its file breaks, which is told to all that listen.
    std::fs::write(brought.folder.path().join("secrets.toml"), format!("secret = \"{}", first.document())).unwrap();
    site.ask("POST", "/api/v1/reload", None);
    site.read(&first, &routes, &snapshot);

    let secrets = then.free().count();
    site.end(secrets > 0);
    let mut shown = site.shown;
    let log = logged();
    assert!(log.len() > 1_000, "the log is kept: {}", String::from_utf8_lossy(&log));
    shown.take("the log", log);
    shown.is_silent(300 + 300 * secrets);
}

for_every_system! {
    the_interface_shows_no_secret;
}
