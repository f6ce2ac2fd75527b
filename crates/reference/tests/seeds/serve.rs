//! `serve`: how a server starts, where it keeps what is changed, who may use it, and how it ends.

use std::net::TcpListener;

use serde_json::json;

use crate::server::{Server, TOKEN};
use crate::shell::{Shell, text};

const CONFIGURED: (&str, &str) = ("STRATA_ADMIN_TOKEN", TOKEN);

#[test]
fn without_arguments_phase_2a_is_served_in_an_empty_folder_as_often_as_one_likes() {
    let shell = Shell::new(&[], &[]);
    for _ in 0..2 {
        // The port of the seeds may be in use, by this very test among others: then it is another one.
        let server = Server::run(shell.folder.path(), "", &[]);
        assert!(server.said.starts_with("PATH"), "{}", server.said);
        assert!(server.said.contains("connection_pool.http_total_pool_size"), "{}", server.said);
        assert!(server.console.starts_with(&format!("{}/console#token=", server.address)), "{}", server.console);
        assert_eq!(server.get("/api/v1/config").of(200)["max_memory_usage_mb"], 256);
    }
}

#[test]
fn the_table_is_that_of_explain() {
    let shell = Shell::new(&[], &[("HTTP_POOL_SIZE", "50")]);
    let server = Server::run(shell.folder.path(), "phase2a serve --listen 127.0.0.1:0", &[("HTTP_POOL_SIZE", "50")]);
    assert!(server.said.starts_with(&shell.ok("phase2a explain")), "{}", server.said);
}

#[test]
fn two_servers_in_one_folder_share_a_store() {
    let shell = Shell::new(&[], &[]);
    let line = "phase2a serve";
    let (one, two) = (Server::run(shell.folder.path(), line, &[]), Server::run(shell.folder.path(), line, &[]));
    assert_ne!((&one.address, &one.token), (&two.address, &two.token));
    one.call("PATCH", "/api/v1/config", &json!({"max_memory_usage_mb": 300})).of(200);
    two.logged("committed revision=1");
    assert_eq!(two.get("/api/v1/config").of(200)["max_memory_usage_mb"], 300);
}

#[test]
fn other_commands_and_the_server_see_each_others_changes() {
    let shell = Shell::new(&[], &[("USER", "ann")]);
    let server = Server::run(shell.folder.path(), "phase2a serve --listen 127.0.0.1:0", &[]);
    server.call("PATCH", "/api/v1/config?reason=launch", &json!({"max_memory_usage_mb": 300})).of(200);
    let history = shell.json("phase2a history");
    assert_eq!(
        (&history[0]["actor"], &history[0]["source"], &history[0]["reason"]),
        (&json!("admin"), &json!("api"), &json!("launch"))
    );
    let explained = shell.json("phase2a explain max_memory_usage_mb --store .strata/phase2a");
    assert_eq!(explained["values"][0]["value"], 300);

    shell.ok("phase2a set max_memory_usage_mb 200");
    server.logged("committed revision=2");
    assert_eq!(server.get("/api/v1/config").of(200)["max_memory_usage_mb"], 200);
}

#[test]
fn a_store_that_other_commands_made_is_used() {
    let shell = Shell::new(&[], &[]);
    shell.ok("phase2a set max_memory_usage_mb 300");
    let server = Server::run(shell.folder.path(), "phase2a serve --listen 127.0.0.1:0", &[]);
    assert!(server.said.contains("store: file:.strata/phase2a\n"), "{}", server.said);
    server.call("PATCH", "/api/v1/config", &json!({"max_memory_usage_mb": 200})).of(200);
    assert_eq!(shell.json("phase2a history").as_array().unwrap().len(), 2);
}

#[test]
fn a_store_that_is_named_is_used_and_no_other() {
    let shell = Shell::new(&[], &[]);
    let server = Server::run(shell.folder.path(), "phase2a serve --listen 127.0.0.1:0 --store memory:", &[]);
    server.call("PATCH", "/api/v1/config", &json!({"max_memory_usage_mb": 300})).of(200);
    assert!(!shell.folder.path().join(".strata").exists());
}

