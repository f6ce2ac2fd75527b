//! That units spread evenly, and differently for different flags. The units are fixed, so no run differs from another.

use super::super::{Algorithm, BUCKETS};
use super::splitter;

const UNITS: u32 = 100_000;

fn units() -> impl Iterator<Item = String> {
    // Neither equal lengths nor mere counting: programs have all kinds of names.
    (0..UNITS).map(|number| match number % 3 {
        0 => format!("user-{number}"),
        1 => format!("{:032x}", u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c)),
        _ => format!("{number}@example.com"),
    })
}

/// The statistic, and a bound that a table of so many freedoms passes once in 100,000 by chance: mean and a bit more
/// than four standard deviations of its normal approximation, with room for the skew of few freedoms.
fn unlikely(freedoms: f64) -> f64 {
    freedoms + 4.5 * (2.0 * freedoms).sqrt() + 5.0
}

fn chi_square(observed: &[f64], expected: impl Fn(usize) -> f64) -> f64 {
    let term = |(place, count): (usize, &f64)| (count - expected(place)).powi(2) / expected(place);
    observed.iter().enumerate().map(term).sum()
}

/// How far a table of pairs is from one whose sides do not know of each other.
fn dependence(pairs: impl Iterator<Item = (usize, usize)>, rows: usize, columns: usize) -> f64 {
    let mut table = vec![0.0; rows * columns];
    for (row, column) in pairs {
        table[row * columns + column] += 1.0;
    }
    let all: f64 = table.iter().sum();
    let row = |row: usize| -> f64 { table[row * columns..][..columns].iter().sum() };
    let column = |column: usize| -> f64 { table.iter().skip(column).step_by(columns).sum() };
    chi_square(&table, |place| row(place / columns) * column(place % columns) / all)
}

#[test]
fn every_algorithm_spreads_evenly() {
    for algorithm in Algorithm::ALL {
        let split = splitter(algorithm, "new-checkout", BUCKETS, &[(0, 1)]);
        let mut counts = [0.0; 100];
        for unit in units() {
            counts[(split.place(&*unit).bucket / 1000) as usize] += 1.0;
        }
        let statistic = chi_square(&counts, |_| f64::from(UNITS) / 100.0);
        assert!(statistic < unlikely(99.0), "{algorithm}: {statistic}");
    }
}

#[test]
fn shares_are_as_large_as_their_weights() {
    let weights = [(0, 1), (1, 2), (2, 3), (3, 14)];
    for algorithm in Algorithm::ALL {
        let split = splitter(algorithm, "new-checkout", BUCKETS, &weights);
        let mut counts = [0.0; 4];
        for unit in units() {
            counts[split.place(&*unit).variant.unwrap() as usize] += 1.0;
        }
        let statistic = chi_square(&counts, |variant| f64::from(UNITS * weights[variant].1) / 20.0);
        assert!(statistic < unlikely(3.0), "{algorithm}: {statistic}");
    }
}

fn dependence_of_salts(algorithm: Algorithm) -> f64 {
    let place = |salt| {
        let split = splitter(algorithm, salt, BUCKETS, &[(0, 1)]);
        move |unit: &str| (split.place(unit).bucket / 10_000) as usize
    };
    let (one, other) = (place("new-checkout"), place("dark-mode"));
    dependence(units().map(|unit| (one(&unit), other(&unit))), 10, 10)
}

#[test]
fn two_salts_know_nothing_of_each_other() {
    for algorithm in Algorithm::ALL {
        if algorithm != Algorithm::LegacyMd5 {
            let statistic = dependence_of_salts(algorithm);
            assert!(statistic < unlikely(81.0), "{algorithm}: {statistic}");
        }
    }
}

#[test]
fn legacy_md5_puts_the_same_units_first_in_every_flag() {
    assert!(dependence_of_salts(Algorithm::LegacyMd5) > 800_000.0);
}

/// GrowthBook hashes once: its ranges keep a ramp from swapping, and a low number means the first variation.
#[test]
fn the_choice_knows_nothing_of_the_inclusion() {
    for algorithm in
        [Algorithm::Native1, Algorithm::FlagdV2, Algorithm::FlagdV3, Algorithm::Unleash, Algorithm::LegacyMd5]
    {
        // All but one in 100,000, since flagd decides by its choice alone where all are in.
        let weights = [(0, 1), (1, 1), (2, 1)];
        let split = splitter(algorithm, "new-checkout", BUCKETS - 1, &weights);
        let pairs = units().filter_map(|unit| {
            let place = split.place(&*unit);
            Some(((place.bucket / 10_000) as usize, place.variant? as usize))
        });
        let statistic = dependence(pairs, 10, 3);
        assert!(statistic < unlikely(18.0), "{algorithm}: {statistic}");
    }
}

#[test]
fn changed_weights_move_only_the_share_that_changed() {
    for algorithm in Algorithm::ALL {
        let place = |weights: &[_]| splitter(algorithm, "new-checkout", BUCKETS, weights);
        let (before, after) = (place(&[(0, 50), (1, 30), (2, 20)]), place(&[(0, 60), (1, 20), (2, 20)]));
        let mut moved = 0;
        for unit in units() {
            let (before, after) = (before.place(&*unit).variant, after.place(&*unit).variant);
            if before != after {
                assert_eq!((before, after), (Some(1), Some(0)), "{algorithm}");
                moved += 1;
            }
        }
        assert!((9_500..10_500).contains(&moved), "{algorithm}: {moved} of {UNITS}");
    }
}
