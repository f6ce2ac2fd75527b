//! Values that never change. A test here that fails says that people would be moved: undo the change, not the value.

use super::super::flagd::Percentages;
use super::super::murmur::Murmur;
use super::super::{Algorithm, BUCKETS, Placement, Shares, Splitter};
use super::splitter;

/// Algorithm, salt, unit, bucket, variant, for a coverage of 60,000 and the weights 2, 0, 3 and 5. Computed by another
/// implementation, in JavaScript, straight from the algorithms' definitions.
#[rustfmt::skip]
const PLACES: &[(&str, &str, &str, u32, Option<u32>)] = &[
    ("native-1", "checkout", "user-1", 81466, None),
    ("native-1", "checkout", "user-42", 55472, Some(2)),
    ("native-1", "checkout", "user-777", 21951, Some(0)),
    ("native-1", "", "a", 96491, None),
    ("native-1", "salt", "", 83176, None),
    ("native-1", "f", "Zoë 🦀", 30123, Some(3)),
    ("native-1", "a-longer-salt-of-a-flag", "0190c2a4-7d1e-7a40-b1f0-3c5d9e8f7a6b", 24023, Some(3)),
    ("flagd-v2", "checkout", "user-1", 81466, None),
    ("flagd-v2", "checkout", "user-42", 55472, Some(2)),
    ("flagd-v2", "checkout", "user-777", 21951, Some(3)),
    ("flagd-v2", "", "a", 96491, None),
    ("flagd-v2", "salt", "", 83176, None),
    ("flagd-v2", "f", "Zoë 🦀", 30123, Some(3)),
    ("flagd-v2", "a-longer-salt-of-a-flag", "0190c2a4-7d1e-7a40-b1f0-3c5d9e8f7a6b", 24023, Some(3)),
    ("flagd-v3", "checkout", "user-1", 81466, None),
    ("flagd-v3", "checkout", "user-42", 55472, Some(3)),
    ("flagd-v3", "checkout", "user-777", 21951, Some(2)),
    ("flagd-v3", "", "a", 96491, None),
    ("flagd-v3", "salt", "", 83176, None),
    ("flagd-v3", "f", "Zoë 🦀", 30123, Some(2)),
    ("flagd-v3", "a-longer-salt-of-a-flag", "0190c2a4-7d1e-7a40-b1f0-3c5d9e8f7a6b", 24023, Some(2)),
    ("unleash", "checkout", "user-1", 33000, Some(2)),
    ("unleash", "checkout", "user-42", 41000, Some(3)),
    ("unleash", "checkout", "user-777", 13000, Some(0)),
    ("unleash", "", "a", 98000, None),
    ("unleash", "salt", "", 53000, Some(3)),
    ("unleash", "f", "Zoë 🦀", 68000, None),
    ("unleash", "a-longer-salt-of-a-flag", "0190c2a4-7d1e-7a40-b1f0-3c5d9e8f7a6b", 33000, Some(2)),
    ("growthbook-1", "checkout", "user-1", 94400, None),
    ("growthbook-1", "checkout", "user-42", 91100, None),
    ("growthbook-1", "checkout", "user-777", 11200, Some(0)),
    ("growthbook-1", "", "a", 22000, Some(2)),
    ("growthbook-1", "salt", "", 100, Some(0)),
    ("growthbook-1", "f", "Zoë 🦀", 73100, Some(3)),
    ("growthbook-1", "a-longer-salt-of-a-flag", "0190c2a4-7d1e-7a40-b1f0-3c5d9e8f7a6b", 2500, Some(0)),
    ("growthbook-2", "checkout", "user-1", 78930, Some(3)),
    ("growthbook-2", "checkout", "user-42", 48840, None),
    ("growthbook-2", "checkout", "user-777", 62380, Some(3)),
    ("growthbook-2", "", "a", 2160, Some(0)),
    ("growthbook-2", "salt", "", 83520, None),
    ("growthbook-2", "f", "Zoë 🦀", 67160, Some(3)),
    ("growthbook-2", "a-longer-salt-of-a-flag", "0190c2a4-7d1e-7a40-b1f0-3c5d9e8f7a6b", 77980, Some(3)),
    ("legacy-md5", "checkout", "user-1", 20000, Some(3)),
    ("legacy-md5", "checkout", "user-42", 35000, Some(0)),
    ("legacy-md5", "checkout", "user-777", 73000, None),
    ("legacy-md5", "", "a", 97000, None),
    ("legacy-md5", "salt", "", 66000, None),
    ("legacy-md5", "f", "Zoë 🦀", 94000, None),
    ("legacy-md5", "a-longer-salt-of-a-flag", "0190c2a4-7d1e-7a40-b1f0-3c5d9e8f7a6b", 18000, Some(3)),
];

