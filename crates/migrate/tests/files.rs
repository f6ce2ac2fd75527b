//! Files: comments, order and spelling stay; a backup and a history stand beside them.
#![cfg(feature = "files")]

use std::fs;
use std::path::PathBuf;

use strata_config::{LayeredConfig, Loader, Value};
use strata_config_migrate::{Migrations, Step};
use tempfile::TempDir;

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = 8080)]
    port: u16,
    #[config(nested)]
    http: Http,
    #[config(default = [])]
    tags: Vec<String>,
}

#[derive(LayeredConfig, Debug)]
struct Http {
    #[config(default = 30)]
    timeout_ms: u64,
    #[config(default = "eu")]
    region: String,
}

fn migrations() -> Migrations {
    Migrations::to("1.2.0")
        .step(Step::new("port", "1.0.0", "1.1.0").rename("listen", "port").moves("timeout", "http.timeout"))
        .step(Step::new("millis", "1.1.0", "1.2.0").rename("http.timeout", "timeout_ms").maps(
            "http.timeout_ms",
            |value| match value {
                Value::Int(seconds) => Ok(Value::Int(seconds * 1000)),
                _ => Err("expected a number".into()),
            },
            |value| match value {
                Value::Int(millis) => Ok(Value::Int(millis / 1000)),
                _ => Err("expected a number".into()),
            },
        ))
        .build()
        .unwrap()
}

