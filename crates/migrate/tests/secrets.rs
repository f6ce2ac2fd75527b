//! No secret of an older document is told, under whatever name it stood there: not when it is migrated while it is
//! loaded, nor in what a plan shows.

use strata_config::{Document, Layer, LayeredConfig, Secret, Value};
use strata_config_migrate::{Edit, Migrations, MigrationsBuilder, Refusal, Step};

/// What no report may show.
const MARKER: &str = "hunter2";

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 80, validate(range(max = 9000)))]
    port: u16,
    #[config(default = 0)]
    login: u32,
    #[config(secret)]
    password: Option<Secret<String>>,
}

/// The program has no secret any more.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Open {
    #[config(default = 80, validate(range(max = 9000)))]
    port: u16,
}

fn to_two(step: Step) -> MigrationsBuilder {
    Migrations::to("2").step(step)
}

fn step() -> Step {
    Step::new("two", "1", "2")
}

/// The report of a document that is wrong, in every form.
fn told<C: LayeredConfig + std::fmt::Debug>(name: &str, text: &str, migrations: MigrationsBuilder) -> String {
    let loader = C::loader().text(name, text).upgrade(migrations.build().unwrap());
    let outcome = loader.clone().read();
    let report = outcome.report();
    assert!(!report.is_valid(), "it is right: {text}");
    let found = serde_json::to_string(report).unwrap();
    let explained = serde_json::to_string(&outcome.explain(&[])).unwrap();
    format!("{report}\n{found}\n{outcome:?}\n{:?}\n{explained}\n{loader:?}", report.findings())
}

#[track_caller]
fn is_silent<C: LayeredConfig + std::fmt::Debug>(name: &str, text: &str, migrations: MigrationsBuilder) {
    let told = told::<C>(name, text, migrations);
    assert!(!told.contains(MARKER), "{text}\nis told as\n{told}");
}

#[test]
fn a_secret_that_a_step_removes_is_not_quoted_beside_a_mistake() {
    let removes = || to_two(step().removes("old.pass"));
    let line = "port: 70000\nold: {pass: hunter2}\n";
    for text in ["{port: 70000, old: {pass: hunter2}}", "{old: {pass: hunter2}, port: 70000}", line] {
        is_silent::<Config>("a.yaml", text, removes());
        is_silent::<Open>("a.yaml", text, removes());
        let versioned = text
            .replacen("port:", "version: 1, port:", 1)
            .replace("version: 1, port: 70000\n", "version: 1\nport: 70000\n");
        is_silent::<Config>("a.yaml", &versioned, removes());
        is_silent::<Open>("a.yaml", &versioned, removes());
    }
}

#[test]
fn what_a_step_takes_out_of_a_secret_is_not_quoted_with_the_rest_of_it() {
    let splits = || {
        let up = |value: Value| {
            let text = value.to_text();
            let (port, password) = text.split_once('/').ok_or(Refusal::new("no blank"))?;
            Ok([Some(Value::String(port.to_owned())), Some(Value::String(password.to_owned()))])
        };
        let up = move |edit: &mut Edit| edit.split("url", ["port", "password"], up).map(drop);
        to_two(step().does(up, |_| Ok(())))
    };
    is_silent::<Config>("a.toml", "url = '70000/hunter2'\n", splits());
}

#[test]
fn a_document_whose_step_fails_is_not_read_in_the_layout_of_the_new_one() {
    // What was a secret has the name of a number today.
    let fails = || to_two(step().rename("login", "password").does(|_| Err("no".into()), |_| Ok(())));
    for text in
        ["login = 'hunter2'\n", "version = '1'\nlogin = 'hunter2'\n", "other = 1\nlogin = 'hunter2'\nport = 70000\n"]
    {
        is_silent::<Config>("a.toml", text, fails());
    }
    is_silent::<Open>("a.json", r#"{"version": "1", "pass": "hunter2"}"#, fails());
    is_silent::<Open>("a.json", r#"{"version": "0.1", "pass": "hunter2"}"#, fails());
    is_silent::<Open>("a.json", r#"{"pass": "hunter2", "version": ["1"]}"#, fails());
    let panics = || to_two(step().does(|edit| panic!("{:?}", edit), |_| Ok(())));
    is_silent::<Open>("a.json", r#"{"version": "1", "pass": "hunter2"}"#, panics());
}

#[test]
fn a_renamed_secret_of_the_wrong_kind_is_not_told() {
    let renames = || to_two(step().rename("pass", "password"));
    for text in [
        "{pass: [hunter2], port: 70000}",
        "{pass: {a: hunter2}}",
        "{pass: {hunter2: 1}}",
        "{pass: hunter2, password: x}",
    ] {
        is_silent::<Config>("a.yaml", text, renames());
    }
}

#[test]
fn of_a_newer_document_the_values_of_unknown_keys_are_not_quoted() {
    is_silent::<Open>("a.json", r#"{"version": "3", "token": "hunter2", "port": 70000}"#, to_two(step()));
    is_silent::<Open>("a.json", r#"{"version": "3", "port": 70000, "token": "hunter2"}"#, to_two(step()));
}

#[test]
fn a_broken_document_of_an_older_version_is_not_quoted() {
    let removes = || to_two(step().removes("pass"));
    for text in ["pass = 'hunter2'\nport = \n", "pass = 'hunter2\nport = 1", "pass = 'hunter2'\npass = 'hunter2'\n"] {
        is_silent::<Config>("a.toml", text, removes());
        is_silent::<Open>("a.toml", text, removes());
    }
}

fn document(text: &str) -> Document {
    #[derive(LayeredConfig)]
    #[config(allow_unknown)]
    struct Anything {}
    Layer::parse("app.toml", text, Anything::SCHEMA).unwrap().document().clone()
}

#[test]
fn a_plan_masks_a_secret_at_every_step_of_its_way() {
    let encode = |value: Value| Ok(Value::String(value.to_text().chars().rev().collect()));
    let chain = Migrations::to("3")
        .secret("middle")
        .step(step().does(
            |edit| {
                let text = edit.remove("old")?.map(|value| value.to_text().replace('-', "")).unwrap_or_default();
                edit.set("middle", text)
            },
            |_| Ok(()),
        ))
        .step(Step::new("three", "2", "3").moves("middle", "password").maps("password", encode, encode));
    let plan = chain.build().unwrap().plan_for::<Config>(&document("old = 'h-u-n-t-e-r-2'\n"), None).unwrap();
    let shown = format!("{plan:?}{:?}{}", plan.patch(), serde_json::to_string(&plan.patch()).unwrap());
    assert!(!shown.contains(MARKER) && !shown.contains("2retnuh"), "{shown}");
}

#[test]
fn the_line_of_the_version_is_quoted_where_nothing_else_stands_on_it() {
    let fails = || to_two(step().does(|_| Err("no".into()), |_| Ok(())));
    let quoted = told::<Config>("a.toml", "version = '1'\npass = 'hunter2'\n", fails());
    assert!(quoted.contains(" 1 | version = '1'") && !quoted.contains(MARKER), "{quoted}");
    let outdated = told::<Config>("a.toml", "version = '1'\npass = 'hunter2'\nport = 1\n", to_two(step()));
    assert!(outdated.contains(" 1 | version = '1'") && !outdated.contains(MARKER), "{outdated}");
    is_silent::<Config>("a.yaml", "{version: 1, pass: hunter2}", fails());
    is_silent::<Config>("a.json", "{\"pass\": \"hunter2\", \"version\": \"1\"}", fails());
    is_silent::<Config>("a.yaml", "pass: |\n  hunter2\n  version: 2\nversion: 1\n", fails());
}
