//! Laws of patches: what the RFCs say becomes of a document becomes of the configuration, or nothing at all.

use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use serde_json::{Value as Json, json};
use strata_config_admin::Limits;

use crate::site::{Reply, Site};

const CASES: u32 = 64;

/// A site that is not tired by many questions.
fn patient() -> Site {
    let many = 1_000_000;
    let limits = Limits { writes_per_second: many, reads_per_second: many, ..Limits::default() };
    Site::with(&[], |admin| admin.limits(limits))
}

fn text() -> impl Strategy<Value = Json> {
    prop_oneof![Just(""), Just("a"), Just("b/~c"), Just("é\n\0")].prop_map(Json::from)
}

fn labels() -> impl Strategy<Value = Json> {
    prop::collection::btree_map(key(), text(), 0..3).prop_map(|entries| json!(entries))
}

fn hosts() -> impl Strategy<Value = Json> {
    prop::collection::vec(text(), 0..3).prop_map(Json::from)
}

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "x.y", "p/q", "m~n", ""]).prop_map(str::to_owned)
}

/// Something that is seldom right.
fn anything() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1.5)),
        Just(json!(19)),
        text(),
        hosts()
    ]
}

/// A document to begin with: every setting may be as it is.
fn document() -> impl Strategy<Value = Json> {
    let (quota, labels, hosts) = (prop::option::of(any::<u64>()), labels(), hosts());
    let db = (1..20u32, text()).prop_map(|(size, name)| json!({"pool_size": size, "name": name}));
    (quota, labels, hosts, prop::option::of(db)).prop_map(|(quota, labels, hosts, db)| {
        let mut document = json!({"labels": labels, "hosts": hosts});
        quota.into_iter().for_each(|quota| document["quota"] = quota.into());
        db.into_iter().for_each(|db| document["db"] = db);
        document
    })
}

/// A place, and a value that is mostly right there.
fn placed() -> impl Strategy<Value = (String, Json)> {
    let entry = key().prop_map(|key| format!("/labels/{}", key.replace('~', "~0").replace('/', "~1")));
    let right = prop_oneof![
        (Just("/parallel".to_owned()), (1..64u32).prop_map(Json::from)),
        (Just("/quota".to_owned()), any::<u64>().prop_map(Json::from)),
        (Just("/labels".to_owned()), labels()),
        (entry, text()),
        (prop_oneof![Just("/hosts/-"), Just("/hosts/0"), Just("/hosts/1")].prop_map(str::to_owned), text()),
        (Just("/hosts".to_owned()), hosts()),
        (Just("/db/pool_size".to_owned()), (1..25u32).prop_map(Json::from)),
        (Just("/db/name".to_owned()), text()),
    ];
    let wrong = prop::sample::select(vec!["", "/", "/nothing", "/parallel", "/db", "/db/name/x", "/hosts/01", "quota"]);
    prop_oneof![9 => right, 1 => (wrong.prop_map(str::to_owned), anything())]
}

fn operation() -> impl Strategy<Value = Json> {
    (0..10u32, placed(), placed()).prop_map(|(kind, (path, value), (from, _))| match kind {
        0..=3 => json!({"op": "add", "path": path, "value": value}),
        4 | 5 => json!({"op": "replace", "path": path, "value": value}),
        6 => json!({"op": "remove", "path": path}),
        7 => json!({"op": "copy", "from": from, "path": path}),
        8 => json!({"op": "move", "from": from, "path": path}),
        _ => json!({"op": "test", "path": path, "value": value}),
    })
}

