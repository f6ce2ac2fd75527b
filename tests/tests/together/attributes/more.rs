//! Functions, types and computed values of the user's own; enums of choices.

use super::*;

mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let text = String::deserialize(deserializer)?;
        u32::from_str_radix(&text, 16).map_err(serde::de::Error::custom)
    }

    pub(super) fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{value:x}"))
    }
}

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)]
#[serde(transparent)]
struct Port(u16);

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config<T> {
    #[config(default = "ff", with = hex)]
    colour: u32,
    #[config(default = 80)]
    port: Port,
    value: T,
    #[config(computed = files)]
    files: usize,
    #[config(computed)]
    note: Option<String>,
}

fn files(info: &LoadInfo) -> usize {
    info.files().count()
}

#[test]
fn values_may_have_functions_types_and_sources_of_their_own() {
    let loaded = Config::<bool>::loader().text("a.toml", "colour = \"10\"\nvalue = true\nport = 81\n").load().unwrap();
    assert_eq!((loaded.colour, loaded.value, loaded.port.clone(), loaded.files), (16, true, Port(81), 0));
    let json = serde_json::to_value(loaded.export()).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"colour": "10", "port": 81, "value": true}),
        "computed values are not exported"
    );
    assert_eq!(loaded.origin("colour").unwrap().value.to_text(), "10");
    let computed = loaded.origin("files").unwrap();
    assert_eq!((computed.value.to_text(), computed.to_string()), ("0".to_owned(), "program computed".to_owned()));
}

#[test]
fn a_computed_value_in_a_file_is_told_and_ignored() {
    let loaded = Config::<u8>::loader().text("a.toml", "value = 1\nfiles = 9\n").load().unwrap();
    assert_eq!((loaded.files, loaded.warnings().findings()[0].code), (0, "value.computed"));
}

#[test]
fn a_newtypes_own_error_is_told_with_its_place() {
    let found = findings(Config::<u8>::loader().text("a.toml", "value = 300\nport = 70000\ncolour = \"xyz\"\n"));
    let expected = [
        ("value.overflow", "value", "a.toml:1:9"),
        ("value.overflow", "port", "a.toml:2:8"),
        ("value.invalid", "colour", "a.toml:3:10"),
    ];
    assert_eq!(found, expected.map(|(code, path, at)| (code, path.to_owned(), at.to_owned())));
}

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
#[config(rename_all = "SCREAMING_SNAKE_CASE")]
enum Mode2 {
    FirstOne,
    #[config(rename = "other", alias = "another")]
    Second,
}

#[test]
fn an_enum_reads_any_case_and_writes_its_own() {
    assert_eq!("first_one".parse::<Mode2>().unwrap(), Mode2::FirstOne);
    assert_eq!("ANOTHER".parse::<Mode2>().unwrap().to_string(), "other");
    assert!("second".parse::<Mode2>().unwrap_err().to_string().contains("`FIRST_ONE` or `other`"));
    assert_eq!(serde_json::to_string(&Mode2::FirstOne).unwrap(), "\"FIRST_ONE\"");
    assert_eq!(serde_json::from_str::<Mode2>("\"Other\"").unwrap(), Mode2::Second);
}
