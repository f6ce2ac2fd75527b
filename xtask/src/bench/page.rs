//! The page's text: chapters that were measured again take the place of their former selves, and everything else stays.

use super::section::Section;

/// The page with this chapter, in its own place or before the last one.
pub(super) fn with_chapter(page: &str, section: &Section) -> String {
    let heading = format!("## {}\n", section.title);
    let (start, end) = match page.find(&heading) {
        Some(start) => (start, next_chapter(page, start + heading.len())),
        None => {
            let last = page.rfind("\n## ").map_or(page.len(), |at| at + 1);
            (last, last)
        }
    };
    format!("{}{section}\n{}", &page[..start], &page[end..])
}

/// The page with these rows of the chapter on budgets, each in the place of the row of the same work, or as the last.
pub(super) fn with_budgets(page: &str, title: &str, rows: &[Vec<String>]) -> Option<String> {
    let heading = format!("## {title}\n");
    let start = page.find(&heading)?;
    let end = next_chapter(page, start + heading.len());
    let mut lines: Vec<String> = page[start..end].trim_end().lines().map(str::to_owned).collect();
    for row in rows {
        let line = format!("| {} |", row.join(" | "));
        let work = format!("| {} |", row.first()?);
        match lines.iter_mut().find(|line| line.starts_with(&work)) {
            Some(known) => *known = line,
            None => lines.push(line),
        }
    }
    Some(format!("{}{}\n\n{}", &page[..start], lines.join("\n"), &page[end..]))
}

fn next_chapter(page: &str, after: usize) -> usize {
    page[after..].find("\n## ").map_or(page.len(), |at| after + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# Page\n\n## Budgets\n\n| work | ours |\n|---|---|\n| load | 1 |\n\n## Load\n\nold\n\n## Notes\n\nend\n";

    fn section(title: &'static str) -> Section {
        Section { title, about: "new", charts: vec![], tables: vec![], figures: vec![] }
    }

    #[test]
    fn a_known_chapter_is_replaced() {
        let page = with_chapter(PAGE, &section("Load"));
        assert!(page.ends_with("| load | 1 |\n\n## Load\n\nnew\n\n## Notes\n\nend\n"), "{page}");
    }

    #[test]
    fn a_new_chapter_stands_before_the_last() {
        let page = with_chapter(PAGE, &section("Flags"));
        assert!(page.ends_with("old\n\n## Flags\n\nnew\n\n## Notes\n\nend\n"), "{page}");
    }

    #[test]
    fn budgets_change_row_by_row() {
        let rows = [["load", "2"], ["flag", "3"]].map(|row| row.map(str::to_owned).to_vec());
        let page = with_budgets(PAGE, "Budgets", &rows).expect("the page has the chapter");
        assert!(page.contains("|---|---|\n| load | 2 |\n| flag | 3 |\n\n## Load\n\nold\n"), "{page}");
    }
}
