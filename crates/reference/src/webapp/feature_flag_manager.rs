//! The manager of seed 002's flags, with the names that the seed gives its methods.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use strata_config::LayerKind;
use strata_config_flags::model::{Flag, Moment, Serve, Share};
use strata_config_flags::redis::{RedisError, RedisSettings, RedisSource, RedisStatus, StoredFlag};
use strata_config_flags::{Context, Flags};
use strata_config_reload::{Actor, Live, UpdateError};

use super::{FeatureFlag, RedisConfig, WebappConfig};
use crate::System;

/// For whom the web application's features are on.
///
/// ```
/// use strata_config::LayeredConfig;
/// use strata_config_reference::webapp::{FeatureFlag, FeatureFlagManager, WebappConfig};
/// use strata_config_reload::Live;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let loader = WebappConfig::loader().env_from([
///     ("SECRET_KEY", "a text of thirty-two characters."),
///     ("FEATURE_NEW_DASHBOARD", "25%"),
/// ]);
/// let flags = FeatureFlagManager::open(&Live::of(loader).open()?)?;
/// let users = (0..1_000).filter(|id| flags.is_enabled(FeatureFlag::NewDashboard, Some(&id.to_string()), false));
/// assert!((200..300).contains(&users.count()));
///
/// flags.set_flag(FeatureFlag::BetaApi, true, &["ann"], Some(0.0), "admin")?;
/// assert!(flags.is_enabled(FeatureFlag::BetaApi, Some("ann"), false));
/// assert!(!flags.is_enabled(FeatureFlag::BetaApi, Some("bob"), false));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FeatureFlagManager {
    flags: Flags,
    live: Live<WebappConfig>,
    /// Where the flags live; in the configuration, where there is none.
    redis: Option<RedisSource>,
}

impl FeatureFlagManager {
    /// The flags of a running configuration, in Redis where any source sets `redis.url`. It does not wait for Redis: see
    /// [`wait_until_read`](Self::wait_until_read).
    ///
    /// # Errors
    /// The flags of the configuration are wrong, or the system gives no thread.
    pub fn open(live: &Live<WebappConfig>) -> Result<Self, FeatureFlagError> {
        let flags = Flags::follow_with(live, WebappConfig::flags).map_err(FeatureFlagError::Configuration)?;
        let redis = match has_redis(live) {
            true => Some(RedisSource::start(&flags, settings(&live.get().redis)).map_err(FeatureFlagError::Redis)?),
            false => None,
        };
        Ok(Self { flags, live: live.clone(), redis })
    }

    /// Whether a feature is on for a user; the default where neither Redis nor the configuration says anything of it. For
    /// nobody in particular it is on where it is on for everybody.
    #[must_use]
    pub fn is_enabled(&self, flag: FeatureFlag, user_id: Option<&str>, default: bool) -> bool {
        let context = user_id.map_or_else(Context::anonymous, Context::of);
        self.flags.bool(flag.key(), &context, default)
    }

    /// Sets a flag for good: in Redis where flags live there, otherwise in the configuration's store. Who is on the list
    /// has the feature, and so has this share of all others, in percent; without a share everybody has, or where there is
    /// a list, those on it.
    ///
    /// # Errors
    /// The share is not between 0 and 100; Redis or the store is away.
    pub fn set_flag(
        &self,
        flag: FeatureFlag,
        enabled: bool,
        user_whitelist: &[&str],
        percentage_rollout: Option<f64>,
        actor: impl Into<Actor>,
    ) -> Result<(), FeatureFlagError> {
        let share = |percent| Share::from_percent(percent).ok_or(FeatureFlagError::Percentage(percent));
        let stored = StoredFlag {
            enabled,
            user_whitelist: user_whitelist.iter().map(|user| (*user).to_owned()).collect(),
            percentage_rollout: percentage_rollout.map(share).transpose()?,
        };
        match &self.redis {
            Some(redis) => redis.set(flag.key(), &stored).map_err(FeatureFlagError::Redis),
            None => {
                let set = self.live.set(flag.path().as_str(), stored.flag(), actor);
                set.map(drop).map_err(FeatureFlagError::Configuration)
            }
        }
    }

