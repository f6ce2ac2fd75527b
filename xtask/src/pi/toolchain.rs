//! Cross-building with Debian's compiler, whose standard library's source is at hand.
//!
//! For a device the standard library is built with the program, so that it is as small (`optimize_for_size`, and a panic
//! that ends the process at once), with musl's libc: with Debian's glibc, linked statically, an empty program takes more
//! than the whole of this one. Tests catch panics, so they have the standard library and the libc as Debian built them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fetch::Apt;
use crate::cargo::{Workspace, cargo, output, run};

/// The manifest of the device's own workspace, from the root.
pub(crate) const DEVICE_MANIFEST: &str = "device/Cargo.toml";

/// Debian's compiler: the one that the source of the standard library belongs to.
const RUSTC: &str = "/usr/bin/rustc";

/// That source, of the package `rust-web-src`.
const SOURCE: &str = "/usr/lib/rustlib/src/rust/library/Cargo.lock";

/// A processor to build for.
pub(super) struct Target {
    /// With musl's libc.
    triple: &'static str,
    /// With glibc.
    glibc: &'static str,
    /// Debian's name of the architecture.
    architecture: &'static str,
    /// Debian's name of it in paths of musl's.
    musl: &'static str,
    linker: &'static str,
    emulator: &'static str,
    cpu: &'static str,
    /// What makes its programs smaller.
    small: &'static str,
}

pub(super) const AARCH64: Target = Target {
    triple: "aarch64-unknown-linux-musl",
    glibc: "aarch64-unknown-linux-gnu",
    architecture: "arm64",
    musl: "aarch64-linux-musl",
    linker: "aarch64-linux-gnu-gcc",
    emulator: "qemu-aarch64-static",
    cpu: "cortex-a53",
    small: "",
};

pub(super) const ARMV7: Target = Target {
    triple: "armv7-unknown-linux-musleabihf",
    glibc: "armv7-unknown-linux-gnueabihf",
    architecture: "armhf",
    musl: "arm-linux-musleabihf",
    linker: "arm-linux-gnueabihf-gcc",
    emulator: "qemu-arm-static",
    cpu: "generic",
    // Instructions of two bytes, as Debian's own programs for this processor have.
    small: " -C target-feature=+thumb-mode",
};

/// Where everything of this command is built and fetched.
pub(super) fn folder() -> Result<PathBuf, String> {
    Ok(Workspace::read("Cargo.toml")?.target.join("pi"))
}

/// The kernel and the device tree of the board, fetched once.
pub(super) fn kernel() -> Result<(PathBuf, PathBuf), String> {
    let into = folder()?.join("kernel");
    if !into.exists() {
        let apt = Apt::new(&folder()?, AARCH64.architecture)?;
        let package = apt.behind("linux-image-arm64")?;
        let fresh = folder()?.join("kernel.new");
        apt.unpack(&package, &fresh, &["./boot/vmlinuz-*", "*/bcm2837-rpi-zero-2-w.dtb"])?;
        fs::rename(&fresh, &into).map_err(|error| format!("{}: {error}", into.display()))?;
    }
    let found = |name: &str| {
        let told = output(Command::new("find").arg(&into).args(["-name", name, "-type", "f"]))?;
        told.lines().next().map(PathBuf::from).ok_or_else(|| format!("the kernel's package has no {name}"))
    };
    Ok((found("vmlinuz-*")?, found("bcm2837-rpi-zero-2-w.dtb")?))
}

/// Builds a program of the device's workspace for this machine, by the compiler at hand.
pub(super) fn build_here(package: &str) -> Result<PathBuf, String> {
    let into = folder()?.join("here");
    let args = ["build", "--quiet", "--release", "--manifest-path", DEVICE_MANIFEST, "--package", package];
    run(cargo(&args).env("CARGO_TARGET_DIR", &into))?;
    Ok(into.join("release").join(package))
}

impl Target {
    /// Builds a program of the device's workspace, with all that it needs, and gives its place.
    pub(super) fn build(&self, package: &str) -> Result<PathBuf, String> {
        let into = folder()?.join("small");
        let mut command = compiler(&["build", "--quiet", "--release", "--manifest-path", DEVICE_MANIFEST])?;
        command.args(["--package", package, "--target", self.triple]);
        command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
        let sysroot = self.sysroot()?;
        let mut flags = format!("--sysroot {} -C target-cpu={}", sysroot.display(), self.cpu);
        flags.push_str(" -Zunstable-options -C panic=immediate-abort -C force-unwind-tables=no");
        flags.push_str(" -C relocation-model=static");
        flags.push_str(self.small);
        // The largest pages that a Pi's kernel has (a Pi 5's), where linkers think of 64 KiB.
        flags.push_str(" -C link-arg=-Wl,-z,max-page-size=16384");
        command.env(variable(self.triple, "LINKER"), self.linker).env("RUSTFLAGS", flags);
        run(command.env("CARGO_TARGET_DIR", &into))?;
        Ok(into.join(self.triple).join("release").join(package))
    }

