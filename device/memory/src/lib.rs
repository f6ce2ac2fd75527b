//! What memory this process has, as the kernel says, told in a line.

use std::fs;

/// What `smaps_rollup` says, in kB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// What is resident: the program's own pages and those of its file.
    pub resident: u64,
    /// The same, where pages that several processes share count in part.
    pub proportional: u64,
    /// What nobody else has: it goes away with the process.
    pub private: u64,
}

impl Memory {
    /// The memory of this process now.
    ///
    /// # Errors
    /// Where `/proc` is not there, or says something else.
    pub fn now() -> Result<Self, String> {
        let path = "/proc/self/smaps_rollup";
        let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        Self::read(&text).ok_or_else(|| format!("{path} says something else than memory: {text:?}"))
    }

    fn read(text: &str) -> Option<Self> {
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
        };
        let private = field("Private_Clean")? + field("Private_Dirty")?;
        Some(Self { resident: field("Rss")?, proportional: field("Pss")?, private })
    }
}

/// Prints the memory at a moment: `memory MOMENT rss_kb=… pss_kb=… private_kb=…`.
///
/// # Errors
/// Where the kernel says nothing of it.
pub fn tell(moment: &str) -> Result<(), String> {
    let Memory { resident, proportional, private } = Memory::now()?;
    println!("memory {moment} rss_kb={resident} pss_kb={proportional} private_kb={private}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_lines_are_added_up() {
        let text = "00400000-7fff rollup\nRss:  812 kB\nPss:  700 kB\nPss_Dirty: 1 kB\nPrivate_Clean: 12 kB\nPrivate_Dirty: 30 kB\n";
        let memory = Memory { resident: 812, proportional: 700, private: 42 };
        assert_eq!(Memory::read(text), Some(memory));
        assert_eq!(Memory::read("Rss: 812 kB"), None);
    }

    #[test]
    fn this_process_has_memory() {
        let memory = Memory::now().unwrap();
        assert!(memory.private > 0 && memory.resident >= memory.proportional);
    }
}
