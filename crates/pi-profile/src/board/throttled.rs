//! Whether the firmware of a Raspberry Pi has slowed it down, and why.

use super::files::Files;
use super::number::hexadecimal;

const PLATFORM: &str = "/sys/devices/platform";
const HWMON: &str = "/sys/class/hwmon";

/// The bits, as `vcgencmd get_throttled` documents them; each stands 16 higher for "has occurred since the start".
const UNDER_VOLTAGE: u32 = 1 << 0;
const FREQUENCY_CAPPED: u32 = 1 << 1;
const THROTTLED: u32 = 1 << 2;
const SOFT_TEMPERATURE_LIMIT: u32 = 1 << 3;
const SINCE_BOOT: u32 = 16;

/// What the firmware says of the board's power and heat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Throttled {
    bits: u32,
    /// The bits that are told at all: the driver of the sensors tells one alone.
    known: u32,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Condition {
    /// At this moment; none where the machine does not tell.
    pub now: Option<bool>,
    /// At any moment since the machine started.
    pub since_boot: Option<bool>,
}

impl Throttled {
    /// As the firmware's number says, which `vcgencmd get_throttled` shows.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self { bits, known: u32::MAX }
    }

    /// The supply is below 4.63 V.
    #[must_use]
    pub const fn under_voltage(self) -> Condition {
        self.condition(UNDER_VOLTAGE)
    }

    /// The clock is held below what was asked for.
    #[must_use]
    pub const fn frequency_capped(self) -> Condition {
        self.condition(FREQUENCY_CAPPED)
    }

    /// The clock is lowered as far as it goes.
    #[must_use]
    pub const fn throttled(self) -> Condition {
        self.condition(THROTTLED)
    }

    /// It is so warm that the clock is lowered a little.
    #[must_use]
    pub const fn soft_temperature_limit(self) -> Condition {
        self.condition(SOFT_TEMPERATURE_LIMIT)
    }

    const fn condition(self, bit: u32) -> Condition {
        Condition { now: self.is(bit), since_boot: self.is(bit << SINCE_BOOT) }
    }

    const fn is(self, bit: u32) -> Option<bool> {
        if self.known & bit == 0 { None } else { Some(self.bits & bit != 0) }
    }
}

pub(super) fn read(files: &mut Files<'_>) -> Option<Throttled> {
    firmware(files).or_else(|| sensor(files))
}

/// The firmware's own file: `soc/soc:firmware/get_throttled`; on a Pi 5 the names also hold an address.
fn firmware(files: &mut Files<'_>) -> Option<Throttled> {
    for soc in files.names(PLATFORM).into_iter().filter(|name| name.starts_with("soc")) {
        let folder = format!("{PLATFORM}/{soc}");
        for firmware in files.names(&folder).into_iter().filter(|name| name.ends_with(":firmware")) {
            if let Some(bits) = files.number(&format!("{folder}/{firmware}/get_throttled"), bits) {
                return Some(Throttled::from_bits(bits));
            }
        }
    }
    None
}

/// The driver `raspberrypi-hwmon`, which tells whether the supply has been too low, and nothing else.
fn sensor(files: &mut Files<'_>) -> Option<Throttled> {
    for sensor in files.names(HWMON) {
        let folder = format!("{HWMON}/{sensor}");
        if files.text(&format!("{folder}/name")).as_deref() != Some("rpi_volt") {
            continue;
        }
        let alarm = files.number(&format!("{folder}/in0_lcrit_alarm"), |text| match text {
            "0" => Some(0),
            "1" => Some(UNDER_VOLTAGE << SINCE_BOOT),
            _ => None,
        });
        if let Some(bits) = alarm {
            return Some(Throttled { bits, known: UNDER_VOLTAGE << SINCE_BOOT });
        }
    }
    None
}

/// Hexadecimal digits, as the kernel writes them, or `throttled=0x50005`, as `vcgencmd` does.
pub(super) fn bits(text: &str) -> Option<u32> {
    hexadecimal(text.strip_prefix("throttled=").unwrap_or(text)).and_then(|bits| u32::try_from(bits).ok())
}
