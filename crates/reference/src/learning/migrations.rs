//! The versions of the documents: what changed in each, and the way back.
//!
//! | version | what is new |
//! |---|---|
//! | 0.9.0 | documents held the keys of AI providers, as plain text |
//! | 1.0.0 | keys left the documents: they are variables and secrets |
//! | 1.1.0 | `ai_provider`, the name of the one provider, became a section with fallbacks |
//! | 1.2.0 | `features`, the list of features that are on, became flags with shares |
//! | 1.3.0 | `diagnostic.question_limit` is called `max_questions`; `rate_limit_per_minute` moved to `security` |

use strata_config::Value;
use strata_config_migrate::{Edit, InvalidChain, Migrations, Refusal, Step};

use super::{FeatureFlagsConfig, LearningConfig};

/// What brings the application's documents up to date, and back. A document that says no version is of 1.0.0, as the
/// seed has it.
///
/// # Errors
/// What is wrong with the chain; nothing, as a test says.
pub fn migrations() -> Result<Migrations, InvalidChain> {
    Migrations::to("1.3.0")
        .unversioned("1.0.0")
        .time("last_migrated")
        .secret("api_keys.gemini")
        .secret("api_keys.openai")
        .step(
            Step::new("keys-leave", "0.9.0", "1.0.0")
                .describe("The keys of AI providers leave the document: set GEMINI_API_KEY and OPENAI_API_KEY")
                .removes("api_keys")
                .irreversible("the keys were taken out of the document, and nothing keeps them in plain text"),
        )
        .step(
            Step::new("ai-providers", "1.0.0", "1.1.0")
                .describe("AI provider configuration with fallback support")
                .does(add_providers, remove_providers),
        )
        .step(
            Step::new("feature-flags", "1.1.0", "1.2.0")
                .describe("Feature flags and rollout configuration")
                .does(add_flags, remove_flags),
        )
        .step(
            Step::new("security", "1.2.0", "1.3.0")
                .describe("A section for what protects the application; a clearer name")
                .moves("rate_limit_per_minute", "security.rate_limit_per_minute"),
        )
        .renames_of::<LearningConfig>()
        .build()
}

/// The name of the one provider becomes that of the first one. The others are the program's defaults, which a document
/// had better not freeze.
fn add_providers(edit: &mut Edit) -> Result<(), Refusal> {
    if let Some(Value::String(_)) = edit.get("ai_provider")? {
        edit.rename("ai_provider", "primary_provider")?;
        edit.move_to("primary_provider", "ai_provider.primary_provider")?;
    }
    Ok(())
}

/// Only a name has a place in documents of 1.0.0.
fn remove_providers(edit: &mut Edit) -> Result<(), Refusal> {
    for path in edit.find("ai_provider.*")? {
        if path.as_str() != "ai_provider.primary_provider" {
            return Err(Refusal::new(format!("version 1.0.0 has no `{path}`: remove it first")));
        }
    }
    edit.move_to("ai_provider.primary_provider", "primary_provider")?;
    edit.rename("primary_provider", "ai_provider").map(drop)
}

/// A feature of the list is on for everybody, and one that is not is off.
fn add_flags(edit: &mut Edit) -> Result<(), Refusal> {
    let Some(listed) = edit.get("features")? else { return Ok(()) };
    let names = match listed {
        Value::List(names) => names.iter().map(Value::to_text).collect::<Vec<_>>(),
        _ => return Err("`features` is a list of names".into()),
    };
    for (index, name) in names.iter().enumerate() {
        if !FeatureFlagsConfig::FEATURES.contains(&name.as_str()) || names[..index].contains(name) {
            return Err(Refusal::new(format!("`features.{index}` names no feature, or names one twice")));
        }
    }
    edit.remove("features")?;
    for name in FeatureFlagsConfig::FEATURES {
        edit.set(&enabled(name), names.iter().any(|listed| listed == name))?;
    }
    edit.set("feature_flags.feature_rollouts", Value::Map(Vec::new()))?;
    names.iter().try_for_each(|name| edit.set(&share(name), 1.0))
}

/// Only what is on for everybody, or for nobody, has a place in a list.
fn remove_flags(edit: &mut Edit) -> Result<(), Refusal> {
    let rollouts = match edit.get("feature_flags.feature_rollouts")? {
        Some(Value::Map(rollouts)) => rollouts,
        None if edit.has("feature_flags")? => {
            return Err("version 1.1.0 lists the features that are on, and this document leaves them to others".into());
        }
        _ => return Ok(()),
    };
    let mut on = Vec::new();
    for (name, part) in rollouts {
        let is_on = edit.get(&enabled(&name))? == Some(Value::Bool(true));
        match part {
            Value::Float(1.0) | Value::Int(1) if is_on => on.push(Value::String(name)),
            Value::Float(0.0) | Value::Int(0) => {}
            _ => {
                return Err(Refusal::new(format!(
                    "version 1.1.0 has no share of users, as `{}` says one",
                    share(&name)
                )));
            }
        }
    }
    for name in FeatureFlagsConfig::FEATURES {
        edit.remove(&enabled(name))?;
    }
    edit.remove("feature_flags.feature_rollouts")?;
    if let Some(path) = edit.find("feature_flags.*")?.first() {
        return Err(Refusal::new(format!("version 1.1.0 has no `{path}`: remove it first")));
    }
    edit.remove("feature_flags")?;
    edit.set("features", Value::List(on))
}

fn enabled(name: &str) -> String {
    format!("feature_flags.{name}_enabled")
}

fn share(name: &str) -> String {
    format!("feature_flags.feature_rollouts.{name}")
}
