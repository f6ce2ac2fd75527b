//! TLS: the certificate from files, and a new one without a restart.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use strata_config::LayeredConfig;
use strata_config_admin::auth::{Scopes, Tokens};
use strata_config_admin::{Server, Tls};
use strata_config_reload::Live;
use tokio::runtime::Runtime;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::site::{Config, TOKEN, bearer};

/// Writes a new certificate and its key.
fn certificate(directory: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(directory.join("key.pem"), signing_key.serialize_pem()).unwrap();
    fs::write(directory.join("certificate.pem"), cert.pem()).unwrap();
    cert.der().clone()
}

fn tls(directory: &Path) -> std::io::Result<Tls> {
    Tls::from_files(directory.join("certificate.pem"), directory.join("key.pem"))
}

/// Asks for the configuration by a client that trusts this certificate alone.
fn ask(address: SocketAddr, trusted: &CertificateDer<'static>) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    let request = format!(
        "GET /api/v1/config HTTP/1.1\r\nhost: localhost\r\nauthorization: {}\r\nconnection: close\r\n\r\n",
        bearer(TOKEN)
    );
    stream.write_all(request.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

fn serve(runtime: &Runtime, tls: Tls) -> SocketAddr {
    let live = Live::of(Config::loader()).open().unwrap();
    let tokens = Tokens::one("root", TOKEN, Scopes::ALL).unwrap();
    let server = Server::new(strata_config_admin::router(&live).tokens(tokens)).tls(tls);
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(server.serve(listener, std::future::pending()));
    address
}

#[test]
fn who_trusts_the_certificate_is_answered_and_nobody_without_tls() {
    let directory = tempfile::tempdir().unwrap();
    let trusted = certificate(directory.path());
    let runtime = Runtime::new().unwrap();
    let address = serve(&runtime, tls(directory.path()).unwrap());
    let text = ask(address, &trusted).unwrap();
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("\"parallel\":8"), "{text}");
    let mut plain = crate::raw::connect(address);
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert!(!crate::raw::rest(&mut plain).0.contains("HTTP"));
    assert!(ask(address, &trusted).is_ok(), "the server goes on");
}

#[test]
fn a_new_certificate_is_taken_without_a_restart_and_a_bad_one_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let old = certificate(directory.path());
    let runtime = Runtime::new().unwrap();
    let address = serve(&runtime, tls(directory.path()).unwrap());
    assert!(ask(address, &old).is_ok());
    fs::write(directory.path().join("key.pem"), "no key").unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    assert!(ask(address, &old).is_ok(), "the last good pair stays");
    let new = certificate(directory.path());
    let end = Instant::now() + Duration::from_secs(30);
    while ask(address, &new).is_err() {
        assert!(Instant::now() < end, "the new certificate is not taken");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(ask(address, &old).is_err());
}

#[test]
fn files_that_cannot_be_used_are_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let said = || tls(directory.path()).unwrap_err().to_string();
    assert!(said().contains("certificate.pem"), "{}", said());
    certificate(directory.path());
    let key = fs::read(directory.path().join("key.pem")).unwrap();
    certificate(directory.path());
    fs::write(directory.path().join("key.pem"), key).unwrap();
    assert!(said().contains("key.pem"), "a key of another certificate: {}", said());
    fs::write(directory.path().join("certificate.pem"), "").unwrap();
    assert!(said().contains("no certificate"), "{}", said());
}
