//! No content of any file makes detection panic, and what it then says keeps to its own rules.

use proptest::prelude::*;
use strata_config_core::ByteSize;
use strata_config_pi_profile::Board;

use super::machine::write;

/// The files that are read, but for those whose names hold numbers.
const FILES: [&str; 13] = [
    "proc/device-tree/model",
    "proc/device-tree/compatible",
    "proc/cpuinfo",
    "proc/meminfo",
    "proc/self/cgroup",
    "proc/self/mountinfo",
    "sys/devices/system/cpu/online",
    "sys/devices/system/cpu/cpu0/regs/identification/midr_el1",
    "sys/fs/cgroup/memory.max",
    "sys/fs/cgroup/memory.current",
    "sys/class/thermal/thermal_zone0/type",
    "sys/class/thermal/thermal_zone0/temp",
    "sys/devices/platform/soc/soc:firmware/get_throttled",
];

/// Lines that are nearly right, cut up and put together, and any bytes.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "MemTotal:",
        "SwapFree: ",
        "421800",
        " kB",
        "\n",
        "CPU part\t: 0xd03",
        "processor\t: 0",
        "0::/",
        "9:memory:/",
        "..",
        "/a/b",
        "29 21 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
        " - cgroup x rw,memory",
        "\\040",
        "\\9é",
        "max",
        "18446744073709551616",
        "0-3",
        "-",
        ",",
        "0x",
        "50005",
        "ffffffffffffffff",
        "+5",
        "\0",
        "raspberrypi,4-model-b",
    ]);
    let text = prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..64)]
}

#[test]
fn a_limit_of_nothing_is_none_that_a_running_process_has() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "proc/self/cgroup", b"0::/a/b\n");
    write(root.path(), "proc/self/mountinfo", b"29 21 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    write(root.path(), "sys/fs/cgroup/a/b/memory.max", b"0\n");
    write(root.path(), "sys/fs/cgroup/a/memory.max", b"67108864\n");
    write(root.path(), "sys/fs/cgroup/memory.max", b"max\n");
    let board = Board::detect(root.path());
    assert_eq!(board.usable_memory(), Some(ByteSize::mib(64)));
    let faults: Vec<&str> = board.faults.iter().map(|fault| &*fault.file).collect();
    assert_eq!(faults, ["/sys/fs/cgroup/a/b/memory.max"]);
}

#[cfg(unix)]
#[test]
fn directories_devices_and_links_in_a_circle_are_faults_and_the_rest_counts() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "proc/meminfo", b"MemTotal: 1024 kB\n");
    std::fs::create_dir_all(root.path().join("proc/cpuinfo")).unwrap();
    std::fs::create_dir_all(root.path().join("proc/self")).unwrap();
    std::fs::create_dir_all(root.path().join("proc/device-tree/compatible")).unwrap();
    symlink("/dev/zero", root.path().join("proc/device-tree/model")).unwrap();
    symlink("cgroup", root.path().join("proc/self/cgroup")).unwrap();
    let board = Board::detect(root.path());
    assert_eq!((board.usable_memory(), board.kind()), (Some(ByteSize::mib(1)), None));
    let faults: Vec<&str> = board.faults.iter().map(|fault| &*fault.file).collect();
    let expected = ["/proc/device-tree/model", "/proc/device-tree/compatible", "/proc/cpuinfo", "/proc/self/cgroup"];
    assert_eq!(faults, expected);
}

proptest! {
    // Each case writes and reads a machine of files.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_content_is_survived(contents in prop::collection::vec(content(), FILES.len())) {
        let root = tempfile::tempdir().unwrap();
        for (file, content) in FILES.into_iter().zip(&contents) {
            write(root.path(), file, content);
        }
        let board = Board::detect(root.path());
        prop_assert_eq!(&board, &Board::detect(root.path()), "the same files say the same");
        prop_assert!(board.model.iter().chain(&board.compatible).all(|name| !name.chars().any(char::is_control)));
        prop_assert!(board.memory.total != Some(ByteSize(0)));
        prop_assert!(board.faults.iter().all(|fault| fault.file.starts_with('/') && !fault.why.is_empty()));
    }
}
