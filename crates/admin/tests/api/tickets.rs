//! `POST /tickets`: who gets one, and what it is not good for.

use serde_json::json;
use strata_config_admin::auth::{Scope, Scopes, Token, Tokens};

use crate::site::{Site, bearer};

#[test]
fn a_reader_gets_a_ticket_that_other_routes_do_not_take() {
    let site = Site::start();
    let reply = site.call("POST", "/api/v1/tickets", &json!({}));
    assert_eq!(reply.status, 200, "{}", reply.text);
    let answer = reply.json();
    let ticket = answer["ticket"].as_str().unwrap();
    assert!(answer["expires"].as_str().unwrap().ends_with('Z'));
    assert_eq!(site.send("GET", &format!("/api/v1/config?ticket={ticket}"), &[], None).status, 401);
    assert_eq!(site.send("GET", "/api/v1/config", &[("authorization", &bearer(ticket))], None).status, 401);
}

#[test]
fn who_may_not_read_gets_none() {
    let writer = Token::new("bot", "bot.0123456789abcdef", Scopes::from_iter([Scope::Write])).unwrap();
    let site = Site::with(&[], |admin| admin.tokens(Tokens::new([writer])));
    let header = bearer("bot.0123456789abcdef");
    let reply = site.send("POST", "/api/v1/tickets", &[("authorization", &header)], None);
    assert_eq!((reply.status, reply.json()["scopes"].clone()), (403, json!(["read"])));
}