const WEIGHTS: &[(u32, u32)] = &[(0, 2), (1, 0), (2, 3), (3, 5)];

fn murmur(text: &str, seed: u32) -> u32 {
    Murmur::new(seed).feed(text.as_bytes()).finish()
}

#[test]
fn places_stay_where_they_are() {
    for &(algorithm, salt, unit, bucket, variant) in PLACES {
        let splitter = splitter(algorithm.parse().unwrap(), salt, 60_000, WEIGHTS);
        let expected = Placement { bucket, variant };
        assert_eq!(splitter.place(unit), expected, "{algorithm} {salt} {unit}");
    }
}

/// flagd knows no coverage: what it gives is what a whole one gives.
#[test]
fn flagd_places_by_its_own_hash_where_all_are_in() {
    for (algorithm, unit, bucket, variant) in [
        (Algorithm::FlagdV2, "user-1", 55_410, 3),
        (Algorithm::FlagdV2, "user-42", 45_723, 2),
        (Algorithm::FlagdV3, "user-1", 72_294, 3),
        (Algorithm::FlagdV3, "user-777", 26_225, 2),
    ] {
        let place = splitter(algorithm, "checkout", BUCKETS, WEIGHTS).place(unit);
        let expected = Placement { bucket, variant: Some(variant) };
        assert_eq!(place, expected, "{algorithm} {unit}");
    }
}

/// Reference vectors of `MurmurHash3_x86_32`, as Wikipedia's article and SMHasher's users give them.
#[test]
fn murmur_is_the_reference() {
    assert_eq!(murmur("", 0), 0);
    assert_eq!(murmur("", 1), 0x514e_28b7);
    assert_eq!(murmur("", 0xffff_ffff), 0x81f1_6f39);
    assert_eq!(murmur("\0\0\0\0", 0), 0x2362_f9de);
    assert_eq!(murmur("test", 0x9747_b28c), 0x704b_81dc);
    assert_eq!(murmur("Hello, world!", 0x9747_b28c), 0x2488_4cba);
    let fox = "The quick brown fox jumps over the lazy dog";
    assert_eq!(murmur(fox, 0x9747_b28c), 0x2fa8_26cd);
}

/// open-feature/flagd-testbed, `evaluator/gherkin/fractional.feature`, both generations; the suits in the order of
/// its flags: clubs, diamonds, hearts, spades.
#[test]
fn flagds_testbed_holds() {
    const SUITS: &[(u32, u32)] = &[(0, 25), (1, 25), (2, 25), (3, 25)];
    for (algorithm, salt, unit, suit) in [
        (Algorithm::FlagdV2, "fractional-flag", "jack", 3),
        (Algorithm::FlagdV2, "fractional-flag", "queen", 0),
        (Algorithm::FlagdV2, "fractional-flag", "ten", 1),
        (Algorithm::FlagdV2, "fractional-flag", "nine", 2),
        (Algorithm::FlagdV2, "fractional-flag", "3", 1),
        (Algorithm::FlagdV2, "shared-seed", "jack", 2),
        (Algorithm::FlagdV2, "shared-seed", "queen", 3),
        (Algorithm::FlagdV2, "shared-seed", "nine", 1),
        (Algorithm::FlagdV3, "fractional-flag", "jack", 2),
        (Algorithm::FlagdV3, "fractional-flag", "queen", 3),
        (Algorithm::FlagdV3, "fractional-flag", "ten", 0),
        (Algorithm::FlagdV3, "fractional-flag", "nine", 1),
        (Algorithm::FlagdV3, "fractional-flag", "3", 0),
        (Algorithm::FlagdV3, "shared-seed", "seven", 2),
        (Algorithm::FlagdV3, "shared-seed", "eight", 1),
        (Algorithm::FlagdV3, "shared-seed", "nine", 0),
        (Algorithm::FlagdV3, "shared-seed", "two", 3),
    ] {
        let place = splitter(algorithm, salt, BUCKETS, SUITS).place(unit);
        assert_eq!(place.variant, Some(suit), "{algorithm} {salt} {unit}");
    }
}

