//! Boards: no content of a machine's files makes detection panic, and the same files say the same.

use std::fs;
use std::path::Path;

use strata_config_pi_profile::Board;

/// The files that are written; an input begins each by `==> NAME`.
const FILES: [&str; 16] = [
    "proc/device-tree/model",
    "proc/device-tree/compatible",
    "sys/firmware/devicetree/base/model",
    "proc/cpuinfo",
    "proc/meminfo",
    "proc/self/cgroup",
    "proc/self/mountinfo",
    "sys/devices/system/cpu/online",
    "sys/fs/cgroup/memory.max",
    "sys/fs/cgroup/memory.current",
    "sys/fs/cgroup/memory/memory.limit_in_bytes",
    "sys/fs/cgroup/memory/memory.stat",
    "sys/class/thermal/thermal_zone0/type",
    "sys/class/thermal/thermal_zone0/temp",
    "sys/class/hwmon/hwmon0/in0_lcrit_alarm",
    "sys/devices/platform/soc/soc:firmware/get_throttled",
];

/// Detects the board of a machine of these files.
pub fn board(data: &[u8]) {
    let root = tempfile::tempdir().expect("a temporary directory");
    write(root.path(), "sys/class/hwmon/hwmon0/name", b"rpi_volt");
    for part in split(data) {
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let name = FILES.iter().find(|name| name.as_bytes() == &part[..end]);
        if let Some(name) = name {
            write(root.path(), name, part.get(end + 1..).unwrap_or_default());
        }
    }
    let board = Board::detect(root.path());
    assert_eq!(board, Board::detect(root.path()));
    assert!(board.model.iter().chain(&board.compatible).all(|name| !name.chars().any(char::is_control)));
    assert!(board.usable_memory() <= board.memory.total || board.memory.total.is_none());
    assert!(board.faults.iter().all(|fault| fault.file.starts_with('/')));
}

fn split(data: &[u8]) -> Vec<&[u8]> {
    const MARK: &[u8] = b"==> ";
    let mut parts = Vec::new();
    let mut from = None;
    for at in 0..data.len() {
        if data[at..].starts_with(MARK) {
            parts.extend(from.map(|from| &data[from..at]));
            from = Some(at + MARK.len());
        }
    }
    parts.extend(from.map(|from| &data[from..]));
    parts
}

fn write(root: &Path, name: &str, content: &[u8]) {
    let file = root.join(name);
    fs::create_dir_all(file.parent().expect("a folder")).expect("the folder is made");
    fs::write(file, content).expect("the file is written");
}
