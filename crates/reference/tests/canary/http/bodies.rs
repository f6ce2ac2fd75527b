//! Bodies with secrets in them: some that a route takes, and many that it does not.

use serde_json::{Value as Json, json};

use crate::case::{Case, Marked};
use crate::documents::{Language, place};

pub(super) const JSON: &str = "application/json";

/// A body, and of which kind it is.
type Body = (&'static str, String);

/// Bodies with every secret.
pub(super) fn of_all(case: &Case) -> Vec<Body> {
    let document = case.document();
    let each = |write: &dyn Fn(&Marked) -> Json| case.secrets.iter().map(write).collect::<Vec<_>>();
    let set = |secret: &Marked| json!({"path": secret.path.as_str(), "value": secret.given});
    let keyed = |secret: &Marked| json!({"key": secret.path.as_str(), "value": secret.given});
    let add = |secret: &Marked| json!({"op": "add", "path": pointer(secret), "value": secret.given});
    let test = |secret: &Marked| json!({"op": "test", "path": pointer(secret), "value": secret.given});
    let wrong = |change: &dyn Fn(&Marked) -> Json| {
        let mut document = document.clone();
        case.secrets.iter().for_each(|secret| *place(&mut document, &secret.path) = change(secret));
        document
    };
    let map: serde_json::Map<String, Json> =
        case.secrets.iter().map(|secret| (secret.path.as_str().to_owned(), secret.given.clone().into())).collect();
    let mut bodies: Vec<Body> = [
        document.clone(),
        json!({"values": document}),
        json!({"config": document}),
        json!({"document": document, "configuration": document}),
        json!({"updates": each(&set)}),
        json!({"updates": each(&keyed)}),
        json!({"updates": map, "create_snapshot": true}),
        json!(map),
        json!({"context": document, "default": document}),
        json!({"enabled": document, "user_whitelist": document}),
        json!({"a": document, "b": document, "share": 50}),
        json!({"source": each(&set)}),
        wrong(&|secret| json!([secret.given])),
        wrong(&|secret| json!({"key": secret.given})),
        wrong(&|secret| json!(secret.marker[..19])),
        wrong(&|secret| json!(format!("gopher://user:{}@host", secret.marker))),
        json!({"nothing_like_this": document}),
        json!([document, document]),
    ]
    .into_iter()
    .map(|body| (JSON, body.to_string()))
    .collect();
    bodies.push(("application/merge-patch+json", document.to_string()));
    bodies.push(("application/json-patch+json", json!(each(&add)).to_string()));
    bodies.push(("application/json-patch+json", json!(each(&test)).to_string()));
    bodies.push(("application/json-patch+json", json!({"op": each(&add)}).to_string()));
    for (kind, language) in [
        ("application/toml", Language::Toml),
        ("application/yaml", Language::Yaml),
        ("text/plain", Language::Yaml),
        (JSON, Language::Toml),
    ] {
        bodies.push((kind, language.write(&document)));
        bodies.push((kind, format!("{} = : \"", language.write(&document))));
    }
    let text = document.to_string();
    bodies.push((JSON, text[..text.len() - 1].to_owned()));
    bodies.push((JSON, text.replacen(':', " ", 1)));
    bodies.push((JSON, format!("{text}{text}")));
    bodies
}

/// Bodies for one secret's own route.
pub(super) fn of_one(secret: &Marked) -> Vec<Body> {
    let (given, marker) = (&secret.given, &secret.marker);
    let bodies = [
        json!({"value": given}),
        json!({"value": given, "key": secret.path.as_str(), "source": "api", "description": "set"}),
        json!({"value": [given]}),
        json!({"value": {"a": given}}),
        json!({"value": marker[..19]}),
        json!({"value": format!("fernet:{marker}")}),
        json!({"value": format!("gopher://user:{marker}@host")}),
        json!({"valeu": given}),
        json!(given),
        json!([given]),
    ];
    bodies.into_iter().map(|body| (JSON, body.to_string())).collect()
}

/// The path as JSON Patch has it.
fn pointer(secret: &Marked) -> String {
    secret.path.segments().iter().map(|segment| format!("/{segment}")).collect()
}
