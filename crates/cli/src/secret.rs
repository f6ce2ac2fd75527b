//! `secret`: keys, and what they seal. It loads no configuration; values come from standard input, never from arguments,
//! which everybody on the machine can see.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use strata_config_core::{Reference, Resolver as _, Secret, reference_of};
use strata_config_secrets::{
    BASE64_SCHEME, FILE_VARIABLE, Fernet, FernetKey, KeyRing, SCHEME, TokenError, VARIABLE, from_base64, to_base64,
};

use crate::output::Output;

/// The command's name.
pub(crate) const NAME: &str = "secret";

/// The most that is read from standard input, in bytes.
const MOST: u64 = 16 * 1024 * 1024;

/// What is said of standard input without anything on it.
const NOTHING: &str = "there is nothing on standard input";

const HELP: &str =
    "Values are read from standard input, never from arguments. Keys come from ENCRYPTION_KEY, from the file \
that ENCRYPTION_KEY_FILE names, or from --key-file; several stand one below the other or with commas between them, the \
newest first.

Examples:
  strata secret keygen > keys && chmod 600 keys
  strata secret encrypt --key-file keys < password
  printf %s \"$TOKEN\" | strata secret decrypt --reveal
  strata secret rotate < config.yaml > config.new.yaml";

/// The command `secret`, for clap: [`secret`] runs it.
#[must_use]
pub fn secret_command() -> Command {
    let keys = || {
        Arg::new("key-file")
            .long("key-file")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .help("The file with the keys, the newest first")
    };
    let format = || {
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .value_parser(["text", "json"])
            .help("How the answer is written [text]")
    };
    let switch = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    Command::new(NAME)
        .about("Keys, and secrets that they seal: makes, opens and renews `fernet:` references")
        .after_help(HELP)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("keygen").about("Writes a new key").arg(format()))
        .subcommand(
            Command::new("encrypt")
                .about("Reads a secret and writes the reference that stands for it in a configuration")
                .arg(switch("base64").help("Writes the token in base64 once more, as JWT_SECRET_ENCRYPTED has it"))
                .arg(keys())
                .arg(format()),
        )
        .subcommand(
            Command::new("decrypt")
                .about("Reads a reference or a token and says whether the keys open it")
                .arg(switch("reveal").help("Writes the secret itself"))
                .arg(keys())
                .arg(format()),
        )
        .subcommand(
            Command::new("rotate")
                .about("Reads a text, such as a whole file, and writes it with every token sealed by the newest key")
                .arg(keys())
                .arg(format()),
        )
}

/// Runs the command `secret` with what this process reads from standard input and from its variables.
pub fn secret(matches: &ArgMatches) -> Output {
    run_as(matches, false, &mut std::io::stdin().lock(), &|name| std::env::var(name).ok())
}

/// The same below a command that takes `--format` itself.
pub(crate) fn secret_within(above: &ArgMatches, matches: &ArgMatches) -> Output {
    let as_json = above.get_one::<String>("format").is_some_and(|format| format == "json");
    run_as(matches, as_json, &mut std::io::stdin().lock(), &|name| std::env::var(name).ok())
}

/// How a variable is looked up.
type Variables<'v> = &'v dyn Fn(&str) -> Option<String>;

fn run_as(matches: &ArgMatches, as_json: bool, stdin: &mut dyn Read, variables: Variables<'_>) -> Output {
    let Some((name, below)) = matches.subcommand() else {
        return Output::mistake("a command is needed, such as keygen");
    };
    let as_json = below.get_one::<String>("format").map_or(as_json, |format| format == "json");
    let done = match name {
        "keygen" => keygen(as_json),
        "encrypt" => encrypt(below, stdin, variables, as_json),
        "decrypt" => decrypt(below, stdin, variables, as_json),
        "rotate" => rotate(below, stdin, variables, as_json),
        other => return Output::mistake(&format!("`secret` has no command `{other}`")),
    };
    done.unwrap_or_else(|problem| Output::error("secret", problem, as_json))
}

