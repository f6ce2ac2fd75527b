//! What an application mounts: the router, and what it is built with.

mod security;
#[cfg(feature = "webhooks")]
mod webhooks;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use strata_config_core::LayeredConfig;
use strata_config_flags::Flags;
use strata_config_reload::{DynLive, Live};

use crate::alerts::{AlertRule, Reports};
use crate::audit::AuditFile;
use crate::auth::Tokens;
use crate::beside;
use crate::console;
use crate::context::{App, Context, Mount};
use crate::dialect::{Dialect, Plain};
use crate::events::{self, Hub, StreamLimits};
use crate::experiments::Experiments;
use crate::flag_writer::FlagWriter;
use crate::guard::{Security, guarded, unknown_route};
use crate::metrics::Export;
use crate::observe;
use crate::ofrep;
use crate::openapi::Description;
use crate::rollout::Rollout;
use crate::routes;

/// Where every configuration is mounted.
pub(crate) const GENERIC: &str = "/api/v1";

/// The interface over a running configuration, to be mounted in an application's router.
///
/// ```
/// use axum::Router;
/// use strata_config::LayeredConfig;
/// use strata_config_admin::auth::{Scopes, Tokens};
/// use strata_config_reload::Live;
///
/// #[derive(LayeredConfig)]
/// struct AppConfig {
///     /// Requests a client may have open.
///     #[config(default = 8)]
///     parallel: u32,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let live = Live::of(AppConfig::loader()).open()?;
/// let tokens = Tokens::one("ann", "id.a-long-secret-of-at-least-sixteen", Scopes::ALL)?;
/// let app: Router = Router::new().merge(strata_config_admin::router(&live).tokens(tokens));
/// # let _ = app;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is served until the router is mounted"]
pub fn router<C: LayeredConfig>(live: &Live<C>) -> Admin {
    Admin::of(Arc::new(live.clone()))
}

/// The interface before it is a router. See [`router`].
#[must_use = "nothing is served until the router is mounted"]
pub struct Admin {
    live: Arc<dyn DynLive>,
    name: String,
    flags: Option<Flags>,
    tokens: Tokens,
    rollout: Option<Arc<dyn Rollout>>,
    flag_writer: Option<Arc<dyn FlagWriter>>,
    open_metrics: bool,
    experiments: Option<Experiments>,
    export: Option<Export>,
    mounts: Vec<Mount>,
    streams: StreamLimits,
    pub(crate) security: Security,
    audit: Option<AuditFile>,
    /// It answers whatever is asked, also where it has no route.
    pub(crate) is_alone: bool,
    reports: Reports,
    #[cfg(feature = "pi-profile")]
    machine: Option<crate::machine::Machine>,
    #[cfg(feature = "webhooks")]
    webhooks: Vec<crate::webhooks::Webhook>,
}

impl Admin {
    /// The interface over a running configuration, whatever its type.
    pub fn of(live: Arc<dyn DynLive>) -> Self {
        let name = live.schema().name.to_owned();
        let mounts = vec![Mount { prefix: GENERIC.to_owned(), dialect: Arc::new(Plain) }];
        let reports = Reports::new(Arc::clone(&live));
        Self {
            live,
            reports,
            name,
            flags: None,
            tokens: Tokens::none(),
            rollout: None,
            flag_writer: None,
            open_metrics: false,
            experiments: None,
            export: None,
            mounts,
            security: Security::default(),
            audit: None,
            streams: StreamLimits::default(),
            is_alone: false,
            #[cfg(feature = "pi-profile")]
            machine: None,
            #[cfg(feature = "webhooks")]
            webhooks: Vec::new(),
        }
    }

    /// What the configuration is called in answers; its type's name where nothing is said.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The flags that the configuration defines: those that the application asks, so that its own questions are counted
    /// together with those over HTTP.
    pub fn flags(mut self, flags: Flags) -> Self {
        self.flags = Some(flags);
        self
    }

