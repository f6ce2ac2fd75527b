//! Odd content.

use super::{Place, assert_intact, draft};
use crate::{Documents, Json};

/// Numbers that no type holds, keys that come twice, deep, long and foreign texts: all come back byte by byte.
pub fn documents_come_back_as_they_were_written(place: &dyn Place) {
    let store = place.open();
    let odd = [
        r#"{"big":9007199254740993,"huge":123456789012345678901234567890,"out":1e400,"zero":-0,"one":1.0,"e":1E+2}"#,
        r#"{"b":1,"a":2,"b":3}"#,
        r#"{"":"","\u0000":"\ud83d\ude00 😀 Ωmega \u2028","a.b":"\\\"\/"}"#,
        "null",
        r#""text""#,
    ];
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let long = format!(r#"{{"long":"{}"}}"#, "ä".repeat(1 << 19));
    let all = odd.iter().map(|text| (*text).to_owned()).chain([deep, long]);
    for (text, revision) in all.zip(0..) {
        let json = Json::parse(text.clone()).unwrap();
        let documents = Documents { base: json.clone(), runtime: json, ..Documents::default() };
        store.commit(revision, &documents, draft(1)).unwrap();
        let found = place.open().load().unwrap();
        assert!(found.documents == documents && found.documents.base.as_str() == text, "{:.80}", text);
        assert!(store.entry(revision + 1).unwrap().unwrap().documents == documents, "{:.80}", text);
    }
    assert_intact(&*store);
}
