//! Completion scripts, and what a shell makes of one.

use std::process::{Command, Stdio};

use crate::shell::{Shell, text};

#[test]
fn every_shell_has_a_script() {
    let shell = Shell::new(&[], &[]);
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = shell.ok(&format!("completions {name}"));
        for word in ["phase2a", "lazy-loading", "snapshot", "preset", "env-file"] {
            assert!(script.contains(word), "{name}: {word}");
        }
    }
    assert_eq!(shell.run("completions csh").status.code(), Some(2));
}

/// What bash offers behind these words; `None` where there is no bash.
fn offered(script: &str, words: &[&str]) -> Option<Vec<String>> {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let program = format!(
        "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_strata strata '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        quoted.join(" "),
        words.len() - 1,
        words[words.len() - 1],
        words[words.len() - 2],
    );
    let bash = Command::new("bash").arg("--norc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut bash = bash.ok()?;
    std::io::Write::write_all(&mut bash.stdin.take()?, program.as_bytes()).ok()?;
    Some(text(&bash.wait_with_output().ok()?.stdout).lines().map(str::to_owned).collect())
}

#[test]
#[ignore = "needs bash"]
fn bash_completes_systems_commands_options_and_paths() {
    let script = Shell::new(&[], &[]).ok("completions bash");
    for (words, expected) in [
        (&["strata", "lea"][..], &["learning"][..]),
        (&["strata", "phase2a", "hist"], &["history"]),
        (&["strata", "phase2a", "snapshot", "cr"], &["create"]),
        (&["strata", "phase2a", "explain", "--mo"], &["--mode"]),
        (&["strata", "learning", "flags", "ev"], &["eval"]),
        (&["strata", "learning", "flags", "import", "--par"], &["--partial"]),
        (&["strata", "phase2a", "explain", "hot_reload.ch"], &["hot_reload.check_interval"]),
        (&["strata", "dual-write", "set", "categories.system.p"], &["categories.system.percentage"]),
    ] {
        assert_eq!(offered(&script, words).expect("bash runs"), expected, "{words:?}");
    }
}
