//! flagd's JSON in: what is right is taken over, what is not is refused flag by flag.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::check::{self, within};
use super::evaluators::Evaluators;
use super::translate::{Names, Translated};
use super::{NEWEST, document};
use crate::bucket::Algorithm;
use crate::compile::{self, Problem, Problems};
use crate::interchange::Imported;
use crate::logic;
use crate::model::{Definition, Flag, Logic, Segment, Serve};

/// How a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportOptions {
    /// Which generation of flagd's `fractional` the document was written for: [`Algorithm::FlagdV3`], since flagd's pull
    /// request 1909 of 2026, or [`Algorithm::FlagdV2`]. They place units differently.
    pub fractional: Algorithm,
    /// Whether flags may also be a list (`flagd.json`), as the daemon takes them, and not just an object (`flags.json`).
    pub allows_list: bool,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { fractional: NEWEST, allows_list: true }
    }
}

impl ImportOptions {
    /// The same, with another generation of `fractional`.
    #[must_use]
    pub const fn with_fractional(mut self, generation: Algorithm) -> Self {
        self.fractional = generation;
        self
    }

    /// The same, with flags as an object alone.
    #[must_use]
    pub const fn without_list(mut self) -> Self {
        self.allows_list = false;
        self
    }
}

/// Reads a document, as flagd reads it now.
#[must_use]
pub fn import(document: &Json) -> Imported {
    import_with(document, ImportOptions::default())
}

/// Reads a document that is still text. A text that is no JSON is refused as a whole.
#[must_use]
pub fn import_text(text: &str, options: ImportOptions) -> Imported {
    match serde_json::from_str(text) {
        Ok(document) => import_with(&document, options),
        Err(error) => refused_whole(format!("no JSON: {error}")),
    }
}

/// Reads a document.
#[must_use]
pub fn import_with(document: &Json, options: ImportOptions) -> Imported {
    if ![Algorithm::FlagdV2, Algorithm::FlagdV3].contains(&options.fractional) {
        return refused_whole(format!("`{}` is no generation of flagd's `fractional`", options.fractional));
    }
    // A document that was built may be deeper than any that was read.
    if logic::depth(document) > 2 * logic::DEEPEST {
        return refused_whole("the document is nested too deep".to_owned());
    }
    let Some(entries) = document.as_object() else {
        return refused_whole("a document is an object with `flags`".to_owned());
    };
    let mut import = Import { options, imported: Imported::default(), evaluators: Evaluators::default() };
    import.document(entries);
    import.imported
}

fn refused_whole(message: String) -> Imported {
    let mut imported = Imported::default();
    imported.refuse(WHOLE, [message]);
    imported
}

/// The name under which a document itself is refused.
const WHOLE: &str = "";

struct Import {
    options: ImportOptions,
    imported: Imported,
    evaluators: Evaluators,
}

impl Import {
    fn document(&mut self, entries: &Map<String, Json>) {
        let mut problems = Problems::default();
        self.imported.definitions.metadata = within("metadata", &mut problems, |problems| {
            for name in ["flagSetId", "version"] {
                let value = entries.get("metadata").and_then(|metadata| metadata.get(name));
                if value.is_some_and(|value| !value.is_string()) {
                    within(name, problems, |problems| problems.push("this is a text"));
                }
            }
            document::metadata(entries.get("metadata"), problems)
        });
        within("$evaluators", &mut problems, |problems| self.read_evaluators(entries.get("$evaluators"), problems));
        let flags = within("flags", &mut problems, |problems| self.flags(entries.get("flags"), problems));
        self.refuse(WHOLE, problems.finish());
        self.segments();
        let mut known: BTreeMap<&str, ()> = BTreeMap::new();
        for (key, flag) in flags {
            if known.insert(key, ()).is_some() {
                let message = "a flag before has the same key".to_owned();
                self.refuse(key, vec![Problem { path: Vec::new(), message, help: None }]);
                continue;
            }
            self.flag(key, flag);
        }
        self.warn_of_evaluators();
    }

    fn read_evaluators(&mut self, json: Option<&Json>, problems: &mut Problems) {
        let entries = match json {
            None => return,
            Some(Json::Object(entries)) => entries,
            Some(_) => return problems.push("evaluators are an object"),
        };
        for (name, rule) in entries {
            within(name.as_str(), problems, |problems| {
                let mut own = Problems::default();
                check::rule(rule, &mut own);
                let found = own.finish();
                if found.is_empty() {
                    self.evaluators.0.insert(name.clone(), rule.clone());
                }
                found.into_iter().for_each(|problem| problems.push(problem.to_string()));
            });
        }
    }

