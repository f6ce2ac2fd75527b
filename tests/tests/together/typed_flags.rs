//! Flags with typed keys, from `#[derive(FeatureFlags)]` to a value.

use std::sync::{Arc, Mutex};

use strata_config::flags::{
    Context, EvaluationError, FlagList, FlagSet, FlagStruct, Flags, Reason, Resolve, Snapshots, Typed, TypedReader,
    TypedValue, Why, check_types,
};
use strata_config::{ConfigEnum, FeatureFlags};

/// What the shop can do.
#[derive(FeatureFlags, Debug, Clone, PartialEq)]
struct Features {
    /// The new dashboard.
    new_dashboard: bool,
    /// How often a payment is tried.
    #[flag(key = "payment-retries", default = 3)]
    retries: i64,
    #[flag(default = 1)]
    sampling: f64,
    #[flag(default = "Hello")]
    greeting: String,
    #[flag(default = "wide")]
    layout: Layout,
}

#[derive(ConfigEnum, Debug, Clone, PartialEq)]
enum Layout {
    Narrow,
    #[config(alias = "broad")]
    Wide,
}

#[derive(FeatureFlags, Debug, Clone, Copy, PartialEq)]
#[flag(rename_all = "kebab-case")]
enum Switches {
    /// The new dashboard.
    NewDashboard,
    #[flag(default = true)]
    Search,
    #[flag(key = "checkout-v2")]
    Checkout,
}

#[derive(FeatureFlags, Debug, Clone, Copy)]
enum Several {
    On,
    #[flag(default = -7)]
    Count,
    #[flag(default = 0.5)]
    Share,
    #[flag(default = "a")]
    Text,
}

fn set(flags: serde_json::Value) -> Arc<FlagSet> {
    let definitions = serde_json::from_value(serde_json::json!({ "flags": flags })).unwrap();
    Arc::new(FlagSet::new(definitions).unwrap())
}

fn own() -> Features {
    Features { new_dashboard: false, retries: 3, sampling: 1.0, greeting: "Hello".to_owned(), layout: Layout::Wide }
}

#[test]
fn what_the_program_says_of_its_flags_is_a_constant() {
    let keys: Vec<_> = Features::FLAGS.iter().map(|flag| (flag.key, flag.kind().as_str(), flag.doc)).collect();
    let expected = [
        ("new_dashboard", "bool", "The new dashboard."),
        ("payment-retries", "int", "How often a payment is tried."),
        ("sampling", "float", ""),
        ("greeting", "string", ""),
        ("layout", "string", ""),
    ];
    assert_eq!(keys, expected);
    assert_eq!(Features::FLAGS[4].choices.len(), 2);
    assert_eq!(Features::RETRIES.name(), "payment-retries");
    assert_eq!(
        Switches::FLAGS.iter().map(|flag| flag.key).collect::<Vec<_>>(),
        ["new-dashboard", "search", "checkout-v2"]
    );
}

#[test]
fn the_variants_of_an_enum_are_numbered_in_their_order() {
    let indices: Vec<_> = Switches::ALL.iter().map(|flag| flag.index()).collect();
    assert_eq!(indices, [0, 1, 2]);
    assert_eq!(Switches::ALL, [Switches::NewDashboard, Switches::Search, Switches::Checkout]);
}

#[test]
fn without_definitions_the_program_has_its_own_values() {
    let typed = Typed::<Features>::new(set(serde_json::json!({})));
    let context = Context::anonymous();
    assert_eq!(typed.all(&context), own());
    let details = typed.details(Features::RETRIES, &context);
    assert_eq!((details.value, details.reason, details.why), (3, Reason::Error, None));
    assert_eq!(details.error, Some(EvaluationError::FlagNotFound { key: "payment-retries".to_owned() }));
    assert_eq!(typed.problems(), []);
}

