//! What every handler works with: the application's state, and the mount that it was reached by.

use std::fmt;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use strata_config_flags::Flags;
use strata_config_reload::{DynLive, UpdateError};
use strata_config_store::{StoreError, Timestamp};
use tokio_util::task::TaskTracker;

use crate::alerts::Reports;
use crate::audit::{Audit, AuditFile};
use crate::auth::{Failures, Tickets, Tokens};
use crate::current::Current;
use crate::dialect::Dialect;
use crate::events::{Hub, StreamLimits};
use crate::experiments::Experiments;
use crate::flag_writer::FlagWriter;
use crate::guard::{Limits, Security};
use crate::metrics::{Exporting, Requests};
use crate::ofrep::Remote;
use crate::openapi::Description;
use crate::problem::Problem;
use crate::progress::Progress;

use crate::request::RequestNames;
use crate::rollout::Rollout;
use crate::shutdown::Shutdown;

/// What a handler works with.
#[derive(Clone)]
pub struct Context {
    pub(crate) app: Arc<App>,
    pub(crate) mount: Arc<Mount>,
}

/// A prefix under which everything is served, and its words.
pub(crate) struct Mount {
    pub(crate) prefix: String,
    pub(crate) dialect: Arc<dyn Dialect>,
}

/// What all mounts share.
pub(crate) struct App {
    pub(crate) live: Arc<dyn DynLive>,
    /// What the configuration is called.
    pub(crate) name: String,
    pub(crate) flags: Option<Flags>,
    /// The same for clients of OpenFeature.
    pub(crate) ofrep: Arc<Remote>,
    pub(crate) tokens: Tokens,
    /// The rollout, where the system has one.
    pub(crate) rollout: Option<Arc<dyn Rollout>>,
    /// Where flags live that are not in the configuration.
    pub(crate) flag_writer: Option<Arc<dyn FlagWriter>>,
    /// Work on the store that goes on where its request has ended: a shutdown waits for it.
    pub(crate) work: TaskTracker,
    /// What the application reports, and its alerts.
    pub(crate) reports: Reports,
    /// What happens, for whoever listens.
    pub(crate) hub: Arc<Hub>,
    /// When the interface began.
    pub(crate) started: Timestamp,
    /// The requests so far.
    pub(crate) requests: Requests,
    /// Everybody is told the figures.
    pub(crate) open_metrics: bool,
    /// The figures are told now and then.
    pub(crate) exporting: OnceLock<Exporting>,
    /// Presets that are served by share, where the application has such.
    pub(crate) experiments: Option<Experiments>,
    /// The interface's own description, made when its routes are known.
    pub(crate) description: OnceLock<Description>,
    /// Reading by a ticket, for event streams.
    pub(crate) tickets: Tickets,
    /// Long work that is under way.
    pub(crate) progress: Progress,
    /// Told to those who would wait for ever.
    pub(crate) shutdown: Shutdown,
    /// How much and how often.
    pub(crate) security: Security,
    /// Wrong tokens, by address.
    pub(crate) failures: Failures,
    /// The names of requests.
    pub(crate) names: RequestNames,
    /// Who has tried to change something.
    pub(crate) audit: Audit,
    /// The machine, where the application looks at it.
    #[cfg(feature = "pi-profile")]
    pub(crate) machine: Option<Arc<crate::machine::Machine>>,
    /// Who is sent what happens.
    #[cfg(feature = "webhooks")]
    pub(crate) webhooks: OnceLock<crate::webhooks::Webhooks>,
    current: ArcSwapOption<Current>,
}

impl App {
    pub(crate) fn new(live: Arc<dyn DynLive>, name: String, flags: Option<Flags>, tokens: Tokens) -> Self {
        // Without random bytes nothing on this machine is safe; there is nobody to answer yet.
        let tickets = Tickets::new().expect("the system gives random bytes");
        let reports = Reports::new(Arc::clone(&live));
        Self {
            live,
            name,
            ofrep: Arc::new(Remote::new(flags.clone())),
            flags,
            tokens,
            rollout: None,
            flag_writer: None,
            work: TaskTracker::new(),
            reports,
            hub: Arc::new(Hub::new(StreamLimits::default())),
            tickets,
            progress: Progress::default(),
            shutdown: Shutdown::default(),
            started: Timestamp::now(),
            requests: Requests::default(),
            open_metrics: false,
            exporting: OnceLock::new(),
            experiments: None,
            description: OnceLock::new(),
            security: Security::default(),
            failures: Failures::new(Limits::default().failures_per_minute),
            names: RequestNames::default(),
            audit: Audit::default(),
            #[cfg(feature = "pi-profile")]
            machine: None,
            #[cfg(feature = "webhooks")]
            webhooks: OnceLock::new(),
            current: ArcSwapOption::empty(),
        }
    }

    /// With what the application says of its safety.
    pub(crate) fn secured(self, security: Security, audit: Option<AuditFile>) -> Self {
        let failures = Failures::new(security.limits.failures_per_minute);
        Self { security, failures, audit: Audit::new(audit), ..self }
    }

    /// The configuration in effect, with what answers need of it; made once for each version.
    pub(crate) fn current(&self) -> Arc<Current> {
        let version = self.live.current();
        if let Some(known) = &*self.current.load()
            && known.is_of(&version)
        {
            return Arc::clone(known);
        }
        let current = Arc::new(Current::new(version, self.live.schema()));
        self.current.store(Some(Arc::clone(&current)));
        current
    }

    /// Calls what may wait for the store, on a thread where waiting harms nobody. It is carried out to its end also where
    /// the client goes away meanwhile.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn DynLive) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let live = Arc::clone(&self.live);
        let task = self.work.spawn_blocking(move || work(&*live));
        // What panics there is a defect of ours or of the application's own code; the writer's state is whole.
        task.await.map_err(|_| Problem::internal("the work on the configuration ended before its time"))
    }

    /// Makes a change, or tries it.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn DynLive) -> Result<T, UpdateError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.blocking(work).await?.map_err(|error| Problem::of_update(&error))
    }

    /// Reads from the store.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn DynLive) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.blocking(work).await?.map_err(|error| Problem::of_store(&error))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("name", &self.app.name)
            .field("prefix", &self.mount.prefix)
            .finish_non_exhaustive()
    }
}
