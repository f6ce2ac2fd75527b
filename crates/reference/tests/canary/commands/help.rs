//! The binary's commands, as its own help lists them: so that one that is added is missed here, and not silently.

use std::process::Command;

/// Every command of a system that does something: `explain`, `snapshot create`.
pub(super) fn commands_of(system: &str) -> Vec<String> {
    let mut all = Vec::new();
    below(&[system], &mut all);
    all
}

fn below(words: &[&str], all: &mut Vec<String>) {
    let names = names(words);
    if names.is_empty() {
        all.push(words[1..].join(" "));
    }
    for name in names.iter().filter(|name| *name != "help") {
        below(&[words, &[name]].concat(), all);
    }
}

/// What stands below `Commands:`.
fn names(words: &[&str]) -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_strata")).args(words).arg("-h").env_clear().output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let own = lines.take_while(|line| line.starts_with("  "));
    // A name stands two blanks in; what belongs to the line before stands deeper.
    let names = own.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    names.map(|line| line.split_whitespace().next().expect("a line has a word").to_owned()).collect()
}

#[test]
fn the_help_lists_commands_and_those_below_them() {
    let all = commands_of("learning");
    for command in ["explain", "snapshot create", "preset apply", "flags eval", "migrate up", "secret rotate", "serve"]
    {
        assert!(all.iter().any(|known| known == command), "{command}: {all:?}");
    }
}
