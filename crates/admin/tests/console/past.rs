//! The way back: by the history, and by snapshots.

use serde_json::json;

use crate::browser::Browser;
use crate::site::{Site, TOKEN};

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_change_is_rolled_back_from_the_history_once_its_differences_were_seen() {
    let site = Site::start();
    let first = site.call("PUT", "/values/parallel", &json!({"value": 20}))["revision"].clone();
    site.call("PUT", "/values/parallel", &json!({"value": 30}));
    let browser = Browser::open(&site.console(TOKEN));
    browser.click_named("History");
    browser.see("30");
    browser.click_named(&format!("Roll back to here: revision {first}"));
    browser.wait("return document.querySelector('dialog .side.new')?.textContent.includes('20')");
    assert_eq!(site.live.get().parallel, 30);
    assert_eq!(browser.run("return document.activeElement.textContent"), json!("Cancel"));
    browser.click_named("Roll back");
    browser.see("Rolled back");
    assert_eq!(site.live.get().parallel, 20);
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_history_is_filtered_by_setting_and_by_person() {
    let site = Site::start();
    site.call("PUT", "/values/parallel", &json!({"value": 20}));
    site.call("PUT", "/values/db.pool_size", &json!({"value": 5}));
    let browser = Browser::open(&site.console(TOKEN));
    browser.click_named("History");
    browser.wait("return document.querySelectorAll('.entry').length >= 2");
    browser.fill(".filter input", "parallel");
    browser.click_named("Filter");
    browser.wait("return document.querySelectorAll('.entry').length === 1");
    browser.fill(".filter:nth-of-type(2) input", "nobody-of-this-name");
    browser.click_named("Filter");
    browser.see("No change fits");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_snapshot_is_taken_compared_gone_back_to_and_deleted() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    browser.click_named("Snapshots");
    browser.click_named("Take a snapshot");
    browser.fill("dialog input", "before the sale");
    browser.click_named("Take it");
    browser.see("before the sale");
    site.call("PUT", "/values/parallel", &json!({"value": 30}));
    browser.click_named("Compare with now: before the sale");
    browser.wait("return document.querySelector('dialog .side.old')?.textContent.includes('30')");
    browser.click_named("Close");
    browser.click_named("Roll back: before the sale");
    browser.click_named("Roll back");
    browser.see("Rolled back");
    assert_eq!(site.live.get().parallel, 8);
    browser.click_named("Delete: before the sale");
    browser.click_named("Delete");
    browser.see("There is no snapshot yet");
    assert_eq!(site.get("/snapshots")["snapshots"], json!([]));
}
