//! The memory: `/proc/meminfo`.

use strata_config_core::ByteSize;

use super::files::Files;
use super::number::decimal;

const MEMINFO: &str = "/proc/meminfo";

/// The machine's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BoardMemory {
    /// All that Linux manages: less than what is soldered on, of which the graphics and the kernel took their part.
    pub total: Option<ByteSize>,
    /// What programs could still take without swapping.
    pub available: Option<ByteSize>,
    /// The swap space.
    pub swap_total: Option<ByteSize>,
    /// What is free of it.
    pub swap_free: Option<ByteSize>,
}

pub(super) fn read(files: &mut Files<'_>) -> BoardMemory {
    let Some(text) = files.text(MEMINFO) else { return BoardMemory::default() };
    let (memory, wrong) = parse(&text);
    for field in wrong {
        files.fault(MEMINFO, format_args!("`{field}` makes no sense"));
    }
    if memory.total.is_none() && !text.contains("MemTotal:") {
        files.fault(MEMINFO, "it has no `MemTotal`");
    }
    memory
}

/// Reads the file's lines, such as `MemTotal:         421800 kB`, and names the fields that make no sense.
pub(super) fn parse(text: &str) -> (BoardMemory, Vec<&'static str>) {
    let mut memory = BoardMemory::default();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let (field, name) = match key {
            "MemTotal" => (&mut memory.total, "MemTotal"),
            "MemAvailable" => (&mut memory.available, "MemAvailable"),
            "SwapTotal" => (&mut memory.swap_total, "SwapTotal"),
            "SwapFree" => (&mut memory.swap_free, "SwapFree"),
            _ => continue,
        };
        *field = kilobytes(value);
        if field.is_none() {
            wrong.push(name);
        }
    }
    if memory.total == Some(ByteSize(0)) {
        memory.total = None;
        wrong.push("MemTotal");
    }
    (memory, wrong)
}

/// The kernel's `kB` are 1,024 bytes.
fn kilobytes(value: &str) -> Option<ByteSize> {
    let number = decimal(value.trim().strip_suffix("kB")?.trim_end())?;
    number.checked_mul(1024).map(ByteSize)
}
