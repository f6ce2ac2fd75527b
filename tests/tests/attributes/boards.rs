//! Profiles: defaults and caps of boards.

use crate::*;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, profile(small(default = 4, max = 20), big(default = 64)))]
    pool: u32,
    #[config(default = 100, fallback = 50, profile(small(max = 60)))]
    cache: u32,
}

#[test]
fn a_profiles_default_stands_right_above_the_default() {
    let loaded = Config::loader().profile("small").mode(Mode::Lenient).load().unwrap();
    assert_eq!(loaded.pool, 4);
    assert_eq!(loaded.origin("pool").unwrap().to_string(), "profile small, shadows the default 8");
    assert_eq!(Config::loader().profile("big").text("a.toml", "pool = 1").load().unwrap().pool, 1);
}

#[test]
fn a_cap_refuses_warns_or_clamps_by_mode() {
    let loader = || Config::loader().profile("small").text("a.toml", "pool = 30\ncache = 1\n");
    assert!(!report(loader().mode(Mode::Strict)).is_valid());
    let normal = loader().load().unwrap();
    assert_eq!((normal.pool, normal.warnings().findings()[0].code), (30, "rule.profile"));
    let lenient = loader().mode(Mode::Lenient).load().unwrap();
    assert_eq!(lenient.pool, 20);
    assert_eq!(
        lenient.origin("pool").unwrap().to_string(),
        "the fallback for profile small, shadows a.toml:1:8 30 and profile small 4 and the default 8"
    );
    assert_eq!(Config::loader().profile("small").mode(Mode::Lenient).load().unwrap().cache, 50);
}

#[test]
fn an_unknown_profile_is_told() {
    let loaded = Config::loader().profile("smal").load().unwrap();
    assert_eq!(loaded.warnings().findings()[0].code, "profile.unknown");
}
