//! The artefacts of the five reference systems: templates load to the defaults, and what systems write is accepted.

use std::fmt::Debug;

use jsonschema::Validator;
use strata_config::{LayeredConfig, Loader};
use strata_config_codegen::{Artefact, Coverage, Format, json_schema, template, typescript};
use strata_config_reference::dual_write::DualWriteConfig;
use strata_config_reference::lazy_loading::LazyLoadingConfig;
use strata_config_reference::learning::LearningConfig;
use strata_config_reference::phase2a::Phase2aConfig;
use strata_config_reference::webapp::WebappConfig;

/// Each system, and what its required settings are set to.
macro_rules! systems {
    ($test:ident) => {
        $test::<Phase2aConfig>(&[]);
        $test::<DualWriteConfig>(&[]);
        $test::<WebappConfig>(&[("secret_key", SECRET)]);
        $test::<LearningConfig>(&[]);
        $test::<LazyLoadingConfig>(&[]);
    };
}

type Required = [(&'static str, &'static str)];

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The template without the markers that touch a setting, its required settings set.
fn freed<C: LayeredConfig>(format: Format, required: &Required) -> String {
    let marker = if format == Format::Json { "//" } else { "#" };
    let mut text = String::new();
    for line in template(C::SCHEMA, format).lines() {
        let indent = line.len() - line.trim_start().len();
        let freed = line[indent..].strip_prefix(marker).filter(|rest| !rest.is_empty() && !rest.starts_with(' '));
        text.push_str(&line[..indent]);
        text.push_str(freed.unwrap_or(&line[indent..]));
        text.push('\n');
    }
    for (key, value) in required {
        let (placeholder, set) = match format {
            Format::Toml => (format!("\n{key} = \"\"\n"), format!("\n{key} = \"{value}\"\n")),
            Format::Yaml => (format!("\n{key}: \"\"\n"), format!("\n{key}: {value}\n")),
            Format::Json => (format!("\n  \"{key}\": \"\","), format!("\n  \"{key}\": \"{value}\",")),
            Format::Env => {
                let name = key.to_ascii_uppercase();
                (format!("\n{name}=\n"), format!("\n{name}={value}\n"))
            }
        };
        assert_eq!(text.matches(&placeholder).count(), 1, "{placeholder}");
        text = text.replace(&placeholder, &set);
    }
    text
}

fn source<C: LayeredConfig>(loader: Loader<C>, format: Format, text: String) -> Loader<C> {
    match format {
        Format::Toml => loader.text("template.toml", text),
        Format::Yaml => loader.text("template.yaml", text),
        Format::Json => loader.text("template.json", text),
        Format::Env => loader.dotenv_text(".env", text),
    }
}

/// A loader of the required settings alone.
fn least<C: LayeredConfig>(required: &Required) -> Loader<C> {
    required.iter().fold(C::loader(), |loader, &(key, value)| loader.set(key, value))
}

fn defaults<C: LayeredConfig>(required: &Required) -> C {
    least::<C>(required).load().unwrap().into_config()
}

const FORMATS: [Format; 4] = [Format::Toml, Format::Yaml, Format::Json, Format::Env];

#[test]
fn a_freed_template_loads_to_the_defaults() {
    fn holds<C: LayeredConfig + PartialEq + Debug>(required: &Required) {
        for format in FORMATS {
            let loaded = source(C::loader(), format, freed::<C>(format, required)).load().unwrap();
            assert!(loaded.warnings().is_empty(), "{} {format:?}: {}", C::SCHEMA.name, loaded.warnings());
            assert_eq!(loaded.into_config(), defaults::<C>(required), "{} {format:?}", C::SCHEMA.name);
        }
    }
    systems!(holds);
}

#[test]
fn a_template_as_it_stands_changes_nothing() {
    fn holds<C: LayeredConfig + PartialEq + Debug>(required: &Required) {
        for format in FORMATS {
            let loaded = source(least::<C>(required), format, template(C::SCHEMA, format)).load().unwrap();
            assert_eq!(loaded.into_config(), defaults::<C>(required), "{} {format:?}", C::SCHEMA.name);
        }
    }
    systems!(holds);
}

#[test]
fn every_setting_stands_in_every_template_of_documents() {
    fn holds<C: LayeredConfig>(required: &Required) {
        let leaves = paths::<C>(required);
        for format in [Format::Toml, Format::Yaml, Format::Json] {
            let text = template(C::SCHEMA, format);
            for path in &leaves {
                let key = path.rsplit('.').next().unwrap();
                let said = text.lines().any(|line| {
                    let line = line.trim_start().trim_start_matches(['#', '/', ' ', '"']);
                    line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', ':', '"']))
                });
                assert!(said, "{} {format:?}: {path}", C::SCHEMA.name);
            }
        }
    }
    systems!(holds);
}

