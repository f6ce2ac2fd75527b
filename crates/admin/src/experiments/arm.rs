//! The configuration under one preset of an experiment.

use serde_json::{Map, Value as Json};
use strata_config_core::{Change, Report};
use strata_config_reload::{DynLive, DynVersion};

use crate::current::json;

/// The desired values with those of a preset, secrets masked.
///
/// # Errors
/// What is wrong with the preset as the configuration is.
pub(super) fn values_of(live: &dyn DynLive, version: &dyn DynVersion, preset: &str) -> Result<Json, Report> {
    let mut report = Report::new();
    let preview = match live.validate_preset(preset) {
        Ok(preview) if preview.report.is_valid() => preview,
        Ok(preview) => return Err(preview.report),
        Err(error) => {
            report.error([], error.to_string());
            return Err(report);
        }
    };
    let mut values = json(&version.values());
    for change in &preview.changes {
        put(&mut values, change);
    }
    Ok(values)
}

/// Makes a change in a document of all values.
fn put(values: &mut Json, change: &Change) {
    let segments = change.path.segments();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    at(values, &segments, change.after().map(|value| json(&value)));
}

fn at(onto: &mut Json, segments: &[&str], value: Option<Json>) {
    let Some((first, rest)) = segments.split_first() else {
        *onto = value.unwrap_or_default();
        return;
    };
    if let (Json::Array(items), Ok(number)) = (&mut *onto, first.parse::<usize>()) {
        if number == items.len() && value.is_some() {
            items.push(Json::Null);
        }
        let Some(item) = items.get_mut(number) else { return };
        let is_removed = value.is_none();
        at(item, rest, value);
        if is_removed && (rest.is_empty() || item.as_object().is_some_and(Map::is_empty)) {
            items.remove(number);
        }
        return;
    }
    if !onto.is_object() {
        *onto = Json::Object(Map::new());
    }
    let Json::Object(members) = onto else { return };
    match (rest, value) {
        ([], None) => {
            members.remove(*first);
        }
        (rest, value) => at(members.entry(*first).or_insert(Json::Null), rest, value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_put_at_their_paths_and_taken_away() {
        let mut values = json!({"a": {"b": 1, "c": 2}, "list": [{"x": 1}, {"x": 2}], "none": null});
        at(&mut values, &["a", "b"], Some(json!(5)));
        at(&mut values, &["a", "c"], None);
        at(&mut values, &["none", "now"], Some(json!("there")));
        at(&mut values, &["list", "2", "x"], Some(json!(3)));
        at(&mut values, &["list", "0", "x"], None);
        assert_eq!(values, json!({"a": {"b": 5}, "list": [{"x": 2}, {"x": 3}], "none": {"now": "there"}}));
    }
}
