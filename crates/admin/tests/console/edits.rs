//! Values are edited, looked at, saved; and two who edit the same do not overwrite each other unasked.

use serde_json::json;

use crate::browser::{Browser, DOWN, ENTER, HOME, TAB};
use crate::site::{Site, TOKEN};

/// Opens a setting's page.
fn choose(browser: &Browser, path: &str) {
    browser.see("Live");
    browser.run(&format!("location.hash = '#/values/{path}'"));
    browser.wait(&format!("return document.querySelector('.setting')?.dataset.path === '{path}'"));
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn an_edit_is_looked_at_saved_live_in_the_process_and_seen_by_others_at_once() {
    let site = Site::start();
    let (mine, other) = (Browser::open(&site.console(TOKEN)), Browser::open(&site.console(TOKEN)));
    choose(&other, "parallel");
    choose(&mine, "parallel");
    mine.fill(".edit-field input", "12");
    mine.click("#review");
    mine.wait("return document.querySelector('dialog .side.old')?.textContent.includes('8')");
    mine.wait("return document.querySelector('dialog .side.new')?.textContent.includes('12')");
    mine.fill("dialog form input", "more load");
    mine.click_named("Save");
    mine.wait("return !document.querySelector('dialog')");
    assert_eq!(site.live.get().parallel, 12);
    other.wait("return document.querySelector('.edit-field input').value === '12'");
    other.wait("return document.querySelector('.stratum.wins .stratum-value').textContent.includes('12')");
    let newest = &site.get("/history?limit=1")["entries"][0];
    assert_eq!(newest["reason"], "more load");
    assert_eq!(newest["source"], "console");
    assert_eq!(newest["actor"], "root");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn several_edits_are_one_change() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    choose(&browser, "parallel");
    browser.fill(".edit-field input", "16");
    choose(&browser, "verbose");
    browser.click("[role=switch]");
    choose(&browser, "db.nodes");
    browser.fill(".edit-field textarea", "[\"a\", \"b\"]");
    browser.see("3 edits");
    browser.click("#review");
    browser.wait("return document.querySelectorAll('dialog .change').length === 3");
    browser.click_named("Save");
    browser.wait("return !document.querySelector('dialog')");
    let config = site.live.get();
    assert_eq!((config.parallel, config.verbose, config.db.nodes.len()), (16, true, 2));
    assert_eq!(site.get("/history?limit=1")["entries"][0]["changes"].as_array().unwrap().len(), 3);
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn what_is_wrong_is_said_beside_the_field_and_cannot_be_saved() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    choose(&browser, "db.pool_size");
    browser.fill(".edit-field input", "21");
    browser.wait("return document.querySelector('.told .finding.error') !== null");
    browser.wait("return document.querySelector('.edit-field input').getAttribute('aria-invalid') === 'true'");
    browser.click("#review");
    browser.wait("return document.querySelector('dialog .notice.error') !== null");
    assert_eq!(browser.run("return document.querySelector('dialog [type=submit]').disabled"), json!(true));
    assert_eq!(site.live.get().db.pool_size, 4);
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_value_that_was_set_can_be_unset() {
    let site = Site::start();
    site.call("PUT", "/values/parallel", &json!({"value": 20}));
    let browser = Browser::open(&site.console(TOKEN));
    choose(&browser, "parallel");
    browser.click_named("Unset");
    browser.click("#review");
    browser.wait("return document.querySelector('dialog .side.new')?.textContent.includes('8')");
    browser.click_named("Save");
    browser.wait("return !document.querySelector('dialog')");
    assert_eq!(site.live.get().parallel, 8);
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn what_others_changed_meanwhile_is_shown_and_one_decides() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    choose(&browser, "parallel");
    browser.fill(".edit-field input", "12");
    browser.see("1 edit");
    site.call("PUT", "/values/parallel", &json!({"value": 30}));
    browser.see("1 conflict");
    browser.click("#review");
    browser.wait("return document.querySelector('.conflict')?.textContent.includes('30')");
    assert_eq!(browser.run("return document.querySelector('dialog [type=submit]').disabled"), json!(true));
    browser.click_named("Keep mine");
    browser.wait("return document.querySelector('dialog .side.old')?.textContent.includes('30')");
    browser.click_named("Save");
    browser.wait("return !document.querySelector('dialog')");
    assert_eq!(site.live.get().parallel, 12);
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_change_that_comes_between_review_and_saving_is_not_overwritten() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    choose(&browser, "parallel");
    browser.fill(".edit-field input", "12");
    browser.click("#review");
    browser.wait("return document.querySelector('dialog [type=submit]:not([disabled])') !== null");
    site.call("PUT", "/values/parallel", &json!({"value": 30}));
    browser.click_named("Save");
    browser.see("Nothing was saved");
    browser.wait("return document.querySelector('.conflict')?.textContent.includes('30')");
    assert_eq!(site.live.get().parallel, 30);
    browser.click_named("Take theirs");
    browser.wait("return !document.querySelector('dialog')");
    assert_eq!(site.live.get().parallel, 30);
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn everything_of_an_edit_is_done_by_the_keyboard() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    browser.see("Live");
    let focused = "const at = document.activeElement; return at.dataset.path ?? at.id ?? ''";
    let tab_to = |what: &str| {
        for _ in 0..60 {
            if browser.run(&format!("return Boolean({what})")) == json!(true) {
                return;
            }
            browser.keys(TAB);
        }
        panic!("the Tab key does not lead to {what}: {}", browser.run(focused));
    };
    tab_to("document.activeElement.textContent === 'Values'");
    browser.keys(ENTER);
    browser.wait("return document.querySelector('[role=tree]') !== null");
    tab_to("document.activeElement.role === 'treeitem' || document.activeElement.getAttribute('role') === 'treeitem'");
    browser.keys(HOME);
    // First letters move to a name, and arrows from there.
    browser.keys("par");
    assert_eq!(browser.run(focused), json!("parallel"));
    browser.keys(DOWN);
    browser.keys("\u{e013}");
    assert_eq!(browser.run(focused), json!("parallel"));
    browser.keys(ENTER);
    browser.wait("return document.querySelector('.setting')?.dataset.path === 'parallel'");
    tab_to("document.activeElement.matches('.edit-field input')");
    browser.run("document.activeElement.select()");
    browser.keys("24");
    browser.see("1 edit");
    tab_to("document.activeElement.id === 'review'");
    browser.keys(ENTER);
    browser.wait("return document.querySelector('dialog [type=submit]:not([disabled])') !== null");
    tab_to("document.activeElement.matches('dialog form input')");
    browser.keys(&format!("by hand{ENTER}"));
    browser.wait("return !document.querySelector('dialog')");
    assert_eq!(site.live.get().parallel, 24);
}
