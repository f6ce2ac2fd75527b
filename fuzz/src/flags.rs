//! Flags: what is read is written again as it was, what is imported compiles or is refused by name, and what compiles
//! answers, the same each time.

use strata_config_flags::model::{Definitions, Flag, Moment};
use strata_config_flags::{Context, FlagSet, flagd, growthbook, unleash};

/// The first byte chooses what the rest is: a flag in a word, our definitions, or those of others.
pub fn flags(data: &[u8]) {
    let (&format, data) = data.split_first().unwrap_or((&0, data));
    let text = String::from_utf8_lossy(data);
    match format % 5 {
        0 => word(&text),
        1 => {
            if let Ok(definitions) = serde_json::from_str::<Definitions>(&text) {
                serves(&definitions);
            }
        }
        2 => imported(flagd::import_text(&text, flagd::ImportOptions::default()).definitions),
        3 => unleash::import_text(&text).into_iter().for_each(|import| imported(import.definitions)),
        _ => growthbook::import_text(&text).into_iter().for_each(|import| imported(import.definitions)),
    }
}

fn word(text: &str) {
    let Ok(flag) = text.parse::<Flag>() else { return };
    let written = serde_json::to_string(&flag).expect("a flag is JSON");
    assert_eq!(serde_json::from_str::<Flag>(&written).ok().as_ref(), Some(&flag), "{text:?} as {written}");
}

/// What an import lets through is fit for use.
fn imported(definitions: Definitions) {
    assert!(serves(&definitions), "imported, but: {:?}", FlagSet::new(definitions).err());
}

/// Asks every flag of what compiles; whether it does.
fn serves(definitions: &Definitions) -> bool {
    let Ok(set) = FlagSet::new(definitions.clone()) else { return false };
    let same = FlagSet::compile(definitions.clone().into(), Some(&set)).expect("it compiled before");
    let moment = Moment::from_millis(1_800_000_000_000);
    for unit in ["", "u1", "ünit"] {
        let context = Context::of(unit).with("email", "a@x.org").with("age", 7).with("version", "1.2.3").at(moment);
        for key in set.keys() {
            let answer = set.evaluate(key, &context).expect("it is there");
            let told = format!("{answer:?}");
            assert_eq!(told, format!("{:?}", same.evaluate(key, &context).expect("it is there, too")));
            let (explained, trace) = set.explain(key, &context).expect("as before");
            assert_eq!(told, format!("{explained:?}"));
            assert!(!trace.steps.is_empty());
        }
    }
    true
}
