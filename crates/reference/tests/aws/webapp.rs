//! Seed 002's secrets of AWS: read by every command, taken in by a running server, and kept for when AWS is away.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use strata_config_secrets::FernetKey;

use crate::moto::Moto;
use crate::proxy::Proxy;
use crate::server::{Server, TOKEN};
use crate::shell::{Shell, text};

/// Longer than anything takes that is waited for.
const SOON: Duration = Duration::from_secs(60);

/// The database's URL of the seed, and its API key; NAME is the test's own.
const COMPOSED: &str = "database:
  url: postgresql://${aws-sm:NAME/database#username}:${aws-sm:NAME/database#password}\
@${aws-sm:NAME/database#host}:5432/${aws-sm:NAME/database#database}
api:
  api_key: aws-sm:NAME/api-keys#stripe_api_key
";

fn database(password: &str) -> String {
    format!(r#"{{"username":"ann","password":"{password}","host":"db.prod.com","database":"myapp"}}"#)
}

fn api_keys(key: &str) -> String {
    format!(r#"{{"stripe_api_key":"{key}"}}"#)
}

/// moto with the seed's two secrets, a proxy before it, and a shell whose variables say where it is.
fn prepare(name: &str) -> (Arc<Moto>, Proxy, Shell) {
    let moto = Moto::shared();
    moto.create(&format!("{name}/database"), &database("CANARY-one"));
    moto.create(&format!("{name}/api-keys"), &api_keys("CANARY-key-one"));
    let proxy = Proxy::before(&moto);
    let mut shell = Shell::new(&[("config.yaml", &COMPOSED.replace("NAME", name))], &[]);
    shell.vars.extend([
        ("AWS_ACCESS_KEY_ID", "test".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_ENDPOINT_URL", proxy.url()),
        ("HOME", shell.folder.path().display().to_string()),
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef".to_owned()),
    ]);
    (moto, proxy, shell)
}

#[test]
#[ignore = "needs moto"]
fn the_database_url_is_composed_of_the_fields_of_a_secret_of_aws() {
    let (moto, proxy, mut shell) = prepare("checked");
    shell.ok("webapp check");
    assert_eq!(proxy.asked(), 2, "five references lead to two secrets");
    assert!(proxy.newest().contains("/us-east-1/secretsmanager/"), "the seed's region: {}", proxy.newest());
    let explained = shell.ok("webapp explain database.url");
    for field in ["username", "password", "host", "database"] {
        assert!(explained.contains(&format!("aws-sm:checked/database#{field}, version AWSCURRENT")), "{explained}");
    }
    let said = explained + &shell.ok("webapp get database") + &shell.ok("webapp export") + &shell.ok("webapp explain");
    assert!(!said.contains("CANARY") && !said.contains("db.prod.com"), "{said}");
    assert!(!shell.folder.path().join(".strata").exists(), "reading leaves nothing behind");

    // The composed text is what rules are about, and is not shown where it breaks one.
    moto.rotate("checked/database", &database("CANARY-one").replace("db.prod.com", "CANARY host"));
    let refused = shell.run("webapp check");
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("config.yaml:2:8") && !said.contains("CANARY"), "{said}");

    moto.rotate("checked/database", r#"{"username":"ann"}"#);
    let refused = shell.json("webapp check");
    let error = &refused["errors"][0];
    assert_eq!((&error["code"], &error["path"]), (&"secret.missing".into(), &"database.url".into()), "{refused}");
    assert!(error["message"].as_str().unwrap().contains("`checked/database` has no field `password`"), "{refused}");

    shell.vars.push(("AWS_SECRETS_TTL", "soon".to_owned()));
    let refused = text(&shell.run("webapp check").stderr);
    assert!(refused.contains("secret.unavailable") && refused.contains("AWS_SECRETS_TTL"), "{refused}");
}

#[test]
#[ignore = "needs moto"]
fn a_running_server_takes_in_a_rotation_and_outlives_aws() {
    let (moto, proxy, mut shell) = prepare("served");
    shell.vars.push(("ENCRYPTION_KEY", FernetKey::generate().unwrap().to_text().expose().clone()));
    let server = serve(&shell);
    assert!(!server.said.contains("CANARY"), "{}", server.said);
    assert_eq!(server.get("/api/v1/status").of(200)["generation"], 1);

    moto.rotate("served/api-keys", &api_keys("CANARY-key-two"));
    let status = wait_for(&server, "the key is in effect", |status| status["generation"] == 2);
    assert_eq!((&status["condition"], &status["pending"]), (&"healthy".into(), &serde_json::json!([])));
    moto.rotate("served/database", &database("CANARY-two"));
    // A database's URL needs a restart.
    let status = wait_for(&server, "the URL is pending", |status| status["pending"][0]["path"] == "database.url");
    assert!(!status.to_string().contains("CANARY"), "{status}");

    proxy.leave();
    let status = wait_for(&server, "the source is shown as away", |status| !source(status)["ok"].as_bool().unwrap());
    assert_eq!(status["condition"], "degraded");
    assert!(status["reasons"].to_string().contains("secrets of aws-sm are stale since 20"), "{status}");
    assert!(source(&status)["failing_since"].as_str().unwrap().ends_with('Z'), "{status}");
    let metrics = server.get("/metrics").text;
    assert!(metrics.contains("strata_config_source_up{source=\"secrets of aws-sm\"} 0"), "{metrics}");
    wait_for_answer(&server, "/api/v1/values/api.api_key", "the origin says it", |value| {
        let leads_to = value["origin"]["leads_to"].as_str().unwrap();
        let stale = "aws-sm:served/api-keys#stripe_api_key, version AWSCURRENT, stale: its source is away since 20";
        leads_to.starts_with(stale) && leads_to.contains(", last given 20")
    });
    server.call("PUT", "/api/v1/values/api.timeout", &serde_json::json!({"value": 9})).of(200);

    proxy.come_back(&moto);
    wait_for(&server, "all is well again", |status| status["condition"] == "healthy");
    drop(server);

    // The next start finds AWS away, and its sealed copy.
    proxy.leave();
    let kept = std::fs::read_to_string(shell.folder.path().join(".strata/webapp-secrets.json")).unwrap();
    assert!(kept.contains("fernet:gAAAA") && !kept.contains("CANARY"), "{kept}");
    let server = serve(&shell);
    let status = server.get("/api/v1/status").of(200);
    assert_eq!((&status["condition"], &source(&status)["ok"]), (&"degraded".into(), &false.into()), "{status}");
    let explained = shell.ok("webapp explain api.api_key");
    assert!(explained.contains("stale: its source is away since 20"), "{explained}");
    assert!(explained.contains(", a copy kept since 20"), "{explained}");
    shell.vars.retain(|(name, _)| *name != "ENCRYPTION_KEY");
    let refused = text(&shell.run("webapp check").stderr);
    assert!(refused.contains("secret.unavailable") && refused.contains("api.api_key"), "{refused}");
    assert!(files(shell.folder.path()).iter().all(|bytes| !bytes.windows(6).any(|part| part == b"CANARY")));
}

/// `serve` with the shell's variables, for which a secret is fresh for a second.
fn serve(shell: &Shell) -> Server {
    let own = [("STRATA_ADMIN_TOKEN", TOKEN), ("AWS_SECRETS_TTL", "1s")];
    let variables: Vec<_> = shell.vars.iter().map(|(name, value)| (*name, value.as_str())).chain(own).collect();
    let mut server = Server::run(shell.folder.path(), "webapp serve --listen 127.0.0.1:0", &variables);
    server.token = TOKEN.to_owned();
    server
}

/// How the source of the secrets does.
fn source(status: &Json) -> &Json {
    let sources = status["source_status"].as_array().unwrap();
    sources.iter().find(|source| source["name"] == "secrets of aws-sm").unwrap()
}

fn wait_for(server: &Server, what: &str, is_so: impl Fn(&Json) -> bool) -> Json {
    wait_for_answer(server, "/api/v1/status", what, is_so)
}

fn wait_for_answer(server: &Server, path: &str, what: &str, is_so: impl Fn(&Json) -> bool) -> Json {
    let end = Instant::now() + SOON;
    loop {
        let answer = server.get(path).of(200);
        if is_so(&answer) {
            return answer;
        }
        assert!(Instant::now() < end, "not so after {SOON:?}: {what}: {answer}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// What every file of a folder holds.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![std::fs::read(&path).unwrap()] }).collect()
}