#[test]
fn a_key_gives_a_value_of_its_own_type() {
    let set = set(serde_json::json!({
        "new_dashboard": true,
        "payment-retries": { "variants": { "many": 9 }, "fallthrough": "many" },
        "sampling": { "variants": { "all": 1, "some": 0.25 }, "fallthrough": "some" },
        "greeting": { "variants": { "long": "Good morning" }, "fallthrough": "long" },
        "layout": { "variants": { "a": "BROAD", "b": "narrow" }, "fallthrough": "b" },
    }));
    let typed = Typed::<Features>::new(Arc::clone(&set));
    let context = Context::of("anna");
    assert!(typed.get(Features::NEW_DASHBOARD, &context));
    assert_eq!(typed.get(Features::RETRIES, &context), 9);
    assert_eq!(typed.get(Features::SAMPLING, &context), 0.25);
    assert_eq!(typed.get(Features::GREETING, &context), "Good morning");
    assert_eq!(typed.get(Features::LAYOUT, &context), Layout::Narrow);
    assert_eq!(typed.problems(), []);

    let all = Features::evaluate(&typed, &context);
    assert_eq!((all.new_dashboard, all.retries, all.layout.clone()), (true, 9, Layout::Narrow));
    assert_eq!(Features::evaluate(&*set, &context), all, "by name as by number");
    assert_eq!(Features::resolve(&typed, &context), all);
}

#[test]
fn details_tell_why() {
    let set = set(serde_json::json!({ "checkout-v2": {
        "rules": [{ "id": "staff", "when": { "attribute": "role", "op": "in", "value": "staff" }, "serve": "on" }],
        "fallthrough": "off",
    }}));
    let typed = Typed::<Switches>::new(set);
    let staff = Context::of("anna").with("role", "staff");
    let details = typed.details(Switches::Checkout, &staff);
    assert_eq!(
        (details.value, details.variant.as_deref(), details.rule_id.as_deref()),
        (true, Some("on"), Some("staff"))
    );
    assert_eq!((details.reason, details.why, details.error), (Reason::TargetingMatch, Some(Why::Rule), None));
    assert!(!typed.get(Switches::Checkout, &Context::of("bert")));
    assert!(typed.get(Switches::Search, &staff), "its own default");
}

#[test]
fn an_enum_of_several_types_gives_values_that_tell_theirs() {
    let set = set(serde_json::json!({
        "share": { "variants": { "half": 1, "all": 2.5 }, "fallthrough": "half" },
        "text": { "variants": { "b": "b" }, "fallthrough": "b" },
    }));
    let typed = Typed::<Several>::new(set);
    let context = Context::anonymous();
    let values: Vec<_> = Several::ALL.iter().map(|flag| typed.get(*flag, &context)).collect();
    let expected = [TypedValue::Bool(false), TypedValue::Int(-7), TypedValue::Float(1.0), TypedValue::Str("b")];
    assert_eq!(values, expected);
}

#[test]
fn another_type_is_told_when_the_set_is_bound_and_answers_the_default() {
    let set = set(serde_json::json!({
        "new_dashboard": { "variants": { "a": "yes" }, "fallthrough": "a" },
        "payment-retries": { "variants": { "a": 1.5 }, "fallthrough": "a" },
        "layout": { "variants": { "a": "huge", "b": "wide" }, "fallthrough": "a" },
    }));
    let typed = Typed::<Features>::new(Arc::clone(&set));
    let problems: Vec<_> = typed.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "new_dashboard.type: the flag is of type string, and the program reads it as bool (give its variants values \
             of type bool, or change the program's default)",
            "payment-retries.type: the flag is of type float, and the program reads it as int (give its variants values \
             of type int, or change the program's default)",
            "layout.variants.a: the value is no choice that the program knows (write one of `narrow`, `wide`)",
        ]
    );
    assert_eq!(check_types::<Features>(&set), typed.problems());

    let context = Context::anonymous();
    assert_eq!(typed.all(&context), own());
    let details = typed.details(Features::RETRIES, &context);
    let codes = |error: Option<EvaluationError>| error.map(|error| error.code());
    assert_eq!((details.value, details.variant, details.reason), (3, None, Reason::Error));
    assert_eq!(codes(details.error), Some("TYPE_MISMATCH"));
    let layout = typed.details(Features::LAYOUT, &context);
    assert_eq!((layout.value, codes(layout.error)), (Layout::Wide, Some("PARSE_ERROR")));
}

