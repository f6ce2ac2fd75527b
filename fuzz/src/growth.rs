//! Growth: a document made by repetition takes time in proportion to its length, in every format.

use std::time::{Duration, Instant};

use strata_config::LayeredConfig;
use strata_config_core::fuzzing::{Format, read, read_dotenv};

use crate::places;
use crate::site::Site;

/// The longest document, in bytes, and its part that the time is compared with.
const LONG: usize = 128 * 1024;
const SHORT: usize = LONG / 8;

/// What is too short to be measured.
const NOTHING: Duration = Duration::from_millis(300);

/// One byte chooses a format; the rest are texts with the byte 0xff between them, of which every second is repeated. In a
/// repeated text the byte 0x1a stands for the number of the repetition.
pub fn growth(data: &[u8]) {
    let (&format, data) = data.split_first().unwrap_or((&0, data));
    let parts: Vec<&[u8]> = data.split(|byte| *byte == 0xff).collect();
    let long = repeated(&parts, LONG);
    // A busy machine disturbs a measurement, but hardly three.
    let measured = (0..3).map(|_| {
        let second = time(format, &long);
        if second < NOTHING {
            return None;
        }
        let first = time(format, &repeated(&parts, SHORT));
        // In proportion it would be 8 times, and squared 64 times.
        (second > first * 24).then_some((first, second))
    });
    if let Some(measured) = measured.collect::<Option<Vec<_>>>() {
        panic!("{} bytes take {measured:?}, with an eighth of that before it", long.len());
    }
}

/// The parts in order, every second one repeated as often as the length allows.
fn repeated(parts: &[&[u8]], length: usize) -> Vec<u8> {
    let many: usize = parts.iter().skip(1).step_by(2).map(|part| part.len()).sum();
    let once: usize = parts.iter().step_by(2).map(|part| part.len()).sum();
    let times = length.saturating_sub(once).checked_div(many).unwrap_or(1);
    let mut whole = Vec::with_capacity(2 * length);
    for (index, part) in parts.iter().enumerate() {
        for number in 0..if index % 2 == 0 { 1 } else { times } {
            for byte in *part {
                match byte {
                    0x1a => whole.extend_from_slice(number.to_string().as_bytes()),
                    byte => whole.push(*byte),
                }
            }
            if whole.len() > 2 * length {
                return whole;
            }
        }
    }
    whole
}

fn time(format: u8, bytes: &[u8]) -> Duration {
    let start = Instant::now();
    let format = match format % 8 {
        0 => Format::Json,
        1 => Format::Toml,
        2 => Format::Yaml,
        3 => {
            let (document, faults) = read_dotenv(bytes, &|_| None);
            let taken = start.elapsed();
            places::check(&document, &faults);
            return taken;
        }
        other => return load(other, String::from_utf8_lossy(bytes).into_owned()),
    };
    let (document, faults) = read(format, bytes);
    let taken = start.elapsed();
    places::check(&document, &faults);
    taken
}

/// The time of a whole load, its report and explanations included.
fn load(source: u8, text: String) -> Duration {
    let loader = match source {
        4 => Site::loader().text("a.json", text),
        5 => Site::loader().text("a.toml", text),
        6 => Site::loader().text("a.yaml", text),
        _ => {
            Site::loader().env_from([("S_TAGS", &text), ("S_WEIGHTS", &text), ("S_ANYTHING", &text), ("S_WAIT", &text)])
        }
    };
    let start = Instant::now();
    let outcome = loader.read();
    let shown = (outcome.report().to_string(), outcome.explain(&[]));
    let taken = start.elapsed();
    drop(shown);
    taken
}