    /// Who may do what. Without tokens nobody may do anything.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = tokens;
        self
    }

    /// Watches a figure that the application reports, with [`Admin::reports`] or over HTTP.
    pub fn alert(self, rule: AlertRule) -> Self {
        self.reports.add(rule);
        self
    }

    /// Takes figures of this process itself, for its alerts.
    #[must_use]
    pub fn reports(&self) -> Reports {
        self.reports.clone()
    }

    /// How much listening to events is allowed.
    pub fn streams(mut self, limits: StreamLimits) -> Self {
        self.streams = limits;
        self
    }

    /// Serves these experiments. Without them there are none, and none can be begun.
    pub fn experiments(mut self, experiments: Experiments) -> Self {
        self.experiments = Some(experiments);
        self
    }

    /// Tells of the board in `GET /status` and in the console: of the machine whose files are below `root`, which is `/`
    /// outside of tests, and who chose the profile that the configuration was loaded with.
    #[cfg(feature = "pi-profile")]
    pub fn board(mut self, root: impl Into<std::path::PathBuf>, chosen_by: strata_config_pi_profile::ChosenBy) -> Self {
        self.machine = Some(crate::machine::Machine::new(root.into(), chosen_by));
        self
    }

    /// The rollout that the system has, which gets routes of its own: `/rollout`, `/emergency-disable` and
    /// `/emergency-restore`.
    pub fn rollout(mut self, rollout: Arc<dyn Rollout>) -> Self {
        self.rollout = Some(rollout);
        self
    }

    /// Where flags live that another source lays over the configuration's, so that they are changed there.
    pub fn flag_writer(mut self, writer: Arc<dyn FlagWriter>) -> Self {
        self.flag_writer = Some(writer);
        self
    }

    /// Tells the figures at `/metrics` to everybody, also without a token.
    pub fn open_metrics(mut self) -> Self {
        self.open_metrics = true;
        self
    }

    /// Tells the figures now and then, in the text of `/metrics`: to [`metrics::to_event`](crate::metrics::to_event), to
    /// [`metrics::to_file`](crate::metrics::to_file), or to a function of the application's. The interval is asked for each
    /// time, so it may be a setting; a new one counts within a second.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use strata_config::LayeredConfig;
    /// # #[derive(LayeredConfig)]
    /// # struct AppConfig {
    /// #     #[config(default = 60)]
    /// #     metrics_export_interval: u64,
    /// # }
    /// # let live = strata_config_reload::Live::of(AppConfig::loader()).open()?;
    /// let followed = live.clone();
    /// let admin = strata_config_admin::router(&live).export_metrics(
    ///     move || Duration::from_secs(followed.get().metrics_export_interval),
    ///     strata_config_admin::metrics::to_file("/run/app/metrics.prom"),
    /// );
    /// # let _ = admin;
    /// # Ok(())
    /// # }
    /// ```
    pub fn export_metrics(
        mut self,
        every: impl Fn() -> Duration + Send + 'static,
        to: impl FnMut(&str) + Send + 'static,
    ) -> Self {
        self.export = Some(Export::new(every, to));
        self
    }

    /// Serves the same below another prefix, such as `/api/lazy-loading-config`, in that interface's own words.
    pub fn mount(mut self, prefix: impl Into<String>, dialect: impl Dialect) -> Self {
        self.mounts.push(Mount { prefix: prefix.into(), dialect: Arc::new(dialect) });
        self
    }

    /// Whether somebody has said who may do what.
    pub(crate) fn has_configured_tokens(&self) -> bool {
        self.tokens.are_configured()
    }

    /// The router, which knows its own description.
    pub(crate) fn build(self) -> (Router, Arc<App>) {
        let mut app = App::new(self.live, self.name, self.flags, self.tokens).secured(self.security, self.audit);
        app.rollout = self.rollout;
        app.flag_writer = self.flag_writer;
        app.open_metrics = self.open_metrics;
        app.hub = Arc::new(Hub::new(self.streams));
        self.reports.tell(Arc::clone(&app.hub));
        app.reports = self.reports;
        app.experiments = self.experiments;
        #[cfg(feature = "pi-profile")]
        {
            app.machine = self.machine.map(Arc::new);
        }
        let app = Arc::new(app);
        if let Err(error) = events::follow(&app) {
            tracing::error!(%error, "the system gives no thread for events: nobody will hear of changes");
        }
        #[cfg(feature = "webhooks")]
        webhooks::begin(self.webhooks, &app);
        let beside = Mount { prefix: String::new(), dialect: Arc::new(Plain) };
        let beside = Context { app: Arc::clone(&app), mount: Arc::new(beside) };
        let mut all = beside::routes(&beside).merge(ofrep::routes(&beside));
        let mut prefixes = Vec::new();
        for mount in self.mounts {
            let prefix = mount.prefix.clone();
            let context = Context { app: Arc::clone(&app), mount: Arc::new(mount) };
            all = all.nest(&prefix, routes::mounted(&context));
            prefixes.push(prefix);
        }
        let (router, api) = all.split_for_parts();
        app.description.get_or_init(|| Description::new(&api, &app, &prefixes));
        if let Some(export) = self.export {
            export.begin(&app);
        }
        let router = router.merge(console::routes());
        let router = if self.is_alone { router.merge(console::root()).fallback(unknown_route) } else { router };
        let router = guarded(router, &app);
        (router.layer(from_fn_with_state(Arc::clone(&app), observe::requests)), app)
    }
}

impl From<Admin> for Router {
    fn from(admin: Admin) -> Self {
        admin.build().0
    }
}

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin").field("name", &self.name).field("flags", &self.flags).finish_non_exhaustive()
    }
}
