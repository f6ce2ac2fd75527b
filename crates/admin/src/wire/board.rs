//! The machine, as its own files tell it.

use serde::Serialize;
use utoipa::ToSchema;

/// The machine. What it does not tell is null.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Board)]
pub(crate) struct BoardView {
    /// The device tree's name of the board.
    model: Option<String>,
    /// What the device tree says that it is compatible with.
    compatible: Vec<String>,
    /// The processor.
    cpu: CpuView,
    /// The memory.
    memory: BoardMemoryView,
    /// The control group of the process.
    cgroup: Option<CgroupView>,
    /// The processor's temperature, in degrees Celsius.
    temperature_c: Option<f64>,
    /// Whether the firmware slows it down, and why.
    throttled: Option<ThrottledView>,
    /// The board's own profile, where it has one.
    kind: Option<&'static str>,
    /// What could not be read, or made no sense.
    faults: Vec<FaultView>,
}

/// The processor.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardCpu)]
struct CpuView {
    /// Who made it, on ARM: `0x41`.
    implementer: Option<String>,
    /// Which part it is, on ARM: `0xd03`.
    part: Option<String>,
    /// Its name.
    name: Option<String>,
    /// The cores that run.
    cores: Option<u32>,
}

/// The machine's memory, in bytes.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardMemory)]
struct BoardMemoryView {
    /// All that the kernel manages.
    total: Option<u64>,
    /// What programs could still take.
    available: Option<u64>,
    /// The swap space.
    swap_total: Option<u64>,
    /// What is free of it.
    swap_free: Option<u64>,
}

/// The control group of the process.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardCgroup)]
struct CgroupView {
    /// Its interface's version: 1 or 2.
    version: u8,
    /// The smallest limit on the way to it, in bytes; null where there is none.
    limit: Option<u64>,
    /// What is used of it, in bytes.
    used: Option<u64>,
}

/// What the firmware says of power and heat.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardThrottled)]
struct ThrottledView {
    /// The supply is too weak.
    under_voltage: ConditionView,
    /// The clock is held down.
    frequency_capped: ConditionView,
    /// The clock is lowered as far as it goes.
    throttled: ConditionView,
    /// It is so warm that the clock is lowered a little.
    soft_temperature_limit: ConditionView,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = BoardCondition)]
struct ConditionView {
    /// At this moment.
    now: Option<bool>,
    /// At any moment since the machine started.
    since_boot: Option<bool>,
}

/// What is wrong with a file of the machine.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardFault)]
struct FaultView {
    /// The file.
    file: String,
    /// What is wrong.
    why: String,
}

#[cfg(feature = "pi-profile")]
mod detected {
    use strata_config_core::ByteSize;
    use strata_config_pi_profile::{Board, Condition};

    use super::{BoardMemoryView, BoardView, CgroupView, ConditionView, CpuView, FaultView, ThrottledView};

    impl BoardView {
        pub(crate) fn of(board: &Board) -> Self {
            let size = |size: Option<ByteSize>| size.map(ByteSize::bytes);
            Self {
                model: board.model.clone(),
                compatible: board.compatible.clone(),
                cpu: CpuView {
                    implementer: board.cpu.implementer.map(|number| format!("{number:#04x}")),
                    part: board.cpu.part.map(|number| format!("{number:#05x}")),
                    name: board.cpu.name.clone(),
                    cores: board.cpu.cores,
                },
                memory: BoardMemoryView {
                    total: size(board.memory.total),
                    available: size(board.memory.available),
                    swap_total: size(board.memory.swap_total),
                    swap_free: size(board.memory.swap_free),
                },
                cgroup: board.cgroup.map(|group| CgroupView {
                    version: group.version,
                    limit: size(group.limit),
                    used: size(group.used),
                }),
                temperature_c: board.temperature_celsius(),
                throttled: board.throttled.map(|throttled| ThrottledView {
                    under_voltage: throttled.under_voltage().into(),
                    frequency_capped: throttled.frequency_capped().into(),
                    throttled: throttled.throttled().into(),
                    soft_temperature_limit: throttled.soft_temperature_limit().into(),
                }),
                kind: board.kind(),
                faults: board
                    .faults
                    .iter()
                    .map(|fault| FaultView { file: fault.file.clone(), why: fault.why.clone() })
                    .collect(),
            }
        }
    }

    impl From<Condition> for ConditionView {
        fn from(condition: Condition) -> Self {
            Self { now: condition.now, since_boot: condition.since_boot }
        }
    }
}
