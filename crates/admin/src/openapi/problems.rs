//! What can go wrong everywhere: problem documents (RFC 9457).

use serde_json::{Value as Json, json};

/// A mistake that is the same wherever it occurs.
pub(super) struct Known {
    pub(super) status: u16,
    pub(super) name: &'static str,
    description: &'static str,
}

const fn known(status: u16, name: &'static str, description: &'static str) -> Known {
    Known { status, name, description }
}

pub(super) const ALL: [Known; 17] = [
    known(400, "Malformed", "The request can't be read: its body, a parameter or a header"),
    known(401, "Unauthorized", "There is no token, or it is not accepted"),
    known(403, "Forbidden", "The token does not permit this"),
    known(404, "NotFound", "There is no such thing"),
    known(408, "Late", "The body did not come in time"),
    known(409, "Conflict", "It can't be done as things stand; or a request of this id asked for something else"),
    known(412, "Stale", "The configuration is not the one of `If-Match`"),
    known(413, "TooLarge", "The body is too large"),
    known(414, "UriTooLong", "Path and query are too long"),
    known(415, "UnsupportedMediaType", "The body is of a kind that is not read here"),
    known(421, "Misdirected", "The server is not called what the header `Host` says"),
    known(422, "Invalid", "The configuration would be wrong: every mistake with its pointer; nothing was changed"),
    known(428, "Unconditional", "This token's changes must say which configuration they are meant for: `If-Match`"),
    known(429, "TooManyRequests", "Too many requests: `Retry-After` says when to come again"),
    known(431, "HeadersTooLarge", "The headers are too large"),
    known(500, "Internal", "A defect of the interface, or of the application's own code"),
    known(503, "Unavailable", "The store does not answer, or the outcome is unknown"),
];

/// The content of every one of them.
pub(super) fn content() -> Json {
    json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}})
}

pub(super) fn responses() -> Json {
    let response = |problem: &Known| {
        let mut response = json!({"description": problem.description, "content": content()});
        match problem.status {
            401 => response["headers"] = header("WWW-Authenticate", "The kind of token that is needed", "string"),
            429 => response["headers"] = header("Retry-After", "Whole seconds to wait", "integer"),
            412 | 428 => response["headers"] = header("ETag", "The configuration in effect", "string"),
            _ => {}
        }
        (problem.name.to_owned(), response)
    };
    ALL.iter().map(response).collect()
}

fn header(name: &str, description: &str, kind: &str) -> Json {
    json!({name: {"description": description, "schema": {"type": kind}}})
}

/// The shape of a problem document.
pub(super) fn schemas() -> [(String, Json); 1] {
    let findings = || json!({"type": "array", "items": {"$ref": "#/components/schemas/Finding"}});
    let problem = json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "The kind: `urn:strata:problem:invalid`, …"},
            "title": {"type": "string", "description": "The status in words."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What is wrong, for people."},
            "instance": {"type": "string", "description": "The path that was asked for."},
            "errors": findings(),
            "warnings": findings(),
        },
    });
    [("Problem".to_owned(), problem)]
}
