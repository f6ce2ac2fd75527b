//! What the algorithms promise: their values, for ever; their laws; their spread.

use super::{Algorithm, BUCKETS, Shares, Splitter};

mod conformance;
mod golden;
mod laws;
mod spread;

/// A split as most are: one salt, weights, no ranges.
fn splitter(algorithm: Algorithm, salt: &str, coverage: u32, weights: &[(u32, u32)]) -> Splitter {
    Splitter::new(Shares { algorithm, salt, choice_salt: None, coverage, weights, ranges: None })
}

#[test]
fn an_algorithms_name_is_its_text_and_its_json() {
    for algorithm in Algorithm::ALL {
        let name = algorithm.to_string();
        assert_eq!(name.parse(), Ok(algorithm));
        assert_eq!(serde_json::to_value(algorithm).unwrap(), *name);
        let read: Algorithm = serde_json::from_value(name.into()).unwrap();
        assert_eq!(read, algorithm);
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_known_ones() {
    let error = "native-2".parse::<Algorithm>().unwrap_err().to_string();
    assert_eq!(
        error,
        "unknown algorithm `native-2`; known: native-1 flagd-v2 flagd-v3 unleash growthbook-1 growthbook-2 legacy-md5"
    );
    assert!("Native-1".parse::<Algorithm>().is_err());
    assert!("".parse::<Algorithm>().is_err());
}

#[test]
fn a_split_of_one_variant_gives_it_to_all_who_are_in() {
    for algorithm in Algorithm::ALL {
        let splitter = splitter(algorithm, "flag", BUCKETS, &[(4, 0), (7, 3), (9, 0)]);
        assert_eq!(splitter.place("user").variant, Some(7), "{algorithm}");
    }
}

#[test]
fn a_split_without_weight_gives_nobody_anything() {
    for algorithm in Algorithm::ALL {
        for weights in [&[][..], &[(0, 0)], &[(0, 0), (1, 0)]] {
            let splitter = splitter(algorithm, "flag", BUCKETS, weights);
            assert_eq!(splitter.place("user").variant, None, "{algorithm}");
        }
    }
}

#[test]
fn a_salt_of_its_own_moves_the_choice_and_no_inclusion() {
    for algorithm in [Algorithm::Native1, Algorithm::Unleash] {
        let shares = |choice_salt| Shares {
            algorithm,
            salt: "group",
            choice_salt,
            coverage: 50_000,
            weights: &[(0, 1), (1, 1)],
            ranges: None,
        };
        let (same, other) = (Splitter::new(shares(None)), Splitter::new(shares(Some("flag"))));
        let units: Vec<_> = (0..1000).map(|number| format!("user-{number}")).collect();
        let places = || units.iter().map(|unit| (same.place(&**unit), other.place(&**unit)));
        assert!(
            places()
                .all(|(one, other)| { one.bucket == other.bucket && one.variant.is_some() == other.variant.is_some() })
        );
        assert!(places().any(|(one, other)| one.variant != other.variant));
    }
}