    /// A run of `cargo test` for this processor, under emulation of it.
    pub(super) fn test(&self, args: &[&str]) -> Result<Command, String> {
        let mut command = compiler(&[&["test", "--target", self.glibc], args].concat())?;
        let library = self.library()?;
        let root = Path::new("/usr").join(self.linker.strip_suffix("-gcc").unwrap_or(self.linker));
        command.env(variable(self.glibc, "LINKER"), self.linker);
        command
            .env(variable(self.glibc, "RUNNER"), format!("{} -cpu {} -L {}", self.emulator, self.cpu, root.display()));
        command.env("RUSTFLAGS", format!("--sysroot {} -C target-cpu={}", library.display(), self.cpu));
        // An emulated processor is slow: some speed is worth its time.
        command.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1").env("CARGO_TARGET_DIR", folder()?.join("tests"));
        Ok(command)
    }

    /// Runs a program under emulation of this processor alone.
    pub(super) fn emulate(&self, program: &Path) -> Command {
        let mut command = Command::new(self.emulator);
        command.arg(program);
        command
    }

    /// A folder with the standard library as Debian built it for this processor.
    fn library(&self) -> Result<PathBuf, String> {
        let library = folder()?.join("library").join(self.architecture);
        if !library.exists() {
            let fresh = folder()?.join("library").join(format!("{}.new", self.architecture));
            Apt::new(&folder()?, self.architecture)?.unpack("libstd-rust-web-dev", &fresh, &["./usr/lib/*"])?;
            fs::rename(&fresh, &library).map_err(|error| format!("{}: {error}", library.display()))?;
        }
        Ok(library.join("usr"))
    }

    /// A folder laid out as rustup's for this processor would be: musl's libc, and the compiler's own small parts.
    fn sysroot(&self) -> Result<PathBuf, String> {
        let sysroot = folder()?.join("sysroot").join(self.architecture);
        if sysroot.exists() {
            return Ok(sysroot);
        }
        let fresh = folder()?.join("sysroot").join(format!("{}.new", self.architecture));
        let parts = fresh.join("lib/rustlib").join(self.triple).join("lib/self-contained");
        fs::create_dir_all(&parts).map_err(|error| format!("{}: {error}", parts.display()))?;
        let unpacked = fresh.join("musl");
        Apt::new(&folder()?, self.architecture)?.unpack("musl-dev", &unpacked, &["./usr/lib/*"])?;
        copy_all(&unpacked.join("usr/lib").join(self.musl), &parts, |name| name.ends_with(".o") || name == "libc.a")?;
        let libgcc = output(Command::new(self.linker).arg("-print-libgcc-file-name"))?;
        let gcc = Path::new(libgcc.trim()).parent().ok_or("the linker knows no libgcc")?;
        copy_all(gcc, &parts, |name| {
            (name.starts_with("crtbegin") || name.starts_with("crtend")) && name.ends_with(".o") || name == "libgcc.a"
        })?;
        // What Rust's own musl calls libunwind, GCC calls this.
        copy(&gcc.join("libgcc_eh.a"), &parts.join("libunwind.a"))?;
        fs::rename(&fresh, &sysroot).map_err(|error| format!("{}: {error}", sysroot.display()))?;
        Ok(sysroot)
    }
}

/// A run of cargo with Debian's compiler, which builds its own standard library too; that asks for what only a compiler's
/// makers may use.
fn compiler(args: &[&str]) -> Result<Command, String> {
    if !Path::new(RUSTC).exists() || !Path::new(SOURCE).exists() {
        return Err(
            "Debian's packages `rustc-web` and `rust-web-src` are needed (docs/pi.md has the whole list)".to_owned()
        );
    }
    let mut command = cargo(args);
    command.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTUP_TOOLCHAIN");
    Ok(command)
}

fn variable(triple: &str, name: &str) -> String {
    format!("CARGO_TARGET_{}_{name}", triple.to_uppercase().replace('-', "_"))
}

fn copy_all(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Result<(), String> {
    let entries = fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))?;
    for entry in entries.flatten().filter(|entry| wanted(&entry.file_name().to_string_lossy())) {
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

/// The size of a program in bytes.
pub(super) fn size(program: &Path) -> Result<u64, String> {
    fs::metadata(program).map(|data| data.len()).map_err(|error| format!("{}: {error}", program.display()))
}

/// A new and empty folder of this command.
pub(super) fn empty(name: &str) -> Result<PathBuf, String> {
    let path = folder()?.join(name);
    let gone = if path.exists() { fs::remove_dir_all(&path) } else { Ok(()) };
    let made = gone.and_then(|()| fs::create_dir_all(&path));
    made.map(|()| path.clone()).map_err(|error| format!("{}: {error}", path.display()))
}

/// The variables that the programs get: Phase 2A's, those of the benchmark that they read.
pub(super) const VARIABLES: &[(&str, &str)] = &[
    ("PHASE_2A_ROLLOUT", "gradual"),
    ("PHASE_2A_ROLLOUT_PERCENTAGE", "25.0"),
    ("PHASE_2A_MONITORING", "false"),
    ("HTTP_POOL_SIZE", "60"),
    ("HTTP_CONNECTION_TIMEOUT", "6.25"),
    ("CONNECTION_POOL_METRICS", "false"),
    ("BATCH_SIZE", "20"),
    ("FALLBACK_RECOVERY_TIME_MINUTES", "10"),
];