    /// Every flag in short, as the seed's `GET /admin/feature-flags` tells them.
    #[must_use]
    pub fn list(&self) -> Vec<(FeatureFlag, FlagSummary)> {
        let snapshot = self.flags.snapshot();
        let set = snapshot.set();
        let summary = |flag: FeatureFlag| Some((flag, FlagSummary::of(set.definition(flag.key())?)));
        FeatureFlag::ALL.into_iter().filter_map(summary).collect()
    }

    /// How Redis is, where flags live there.
    #[must_use]
    pub fn status(&self) -> Option<RedisStatus> {
        self.redis.as_ref().map(RedisSource::status)
    }

    /// Waits until the flags have been read from Redis, at most for this time; whether they have, or do not live there.
    #[must_use]
    pub fn wait_until_read(&self, time: Duration) -> bool {
        self.redis.as_ref().is_none_or(|redis| redis.wait_until_read(time))
    }

    /// Where the flags live, where that is Redis.
    pub(super) fn redis(&self) -> Option<&RedisSource> {
        self.redis.as_ref()
    }

    /// The flags, for all questions that the seed does not ask.
    #[must_use]
    pub fn flags(&self) -> &Flags {
        &self.flags
    }
}

fn has_redis(live: &Live<WebappConfig>) -> bool {
    let explained = live.version().explain(&[WebappConfig::REDIS.join(&RedisConfig::URL)]);
    let origin = explained.first().and_then(|value| value.origin.as_ref());
    origin.is_some_and(|origin| origin.layer != LayerKind::Default)
}

fn settings(config: &RedisConfig) -> RedisSettings {
    RedisSettings {
        timeout: Duration::from_secs(config.timeout),
        stale_after: Duration::from_secs(config.flag_cache_ttl),
        file: config.flag_file.clone(),
        ..RedisSettings::new(config.url.expose().as_str()).named(FeatureFlag::ALL.map(FeatureFlag::key))
    }
}

/// A flag in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlagSummary {
    /// Whether it is on for anybody.
    pub enabled: bool,
    /// How many users are on its list.
    pub user_whitelist_count: usize,
    /// The share of the others, in percent; `None` where there is none.
    pub percentage_rollout: Option<f64>,
}

impl FlagSummary {
    fn of(flag: &Flag) -> Self {
        if let Some(StoredFlag { enabled, user_whitelist, percentage_rollout }) = StoredFlag::of(flag) {
            let percentage_rollout = percentage_rollout.map(Share::percent);
            return Self { enabled, user_whitelist_count: user_whitelist.len(), percentage_rollout };
        }
        // Nobody has said anything, or more than the seed has words for.
        let definition = flag.definition();
        Self {
            enabled: definition.status.is_enabled() && definition.fallthrough != Some(Serve::CodeDefault),
            user_whitelist_count: definition.targets.iter().map(|target| target.unit.len()).sum(),
            percentage_rollout: definition.coverage(Moment::now()).map(Share::percent),
        }
    }
}

/// Why flags could not be opened or set.
#[derive(Debug)]
pub enum FeatureFlagError {
    /// The configuration refuses.
    Configuration(UpdateError),
    /// Redis is away, or refuses.
    Redis(RedisError),
    /// A share in percent that is none.
    Percentage(f64),
}

impl fmt::Display for FeatureFlagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(error) => error.fmt(f),
            Self::Redis(error) => error.fmt(f),
            Self::Percentage(percent) => write!(f, "a share is between 0 and 100 percent, not {percent}"),
        }
    }
}

impl std::error::Error for FeatureFlagError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Configuration(error) => error.source(),
            Self::Redis(_) | Self::Percentage(_) => None,
        }
    }
}
