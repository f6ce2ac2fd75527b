//! Keys that nothing knows, sections that are none, variants, and what is missing.

use strata_config::LayeredConfig;

use super::Case;
use super::schemas::{Needs, Site};

const UNKNOWN: &str = r#"nmae = "x"
sofft = 1
[db]
poll = 5
[cache]
path = "x"
tll = 5
[[servers]]
host = "x"
prot = 5
health = { url = "x", evry = "5s" }
[regions.eu]
host = "x"
[regions.eu.health]
url = "x"
evry = "5s"
[store]
kind = "disk"
path = "x"
snyc = true
[other.deep]
x = 1
"#;

pub(crate) fn cases() -> Vec<Case> {
    let site = |name: &'static str, file: &str, text: &str| Case::new(name, Site::loader().text(file, text));
    let needs = |name: &'static str, file: &str, text: &str| Case::new(name, Needs::loader().text(file, text));
    vec![
        site("toml: unknown keys at every depth", "a.toml", UNKNOWN).errors(&[("key.unknown", "nmae", "a.toml:1:1"), ("key.unknown", "sofft", "a.toml:2:1"), ("key.unknown", "db.poll", "a.toml:4:1"), ("key.unknown", "cache.tll", "a.toml:7:1"), ("key.unknown", "servers.0.prot", "a.toml:10:1"), ("key.unknown", "servers.0.health.evry", "a.toml:11:23"), ("key.unknown", "regions.eu.health.evry", "a.toml:16:1"), ("key.unknown", "store.snyc", "a.toml:20:1"), ("key.unknown", "other", "a.toml:21:2")]),
        site("yaml: unknown keys at every depth", "a.yaml",
            "nmae: x\ndb: {poll: 5}\ncache:\n  path: x\n  tll: 5\nservers:\n  - host: x\n    prot: 5\nregions:\n  eu:\n    host: x\n    health: {url: x, evry: 5s}\n").errors(&[("key.unknown", "nmae", "a.yaml:1:1"), ("key.unknown", "db.poll", "a.yaml:2:6"), ("key.unknown", "cache.tll", "a.yaml:5:3"), ("key.unknown", "servers.0.prot", "a.yaml:8:5"), ("key.unknown", "regions.eu.health.evry", "a.yaml:12:22")]),
        site("json: unknown keys at every depth", "a.json",
            "{\"nmae\": 1, \"db\": {\"poll\": 5},\n\"servers\": [{\"host\": \"x\", \"prot\": 5}],\n\"\": 1, \"db.pool\": 3, \"limits\": {\"soft\": 1}}").errors(&[("key.unknown", "nmae", "a.json:1:2"), ("key.unknown", "db.poll", "a.json:1:20"), ("key.unknown", "servers.0.prot", "a.json:2:27"), ("key.unknown", "\"\"", "a.json:3:1"), ("key.unknown", "\"db.pool\"", "a.json:3:8"), ("key.unknown", "limits", "a.json:3:22")]),
        site("toml: sections given scalars", "a.toml", "db = 5\ncache = true\nservers = 1\nregions = \"x\"\nstore = \"disk\"\n").errors(&[("value.type", "db", "a.toml:1:6"), ("value.type", "cache", "a.toml:2:9"), ("value.type", "servers", "a.toml:3:11"), ("value.type", "regions", "a.toml:4:11"), ("value.type", "store", "a.toml:5:9")]),
        site("toml: sections given lists", "a.toml", "db = []\ncache = [1]\nregions = [{host = \"x\"}]\nstore = []\n").errors(&[("value.type", "db", "a.toml:1:6"), ("value.type", "cache", "a.toml:2:9"), ("value.type", "regions", "a.toml:3:11"), ("value.type", "store", "a.toml:4:9")]),
        site("toml: lists given tables, items that are none", "a.toml", "servers = {host = \"x\"}\n[regions]\neu = 5\nus = [1]\n").errors(&[("value.type", "servers", "a.toml:1:11"), ("value.type", "regions.eu", "a.toml:3:6"), ("value.type", "regions.us", "a.toml:4:6")]),
        site("json: items that are none", "a.json", "{\"servers\": [null, 5, [], {\"host\": \"x\", \"health\": 5}]}").errors(&[("value.type", "servers.0", "a.json:1:14"), ("value.type", "servers.1", "a.json:1:20"), ("value.type", "servers.2", "a.json:1:23"), ("value.type", "servers.3.health", "a.json:1:51")]),
        site("json: sections that are null", "a.json", "{\"db\": null, \"cache\": null, \"servers\": null, \"regions\": null, \"store\": null}").errors(&[("value.null", "db", "a.json:1:8"), ("value.null", "servers", "a.json:1:40")]),
        site("a section that is none does not contradict others", "a.toml", "public = true\ncache = 5\n").errors(&[("value.type", "cache", "a.toml:2:9")]),
        site("a section whose leaf is invalid does not contradict others", "a.toml", "public = true\n[cache]\npath = 5\n").errors(&[("value.type", "cache.path", "a.toml:3:8")]),
        site("a setting under two names", "a.toml", "name = \"x\"\ntitle = \"y\"\nlabel = \"z\"\n").errors(&[("key.duplicate_name", "name", "a.toml:2:1"), ("key.duplicate_name", "name", "a.toml:3:1")]),
        site("deprecated names and settings", "a.yaml", "label: x\nunused: 3\n").warnings(&[("key.deprecated", "name", "a.yaml:1:1"), ("key.deprecated", "unused", "a.yaml:2:1")]),
        site("a deprecated setting with a wrong value", "a.yaml", "label: [x]\nunused: y\n").errors(&[("value.type", "name", "a.yaml:1:8"), ("value.type", "unused", "a.yaml:2:9")]).warnings(&[("key.deprecated", "name", "a.yaml:1:1"), ("key.deprecated", "unused", "a.yaml:2:1")]),
        site("a tag that is missing", "a.toml", "[store]\npath = \"x\"\n").errors(&[("value.missing", "store.kind", "")]),
        site("a tag that names no variant", "a.toml", "[store]\nkind = \"dsik\"\npath = 5\n").errors(&[("value.choice", "store.kind", "a.toml:2:8")]),
        site("a tag that is a number", "a.toml", "[store]\nkind = 5\n").errors(&[("value.type", "store.kind", "a.toml:2:8")]),
        site("a tag that is a list", "a.toml", "[store]\nkind = [\"disk\"]\n").errors(&[("value.type", "store.kind", "a.toml:2:8")]),
        site("a tag that is null", "a.json", "{\"store\": {\"kind\": null}}").errors(&[("value.null", "store.kind", "a.json:1:20")]),
        site("a variant with another's keys and its own mistakes", "a.toml", "[store]\nkind = \"disk\"\npath = 5\nsync = \"x\"\nbucket = \"b\"\n").errors(&[("value.type", "store.path", "a.toml:3:8"), ("value.type", "store.sync", "a.toml:4:8")]).warnings(&[("key.unused", "store.bucket", "a.toml:5:1")]),
        site("a variant without its values", "a.yaml", "store:\n  kind: bucket\n").errors(&[("value.missing", "store.bucket", ""), ("value.missing", "store.access", "")]),
        needs("everything is missing", "a.toml", "").errors(&[("value.missing", "id", ""), ("value.missing", "secret", ""), ("value.missing", "inner.count", ""), ("value.missing", "store.kind", "")]),
        needs("missing below what is there", "a.toml", "id = \"x\"\nsecret = \"s\"\n[inner]\n[cache]\nttl = 5\n[[servers]]\nport = 1\n[[servers]]\n[regions.eu]\nport = 1\n[store]\nkind = \"disk\"\n").errors(&[("value.missing", "inner.count", ""), ("value.missing", "cache.path", ""), ("value.missing", "servers.0.host", ""), ("value.missing", "servers.1.host", ""), ("value.missing", "regions.eu.host", ""), ("value.missing", "store.path", "")]),
        needs("a typo and what it leaves missing", "a.yaml", "idd: x\nsecret: s\ninner: {cuont: 5}\nstore: {kind: memory}\n").errors(&[("key.unknown", "idd", "a.yaml:1:1"), ("key.unknown", "inner.cuont", "a.yaml:3:9"), ("value.missing", "id", ""), ("value.missing", "inner.count", "")]),
        needs("a section that is none lacks nothing", "a.yaml", "id: x\nsecret: s\ninner: 5\nstore: memory\n").errors(&[("value.type", "inner", "a.yaml:3:8"), ("value.type", "store", "a.yaml:4:8")]),
        needs("nulls for what is required", "a.json", "{\"id\": null, \"secret\": null, \"inner\": {\"count\": null}, \"store\": {\"kind\": \"disk\", \"path\": null}}").errors(&[("value.null", "id", "a.json:1:8"), ("value.null", "secret", "a.json:1:24"), ("value.null", "inner.count", "a.json:1:49"), ("value.null", "store.path", "a.json:1:90")]),
    ]
}