fn file(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

#[track_caller]
fn rewritten(name: &str, before: &str, after: &str) {
    let (_folder, path) = file(name, before);
    let plan = migrations().plan_file::<Config>(&path, None).unwrap();
    assert_eq!(plan.text(), after);
    assert!(plan.is_lossless());
    plan.write("ada", false).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    // And back: what says the same is enough, as what was moved stands last then.
    let back = migrations().plan_file::<Config>(&path, Some("1.0.0")).unwrap();
    assert!(back.is_lossless(), "{}", back.text());
    back.write("ada", false).unwrap();
    let again = migrations().plan_file::<Config>(&path, None).unwrap();
    let loaded = |text: &str| {
        let loader = Loader::<Config>::new().text(name, text).upgrade(migrations());
        format!("{:?}", loader.load().unwrap().config())
    };
    assert_eq!(loaded(again.text()), loaded(before));
}

#[test]
fn toml_keeps_its_comments_and_its_order() {
    rewritten(
        "app.toml",
        "# The service.\nversion = \"1.0.0\" # of this file\n\n# Where it listens.\nlisten = 9000   # not 80\n\
         # Patience, in seconds.\ntimeout = 5 # enough\ntags = [ \"a\",\n  # one more\n  \"b\" ]\n\n\
         [http] # all of it\nregion = 'us' # as written\n",
        "# The service.\nversion = \"1.2.0\" # of this file\n\n# Where it listens.\nport = 9000   # not 80\n\
         tags = [ \"a\",\n  # one more\n  \"b\" ]\n\n\
         [http] # all of it\nregion = 'us' # as written\n# Patience, in seconds.\ntimeout_ms = 5000 # enough\n",
    );
}

#[test]
fn a_section_that_is_not_there_is_made() {
    rewritten(
        "app.toml",
        "listen = 9000\ntimeout = 5\n",
        "port = 9000\nversion = \"1.2.0\"\n\n[http]\ntimeout_ms = 5000\n",
    );
    rewritten(
        "app.yaml",
        "# Top.\nlisten: 9000\n# Patience.\ntimeout: 5 # enough\n",
        "# Top.\nport: 9000\nhttp:\n  # Patience.\n  timeout_ms: 5000 # enough\nversion: \"1.2.0\"\n",
    );
    rewritten(
        "app.json",
        "{\n  \"listen\": 9000,\n  \"timeout\": 5\n}\n",
        "{\n  \"port\": 9000,\n  \"http\": {\"timeout_ms\": 5000},\n  \"version\": \"1.2.0\"\n}\n",
    );
}

#[test]
fn yaml_keeps_its_comments_and_its_order() {
    rewritten(
        "app.yaml",
        "# The service.\nversion: 1.0.0 # of this file\n\n# Where it listens.\nlisten: 9000   # not 80\n\
         # Patience, in seconds.\ntimeout: 5 # enough\ntags:\n- a\n# one more\n- b\n\n\
         http: # all of it\n    region: 'us' # as written\n\n# The end.\n",
        "# The service.\nversion: \"1.2.0\" # of this file\n\n# Where it listens.\nport: 9000   # not 80\n\
         tags:\n- a\n# one more\n- b\n\n\
         http: # all of it\n    region: 'us' # as written\n    # Patience, in seconds.\n    timeout_ms: 5000 # enough\n\n# The end.\n",
    );
}

#[test]
fn json_keeps_its_comments_and_its_order() {
    rewritten(
        "app.jsonc",
        "// The service.\n{\n  \"version\": \"1.0.0\", // of this file\n  // Where it listens.\n  \"listen\": 9000, // not 80\n  \
         \"http\": {\n    \"region\": \"us\" // as written\n  },\n  // Patience.\n  \"timeout\": 5\n}\n",
        "// The service.\n{\n  \"version\": \"1.2.0\", // of this file\n  // Where it listens.\n  \"port\": 9000, // not 80\n  \
         \"http\": {\n    \"region\": \"us\", // as written\n    // Patience.\n    \"timeout_ms\": 5000\n  }\n}\n",
    );
}

#[test]
fn a_file_that_would_lose_its_comments_needs_consent() {
    let (folder, path) = file("app.yaml", "# Odd.\n? timeout\n: 5\n? listen\n: 9000\n");
    let plan = migrations().plan_file::<Config>(&path, None).unwrap();
    assert!(!plan.is_lossless());
    let error = plan.write("ada", false).unwrap_err();
    assert!(error.is_lossy() && error.to_string().contains("without losing the file's comments"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    plan.write("ada", true).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "port: 9000\nhttp:\n  timeout_ms: 5000\nversion: \"1.2.0\"\n");
}

#[test]
fn backup_and_history_stand_beside_the_file() {
    let text = "version = \"1.0.0\"\nlisten = 9000\n";
    let (folder, path) = file("app.toml", text);
    let written = migrations().plan_file::<Config>(&path, None).unwrap().write("ada", false).unwrap();
    assert!(written.backup.ends_with("app.toml.1.0.0.bak"));
    assert_eq!(fs::read_to_string(&written.backup).unwrap(), text);
    let history = Migrations::file_history(&path).unwrap();
    assert_eq!(history, written.records);
    let told: Vec<_> = history.iter().map(|record| (&*record.id, &*record.from, &*record.to, &*record.actor)).collect();
    assert_eq!(told, [("port", "1.0.0", "1.1.0", "ada"), ("millis", "1.1.0", "1.2.0", "ada")]);
    assert!(history.iter().all(|record| record.checksum.len() == 64 && record.direction == "up"));
    // Nothing to do is no entry, and a second backup does not replace the first.
    migrations().plan_file::<Config>(&path, None).unwrap().write("ada", false).unwrap();
    assert_eq!(Migrations::file_history(&path).unwrap().len(), 2);
    fs::write(&path, "listen = 1\nversion = \"1.0.0\"\n").unwrap();
    let written = migrations().plan_file::<Config>(&path, None).unwrap().write("ada", false).unwrap();
    assert!(written.backup.ends_with("app.toml.1.0.0.2.bak"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn a_step_that_changed_after_it_was_taken_is_refused() {
    let (_folder, path) = file("app.toml", "listen = 9000\n");
    migrations().plan_file::<Config>(&path, Some("1.1.0")).unwrap().write("ada", false).unwrap();
    let changed = Migrations::to("1.2.0")
        .step(Step::new("port", "1.0.0", "1.1.0").rename("listen", "port"))
        .step(Step::new("millis", "1.1.0", "1.2.0"))
        .build()
        .unwrap();
    let before = fs::read_to_string(&path).unwrap();
    let error = changed.plan_file::<Config>(&path, None).unwrap_err();
    assert!(error.is_changed() && error.step() == Some("port"), "{error}");
    assert!(error.to_string().contains("is another one than ada took at"), "{error}");
    // Nor is a text of it written that somebody has at hand.
    let plan = changed.plan_text::<Config>(&path, before.clone(), None).unwrap();
    assert!(plan.write("ada", false).unwrap_err().is_changed());
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    // Taken back, it may be another one.
    migrations().plan_file::<Config>(&path, Some("1.0.0")).unwrap().write("ada", false).unwrap();
    assert!(changed.plan_file::<Config>(&path, None).unwrap().write("ada", false).is_ok());
}

#[test]
fn a_file_that_was_changed_meanwhile_is_left_alone() {
    let (folder, path) = file("app.toml", "listen = 9000\n");
    let plan = migrations().plan_file::<Config>(&path, None).unwrap();
    fs::write(&path, "listen = 9001\n").unwrap();
    assert!(plan.write("ada", false).unwrap_err().is_conflict());
    assert_eq!(fs::read_to_string(&path).unwrap(), "listen = 9001\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_newer_file_is_read_and_not_written() {
    let (_folder, path) = file("app.toml", "version = \"2.0.0\"\nport = 9000\nlater = true\n");
    assert!(migrations().plan_file::<Config>(&path, None).unwrap_err().is_newer());
    let loaded = Loader::<Config>::new().file(&path).upgrade(migrations()).load().unwrap();
    assert_eq!(loaded.config().port, 9000);
    let codes: Vec<_> = loaded.warnings().warnings().map(|finding| finding.code).collect();
    assert_eq!(codes, ["document.newer", "key.unknown"]);
}

#[test]
fn what_moved_keeps_its_place() {
    let text = "version = \"1.0.0\"\nlisten = 9000\ntimeout = 5\n";
    let loaded = Loader::<Config>::new().text("app.toml", text).upgrade(migrations()).load().unwrap();
    assert_eq!(loaded.origin("port").unwrap().to_string(), "app.toml:2:10, shadows the default 8080");
    assert_eq!(loaded.origin("http.timeout_ms").unwrap().to_string(), "app.toml:3:11, shadows the default 30");
    let warning = loaded.warnings().warnings().next().unwrap();
    assert_eq!((warning.code, warning.at()), ("document.outdated", "app.toml:1:11"));
    assert_eq!(warning.message, "the document is of version 1.0.0, and is read as one of 1.2.0");
}

#[test]
fn a_moved_value_that_is_wrong_is_told_where_it_stands() {
    let text = "listen = 9000\ntimeout = \"soon\"\n";
    let report = Loader::<Config>::new().text("app.toml", text).upgrade(migrations()).load().unwrap_err();
    let told: Vec<_> = report.errors().map(|finding| (finding.code, finding.message.as_str())).collect();
    assert_eq!(told.len(), 1, "{report}");
    assert!(
        told[0].0 == "document.migration" && told[0].1.contains("`http.timeout_ms`: expected a number"),
        "{report}"
    );
    let report = Loader::<Config>::new().text("app.toml", "listen = 90000\n").upgrade(migrations()).load().unwrap_err();
    let told: Vec<_> = report.errors().map(|finding| (finding.path.as_str(), finding.at())).collect();
    assert_eq!(told, [("port", "app.toml:1:10")]);
}

#[test]
fn what_a_plan_finds_wrong_is_told_where_it_stands() {
    let (_folder, path) = file("app.toml", "tags = []\nlisten = 90000\n");
    let error = migrations().plan_file::<Config>(&path, None).unwrap_err();
    let told: Vec<_> = error.report().unwrap().errors().map(|finding| finding.path.as_str()).collect();
    assert_eq!(told, ["port"]);
    assert!(error.to_string().contains(&format!("{}:2:10", path.display())), "{error}");
}

#[test]
fn what_a_plan_finds_wrong_quotes_no_line_that_may_hold_a_secret_of_an_older_version() {
    let chain =
        Migrations::to("2").step(Step::new("leave", "1", "2").removes("token")).secret("token").build().unwrap();
    let (_folder, path) = file("app.json", r#"{"token": "marker-of-a-token", "port": 90000}"#);
    let error = chain.plan_file::<Config>(&path, None).unwrap_err();
    assert!(error.to_string().contains("app.json:1:40") && !format!("{error}{error:?}").contains("marker"), "{error}");
}

#[test]
fn of_a_file_that_can_not_be_read_no_line_is_quoted() {
    for (name, text) in [
        ("app.json", r#"{"version": "1.0.0", "token": marker-of-a-token}"#),
        ("app.toml", "version = '1.0.0'\ntoken = marker-of-a-token\n"),
        ("app.yaml", "version: 1.0.0\nat: {token: \"marker-of-a-token\n"),
    ] {
        let (_folder, path) = file(name, text);
        let error = migrations().plan_file::<Config>(&path, None).unwrap_err();
        assert!(!format!("{error}{error:?}").contains("marker"), "{error}");
        assert!(error.to_string().contains(&format!("{name}:")), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn what_stands_beside_a_file_has_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = file("app.toml", "listen = 9000\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    migrations().plan_file::<Config>(&path, None).unwrap().write("ada", false).unwrap();
    let modes =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().permissions().mode());
    assert!(modes.map(|mode| mode & 0o777).eq([0o640; 3]));
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs root"]
fn a_file_keeps_its_owner() {
    use std::os::unix::fs::{MetadataExt as _, chown};
    let (folder, path) = file("app.toml", "listen = 9000\n");
    chown(&path, Some(12_345), Some(23_456)).unwrap();
    migrations().plan_file::<Config>(&path, None).unwrap().write("ada", false).unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let metadata = entry.unwrap().metadata().unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (12_345, 23_456));
    }
}

#[test]
fn a_part_of_the_settings_that_nothing_moves_in_draws_no_warning() {
    let loader = Loader::<Config>::new().text("a.toml", "port = 9000").text("b.toml", "version = '1.2.0'");
    assert!(loader.upgrade(migrations()).load().unwrap().warnings().is_empty());
}

#[test]
fn what_is_wrong_with_a_version_is_told_where_it_stands() {
    for (line, said) in [
        ("version = -1", "a version that is a number is written in decimal digits alone"),
        ("version = 0x10", "a version that is a number is written in decimal digits alone"),
        ("version = 1_0", "a version that is a number is written in decimal digits alone"),
        ("version = 1e1", "a version that is a number is written in decimal digits alone"),
        ("version = '-1.0.0'", "a version begins with a letter or a digit"),
        ("version = ''", "a version is not empty"),
        ("version = []", "must be a text or a number"),
        ("version = '0.1'", "version 0.1 can't be reached"),
        ("version = '9'", "version 9 is newer than this program"),
    ] {
        let (_folder, path) = file("app.toml", &format!("# ours\n{line}\nlisten = 9000\n"));
        let error = migrations().plan_file::<Config>(&path, None).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}:2:11: ", path.display())) && error.contains(said), "{line}: {error}");
    }
}

/// A device has no end, and a pipe waits for somebody who writes.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.toml");
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let error = migrations().plan_file::<Config>(&path, None).unwrap_err().to_string();
    assert_eq!(error, format!("{} is no file that could be rewritten", path.display()));
    assert!(Migrations::file_history(&path).is_err());
}