#[test]
fn options_stand_before_and_after_the_command() {
    let files = [
        ("site.toml", "max_memory_usage_mb = 300\nrollout_percentage = 1.0"),
        ("more.toml", "rollout_percentage = 2.0"),
    ];
    let shell = Shell::new(&files, &[]);
    let line = "phase2a -f site.toml serve --listen 127.0.0.1:0 -f more.toml --set fallback_failure_threshold=9";
    let server = Server::run(shell.folder.path(), line, &[]);
    let config = server.get("/api/v1/config").of(200);
    let found = ["max_memory_usage_mb", "rollout_percentage", "fallback_failure_threshold"].map(|key| &config[key]);
    assert_eq!(found, [&json!(300), &json!(2.0), &json!(9)]);
}

#[test]
fn a_changed_file_is_in_effect() {
    let shell = Shell::new(&[("site.toml", "lazy_loading_unloading_strategy = 'AGGRESSIVE'")], &[]);
    let server = Server::run(shell.folder.path(), "lazy-loading -f site.toml serve --listen 127.0.0.1:0", &[]);
    shell.write("site.toml", "lazy_loading_unloading_strategy = 'CONSERVATIVE'");
    server.logged("reloaded");
    let config = server.get("/api/v1/config").of(200);
    assert_eq!(config["lazy_loading_unloading_strategy"], "CONSERVATIVE");
    shell.write("site.toml", "lazy_loading_unloading_strategy = 'NONE'");
    assert!(server.logged("can't be used").contains("site.toml:1"));
}

#[cfg(unix)]
#[test]
fn a_hangup_reads_files_again_that_are_not_watched() {
    let shell = Shell::new(&[("site.toml", "max_memory_usage_mb = 300\nhot_reload.enabled = false")], &[]);
    let server = Server::run(shell.folder.path(), "phase2a -f site.toml serve --listen 127.0.0.1:0", &[]);
    shell.write("site.toml", "max_memory_usage_mb = 200\nhot_reload.enabled = false");
    server.signal("HUP");
    server.logged("reloaded");
    assert_eq!(server.get("/api/v1/config").of(200)["max_memory_usage_mb"], 200);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_status_0_and_it_says_so() {
    for signal in ["TERM", "INT"] {
        let shell = Shell::new(&[], &[]);
        let server = Server::run(shell.folder.path(), "dual-write serve --listen 127.0.0.1:0", &[]);
        server.signal(signal);
        let (status, said, _) = server.end();
        assert_eq!(status.code(), Some(0));
        assert_eq!(said, format!("SIG{signal}: what has begun is finished, then this ends\nstopped\n"));
    }
}

#[test]
fn a_busy_port_that_was_asked_for_is_an_error_and_the_default_one_is_not() {
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap();
    let shell = Shell::new(&[], &[]);
    let output = shell.run(&format!("phase2a serve --listen {address}"));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains(&format!("can't listen on {address}")), "{}", text(&output.stderr));
    // Of two servers without an address, at most one has the default port.
    let (one, two) = (Server::run(shell.folder.path(), "", &[]), Server::run(shell.folder.path(), "", &[]));
    assert!([&one, &two].iter().any(|server| !server.address.ends_with(":7000")));
    assert_eq!([one, two].map(|server| server.get("/api/v1/config").status), [200, 200]);
}

#[test]
fn other_machines_are_served_only_with_a_token() {
    let shell = Shell::new(&[], &[]);
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = shell.run(&format!("phase2a serve --listen {address}"));
        assert_eq!(output.status.code(), Some(2), "{address}");
        assert!(text(&output.stderr).contains("STRATA_ADMIN_TOKEN"), "{}", text(&output.stderr));
        assert!(!shell.folder.path().join(".strata").exists());
    }
    let server = Server::run(shell.folder.path(), "phase2a serve --listen 0.0.0.0:0", &[CONFIGURED]);
    assert!(server.address.starts_with("http://0.0.0.0:"));
}

