//! Laws of every chain: the way back leads back, a plan is an RFC 6902 patch of what happens, a failure changes nothing.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use strata_config::{Document, Layer, LayeredConfig, Value};
use strata_config_migrate::{Migrations, Refusal, Step};

/// Documents of any shape are read without settings of their own.
#[derive(LayeredConfig)]
#[config(allow_unknown)]
struct Anything {}

fn document(name: &str, text: &str) -> Document {
    Layer::parse(name, text, Anything::SCHEMA).unwrap_or_else(|report| panic!("{report}\n{text}")).document().clone()
}

fn json(value: &Json) -> Document {
    document("doc.json", &value.to_string())
}

fn value(document: &Document) -> Json {
    serde_json::to_value(Value::of_document(document)).unwrap()
}

/// Without sections that hold nothing: a section that a move empties goes, and one that it needs comes.
fn pruned(value: Json) -> Json {
    match value {
        Json::Object(entries) => entries
            .into_iter()
            .map(|(key, value)| (key, pruned(value)))
            .filter(|(_, value)| *value != json!({}))
            .collect(),
        other => other,
    }
}

fn seconds_to_millis(value: Value) -> Result<Value, Refusal> {
    match value {
        Value::Int(seconds) => Ok(Value::Int(seconds * 1000)),
        _ => Err("expected a number of seconds".into()),
    }
}

fn millis_to_seconds(value: Value) -> Result<Value, Refusal> {
    match value {
        Value::Int(millis) if millis % 1000 == 0 => Ok(Value::Int(millis / 1000)),
        _ => Err("expected a whole number of seconds, in milliseconds".into()),
    }
}

/// A chain with every kind of reversible action.
fn chain() -> Migrations {
    Migrations::to("5")
        .step(Step::new("one", "1", "2").rename("alpha", "first").rename("items.*.host", "address"))
        .step(Step::new("two", "2", "3").moves("beta.inner", "gamma.moved").maps(
            "gap",
            seconds_to_millis,
            millis_to_seconds,
        ))
        .step(Step::new("three", "3", "4").adds("added.flag", true))
        .step(Step::new("four", "4", "5").does(
            |edit| {
                edit.split("pair", ["left", "right"], |pair| match pair {
                    Value::String(text) => match text.split_once(':') {
                        Some((left, right)) => Ok([left, right].map(|text| Some(Value::String(text.to_owned())))),
                        None => Err("expected a colon".into()),
                    },
                    _ => Err("expected a text".into()),
                })?;
                Ok(())
            },
            |edit| {
                edit.join(["left", "right"], "pair", |[left, right]| {
                    let text = |value: Option<Value>| value.map(|value| value.to_text()).unwrap_or_default();
                    Ok(Value::String(format!("{}:{}", text(left), text(right))))
                })?;
                Ok(())
            },
        ))
        .build()
        .unwrap()
}

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        any::<i32>().prop_map(Json::from),
        "[a-z ~/\"\\\\é]{0,6}".prop_map(Json::from),
        any::<bool>().prop_map(Json::from),
        Just(Json::Null),
    ]
}

