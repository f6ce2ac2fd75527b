//! GrowthBook's language of conditions: what each operator means, JavaScript's odd corners included.

use serde_json::{Value, json};

use super::asked::holds;

fn check(cases: impl IntoIterator<Item = (Value, Value, bool)>) {
    for (condition, attributes, expected) in cases {
        assert_eq!(holds(&condition, &attributes, &json!({})), expected, "{condition} of {attributes}");
    }
}

#[test]
fn conditions_are_put_together() {
    let ab = json!({"a": 1, "b": 2});
    check([
        (json!({}), ab.clone(), true),
        (json!({"a": 1, "b": 2}), ab.clone(), true),
        (json!({"a": 1, "b": 3}), ab.clone(), false),
        (json!({"$or": [{"a": 2}, {"b": 2}]}), ab.clone(), true),
        (json!({"$or": []}), ab.clone(), true),
        (json!({"$nor": []}), ab.clone(), false),
        (json!({"$nor": [{"a": 2}, {"b": 3}], "a": 1}), ab.clone(), true),
        (json!({"$and": [{"a": 1}, {"b": 3}]}), ab.clone(), false),
        (json!({"$not": {"a": {"$not": {"$eq": 1}}}}), ab, true),
    ]);
}

#[test]
fn plain_values_compare_as_javascript_does() {
    check([
        (json!({"a": "5"}), json!({"a": 5}), true),
        (json!({"a": "1.5"}), json!({"a": 1.5}), true),
        (json!({"a": "true"}), json!({"a": true}), true),
        (json!({"a": "null"}), json!({}), true),
        (json!({"a": "x,y"}), json!({"a": ["x", "y"]}), true),
        (json!({"a": 5}), json!({"a": " 5 "}), true),
        (json!({"a": 0}), json!({}), true),
        (json!({"a": 1}), json!({"a": true}), true),
        (json!({"a": true}), json!({"a": "yes"}), true),
        (json!({"a": false}), json!({"a": ""}), true),
        (json!({"a": false}), json!({}), false),
        (json!({"a": null}), json!({"a": null}), true),
        (json!({"a": null}), json!({"a": false}), false),
        (json!({"a": [1, {"b": "c"}]}), json!({"a": [1.0, {"b": "c"}]}), true),
        (json!({"a": [1]}), json!({"a": 1}), false),
        (json!({"a": {}}), json!({"a": {}}), true),
    ]);
}

#[test]
fn paths_go_through_objects_and_lists() {
    let deep = json!({"a": {"b": [{"c": 1}]}, "x.y": 1});
    check([
        (json!({"a.b.0.c": 1}), deep.clone(), true),
        (json!({"a.b.length": 1}), deep.clone(), true),
        (json!({"a.b.1.c": {"$exists": false}}), deep.clone(), true),
        (json!({"a.b.00.c": {"$exists": false}}), deep.clone(), true),
        (json!({"x.y": {"$exists": false}}), deep, true),
    ]);
}

#[test]
fn exactness_orders_and_versions() {
    check([
        (json!({"a": {"$eq": "5"}}), json!({"a": 5}), false),
        (json!({"a": {"$eq": []}}), json!({"a": []}), false),
        (json!({"a": {"$ne": 5}}), json!({}), true),
        (json!({"a": {"$lt": "b"}}), json!({"a": "abc"}), true),
        (json!({"a": {"$lt": "b"}}), json!({"a": 1}), false),
        (json!({"a": {"$gte": "10"}}), json!({"a": "9"}), true),
        (json!({"a": {"$gte": 10}}), json!({"a": "9"}), false),
        (json!({"a": {"$lte": 0}}), json!({}), true),
        (json!({"a": {"$gt": "x,y"}}), json!({"a": ["x", "z"]}), true),
        (json!({"v": {"$vgt": "1.9.0", "$vlte": "1.10.0"}}), json!({"v": "v1.10.0+7"}), true),
        (json!({"v": {"$veq": "2"}}), json!({"v": 2}), true),
        (json!({"v": {"$vne": "0"}}), json!({}), false),
    ]);
}

#[test]
fn lists_and_their_items() {
    let tags = json!({"t": ["A", 2, null, {"k": "v"}]});
    check([
        (json!({"t": {"$in": ["x", 2]}}), tags.clone(), true),
        (json!({"t": {"$in": ["2"]}}), tags.clone(), false),
        (json!({"t": {"$in": [null]}}), tags.clone(), true),
        (json!({"a": {"$in": [null]}}), json!({}), true),
        (json!({"a": {"$in": [0]}}), json!({"a": -0.0}), true),
        (json!({"t": {"$nin": ["a"]}}), tags.clone(), true),
        (json!({"t": {"$ini": ["a"]}}), tags.clone(), true),
        (json!({"t": {"$nini": ["a"]}}), tags.clone(), false),
        (json!({"t": {"$all": ["A", "2"]}}), tags.clone(), true),
        (json!({"t": {"$all": ["a"]}}), tags.clone(), false),
        (json!({"t": {"$alli": ["a"]}}), tags.clone(), true),
        (json!({"t": {"$all": []}}), json!({}), false),
        (json!({"t": {"$size": 4}}), tags.clone(), true),
        (json!({"t": {"$size": {"$lt": 4}}}), tags.clone(), false),
        (json!({"t": {"$elemMatch": {"k": "v"}}}), tags.clone(), true),
        (json!({"t": {"$elemMatch": {"$gt": 1}}}), tags.clone(), true),
        // What counts as nothing is no item.
        (json!({"t": {"$elemMatch": {"$eq": null}}}), tags, false),
    ]);
}

#[test]
fn presence_types_and_patterns() {
    check([
        (json!({"a": {"$exists": true}}), json!({"a": false}), true),
        (json!({"a": {"$exists": 0}}), json!({"a": null}), true),
        (json!({"a": {"$type": "array"}}), json!({"a": []}), true),
        (json!({"a": {"$type": "null"}}), json!({}), true),
        (json!({"a": {"$type": "object"}}), json!({"a": []}), false),
        (json!({"a": {"$regex": "^1\\d$"}}), json!({"a": 12}), true),
        (json!({"a": {"$regex": "^null$"}}), json!({}), true),
        (json!({"a": {"$regex": "^x,y$"}}), json!({"a": ["x", "y"]}), true),
        (json!({"a": {"$regexi": "ABC"}}), json!({"a": "xabcx"}), true),
        (json!({"a": {"$not": {"$regex": "b"}}}), json!({"a": "abc"}), false),
    ]);
}
