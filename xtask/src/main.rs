//! `cargo xtask COMMAND`: what this repository does to itself, one file a command.

mod bench;
mod cargo;
mod ci;
mod codegen;
mod edges;
mod fault;
mod features;
mod fuzz;
mod pi;
mod tidy;

use std::env;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask COMMAND

  ci [--fail-fast] [--tested] [STEP…]   every check, or the named ones; --tested: `cargo test --workspace` has just passed
  codegen [--check]                     writes the generated files; --check fails where one is out of date
  bench [NAME…] [--write]               load, growth, size, derive-cost; --write puts all into docs/performance.md
  fuzz [TARGET…] [--seconds N]          runs each fuzz target, or the named ones, for N seconds (60); needs cargo-fuzz
  fault kill|power|errors [--work commits|migrations] [--backend NAME] [--cycles N]
                                        what a store keeps when its process is killed, its machine loses power, or its
                                        system calls fail
  pi [STEP…]                            the device's programs on an emulated Raspberry Pi Zero 2 W: tree, cgroup, armv7,
                                        boot, tests, peers";

/// What a command or a check comes to: nothing, or what is wrong, for a person to read.
type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.split_first() {
        Some((&"ci", rest)) => ci::run(rest),
        Some((&"codegen", rest)) => codegen::run(rest),
        Some((&"bench", rest)) => bench::run(rest),
        Some((&"fuzz", rest)) => fuzz::run(rest),
        Some((&"fault", rest)) => fault::run(rest),
        Some((&"pi", rest)) => pi::run(rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Joins problems into one failure, each on a line of its own.
fn all_or_nothing(problems: Vec<String>) -> Outcome {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}
