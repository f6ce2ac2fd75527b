//! What is wrong with the interface itself, beside the configuration: for those who ask how things are.

use crate::context::App;

impl App {
    /// What is wrong with the interface itself: its file of tokens, its file of the audit.
    pub(crate) fn troubles(&self) -> Vec<String> {
        let tokens = self.tokens.file_problem().map(|problem| {
            format!(
                "the file of tokens can't be used since {}; the last good ones stay: {}",
                problem.since, problem.text
            )
        });
        let audit = self.audit.file_status().and_then(|status| {
            let (since, problem) = (status.failing_since?, status.problem?);
            let (waiting, lost) = (status.waiting, status.lost);
            Some(format!(
                "the audit's file can't be written since {since}: {problem}; {waiting} entries wait, {lost} are lost"
            ))
        });
        let lost = self.audit.file_status().filter(|status| status.failing_since.is_none() && status.lost > 0);
        let lost = lost.map(|status| format!("the audit's file lacks {} entries", status.lost));
        tokens.into_iter().chain(audit).chain(lost).collect()
    }
}
