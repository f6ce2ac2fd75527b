//! The emulated board: a kernel, its device tree, and programs in a file system in memory.
//!
//! Emulated times say nothing about the real board; its memory, sizes and behaviour do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::figures::{SIZE, Said};
use super::toolchain::{AARCH64, VARIABLES, empty, kernel, size};
use crate::Outcome;
use crate::cargo::run;

/// The last line of the first process.
const DONE: &str = "init done";

/// How long it may take; a machine with two free cores needs about a minute.
const LIMIT: Duration = Duration::from_secs(900);

/// What the kernel is told: where to write, and which drivers the emulated board has no devices for.
const KERNEL: &str = "console=ttyAMA0,115200 quiet panic=-1 8250.nr_uarts=2 dwc2.is_disabled=1 \
                      initcall_blacklist=bcm2835_pm_driver_init";

/// Boots with the device's program and judges what it says.
pub(super) fn check() -> Outcome {
    let program = AARCH64.build("strata-device")?;
    let said = boot(std::slice::from_ref(&program))?;
    print!("{said}");
    let bytes = size(&program)?;
    println!("the program has {bytes} bytes");
    if bytes > SIZE {
        return Err(format!("the program has {bytes} bytes, more than {SIZE}"));
    }
    let said = Said::of(&said, &numbered(1, &program));
    let board = said.rest("board").unwrap_or_default();
    if !board.starts_with("Raspberry Pi Zero 2 W") {
        return Err(format!("the board is called {board:?}"));
    }
    for path in ["connection_pool.max_concurrent_connections", "request_pipeline.cache_max_size"] {
        let capped = said.rest(&format!("capped {path}")).unwrap_or_default();
        if !capped.contains("profile pi_zero_2w") {
            return Err(format!("`{path}` should be capped by the profile, but: {capped:?}"));
        }
    }
    let total = said.rest("profile").unwrap_or_default();
    if !total.starts_with("pi_zero_2w total=536870912 ") {
        return Err(format!("the profile is {total:?}"));
    }
    said.check_on_board(&[("kind", "pi_zero_2w")])
}

/// Boots the board with programs that run one after the other, and gives all that it printed.
pub(super) fn boot(programs: &[PathBuf]) -> Result<String, String> {
    let (kernel, tree) = kernel()?;
    let init = AARCH64.build("strata-device-init")?;
    let folder = empty("board")?;
    let image = image(&folder, &init, programs)?;
    let console = folder.join("console");
    let mut qemu = Command::new("qemu-system-aarch64");
    qemu.args(["-M", "raspi3ap", "-display", "none", "-monitor", "none", "-no-reboot", "-append", KERNEL]);
    qemu.arg("-kernel").arg(kernel).arg("-dtb").arg(tree).arg("-initrd").arg(image);
    qemu.arg("-serial").arg(format!("file:{}", console.display())).args(["-serial", "null"]).stdin(Stdio::null());
    let mut emulator = Emulator(qemu.spawn().map_err(|error| format!("qemu-system-aarch64 did not start: {error}"))?);
    let start = Instant::now();
    loop {
        sleep(Duration::from_millis(500));
        let said = fs::read(&console).unwrap_or_default();
        let said = String::from_utf8_lossy(&said).into_owned();
        if said.lines().any(|line| line.trim() == DONE) {
            println!("the board was done after {} s", start.elapsed().as_secs());
            return Ok(said);
        }
        if let Ok(Some(status)) = emulator.0.try_wait() {
            return Err(format!("the emulator ended by itself ({status}); the board said:\n{said}"));
        }
        if start.elapsed() > LIMIT {
            return Err(format!("the board was not done after {} s; it said:\n{said}", LIMIT.as_secs()));
        }
    }
}

/// The emulator, which never ends by itself.
struct Emulator(Child);

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The first file system: the first process, the programs in their order, and their variables.
fn image(folder: &Path, init: &Path, programs: &[PathBuf]) -> Result<PathBuf, String> {
    let (root, image) = (folder.join("root"), folder.join("image"));
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(root.join("programs"))?;
        fs::copy(init, root.join("init"))?;
        for (at, program) in programs.iter().enumerate() {
            fs::copy(program, root.join("programs").join(numbered(at + 1, program)))?;
        }
        let variables: String = VARIABLES.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        fs::write(root.join("variables"), variables)
    };
    write().map_err(|error| format!("{}: {error}", root.display()))?;
    let mut pack = Command::new("bash");
    pack.args(["-c", "set -o pipefail; find . | cpio --quiet -o -H newc > \"$1\"", "bash"]).arg(&image);
    run(pack.current_dir(&root))?;
    Ok(image)
}

/// A program's name among several.
pub(super) fn numbered(at: usize, program: &Path) -> String {
    format!("{at}-{}", program.file_name().unwrap_or_default().to_string_lossy())
}
