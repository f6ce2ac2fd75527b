//! Conditions, ready for evaluation.

use super::place::Place;
use super::test::Comparison;
use super::{Needed, Scope, Splitting};
use crate::model::Condition;

/// A condition.
#[derive(Debug)]
pub(crate) enum Node {
    All(Box<[Node]>),
    Any(Box<[Node]>),
    Not(Box<Node>),
    Segment(u32),
    Flag(Needed),
    Share(Box<Splitting>),
    #[cfg(feature = "growthbook")]
    Mongo(Box<crate::growthbook::mongo::Matcher>),
    Test(Comparison),
}

/// How deep conditions may be nested: evaluation recurses.
const DEEPEST: usize = 32;

/// Compiles a condition.
pub(crate) fn compile(condition: &Condition, scope: &mut Scope<'_>) -> Node {
    nested(condition, scope, 0)
}

fn nested(condition: &Condition, scope: &mut Scope<'_>, depth: usize) -> Node {
    if depth > DEEPEST {
        scope.problems.push(format!("conditions are nested more than {DEEPEST} deep"));
        return Node::All(Box::default());
    }
    let mut several = |field: &'static str, conditions: &[Condition]| {
        scope.within(field, |scope| {
            let one = |(index, one): (usize, &Condition)| scope.within(index, |scope| nested(one, scope, depth + 1));
            conditions.iter().enumerate().map(one).collect::<Box<[_]>>()
        })
    };
    match condition {
        Condition::All(all) => Node::All(several("all", all)),
        Condition::Any(any) => Node::Any(several("any", any)),
        Condition::Not(not) => Node::Not(Box::new(scope.within("not", |scope| nested(not, scope, depth + 1)))),
        Condition::Segment(name) => Node::Segment(scope.within("segment", |scope| scope.segment(name))),
        Condition::Flag(needed) => Node::Flag(scope.needed(needed)),
        Condition::Share(split) => {
            Node::Share(Box::new(scope.within("share", |scope| Splitting::of_share(split, scope))))
        }
        #[cfg(feature = "growthbook")]
        Condition::Mongo(mongo) => Node::Mongo(Box::new(
            scope.within("mongo", |scope| crate::growthbook::mongo::Matcher::new(mongo, &mut scope.problems)),
        )),
        #[cfg(not(feature = "growthbook"))]
        Condition::Mongo(_) => {
            scope.problems.push("`mongo` needs the feature `growthbook`");
            Node::Any(Box::default())
        }
        Condition::Test(test) => {
            let place = Place::new(&test.attribute);
            scope.timed |= place.is_now();
            Node::Test(Comparison::new(place, test, scope))
        }
    }
}

impl Node {
    /// Every flag and every segment that it asks.
    pub(crate) fn asks(&self, flag: &mut impl FnMut(u32), segment: &mut impl FnMut(u32)) {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.asks(flag, segment)),
            Self::Not(node) => node.asks(flag, segment),
            Self::Segment(number) => segment(*number),
            Self::Flag(needed) => flag(needed.flag),
            Self::Share(_) | Self::Test(_) => {}
            #[cfg(feature = "growthbook")]
            Self::Mongo(_) => {}
        }
    }
}
