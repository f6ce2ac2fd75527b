//! The device tree: the board's name, and what it is compatible with.

use super::files::Files;

/// Where the kernel shows the device tree; the first is a link to the second, which some sandboxes hide.
const PLACES: [&str; 2] = ["/proc/device-tree", "/sys/firmware/devicetree/base"];

pub(super) fn read(files: &mut Files<'_>) -> (Option<String>, Vec<String>) {
    let model = first(files, "model").into_iter().next();
    (model, first(files, "compatible"))
}

/// The texts of a property, from the first place that has it.
fn first(files: &mut Files<'_>, property: &str) -> Vec<String> {
    for place in PLACES {
        let file = format!("{place}/{property}");
        let Some(bytes) = files.bytes(&file) else { continue };
        match texts(&bytes) {
            Ok(texts) => return texts,
            Err(why) => files.fault(&file, why),
        }
    }
    Vec::new()
}

/// The texts of a property: each ends with a NUL (Devicetree Specification 0.4, 2.2.4). They are shown on terminals, so
/// that control characters are none.
pub(super) fn texts(bytes: &[u8]) -> Result<Vec<String>, &'static str> {
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| "it is no text")?;
    let texts: Vec<String> = text.split('\0').map(str::to_owned).collect();
    match texts.iter().any(|text| text.is_empty() || text.len() > 256 || text.chars().any(char::is_control)) {
        true => Err("it holds no name that makes sense"),
        false => Ok(texts),
    }
}
