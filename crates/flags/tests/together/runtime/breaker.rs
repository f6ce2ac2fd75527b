//! The breaker by itself, against a plain model and by the book.

use std::time::Duration;

use proptest::prelude::*;
use strata_config_flags::model::Moment;
use strata_config_flags::{Breaker, BreakerState, Change, Limits, Outcome};

use super::seconds;

const SLICES: i64 = 10;

/// A breaker as one would write it down: every report is kept, and every question goes through all of them.
struct Model {
    limits: Limits,
    reports: Vec<(i64, Outcome)>,
    /// Since when it is open, and how many good reports came since it is half open.
    open: Option<(i64, u32)>,
}

impl Model {
    fn state(&self, now: i64) -> BreakerState {
        match self.open {
            None => BreakerState::Closed,
            Some((since, _)) if now >= since + self.limits.recovery.unwrap().as_millis() as i64 => {
                BreakerState::HalfOpen
            }
            Some((since, _)) => BreakerState::Open { since: Moment::from_millis(since) },
        }
    }

    fn record(&mut self, now: i64, outcome: Outcome) {
        match self.state(now) {
            BreakerState::Open { .. } => {}
            BreakerState::HalfOpen if outcome.ok => {
                let (since, good) = self.open.unwrap();
                self.open = Some((since, good + 1));
                if good + 1 >= self.limits.half_open_probes {
                    self.open = None;
                    self.reports.clear();
                }
            }
            BreakerState::HalfOpen => self.open = Some((now, 0)),
            BreakerState::Closed => {
                self.reports.push((now, outcome));
                if self.is_bad(now) {
                    self.open = Some((now, 0));
                }
            }
        }
    }

    fn is_bad(&self, now: i64) -> bool {
        let in_a_row = self.reports.iter().rev().take_while(|(_, outcome)| !outcome.ok).count();
        if self.limits.consecutive_failures.is_some_and(|most| in_a_row >= most as usize) {
            return true;
        }
        let width = self.limits.window.as_millis() as i64 / SLICES;
        let is_recent = |at: i64| at.div_euclid(width) > now.div_euclid(width) - SLICES;
        let recent: Vec<Outcome> =
            self.reports.iter().filter(|(at, _)| is_recent(*at)).map(|(_, outcome)| *outcome).collect();
        let failures = recent.iter().filter(|outcome| !outcome.ok).count();
        let latencies: Vec<Duration> = recent.iter().filter_map(|outcome| outcome.latency).collect();
        let least = self.limits.min_samples as usize;
        let rate = self.limits.error_rate.unwrap();
        let is_failing = recent.len() >= least && failures as f64 / recent.len() as f64 > rate;
        let highest = self.limits.latency.unwrap().mul_f64(self.limits.latency_multiplier);
        let sum: Duration = latencies.iter().sum();
        is_failing || latencies.len() >= least && sum / latencies.len() as u32 > highest
    }
}

proptest! {
    #[test]
    fn a_breaker_does_what_the_plain_model_does(
        reports in proptest::collection::vec((0..4_000_i64, proptest::bool::weighted(0.6), proptest::option::of(0..300_u64)), 1..200),
        min_samples in 1..12_u32,
        consecutive_failures in proptest::option::of(1..8_u32),
        half_open_probes in 1..4_u32,
        error_rate in 0.0..1.0_f64,
    ) {
        let limits = Limits {
            error_rate: Some(error_rate),
            consecutive_failures,
            latency: Some(Duration::from_millis(100)),
            latency_multiplier: 1.5,
            min_samples,
            window: seconds(10),
            recovery: Some(seconds(5)),
            half_open_probes,
        };
        let breaker = Breaker::new(limits.clone());
        let mut model = Model { limits, reports: Vec::new(), open: None };
        let mut now = 1_000_000;
        for (later, ok, latency) in reports {
            now += later;
            prop_assert_eq!(breaker.state(Moment::from_millis(now)), model.state(now));
            let outcome = Outcome { ok, latency: latency.map(Duration::from_millis) };
            breaker.record(Moment::from_millis(now), outcome);
            model.record(now, outcome);
            prop_assert_eq!(breaker.state(Moment::from_millis(now)), model.state(now));
        }
    }

    #[test]
    fn no_time_and_no_limit_makes_it_panic(
        reports in proptest::collection::vec((any::<i64>(), any::<bool>(), any::<u64>()), 1..50),
        window in any::<u64>(), recovery in any::<u64>(), numbers in any::<(u32, u32, f64, f64)>(),
    ) {
        let breaker = Breaker::new(Limits {
            error_rate: Some(numbers.2),
            consecutive_failures: Some(numbers.0),
            latency: Some(Duration::from_millis(window)),
            latency_multiplier: numbers.3,
            min_samples: numbers.1,
            window: Duration::from_millis(window),
            recovery: Some(Duration::from_nanos(recovery)),
            half_open_probes: numbers.1,
        });
        for (at, ok, latency) in reports {
            let now = Moment::from_millis(at);
            breaker.record(now, Outcome { ok, latency: Some(Duration::from_millis(latency)) });
            let _ = (breaker.allows(now), breaker.samples(now));
            breaker.set_limits(Limits { window: Duration::from_millis(latency), ..breaker.limits() });
        }
    }
}

