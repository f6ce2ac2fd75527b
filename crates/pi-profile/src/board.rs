//! The board: what the device tree, the processor's and the memory's files say, and what could not be read of them.

mod cgroup;
mod cpu;
mod device_tree;
mod files;
mod memory;
mod number;
mod temperature;
mod throttled;

use std::path::Path;

use strata_config_core::ByteSize;

pub use cgroup::Cgroup;
pub use cpu::Cpu;
pub use memory::BoardMemory;
pub use throttled::{Condition, Throttled};

use files::Files;

/// The machine that a program runs on, as its files tell it.
///
/// Each fact stands by itself: what a machine does not tell is `None`, and what can't be read or makes no sense is
/// one of the [`faults`](Self::faults) as well.
///
/// ```
/// use std::path::Path;
/// use strata_config_pi_profile::Board;
///
/// let board = Board::detect(Path::new("/"));
/// println!("{:?}, {:?} of memory", board.model, board.memory.total);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Board {
    /// The device tree's name of the board: `Raspberry Pi Zero 2 W Rev 1.0`.
    pub model: Option<String>,
    /// What the device tree says the board is compatible with, the nearest first: `raspberrypi,model-zero-2-w`.
    pub compatible: Vec<String>,
    /// The processor.
    pub cpu: Cpu,
    /// The memory.
    pub memory: BoardMemory,
    /// The group whose memory the process counts towards, where there is one.
    pub cgroup: Option<Cgroup>,
    /// The processor's temperature in thousandths of a degree Celsius.
    pub temperature_millicelsius: Option<i32>,
    /// Whether the firmware has slowed the board down, and why.
    pub throttled: Option<Throttled>,
    /// What could not be read, or made no sense.
    pub faults: Vec<Fault>,
}

/// A file that could not be read, or that says something which makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file, as the machine itself names it: `/proc/meminfo`.
    pub file: String,
    /// What is wrong.
    pub why: String,
}

/// A board that has a profile, and how the device tree names it.
struct Kind {
    profile: &'static str,
    compatible: &'static [&'static str],
    /// How the board's name begins: a device tree of another maker's may know that alone.
    model: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind {
        profile: "pi_zero_2w",
        compatible: &["raspberrypi,model-zero-2-w", "raspberrypi,model-zero-2"],
        model: &["Raspberry Pi Zero 2"],
    },
    Kind {
        profile: "pi_3",
        compatible: &[
            "raspberrypi,3-model-a-plus",
            "raspberrypi,3-model-b",
            "raspberrypi,3-model-b-plus",
            "raspberrypi,3-compute-module",
            "raspberrypi,3-plus-compute-module",
        ],
        model: &["Raspberry Pi 3", "Raspberry Pi Compute Module 3"],
    },
    Kind {
        profile: "pi_4",
        compatible: &[
            "raspberrypi,4-model-b",
            "raspberrypi,4-compute-module",
            "raspberrypi,4-compute-module-s",
            "raspberrypi,400",
        ],
        model: &["Raspberry Pi 4", "Raspberry Pi Compute Module 4"],
    },
    Kind {
        profile: "pi_5",
        compatible: &["raspberrypi,5-model-b", "raspberrypi,5-compute-module", "raspberrypi,500"],
        model: &["Raspberry Pi 5", "Raspberry Pi Compute Module 5"],
    },
];

impl Board {
    /// Reads what the files below `root` tell of the machine; `/` is this one.
    ///
    /// Never fails: a file that is not there says nothing, and any other trouble is one of the [`faults`](Self::faults).
    #[must_use]
    pub fn detect(root: &Path) -> Self {
        let mut files = Files::new(root);
        let (model, compatible) = device_tree::read(&mut files);
        Self {
            model,
            compatible,
            cpu: cpu::read(&mut files),
            memory: memory::read(&mut files),
            cgroup: cgroup::read(&mut files),
            temperature_millicelsius: temperature::read(&mut files),
            throttled: throttled::read(&mut files),
            faults: files.into_faults(),
        }
    }

    /// The name of the board's profile, where the device tree names a board that has one: `pi_zero_2w`, `pi_3`, `pi_4`,
    /// `pi_5`.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        let compatible = |kind: &&Kind| self.compatible.iter().any(|name| kind.compatible.contains(&&**name));
        let called = |kind: &&Kind| {
            self.model.as_deref().is_some_and(|model| kind.model.iter().any(|start| model.starts_with(start)))
        };
        let found = KINDS.iter().find(compatible).or_else(|| KINDS.iter().find(called));
        found.map(|kind| kind.profile)
    }

    /// The memory that the process may use: all of the machine's, or what its control group leaves of it.
    #[must_use]
    pub fn usable_memory(&self) -> Option<ByteSize> {
        let limit = self.cgroup.as_ref().and_then(|group| group.limit);
        self.memory.total.into_iter().chain(limit).min()
    }

    /// The processor's temperature in degrees Celsius.
    #[must_use]
    pub fn temperature_celsius(&self) -> Option<f64> {
        self.temperature_millicelsius.map(|milli| f64::from(milli) / 1000.0)
    }
}