#[test]
fn a_secret_that_could_be_guessed_is_good_for_this_machine_alone() {
    let shell = Shell::new(&[], &[("STRATA_ADMIN_TOKEN", "me.short")]);
    let server = Server::run(shell.folder.path(), "phase2a serve", &[("STRATA_ADMIN_TOKEN", "me.short")]);
    let bearer = [("authorization", "Bearer me.short".to_owned())];
    assert_eq!(server.send("GET", "/api/v1/config", &bearer, None).status, 200);
    let output = shell.run("phase2a serve --listen 0.0.0.0:0");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("16 characters"), "{}", text(&output.stderr));
}

#[test]
fn a_configured_token_is_accepted_and_never_printed() {
    let server = Server::start("phase2a", &[]);
    assert_eq!(server.get("/api/v1/config").status, 200);
    assert_eq!(server.console, format!("{}/console", server.address));
    assert!(!server.said.contains("0123456789abcdef"));
    assert_eq!(server.send("GET", "/api/v1/config", &[], None).status, 401);
}

#[test]
fn a_token_that_is_none_is_refused_without_repeating_it() {
    for token in ["", "CANARY", "CANARY.", "CANARY-CANARY-CANARY-CANARY"] {
        let output = Shell::new(&[], &[]).command("phase2a serve").env("STRATA_ADMIN_TOKEN", token).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{token}");
        let said = text(&output.stderr) + &text(&output.stdout);
        assert!(said.contains("STRATA_ADMIN_TOKEN") && !said.contains("CANARY"), "{said}");
    }
}

#[test]
fn an_invalid_configuration_is_reported_and_nothing_is_served() {
    let shell = Shell::new(&[], &[("PHASE_2A_MAX_MEMORY_MB", "1000")]);
    let output = shell.run("phase2a serve");
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
    assert!(text(&output.stderr).contains("variable PHASE_2A_MAX_MEMORY_MB"), "{}", text(&output.stderr));
    let report = shell.json("phase2a serve");
    assert_eq!(report["errors"][0]["path"], "max_memory_usage_mb", "{report}");
}

