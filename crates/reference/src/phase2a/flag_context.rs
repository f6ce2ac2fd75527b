//! The request that a flag is asked for: the seed's `FeatureFlagContext`.

use strata_config_flags::Context;
use strata_config_flags::model::Moment;

/// Attributes of the request, by which conditions and splits find them.
pub(super) const CLIENT_IP: &str = "client_ip";
pub(super) const USER_AGENT: &str = "user_agent";
const REQUEST_ID: &str = "request_id";
const API_ENDPOINT: &str = "api_endpoint";
const REQUEST_TIMESTAMP: &str = "request_timestamp";

/// What is known of a request. Conditions of flags may ask for each of these by its name; an empty text counts as none.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct FeatureFlagContext<'a> {
    /// The request itself: what overrides are for.
    pub request_id: Option<&'a str>,
    /// The program that makes it.
    pub user_agent: Option<&'a str>,
    /// The address that it comes from.
    pub client_ip: Option<&'a str>,
    /// What it asks for.
    pub api_endpoint: Option<&'a str>,
    /// When it came, in seconds since 1970: schedules of flags are asked for that moment.
    pub request_timestamp: Option<f64>,
}

impl<'a> FeatureFlagContext<'a> {
    /// The unit that a share is decided for: client address and user agent together, the address alone where no user
    /// agent is known, and nobody where no address is. The seed's `to_hash_key`, without its hash: each flag hashes it
    /// with its own salt.
    #[must_use]
    pub fn to_hash_key(&self) -> Option<String> {
        let address = given(self.client_ip)?;
        Some(given(self.user_agent).map_or_else(|| address.to_owned(), |agent| format!("{address}:{agent}")))
    }

    /// The request as flags see it, with its unit as the targeting key.
    #[must_use]
    pub fn to_context(&self) -> Context<'a> {
        let mut context = self.to_hash_key().map_or_else(Context::anonymous, Context::of);
        let texts = [
            (REQUEST_ID, self.request_id),
            (USER_AGENT, self.user_agent),
            (CLIENT_IP, self.client_ip),
            (API_ENDPOINT, self.api_endpoint),
        ];
        for (name, text) in texts {
            if let Some(text) = given(text) {
                context.set(name, text);
            }
        }
        match self.request_timestamp.filter(|seconds| seconds.is_finite()) {
            // The cast saturates, and so does the moment.
            Some(seconds) => {
                context.with(REQUEST_TIMESTAMP, seconds).at(Moment::from_millis((seconds * 1_000.0) as i64))
            }
            None => context,
        }
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
