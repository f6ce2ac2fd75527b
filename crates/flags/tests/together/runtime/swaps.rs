//! Questions while the set is replaced all the time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use strata_config_flags::{Context, Flags};

use super::set;

/// Two flags whose values are the revision; one has variants whose names change as well.
fn of_revision(revision: u64) -> String {
    format!(
        r#"{{"flags": {{
            "left": {{"variants": {{"only": {revision}}}, "fallthrough": "only"}},
            "right": {{"variants": {{"of-{revision}": {revision}}}, "fallthrough": "of-{revision}"}}
        }}}}"#
    )
}

/// Asks on several threads while sets are replaced each millisecond, until both have been done so often.
fn ask_while_replacing(threads: usize, questions_of_a_thread: u64, replacements: u64) {
    let flags = Flags::new(set(&of_revision(0)));
    let is_replaced = AtomicBool::new(false);
    let asked: u64 = thread::scope(|scope| {
        let asking: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| ask(&flags, questions_of_a_thread, &is_replaced))).collect();
        let began = Instant::now();
        for revision in 1..=replacements {
            flags.replace(set(&of_revision(revision)), revision);
            let next = Duration::from_millis(revision);
            thread::sleep(next.saturating_sub(began.elapsed()));
        }
        is_replaced.store(true, Ordering::Relaxed);
        asking.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert!(asked >= questions_of_a_thread * threads as u64);
    assert_eq!(flags.exposures().total(), asked, "every question is counted once");
    assert_eq!((flags.exposures().not_found(), flags.snapshot().revision()), (0, replacements));
}

/// Asks until it was often enough and all is replaced; how often it was.
fn ask(flags: &Flags, least: u64, is_replaced: &AtomicBool) -> u64 {
    let context = Context::anonymous();
    let (mut asked, mut newest, mut reader) = (0, 0, flags.reader());
    while asked < least || !is_replaced.load(Ordering::Relaxed) {
        let snapshot = flags.snapshot();
        let (left, right) = (snapshot.int("left", &context, -1), snapshot.int("right", &context, -1));
        assert_eq!((left, right), (snapshot.revision() as i64, left));
        let details = flags.details("right", &context, -1_i64);
        assert_eq!(details.variant, Some(format!("of-{}", details.revision)));
        assert_eq!(details.value, details.revision as i64);
        let now = flags.int("left", &context, -1);
        assert!(left >= newest && details.value >= left && now >= details.value, "revisions never go back");
        newest = reader.snapshot().int("right", &context, -1);
        assert!(newest >= now);
        asked += 5;
    }
    asked
}

#[test]
fn every_answer_belongs_to_one_revision_and_is_counted() {
    ask_while_replacing(4, 10_000, 100);
}

#[test]
#[ignore = "takes a minute"]
fn every_answer_of_millions_belongs_to_one_revision_and_is_counted() {
    ask_while_replacing(4, 1_000_000, 30_000);
}

#[test]
fn a_snapshot_keeps_answering_as_it_did() {
    let flags = Flags::new(set(&of_revision(1)));
    let before = flags.snapshot();
    flags.replace(set(&of_revision(2)), 2);
    let context = Context::anonymous();
    assert_eq!((before.int("left", &context, 0), flags.int("left", &context, 0)), (1, 2));
    assert_eq!((before.generation(), flags.snapshot().generation()), (1, 2));
}
