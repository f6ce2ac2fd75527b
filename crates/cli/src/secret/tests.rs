//! What `secret` writes, and what it refuses.

use super::*;
use crate::output::Status;

fn said(args: &[&str], stdin: &str, keys: &str) -> Output {
    let matches = secret_command().try_get_matches_from(std::iter::once(&NAME).chain(args)).unwrap();
    run_as(&matches, false, &mut stdin.as_bytes(), &|name| (name == VARIABLE).then(|| keys.to_owned()))
}

fn key() -> String {
    said(&["keygen"], "", "").stdout.trim().to_owned()
}

#[test]
fn what_a_key_sealed_it_opens_and_shows_only_where_asked() {
    let key = key();
    let sealed = said(&["encrypt"], "hunter2\n", &key).stdout;
    assert!(sealed.starts_with("fernet:gAAAAA") && sealed.ends_with('\n'), "{sealed}");
    let silent = said(&["decrypt"], &sealed, &key);
    assert_eq!(
        (silent.stdout.as_str(), silent.status),
        ("key 1 of 1 opens it; --reveal writes the secret\n", Status::Success)
    );
    assert_eq!(said(&["decrypt", "--reveal"], &sealed, &key).stdout, "hunter2\n");
    let token = sealed.trim().strip_prefix("fernet:").unwrap().to_owned();
    assert_eq!(said(&["decrypt", "--reveal"], &token, &key).stdout, "hunter2\n");
}

#[test]
fn the_form_of_seed_002_is_written_and_read() {
    let key = key();
    let sealed = said(&["encrypt", "--base64"], "hunter2", &key).stdout;
    assert!(sealed.starts_with("Z0FBQUFB"), "{sealed}");
    assert_eq!(said(&["decrypt", "--reveal"], &sealed, &key).stdout, "hunter2\n");
    let both = format!("{},{key}", self::key());
    let rotated = said(&["rotate"], &sealed, &both).stdout;
    assert!(rotated.starts_with("Z0FBQUFB") && rotated != sealed, "{rotated}");
}

#[test]
fn every_token_of_a_file_is_sealed_anew_and_the_rest_stays() {
    let (old, new) = (key(), key());
    let [first, second] = ["hunter2", "CANARY"].map(|text| said(&["encrypt"], text, &old).stdout.trim().to_owned());
    let file = format!("# kept\na: {first}\nb: \"x${{{second}}}y\"\nc: fernet:\n");
    let both = format!("{new},{old}");
    let rotated = said(&["rotate"], &file, &both);
    assert_eq!(rotated.stderr, "2 tokens, 2 sealed anew\n");
    assert!(
        !rotated.stdout.contains(&first) && rotated.stdout.starts_with("# kept\na: fernet:gAAAA"),
        "{}",
        rotated.stdout
    );
    let line = rotated.stdout.lines().nth(1).unwrap().strip_prefix("a: ").unwrap();
    assert_eq!(said(&["decrypt", "--reveal"], line, &new).stdout, "hunter2\n");
    let again = said(&["rotate"], &rotated.stdout, &both);
    assert_eq!((again.stdout, again.stderr.as_str()), (rotated.stdout, "2 tokens, 0 sealed anew\n"));
}

