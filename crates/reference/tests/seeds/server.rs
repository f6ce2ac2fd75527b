//! The binary `strata SYSTEM serve` in a folder of its own, and a client for it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;

/// The token of servers whose variables configure one.
pub(crate) const TOKEN: &str = "root.0123456789abcdef";

/// The longest that anything is waited for.
const WAIT: Duration = Duration::from_secs(30);

/// A running server; it ends with its test.
pub(crate) struct Server {
    child: Child,
    /// What it said so far, up to the console's address.
    pub(crate) said: String,
    /// `http://ADDRESS`.
    pub(crate) address: String,
    /// The console's address, as it was said.
    pub(crate) console: String,
    pub(crate) token: String,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    agent: ureq::Agent,
    _folder: Option<tempfile::TempDir>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }

    /// The body of an answer of this status.
    #[track_caller]
    pub(crate) fn of(&self, status: u16) -> Json {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// A header's text; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Server {
    /// A system on a free port, in an empty folder, where [`TOKEN`] permits everything.
    pub(crate) fn start(system: &str, variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let variables = [&[("STRATA_ADMIN_TOKEN", TOKEN)], variables].concat();
        let mut server = Self::run(folder.path(), &format!("{system} serve --listen 127.0.0.1:0"), &variables);
        server.token = TOKEN.to_owned();
        server._folder = Some(folder);
        server
    }

    /// A command line that starts a server, in a folder, with no variables but these.
    pub(crate) fn run(folder: &Path, line: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strata"));
        command.args(line.split_whitespace()).current_dir(folder).env_clear().envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, stderr) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
        let mut said = String::new();
        let named = |line: &str, name: &str| line.strip_prefix(name).map(str::to_owned);
        let (mut address, mut console) = (None, None);
        while console.is_none() {
            let Ok(line) = stdout.recv_timeout(WAIT) else {
                let _ = child.kill();
                panic!("the server does not start: {said}{}", stderr.iter().collect::<String>());
            };
            said += &format!("{line}\n");
            address = address.or_else(|| named(&line, "listening on "));
            console = named(&line, "console: ");
        }
        let (address, console) = (address.unwrap(), console.unwrap());
        let token = console.split_once("#token=").map(|(_, token)| token.to_owned()).unwrap_or_default();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { child, said, address, console, token, stdout, stderr, agent, _folder: None }
    }

    /// Asks for a path.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &self.bearer(), None)
    }

    /// Sends JSON to a path.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Json) -> Reply {
        self.send(method, path, &self.bearer(), Some(&body.to_string()))
    }

    /// Sends nothing to a path.
    pub(crate) fn post(&self, path: &str) -> Reply {
        self.send("POST", path, &self.bearer(), None)
    }

    pub(crate) fn bearer(&self) -> [(&'static str, String); 1] {
        [("authorization", format!("Bearer {}", self.token))]
    }

    /// Sends anything to a path, with no headers but these; a body is JSON.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, String)], body: Option<&str>) -> Reply {
        self.send_as(method, path, headers, body.map(|body| ("application/json", body)))
    }

    /// Sends anything to a path, with no headers but these; a body is of the kind that is said.
    pub(crate) fn send_as(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: Option<(&str, &str)>,
    ) -> Reply {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut response = match body {
            Some((kind, body)) => {
                let request = request.header("content-type", kind);
                self.agent.run(request.body(body.to_owned()).unwrap())
            }
            None => self.agent.run(request.body(()).unwrap()),
        }
        .unwrap();
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.body_mut().read_to_string().unwrap(),
        }
    }

    /// The first line of the log, from now on, that has this text.
    pub(crate) fn logged(&self, text: &str) -> String {
        let mut seen = String::new();
        loop {
            let Ok(line) = self.stderr.recv_timeout(WAIT) else { panic!("`{text}` is not logged: {seen}") };
            if line.contains(text) {
                return line;
            }
            seen += &format!("{line}\n");
        }
    }

    /// Sends a signal.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        // `kill` is a word of every shell, so that no program is needed for it.
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end: how it ended, and everything that it said since its start.
    pub(crate) fn end(mut self) -> (ExitStatus, String, String) {
        let status = self.child.wait().unwrap();
        let rest = |lines: &Receiver<String>| lines.iter().map(|line| line + "\n").collect();
        (status, rest(&self.stdout), rest(&self.stderr))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a stream, which is read at once, so that nobody who writes to it waits.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
