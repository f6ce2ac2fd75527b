//! `template`, `schema`, `docs` and `types`: from the schema alone.

use crate::app::Run;

#[test]
fn documents_load_no_configuration() {
    // A file that does not exist and a variable that is wrong are nobody's concern here.
    let run = Run::new(&[], &[("APP_DB_POOL_SIZE", "many")]);
    for (command, part) in [
        (&["template"][..], "#pool_size = 8"),
        (&["template", "--as", "yaml"], "pool_size: 8"),
        (&["template", "--as", "json"], "\"pool_size\": 8"),
        (&["template", "--as", "env"], "APP_DB_POOL_SIZE=8"),
        (&["schema"], "https://json-schema.org/draft/2020-12/schema"),
        (&["docs"], "Connections that stay open."),
        (&["types"], "pool_size"),
    ] {
        let text = run.ok(command);
        assert!(text.contains(part), "{command:?}: {text}");
        assert!(!text.contains("sqlite:app.db"), "the default of a secret: {text}");
    }
}

#[test]
fn the_schema_is_json() {
    let schema: serde_json::Value = serde_json::from_str(&Run::new(&[], &[]).ok(&["schema"])).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
