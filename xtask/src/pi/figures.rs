//! What the programs print, read and judged.

use crate::Outcome;
use crate::all_or_nothing;

/// A program may have so many kB resident.
const RESIDENT_KB: u64 = 2_000;

/// A thousand reloads may add so many kB: two pages. Those before them are the ones in which each page that is needed at
/// all is touched for the first time.
const GROWTH_KB: u64 = 8;

/// A stripped program may take so many bytes.
pub(super) const SIZE: u64 = 1_000_000;

/// The lines that a program printed.
pub(super) struct Said<'a>(Vec<&'a str>);

impl<'a> Said<'a> {
    /// The lines of an output.
    pub(super) fn new(output: &'a str) -> Self {
        Self(output.lines().map(str::trim).collect())
    }

    /// What one program said in an output of several.
    pub(super) fn of(output: &'a str, program: &str) -> Self {
        let (begin, end) = (format!("init runs {program}"), format!("init ended {program}"));
        let lines = output.lines().map(str::trim);
        Self(lines.skip_while(|line| *line != begin).take_while(|line| !line.starts_with(&end)).collect())
    }

    /// What stands behind the first line of this beginning.
    pub(super) fn rest(&self, start: &str) -> Option<&'a str> {
        self.0.iter().find_map(|line| line.strip_prefix(start)?.strip_prefix(' '))
    }

    /// A figure in kB of the memory at a moment: `rss`, `pss`, `private`.
    pub(super) fn memory(&self, moment: &str, figure: &str) -> Result<u64, String> {
        let line = self.rest(&format!("memory {moment}")).ok_or_else(|| format!("no memory was told at `{moment}`"))?;
        let number = line.split(' ').find_map(|word| word.strip_prefix(figure)?.strip_prefix("_kb="));
        number.and_then(|number| number.parse().ok()).ok_or_else(|| format!("`{line}` has no figure {figure}"))
    }

    /// Holds what the device's program said against what it must say.
    pub(super) fn check(&self, exact: &[(&str, &str)]) -> Outcome {
        let mut problems = Vec::new();
        let always = [("end", "ok"), ("reloads", "asked=2000 seen=2000 missed=0"), ("watched", "asked=3 seen=3")];
        for (start, wanted) in always.iter().chain(exact) {
            match self.rest(start) {
                Some(found) if found == *wanted => (),
                found => problems.push(format!("`{start}` should say `{wanted}`, and says {found:?}")),
            }
        }
        problems.extend(self.share("connection_pool", 25).err());
        problems.extend(self.share("request_pipeline", 5).err());
        all_or_nothing(problems)
    }

    /// The same, and the memory of the static program: another libc's and another allocator's would be judged with it.
    pub(super) fn check_on_board(&self, exact: &[(&str, &str)]) -> Outcome {
        all_or_nothing([self.check(exact).err(), self.check_memory().err()].into_iter().flatten().collect())
    }

    /// Of 10,000 units a split takes in its share, up to four standard deviations.
    fn share(&self, flag: &str, percent: u64) -> Outcome {
        let said = self.rest(&format!("flag {flag}")).ok_or_else(|| format!("the flag `{flag}` was not asked"))?;
        let on: u64 = said.rsplit_once("on=").and_then(|(_, on)| on.parse().ok()).ok_or("a flag without a count")?;
        let expected = percent * 100;
        let allowed = 4 * (expected * (100 - percent) / 100).isqrt();
        if on.abs_diff(expected) <= allowed {
            return Ok(());
        }
        Err(format!("`{flag}` is on for {on} of 10,000 units, which is not {percent} %"))
    }

    fn check_memory(&self) -> Outcome {
        let (before, after) = (self.memory("reloads=1000", "private")?, self.memory("reloads=2000", "private")?);
        let most = self.memory("end", "rss")?;
        let mut problems = Vec::new();
        if after > before + GROWTH_KB {
            problems.push(format!("reloads add memory: {before} kB after 1,000, {after} kB after 2,000"));
        }
        if most > RESIDENT_KB {
            problems.push(format!("{most} kB are resident, more than {RESIDENT_KB}"));
        }
        all_or_nothing(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "init runs 1-a
memory reloads=100 rss_kb=1210 pss_kb=1200 private_kb=1200
memory reloads=1000 rss_kb=1210 pss_kb=1200 private_kb=1204
memory reloads=2000 rss_kb=1210 pss_kb=1200 private_kb=1204
reloads asked=2000 seen=2000 missed=0
watched asked=3 seen=3
flag connection_pool units=10000 on=2470
flag request_pipeline units=10000 on=517
memory end rss_kb=1220 pss_kb=1200 private_kb=1204
kind pi_zero_2w
end ok
init ended 1-a: exit status: 0
";

    fn problem(from: &str, to: &str) -> String {
        let said = GOOD.replace(from, to);
        Said::of(&said, "1-a").check_on_board(&[("kind", "pi_zero_2w")]).unwrap_err()
    }

    #[test]
    fn a_good_run_passes() {
        assert_eq!(Said::of(GOOD, "1-a").check_on_board(&[("kind", "pi_zero_2w")]), Ok(()));
        assert_eq!(Said::of(GOOD, "1-a").memory("end", "rss"), Ok(1220));
    }

    #[test]
    fn growth_is_told() {
        let grown = problem("private_kb=1204\nreloads", "private_kb=1213\nreloads");
        assert!(grown.contains("1204 kB after 1,000, 1213 kB after 2,000"));
    }

    #[test]
    fn too_much_memory_is_told() {
        assert!(problem("rss_kb=1220", "rss_kb=2220").contains("2220 kB are resident"));
    }

    #[test]
    fn a_reload_that_nobody_saw_is_told() {
        assert!(problem("seen=2000", "seen=1999").contains("should say `asked=2000 seen=2000 missed=0`"));
    }

    #[test]
    fn a_share_that_is_none_is_told() {
        assert!(problem("on=2470", "on=2800").contains("is not 25 %"));
    }

    #[test]
    fn a_program_that_did_not_run_is_told() {
        assert!(Said::of(GOOD, "2-b").check(&[]).is_err());
    }
}
