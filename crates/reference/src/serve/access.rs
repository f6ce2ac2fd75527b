//! Who may use a server: the tokens that its environment names, or one of chance.

use std::ffi::OsString;
use std::net::SocketAddr;

use strata_config_admin::auth::{Scopes, Token, Tokens};

/// What `serve --help` says of tokens.
pub(super) const HELP: &str = "Tokens:
  STRATA_ADMIN_TOKEN=id.secret   one token with every scope
  STRATA_TOKENS_FILE=PATH        many tokens, in a file that is followed; `strata token` makes them

Without any, only this machine is served, and a token of chance is printed.";

/// The variable with a token that permits everything.
const ONE: &str = "STRATA_ADMIN_TOKEN";

/// The variable with the path of a file of tokens.
const FILE: &str = "STRATA_TOKENS_FILE";

/// Who a token of chance, or that of the variable, acts as.
const ACTOR: &str = "admin";

/// The tokens of a server.
pub(super) struct Access {
    tokens: Tokens,
    /// The text of a token that was made just now: nobody else can know it.
    made: Option<String>,
    /// The token of the variable has a secret that could be guessed.
    is_short: bool,
}

impl Access {
    /// The tokens that the environment names. Where it names none, one is made.
    pub(super) fn from_environment() -> Result<Self, String> {
        match [ONE, FILE].map(std::env::var_os) {
            [Some(_), Some(_)] => Err(format!("{ONE} and {FILE} are both set: say who may do what in one of them")),
            [Some(text), None] => Self::one(&text),
            [None, Some(path)] => {
                let tokens = Tokens::from_file(path).map_err(|report| format!("{FILE}: {report}"))?;
                Ok(Self { tokens, made: None, is_short: false })
            }
            [None, None] => {
                let (token, text) = Token::random(ACTOR, Scopes::ALL).map_err(|error| error.to_string())?;
                Ok(Self { tokens: Tokens::new([token]), made: Some(text), is_short: false })
            }
        }
    }

    fn one(text: &OsString) -> Result<Self, String> {
        let text = text.to_str().ok_or_else(|| format!("{ONE} is no text"))?;
        let token = Token::new(ACTOR, text, Scopes::ALL).map_err(|error| format!("{ONE}: {error}"))?;
        let is_short = token.is_local();
        Ok(Self { tokens: Tokens::new([token]), made: None, is_short })
    }

    /// Whether a server with these tokens may listen there: without a configured one, on this machine alone.
    pub(super) fn permits(&self, address: Option<SocketAddr>) -> Result<(), String> {
        match address {
            Some(address) if self.made.is_some() && !address.ip().to_canonical().is_loopback() => Err(format!(
                "{address} can be reached from other machines, and no token is configured: set {ONE}=id.secret or \
                 {FILE}=PATH, or listen on 127.0.0.1"
            )),
            Some(address) if self.is_short && !address.ip().to_canonical().is_loopback() => Err(format!(
                "{address} can be reached from other machines, and the secret of {ONE} is short enough to be guessed: give \
                 it 16 characters or more, or listen on 127.0.0.1"
            )),
            _ => Ok(()),
        }
    }

    pub(super) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// What makes the console's address a key: the token that was made, and never one that was configured.
    pub(super) fn fragment(&self) -> String {
        self.made.as_ref().map(|text| format!("#token={text}")).unwrap_or_default()
    }
}
