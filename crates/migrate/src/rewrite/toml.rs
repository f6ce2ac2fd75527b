//! Changes of TOML, with `toml_edit`: what is not touched stays as it was written.

mod comments;

use strata_config_core::{Kind, Value};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Key, Table, TableLike};

use crate::edit::Op;
use crate::tree::Node;

/// The text with the changes made in it.
pub(super) fn edited(text: &str, ops: &[&Op]) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    for op in ops {
        match op {
            Op::Add { path, value } => add(&mut document, path, value)?,
            Op::Replace { path, value } => replace(&mut document, path, value)?,
            Op::Remove { path } => {
                if let (_, Item::Table(mut table)) = take(&mut document, path)?
                    && let Some(parted) = comments::parted(table.decor_mut())
                {
                    comments::put_behind(&mut document, table.position(), &parted);
                }
            }
            Op::Move { from, to } if from[..from.len() - 1] == to[..to.len() - 1] => rename(&mut document, from, to)?,
            Op::Move { from, to } => {
                let (key, item) = take(&mut document, from)?;
                let named = Key::new(to.last()?.as_str()).with_leaf_decor(key.leaf_decor().clone());
                put(table(&mut document, &to[..to.len() - 1])?, &named, item)?;
                tidy(find(&mut document, &to[..to.len() - 1])?);
            }
        }
    }
    Some(document.to_string())
}

/// A whole document, written anew.
pub(super) fn anew(root: &Node) -> Option<String> {
    let mut document = DocumentMut::new();
    for child in &root.children {
        document.insert(&child.key, item(child, true)?);
    }
    Some(document.to_string())
}

/// What stands at a path.
fn find<'d>(document: &'d mut DocumentMut, path: &[String]) -> Option<&'d mut Item> {
    path.iter().try_fold(document.as_item_mut(), |item, key| match item {
        Item::Table(table) => table.get_mut(key),
        Item::Value(toml_edit::Value::InlineTable(_)) => item.as_table_like_mut()?.get_mut(key),
        // Tables of an array are entries of a vector that only an index finds.
        _ => item.get_mut(key.parse::<usize>().ok()?),
    })
}

fn table<'d>(document: &'d mut DocumentMut, path: &[String]) -> Option<&'d mut dyn TableLike> {
    // An item of `[[tables]]` is an item that is a table.
    find(document, path)?.as_table_like_mut()
}

fn add(document: &mut DocumentMut, path: &[String], value: &Node) -> Option<()> {
    let (key, above) = path.split_last()?;
    let parent = find(document, above)?;
    if let Some(array) = parent.as_array_mut() {
        array.push(self::value(value)?);
        return Some(());
    }
    let block = parent.is_table();
    put(parent.as_table_like_mut()?, &Key::new(key.as_str()), item(value, block)?)?;
    tidy(parent);
    Some(())
}

/// Within braces the blank before the closing one stays there when another entry comes behind the last one.
fn tidy(parent: &mut Item) {
    let Some(table) = parent.as_inline_table_mut() else { return };
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let Some((last, others)) = keys.split_last() else { return };
    let is_blank = |text: &str| text.bytes().all(|byte| byte == b' ');
    let mut blank = String::new();
    for key in others {
        let Some(value) = table.get_mut(key) else { continue };
        let suffix = value.decor().suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default().to_owned();
        if is_blank(&suffix) {
            value.decor_mut().set_suffix("");
            blank = suffix;
        }
    }
    if let Some(mut key) = table.key_mut(last)
        && !others.is_empty()
        && key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).is_none_or(is_blank)
    {
        key.leaf_decor_mut().set_prefix(" ");
    }
    if let Some(value) = table.get_mut(last)
        && value.decor().suffix().and_then(|suffix| suffix.as_str()).is_none_or(str::is_empty)
    {
        value.decor_mut().set_suffix(blank);
    }
}

