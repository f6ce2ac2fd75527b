//! No output holds a secret.

use serde_json::json;
use strata_config_secrets::{FernetKey, KeyRing, to_base64};

use crate::shell::{Shell, text};

impl Shell {
    /// The same with one more variable.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.vars.push((name, value.to_owned()));
        self
    }

    /// The same without any variable.
    pub(crate) fn without_variables(mut self) -> Self {
        self.vars.clear();
        self
    }
}

/// Every secret of the web application.
const SECRETS: [&str; 10] = [
    "SECRET_KEY",
    "JWT_SECRET",
    "JWT_SECRET_ENCRYPTED",
    "ENCRYPTION_KEY",
    "DATABASE_URL",
    "DATABASE_PASSWORD",
    "REDIS_URL",
    "API_KEY",
    "SENTRY_DSN",
    "DATADOG_API_KEY",
];

const COMMANDS: [&str; 10] = [
    "explain",
    "explain database.url",
    "explain monitoring",
    "check",
    "get secret_key",
    "get database",
    "export --as toml",
    "export --as yaml",
    "export --as json",
    "export --as env",
];

/// Runs every command in both formats and asserts that nothing shows a secret.
fn assert_silent(shell: &Shell, options: &str) {
    for command in COMMANDS.iter().copied().chain(["diff secrets.toml other.toml"]) {
        for format in ["text", "json"] {
            let output = shell.run(&format!("webapp {command} --format {format} {options}"));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(!said.contains("CANARY"), "{command} {format} {options}: {said}");
        }
    }
}

/// The key of this process, and with it the document, whose encrypted secret holds the marker, too.
fn sealed() -> (String, String) {
    let key = FernetKey::generate().unwrap().to_text().expose().clone();
    let document = sealed_with(&key, "CANARY");
    (key, document)
}

fn sealed_with(key: &str, marker: &str) -> String {
    let token = KeyRing::parse(key).unwrap().encrypt(&format!("{marker}-encrypted")).unwrap();
    DOCUMENT.replace("CANARY", marker).replace("TOKEN", &to_base64(&token))
}

const DOCUMENT: &str = "secret_key = \"CANARY-0123456789abcdef0123456789abcdef\"
jwt_secret = \"CANARY-jwt\"
jwt_secret_encrypted = \"TOKEN\"
encryption_key = \"CANARY-key\"

[database]
url = \"postgresql://u:CANARY@localhost/app\"
password = \"CANARY-password\"

[redis]
url = \"redis://:CANARY@localhost:6379/0\"

[api]
api_key = \"CANARY-api\"

[monitoring]
sentry_dsn = \"https://CANARY@sentry.example.com/1\"
datadog_api_key = \"CANARY-datadog\"
";

#[test]
fn a_secret_is_in_no_output() {
    let (key, document) = sealed();
    let other = sealed_with(&key, "CANARY2");
    let shell = Shell::new(&[("secrets.toml", &document), ("other.toml", &other)], &[]).with("ENCRYPTION_KEY", &key);
    assert_eq!(shell.run("webapp -f secrets.toml check").status.code(), Some(0));
    assert_silent(&shell, "-f secrets.toml");
    assert_silent(&shell, "-f secrets.toml -f other.toml");
    let changes = shell.json("webapp diff secrets.toml other.toml");
    assert_eq!(changes.as_array().unwrap().len(), 10, "{changes}");

    let variables = SECRETS.map(|name| (name, "CANARY-0123456789abcdef0123456789abcdef"));
    let shell = Shell::new(&[("secrets.toml", &document), ("other.toml", &other)], &variables);
    // The URLs are invalid now.
    assert_eq!(shell.run("webapp check").status.code(), Some(1));
    assert_silent(&shell, "");
}

