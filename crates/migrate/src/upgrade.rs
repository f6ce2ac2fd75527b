//! Documents of older versions, migrated in memory while they are loaded.

use strata_config_core::report::code;
use strata_config_core::{Document, Severity, Upgrade, UpgradeNote, Upgraded};

use crate::chain::Migrations;
use crate::error::MigrateError;
use crate::plan::is_table;
use crate::tree::Node;

impl Upgrade for Migrations {
    fn key(&self) -> &str {
        self.key()
    }

    fn version(&self) -> &str {
        self.current().as_str()
    }

    fn upgrade(&self, document: &Document) -> Upgraded {
        if !is_table(document) {
            return Upgraded::default();
        }
        let root = Node::of(document);
        let (from, place) = match self.version_in(&root) {
            Ok(found) => found,
            Err(error) => {
                let index = root.index(self.key());
                return refused(&error, index.map(|index| root.children[index].span));
            }
        };
        if from == *self.current() {
            return Upgraded::default();
        }
        let note = |severity, code, message, help: &str| UpgradeNote {
            severity,
            code,
            message,
            help: Some(help.to_owned()),
            place,
        };
        let plan = match self.plan(document, None) {
            Ok(plan) => plan,
            Err(error) if error.is_newer() => {
                let help = "run the version of the program that wrote it; this one reads what it knows of it";
                let note = note(Severity::Warning, code::NEWER, error.to_string(), help);
                return Upgraded { document: None, is_newer: true, notes: vec![note] };
            }
            Err(error) => return refused(&error, place),
        };
        let told = place.is_some() || plan.changes_settings(self.key());
        if !told {
            return Upgraded::default();
        }
        let mut root = plan.after;
        if place.is_none() {
            // Nobody wrote a version, so no setting has one that comes from here.
            root.children.retain(|child| child.key != self.key());
        }
        let message = format!("the document is of version {from}, and is read as one of {}", self.current());
        let help = "`migrate up --write` rewrites it, and keeps a backup";
        Upgraded {
            document: Some(root.to_document(document)),
            is_newer: false,
            notes: vec![note(Severity::Warning, code::OUTDATED, message, help)],
        }
    }
}

fn refused(error: &MigrateError, place: Option<strata_config_core::Span>) -> Upgraded {
    let note = UpgradeNote {
        severity: Severity::Error,
        code: code::MIGRATION,
        message: error.to_string(),
        help: Some("mend the document, or the version that it says".to_owned()),
        place,
    };
    Upgraded { document: None, is_newer: false, notes: vec![note] }
}
