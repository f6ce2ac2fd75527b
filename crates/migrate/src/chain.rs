//! The chain of steps from the oldest version to the one that the program writes.

use std::fmt;
use std::sync::Arc;

use strata_config_core::schema::Schema;
use strata_config_core::{Document, FieldPath, Kind as NodeKind, LayeredConfig, Span, Value};

use crate::edit::Edit;
use crate::error::{Kind, MigrateError};
use crate::renames;
use crate::step::Step;
use crate::tree::Node;
use crate::version::Version;

/// The key that says a document's version, where nothing else is said.
const KEY: &str = "version";

/// The chain of steps from the oldest version to the one that the program writes. A clone is cheap.
#[derive(Debug, Clone)]
pub struct Migrations(pub(crate) Arc<Chain>);

#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) key: String,
    /// Steps in their order, each with the versions that it leads from and to; without a gap.
    pub(crate) links: Vec<Link>,
    pub(crate) current: Version,
    pub(crate) unversioned: Version,
    pub(crate) secrets: Vec<FieldPath>,
    /// The key that says when a document was migrated last.
    pub(crate) time: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) step: Step,
    pub(crate) from: Version,
    pub(crate) to: Version,
    pub(crate) checksum: String,
}

/// Puts a chain together.
#[derive(Debug, Clone)]
#[must_use = "a chain is there when it is built"]
pub struct MigrationsBuilder {
    current: String,
    key: String,
    unversioned: Option<String>,
    steps: Vec<Step>,
    schema: Option<&'static Schema>,
    secrets: Vec<String>,
    time: Option<String>,
}

impl Migrations {
    /// A chain that leads to the version that the program writes.
    pub fn to(version: impl Into<String>) -> MigrationsBuilder {
        MigrationsBuilder {
            current: version.into(),
            key: KEY.to_owned(),
            unversioned: None,
            steps: Vec::new(),
            schema: None,
            secrets: Vec::new(),
            time: None,
        }
    }

    /// The key that says a document's version.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The version that the program writes.
    #[must_use]
    pub fn current(&self) -> &Version {
        &self.0.current
    }

    /// The version of a document that says none.
    #[must_use]
    pub fn unversioned(&self) -> &Version {
        &self.0.unversioned
    }

    /// The steps, the oldest first.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.0.links.iter().map(|link| &link.step)
    }

    /// Every version, the oldest first.
    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        let first = self.0.links.first().map_or(&self.0.current, |link| &link.from);
        std::iter::once(first).chain(self.0.links.iter().map(|link| &link.to))
    }

    /// The version of a document: what it says, or that of documents that say none.
    ///
    /// # Errors
    /// Where it says something that is no version.
    pub fn version_of(&self, document: &Document) -> Result<Version, MigrateError> {
        self.version_in(&Node::of(document)).map(|(version, _)| version)
    }

    /// The version of a document, and where it says so.
    pub(crate) fn version_in(&self, root: &Node) -> Result<(Version, Option<Span>), MigrateError> {
        let Some(node) = root.index(&self.0.key).map(|index| &root.children[index]) else {
            return Ok((self.0.unversioned.clone(), None));
        };
        let invalid = |message| MigrateError::new(Kind::Version, message).at(Some(node.span));
        if node.is_container() || matches!(node.kind, NodeKind::Null | NodeKind::Bool) {
            let message = format!("`{}` is the version of the document, and must be a text or a number", self.0.key);
            return Err(invalid(message));
        }
        let is_number = matches!(node.kind, NodeKind::Integer | NodeKind::Float);
        if is_number && !node.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            let message = format!("`{}`: a version that is a number is written in decimal digits alone", self.0.key);
            return Err(invalid(message));
        }
        let version = Version::parse(&node.text).map_err(|error| invalid(format!("`{}`: {error}", self.0.key)))?;
        Ok((version, Some(node.span)))
    }

    /// The number of steps before a version; that of none where the chain does not know it.
    pub(crate) fn rank(&self, version: &Version) -> Option<usize> {
        self.versions().position(|known| known == version)
    }

    /// What is wrong with a version that the chain does not know.
    pub(crate) fn unknown(&self, version: &Version) -> MigrateError {
        let known: Vec<&str> = self.versions().map(Version::as_str).collect();
        let oldest = self.versions().next().expect("a chain has a version");
        let why = match version {
            version if *version > self.0.current => {
                let message = format!(
                    "version {version} is newer than this program, which knows {}: it can be read, and is not written",
                    self.0.current
                );
                return MigrateError::new(Kind::Newer, message);
            }
            version if version < oldest => format!("it is older than {oldest}, where the chain begins"),
            _ => "no step begins or ends there".to_owned(),
        };
        let message = format!("version {version} can't be reached: {why} (known versions: {})", known.join(", "));
        MigrateError::new(Kind::Unreachable, message)
    }

    /// Writes the version into a document, as a number where it was one.
    pub(crate) fn stamp(&self, edit: &mut Edit, version: &Version) -> Result<(), MigrateError> {
        let key = FieldPath::ROOT.child(&self.0.key);
        let was_number = edit.root().find(&key).is_some_and(|node| node.kind == NodeKind::Integer);
        let number = version.as_str().parse().ok().filter(|_| was_number && version.is_number());
        let value = number.map_or_else(|| Value::String(version.as_str().to_owned()), Value::Int);
        let failed = |error| MigrateError::new(Kind::Step, format!("the version can't be written: {error}"));
        edit.set(key.as_str(), value).map_err(failed)
    }
}

