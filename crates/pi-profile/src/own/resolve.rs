//! Profiles that extend others: each takes over what it does not say itself.

use strata_config_core::report::code;
use strata_config_core::{FieldPath, Value};

use super::read::{Draft, Reader};
use super::{Own, Part};
use crate::builtin::{BUILTIN, canonical};
use crate::choice::{of_attributes, plain};

/// All profiles of the reader, complete.
pub(super) fn all(reader: &mut Reader) -> Vec<Own> {
    let drafts = std::mem::take(&mut reader.drafts);
    let mut names: Vec<&str> = BUILTIN.to_vec();
    let mut add = |name| names.push(name);
    of_attributes(reader.schema, &mut |name| add(name));
    names.extend(drafts.iter().map(|draft| &*draft.own.name));
    names.sort_unstable();
    names.dedup();
    for draft in &drafts {
        if let Some((base, at)) = &draft.extends
            && !names.iter().any(|name| plain(name) == plain(base))
        {
            let path = FieldPath::ROOT.child(&draft.own.name).child("extends");
            let message = format!("no profile is called `{base}`");
            reader.unknown(code::UNKNOWN_PROFILE, (&path, at.clone()), message, base, &names);
        }
        if let Some(circle) = circle(&drafts, draft) {
            let path = FieldPath::ROOT.child(&draft.own.name).child("extends");
            let at = draft.extends.as_ref().map_or(&draft.at, |(_, at)| at).clone();
            reader.wrong(code::CROSS_FIELD, &path, at, format!("the profile extends itself: {}", circle.join(" → ")));
        }
    }
    // A circle is an error, so that nothing of it is used; the number of profiles bounds each way.
    drafts.iter().map(|draft| complete(&drafts, draft, drafts.len())).collect()
}

/// The user's own profile that a profile extends. One that has a built-in profile's name extends that one, which is none of
/// these.
fn base<'a>(drafts: &'a [Draft], draft: &Draft) -> Option<&'a Draft> {
    let (base, _) = draft.extends.as_ref()?;
    let is_builtin = plain(base) == plain(&draft.own.name) && canonical(base).is_some();
    drafts.iter().find(|other| !is_builtin && plain(&other.own.name) == plain(base))
}

/// The way on which a profile comes back to itself.
fn circle<'a>(drafts: &'a [Draft], start: &'a Draft) -> Option<Vec<&'a str>> {
    let mut way = vec![&*start.own.name];
    let mut at = start;
    for _ in drafts {
        at = base(drafts, at)?;
        way.push(&at.own.name);
        if std::ptr::eq(at, start) {
            return Some(way);
        }
    }
    None
}

/// A profile with all that it takes over.
fn complete(drafts: &[Draft], draft: &Draft, depth: usize) -> Own {
    let mut own = draft.own.clone();
    let Some((name, _)) = draft.extends.as_ref() else { return own };
    let below = base(drafts, draft).filter(|_| depth > 0).map(|below| complete(drafts, below, depth - 1));
    match below {
        Some(below) => {
            own.bases.push(below.name);
            own.bases.extend(below.bases);
            // A ceiling belongs to its memory.
            if own.total.is_none() {
                own.total = below.total;
                own.ceiling = own.ceiling.or(below.ceiling);
            }
            parts(&mut own.resources, below.resources);
            parts(&mut own.settings, below.settings);
            values(&mut own.defaults, below.defaults);
        }
        None if plain(name) != plain(&own.name) => {
            own.bases.push(canonical(name).map_or_else(|| name.clone(), str::to_owned));
        }
        None => {}
    }
    own
}

fn parts(own: &mut Vec<(String, Part)>, below: Vec<(String, Part)>) {
    for (name, part) in below {
        match own.iter_mut().find(|(known, _)| *known == name) {
            Some((_, own)) => *own = own.over_part(part),
            None => own.push((name, part)),
        }
    }
}

/// Sections are taken over entry by entry, any other value as a whole.
fn values(own: &mut Vec<(String, Value)>, below: Vec<(String, Value)>) {
    for (key, value) in below {
        match (own.iter_mut().find(|(known, _)| *known == key), value) {
            (Some((_, Value::Map(own))), Value::Map(below)) => values(own, below),
            (Some(_), _) => {}
            (None, value) => own.push((key, value)),
        }
    }
}
