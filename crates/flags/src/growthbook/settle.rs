//! Only what compiles is handed on.

use std::collections::BTreeMap;

use crate::interchange::{Imported, Refused};
use crate::set::{FlagSet, InvalidFlags, Part, Sources};

/// Refuses the flags that do not compile, and then those that need them, until all that is left does.
pub(super) fn settle(imported: &mut Imported) {
    let mut sources = Sources::from(imported.definitions.clone());
    while let Err(invalid) = FlagSet::compile(sources.clone(), None) {
        let found = by_name(invalid);
        for (part, name) in found.keys() {
            match part {
                Part::Segment => drop(sources.segments.remove(name)),
                Part::Flag | Part::Trip => drop(sources.flags.remove(name)),
            }
        }
        for ((part, name), problems) in found {
            let problems = match part {
                Part::Segment => problems.into_iter().map(|problem| format!("segment `{name}`: {problem}")).collect(),
                Part::Flag | Part::Trip => problems,
            };
            let flag = if part == Part::Segment { String::new() } else { name };
            imported.refused.push(Refused { flag, problems });
        }
    }
    imported.definitions.flags.retain(|key, _| sources.flags.contains_key(key));
    imported.definitions.segments.retain(|name, _| sources.segments.contains_key(name));
    imported.warnings.retain(|warning| sources.flags.contains_key(&warning.flag));
}

fn by_name(invalid: InvalidFlags) -> BTreeMap<(Part, String), Vec<String>> {
    let mut found = BTreeMap::<_, Vec<_>>::new();
    for invalid in invalid {
        found.entry((invalid.part, invalid.name)).or_default().push(invalid.problem.to_string());
    }
    found
}
