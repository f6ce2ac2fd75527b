//! What holds for every unit, salt and split.

use proptest::prelude::*;

use super::super::fnv::Fnv;
use super::super::murmur::Murmur;
use super::super::weights::Table;
use super::super::{Algorithm, BUCKETS, Joined, Shares, Splitter, bucket_ranges};
use super::splitter;

fn algorithms() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(&Algorithm::ALL[..])
}

fn weights() -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::vec(0..1000_u32, 1..5)
        .prop_map(|weights| (0..).zip(weights).collect())
        .prop_filter("nothing has weight", |weights: &Vec<(u32, u32)>| weights.iter().any(|(_, weight)| *weight > 0))
}

proptest! {
    #[test]
    fn murmur_of_pieces_is_murmur_of_the_whole(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..6),
        seed: u32,
    ) {
        let whole = pieces.concat();
        let fed = pieces.iter().fold(Murmur::new(seed), |state, piece| state.feed(piece));
        prop_assert_eq!(fed, Murmur::new(seed).feed(&whole));
    }

    #[test]
    fn two_hashes_fed_together_are_as_if_alone(
        prefixes in prop::array::uniform2(prop::collection::vec(any::<u8>(), 0..9)),
        bytes in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let hashes = prefixes.map(|prefix| Murmur::new(0).feed(&prefix));
        let alone = hashes.map(|hash| hash.feed(&bytes));
        prop_assert_eq!(Murmur::feed_both(hashes, &bytes), alone);
    }

    #[test]
    fn a_prepared_salt_hashes_as_the_joined_text(salt in ".{0,20}", unit in ".{0,40}") {
        let joined = format!("{salt}:{unit}");
        let hash = Murmur::new(0).feed(joined.as_bytes()).finish();
        let bucket = ((u64::from(hash) * 100_000) >> 32) as u32;
        let split = splitter(Algorithm::Native1, &salt, BUCKETS, &[(0, 1)]);
        prop_assert_eq!(split.place(&*unit).bucket, bucket);
    }

    #[test]
    fn decimals_hash_as_their_texts(number: u32) {
        let text = Fnv::new().feed(number.to_string().as_bytes());
        prop_assert_eq!(Fnv::new().feed_decimal(number), text);
    }

    #[test]
    fn a_table_of_hashes_is_the_multiplication(hash: u32, weights in prop::collection::vec(any::<u32>(), 1..6)) {
        let weights: Vec<_> = (0..).zip(weights).collect();
        let sum: u128 = weights.iter().map(|(_, weight)| u128::from(*weight)).sum();
        let number = ((u128::from(hash) * sum) >> 32) as u64;
        prop_assert_eq!(
            Table::of_hashes(&weights).find(u64::from(hash)),
            Table::cumulative(&weights).find(number)
        );
    }

    #[test]
    fn parts_count_as_their_text_joined(
        algorithm in algorithms(),
        salt in ".{0,8}",
        parts in prop::collection::vec(".{0,9}", 0..5),
        weights in weights(),
        coverage in 0..=BUCKETS,
    ) {
        let split = splitter(algorithm, &salt, coverage, &weights);
        let joined = Joined(parts.iter().map(String::as_str));
        prop_assert_eq!(split.place(&joined), split.place(&*parts.join(":")));
    }

    #[test]
    fn a_ramp_only_adds_and_never_swaps(
        algorithm in algorithms(),
        salt in ".{0,8}",
        unit in ".{0,20}",
        weights in weights(),
        mut steps in prop::array::uniform2(prop_oneof![0..=BUCKETS, Just(BUCKETS)]),
    ) {
        steps.sort_unstable();
        let place = |coverage| splitter(algorithm, &salt, coverage, &weights).place(&*unit).variant;
        let (before, after) = (place(steps[0]), place(steps[1]));
        prop_assert!(before.is_none() || before == after, "{before:?} {after:?}");
    }

    #[test]
    fn no_coverage_is_nobody_and_whole_coverage_everybody(
        algorithm in algorithms(),
        salt in ".{0,8}",
        unit in ".{0,20}",
        weights in weights(),
    ) {
        let place = |coverage| splitter(algorithm, &salt, coverage, &weights).place(&*unit).variant;
        prop_assert_eq!(place(0), None);
        prop_assert!(place(BUCKETS).is_some());
        prop_assert_eq!(place(u32::MAX), place(BUCKETS));
    }

    #[test]
    fn a_heavier_variant_loses_nobody(
        algorithm in algorithms(),
        unit in ".{0,20}",
        mut weights in prop::array::uniform2(0..=1000_u32),
    ) {
        weights.sort_unstable();
        let place = |weight| {
            let weights = [(0, weight), (1, 1000 - weight)];
            splitter(algorithm, "flag", BUCKETS, &weights).place(&*unit).variant
        };
        let (light, heavy) = (place(weights[0]), place(weights[1]));
        prop_assert!(light == heavy || (light, heavy) == (Some(1), Some(0)));
    }

    #[test]
    fn a_ranges_split_shortens_as_a_ramp_does(unit in ".{0,20}", coverage in 0..=BUCKETS) {
        let ranges = bucket_ranges(3, 1.0, Some(&[0.2, 0.3, 0.5]));
        let place = |coverage, ranges| {
            let weights = &[(0, 2), (1, 3), (2, 5)];
            let algorithm = Algorithm::GrowthBook2;
            let (salt, choice_salt) = ("seed", None);
            Splitter::new(Shares { algorithm, salt, choice_salt, coverage, weights, ranges }).place(&*unit)
        };
        prop_assert_eq!(place(coverage, Some(&*ranges)), place(coverage, None));
    }

    #[test]
    fn no_input_panics(
        algorithm in algorithms(),
        salt in ".{0,8}",
        unit in ".{0,20}",
        coverage: u32,
        weights in prop::collection::vec((any::<u32>(), any::<u32>()), 0..4),
        ranges in prop::option::of(prop::collection::vec((any::<f64>(), any::<f64>()), 0..4)),
    ) {
        let choice_salt = Some(&*salt);
        let (weights, ranges) = (&*weights, ranges.as_deref());
        let shares = Shares { algorithm, salt: &salt, choice_salt, coverage, weights, ranges };
        let place = Splitter::new(shares).place(&*unit);
        prop_assert!(place.bucket < BUCKETS);
        let known = |variant| weights.iter().any(|(index, _)| *index == variant);
        prop_assert!(place.variant.is_none_or(known));
    }
}
