//! The configuration's own shape: as it is read, and as a patch of it.

use serde_json::{Map, Value as Json, json};
use strata_config_codegen::{Coverage, json_schema};
use strata_config_core::Schema;

use super::{SCHEMAS, each_reference, take};

/// What a schema is for.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// Answers: secrets are masked, and the program computes or declares values that no document has.
    Answer,
    /// Patches: null unsets whatever it stands for.
    Patch,
}

/// The components `Configuration` and `ConfigurationPatch`, and those that they refer to.
pub(super) fn schemas(schema: &'static Schema) -> Vec<(String, Json)> {
    let text = json_schema(schema, Coverage::Layer);
    let Ok(document) = serde_json::from_str::<Json>(&text) else {
        // Our own generator writes JSON.
        return Vec::new();
    };
    let mut schemas = of_use(document.clone(), Use::Answer, "Configuration");
    schemas.extend(of_use(document, Use::Patch, "ConfigurationPatch"));
    schemas.push((
        "Secret".to_owned(),
        json!({
            "type": "object", "description": "A secret: it may be written, never read. In a patch it is unchanged.",
            "required": ["$secret"], "properties": {"$secret": {"const": true}}, "additionalProperties": false,
        }),
    ));
    schemas
}

fn of_use(mut document: Json, purpose: Use, root: &str) -> Vec<(String, Json)> {
    let definitions = take(&mut document["$defs"]);
    if let Some(members) = document.as_object_mut() {
        members.retain(|name, _| !["$schema", "$comment", "$defs"].contains(&name.as_str()));
        if let Some(properties) = members.get_mut("properties").and_then(Json::as_object_mut) {
            // Only files include others.
            properties.remove("include");
        }
        if purpose == Use::Patch {
            // Keys that the program declares at run time are not in the schema.
            members.insert("additionalProperties".to_owned(), true.into());
        }
    }
    let name = |definition: &str| format!("{root}.{definition}");
    let mut all: Vec<(String, Json)> = vec![(root.to_owned(), document)];
    all.extend(definitions.into_iter().map(|(definition, schema)| (name(&definition), schema)));
    for (_, schema) in &mut all {
        rewrite(schema, purpose);
        each_reference(schema, &mut |reference| {
            if let Some(definition) = reference.strip_prefix("#/$defs/") {
                *reference = format!("{SCHEMAS}{}", name(definition));
            }
        });
    }
    all
}

/// Makes a schema, and those within, what they are for.
fn rewrite(schema: &mut Json, purpose: Use) {
    let Json::Object(members) = schema else { return };
    for (name, member) in members.iter_mut() {
        match (name.as_str(), member) {
            ("properties" | "patternProperties", Json::Object(properties)) => {
                for property in properties.values_mut() {
                    rewrite(property, purpose);
                    if purpose == Use::Patch {
                        *property = either(property.take(), json!({"type": "null"}));
                    }
                }
            }
            ("anyOf" | "oneOf" | "allOf", Json::Array(ways)) => ways.iter_mut().for_each(|way| rewrite(way, purpose)),
            ("items" | "additionalProperties", inner) => rewrite(inner, purpose),
            _ => {}
        }
    }
    match purpose {
        Use::Answer => {
            if members.get("additionalProperties") == Some(&Json::Bool(false)) {
                members.remove("additionalProperties");
            }
        }
        Use::Patch => {
            members.remove("required");
        }
    }
    if members.remove("writeOnly").is_some() {
        let value = Json::Object(std::mem::take(members));
        *schema = either(value, json!({"$ref": format!("{SCHEMAS}Secret")}));
    }
}

/// One or the other, described as the one.
fn either(mut one: Json, other: Json) -> Json {
    let mut either = Map::new();
    for name in ["description", "deprecated", "default"] {
        if let Some(said) = one.as_object_mut().and_then(|one| one.remove(name)) {
            either.insert(name.to_owned(), said);
        }
    }
    either.insert("anyOf".to_owned(), json!([one, other]));
    Json::Object(either)
}
