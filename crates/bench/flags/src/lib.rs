//! The same flags, evaluated for the same units by several libraries.

pub mod by_hand;
pub mod case;
pub mod contender;
pub mod counting;
pub mod ours;
pub mod peers;

use case::{Case, SHARE, UNITS};
use contender::Entry;

/// All of them; the first is what the others are compared with.
pub const CONTENDERS: &[Entry] = &[
    Entry::of::<by_hand::ByHand>("by_hand"),
    Entry::of::<ours::Ours>("ours"),
    Entry::of::<peers::unleash::Unleash>("unleash"),
    Entry::of::<peers::launchdarkly::LaunchDarkly>("launchdarkly"),
    Entry::of::<peers::growthbook::GrowthBook>("growthbook"),
    Entry::of::<peers::flagd::Flagd>("flagd"),
];

/// Panics where a contender does not serve every target, or a share of the other units that is far from what was
/// asked for, or where an answer lacks what this contender's answers have.
pub fn compare() {
    for contender in CONTENDERS {
        for case in Case::SMALL {
            let ready = (contender.ready)(&(contender.document)(&case::small()));
            let (mut targets, mut shared) = ((0, 0), (0, 0));
            for (number, unit) in case::units().iter().enumerate() {
                let told = ready.tell(case.flag(number), number);
                let told_of = || format!("{}, {}, {unit}: {told:?}", contender.name, case.name());
                let counted = if case.is_target(number) { &mut targets } else { &mut shared };
                *counted = (counted.0 + 1, counted.1 + usize::from(told.on));
                if let Some(variant) = &told.variant {
                    assert_eq!(variant == "on", told.on, "{}", told_of());
                }
                assert!(told.reason.as_ref().is_none_or(|reason| !reason.is_empty()), "{}", told_of());
                assert!(told.metadata.as_ref().is_none_or(|metadata| metadata == case::OWNER), "{}", told_of());
            }
            assert_eq!(targets.0, targets.1, "{} serves not all targets of {}", contender.name, case.name());
            let share = shared.1 as f64 / shared.0 as f64;
            assert!((share - SHARE).abs() < 0.03, "{} serves {share} of {}", contender.name, case.name());
            assert_eq!(ready.evaluate(case, UNITS), targets.1 + shared.1, "{} and what it tells", contender.name);
        }
    }
}
