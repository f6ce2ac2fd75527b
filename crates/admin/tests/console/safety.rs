//! What must never happen in the page: text that runs, secrets that show.

use serde_json::json;

use crate::browser::Browser;
use crate::site::{HOSTILE, PASSWORD, Site, TOKEN};

const PAGES: [&str; 9] =
    ["overview", "values", "flags", "history", "snapshots", "presets", "experiments", "transfer", "events"];

#[test]
#[ignore = "needs chromium and chromedriver"]
fn hostile_text_is_text() {
    let site = Site::start();
    site.call("PUT", "/values/db.nodes", &json!({"value": [HOSTILE], "description": HOSTILE}));
    site.call("POST", "/snapshots", &json!({"description": HOSTILE}));
    let browser = Browser::open(&site.console(TOKEN));
    browser.see("Live");
    for page in PAGES.into_iter().chain(["values/greeting", "values/db.nodes"]) {
        browser.run(&format!("location.hash = '#/{page}'"));
        browser.wait(&format!(
            "return document.querySelector('main').dataset.page === '{}'",
            &page.split('/').next().unwrap()
        ));
    }
    browser.run("location.hash = '#/values/greeting'");
    browser.see(HOSTILE);
    browser.run("location.hash = '#/history'");
    browser.see(HOSTILE);
    browser.run("location.hash = '#/snapshots'");
    browser.see(HOSTILE);
    assert_eq!(browser.run("return window.broken ?? null"), json!(null));
    assert_eq!(browser.run("return document.querySelectorAll('img[src=x]').length"), json!(0));
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_secret_is_dots_and_never_in_the_page_also_while_it_is_written() {
    let site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    browser.see("Live");
    let whole =
        "return document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((one) => one.value)";
    browser.run("location.hash = '#/values/password'");
    browser.wait("return document.querySelector('.stratum .is-secret')?.textContent.includes('•')");
    assert!(!browser.run(whole).as_str().unwrap().contains(PASSWORD));
    browser.fill(".edit-field input", "another-secret-word");
    browser.click("#review");
    browser.wait("return document.querySelector('dialog .review-changes').textContent !== ''");
    let review = browser.run("return document.querySelector('dialog').outerHTML");
    assert!(!review.as_str().unwrap().contains("another-secret-word"));
    browser.click_named("Keep editing");
    browser.click_named("Undo this edit");
    browser.wait("return document.querySelector('.edit-field input').value === ''");
    for page in PAGES {
        browser.run(&format!("location.hash = '#/{page}'"));
        browser.wait(&format!("return document.querySelector('main').dataset.page === '{page}'"));
        let page = browser.run(whole);
        assert!(!page.as_str().unwrap().contains("another-secret-word"));
        assert!(!page.as_str().unwrap().contains(PASSWORD));
    }
}
