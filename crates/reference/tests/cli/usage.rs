//! Arguments, exit statuses, colours and pipes.

use std::process::Stdio;

use crate::shell::{Shell, text};

#[test]
fn help_names_every_system_and_command() {
    let shell = Shell::new(&[], &[]);
    let help = shell.ok("--help");
    for system in ["phase2a", "dual-write", "webapp", "learning", "lazy-loading"] {
        assert!(help.contains(system), "{help}");
        let help = shell.ok(&format!("{system} --help"));
        for part in
            ["explain", "check", "get", "diff", "export", "--file", "--env-file", "--set", "--profile", "--mode"]
        {
            assert!(help.contains(part), "{system} {part}: {help}");
        }
    }
}

#[test]
fn exit_statuses_are_0_1_and_2() {
    let shell = Shell::new(&[], &[]);
    for (line, status) in [
        ("phase2a check", 0),
        ("--version", 0),
        ("webapp check", 1),
        ("phase2a -f none.toml check", 1),
        ("phase2a check --set max_memory_usage_mb=500", 1),
        ("phase2a get", 2),
        ("phase2a get nothing.like.this", 2),
        ("phase2a", 2),
        ("nothing check", 2),
        ("phase2a check --store file:x", 1),
        ("phase2a check --store", 2),
        ("phase2a check --mode loose", 2),
    ] {
        assert_eq!(shell.run(line).status.code(), Some(status), "{line}");
    }
}

#[test]
fn options_stand_before_or_after_the_command() {
    let shell = Shell::new(&[("site.toml", "connection_pool.http_total_pool_size = 60")], &[]);
    for line in [
        "phase2a -f site.toml get connection_pool.http_total_pool_size",
        "phase2a get connection_pool.http_total_pool_size -f site.toml",
        "phase2a get -f site.toml connection_pool.http_total_pool_size",
    ] {
        assert_eq!(shell.ok(line), "60\n", "{line}");
    }
    assert_eq!(shell.ok("phase2a --request-pipeline-batch-size 7 get request_pipeline.batch_size"), "7\n");
}

#[test]
fn no_colour_goes_into_a_pipe() {
    for vars in [&[][..], &[("NO_COLOR", "1")], &[("TERM", "xterm-256color")]] {
        let shell = Shell::new(&[("bad.toml", "debug = 1")], vars);
        for line in ["phase2a explain", "webapp -f bad.toml check", "phase2a explain log_level"] {
            let output = shell.run(line);
            assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{line}");
        }
    }
}

#[test]
fn a_pipe_that_is_closed_early_is_no_mistake() {
    for line in ["phase2a explain", "phase2a --help", "phase2a explain --format json"] {
        let mut child =
            Shell::new(&[], &[]).command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{line}");
    }
}
