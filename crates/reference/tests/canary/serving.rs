//! The binary while it serves: its table, its log at its loudest, and what stays in its folder.

use serde_json::json;

use crate::case::{Case, Subject, word};
use crate::past;
use crate::server::Server;
use crate::sources::Way;
use crate::subjects::for_the_five;

/// Variables that make a system log as much as it can; each has another.
const LOUD: [(&str, &str); 3] =
    [("LOG_LEVEL", "DEBUG"), ("PHASE_2A_LOG_LEVEL", "DEBUG"), ("LEARNING_LOG_LEVEL", "DEBUG")];

fn a_server_says_no_secret<S: Subject>() {
    let case = Case::of::<S>("serve");
    let then = case.again::<S>("serve, then");
    let token = word(S::NAME, "the server's token");
    let mut search = case.search();
    then.add_to(&mut search);
    search.add("the token", &token);
    let mut shown = crate::collection::Collection::new(search);

    let brought = Way::Variables.bring(&case);
    let named = format!("ann.{token}");
    let given = [("STRATA_ADMIN_TOKEN", named.as_str()), ("ENCRYPTION_KEY", case.key.as_str())];
    let own = brought.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let own = own.filter(|(name, _)| *name != "ENCRYPTION_KEY");
    let variables: Vec<(&str, &str)> = given.into_iter().chain(LOUD).chain(own).collect();
    let folder = brought.folder.path();
    let line = format!("{} serve --listen 127.0.0.1:0 --audit audit.log", S::NAME);
    let mut server = Server::run(folder, &line, &variables);
    server.token = named;
    shown.take("what it says at its start", &server.said);
    shown.take("the console's address", &server.console);

    let change = server.call("PATCH", "/api/v1/config?reason=test", &then.document());
    assert_eq!(change.status, 200, "{}", change.text);
    for (method, body) in [("PATCH", json!([then.document()])), ("PUT", json!({"nothing": then.document()}))] {
        let reply = server.call(method, "/api/v1/config", &body);
        shown.take("a refused change", format!("{:?}{}", reply.headers, reply.text));
    }
    for path in ["status", "config", "values", "history", "backup", "audit", "verify"] {
        shown.take(path, server.get(&format!("/api/v1/{path}")).of(200).to_string());
    }
    shown.take("figures", &server.get("/metrics").text);
    past::take(&mut shown, "while it runs", folder);
    server.signal("TERM");
    let (status, stdout, stderr) = server.end();
    assert!(status.success());
    shown.take("its output", &stdout);
    shown.take("its log", &stderr);
    assert!(case.secrets.is_empty() || stderr.contains("committed"), "{stderr}");
    let files = past::take(&mut shown, "when it has ended", folder);
    assert!(files >= 2, "{files} files");
    shown.is_silent(16);
}

for_the_five! {
    a_server_says_no_secret;
}
