//! Times on the command line: `2026-11-21T05:00:07Z`, or a day alone.

use strata_config_store::Timestamp;

/// A moment, or a day's first one.
pub(super) fn first(text: &str) -> Result<Timestamp, String> {
    moment(text, "T00:00:00Z")
}

/// A moment, or a day's last one.
pub(super) fn last(text: &str) -> Result<Timestamp, String> {
    moment(text, "T23:59:59.999Z")
}

fn moment(text: &str, of_day: &str) -> Result<Timestamp, String> {
    let parsed = text.parse().or_else(|_| format!("{text}{of_day}").parse());
    parsed.map_err(|_| "expected a time such as 2026-11-21T05:00:07Z, or a day such as 2026-11-21".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stands_for_its_whole() {
        assert_eq!(first("2026-11-21").unwrap().to_string(), "2026-11-21T00:00:00.000Z");
        assert_eq!(last("2026-11-21").unwrap().to_string(), "2026-11-21T23:59:59.999Z");
        assert_eq!(last("2026-11-21T05:00:07Z").unwrap().to_string(), "2026-11-21T05:00:07.000Z");
        assert!(first("yesterday").is_err());
    }
}