fn keygen(as_json: bool) -> Result<Output, String> {
    let key = FernetKey::generate().map_err(|error| error.to_string())?.to_text();
    Ok(answer(key.expose(), as_json.then(|| json!({"key": key.expose()}))))
}

fn encrypt(
    matches: &ArgMatches,
    stdin: &mut dyn Read,
    variables: Variables<'_>,
    as_json: bool,
) -> Result<Output, String> {
    let keys = keys(matches, variables)?;
    let text = read(stdin)?;
    // The line break that an editor or `echo` puts at the end is no part of a secret, as in a secret's file.
    let text = without_break(text.expose());
    if text.is_empty() {
        return Err(NOTHING.to_owned());
    }
    if reference_of(text).is_some() {
        return Err("this is a reference already, and none leads to another; `secret rotate` seals it anew".to_owned());
    }
    let token = keys.encrypt(text).map_err(|error| error.to_string())?;
    let reference = if matches.get_flag("base64") { to_base64(&token) } else { format!("{SCHEME}:{token}") };
    Ok(answer(&reference, as_json.then(|| json!({"reference": reference}))))
}

fn decrypt(
    matches: &ArgMatches,
    stdin: &mut dyn Read,
    variables: Variables<'_>,
    as_json: bool,
) -> Result<Output, String> {
    let keys = keys(matches, variables)?;
    let text = read(stdin)?;
    let (scheme, what) = token(text.expose());
    let found = Fernet::new(keys.clone()).resolve(Reference { scheme, what }).map_err(|error| match error.help() {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    })?;
    if matches.get_flag("reveal") {
        let text = found.text.expose();
        return Ok(answer(text, as_json.then(|| json!({"secret": text}))));
    }
    let told = format!("{} opens it; --reveal writes the secret", found.place.replace("a Fernet token, ", ""));
    Ok(answer(&told, as_json.then(|| json!({"readable": true, "place": found.place}))))
}

fn rotate(
    matches: &ArgMatches,
    stdin: &mut dyn Read,
    variables: Variables<'_>,
    as_json: bool,
) -> Result<Output, String> {
    let keys = keys(matches, variables)?;
    let text = read(stdin)?;
    let mut rotated = Rotated { keys: &keys, text: String::new(), tokens: 0, renewed: 0 };
    let alone = text.expose().trim();
    match looks_like(alone).filter(|_| alone.trim_end_matches('=').chars().all(is_token)) {
        Some(scheme) => rotated.token(scheme, alone)?,
        None => rotated.document(text.expose())?,
    }
    let Rotated { text: mut new, tokens, renewed, .. } = rotated;
    if tokens == 0 {
        return Err("there is no token in it".to_owned());
    }
    if as_json {
        return Ok(Output::json(&json!({"text": new, "tokens": tokens, "renewed": renewed})));
    }
    if !new.ends_with('\n') {
        new.push('\n');
    }
    let noun = if tokens == 1 { "token" } else { "tokens" };
    Ok(Output::of(new).with_stderr(&format!("{tokens} {noun}, {renewed} sealed anew\n")))
}

/// A text in which tokens are replaced.
struct Rotated<'k> {
    keys: &'k KeyRing,
    text: String,
    tokens: usize,
    renewed: usize,
}

