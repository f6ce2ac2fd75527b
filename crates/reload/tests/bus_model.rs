//! The bus under a model checker: every order that two publishers, a listener and an end can come in. A crate of
//! its own, in which the bus finds the model checker where the library has its locks.
//!
//! The bus's own file is compiled here once more, with shuttle's locks in the place of the standard library's. Small cases
//! are searched whole, a larger one by random schedules. It runs with the other tests; a schedule that fails is printed; give it to
//! `shuttle::replay` to see it again.

mod event {
    //! As much of an event as the bus looks at.

    use strata_config_core::FieldPath;

    pub(crate) struct Event<C> {
        pub(crate) number: u64,
        /// What goes away with it.
        #[expect(dead_code, reason = "only its end counts")]
        pub(crate) content: C,
    }

    impl<C> Event<C> {
        pub(crate) fn touches(&self, path: &FieldPath) -> bool {
            path.is_root()
        }
    }
}

mod sync {
    //! The model checker's locks.

    pub(crate) use std::sync::PoisonError;

    pub(crate) use shuttle::sync::atomic::{AtomicU64, Ordering};
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard, Weak};

    pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[path = "../src/bus.rs"]
#[allow(dead_code, reason = "a model asks for less than the library does, and for less without the feature `stream`")]
mod bus;

use bus::{Bus, Interest, Next, Queue};
use event::Event;
use shuttle::thread;
use strata_config_core::FieldPath;
use sync::{Arc, Mutex};

/// Every order, where there are not too many.
fn every_order(model: impl Fn() + Send + Sync + 'static) {
    shuttle::check_dfs(model, None);
}

/// Some of too many orders: those that a search finds first, and others by chance, with few and with many switches.
fn many_orders(model: impl Fn() + Send + Sync + Clone + 'static) {
    shuttle::check_dfs(model.clone(), Some(2_000));
    shuttle::check_random(model.clone(), 2_000);
    shuttle::check_pct(model, 1_000, 3);
}

fn open(bus: &Bus<()>) -> Arc<Queue<()>> {
    bus.open(Interest::Changes(FieldPath::ROOT))
}

fn event(number: u64) -> Arc<Event<()>> {
    Arc::new(Event { number, content: () })
}

/// Everything that a queue has, until it ends.
fn rest(queue: &Queue<()>) -> Vec<u64> {
    std::iter::from_fn(|| match queue.next(None) {
        Next::Event(event) => Some(event.number),
        Next::Nothing | Next::End => None,
    })
    .collect()
}

/// Publishes the next event as the library does: under the writer's lock, which counts them.
fn publish_next(bus: &Bus<()>, writer: &Mutex<u64>) {
    let mut events = sync::locked(writer);
    *events += 1;
    bus.publish(&event(*events));
}

#[test]
fn two_publishers_are_heard_in_one_order_and_then_the_end() {
    many_orders(|| {
        let (bus, writer) = (Arc::new(Bus::new()), Arc::new(Mutex::new(0)));
        let queue = open(&bus);
        let publisher = {
            let (bus, writer) = (Arc::clone(&bus), Arc::clone(&writer));
            thread::spawn(move || publish_next(&bus, &writer))
        };
        let listener = thread::spawn(move || rest(&queue));
        publish_next(&bus, &writer);
        publisher.join().unwrap();
        bus.close();
        assert_eq!(listener.join().unwrap(), [1, 2]);
    });
}

#[test]
fn who_subscribes_meanwhile_hears_a_whole_end_of_the_events() {
    every_order(|| {
        let (bus, writer) = (Arc::new(Bus::new()), Arc::new(Mutex::new(0)));
        let publisher = {
            let (bus, writer) = (Arc::clone(&bus), Arc::clone(&writer));
            thread::spawn(move || (0..2).for_each(|_| publish_next(&bus, &writer)))
        };
        let queue = open(&bus);
        publisher.join().unwrap();
        bus.close();
        let heard = rest(&queue);
        assert!([&[1, 2][..], &[2], &[]].contains(&&*heard), "{heard:?}");
    });
}

