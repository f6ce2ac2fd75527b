//! The program that `cargo xtask fault` kills, unplugs and lies to while it migrates a document or a store: up, down, up.

mod document;
mod stored;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use strata_config::{LayeredConfig, Value};
use strata_config_migrate::{MigrateError, Migrations, Record, Refusal, Step};

type Problem = Box<dyn Error>;
type Outcome = Result<(), Problem>;

const OLDEST: &str = "1";
const NEWEST: &str = "4";

/// Steps of a migration.
const STEPS: usize = 3;

/// Records from which on a worker begins anew, as nobody migrates so often.
const MANY: usize = 60;

/// What is migrated.
trait Subject {
    /// What is there: wholly of one version, with a backup and a history that agree with it. Fails where it is not so.
    fn look(&self) -> Result<Seen, Problem>;

    /// Migrates it to the version that it does not have.
    fn migrate(&self, actor: &str) -> Result<(), MigrateError>;

    /// Fails where something unfinished lies about.
    fn left_over(&self) -> Outcome;

    /// Forgets the history.
    fn forget(&self) -> Outcome;
}

struct Seen {
    version: &'static str,
    records: Vec<Record>,
}

/// The settings of the newest version.
#[derive(LayeredConfig)]
#[allow(dead_code, reason = "documents are checked with it")]
struct Config {
    #[config(default = 80)]
    port: u16,
    #[config(nested)]
    http: Http,
    #[config(default = [])]
    notes: Vec<String>,
}

#[derive(LayeredConfig)]
#[allow(dead_code, reason = "documents are checked with it")]
struct Http {
    #[config(default = "eu")]
    region: String,
    #[config(default = 0)]
    timeout_ms: u64,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        ["work", url] => work(url),
        ["check", url] => check(url),
        ["try", url, request] => attempt(url, request),
        ["found", url, request] => found(url, request),
        _ => Err("usage: fault_migrate work URL | check URL | try URL REQUEST | found URL REQUEST".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn open(url: &str) -> Result<Box<dyn Subject>, Problem> {
    match url.split_once(':') {
        Some(("toml" | "yaml" | "json", path)) => Ok(Box::new(document::Document::open(Path::new(path))?)),
        _ => Ok(Box::new(stored::Stored::open(url)?)),
    }
}

/// Looks as [`check`] does, says `open`, and migrates until it is killed. Each migration that was acknowledged is a line
/// `RECORDS VERSION`.
fn work(url: &str) -> Outcome {
    let subject = open(url)?;
    let seen = look_for_acknowledged(&*subject)?;
    writeln!(io::stdout().lock(), "open")?;
    if seen.records.len() > MANY {
        subject.forget()?;
    }
    loop {
        subject.migrate("worker")?;
        subject.left_over()?;
        let seen = subject.look()?;
        say(&seen.records.len().to_string(), &seen.version)?;
    }
}

/// Looks at what is there, migrates it once more, and looks whether that has cleared everything away.
fn check(url: &str) -> Outcome {
    let subject = open(url)?;
    look_for_acknowledged(&*subject)?;
    subject.migrate("check").map_err(|error| format!("the next migration fails: {error}"))?;
    subject.look()?;
    subject.left_over()
}

/// Fails where an acknowledged migration is not there: lines of [`work`], on standard input.
fn look_for_acknowledged(subject: &dyn Subject) -> Result<Seen, Problem> {
    let seen = subject.look()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (count, version) = line.split_once(' ').ok_or("expected `RECORDS VERSION`")?;
        let count: usize = count.parse()?;
        if seen.records.get(count - 1).is_none_or(|record| record.to != version) {
            let (found, now) = (seen.records.len(), seen.version);
            return Err(format!("lost: record {count} led to {version}; there are {found}, and version {now}").into());
        }
    }
    Ok(seen)
}

/// Migrates while system calls fail. Prints what it came to: `stored`, `unknown` or `failed`, and after it what was said.
/// Where it was not done, the next migration has to be; where not, this fails.
fn attempt(url: &str, request: &str) -> Outcome {
    let tried = open(url).map(|subject| subject.migrate(request));
    match tried {
        Ok(Ok(())) => return say("stored", &""),
        Ok(Err(error)) if error.is_unknown() => say("unknown", &error)?,
        Ok(Err(error)) => say("failed", &error)?,
        Err(error) => say("failed", &error)?,
    }
    Ok(open(url)?.migrate(&format!("{request}, then"))?)
}

/// Prints whether a request was carried out, after a look at everything.
fn found(url: &str, request: &str) -> Outcome {
    let seen = open(url)?.look()?;
    let found = seen.records.iter().any(|record| record.actor == request);
    say(if found { "stored" } else { "absent" }, &"")
}

fn say(what: &str, why: &dyn Display) -> Outcome {
    Ok(writeln!(io::stdout().lock(), "{what} {why}")?)
}

/// Three steps, each of another kind.
fn migrations() -> Migrations {
    fn number(value: &Value) -> Result<i128, Refusal> {
        if let Value::Int(number) = value { Ok(*number) } else { Err("expected a number".into()) }
    }
    Migrations::to(NEWEST)
        .step(Step::new("rename", OLDEST, "2").rename("listen", "port"))
        .step(Step::new("section", "2", "3").moves("timeout", "http.timeout"))
        .step(Step::new("millis", "3", NEWEST).rename("http.timeout", "timeout_ms").maps(
            "http.timeout_ms",
            |seconds| Ok(Value::Int(number(&seconds)? * 1000)),
            |millis| Ok(Value::Int(number(&millis)? / 1000)),
        ))
        .build()
        .expect("a chain")
}

/// Fails where the records of a document are not those of whole migrations, one after the other, the last of which led to
/// the version that there is.
fn check_records(records: &[Record], document: &str, version: &str) -> Outcome {
    let chain = migrations();
    let own: Vec<&Record> = records.iter().filter(|record| record.document == document).collect();
    for taken in own.chunks(STEPS) {
        let mut steps: Vec<&Step> = chain.steps().collect();
        if taken[0].direction == "down" {
            steps.reverse();
        }
        let fits = |(record, step): (&&Record, &&Step)| {
            let whole =
                (&record.actor, record.at, &record.direction) == (&taken[0].actor, taken[0].at, &taken[0].direction);
            whole && record.id == step.id() && record.checksum == step.checksum()
        };
        if taken.len() != STEPS || !taken.iter().zip(&steps).all(fits) {
            return Err(format!("the history of {document} has half a migration: {taken:?}").into());
        }
    }
    if let Some(gap) = own.windows(2).find(|pair| pair[0].to != pair[1].from) {
        return Err(format!("the history of {document} has a gap: {gap:?}").into());
    }
    match own.last() {
        Some(last) if last.to != version => {
            Err(format!("the history of {document} ends at {}, and it is of {version}", last.to).into())
        }
        _ => Ok(()),
    }
}

/// Fails where a directory holds something unfinished.
fn check_left_over(directory: &Path) -> Outcome {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "unfinished") {
            return Err(format!("left over: {}", path.display()).into());
        }
    }
    Ok(())
}
