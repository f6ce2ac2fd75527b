//! The control group that the process's memory counts towards, and the smallest limit on the way to it.

use strata_config_core::ByteSize;

use super::files::Files;
use super::number::decimal;

const CGROUP: &str = "/proc/self/cgroup";
const MOUNTINFO: &str = "/proc/self/mountinfo";

/// From here on a number means that there is no limit: version 1 writes the largest multiple of a page that fits.
const NO_LIMIT: u64 = 1 << 60;

/// The longest path that Linux takes.
const MAX_PATH: usize = 4096;

/// The control group of the process, as to memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cgroup {
    /// The version of the interface: 1 or 2.
    pub version: u8,
    /// The smallest limit of the group and those above it, where there is one.
    pub limit: Option<ByteSize>,
    /// What is used of the limit; without one, by the process's own group.
    pub used: Option<ByteSize>,
}

/// What `/proc/self/cgroup` says: which group, in which hierarchy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Membership {
    version: u8,
    path: String,
}

/// A mounted hierarchy: which group of it is seen, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mount {
    root: String,
    at: String,
}

/// The files of a group.
struct Names {
    limit: &'static str,
    used: &'static str,
}

const V1: Names = Names { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes" };
const V2: Names = Names { limit: "memory.max", used: "memory.current" };

pub(super) fn read(files: &mut Files<'_>) -> Option<Cgroup> {
    let text = files.text(CGROUP)?;
    let Some(membership) = membership(&text) else {
        // A kernel without control groups for memory says others, or nothing.
        if !text.lines().all(|line| line.splitn(3, ':').count() == 3) {
            files.fault(CGROUP, "it has lines that make no sense");
        }
        return None;
    };
    let mounts = files.text(MOUNTINFO).unwrap_or_default();
    let mount = mount(&mounts, membership.version)?;
    let names = if membership.version == 1 { V1 } else { V2 };
    let mut group = Cgroup { version: membership.version, limit: None, used: None };
    for directory in directories(&membership, &mount) {
        let limit = files.number(&format!("{directory}/{}", names.limit), limit).flatten();
        if group.used.is_none() || limit.is_some_and(|limit| group.limit.is_none_or(|known| limit < known)) {
            let used = files.number(&format!("{directory}/{}", names.used), decimal).map(ByteSize);
            group.used = used.or(group.used);
        }
        group.limit = group.limit.into_iter().chain(limit).min();
    }
    if membership.version == 1 {
        // A container does not see the groups above its own; their limits are told here.
        let stat = files.text(&format!("{}/memory.stat", directories(&membership, &mount)[0]));
        group.limit = group.limit.into_iter().chain(stat.and_then(|stat| hierarchical(&stat))).min();
    }
    Some(group)
}

/// Finds the group that limits memory: version 1's, where it has the controller, or else version 2's.
pub(super) fn membership(text: &str) -> Option<Membership> {
    let mut second = None;
    for line in text.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next()) else { continue };
        if !path.starts_with('/') || path.len() > MAX_PATH {
            continue;
        }
        if controllers.split(',').any(|controller| controller == "memory") {
            return Some(Membership { version: 1, path: path.to_owned() });
        }
        if controllers.is_empty() {
            second = Some(Membership { version: 2, path: path.to_owned() });
        }
    }
    second
}

/// Finds where the hierarchy is mounted; `proc_pid_mountinfo(5)` has the fields.
pub(super) fn mount(text: &str, version: u8) -> Option<Mount> {
    text.lines().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let mut before = before.split(' ').skip(3);
        let (root, at) = (before.next()?, before.next()?);
        let mut after = after.split(' ');
        let (kind, options) = (after.next()?, after.nth(1).unwrap_or_default());
        let is_it = match version {
            1 => kind == "cgroup" && options.split(',').any(|option| option == "memory"),
            _ => kind == "cgroup2",
        };
        is_it.then(|| Mount { root: unescape(root), at: unescape(at) })
    })
}

/// The directories of the group and of those above it, down to the mounted one.
pub(super) fn directories(membership: &Membership, mount: &Mount) -> Vec<String> {
    let at = mount.at.trim_end_matches('/');
    let root = mount.root.trim_end_matches('/');
    // A group that leads out of the container's own, or that is not below the mounted one, can't be seen from here.
    let below = membership.path.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let below = below.filter(|rest| !rest.split('/').any(|part| part == "..")).unwrap_or_default();
    let mut below = below.trim_end_matches('/');
    let mut directories = Vec::new();
    while !below.is_empty() {
        directories.push(format!("{at}{below}"));
        below = below.rsplit_once('/').map_or("", |(above, _)| above).trim_end_matches('/');
    }
    directories.push(at.to_owned());
    directories
}

/// A limit: `max` and version 1's huge number are none. Where there is no memory at all, nobody reads it.
pub(super) fn limit(text: &str) -> Option<Option<ByteSize>> {
    match text {
        "max" | "-1" => Some(None),
        text => decimal(text).filter(|bytes| *bytes > 0).map(|bytes| (bytes < NO_LIMIT).then_some(ByteSize(bytes))),
    }
}

fn hierarchical(stat: &str) -> Option<ByteSize> {
    stat.lines().find_map(|line| limit(line.strip_prefix("hierarchical_memory_limit ")?)).flatten()
}

/// Spaces, tabs, line breaks and backslashes are written as three octal digits.
pub(super) fn unescape(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok()).filter(u8::is_ascii);
        match code {
            Some(code) => {
                plain.push(char::from(code));
                plain.push_str(&part[3..]);
            }
            None => {
                plain.push('\\');
                plain.push_str(part);
            }
        }
    }
    plain
}