fn at(seconds: i64) -> Moment {
    Moment::from_millis(1_000_000 + seconds * 1_000)
}

fn by_rate() -> Limits {
    Limits { error_rate: Some(0.5), min_samples: 4, window: seconds(60), ..Limits::default() }
}

#[test]
fn failures_in_a_row_trip_it_however_few_they_are() {
    let breaker = Breaker::new(Limits { consecutive_failures: Some(3), ..Limits::default() });
    for ok in [false, false, true, false, false] {
        assert_eq!(breaker.record(at(0), Outcome { ok, latency: None }), None);
    }
    let because = "3 failures in a row".to_owned();
    assert_eq!(breaker.record(at(1), Outcome::FAILED), Some(Change::Tripped { because }));
}

#[test]
fn a_rate_at_its_limit_does_not_trip_and_above_it_does() {
    let breaker = Breaker::new(by_rate());
    for ok in [true, true, false, false] {
        assert_eq!(breaker.record(at(0), Outcome { ok, latency: None }), None);
    }
    assert_eq!(breaker.samples(at(0)).error_rate(), 0.5);
    assert!(matches!(breaker.record(at(0), Outcome::FAILED), Some(Change::Tripped { .. })));
}

#[test]
fn slow_answers_trip_it_at_a_multiple_of_what_is_normal() {
    let limits = Limits { latency: Some(seconds(1)), latency_multiplier: 2.0, min_samples: 2, ..Limits::default() };
    let breaker = Breaker::new(limits);
    assert_eq!(breaker.record(at(0), Outcome::OK.after(seconds(2))), None);
    assert_eq!(breaker.record(at(0), Outcome::OK.after(seconds(2))), None, "the limit itself is allowed");
    let because = "a mean latency of 2000.3 ms, above 2000.0 ms".to_owned();
    let slow = Outcome::OK.after(seconds(2) + Duration::from_millis(1));
    assert_eq!(breaker.record(at(0), slow), Some(Change::Tripped { because }));
}

#[test]
fn reports_out_of_the_window_do_not_count() {
    let breaker = Breaker::new(by_rate());
    (0..3).for_each(|_| drop(breaker.record(at(0), Outcome::FAILED)));
    // A slice is 6 seconds long, and this one began 4 seconds before.
    assert_eq!((breaker.samples(at(55)).count, breaker.samples(at(56)).count), (3, 0));
    assert_eq!(breaker.record(at(61), Outcome::FAILED), None);
    assert_eq!(breaker.samples(at(61)).count, 1);
}

#[test]
fn other_limits_keep_what_was_reported() {
    let breaker = Breaker::new(Limits { error_rate: Some(0.9), ..by_rate() });
    for ok in [true, false, false] {
        breaker.record(at(0), Outcome { ok, latency: None });
    }
    breaker.set_limits(Limits { window: seconds(30), ..by_rate() });
    assert_eq!(breaker.samples(at(1)).count, 3);
    assert!(matches!(breaker.record(at(1), Outcome::FAILED), Some(Change::Tripped { .. })));
}

#[test]
fn while_it_is_half_open_as_many_may_try_as_have_to_go_well() {
    let limits =
        Limits { consecutive_failures: Some(1), recovery: Some(seconds(30)), half_open_probes: 2, ..Limits::default() };
    let breaker = Breaker::new(limits);
    assert!(breaker.allows(at(0)));
    breaker.record(at(0), Outcome::FAILED);
    assert!(!breaker.allows(at(29)));
    assert_eq!(breaker.state(at(30)), BreakerState::HalfOpen);
    assert_eq!([breaker.allows(at(30)), breaker.allows(at(31)), breaker.allows(at(32))], [true, true, false]);
    assert!(breaker.allows(at(60)), "those that never reported do not hold it open for ever");
    assert_eq!(breaker.record(at(61), Outcome::OK), None);
    assert_eq!(breaker.record(at(62), Outcome::OK), Some(Change::Closed { opened: at(0) }));
    assert_eq!((breaker.state(at(62)), breaker.samples(at(62)).count), (BreakerState::Closed, 0));
}

#[test]
fn a_clock_that_is_set_back_loses_nothing_within_a_window_and_begins_anew_beyond() {
    let breaker = Breaker::new(by_rate());
    breaker.record(at(1_000), Outcome::FAILED);
    breaker.record(at(990), Outcome::FAILED);
    assert_eq!(breaker.samples(at(1_000)).count, 2);
    breaker.record(at(0), Outcome::OK);
    assert_eq!(breaker.samples(at(0)).count, 1);
}
