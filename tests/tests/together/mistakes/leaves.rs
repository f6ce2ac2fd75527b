//! Values of a wrong type: every kind of leaf, in every format.

use strata_config::LayeredConfig;

use super::Case;
use super::schemas::Leaves;

const TOML: &str = r#"flag = "true"
small = 256
signed = -129
big = -1
wide = 9223372036854775808
ratio = "0.5"
letter = "ab"
text = 5
level = "wran"
wait = true
size = "5 parsecs"
address = "localhost"
socket = "1.2.3.4"
file = 5
list = [1, "2", -3]
map = { a = 1, b = "x" }
pair = [1]
triple = [1, 2, 3, 4]
maybe = "5"
shape = "Oval"
port = 70000
even = 3
"#;

const YAML: &str = r#"flag: 5
small: 256
signed: -129
big: -1
wide: 1.5
ratio: half
letter: ab
text: [x]
level: wran
wait: soon
size: -5
address: 300.0.0.1
socket: host:80
file: {a: 1}
list: [1, two, -3]
map: [1]
pair: [1, x, 3]
triple: [1, 2]
maybe: 1.5
shape: {Round: x}
port: -1
even: 3
"#;

const JSON: &str = r#"{"flag": 1,
"small": 1.5,
"signed": 128,
"big": 18446744073709551616,
"wide": "1",
"ratio": true,
"letter": 5,
"text": false,
"level": 3,
"wait": "5 moons",
"size": 1.5,
"address": 1,
"socket": [],
"file": {},
"list": {"a": 1},
"map": {"a": -1, "b": 1.5},
"pair": ["x", 1],
"triple": [1, 300, 3],
"maybe": {},
"shape": {"Square": {"side": "x"}},
"port": "80",
"even": 3}
"#;

const NULLS: &str = r#"{"flag": null,
"small": null,
"ratio": null,
"letter": null,
"text": null,
"level": null,
"wait": null,
"size": null,
"address": null,
"list": null,
"map": null,
"socket": null,
"maybe": null,
"pair": [null, "x"],
"triple": [1, null, 3]}
"#;

