//! The profiles that are built in, as data: what each board or container has, and the few figures that follow from it.

use strata_config_core::{Bound, ByteSize, Limits, Memory, Profile};

use crate::board::Board;
use crate::choice::plain;

/// The names of the built-in profiles.
pub const BUILTIN: [&str; 8] =
    ["pi_zero_2w", "pi_3", "pi_4", "pi_5", "container_128", "container_256", "container_512", "unlimited"];

/// The classes of resources, which `resource = "…"` names.
pub(crate) const CLASSES: [&str; 4] = ["memory_mb", "connections", "threads", "cache_entries"];

/// A board or a container.
struct Figures {
    name: &'static str,
    /// The memory that it is sold or run with, in MiB; none for no limits at all.
    total: Option<u64>,
    /// The most that the system takes of it, in MiB.
    system: u64,
    /// The cores, where they are known: a setting of the class `threads` starts no more by default.
    cores: Option<i128>,
    /// The most threads: some per core, since more only wait for one, and each takes a stack and a kernel's part, some
    /// 64 KiB at least.
    threads: i128,
    /// The kernel ends what needs more than the total: there is no swap to be slow on.
    ends: bool,
}

/// The system's part of a small board: 112 of 512 MB, for kernel, graphics, journal, network and a shell.
const SYSTEM_SHARE: (u64, u64) = (7, 32);

/// What a container keeps for the kernel's buffers and for the pages of its own files: an eighth.
pub(crate) const CONTAINER_SHARE: (u64, u64) = (1, 8);

/// A connection for every 2 MiB of the ceiling: at 48 KiB each, with the buffers of both directions and of TLS, that is
/// 2.4 % of it, and a Zero 2 W gets the 200 that phase 2A allows there.
const MIB_PER_CONNECTION: u64 = 2;

/// Entries of a cache for every MiB of the ceiling: at 4 KiB each, a tenth of it.
const CACHE_ENTRIES_PER_MIB: u64 = 25;

const FIGURES: [Figures; 8] = [
    // 512 MB; no other size is sold. 4 cores at 1 GHz, 4 threads each.
    Figures { name: "pi_zero_2w", total: Some(512), system: 112, cores: Some(4), threads: 16, ends: false },
    // 1 GB; the 3A+ has 512 MB.
    Figures { name: "pi_3", total: Some(1024), system: 224, cores: Some(4), threads: 32, ends: false },
    // 1 to 8 GB: where the board itself is not at hand, the size that is recommended. A desktop's system stays below
    // 512 MB.
    Figures { name: "pi_4", total: Some(4096), system: 512, cores: Some(4), threads: 64, ends: false },
    // 1 to 16 GB, as above.
    Figures { name: "pi_5", total: Some(4096), system: 512, cores: Some(4), threads: 64, ends: false },
    // Containers do not tell how many cores they may use. Threads are limited so that their stacks take no more than
    // a twentieth.
    Figures { name: "container_128", total: Some(128), system: 16, cores: None, threads: 16, ends: true },
    Figures { name: "container_256", total: Some(256), system: 32, cores: None, threads: 32, ends: true },
    Figures { name: "container_512", total: Some(512), system: 64, cores: None, threads: 64, ends: true },
    Figures { name: "unlimited", total: None, system: 0, cores: None, threads: 0, ends: false },
];

/// A built-in profile by its name, with the memory that such a board has where it is not at hand.
#[must_use]
pub fn builtin(name: &str) -> Option<Profile> {
    figures(name).map(|figures| figures.profile(figures.total.map(|total| figures.memory(total))))
}

/// A built-in profile, sized to the board, if it is that board's, and to no more than `limit`.
pub(crate) fn for_board(name: &str, board: &Board, limit: Option<ByteSize>) -> Option<Profile> {
    let figures = figures(name)?;
    Some(figures.profile(memory(name, Some(board)).map(|memory| limited(memory, limit))))
}

/// The name of a built-in profile as it is written here.
pub(crate) fn canonical(name: &str) -> Option<&'static str> {
    BUILTIN.into_iter().find(|known| *known == plain(name))
}

