//! What OpenFeature's scenarios do not ask of the provider.

use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use futures_lite::future::block_on;
use open_feature::provider::FeatureProvider;
use open_feature::{
    EvaluationContext, EvaluationContextFieldValue as Field, EvaluationErrorCode, EvaluationReason, FlagMetadataValue,
    OpenFeature, StructValue, Value,
};
use serde_json::{Value as Json, json};
use strata_config_flags::openfeature::Provider;
use strata_config_flags::{FlagSet, Health, Snapshots};

use super::world::Source;

fn set(flags: Json) -> Arc<FlagSet> {
    let definitions = serde_json::from_value(json!({ "flags": flags })).unwrap();
    Arc::new(FlagSet::new(definitions).unwrap_or_else(|invalid| panic!("{invalid}")))
}

/// A flag that is on where a condition holds.
fn where_holds(when: Json) -> Arc<FlagSet> {
    set(json!({ "flag": { "rules": [{ "id": "it", "when": when, "serve": "on" }], "fallthrough": "off" } }))
}

fn is_on(provider: &Provider<Arc<FlagSet>>, context: &EvaluationContext) -> bool {
    block_on(provider.resolve_bool_value("flag", context)).unwrap().value
}

fn holds(when: Json, context: &EvaluationContext) -> bool {
    is_on(&Provider::new(where_holds(when)), context)
}

fn with(name: &str, value: impl Into<Field>) -> EvaluationContext {
    EvaluationContext::default().with_custom_field(name, value)
}

#[test]
fn every_kind_of_field_reaches_conditions() {
    let when = |value: Json| json!({ "attribute": "field", "op": "in", "value": value });
    assert!(holds(when(json!(true)), &with("field", true)));
    assert!(holds(when(json!(-3)), &with("field", -3)));
    assert!(holds(when(json!(0.5)), &with("field", 0.5)));
    assert!(holds(when(json!("text")), &with("field", "text")));
    assert!(!holds(when(json!("text")), &with("field", "other")));
    assert!(holds(json!({ "attribute": "field", "op": "exists" }), &with("field", false)));
}

#[test]
fn a_date_time_is_a_moment() {
    let moment = Field::DateTime((UNIX_EPOCH + Duration::from_millis(1_790_000_000_250)).into());
    let context = with("since", moment);
    let when = |op: &str, moment: &str| json!({ "attribute": "since", "op": op, "value": moment });
    assert!(holds(when("after", "2026-09-21T14:13:20.250Z"), &context));
    assert!(holds(when("before", "2026-09-21T14:13:20.251Z"), &context));
    assert!(!holds(when("after", "2026-09-21T14:13:20.251Z"), &context));
}

#[test]
fn structs_are_read_whole() {
    let plan = StructValue::default().with_field("name", "gold").with_field("seats", vec![1, 7]);
    for value in [
        Field::new_struct(json!({ "name": "gold", "seats": [1, 7] })),
        Field::new_struct(json!({ "name": "gold", "seats": [1, 7] }).as_object().unwrap().clone()),
        Field::new_struct(plan.clone()),
        Field::new_struct(Value::Struct(plan)),
    ] {
        let context = with("plan", value);
        assert!(holds(json!({ "attribute": "plan.name", "op": "in", "value": "gold" }), &context));
        assert!(holds(json!({ "attribute": "plan.seats", "op": "contains", "value": 7 }), &context));
    }
}

#[test]
fn a_struct_of_the_programs_own_is_read_where_it_is_named() {
    #[derive(serde::Serialize)]
    struct Plan {
        name: &'static str,
    }

    let set = where_holds(json!({ "attribute": "plan.name", "op": "in", "value": "gold" }));
    let context = with("plan", Field::new_struct(Plan { name: "gold" }));
    assert!(is_on(&Provider::new(Arc::clone(&set)).with_struct::<u8>().with_struct::<Plan>(), &context));

    let error = block_on(Provider::new(set).resolve_bool_value("flag", &context)).unwrap_err();
    assert_eq!(error.code, EvaluationErrorCode::InvalidContext);
    let message = error.message.unwrap();
    assert!(message.contains("`plan`") && message.contains("with_struct"), "{message}");
}

#[test]
fn the_targeting_key_wins_over_a_field_of_its_name() {
    let set = set(json!({ "flag": { "targets": [{ "unit": "anna", "variant": "on" }], "fallthrough": "off" } }));
    let provider = Provider::new(set);
    let field = with("targetingKey", "bert");
    assert!(is_on(&provider, &field.clone().with_targeting_key("anna")));
    assert!(!is_on(&provider, &field.with_targeting_key("carl")));
    assert!(is_on(&provider, &with("targetingKey", "anna")));
}

