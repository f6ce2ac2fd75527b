//! Documents that set all leaves of a configuration.

use std::fmt::Write as _;

use super::Documents;

/// The leaves of a section, as JSON.
const SECTION: &str = r#"{"enabled": true, "host": "a.example", "port": 8080, "workers": 4, "ratio": 0.25, "retries": 3,
    "name": "front", "tags": ["a", "b"], "limit": 65536, "note": "kept"}"#;

impl Documents {
    /// Those of so many leaves.
    ///
    /// # Panics
    /// Where there is no configuration of that size.
    #[must_use]
    pub fn of(leaves: usize) -> Self {
        let (count, depth) = match leaves {
            100 => (10, 1),
            300 => (3, 2),
            1_000 => (10, 2),
            3_000 => (3, 3),
            10_000 => (10, 3),
            _ => panic!("there is no configuration of {leaves} leaves"),
        };
        let mut documents = Self { json: String::new(), toml: String::new() };
        documents.write(count, depth, "");
        documents
    }

    /// A table of `count` fields, each of which has ten fields, `depth` times.
    fn write(&mut self, count: usize, depth: usize, path: &str) {
        for at in 0..count {
            let path = if path.is_empty() { format!("f{at}") } else { format!("{path}.f{at}") };
            let before = if at == 0 { "{" } else { ",\n" };
            write!(self.json, "{before}\"f{at}\": ").expect("a string takes everything");
            if depth == 1 {
                self.json.push_str(SECTION);
                writeln!(self.toml, "[{path}]\nretries = 7").expect("a string takes everything");
            } else {
                self.write(10, depth - 1, &path);
            }
        }
        self.json.push('}');
    }
}
