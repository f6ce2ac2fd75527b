//! Many who ask at once are one question on the wire.

use std::sync::Barrier;
use std::time::Duration;

use crate::moto::Moto;
use crate::proxy::Proxy;
use crate::{ask, client};

/// Readers at once.
const READERS: usize = 32;

#[test]
#[ignore = "needs moto"]
fn many_who_ask_at_once_are_one_question_on_the_wire() {
    let moto = Moto::shared();
    moto.create("many/database", r#"{"username":"ann","password":"one"}"#);
    let proxy = Proxy::before(&moto);
    proxy.delay(Duration::from_millis(50));
    let (remote, clock) = client(&proxy.url());
    let all_ask = || -> Vec<String> {
        let together = Barrier::new(READERS);
        let reader = |number: usize| {
            let field = ["many/database#username", "many/database#password"][number % 2];
            together.wait();
            ask(&remote, field).unwrap()
        };
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..READERS).map(|number| scope.spawn(move || reader(number))).collect();
            readers.into_iter().map(|reader| reader.join().unwrap()).collect()
        })
    };
    let read = all_ask();
    assert!(read.chunks(2).all(|fields| fields == ["ann", "one"]), "{read:?}");
    assert_eq!(proxy.asked(), 1);

    moto.rotate("many/database", r#"{"username":"ann","password":"two"}"#);
    clock.turn(300);
    // One asks; the others wait for nobody, and take what is known.
    let read = all_ask();
    assert!(read.iter().all(|text| ["ann", "one", "two"].contains(&text.as_str())), "{read:?}");
    assert_eq!(proxy.asked(), 2);
    assert!(all_ask().chunks(2).all(|fields| fields == ["ann", "two"]));
    assert_eq!(proxy.asked(), 2);
}
