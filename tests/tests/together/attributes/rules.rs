//! Rules of fields and structs.

use super::*;

#[derive(LayeredConfig, Debug, Clone, PartialEq, validator::Validate)]
#[config(validator)]
struct Config {
    #[config(default = "http://a.example", validate(url(schemes("http", "https"))))]
    url: String,
    #[config(default = "a@b.example", validate(email))]
    #[validate(length(max = 20, message = "too long for the directory"))]
    mail: String,
    #[config(default = "::1", validate(ip))]
    address: String,
    #[config(default = "a-b", validate(contains("-"), regex("^[a-z]-[a-z]$")))]
    pattern: String,
    #[config(default = 2, custom = even)]
    even: u32,
    #[config(default = 1.0, validate(range(min = 0, max = 1.5)))]
    ratio: f64,
    #[config(default = "1MiB", validate(range(min = "1KiB", max = "2MiB")))]
    size: ByteSize,
    #[config(default = 500, unit = "ms", validate(range(max = 1000)))]
    wait: Duration,
    #[config(default = Point { x: 1 }, validate(validator))]
    point: Point,
    #[config(secret, custom = long_enough)]
    secret: Option<Secret<String>>,
}

#[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq, validator::Validate)]
struct Point {
    #[validate(range(max = 9))]
    x: u32,
}

fn even(value: &u32) -> Result<(), String> {
    if value.is_multiple_of(2) { Ok(()) } else { Err(format!("{value} is odd")) }
}

fn long_enough(value: &Option<Secret<String>>) -> Result<(), String> {
    match value {
        Some(secret) if secret.expose().len() < 8 => Err(format!("{} is short", secret.expose())),
        _ => Ok(()),
    }
}

#[test]
fn every_rule_refuses_what_it_should() {
    for (path, value, code) in [
        ("url", "nope", "rule.url"),
        ("url", "ftp://a.example", "rule.url"),
        ("mail", "nobody", "rule.email"),
        ("mail", "a-very-long-name@b.example", "rule.validate"),
        ("address", "1.2.3", "rule.ip"),
        ("pattern", "ab", "rule.contains"),
        ("pattern", "ab-c", "rule.regex"),
        ("even", "3", "rule.custom"),
        ("ratio", "1.6", "rule.range"),
        ("size", "3MiB", "rule.range"),
        ("wait", "2s", "rule.range"),
        ("wait", "1001", "rule.range"),
        ("point", r#"{"x": 10}"#, "rule.validate"),
        ("secret", "hunter2", "rule.custom"),
    ] {
        let report = report(Config::loader().set(path, value));
        let codes: Vec<&str> = report.errors().map(|finding| finding.code).collect();
        assert!(codes.contains(&code), "{path} = {value}: {report}");
        assert!(report.errors().all(|finding| finding.path.as_str().starts_with(path)), "{report}");
        assert!(!report.to_string().contains("hunter2"), "{report}");
    }
    assert!(Config::self_test().is_valid(), "{}", Config::self_test());
}

#[test]
fn a_bare_number_is_in_the_fields_unit() {
    assert_eq!(Config::loader().load().unwrap().wait, Duration::from_millis(500));
    assert_eq!(Config::loader().text("a.toml", "wait = 20").load().unwrap().wait, Duration::from_millis(20));
    assert_eq!(Config::loader().set("wait", "0.5").load().unwrap().wait, Duration::from_micros(500));
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Bad {
    #[config(default = String::from("nope"), validate(url))]
    url: String,
    #[config(default = Vec::from([1, 200]), validate(each(range(max = 100))))]
    list: Vec<u32>,
}

#[test]
fn a_default_that_breaks_its_rule_is_found_by_the_self_test_and_at_load() {
    let expected = [("rule.url", "url"), ("rule.range", "list.1")];
    let report = Bad::self_test();
    let found: Vec<(&str, &str)> = report.errors().map(|finding| (finding.code, finding.path.as_str())).collect();
    assert_eq!(found, expected);
    assert!(Bad::loader().load().is_err());
}
