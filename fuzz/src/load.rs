//! A whole load of a rich configuration from any document, `.env` file, variables and arguments: reports point into
//! their sources, nothing shows a secret, and what is valid explains, exports and loads again.

use strata_config::{LayerKind, LayeredConfig, Loader, Mode, Outcome};
use strata_config_core::fuzzing::{self, Fault, Format};
use strata_config_core::{Document, Kind, NodeId};

use crate::site::{Site, is_secret};

/// What stands in secrets alone.
const MARKER: &str = "hunter2";

/// The sources that an input makes.
struct Input {
    name: &'static str,
    format: Format,
    mode: Mode,
    document: String,
    dotenv: String,
    variables: Vec<(String, String)>,
    sets: Vec<String>,
    /// Secrets come from the environment and an argument, too.
    secrets: bool,
}

/// One byte for format, mode and secrets; then the document, the `.env` file, the variables and the values set, with the
/// byte 0xff between them and lines for variables and values.
pub fn load(data: &[u8]) {
    let input = Input::of(data);
    let outcome = input.loader().read();
    let report = outcome.report();
    assert_eq!(outcome.config().is_some(), report.is_valid(), "{report}");
    let shown = shown(&outcome);
    assert_eq!(shown, self::shown(&input.loader().read()), "the same input gives the same report");
    input.check_places(&outcome);
    input.check_secrets(&outcome, &shown);
    if let Ok(loaded) = outcome.into_loaded() {
        let json = serde_json::to_string(&loaded.export()).expect("a value is JSON");
        assert!(!json.contains("$secret"));
        let config = loaded.into_config().without_secrets();
        let again = Site::loader().text("export.json", &json).load();
        assert_eq!(again.as_deref(), Ok(&config), "{json}");
    }
}

/// Everything that an outcome can show.
fn shown(outcome: &Outcome<Site>) -> Vec<String> {
    let report = outcome.report();
    let explained = outcome.explain(&[]);
    let mut shown = vec![
        report.to_string(),
        report.render(true),
        serde_json::to_string(report).expect("a report is JSON"),
        serde_json::to_string(&explained).expect("explanations are JSON"),
        format!("{outcome:?}{explained:?}"),
    ];
    shown.extend(explained.iter().map(ToString::to_string));
    if let Ok(loaded) = outcome.clone().into_loaded() {
        shown.push(format!("{loaded:?}{:?}{:?}", loaded.values(), loaded.export()));
        shown.push(format!("{:?}", strata_config::diff(&*Site::loader().load().expect("defaults"), &loaded)));
    }
    shown
}

impl Input {
    fn of(data: &[u8]) -> Self {
        let (&first, data) = data.split_first().unwrap_or((&0, data));
        let mut parts = data.split(|byte| *byte == 0xff).map(|part| String::from_utf8_lossy(part).into_owned());
        let mut part = || parts.next().unwrap_or_default();
        let (document, dotenv, variables, sets) = (part(), part(), part(), part());
        let (name, format) =
            [("a.json", Format::Json), ("a.toml", Format::Toml), ("a.yaml", Format::Yaml)][usize::from(first % 3)];
        let mode = [Mode::Normal, Mode::Strict, Mode::Lenient][usize::from(first / 3 % 3)];
        // A variable `*_FILE` would read this machine's files.
        let variables = variables.lines().filter_map(|line| line.split_once('=')).filter(|(key, _)| !is_file(key));
        let variables = variables.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let dotenv = if is_file(&dotenv) { String::new() } else { dotenv };
        let sets = sets.lines().map(str::to_owned).collect();
        Self { name, format, mode, document, dotenv, variables, sets, secrets: first / 9 % 2 == 1 }
    }