#[test]
fn a_secret_is_in_no_output_where_its_document_is_wrong() {
    let (key, document) = sealed();
    let other = ("other.toml", document.as_str());
    for (from, to) in [
        ("localhost/app\"", "localhost/app"),
        ("\"CANARY-jwt\"", "[\"CANARY-jwt\"]"),
        ("jwt_secret =", "jwt_secert ="),
        ("\"CANARY-password\"", "{ key = \"CANARY-key\" }"),
        ("postgresql:", "gopher:"),
        ("\"CANARY-0123456789abcdef0123456789abcdef\"", "\"CANARY\""),
        ("[monitoring]", "[monitoring"),
        ("password =", "password = \"CANARY\"\npassword ="),
    ] {
        let wrong = document.replacen(from, to, 1);
        assert_ne!(wrong, document);
        let shell = Shell::new(&[("secrets.toml", &wrong), other], &[]).with("ENCRYPTION_KEY", &key);
        assert_eq!(shell.run("webapp -f secrets.toml check").status.code(), Some(1), "{from}");
        assert_silent(&shell, "-f secrets.toml");
    }
}

#[test]
fn a_secret_of_a_dotenv_file_is_in_no_output() {
    for line in ["", "SENTRY_DSN='CANARY", "SECRET_KEY=CANARY2", "JWT_SECRET=\"CANARY ${NONE}\"", "API KEY=CANARY"] {
        let dotenv: String = SECRETS.map(|name| format!("{name}=CANARY-0123456789abcdef0123456789abcdef\n")).concat();
        let (key, document) = sealed();
        let files = [("a.env", &*(dotenv + line)), ("secrets.toml", &*document), ("other.toml", &*document)];
        assert_silent(&Shell::new(&files, &[]).with("ENCRYPTION_KEY", &key), "--env-file a.env");
    }
}

#[test]
fn a_secret_of_the_command_line_is_in_no_output() {
    let (key, document) = sealed();
    let files = [("secrets.toml", &*document), ("other.toml", &*document)];
    let shell = Shell::new(&files, &[]).with("ENCRYPTION_KEY", &key);
    for options in [
        "--set secret_key=CANARY",
        "--secret-key CANARY",
        "--secret-key=CANARY --secret_key=CANARY",
        "--set CANARY",
        "--set database.url=CANARY --set database.ur=CANARY",
        "--database-url CANARY --databaseurl=CANARY",
        "--set secret_key.CANARY-part",
    ] {
        assert_silent(&shell, options);
    }
}

