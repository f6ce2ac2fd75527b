//! Profiles: defaults and caps of boards, by attribute, by class of resource and by path; the memory of a whole.

use strata_config::{Bound, Budget, ByteSize, Limits, Loader, Memory, Profile};

use super::*;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, profile(small(default = 4, max = 20), big(default = 64)))]
    pool: u32,
    #[config(default = 100, fallback = 50, profile(small(max = 60)))]
    cache: u32,
    #[config(default = 2, profile(small(min = 1, max = 4, hard)))]
    threads: u32,
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
fn a_hard_cap_is_an_error_in_normal_mode_too_and_clamped_in_lenient_mode() {
    let loader = || Config::loader().profile("small").text("a.toml", "threads = 9\n");
    let report = report(loader());
    assert_eq!((report.errors().next().unwrap().code, report.errors().count()), ("rule.profile", 1));
    let lenient = loader().mode(Mode::Lenient).load().unwrap();
    assert_eq!(lenient.threads, 4);
    let none = Config::loader().profile("small").text("a.toml", "threads = 0\n").mode(Mode::Lenient).load().unwrap();
    assert_eq!(none.threads, 1);
}

#[test]
fn a_fallback_beyond_the_cap_is_no_help_so_the_cap_counts() {
    let tight = Limits { max: Some(Bound::Int(40)), ..Limits::default() };
    let profile = Profile::new("small").setting("cache", tight);
    let loaded = Config::loader().profile(profile).mode(Mode::Lenient).load().unwrap();
    assert_eq!(loaded.cache, 40, "the fallback is 50");
}

/// A setting with limits of its own.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Ruled {
    #[config(default = 8, validate(range(max = 64)), fallback = 32, profile(small(max = 16), big(max = 64)))]
    pool: u32,
}

#[test]
fn what_its_own_rule_refuses_is_told_once() {
    let report = report(Ruled::loader().profile("small").text("a.toml", "pool = 100\n"));
    let codes: Vec<&str> = report.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["rule.range"]);
}

#[test]
fn a_rules_fallback_is_capped_as_any_value_is() {
    let loader = |board: &str| Ruled::loader().profile(board).text("a.toml", "pool = 100\n").mode(Mode::Lenient);
    assert_eq!(loader("big").load().unwrap().pool, 32);
    let capped = loader("small").load().unwrap();
    assert_eq!(capped.pool, 16);
    assert_eq!(
        capped.origin("pool").unwrap().to_string(),
        "the fallback for profile small, shadows a.toml:1:8 100 and the default 8"
    );
}

#[test]
fn an_unknown_profile_is_an_error_with_the_nearest_name() {
    let report = report(Config::loader().profile("smal"));
    let finding = &report.findings()[0];
    assert_eq!(finding.code, "profile.unknown");
    assert_eq!(finding.help.as_deref(), Some("did you mean `small`? known profiles: small, big"));
    // One that has data is known, though no attribute names it.
    let memory = Memory { total: ByteSize::mib(128), ceiling: ByteSize::mib(100) };
    Config::loader().profile(Profile::new("box").with_memory(memory)).load().unwrap();
}

#[test]
fn a_profile_counts_as_its_bases_where_attributes_say_nothing_of_it() {
    let own = Limits { default: Some(Bound::Int(6)), max: Some(Bound::Int(10)), ..Limits::default() };
    let profile = || Profile::new("shop").extends("small").setting("cache", own);
    let loaded = Config::loader().profile(profile()).load().unwrap();
    assert_eq!((loaded.pool, loaded.cache), (4, 6));
    assert_eq!(loaded.origin("pool").unwrap().to_string(), "profile shop, shadows the default 8");
    let beyond = Config::loader().profile(profile()).text("a.toml", "pool = 21\ncache = 11\n").load().unwrap();
    let paths: Vec<&str> = beyond.warnings().findings().iter().map(|finding| finding.path.as_str()).collect();
    assert_eq!(paths, ["pool", "cache"]);
}

#[test]
fn a_profiles_layer_is_weaker_than_every_source_and_stronger_than_attributes() {
    let mut builder = strata_config::DocumentBuilder::new("", String::new());
    let root = builder.push(None, strata_config::Kind::Table, strata_config::Span::default());
    let pool = builder.push(Some(root), strata_config::Kind::Integer, strata_config::Span::default());
    builder.set_key(pool, "pool", strata_config::Span::default());
    builder.set_scalar(pool, "7");
    let layer = strata_config::Layer::new(strata_config::LayerKind::Profile, "shop", builder.finish());
    let loader = || Config::loader().profile(Profile::new("shop").extends("small").defaults(layer.clone()));
    let loaded = loader().load().unwrap();
    assert_eq!(loaded.pool, 7);
    assert_eq!(loaded.origin("pool").unwrap().to_string(), "profile shop, shadows profile shop 4 and the default 8");
    assert_eq!(loader().text("a.toml", "pool = 3\n").load().unwrap().pool, 3);
    let stack = loader().text("a.toml", "cache = 3\n").stack();
    let kept = stack.outcome(None, []).into_loaded().unwrap();
    assert_eq!((kept.pool, kept.cache), (7, 3), "a live configuration has it once, below everything");
}

