//! The processor's temperature: the thermal zones.

use super::files::Files;

const ZONES: &str = "/sys/class/thermal";

/// How processors' zones are called, the likeliest first: the Raspberry Pi's, that of its older kernels, Intel's.
const CPU_ZONES: [&str; 4] = ["cpu-thermal", "cpu_thermal", "x86_pkg_temp", "soc-thermal"];

/// The temperature of the processor's zone, or else of the first one that tells any, in thousandths of a degree.
pub(super) fn read(files: &mut Files<'_>) -> Option<i32> {
    let mut zones: Vec<(usize, u32, String)> = Vec::new();
    for name in files.names(ZONES) {
        let Some(number) = name.strip_prefix("thermal_zone").and_then(|number| number.parse().ok()) else { continue };
        let kind = files.text(&format!("{ZONES}/{name}/type")).unwrap_or_default();
        let rank = CPU_ZONES.iter().position(|known| *known == kind);
        zones.push((rank.unwrap_or(CPU_ZONES.len()), number, name));
    }
    zones.sort();
    zones.into_iter().find_map(|(.., name)| files.number(&format!("{ZONES}/{name}/temp"), millicelsius))
}

/// A temperature between the absolute zero, below which the kernel says that there is none, and 1,000 degrees.
pub(super) fn millicelsius(text: &str) -> Option<i32> {
    text.parse().ok().filter(|milli| (-273_150..1_000_000).contains(milli))
}