impl MigrationsBuilder {
    /// The key that says a document's version, at its root: `version` where nothing is said.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// The version of a document that says none: the oldest where nothing is said.
    pub fn unversioned(mut self, version: impl Into<String>) -> Self {
        self.unversioned = Some(version.into());
        self
    }

    /// Adds a step.
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Adds a step for each version in which a field was renamed by `renamed_from = "…", since = "…"`. Renames of a
    /// version that another step leads to, or over, become the first part of that step.
    pub fn renames_of<C: LayeredConfig>(mut self) -> Self {
        self.schema = Some(C::SCHEMA);
        self
    }

    /// The key, at a document's root, that says when it was migrated last (RFC 3339): written with files and stores, and
    /// left alone in memory.
    pub fn time(mut self, key: impl Into<String>) -> Self {
        self.time = Some(key.into());
        self
    }

    /// Names a place at which documents of an older version hold a secret, so that no plan shows it. Secrets of the
    /// current version are known by their type.
    pub fn secret(mut self, path: impl Into<String>) -> Self {
        self.secrets.push(path.into());
        self
    }

    /// The chain.
    ///
    /// # Errors
    /// Everything that is wrong with it: texts that are no versions, a gap, two ways, an end that is not the program's
    /// version, two steps with one id.
    pub fn build(self) -> Result<Migrations, InvalidChain> {
        let mut problems = Vec::new();
        let mut note = |problem: String| problems.push(problem);
        let current = Version::parse(&self.current).map_err(|error| note(format!("the program's version: {error}")));
        let mut links = links(self.steps, &mut note);
        if let (Some(schema), Ok(current)) = (self.schema, &current) {
            let unversioned = self.unversioned.as_deref().and_then(|text| Version::parse(text).ok());
            add_renames(&mut links, schema, current, unversioned.as_ref());
        }
        links.sort_by(|one, two| one.from.cmp(&two.from).then_with(|| one.to.cmp(&two.to)));
        check_links(&links, current.as_ref().ok(), &mut note);
        let oldest = links.first().map(|link| link.from.clone()).or_else(|| current.clone().ok());
        let unversioned = match self.unversioned.as_deref().map(Version::parse) {
            Some(Err(error)) => {
                note(format!("the version of documents that say none: {error}"));
                None
            }
            Some(Ok(version)) => {
                let known = links.iter().any(|link| link.from == version || link.to == version);
                if !known && current.as_ref().is_ok_and(|current| *current != version) {
                    note(format!("documents that say no version have {version}, at which no step begins"));
                }
                Some(version)
            }
            None => oldest,
        };
        if self.key.is_empty() {
            note("the key of the version is empty".to_owned());
        }
        let mut secrets = Vec::new();
        for path in &self.secrets {
            match FieldPath::parse(path) {
                Ok(path) => secrets.push(path),
                Err(message) => note(message),
            }
        }
        match (current, unversioned) {
            (Ok(current), Some(unversioned)) if problems.is_empty() => {
                for link in &mut links {
                    link.checksum = link.step.checksum();
                }
                Ok(Migrations(Arc::new(Chain { key: self.key, links, current, unversioned, secrets, time: self.time })))
            }
            _ => Err(InvalidChain { problems }),
        }
    }
}

