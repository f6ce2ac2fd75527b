//! Templates: freed of the markers that touch a setting, they load to the defaults.

use strata_config_codegen::{Format, template};
use strata_config_core::{LayeredConfig, Loader};

use super::everything::{Everything, defaults};

fn freed(format: Format) -> String {
    let marker = if format == Format::Json { "//" } else { "#" };
    let free = |line: &str| {
        let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
        let rest = match rest.strip_prefix(marker) {
            Some(freed) if !freed.is_empty() && !freed.starts_with(' ') => freed,
            _ => rest,
        };
        format!("{indent}{rest}\n")
    };
    template(Everything::SCHEMA, format).lines().map(free).collect()
}

/// Gives the required settings values; the enum's tag has one already.
fn filled(text: &str, pairs: [(&str, &str); 2]) -> String {
    pairs.into_iter().fold(text.to_owned(), |text, (placeholder, value)| {
        assert_eq!(text.matches(placeholder).count(), 1, "{placeholder} in {text}");
        text.replace(placeholder, value)
    })
}

#[track_caller]
fn assert_defaults(loader: Loader<Everything>) {
    let loaded = loader.load().unwrap();
    assert!(loaded.warnings().is_empty(), "{}", loaded.warnings());
    assert_eq!(loaded.into_config(), defaults());
}

#[test]
fn a_toml_template_loads_to_the_defaults() {
    let text =
        filled(&freed(Format::Toml), [("\nrequired = 0", "\nrequired = 7"), ("\nkey = \"\"", "\nkey = \"abcdef\"")]);
    assert_defaults(Everything::loader().text("a.toml", text));
}

#[test]
fn a_yaml_template_loads_to_the_defaults() {
    let text = filled(&freed(Format::Yaml), [("\nrequired: 0", "\nrequired: 7"), ("\nkey: \"\"", "\nkey: abcdef")]);
    assert_defaults(Everything::loader().text("a.yaml", text));
}

#[test]
fn a_json_template_loads_to_the_defaults() {
    let text = freed(Format::Json);
    let text = filled(
        &text,
        [("\n  \"required\": 0", "\n  \"required\": 7"), ("\n  \"key\": \"\"", "\n  \"key\": \"abcdef\"")],
    );
    assert_defaults(Everything::loader().text("a.json", text));
}

#[test]
fn an_env_example_loads_to_the_defaults() {
    let text =
        filled(&freed(Format::Env), [("\nAPP_REQUIRED=0", "\nAPP_REQUIRED=7"), ("\nAPP_KEY=\n", "\nAPP_KEY=abcdef\n")]);
    assert_defaults(Everything::loader().dotenv_text(".env", text));
}

#[test]
fn a_template_as_it_stands_sets_nothing() {
    let required = || Everything::loader().set("required", "7").set("key", "abcdef").set("store.kind", "memory");
    for (name, format) in [("a.toml", Format::Toml), ("a.yaml", Format::Yaml), ("a.json", Format::Json)] {
        let loaded = required().text(name, template(Everything::SCHEMA, format)).load().unwrap();
        assert!(loaded.warnings().is_empty(), "{name}");
        assert_eq!(*loaded.config(), defaults(), "{name}");
    }
    let env = template(Everything::SCHEMA, Format::Env);
    assert_eq!(*required().dotenv_text(".env", env).load().unwrap().config(), defaults());
}

#[test]
fn a_section_that_is_absent_is_an_example_to_free_as_a_block() {
    let text = template(Everything::SCHEMA, Format::Toml);
    let block =
        "\n# # Transport security.\n# # Absent, unless one of its settings is set.\n# [tls]\n#\n# # The certificate.\n";
    assert!(text.contains(block), "{text}");
    let start = text.find("# [tls]").unwrap();
    let end = start + text[start..].find("\n\n").unwrap();
    let freed: String = text[start..end].lines().map(|line| format!("{}\n", line.trim_start_matches("# "))).collect();
    let freed: String = freed
        .lines()
        .filter(|line| line.starts_with('[') || line.contains(" = "))
        .map(|line| format!("{line}\n"))
        .collect();
    let freed = format!("required = 7\nkey = 'abcdef'\nstore.kind = 'memory'\n{freed}");
    let tls = Everything::loader().text("a.toml", freed).load().unwrap().into_config().tls.unwrap();
    assert_eq!((tls.cert.as_str(), tls.port), ("", 443));
}

#[test]
fn no_template_tells_a_secret() {
    for format in [Format::Toml, Format::Yaml, Format::Json, Format::Env] {
        assert!(!template(Everything::SCHEMA, format).contains("hunter2"), "{format:?}");
    }
}