#[test]
fn a_token_in_base64_and_one_without_a_name_are_sealed_anew_too() {
    let (old, new, others) = (key(), key(), key());
    let both = format!("{new},{old}");
    let bare = |key: &str| said(&["encrypt"], "hunter2", key).stdout.trim().strip_prefix("fernet:").unwrap().to_owned();
    let base64 = |key: &str| said(&["encrypt", "--base64"], "hunter2", key).stdout.trim().to_owned();
    let (token, inner) = (bare(&old), base64(&old));
    // Somebody else's, of whom nothing is known.
    let other = bare(&others);
    let file =
        format!("A=FERNET:{token}\r\nB=fernet-base64:{inner}\r\nC={inner}\r\nD='{token}'\r\nE={other}\r\nF=gAAAAA\r\n");
    let rotated = said(&["rotate"], &file, &both);
    assert_eq!(rotated.stderr, "4 tokens, 4 sealed anew\n");
    let lines: Vec<&str> = rotated.stdout.split("\r\n").collect();
    assert_eq!(lines[4..], [&format!("E={other}"), "F=gAAAAA", ""], "the rest stays");
    for (line, start) in lines.iter().zip(["A=FERNET:", "B=fernet-base64:", "C=", "D='"]) {
        let token = line.strip_prefix(start).unwrap().trim_end_matches('\'');
        assert_eq!(said(&["decrypt", "--reveal"], token, &new).stdout, "hunter2\n", "{start}");
    }
    assert_eq!(said(&["decrypt", "--reveal"], lines[1].strip_prefix("B=").unwrap(), &new).stdout, "hunter2\n");
    // What is named and can't be opened stops it; so does a token alone.
    for text in [format!("{file}G=fernet-base64:{}", base64(&others)), other, base64(&others)] {
        let refused = said(&["rotate"], &text, &both);
        assert_eq!((refused.status, refused.stdout.as_str()), (Status::Invalid, ""), "{}", refused.stderr);
        assert!(refused.stderr.contains("token "), "{}", refused.stderr);
    }
}

#[test]
fn what_can_be_no_secret_is_not_sealed() {
    let key = key();
    let sealed = said(&["encrypt"], "hunter2", &key).stdout;
    for text in ["\n", "\r\n", &sealed, "aws-sm:myapp/database#password\n"] {
        assert_eq!(said(&["encrypt"], text, &key).status, Status::Invalid, "{text:?}");
    }
    // A line break within it, or more than one behind it, is a part of it.
    let lines = said(&["encrypt"], "one\ntwo\n\n", &key).stdout;
    let shown = said(&["decrypt", "--reveal", "--format", "json"], &lines, &key).stdout;
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown, json!({"secret": "one\ntwo\n"}));
}

#[test]
fn what_can_not_be_read_is_an_error_that_quotes_nothing() {
    let key = key();
    let sealed = said(&["encrypt"], "hunter2", &key).stdout;
    let cases: [(&[&str], &str, &str); 6] = [
        (&["decrypt", "--reveal"], &sealed, &self::key()),
        (&["decrypt", "--reveal"], "CANARY", &key),
        (&["rotate"], "CANARY", &key),
        (&["rotate"], "fernet:CANARY", &key),
        (&["encrypt"], "hunter2", "CANARY"),
        (&["encrypt"], "", &key),
    ];
    for (args, stdin, keys) in cases {
        for format in ["text", "json"] {
            let args: Vec<&str> = args.iter().copied().chain(["--format", format]).collect();
            let output = said(&args, stdin, keys);
            assert_eq!(output.status, Status::Invalid, "{args:?}");
            let told = format!("{}{}", output.stdout, output.stderr);
            assert!(!told.contains("hunter2") && !told.contains("CANARY"), "{told}");
        }
    }
    assert!(said(&["encrypt"], "x", "").stderr.contains("ENCRYPTION_KEY"));
}

#[test]
fn no_value_is_taken_from_an_argument() {
    for command in ["encrypt", "decrypt", "rotate"] {
        assert!(secret_command().try_get_matches_from([NAME, command, "hunter2"]).is_err());
    }
}

#[test]
fn json_says_the_same() {
    let key = said(&["keygen", "--format", "json"], "", "").stdout;
    let key: serde_json::Value = serde_json::from_str(&key).unwrap();
    let key = key["key"].as_str().unwrap();
    let sealed: serde_json::Value =
        serde_json::from_str(&said(&["encrypt", "--format", "json"], "hunter2", key).stdout).unwrap();
    let shown = said(&["decrypt", "--reveal", "--format", "json"], sealed["reference"].as_str().unwrap(), key).stdout;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), json!({"secret": "hunter2"}));
}