#[test]
fn who_subscribes_before_reading_misses_nothing_between() {
    every_order(|| {
        let (bus, current) = (Arc::new(Bus::new()), Arc::new(Mutex::new(0)));
        let publisher = {
            let (bus, current) = (Arc::clone(&bus), Arc::clone(&current));
            thread::spawn(move || {
                *sync::locked(&current) = 1;
                bus.publish(&event(1));
            })
        };
        let queue = open(&bus);
        let seen = *sync::locked(&current);
        publisher.join().unwrap();
        bus.close();
        assert!(seen == 1 || rest(&queue) == [1]);
    });
}

#[test]
fn nothing_is_heard_after_an_abandoned_queue() {
    every_order(|| {
        let bus = Arc::new(Bus::new());
        let queue = open(&bus);
        let publisher = {
            let bus = Arc::clone(&bus);
            thread::spawn(move || (1..=2).for_each(|number| bus.publish(&event(number))))
        };
        queue.abandon();
        assert!(matches!(queue.next(None), Next::End));
        publisher.join().unwrap();
        assert!(matches!(queue.next(None), Next::End));
    });
}

#[test]
fn a_listener_that_waits_wakes_at_the_end_whoever_brings_it() {
    many_orders(|| {
        let bus = Arc::new(Bus::new());
        let queue = open(&bus);
        let waiting = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || rest(&queue).len())
        };
        let closer = {
            let bus = Arc::clone(&bus);
            thread::spawn(move || bus.close())
        };
        queue.abandon();
        closer.join().unwrap();
        assert_eq!(waiting.join().unwrap(), 0);
    });
}

/// A bus that is used from within: what goes away with an event subscribes and publishes.
#[test]
fn an_event_whose_end_comes_back_to_the_bus_blocks_nobody() {
    struct Returns(Arc<Bus<Option<Returns>>>);
    impl Drop for Returns {
        fn drop(&mut self) {
            drop(self.0.open(Interest::Everything));
            self.0.publish(&Arc::new(Event { number: 0, content: None }));
        }
    }
    every_order(|| {
        let bus = Arc::new(Bus::new());
        let queue = bus.open(Interest::Everything);
        let ender = {
            let queue = Arc::clone(&queue);
            thread::spawn(move || queue.abandon())
        };
        bus.publish(&Arc::new(Event { number: 1, content: Some(Returns(Arc::clone(&bus))) }));
        ender.join().unwrap();
        assert!(matches!(queue.next(None), Next::End));
    });
}

#[test]
fn three_publishers_two_listeners_and_one_who_leaves() {
    many_orders(|| {
        let (bus, writer) = (Arc::new(Bus::new()), Arc::new(Mutex::new(0)));
        let queues = [open(&bus), open(&bus)];
        let leaver = open(&bus);
        let publishers: Vec<_> = (0..3)
            .map(|_| {
                let (bus, writer) = (Arc::clone(&bus), Arc::clone(&writer));
                thread::spawn(move || (0..3).for_each(|_| publish_next(&bus, &writer)))
            })
            .collect();
        let listeners = queues.map(|queue| thread::spawn(move || rest(&queue)));
        let leaves = thread::spawn(move || {
            let first = match leaver.next(None) {
                Next::Event(event) => event.number,
                Next::Nothing | Next::End => 0,
            };
            leaver.abandon();
            first
        });
        publishers.into_iter().for_each(|publisher| publisher.join().unwrap());
        bus.close();
        for listener in listeners {
            assert_eq!(listener.join().unwrap(), (1..=9).collect::<Vec<_>>());
        }
        assert_eq!(leaves.join().unwrap(), 1);
    });
}

#[cfg(feature = "stream")]
#[test]
fn whoever_polls_is_woken_by_what_comes_after() {
    use std::task::{Wake, Waker};

    struct Flag(Mutex<bool>);
    impl Wake for Flag {
        fn wake(self: Arc<Self>) {
            *sync::locked(&self.0) = true;
        }
    }
    every_order(|| {
        let bus = Arc::new(Bus::new());
        let queue = open(&bus);
        let publisher = {
            let bus = Arc::clone(&bus);
            thread::spawn(move || {
                bus.publish(&event(1));
                bus.close();
            })
        };
        let flag = Arc::new(Flag(Mutex::new(false)));
        let first = queue.poll(&Waker::from(Arc::clone(&flag)));
        publisher.join().unwrap();
        match first {
            Next::Event(event) => assert_eq!(event.number, 1),
            Next::Nothing => assert!(*sync::locked(&flag.0), "nobody woke who waits"),
            Next::End => panic!("an end before its event"),
        }
    });
}
