//! The rollout on its board: the seed's limits and fallbacks in every profile, and the memory that all of it takes.

use serde_json::json;
use strata_config::{ByteSize, Mode};
use strata_config_pi_profile::{BUILTIN, builtin};
use strata_config_reference::phase2a::Phase2aConfig;

use super::{Phase2aLoader, loader};
use crate::table::{accept, at, errors, json as exported, load, refuse, warnings};

fn on(profile: &str) -> Phase2aLoader {
    loader().profile(builtin(profile).unwrap())
}

#[test]
fn the_seeds_limits_hold_in_every_profile() {
    for profile in BUILTIN {
        for (path, beyond) in [
            ("max_memory_usage_mb", "401"),
            ("connection_pool.http_total_pool_size", "201"),
            ("connection_pool.db_pool_size", "21"),
            ("request_pipeline.batch_size", "51"),
        ] {
            let report = refuse(on(profile).set(path, beyond));
            let place = format!("--set {path}");
            assert!(errors(&report).contains(&("rule.range", path, &place)), "{profile}: {report}");
        }
        let report =
            refuse(on(profile).set("max_memory_usage_mb", "40").set("request_pipeline.cache_memory_limit_mb", "41"));
        let found = errors(&report);
        assert!(
            found.iter().any(|(code, path, _)| {
                (*code, *path) == ("rule.cross_field", "request_pipeline.cache_memory_limit_mb")
            }),
            "{profile}: {report}"
        );
    }
}

#[test]
fn the_seeds_fallbacks_come_out_exactly_on_every_board() {
    for profile in ["pi_zero_2w", "pi_3", "pi_4", "pi_5", "container_512", "unlimited"] {
        for (path, beyond, fallback) in [
            ("max_memory_usage_mb", "401", 200),
            ("connection_pool.http_total_pool_size", "201", 50),
            ("connection_pool.db_pool_size", "21", 5),
        ] {
            let loaded = accept(on(profile).set(path, beyond).mode(Mode::Lenient));
            assert_eq!(at(&exported(&loaded), path), &json!(fallback), "{profile}");
            let explained = loaded.origin(path).unwrap();
            assert_eq!(explained.origin.unwrap().layer.as_str(), "fallback", "{profile}: {path}");
            assert_eq!(explained.shadows[0].value.to_text(), beyond, "what was asked for is a shadow");
        }
        let loaded = accept(on(profile).set("max_memory_usage_mb", "40").mode(Mode::Lenient));
        assert_eq!(loaded.config().request_pipeline.cache_memory_limit_mb, 25, "{profile}");
        let report = refuse(on(profile).set("request_pipeline.batch_size", "51").mode(Mode::Lenient));
        assert_eq!(errors(&report)[0].0, "rule.range", "{profile}");
    }
}

#[test]
fn the_seeds_defaults_are_what_the_board_carries() {
    let plain = exported(&load::<Phase2aConfig>(&[]));
    let loaded = accept(on("pi_zero_2w"));
    assert_eq!(exported(&loaded), plain);
    assert_eq!(warnings(&loaded), []);
}

#[test]
fn the_defaults_need_a_sixth_of_the_boards_memory() {
    let budget = accept(on("pi_zero_2w")).budget();
    let shares: Vec<(&str, u64)> =
        budget.shares.iter().map(|share| (share.path.as_str(), share.need.bytes())).collect();
    assert_eq!(
        shares,
        [
            ("request_pipeline.cache_memory_limit_mb", 50_000_000),
            ("request_pipeline.max_concurrent_requests", 100 * 65_536),
            ("connection_pool.http_total_pool_size", 100 * 49_152),
            ("connection_pool.db_pool_size", 10 * 262_144),
        ]
    );
    assert_eq!(budget.need, ByteSize(64_090_240));
    assert_eq!((budget.memory.unwrap().ceiling, budget.excess()), (ByteSize::mib(400), None));
}

/// A cache of 390 MB, and requests of some more.
fn crowded(profile: &str, requests: &str) -> Phase2aLoader {
    let loader = on(profile).set("max_memory_usage_mb", "400").set("request_pipeline.cache_memory_limit_mb", "390");
    loader.set("request_pipeline.max_concurrent_requests", requests)
}

#[test]
fn what_the_board_does_not_carry_is_one_finding_that_names_the_largest_shares() {
    let loaded = accept(crowded("pi_zero_2w", "500"));
    let found = warnings(&loaded);
    let cache = "request_pipeline.cache_memory_limit_mb";
    assert_eq!(found, [("profile.budget", cache, &*format!("--set {cache}"))]);
    let finding = &loaded.warnings().findings()[0];
    let related: Vec<&str> = finding.related.iter().map(|related| related.path.as_str()).collect();
    assert_eq!(
        related,
        [
            "request_pipeline.max_concurrent_requests",
            "connection_pool.http_total_pool_size",
            "connection_pool.db_pool_size"
        ]
    );
    let help = finding.help.as_deref().unwrap();
    assert!(help.contains("lower `request_pipeline.cache_memory_limit_mb` to at most "), "{help}");

    assert_eq!(errors(&refuse(crowded("pi_zero_2w", "500").mode(Mode::Strict)))[0].0, "profile.budget");
    assert_eq!(errors(&refuse(crowded("pi_zero_2w", "5000")))[0].0, "profile.budget", "more than the board has");
    accept(crowded("pi_3", "500"));
    accept(crowded("unlimited", "5000"));
}

#[test]
fn a_lenient_load_brings_an_overfull_board_back_by_the_fallbacks() {
    let loaded = accept(crowded("pi_zero_2w", "500").mode(Mode::Lenient));
    assert_eq!(loaded.config().request_pipeline.cache_memory_limit_mb, 25);
    let explained = loaded.origin("request_pipeline.cache_memory_limit_mb").unwrap();
    let origin = explained.origin.unwrap();
    assert_eq!((origin.layer.as_str(), &*origin.at), ("fallback", "profile pi_zero_2w"));
    assert_eq!(explained.shadows[0].value.to_text(), "390");
}

#[test]
fn a_small_container_lowers_defaults() {
    let loaded = accept(on("container_128"));
    let config = loaded.config();
    assert_eq!((config.max_memory_usage_mb, config.connection_pool.http_total_pool_size), (128, 56));
    assert_eq!(config.connection_pool.max_concurrent_connections, 56);
    assert_eq!(loaded.origin("max_memory_usage_mb").unwrap().origin.unwrap().at, "container_128");
    let report = refuse(on("container_128").set("max_memory_usage_mb", "200"));
    assert_eq!(errors(&report), [("rule.profile", "max_memory_usage_mb", "--set max_memory_usage_mb")]);
}
