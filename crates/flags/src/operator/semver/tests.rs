//! What versions are, and that their order is one.

use std::cmp::Ordering::{self, Equal, Greater, Less};

use proptest::prelude::*;

use super::Reading::{Lenient, Strict};
use super::Version;

fn compare(attribute: &str, version: &str) -> Option<Ordering> {
    Version::parse(version, Strict)?.compare(attribute)
}

#[test]
fn the_specifications_own_order_holds() {
    let order = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
        "10.0.0",
    ];
    for (place, older) in order.iter().enumerate() {
        for (other, newer) in order.iter().enumerate() {
            assert_eq!(compare(older, newer), Some(place.cmp(&other)), "{older} {newer}");
        }
    }
}

#[test]
fn builds_count_for_nothing() {
    assert_eq!(compare("1.0.0+one", "1.0.0+two-2.x"), Some(Equal));
    assert_eq!(compare("1.0.0-a+one", "1.0.0-a"), Some(Equal));
    assert_eq!(compare("1.0.0+007", "1.0.0"), Some(Equal));
}

#[test]
fn numbers_of_any_length_compare_exactly() {
    let huge = "9".repeat(100_000);
    let version = format!("{huge}.0.0-{huge}");
    assert_eq!(compare(&version, &version), Some(Equal));
    assert_eq!(compare("18446744073709551616.0.0", "18446744073709551615.0.0"), Some(Greater));
    assert_eq!(compare("1.0.0", &version), Some(Less));
}

#[test]
fn what_is_no_version_compares_with_nothing() {
    for text in [
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.02.3",
        "1.2.3-",
        "1.2.3-01",
        "1.2.3-a..b",
        "1.2.3+",
        "1.2.3+a..b",
        "1.2.3+a+b",
        "v1.2.3",
        " 1.2.3",
        "1.2.3 ",
        "-1.2.3",
        "1.2.x",
        "1..3",
        ".1.2",
        "1.2.3-ä",
        "１.2.3",
        "a.b.c",
        "1.2.3-a\0",
    ] {
        assert_eq!(Version::parse(text, Strict), None, "{text:?}");
        assert_eq!(compare(text, "1.2.3"), None, "{text:?}");
    }
}

#[test]
fn the_lenient_reading_takes_a_v_and_short_versions() {
    let version = Version::parse("v2", Lenient).unwrap();
    for (attribute, ordering) in [("2.0.0", Equal), ("V2.0", Equal), ("v2.0.1", Greater), ("2.0.0-alpha", Less)] {
        assert_eq!(version.compare(attribute), Some(ordering), "{attribute}");
    }
    for attribute in ["2.0.0.0", "vv2.0.0", "2-alpha", "2.0+build", "v", "2.", "02"] {
        assert_eq!(version.compare(attribute), None, "{attribute}");
    }
}

/// flagd's testbed, `evaluator/gherkin/semver.feature`.
#[test]
fn flagds_major_and_minor_operators_compare_leading_numbers() {
    let version = Version::parse("3.0.0", Lenient).unwrap();
    for (attribute, minor, major) in
        [("3.0.1", true, true), ("v3.1.0", false, true), ("4.0.0", false, false), ("3.0.0-alpha", true, true)]
    {
        assert_eq!(version.same_minor(attribute), Some(minor), "{attribute}");
        assert_eq!(version.same_major(attribute), Some(major), "{attribute}");
    }
    assert_eq!(version.same_major("three"), None);
}

fn versions() -> impl Strategy<Value = String> {
    // Few and short parts, so that equal ones and near ones meet.
    "(0|1|10)\\.(0|2)\\.(0|3)(-(0|9|10|a|ab|-)(\\.(0|2|b))?)?(\\+[a0]{1,2})?"
}

proptest! {
    #[test]
    fn the_order_is_antisymmetric(one in versions(), other in versions()) {
        let ordering = compare(&one, &other).unwrap();
        prop_assert_eq!(compare(&other, &one), Some(ordering.reverse()));
        prop_assert_eq!(compare(&one, &one), Some(Equal));
    }

    #[test]
    fn the_order_is_transitive(mut three in prop::array::uniform3(versions())) {
        three.sort_by(|one, other| compare(one, other).unwrap());
        prop_assert!(compare(&three[0], &three[2]).unwrap().is_le());
        prop_assert!(compare(&three[0], &three[1]).unwrap().is_le());
        prop_assert!(compare(&three[1], &three[2]).unwrap().is_le());
    }

    #[test]
    fn no_text_panics(one in "[0-9a-zA-Z.+-]{0,16}", other in ".{0,16}") {
        for text in [&one, &other] {
            for reading in [Strict, Lenient] {
                if let Some(version) = Version::parse(text, reading) {
                    prop_assert_eq!(version.compare(text), Some(Equal));
                }
            }
        }
    }
}
