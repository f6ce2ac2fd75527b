//! What every operation has besides its handler's own words: an id of its own, its scope, its parameters and mistakes.

use serde_json::{Map, Value as Json, json};

use super::{SCHEMAS, problems, write};
use crate::auth::Scope;

/// An operation that is being described.
pub(super) struct Operation<'o> {
    method: &'o str,
    /// The path below its mount, or the whole path where it stands beside them.
    route: &'o str,
    /// The mount's prefix.
    prefix: Option<&'o str>,
    members: &'o mut Map<String, Json>,
}

impl<'o> Operation<'o> {
    /// Of a member of a path's item.
    pub(super) fn of(method: &'o str, path: &'o str, members: &'o mut Json, prefixes: &'o [String]) -> Option<Self> {
        if !["get", "put", "post", "patch", "delete"].contains(&method) {
            return None;
        }
        let below = prefixes.iter().filter_map(|prefix| {
            let route = path.strip_prefix(prefix.as_str()).filter(|route| route.starts_with('/'))?;
            Some((prefix.as_str(), route))
        });
        // A mount may stand below another.
        let (prefix, route) = match below.min_by_key(|(_, route)| route.len()) {
            Some((prefix, route)) => (Some(prefix), route),
            None => (None, path),
        };
        Some(Self { method, route, prefix, members: members.as_object_mut()? })
    }

    pub(super) fn complete(&mut self) {
        self.identify();
        let scopes = self.scopes();
        let security = |scope: &Scope| json!({"token": [scope.as_str()]});
        self.members.insert("security".to_owned(), scopes.iter().map(security).collect());
        if self.is_write() {
            write::add_parameters(list(self.members, "parameters"));
        }
        let conditional = self.has_response("304");
        if conditional {
            let parameter = json!({"$ref": "#/components/parameters/IfNoneMatch"});
            list(self.members, "parameters").push(parameter);
        }
        self.name_configuration();
        self.add_problems(!scopes.is_empty());
    }

    /// Where the whole configuration goes over the wire, its own shape is told.
    fn name_configuration(&mut self) {
        let schema = |name: &str| json!({"$ref": format!("{SCHEMAS}{name}")});
        let (said, name) = match (self.method, self.route) {
            ("get", "/config") => {
                (self.members.get_mut("responses").and_then(|responses| responses.get_mut("200")), "Configuration")
            }
            (_, "/config") => (self.members.get_mut("requestBody"), "ConfigurationPatch"),
            _ => return,
        };
        let Some(content) = said.and_then(|said| said.get_mut("content")) else { return };
        for (kind, shape) in content.as_object_mut().into_iter().flatten() {
            if ["application/json", "application/merge-patch+json"].contains(&kind.as_str()) {
                shape["schema"] = schema(name);
            }
        }
    }

    /// The same handler stands below every mount, so its name is not enough.
    fn identify(&mut self) {
        let Some(prefix) = self.prefix.filter(|prefix| *prefix != crate::admin::GENERIC) else { return };
        let mount: String =
            prefix.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
        if let Some(Json::String(id)) = self.members.get_mut("operationId") {
            *id = format!("{}_{id}", mount.trim_matches('_'));
        }
    }

    /// Any one of these scopes is enough; none means that no token is needed.
    fn scopes(&self) -> &'static [Scope] {
        let ends = |end: &str| self.route.ends_with(end);
        if self.prefix.is_none() {
            let is_open =
                ["/healthz", "/readyz", "/openapi.json", "/docs"].iter().any(|open| self.route.starts_with(open));
            return if is_open { &[] } else { &[Scope::Read] };
        }
        match (self.method, self.route) {
            (_, "/audit" | "/backup" | "/restore" | "/verify") => &[Scope::Admin],
            ("get", _) => &[Scope::Read],
            ("post", "/validate" | "/export" | "/tickets") => &[Scope::Read],
            ("post", _) if ends("/evaluate") || ends("/assign") => &[Scope::Read],
            (_, route) if route.starts_with("/feature-flags") => &[Scope::Flags, Scope::Write],
            (_, "/rollout" | "/emergency-disable" | "/emergency-restore") => &[Scope::Flags, Scope::Write],
            ("delete", "/snapshots/{id}") => &[Scope::Rollback],
            _ if ends("/rollback") => &[Scope::Rollback],
            _ => &[Scope::Write],
        }
    }

    /// Whether it changes the configuration, so that it takes what changes take.
    fn is_write(&self) -> bool {
        let is_reading = matches!(self.scopes(), [] | [Scope::Read]);
        let has_no_change = ["/reports", "/reload", "/verify"].contains(&self.route);
        self.prefix.is_some() && self.method != "get" && !is_reading && !has_no_change
    }

    fn has_response(&self, status: &str) -> bool {
        self.members.get("responses").is_some_and(|responses| responses.get(status).is_some())
    }

    fn add_problems(&mut self, needs_token: bool) {
        let has_body = self.members.contains_key("requestBody");
        let has_parameter = self.route.contains('{');
        let is_write = self.is_write();
        let Some(responses) = self.members.entry("responses").or_insert_with(|| json!({})).as_object_mut() else {
            return;
        };
        for problem in problems::ALL {
            let occurs = match problem.status {
                401 | 403 => needs_token,
                404 => has_parameter,
                408 | 413 | 415 => has_body,
                409 | 412 | 422 | 428 => is_write,
                _ => true,
            };
            if occurs {
                let said = json!({"$ref": format!("#/components/responses/{}", problem.name)});
                responses.entry(problem.status.to_string()).or_insert(said);
            }
        }
        // What a handler says of a mistake in words alone has the shape of all of them.
        for (status, response) in responses {
            let is_mistake = status.starts_with('4') || status.starts_with('5');
            if is_mistake && response.get("$ref").is_none() && response.get("content").is_none() {
                response["content"] = problems::content();
            }
        }
    }
}

fn list<'o>(members: &'o mut Map<String, Json>, name: &str) -> &'o mut Vec<Json> {
    let list = members.entry(name).or_insert_with(|| json!([]));
    if !list.is_array() {
        *list = json!([]);
    }
    match list {
        Json::Array(items) => items,
        _ => unreachable!("it was made a list"),
    }
}