/// A merge patch; a null removes.
fn merge_patch() -> impl Strategy<Value = Json> {
    let removal = prop_oneof![4 => text(), 2 => Just(Json::Null), 1 => anything()];
    let labels = prop::collection::btree_map(key(), removal, 0..3).prop_map(|entries| json!(entries));
    let db = prop_oneof![
        (1..25u32).prop_map(|size| json!({"pool_size": size})),
        text().prop_map(|name| json!({"name": name, "pool_size": null})),
        Just(json!({})),
        Just(Json::Null),
    ];
    let member = prop_oneof![
        (Just("parallel"), prop_oneof![9 => (1..64u32).prop_map(Json::from), 1 => anything()]),
        (Just("quota"), prop_oneof![any::<u64>().prop_map(Json::from), Just(Json::Null)]),
        (Just("labels"), prop_oneof![9 => labels, 1 => Just(Json::Null)]),
        (Just("hosts"), prop_oneof![9 => hosts(), 1 => Just(Json::Null)]),
        (Just("db"), db),
    ];
    prop::collection::vec(member, 0..4)
        .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// RFC 7396, section 2.
fn merged(target: &Json, patch: &Json) -> Json {
    let Json::Object(patch) = patch else { return patch.clone() };
    let mut all = target.as_object().cloned().unwrap_or_default();
    for (key, value) in patch {
        let old = all.remove(key).unwrap_or_default();
        (!value.is_null()).then(|| all.insert(key.clone(), merged(&old, value)));
    }
    Json::Object(all)
}

/// A setting that was removed is what weaker sources say.
fn filled(mut document: Json, weaker: &Json) -> Json {
    if let (Json::Object(members), Json::Object(weaker)) = (&mut document, weaker) {
        for (key, value) in weaker {
            let own = members.remove(key);
            members.insert(key.clone(), own.map_or_else(|| value.clone(), |own| filled(own, value)));
        }
    }
    document
}

/// Whether a document is a configuration, by hand.
fn fits(document: &Json, shape: &Json) -> bool {
    let keys = |json: &Json| json.as_object().map(|members| members.keys().cloned().collect::<Vec<_>>());
    let within = |json: &Json, most: u64| json.as_u64().is_some_and(|number| (1..=most).contains(&number));
    let texts = |mut items: Box<dyn Iterator<Item = &Json> + '_>| items.all(Json::is_string);
    keys(document) == keys(shape)
        && keys(&document["db"]) == keys(&shape["db"])
        && within(&document["parallel"], 64)
        && document["quota"].is_u64()
        && document["labels"].as_object().is_some_and(|labels| texts(Box::new(labels.values())))
        && document["hosts"].as_array().is_some_and(|hosts| texts(Box::new(hosts.iter())))
        && within(&document["db"]["pool_size"], 20)
        && document["db"]["name"].is_string()
        && ["port", "batch", "password", "features"].iter().all(|key| document[key] == shape[key])
}

fn patch(site: &Site, kind: &str, body: &Json) -> Reply {
    site.send_as("PATCH", "/api/v1/config", kind, &body.to_string())
}

/// Begins anew with a document, patches it, and compares what became of it with what should have.
fn judge(
    site: &Site,
    begin: &Json,
    kind: &str,
    body: &Json,
    expected: impl Fn(&Json, &Json) -> Option<Json>,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(site.call("POST", "/api/v1/reset", &json!({})).status, 200);
    let plain = site.get("/api/v1/config").json();
    let begun = site.call("PATCH", "/api/v1/config", begin);
    prop_assert_eq!(begun.status, 200, "{}", begun.text);
    let before = site.get("/api/v1/config");
    let revision = site.live.store_revision();
    let reply = patch(site, kind, body);
    let after = site.get("/api/v1/config");
    let expected = expected(&before.json(), &plain).filter(|document| fits(document, &plain));
    if let Some(expected) = &expected {
        prop_assert_eq!(reply.status, 200, "{}", &reply.text);
        prop_assert_eq!(&after.json(), expected);
    } else {
        prop_assert!(matches!(reply.status, 400 | 409 | 422), "{} {}", reply.status, &reply.text);
    }
    if expected.is_none_or(|expected| expected == before.json()) {
        prop_assert_eq!(site.live.store_revision(), revision);
        prop_assert_eq!(after.header("etag"), before.header("etag"));
        prop_assert_eq!(after.text, before.text);
    }
    Ok(())
}

fn runner() -> TestRunner {
    TestRunner::new(Cases { cases: CASES, failure_persistence: None, ..Cases::default() })
}

#[test]
fn operations_make_of_the_configuration_what_they_make_of_its_document() {
    let site = patient();
    let cases = (document(), prop::collection::vec(operation(), 1..4).prop_map(Json::from));
    let judged = runner().run(&cases, |(begin, operations)| {
        judge(&site, &begin, "application/json-patch+json", &operations, |before, _| {
            let operations: json_patch::Patch = serde_json::from_value(operations.clone()).ok()?;
            let mut document = before.clone();
            json_patch::patch_unsafe(&mut document, &operations).ok()?;
            Some(document)
        })
    });
    judged.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_merge_patch_makes_of_the_configuration_what_it_makes_of_its_document() {
    let site = patient();
    let judged = runner().run(&(document(), merge_patch()), |(begin, patch)| {
        judge(&site, &begin, "application/merge-patch+json", &patch, |before, plain| {
            Some(filled(merged(before, &patch), plain))
        })
    });
    judged.unwrap_or_else(|error| panic!("{error}"));
}

/// What is patched by somebody who has read it, until nobody else was faster.
fn increment(site: &Site, own: &str) -> u64 {
    loop {
        let labels = site.get("/api/v1/config").json()["labels"].take();
        let operations = [own, "all"].into_iter().flat_map(|key| {
            let number: u64 = labels[key].as_str().unwrap().parse().unwrap();
            let path = format!("/labels/{key}");
            [
                json!({"op": "test", "path": path, "value": number.to_string()}),
                json!({"op": "replace", "path": path, "value": (number + 1).to_string()}),
            ]
        });
        let reply = patch(site, "application/json-patch+json", &operations.collect());
        match reply.status {
            200 => return reply.json()["revision"].as_u64().unwrap(),
            409 | 412 => {}
            other => panic!("{other} {}", reply.text),
        }
    }
}

#[test]
fn nothing_is_lost_of_what_many_patch_at_once() {
    const ROUNDS: usize = 6;
    let site = patient();
    let names: Vec<String> = (0..8).map(|number| format!("n{number}")).collect();
    let mut labels: serde_json::Map<String, Json> = names.iter().map(|name| (name.clone(), "0".into())).collect();
    labels.insert("all".to_owned(), "0".into());
    assert_eq!(site.call("PATCH", "/api/v1/config", &json!({"labels": labels})).status, 200);
    let mut acknowledged: Vec<u64> = std::thread::scope(|scope| {
        let site = &site;
        let work = |name| move || (0..ROUNDS).map(|_| increment(site, name)).collect::<Vec<_>>();
        let threads: Vec<_> = names.iter().map(|name| scope.spawn(work(name))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    acknowledged.sort_unstable();
    let history = site.get("/api/v1/history?limit=1000").json();
    let mut made: Vec<u64> =
        history["entries"].as_array().unwrap().iter().map(|entry| entry["revision"].as_u64().unwrap()).collect();
    made.sort_unstable();
    assert_eq!(acknowledged, made[1..], "history has the acknowledged ones, and the first");
    let labels = site.get("/api/v1/config").json()["labels"].take();
    assert_eq!(labels["all"], (8 * ROUNDS).to_string());
    let rounds = Json::from(ROUNDS.to_string());
    assert!(names.iter().all(|name| labels[name] == rounds), "{labels}");
}
