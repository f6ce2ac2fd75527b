//! Flags: rollouts to the thousandth of a percent, the kill switch, and whom they serve.

use serde_json::json;

use crate::browser::{Browser, ENTER, ESCAPE, RIGHT};
use crate::site::{Site, TOKEN};

fn open(site: &Site) -> Browser {
    let browser = Browser::open(&site.console(TOKEN));
    browser.click_named("Flags");
    browser.see("checkout");
    browser
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_rollout_is_moved_by_the_keyboard_and_by_an_exact_number() {
    let site = Site::start();
    let browser = open(&site);
    browser.click_named("checkout");
    browser.wait("document.querySelector('.slider')?.focus(); return document.activeElement.matches('.slider')");
    browser.keys(RIGHT);
    browser.see("25.001 %");
    browser.click(".rollout .primary");
    browser.see("checkout: 25.001 % take part");
    assert_eq!(site.get("/feature-flags/checkout")["percentage"], json!(25.001));
    browser.fill(".rollout input.number", &format!("33.333{ENTER}"));
    browser.see("checkout: 33.333 % take part");
    assert_eq!(site.get("/feature-flags/checkout")["definition"], json!("33.333%"));
    assert_eq!(browser.run("return document.querySelector('.slider').value"), json!("33.333"));
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_kill_switch_needs_a_word_and_the_focus_is_on_cancel() {
    let site = Site::start();
    let browser = open(&site);
    browser.click("#kill-switch");
    browser.wait("return document.activeElement.textContent === 'Cancel'");
    browser.keys(ESCAPE);
    browser.wait("return !document.querySelector('dialog') && document.activeElement.id === 'kill-switch'");
    browser.click("#kill-switch");
    browser.wait("return document.querySelector('dialog .button.danger').disabled");
    browser.fill("dialog input", "off");
    browser.click_named("Turn every flag off");
    browser.see("kill switch is on");
    assert_eq!(site.get("/feature-flags")["kill_switch"], json!(true));
    browser.click("#kill-switch");
    browser.click_named("Turn it off");
    browser.wait("return document.querySelector('#kill-switch')?.textContent === 'Kill switch…'");
    assert_eq!(site.get("/feature-flags")["kill_switch"], json!(false));
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn an_evaluation_tells_every_step() {
    let site = Site::start();
    let browser = open(&site);
    browser.click_named("checkout");
    browser.fill(".evaluate textarea", r#"{"targetingKey": "ann"}"#);
    browser.click_named("Evaluate");
    browser.wait("return document.querySelectorAll('.steps li').length > 0");
    let expected = site.call(
        "POST",
        "/feature-flags/checkout/evaluate",
        &json!({"context": {"targetingKey": "ann"}, "trace": true}),
    );
    let decided = browser.run("return document.querySelector('.steps .decided .quiet').textContent");
    assert_eq!(&decided, &expected["steps"].as_array().unwrap().last().unwrap()["outcome"]);
    assert_eq!(
        browser.run("return document.querySelectorAll('.steps li').length"),
        expected["steps"].as_array().unwrap().len()
    );
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_flag_that_another_changes_moves_here_without_reload() {
    let site = Site::start();
    let browser = open(&site);
    browser.click_named("checkout");
    browser.wait("return document.querySelector('.slider')?.value === '25'");
    site.call("PUT", "/feature-flags/checkout", &json!({"percentage": 50}));
    browser.wait("return document.querySelector('.slider').value === '50'");
}
