//! Text of variables: whatever is accepted is accepted again as it is shown, exported and written, and is equal.

use std::collections::BTreeMap;
use std::time::Duration;

use strata_config::{ByteSize, FieldPath, LayeredConfig};

use crate::site::{Level, Shape};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "T")]
struct Leaves {
    #[config(default = false)]
    boolean: bool,
    #[config(default = 0)]
    tiny: i8,
    #[config(default = 0)]
    word: u64,
    #[config(default = 0)]
    huge: i128,
    #[config(default = 0)]
    vast: u128,
    #[config(default = 0.0)]
    single: f32,
    #[config(default = 0.0)]
    double: f64,
    #[config(default = "x", allow_empty)]
    string: String,
    #[config(default = "x")]
    char: char,
    #[config(default = "1s")]
    wait: Duration,
    #[config(default = "1s", unit = "h")]
    hours: Duration,
    #[config(default = 0)]
    size: ByteSize,
    #[config(default = 0, unit = "MiB")]
    mebibytes: ByteSize,
    #[config(default = "low")]
    level: Level,
    #[config(default = "point")]
    shape: Shape,
    #[config(default = [])]
    texts: Vec<String>,
    #[config(default = [])]
    numbers: Vec<f32>,
    #[config(default = [])]
    waits: Vec<Duration>,
    #[config(default = [])]
    levels: Vec<Level>,
    #[config(default = [])]
    nested: Vec<Vec<u8>>,
    #[config(default = [])]
    weights: BTreeMap<String, i16>,
    #[config(default = [])]
    sizes: BTreeMap<u8, ByteSize>,
    #[config(default = [])]
    flags: BTreeMap<Level, Option<bool>>,
    pair: Option<(u8, String)>,
    anything: Option<serde_json::Value>,
    optional: Option<i64>,
    #[config(nested)]
    list: Vec<Item>,
    #[config(nested)]
    map: BTreeMap<String, Item>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Item {
    #[config(default = "x")]
    name: String,
    #[config(default = 1.5)]
    weight: f64,
}

impl Eq for Level {}

impl PartialOrd for Level {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (*self as u8).cmp(&(*other as u8))
    }
}

/// The leaves, by the first byte of the input.
const LEAVES: [&str; 28] = [
    "boolean",
    "tiny",
    "word",
    "huge",
    "vast",
    "single",
    "double",
    "string",
    "char",
    "wait",
    "hours",
    "size",
    "mebibytes",
    "level",
    "shape",
    "texts",
    "numbers",
    "waits",
    "levels",
    "nested",
    "weights",
    "sizes",
    "flags",
    "pair",
    "anything",
    "optional",
    "list",
    "map",
];

/// One byte chooses a leaf; the rest is the text of its variable, and of its `--set`.
pub fn text(data: &[u8]) {
    let (&leaf, data) = data.split_first().unwrap_or((&0, data));
    let leaf = LEAVES[usize::from(leaf) % LEAVES.len()];
    let text = String::from_utf8_lossy(data);
    let variable = format!("T_{}", leaf.to_ascii_uppercase());
    let outcome = Leaves::loader().env_from([(&variable, &*text)]).read();
    let report = outcome.report();
    let shown = (report.to_string(), serde_json::to_string(&outcome.explain(&[])));
    let Ok(loaded) = outcome.clone().into_loaded() else {
        assert!(report.errors().all(|finding| finding.at() == variable && !finding.message.is_empty()), "{}", shown.0);
        return;
    };
    assert!(report.is_empty(), "{}", shown.0);
    if !text.is_empty() {
        let set = Leaves::loader().set(leaf, &text).load();
        assert_eq!(set.as_deref(), Ok(loaded.config()), "--set {leaf}={text}");
    }
    let json = serde_json::to_string(&loaded.export()).expect("a value is JSON");
    let again = Leaves::loader().text("export.json", &json).load();
    assert_eq!(again.as_deref(), Ok(loaded.config()), "{json}");
    grammar(leaf, &text);
    let value = loaded.values().at(&FieldPath::new(leaf)).cloned().unwrap_or_default().to_text();
    // An empty variable is no variable.
    if !value.is_empty() {
        let again = Leaves::loader().env_from([(&variable, &value)]).load();
        assert_eq!(again.as_deref(), Ok(loaded.config()), "{text:?} is shown as {value:?}");
    }
}

/// What an accepted text must look like, however it was read.
fn grammar(leaf: &str, text: &str) {
    let trimmed = text.trim();
    match leaf {
        "tiny" | "word" | "huge" | "vast" | "single" | "double" | "wait" | "hours" | "size" | "mebibytes" => {
            let bytes = trimmed.as_bytes();
            let between = |at: usize| {
                let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_hexdigit);
                digit(at.checked_sub(1)) && digit(Some(at + 1))
            };
            let bad = (0..bytes.len()).find(|at| bytes[*at] == b'_' && !between(*at));
            assert_eq!(bad, None, "{text:?}: `_` stands between digits");
        }
        "texts" | "numbers" | "nested" if trimmed.starts_with('[') => as_json(trimmed),
        "weights" | "sizes" if trimmed.starts_with('{') => as_json(trimmed),
        "anything" if trimmed.starts_with(['[', '{']) => as_json(trimmed),
        _ => {}
    }
}

/// What is read as JSON is one value of JSON.
fn as_json(text: &str) {
    if !text.contains('/') {
        let read = serde_json::from_str::<serde_json::Value>(text);
        assert!(read.is_ok(), "{text:?}: {read:?}");
    }
}
