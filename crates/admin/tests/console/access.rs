//! Who comes in, and what is seen while the server is away.

use serde_json::json;

use crate::browser::Browser;
use crate::site::{READER, Site, TOKEN};

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_wrong_token_is_told_and_the_right_one_is_forgotten_unless_it_may_be_kept() {
    let site = Site::start();
    let browser = Browser::open(&site.console("root.not-the-right-secret"));
    browser.see("This token is not accepted");
    assert_eq!(browser.run("return location.href"), json!(site.url("/console")));
    browser.fill("#token", TOKEN);
    browser.click_named("Open the console");
    browser.see("Live");
    assert_eq!(browser.run("return sessionStorage.length + localStorage.length"), json!(0));
    browser.go(&site.url("/console?again"));
    browser.fill("#token", TOKEN);
    browser.click("#remember");
    browser.click_named("Open the console");
    browser.see("Live");
    browser.go(&site.url("/console?once-more"));
    browser.see("Live");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_root_leads_to_the_console_and_the_address_forgets_the_token() {
    let site = Site::start();
    let browser = Browser::open(&site.url(&format!("/#token={TOKEN}")));
    browser.see("Live");
    let address = browser.run("return location.href");
    assert!(!address.as_str().unwrap().contains("0123456789"), "{address}");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn who_may_read_only_is_offered_no_change() {
    let site = Site::start();
    let browser = Browser::open(&site.console(READER));
    browser.see("Live");
    browser.run("location.hash = '#/values/parallel'");
    browser.see("This token may read only");
    assert_eq!(browser.run("return document.querySelectorAll('.edit-field input').length"), json!(0));
    browser.run("location.hash = '#/flags'");
    browser.see("checkout");
    assert_eq!(browser.run("return document.querySelector('#kill-switch')"), json!(null));
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn a_banner_says_that_the_server_is_gone_and_what_is_new_is_shown_when_it_is_back() {
    let mut site = Site::start();
    let browser = Browser::open(&site.console(TOKEN));
    browser.see("Live");
    browser.run("location.hash = '#/values/parallel'");
    browser.wait("return document.querySelector('.edit-field input')?.value === '8'");
    site.go_away();
    browser.see("The server is gone");
    site.come_back();
    site.call("PUT", "/values/parallel", &json!({"value": 40}));
    browser.see("The server is back");
    browser.wait("return document.querySelector('.edit-field input').value === '40'");
    browser.see("Live");
}