/// The testbed's units whose hashes lie at the edges: 0, 1, 2^31 - 1, 2^31 and 2^32 - 1.
#[test]
fn flagds_edges_hold() {
    let halves = &[(0, 50), (1, 50)];
    for (unit, hash, second, third) in [
        ("ejOoVL", 0, Some(0), 0),
        ("bY9fO-", 1, Some(0), 0),
        ("SI7p-", 0x7fff_ffff, None, 0),
        ("6LvT0", 0x8000_0000, None, 1),
        ("ceQdGm", 0xffff_ffff, Some(0), 1),
    ] {
        assert_eq!(murmur(unit, 0), hash);
        // Go's percentage is 100 or a trace more in the middle, and falls through.
        assert_eq!(Percentages::new(halves).find(hash), second, "{unit}");
        let place = |algorithm| splitter(algorithm, "", BUCKETS, halves).place(unit);
        assert_eq!(place(Algorithm::FlagdV2).variant, second, "{unit}");
        assert_eq!(place(Algorithm::FlagdV3).variant, Some(third), "{unit}");
        assert!(place(Algorithm::FlagdV2).bucket < BUCKETS, "{unit}");
    }
}

/// What Unleash's clients for Node, Java and Go assert in common: 123 of `gr1` is 73, 999 of `groupX` is 25.
#[test]
fn unleashs_clients_agree() {
    for (group, unit, percent) in [("gr1", "123", 73), ("groupX", "999", 25)] {
        let place = |percent| splitter(Algorithm::Unleash, group, percent * 1000, &[(0, 1)]).place(unit);
        assert_eq!(place(percent).bucket, (percent - 1) * 1000);
        assert_eq!(place(percent).variant, Some(0));
        assert_eq!(place(percent - 1).variant, None);
    }
}

/// Computed in JavaScript, as [`PLACES`].
#[test]
fn growthbooks_namespaces_hold() {
    for (unit, namespace, step) in [("user-1", "checkout", 694), ("Zoë", "f", 548)] {
        let number = f64::from(step) / 1000.0;
        let is_in = |start, end| {
            let (salt, ranges) = (format!("__{namespace}"), [(start, end)]);
            let (algorithm, weights) = (Algorithm::GrowthBook1, &[(0, 1)]);
            let shares =
                Shares { algorithm, salt: &salt, choice_salt: None, coverage: BUCKETS, weights, ranges: Some(&ranges) };
            Splitter::new(shares).place(unit).variant.is_some()
        };
        assert!(is_in(number, number + 0.001));
        assert!(!is_in(number + 0.001, 1.0));
        assert!(!is_in(0.0, number));
    }
}

/// GrowthBook includes a forced value's own end (`n <= coverage`), and a range's start alone.
#[test]
fn growthbooks_ends_hold() {
    let place = |coverage, weights: &[_]| splitter(Algorithm::GrowthBook2, "", coverage, weights).place("a");
    assert_eq!(place(2160, &[(0, 1)]).variant, Some(0));
    assert_eq!(place(2159, &[(0, 1)]).variant, None);
    assert_eq!(place(4320, &[(0, 1), (1, 1)]).variant, None);
    assert_eq!(place(4321, &[(0, 1), (1, 1)]).variant, Some(0));
}