/// The memory of a built-in profile; of the board, if the profile is that board's.
pub(crate) fn memory(name: &str, board: Option<&Board>) -> Option<Memory> {
    let figures = figures(name)?;
    let found = board.filter(|board| board.kind() == Some(figures.name)).and_then(|board| board.memory.total);
    let Some(found) = found else { return figures.total.map(|total| figures.memory(total)) };
    let memory = figures.memory(sold(found));
    Some(Memory { ceiling: memory.ceiling.min(found), ..memory })
}

/// The memory of a built-in profile's kind, with a total of a user's own.
pub(crate) fn sized(name: &str, total: ByteSize) -> Option<Memory> {
    let memory = figures(name)?.memory(mib(total));
    Some(Memory { total, ..memory })
}

/// What follows from the memory for each class of resources.
pub(crate) fn resources(name: &str, memory: Option<Memory>) -> Vec<(&'static str, Limits)> {
    match (figures(name), memory) {
        (Some(figures), Some(memory)) if figures.total.is_some() => figures.resources(memory),
        _ => Vec::new(),
    }
}

/// The memory that a group of processes has of the board's.
pub(crate) fn limited(memory: Memory, limit: Option<ByteSize>) -> Memory {
    let Some(limit) = limit else { return memory };
    let ceiling = ByteSize(limit.bytes() - share(limit.bytes(), CONTAINER_SHARE));
    Memory { total: memory.total.min(limit), ceiling: memory.ceiling.min(ceiling) }
}

fn figures(name: &str) -> Option<&'static Figures> {
    FIGURES.iter().find(|figures| figures.name == name)
}

impl Figures {
    /// The memory of a board with so many MiB.
    fn memory(&self, total: u64) -> Memory {
        let most = if self.ends { CONTAINER_SHARE } else { SYSTEM_SHARE };
        Memory { total: ByteSize::mib(total), ceiling: ByteSize::mib(total - self.system.min(share(total, most))) }
    }

    fn profile(&self, memory: Option<Memory>) -> Profile {
        let profile = Profile::new(self.name);
        let Some(memory) = memory else { return without_limits(profile) };
        let resources = self.resources(memory).into_iter();
        resources.fold(profile.with_memory(memory), |profile, (class, limits)| profile.resource(class, limits))
    }

    fn resources(&self, memory: Memory) -> Vec<(&'static str, Limits)> {
        let ceiling = mib(memory.ceiling);
        let at_most = |count: u64| Limits { max: Some(Bound::Int(i128::from(count.max(1)))), ..Limits::default() };
        // Beyond the ceiling of a board there is the system's part, and swap: slow, but it works. A container is ended.
        let most_memory = if self.ends { mib(memory.total) } else { ceiling };
        let threads =
            Limits { default: self.cores.map(Bound::Int), max: Some(Bound::Int(self.threads)), ..Limits::default() };
        vec![
            ("memory_mb", Limits { hard: self.ends, ..at_most(most_memory) }),
            ("connections", at_most(ceiling / MIB_PER_CONNECTION)),
            ("threads", threads),
            ("cache_entries", at_most(ceiling * CACHE_ENTRIES_PER_MIB)),
        ]
    }
}

/// Names the classes without limiting them, which tells the profile from a name that nobody knows.
pub(crate) fn without_limits(profile: Profile) -> Profile {
    CLASSES.into_iter().fold(profile, |profile, class| profile.resource(class, Limits::default()))
}

/// The memory that a board was sold with, in MiB: what Linux manages is less, by the graphics' and the kernel's part.
fn sold(found: ByteSize) -> u64 {
    let sizes = [128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];
    sizes.into_iter().find(|size| ByteSize::mib(*size) >= found).unwrap_or_else(|| mib(found))
}

fn mib(size: ByteSize) -> u64 {
    size.bytes() >> 20
}

pub(crate) fn share(total: u64, (part, of): (u64, u64)) -> u64 {
    total / of * part
}
