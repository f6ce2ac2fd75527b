//! Webhooks: what happens arrives at other programs, signed, in order, and holds up nobody.

mod receiver;

use std::time::Duration;

use serde_json::{Value as Json, json};
use strata_config::LayeredConfig as _;
use strata_config_admin::{Admin, StreamLimits, WebhookError, WebhookSecret};
use strata_config_core::FieldPath;
use strata_config_reload::Live;

use crate::listener::Listener;
use crate::site::{Config, Site};
use receiver::{FINE, Receiver, secret};

/// Sets a value that is another one each time.
fn change(site: &Site, number: u64) {
    assert_eq!(site.call("PATCH", "/api/v1/config", &json!({"db": {"name": format!("n{number}")}})).status, 200);
}

/// How the only webhook stands, as soon as it is as expected.
fn status_when(site: &Site, is_expected: impl Fn(&Json) -> bool) -> Json {
    let status = || site.get("/api/v1/status").json()["streams"]["webhooks"][0].take();
    let waited = std::iter::repeat_with(|| {
        std::thread::sleep(Duration::from_millis(20));
        status()
    });
    waited.take(2000).find(is_expected).unwrap_or_else(|| panic!("{}", status()))
}

fn with_hook(receiver: &Receiver) -> impl FnOnce(Admin) -> Admin {
    let hook = receiver.hook();
    move |admin| admin.webhook(hook)
}

#[test]
fn a_change_arrives_as_it_is_told_to_listeners_and_signed() {
    let receiver = Receiver::start(|_| Some(FINE.to_owned()));
    let site = Site::with(&[], with_hook(&receiver));
    // What was missed while the program was not there, nobody knows.
    let first = receiver.next();
    assert_eq!(first.json()["kind"], "reset");
    let mut listener = Listener::open(site.address, "", "");
    change(&site, 1);
    let delivery = receiver.next();
    assert_eq!(delivery.json(), listener.next_of("committed").data);
    assert_eq!(delivery.line, "POST /hook?key=hunter1 HTTP/1.1");
    assert_eq!(delivery.header("content-type"), "application/json");
    assert_eq!(delivery.header("webhook-id"), format!("msg_{}", delivery.json()["id"].as_str().unwrap()));
    assert_eq!(delivery.verify(&secret()), Ok(()));
    let other = WebhookSecret::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    assert_eq!(delivery.verify(&other), Err(WebhookError::Signature));
    let status = status_when(&site, |status| status["delivered"] == 2);
    let url = format!("http://{}/hook", receiver.address);
    let expected = json!({"url": url, "delivered": 2, "failed": 0, "pending": 0, "dropped": 0, "last_error": null,
        "disabled": false});
    assert_eq!(status, expected);
}

#[test]
fn while_a_secret_is_replaced_either_fits() {
    let receiver = Receiver::start(|_| Some(FINE.to_owned()));
    let new = WebhookSecret::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let hook = receiver.hook().secret(new.clone());
    let _site = Site::with(&[], |admin| admin.webhook(hook));
    let delivery = receiver.next();
    assert_eq!((delivery.verify(&secret()), delivery.verify(&new)), (Ok(()), Ok(())));
}

