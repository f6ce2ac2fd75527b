//! Files on a disk, and mistakes in several sources at once.

use std::fs;

use strata_config::LayeredConfig;

use super::Case;
use super::schemas::{Leaves, Site};

pub(crate) fn cases() -> Vec<Case> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &[u8]| fs::write(path(name), text).unwrap();
    write("base.toml", b"include = [\"main.toml\", \"none.toml\", 5, \"bad.json\"]\nname = 5\n");
    write("main.toml", b"include = \"base.toml\"\n[db]\npool = 100\n");
    write("self.yaml", b"include: self.yaml\n");
    write("bad.json", b"{\"name\": }");
    write("latin.toml", b"name = \"\xe9\"\n");
    write("app.ini", b"name=x\n");
    write("plain", b"name = 5\n");
    fs::create_dir(path("conf.d")).unwrap();
    write("conf.d/10.toml", b"nmae = 1\n");
    write("conf.d/20.yaml", b"db: {pool: 100}\n");
    write("conf.d/30.json", b"{\"soft\": 30}");
    fs::create_dir(path("folder.toml")).unwrap();
    let cases = vec![
        Case::new("files that include each other", Site::loader().file(path("main.toml"))).errors(&[
            ("document.syntax", "", "DIR/bad.json:1:10"),
            ("value.type", "name", "DIR/base.toml:2:8"),
            ("rule.range", "db.pool", "DIR/main.toml:3:8"),
            ("file.include", "", "DIR/base.toml:1:12"),
            ("file.missing", "", "DIR/none.toml"),
            ("value.type", "include", "DIR/base.toml:1:38"),
        ]),
        Case::new("a file that includes itself", Site::loader().file(path("self.yaml"))).errors(&[(
            "file.include",
            "",
            "DIR/self.yaml:1:10",
        )]),
        Case::new(
            "files that can't be read",
            Site::loader()
                .file(path("none.toml"))
                .file(path("folder.toml"))
                .file(path("latin.toml"))
                .file(path("app.ini"))
                .file(path("plain"))
                .dir(path("none.d"))
                .dotenv(path("none.env")),
        )
        .errors(&[
            ("document.encoding", "", "DIR/latin.toml:1:9"),
            ("document.format", "", "DIR/app.ini:1:1"),
            ("document.format", "", "DIR/plain:1:1"),
            ("file.missing", "", "DIR/none.toml"),
            ("file.unreadable", "", "DIR/folder.toml"),
            ("file.missing", "", "DIR/none.d"),
            ("file.missing", "", "DIR/none.env"),
        ]),
        Case::new("a folder's files", Site::loader().dir(path("conf.d"))).errors(&[
            ("key.unknown", "nmae", "DIR/conf.d/10.toml:1:1"),
            ("rule.range", "db.pool", "DIR/conf.d/20.yaml:1:12"),
            ("rule.cross_field", "soft", "DIR/conf.d/30.json:1:10"),
        ]),
        Case::new(
            "a file that a variable names",
            Site::loader()
                .file_from_env("APP_CONFIG")
                .env_from([("APP_CONFIG", path("none.toml").to_str().unwrap()), ("APP_SOFT", "x")]),
        )
        .errors(&[("value.type", "soft", "APP_SOFT"), ("file.missing", "", "DIR/none.toml")]),
        Case::new(
            "an environment of no name",
            Site::loader()
                .environment_from("STAGE")
                .file(path("{environment}.toml"))
                .optional()
                .env_from([("STAGE", "../x")]),
        )
        .errors(&[("env.choice", "", "STAGE")]),
        Case::new(
            "every source has a mistake",
            Site::loader()
                .text("a.toml", "nmae = 1\ndb = { pool = 100 }\n")
                .text("b.yaml", "servers:\n  - port: x\n")
                .text("c.json", "{\"regions\": {\"eu\": {\"host\": 5}}}")
                .dotenv_text(".env", "APP_SOFT=x\n")
                .env_from([("APP_HARD", "y"), ("APP_NMAE", "z")])
                .args(["app", "--publik", "--set", "cache.ttl=-1"])
                .values("program", &serde_json::json!({"keys": 5})),
        )
        .errors(&[
            ("key.unknown", "nmae", "a.toml:1:1"),
            ("rule.range", "db.pool", "a.toml:2:15"),
            ("value.type", "servers.0.port", "b.yaml:2:11"),
            ("value.type", "regions.eu.host", "c.json:1:29"),
            ("value.type", "soft", ".env:1:10"),
            ("value.type", "hard", "APP_HARD"),
            ("value.overflow", "cache.ttl", "--set cache.ttl"),
            ("value.type", "keys", "program"),
            ("args.unknown", "", "--publik"),
            ("value.missing", "cache.path", ""),
            ("value.missing", "servers.0.host", ""),
        ])
        .warnings(&[("env.unknown", "", "APP_NMAE")]),
        Case::new(
            "an entry of a map of sections in two files",
            Site::loader()
                .text("a.toml", "[regions.eu]\nhost = 5\nprot = 1\n[regions.us]\nport = 1\n")
                .text("b.yaml", "regions:\n  eu:\n    port: x\n    hots: y\n  asia: 5\n"),
        )
        .errors(&[
            ("value.type", "regions.eu.host", "a.toml:2:8"),
            ("key.unknown", "regions.eu.prot", "a.toml:3:1"),
            ("value.type", "regions.eu.port", "b.yaml:3:11"),
            ("key.unknown", "regions.eu.hots", "b.yaml:4:5"),
            ("value.type", "regions.asia", "b.yaml:5:9"),
            ("value.missing", "regions.us.host", ""),
        ]),
        Case::new(
            "a section in two files, one of which is none",
            Site::loader().text("a.toml", "db = 5\n").text("b.yaml", "db: {pool: 100}\n"),
        )
        .errors(&[("value.type", "db", "a.toml:1:6"), ("rule.range", "db.pool", "b.yaml:1:12")]),
        Case::new(
            "a byte order mark, CRLF and wide letters",
            Leaves::loader()
                .text("a.toml", "\u{feff}text = 'ü' # ñ\r\nsmall = 'x'\r\nmap = { 'ü' = 'x', b = 'y' }\r\n"),
        )
        .errors(&[
            ("value.type", "small", "a.toml:2:9"),
            ("value.type", "map.ü", "a.toml:3:15"),
            ("value.type", "map.b", "a.toml:3:24"),
        ]),
    ];
    cases.into_iter().map(|case| case.within(&folder)).collect()
}
