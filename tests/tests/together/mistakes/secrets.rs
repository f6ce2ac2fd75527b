//! Secrets next to every kind of mistake; that none is shown is asserted for the whole corpus.

use strata_config::{LayeredConfig, Mode};

use super::Case;
use super::schemas::{Ruled, Site};

pub(crate) fn cases() -> Vec<Case> {
    let site = |name: &'static str, file: &str, text: &str| Case::new(name, Site::loader().text(file, text));
    vec![
        site("secrets of a wrong type", "a.toml", "token = [\"hunter2\"]\nkeys = \"hunter2\"\nnamed = [\"hunter2\"]\n[db]\npassword = {a = \"hunter2\"}\n").errors(&[("value.type", "token", "a.toml:1:9"), ("value.type", "keys", "a.toml:2:8"), ("value.type", "named", "a.toml:3:9"), ("value.type", "db.password", "a.toml:5:12")]),
        site("secrets inside lists and maps", "a.toml", "keys = [\"ok\", [\"hunter2\"], 5]\n[named]\na = {hunter2 = 1}\nb = [\"hunter2\"]\n").errors(&[("value.type", "keys", "a.toml:1:15"), ("value.type", "keys", "a.toml:1:28"), ("value.type", "named", "a.toml:3:5"), ("value.type", "named", "a.toml:4:5")]),
        site("a secret under a wrong key", "a.toml", "tokne = \"hunter2\"\n[db]\npasword = \"hunter2\"\n[[servers]]\nhost = \"x\"\nkye = \"hunter2\"\n").errors(&[("key.unknown", "tokne", "a.toml:1:1"), ("key.unknown", "db.pasword", "a.toml:3:1"), ("key.unknown", "servers.0.kye", "a.toml:6:1")]),
        site("a secret where no key is known", "a.yaml", "other:\n  deep: hunter2\n  list: [hunter2]\n").errors(&[("key.unknown", "other", "a.yaml:1:1")]),
        site("a secret next to a mistake on its line", "a.json", "{\"token\": \"hunter2\", \"soft\": \"x\", \"db\": {\"password\": \"hunter2\", \"pool\": 100}}").errors(&[("value.type", "soft", "a.json:1:30"), ("rule.range", "db.pool", "a.json:1:73")]),
        site("a secret of several lines", "a.yaml", "token: |\n  hunter2\n  hunter2\nsoft: x\nkeys:\n  - >-\n    hunter2\n  - [hunter2,\n    hunter2]\n").errors(&[("value.type", "soft", "a.yaml:4:7"), ("value.type", "keys", "a.yaml:8:5")]),
        site("a secret in a broken TOML document", "a.toml", "token = \"hunter2\nsoft = \"x\"\ndb = { password = hunter2 }\n").errors(&[("document.syntax", "", "a.toml:1:9"), ("value.type", "soft", "a.toml:2:8"), ("document.syntax", "", "a.toml:3:19")]),
        site("a secret in a broken YAML document", "a.yaml", "token: \"hunter2\nsoft: x\n").errors(&[("document.syntax", "", "a.yaml:2:1")]),
        site("a secret in a broken JSON document", "a.json", "{\"token\": hunter2, \"db\": {\"password\": \"hunter2}").errors(&[("document.syntax", "", "a.json:1:11"), ("document.syntax", "", "a.json:1:39")]),
        site("a secret's key twice", "a.yaml", "token: hunter2\ntoken: [hunter2]\n").errors(&[("document.duplicate_key", "", "a.yaml:2:1")]),
        site("a secret as a section", "a.toml", "db = \"hunter2\"\nservers = [\"hunter2\"]\nregions = {eu = \"hunter2\"}\nstore = \"hunter2\"\n").errors(&[("value.type", "db", "a.toml:1:6"), ("value.type", "servers.0", "a.toml:2:12"), ("value.type", "regions.eu", "a.toml:3:17"), ("value.type", "store", "a.toml:4:9")]),
        site("a secret in an anchor", "a.yaml", "token: &t hunter2\ndb: *t\n").errors(&[("value.type", "db", "a.yaml:1:11")]),
        site("secrets below a header", "a.toml", "[named]\nok = \"fine\"\nb = [\"hunter2\"]\n[token]\nx = \"hunter2\"\n[servers]\nkey = \"hunter2\"\n").errors(&[("value.type", "named", "a.toml:3:5"), ("value.type", "token", "a.toml:4:1"), ("value.type", "servers", "a.toml:6:1")]),
        Case::new("a shadowed secret that is invalid", Ruled::loader().text("a.toml", "token = \"hunter2\"\n").text("b.toml", "token = [\"hunter2\"]\n")
            .env_from([("APP_TOKEN", "long enough, this")])).warnings(&[("rule.length", "token", "a.toml:1:9"), ("value.type", "token", "b.toml:1:9")]),
        Case::new("a secret that lenient mode meets", Ruled::loader().text("a.toml", "token = \"hunter2\"\nport = 80\n").mode(Mode::Lenient)).errors(&[("rule.length", "token", "a.toml:1:9")]).warnings(&[("value.fallback", "port", "a.toml:2:8")]),
        Case::new("secrets in a .env file with mistakes", Site::loader().dotenv_text(".env",
            "APP_TOKEN=\"hunter2-${NO_SUCH}\"\nAPP_TOKNE=hunter2\nAPP_KEYS=${NO:-[\"hunter2\", {}]}\nAPP_DB_PASSWORD='hunter2\n")
        ).errors(&[("env.expansion", "", ".env:1:20"), ("value.type", "keys", ".env:3:10"), ("document.syntax", "", ".env:4:17")]).warnings(&[("env.unknown", "", ".env:2:1")]),
        Case::new("secrets in texts of JSON", Site::loader().env_from([
            ("APP_SERVERS", "[{\"host\": \"x\", \"key\": [\"hunter2\"], \"prot\": \"hunter2\"}]"),
            ("APP_REGIONS", "{\"eu\": {\"key\": \"hunter2\" \"host\": 5}}"),
            ("APP_KEYS", "[\"hunter2\", 5"),
            ("APP_NAMED", "a=hunter2,hunter2"),
        ])).errors(&[("value.type", "keys", "APP_KEYS"), ("value.type", "named", "APP_NAMED"), ("value.type", "regions", "APP_REGIONS"), ("key.unknown", "servers.0.prot", "APP_SERVERS"), ("value.type", "servers.0.key", "APP_SERVERS")]),
        Case::new("secrets on the command line", Site::loader().args(["app", "--token", "hunter2", "--tokne", "hunter2", "hunter2", "--set", "tokne=hunter2",
            "--set", "token.deep=hunter2", "--set", "servers=hunter2"])).errors(&[("key.unknown", "tokne", "--set tokne"), ("value.type", "token", "--set token.deep"), ("value.type", "servers", "--set servers"), ("args.unknown", "", "--tokne"), ("args.unknown", "", "argument 5")]),
        Case::new("secrets of the program", Site::loader().values("vault", &serde_json::json!({
            "token": {"a": "hunter2"}, "keys": ["hunter2", ["hunter2"]], "db": "hunter2", "vault": "hunter2",
        }))).errors(&[("value.type", "db", "vault"), ("key.unknown", "vault", "vault"), ("value.type", "token", "vault"), ("value.type", "keys", "vault")]),
    ]
}
