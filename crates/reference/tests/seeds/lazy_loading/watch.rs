//! Who hears of a change of seed 004 without asking again, and presets that are served by share.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::server::Server;

const MOUNT: &str = "/api/lazy-loading-config";

#[test]
fn a_change_is_pushed_to_whoever_listens() {
    let server = Server::start("lazy-loading", &[]);
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(60))).build().into();
    let [(name, bearer)] = server.bearer();
    let request = agent.get(format!("{}{MOUNT}/events", server.address)).header(name, bearer);
    let mut lines = BufReader::new(request.call().unwrap().into_body().into_reader()).lines().map(Result::unwrap);
    // The greeting: from then on everything is told.
    lines.next().unwrap();
    server.call("PUT", &format!("{MOUNT}/values/max_concurrent_loads"), &json!({"value": 11})).of(200);
    let told = lines.find_map(|line| {
        let told: Json = serde_json::from_str(line.strip_prefix("data:")?.trim_start()).unwrap();
        (told["kind"] == "committed").then_some(told)
    });
    let told = told.unwrap();
    assert_eq!((&told["actor"], &told["revision"]), (&json!("admin"), &json!(1)), "{told}");
    let change = &told["changes"][0];
    let fields = ["path", "old", "new"].map(|field| &change[field]);
    assert_eq!(fields, [&json!("max_concurrent_loads"), &json!(10), &json!(11)]);
}

#[test]
fn two_presets_are_served_by_share_and_counted() {
    let server = Server::start("lazy-loading", &[]);
    let arms = json!([{"preset": "low-memory", "weight": 1}, {"preset": "low-latency", "weight": 1}]);
    let experiment = format!("{MOUNT}/experiments/loads");
    server.call("PUT", &experiment, &json!({"description": "How many at once?", "arms": arms})).of(200);
    let mut served = [0_u64; 2];
    for unit in 0..50 {
        let asked = json!({"targetingKey": format!("service-{unit}")});
        let answer = server.call("POST", &format!("{experiment}/assign"), &asked).of(200);
        let is_fast = answer["preset"] == "low-latency";
        assert_eq!(answer["values"]["max_concurrent_loads"], if is_fast { 50 } else { 2 });
        served[usize::from(is_fast)] += 1;
    }
    assert!(served.iter().all(|count| *count > 0), "{served:?}");
    let counted = server.get(&experiment).of(200)["exposures"].clone();
    assert_eq!(counted, json!({"low-memory": served[0], "low-latency": served[1]}));
    assert_eq!(server.get(&format!("{MOUNT}/values/max_concurrent_loads")).of(200)["value"], 10);
}
