//! Comments of TOML that a blank line parts from the entry below: `toml_edit` has them as a part of that entry, and they
//! stay where it goes.

use toml_edit::{Decor, DocumentMut, Item, Table};

/// Takes the comments that a blank line parts from an entry out of what stands above it.
pub(super) fn parted(decor: &mut Decor) -> Option<String> {
    let above = decor.prefix()?.as_str()?.to_owned();
    let mut end = 0;
    let mut at = 0;
    for line in above.split_inclusive('\n') {
        at += line.len();
        if line.ends_with('\n') && line.trim().is_empty() {
            end = at;
        }
    }
    let (parted, own) = above.split_at(end);
    if !parted.contains('#') {
        return None;
    }
    decor.set_prefix(own);
    Some(parted.to_owned())
}

/// Puts comments above what has this decor.
pub(super) fn put_above(decor: &mut Decor, comments: &str) {
    let own = decor.prefix().and_then(|own| own.as_str()).unwrap_or_default();
    let whole = format!("{comments}{own}");
    decor.set_prefix(whole);
}

/// Puts comments above the first table that stands behind a place, or at the end.
pub(super) fn put_behind(document: &mut DocumentMut, place: Option<isize>, comments: &str) {
    let mut next = None;
    each_table(document.as_table_mut(), &mut |table| {
        let own = table.position().filter(|own| place.is_none_or(|place| *own > place));
        if own.is_some_and(|own| next.is_none_or(|next| own < next)) {
            next = own;
        }
    });
    let Some(next) = next else {
        let end = format!("{comments}{}", document.trailing().as_str().unwrap_or_default());
        document.set_trailing(end);
        return;
    };
    each_table(document.as_table_mut(), &mut |table| {
        if table.position() == Some(next) {
            put_above(table.decor_mut(), comments);
        }
    });
}

/// Every table that has a header of its own.
fn each_table(table: &mut Table, look: &mut dyn FnMut(&mut Table)) {
    for (_, item) in table.iter_mut() {
        let tables: Vec<&mut Table> = match item {
            Item::Table(table) => vec![table],
            Item::ArrayOfTables(tables) => tables.iter_mut().collect(),
            _ => continue,
        };
        for own in tables {
            if !own.is_implicit() && !own.is_dotted() {
                look(own);
            }
            each_table(own, look);
        }
    }
}