#[test]
fn a_wrong_type_shows_before_anybody_is_served_it() {
    let set = set(serde_json::json!({ "payment-retries": { "variants": { "a": "x" }, "status": "disabled" } }));
    let typed = Typed::<Features>::new(set);
    let details = typed.details(Features::RETRIES, &Context::anonymous());
    assert_eq!(details.error.map(|error| error.code()), Some("TYPE_MISMATCH"));
}

/// A source whose set is exchanged.
#[derive(Clone)]
struct Exchanged(Arc<Mutex<Arc<FlagSet>>>);

impl Snapshots for Exchanged {
    fn current(&self) -> Arc<FlagSet> {
        Arc::clone(&self.0.lock().unwrap())
    }
}

#[test]
fn a_reader_follows_its_source_whatever_comes_and_goes() {
    let states = [
        serde_json::json!({ "search": false }),
        serde_json::json!({ "search": true }),
        serde_json::json!({ "a": true, "new-dashboard": true, "search": false }),
        serde_json::json!({ "checkout-v2": true }),
        serde_json::json!({}),
    ];
    let source = Exchanged(Arc::new(Mutex::new(set(serde_json::json!({})))));
    let mut reader = TypedReader::<Switches, _>::new(source.clone());
    let mut other = reader.clone();
    for state in states {
        *source.0.lock().unwrap() = set(state.clone());
        let is_on = |key: &str, default: bool| state.get(key).map_or(default, |value| value.as_bool().unwrap());
        for typed in [reader.current(), other.current()] {
            let found = Switches::ALL.iter().map(|flag| typed.get(*flag, &Context::anonymous()));
            let expected = [is_on("new-dashboard", false), is_on("search", true), is_on("checkout-v2", false)];
            assert!(found.eq(expected), "{state}");
        }
    }
}

#[test]
fn a_renewed_table_is_that_of_the_new_set() {
    let before = Typed::<Switches>::new(set(serde_json::json!({ "search": false })));
    let definitions = serde_json::from_value::<strata_config::flags::model::Definitions>(
        serde_json::json!({ "flags": { "search": { "variants": { "a": "text" }, "fallthrough": "a" } } }),
    )
    .unwrap();
    // The same names keep their numbers, and the types are compared again nevertheless.
    let set = Arc::new(FlagSet::compile(definitions.into(), Some(before.view().set())).unwrap());
    let after = before.renewed(Arc::clone(&set));
    assert!(Arc::ptr_eq(after.view().set(), &set));
    assert_eq!((before.problems().len(), after.problems().len()), (0, 1));
    assert!(after.get(Switches::Search, &Context::anonymous()));
    assert!(Resolve::<Switches>::answer(&after, 0, &Context::anonymous()).is_err());
}

#[test]
fn typed_questions_to_a_handle_are_counted() {
    let flags = Flags::new(set(serde_json::json!({
        "new-dashboard": true,
        "search": { "variants": { "a": "text" }, "fallthrough": "a" },
    })));
    let mut reader = TypedReader::<Switches, _>::new(flags.clone());
    let context = Context::of("anna");
    for flag in Switches::ALL {
        let _ = reader.current().get(*flag, &context);
    }
    let exposures = flags.exposures();
    assert_eq!(exposures.flags["new-dashboard"].of(Some("on")), 1);
    assert_eq!(exposures.flags["search"].type_mismatches, 1);
    assert_eq!(exposures.unknown["checkout-v2"], 1);

    flags.replace(set(serde_json::json!({ "checkout-v2": true })), 7);
    let typed = reader.current();
    assert!(typed.get(Switches::Checkout, &context));
    assert_eq!(typed.details(Switches::Checkout, &context).revision, 7);
    assert_eq!(flags.exposures().flags["checkout-v2"].of(Some("on")), 2);
}
