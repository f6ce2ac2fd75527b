//! Documents of older versions, which hold secrets where the program has none any more: brought up to date while they
//! are loaded, right, wrong and broken.

use serde_json::{Value as Json, json};
use strata_config::{FieldPath, Loader, Mode, Value};
use strata_config_migrate::{Migrations, Refusal, Step};
use strata_config_reference::System;
use strata_config_reference::learning::LearningConfig;

use super::Told;
use super::broken::BREAKS;
use crate::case::{Case, Subject};
use crate::documents::{Language, place};
use crate::shelf::Shelf;

/// A configuration's older documents: which secrets they hold where, and what brings them up to date.
struct Older {
    case: Case,
    migrations: Migrations,
    version: &'static str,
}

impl Older {
    /// A document of a version, or of none.
    fn document(&self, version: Option<&str>) -> Json {
        let mut document = self.case.document();
        if let Some(version) = version {
            document["version"] = version.into();
        }
        document
    }

    fn told<S: Subject>(&self, told: &mut Told, what: &str, language: Language, text: &[u8]) {
        let name = format!("secrets.{}", language.extension());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(&name);
        std::fs::write(&file, text).unwrap();
        let loader = || S::secrets(Loader::<S>::new(), Some(&self.case.fernet())).upgrade(self.migrations.clone());
        told.load_in(&[Mode::Normal, Mode::Lenient], format!("{what} in {language:?}, a file"), &loader().file(&file));
        match self.migrations.plan_file::<S>(&file, None) {
            Ok(plan) => {
                told.shown.debug(format!("{what}, the plan"), &plan);
                told.shown.json(format!("{what}, the patch"), &plan.plan().patch());
            }
            Err(error) => told.shown.error(format!("{what}, planned"), &error),
        }
    }

    fn is_silent<S: Subject>(&self) {
        let mut told = Told::of(&self.case);
        // What is right arrives, so that it is there to be shown.
        let right = Language::Json.write(&self.document(Some(self.version)));
        let loader = S::secrets(Loader::<S>::new(), Some(&self.case.fernet())).upgrade(self.migrations.clone());
        loader.text("secrets.json", right).load().unwrap_or_else(|report| panic!("{report}"));
        for language in Language::ALL {
            for version in [None, Some(self.version), Some("999"), Some("no version")] {
                let document = self.document(version);
                let text = language.write(&document);
                self.told::<S>(&mut told, &format!("of {version:?}"), language, text.as_bytes());
                self.mistakes::<S>(&mut told, language, &document);
            }
            let text = language.write(&self.document(Some(self.version)));
            for secret in &self.case.secrets {
                for (name, broken) in BREAKS {
                    let broken = broken(&text, secret).expect("the secret stands in the document");
                    self.told::<S>(&mut told, &format!("{}, {name}", secret.path), language, &broken);
                }
            }
        }
        told.end(100 * self.case.free().count());
    }

    /// One mistake beside all the secrets, each on a line of its own and all on one.
    fn mistakes<S: Subject>(&self, told: &mut Told, language: Language, document: &Json) {
        let mut wrong = document.clone();
        wrong["nothing_that_is_known"] = "and its value".into();
        for secret in &self.case.secrets {
            for value in [json!([secret.given]), json!({"key": secret.given}), json!({secret.marker.as_str(): 1})] {
                let mut document = wrong.clone();
                *place(&mut document, &secret.path) = value;
                self.told::<S>(told, "wrong", language, language.write(&document).as_bytes());
                if language != Language::Toml {
                    self.told::<S>(told, "on one line", language, document.to_string().as_bytes());
                }
            }
        }
    }
}

#[test]
fn an_older_shelf_does_not_show_its_secrets() {
    let splits = |value: Value| {
        let text = value.to_text();
        let (size, code) = text.split_once('/').ok_or(Refusal::new("it has no size"))?;
        let size = size.parse().map_err(|_| "its size is no number")?;
        Ok([Some(Value::Int(size)), Some(Value::String(code.to_owned()))])
    };
    let step = Step::new("two", "1", "2")
        .rename("pass", "password")
        .removes("gone")
        .moves("label", "tokens.label")
        .does(move |edit| edit.split("pair", ["size", "tokens.pair"], splits).map(drop), |_| Ok(()));
    let chain = Migrations::to("2").secret("gone.key").secret("pair").secret("label").secret("pass").step(step);
    let mut case = Case::of::<Shelf>("older shelf")
        .holding("gone.key", str::to_owned)
        .holding("pair", |marker| format!("3/{marker}"))
        .holding("label", str::to_owned);
    let renamed = case.secrets.iter_mut().find(|secret| secret.path.as_str() == "password");
    renamed.expect("the shelf has a password").path = FieldPath::new("pass");
    let older = Older { case, migrations: chain.build().unwrap(), version: "1" };
    older.is_silent::<Shelf>();
}

#[test]
fn an_older_learning_system_does_not_show_its_secrets() {
    let migrations = LearningConfig::migrations().unwrap();
    let case = Case::of::<LearningConfig>("older").holding("api_keys.gemini", str::to_owned);
    let case = case.holding("api_keys.openai", str::to_owned);
    let older = Older { case, migrations, version: "0.9.0" };
    older.is_silent::<LearningConfig>();
}
