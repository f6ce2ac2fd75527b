//! Files of older versions with secrets, right and broken: what the commands say of them that rewrite them, and those
//! that only read them.

use strata_config_reference::learning::LearningConfig;

use super::Binary;
use crate::case::Case;
use crate::documents::Language;
use crate::past;
use crate::sources::Way;

#[test]
fn migrations_of_wrong_files_show_no_secret() {
    let case = Case::of::<LearningConfig>("older files");
    let case = case.holding("api_keys.gemini", str::to_owned).holding("api_keys.openai", str::to_owned);
    let mut binary = Binary::of::<LearningConfig>(Way::File(Language::Toml), &case, case.collection());
    let marker = case.secrets.last().expect("it holds two at least").marker.clone();
    let (mut refused, mut written) = (0, 0);
    for language in Language::ALL {
        let mut document = case.document();
        document["version"] = "0.9.0".into();
        let right = language.write(&document);
        let half = |end: &str| format!("{}{end}", &right[..right.rfind(&marker).expect("it holds it") + 20]);
        let texts = [
            right.clone(),
            half(""),
            half("\""),
            right.replacen(&marker, &format!("{marker}\"{marker}"), 1),
            right.replacen(&marker, &format!("{marker}\n{marker}"), 1),
            right.replacen(&format!("\"{marker}\""), &marker, 1),
            right.replace("0.9.0", "1.0.0"),
            right.replace("0.9.0", "99.0.0"),
            right.replace("0.9.0", "no version"),
            format!("{right}{right}"),
        ];
        let name = format!("old.{}", language.extension());
        binary.brought.options = format!(" -f {name}");
        for text in texts {
            std::fs::write(binary.folder().join(&name), &text).unwrap();
            binary.run(&["migrate", "plan"]);
            binary.run(&["check"]);
            binary.once(&["migrate", "down", "--to", "1.0.0"]);
            let done = binary.once(&["migrate", "up", "--write", "--lossy"]).status;
            refused += usize::from(done != Some(0));
            written += usize::from(done == Some(0));
            binary.once(&["migrate", "history"]);
            let histories = past::files(binary.folder());
            for history in histories.iter().filter(|file| file.to_string_lossy().ends_with(".jsonl")) {
                binary.shown.take(history.display(), std::fs::read(history).unwrap());
                std::fs::remove_file(history).unwrap();
            }
        }
    }
    assert!(written >= 3 && refused >= 15, "{written} were rewritten, and {refused} refused");
    binary.shown.is_silent(200);
}
