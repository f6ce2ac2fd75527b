//! Flags as leaves of a configuration: what they may say, where mistakes stand, and which of them make a set.

use std::collections::BTreeMap;

use strata_config::{Finding, LayeredConfig, Report};
use strata_config_flags::model::{Flag, Segment};
use strata_config_flags::{Collected, Context, FlagSettings, KillSwitch, check};

/// An application's flags, in all the forms that they may have.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP", validate = check)]
struct App {
    #[config(nested, env_prefix = "FEATURE")]
    features: Features,
    #[config(nested)]
    flags: FlagSettings,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Features {
    #[config(default = "canary")]
    new_dashboard: Flag,
    #[config(default = false, key = "checkout-v2")]
    checkout: Flag,
    dark_mode: Option<Flag>,
}

fn env(name: &'static str, value: &'static str) -> Result<App, Report> {
    App::loader().env_from([(name, value)]).load().map(|loaded| loaded.into_config())
}

fn flag(text: &'static str) -> Result<Flag, String> {
    env("FEATURE_NEW_DASHBOARD", text).map(|app| app.features.new_dashboard).map_err(|report| report.to_string())
}

#[test]
fn a_variable_says_a_flag_in_a_word() {
    assert_eq!(flag("true"), Ok(Flag::Switch(true)));
    assert_eq!(flag("off"), Ok(Flag::Switch(false)));
    assert_eq!(flag("1"), Ok(Flag::Switch(true)));
    assert_eq!(flag("25%"), Ok(Flag::Share("25%".parse().unwrap())));
    assert_eq!(flag("0.001%"), Ok(Flag::Share("0.001%".parse().unwrap())));
    assert_eq!(flag("Majority"), "majority".parse::<Flag>().map_err(|error| error.to_string()));
    assert_eq!(flag(r#"{"forced": "on"}"#).unwrap().definition().forced.as_deref(), Some("on"));
}

#[test]
fn a_bare_number_is_refused_with_what_to_write() {
    for text in ["25", "0.25", "100"] {
        let report = flag(text).unwrap_err();
        assert!(report.contains(&format!("write `{text}%`")), "{report}");
        assert!(report.contains("FEATURE_NEW_DASHBOARD"), "{report}");
    }
    assert!(flag("101%").unwrap_err().contains("more than 100%"));
    assert!(flag("canry").unwrap_err().contains("no flag"));
}

#[test]
fn every_mistake_of_every_flag_is_told_at_its_place() {
    let text = r#"
[flags.flags.one]
variants = { a = 1, b = 2 }
forced = "c"
rules = [
  { when = { attribute = "age", op = "at_least", values = ["old"] }, serve = "a" },
  { serve = "bb" },
]

[flags.flags.two]
status = "enabledd"

[flags]
flags.three = 25
flags.four.rules = [{ when = { attribut = "x", op = "exists" }, serve = "on" }]

[flags.segments.staff]
when = { attribute = "ip", op = "in_network", values = ["10.0.0.0/99"] }
"#;
    let report = App::loader().text("app.toml", text).load().unwrap_err();
    let at = |finding: &Finding| finding.origin.as_ref().map(|origin| origin.at.clone()).unwrap_or_default();
    let told: Vec<String> = (report.findings().iter())
        .map(|finding| format!("{} at {}: {}", finding.path, at(finding), finding.message))
        .collect();
    let expected = [
        "flags.flags.one.forced at app.toml:4:10: there is no variant `c`",
        "flags.flags.one.rules.0.when.values.0 at app.toml:6:60: `\"old\"` is no number",
        "flags.flags.one.rules.1.serve at app.toml:7:13: there is no variant `bb`",
        "flags.flags.two.status at app.toml:11:10: \
         `enabledd` is not one of `enabled`, `disabled`, `maintenance`, `error` or `archived`",
        "flags.flags.three at app.toml:14:15: a bare `25` may be a share or a percentage: write `25%`, or what it is in percent",
        "flags.flags.four.rules.0.when.attribut at app.toml:15:32: unknown key `attribut`",
        "flags.segments.staff.when.values.0 at app.toml:18:57: `\"10.0.0.0/99\"` is no network such as 10.0.0.0/8",
    ];
    assert_eq!(told, expected);
}

#[test]
fn flags_of_all_places_make_one_set() {
    let text = r#"
[features]
new_dashboard = { rules = [{ when = { segment = "staff" }, serve = "on" }], default_variant = "off" }
checkout = "100%"
[flags.segments]
staff = { include = ["ann"] }
[flags.flags]
banner = { variants = { a = "A" }, fallthrough = "a" }
"#;
    let app = App::loader().text("app.toml", text).load().unwrap().into_config();
    let set = Collected::of(&app, None).compile(None).unwrap();
    assert_eq!(set.keys().collect::<Vec<_>>(), ["banner", "checkout-v2", "new_dashboard"]);
    assert!(set.is_on("new_dashboard", &Context::of("ann"), false));
    assert!(!set.is_on("new_dashboard", &Context::of("bob"), true));
    assert!(set.is_on("checkout-v2", &Context::of("bob"), false));

    let killed = App { flags: FlagSettings { kill_switch: KillSwitch(true), ..app.flags.clone() }, ..app };
    let set = Collected::of(&killed, Some(&set)).compile(Some(&set)).unwrap();
    assert!(!set.is_on("checkout-v2", &Context::of("bob"), true));
}

#[test]
fn what_flags_say_of_each_other_is_checked_when_they_are_loaded() {
    for (text, message) in [
        (
            "[flags.flags]\na = { prerequisites = [{ flag = \"new_dashbord\", variant = \"on\" }] }",
            "there is no flag `new_dashbord`",
        ),
        (
            "[flags.flags]\na = { prerequisites = [{ flag = \"checkout-v2\", variant = \"onn\" }] }",
            "there is no variant `onn`",
        ),
        ("[flags.flags]\na = { rules = [{ when = { segment = \"x\" }, serve = \"on\" }] }", "there is no segment `x`"),
        (
            "[flags.flags]\na = { prerequisites = [{ flag = \"b\", variant = \"on\" }] }\nb = { prerequisites = [{ flag = \"a\", variant = \"on\" }] }",
            "a circle: flag `a` asks flag `b` asks flag `a`",
        ),
        ("[flags.flags]\nnew_dashboard = true", "two settings are the flag `new_dashboard`"),
        ("[flags.segments]\na = { when = { segment = \"a\" } }", "it asks itself"),
    ] {
        let report = App::loader().text("app.toml", text).load().unwrap_err().to_string();
        assert!(report.contains(message), "{message}\n{report}");
        assert!(report.contains("app.toml:"), "{report}");
    }
}

#[test]
fn a_set_shares_with_the_one_before_what_has_not_changed() {
    let flags: BTreeMap<String, Flag> = (0..10).map(|number| (format!("f{number}"), Flag::Switch(true))).collect();
    let segments = BTreeMap::from([("all".to_owned(), Segment::default())]);
    let app = |flags| App {
        features: Features { new_dashboard: Flag::default(), checkout: Flag::default(), dark_mode: None },
        flags: FlagSettings { flags, segments: segments.clone(), ..FlagSettings::default() },
    };
    let first = Collected::of(&app(flags.clone()), None).compile(None).unwrap();
    let changed =
        flags.into_iter().map(|(key, flag)| if key == "f3" { (key, Flag::Switch(false)) } else { (key, flag) });
    let second = Collected::of(&app(changed.collect()), Some(&first)).compile(Some(&first)).unwrap();
    assert!(!second.is_on("f3", &Context::anonymous(), true));
    assert!(std::ptr::eq(first.definition("f4").unwrap(), second.definition("f4").unwrap()));
    assert!(!std::ptr::eq(first.definition("f3").unwrap(), second.definition("f3").unwrap()));
}
