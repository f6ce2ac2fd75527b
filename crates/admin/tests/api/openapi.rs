//! `/openapi.json`: the description of the interface, and whether it is true.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::site::{Site, TOKEN, bearer};
use strata_config_admin::auth::{Scope, Scopes, Token};

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// Every operation: its method, its path and what is said of it.
fn operations(document: &Json) -> Vec<(String, String, Json)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let members = item.as_object().unwrap().iter().filter(|(method, _)| METHODS.contains(&method.as_str()));
        members.map(move |(method, said)| (method.clone(), path.clone(), said.clone()))
    });
    operations.collect()
}

#[test]
fn every_reference_leads_somewhere_and_every_id_is_unique() {
    let site = Site::start();
    let reply = site.send("GET", "/openapi.json", &[], None);
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    let document = reply.json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut waiting = vec![&document];
    while let Some(value) = waiting.pop() {
        match value {
            Json::Object(members) => {
                if let Some(Json::String(reference)) = members.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                waiting.extend(members.values());
            }
            Json::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    let mut ids = BTreeSet::new();
    for (method, path, said) in operations(&document) {
        let id = said["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id")).to_owned();
        assert!(ids.insert(id.clone()), "{id} is there twice");
        assert!(said["summary"].is_string() && said["tags"].is_array(), "{method} {path} does not say what it does");
    }
    let unchanged = site.send("GET", "/openapi.json", &[("if-none-match", reply.header("etag"))], None);
    assert_eq!((unchanged.status, unchanged.text.as_str()), (304, ""));
}

#[test]
fn every_mount_every_parameter_and_every_mistake_is_described() {
    let site = Site::with(&[], |admin| admin.mount("/old", Nothing));
    let document = site.get("/openapi.json").json();
    let told = operations(&document);
    for path in ["/api/v1/config", "/old/config", "/healthz", "/readyz", "/metrics", "/openapi.json"] {
        assert!(told.iter().any(|(_, known, _)| known == path), "{path} is not there");
    }
    for (method, path, said) in told {
        let statuses: Vec<&String> = said["responses"].as_object().unwrap().keys().collect();
        let has = |status: &str| statuses.iter().any(|known| *known == status);
        let needs_token = said["security"].as_array().is_some_and(|security| !security.is_empty());
        assert!(has("400") && has("429") && has("500"), "{method} {path}: {statuses:?}");
        assert!(!needs_token || (has("401") && has("403")), "{method} {path}: {statuses:?}");
        let parameters = said["parameters"].as_array().into_iter().flatten();
        let names: Vec<&str> = parameters.filter_map(|parameter| parameter["name"].as_str()).collect();
        for parameter in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            assert!(names.contains(&parameter), "{method} {path} does not say what `{parameter}` is");
        }
    }
    let patch = &document["paths"]["/api/v1/config"]["patch"];
    let parameters = patch["parameters"].to_string();
    for name in ["IfMatch", "DryRun", "Reason", "Tags", "RequestId", "IdempotencyKey"] {
        assert!(parameters.contains(name), "{name} is not in {parameters}");
    }
    assert!(patch["responses"].get("412").is_some() && patch["responses"].get("422").is_some());
}

/// A mount without words of its own.
struct Nothing;

impl strata_config_admin::Dialect for Nothing {}

#[test]
fn the_configurations_own_shape_is_told() {
    let document = Site::start().get("/openapi.json").json();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Configuration"]["properties"]["parallel"]["maximum"], 64);
    assert_eq!(schemas["Configuration.Database"]["properties"]["name"]["default"], "main");
    let secret = schemas["Configuration"]["properties"]["password"].to_string();
    assert!(secret.contains("#/components/schemas/Secret"), "{secret}");
    assert_eq!(schemas["Change"]["properties"]["new"], serde_json::json!({"description": "The value after."}));
    assert!(schemas["Value"]["properties"]["shadows"].is_object(), "{}", schemas["Value"]);
    let read = &document["paths"]["/api/v1/config"]["get"]["responses"]["200"]["content"]["application/json"];
    assert_eq!(read["schema"]["$ref"], "#/components/schemas/Configuration");
}

#[test]
fn the_scopes_that_are_told_are_those_that_are_needed() {
    const ALL_OTHERS: &str = "others.0123456789abcdef";
    let site = Site::start();
    let document = site.get("/openapi.json").json();
    for (method, path, said) in operations(&document) {
        let scopes: BTreeSet<&str> =
            said["security"].as_array().unwrap().iter().map(|way| way["token"][0].as_str().unwrap()).collect();
        let asked = path.replace(['{', '}'], "");
        let method = method.to_uppercase();
        let ask = |token: &str| site.send(&method, &asked, &[("authorization", &bearer(token))], None).status;
        if scopes.is_empty() {
            continue;
        }
        assert_eq!(site.send(&method, &asked, &[], None).status, 401, "{method} {path} without a token");
        let others = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Admin && !scopes.contains(scope.as_str()));
        let token = |actor, text, scopes: Scopes| Token::new(actor, text, scopes).unwrap();
        let root = token("root", TOKEN, Scopes::ALL);
        site.tokens.replace([root.clone(), token("others", ALL_OTHERS, others.collect())]);
        assert_eq!(ask(ALL_OTHERS), 403, "{method} {path} with every scope but {scopes:?}");
        for scope in &scopes {
            let only = Scopes::from_iter([scope.parse::<Scope>().unwrap()]);
            site.tokens.replace([root.clone(), token("only", ALL_OTHERS, only)]);
            assert_ne!(ask(ALL_OTHERS), 403, "{method} {path} with {scope}");
        }
    }
}

/// Of two shapes of one name, the description would tell only one, for both.
#[test]
fn no_two_shapes_have_one_name() {
    fn collect(folder: &std::path::Path, names: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, names);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for shape in text.split("ToSchema)]\n").skip(1) {
                let named = shape.split_once("schema(as = ").map(|(before, name)| (before.len(), name));
                let kinds = ["struct ", "enum "].iter().filter_map(|kind| Some((shape.find(kind)?, *kind)));
                let (at, kind) = kinds.min().unwrap();
                let name = match named {
                    Some((before, name)) if before < at => name.split(')').next().unwrap(),
                    _ => shape[at + kind.len()..].split([' ', '<', '(']).next().unwrap(),
                };
                let name = name.strip_suffix("View").unwrap_or(name).to_owned();
                assert!(names.insert(name.clone()), "two shapes are called {name}, one in {}", path.display());
            }
        }
    }
    let mut names = BTreeSet::new();
    collect(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    assert!(names.len() > 20, "{names:?}");
}
