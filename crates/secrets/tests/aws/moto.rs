//! moto's server, which plays AWS: installed below the target directory by whichever test comes first, and started on a free
//! port of this machine.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// What is installed, of its newest version in November 2026.
const PACKAGES: [&str; 3] = ["moto==5.2.5", "flask==3.1.3", "flask-cors==6.0.5"];

/// The longest that its start may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server; it ends with the tests that use it.
pub(crate) struct Moto {
    process: Child,
    pub(crate) port: u16,
}

impl Moto {
    /// The server that all tests share who need no other; each has secrets of its own names.
    pub(crate) fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Moto>> = Mutex::new(Weak::new());
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let moto = Arc::new(Self::start(free_port()));
            *running = Arc::downgrade(&moto);
            moto
        })
    }

    /// A server without any secret.
    pub(crate) fn start(port: u16) -> Self {
        let mut command = Command::new(installed());
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut moto = Self { process: command.spawn().unwrap(), port };
        let end = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(moto.process.try_wait().unwrap().is_none(), "moto ended");
            assert!(Instant::now() < end, "moto does not start");
            thread::sleep(Duration::from_millis(20));
        }
        moto
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the owner of the secrets does, over the protocol that programs speak; the answer's body.
    pub(crate) fn call(&self, action: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\n\
             X-Amz-Target: secretsmanager.{action}\r\nContent-Length: {}\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential=owner/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=x\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{action} {body}: {answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// A new secret of this text.
    pub(crate) fn create(&self, name: &str, text: &str) -> String {
        self.call("CreateSecret", &format!("{{\"Name\":{},\"SecretString\":{}}}", quoted(name), quoted(text)))
    }

    /// A new version of a secret, which becomes AWSCURRENT.
    pub(crate) fn rotate(&self, name: &str, text: &str) {
        self.call("PutSecretValue", &format!("{{\"SecretId\":{},\"SecretString\":{}}}", quoted(name), quoted(text)));
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody has at this moment.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The program, in an environment of packages of its own.
fn installed() -> PathBuf {
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _installing = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join(PACKAGES[0].replace("==", "-"));
    let (bin, whole) = (venv.join("bin"), venv.join("whole"));
    if !whole.exists() {
        let done = |command: &mut Command| assert!(command.status().unwrap().success(), "{command:?}");
        done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv));
        let pip = ["install", "--quiet", "--disable-pip-version-check", "--no-compile"];
        done(Command::new(bin.join("pip")).args(pip).args(PACKAGES));
        std::fs::write(whole, "").unwrap();
    }
    bin.join("moto_server")
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            char if char.is_control() => write!(quoted, "\\u{:04x}", u32::from(char)).unwrap(),
            char => quoted.push(char),
        }
    }
    quoted + "\""
}
