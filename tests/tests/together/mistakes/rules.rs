//! Values that break a rule, contradict each other, or are beyond what a board carries.

use strata_config::{LayeredConfig, Mode};

use super::Case;
use super::schemas::Ruled;

const BROKEN: &str = r#"port = 80
name = "n"
region = "ue"
tags = ["a", "bb", "cc", "dd"]
home = "http://a.example"
mail = "nobody"
node = "ab"
gateway = "10.0.0"
workers = 3
ratio = 1.6
wait = "2m"
size = "3MiB"
token = "hunter2"
[weights]
a = 1
b = 10
[window]
from = 9
[[windows]]
from = 2
[[windows]]
from = 7
to = 6
"#;

pub(crate) fn cases() -> Vec<Case> {
    let ruled = Ruled::loader;
    let text = |text: &str| Ruled::loader().text("a.toml", text);
    vec![
        Case::new("every rule at once", text(BROKEN)).errors(&[
            ("rule.range", "port", "a.toml:1:8"),
            ("rule.length", "name", "a.toml:2:8"),
            ("rule.one_of", "region", "a.toml:3:10"),
            ("rule.length", "tags", "a.toml:4:8"),
            ("rule.length", "tags.0", "a.toml:4:9"),
            ("rule.url", "home", "a.toml:5:8"),
            ("rule.email", "mail", "a.toml:6:8"),
            ("rule.contains", "node", "a.toml:7:8"),
            ("rule.regex", "node", "a.toml:7:8"),
            ("rule.ip", "gateway", "a.toml:8:11"),
            ("rule.custom", "workers", "a.toml:9:11"),
            ("rule.range", "ratio", "a.toml:10:9"),
            ("rule.range", "wait", "a.toml:11:8"),
            ("rule.range", "size", "a.toml:12:8"),
            ("rule.length", "token", "a.toml:13:9"),
            ("rule.range", "weights.b", "a.toml:16:5"),
            ("rule.cross_field", "window.from", "a.toml:18:8"),
            ("rule.cross_field", "windows.1.from", "a.toml:22:8"),
        ]),
        Case::new(
            "advice, and what is no advice beside an error",
            text("size = \"1536KiB\"\n").text("b.toml", "wait = 0\n"),
        )
        .errors(&[("rule.range", "wait", "b.toml:1:8")])
        .warnings(&[("rule.range", "size", "a.toml:1:8")]),
        Case::new("numbers that no range holds", text("ratio = nan\n").text("b.toml", "ratio = inf\n"))
            .errors(&[("value.type", "ratio", "b.toml:1:9")])
            .warnings(&[("value.type", "ratio", "a.toml:1:9")]),
        Case::new(
            "fields that contradict each other over two sources",
            text("least = 20\n").env_from([("APP_WINDOW_FROM", "9")]),
        )
        .errors(&[("rule.cross_field", "least", "a.toml:1:9"), ("rule.cross_field", "window.from", "APP_WINDOW_FROM")]),
        Case::new(
            "a check of a section runs though the root's is skipped",
            text("least = \"x\"\n[window]\nfrom = 9\n"),
        )
        .errors(&[("value.type", "least", "a.toml:1:9"), ("rule.cross_field", "window.from", "a.toml:3:8")]),
        Case::new("no check over what is invalid", text("least = 20\nmost = -1\n[window]\nfrom = 9\nto = \"x\"\n"))
            .errors(&[("value.overflow", "most", "a.toml:2:8"), ("value.type", "window.to", "a.toml:5:6")]),
        Case::new("a board's cap in normal mode", text("port = 9500\n").profile("pi")).warnings(&[(
            "rule.profile",
            "port",
            "a.toml:1:8",
        )]),
        Case::new("a board's cap in strict mode", text("port = 9500\n").profile("pi").mode(Mode::Strict)).errors(&[(
            "rule.profile",
            "port",
            "a.toml:1:8",
        )]),
        Case::new("a board's cap in lenient mode", text("port = 9500\n").profile("pi").mode(Mode::Lenient))
            .warnings(&[("value.fallback", "port", "a.toml:1:8")]),
        Case::new("a board's cap beside a broken rule", text("port = 80\n").profile("pi")).errors(&[(
            "rule.range",
            "port",
            "a.toml:1:8",
        )]),
        Case::new("a board that nobody knows", text("port = 80\n").profile("pie"))
            .errors(&[("rule.range", "port", "a.toml:1:8"), ("profile.unknown", "", "")]),
        Case::new(
            "lenient: a fallback for each kind of mistake",
            text("port = \"x\"\nmost = -1\n").mode(Mode::Lenient),
        )
        .warnings(&[("value.fallback", "port", "a.toml:1:8"), ("value.fallback", "most", "a.toml:2:8")]),
        Case::new(
            "lenient: what has no fallback stays an error",
            text("port = 80\nname = \"n\"\n").mode(Mode::Lenient),
        )
        .errors(&[("rule.length", "name", "a.toml:2:8")])
        .warnings(&[("value.fallback", "port", "a.toml:1:8")]),
        Case::new("lenient: a fallback that contradicts", text("least = 20\nmost = -1\n").mode(Mode::Lenient))
            .errors(&[("rule.cross_field", "least", "a.toml:1:9")])
            .warnings(&[("value.fallback", "most", "a.toml:2:8")]),
        Case::new(
            "lenient: a contradiction that a fallback settles",
            text("least = 5\nmost = 3\n").mode(Mode::Lenient),
        )
        .warnings(&[("rule.cross_field", "least", "a.toml:1:9")]),
        Case::new(
            "strict: warnings become errors",
            text("size = \"1536KiB\"\n").env_from([("APP_PROT", "1")]).mode(Mode::Strict),
        )
        .errors(&[("rule.range", "size", "a.toml:1:8"), ("env.unknown", "", "APP_PROT")]),
        Case::new(
            "shadowed values that are invalid",
            text("port = 80\nname = 5\nregion = \"ue\"\n").text("b.yaml", "port: x\n").env_from([
                ("APP_PORT", "2000"),
                ("APP_NAME", "name"),
                ("APP_REGION", "us"),
            ]),
        )
        .warnings(&[
            ("rule.range", "port", "a.toml:1:8"),
            ("value.type", "name", "a.toml:2:8"),
            ("rule.one_of", "region", "a.toml:3:10"),
            ("value.type", "port", "b.yaml:1:7"),
        ]),
        Case::new("a shadowed value beside an invalid winner", text("port = 80\n").env_from([("APP_PORT", "81")]))
            .errors(&[("rule.range", "port", "APP_PORT")])
            .warnings(&[("rule.range", "port", "a.toml:1:8")]),
        Case::new(
            "parts of a merged list in two files",
            text("tags = [\"a\", \"bb\"]\n").text("b.yaml", "tags:\n  - c\n"),
        )
        .errors(&[("rule.length", "tags.0", "a.toml:1:9"), ("rule.length", "tags.2", "b.yaml:2:5")]),
        Case::new("a part of a merged list that is none", text("tags = \"a\"\n").text("b.yaml", "tags: [bb, [c]]\n"))
            .errors(&[("value.type", "tags", "a.toml:1:8"), ("value.type", "tags.1", "b.yaml:1:12")]),
        Case::new(
            "a merged list that is too long",
            text("tags = [\"aa\", \"bb\"]\n").text("b.yaml", "tags: [cc, dd]\n"),
        )
        .errors(&[("rule.length", "tags", "b.yaml:1:7")]),
        Case::new(
            "entries of a map in two files",
            text("[weights]\na = 10\nb = \"x\"\nc = 10\n").text("b.yaml", "weights: {c: 1, d: 11}\n"),
        )
        .errors(&[
            ("rule.range", "weights.a", "a.toml:2:5"),
            ("value.type", "weights.b", "a.toml:3:5"),
            ("rule.range", "weights.d", "b.yaml:1:20"),
        ]),
        Case::new(
            "every rule by variables",
            ruled().env_from([
                ("APP_PORT", "80"),
                ("APP_NAME", "n"),
                ("APP_TAGS", "a,bb"),
                ("APP_WEIGHTS", "a=1,b=10"),
                ("APP_WAIT", "100ms"),
                ("APP_HOME", "nope"),
                ("APP_TOKEN", "hunter2"),
                ("APP_WINDOWS", "[{\"from\": 9}]"),
            ]),
        )
        .errors(&[
            ("rule.range", "port", "APP_PORT"),
            ("rule.length", "name", "APP_NAME"),
            ("rule.length", "tags.0", "APP_TAGS"),
            ("rule.range", "weights.b", "APP_WEIGHTS"),
            ("rule.url", "home", "APP_HOME"),
            ("rule.range", "wait", "APP_WAIT"),
            ("rule.length", "token", "APP_TOKEN"),
            ("rule.cross_field", "windows.0.from", "APP_WINDOWS"),
        ]),
    ]
}
