//! Whoever gives credentials needs no role of the machine: nobody asks the service that would know one.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use strata_config::Secret;
use strata_config_secrets::{AwsSettings, aws};

use crate::ask;

/// Which client the second process makes: variables count for a whole process.
const CLIENT: &str = "STRATA_TEST_CLIENT";

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";

#[test]
fn explicit_credentials_never_ask_the_metadata_service() {
    let settings = AwsSettings::new().endpoint(NOWHERE);
    match std::env::var(CLIENT).as_deref() {
        Ok("explicit") => question(settings.credentials("test", Secret::from("test"))),
        Ok("with a region") => question(settings.default_region("eu-central-1")),
        Ok(_) => question(settings),
        Err(_) => {
            assert_eq!(asked_by("explicit", &[]), 0);
            let credentials = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
            assert_eq!(asked_by("with a region", &credentials), 0);
            assert_ne!(asked_by("as every program", &[]), 0, "without them it is asked, so this counts what it should");
        }
    }
}

fn question(settings: AwsSettings) {
    let remote = aws(settings).unwrap().clock(std::time::SystemTime::now, |_| {});
    assert_eq!(ask(&remote, "nobody/knows"), Err("secret.unavailable"));
}

/// How often a process with no variables but these asks the metadata service, which knows nothing.
fn asked_by(client: &str, variables: &[(&str, &str)]) -> usize {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // It ends with this process.
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::Relaxed);
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "metadata::explicit_credentials_never_ask_the_metadata_service"]);
    command.env_clear().env("HOME", home.path()).env("AWS_EC2_METADATA_SERVICE_ENDPOINT", address);
    command.env(CLIENT, client).envs(variables.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    asked.load(Ordering::Relaxed)
}
