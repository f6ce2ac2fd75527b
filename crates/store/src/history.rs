//! Which entries of the history are asked for.

use crate::entry::Entry;
use crate::timestamp::Timestamp;

/// Which entries of the history are asked for; by default all. Each field that is set narrows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryQuery {
    /// The lowest revision.
    pub from: Option<u64>,
    /// The highest revision.
    pub to: Option<u64>,
    /// Who did it.
    pub actor: Option<String>,
    /// A tag that it has.
    pub tag: Option<String>,
    /// A path that it changed, or one above: `db` finds `db.url`, and not `dbx`.
    pub path: Option<String>,
    /// The earliest time.
    pub since: Option<Timestamp>,
    /// The latest time.
    pub until: Option<Timestamp>,
    /// The most entries, the newest of those found.
    pub limit: Option<usize>,
}

impl HistoryQuery {
    /// The newest entries.
    #[must_use]
    pub fn newest(limit: usize) -> Self {
        Self { limit: Some(limit), ..Self::default() }
    }

    /// Whether an entry is asked for; the limit aside.
    #[must_use]
    pub fn matches(&self, entry: &Entry) -> bool {
        self.spans(entry.revision)
            && self.actor.as_ref().is_none_or(|actor| *actor == entry.actor)
            && self.tag.as_ref().is_none_or(|tag| entry.tags.contains(tag))
            && self.since.is_none_or(|since| since <= entry.at)
            && self.until.is_none_or(|until| entry.at <= until)
            && self.path.as_ref().is_none_or(|path| entry.changes.iter().any(|change| is_under(&change.path, path)))
    }

    /// Whether a revision is asked for.
    pub(crate) fn spans(&self, revision: u64) -> bool {
        self.from.is_none_or(|from| from <= revision) && self.to.is_none_or(|to| revision <= to)
    }

    /// The most entries.
    pub(crate) fn most(&self) -> usize {
        self.limit.unwrap_or(usize::MAX)
    }
}

/// Whether a path is another, or stands below it. Odd segments are quoted in both, so that a dot is always a border.
fn is_under(path: &str, above: &str) -> bool {
    let Some(rest) = path.strip_prefix(above) else { return false };
    above.is_empty() || rest.is_empty() || rest.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::is_under;

    #[test]
    fn a_prefix_ends_at_a_segment() {
        assert!(
            is_under("db.url", "db")
                && is_under("db", "db")
                && is_under("db", "")
                && is_under(r#"a."b.c".d"#, r#"a."b.c""#)
        );
        assert!(!is_under("dbx", "db") && !is_under("db", "db.url"));
    }
}
