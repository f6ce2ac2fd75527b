//! References to secrets that stand elsewhere: where they are read, what they leave behind, and what refuses them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use strata_config::{LayeredConfig, Loader, Reference, Report, Resolved, Resolver, Secret, Unresolved};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct App {
    #[config(default = "app")]
    name: String,
    #[config(secret, validate(length(min = 4)))]
    password: Secret<String>,
    #[config(secret, default = [])]
    hosts: Vec<Secret<String>>,
    #[config(secret, default = [])]
    tokens: BTreeMap<String, Secret<String>>,
    #[config(secret)]
    encrypted: Option<Secret<String>>,
    #[config(nested)]
    servers: Vec<Server>,
    #[config(nested)]
    providers: BTreeMap<String, Server>,
    #[config(nested)]
    tls: Option<Server>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Server {
    #[config(secret)]
    key: Secret<String>,
}

/// A vault of fixed secrets, which counts how often it is asked.
#[derive(Debug, Default)]
struct Vault {
    asked: AtomicUsize,
    names: Mutex<Vec<String>>,
}

impl Resolver for Vault {
    fn schemes(&self) -> &[&str] {
        &["vault", "aws-sm"]
    }

    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.names.lock().unwrap().push(reference.what.to_owned());
        let text = match reference.what {
            "pw" => "hunter2",
            "user" => "ann",
            "none" => "null",
            "zeros" => "00123",
            "short" => "abc",
            "again" => "fernet:gAAAA",
            "away" => return Err(Unresolved::unavailable("the vault is away").with_help("wake it")),
            _ => return Err(Unresolved::missing("the vault has no such secret")),
        };
        let place = format!("{reference}, version 7");
        Ok(Resolved { text: Secret::from(text), place })
    }
}

fn loader() -> Loader<App> {
    App::loader().resolver(Arc::new(Vault::default()))
}

fn load(toml: &str) -> App {
    loader().text("a.toml", toml).load().unwrap_or_else(|report| panic!("{report}")).into_config()
}

fn refused(loader: Loader<App>) -> Vec<(&'static str, String, String)> {
    let report = loader.load().unwrap_err();
    let told = format!("{report}{report:?}{}", serde_json::to_string(&report).unwrap());
    for secret in ["hunter2", "CANARY", "gAAAA"] {
        assert!(!told.contains(secret), "{told}");
    }
    let finding = |finding: &strata_config::Finding| {
        let at = finding.origin.as_ref().map_or(String::new(), |origin| origin.at.clone());
        (finding.code, finding.path.to_string(), at)
    };
    errors(&report).map(finding).collect()
}

fn errors(report: &Report) -> impl Iterator<Item = &strata_config::Finding> {
    report.findings().iter().filter(|finding| finding.severity == strata_config::Severity::Error)
}

fn told<'a>(findings: &'a [(&'static str, String, String)]) -> Vec<(&'a str, &'a str, &'a str)> {
    findings.iter().map(|(code, path, at)| (*code, path.as_str(), at.as_str())).collect()
}

#[test]
fn a_whole_value_or_a_part_of_one_is_a_reference() {
    assert_eq!(load("password = 'vault:pw'").password.expose(), "hunter2");
    let url = load("password = 'pg://${vault:user}:${aws-sm:pw}@${HOST}/db'").password;
    assert_eq!(url.expose(), "pg://ann:hunter2@${HOST}/db");
}

#[test]
fn references_are_read_wherever_a_secret_stands() {
    let app = load(
        "password = 'vault:pw'\nhosts = ['plain', 'vault:user']\n[tokens]\na = 'vault:pw'\n\
         [[servers]]\nkey = 'vault:user'\n[providers.x]\nkey = 'vault:pw'\n[tls]\nkey = 'vault:zeros'",
    );
    assert_eq!(app.hosts.iter().map(Secret::expose).collect::<Vec<_>>(), ["plain", "ann"]);
    assert_eq!(app.tokens["a"].expose(), "hunter2");
    assert_eq!((app.servers[0].key.expose().as_str(), app.providers["x"].key.expose().as_str()), ("ann", "hunter2"));
    assert_eq!(app.tls.unwrap().key.expose(), "00123");
}

#[test]
fn every_kind_of_source_may_refer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "vault:pw\n").unwrap();
    let sources: [Loader<App>; 6] = [
        loader().env_from([("PASSWORD", "vault:pw")]),
        loader().env_from([("PASSWORD_FILE", file.to_str().unwrap())]),
        loader().dotenv_text(".env", "PASSWORD=${aws-sm:pw}"),
        loader().dotenv_text(".env", "PASSWORD=\"vault:pw\" # a comment"),
        loader().set("password", "vault:pw"),
        loader().text("a.yaml", "password: vault:pw"),
    ];
    for source in sources {
        assert_eq!(source.load().unwrap().password.expose(), "hunter2");
    }
}

#[test]
fn what_was_found_is_text_also_where_it_looks_like_something_else() {
    let app = load("password = 'vault:pw'\nencrypted = 'vault:none'");
    assert_eq!(app.encrypted.unwrap().expose(), "null");
}

#[test]
fn the_origin_is_that_of_the_reference_and_that_of_the_secret() {
    let loaded = loader().text("a.toml", "password = 'pg://${vault:user}:${vault:pw}@h'").load().unwrap();
    let explained = loaded.origin("password").unwrap();
    let origin = explained.origin.clone().unwrap();
    assert_eq!(origin.at, "a.toml:1:12");
    assert_eq!(origin.leads_to.as_deref(), Some("vault:user, version 7 and vault:pw, version 7"));
    let told = serde_json::to_value(&explained).unwrap();
    assert_eq!(told["origin"]["leads_to"], "vault:user, version 7 and vault:pw, version 7");
    assert!(!told.to_string().contains("hunter2"));
    let all = format!("{explained} {explained:?} {:?} {:?}", loaded.export(), loaded.values());
    assert!(!all.contains("hunter2") && !all.contains("ann:"), "{all}");
}

