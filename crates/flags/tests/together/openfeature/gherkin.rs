//! As much of Gherkin as OpenFeature's scenarios are written in: backgrounds, outlines with examples, tables.

/// One scenario, ready to run: the background's steps come first, and an outline has become one for each row.
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
}

/// One step, without its keyword.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) text: String,
    pub(crate) table: Vec<Vec<String>>,
}

/// What a table's rows belong to.
enum Table {
    Step,
    Examples { header: Option<Vec<String>> },
}

/// Every scenario of a feature file.
pub(crate) fn scenarios(text: &str) -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    let (mut background, mut steps, mut name) = (Vec::new(), Vec::new(), None::<String>);
    let (mut rows, mut table): (Vec<Vec<(String, String)>>, _) = (Vec::new(), Table::Step);
    for line in text.lines().map(str::trim).chain(["Scenario: the end"]) {
        if line.is_empty() || line.starts_with(['#', '@']) || line.starts_with("Feature:") {
            continue;
        }
        if line.starts_with("Background:") {
            name = None;
        } else if let Some(title) = line.strip_prefix("Scenario:").or_else(|| line.strip_prefix("Scenario Outline:")) {
            match name.replace(title.trim().to_owned()) {
                None => background = std::mem::take(&mut steps),
                Some(name) => {
                    let steps: Vec<Step> = std::mem::take(&mut steps);
                    expand(&name, &background, &steps, &std::mem::take(&mut rows), &mut scenarios);
                }
            }
        } else if line.starts_with("Examples:") {
            table = Table::Examples { header: None };
        } else if line.starts_with('|') {
            let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
            match &mut table {
                Table::Step => steps.last_mut().expect("a table follows a step").table.push(cells),
                Table::Examples { header: Some(header) } => rows.push(header.iter().cloned().zip(cells).collect()),
                Table::Examples { header } => *header = Some(cells),
            }
        } else {
            let (keyword, text) = line.split_once(' ').expect("a step has a keyword");
            assert!(["Given", "When", "Then", "And"].contains(&keyword), "no step: {line}");
            steps.push(Step { text: text.trim().to_owned(), table: Vec::new() });
            table = Table::Step;
        }
    }
    scenarios
}

fn expand(name: &str, background: &[Step], steps: &[Step], rows: &[Vec<(String, String)>], into: &mut Vec<Scenario>) {
    let all: Vec<Step> = background.iter().chain(steps).cloned().collect();
    if rows.is_empty() {
        return into.push(Scenario { name: name.to_owned(), steps: all });
    }
    for row in rows {
        let fill = |text: &str| {
            row.iter().fold(text.to_owned(), |text, (column, cell)| text.replace(&format!("<{column}>"), cell))
        };
        let cells: Vec<&str> = row.iter().map(|(_, cell)| cell.as_str()).collect();
        let steps = all.iter().map(|step| Step { text: fill(&step.text), table: step.table.clone() }).collect();
        into.push(Scenario { name: format!("{name} ({})", cells.join(", ")), steps });
    }
}

/// The parts of a text that stand for the `{}` of a pattern; a part ends where the pattern's next words begin, the last
/// one at the end of the text.
pub(crate) fn matches(pattern: &str, text: &str) -> Option<Vec<String>> {
    let mut words = pattern.split("{}");
    let mut rest = text.strip_prefix(words.next()?)?;
    let words: Vec<&str> = words.collect();
    let mut parts = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let part = if index + 1 == words.len() {
            rest.strip_suffix(word)?
        } else {
            let (part, after) = rest.split_once(word)?;
            rest = after;
            part
        };
        parts.push(part.replace("\\\"", "\""));
    }
    (!words.is_empty() || rest.is_empty()).then_some(parts)
}

#[test]
fn a_part_may_hold_quotes_where_it_is_the_last() {
    let parts = matches("a {}-flag with key \"{}\" and \"{}\"", "a Object-flag with key \"k\" and \"{\\\"a\\\": 1}\"");
    assert_eq!(parts, Some(vec!["Object".to_owned(), "k".to_owned(), "{\"a\": 1}".to_owned()]));
    assert_eq!(matches("the end", "the end"), Some(vec![]));
    assert_eq!(matches("the end", "the end of it"), None);
}

#[test]
fn an_outline_becomes_one_scenario_for_each_row() {
    let text = "Feature: f\nBackground:\nGiven b\nScenario Outline: s\nWhen <x>\n| t |\nExamples: one\n| x | y |\n| 1 | 2 |\n\
                Examples:\n| x |\n| 3 |\nScenario: t\nThen u\n";
    let found = scenarios(text);
    let steps = |scenario: &Scenario| scenario.steps.iter().map(|step| step.text.clone()).collect::<Vec<_>>().join(" ");
    let found: Vec<_> = found.iter().map(|scenario| (scenario.name.as_str(), steps(scenario))).collect();
    assert_eq!(found, [("s (1, 2)", "b 1".into()), ("s (3)", "b 3".into()), ("t", "b u".into())]);
}
