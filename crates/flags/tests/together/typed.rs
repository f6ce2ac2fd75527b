//! Typed keys without the facade: the path to the runtime, and what an evaluation costs.

use std::sync::Arc;

use strata_config_derive::FeatureFlags;
use strata_config_flags::{Context, FlagSet, Flags, Typed, TypedReader, View};

#[derive(FeatureFlags, Debug, PartialEq)]
#[flag(crate = strata_config_flags)]
struct Features {
    dashboard: bool,
    #[flag(default = 3)]
    retries: i64,
    #[flag(default = "none")]
    banner: String,
    #[flag(default = 0.5)]
    missing: f64,
}

fn set(dashboard: &str) -> Arc<FlagSet> {
    let definitions = serde_json::json!({ "flags": {
        "dashboard": {
            "rules": [{ "when": { "attribute": "country", "op": "in", "value": "DE" }, "serve": "on" }],
            "fallthrough": dashboard,
        },
        "retries": { "variants": { "few": 1, "many": 9 }, "fallthrough": "many" },
        "banner": { "variants": { "hi": "Good morning" }, "fallthrough": "hi" },
    }});
    Arc::new(FlagSet::new(serde_json::from_value(definitions).unwrap()).unwrap())
}

#[test]
fn a_question_by_a_typed_key_allocates_nothing() {
    let context = Context::of("anna").with("country", "DE");
    let flags = Flags::new(set("25%"));
    for view in [View::from(set("25%")), View::from(flags.snapshot())] {
        let typed = Typed::<Features>::new(view);
        let mut answers = (false, 0, 0);
        let cost = allocation_counter::measure(|| {
            answers = (
                typed.get(Features::DASHBOARD, &context),
                typed.get(Features::RETRIES, &context),
                typed.get(Features::BANNER, &context).len(),
            );
        });
        assert_eq!((answers, cost.count_total), ((true, 9, "Good morning".len()), 0));
    }
    let typed = Typed::<Features>::new(set("off"));
    let cost = allocation_counter::measure(|| assert_eq!(typed.get(Features::MISSING, &context), 0.5));
    assert_eq!(cost.count_total, 0);
}

#[test]
fn a_reader_allocates_after_a_change_alone() {
    let context = Context::anonymous();
    let flags = Flags::new(set("off"));
    let mut reader = TypedReader::<Features, _>::new(flags.clone());
    let ask = |reader: &mut TypedReader<Features, Flags>| {
        let mut is_on = false;
        let cost = allocation_counter::measure(|| is_on = reader.current().get(Features::DASHBOARD, &context));
        (is_on, cost.count_total > 0)
    };
    ask(&mut reader);
    assert_eq!(ask(&mut reader), (false, false));
    flags.replace(set("on"), 1);
    assert_eq!(ask(&mut reader), (true, true));
    assert_eq!(ask(&mut reader), (true, false));
}

#[test]
fn all_flags_come_of_one_set() {
    let expected = Features { dashboard: false, retries: 9, banner: "Good morning".to_owned(), missing: 0.5 };
    let context = Context::anonymous();
    let set = set("off");
    assert_eq!(Features::evaluate(&*set, &context), expected);
    assert_eq!(Features::evaluate(&*Flags::new(Arc::clone(&set)).snapshot(), &context), expected);
    assert_eq!(Features::evaluate(&Typed::new(set), &context), expected);
}
