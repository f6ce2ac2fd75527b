//! Secrets that stand elsewhere, read again; and those that the store keeps, sealed anew.

use std::sync::Arc;

use strata_config_core::{LayeredConfig, Report};

use crate::actor::Actor;
use crate::commit::Applied;
use crate::edit::resealed;
use crate::error::UpdateError;
use crate::event::EventKind;
use crate::live::Live;
use crate::writer::{Step, Writer};

/// What a change of secrets is called in events and in the status.
const SOURCE: &str = "secrets";

impl<C: LayeredConfig> Live<C> {
    /// Reads what references lead to again, from what the resolvers know by now; whether anything differs. A secret that
    /// changed is a change like any other: the whole is checked, it is in effect at once, and everybody is told.
    ///
    /// # Errors
    /// Where what is found can't be used; then what was in effect stays.
    pub fn refresh_secrets(&self) -> Result<bool, UpdateError> {
        let mut writer = self.enter()?;
        let version = self.version();
        match writer.build(&writer.stack, &writer.stored, Some(&version), Step::Reload) {
            Ok(mut built) => {
                let failed = writer.refused_secrets.take().is_some();
                let changed = !built.changes.is_empty();
                if changed {
                    self.swap(&mut writer, built, EventKind::Reloaded { source: SOURCE.to_owned() });
                } else {
                    // Another version of the same: nobody needs to hear of it, but explanations must be right.
                    let products = std::mem::take(&mut built.products).into_iter();
                    let replaced: Vec<_> = products.map(|install| install()).collect();
                    self.show(Arc::new(built.into_version(writer.state.revision, version.generation, version.at)));
                    drop(replaced);
                }
                if failed {
                    self.tell_recovered(&mut writer, vec![SOURCE.to_owned()]);
                }
                Ok(changed)
            }
            Err(report) => {
                self.secrets_failed(&mut writer, report.clone());
                Err(UpdateError::invalid(report))
            }
        }
    }

    /// Seals every secret of the store with the newest key, in one commit; nothing where all are sealed so. Afterwards an
    /// old key is needed for the past alone: history, snapshots and backups.
    ///
    /// # Errors
    /// As for [`update`](Self::update); and where nothing seals, or something can't be opened.
    pub fn reseal(&self, actor: impl Into<Actor>) -> Result<Applied, UpdateError> {
        let mut actor = actor.into();
        actor.reason.get_or_insert_with(|| "secrets sealed with the newest key".to_owned());
        let Some(sealer) = self.enter()?.sealer.clone() else {
            return Err(UpdateError::missing("key to seal secrets with"));
        };
        self.write(&actor, &mut |writer, _| resealed(writer, &*sealer))
    }

    /// Tells of secrets that can't be read, once for each way of it.
    fn secrets_failed(&self, writer: &mut Writer<C>, report: Report) {
        if writer.refused_secrets.as_deref() == Some(&report) {
            self.shared.counters.failed();
            return;
        }
        let report = Arc::new(report);
        writer.refused_secrets = Some(Arc::clone(&report));
        self.tell_same(writer, EventKind::Failed { source: SOURCE.to_owned(), report });
    }
}