#[cfg(unix)]
#[test]
fn in_json_each_line_is_a_document() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let shell = Shell::new(&[], &[]);
    let mut child = shell
        .command("phase2a serve --listen 127.0.0.1:0 --format json")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || -> serde_json::Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let started = next();
    assert!(started["listening"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{started}");
    assert!(started["console"].as_str().unwrap().contains("#token="), "{started}");
    std::process::Command::new("sh").arg("-c").arg(format!("kill -TERM {}", child.id())).status().unwrap();
    assert_eq!([next(), next()], [json!({"stopping": "SIGTERM"}), json!({"stopped": true})]);
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_log_is_as_loud_as_the_setting_says_from_the_moment_that_it_changes() {
    let server = Server::start("phase2a", &[("PHASE_2A_LOG_LEVEL", "WARNING")]);
    let set = |level: &str| server.call("PATCH", "/api/v1/config", &json!({"log_level": level})).of(200);
    set("DEBUG");
    server.logged("changed revision=1 path=log_level");
    server.call("PATCH", "/api/v1/config", &json!({"max_memory_usage_mb": 300})).of(200);
    server.logged("changed revision=2 path=max_memory_usage_mb old=256 new=300");
    set("ERROR");
    server.call("PATCH", "/api/v1/config", &json!({"max_memory_usage_mb": 200})).of(200);
    set("INFO");
    assert!(server.logged("committed").contains("revision=5"));
}

#[test]
fn a_file_of_tokens_is_followed_so_that_tokens_change_without_a_restart() {
    let shell = Shell::new(&[], &[]);
    let make = |line: &str| {
        let made = shell.json(&format!("token {line}"));
        (made["token"].as_str().unwrap().to_owned(), made["entry"].as_str().unwrap().to_owned())
    };
    let (ann, entry) = make("--actor ann --scope read --scope write");
    shell.write("tokens.toml", &entry);
    let line = "phase2a serve --listen 127.0.0.1:0";
    let server = Server::run(shell.folder.path(), line, &[("STRATA_TOKENS_FILE", "tokens.toml")]);
    assert!(!server.console.contains('#'), "{}", server.console);
    let asked = |token: &str, method: &str, path: &str, body: Option<&str>| {
        server.send(method, path, &[("authorization", format!("Bearer {token}"))], body).status
    };
    assert_eq!(asked(&ann, "PATCH", "/api/v1/config", Some("{\"max_memory_usage_mb\": 300}")), 200);
    assert_eq!(asked(&ann, "POST", "/api/v1/history/0/rollback", None), 403);
    assert_eq!(shell.json("phase2a history")[0]["actor"], "ann");

    let (bob, entry) = make("--actor bob --scope read");
    shell.write("tokens.toml", &entry);
    crate::redis_server::eventually("the old token ends", || asked(&ann, "GET", "/api/v1/config", None) == 401);
    assert_eq!(asked(&bob, "GET", "/api/v1/config", None), 200);
    // A mistake locks nobody out.
    shell.write("tokens.toml", "tokens = 1");
    server.logged("tokens.toml");
    assert_eq!(asked(&bob, "GET", "/api/v1/config", None), 200);
}

#[test]
fn a_file_of_tokens_with_a_mistake_starts_nothing() {
    let shell = Shell::new(&[("tokens.toml", "[tokens.a]\nactor = 'ann'\nscopes = ['reed']")], &[]);
    let output = shell.command("phase2a serve").env("STRATA_TOKENS_FILE", "tokens.toml").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("tokens.toml:3"), "{}", text(&output.stderr));
    let both = [("STRATA_TOKENS_FILE", "tokens.toml"), CONFIGURED];
    let output = shell.command("phase2a serve").envs(both).output().unwrap();
    assert!(text(&output.stderr).contains("both set"), "{}", text(&output.stderr));
}

#[test]
fn a_token_is_shown_once_and_its_entry_has_no_secret() {
    let shell = Shell::new(&[], &[]);
    let made = shell.json("token --actor ann --scope admin --expires 2030-01-01T00:00:00Z --must-match");
    let (token, entry) = (made["token"].as_str().unwrap(), made["entry"].as_str().unwrap());
    let (id, secret) = token.split_once('.').unwrap();
    assert!(entry.contains(id) && entry.contains("sha256:") && entry.contains("2030-01-01"), "{entry}");
    assert!(!entry.contains(secret), "{entry}");
    assert!(shell.ok("token --actor ann --scope read").starts_with("# The token, which is shown this once: "));
    assert_eq!(shell.run("token --actor ann --scope reed").status.code(), Some(2));
}

#[test]
fn the_status_tells_of_the_profile_that_was_chosen() {
    let shell = Shell::new(&[], &[]);
    let line = "phase2a serve --listen 127.0.0.1:0 --profile container_128";
    let server = Server::run(shell.folder.path(), line, &[]);
    let profile = server.get("/api/v1/status").of(200)["profile"].clone();
    assert_eq!((&profile["name"], &profile["chosen_by"]), (&json!("container_128"), &json!("option")));
    let changed = profile["changed"].as_array().unwrap();
    let memory =
        json!({"path": "max_memory_usage_mb", "from": 256, "to": 128, "layer": "profile", "at": "container_128"});
    assert!(changed.contains(&memory), "{changed:?}");
    assert_eq!((&profile["budget"]["fits"], &profile["memory"]["total"]), (&json!(true), &json!(128 << 20)));
    assert!(profile["board"]["memory"]["total"].as_u64().unwrap() > 0);
}
