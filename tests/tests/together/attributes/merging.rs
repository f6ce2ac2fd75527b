//! How the values of several sources combine.

use super::*;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = ["d"])]
    replaced: Vec<String>,
    #[config(default = ["d"], merge = "append", validate(each(length(max = 2))))]
    appended: Vec<String>,
    #[config(default = ["d"], merge = "union")]
    united: Vec<String>,
    #[config(default = [("d", 0)])]
    deep: BTreeMap<String, u32>,
    #[config(default = [("d", 0)], merge = "replace")]
    whole: BTreeMap<String, u32>,
    #[config(default = serde_json::json!({"a": {"b": 1}}), merge = "deep")]
    anything: serde_json::Value,
}

#[test]
fn each_strategy_combines_in_its_way() {
    let a = r#"{"replaced": ["a"], "appended": ["a"], "united": ["a", "d"], "deep": {"a": 1}, "whole": {"a": 1}, "anything": {"a": {"c": 2}}}"#;
    let b = r#"{"replaced": ["b"], "appended": ["b"], "united": ["b", "a"], "deep": {"a": 2}, "whole": {"b": 2}, "anything": {"x": 0}}"#;
    let loaded = Config::loader().text("a.json", a).text("b.json", b).load().unwrap();
    assert_eq!(loaded.replaced, ["b"]);
    assert_eq!(loaded.appended, ["d", "a", "b"]);
    assert_eq!(loaded.united, ["d", "a", "b"]);
    assert_eq!(loaded.deep, BTreeMap::from([("d".into(), 0), ("a".into(), 2)]));
    assert_eq!(loaded.whole, BTreeMap::from([("b".into(), 2)]));
    assert_eq!(loaded.anything, serde_json::json!({"a": {"b": 1, "c": 2}, "x": 0}));
    let explained = loaded.origin("appended").unwrap();
    let origins: Vec<&str> = explained.merged.iter().map(|origin| origin.at.as_str()).collect();
    assert_eq!(origins, ["b.json:1:33", "a.json:1:33", "default"]);
}

#[test]
fn a_part_that_breaks_a_rule_is_found_where_it_stands() {
    let found = findings(
        Config::loader()
            .text("a.json", r#"{"appended": ["ok", "long"]}"#)
            .text("b.json", r#"{"appended": ["b", "longer"]}"#),
    );
    let places: Vec<&str> = found.iter().map(|(_, _, at)| at.as_str()).collect();
    assert_eq!(places, ["a.json:1:21", "b.json:1:20"]);
}

#[test]
fn a_null_hides_what_weaker_sources_would_add() {
    #[derive(LayeredConfig, Debug, Clone, PartialEq)]
    struct Tags {
        #[config(merge = "append")]
        tags: Option<Vec<String>>,
    }
    let loader = || Tags::loader().text("a.json", r#"{"tags": ["a"]}"#).text("b.json", r#"{"tags": null}"#);
    assert_eq!(loader().load().unwrap().tags, None);
    let again = loader().text("c.json", r#"{"tags": ["c"]}"#).load().unwrap();
    assert_eq!(again.tags, Some(vec!["c".to_owned()]));
}
