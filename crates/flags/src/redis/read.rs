//! How all flags are read from Redis in one go.

use std::collections::{BTreeMap, BTreeSet};

use redis::{Connection, RedisResult, cmd, pipe};

use super::settings::{RedisSettings, Which};

/// What stands under each flag's name, or why that can't be read.
pub(super) type Raw = BTreeMap<String, Result<Vec<u8>, String>>;

/// What is said of a key that holds something else than a flag.
const NO_TEXT: &str = "it is no text in Redis, but a list, a hash or the like";

/// How many keys are read in one command.
const CHUNK: usize = 500;

/// Reads the flags. Those of one chunk are of one moment.
pub(super) fn read(connection: &mut Connection, settings: &RedisSettings) -> RedisResult<Raw> {
    let names = match &settings.which {
        Which::Named(names) => names.iter().cloned().collect(),
        Which::All => names(connection, &settings.prefix)?,
    };
    let mut found = Raw::new();
    for names in names.chunks(CHUNK) {
        let mut pipe = pipe();
        pipe.atomic().ignore_errors();
        for name in names {
            pipe.cmd("GET").arg(format!("{}{name}", settings.prefix));
        }
        let values: Vec<RedisResult<Option<Vec<u8>>>> = pipe.query(connection)?;
        for (name, value) in names.iter().zip(values) {
            match value {
                // Gone since its key was found, or never there.
                Ok(None) => {}
                Ok(Some(value)) => drop(found.insert(name.clone(), Ok(value))),
                Err(error) if error.code() == Some("WRONGTYPE") => {
                    drop(found.insert(name.clone(), Err(NO_TEXT.to_owned())))
                }
                // Nothing that a single flag could be blamed for.
                Err(error) => return Err(error),
            }
        }
    }
    Ok(found)
}

/// The names of all flags below the prefix.
fn names(connection: &mut Connection, prefix: &str) -> RedisResult<Vec<String>> {
    let pattern = format!("{}*", literal(prefix));
    // A key may come twice while Redis moves its tables.
    let mut names = BTreeSet::new();
    let mut cursor = 0_u64;
    loop {
        let (next, keys): (u64, Vec<Vec<u8>>) =
            cmd("SCAN").arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(1_000).query(connection)?;
        // A key that is no text is nobody's flag: no program could ask for it.
        let keys = keys.into_iter().filter_map(|key| String::from_utf8(key).ok());
        names
            .extend(keys.filter_map(|key| key.strip_prefix(prefix).filter(|name| !name.is_empty()).map(str::to_owned)));
        cursor = next;
        if cursor == 0 {
            return Ok(names.into_iter().collect());
        }
    }
}

/// A text that a pattern of Redis takes as it is.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
