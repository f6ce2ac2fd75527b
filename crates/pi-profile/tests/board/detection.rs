//! What is found on each machine.

use strata_config_core::ByteSize;
use strata_config_pi_profile::{Board, Cgroup, Condition};

use super::machine::{board, unpack, write};

const KB: u64 = 1024;

#[test]
fn a_zero_2_w_is_known_with_all_its_facts() {
    let board = board("zero_2w");
    assert_eq!(board.faults, []);
    assert_eq!(board.kind(), Some("pi_zero_2w"));
    assert_eq!(board.model.as_deref(), Some("Raspberry Pi Zero 2 W Rev 1.0"));
    assert_eq!(board.compatible, ["raspberrypi,model-zero-2-w", "brcm,bcm2837"]);
    assert_eq!((board.cpu.implementer, board.cpu.part, board.cpu.cores), (Some(0x41), Some(0xd03), Some(4)));
    assert_eq!(board.cpu.name.as_deref(), Some("Cortex-A53"));
    assert_eq!(board.memory.total, Some(ByteSize(421_800 * KB)));
    assert_eq!(board.memory.available, Some(ByteSize(300_148 * KB)));
    assert_eq!(board.memory.swap_total, Some(ByteSize(102_396 * KB)));
    assert_eq!(board.memory.swap_free, Some(ByteSize(87_036 * KB)));
    assert_eq!(board.cgroup, Some(Cgroup { version: 2, limit: None, used: Some(ByteSize(5_652_480)) }));
    assert_eq!(board.temperature_celsius(), Some(47.236));
}

#[test]
fn throttling_is_read_bit_by_bit() {
    let throttled = board("zero_2w").throttled.unwrap();
    let both = Condition { now: Some(true), since_boot: Some(true) };
    let neither = Condition { now: Some(false), since_boot: Some(false) };
    assert_eq!(throttled.under_voltage(), both);
    assert_eq!(throttled.frequency_capped(), neither);
    assert_eq!(throttled.throttled(), both);
    assert_eq!(throttled.soft_temperature_limit(), neither);

    let throttled = board("pi_4_8gb_limited").throttled.unwrap();
    assert_eq!(throttled.soft_temperature_limit(), Condition { now: Some(false), since_boot: Some(true) });
}

#[test]
fn the_sensors_driver_tells_of_the_supply_alone() {
    let throttled = board("pi_3b_plus").throttled.unwrap();
    assert_eq!(throttled.under_voltage(), Condition { now: None, since_boot: Some(true) });
    assert_eq!(throttled.throttled(), Condition::default());
}

#[test]
fn each_board_has_its_kind_part_and_memory() {
    for (fixture, kind, part, name, total) in [
        ("pi_3a_plus", "pi_3", 0xd03, "Cortex-A53", 437_512),
        ("pi_3b_plus", "pi_3", 0xd03, "Cortex-A53", 943_024),
        ("pi_4", "pi_4", 0xd08, "Cortex-A72", 3_885_396),
        ("pi_4_8gb_limited", "pi_4", 0xd08, "Cortex-A72", 7_997_840),
        ("pi_5", "pi_5", 0xd0b, "Cortex-A76", 8_256_736),
    ] {
        let board = board(fixture);
        assert_eq!(board.faults, [], "{fixture}");
        assert_eq!(board.kind(), Some(kind), "{fixture}");
        assert_eq!(board.cpu.part, Some(part), "{fixture}");
        assert_eq!(board.cpu.name.as_deref(), Some(name), "{fixture}");
        assert_eq!(board.memory.total, Some(ByteSize(total * KB)), "{fixture}");
        assert!(board.throttled.is_some(), "{fixture}");
    }
}

#[test]
fn a_mainline_device_tree_names_the_board_without_a_revision() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "proc/device-tree/model", b"Raspberry Pi Zero 2 W\0");
    assert_eq!(Board::detect(root.path()).kind(), Some("pi_zero_2w"));
}

#[test]
fn a_machine_that_no_device_tree_names_has_no_kind() {
    for fixture in ["container_v2", "container_v1", "laptop"] {
        let board = board(fixture);
        assert_eq!((board.kind(), &board.model, board.faults.len()), (None, &None, 0), "{fixture}: {:?}", board.faults);
        assert_eq!(board.cpu.part, None);
    }
    let nothing = tempfile::tempdir().unwrap();
    assert_eq!(Board::detect(nothing.path()), Board::default());
}