    fn loader(&self) -> Loader<Site> {
        let mut variables = self.variables.clone();
        let mut args = vec!["app".to_owned()];
        if self.secrets {
            variables.push(("S_KEYS".to_owned(), format!("a={MARKER},b=x")));
            args.extend(["--token".to_owned(), format!("{MARKER} x")]);
        }
        args.extend(self.sets.iter().flat_map(|set| ["--set".to_owned(), set.clone()]));
        Site::loader()
            .text(self.name, self.document.clone())
            .dotenv_text(".env", self.dotenv.clone())
            .env_from(variables)
            .args(args)
            .mode(self.mode)
    }

    /// A position is a line and a column that its source has, and what is quoted stands there.
    fn check_places(&self, outcome: &Outcome<Site>) {
        for finding in outcome.report().findings() {
            let origins = finding.origin.iter().chain(finding.related.iter().filter_map(|other| other.origin.as_ref()));
            for origin in origins.chain(&finding.shadows) {
                let text = match origin.layer {
                    LayerKind::File => self.document.as_str(),
                    LayerKind::Dotenv => &self.dotenv,
                    _ => continue,
                };
                position(text, &origin.at);
            }
            if let Some(excerpt) = &finding.excerpt {
                let text = if finding.layer() == "dotenv" { &self.dotenv } else { &self.document };
                let line = text.split('\n').nth(excerpt.line - 1).expect("the line is there");
                let quoted = excerpt.text.trim_end_matches('…').chars().count();
                assert!(quoted <= line.chars().count() && excerpt.column >= 1 && excerpt.width >= 1);
            }
        }
    }

    fn check_secrets(&self, outcome: &Outcome<Site>, shown: &[String]) {
        let (document, faults) = fuzzing::read(self.format, self.document.as_bytes());
        // Nobody knows what the parts of a broken document are, so nothing of it is quoted.
        for finding in outcome.report().findings().iter().filter(|finding| finding.code.starts_with("document.")) {
            assert!(!finding.message.contains(MARKER) && finding.excerpt.is_none(), "{}", finding.message);
        }
        let elsewhere =
            [&self.dotenv].into_iter().chain(&self.sets).chain(self.variables.iter().map(|(_, value)| value));
        let copied = self.dotenv.contains('$');
        let named = self.variables.iter().any(|(key, _)| key.contains(MARKER));
        let mut elsewhere = elsewhere.filter(|text| text.contains(MARKER));
        if elsewhere.next().is_none() && !copied && !named && only_in_secrets(&document, &faults) {
            for text in shown {
                assert!(!text.contains(MARKER), "{text}");
            }
        }
    }
}

fn is_file(text: &str) -> bool {
    text.contains("_FILE")
}

/// Checks `name:line:column` against the text.
fn position(text: &str, at: &str) {
    let mut numbers = at.rsplit(':').map(|number| number.parse::<usize>().unwrap_or(0));
    let (column, line) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let found = line.checked_sub(1).and_then(|line| text.split('\n').nth(line));
    assert!(found.is_some_and(|found| (1..=found.chars().count() + 1).contains(&column)), "{at} in {text:?}");
}

/// Whether a document without faults has the marker in the values of secrets and nowhere else.
fn only_in_secrets(document: &Document, faults: &[Fault]) -> bool {
    let mut within = 0;
    let clean = clean(document, NodeId::ROOT, &mut Vec::new(), &mut within);
    faults.is_empty() && clean && document.text().matches(MARKER).count() == within
}

fn clean(document: &Document, node: NodeId, keys: &mut Vec<String>, within: &mut usize) -> bool {
    let path: Vec<&str> = keys.iter().map(String::as_str).collect();
    let scalar = !matches!(document.kind(node), Kind::Array | Kind::Table);
    if scalar && is_secret(&path) {
        let span = document.span(node);
        *within += document.text()[span.start as usize..span.end as usize].matches(MARKER).count();
        return true;
    }
    if document.scalar(node).contains(MARKER) || document.key(node).contains(MARKER) {
        return false;
    }
    document.children(node).all(|child| {
        keys.push(document.key(child).to_owned());
        let clean = clean(document, child, keys, within);
        keys.pop();
        clean
    })
}
