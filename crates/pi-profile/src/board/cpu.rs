//! The processor: who made which part, and how many cores there are.

use super::files::Files;
use super::number::{decimal, hexadecimal};

const CPUINFO: &str = "/proc/cpuinfo";
const ONLINE: &str = "/sys/devices/system/cpu/online";
const MIDR: &str = "/sys/devices/system/cpu/cpu0/regs/identification/midr_el1";

/// The most cores that make sense; Linux itself stops at 8,192.
const MAX_CORES: u64 = 8192;

/// ARM's number as a maker of processors.
const ARM: u8 = 0x41;

/// The processor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cpu {
    /// Who made it, on ARM: `0x41` is ARM itself.
    pub implementer: Option<u8>,
    /// Which part it is, on ARM: `0xd03` is a Cortex-A53.
    pub part: Option<u16>,
    /// Its name: `Cortex-A53`, or what other processors call themselves.
    pub name: Option<String>,
    /// The cores that run.
    pub cores: Option<u32>,
}

/// What `/proc/cpuinfo` says.
#[derive(Debug, Default)]
pub(super) struct Info {
    implementer: Option<u8>,
    part: Option<u16>,
    name: Option<String>,
    processors: u32,
    /// The fields that make no sense.
    wrong: Vec<&'static str>,
}

pub(super) fn read(files: &mut Files<'_>) -> Cpu {
    let info = files.text(CPUINFO).map(|text| info(&text)).unwrap_or_default();
    for field in &info.wrong {
        files.fault(CPUINFO, format_args!("`{field}` makes no sense"));
    }
    let (mut implementer, mut part) = (info.implementer, info.part);
    if part.is_none()
        && let Some(register) = files.number(MIDR, hexadecimal)
    {
        // ARM Architecture Reference Manual, MIDR_EL1: implementer in bits 31:24, part in 15:4.
        implementer = implementer.or(Some((register >> 24) as u8));
        part = Some(((register >> 4) & 0xfff) as u16);
    }
    let online = files.number(ONLINE, cores);
    Cpu {
        implementer,
        part,
        name: arm_name(implementer, part).map(str::to_owned).or(info.name),
        cores: online.or((info.processors > 0).then_some(info.processors)),
    }
}

/// Reads `/proc/cpuinfo`, of which the first processor's fields count.
pub(super) fn info(text: &str) -> Info {
    let mut info = Info::default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match key.trim_end() {
            "processor" if value.bytes().all(|byte| byte.is_ascii_digit()) => info.processors += 1,
            "CPU implementer" if info.implementer.is_none() => {
                info.implementer = hexadecimal(value).and_then(|number| u8::try_from(number).ok());
                info.note("CPU implementer", info.implementer.is_some());
            }
            "CPU part" if info.part.is_none() => {
                info.part = hexadecimal(value).and_then(|number| u16::try_from(number).ok());
                info.note("CPU part", info.part.is_some());
            }
            "model name" if info.name.is_none() => {
                let is_name = !value.is_empty() && value.len() <= 256 && !value.chars().any(char::is_control);
                info.name = is_name.then(|| value.to_owned());
                info.note("model name", is_name);
            }
            _ => {}
        }
    }
    info
}

impl Info {
    fn note(&mut self, field: &'static str, is_right: bool) {
        if !is_right && !self.wrong.contains(&field) {
            self.wrong.push(field);
        }
    }
}

/// How many cores a list such as `0-3` or `0,2-3` names.
pub(super) fn cores(list: &str) -> Option<u32> {
    let mut count = 0_u64;
    for range in list.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last) = (decimal(first)?, decimal(last)?);
        count += last.checked_sub(first).filter(|more| *more < MAX_CORES)? + 1;
    }
    u32::try_from(count).ok().filter(|count| u64::from(*count) <= MAX_CORES)
}

/// The names of ARM's own parts that boards have; util-linux's `lscpu-arm.c` has the full list.
fn arm_name(implementer: Option<u8>, part: Option<u16>) -> Option<&'static str> {
    if implementer != Some(ARM) {
        return None;
    }
    Some(match part? {
        0xb76 => "ARM1176",
        0xc07 => "Cortex-A7",
        0xd03 => "Cortex-A53",
        0xd04 => "Cortex-A35",
        0xd05 => "Cortex-A55",
        0xd07 => "Cortex-A57",
        0xd08 => "Cortex-A72",
        0xd09 => "Cortex-A73",
        0xd0a => "Cortex-A75",
        0xd0b => "Cortex-A76",
        0xd0c => "Neoverse-N1",
        _ => return None,
    })
}
