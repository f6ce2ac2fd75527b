//! What every change takes besides its body.

use serde_json::{Value as Json, json};

/// The parameters of changes, and that of reads which answer "not modified".
pub(super) fn parameters() -> Json {
    let text = || json!({"type": "string"});
    let id = || json!({"type": "string", "minLength": 1, "maxLength": 200});
    json!({
        "IfMatch": {
            "name": "If-Match", "in": "header", "schema": text(),
            "description": "The ETag of the configuration that the change is meant for; refused where that has changed.",
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "schema": text(),
            "description": "The ETag of what is known already: the answer is 304 where it still holds.",
        },
        "DryRun": {
            "name": "dry_run", "in": "query", "schema": {"type": "boolean", "default": false},
            "description": "Only tries the change, and tells what it would do.",
        },
        "Reason": {
            "name": "reason", "in": "query", "schema": text(),
            "description": "Why the change is made, for the history.",
        },
        "Tags": {
            "name": "tags", "in": "query", "schema": text(),
            "description": "Words to find the change by, divided by commas.",
        },
        "RequestId": {
            "name": "request_id", "in": "query", "schema": id(),
            "description": "The request's name where no header says it.",
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "schema": id(),
            "description": "A name for the request: sent again, it is carried out once, and the answer says `replayed`. \
                `X-Request-Id` and `Request-Id` do the same.",
        },
    })
}

/// Adds them to an operation that has not said them itself.
pub(super) fn add_parameters(to: &mut Vec<Json>) {
    let all = parameters();
    for (name, parameter) in all.as_object().into_iter().flatten().filter(|(name, _)| *name != "IfNoneMatch") {
        let is_said = to.iter().any(|said| {
            said["in"] == parameter["in"]
                && said["name"]
                    .as_str()
                    .unwrap_or_default()
                    .eq_ignore_ascii_case(parameter["name"].as_str().unwrap_or(""))
        });
        if !is_said {
            to.push(json!({"$ref": format!("#/components/parameters/{name}")}));
        }
    }
}