pub(crate) fn cases() -> Vec<Case> {
    let leaves = |name: &'static str, file: &str, text: &str| Case::new(name, Leaves::loader().text(file, text));
    vec![
        leaves("toml: every kind of leaf", "a.toml", TOML).errors(&[
            ("value.type", "flag", "a.toml:1:8"),
            ("value.overflow", "small", "a.toml:2:9"),
            ("value.overflow", "signed", "a.toml:3:10"),
            ("value.overflow", "big", "a.toml:4:7"),
            ("value.overflow", "wide", "a.toml:5:8"),
            ("value.type", "ratio", "a.toml:6:9"),
            ("value.invalid", "letter", "a.toml:7:10"),
            ("value.type", "text", "a.toml:8:8"),
            ("value.choice", "level", "a.toml:9:9"),
            ("value.type", "wait", "a.toml:10:8"),
            ("value.type", "size", "a.toml:11:8"),
            ("value.invalid", "address", "a.toml:12:11"),
            ("value.invalid", "socket", "a.toml:13:10"),
            ("value.type", "file", "a.toml:14:8"),
            ("value.type", "list.1", "a.toml:15:12"),
            ("value.overflow", "list.2", "a.toml:15:17"),
            ("value.type", "map.b", "a.toml:16:20"),
            ("value.invalid", "pair", "a.toml:17:8"),
            ("value.invalid", "triple", "a.toml:18:10"),
            ("value.type", "maybe", "a.toml:19:9"),
            ("value.choice", "shape", "a.toml:20:9"),
            ("value.overflow", "port", "a.toml:21:8"),
            ("value.invalid", "even", "a.toml:22:8"),
        ]),
        leaves("yaml: every kind of leaf", "a.yaml", YAML).errors(&[
            ("value.type", "flag", "a.yaml:1:7"),
            ("value.overflow", "small", "a.yaml:2:8"),
            ("value.overflow", "signed", "a.yaml:3:9"),
            ("value.overflow", "big", "a.yaml:4:6"),
            ("value.type", "wide", "a.yaml:5:7"),
            ("value.type", "ratio", "a.yaml:6:8"),
            ("value.invalid", "letter", "a.yaml:7:9"),
            ("value.type", "text", "a.yaml:8:7"),
            ("value.choice", "level", "a.yaml:9:8"),
            ("value.type", "wait", "a.yaml:10:7"),
            ("value.type", "size", "a.yaml:11:7"),
            ("value.invalid", "address", "a.yaml:12:10"),
            ("value.invalid", "socket", "a.yaml:13:9"),
            ("value.type", "file", "a.yaml:14:7"),
            ("value.type", "list.1", "a.yaml:15:11"),
            ("value.overflow", "list.2", "a.yaml:15:16"),
            ("value.type", "map", "a.yaml:16:6"),
            ("value.invalid", "pair", "a.yaml:17:7"),
            ("value.invalid", "triple", "a.yaml:18:9"),
            ("value.type", "maybe", "a.yaml:19:8"),
            ("value.type", "shape", "a.yaml:20:16"),
            ("value.overflow", "port", "a.yaml:21:7"),
            ("value.invalid", "even", "a.yaml:22:7"),
        ]),
        leaves("json: every kind of leaf", "a.json", JSON).errors(&[
            ("value.type", "flag", "a.json:1:10"),
            ("value.type", "small", "a.json:2:10"),
            ("value.overflow", "signed", "a.json:3:11"),
            ("value.overflow", "big", "a.json:4:8"),
            ("value.type", "wide", "a.json:5:9"),
            ("value.type", "ratio", "a.json:6:10"),
            ("value.type", "letter", "a.json:7:11"),
            ("value.type", "text", "a.json:8:9"),
            ("value.type", "level", "a.json:9:10"),
            ("value.type", "wait", "a.json:10:9"),
            ("value.type", "size", "a.json:11:9"),
            ("value.type", "address", "a.json:12:12"),
            ("value.type", "socket", "a.json:13:11"),
            ("value.type", "file", "a.json:14:9"),
            ("value.type", "list", "a.json:15:9"),
            ("value.overflow", "map.a", "a.json:16:14"),
            ("value.type", "map.b", "a.json:16:23"),
            ("value.type", "pair.0", "a.json:17:10"),
            ("value.overflow", "triple.1", "a.json:18:15"),
            ("value.type", "maybe", "a.json:19:10"),
            ("value.type", "shape.side", "a.json:20:30"),
            ("value.type", "port", "a.json:21:9"),
            ("value.invalid", "even", "a.json:22:9"),
        ]),
        leaves("json: null in every place", "a.json", NULLS).errors(&[
            ("value.null", "flag", "a.json:1:10"),
            ("value.null", "small", "a.json:2:10"),
            ("value.null", "ratio", "a.json:3:10"),
            ("value.null", "letter", "a.json:4:11"),
            ("value.null", "text", "a.json:5:9"),
            ("value.null", "level", "a.json:6:10"),
            ("value.null", "wait", "a.json:7:9"),
            ("value.null", "size", "a.json:8:9"),
            ("value.null", "address", "a.json:9:12"),
            ("value.null", "list", "a.json:10:9"),
            ("value.null", "map", "a.json:11:8"),
            ("value.null", "pair.0", "a.json:14:10"),
            ("value.null", "triple.1", "a.json:15:15"),
        ]),
        leaves("toml: dates and times are no numbers", "a.toml", "small = 10:00:00\nlist = [2024-01-01T00:00:00Z]\n")
            .errors(&[("value.type", "small", "a.toml:1:9"), ("value.type", "list.0", "a.toml:2:9")]),
        leaves("toml: infinite times and sizes", "a.toml", "wait = inf\nsize = nan\nsmall = inf\nlist = [nan]\n")
            .errors(&[
                ("value.type", "wait", "a.toml:1:8"),
                ("value.type", "size", "a.toml:2:8"),
                ("value.type", "small", "a.toml:3:9"),
                ("value.type", "list.0", "a.toml:4:9"),
            ]),
        leaves("yaml: nulls in a list and a map", "a.yaml", "list: [1, ~]\nmap: {a: null, b: }\nsmall: ~\nflag:\n")
            .errors(&[
                ("value.null", "list.1", "a.yaml:1:11"),
                ("value.null", "map.a", "a.yaml:2:10"),
                ("value.null", "map.b", "a.yaml:2:17"),
                ("value.null", "small", "a.yaml:3:8"),
                ("value.null", "flag", "a.yaml:4:5"),
            ]),
        leaves(
            "yaml: quoted scalars are texts",
            "a.yaml",
            "small: \"5\"\nflag: 'true'\nratio: \"0.5\"\nmaybe: 'null'\n",
        )
        .errors(&[
            ("value.type", "small", "a.yaml:1:8"),
            ("value.type", "flag", "a.yaml:2:7"),
            ("value.type", "ratio", "a.yaml:3:8"),
            ("value.type", "maybe", "a.yaml:4:8"),
        ]),
        leaves(
            "json: shapes of serde enums",
            "a.json",
            "{\"shape\": {\"Square\": {\"side\": 1, \"Plain\": 2}, \"Round\": 1}}",
        )
        .errors(&[("value.type", "shape", "a.json:1:11")]),
        leaves("json: a unit variant with data", "a.json", "{\"shape\": {\"Plain\": 5}}").errors(&[(
            "value.type",
            "shape",
            "a.json:1:21",
        )]),
        leaves("json: a variant without its data", "a.json", "{\"shape\": \"Square\"}").errors(&[(
            "value.type",
            "shape",
            "a.json:1:11",
        )]),
        leaves("json: a variant without its field", "a.json", "{\"shape\": {\"Square\": {}}}").errors(&[(
            "value.missing",
            "shape",
            "a.json:1:22",
        )]),
        leaves(
            "toml: deep inside a list and a map",
            "a.toml",
            "list = [\n 1,\n [2],\n {a = 3},\n]\n[map]\na = [1]\n\"b.c\" = 1.5\n",
        )
        .errors(&[
            ("value.type", "list.1", "a.toml:3:2"),
            ("value.type", "list.2", "a.toml:4:2"),
            ("value.type", "map.a", "a.toml:7:5"),
            ("value.type", "map.\"b.c\"", "a.toml:8:9"),
        ]),
    ]
}