#[test]
fn an_answer_tells_what_decided() {
    let set = set(json!({ "flag": {
        "rules": [{ "id": "half", "when": { "attribute": "targetingKey", "op": "exists" }, "serve": "100%" }],
        "fallthrough": "off",
        "metadata": { "owner": "shop", "cost": 0.5 },
    }}));
    let resolve = |provider: &Provider<Arc<FlagSet>>| {
        let context = EvaluationContext::default().with_targeting_key("anna");
        block_on(provider.resolve_bool_value("flag", &context)).unwrap()
    };
    let details = resolve(&Provider::new(Arc::clone(&set)));
    let metadata = details.flag_metadata.unwrap().values;
    let bucket = set.evaluate("flag", &strata_config_flags::Context::of("anna")).unwrap().bucket;
    assert_eq!(details.reason, Some(EvaluationReason::Split));
    assert_eq!(metadata["owner"], "shop".into());
    assert_eq!(metadata["why"], "rule".into());
    assert_eq!(metadata["rule_id"], "half".into());
    assert_eq!(metadata["bucket"], FlagMetadataValue::Int(bucket.unwrap().into()));

    let plain = resolve(&Provider::new(set).with_plain_metadata()).flag_metadata.unwrap().values;
    assert_eq!(plain.len(), 2, "{plain:?}");
}

#[test]
fn the_flags_own_metadata_win_over_the_sets() {
    let definitions = json!({
        "flags": { "flag": { "fallthrough": "on", "metadata": { "owner": "shop" } } },
        "metadata": { "owner": "everybody", "stage": "test" },
    });
    let set = Arc::new(FlagSet::new(serde_json::from_value(definitions).unwrap()).unwrap());
    let details = block_on(Provider::new(set).resolve_bool_value("flag", &EvaluationContext::default())).unwrap();
    let metadata = details.flag_metadata.unwrap().values;
    assert_eq!((&metadata["owner"], &metadata["stage"]), (&"shop".into(), &"test".into()));
}

#[test]
fn the_callers_default_is_an_error_with_the_reason() {
    let flags = set(json!({
        "off": { "status": "disabled", "variants": { "on": true, "off": false } },
        "silent": { "variants": { "on": true, "off": false } },
        "half": { "variants": { "on": true, "off": false }, "fallthrough": "50%" },
        "off-with-a-value": { "status": "disabled", "off_variant": "off" },
    }));
    let provider = Provider::new(flags);
    let code = |key: &str| {
        let context = EvaluationContext::default();
        block_on(provider.resolve_bool_value(key, &context)).map(|details| details.value).map_err(|error| error.code)
    };
    assert_eq!(code("off"), Err(EvaluationErrorCode::General("DISABLED".to_owned())));
    assert_eq!(code("silent"), Err(EvaluationErrorCode::General("STATIC".to_owned())));
    assert_eq!(code("half"), Err(EvaluationErrorCode::TargetingKeyMissing));
    assert_eq!(code("off-with-a-value"), Ok(false));
}

#[test]
fn an_integer_is_a_number_too() {
    let provider = Provider::new(set(json!({ "flag": { "variants": { "a": 3 }, "fallthrough": "a" } })));
    let context = EvaluationContext::default();
    assert_eq!(block_on(provider.resolve_float_value("flag", &context)).unwrap().value, 3.0);
    let error = block_on(provider.resolve_string_value("flag", &context)).unwrap_err();
    assert_eq!(error.code, EvaluationErrorCode::TypeMismatch);
}

#[test]
fn what_the_sdk_cannot_hold_is_told_with_its_place() {
    for (value, place) in [
        (json!({ "a": { "b": [1, null] } }), "`a.b.1` is null"),
        (json!({ "a": u64::MAX }), "`a` is an integer"),
        (json!([1]), "a list"),
    ] {
        let provider = Provider::new(set(json!({ "flag": { "variants": { "a": value }, "fallthrough": "a" } })));
        let error = block_on(provider.resolve_struct_value("flag", &EvaluationContext::default())).unwrap_err();
        assert_eq!(error.code, EvaluationErrorCode::ParseError);
        assert!(error.message.as_ref().unwrap().contains(place), "{error:?}");
    }
}

#[test]
fn old_flags_are_served_as_stale() {
    let flags = set(json!({ "flag": { "fallthrough": "on" } }));
    let provider = Provider::new(Source(flags, Health::Stale));
    let details = block_on(provider.resolve_bool_value("flag", &EvaluationContext::default())).unwrap();
    assert_eq!((details.value, details.reason.unwrap().to_string()), (true, "STALE".to_owned()));
    assert_eq!(details.flag_metadata.unwrap().values["why"], "fallthrough".into());
}

/// A source whose set is exchanged.
struct Exchanged(Arc<Mutex<Arc<FlagSet>>>);

impl Snapshots for Exchanged {
    fn current(&self) -> Arc<FlagSet> {
        Arc::clone(&self.0.lock().unwrap())
    }
}

#[test]
fn a_client_sees_a_change_with_its_next_evaluation() {
    let state = Arc::new(Mutex::new(set(json!({ "flag": false }))));
    block_on(async {
        let mut api = OpenFeature::default();
        api.set_provider(Provider::new(Exchanged(Arc::clone(&state))).with_name("shop")).await;
        assert_eq!(api.provider_metadata().await.name, "shop");
        let client = api.create_client();
        assert_eq!(client.get_bool_value("flag", None, None).await, Ok(false));
        *state.lock().unwrap() = set(json!({ "flag": true }));
        assert_eq!(client.get_bool_value("flag", None, None).await, Ok(true));
        *state.lock().unwrap() = set(json!({}));
        let code = client.get_bool_value("flag", None, None).await.map_err(|error| error.code);
        assert_eq!(code, Err(EvaluationErrorCode::FlagNotFound));
    });
}
