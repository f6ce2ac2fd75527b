//! Documents that break their format's grammar, or say something twice.

use strata_config::LayeredConfig;

use super::Case;
use super::schemas::{Leaves, Needs, Site};

pub(crate) fn cases() -> Vec<Case> {
    let leaves = |name: &'static str, file: &str, text: &str| Case::new(name, Leaves::loader().text(file, text));
    let site = |name: &'static str, file: &str, text: &str| Case::new(name, Site::loader().text(file, text));
    vec![
        leaves("toml: three lines of no grammar", "a.toml", "flag = \nsmall 5\nbig = 3\n[map\n").errors(&[
            ("document.syntax", "", "a.toml:1:8"),
            ("document.syntax", "", "a.toml:2:7"),
            ("document.syntax", "", "a.toml:4:1"),
        ]),
        leaves("toml: an unterminated string, then a wrong type", "a.toml", "text = \"open\nsmall = true\n")
            .errors(&[("document.syntax", "", "a.toml:1:8"), ("value.type", "small", "a.toml:2:9")]),
        leaves("toml: a bad escape", "a.toml", "text = \"a\\q\"\nsmall = 300\n")
            .errors(&[("document.syntax", "", "a.toml:1:11"), ("value.overflow", "small", "a.toml:2:9")]),
        leaves("toml: an unterminated list", "a.toml", "list = [1, 2\nsmall = 1\n").errors(&[(
            "document.syntax",
            "",
            "a.toml:1:8",
        )]),
        leaves("toml: bad numbers", "a.toml", "small = 01\nbig = 1__0\nratio = 1.\n").errors(&[
            ("document.syntax", "", "a.toml:1:9"),
            ("document.syntax", "", "a.toml:2:8"),
            ("document.syntax", "", "a.toml:3:11"),
        ]),
        leaves("toml: a bad date", "a.toml", "text = 2024-13-41\n").errors(&[("document.syntax", "", "a.toml:1:8")]),
        leaves("yaml: a tab as indentation", "a.yaml", "map:\n\ta: 1\nsmall: 300\n").errors(&[(
            "document.syntax",
            "",
            "a.yaml:2:2",
        )]),
        leaves("yaml: an unterminated string", "a.yaml", "text: \"open\nsmall: 300\n").errors(&[(
            "document.syntax",
            "",
            "a.yaml:2:1",
        )]),
        leaves("yaml: an unterminated list", "a.yaml", "list: [1, 2\nsmall: 300\n").errors(&[(
            "document.syntax",
            "",
            "a.yaml:2:6",
        )]),
        leaves("yaml: a bad escape", "a.yaml", "text: \"a\\q\"\n").errors(&[("document.syntax", "", "a.yaml:1:7")]),
        leaves("yaml: an unknown anchor", "a.yaml", "small: *one\n").errors(&[("document.syntax", "", "a.yaml:1:8")]),
        leaves("yaml: two documents", "a.yaml", "small: 1\n---\nsmall: 2\n").errors(&[(
            "document.syntax",
            "",
            "a.yaml:2:1",
        )]),
        leaves("yaml: a scalar is no document", "a.yaml", "just text\n").errors(&[(
            "document.syntax",
            "",
            "a.yaml:1:1",
        )]),
        leaves("json: three mistakes of punctuation", "a.json", "{\"flag\" true,\n \"small\": 1,,\n \"big\": 3,}")
            .errors(&[
                ("document.syntax", "", "a.json:1:9"),
                ("document.syntax", "", "a.json:2:13"),
                ("document.syntax", "", "a.json:3:10"),
            ]),
        leaves("json: an unterminated string", "a.json", "{\"text\": \"open\n}").errors(&[(
            "document.syntax",
            "",
            "a.json:1:10",
        )]),
        leaves("json: an unterminated object", "a.json", "{\"small\": 1").errors(&[(
            "document.syntax",
            "",
            "a.json:1:1",
        )]),
        leaves("json: a bad escape and a bad number", "a.json", "{\"text\": \"\\q\",\n\"small\": 01}")
            .errors(&[("document.syntax", "", "a.json:1:11"), ("document.syntax", "", "a.json:2:10")]),
        leaves("json: single quotes and bare words", "a.json", "{'text': \"x\",\n\"small\": tru}")
            .errors(&[("document.syntax", "", "a.json:1:2"), ("document.syntax", "", "a.json:2:10")]),
        leaves("json: a list is no document", "a.json", "[1, 2]").errors(&[("document.syntax", "", "a.json:1:1")]),
        leaves("json: not a number", "a.json", "{\"ratio\": NaN, \"wide\": Infinity}")
            .errors(&[("document.syntax", "", "a.json:1:11"), ("document.syntax", "", "a.json:1:24")]),
        leaves("json: an empty file", "a.json", "").errors(&[("document.syntax", "", "a.json:1:1")]),
        leaves("a NUL byte", "a.toml", "text = \"a\0b\"\n").errors(&[("document.encoding", "", "a.toml:1:10")]),
        leaves("an extension without a format", "a.ini", "small = 1\n").errors(&[("document.format", "", "a.ini:1:1")]),
        site(
            "toml: keys, tables and dotted keys twice",
            "a.toml",
            "name = \"a\"\nname = \"b\"\ndb.pool = 1\n[db]\nuser = \"x\"\n[cache]\npath = \"x\"\n[cache]\nttl = 5\n",
        )
        .errors(&[
            ("document.duplicate_key", "", "a.toml:2:1"),
            ("document.duplicate_key", "", "a.toml:4:2"),
            ("document.duplicate_key", "", "a.toml:8:2"),
        ]),
        site("yaml: keys twice at two depths", "a.yaml", "name: a\nname: b\ndb:\n  pool: 1\n  pool: 2\n")
            .errors(&[("document.duplicate_key", "", "a.yaml:2:1"), ("document.duplicate_key", "", "a.yaml:5:3")]),
        site(
            "json: keys twice at two depths",
            "a.json",
            "{\"name\": \"a\",\n\"name\": \"b\",\n\"db\": {\"pool\": 1, \"pool\": 200}}",
        )
        .errors(&[("document.duplicate_key", "", "a.json:2:1"), ("document.duplicate_key", "", "a.json:3:19")]),
        Case::new(
            "a broken document hides what is missing, not other files' mistakes",
            Needs::loader().text("a.toml", "id = \n").text("b.json", "{\"inner\": {\"count\": true}}"),
        )
        .errors(&[("document.syntax", "", "a.toml:1:6"), ("value.type", "inner.count", "b.json:1:21")]),
        Case::new(
            "three broken files in three formats",
            Leaves::loader()
                .text("a.toml", "small = \n")
                .text("b.yaml", "small: [\n")
                .text("c.json", "{\"small\": }")
                .text("d.toml", "small = 300\n"),
        )
        .errors(&[
            ("document.syntax", "", "a.toml:1:9"),
            ("document.syntax", "", "b.yaml:1:8"),
            ("document.syntax", "", "c.json:1:11"),
            ("value.overflow", "small", "d.toml:1:9"),
        ])
        .warnings(&[("value.type", "small", "b.yaml:1:8")]),
        Case::new(
            "dotenv: lines of no grammar",
            Leaves::loader()
                .dotenv_text(".env", "APP_TEXT='open\n")
                .dotenv_text("b.env", "no equals\n=5\n1X=2\nAPP_SMALL=300\n"),
        )
        .errors(&[
            ("document.syntax", "", ".env:1:10"),
            ("document.syntax", "", "b.env:1:4"),
            ("document.syntax", "", "b.env:2:1"),
            ("document.syntax", "", "b.env:3:1"),
            ("value.overflow", "small", "b.env:4:11"),
        ]),
        Case::new("dotenv: a variable twice", Leaves::loader().dotenv_text(".env", "APP_SMALL=1\nAPP_SMALL=2\n"))
            .errors(&[("document.duplicate_key", "", ".env:2:1")]),
        Case::new(
            "dotenv: references to nothing",
            Leaves::loader().dotenv_text(
                ".env",
                "APP_TEXT=\"${NO_HOST}-1\"\nAPP_LIST=1,${NO_TWO}\nAPP_SMALL=${\nAPP_BIG=${NO:-x}\n",
            ),
        )
        .errors(&[
            ("env.expansion", "", ".env:1:11"),
            ("env.expansion", "", ".env:2:12"),
            ("document.syntax", "", ".env:3:11"),
            ("value.type", "big", ".env:4:9"),
        ]),
    ]
}
