//! What the definitions of other systems become, and what is told about them: the same for every format.

use crate::model::Definitions;
use crate::set::{FlagSet, Part};

/// What an import gives: every flag that could be carried over, and by name every one that could not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imported {
    /// The flags and segments that were carried over.
    pub definitions: Definitions,
    /// The flags that were not, and why.
    pub refused: Vec<Refused>,
    /// What was carried over with something that its owner should look at.
    pub warnings: Vec<Refused>,
}

/// What an export gives: every flag that the other format can say, and by name every one that it can't.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exported {
    /// What the other system reads.
    pub document: serde_json::Value,
    /// The flags that are not in it, and why.
    pub refused: Vec<Refused>,
    /// The flags that are in it without something that answers do not depend on.
    pub warnings: Vec<Refused>,
}

/// A flag, and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The flag's key, `segment …` for a segment; empty where it is about the whole text.
    pub flag: String,
    /// What is wrong, and where within the flag.
    pub problems: Vec<String>,
}

impl Imported {
    /// Notes why a flag is refused.
    pub fn refuse(&mut self, flag: &str, problems: impl IntoIterator<Item = String>) {
        note(&mut self.refused, flag, problems);
    }

    /// Notes what the owner of a flag should look at.
    pub fn warn(&mut self, flag: &str, problems: impl IntoIterator<Item = String>) {
        note(&mut self.warnings, flag, problems);
    }

    /// Whether a flag was refused.
    #[must_use]
    pub fn is_refused(&self, flag: &str) -> bool {
        self.refused.iter().any(|refused| refused.flag == flag)
    }

    /// Refuses, by name, every flag that does not compile, and then every one that needs it, so that
    /// [`FlagSet::new`] takes the definitions that are left.
    #[must_use]
    pub fn compiled(mut self) -> Self {
        // Every turn takes at least one part away, so this ends.
        while let Err(invalid) = FlagSet::new(self.definitions.clone()) {
            for found in invalid {
                let problem = [found.problem.to_string()];
                match found.part {
                    Part::Flag => {
                        self.definitions.flags.remove(&found.name);
                        self.definitions.trips.remove(&found.name);
                        self.refuse(&found.name, problem);
                    }
                    Part::Segment => {
                        self.definitions.segments.remove(&found.name);
                        self.refuse(&format!("segment {}", found.name), problem);
                    }
                    Part::Trip => {
                        self.definitions.trips.remove(&found.name);
                        self.warn(&found.name, problem);
                    }
                }
            }
        }
        self
    }
}

impl Exported {
    /// Notes why a flag is refused.
    pub fn refuse(&mut self, flag: &str, problems: impl IntoIterator<Item = String>) {
        note(&mut self.refused, flag, problems);
    }

    /// Notes what a flag lost.
    pub fn warn(&mut self, flag: &str, problems: impl IntoIterator<Item = String>) {
        note(&mut self.warnings, flag, problems);
    }

    /// Whether a flag was refused.
    #[must_use]
    pub fn is_refused(&self, flag: &str) -> bool {
        self.refused.iter().any(|refused| refused.flag == flag)
    }
}

fn note(notes: &mut Vec<Refused>, flag: &str, problems: impl IntoIterator<Item = String>) {
    let mut problems = problems.into_iter().peekable();
    if problems.peek().is_none() {
        return;
    }
    match notes.iter_mut().find(|known| known.flag == flag) {
        Some(known) => known.problems.extend(problems),
        None => notes.push(Refused { flag: flag.to_owned(), problems: problems.collect() }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Definition;

    #[test]
    fn a_flag_that_does_not_compile_is_refused_with_all_that_need_it() {
        let definitions = serde_json::from_value(json!({
            "flags": {
                "good": true,
                "child": {"prerequisites": [{"flag": "bad", "variant": "on"}]},
                "grandchild": {"prerequisites": [{"flag": "child", "variant": "on"}]},
                "grouped": {"rules": [{"when": {"segment": "round"}, "serve": "on"}]},
            },
            "segments": {"round": {"when": {"segment": "round"}}},
        }));
        let mut definitions: Definitions = definitions.unwrap();
        // Reading would refuse it at once.
        let bad = Definition { default_variant: Some("nonsense".to_owned()), ..Definition::default() };
        definitions.flags.insert("bad".to_owned(), bad.into());
        let imported = Imported { definitions, ..Imported::default() }.compiled();
        assert_eq!(imported.definitions.flags.keys().collect::<Vec<_>>(), ["good"]);
        let mut refused: Vec<&str> = imported.refused.iter().map(|refused| &*refused.flag).collect();
        refused.sort_unstable();
        assert_eq!(refused, ["bad", "child", "grandchild", "grouped", "segment round"]);
        assert!(imported.refused.iter().all(|refused| !refused.problems.is_empty()));
        assert!(FlagSet::new(imported.definitions).is_ok());
    }
}
