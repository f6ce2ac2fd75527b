//! Memory holds no secret once everything that had it is dropped: a child process scans its own heap.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::Command;
use std::sync::Arc;

use strata_config::{LayeredConfig, Secret};
use strata_config_secrets::{Fernet, KeyRing};

/// Says to the child what to do.
const ROLE: &str = "STRATA_MEMORY_ROLE";

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct App {
    #[config(secret)]
    file: Secret<String>,
    #[config(secret)]
    variable: Secret<String>,
    #[config(secret)]
    own_file: Secret<String>,
    #[config(secret)]
    token: Secret<String>,
    #[config(secret)]
    within: Secret<String>,
}

/// The marker, of parts, so that the program's text does not hold it.
fn marker(number: usize) -> String {
    ["CAN", "ARY", "-of-", "this-", "memory-"].concat() + &number.to_string() + &"x".repeat(40)
}

/// How often a text stands in the writable memory of this process, but for its stacks.
fn count(needle: &[u8]) -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut found = 0;
    let mut chunk = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw") && !line.contains("[stack]") && !line.contains("[v")) {
        let range = line.split(' ').next().unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let [start, end] = [start, end].map(|number| u64::from_str_radix(number, 16).unwrap());
        chunk.clear();
        chunk.resize((end - start) as usize, 0);
        memory.seek(SeekFrom::Start(start)).unwrap();
        if memory.read_exact(&mut chunk).is_err() {
            continue;
        }
        // The needle itself and the chunk, which may hold an earlier part of itself, are told apart by the first byte.
        let (first, rest) = needle.split_first().unwrap();
        found += chunk.windows(needle.len()).filter(|part| part[0] ^ 0xff == *first && part[1..] == *rest).count();
        chunk.fill(0);
    }
    found
}

/// The marker's number as it is looked for: its first byte is turned, so that the needle is none.
fn needle(number: usize) -> Vec<u8> {
    let mut needle = marker(number).into_bytes();
    needle[0] ^= 0xff;
    needle
}

/// How many copies of each marker there are.
fn copies() -> [usize; 5] {
    std::array::from_fn(|number| {
        let mut looked_for = needle(number);
        let found = count(&looked_for);
        looked_for.fill(0);
        found
    })
}

/// In the child: loads, shows what it can, drops it all.
fn child() {
    let folder = std::path::PathBuf::from(std::env::var_os("STRATA_MEMORY_FOLDER").unwrap());
    let keys = KeyRing::read(&folder.join("keys")).unwrap();
    let loaded = App::loader()
        .file(folder.join("app.toml"))
        .env()
        .resolver(Arc::new(Fernet::new(keys)))
        .load()
        .unwrap_or_else(|report| panic!("{report}"));
    let shown = format!("{loaded:?} {:?} {:?} {:?}", loaded.explain(&[]), loaded.values(), loaded.config());
    assert!(!shown.contains("ARY-of"));
    assert!(copies().iter().all(|copies| *copies > 0), "what is in use is found: {:?}", copies());
    drop(shown);
    drop(loaded);
    println!("{:?}", copies());
}

#[test]
fn nothing_of_a_secret_stays_in_memory_once_it_is_dropped() {
    if std::env::var_os(ROLE).is_some() {
        return child();
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let key = strata_config_secrets::FernetKey::generate().unwrap();
    write("keys", key.to_text().expose());
    let keys = KeyRing::new([key]);
    let sealed = |number| format!("fernet:{}", keys.encrypt(&marker(number)).unwrap());
    let within = format!("postgresql://${{{}}}@db", sealed(4));
    write("app.toml", &format!("file = '{}'\ntoken = '{}'\nwithin = '{within}'\n", marker(0), sealed(3)));
    write("own", &format!("{}\n", marker(2)));
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "nothing_of_a_secret_stays_in_memory_once_it_is_dropped", "--nocapture", "--test-threads=1"])
        .envs([(ROLE, "child"), ("VARIABLE", &marker(1)), ("STRATA_MEMORY_FOLDER", folder.path().to_str().unwrap())])
        .env("OWN_FILE_FILE", folder.path().join("own"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    // The variable stands in the process's environment, which is the system's and not ours: on the stack's side.
    assert!(said.contains("[0, 0, 0, 0, 0]"), "copies that stay: {said}");
}
