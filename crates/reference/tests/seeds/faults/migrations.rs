//! The fault of 003's migrations: the check fails on the seed's algorithm, which stands here, and passes on ours.

use serde_json::{Map, Value as Json, json};
use strata_config::{Document, Layer, LayeredConfig as _, Value};
use strata_config_migrate::{Migrations, Step};
use strata_config_reference::learning::LearningConfig;

type Dict = Map<String, Json>;
type Func = fn(&mut Dict) -> Result<(), String>;

/// The seed's `ConfigMigration`.
struct ConfigMigration {
    version: &'static str,
    migration_func: Func,
    rollback_func: Func,
}

/// The seed's `migrate_configuration` for migrations that are pending, line by line: `config.copy()` copies the outer
/// dictionary alone, so that nested ones are those of the caller, as Python has it. A tree can't be shared here, so the
/// copy's changes below the first level are written through.
fn migrate_configuration(config: &mut Dict, pending: &[ConfigMigration], target: &str) -> (bool, Dict) {
    let mut migrated = config.clone();
    let mut applied: Vec<&ConfigMigration> = Vec::new();
    let mut failed = false;
    for migration in pending {
        if (migration.migration_func)(&mut migrated).is_err() {
            // `_rollback_migrations`: the failed migration itself is not in the list, and rollbacks see what it left.
            for migration in applied.iter().rev() {
                let _ = (migration.rollback_func)(&mut migrated);
            }
            failed = true;
            break;
        }
        applied.push(migration);
        migrated.insert("version".to_owned(), json!(migration.version));
    }
    // Nested dictionaries are shared between `config` and its shallow copy.
    for (key, value) in config.iter_mut().filter(|(_, value)| value.is_object()) {
        if let Some(shared) = migrated.get(key).filter(|shared| shared.is_object()) {
            value.clone_from(shared);
        }
    }
    if failed {
        return (false, config.clone());
    }
    migrated.insert("version".to_owned(), json!(target));
    (true, migrated)
}

fn before() -> Dict {
    let Json::Object(before) = json!({"version": "1.0.0", "diagnostic": {"min_questions": 5, "question_limit": 30}})
    else {
        unreachable!("it is written as one")
    };
    before
}

/// Two steps, of which the second changes something and then fails.
fn seeds() -> [ConfigMigration; 2] {
    fn section(config: &mut Dict) -> &mut Dict {
        config["diagnostic"].as_object_mut().expect("it was written as one")
    }
    [
        ConfigMigration {
            version: "1.1.0",
            migration_func: |config| {
                section(config).insert("enabled".to_owned(), json!(true));
                Ok(())
            },
            rollback_func: |config| {
                section(config).remove("enabled");
                Ok(())
            },
        },
        ConfigMigration {
            version: "1.2.0",
            migration_func: |config| {
                let limit = section(config).remove("question_limit").unwrap_or_default();
                section(config).insert("max_questions".to_owned(), limit);
                Err("something else is wrong".to_owned())
            },
            rollback_func: |_| Ok(()),
        },
    ]
}

fn ours() -> Migrations {
    Migrations::to("1.2.0")
        .step(Step::new("a", "1.0.0", "1.1.0").adds("diagnostic.enabled", true))
        .step(
            Step::new("b", "1.1.0", "1.2.0")
                .rename("diagnostic.question_limit", "max_questions")
                .does(|_| Err("something else is wrong".into()), |_| Ok(())),
        )
        .build()
        .unwrap()
}

fn document(text: &str) -> Document {
    Layer::parse("learning.json", text, LearningConfig::SCHEMA).unwrap().document().clone()
}

/// Fault 14: the seed's caller is told that nothing happened, and holds half of a migration.
#[test]
fn a_migration_that_fails_leaves_the_document_as_it_was() {
    let mut config = before();
    let (success, answer) = migrate_configuration(&mut config, &seeds(), "1.2.0");
    assert!(!success);
    assert_ne!(config, before(), "the seed's algorithm passes, so the check shows nothing");
    assert_eq!(answer["diagnostic"], json!({"min_questions": 5, "max_questions": 30}), "half of a migration");
    assert_eq!(answer["version"], "1.0.0", "and it says that it is none");

    let source = document(&Json::Object(before()).to_string());
    let error = ours().plan(&source, None).unwrap_err();
    assert_eq!(error.step(), Some("b"));
    assert_eq!(serde_json::to_value(Value::of_document(&source)).unwrap(), Json::Object(before()));
}

/// Fault 14, in a file and in a store: neither is touched, and no backup is left.
#[test]
fn a_migration_that_fails_leaves_file_and_store_as_they_were() {
    use strata_config_store::{Documents, Draft, Json as Text, MemoryStore, Store, Timestamp};

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("learning.json");
    let text = Json::Object(before()).to_string();
    std::fs::write(&file, &text).unwrap();
    assert!(ours().plan_file::<LearningConfig>(&file, None).is_err());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let store = MemoryStore::new();
    let documents = Documents { runtime: Text::parse(text).unwrap(), ..Documents::default() };
    store.commit(0, &documents, Draft::new("ada", "test", Timestamp::now())).unwrap();
    let kept = store.backup().unwrap();
    assert!(ours().plan_store::<LearningConfig>(&store, None).is_err());
    assert_eq!(store.backup().unwrap(), kept);
}
