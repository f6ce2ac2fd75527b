//! What leaves seed 004 over HTTP and comes back, and who is told of it, over a socket of the real binary.

use serde_json::{Value as Json, json};

use crate::server::Server;
use crate::shell::Shell;

const MOUNT: &str = "/api/lazy-loading-config";

fn start() -> Server {
    Server::start("lazy-loading", &[])
}

fn value(server: &Server, key: &str) -> Json {
    server.get(&format!("{MOUNT}/values/{key}")).of(200)["value"].clone()
}

#[test]
fn post_export_gives_a_document_that_post_import_takes() {
    let from = start();
    let patch = json!({"max_concurrent_loads": 20, "cache_size_limit": 1_048_576, "custom_setting": "mine"});
    for (key, value) in patch.as_object().unwrap() {
        from.call("PUT", &format!("{MOUNT}/values/{key}"), &json!({"value": value})).of(200);
    }
    let exported = from.call("POST", &format!("{MOUNT}/export"), &json!({})).of(200);
    assert_eq!(
        (&exported["custom_setting"], &exported["lazy_loading_unloading_strategy"]),
        (&json!("mine"), &json!("BALANCED"))
    );
    let to = start();
    assert_eq!(to.call("POST", &format!("{MOUNT}/import"), &exported).of(200)["revision"], 1, "it is one change");
    for (key, expected) in patch.as_object().unwrap() {
        assert_eq!(value(&to, key), *expected, "{key}");
    }
    assert_eq!(to.call("POST", &format!("{MOUNT}/export"), &json!({})).of(200), exported);
}

#[test]
fn post_export_writes_other_languages_that_post_import_takes() {
    let from = start();
    from.call("PUT", &format!("{MOUNT}/values/custom_setting"), &json!({"value": "a: 'b'\n# c"})).of(200);
    for (format, media) in [("toml", "application/toml"), ("yaml", "application/yaml")] {
        let document = from.call("POST", &format!("{MOUNT}/export"), &json!({"format": format}));
        assert_eq!((document.status, document.header("content-type")), (200, media), "{}", document.text);
        let to = start();
        let headers = [("authorization", to.bearer()[0].1.clone())];
        let reply = to.send_as("POST", &format!("{MOUNT}/import"), &headers, Some((media, &document.text)));
        assert_eq!(reply.of(200)["revision"], 1);
        assert_eq!(value(&to, "custom_setting"), "a: 'b'\n# c");
    }
}

#[test]
fn post_import_with_a_mistake_changes_nothing_and_tells_all() {
    let server = start();
    let document = json!({"max_concurrent_loads": 0, "custom_setting": "", "cache_enabled": false});
    let problem = server.call("POST", &format!("{MOUNT}/import"), &document).of(422);
    let told = problem["validation_errors"].as_array().unwrap();
    assert!(told.contains(&json!("Custom setting must be a non-empty string")), "{problem}");
    assert_eq!((told.len(), value(&server, "cache_enabled")), (2, json!(true)));
}

#[test]
fn a_document_that_is_too_deep_is_refused() {
    let server = start();
    let import = format!("{MOUNT}/import");
    let deep = format!("{{\"custom_setting\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(server.send("POST", &import, &server.bearer(), Some(&deep)).status, 400);
    assert_eq!(value(&server, "custom_setting"), "default");
}

#[test]
fn a_change_is_told_with_the_actor_of_its_token() {
    let shell = Shell::new(&[], &[]);
    let make = |actor: &str| {
        let made = shell.json(&format!("token --actor {actor} --scope read --scope write"));
        (made["token"].as_str().unwrap().to_owned(), made["entry"].as_str().unwrap().to_owned())
    };
    let ((ann, of_ann), (bob, of_bob)) = (make("ann"), make("bob"));
    shell.write("tokens.toml", &format!("{of_ann}\n{of_bob}"));
    let line = "lazy-loading serve --listen 127.0.0.1:0";
    let server = Server::run(shell.folder.path(), line, &[("STRATA_TOKENS_FILE", "tokens.toml")]);
    let of = |token: &str| [("authorization", format!("Bearer {token}"))];
    for (token, loads) in [(&ann, 11), (&bob, 12)] {
        // What a body says of a user counts for nothing.
        let body = json!({"updates": [{"key": "max_concurrent_loads", "value": loads}]}).to_string();
        server.send("POST", &format!("{MOUNT}/values/batch"), &of(token), Some(&body)).of(200);
    }
    let told = server.send("GET", &format!("{MOUNT}/notifications"), &of(&ann), None).of(200);
    let users: Vec<&Json> = told["notifications"].as_array().unwrap().iter().map(|one| &one["user"]).collect();
    assert_eq!(users, ["bob", "ann"], "the newest first");
    assert_eq!(shell.json("lazy-loading history")[0]["actor"], "bob");
}
