//! What is said of secrets that are wrong, and of documents that are broken around them.

mod broken;
mod older;
mod variables;
mod wrong;

use std::fmt::Display;

use strata_config::{LayeredConfig, Loader, Mode};
use strata_config_reload::Live;

use crate::case::{Case, Subject};
use crate::collection::Collection;
use crate::documents::Language;

/// Digits that are a secret, as a number that no type holds.
const DIGITS: &str = "91827364554637281920374650";

/// What was told, and how often something was wrong.
struct Told {
    shown: Collection,
    refused: usize,
}

impl Told {
    fn of(case: &Case) -> Self {
        let mut search = case.search();
        search.add("digits", DIGITS);
        Self { shown: Collection::new(search), refused: 0 }
    }

    /// Loads what is wrong, in every mode, and takes all that is said of it.
    fn load<C: LayeredConfig>(&mut self, what: impl Display, loader: &Loader<C>) {
        self.load_in(&[Mode::Normal, Mode::Strict, Mode::Lenient], &what, loader);
        if let Err(error) = Live::of(loader.clone()).open() {
            self.shown.take(format!("{what}, opened"), format!("{error} {error:?}"));
        }
    }

    fn load_in<C: LayeredConfig>(&mut self, modes: &[Mode], what: impl Display, loader: &Loader<C>) {
        let shown = &mut self.shown;
        for &mode in modes {
            let outcome = loader.clone().mode(mode).read();
            let report = outcome.report();
            shown.take(format!("{what}, {mode:?}, the report"), report.to_string());
            shown.take(format!("{what}, {mode:?}, in colours"), report.render(true));
            shown.take(format!("{what}, {mode:?}, as JSON"), serde_json::to_vec(report).unwrap());
            shown.take(format!("{what}, {mode:?}, the findings"), format!("{:?}", report.findings()));
            if mode == Mode::Lenient {
                shown.take(format!("{what}, the outcome"), format!("{outcome:?}"));
                let read = serde_json::to_vec(&outcome.explain(&[])).unwrap();
                shown.take(format!("{what}, what could be read"), read);
            }
            self.refused += usize::from(!report.is_valid());
        }
    }

    /// Loads a text as a document, also from a file.
    fn document<S: Subject>(&mut self, case: &Case, what: impl Display, language: Language, text: &[u8]) {
        let name = format!("secrets.{}", language.extension());
        let what = format!("{what} in {language:?}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(&name);
        std::fs::write(&file, text).unwrap();
        let loader = || S::secrets(Loader::<S>::new(), Some(&case.fernet()));
        self.load_in(&[Mode::Normal, Mode::Lenient], format!("{what}, a file"), &loader().file(&file));
        if let Ok(text) = std::str::from_utf8(text) {
            // Without keys, too: then the tokens are what is wrong.
            let keyless = S::secrets(Loader::<S>::new(), None).text(&name, text);
            self.load_in(&[Mode::Strict], format!("{what}, without keys"), &keyless);
        }
    }

    /// Nothing was shown, and as many loads were refused as it takes to say so.
    #[track_caller]
    fn end(self, least: usize) {
        self.shown.is_silent(least);
        assert!(self.refused >= least, "{} loads were refused, and {least} would show something", self.refused);
    }
}