    /// The flags with their keys, in the document's order.
    fn flags<'d>(&self, json: Option<&'d Json>, problems: &mut Problems) -> Vec<(&'d str, &'d Json)> {
        match json {
            Some(Json::Object(flags)) => flags.iter().map(|(key, flag)| (key.as_str(), flag)).collect(),
            Some(Json::Array(flags)) if self.options.allows_list => {
                let key = |(index, flag): (usize, &'d Json)| {
                    let key = flag.get("key").and_then(Json::as_str).filter(|key| !key.is_empty());
                    if key.is_none() {
                        within(index, problems, |problems| problems.push("a flag of a list has a `key`"));
                    }
                    Some((key?, flag))
                };
                flags.iter().enumerate().filter_map(key).collect()
            }
            Some(Json::Array(_)) => {
                problems.push("flags are an object here: only the daemon takes a list");
                Vec::new()
            }
            _ => {
                problems.push("an object of flags is needed");
                Vec::new()
            }
        }
    }

    /// Evaluators that are conditions of ours become segments; the others are put where they are named.
    fn segments(&mut self) {
        let rules: Vec<(String, Json)> = self.evaluators.0.clone().into_iter().collect();
        // One may name another, so this goes on until none is added.
        loop {
            let before = self.imported.definitions.segments.len();
            for (name, rule) in &rules {
                let known = &self.imported.definitions.segments;
                if known.contains_key(name) || self.evaluators.resolve(rule).is_err() {
                    continue;
                }
                let has_segment = |name: &str| known.contains_key(name);
                let names = Names { variants: &[], has_segment: &has_segment, fractional: self.options.fractional };
                let Some(when) = names.condition(rule) else { continue };
                let segment = Segment { when: Some(when), ..Segment::default() };
                // What our compiler would refuse (too deep, say) stays logic.
                if compile::segment(name, &Arc::new(segment.clone()), None).1.is_empty() {
                    self.imported.definitions.segments.insert(name.clone(), segment);
                }
            }
            if self.imported.definitions.segments.len() == before {
                return;
            }
        }
    }

    fn flag(&mut self, key: &str, flag: &Json) {
        let mut problems = Problems::default();
        let mut warnings = Vec::new();
        if key.is_empty() {
            problems.push("a flag's key is not empty");
        }
        let Some(entries) = flag.as_object() else {
            problems.push("a flag is an object");
            return self.refuse(key, problems.finish());
        };
        let mut definition = document::flag(entries, &mut problems, &mut warnings);
        let mut found = problems.finish();
        if found.is_empty() {
            found = match entries.get("targeting").filter(|targeting| *targeting != &Json::Object(Map::new())) {
                Some(targeting) => self.targeting(key, targeting, &mut definition, &mut warnings),
                None => compiled(key, &definition),
            };
        }
        if !found.is_empty() {
            return self.refuse(key, found);
        }
        self.imported.warn(key, warnings);
        self.imported.definitions.flags.insert(key.to_owned(), Flag::from(definition));
    }

    /// Puts the targeting into a definition: as rules where these mean the same, as logic where they do not.
    fn targeting(
        &self,
        key: &str,
        targeting: &Json,
        definition: &mut Definition,
        warnings: &mut Vec<String>,
    ) -> Vec<Problem> {
        let resolved = match self.evaluators.resolve(targeting) {
            Ok(resolved) => resolved,
            Err(message) => return vec![Problem { path: vec!["targeting".into()], message, help: None }],
        };
        let variants: Vec<String> = definition.variants.keys().cloned().collect();
        let variants: Vec<&str> = variants.iter().map(String::as_str).collect();
        let has_segment = |name: &str| self.imported.definitions.segments.contains_key(name);
        let names = Names { variants: &variants, has_segment: &has_segment, fractional: self.options.fractional };
        if let Some(Translated { rules, fallthrough }) = names.targeting(targeting) {
            let translated = Definition { rules, fallthrough, ..definition.clone() };
            if compiled(key, &translated).is_empty() {
                *definition = translated;
                return Vec::new();
            }
        }
        let mut unknown = Vec::new();
        results(&resolved, &variants, &mut unknown);
        warnings.extend(unknown.iter().map(|name| {
            format!(
                "its targeting names `{}`, which is no variant of it: who gets that gets the program's default",
                name.escape_debug()
            )
        }));
        definition.fallthrough = Some(Serve::Logic(Logic { rule: resolved, fractional: self.options.fractional }));
        compiled(key, definition)
    }

    /// Tells which evaluators lost their names.
    fn warn_of_evaluators(&mut self) {
        let message = |name: &String| {
            format!("the evaluator `{}` is put into the rules that name it, and loses its name", name.escape_debug())
        };
        let definitions = &self.imported.definitions;
        let lost = self.evaluators.0.keys().filter(|name| !definitions.segments.contains_key(*name));
        let messages: Vec<String> = lost.map(message).collect();
        self.imported.warn(WHOLE, messages);
    }

    fn refuse(&mut self, flag: &str, problems: Vec<Problem>) {
        self.imported.refuse(flag, problems.iter().map(Problem::to_string));
    }
}

/// What our own compiler has against a definition, segments aside: those are known to be there.
fn compiled(key: &str, definition: &Definition) -> Vec<Problem> {
    compile::flag(key, &Arc::new(Flag::from(definition.clone())), None, None).1
}

/// Names in the places of results that are no variants, each once.
fn results(result: &Json, variants: &[&str], unknown: &mut Vec<String>) {
    match result {
        Json::String(name) if !variants.contains(&name.as_str()) && !unknown.contains(name) => {
            unknown.push(name.clone());
        }
        Json::Object(_) => match super::translate::only(result) {
            Some(("if", Json::Array(operands))) => {
                let is_result = |index: usize| index % 2 == 1 || (index + 1 == operands.len() && index > 0);
                let found = operands.iter().enumerate().filter(|(index, _)| is_result(*index));
                found.for_each(|(_, operand)| results(operand, variants, unknown));
            }
            Some(("fractional", Json::Array(buckets))) => {
                let found = buckets.iter().filter_map(|bucket| bucket.as_array()?.first());
                found.for_each(|variant| results(variant, variants, unknown));
            }
            _ => {}
        },
        _ => {}
    }
}
