//! A report with each code.

use std::ffi::OsString;
use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};
use strata_config::{
    ByteSize, ConfigEnum, Edits, FieldPath, LayeredConfig, LoadInfo, Loader, Memory, Mode, Problems, Profile,
    Reference, Report, Resolved, Resolver, Secret, Unresolved, Validator, Value,
};
use strata_config_migrate::{Migrations, Step};
use validator::Validate;

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
enum LogLevel {
    Debug,
    Info,
    Warn,
}

#[derive(Serialize, Debug, Clone, PartialEq)]
struct Percent(u8);

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let percent = u8::deserialize(deserializer)?;
        let mut problems = Problems::new();
        if percent == 100 {
            problems.warn(FieldPath::ROOT, "everybody is served").help("remove the rollout");
        }
        problems.settle(Self(percent))
    }
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Sized {
    #[config(default = 64, cost = "1MB", validate(range(min = 16)))]
    cache_mb: u32,
    #[config(default = 32, cost = "1MiB")]
    connections: u32,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP", validate = Self::check)]
struct App {
    #[config(
        default = 8080,
        validate(range(min = 1024)),
        fallback = 8080,
        alias = "listen_port",
        profile(pi_zero_2w(max = 9000))
    )]
    port: u16,
    #[config(default = "127.0.0.1")]
    bind: IpAddr,
    #[config(default = "info", deprecated(alias = "verbosity", since = "0.3"))]
    log: LogLevel,
    #[config(default = "app", validate(length(max = 16)))]
    name: String,
    #[config(default = "eu", validate(one_of("eu", "us")))]
    region: String,
    #[config(validate(url(schemes("https"))))]
    home: Option<String>,
    #[config(validate(email))]
    admin: Option<String>,
    rollout: Option<Percent>,
    #[config(validate(ip))]
    gateway: Option<String>,
    #[config(default = "{} req", validate(contains("{}")))]
    format: String,
    #[config(validate(regex("^[a-z]+-[0-9]+$")))]
    node: Option<String>,
    #[config(default = 4, validate(custom = even))]
    workers: u32,
    #[config(default = Owner { name: "ops".to_owned() }, validate(validator))]
    owner: Owner,
    #[config(default = 1)]
    least: u32,
    #[config(default = 9)]
    most: u32,
    #[config(nested)]
    store: Option<Store>,
    #[config(computed = files)]
    files: usize,
}

impl App {
    fn check(&self, report: &mut Report) {
        if self.least > self.most {
            report.error([Self::LEAST, Self::MOST], "`least` is more than `most`");
        }
    }
}

fn even(workers: &u32) -> Result<(), String> {
    if workers.is_multiple_of(2) { Ok(()) } else { Err(format!("{workers} is odd; workers come in pairs")) }
}

fn files(info: &LoadInfo) -> usize {
    info.files().count()
}

#[derive(serde::Deserialize, serde::Serialize, Validate, Debug, Clone, PartialEq)]
struct Owner {
    #[validate(length(min = 2, message = "too short for a name"))]
    name: String,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
enum Store {
    Memory,
    File {
        #[config(path)]
        path: std::path::PathBuf,
    },
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
struct Vault {
    #[config(secret)]
    token: Secret<String>,
}

fn app(text: &str) -> Report {
    read(App::loader().text("app.toml", text))
}

/// A document with a version, of a program that is at 1.1.0.
fn versioned(text: &str) -> Report {
    let step = Step::new("port", "1.0.0", "1.1.0").rename("listen", "port");
    let migrations = Migrations::to("1.1.0").step(step).build().unwrap();
    read(App::loader().text("app.toml", text).upgrade(migrations))
}

fn json(text: impl Into<String>) -> Report {
    read(App::loader().text("app.json", text))
}

fn read<C: LayeredConfig>(loader: Loader<C>) -> Report {
    loader.read().report().clone()
}

fn env(variables: &[(&str, &str)]) -> Report {
    read(App::loader().env_from(variables.iter().copied()))
}

/// The report of a folder with an `app.toml` in it, which is a folder itself where `text` is `None`.
fn folder(text: Option<&str>) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.toml");
    match text {
        Some(text) => std::fs::write(&path, text).unwrap(),
        None => std::fs::create_dir(&path).unwrap(),
    }
    let mut found = Report::new();
    let mut report = read(App::loader().file(&path));
    let strip = |at: &str| at.replace(&format!("{}/", folder.path().display()), "");
    for finding in std::mem::take(&mut report).findings() {
        let mut finding = finding.clone();
        if let Some(origin) = &mut finding.origin {
            origin.at = strip(&origin.at);
        }
        found.push(finding);
    }
    found
}

#[cfg(unix)]
fn latin1() -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(b"caf\xe9".to_vec())
}

#[cfg(not(unix))]
fn latin1() -> OsString {
    "café".into()
}

