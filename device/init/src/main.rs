//! The first process of an emulated board: mounts what programs want to see, runs one after the other, and says when it
//! is done.
//!
//! It stays after its last line, since the kernel does without everything but this process: whoever started the emulator
//! ends it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::thread;

use rustix::mount::{MountFlags, mount};

/// What is mounted where, and as what.
const MOUNTS: [(&str, &str); 4] =
    [("proc", "/proc"), ("sysfs", "/sys"), ("tmpfs", "/tmp"), ("cgroup2", "/sys/fs/cgroup")];

/// The programs to run.
const PROGRAMS: &str = "/programs";

/// Their variables, a line each.
const VARIABLES: &str = "/variables";

fn main() {
    for (kind, place) in MOUNTS {
        let made =
            fs::create_dir_all(place).or_else(|error| if Path::new(place).is_dir() { Ok(()) } else { Err(error) });
        let mounted = made.and_then(|()| Ok(mount(kind, place, kind, MountFlags::empty(), None)?));
        if let Err(error) = mounted {
            println!("init {place} is not mounted: {error}");
        }
    }
    if let Err(error) = run() {
        println!("init {error}");
    }
    // Its last line, for whoever watches the console.
    println!("init done");
    let _ = io::stdout().flush();
    loop {
        thread::park();
    }
}

fn run() -> io::Result<()> {
    let variables = fs::read_to_string(VARIABLES)?;
    let mut programs = fs::read_dir(PROGRAMS)?.collect::<io::Result<Vec<_>>>()?;
    programs.sort_by_key(fs::DirEntry::file_name);
    for program in programs {
        let name = program.file_name().to_string_lossy().into_owned();
        println!("init runs {name}");
        let variables = variables.lines().filter_map(|line| line.split_once('='));
        match Command::new(program.path()).env_clear().envs(variables).arg("/tmp").status() {
            Ok(status) => println!("init ended {name}: {status}"),
            Err(error) => println!("init {name} did not start: {error}"),
        }
    }
    Ok(())
}
