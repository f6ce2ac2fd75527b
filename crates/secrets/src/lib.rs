//! Where the secrets of a configuration come from when they do not stand in it, and how a store keeps them.
//!
//! A secret setting's value may be a reference: `fernet:gAAAAA…`, which a key opens, or `aws-sm:myapp/database#password`,
//! which AWS Secrets Manager knows. It may also stand within a text, as `${aws-sm:myapp/database#password}` in a URL.
//! References are read while the configuration is loaded; one that can't be read is an error, named with its path and its
//! place, and never the text itself.
//!
//! ```
//! use std::sync::Arc;
//! use strata_config::{LayeredConfig, Secret};
//! use strata_config_secrets::{Fernet, FernetKey, KeyRing};
//!
//! #[derive(LayeredConfig)]
//! struct AppConfig {
//!     #[config(secret)]
//!     password: Secret<String>,
//! }
//!
//! let keys = KeyRing::new([FernetKey::generate()?]);
//! let reference = format!("fernet:{}", keys.encrypt("hunter2")?);
//!
//! let loaded = AppConfig::loader()
//!     .text("app.toml", format!("password = \"{reference}\""))
//!     .resolver(Arc::new(Fernet::new(keys)))
//!     .load()?;
//! assert_eq!(loaded.password.expose(), "hunter2");
//! assert_eq!(loaded.origin("password").unwrap().to_string(), "app.toml:1:12, which leads to a Fernet token, key 1 of 1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "aws")]
mod aws;
mod fernet;
mod key;
#[cfg(feature = "reload")]
mod refresh;
mod remote;
mod ring;
mod token;

#[cfg(feature = "aws")]
pub use aws::{AwsSecrets, AwsSettings, aws};
pub use fernet::{BASE64_SCHEME, Fernet, SCHEME, from_base64, to_base64};
pub use key::{FernetKey, KeyError};
#[cfg(feature = "reload")]
pub use refresh::follow;
pub use remote::{Fetch, FetchError, Fetched, Remote};
pub use ring::{FILE_VARIABLE, KeyRing, Opened, VARIABLE};
pub use token::TokenError;
