//! The description of the interface as OpenAPI 3.1: what the handlers say of themselves, and what is the same for all.

mod configuration;
mod operation;
mod problems;
mod tags;
mod write;

use axum::body::Bytes;
use serde_json::{Map, Value as Json, json};
use utoipa::openapi::OpenApi;

use crate::context::App;
use crate::etag::ETag;
use operation::Operation;

/// The description, as it is served.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) text: Bytes,
    pub(crate) etag: ETag,
}

impl Description {
    /// Made of what the handlers below these prefixes say.
    pub(crate) fn new(api: &OpenApi, app: &App, prefixes: &[String]) -> Self {
        let text = Bytes::from(document(api, app, prefixes).to_string());
        let etag = ETag::of(&[&text]);
        Self { text, etag }
    }
}

fn document(api: &OpenApi, app: &App, prefixes: &[String]) -> Json {
    let mut document = crate::current::json(api);
    document["openapi"] = "3.1.0".into();
    document["info"] = json!({
        "title": format!("Configuration of {}", app.name),
        "description": "Reads and changes a running configuration. Every answer that tells of a mistake is a problem \
            document (RFC 9457).",
        "version": env!("CARGO_PKG_VERSION"),
    });
    document["servers"] = json!([{"url": "/"}]);
    let mut paths = Map::new();
    for (path, mut item) in take(&mut document["paths"]) {
        // The rest of a path is a parameter as any other here.
        let path = path.replace("{*", "{");
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(mut operation) = Operation::of(method, &path, operation, prefixes) {
                operation.complete();
            }
        }
        paths.insert(path, item);
    }
    document["paths"] = Json::Object(paths);
    let components = &mut document["components"];
    for (name, schema) in configuration::schemas(app.live.schema()).into_iter().chain(problems::schemas()) {
        components["schemas"][name] = schema;
    }
    components["responses"] = problems::responses();
    components["parameters"] = write::parameters();
    components["securitySchemes"] = json!({"token": {
        "type": "http", "scheme": "bearer", "bearerFormat": "id.secret",
        "description": "A token of two parts. Its scopes say what it permits; `admin` permits everything.",
    }});
    document["tags"] = tags::used_by(&document["paths"]);
    renamed(document)
}

/// The members of an object, which are taken out.
fn take(value: &mut Json) -> Map<String, Json> {
    match value.take() {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}

/// Shapes are told without the word that tells them from the library's types.
fn renamed(mut document: Json) -> Json {
    without_any(&mut document);
    let mut schemas = take(&mut document["components"]["schemas"]);
    schemas.remove("Value");
    let plain = |name: &str| name.strip_suffix("View").unwrap_or(name).to_owned();
    document["components"]["schemas"] = schemas.into_iter().map(|(name, schema)| (plain(&name), schema)).collect();
    each_reference(&mut document, &mut |reference| {
        if let Some(name) = reference.strip_prefix(SCHEMAS) {
            *reference = format!("{SCHEMAS}{}", plain(name));
        }
    });
    document
}

/// Takes out references to what the generator calls `Value`: any JSON, of which nothing is to be said.
fn without_any(schema: &mut Json) {
    match schema {
        Json::Object(members) => {
            if members.get("$ref").is_some_and(|reference| reference == ANY) {
                members.remove("$ref");
            }
            let ways = members.get("oneOf").and_then(Json::as_array);
            if let Some(any) = ways.and_then(|ways| ways.iter().find(|way| way["$ref"] == ANY).cloned()) {
                members.remove("oneOf");
                members.extend(any.get("description").map(|said| ("description".to_owned(), said.clone())));
            }
            members.values_mut().for_each(without_any);
        }
        Json::Array(items) => items.iter_mut().for_each(without_any),
        _ => {}
    }
}

/// What the generator calls any JSON.
const ANY: &str = "#/components/schemas/Value";

/// Where schemas stand.
const SCHEMAS: &str = "#/components/schemas/";

/// Shows every reference of a document.
fn each_reference(value: &mut Json, see: &mut dyn FnMut(&mut String)) {
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                match member {
                    Json::String(text) if name == "$ref" => see(text),
                    _ => each_reference(member, see),
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| each_reference(item, see)),
        _ => {}
    }
}
