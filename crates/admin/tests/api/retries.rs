//! Names of requests: a retry is harmless, and a name is good for one request alone.

use serde_json::json;
use strata_config_admin::auth::{Scopes, Token, Tokens};

use crate::site::{Reply, Site, bearer};

const ANN: &str = "ann.0123456789abcdef";
const BOB: &str = "bob.0123456789abcdef";

fn site() -> Site {
    let token = |actor: &str, text| Token::new(actor, text, Scopes::ALL).unwrap();
    Site::with(&[], |admin| admin.tokens(Tokens::new([token("ann", ANN), token("bob", BOB)])))
}

fn patch(site: &Site, token: &str, path: &str, headers: &[(&str, &str)], parallel: u32) -> Reply {
    let header = bearer(token);
    let headers: Vec<(&str, &str)> = headers.iter().copied().chain([("authorization", header.as_str())]).collect();
    site.send("PATCH", path, &headers, Some(&json!({"parallel": parallel}).to_string()))
}

#[test]
fn a_retry_is_answered_with_what_became_of_the_first() {
    let site = site();
    let name = [("idempotency-key", "a")];
    let first = patch(&site, ANN, "/api/v1/config", &name, 16);
    assert_eq!((first.status, first.json()["replayed"].as_bool()), (200, Some(false)), "{}", first.text);
    let again = patch(&site, ANN, "/api/v1/config", &name, 16);
    assert_eq!((again.status, again.json()["replayed"].as_bool()), (200, Some(true)), "{}", again.text);
    assert_eq!(site.live.version().revision(), 1);
}

#[test]
fn a_retry_is_no_conflict_with_the_first() {
    let site = site();
    let etag = site.send("GET", "/api/v1/config", &[("authorization", &bearer(ANN))], None).header("etag").to_owned();
    let headers = [("idempotency-key", "a"), ("if-match", etag.as_str())];
    assert_eq!(patch(&site, ANN, "/api/v1/config", &headers, 16).status, 200);
    let again = patch(&site, ANN, "/api/v1/config", &headers, 16);
    assert_eq!((again.status, again.json()["replayed"].as_bool()), (200, Some(true)), "{}", again.text);
    let other = patch(&site, ANN, "/api/v1/config", &[("if-match", &etag)], 17);
    assert_eq!((other.status, site.live.get().parallel), (412, 16));
}

#[test]
fn a_name_is_good_for_one_request() {
    let site = site();
    let name = [("idempotency-key", "a")];
    assert_eq!(patch(&site, ANN, "/api/v1/config", &name, 16).status, 200);
    let others = [
        patch(&site, ANN, "/api/v1/config", &name, 17),
        patch(&site, ANN, "/api/v1/config?reason=other", &name, 16),
        patch(&site, ANN, "/api/v1/config?request_id=a", &[], 18),
        site.send("PUT", "/api/v1/config", &[("authorization", &bearer(ANN)), name[0]], Some("{\"parallel\": 16}")),
    ];
    for other in others {
        assert_eq!((other.status, other.json()["type"].as_str()), (422, Some("urn:strata:problem:request-reused")));
    }
    assert_eq!((site.live.get().parallel, site.live.version().revision()), (16, 1));
}

#[test]
fn each_actor_has_names_of_its_own() {
    let site = site();
    let name = [("idempotency-key", "a")];
    assert_eq!(patch(&site, ANN, "/api/v1/config", &name, 16).json()["replayed"], false);
    assert_eq!(patch(&site, BOB, "/api/v1/config", &name, 17).json()["replayed"], false);
    assert_eq!(site.live.get().parallel, 17);
}

#[test]
fn a_refused_or_tried_request_leaves_its_name() {
    let site = site();
    let name = [("idempotency-key", "a")];
    assert_eq!(patch(&site, ANN, "/api/v1/config", &name, 1000).status, 422);
    assert_eq!(patch(&site, ANN, "/api/v1/config?dry_run=true", &name, 16).status, 200);
    let done = patch(&site, ANN, "/api/v1/config", &name, 17);
    assert_eq!((done.status, done.json()["replayed"].as_bool()), (200, Some(false)));
    assert_eq!(site.live.get().parallel, 17);
}
