//! A place in the stream of messages: the id that a client comes back with.

use std::fmt;
use std::str::FromStr;

use strata_config_store::Hash;

/// Digits that name a process.
const PROCESS: usize = 16;

/// Digits of an entry's hash.
const HEAD: usize = 8;

/// A place in the stream: `<revision>-<process><entry>-<number>`. The process is one of chance; beside it stand the first
/// digits of the hash of the revision's entry, so that an id of another store is told from one of this store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) revision: u64,
    pub(crate) process: String,
    pub(crate) head: String,
    /// The message's number in its process; 0 for what was told from the history.
    pub(crate) number: u64,
}

impl Position {
    /// What a position says of a hash.
    pub(crate) fn head_of(hash: &Hash) -> String {
        let mut digits = hash.to_string();
        digits.truncate(HEAD);
        digits
    }

    /// A new process's name.
    ///
    /// # Panics
    /// The system gives no random bytes, as before any program runs that could notice.
    pub(crate) fn new_process() -> String {
        let mut bytes = [0; PROCESS / 2];
        getrandom::fill(&mut bytes).expect("the system has random bytes");
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}{}-{}", self.revision, self.process, self.head, self.number)
    }
}

impl FromStr for Position {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "the id is none that this interface gives";
        let mut parts = text.split('-');
        let (Some(revision), Some(names), Some(number), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong);
        };
        if names.len() != PROCESS + HEAD || !names.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong);
        }
        let (process, head) = names.split_at(PROCESS);
        Ok(Self {
            revision: revision.parse().map_err(|_| wrong)?,
            process: process.to_owned(),
            head: head.to_owned(),
            number: number.parse().map_err(|_| wrong)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written_and_nothing_else_is_one() {
        let position = Position { revision: 7, process: Position::new_process(), head: "0123abcd".into(), number: 9 };
        assert_eq!(position.to_string().parse(), Ok(position));
        for wrong in ["", "7", "7-x-1", "a-0123456789abcdef01234567-1", "7-0123456789abcdef0123456é-1", "7-0-1-2"] {
            assert!(wrong.parse::<Position>().is_err(), "{wrong}");
        }
    }
}
