//! Chromium without a window, driven over the WebDriver protocol: a few calls of HTTP, for which a client of its own would
//! be one dependency more. Every browser has an empty folder of its own, and ends with its test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

/// How long something may take to show up. Nothing is asserted about how long it does take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The name of an element's id in the protocol (W3C WebDriver, section 12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys as the protocol writes them (section 17.4.2).
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ESCAPE: &str = "\u{e00c}";
pub(crate) const DOWN: &str = "\u{e015}";
pub(crate) const RIGHT: &str = "\u{e014}";
pub(crate) const HOME: &str = "\u{e011}";

/// A browser with one page.
pub(crate) struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// A browser that is as wide as a desk's screen.
    pub(crate) fn open(url: &str) -> Self {
        Self::sized(url, 1280, 900)
    }

    /// A browser whose page has this size.
    pub(crate) fn sized(url: &str, width: u32, height: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let started =
            lines.find_map(|line| line.unwrap().split_once("successfully on port ").map(|(_, port)| port.to_owned()));
        let port = started.expect("chromedriver says its port");
        // What it says later is read as well, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let session = format!("http://127.0.0.1:{}/session", port.trim_end_matches('.'));
        let mut browser = Self { driver, agent, session, _folder: folder };
        let data = format!("--user-data-dir={}", browser._folder.path().display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            data.as_str(),
        ];
        let options = json!({"binary": "/usr/bin/chromium", "args": arguments});
        let started = browser.post("", &json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}));
        browser.session = format!("{}/{}", browser.session, started["sessionId"].as_str().unwrap());
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        browser.devtools("Emulation.setDeviceMetricsOverride", &size);
        browser.go(url);
        browser
    }

    /// Loads a page.
    pub(crate) fn go(&self, url: &str) {
        self.post("/url", &json!({"url": url}));
    }

    /// Prefers a theme: `light` or `dark`.
    pub(crate) fn prefer(&self, theme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        self.devtools("Emulation.setEmulatedMedia", &features);
    }

    /// Runs a script and gives what it returns.
    pub(crate) fn run(&self, script: &str) -> Json {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs a script that calls its last argument when it is done.
    pub(crate) fn run_later(&self, script: &str) -> Json {
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    /// Waits until a script returns something true, and gives that.
    pub(crate) fn wait(&self, script: &str) -> Json {
        let start = Instant::now();
        loop {
            let value = self.run(script);
            if value != Json::Null && value != Json::Bool(false) {
                return value;
            }
            if start.elapsed() > PATIENCE {
                let page = self.run("return `${location.href}\\n${document.body.innerText}`");
                panic!("this did not come true: {script}\n{}", page.as_str().unwrap_or_default());
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// Waits for a text on the page.
    pub(crate) fn see(&self, text: &str) {
        self.wait(&format!("return document.body.innerText.includes({})", json!(text)));
    }

    /// Waits for an element and presses it.
    pub(crate) fn click(&self, selector: &str) {
        self.press(&format!(
            "const found = [...document.querySelectorAll({})].find((one) => one.checkVisibility() && !one.disabled); \
             found?.scrollIntoView({{block: 'center'}}); return found ?? null",
            json!(selector)
        ));
    }

    /// Waits for a button or link of this name, and presses it.
    pub(crate) fn click_named(&self, name: &str) {
        self.press(&format!(
            "const top = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document; \
             const found = [...top.querySelectorAll('button, a, [role=treeitem]')].find((one) => \
             one.checkVisibility() && !one.disabled && [one.getAttribute('aria-label'), one.textContent.trim()].includes({})); \
             found?.scrollIntoView({{block: 'center'}}); return found ?? null",
            json!(name)
        ));
    }

    /// Presses what a script finds. What was drawn anew between finding and pressing is looked for again.
    fn press(&self, find: &str) {
        let start = Instant::now();
        loop {
            let found = self.wait(find);
            let path = format!("/element/{}/click", found[ELEMENT].as_str().unwrap());
            match self.send(&path, &json!({})) {
                Ok(_) => return,
                Err(message) if start.elapsed() > PATIENCE => panic!("{find}: {message}"),
                Err(_) => sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Replaces a field's text by typing.
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        self.wait(&format!(
            "const field = document.querySelector({}); if (!field?.checkVisibility()) return false; \
             field.focus(); field.select(); return true",
            json!(selector)
        ));
        self.keys(text);
    }

    /// Types on the keyboard, wherever the focus is.
    pub(crate) fn keys(&self, text: &str) {
        let strokes = text.chars().flat_map(|key| {
            [json!({"type": "keyDown", "value": key.to_string()}), json!({"type": "keyUp", "value": key.to_string()})]
        });
        let strokes: Vec<Json> = strokes.collect();
        self.post("/actions", &json!({"actions": [{"type": "key", "id": "keys", "actions": strokes}]}));
    }

    fn devtools(&self, command: &str, parameters: &Json) {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}));
    }

    fn post(&self, path: &str, body: &Json) -> Json {
        self.send(path, body).unwrap_or_else(|message| panic!("{path} {body}: {message}"))
    }

    fn send(&self, path: &str, body: &Json) -> Result<Json, String> {
        let mut answer = self.agent.post(format!("{}{path}", self.session)).send(body.to_string()).unwrap();
        let status = answer.status();
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().unwrap();
        let mut answer: Json = serde_json::from_str(&text).unwrap();
        if status.is_success() { Ok(answer["value"].take()) } else { Err(answer["value"]["message"].to_string()) }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session's end ends Chromium; the driver has to be ended by us.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