/// Settings that name what they take of a machine.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Sized {
    #[config(default = 200, resource = "memory_mb", fallback = 25, cost = "1MB")]
    cache_mb: u32,
    #[config(default = "300MB", resource = "memory_mb", cost = "1B")]
    buffer: ByteSize,
    #[config(default = 1.0, unit = "GB", resource = "memory_mb")]
    heap: f64,
    #[config(default = 100, resource = "connections", cost = "48KiB")]
    connections: u32,
    #[config(default = 4, resource = "connections", profile(small(max = 50)))]
    admin_connections: u32,
    #[config(default = 16, validate(range(min = 8)), resource = "threads")]
    workers: u32,
}

fn most(most: i128) -> Limits {
    Limits { max: Some(Bound::Int(most)), ..Limits::default() }
}

#[test]
fn a_class_lowers_defaults_in_each_settings_own_unit_and_never_raises_them() {
    let profile = Profile::new("small")
        .resource("memory_mb", Limits { default: Some(Bound::Int(128)), ..most(256) })
        .resource("connections", most(20))
        .resource("threads", most(4));
    let loaded = Sized::loader().profile(profile).load().unwrap();
    assert_eq!((loaded.cache_mb, loaded.buffer, loaded.heap), (128, ByteSize(128_000_000), 0.128));
    assert_eq!((loaded.connections, loaded.admin_connections), (20, 4), "a lower default stays");
    assert_eq!(loaded.workers, 16, "a default that its own rule needs stays, and the limit is told");
    assert_eq!(loaded.warnings().findings().len(), 1);
    assert_eq!(loaded.origin("connections").unwrap().to_string(), "profile small, shadows the default 100");
}

#[test]
fn a_classs_limit_counts_where_the_attribute_says_nothing() {
    let profile = || Profile::new("small").resource("connections", Limits { hard: true, ..most(20) });
    let file = "connections = 30\nadmin_connections = 30\n";
    let refused = report(Sized::loader().profile(profile()).text("a.toml", file));
    let found: Vec<(&str, &str)> =
        refused.findings().iter().map(|finding| (finding.path.as_str(), finding.message.as_str())).collect();
    assert_eq!(
        found,
        [("connections", "profile small, connections: must be at most 20, found `30`")],
        "50 admin connections are allowed by the attribute"
    );
    let clamped = Sized::loader().profile(profile()).text("a.toml", file).mode(Mode::Lenient).load().unwrap();
    assert_eq!((clamped.connections, clamped.admin_connections), (20, 30));
}

fn board(total: u64, ceiling: u64) -> Profile {
    Profile::new("board").with_memory(Memory { total: ByteSize(total), ceiling: ByteSize(ceiling) })
}

#[test]
fn the_budget_adds_what_every_setting_costs() {
    let budget: Budget = Sized::loader().profile(board(1_000_000_000, 600_000_000)).load().unwrap().budget();
    assert_eq!(budget.need, ByteSize(200_000_000 + 300_000_000 + 100 * 48 * 1024));
    let shares: Vec<(&str, u64)> = budget.shares.iter().map(|share| (share.path.as_str(), share.need.0)).collect();
    assert_eq!(shares, [("buffer", 300_000_000), ("cache_mb", 200_000_000), ("connections", 4_915_200)]);
    assert_eq!(budget.excess(), None);
    assert_eq!(Sized::loader().load().unwrap().budget().memory, None, "without a profile nobody knows");
}

#[test]
fn what_needs_more_than_there_is_is_one_finding_that_says_what_to_lower() {
    let loader = |total| Sized::loader().profile(board(total, 400_000_000)).text("a.toml", "buffer = \"350MB\"\n");
    let loaded = loader(600_000_000).load().unwrap();
    let [finding] = loaded.warnings().findings() else { panic!("one finding") };
    assert_eq!((finding.code, finding.path.as_str()), ("profile.budget", "buffer"));
    assert_eq!(finding.origin.as_ref().unwrap().at, "a.toml:1:10");
    assert_eq!(
        finding.message,
        "profile board: the configuration needs 555.0MB of memory, and 400MB may be used: `buffer` = 350MB takes 350MB, \
         `cache_mb` = 200 takes 200MB, `connections` = 100 takes 5.0MB"
    );
    assert_eq!(
        finding.help.as_deref(),
        Some("lower `buffer` to at most 195MB, or `cache_mb` to at most 45"),
        "connections alone can't make up for it"
    );
    let related: Vec<&str> = finding.related.iter().map(|other| other.path.as_str()).collect();
    assert_eq!(related, ["cache_mb", "connections"]);
    // What all of the board can't hold is an error; so is any excess in strict mode.
    assert!(!report(loader(500_000_000)).is_valid());
    assert!(!report(loader(600_000_000).mode(Mode::Strict)).is_valid());
}

#[test]
fn lenient_mode_takes_fallbacks_until_it_fits() {
    let loader: Loader<Sized> = Sized::loader().profile(board(410_000_000, 400_000_000)).mode(Mode::Lenient);
    let loaded = loader.load().unwrap();
    assert_eq!((loaded.cache_mb, loaded.buffer), (25, ByteSize(300_000_000)));
    assert_eq!(
        loaded.origin("cache_mb").unwrap().to_string(),
        "the fallback for profile board, shadows the default 200"
    );
    assert_eq!(loaded.warnings().findings().len(), 1);
    // Where no fallback helps, what can't fit stays an error.
    let tight = Sized::loader().profile(board(300_000_000, 250_000_000)).mode(Mode::Lenient);
    assert_eq!(report(tight).errors().next().unwrap().code, "profile.budget");
}
