//! Power cuts: an ext4 on a loop device is shut down at once, what was not synced is gone, and it is mounted again.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::Chance;
use super::worker::{Worker, url};
use crate::Outcome;
use crate::cargo::output;

/// The longest that a writer lives, in microseconds; others by their pace.
const LIFE: u64 = 150_000;

/// The disk's size in bytes.
const SIZE: u64 = 64 << 20;

/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`: nothing more reaches the device. Ours may not say `unsafe`,
/// and perl is on every Debian.
const SHUTDOWN: &str =
    r#"open(my $d, "<", $ARGV[0]) or die $!; my $f = pack("L", 2); ioctl($d, 0x8004587d, $f) or die $!"#;

/// strace's words for a process whose syncs do nothing, and say that all is well.
const CARELESS: &[&str] =
    &["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fsync,fdatasync,sync_file_range:retval=0"];

/// Cuts of the control, which runs slowly, or as many as of the others where these are fewer.
const CONTROLS: usize = 20;

pub(super) fn run(worker: &Worker, backend: &str, cycles: usize) -> Result<String, String> {
    let (acknowledged, lost) = cut(worker, backend, &[], cycles)?;
    if let Some(error) = lost.first() {
        return Err(format!("{} of {cycles} cuts lost something; the first: {error}", lost.len()));
    }
    let controls = CONTROLS.min(cycles);
    let (_, lost) = cut(worker, backend, CARELESS, controls)?;
    if lost.is_empty() {
        return Err("the control, which syncs nothing, lost nothing either, so nothing was shown".to_owned());
    }
    let control = format!("the control without syncs lost in {} of {controls}", lost.len());
    let work = worker.work.name;
    Ok(format!("{cycles} power cuts, {acknowledged} {work} acknowledged: 0 lost, 0 corrupt; {control}"))
}

/// Whether loop devices can be mounted here.
pub(super) fn possible() -> Outcome {
    let programs = ["mkfs.ext4", "mount", "umount", "perl", "strace"];
    let missing = programs.iter().find(|program| Command::new(program).arg("--version").output().is_err());
    if let Some(missing) = missing {
        return Err(format!("there is no {missing} here"));
    }
    let scratch = std::env::temp_dir().join(format!("strata-fault-{}", std::process::id()));
    let disk = fs::create_dir_all(&scratch).map_err(|error| error.to_string()).and_then(|()| Disk::format(&scratch));
    let mounted = disk.and_then(|mut disk| disk.mount().and_then(|()| disk.shut_down()));
    let _ = fs::remove_dir_all(&scratch);
    mounted.map_err(|error| format!("no loop device can be mounted and shut down here ({error})"))
}

/// Cuts the power so often; how many commits were acknowledged, and what was lost. After a loss the disk is a new one.
fn cut(worker: &Worker, backend: &str, before: &[&str], cycles: usize) -> Result<(usize, Vec<String>), String> {
    let scratch = worker.directory(&format!("power-{backend}"))?;
    let mut disk = Disk::format(&scratch)?;
    let mut chance = Chance::new();
    let (mut acknowledged, mut lost) = (0, Vec::new());
    for cycle in 1..=cycles {
        let url = url(backend, &disk.directory.join("store"));
        disk.mount()?;
        let life = Duration::from_micros(chance.below(LIFE * worker.work.pace));
        let lines = worker.work_until(before, (&url, ""), (true, life), |child| {
            stop(child.id())?;
            disk.shut_down()
        });
        disk.unmount()?;
        let lines = lines?.unwrap_or_default();
        acknowledged += lines.lines().count();
        disk.mount()?;
        let found = worker.check(&url, &lines);
        disk.unmount()?;
        if let Err(error) = found {
            lost.push(format!("cut {cycle}: {error}"));
            drop(disk);
            disk = Disk::format(&scratch)?;
        }
    }
    if acknowledged == 0 {
        return Err(format!("no {} were acknowledged, so nothing was shown", worker.work.name));
    }
    Ok((acknowledged, lost))
}

/// Stops a process where it is. When the power goes, programs stop as well; a sync that the shut-down interrupts may
/// return as if it were done, and must not be answered any more.
fn stop(process: u32) -> Outcome {
    output(Command::new("kill").args(["-STOP", &process.to_string()])).map(drop)
}

/// A disk in a file, where it is mounted, and whether it is.
struct Disk {
    image: PathBuf,
    directory: PathBuf,
    mounted: bool,
}

impl Disk {
    fn format(scratch: &Path) -> Result<Self, String> {
        let disk = Self { image: scratch.join("disk.img"), directory: scratch.join("mounted"), mounted: false };
        // Every block has its place, and keeps it: where the host's disk is full, one without would be lost though it
        // was synced, and the program would be blamed.
        let image = fs::File::create(&disk.image).and_then(|mut image| {
            io::copy(&mut io::repeat(0).take(SIZE), &mut image)?;
            image.sync_all()
        });
        image.and_then(|()| fs::create_dir_all(&disk.directory)).map_err(|error| error.to_string())?;
        let whole = ["-q", "-F", "-E", "nodiscard,lazy_itable_init=0"];
        output(Command::new("mkfs.ext4").args(whole).arg(&disk.image))?;
        Ok(disk)
    }

    fn mount(&mut self) -> Outcome {
        output(Command::new("mount").args(["-o", "loop"]).args([&self.image, &self.directory]))?;
        self.mounted = true;
        Ok(())
    }

    fn shut_down(&self) -> Outcome {
        output(Command::new("perl").args(["-e", SHUTDOWN]).arg(&self.directory)).map(drop)
    }

    fn unmount(&mut self) -> Outcome {
        output(Command::new("umount").arg(&self.directory))?;
        self.mounted = false;
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = self.unmount();
        }
    }
}