/// Every setting that a document may have, but no entries of maps.
fn paths<C: LayeredConfig>(required: &Required) -> Vec<String> {
    let loaded = least::<C>(required).load().unwrap();
    let computed = |explained: &strata_config::Explained| explained.field.is_some_and(|field| field.meta.computed);
    let map = |explained: &strata_config::Explained| {
        explained.field.is_some_and(|field| explained.path.as_str().rsplit('.').next() != Some(field.key))
    };
    let explained = loaded.explain(&[]);
    let settings = explained.iter().filter(|explained| !computed(explained) && !map(explained));
    settings.map(|explained| explained.path.to_string()).collect()
}

fn validator<C: LayeredConfig>(coverage: Coverage) -> Validator {
    let schema = serde_json::from_str(&json_schema(C::SCHEMA, coverage)).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn the_json_schema_accepts_the_defaults_and_refuses_what_is_unknown() {
    fn holds<C: LayeredConfig>(required: &Required) {
        let freed = freed::<C>(Format::Json, required);
        let plain: String = freed.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let mut document: serde_json::Value = serde_json::from_str(&plain).unwrap();
        for coverage in [Coverage::Whole, Coverage::Layer] {
            let validator = validator::<C>(coverage);
            let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{} {coverage:?}: {errors:?}", C::SCHEMA.name);
            document["no_such_key"] = 1.into();
            assert!(!validator.is_valid(&document), "{}", C::SCHEMA.name);
            document.as_object_mut().unwrap().remove("no_such_key");
        }
        assert_eq!(validator::<C>(Coverage::Whole).is_valid(&serde_json::json!({})), required.is_empty());
        assert!(validator::<C>(Coverage::Layer).is_valid(&serde_json::json!({})));
    }
    systems!(holds);
}

#[test]
fn the_json_schema_accepts_what_a_system_exports() {
    fn holds<C: LayeredConfig>(required: &Required) {
        let config = defaults::<C>(required);
        let document = serde_json::to_value(strata_config::export(&config)).unwrap();
        let errors: Vec<String> =
            validator::<C>(Coverage::Layer).iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", C::SCHEMA.name);
    }
    systems!(holds);
}

#[test]
fn a_number_out_of_its_range_is_refused() {
    let mistakes: [(Validator, serde_json::Value); 3] = [
        (validator::<Phase2aConfig>(Coverage::Layer), serde_json::json!({ "connection_pool": { "db_pool_size": 21 } })),
        (validator::<LazyLoadingConfig>(Coverage::Layer), serde_json::json!({ "max_concurrent_loads": 1001 })),
        (
            validator::<DualWriteConfig>(Coverage::Layer),
            serde_json::json!({ "categories": { "DEBUG": { "percentage": 101 } } }),
        ),
    ];
    for (validator, document) in mistakes {
        assert!(!validator.is_valid(&document), "{document}");
    }
}

#[test]
fn the_same_schema_gives_the_same_text() {
    fn holds<C: LayeredConfig>(_: &Required) {
        for artefact in Artefact::ALL {
            assert_eq!(artefact.text(C::SCHEMA), artefact.text(C::SCHEMA), "{artefact:?}");
            assert!(artefact.text(C::SCHEMA).contains("enerated"), "{artefact:?} says that it is generated");
            assert!(artefact.text(C::SCHEMA).ends_with('\n'), "{artefact:?}");
        }
    }
    systems!(holds);
}

#[test]
fn no_artefact_tells_the_default_of_a_secret() {
    for artefact in Artefact::ALL {
        let text = artefact.text(WebappConfig::SCHEMA);
        assert!(!text.contains("app.db") && !text.contains("localhost:6379"), "{artefact:?}");
    }
}

#[test]
#[ignore = "needs npm"]
fn the_compiler_of_typescript_accepts_all_types() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("phase2a.ts", typescript(Phase2aConfig::SCHEMA)),
        ("dual-write.ts", typescript(DualWriteConfig::SCHEMA)),
        ("webapp.ts", typescript(WebappConfig::SCHEMA)),
        ("learning.ts", typescript(LearningConfig::SCHEMA)),
        ("lazy-loading.ts", typescript(LazyLoadingConfig::SCHEMA)),
    ];
    let npm = |args: &[&str]| {
        let output = std::process::Command::new("npm").args(args).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "npm {args:?}: {}", String::from_utf8_lossy(&output.stdout));
    };
    npm(&["install", "--silent", "--no-audit", "--no-fund", "typescript@5"]);
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
        npm(&["exec", "--", "tsc", "--strict", "--noEmit", name]);
    }
}
