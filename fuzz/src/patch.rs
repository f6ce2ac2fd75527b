//! Changes: a difference leads from one configuration to the other, a patch that its merge proves right is not refused,
//! and what is refused changes nothing.

use serde_json::{Map, Value};
use strata_config::schema::Reload;
use strata_config::{Edits, LayeredConfig, apply, check_patch, diff, freeze};

use crate::site::Site;

/// Two documents of JSON, one a line, and bits that choose among the changes between them.
pub fn patch(data: &[u8]) {
    let (&bits, data) = data.split_first().unwrap_or((&0, data));
    let text = String::from_utf8_lossy(data);
    let (first, second) = text.split_once('\n').unwrap_or((&text, ""));
    let Some(base) = object(first) else { return };
    let patch: Value = serde_json::from_str(second).unwrap_or_default();
    let refused = check_patch::<Site>(&patch);
    let _ = (refused.to_string(), serde_json::to_string(&refused));
    edits(&base, &patch);
    let Some(old) = load(&base) else { return };
    assert!(diff(&old, &old).is_empty());
    if let Some(new) = load(&merged(&base, &patch)) {
        // The merge drops a null under any key, but under an unknown one it is most likely a slip.
        let wrong = refused.errors().find(|finding| finding.code != "key.unknown" || !has_null(&patch));
        assert_eq!(wrong, None, "{patch} is fine for {base} but: {refused}");
        changes(&old, &new, bits);
    }
    if let Some(new) = load(&patch) {
        changes(&old, &new, bits);
    }
}

/// The laws of two valid configurations.
fn changes(old: &Site, new: &Site, bits: u8) {
    let before = old.clone();
    let all = diff(old, new);
    let _ = (format!("{all:?}"), serde_json::to_string(&all));
    assert_eq!(apply(old, &all).as_ref(), Ok(new), "{all:?}");
    assert_eq!(apply(new, &diff(new, old)).as_ref(), Ok(old));
    // Some of them may contradict each other, but never end halfway.
    let some: Vec<_> = all.iter().enumerate().filter(|(index, _)| bits >> (index % 8) & 1 == 1).collect();
    let some: Vec<_> = some.into_iter().map(|(_, change)| change.clone()).collect();
    match apply(old, &some) {
        Ok(half) => {
            assert!(some.len() < all.len() || half == *new);
            assert_eq!(apply(&half, &diff(&half, new)).as_ref(), Ok(new));
        }
        Err(report) => assert!(!report.is_valid() && some.len() < all.len(), "{report}"),
    }
    assert_eq!(*old, before);
    if let Ok(Some(running)) = freeze(new, old) {
        assert!(diff(new, &running).iter().all(|change| change.reload == Reload::Restart));
    }
}

/// Edits of run-time values: a patch without nulls does what RFC 7396 says, and one value is set where it is read.
fn edits(base: &Value, patch: &Value) {
    let ours = |value: &Value| strata_config::Value::from_json("a.json", &value.to_string()).ok();
    let (Some(base_value), Some(patch_value)) = (ours(base), ours(patch)) else { return };
    let nothing = strata_config::Value::Map(Vec::new());
    let merge = |values: &strata_config::Value, patch: &strata_config::Value| {
        let mut edits = Edits::of::<Site>(values.clone(), &nothing);
        edits.merge(patch);
        edits.finish()
    };
    // Keys become canonical.
    let values = merge(&nothing, &base_value).values;
    let edited = merge(&values, &patch_value);
    let _ = (format!("{edited:?}"), edited.report.to_string());
    let again = merge(&edited.values, &patch_value);
    assert_eq!(again.values, edited.values, "merging {patch} again");
    if edited.report.is_valid() && !has_null(patch) {
        let theirs = load(&merged(&serde_json::to_value(&values).expect("values are JSON"), patch));
        assert!(theirs.is_none() || theirs == load(&edited.values), "{patch} into {values:?}");
    }
    let Some(config) = load(&edited.values) else { return };
    let defaults = load(&nothing).expect("defaults");
    for change in diff(&defaults, &config) {
        let mut edits = Edits::of::<Site>(values.clone(), &nothing);
        let value = change.after();
        match &value {
            Some(value) => edits.set(&change.path, value.clone()),
            None => edits.unset(&change.path),
        }
        let edited = edits.finish();
        if edited.report.is_valid() && !change.secret {
            assert_eq!(edited.values.at(&change.path), value.as_ref(), "{change:?}");
        }
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(map) => map.values().any(has_null),
        _ => false,
    }
}

fn object(text: &str) -> Option<Value> {
    serde_json::from_str::<Map<String, Value>>(text).ok().map(Value::Object)
}

fn load(values: &impl serde::Serialize) -> Option<Site> {
    let loader = Site::loader().values("all", values);
    loader.load().ok().map(|loaded| loaded.into_config())
}

/// RFC 7396, section 2, word for word.
fn merged(target: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut target = target.as_object().cloned().unwrap_or_default();
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            let below = merged(target.get(name).unwrap_or(&Value::Null), value);
            target.insert(name.clone(), below);
        }
    }
    Value::Object(target)
}
