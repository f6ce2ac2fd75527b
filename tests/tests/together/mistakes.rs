//! A corpus of mistakes: each case states all that its report must say, and nothing shows what is secret.

mod combined;
mod documents;
mod keys;
mod leaves;
mod rules;
mod schemas;
mod secrets;
mod texts;

use strata_config::{LayeredConfig, Loader, Report};

/// What no report may show.
const MARKER: &str = "hunter2";

/// Code, path and place of a finding.
type Place = (&'static str, &'static str, &'static str);

/// A load with mistakes, and what its report has to say.
struct Case {
    name: &'static str,
    report: Report,
    shown: Vec<String>,
    folder: String,
    errors: &'static [Place],
    warnings: &'static [Place],
}

impl Case {
    fn new<C: LayeredConfig>(name: &'static str, loader: Loader<C>) -> Self {
        let outcome = loader.read();
        let nothing = C::loader().read();
        let report = outcome.report().clone();
        let shown = vec![
            report.to_string(),
            format!("{report:?}"),
            report.render(true),
            serde_json::to_string(&report).unwrap(),
            format!("{outcome:?}"),
            format!("{:?}", outcome.explain(&[])),
            serde_json::to_string(&outcome.explain(&[])).unwrap(),
            format!("{:?}", outcome.changes_to(&nothing)),
            serde_json::to_string(&nothing.changes_to(&outcome)).unwrap(),
        ];
        assert_eq!(outcome.config().is_some(), report.is_valid(), "{name}");
        Self { name, report, shown, folder: String::new(), errors: &[], warnings: &[] }
    }

    /// A temporary folder, which places name as `DIR`.
    fn within(mut self, folder: &tempfile::TempDir) -> Self {
        self.folder = folder.path().to_str().unwrap().to_owned();
        self
    }

    fn errors(mut self, errors: &'static [Place]) -> Self {
        self.errors = errors;
        self
    }

    fn warnings(mut self, warnings: &'static [Place]) -> Self {
        self.warnings = warnings;
        self
    }

    /// Where the report differs from what is expected.
    fn difference(&self) -> Option<String> {
        let own = |findings: &mut dyn Iterator<Item = &strata_config::Finding>| -> Vec<(String, String, String)> {
            findings
                .map(|finding| {
                    let at = if self.folder.is_empty() {
                        finding.at().to_owned()
                    } else {
                        finding.at().replace(&self.folder, "DIR")
                    };
                    (finding.code.to_owned(), finding.path.to_string(), at)
                })
                .collect()
        };
        let expected = |places: &[Place]| -> Vec<(String, String, String)> {
            places.iter().map(|(code, path, at)| ((*code).into(), (*path).into(), (*at).into())).collect()
        };
        let found = (own(&mut self.report.errors()), own(&mut self.report.warnings()));
        let same = found == (expected(self.errors), expected(self.warnings));
        (!same).then(|| format!("@@{}\n.errors(&{:?})\n.warnings(&{:?})\n{}", self.name, found.0, found.1, self.report))
    }
}

fn corpus() -> Vec<Case> {
    let topics = [
        documents::cases(),
        leaves::cases(),
        texts::cases(),
        keys::cases(),
        rules::cases(),
        combined::cases(),
        secrets::cases(),
    ];
    topics.into_iter().flatten().collect()
}

#[test]
fn every_mistake_is_told_exactly_once_and_nothing_else() {
    let differences: Vec<String> = corpus().iter().filter_map(Case::difference).collect();
    assert!(differences.is_empty(), "{} cases:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn no_case_shows_a_secret() {
    for case in corpus() {
        for text in &case.shown {
            assert!(!text.contains(MARKER), "{}: {text}", case.name);
        }
    }
}

#[test]
fn the_corpus_is_large() {
    let corpus = corpus();
    let mistakes: usize = corpus.iter().map(|case| case.errors.len() + case.warnings.len()).sum();
    let mut names: Vec<&str> = corpus.iter().map(|case| case.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), corpus.len(), "a case's name stands for one case");
    assert!(corpus.len() >= 70 && mistakes >= 110, "{} cases, {mistakes} mistakes", corpus.len());
}
