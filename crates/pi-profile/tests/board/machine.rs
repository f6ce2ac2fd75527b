//! Machines from `tests/fixtures`: one file each, unpacked into a directory that stands for `/`.

use std::fs;
use std::path::{Path, PathBuf};

use strata_config_pi_profile::Board;
use tempfile::TempDir;

/// Detects the board of a fixture.
pub(crate) fn board(fixture: &str) -> Board {
    let root = unpack(fixture);
    Board::detect(root.path())
}

/// Unpacks a fixture: `==> PATH` begins a file, `\0`, `\xNN` and a trailing line break stand for themselves.
pub(crate) fn unpack(fixture: &str) -> TempDir {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{fixture}.txt"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let root = tempfile::tempdir().unwrap();
    for part in text.split("==> ").skip(1) {
        let (path, content) = part.split_once('\n').unwrap();
        write(root.path(), path, &bytes(content));
    }
    root
}

/// Writes a file of a machine.
pub(crate) fn write(root: &Path, path: &str, content: &[u8]) -> PathBuf {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, content).unwrap();
    file
}

fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend(before.bytes());
        rest = match escape.strip_prefix('0') {
            // The line break behind the last NUL is the fixture's, not the property's.
            Some(after) => {
                bytes.push(0);
                after.strip_prefix('\n').unwrap_or(after)
            }
            None => {
                bytes.push(u8::from_str_radix(&escape[1..3], 16).unwrap());
                &escape[3..]
            }
        };
    }
    bytes.extend(rest.bytes());
    bytes
}