fn links(steps: Vec<Step>, note: &mut dyn FnMut(String)) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for step in steps {
        let id = step.id().to_owned();
        if id.is_empty() {
            note("a step has no id".to_owned());
        }
        if links.iter().any(|link| link.step.id() == id) {
            note(format!("two steps have the id `{id}`"));
        }
        match step.versions() {
            (Ok(from), Ok(to)) if from < to => links.push(Link { step, from, to, checksum: String::new() }),
            (Ok(from), Ok(to)) => note(format!("step `{id}` leads from {from} to {to}, which is not later")),
            (from, to) => {
                for error in [from.err(), to.err()].into_iter().flatten() {
                    note(format!("step `{id}`: {error}"));
                }
            }
        }
    }
    links
}

/// Adds what attributes say was renamed: to the step that leads to that version, or over it, or as a step of its own.
fn add_renames(links: &mut Vec<Link>, schema: &'static Schema, current: &Version, unversioned: Option<&Version>) {
    let mut versions: Vec<Version> = renames::all(schema).into_iter().map(|(since, ..)| since).collect();
    versions.sort();
    versions.dedup();
    for version in versions.into_iter().filter(|version| version <= current) {
        let renames = renames::since(schema, &version);
        let oldest = links.iter().map(|link| &link.from).min().or(unversioned).cloned();
        if oldest.as_ref().is_none_or(|oldest| version <= *oldest) {
            continue;
        }
        if let Some(link) = links.iter_mut().find(|link| link.from < version && version <= link.to) {
            link.step.prepend(renames);
            continue;
        }
        // Behind all others, since each of them ends before it.
        let Some(from) = links.iter().map(|link| &link.to).max().cloned().or(oldest) else { continue };
        let mut step = Step::new(format!("renames-{version}"), from.as_str(), version.as_str())
            .describe(format!("Renames of version {version}"));
        step.prepend(renames);
        links.push(Link { step, from, to: version, checksum: String::new() });
    }
}

fn check_links(links: &[Link], current: Option<&Version>, note: &mut dyn FnMut(String)) {
    for pair in links.windows(2) {
        let (one, two) = (&pair[0], &pair[1]);
        let (first, second) = (one.step.id(), two.step.id());
        if one.from == two.from {
            note(format!("two ways lead on from {}: `{first}` and `{second}`", one.from));
        } else if one.to == two.to {
            note(format!("two ways lead to {}: `{first}` and `{second}`", one.to));
        } else if one.to > two.from {
            note(format!("step `{first}` leads over {}, where `{second}` begins", two.from));
        } else if one.to < two.from {
            note(format!("no step leads from {} to {}", one.to, two.from));
        }
    }
    let last = links.iter().map(|link| &link.to).max();
    if let (Some(last), Some(current)) = (last, current)
        && last != current
    {
        note(format!("the steps end at {last}, and the program's version is {current}"));
    }
}

/// What is wrong with a chain of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidChain {
    problems: Vec<String>,
}

impl InvalidChain {
    /// Everything that is wrong, each in a sentence.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for InvalidChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the chain of migrations is wrong: {}", self.problems.join("; "))
    }
}

impl std::error::Error for InvalidChain {}