fn replace(document: &mut DocumentMut, path: &[String], value: &Node) -> Option<()> {
    let old = find(document, path)?;
    match old {
        Item::Value(old) => {
            let decor = old.decor().clone();
            *old = self::value(value)?;
            *old.decor_mut() = decor;
        }
        _ => *old = item(value, true)?,
    }
    Some(())
}

fn take(document: &mut DocumentMut, path: &[String]) -> Option<(Key, Item)> {
    let (key, above) = path.split_last()?;
    match find(document, above)? {
        Item::Table(table) => {
            let next = table.iter().skip_while(|(own, _)| own != key).skip(1);
            let next = next.filter(|(_, item)| item.is_value()).map(|(own, _)| own.to_owned()).next();
            let place = table.position();
            let (mut own, item) = table.remove_entry(key)?;
            // A table stays where its header stands, and so do the comments above.
            if let Some(parted) = item.is_value().then(|| comments::parted(own.leaf_decor_mut())).flatten() {
                match next.and_then(|next| table.key_mut(&next)) {
                    Some(mut next) => comments::put_above(next.leaf_decor_mut(), &parted),
                    None => comments::put_behind(document, place, &parted),
                }
            }
            Some((own, item))
        }
        Item::Value(toml_edit::Value::InlineTable(table)) => {
            table.remove_entry(key).map(|(key, value)| (key, Item::Value(value)))
        }
        item => {
            let index: usize = key.parse().ok()?;
            if let Some(array) = item.as_array_mut() {
                (index < array.len()).then(|| (Key::new(""), Item::Value(array.remove(index))))
            } else {
                let tables = item.as_array_of_tables_mut()?;
                let taken = tables.get(index)?.clone();
                tables.remove(index);
                Some((Key::new(""), Item::Table(taken)))
            }
        }
    }
}

/// Gives an entry another key, and everything else its rank.
fn rename(document: &mut DocumentMut, from: &[String], to: &[String]) -> Option<()> {
    let (old, above) = from.split_last()?;
    let table = table(document, above)?;
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let mut entries = Vec::new();
    for key in keys {
        let own = table.key(&key)?.clone();
        let item = table.remove(&key)?;
        let own = if key == *old {
            Key::new(to.last()?.as_str())
                .with_leaf_decor(own.leaf_decor().clone())
                .with_dotted_decor(own.dotted_decor().clone())
        } else {
            own
        };
        entries.push((own, item));
    }
    entries.into_iter().try_for_each(|(key, item)| put(table, &key, item))
}

/// Puts an entry behind the others, with its key as it is written.
fn put(table: &mut dyn TableLike, key: &Key, item: Item) -> Option<()> {
    table.insert(key.get(), item);
    if let Some(mut written) = table.key_mut(key.get()) {
        *written.leaf_decor_mut() = key.leaf_decor().clone();
        *written.dotted_decor_mut() = key.dotted_decor().clone();
    }
    Some(())
}

fn item(node: &Node, block: bool) -> Option<Item> {
    if node.kind != Kind::Table || !block {
        return value(node).map(Item::Value);
    }
    let mut table = Table::new();
    for child in &node.children {
        table.insert(&child.key, item(child, true)?);
    }
    Some(Item::Table(table))
}

/// A value on one line; TOML has no null.
fn value(node: &Node) -> Option<toml_edit::Value> {
    Some(match node.to_value() {
        Value::Null | Value::Secret => return None,
        Value::Bool(value) => value.into(),
        Value::Int(value) => i64::try_from(value).ok()?.into(),
        Value::Float(value) => value.into(),
        Value::String(text) if node.kind == Kind::Datetime => text.parse::<toml_edit::Datetime>().ok()?.into(),
        Value::String(text) => text.into(),
        Value::List(_) => {
            let items: Option<Vec<toml_edit::Value>> = node.children.iter().map(value).collect();
            items?.into_iter().collect::<Array>().into()
        }
        Value::Map(_) => {
            let mut table = InlineTable::new();
            for child in &node.children {
                table.insert(&child.key, value(child)?);
            }
            table.into()
        }
    })
}
