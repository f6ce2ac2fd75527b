//! `cargo xtask ci`: every check in order, with its time, and a table at the end.

use std::panic::resume_unwind;
use std::thread;
use std::time::{Duration, Instant};

use crate::cargo::{BENCH_MANIFEST, FUZZ_MANIFEST, Workspace, cargo, conformance, root, run as run_command};
use crate::pi::DEVICE_MANIFEST;
use crate::{Outcome, codegen, edges, fault, features, fuzz, pi, tidy};

/// The package whose tests compare the compiler's messages, which need the compiler that wrote them.
const CASES: &str = "strata-config-compile-fail";

/// The variable with which those tests compare.
const COMPARED: &str = "STRATA_UI_TEXT";

struct Step {
    name: &'static str,
    run: fn(&Ci) -> Outcome,
    /// It runs beside the step before it, which leaves the machine idle.
    beside: bool,
}

const fn step(name: &'static str, run: fn(&Ci) -> Outcome) -> Step {
    Step { name, run, beside: false }
}

const STEPS: &[Step] = &[
    step("format", format),
    step("tidy", |ci| tidy::check(&ci.workspace)),
    step("edges", |ci| edges::check(&ci.workspace)),
    step("codegen", |_| codegen::check()),
    step("clippy", |_| clippy("Cargo.toml")),
    step("docs", docs),
    step("tests", tests),
    // Tests with servers and browsers mostly wait.
    Step { beside: true, ..step("features", |ci| features::check(&ci.workspace)) },
    step("doctests", doctests),
    step("messages", messages),
    step("faults", |_| fault::check()),
    step("bench", bench),
    step("fuzz", |ci| fuzz::check(&ci.workspace)),
    step("pi", |_| pi::check()),
];

struct Ci {
    workspace: Workspace,
    /// `cargo test --workspace` has just passed.
    tested: bool,
}

/// Runs the steps, all of them even where one fails, and shows what came of each.
pub(crate) fn run(args: &[&str]) -> Outcome {
    let (flags, names): (Vec<&str>, Vec<&str>) = args.iter().partition(|arg| arg.starts_with("--"));
    if let Some(unknown) = flags.iter().find(|flag| !["--fail-fast", "--tested"].contains(flag)) {
        return Err(format!("`{unknown}` is not an option of ci; it has --fail-fast and --tested"));
    }
    let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        return Err(format!("there is no step `{unknown}`; there are {}", known.join(", ")));
    }
    let ci = Ci { workspace: Workspace::read("Cargo.toml")?, tested: flags.contains(&"--tested") };
    let chosen: Vec<_> = STEPS.iter().filter(|step| names.is_empty() || names.contains(&step.name)).collect();
    let mut done = Vec::new();
    for together in chosen.chunk_by(|_, next| next.beside) {
        done.extend(take(&ci, together));
        if flags.contains(&"--fail-fast") && done.iter().any(|(_, _, passed)| !passed) {
            break;
        }
    }
    summarize(&done)
}

/// A step's name, its time, and whether it passed.
type Done = (&'static str, Duration, bool);

/// Takes steps at once.
fn take(ci: &Ci, together: &[&Step]) -> Vec<Done> {
    thread::scope(|scope| {
        let begun: Vec<_> = together.iter().map(|step| scope.spawn(|| timed(ci, step))).collect();
        begun.into_iter().map(|step| step.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

fn timed(ci: &Ci, step: &Step) -> Done {
    println!("\n==> {}", step.name);
    let start = Instant::now();
    let outcome = (step.run)(ci);
    if let Err(message) = &outcome {
        println!("{message}");
    }
    println!("<== {} {:.1} s", step.name, start.elapsed().as_secs_f64());
    (step.name, start.elapsed(), outcome.is_ok())
}

fn summarize(done: &[Done]) -> Outcome {
    println!("\n{:10} {:>8}  outcome", "step", "seconds");
    for (name, time, passed) in done {
        println!("{name:10} {:8.1}  {}", time.as_secs_f64(), if *passed { "ok" } else { "FAILED" });
    }
    let failed: Vec<_> = done.iter().filter(|(_, _, passed)| !passed).map(|(name, ..)| *name).collect();
    println!("\nsteps: {} passed, {} failed", done.len() - failed.len(), failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn format(_: &Ci) -> Outcome {
    let workspace = run_command(&mut cargo(&["fmt", "--all", "--check"]));
    let own = |manifest| run_command(&mut cargo(&["fmt", "--all", "--check", "--manifest-path", manifest]));
    workspace.and(own(BENCH_MANIFEST)).and(own(FUZZ_MANIFEST)).and(own(DEVICE_MANIFEST))
}

fn clippy(manifest: &str) -> Outcome {
    let args = ["clippy", "--manifest-path", manifest, "--workspace", "--all-targets", "--", "-D", "warnings"];
    run_command(&mut cargo(&args))
}

fn docs(_: &Ci) -> Outcome {
    run_command(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// All tests, those that need a server included; only these where the others have just run.
fn tests(ci: &Ci) -> Outcome {
    let which = if ci.tested { "--ignored" } else { "--include-ignored" };
    let mut args = vec!["test", "--workspace", "--tests", "--quiet", "--", which];
    if conformance().is_none() {
        println!("the foreign test files are not on this machine: tests called `conformance_…` are left out");
        args.extend(["--skip", "conformance_"]);
    }
    run_command(&mut cargo(&args))?;
    // No member turns AWS on, so that the rest builds without its SDK; its tests bring the server that plays it. Those of the
    // library and of the program stand in targets of one name, so that one build is enough for both.
    let features = "strata-config-secrets/aws,strata-config-secrets/reload,strata-config-reference/aws";
    let packages = ["--package", "strata-config-secrets", "--package", "strata-config-reference"];
    let args = [&["test"], &packages[..], &["--features", features, "--test", "aws", "--quiet"]].concat();
    run_command(&mut cargo(&[&args[..], &["--", "--include-ignored"]].concat()))
}

fn doctests(ci: &Ci) -> Outcome {
    if ci.tested {
        println!("`cargo test --workspace` ran them");
        return Ok(());
    }
    run_command(&mut cargo(&["test", "--workspace", "--doc", "--quiet"]))
}

/// The compile-fail cases once more, this time with the compiler's texts compared word for word.
fn messages(ci: &Ci) -> Outcome {
    if ci.tested && std::env::var(COMPARED).is_ok_and(|value| value == "1") {
        println!("`cargo test --workspace` compared them");
        return Ok(());
    }
    run_command(cargo(&["test", "--package", CASES, "--tests"]).env(COMPARED, "1"))
}

/// The benchmarks' own workspace: linted, its contenders compared, each benchmark run once.
fn bench(ci: &Ci) -> Outcome {
    clippy(BENCH_MANIFEST)?;
    let args = ["test", "--manifest-path", BENCH_MANIFEST, "--workspace", "--all-targets"];
    run_command(cargo(&args).env("CARGO_TARGET_DIR", &ci.workspace.target).current_dir(root()))
}