type Example = (&'static str, fn() -> Report);

pub(crate) const ALL: &[Example] = &[
    ("document.syntax", || app("port = 9000\nname = site-1\n")),
    ("document.encoding", || app("name = \"a\u{0}b\"\n")),
    ("document.too_large", || app(&"# padding\n".repeat(1_700_000))),
    ("document.too_deep", || json(format!("{{\"name\":\n{}", "[\n".repeat(200)))),
    ("document.duplicate_key", || app("port = 9000\nport = 9001\n")),
    ("document.format", || read(App::loader().text("app.ini", "port = 9000"))),
    ("document.outdated", || versioned("version = \"1.0.0\"\nlisten = 9000\n")),
    ("document.newer", || versioned("version = \"2.0.0\"\nport = 9000\n")),
    ("document.migration", || versioned("version = \"1.0.0\"\nlisten = 9000\nport = 9001\n")),
    ("file.missing", || read(App::loader().file("site.toml"))),
    ("file.unreadable", || folder(None)),
    ("file.include", || folder(Some("include = \"app.toml\"\n"))),
    ("key.unknown", || app("prot = 9000\n")),
    ("key.duplicate_name", || app("port = 9000\nlisten_port = 9001\n")),
    ("key.deprecated", || app("verbosity = \"warn\"\n")),
    ("key.unused", || app("[store]\ntype = \"memory\"\npath = \"data\"\n")),
    ("value.type", || app("port = \"9000\"\n")),
    ("value.overflow", || app("port = 90000\n")),
    ("value.choice", || app("log = \"wran\"\n")),
    ("value.null", || json("{\"port\": null}")),
    ("value.invalid", || app("bind = \"localhost\"\n")),
    ("value.questionable", || app("rollout = 100\n")),
    ("value.missing", || read(Vault::loader())),
    ("value.fallback", || read(App::loader().mode(Mode::Lenient).text("app.toml", "port = 80\n"))),
    ("value.computed", || app("files = 2\n")),
    ("rule.range", || app("port = 80\n")),
    ("rule.length", || app("name = \"a very long name indeed\"\n")),
    ("rule.one_of", || app("region = \"ue\"\n")),
    ("rule.url", || app("home = \"http://example.org\"\n")),
    ("rule.email", || app("admin = \"root\"\n")),
    ("rule.ip", || app("gateway = \"10.0.0\"\n")),
    ("rule.contains", || app("format = \"requests\"\n")),
    ("rule.regex", || app("node = \"pi\"\n")),
    ("rule.custom", || app("workers = 3\n")),
    ("rule.validate", || app("owner = { name = \"x\" }\n")),
    ("rule.cross_field", || read(App::loader().text("app.toml", "least = 5\n").env_from([("APP_MOST", "3")]))),
    ("rule.added", || {
        let rule = Validator::new().rule("workers", "at most 8 on this host", |app: &App| app.workers <= 8);
        read(App::loader().text("app.toml", "workers = 12\n").validator(rule))
    }),
    ("rule.profile", || read(App::loader().profile("pi_zero_2w").text("app.toml", "port = 9500\n"))),
    ("env.unknown", || env(&[("APP_PROT", "9000")])),
    ("env.encoding", || read(App::loader().env_from([("APP_NAME", latin1())]))),
    ("env.expansion", || read(App::loader().dotenv_text(".env", "APP_NAME=\"${HOST}-1\"\n"))),
    ("env.file", || read(Vault::loader().env_from([("APP_TOKEN_FILE", "/run/secrets/token")]))),
    ("env.both", || {
        let token = tempfile::NamedTempFile::new().unwrap();
        let variables = [("APP_TOKEN", "t".into()), ("APP_TOKEN_FILE", token.path().as_os_str().to_owned())];
        read(Vault::loader().env_from(variables))
    }),
    ("env.choice", || read(App::loader().mode_from_env("APP_MODE").env_from([("APP_MODE", "loud")]))),
    ("args.unknown", || read(App::loader().args(["app", "--prot", "9000"]))),
    ("args.value", || read(App::loader().args(["app", "--port"]))),
    ("profile.budget", || {
        let memory = Memory { total: ByteSize(512_000_000), ceiling: ByteSize(400_000_000) };
        let board = Profile::new("pi_zero_2w").with_memory(memory);
        read(Sized::loader().profile(board).text("app.toml", "cache_mb = 350\nconnections = 64\n"))
    }),
    ("profile.unknown", || read(App::loader().profile("pi_zero_2"))),
    ("secret.no_key", || {
        let effective = Value::Map(Vec::new());
        let mut edits = Edits::of::<Vault>(Value::Map(Vec::new()), &effective);
        edits.set(&FieldPath::new("token"), Value::String("t".to_owned()));
        edits.finish().report
    }),
    ("secret.no_resolver", || read(Vault::loader().text("app.toml", "token = \"aws-sm:app#token\"\n"))),
    ("secret.reference", || {
        read(App::loader().resolver(Arc::new(Away)).text("app.toml", "name = \"aws-sm:app#token\"\n"))
    }),
    ("secret.missing", || away("token = \"aws-sm:ap#token\"\n")),
    ("secret.unreadable", || away("token = \"fernet:gAAAAA\"\n")),
    ("secret.unavailable", || away("token = \"aws-sm:app#token\"\n")),
];

/// A source of secrets that gives none.
#[derive(Debug)]
struct Away;

impl Resolver for Away {
    fn schemes(&self) -> &[&str] {
        &["aws-sm", "fernet"]
    }

    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved> {
        Err(match (reference.scheme, reference.what) {
            ("fernet", _) => {
                Unresolved::unreadable("no key opens this token: it was sealed with another key, or altered since")
                    .with_help("add the key that sealed it to ENCRYPTION_KEY, or seal the secret again")
            }
            (_, "app#token") => Unresolved::unavailable("AWS Secrets Manager did not answer about `app`"),
            _ => {
                Unresolved::missing("AWS Secrets Manager has no secret `ap`").with_help("check its name and its region")
            }
        })
    }
}

fn away(toml: &str) -> Report {
    read(Vault::loader().resolver(Arc::new(Away)).text("app.toml", toml))
}

/// What a report says that has this code, without the count at its end.
pub(crate) fn report(code: &str) -> String {
    let (_, read) = ALL.iter().find(|(known, _)| *known == code).unwrap_or_else(|| panic!("no example of {code}"));
    let mut found = Report::new();
    for finding in read().findings().iter().filter(|finding| finding.code == code) {
        found.push(finding.clone());
    }
    assert!(!found.is_empty(), "the example of {code} reports {}", read());
    let text = found.to_string();
    let end = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    text[..end].to_owned()
}
