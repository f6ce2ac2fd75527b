//! The five categories of events.

use strata_config::{ConfigEnum, FieldPath, LayeredConfig};

use super::AdapterType;

/// A category of events. Its name is read in any case: `"CRITICAL".parse()`.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Failures and alerts.
    Critical,
    /// Timings and throughput.
    Performance,
    /// What users do.
    UserActivity,
    /// What the system does.
    System,
    /// What developers look at.
    Debug,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 5] = [Self::Critical, Self::Performance, Self::UserActivity, Self::System, Self::Debug];

    /// The category's name, and its flag's.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Performance => "performance",
            Self::UserActivity => "user_activity",
            Self::System => "system",
            Self::Debug => "debug",
        }
    }
}

/// The categories of events. In documents their names may also stand in capitals.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct CategoriesConfig {
    /// Failures and alerts.
    #[config(nested, env_prefix = "DUAL_WRITE_CRITICAL", alias = "CRITICAL")]
    pub critical: CriticalCategory,

    /// Timings and throughput.
    #[config(nested, env_prefix = "DUAL_WRITE_PERFORMANCE", alias = "PERFORMANCE")]
    pub performance: PerformanceCategory,

    /// What users do.
    #[config(nested, env_prefix = "DUAL_WRITE_USER_ACTIVITY", alias = "USER_ACTIVITY")]
    pub user_activity: UserActivityCategory,

    /// What the system does.
    #[config(nested, env_prefix = "DUAL_WRITE_SYSTEM", alias = "SYSTEM")]
    pub system: SystemCategory,

    /// What developers look at.
    #[config(nested, env_prefix = "DUAL_WRITE_DEBUG", alias = "DEBUG")]
    pub debug: DebugCategory,
}

impl CategoriesConfig {
    /// The settings of one category.
    #[must_use]
    pub fn get(&self, category: Category) -> CategoryConfig<'_> {
        match category {
            Category::Critical => self.critical.settings(),
            Category::Performance => self.performance.settings(),
            Category::UserActivity => self.user_activity.settings(),
            Category::System => self.system.settings(),
            Category::Debug => self.debug.settings(),
        }
    }

    /// The path of one category, below that of this struct.
    #[must_use]
    pub fn path(category: Category) -> FieldPath {
        match category {
            Category::Critical => Self::CRITICAL,
            Category::Performance => Self::PERFORMANCE,
            Category::UserActivity => Self::USER_ACTIVITY,
            Category::System => Self::SYSTEM,
            Category::Debug => Self::DEBUG,
        }
    }
}

/// The settings of one category, whichever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CategoryConfig<'a> {
    /// Whether the category's events are written.
    pub enabled: bool,
    /// The share of them that is sampled, in per cent.
    pub percentage: u8,
    /// Where they go.
    pub adapters: &'a [AdapterType],
}

/// Declares the struct of each category. They differ in their defaults alone, and a default belongs to a struct's field.
macro_rules! categories {
    ($(
        $(#[$doc:meta])*
        $name:ident { enabled: $enabled:tt, percentage: $percentage:tt, adapters: $adapters:tt }
    )*) => {$(
        $(#[$doc])*
        #[derive(LayeredConfig, Debug, Clone, PartialEq)]
        pub struct $name {
            /// Writes the category's events.
            #[config(default = $enabled)]
            pub enabled: bool,

            /// Share of the category's events that is sampled, in per cent.
            #[config(default = $percentage, validate(range(max = 100)))]
            pub percentage: u8,

            /// Where the category's events go; each adapter once.
            #[config(default = $adapters, custom = distinct)]
            pub adapters: Vec<AdapterType>,
        }

        impl $name {
            fn settings(&self) -> CategoryConfig<'_> {
                CategoryConfig { enabled: self.enabled, percentage: self.percentage, adapters: &self.adapters }
            }
        }
    )*};
}

categories! {
    /// Failures and alerts: every one, to both adapters.
    CriticalCategory { enabled: true, percentage: 100, adapters: ["websocket", "realtime"] }

    /// Timings and throughput: every second one, by WebSocket.
    PerformanceCategory { enabled: true, percentage: 50, adapters: ["websocket"] }

    /// What users do: none yet; by Realtime once it is enabled.
    UserActivityCategory { enabled: false, percentage: 0, adapters: ["realtime"] }

    /// What the system does: everything, to both adapters.
    SystemCategory { enabled: true, percentage: 100, adapters: ["websocket", "realtime"] }

    /// What developers look at: nothing, and nowhere.
    DebugCategory { enabled: false, percentage: 0, adapters: [] }
}

#[expect(clippy::ptr_arg, reason = "a rule takes a reference to the field's own type")]
fn distinct(adapters: &Vec<AdapterType>) -> Result<(), &'static str> {
    let twice = adapters.iter().enumerate().any(|(at, adapter)| adapters[..at].contains(adapter));
    if twice { Err("names an adapter twice") } else { Ok(()) }
}
