//! What each step of OpenFeature's scenarios does and asserts.

use open_feature::provider::{FeatureProvider, ProviderStatus};
use open_feature::{
    EvaluationContextFieldValue as Field, EvaluationOptions, FlagMetadata, FlagMetadataValue, StructValue, Value,
};
use serde_json::Value as Json;
use strata_config_flags::Health;

use super::gherkin::{Step, matches};
use super::hooks::{Log, Recorder};
use super::world::{World, typed};

/// That the SDK, or the data, has no such thing; why.
pub(crate) struct LeftOut(pub(crate) &'static str);

const NO_TRANSACTIONS: LeftOut = LeftOut("the SDK has no transaction context");
const NO_CACHE: LeftOut = LeftOut("nothing is cached, so no answer is");
const NO_DEFAULT: LeftOut = LeftOut("the SDK tells neither providers nor hooks the caller's default");
const NO_FATAL: LeftOut = LeftOut("the SDK has no status FATAL");
const NO_FLAG: LeftOut = LeftOut("test-flags.json has no such flag");

/// What a step does with the parts of its text and its table.
type Run = fn(&mut World, &[String], &Step) -> Result<(), LeftOut>;

/// Runs one step.
pub(crate) fn run(world: &mut World, step: &Step) -> Result<(), LeftOut> {
    let text = step.text.as_str();
    let steps: &[(&str, Run)] = &[
        ("a stable provider", |_, _, _| Ok(())),
        ("a stable provider with retrievable context is registered", |_, _, _| Ok(())),
        ("a client with added hook", |_, _, _| Ok(())),
        ("A table with levels of increasing precedence", |world, _, step| {
            for row in &step.table {
                world.level(&row[0]);
            }
            Ok(())
        }),
        ("a {} provider", |world, parts, _| {
            world.source.1 = health(&parts[0]);
            Ok(())
        }),
        ("a {}-flag with key \"{}\" and a fallback value \"{}\"", |world, parts, _| {
            flag(world, &parts[0], &parts[1], &parts[2])
        }),
        ("a context containing a key \"{}\", with type \"{}\" and with value \"{}\"", |world, parts, _| {
            let value = field(&typed(&parts[1].to_lowercase(), &parts[2]));
            world.level("Invocation").add_custom_field(&parts[0], value);
            Ok(())
        }),
        ("a context containing a key \"{}\" with null value", |world, parts, _| {
            world.level("Invocation").add_custom_field(&parts[0], Field::new_struct(Json::Null));
            Ok(())
        }),
        ("A context entry with key \"{}\" and value \"{}\" is added to the \"{}\" level", |world, parts, _| {
            entry(world, &parts[2], &parts[0], &parts[1])
        }),
        (
            "Context entries for each level from API level down to the \"{}\" level, with key \"{}\" and value \"{}\"",
            |world, parts, _| {
                let levels: Vec<String> = world.levels.iter().map(|(name, _)| name.clone()).collect();
                let last = levels.iter().position(|name| *name == parts[0]).expect("the table names the level");
                levels[..=last].iter().try_for_each(|level| entry(world, level, &parts[1], level))
            },
        ),
        ("evaluation options containing specific hooks", |world, _, _| {
            let hook = |name| Recorder { name, log: Log::clone(&world.told) };
            world.options = Some(EvaluationOptions::default().with_hook(hook("first")).with_hook(hook("second")));
            Ok(())
        }),
        ("an evaluation context with modifiable data", |world, _, _| {
            world.level("Invocation").add_custom_field("data", "as it was");
            Ok(())
        }),
        ("Some flag was evaluated", |world, _, _| evaluate(world)),
        ("the flag was evaluated with details", |world, _, _| evaluate(world)),
        ("the flag was evaluated with details using the evaluation options", |world, _, _| evaluate(world)),
        ("the flag was evaluated with details asynchronously", |world, _, _| {
            assert!(world.evaluate_at_once(), "the evaluation waited for something");
            Ok(())
        }),
        ("the evaluation should complete without blocking", |world, _, _| {
            world.answered();
            Ok(())
        }),
        ("the resolved details value should be \"{}\"", |world, parts, _| {
            assert_eq!(world.answered().value, typed(&world.kind, &parts[0]));
            Ok(())
        }),
        ("the reason should be \"{}\"", |world, parts, _| reason(world, &parts[0])),
        ("the error-code should be \"{}\"", |world, parts, _| {
            assert_eq!(world.answered().code.as_ref().map(ToString::to_string).as_ref(), Some(&parts[0]));
            Ok(())
        }),
        ("the flag key should be \"{}\"", |world, parts, _| {
            assert_eq!(world.answered().key, parts[0]);
            Ok(())
        }),
        ("the variant should be \"{}\"", |world, parts, _| variant(world, &parts[0])),
        ("the resolved metadata should contain", |world, _, step| {
            assert_eq!(world.answered().metadata, metadata(&step.table));
            Ok(())
        }),
        ("the resolved metadata is empty", |world, _, _| {
            assert_eq!(world.answered().metadata, FlagMetadata::default());
            Ok(())
        }),
        ("the provider status should be \"{}\"", |world, parts, _| status(world, &parts[0])),
        ("The merged context contains an entry with key \"{}\" and value \"{}\"", |world, parts, _| {
            let told = world.told_to_provider.lock().unwrap();
            let context = &told.last().expect("the provider was asked").context;
            assert_eq!(context.custom_fields.get(&parts[0]), Some(&Field::String(parts[1].clone())));
            Ok(())
        }),
        ("the \"{}\" hook should have been executed", |world, parts, _| {
            assert!(world.told.lock().unwrap().iter().any(|told| told.stage == parts[0]), "no `{}`", parts[0]);
            Ok(())
        }),
        ("the \"{}\" hooks should be called with evaluation details", |world, parts, step| {
            parts[0].split(", ").try_for_each(|stage| told(world, stage, &step.table))
        }),
        ("the specified hooks should execute during evaluation", |world, _, _| {
            let told = world.told.lock().unwrap();
            assert!(["first", "second"].iter().all(|hook| told.iter().any(|told| told.hook == *hook)));
            Ok(())
        }),
        ("the hook order should be maintained", |world, _, _| {
            let told = world.told.lock().unwrap();
            let order: Vec<_> = told.iter().map(|told| format!("{} {}", told.stage, told.hook)).collect();
            // Specification 4.4.2: client before invocation, and the other way round afterwards.
            let before = ["before client", "before first", "before second"];
            let after = ["after second", "after first", "after client"];
            let last = ["finally second", "finally first", "finally client"];
            assert_eq!(order, [before, after, last].concat());
            Ok(())
        }),
        ("the original evaluation context should remain unmodified", |world, _, _| {
            let context = world.level("Invocation");
            assert_eq!(context.custom_fields.get("data"), Some(&Field::from("as it was")));
            assert_eq!((context.custom_fields.len(), &context.targeting_key), (1, &None));
            Ok(())
        }),
        ("the evaluation details should be immutable", |world, _, _| {
            let first = world.answered().clone();
            // A copy is the caller's to change, and the next answer knows nothing of that.
            world.answer.as_mut().unwrap().metadata.add_value("changed", true);
            world.evaluate();
            assert_eq!(*world.answered(), first);
            Ok(())
        }),
        // The steps of the older feature.
        ("a {} flag with key \"{}\" is evaluated with default value \"{}\"", |world, parts, _| asks(world, parts)),
        ("an {} flag with key \"{}\" is evaluated with default value {}", |world, parts, _| asks(world, parts)),
        ("a {} flag with key \"{}\" is evaluated with default value {}", |world, parts, _| asks(world, parts)),
        ("a {} flag with key \"{}\" is evaluated with details and default value \"{}\"", |world, parts, _| {
            asks(world, parts)
        }),
        ("an {} flag with key \"{}\" is evaluated with details and default value {}", |world, parts, _| {
            asks(world, parts)
        }),
        ("a {} flag with key \"{}\" is evaluated with details and default value {}", |world, parts, _| {
            asks(world, parts)
        }),
        ("an object flag with key \"{}\" is evaluated with a null default value", |world, parts, _| {
            flag(world, "object", &parts[0], "{}").and_then(|()| evaluate(world))
        }),
        ("an object flag with key \"{}\" is evaluated with details and a null default value", |world, parts, _| {
            flag(world, "object", &parts[0], "{}").and_then(|()| evaluate(world))
        }),
        (
            "a non-existent string flag with key \"{}\" is evaluated with details and a fallback value \"{}\"",
            |world, parts, _| flag(world, "string", &parts[0], &parts[1]).and_then(|()| evaluate(world)),
        ),
        (
            "a string flag with key \"{}\" is evaluated as an integer, with details and a fallback value {}",
            |world, parts, _| flag(world, "integer", &parts[0], &parts[1]).and_then(|()| evaluate(world)),
        ),
        ("the default {} value should be returned", |world, parts, _| {
            assert_eq!(world.answered().value, typed(&parts[0], &world.default));
            Ok(())
        }),
        (
            "the reason should indicate an error and the error code should indicate a missing flag with \"{}\"",
            |world, parts, _| error(world, &parts[0]),
        ),
        (
            "the reason should indicate an error and the error code should indicate a type mismatch with \"{}\"",
            |world, parts, _| error(world, &parts[0]),
        ),
        ("context contains keys {}", |_, _, _| Err(NO_FLAG)),
        (
            "the resolved {} details value should be {}, the variant should be \"{}\", and the reason should be \"{}\"",
            |world, parts, _| {
                value(world, &parts[0], &parts[1]);
                variant(world, &parts[2])?;
                reason(world, &parts[3])
            },
        ),
        ("the variant should be \"{}\", and the reason should be \"{}\"", |world, parts, _| {
            variant(world, &parts[0])?;
            reason(world, &parts[1])
        }),
        ("the resolved object value should be contain fields {}", |world, _, _| object(world)),
        ("the resolved object details value should be contain fields {}", |world, _, _| object(world)),
        ("the resolved {} value should be {}", |world, parts, _| {
            value(world, &parts[0], &parts[1]);
            Ok(())
        }),
    ];
    // The pattern with the most words: `the variant should be "{}"` fits the beginning of another step, too.
    let found = steps.iter().filter_map(|(pattern, run)| Some((pattern, run, matches(pattern, text)?)));
    let (_, run, parts) = found
        .max_by_key(|(pattern, ..)| (pattern.replace("{}", "").len(), pattern.len()))
        .unwrap_or_else(|| panic!("a step that nobody knows: {text}"));
    run(world, &parts, step)
}

fn health(name: &str) -> Health {
    match name {
        "not ready" => Health::NotReady,
        "stale" => Health::Stale,
        "error" | "fatal" => Health::Failed,
        "stable" => Health::Ready,
        other => panic!("no state of a provider: {other}"),
    }
}

fn flag(world: &mut World, kind: &str, key: &str, default: &str) -> Result<(), LeftOut> {
    (world.kind, world.key, world.default) = (kind.to_lowercase(), key.to_owned(), default.to_owned());
    Ok(())
}

fn asks(world: &mut World, parts: &[String]) -> Result<(), LeftOut> {
    flag(world, &parts[0], &parts[1], &parts[2])?;
    evaluate(world)
}

fn evaluate(world: &mut World) -> Result<(), LeftOut> {
    world.evaluate();
    Ok(())
}

fn entry(world: &mut World, level: &str, key: &str, value: &str) -> Result<(), LeftOut> {
    if level == "Transaction" {
        return Err(NO_TRANSACTIONS);
    }
    world.level(level).add_custom_field(key, value);
    Ok(())
}

fn field(value: &Value) -> Field {
    match value {
        Value::Bool(value) => Field::Bool(*value),
        Value::Int(value) => Field::Int(*value),
        Value::Float(value) => Field::Float(*value),
        Value::String(value) => Field::String(value.clone()),
        other => Field::new_struct(other.clone()),
    }
}

fn value(world: &World, kind: &str, text: &str) {
    assert_eq!(world.answered().value, typed(kind, text.trim_matches('"')));
}

fn variant(world: &World, name: &str) -> Result<(), LeftOut> {
    assert_eq!(world.answered().variant.as_deref(), Some(name));
    Ok(())
}

fn reason(world: &World, name: &str) -> Result<(), LeftOut> {
    let answer = world.answered();
    let found = answer.reason.as_ref().map(ToString::to_string);
    match name {
        "CACHED" => {
            assert_eq!(found.as_deref(), Some("STATIC"));
            Err(NO_CACHE)
        }
        // The value was the caller's default, as it should be; the reason comes as the error's code.
        "DISABLED" if answer.code.is_some() => {
            assert_eq!(answer.code.as_ref().map(ToString::to_string).as_deref(), Some("DISABLED"));
            Err(NO_DEFAULT)
        }
        name => {
            assert_eq!(found.as_deref(), Some(name));
            Ok(())
        }
    }
}

fn error(world: &World, code: &str) -> Result<(), LeftOut> {
    assert_eq!(world.answered().code.as_ref().map(ToString::to_string).as_deref(), Some(code));
    reason(world, "ERROR")
}

fn object(world: &World) -> Result<(), LeftOut> {
    let expected = StructValue::default()
        .with_field("showImages", true)
        .with_field("title", "Check out these pics!")
        .with_field("imagesPerPage", 100);
    assert_eq!(world.answered().value, Value::Struct(expected));
    Ok(())
}

fn status(world: &World, name: &str) -> Result<(), LeftOut> {
    let expected = match name {
        "READY" => ProviderStatus::Ready,
        "NOT_READY" => ProviderStatus::NotReady,
        "ERROR" => ProviderStatus::Error,
        "STALE" => ProviderStatus::STALE,
        _ => return Err(NO_FATAL),
    };
    assert_eq!(world.provider().status(), expected);
    Ok(())
}

fn metadata(table: &[Vec<String>]) -> FlagMetadata {
    table[1..].iter().fold(FlagMetadata::default(), |metadata, row| {
        let value: FlagMetadataValue = match typed(&row[1].to_lowercase(), &row[2]) {
            Value::Bool(value) => value.into(),
            Value::Int(value) => FlagMetadataValue::Int(value),
            Value::Float(value) => value.into(),
            Value::String(value) => value.into(),
            other => panic!("no metadata: {other:?}"),
        };
        metadata.with_value(&row[0], value)
    })
}

/// What hooks of a stage were told, held against a table.
fn told(world: &World, stage: &str, table: &[Vec<String>]) -> Result<(), LeftOut> {
    let told = world.told.lock().unwrap();
    let details = told.iter().find(|told| told.stage == stage).and_then(|told| told.details.clone());
    let details = details.unwrap_or_else(|| panic!("no `{stage}` hook was told details"));
    let code = told.iter().find_map(|told| told.error.as_ref()).map(|error| error.code.to_string());
    let is = |found: Option<String>, expected: &str| assert_eq!(found.as_deref().unwrap_or("null"), expected);
    for row in &table[1..] {
        match &*row[1] {
            "flag_key" => is(Some(details.flag_key.clone()), &row[2]),
            "variant" => is(details.variant.clone(), &row[2]),
            "reason" => is(details.reason.as_ref().map(ToString::to_string), &row[2]),
            // Details have no code; the hook for errors is told it.
            "error_code" => is(code.clone(), &row[2]),
            "value" => {
                let expected = typed(&row[0], &row[2]);
                // In place of the caller's default, which the SDK does not know, hooks are told the type's.
                if code.is_some() && details.value == Value::from("") && expected != details.value {
                    return Err(NO_DEFAULT);
                }
                assert_eq!(details.value, expected);
            }
            other => panic!("no part of details: {other}"),
        }
    }
    Ok(())
}
