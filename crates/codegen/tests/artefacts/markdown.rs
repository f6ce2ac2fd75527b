//! The reference.

use strata_config_codegen::markdown;
use strata_config_core::{LayeredConfig, variables};

use super::everything::Everything;

fn page() -> String {
    markdown(Everything::SCHEMA)
}

/// The first row of a key.
fn row(key: &str) -> String {
    page().lines().find(|line| line.starts_with(&format!("| `{key}` |"))).unwrap().to_owned()
}

#[test]
fn a_setting_has_a_row_with_all_there_is_to_know() {
    assert_eq!(row("port"), "| `port` | integer | `8080` | at least 1024 | `PORT` | at once | TCP port. |");
    assert_eq!(row("enabled"), "| `enabled` | boolean | `true` |  | `APP_ENABLED` | after a restart |  |");
    assert_eq!(
        row("unused"),
        "| `unused` | integer | `1` |  | `APP_UNUSED` | at once | Deprecated: nothing reads it. |"
    );
    assert!(
        row("log").ends_with("How much is logged. Also `loglevel`. Formerly `verbosity` (deprecated since 0.3). |")
    );
    assert!(row("pool_size").contains("| 1 to 64; on `pi_zero_2w` default 4, at most 20 |"));
    assert!(row("required").contains("| **required** |"));
    assert!(row("loaded_from").contains("| computed |"));
    assert!(row("entries").ends_with("| Where `kind` is `memory`. |"));
}

#[test]
fn a_secret_is_called_one_and_never_told() {
    assert!(row("password").contains("| a secret |") && row("password").ends_with("| Secret. |"));
    assert!(!page().contains("hunter2"));
}

#[test]
fn text_cannot_break_out_of_its_cell() {
    assert!(row("ratio").ends_with("| The ratio, \"quoted\" \\| piped. It has a second line. |"));
    for row in page().lines().filter(|line| line.starts_with("| `") && line.contains("at once")) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 8, "{row}");
    }
}

#[test]
fn choices_are_listed_with_their_documentation_and_aliases() {
    let list = "Choices of `log`:\n\n- `debug`: Everything.\n- `info`\n- `warn` (also `warning`): What may become a problem.\n";
    assert!(page().contains(list));
}

#[test]
fn every_variable_is_in_the_table() {
    let page = page();
    let (_, table) = page.split_once("## Variables").unwrap();
    for variable in variables(Everything::SCHEMA) {
        let row = format!("| `{}` | `{}` |", variable.name, variable.path);
        assert_eq!(table.matches(&row).count(), 1, "{row}");
    }
    assert!(table.contains("| `APP_VERBOSITY` | `log` | choice | deprecated name |"));
    assert!(
        table
            .contains("| `APP_KEY` | `key` | string | secret; or the path of a file that holds it in `APP_KEY_FILE` |")
    );
}

#[test]
fn a_section_says_how_often_it_is_there() {
    let page = page();
    assert!(page.contains("\n## `tls`\n\nTransport security.\n\nAbsent, unless one of its settings is set.\n"));
    assert!(page.contains("\n## `servers[]`\n"));
    assert!(page.contains("\n## `zones.NAME`\n"));
}