#[test]
fn a_secret_that_is_set_at_run_time_is_stored_sealed_alone() {
    let (key, document) = sealed();
    // A database beside nothing but its own name, too.
    for store in ["--store file:kept", "--store sqlite:kept.db"] {
        let shell = Shell::new(&[("secrets.toml", &document)], &[]).with("ENCRYPTION_KEY", &key);
        let set = format!("webapp -f secrets.toml {store} set database.password CANARY-set api.api_key CANARY-too");
        let said = shell.run(&set);
        assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
        let history = shell.ok(&format!("webapp -f secrets.toml {store} history"));
        let backup = shell.ok(&format!("webapp -f secrets.toml {store} backup"));
        assert!(backup.contains("fernet:gAAAA") && !(backup + &history + &text(&said.stdout)).contains("CANARY"));
        for file in files(shell.folder.path()) {
            let bytes = std::fs::read(&file).unwrap();
            let is_ours = file.ends_with("secrets.toml");
            assert!(is_ours || !bytes.windows(6).any(|part| part == b"CANARY"), "{}", file.display());
        }
        let explained = shell.ok(&format!("webapp -f secrets.toml {store} explain database.password"));
        assert!(explained.contains("Fernet token, key 1 of 1") && !explained.contains("CANARY"), "{explained}");
        // Without the key nothing is shown or believed, and nothing can be set.
        let shell = shell.without_variables();
        assert_eq!(shell.run(&format!("webapp -f secrets.toml {store} check")).status.code(), Some(1));
        let refused = shell
            .run(&format!("webapp {store} set --set secret_key=0123456789abcdef0123456789abcdef database.password x"));
        assert_eq!(refused.status.code(), Some(1));
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn the_command_secret_belongs_to_every_system_and_to_none() {
    use std::io::Write as _;
    use std::process::Stdio;

    let key = FernetKey::generate().unwrap().to_text().expose().clone();
    let shell = Shell::new(&[], &[]).with("ENCRYPTION_KEY", &key);
    let piped = |line: &str, stdin: &str| {
        let mut command = shell.command(line);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        text(&child.wait_with_output().unwrap().stdout)
    };
    let sealed = piped("secret encrypt", "hunter2\n");
    assert!(sealed.starts_with("fernet:gAAAA"), "{sealed}");
    assert_eq!(piped("webapp secret decrypt --reveal", &sealed), "hunter2\n");
    assert!(!piped("secret decrypt", &sealed).contains("hunter2"));
}

#[test]
fn a_new_key_seals_what_the_old_one_sealed_in_a_store_as_one_revision() {
    let [old, new] = [0, 1].map(|_| FernetKey::generate().unwrap().to_text().expose().clone());
    let mut shell = Shell::new(&[], &[("SECRET_KEY", "0123456789abcdef0123456789abcdef")]).with("ENCRYPTION_KEY", &old);
    let stores = ["file:kept", "sqlite:kept.db"];
    for store in stores {
        shell.ok(&format!("webapp set database.password CANARY-1 api.api_key CANARY-2 --actor ann --store {store}"));
        let nothing = shell.json(&format!("webapp secret reseal --store {store}"));
        assert_eq!((&nothing["revision"], &nothing["stored"]), (&1.into(), &false.into()), "no key is newer");
    }
    // Whatever line is run from here on, the first key is the new one.
    shell.vars.last_mut().unwrap().1 = format!("{new},{old}");
    for store in stores {
        let dry = shell.json(&format!("webapp secret reseal --dry-run --store {store}"));
        assert_eq!((&dry["revision"], &dry["stored"], &dry["dry_run"]), (&1.into(), &false.into(), &true.into()));
        let done = shell.json(&format!("webapp --store {store} secret reseal --actor ops"));
        assert_eq!((&done["revision"], &done["stored"], &done["changes"]), (&2.into(), &true.into(), &json!([])));
        let history = shell.json(&format!("webapp history --store {store}"));
        assert_eq!((&history[0]["actor"], &history[0]["source"]), (&"ops".into(), &"cli".into()), "{history}");
        assert_eq!(history[0]["reason"], "secrets sealed with the newest key");
        let password = shell.ok(&format!("webapp explain database.password --store {store}"));
        assert!(password.contains("ann") && password.contains("key 1 of 2"), "who set it stays who it was: {password}");
    }
    shell.vars.last_mut().unwrap().1 = new;
    for store in stores {
        let check = format!("webapp check --store {store}");
        assert_eq!(shell.run(&check).status.code(), Some(0), "the old key may go");
    }
    shell.vars.last_mut().unwrap().1 = FernetKey::generate().unwrap().to_text().expose().clone();
    for store in stores {
        let refused = shell.run(&format!("webapp secret reseal --store {store}"));
        let said = text(&refused.stdout) + &text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains("secret.unreadable") && !said.contains("gAAAA") && !said.contains("CANARY"), "{said}");
    }
}

#[test]
fn the_encrypted_jwt_secret_is_set_without_its_scheme() {
    let key = FernetKey::generate().unwrap().to_text().expose().clone();
    let token = to_base64(&KeyRing::parse(&key).unwrap().encrypt("CANARY-jwt").unwrap());
    let vars = [("SECRET_KEY", "0123456789abcdef0123456789abcdef")];
    let shell = Shell::new(&[], &vars).with("ENCRYPTION_KEY", &key);
    shell.ok(&format!("webapp set jwt_secret_encrypted {token} --store file:kept"));
    let explained = shell.ok("webapp explain jwt_secret_encrypted --store file:kept");
    assert!(explained.contains("a Fernet token, key 1 of 1") && !explained.contains("CANARY"), "{explained}");
    let refused = shell.run("webapp set jwt_secret_encrypted CANARY-plain --store file:kept");
    let said = text(&refused.stdout) + &text(&refused.stderr);
    assert!(refused.status.code() == Some(1) && !said.contains("CANARY"), "{said}");
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_reference_that_no_feature_reads_says_which_one_does() {
    let shell = Shell::new(&[], &[("SECRET_KEY", "aws-sm:myapp/keys#session")]);
    let refused = shell.run("webapp check");
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("secret.no_resolver") && said.contains("the feature `aws`"), "{said}");
}