#[test]
fn rules_are_those_of_the_secret_and_not_of_the_reference() {
    let found = refused(loader().text("a.toml", "password = 'vault:short'"));
    assert_eq!(told(&found), [("rule.length", "password", "a.toml:1:12")]);
}

#[test]
fn every_reference_that_fails_is_told_at_once_with_its_place() {
    let found = refused(loader().text(
        "a.toml",
        "password = 'vault:away'\nhosts = ['vault:pw', 'vault:nothing']\nencrypted = 'x${vault:pw'\n\
         [tokens]\na = 'vault:again'\n[[servers]]\nkey = 'fernet:CANARY'",
    ));
    let expected = [
        ("secret.unavailable", "password", "a.toml:1:12"),
        ("secret.missing", "hosts.1", "a.toml:2:22"),
        ("secret.reference", "encrypted", "a.toml:3:13"),
        ("secret.reference", "tokens.a", "a.toml:5:5"),
        ("secret.no_resolver", "servers.0.key", "a.toml:7:7"),
    ];
    assert_eq!(told(&found), expected);
}

#[test]
fn the_report_says_what_to_do() {
    let report = loader().text("a.toml", "password = 'vault:away'").load().unwrap_err();
    let finding = errors(&report).next().unwrap();
    assert_eq!((finding.message.as_str(), finding.help.as_deref()), ("the vault is away", Some("wake it")));
}

#[test]
fn a_reference_of_a_known_scheme_is_never_plain_text() {
    for text in ["fernet:CANARY", " FERNET:CANARY", "aws-sm:CANARY", "fernet-base64:CANARY", "x${aws-sm:CANARY}"] {
        for source in [App::loader().set("password", text), App::loader().env_from([("PASSWORD", text)])] {
            let found = refused(source);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].0, found[0].1.as_str()), ("secret.no_resolver", "password"));
        }
    }
    let lists = App::loader().env_from([("PASSWORD", "long enough"), ("HOSTS", "a,fernet:CANARY")]);
    assert_eq!(refused(lists)[0].0, "secret.no_resolver");
    let json =
        loader().env_from([("PASSWORD", "long enough"), ("TOKENS", r#"{"a": "vault:pw", "b": "fernet:CANARY"}"#)]);
    assert_eq!(refused(json)[0].0, "secret.no_resolver");
}

#[test]
fn a_setting_that_everybody_sees_refers_to_no_secret() {
    let found = refused(loader().text("a.toml", "name = 'vault:pw'\npassword = 'vault:pw'"));
    assert_eq!(told(&found), [("secret.reference", "name", "a.toml:1:8")]);
    let found = refused(loader().text("a.toml", "name = 'x ${vault:pw}'\npassword = 'vault:pw'"));
    assert_eq!(told(&found), [("secret.reference", "name", "a.toml:1:8")]);
}

#[test]
fn only_the_value_that_counts_is_asked_for() {
    let vault = Arc::new(Vault::default());
    let loaded = App::loader()
        .resolver(vault.clone())
        .text("a.toml", "password = 'vault:away'\nhosts = ['vault:away']\n[tokens]\na = 'vault:away'\nb = 'vault:user'")
        .text("b.toml", "password = 'vault:pw'\nhosts = ['vault:pw', 'vault:pw']\n[tokens]\na = 'vault:pw'")
        .load()
        .unwrap();
    assert!(loaded.warnings().is_empty(), "{:?}", loaded.warnings());
    assert_eq!(loaded.tokens["b"].expose(), "ann");
    let mut names = vault.names.lock().unwrap().clone();
    names.sort_unstable();
    assert_eq!(names, ["pw", "user"]);
}

#[test]
fn a_hidden_reference_draws_no_warning_also_without_a_resolver() {
    let loaded = App::loader().text("a.toml", "password = 'aws-sm:x'").text("b.toml", "password = 'plain'").load();
    assert!(loaded.unwrap().warnings().is_empty());
}

#[test]
fn a_setting_may_always_refer() {
    let loader = || loader().refers("encrypted", "vault").set("password", "long enough");
    let app = loader().set("encrypted", "pw").load().unwrap();
    assert_eq!(app.encrypted.as_ref().unwrap().expose(), "hunter2");
    assert_eq!(refused(loader().set("encrypted", "CANARY"))[0].0, "secret.missing");
    let nobody = App::loader().refers("encrypted", "fernet-base64").set("password", "long enough");
    assert_eq!(refused(nobody.set("encrypted", "CANARY"))[0].0, "secret.no_resolver");
}

#[test]
fn of_two_resolvers_the_later_one_counts() {
    #[derive(Debug)]
    struct Other;
    impl Resolver for Other {
        fn schemes(&self) -> &[&str] {
            &["vault"]
        }
        fn resolve(&self, _: Reference<'_>) -> Result<Resolved, Unresolved> {
            Ok(Resolved { text: Secret::from("the other"), place: "elsewhere".to_owned() })
        }
    }
    let loaded = loader().resolver(Arc::new(Other)).text("a.toml", "password = 'vault:pw'").load().unwrap();
    assert_eq!(loaded.password.expose(), "the other");
}

#[test]
fn a_stack_asks_again_when_it_is_built() {
    let vault = Arc::new(Vault::default());
    let stack = App::loader().resolver(vault.clone()).text("a.toml", "password = 'vault:pw'").stack();
    for times in 1..=3 {
        assert!(stack.outcome(None, []).config().is_some());
        assert_eq!(vault.asked.load(Ordering::Relaxed), times);
    }
}