impl Rotated<'_> {
    /// A token, and the same in base64 where it was so.
    fn token(&mut self, scheme: &str, token: &str) -> Result<(), String> {
        self.tokens += 1;
        let at = self.tokens;
        let new = self.renewed(scheme, token).map_err(|error| format!("token {at}: {error}"))?;
        self.renewed += usize::from(new.is_some());
        self.text.push_str(new.as_deref().unwrap_or(token.trim()));
        Ok(())
    }

    /// What takes a token's place; nothing where the newest key sealed it.
    fn renewed(&self, scheme: &str, token: &str) -> Result<Option<String>, TokenError> {
        if scheme == BASE64_SCHEME {
            return Ok(self.renewed(SCHEME, &from_base64(token)?)?.map(|new| to_base64(&new)));
        }
        self.keys.needs_rotation(token)?.then(|| self.keys.rotate(token)).transpose()
    }

    /// Every token of a text. One that is named as such (`fernet:`, `fernet-base64:`) and that no key opens stops it,
    /// and nothing is written; what only looks like one may be anybody's, and counts where a key opens it.
    fn document(&mut self, text: &str) -> Result<(), String> {
        let mut at = 0;
        while let Some(found) = text[at..].find(is_token) {
            let from = at + found;
            let own = text[from..].trim_start_matches(is_token);
            // Signs at the end fill the last group; elsewhere one stands between a variable and its value.
            let end = text.len() - own.trim_start_matches('=').len();
            self.text.push_str(&text[at..from]);
            let word = &text[from..end];
            let named = [SCHEME, BASE64_SCHEME].into_iter().find(|scheme| ends_with_name(&text[..from], scheme));
            match named.or_else(|| looks_like(word).filter(|scheme| self.renewed(scheme, word).is_ok())) {
                Some(scheme) => self.token(scheme, word)?,
                None => self.text.push_str(word),
            }
            at = end;
        }
        self.text.push_str(&text[at..]);
        Ok(())
    }
}

/// Whether a token, or its base64, may have this character before those that fill its last group.
fn is_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '_')
}

/// Whether a text ends with a scheme's name and its colon.
fn ends_with_name(text: &str, scheme: &str) -> bool {
    let name = text.strip_suffix(':').and_then(|text| text.get(text.len().checked_sub(scheme.len())?..));
    name.is_some_and(|name| name.eq_ignore_ascii_case(scheme))
}

/// The scheme of what begins as a token does, whose first bytes are always the same, and with them those of its base64.
fn looks_like(word: &str) -> Option<&'static str> {
    match word {
        _ if word.starts_with("gAAAAA") => Some(SCHEME),
        _ if word.starts_with("Z0FBQUFB") => Some(BASE64_SCHEME),
        _ => None,
    }
}

/// The scheme and the token of what somebody gave: a reference, a token, or one in base64 once more.
fn token(text: &str) -> (&str, &str) {
    let text = text.trim();
    match reference_of(text) {
        Some(reference) => (reference.scheme, reference.what),
        None => (looks_like(text).unwrap_or(SCHEME), text),
    }
}

fn keys(matches: &ArgMatches, variables: Variables<'_>) -> Result<KeyRing, String> {
    let keys = match matches.get_one::<PathBuf>("key-file") {
        Some(file) => KeyRing::read(Path::new(file)).map(Some),
        None => KeyRing::of_variables(variables),
    };
    let missing = || format!("there is no key: set {VARIABLE} or {FILE_VARIABLE}, or name a file with --key-file");
    keys.map_err(|error| error.to_string())?.ok_or_else(missing)
}

fn read(stdin: &mut dyn Read) -> Result<Secret<String>, String> {
    // Of this size from the start for most secrets, so that no copy is left behind where it grows.
    let mut text = Secret::new(String::with_capacity(64 * 1024));
    let read = stdin.take(MOST + 1).read_to_string(text.expose_mut());
    match read {
        Ok(0) => Err(NOTHING.to_owned()),
        Ok(length) if length as u64 > MOST => Err("standard input is too long".to_owned()),
        Ok(_) => Ok(text),
        Err(error) => Err(format!("standard input can't be read: {error}")),
    }
}

fn without_break(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text))
}

fn answer(text: &str, json: Option<serde_json::Value>) -> Output {
    json.map_or_else(|| Output::of(format!("{text}\n")), |json| Output::json(&json))
}

#[cfg(test)]
mod tests;
