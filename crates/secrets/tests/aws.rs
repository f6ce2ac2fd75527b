//! AWS Secrets Manager, played by moto's server: `cargo test --features aws -- --ignored`.
#![cfg(feature = "aws")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, UNIX_EPOCH};

use strata_config::{LayeredConfig, Reference, Resolver, Secret};
use strata_config_secrets::{AwsSecrets, AwsSettings, Remote, aws};

/// The server; it ends with the test.
struct Moto {
    process: Child,
    url: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn start(port: Option<u16>) -> Moto {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moto");
    let bin = |name: &str| venv.join("bin").join(name);
    let done = |command: &mut Command| assert!(command.status().unwrap().success(), "{command:?}");
    if !bin("moto_server").exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&venv));
        done(Command::new(bin("pip")).args(["install", "--quiet", "--disable-pip-version-check", "moto[server]"]));
    }
    let port = port.unwrap_or_else(|| TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
    let mut command = Command::new(bin("moto_server"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
    let process = command.spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "moto does not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    Moto { process, url: format!("http://127.0.0.1:{port}") }
}

/// What the owner of the secrets does, over the same protocol.
fn manage(moto: &Moto, action: &str, body: &str) {
    let output = Command::new("curl")
        .args(["-sf", "-X", "POST", &moto.url, "-H", "Content-Type: application/x-amz-json-1.1"])
        .args(["-H", &format!("X-Amz-Target: secretsmanager.{action}"), "-d", body])
        .args(["-H", "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=x"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{action}: {}", String::from_utf8_lossy(&output.stdout));
}

/// The client, with a clock that the test turns and no pauses.
fn client(moto: &Moto) -> (Remote<AwsSecrets>, Arc<AtomicU64>) {
    let settings = AwsSettings::new().region("us-east-1").endpoint(&moto.url);
    let settings = settings.credentials("test", Secret::from("test"));
    let seconds = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&seconds);
    let now = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed));
    (aws(settings).unwrap().clock(now, |_| {}), seconds)
}

fn ask(remote: &Remote<AwsSecrets>, what: &str) -> Result<String, &'static str> {
    let found = remote.resolve(Reference { scheme: "aws-sm", what });
    found.map(|found| found.text.expose().clone()).map_err(|error| error.code())
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct App {
    #[config(secret)]
    url: Secret<String>,
}

#[test]
#[ignore = "needs moto"]
fn secrets_are_read_rotated_and_cached_and_outlive_the_server() {
    let moto = start(None);
    let port = moto.url.rsplit_once(':').unwrap().1.parse().unwrap();
    manage(
        &moto,
        "CreateSecret",
        r#"{"Name":"myapp/database","SecretString":"{\"username\":\"ann\",\"password\":\"one\"}","ClientRequestToken":"00000000-0000-0000-0000-000000000001"}"#,
    );
    let (remote, clock) = client(&moto);
    let remote = Arc::new(remote);
    let loaded = App::loader()
        .text("a.toml", "url = 'pg://${aws-sm:myapp/database#username}:${aws-sm:myapp/database#password}@h'")
        .resolver(remote.clone())
        .load()
        .unwrap();
    assert_eq!(loaded.url.expose(), "pg://ann:one@h");
    assert!(loaded.origin("url").unwrap().to_string().contains("myapp/database#password, version AWSCURRENT"));

    manage(
        &moto,
        "PutSecretValue",
        r#"{"SecretId":"myapp/database","SecretString":"{\"username\":\"ann\",\"password\":\"two\"}","ClientRequestToken":"00000000-0000-0000-0000-000000000002"}"#,
    );
    assert_eq!(ask(&remote, "myapp/database#password").unwrap(), "one", "it is fresh for its time");
    clock.fetch_add(300, Ordering::Relaxed);
    assert_eq!(ask(&remote, "myapp/database#password").unwrap(), "two");
    assert_eq!(ask(&remote, "myapp/database#password@AWSPREVIOUS").unwrap(), "one");
    assert_eq!(ask(&remote, "myapp/none"), Err("secret.missing"));
    assert_eq!(ask(&remote, "myapp/database#none"), Err("secret.missing"));

    drop(moto);
    clock.fetch_add(300, Ordering::Relaxed);
    for _ in 0..60 {
        assert_eq!(ask(&remote, "myapp/database#password").unwrap(), "two");
        clock.fetch_add(1, Ordering::Relaxed);
    }
    assert!(remote.failing_since().is_some());
    assert_eq!(ask(&remote, "myapp/other"), Err("secret.unavailable"));

    let moto = start(Some(port));
    manage(
        &moto,
        "CreateSecret",
        r#"{"Name":"myapp/database","SecretString":"{\"password\":\"three\"}","ClientRequestToken":"00000000-0000-0000-0000-000000000003"}"#,
    );
    clock.fetch_add(5, Ordering::Relaxed);
    assert_eq!(ask(&remote, "myapp/database#password").unwrap(), "three");
}