#[test]
fn what_fails_comes_again_under_the_same_id_until_it_arrives() {
    let answers = ["503 Service Unavailable", "302 Found\r\nlocation: /elsewhere"];
    let answer =
        move |number| answers.get(number).map(|status| format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n"));
    let receiver = Receiver::start(move |number| answer(number).or_else(|| Some(FINE.to_owned())));
    let hook = receiver.hook().kinds(["committed"]).unwrap();
    let site = Site::with(&[], |admin| admin.webhook(hook));
    change(&site, 1);
    change(&site, 2);
    let tries = [receiver.next(), receiver.next(), receiver.next()];
    for delivery in &tries {
        assert_eq!((&delivery.text, delivery.header("webhook-id")), (&tries[0].text, tries[0].header("webhook-id")));
        assert_eq!((delivery.verify(&secret()), &*delivery.line), (Ok(()), "POST /hook?key=hunter1 HTTP/1.1"));
    }
    assert_eq!((tries[0].json()["revision"].clone(), receiver.next().json()["revision"].clone()), (json!(1), json!(2)));
    let status = status_when(&site, |status| status["delivered"] == 2);
    assert_eq!((&status["failed"], &status["last_error"]), (&json!(2), &json!("302 Found")));
}

#[test]
fn a_receiver_that_is_gone_gets_no_more() {
    let receiver = Receiver::start(|number| {
        Some(if number == 1 { "HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n".to_owned() } else { FINE.to_owned() })
    });
    let site = Site::with(&[], with_hook(&receiver));
    receiver.next();
    change(&site, 1);
    receiver.next();
    let status = status_when(&site, |status| status["disabled"] == true);
    assert_eq!((&status["delivered"], &status["last_error"]), (&json!(1), &json!("410 Gone")));
    change(&site, 2);
    assert_eq!(status_when(&site, |status| status["dropped"] == 2)["pending"], 0);
    // Its end tells that nothing was being sent.
    site.stop();
    assert!(receiver.came.recv_timeout(Duration::from_millis(500)).is_err());
}

#[test]
fn a_receiver_that_hangs_holds_up_nobody_and_is_given_up_message_by_message() {
    let hangs = Receiver::start(|number| (number >= 2).then(|| FINE.to_owned()));
    let fine = Receiver::start(|_| Some(FINE.to_owned()));
    let hook = hangs.hook().kinds(["committed"]).unwrap().tries(2).try_time(Duration::from_millis(100));
    let site = Site::with(&[], |admin| admin.webhook(hook).webhook(fine.hook()));
    for number in 1..=3 {
        change(&site, number);
        assert_eq!(fine.next_of("committed")["revision"], number);
    }
    let tried = [hangs.next(), hangs.next()];
    assert_eq!(tried[0].text, tried[1].text);
    // The first is given up, and the next says so.
    let told = hangs.next().json();
    assert_eq!((&told["revision"], &told["gap"]), (&json!(2), &json!(1)));
    let status = status_when(&site, |status| status["delivered"] == 2);
    assert_eq!((&status["dropped"], &status["last_error"]), (&json!(1), &json!("no answer within 100ms")));
}

#[test]
fn what_does_not_fit_is_dropped_and_the_next_tells_how_much() {
    let (opens, opened) = std::sync::mpsc::channel();
    let receiver = Receiver::start(move |number| {
        if number == 0 {
            opened.recv().unwrap();
        }
        Some(FINE.to_owned())
    });
    let hook = receiver.hook().kinds(["committed"]).unwrap().waiting(2).try_time(Duration::from_secs(60));
    let site = Site::with(&[], |admin| admin.webhook(hook));
    change(&site, 1);
    status_when(&site, |status| status["pending"] == 1);
    (2..=6).for_each(|number| change(&site, number));
    let status = status_when(&site, |status| status["dropped"] == 3);
    assert_eq!(status["pending"], 3);
    opens.send(()).unwrap();
    let told: Vec<_> = (0..3).map(|_| receiver.next().json()).collect();
    let told: Vec<_> = told.iter().map(|told| (told["revision"].as_u64().unwrap(), told["gap"].as_u64())).collect();
    assert_eq!(told, [(1, None), (5, Some(3)), (6, None)]);
}

#[test]
fn many_changes_at_once_all_arrive_in_order_however_little_the_hub_holds() {
    let receiver = Receiver::start(|_| Some(FINE.to_owned()));
    let hook = receiver.hook().kinds(["reset", "committed"]).unwrap();
    let limits = StreamLimits { waiting: 1, ..StreamLimits::default() };
    let site = Site::with(&[], |admin| admin.streams(limits).webhook(hook));
    // From then on everything is heard.
    assert_eq!(receiver.next().json()["kind"], "reset");
    for number in 1..=100 {
        let patch = strata_config_core::Value::from_serialize(&json!({"db": {"name": format!("n{number}")}}));
        site.live.update(&patch, strata_config_reload::Actor::new("ann")).unwrap();
    }
    let told: Vec<_> = (0..100).map(|_| receiver.next().json()["revision"].as_u64().unwrap()).collect();
    assert_eq!(told, (1..=100).collect::<Vec<_>>());
}

#[test]
fn only_what_is_wanted_arrives() {
    let receiver = Receiver::start(|_| Some(FINE.to_owned()));
    let section = FieldPath::parse("db").unwrap();
    let hook = receiver.hook().only([section]).kinds(["committed"]).unwrap();
    let site = Site::with(&[], |admin| admin.webhook(hook));
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 32}));
    site.call("POST", "/api/v1/reset", &json!({"path": "parallel"}));
    change(&site, 3);
    site.call("PATCH", "/api/v1/config", &json!({"parallel": 16, "db": {"pool_size": 5}}));
    let told = [receiver.next(), receiver.next()];
    assert_eq!(told.map(|told| told.json()["revision"].as_u64()), [Some(3), Some(4)]);
}

#[test]
fn no_delivery_has_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.toml");
    std::fs::write(&file, "password = \"hunter2\"\n").unwrap();
    let receiver = Receiver::start(|_| Some(FINE.to_owned()));
    let loader = Config::loader().file(&file).env_from(Vec::<(&str, &str)>::new());
    let site = Site::of(Live::of(loader).open().unwrap(), with_hook(&receiver));
    receiver.next_of("reset");
    std::fs::write(&file, "password = \"hunter3\"\n").unwrap();
    assert_eq!(site.live.reload_all().ok(), Some(true));
    std::fs::write(&file, "password = \"hunter4\"\nparallel = \"hunter6\"\n").unwrap();
    assert!(site.live.reload_all().is_err());
    let told = [receiver.next_of("reloaded"), receiver.next_of("failed")];
    let text = format!("{told:?}");
    assert!(text.contains("password") && text.contains("$secret"), "{text}");
    assert!(["1", "2", "3", "4"].iter().all(|end| !text.contains(&format!("hunter{end}"))), "{text}");
    // Nor has the status the key in the receiver's address.
    assert!(!site.get("/api/v1/status").text.contains("hunter1"));
}

#[test]
fn what_was_changed_before_the_end_still_arrives() {
    let receiver = Receiver::start(|number| {
        let slow = Duration::from_millis(if number < 3 { 100 } else { 0 });
        std::thread::sleep(slow);
        Some(FINE.to_owned())
    });
    let site = Site::with(&[], with_hook(&receiver));
    (1..=5).for_each(|number| change(&site, number));
    site.stop();
    assert!((1..=5).all(|number| receiver.next_of("committed")["revision"] == number));
}

#[test]
fn a_receiver_that_is_not_there_is_told_by_the_status() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hook = strata_config_admin::Webhook::new(&format!("http://{nobody}/"), secret()).unwrap();
    let site = Site::with(&[], |admin| admin.webhook(hook));
    let status = status_when(&site, |status| status["failed"].as_u64() > Some(0));
    assert!(status["last_error"].as_str().unwrap().contains("onnect"), "{status}");
    assert_eq!(status["pending"], 1);
}