#[test]
fn a_containers_limit_is_found_in_its_own_name_space() {
    let board = board("container_v2");
    let group = Cgroup { version: 2, limit: Some(ByteSize::mib(128)), used: Some(ByteSize::mib(20)) };
    assert_eq!(board.cgroup, Some(group));
    assert_eq!(board.usable_memory(), Some(ByteSize::mib(128)));
    assert_eq!(board.cpu.cores, Some(64));
}

#[test]
fn version_1_tells_the_limit_of_groups_that_a_container_does_not_see() {
    let board = board("container_v1");
    let group = Cgroup { version: 1, limit: Some(ByteSize::mib(192)), used: Some(ByteSize::mib(40)) };
    assert_eq!(board.cgroup, Some(group));
    assert_eq!(board.cpu.cores, Some(4), "counted, where no list says it");
}

#[test]
fn the_smallest_limit_of_all_groups_above_counts_with_its_use() {
    let group = board("pi_4_8gb_limited").cgroup.unwrap();
    assert_eq!((group.limit, group.used), (Some(ByteSize::mib(192)), Some(ByteSize(71_892_992))));
}

#[test]
fn a_huge_number_is_no_limit_and_the_processors_zone_is_preferred() {
    let board = board("laptop");
    assert_eq!(board.cgroup, Some(Cgroup { version: 1, limit: None, used: Some(ByteSize(4_142_022_656)) }));
    assert_eq!(board.temperature_millicelsius, Some(61_000));
    assert_eq!(board.cpu.name.as_deref(), Some("13th Gen Intel(R) Core(TM) i7-1360P"));
}

#[test]
fn a_group_that_leads_out_of_the_container_is_read_where_it_is_mounted() {
    let root = unpack("container_v2");
    write(root.path(), "proc/self/cgroup", b"0::/../../user.slice\n");
    assert_eq!(Board::detect(root.path()).cgroup.unwrap().limit, Some(ByteSize::mib(128)));
}

#[test]
fn a_mounted_place_may_have_spaces() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "proc/self/cgroup", b"0::/a\n");
    write(root.path(), "proc/self/mountinfo", b"1 2 0:3 / /mnt/control\\040groups rw - cgroup2 cgroup rw\n");
    write(root.path(), "mnt/control groups/a/memory.max", b"1048576\n");
    assert_eq!(Board::detect(root.path()).cgroup.unwrap().limit, Some(ByteSize::mib(1)));
}

#[test]
fn damaged_files_are_told_one_by_one_and_the_rest_is_read() {
    let board = board("damaged");
    let faults: Vec<(&str, &str)> = board.faults.iter().map(|fault| (&*fault.file, &*fault.why)).collect();
    assert_eq!(
        faults,
        [
            ("/proc/device-tree/model", "it holds no name that makes sense"),
            ("/proc/device-tree/compatible", "it holds no name that makes sense"),
            ("/proc/cpuinfo", "`CPU implementer` makes no sense"),
            ("/proc/cpuinfo", "`CPU part` makes no sense"),
            ("/sys/devices/system/cpu/online", "it holds no number that makes sense"),
            ("/proc/meminfo", "`MemTotal` makes no sense"),
            ("/proc/meminfo", "`MemAvailable` makes no sense"),
            ("/proc/meminfo", "`SwapTotal` makes no sense"),
            ("/proc/self/cgroup", "it is no text"),
            ("/sys/class/thermal/thermal_zone0/temp", "it holds no number that makes sense"),
            ("/sys/devices/platform/soc/soc:firmware/get_throttled", "it holds no number that makes sense"),
        ]
    );
    assert_eq!((board.kind(), board.cgroup, board.throttled), (None, None, None));
    assert_eq!(board.cpu.cores, Some(1));
    assert_eq!(board.temperature_millicelsius, Some(40_000), "the next zone");
}

#[test]
fn a_file_that_is_a_directory_is_a_fault() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "proc/meminfo/oops", b"");
    let board = Board::detect(root.path());
    assert_eq!(board.faults[0].file, "/proc/meminfo");
    assert!(board.faults[0].why.contains("can't be read"), "{}", board.faults[0].why);
}

#[test]
fn a_file_without_end_is_given_up() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "proc/cpuinfo", &vec![b'a'; 5 << 20]);
    let board = Board::detect(root.path());
    assert_eq!(board.faults[0].why, "it is larger than 4 MiB");
}
