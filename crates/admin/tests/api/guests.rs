//! Who is let in, how often, and what those are told who are not.

use std::time::Duration;

use serde_json::json;
use strata_config_admin::auth::{Scope, Scopes, Token, Tokens};
use strata_config_admin::{Limits, Server};
use strata_config_store::Timestamp;

use crate::site::{Site, TOKEN, bearer};

fn status(site: &Site, token: &str) -> u16 {
    site.send("GET", "/api/v1/config", &[("authorization", &bearer(token))], None).status
}

#[test]
fn whoever_is_not_known_is_told_how_to_be() {
    let site = Site::start();
    for headers in [&[][..], &[("authorization", "Basic cm9vdDp4")], &[("authorization", "Bearer x")]] {
        let reply = site.send("GET", "/api/v1/config", headers, None);
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, "Bearer realm=\"strata\""));
    }
}

#[test]
fn an_expired_token_changes_nothing() {
    let past = Token::new("ann", "old.0123456789abcdef", Scopes::ALL).unwrap().expires(Timestamp::from_millis(1));
    let site = Site::with(&[], |admin| admin.tokens(Tokens::new([past])));
    let header = bearer("old.0123456789abcdef");
    let reply = site.send("PATCH", "/api/v1/config", &[("authorization", &header)], Some("{\"parallel\": 16}"));
    assert_eq!((reply.status, site.live.get().parallel), (401, 8));
    assert!(reply.json()["detail"].as_str().unwrap().contains("expired"));
}

#[test]
fn a_wrong_scope_is_named_and_changes_nothing() {
    let flags = Token::new("ann", "ann.0123456789abcdef", Scopes::from_iter([Scope::Flags, Scope::Read])).unwrap();
    let site = Site::with(&[], |admin| admin.tokens(Tokens::new([flags])));
    let header = bearer("ann.0123456789abcdef");
    let reply = site.send("PATCH", "/api/v1/config", &[("authorization", &header)], Some("{\"parallel\": 16}"));
    assert_eq!((reply.status, reply.json()["scopes"].clone(), site.live.get().parallel), (403, json!(["write"]), 8));
}

#[test]
fn several_tokens_of_one_actor_overlap_while_they_are_replaced() {
    let token = |text| Token::new("ann", text, Scopes::ALL).unwrap();
    let (old, new) = ("old.0123456789abcdef", "new.0123456789abcdef");
    let tokens = Tokens::new([token(old)]);
    let site = Site::with(&[], |admin| admin.tokens(tokens.clone()));
    assert_eq!((status(&site, old), status(&site, new)), (200, 401));
    tokens.replace([token(old), token(new)]);
    assert_eq!((status(&site, old), status(&site, new)), (200, 200));
    tokens.replace([token(new)]);
    assert_eq!((status(&site, old), status(&site, new)), (401, 200));
}

#[test]
fn ten_wrong_tokens_are_enough_and_a_right_one_is_let_in_all_the_same() {
    let site = Site::start();
    for _ in 0..10 {
        assert_eq!(status(&site, "root.a-wrong-secret-of-root"), 401);
    }
    let header = bearer("root.a-wrong-secret-of-root");
    let reply = site.send("PATCH", "/api/v1/config", &[("authorization", &header)], Some("{\"parallel\": 16}"));
    assert_eq!((reply.status, site.live.get().parallel), (429, 8));
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    assert_eq!(status(&site, TOKEN), 200);
}

#[test]
fn wrong_tokens_are_counted_by_the_address_that_a_known_proxy_names() {
    let site = Site::with(&[], |admin| {
        let limits = Limits { failures_per_minute: 1, ..Limits::default() };
        admin.limits(limits).proxies(["127.0.0.0/8".parse().unwrap()])
    });
    let ask = |client| {
        let headers = [("authorization", "Bearer x.0123456789abcdef"), ("x-forwarded-for", client)];
        site.send("GET", "/api/v1/config", &headers, None).status
    };
    assert_eq!((ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.2")), (401, 429, 401));
}

#[test]
fn a_token_that_is_used_too_often_is_told_when_to_come_again() {
    let slow = Token::new("bot", "bot.0123456789abcdef", Scopes::ALL).unwrap().writes_per_second(1);
    let other = Token::new("root", TOKEN, Scopes::ALL).unwrap();
    let tokens = Tokens::new([slow.clone(), other.clone()]);
    let site = Site::with(&[], |admin| admin.tokens(tokens.clone()));
    let header = bearer("bot.0123456789abcdef");
    let write = |parallel: u32| {
        let body = json!({"parallel": parallel}).to_string();
        site.send("PATCH", "/api/v1/config", &[("authorization", &header)], Some(&body))
    };
    let replies: Vec<_> = (10..20).map(write).collect();
    let refused: Vec<_> = replies.iter().filter(|reply| reply.status == 429).collect();
    assert!(replies[0].status == 200 && refused.len() >= 5, "{replies:?}");
    assert_eq!(refused[0].header("retry-after"), "1");
    assert_eq!(site.live.version().revision(), (replies.len() - refused.len()) as u64);
    assert_eq!(status(&site, "bot.0123456789abcdef"), 200, "reads are counted by themselves");
    assert_eq!(site.call("PATCH", "/api/v1/config", &json!({"parallel": 30})).status, 200, "tokens, too");
}

#[test]
fn an_interface_that_nobody_has_locked_is_not_put_where_others_reach_it() {
    let site = Site::start();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let serve = |tokens: Tokens, anywhere: bool| {
        let admin = strata_config_admin::router(&site.live).tokens(tokens);
        let admin = if anywhere { admin.serve_anywhere() } else { admin };
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
            Server::new(admin).grace(Duration::from_secs(1)).serve(listener, std::future::ready(())).await
        })
    };
    let of_chance = Tokens::new([Token::random("root", Scopes::ALL).unwrap().0]);
    for tokens in [Tokens::none(), of_chance.clone()] {
        let error = serve(tokens, false).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
        assert!(error.to_string().contains("127.0.0.1"), "{error}");
    }
    serve(of_chance, true).unwrap();
    serve(site.tokens.clone(), false).unwrap();
}
