//! Types, modules, functions and macros of the user's that have the names of the standard library's.

#![allow(dead_code, unused_macros, non_camel_case_types, reason = "they are there for their names")]

use strata_config::{ConfigEnum, LayeredConfig};

mod core {}
mod std {}
mod alloc {}
mod serde {}
mod strata_config_core {}

struct Option;
struct Result;
struct String;
struct Vec;
struct Box;
struct Some;
struct None;
struct Ok;
struct Err;
struct P;
struct Schema;
struct Field;
struct Meta;
struct Builder;
trait Default {}
trait Clone {}
trait PartialEq {}
trait Leaf {}
trait Nested {}
trait FromStr {}
trait Display {}
fn leaf() {}
fn check() {}
fn nested() {}
const SCHEMA: u8 = 0;

macro_rules! vec {
    () => {};
}
macro_rules! concat {
    () => {};
}
macro_rules! panic {
    () => {};
}

#[derive(LayeredConfig)]
#[config(env_prefix = "APP")]
struct App {
    #[config(default = 1, validate(range(min = 1)), profile(pi(max = 4)))]
    value: u16,
    #[config(default)]
    b: u8,
    #[config(default = ::std::option::Option::None)]
    v: ::std::option::Option<u8>,
    #[config(default = "one")]
    f0: Choice,
    #[config(nested)]
    builder: Inner,
    r#type: ::std::string::String,
    r#match: ::std::string::String,
}

#[derive(LayeredConfig)]
struct Inner {
    #[config(default = ["a"])]
    list: ::std::vec::Vec<::std::string::String>,
}

#[derive(ConfigEnum, ::std::clone::Clone, ::std::cmp::PartialEq)]
enum Choice {
    One,
    r#Two,
}

#[derive(LayeredConfig)]
enum Sum {
    Some { v: u8, b: u8, value: u8 },
    None,
}

#[test]
fn raw_identifiers_have_plain_keys_and_constants() {
    let last = &<App as LayeredConfig>::SCHEMA.fields[5];
    assert_eq!((last.key, last.segment), ("type", "TYPE"));
    assert_eq!(App::MATCH.as_str(), "match");
}