fn anything() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            // Keys that no step knows.
            prop::collection::btree_map("[u-z]{1,2}", inner, 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

prop_compose! {
    /// A document of version 1.
    fn oldest()(
        version in prop::option::of(prop_oneof![Just(json!("1")), Just(json!(1)), Just(json!("1.0"))]),
        alpha in prop::option::of(anything()),
        inner in prop::option::of(anything()),
        beta in prop::option::of(anything()),
        gamma in prop::option::of(anything()),
        gap in prop::option::of(0_i64..1_000_000),
        pair in prop::option::of("[a-z]{0,3}:[a-z]{0,3}"),
        items in prop::collection::vec((prop::option::of(anything()), anything()), 0..3),
        other in prop::collection::btree_map("[u-z]{1,2}", anything(), 0..3),
        order in any::<u64>(),
    ) -> Json {
        let mut entries: Vec<(String, Json)> = other.into_iter().collect();
        let mut put = |key: &str, value: Option<Json>| entries.extend(value.map(|value| (key.to_owned(), value)));
        put("version", version);
        put("alpha", alpha);
        let mut section = |key: &str, inner: Option<Json>, more: Option<Json>| {
            let mut table = serde_json::Map::new();
            table.extend(inner.map(|inner| ("inner".to_owned(), inner)));
            table.extend(more.map(|more| ("more".to_owned(), more)));
            if !table.is_empty() { put(key, Some(Json::Object(table))); }
        };
        section("beta", inner, beta);
        section("gamma", None, gamma);
        put("gap", gap.map(Json::from));
        put("pair", pair.map(Json::from));
        let item = |(host, rest): (Option<Json>, Json)| {
            let mut table = serde_json::Map::from_iter([("rest".to_owned(), rest)]);
            table.extend(host.map(|host| ("host".to_owned(), host)));
            Json::Object(table)
        };
        if !items.is_empty() {
            put("items", Some(items.into_iter().map(item).collect()));
        }
        let by = (order as usize) % entries.len().max(1);
        entries.rotate_left(by);
        Json::Object(entries.into_iter().collect())
    }
}

/// The version goes on as it was written; where none was, the way back leaves one.
fn without_version(mut value: Json) -> Json {
    value.as_object_mut().unwrap().remove("version");
    value
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn the_way_back_leads_back_from_every_version(before in oldest(), to in 1_u32..=5) {
        let chain = chain();
        let source = json(&before);
        let up = chain.plan(&source, Some(&to.to_string())).unwrap();
        let above = up.document(&source);
        prop_assert_eq!(chain.version_of(&above).unwrap().to_string(), if to == 1 { chain.version_of(&source).unwrap().to_string() } else { to.to_string() });
        let down = chain.plan(&above, Some("1")).unwrap();
        let back = value(&down.document(&above));
        prop_assert_eq!(pruned(without_version(back)), pruned(without_version(before)));
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_is_a_patch_of_what_happens(before in oldest()) {
        let source = json(&before);
        let plan = chain().plan(&source, None).unwrap();
        let patch: json_patch::Patch = serde_json::from_value(serde_json::to_value(plan.patch()).unwrap()).unwrap();
        let mut patched = value(&source);
        json_patch::patch(&mut patched, &patch).unwrap();
        prop_assert_eq!(patched, value(&plan.document(&source)));
    }

}

proptest! {
    // Each panic is printed, which takes its time.
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_failure_at_any_step_changes_nothing(before in oldest(), failing in 0_usize..4, panics in any::<bool>()) {
        let mut builder = Migrations::to("5");
        for index in 0..4 {
            let step = Step::new(format!("step-{index}"), (index + 1).to_string(), (index + 2).to_string());
            builder = builder.step(step.does(
                move |edit| {
                    edit.set("changed", index)?;
                    match (index == failing, panics) {
                        (true, true) => panic!("as a step may"),
                        (true, false) => Err("as a step may".into()),
                        _ => Ok(()),
                    }
                },
                |_| Ok(()),
            ));
        }
        let source = json(&before);
        let error = builder.build().unwrap().plan(&source, None).unwrap_err();
        let id = format!("step-{failing}");
        prop_assert!(error.is_step() && error.step() == Some(id.as_str()), "{}", error);
        prop_assert_eq!(value(&source), before);
    }

    #[test]
    fn no_text_makes_a_chain_panic(text in "\\PC{0,40}", name in prop_oneof![Just("d.json"), Just("d.yaml"), Just("d.toml")]) {
        if let Ok(layer) = Layer::parse(name, text, Anything::SCHEMA) {
            let _ = chain().plan(layer.document(), None);
        }
    }
}

#[test]
fn what_a_step_moves_says_the_same_in_every_format() {
    let toml = document("d.toml", "alpha = 1\ngap = 2\n[beta]\ninner = \"x\"\n");
    let yaml = document("d.yaml", "alpha: 1\ngap: 2\nbeta:\n  inner: x\n");
    let migrated = |document: &Document| value(&chain().plan(document, None).unwrap().document(document));
    let expected = json!({
        "first": 1, "gap": 2000, "gamma": {"moved": "x"}, "added": {"flag": true}, "version": "5",
    });
    assert_eq!(migrated(&toml), expected);
    // A plain scalar that no step reads stays text until its setting says what it is.
    let mut from_yaml = migrated(&yaml);
    from_yaml["first"] = json!(1);
    assert_eq!(from_yaml, expected);
}
