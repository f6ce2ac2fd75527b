//! The examples run, and say what their readers expect.

#[path = "../../examples/durable.rs"]
mod durable;
#[path = "../../examples/service.rs"]
mod service;

#[test]
fn a_service_says_what_changed_and_who_did_it() {
    let mut out = Vec::new();
    service::run(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["serving 8 requests at once", "the pool has 32 workers now"], "{text}");
    assert!(lines[2].contains("parallel"), "{text}");
    assert_eq!(lines.last(), Some(&"ann: parallel 8 -> 32"), "{text}");
}

#[test]
fn a_durable_service_has_its_settings_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut out = Vec::new();
    durable::run(folder.path(), &mut out).unwrap();
    let expected =
        "first run: 32 at once, log trace\nsecond run: 32 at once, log debug\nrolled back: 8 at once, log info\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}
